// The choices above the pages: who reads, what is shown, in which edition, on which paper, for which country.

import { audienceNamed, change, chosenTopic, known, watch } from "./store.js";
import { byId, fillSelect } from "./elements.js";
import { canSay, say } from "./words.js";

const NAMES = ["audience", "template", "language", "edition", "paper", "country", "minutes"];

/** Keep the fields and what is chosen the same, now and whenever one of them changes. */
export function startChoices() {
  for (const name of NAMES) {
    byId(name).addEventListener("change", (event) =>
      change({ choice: { ...known().choice, [name]: event.target.value } }),
    );
  }
  byId("beside").addEventListener("change", (event) => change({ beside: event.target.value }));
  byId("choices").addEventListener("submit", (event) => event.preventDefault());
  watch(["project", "choice", "beside"], show);
}

/** Return the words for a value of a choice, or the value itself. */
export const wordsFor = (kind, value, label) => (canSay(`${kind}_${value}`) ? say(`${kind}_${value}`) : label || value);

/** Return the templates for an audience as {value, text, renderer}: those that the topic usually makes first. */
export function templatesFor(audience) {
  const usual = chosenTopic()?.templates ?? [];
  const place = (name) => (usual.includes(name) ? usual.indexOf(name) : usual.length);
  const named = (known().project?.choices.template ?? []).filter(
    (each) => !each.audiences?.length || each.audiences.includes(audience),
  );
  return named
    .toSorted((left, right) => place(left.name) - place(right.name))
    .map((each) => ({ value: each.name, text: wordsFor("template", each.name, each.label), renderer: each.renderer }));
}

function show() {
  const { project, choice, beside } = known();
  const topic = chosenTopic();
  const readers = (topic?.audiences ?? []).map((name) => ({ value: name, text: audienceNamed(name).label }));
  fillSelect(byId("audience"), readers, choice.audience);
  fillSelect(
    byId("beside"),
    [{ value: "", text: say("nobody_beside") }, ...readers.filter((each) => each.value !== choice.audience)],
    beside,
  );
  fillSelect(byId("template"), templatesFor(choice.audience), choice.template);
  const plain = (kind, values) =>
    (values ?? []).map((value) => {
      const name = value?.name ?? value;
      return { value: String(name), text: wordsFor(kind, name, value?.label) };
    });
  const withNone = (kind, values) => [
    { value: "", text: say(`no_${kind}`) },
    ...plain(kind, values).filter((each) => each.value),
  ];
  const languages = topic?.languages ?? [];
  byId("language-choice").hidden = languages.length < 2;
  fillSelect(byId("language"), plain("language", languages), choice.language);
  fillSelect(byId("edition"), plain("edition", project.choices.edition), choice.edition);
  fillSelect(byId("paper"), withNone("paper", project.choices.paper), choice.paper);
  fillSelect(byId("country"), withNone("country", project.choices.country), choice.country);
  const lengths = topic?.minutes ?? [];
  fillSelect(
    byId("minutes"),
    [
      { value: "", text: say("no_minutes") },
      ...lengths.map((n) => ({ value: String(n), text: say("minutes_long", { n }) })),
    ],
    choice.minutes,
  );
}

/** Return a choice that the project has: what is asked for where there is it, else the first there is. */
export function possibleChoice(project, choice) {
  const topic =
    project.topics.find((each) => each.name === choice.topic) ??
    project.topics.find((each) => each.name === project.topic) ??
    project.topics[0];
  const oneOf = (values, value) => (values?.includes(value) ? value : (values?.[0] ?? ""));
  const templates = (project.choices.template ?? []).map((each) => each.name);
  const names = (values) => (values ?? []).map((each) => String(each?.name ?? each));
  return {
    topic: topic?.name ?? "",
    audience: oneOf(topic?.audiences, choice.audience),
    language: oneOf(topic?.languages, choice.language),
    template: templates.includes(choice.template) ? choice.template : oneOf(templates, "handout"),
    edition: names(project.choices.edition).includes(choice.edition)
      ? choice.edition
      : oneOf(names(project.choices.edition), "standard"),
    paper: names(project.choices.paper).includes(choice.paper) ? choice.paper : "",
    country: names(project.choices.country).includes(choice.country) ? choice.country : "",
    minutes: choice.minutes ?? "",
  };
}
