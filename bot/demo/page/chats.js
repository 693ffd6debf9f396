// The list of chats: who one can be, and the group. Arrow keys go up and down in it.

import { shortMoment } from "./dates.js";
import { $, make } from "./dom.js";
import { excerpt, isOwn, isService } from "./message.js";
import { sorted, store, unread } from "./store.js";
import { word, words } from "./words.js";

const HUES = ["#0b6b57", "#8a4b14", "#4b4fa3", "#8b2f5c"];
let prints = "";

// Return the colour of a chat's picture.
export const colourOf = chat => HUES[store.chats.findIndex(each => each.id === chat.id) % HUES.length];
export const initialOf = chat => [...chat.title][0];

export function paintChats(go) {
  const print = JSON.stringify([store.place, words.language, store.chats.map(chat => [
    chat.title, unread(chat.id), sorted(chat.id).at(-1), shortMoment(sorted(chat.id).at(-1)?.date ?? 0)])]);
  if (print === prints) return;
  prints = print;
  const focused = document.activeElement?.closest?.("#chats button")?.dataset.chat;
  $("chats").replaceChildren(...store.chats.map(chat => make("li", {}, entry(chat, go))));
  if (focused) document.querySelector(`#chats button[data-chat="${focused}"]`)?.focus();
}

function entry(chat, go) {
  const last = sorted(chat.id).at(-1);
  const count = unread(chat.id);
  const current = chat.id === store.place.chat;
  const node = make("button", { type: "button", className: "entry", tabIndex: current ? 0 : -1 },
    make("span", { className: "avatar", "aria-hidden": "true", textContent: initialOf(chat) }),
    make("span", { className: "name", textContent: chat.title }, admin(chat)),
    make("span", { className: "when", textContent: last ? shortMoment(last.date) : "" }),
    make("span", { className: "preview", textContent: last ? preview(chat, last) : word("empty") }),
    count ? make("span", { className: "unread", "aria-label": word("unread", { count }), textContent: count }) : null);
  node.dataset.chat = chat.id;
  node.querySelector(".avatar").style.background = colourOf(chat);
  if (current) node.setAttribute("aria-current", "true");
  node.addEventListener("click", () => go(chat.id));
  return node;
}

const admin = chat => (chat.type === "private" && chat.people[0]?.admin
  ? make("span", { className: "role", textContent: word("admin") }) : null);

function preview(chat, message) {
  const mine = !isService(message) && (isOwn(message) || (chat.type === "private" && !message.by_bot));
  return mine ? word("preview.you", { text: excerpt(message) }) : excerpt(message);
}

export function moveInChats(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const entries = [...$("chats").querySelectorAll("button")];
  const at = entries.indexOf(document.activeElement) + step;
  entries[(at + entries.length) % entries.length].focus();
}
