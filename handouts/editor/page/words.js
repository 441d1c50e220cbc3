// The words of the page: they come from the server, so that the page can speak other languages.

import { getWords } from "./server.js";

const words = {};

/** Load all words in a language of the reader, and write those that index.html asks for into it. */
export async function loadWords() {
  const answer = await getWords(navigator.languages.join());
  Object.assign(words, answer.words);
  document.documentElement.lang = answer.language;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]"))
    element.setAttribute("aria-label", say(element.dataset.label));
}

/** Return the words of `key`, its places in braces filled in. */
export function say(key, places = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
}

/** Return the words of `key` for a number of things: those of `key_one` for one. */
export const sayCount = (key, n, places = {}) => say(n === 1 ? `${key}_one` : key, { n, ...places });

/** Return whether there are words of `key`. */
export const canSay = (key) => key in words;
