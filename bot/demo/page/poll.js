// A poll in its message: first what can be chosen, then how all have chosen.

import { make } from "./dom.js";
import { act } from "./net.js";
import { tellFailure } from "./notices.js";
import { store } from "./store.js";
import { word } from "./words.js";

export function pollView(message) {
  const { poll } = message;
  const mine = message.votes[store.place.user];
  const asks = !mine && !poll.is_closed;
  return make("div", { className: "poll", role: "group", "aria-label": poll.question },
    make("p", { className: "question", textContent: poll.question }),
    make("p", { className: "votes", textContent: kindOf(poll) }),
    asks ? ballot(message) : results(poll, mine ?? []),
    !asks && poll.explanation ? make("p", { className: "explained", textContent: poll.explanation }) : null,
    make("p", { className: "votes", textContent: word("poll.votes", { count: poll.total_voter_count }) }),
    mine && poll.allows_revoting && !poll.is_closed ? again(message) : null);
}

function kindOf(poll) {
  if (poll.is_closed) return word("poll.closed");
  if (poll.type === "quiz") return word("poll.quiz");
  return word(poll.is_anonymous ? "poll.anonymous" : "poll.open");
}

const vote = (message, options) =>
  act("vote", { message: message.message_id, options }).catch(error => tellFailure(error));

// Where one may be chosen a press is the vote; where several, they are marked and then sent.
function ballot(message) {
  const several = message.poll.allows_multiple_answers;
  const choices = message.poll.options.map((option, at) => choice(option.text, several, () => vote(message, [at])));
  if (!several) return make("ul", {}, ...choices.map(node => make("li", {}, node)));
  const send = make("button", { type: "button", className: "key", textContent: word("poll.send") });
  send.addEventListener("click", () => {
    const marked = [...choices.keys()].filter(at => choices[at].getAttribute("aria-pressed") === "true");
    if (marked.length) vote(message, marked);
  });
  return make("ul", {}, ...choices.map(node => make("li", {}, node)), make("li", {}, send));
}

function choice(text, several, choose) {
  const node = make("button", { type: "button", className: several ? "choice several" : "choice", textContent: text });
  if (several) node.setAttribute("aria-pressed", "false");
  node.addEventListener("click", () => {
    if (several) node.setAttribute("aria-pressed", String(node.getAttribute("aria-pressed") === "false"));
    else choose();
  });
  return node;
}

function results(poll, mine) {
  const most = poll.total_voter_count || 1;
  return make("ul", {}, ...poll.options.map((option, at) => {
    const share = Math.round(option.voter_count / most * 100);
    return make("li", { className: "result" },
      make("span", { className: "share", textContent: `${share}%` }),
      make("span", { textContent: option.text }), sign(poll, mine, at),
      make("meter", { min: 0, max: most, value: option.voter_count,
        "aria-label": word("poll.votes", { count: option.voter_count }) }));
  }));
}

// In a quiz what is right and what one had wrong, else what one chose.
function sign(poll, mine, at) {
  const right = poll.correct_option_ids?.includes(at);
  const name = right ? "poll.right" : mine.includes(at) && (poll.type === "quiz" ? "poll.wrong" : "poll.mine");
  if (!name) return null;
  return make("span", { className: `sign ${name === "poll.wrong" ? "bad" : ""}`, role: "img", "aria-label": word(name),
    title: word(name), textContent: name === "poll.wrong" ? "✗" : "✓" });
}

function again(message) {
  const node = make("button", { type: "button", className: "unfold", textContent: word("poll.again") });
  node.addEventListener("click", () => vote(message, []));
  return node;
}
