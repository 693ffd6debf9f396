// One message as an element: bubble, inline keyboard, the calls behind it. Its parts are redrawn one by one,
// so that an edit moves nothing but itself, and what is focused or unfolded stays so.

import { clockTime } from "./dates.js";
import { make } from "./dom.js";
import { follow } from "./links.js";
import { copy } from "./notices.js";
import { pollView } from "./poll.js";
import { isWaiting, press } from "./press.js";
import { store } from "./store.js";
import { measureFolds, renderText } from "./text.js";
import { word, words } from "./words.js";

const nameOf = message => (message.by_bot ? store.bot.first_name : message.from?.first_name ?? "");
export const isOwn = message => !message.by_bot && message.from?.id === store.place.user;
export const textOf = message => message.text ?? message.caption ?? "";

// Return what a message says, in one line.
export function excerpt(message) {
  const what = message.poll?.question ?? message.document?.file_name ?? (message.photo ? word("photo") : "");
  return (textOf(message) || what || serviceText(message)).replace(/\s+/g, " ").slice(0, 120);
}

export function makeMessage(message) {
  const node = make("article", { className: "message", tabIndex: -1 });
  node.dataset.id = message.message_id;
  node.append(make("div", { className: "bubble" }), make("div", { className: "keyboard" }), make("div", { className: "calls" }));
  return node;
}

// Bring the element up to date.
export function paintMessage(node, message, calls) {
  const [bubble, keyboard, behind] = node.children;
  node.classList.toggle("own", isOwn(message));
  node.classList.toggle("service", isService(message));
  node.setAttribute("aria-label", word("message.from", { name: nameOf(message), time: clockTime(message.date) }));
  const setting = [words.language, store.clock.zone, isOwn(message)];
  part(bubble, [message, setting, "bubble"], () => bubbleParts(message));
  const rows = message.reply_markup?.inline_keyboard ?? [];
  const waits = rows.map(row => row.map(button => isWaiting(message, button.callback_data)));
  part(keyboard, [rows, waits, words.language], () => rows.map((row, at) => keyboardRow(message, row, waits[at])));
  part(behind, [calls, words.language], () => calls.map(callView));
}

// Redraw a part whose values are others than before; the focus stays where it was.
function part(node, values, draw) {
  const print = JSON.stringify(values, (name, value) => (name === "reply_markup" && values.at(-1) === "bubble" ? 0 : value));
  if (node.print === print) return;
  const focused = [...node.querySelectorAll("button, a")].indexOf(document.activeElement);
  node.print = print;
  node.replaceChildren(...draw());
  const buttons = [...node.querySelectorAll("button, a")];
  if (focused >= 0) (buttons[Math.min(focused, buttons.length - 1)] ?? node.closest("article")).focus({ preventScroll: true });
  measureFolds(node);
}

export const isService = message => !textOf(message) && !message.document && !message.photo && !message.poll;

function serviceText(message) {
  const by = message.from?.first_name ?? "";
  const [joined] = message.new_chat_members ?? [];
  if (joined?.id === message.from?.id) return word("service.join", { name: by });
  if (joined) return word("service.added", { by, name: joined.first_name });
  if (message.left_chat_member) return word("service.left", { name: message.left_chat_member.first_name });
  return word("service.other");
}

function bubbleParts(message) {
  if (isService(message)) return [make("p", { className: "service-text", textContent: serviceText(message) })];
  return [
    message.chat < 0 && !isOwn(message) ? make("p", { className: "sender", textContent: nameOf(message) }) : null,
    forwarded(message.forward_origin),
    replied(message),
    message.photo ? photo(message.photo[0]) : null,
    message.document ? file(message.document) : null,
    message.poll ? pollView(message) : null,
    textOf(message) ? make("div", { className: "text" }, ...renderText(textOf(message), message.entities ?? message.caption_entities)) : null,
    meta(message),
  ].filter(Boolean);
}

function forwarded(origin) {
  if (!origin) return null;
  const name = origin.sender_user?.first_name ?? origin.sender_user_name ?? "?";
  return make("p", { className: "forwarded", textContent: word("forwarded", { name }) });
}

function replied(message) {
  const original = message.reply_to_message;
  if (!original) return null;
  const name = original.from?.first_name ?? "";
  const node = make("button", { type: "button", className: "replied" },
    make("b", { textContent: name }), make("span", { textContent: message.quote?.text ?? excerpt(original) }));
  node.addEventListener("click", () => {
    const target = document.querySelector(`.message[data-id="${original.message_id}"]`);
    target?.scrollIntoView({ block: "center" });
    target?.classList.add("flash");
    target?.addEventListener("animationend", () => target.classList.remove("flash"), { once: true });
  });
  return node;
}

// Its room is kept while it loads, so that nothing below it moves.
function photo(size) {
  return make("img", { src: `/chat/files/${size.file_id}`, alt: word("photo"), className: "photo", width: size.width, height: size.height });
}

function file(document) {
  const size = document.file_size < 1e6 ? `${Math.max(1, Math.round(document.file_size / 1e3))} kB`
    : `${(document.file_size / 1e6).toFixed(1)} MB`;
  return make("a", { className: "file", href: `/chat/files/${document.file_id}`, download: document.file_name },
    make("span", { className: "file-sign", "aria-hidden": "true", textContent: "↓" }),
    make("span", { className: "file-name", textContent: document.file_name }),
    make("span", { className: "file-size", textContent: size }));
}

function meta(message) {
  const silent = message.silent ? make("span", { role: "img", "aria-label": word("silent"), title: word("silent"), textContent: "🔕" }) : null;
  const edited = message.edit_date ? make("span", { textContent: word("edited") }) : null;
  const reactions = message.reaction.map(each => make("span", { className: "reaction", textContent: each.emoji ?? "✦" }));
  const time = make("time", { dateTime: new Date(message.date * 1000).toISOString(), textContent: clockTime(message.date) });
  const more = make("button", { type: "button", className: "more", "aria-haspopup": "menu",
    "aria-label": word("message.menu"), title: word("message.menu"), textContent: "⋯" });
  return make("p", { className: "meta" }, ...reactions, more, silent, edited, time);
}

function keyboardRow(message, row, waits) {
  return make("div", { className: "row" }, ...row.map((button, at) => keyboardButton(message, button, waits[at])));
}

function keyboardButton(message, button, waits) {
  const label = button.text;
  if (button.url) {
    const node = make("a", { className: "key url", href: button.url, target: "_blank", rel: "noopener noreferrer",
      "aria-label": word("button.url", { label }), title: button.url, textContent: label });
    node.addEventListener("click", event => { if (follow(button.url)) event.preventDefault(); });
    return node;
  }
  const node = make("button", { type: "button", className: "key", textContent: label });
  if (button.copy_text) {
    node.classList.add("copies");
    node.setAttribute("aria-label", word("button.copy", { label }));
    node.addEventListener("click", () => copy(button.copy_text.text));
  } else if (button.callback_data) {
    if (waits) {
      node.classList.add("waits");
      node.setAttribute("aria-label", word("button.waiting", { label }));
      node.setAttribute("aria-busy", "true");
    }
    node.addEventListener("click", () => press(message, button.callback_data));
  }
  return node;
}

// A call that the bot made, folded; its parameters can be opened.
export function callView(call) {
  const good = call.status >= 200 && call.status < 300;
  const status = call.status || word("call.dropped");
  const node = make("details", { className: good ? "call" : "call bad" },
    make("summary", { "aria-label": word("call", { method: call.method, status }) },
      make("code", { textContent: call.method }), make("span", { className: "status", textContent: status }),
      call.description ? make("span", { className: "why", textContent: call.description }) : null),
    make("pre", { tabIndex: 0, textContent: JSON.stringify(call.parameters, readable, 2) }));
  node.addEventListener("toggle", () => { if (node.open) node.scrollIntoView({ block: "nearest" }); });
  return node;
}

// Some parameters travel as JSON in a string; they are shown as what they are.
function readable(name, value) {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try { return JSON.parse(value); } catch { return value; }
}
