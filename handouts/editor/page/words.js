// The words of the page, which come from the server so that the page can be in other languages.

import { getWords } from "./server.js";

const words = {};

/** Load the words in a language of the browser, and fill in those that index.html names. */
export async function loadWords() {
  const answer = await getWords(navigator.languages.join());
  Object.assign(words, answer.words);
  document.documentElement.lang = answer.language;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]"))
    element.setAttribute("aria-label", say(element.dataset.label));
}

/** Return the words of `key` with the placeholders in braces filled in. */
export function say(key, places = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
}

/** Return the words of `key` for a number of things: those of `key_one` for one. */
export const sayCount = (key, n, places = {}) => say(n === 1 ? `${key}_one` : key, { n, ...places });

/** Return whether there are words of `key`. */
export const canSay = (key) => key in words;
