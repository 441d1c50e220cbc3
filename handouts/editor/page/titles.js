// What the files of the project are called where a writer reads of them.

import { say } from "./words.js";
import { chosenTopic, sectionOf } from "./store.js";
import { wordsFor } from "./choices.js";

const FORM = /^content\/(?:(service|audiences)|(contacts)\/([^/]+)|[^/]+\/(topic))\.yaml$/;

/** Return whether a file has a form: of the topics, the chosen one. */
export const hasForm = (file) => FORM.test(file) && (!file.endsWith("/topic.yaml") || file === chosenTopic()?.file);

/** Return what a file is called: the title of a section, the name of a form, else the file itself. */
export function titleOf(file) {
  const [, general, contacts, country, topic] = FORM.exec(file) ?? [];
  if (contacts && country === "ANY") return say("facts_contacts_any");
  if (contacts) return say("facts_contacts", { country: wordsFor("country", country) });
  if (general || topic) return say(`facts_${general ?? topic}`);
  return sectionOf(file)?.title ?? file;
}
