// What to do about a finding, in the words of the page: its forms and choices instead of settings and options.

import { canSay, say } from "./words.js";
import { hasForm } from "./titles.js";
import { mayWrite } from "./store.js";
import { wordsFor } from "./choices.js";

// The options of the command that are choices of the page, by the words that stand before the choice.
const CHOICES = {
  audience: "who_reads",
  template: "what",
  language: "language",
  edition: "edition",
  paper: "paper",
  country: "country",
  minutes: "minutes",
};
const OPTION = new RegExp(`--(${Object.keys(CHOICES).join("|")})\\b(?: ([a-z0-9-]+))?`, "g");

/** Return whether a finding is mended by filling in a form. */
export const isFilledIn = ({ file }) => mayWrite() && hasForm(file);

/** Return what to do about a finding, "" if it does not say. */
export function hintOf(finding) {
  const { code } = finding;
  if (isFilledIn(finding) && canSay(`mend_${code}`)) return say(`mend_${code}`);
  return (finding.hint ?? "").replace(OPTION, (_, name, value) =>
    say(value ? "choice_is" : "choice", { choice: say(CHOICES[name]), value: value && wordsFor(name, value) }),
  );
}

/** Return the message of a finding and what to do about it, as one line. */
export const findingInWords = (finding) => [finding.message, hintOf(finding)].filter(Boolean).join(" – ");
