// Moments as the reader's phone would show them: in the demo's time zone, in the page's language.

import { store } from "./store.js";
import { words } from "./words.js";

const FORMATS = new Map();

function format(seconds, options) {
  const locale = words.language === "zh" ? "zh-CN" : "en-GB";
  const key = JSON.stringify([locale, store.clock.zone, options]);
  if (!FORMATS.has(key)) {
    FORMATS.set(key, new Intl.DateTimeFormat(locale, { timeZone: store.clock.zone, ...options }));
  }
  return FORMATS.get(key).format(seconds * 1000);
}

// What the bot's clock shows, in seconds since 1970.
export const now = () => Date.now() / 1000 + store.clock.ahead;
export const clockTime = seconds => format(seconds, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const clockSeconds = seconds =>
  format(seconds, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
export const dayKey = seconds => format(seconds, { year: "numeric", month: "numeric", day: "numeric" });
const year = seconds => format(seconds, { year: "numeric" });
const otherYear = seconds => (year(seconds) === year(now()) ? {} : { year: "numeric" });

export const dayName = seconds =>
  format(seconds, { month: "long", day: "numeric", weekday: "long", ...otherYear(seconds) });
export const shortMoment = seconds => (dayKey(seconds) === dayKey(now())
  ? clockTime(seconds) : format(seconds, { month: "numeric", day: "numeric" }));

// A moment for a datetime-local field.
export function forField(seconds) {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: store.clock.zone, dateStyle: "short", timeStyle: "short",
  }).format(seconds * 1000);
  return parts.replace(" ", "T");
}

// Telegram's date_time entity: w W weekday, d D date, t T time (large: longer), r relative.
export function formatted(seconds, style) {
  if (/^r$/i.test(style)) return relative(seconds);
  const options = {};
  if (/w/i.test(style)) options.weekday = style.includes("W") ? "long" : "short";
  if (/d/i.test(style)) {
    Object.assign(options, { month: style.includes("D") ? "long" : "short", day: "numeric" }, otherYear(seconds));
  }
  if (/t/i.test(style)) Object.assign(options, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (style.includes("T")) options.second = "2-digit";
  return format(seconds, options);
}

function relative(seconds) {
  const distance = seconds - now();
  const [unit, length] = [["day", 86400], ["hour", 3600], ["minute", 60]]
    .find(([, size]) => Math.abs(distance) >= size) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(words.language, { numeric: "auto" }).format(Math.round(distance / length), unit);
}
