// The form for a source that can be cited: what somebody has typed is written into the project, and nothing is fetched.

import { button, fillSelect, make } from "./elements.js";
import { postSource } from "./server.js";
import { say } from "./words.js";
import { optionsFor } from "./choices.js";

const FIELDS = ["doi", "title", "authors", "year", "container", "volume", "issue", "pages", "publisher", "address"];
const KINDS = ["article-journal", "book", "chapter", "report", "webpage", "thesis", "document"];
const LONGEST = 500;

/** Return the form. `saved` is called after a source was added, `tell` with a message, `ready` before it is added. */
export function newSource({ ready, saved, tell }) {
  const kind = make("select", { id: "source-kind" });
  fillSelect(kind, optionsFor("source_kind", KINDS), KINDS[0]);
  const inputs = FIELDS.map(inputOf);
  const result = make("div", { class: "stack" });
  const form = make(
    "form",
    { class: "stack", on: { submit: add } },
    make("p", { class: "quiet", text: say("source_help") }),
    make(
      "div",
      { class: "fact" },
      make("label", { for: "source-kind", class: "fact-name", text: say("source_kind") }),
      kind,
    ),
    ...inputs,
    make("div", {}, make("button", { class: "strong", text: say("source_add") })),
    result,
  );
  return form;

  async function add(event) {
    event.preventDefault();
    const read = (name) => [name, form.querySelector(`#source-${name}`).value.trim()];
    for (const problem of form.querySelectorAll(".problem")) problem.textContent = "";
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    result.replaceChildren();
    try {
      await ready();
      const { key } = await postSource({ kind: kind.value, ...Object.fromEntries(FIELDS.map(read)) });
      form.reset();
      const cited = `[@${key}]`;
      tell(say("source_added", { cited }));
      result.append(
        make(
          "div",
          {},
          button(say("source_copy", { cited }), () => navigator.clipboard.writeText(cited)),
        ),
      );
      saved();
    } catch (error) {
      show(error);
    }
  }

  function show(error) {
    const findings = error.answer?.findings ?? [];
    const atFields = findings.filter((each) => FIELDS.includes(each.file));
    for (const each of atFields) {
      const input = form.querySelector(`#source-${each.file}`);
      form.querySelector(`#source-${each.file}-problem`).textContent = [each.message, each.hint].join(" – ");
      input.setAttribute("aria-invalid", "true");
    }
    if (atFields.length > 0) form.querySelector(`#source-${atFields[0].file}`).focus();
    tell(atFields.length > 0 ? say("source_wrong") : error.message, true);
  }
}

function inputOf(name) {
  const id = `source-${name}`;
  const set = { id, maxlength: LONGEST, required: name === "title", "aria-describedby": `${id}-problem ${id}-what` };
  const input = name === "authors" ? make("textarea", { rows: 3, ...set }) : make("input", { type: "text", ...set });
  return make(
    "div",
    { class: "fact" },
    make("label", { for: id, class: "fact-name", text: say(`source_${name}`) }),
    name === "authors" && make("p", { class: "quiet", id: `${id}-what`, text: say("source_authors_help") }),
    input,
    make("p", { class: "problem", id: `${id}-problem` }),
  );
}
