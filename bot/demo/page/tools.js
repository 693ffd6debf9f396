// The demo's own tools: the clock, the calls, faults, how far the documents are.

import { clockSeconds, dayName, forField, now } from "./dates.js";
import { $, make } from "./dom.js";
import { calls, showCalls } from "./log.js";
import { act } from "./net.js";
import { tellFailure } from "./notices.js";
import { here, me, store } from "./store.js";
import { word } from "./words.js";

let ahead = null;

export function paintClock() {
  $("clock-time").textContent = clockSeconds(now());
  $("clock-time").dateTime = new Date(now() * 1000).toISOString();
  $("clock-day").textContent = dayName(now());
}

export function paintTools() {
  paintClock();
  $("clock-zone").textContent = store.clock.zone;
  $("guide-clock").textContent = word("guide.clock", { time: store.clock.daily });
  $("tomorrow").textContent = word("clock.tomorrow", { time: store.clock.daily });
  if (ahead !== store.clock.ahead) $("clock-at").value = forField(now());
  ahead = store.clock.ahead;
  $("show-calls").checked = calls.shown;
  $("fault-blocked").checked = me()?.blocked ?? false;
  $("fault-blocked").disabled = here()?.type !== "private" || !me()?.started;
  $("blocked-word").textContent = word("faults.blocked", { name: me()?.first_name ?? "" });
  $("fault-slow").checked = store.faults.slow;
  $("fault-flood").checked = store.faults.flood;
  $("fault-bot").checked = store.bot?.status === "stopped";
  paintLibrary();
}

function paintLibrary() {
  const { done, total, failed } = store.library;
  $("library").textContent = word(done < total ? "library.reading" : "library.done", { done, total, read: done - failed.length });
  $("library-failed").replaceChildren(...failed.map(([name, error]) =>
    make("li", { textContent: word("library.failed", { name, error }) })));
}

// Move the clock; where the tools cover the chat they give way, so that what comes is seen arriving.
function move(asked) {
  openTools(false);
  ask("clock", asked);
}

const ask = (action, asked) => act(action, asked).catch(error => tellFailure(error));

export function openTools(open) {
  $("app").classList.toggle("with-tools", open);
  $("open-tools").setAttribute("aria-expanded", String(open));
  if (open) $("close-tools").focus();
  else if (document.activeElement?.closest("#tools")) $("open-tools").focus();
}

export function listenToTools(paint) {
  $("open-tools").addEventListener("click", () => openTools(!$("app").classList.contains("with-tools")));
  $("close-tools").addEventListener("click", () => openTools(false));
  $("tomorrow").addEventListener("click", () => move());
  $("hour").addEventListener("click", () => move({ minutes: 60 }));
  $("clock-form").addEventListener("submit", event => {
    event.preventDefault();
    move({ at: $("clock-at").value });
  });
  $("show-calls").addEventListener("change", event => { showCalls(event.target.checked); paint(); });
  $("fault-blocked").addEventListener("change", event => ask("block", { on: event.target.checked }));
  $("fault-slow").addEventListener("change", event => ask("fault", { name: "slow", on: event.target.checked }));
  $("fault-flood").addEventListener("change", event => ask("fault", { name: "flood", on: event.target.checked }));
  $("fault-bot").addEventListener("change", event => ask("bot", { on: !event.target.checked }));
  setInterval(() => { if (store.ready) paintClock(); }, 1000);
}
