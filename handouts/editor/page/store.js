// What the page knows at this moment, and who wants to hear when it changes.

/**
 * project   what the server says of the whole project, or null
 * choice    what is shown: topic, audience, language, template, edition, paper, country, minutes
 * beside    the audience that is shown beside it, or ""
 * view      the pages or slides of the choice, or null
 * file      the open file: its path, or ""
 * line      the line of the open file in which the writer is
 */
const state = { project: null, choice: {}, beside: "", view: null, file: "", line: 1 };
const watchers = [];

/** Return what is known. It is changed by `change` alone. */
export const known = () => state;

/** Set values, and tell whoever watches one of them. */
export function change(values) {
  const changed = Object.keys(values).filter((key) => state[key] !== values[key]);
  Object.assign(state, values);
  for (const { keys, act } of watchers) if (keys.some((key) => changed.includes(key))) act(state);
}

/** Call `act` with what is known whenever one of `keys` has changed. */
export function watch(keys, act) {
  watchers.push({ keys, act });
}

/** Return the topic that is chosen, or null. */
export const chosenTopic = () => state.project?.topics.find((topic) => topic.name === state.choice.topic) ?? null;

/** Return an audience as the project has it: {name, label, colour}. */
export const audienceNamed = (name) =>
  state.project?.audiences.find((each) => each.name === name) ?? { name, label: name, colour: "" };

/** Return the section of the chosen topic whose text stands in `file`, or null. */
export const sectionOf = (file) => chosenTopic()?.sections.find((section) => section.file === file) ?? null;

/** Return whether anything may be written. */
export const mayWrite = () => state.project?.editable !== false;

/** Return what is to mend in the whole project and in what is shown, errors first, each once. */
export function knownFindings() {
  const all = [...(state.project?.errors ?? []), ...(state.view?.findings ?? [])];
  const once = new Map(
    all.map((each) => [JSON.stringify([each.code, each.file, each.line, each.column, each.message]), each]),
  );
  return [...once.values()].sort((left, right) => (right.severity === "error") - (left.severity === "error"));
}
