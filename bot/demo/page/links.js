// Links: those to the bot, and to Telegram's way of sharing, are followed within the page.

import { store } from "./store.js";

const handlers = { open: () => {}, share: () => {} };

// Say what opens the bot's chat with a parameter, and what shares a text.
export function onTelegramLink(open, share) {
  Object.assign(handlers, { open, share });
}

// Follow a link that Telegram's app would follow itself; return whether it was one.
export function follow(address) {
  const url = new URL(address);
  if (!/^(t|telegram)\.me$/.test(url.hostname)) return false;
  const place = url.pathname.replace(/^\/|\/$/g, "").toLowerCase();
  if (place === "share/url") {
    handlers.share([url.searchParams.get("text"), url.searchParams.get("url")].filter(Boolean).join("\n"));
    return true;
  }
  if (place !== store.bot.username.toLowerCase()) return false;
  handlers.open(url.searchParams.get("start"));
  return true;
}
