// Short notices, alerts, the clipboard.

import { $, make } from "./dom.js";
import { word } from "./words.js";

const TOAST_MS = 3500;

export function toast(text) {
  const shown = make("p", { textContent: text });
  $("toasts").replaceChildren(shown);
  setTimeout(() => shown.remove(), TOAST_MS);
}

export function alertWith(text) {
  $("alert-text").textContent = text;
  if (!$("alert").open) $("alert").showModal();
}

// Tell why something that was asked for did not happen.
export function tellFailure(error, key = "failed.action") {
  toast(error.offline ? word("failed.offline") : word(key, { error: error.message }));
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(word("copied", { text }));
  } catch {
    toast(word("copy.failed", { text }));
  }
}
