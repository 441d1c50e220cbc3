// The titles of the files of the project.

import { say } from "./words.js";
import { chosenTopic, sectionOf } from "./store.js";
import { wordsFor } from "./choices.js";

const FORM = /^content\/(?:(service|audiences)|(contacts)\/([^/]+)|[^/]+\/(topic))\.yaml$/;

/** Return whether a file has a form; of the topic files, only that of the chosen topic. */
export const hasForm = (file) => FORM.test(file) && (!file.endsWith("/topic.yaml") || file === chosenTopic()?.file);

/** Return the title of a file: that of its section or form, or else its path. */
export function titleOf(file) {
  const [, general, contacts, country, topic] = FORM.exec(file) ?? [];
  if (contacts && country === "ANY") return say("facts_contacts_any");
  if (contacts) return say("facts_contacts", { country: wordsFor("country", country) });
  if (general || topic) return say(`facts_${general ?? topic}`);
  return sectionOf(file)?.title ?? file;
}
