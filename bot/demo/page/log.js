// The messages of the chat, one under the other. Elements are kept by key, so that nothing flickers or jumps.

import { dayKey, dayName } from "./dates.js";
import { $, make } from "./dom.js";
import { callView, isOwn, makeMessage, paintMessage } from "./message.js";
import { here, me, sorted, store } from "./store.js";
import { measureFolds } from "./text.js";
import { word, words } from "./words.js";

const NEAR_PX = 60;
const nodes = new Map();
let place = "";
let lastOwn = 0;

// Whether the calls behind the messages are shown.
export const calls = { shown: sessionStorage.getItem("calls") === "yes" };

export function showCalls(on) {
  calls.shown = on;
  sessionStorage.setItem("calls", on ? "yes" : "no");
}

const isAtEnd = log => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;

export function scrollToEnd() {
  $("log").scrollTop = $("log").scrollHeight;
}

export function paintLog() {
  const log = $("log");
  const moved = place !== `${store.place.chat}:${store.place.user}:${words.language}`;
  const own = sorted(store.place.chat).findLast(isOwn)?.message_id ?? 0;
  const stays = !moved && own <= lastOwn && !isAtEnd(log);
  lastOwn = own;
  if (moved) {
    place = `${store.place.chat}:${store.place.user}:${words.language}`;
    nodes.clear();
    $("rows").replaceChildren();
    log.setAttribute("aria-live", "off");
  }
  arrange($("rows"), here() ? rows() : []);
  if (!stays) scrollToEnd();
  if (moved) {
    measureFolds(log);
    scrollToEnd();
    setTimeout(() => log.setAttribute("aria-live", "polite"));
  }
  noteSeen();
}

// What has been looked at: all, where the end is in view.
export function noteSeen() {
  const atEnd = isAtEnd($("log"));
  $("down").hidden = atEnd;
  const last = sorted(store.place.chat).at(-1);
  const inView = $("chat").offsetParent !== null && $("chat").checkVisibility({ visibilityProperty: true });
  if (last && atEnd && inView && !document.hidden) store.seen.set(store.place.chat, last.message_id);
}

function rows() {
  const shown = sorted(store.place.chat).map(message => ({ date: message.date, order: 0, message }));
  if (calls.shown) shown.push(...loose().map(call => ({ date: call.date, order: 1, call })));
  shown.sort((a, b) => a.date - b.date || a.order - b.order || (a.message && b.message ? a.message.message_id - b.message.message_id : 0));
  const out = [];
  let day = "";
  for (const { date, message, call } of shown) {
    if (dayKey(date) !== day) {
      day = dayKey(date);
      out.push([`day ${day}`, () => make("p", { className: "day-name", textContent: dayName(date) }), () => {}]);
    }
    if (message) out.push(messageRow(message));
    else out.push([`call ${call.id}`, () => make("div", { className: "loose" }, callView(call)), () => {}]);
  }
  return out.length ? out : emptyRows();
}

function messageRow(message) {
  const behind = calls.shown
    ? store.calls.filter(call => call.chat === message.chat && Number(call.message) === message.message_id) : [];
  return [`message ${message.message_id}`, () => makeMessage(message), node => paintMessage(node, message, behind)];
}

// Calls about this chat that belong under no message: refusals, signs of typing.
const loose = () => store.calls.filter(call => call.chat === store.place.chat && !call.message);

function emptyRows() {
  const language = me()?.language_code?.startsWith("zh") ? "zh" : "";
  const about = here().type === "private" ? store.about[language] || store.about[""] : "";
  return [["empty", () => make("div", { className: "empty" }), node => { node.textContent = about || word("empty"); }]];
}

// Let the rows be exactly these, in this order.
function arrange(parent, wanted) {
  const keys = new Set(wanted.map(([key]) => key));
  for (const [key, node] of nodes) if (!keys.has(key)) { node.remove(); nodes.delete(key); }
  let before = parent.firstElementChild;
  for (const [key, create, paint] of wanted) {
    if (!nodes.has(key)) nodes.set(key, create());
    const node = nodes.get(key);
    if (node === before) before = before.nextElementSibling;
    else parent.insertBefore(node, before);
    paint(node);
  }
}

