// Pressing buttons: each press waits for the bot's answer, and a second press meanwhile is none.

import { act } from "./net.js";
import { alertWith, tellFailure, toast } from "./notices.js";
import { follow } from "./links.js";
import { store } from "./store.js";

const PATIENCE_MS = 20000;
const waiting = new Map();    // what was pressed here → the query that must be answered
const answered = new Set();
let changed = () => {};

// Say what redraws the buttons.
export function onPresses(paint) {
  changed = paint;
}

const keyOf = (message, data) => [store.place.user, message.chat, message.message_id, data].join("\n");

// Whether the person who looks has pressed this button and waits.
export function isWaiting(message, data) {
  return waiting.has(keyOf(message, data)) || store.presses.some(press =>
    press.user === store.place.user && press.chat === message.chat
    && press.message === message.message_id && press.data === data);
}

export async function press(message, data) {
  if (isWaiting(message, data)) return;
  const key = keyOf(message, data);
  waiting.set(key, null);
  changed();
  setTimeout(() => { waiting.delete(key); changed(); }, PATIENCE_MS);
  try {
    const { query } = await act("press", { message: message.message_id, data });
    if (answered.has(query)) waiting.delete(key);
    else waiting.set(key, query);
  } catch (error) {
    waiting.delete(key);
    tellFailure(error);
  }
  changed();
}

// Take in how the bot answered presses, and show it to whoever pressed.
export function takeToasts(toasts) {
  for (const { query_id, user_id, text, show_alert, url } of toasts) {
    answered.add(query_id);
    for (const [key, query] of waiting) if (query === query_id) waiting.delete(key);
    if (user_id !== store.place.user) continue;
    if (text) (show_alert ? alertWith : toast)(text);
    if (url) follow(url);
  }
}
