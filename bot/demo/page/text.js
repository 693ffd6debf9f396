// A message's text with its entities, as elements. Offsets count UTF-16 units, as JavaScript's strings do.

import { formatted } from "./dates.js";
import { make } from "./dom.js";
import { follow } from "./links.js";
import { copy } from "./notices.js";
import { word } from "./words.js";

const PLAIN = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", blockquote: "blockquote",
  custom_emoji: "span", text_mention: "span", hashtag: "span", mention: "span", cashtag: "span",
};
const BLOCKS = ["blockquote", "expandable_blockquote", "pre"];

// Return the nodes that show `text`.
export function renderText(text, entities = []) {
  return build(text, 0, text.length, entities);
}

function build(text, start, stop, entities) {
  const nodes = [];
  let at = start;
  const rest = [...entities];
  while (rest.length) {
    const entity = rest.shift();
    const end = Math.min(entity.offset + entity.length, stop);
    if (entity.offset < at || end <= entity.offset) continue;
    const inner = [];
    while (rest.length && rest[0].offset < end) inner.push(rest.shift());
    nodes.push(text.slice(at, entity.offset));
    nodes.push(element(entity, text.slice(entity.offset, end), build(text, entity.offset, end, inner)));
    at = end;
    if (BLOCKS.includes(entity.type) && text[at] === "\n") at += 1;
  }
  nodes.push(text.slice(at, stop));
  return nodes.filter(node => node !== "");
}

function element(entity, text, children) {
  switch (entity.type) {
    case "url": return link(text, children);
    case "text_link": return link(entity.url, children);
    case "email": return link(`mailto:${text}`, children);
    case "bot_command": return make("button", { type: "button", className: "command", textContent: text });
    case "spoiler": return spoiler(children);
    case "pre": return code(text, children, entity.language);
    case "expandable_blockquote": return foldable(children);
    case "date_time": return moment(entity, text);
  }
  const tag = PLAIN[entity.type];
  if (!tag) return make("span", {}, ...children);
  return make(tag, { className: tag === "span" ? entity.type : "" }, ...children);
}

function link(address, children) {
  if (!/^(https?|mailto|tg):/i.test(address)) return make("span", {}, ...children);
  const node = make("a", { href: address, target: "_blank", rel: "noopener noreferrer", title: address }, ...children);
  node.addEventListener("click", event => { if (follow(address)) event.preventDefault(); });
  return node;
}

function spoiler(children) {
  const inner = make("span", { "aria-hidden": "true" }, ...children);
  const node = make("span", {
    className: "spoiler", role: "button", tabIndex: 0, "aria-label": word("spoiler"),
  }, inner);
  const show = event => {
    if (event.type === "keydown" && !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    node.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
    inner.removeAttribute("aria-hidden");
  };
  node.addEventListener("click", show, { once: true });
  node.addEventListener("keydown", show);
  return node;
}

function code(text, children, language) {
  const button = make("button", { type: "button", className: "copy-code", "aria-label": word("code.copy"),
    title: word("code.copy") });
  button.addEventListener("click", () => copy(text));
  return make("div", { className: "code" },
    make("div", { className: "code-head" }, make("span", { textContent: language ?? "" }), button),
    make("pre", {}, make("code", {}, ...children)));
}

function moment(entity, text) {
  const style = entity.date_time_format ?? "";
  return make("time", {
    className: "moment", dateTime: new Date(entity.unix_time * 1000).toISOString(), title: text,
    textContent: style ? formatted(entity.unix_time, style) : text,
  });
}

// A quotation that shows three lines until it is opened.
function foldable(children) {
  const inner = make("div", { className: "fold" }, ...children);
  const button = make("button", { type: "button", className: "unfold", "aria-expanded": "false",
    textContent: word("quote.open"), hidden: true });
  const node = make("blockquote", { className: "expandable folded" }, inner, button);
  button.addEventListener("click", () => {
    const open = !node.classList.toggle("folded");
    button.textContent = word(open ? "quote.fold" : "quote.open");
    button.setAttribute("aria-expanded", String(open));
  });
  return node;
}

// Offer the button where a quotation is longer than what is shown of it; once it is on the page.
export function measureFolds(root) {
  for (const node of root.querySelectorAll(".expandable.folded")) {
    const [inner, button] = node.children;
    button.hidden = inner.scrollHeight <= inner.clientHeight + 1;
  }
}
