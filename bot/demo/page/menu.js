// The menu of one message: reply, copy, forward.

import { $, make } from "./dom.js";
import { textOf } from "./message.js";
import { act } from "./net.js";
import { copy, tellFailure } from "./notices.js";
import { replyTo } from "./composer.js";
import { me, messagesOf, store } from "./store.js";
import { word } from "./words.js";

let opener = null;

function items(message) {
  const others = store.chats.filter(chat => chat.people.some(person => person.id === me().id));
  return [
    [word("message.reply"), () => replyTo(message)],
    ...(textOf(message) ? [[word("message.copy"), () => copy(textOf(message))]] : []),
    ...others.map(chat => [word("message.forward", { chat: chat.title }), () =>
      act("forward", { message: message.message_id, to: chat.id }).catch(error => tellFailure(error))]),
  ];
}

export function openMenu(button) {
  const message = messagesOf(store.place.chat).get(Number(button.closest("article").dataset.id));
  opener = button;
  const menu = $("menu");
  menu.replaceChildren(...items(message).map(([label, run]) => {
    const node = make("button", { type: "button", role: "menuitem", tabIndex: -1, textContent: label });
    node.addEventListener("click", () => { closeMenu(); run(); });
    return node;
  }));
  menu.hidden = false;
  const place = button.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(place.left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(place.bottom, innerHeight - menu.offsetHeight - 8))}px`;
  menu.firstElementChild.focus();
}

export function closeMenu() {
  if ($("menu").hidden) return false;
  $("menu").hidden = true;
  opener?.focus();
  return true;
}

export function listenToMenu() {
  $("rows").addEventListener("click", event => { if (event.target.matches(".more")) openMenu(event.target); });
  $("rows").addEventListener("contextmenu", event => {
    const more = event.target.closest?.("article")?.querySelector(".more");
    if (!more || event.target.closest("a") || String(getSelection())) return;
    event.preventDefault();
    openMenu(more);
  });
  $("menu").addEventListener("keydown", event => {
    const step = { ArrowDown: 1, ArrowUp: -1, Tab: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...$("menu").children];
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
  });
  document.addEventListener("pointerdown", event => {
    if (!$("menu").hidden && !event.target.closest("#menu")) $("menu").hidden = true;
  });
}
