// What the server has told this page, and where the reader is. It draws nothing.

export const store = {
  ready: false,
  online: false,
  bot: null,
  about: {},
  chats: [],
  presses: [],
  clock: { ahead: 0, zone: "UTC", daily: "07:30" },
  library: { done: 0, total: 0, failed: [] },
  faults: {},
  messages: new Map(),      // chat → number → message
  calls: [],
  typing: new Map(),        // chat → when the sign of typing ends, in milliseconds
  seen: new Map(),          // chat → number of the last message that was looked at
  place: { chat: null, user: null },
};

const PARTS = ["bot", "about", "chats", "presses", "clock", "library", "faults"];
const TYPING_MS = 5000;

// Take in news; with `fresh` they are everything there is.
export function take(news, fresh) {
  if (fresh) {
    store.messages = new Map();
    store.calls = [];
    store.ready = true;
  }
  for (const part of PARTS) if (part in news) store[part] = news[part];
  for (const message of news.messages ?? []) messagesOf(message.chat).set(message.message_id, message);
  for (const [chat, number] of news.gone ?? []) messagesOf(chat).delete(number);
  for (const call of news.calls ?? []) takeCall(call);
  if (!store.place.chat && store.chats.length) goTo(store.chats[0].id);
}

function takeCall(call) {
  store.calls.push(call);
  if (call.method === "sendChatAction" && call.status === 200) store.typing.set(call.chat, Date.now() + TYPING_MS);
  else if (call.method.startsWith("send")) store.typing.delete(call.chat);
}

export function messagesOf(chat) {
  if (!store.messages.has(chat)) store.messages.set(chat, new Map());
  return store.messages.get(chat);
}

export const sorted = chat => [...messagesOf(chat).values()].sort((a, b) => a.message_id - b.message_id);
export const chatOf = id => store.chats.find(chat => chat.id === id);
export const here = () => chatOf(store.place.chat);
export const me = () => here()?.people.find(person => person.id === store.place.user) ?? here()?.people[0];

// Go to a chat as one of its people, by default as whoever one was last.
export function goTo(chat, user = store.place.user) {
  const people = chatOf(chat)?.people ?? [];
  const who = people.find(person => person.id === user) ?? people[0];
  store.place = { chat, user: who?.id ?? null };
}

export function unread(chat) {
  const last = store.seen.get(chat) ?? 0;
  return sorted(chat).filter(message => message.by_bot && message.message_id > last).length;
}

// Where an address's fragment leads: #chat or #chat:user.
export function placeOf(fragment) {
  const [chat, user] = fragment.replace("#", "").split(":").map(Number);
  return { chat: chat || null, user: user || chat || null };
}
