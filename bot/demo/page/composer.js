// Writing: the field, the menu of commands, replies, files. A draft outlives a reload.

import { $, make } from "./dom.js";
import { excerpt } from "./message.js";
import { act, upload } from "./net.js";
import { tellFailure } from "./notices.js";
import { here, me, messagesOf, store } from "./store.js";
import { word } from "./words.js";

const field = () => $("text");
let reply = null;
let place = "";
let sending = false;
let options = [];
let chosen = -1;

const draftKey = () => `draft ${store.place.chat}:${store.place.user}`;

export function paintComposer() {
  const person = me();
  if (!person) return;
  if (place !== draftKey()) {
    place = draftKey();
    reply = null;
    field().value = sessionStorage.getItem(place) ?? "";
    grow();
    closeCommands();
  }
  const isPrivate = here().type === "private";
  const mustStart = isPrivate && (person.blocked || !person.started);
  $("form").hidden = mustStart;
  $("start").hidden = !mustStart;
  $("start").textContent = word(person.blocked ? "unblock" : "start");
  $("slash").hidden = !person.menu.length;
  paintReply();
}

function paintReply() {
  const message = messagesOf(store.place.chat).get(reply);
  $("reply-bar").hidden = !message;
  if (message) $("reply-text").textContent = excerpt(message);
}

export function replyTo(message) {
  reply = message.message_id;
  paintReply();
  field().focus();
}

export function setDraft(text) {
  field().value = text;
  sessionStorage.setItem(draftKey(), text);
  grow();
  field().focus();
}

function grow() {
  field().style.height = "auto";
  field().style.height = `${field().scrollHeight}px`;
}

export async function say(text, asked = {}) {
  await act("send", { text: addressed(text), ...asked });
}

// In a group a command names the bot that it is for, as Telegram's own menu writes it.
function addressed(text) {
  if (here().type === "private") return text;
  const [, name, rest] = text.match(/^\/(\w+)(\s[^]*)?$/) ?? [];
  return me().menu.some(command => command.command === name) ? `/${name}@${store.bot.username}${rest ?? ""}` : text;
}

async function send() {
  const text = field().value;
  if (!text.trim() || sending) return;
  sending = true;
  try {
    await say(text, { reply_to: reply });
    reply = null;
    paintReply();
    setDraft("");
  } catch (error) {
    tellFailure(error, "failed.send");
  } finally {
    sending = false;
  }
}

export async function sendFiles(files) {
  for (const file of files) {
    try {
      await upload(file);
    } catch (error) {
      tellFailure(error, "failed.send");
    }
  }
}

function offerCommands(typed) {
  const wanted = me().menu.filter(command => `/${command.command}`.startsWith(typed.toLowerCase()));
  options = wanted.map((command, at) => {
    const node = make("li", { role: "option", id: `command-${at}`, "aria-selected": "false" },
      make("code", { textContent: `/${command.command}` }), make("span", { textContent: command.description }));
    node.addEventListener("pointerdown", event => event.preventDefault());
    node.addEventListener("click", () => choose(at));
    return Object.assign(node, { command: `/${command.command}` });
  });
  $("commands").replaceChildren(...options);
  $("commands").hidden = !options.length;
  for (const node of [$("slash"), field()]) node.setAttribute("aria-expanded", String(options.length > 0));
  point(options.length ? 0 : -1);
}

export function closeCommands() {
  if ($("commands").hidden) return false;
  options = [];
  $("commands").hidden = true;
  for (const node of [$("slash"), field()]) node.setAttribute("aria-expanded", "false");
  point(-1);
  return true;
}

function point(at) {
  chosen = at;
  for (const [place, node] of options.entries()) node.setAttribute("aria-selected", String(place === at));
  options[at]?.scrollIntoView({ block: "nearest" });
  if (at >= 0) field().setAttribute("aria-activedescendant", options[at].id);
  else field().removeAttribute("aria-activedescendant");
}

async function choose(at) {
  const { command } = options[at];
  closeCommands();
  setDraft("");
  await say(command).catch(error => tellFailure(error, "failed.send"));
}

function onKey(event) {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options.length) {
    event.preventDefault();
    point((chosen + step + options.length) % options.length);
  } else if (event.key === "Tab" && chosen >= 0 && !event.shiftKey) {
    event.preventDefault();
    const { command } = options[chosen];
    closeCommands();
    setDraft(`${command} `);
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (chosen >= 0) choose(chosen);
    else send();
  }
}

export function cancelReply() {
  if (reply === null) return false;
  reply = null;
  paintReply();
  return true;
}

export function listenToComposer() {
  field().addEventListener("keydown", onKey);
  field().addEventListener("input", () => {
    sessionStorage.setItem(draftKey(), field().value);
    grow();
    if (/^\/\w*$/.test(field().value)) offerCommands(field().value);
    else closeCommands();
  });
  field().addEventListener("blur", () => setTimeout(() => {
    if (document.activeElement !== $("slash") && document.activeElement !== field()) closeCommands();
  }));
  $("form").addEventListener("submit", event => { event.preventDefault(); send(); });
  $("slash").addEventListener("click", () => {
    field().focus();
    if (!closeCommands()) offerCommands("/");
  });
  $("reply-cancel").addEventListener("click", cancelReply);
  $("attach").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", async () => {
    await sendFiles([...$("file").files]);
    $("file").value = "";
  });
  $("start").addEventListener("click", () => {
    const done = me().blocked ? act("block", { on: false }) : say("/start");
    done.catch(error => tellFailure(error));
  });
}
