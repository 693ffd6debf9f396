// The page's talk with the demo's server: one stream in, small requests out.

import { store, take } from "./store.js";

const AGAIN_MS = 1000;
let stream = null;

// Listen to the news and call `tell(news)` for each; a page that is not looked at listens to none.
export function listen(tell) {
  const open = () => {
    stream?.close();
    stream = new EventSource("/chat/news");
    for (const kind of ["everything", "news"]) {
      stream.addEventListener(kind, event => {
        const news = JSON.parse(event.data);
        store.online = true;
        take(news, kind === "everything");
        tell(news, kind === "everything");
      });
    }
    stream.addEventListener("error", () => {
      store.online = false;
      tell({});
      if (stream.readyState === EventSource.CLOSED) setTimeout(open, AGAIN_MS);
    });
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stream.close();
    else open();
  });
  open();
}

async function answerOf(request) {
  let answer;
  try {
    answer = await request;
  } catch {
    throw Object.assign(new Error("offline"), { offline: true });
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error ?? `HTTP ${answer.status}`);
  return said;
}

// Do something as the person whom the page shows, and return the server's answer.
export function act(action, asked = {}) {
  return answerOf(fetch(`/chat/${action}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...store.place, ...asked }),
  }));
}

export function upload(file) {
  const form = new FormData();
  form.append("chat", store.place.chat);
  form.append("user", store.place.user);
  form.append("file", file);
  return answerOf(fetch("/chat/upload", { method: "POST", body: form }));
}
