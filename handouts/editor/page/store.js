// The state of the page, and the functions that are called when it changes.

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

/** Return the state. Only `change` may change it. */
export const known = () => state;

/** Set values, and call the watchers of those that differ. */
export function change(values) {
  const changed = Object.keys(values).filter((key) => state[key] !== values[key]);
  Object.assign(state, values);
  for (const { keys, act } of watchers) if (keys.some((key) => changed.includes(key))) act(state);
}

/** Call `act` with the state whenever one of `keys` has changed. */
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

/** Return the errors of the whole project and the findings of the shown pages, errors first, each once. */
export function knownFindings() {
  const all = [...(state.project?.errors ?? []), ...(state.view?.findings ?? [])];
  const once = new Map(
    all.map((each) => [JSON.stringify([each.code, each.file, each.line, each.column, each.message]), each]),
  );
  return [...once.values()].sort((left, right) => (right.severity === "error") - (left.severity === "error"));
}

/** Return how many errors and warnings there are among findings. */
export function countBySeverity(findings) {
  const errors = findings.filter((each) => each.severity === "error").length;
  return { errors, warnings: findings.length - errors };
}
