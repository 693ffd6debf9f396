// The page's own words, in Chinese and English. What the bot says is not translated here.

const CATALOGUES = Object.fromEntries(await Promise.all(["zh", "en"].map(async language => {
  const answer = await fetch(`/page/words/${language}.json`);
  return [language, await answer.json()];
})));

export const words = {
  language: localStorage.getItem("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en"),
};

// Return the text for the key, its {fields} filled in.
export function word(key, fields = {}) {
  return CATALOGUES[words.language][key].replace(/\{(\w+)\}/g, (_, name) => fields[name]);
}

// Fill in the words of the page's fixed parts.
export function paintWords() {
  document.documentElement.lang = words.language === "zh" ? "zh-Hans" : "en";
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", word(node.dataset.label));
    if (node.localName === "button") node.title = word(node.dataset.label);
  }
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = word(node.dataset.placeholder);
}

export function setLanguage(language) {
  words.language = language;
  localStorage.setItem("language", language);
  paintWords();
}
