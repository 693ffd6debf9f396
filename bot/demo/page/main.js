// The page: what is heard is put into the store, and the parts are painted from it.

import { colourOf, initialOf, moveInChats, paintChats } from "./chats.js";
import { cancelReply, closeCommands, listenToComposer, paintComposer, say, sendFiles, setDraft } from "./composer.js";
import { $, inNextFrame, make } from "./dom.js";
import { onTelegramLink } from "./links.js";
import { calls, noteSeen, paintLog, scrollToEnd } from "./log.js";
import { closeMenu, listenToMenu } from "./menu.js";
import { listen } from "./net.js";
import { tellFailure, toast } from "./notices.js";
import { onPresses, takeToasts } from "./press.js";
import { chatOf, goTo, here, me, placeOf, sorted, store } from "./store.js";
import { listenToTools, openTools, paintTools } from "./tools.js";
import { paintWords, setLanguage, word, words } from "./words.js";

const paint = inNextFrame(() => {
  if (!store.ready) return;
  paintLog();
  paintChats(go);
  paintHead();
  paintBanner();
  paintComposer();
  paintTools();
});

// Show a chat, on a phone in place of the list; its address can be kept and opened again.
function go(chat, user) {
  goTo(chat, user ?? store.place.user);
  const address = `#${chat}${store.place.user === chat ? "" : `:${store.place.user}`}`;
  if (location.hash !== address) history.pushState(null, "", address);
  $("app").dataset.pane = "chat";
  openTools(false);
  paint();
}

function followAddress() {
  const { chat, user } = placeOf(location.hash);
  $("app").dataset.pane = chatOf(chat) ? "chat" : "list";
  if (chatOf(chat)) goTo(chat, user);
  paint();
}

function paintHead() {
  const chat = here();
  const isPrivate = chat.type === "private";
  $("title").textContent = isPrivate ? store.bot.first_name : chat.title;
  $("avatar").textContent = isPrivate ? "日" : initialOf(chat);
  $("avatar").style.background = isPrivate ? "" : colourOf(chat);
  const typing = (store.typing.get(chat.id) ?? 0) > Date.now();
  const plain = isPrivate ? `${word("bot")} · ${word("you", { name: me().first_name })}`
    : word("members", { count: chat.people.length + 1 });
  $("subtitle").textContent = typing ? word("typing") : plain;
  $("subtitle").classList.toggle("typing", typing);
  document.title = isPrivate ? `${me().first_name} · 日知 Rizhi` : `${chat.title} · 日知 Rizhi`;
  $("as-label").hidden = isPrivate;
  $("as").replaceChildren(...chat.people.map(person =>
    make("option", { value: person.id, textContent: person.first_name, selected: person.id === me().id })));
}

function bannerText() {
  if (!store.online) return word("banner.offline");
  const { done, total } = store.library;
  if (store.bot.status === "starting" && done < total) return word("library.reading", { done, total });
  if (store.bot.status !== "running") return word(`banner.${store.bot.status}`);
  return me().blocked && here().type === "private" ? word("banner.blocked", { name: me().first_name }) : "";
}

function paintBanner() {
  const text = bannerText();
  if ($("banner").textContent !== text) $("banner").textContent = text;
  $("banner").hidden = !text;
}

function escape() {
  return closeMenu() || closeCommands() || cancelReply()
    || ($("app").classList.contains("with-tools") && openTools(false));
}

// To the bot's own chat of whoever acts, with a parameter for /start where there is one.
async function openBot(parameter) {
  go(me().id, me().id);
  if (parameter === null && me().started) return;
  await say(`/start ${parameter ?? ""}`.trim()).catch(error => tellFailure(error));
}

function share(text) {
  const group = store.chats.find(chat => chat.type !== "private");
  go(group.id, me().id);
  queueMicrotask(() => setDraft(text));
}

// Whether the one whose chat it is speaks the page's language.
const speaks = chat => chat.people[0].language_code?.startsWith(words.language);

// A refusal is told to whoever does not look at the calls: what is missing has a reason.
function tellRefusals(made) {
  const refused = made.find(call => call.chat === store.place.chat && [403, 429].includes(call.status));
  if (!refused || calls.shown) return;
  toast(word("call.refused", { method: refused.method, status: refused.status, why: refused.description }));
}

function listenToDrops() {
  let depth = 0;
  const show = () => $("chat").classList.toggle("dropping", depth > 0);
  const withFiles = handler => event => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    handler(event);
    show();
  };
  document.addEventListener("dragover", withFiles(() => {}));
  document.addEventListener("dragenter", withFiles(() => { depth += 1; }));
  document.addEventListener("dragleave", withFiles(() => { depth -= 1; }));
  document.addEventListener("drop", withFiles(event => {
    depth = 0;
    sendFiles([...event.dataTransfer.files]);
  }));
}

function listenToPage() {
  addEventListener("popstate", followAddress);
  addEventListener("hashchange", followAddress);
  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && !event.isComposing && escape() !== false) event.preventDefault();
  });
  $("chats").addEventListener("keydown", moveInChats);
  $("back").addEventListener("click", () => {
    history.pushState(null, "", location.pathname);
    followAddress();
    document.querySelector("#chats button[aria-current]")?.focus();
  });
  $("as").addEventListener("change", event => go(store.place.chat, Number(event.target.value)));
  $("log").addEventListener("scroll", () => { noteSeen(); paintChats(go); });
  $("down").addEventListener("click", scrollToEnd);
  $("rows").addEventListener("click", event => {
    if (event.target.matches(".command")) say(event.target.textContent).catch(error => tellFailure(error));
  });
  $("language").addEventListener("change", event => { setLanguage(event.target.value); paint(); });
  $("theme").addEventListener("change", event => window.setTheme(event.target.value));
  addEventListener("resize", paint);
}

$("language").value = words.language;
$("theme").value = localStorage.getItem("theme") ?? "";
paintWords();
onPresses(paint);
onTelegramLink(openBot, share);
listenToPage();
listenToDrops();
listenToComposer();
listenToMenu();
listenToTools(paint);
let placed = false;
listen((news, fresh) => {
  if (!placed && store.ready) {
    placed = true;
    for (const chat of store.chats) store.seen.set(chat.id, sorted(chat.id).at(-1)?.message_id ?? 0);
    goTo((store.chats.find(speaks) ?? store.chats[0]).id);
    followAddress();
  }
  if (!fresh) tellRefusals(news.calls ?? []);
  takeToasts(news.toasts ?? []);
  paint();
});
setInterval(() => { if (store.typing.size) paint(); }, 1000);
