// The choices above the pages: who reads, what is shown, in which edition, on which paper, for which country.

import { audienceNamed, change, chosenTopic, known, watch } from "./store.js";
import { byId, fillSelect } from "./elements.js";
import { canSay, say } from "./words.js";

const NAMES = ["topic", "audience", "template", "language", "edition", "paper", "country", "minutes"];

/** Keep the fields and what is chosen the same, now and whenever one of them changes. */
export function startChoices() {
  for (const name of NAMES) {
    byId(name).addEventListener("change", (event) => choose({ [name]: event.target.value }));
  }
  byId("beside").addEventListener("change", (event) => change({ beside: event.target.value }));
  byId("choices").addEventListener("submit", (event) => event.preventDefault());
  watch(["project", "choice", "beside"], show);
}

/** Choose other values; choices that do not exist for them are replaced, and the second reader is removed. */
export function choose(values) {
  const { project, choice, beside } = known();
  const possible = possibleChoice(project, { ...choice, ...values });
  const topic = project.topics.find((each) => each.name === possible.topic);
  const both = beside !== possible.audience ? templatesOf(project, topic, beside) : [];
  const stays = both.some((each) => each.name === possible.template);
  change({ choice: possible, beside: stays ? beside : "" });
}

/** Return the words for a value of a choice, or the value itself if there are none. */
export const wordsFor = (kind, value) => (canSay(`${kind}_${value}`) ? say(`${kind}_${value}`) : value);

/** Return the values of a choice as options {value, text}. */
export const optionsFor = (kind, values) => values.map((value) => ({ value, text: wordsFor(kind, value) }));

/** Return the usual paper of a country, or that of the service. */
export function usualPaper(country) {
  const { letter, usual } = known().project.choices;
  if (!country || country === usual.country) return usual.paper;
  return letter.includes(country) ? "letter" : usual.paper === "letter" ? "a4" : usual.paper;
}

/** Return the request to the server for a choice: with the paper of the country if no paper was chosen. */
export const requestOf = (choice) => ({ ...choice, paper: choice.paper || (choice.country && usualPaper(choice.country)) });

/** Return the templates of the chosen topic for an audience as options; those that the topic lists come first. */
export const templatesFor = (audience) =>
  optionsFor(
    "template",
    templatesOf(known().project, chosenTopic(), audience).map((each) => each.name),
  );

function show() {
  const { project, choice, beside } = known();
  const topic = chosenTopic();
  if (!topic) return;
  const { usual } = project.choices;
  const usualOf = (kind) => (usual[kind] ? say("usual", { value: wordsFor(kind, usual[kind]) }) : say(`no_${kind}`));
  const withNone = (kind, values, none = usualOf(kind)) => [{ value: "", text: none }, ...optionsFor(kind, values)];
  const paper = usualPaper(choice.country);
  const there = { paper: wordsFor("paper", paper), country: wordsFor("country", choice.country) };
  const paperInWords = paper === usual.paper ? usualOf("paper") : say("paper_of_country", there);
  const readers = topic.audiences.map((name) => ({ value: name, text: audienceNamed(name).label }));
  const others = readers.filter(
    (each) => each.value !== choice.audience && templatesFor(each.value).some((one) => one.value === choice.template),
  );
  fillSelect(byId("audience"), readers, choice.audience);
  fillSelect(byId("beside"), [{ value: "", text: say("nobody_beside") }, ...others], beside);
  fillSelect(byId("template"), templatesFor(choice.audience), choice.template);
  byId("language-choice").hidden = topic.languages.length < 2;
  fillSelect(byId("language"), optionsFor("language", topic.languages), choice.language);
  fillSelect(byId("edition"), optionsFor("edition", project.choices.edition), choice.edition);
  fillSelect(byId("paper"), withNone("paper", project.choices.paper, paperInWords), choice.paper);
  fillSelect(byId("country"), withNone("country", project.choices.country), choice.country);
  const lengths = topic.minutes.map((n) => ({ value: n, text: say("minutes_long", { n }) }));
  fillSelect(byId("minutes"), [{ value: "", text: say("no_minutes") }, ...lengths], choice.minutes);
}

/**
 * Return a choice with the values that do not exist in the project replaced by the first that do. While the project
 * cannot be read, it stays as it is.
 */
export function possibleChoice(project, choice) {
  const { topics, choices } = project;
  const topic = topics.find((each) => each.name === choice.topic) ?? topics[0];
  if (!topic) return choice;
  const oneOf = (values, value, usual = values[0]) => (values.includes(value) ? value : (usual ?? ""));
  const audience = oneOf(topic.audiences, choice.audience);
  const templates = templatesOf(project, topic, audience).map((each) => each.name);
  return {
    topic: topic.name,
    audience,
    language: oneOf(topic.languages, choice.language),
    template: oneOf(templates, choice.template),
    edition: oneOf(choices.edition, choice.edition),
    paper: oneOf(choices.paper, choice.paper, ""),
    country: oneOf(choices.country, choice.country, ""),
    minutes: oneOf(topic.minutes, choice.minutes, ""),
  };
}

/** Return the templates of a topic for an audience; those that the topic lists come first. */
function templatesOf(project, topic, audience) {
  const place = (name) => (topic.templates.includes(name) ? topic.templates.indexOf(name) : topic.templates.length);
  const named = project.choices.template.filter((each) => each.audiences.includes(audience));
  return named.toSorted((left, right) => place(left.name) - place(right.name));
}
