// The dialog of facts: a form for each file of settings, made from the fields that the server describes, and a form for
// a new source.

import { knownFindings, watch } from "./store.js";
import { button, field, fillSelect, make, openDialog } from "./elements.js";
import { say } from "./words.js";
import { getFactFiles, getFacts, postAudience, postFact, postUndo } from "./server.js";
import { findingInWords } from "./hints.js";
import { inputOf, labelOf } from "./inputs.js";
import { newSource } from "./sources.js";
import { hasForm, titleOf } from "./titles.js";

const MOST_PLACES = 4; // that are shown where something is named
const SOURCE = "source"; // what is chosen in place of a file

let showAgain = null; // called when the pages have changed while the dialog is open
watch(["view"], () => showAgain?.());

/**
 * Open the dialog. `actions`: ready() saves unsaved text, saved() refreshes the page, undone(step) shows what was undone
 * and returns it in words, go(file, line, column) opens a text, failed(error). `place` is the file and line to begin
 * with.
 */
export async function openFacts(actions, place = {}) {
  let files;
  try {
    await actions.ready();
    ({ files } = await getFactFiles());
  } catch (error) {
    actions.failed(error);
    return;
  }
  let form = null; // what the server says of the file that is chosen
  let shown = "";
  let queue = Promise.resolve();
  let waiting = 0; // changes that are not yet saved
  const choice = make("select", { id: "facts-file" });
  const options = files.filter((each) => hasForm(each.path)).map((each) => ({ value: each.path, text: titleOf(each.path) }));
  fillSelect(choice, [...options, { value: SOURCE, text: say("facts_source") }], options[0]?.value ?? SOURCE);
  if (place.file) choice.value = place.file;
  const status = make("p", { role: "status" });
  const again = make("div", { class: "together" });
  const told = make("div", { class: "facts-told" }, status, again);
  const body = make("div", { class: "stack" });
  const toText = button(say("facts_text"), () => openText(1, 1), { class: "plain" });
  const undo = button(say("undo"), () => next(undoLast));
  const head = make("div", { class: "facts-head" }, field(say("facts_which"), choice), undo, toText);
  const dialog = openDialog(say("facts"), say("close"), head, told, body);
  dialog.classList.add("facts");
  choice.addEventListener("change", () => next(open));
  dialog.addEventListener("close", () => (showAgain = null));
  await next(open);
  if (place.file) showField(place.line);
  else choice.focus();
  showAgain = () => choice.value === form?.path && showFindings();

  /** Unfold what is written in a line, or before it, and put the cursor there. */
  function showField(line) {
    const before = leavesOf(form?.fields ?? []).filter((each) => each.places[0]?.[0] <= line);
    const nearest = before.reduce((best, each) => (best?.places[0][0] > each.places[0][0] ? best : each), null);
    const input = nearest && document.getElementById(`fact-${nearest.at.join("-")}`);
    for (let each = input?.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
    (input ?? choice).focus();
  }

  /** Do one thing after the other. */
  function next(act) {
    queue = queue.then(act).catch((error) => {
      if (error.status) tell(error.message, true);
      else actions.failed(error);
    });
    return queue;
  }

  function tell(text, isWrong = false) {
    status.textContent = text;
    status.classList.toggle("problem", isWrong);
  }

  function openText(line, column) {
    dialog.close();
    actions.go(choice.value, line, column);
  }

  async function open() {
    tell("");
    again.replaceChildren();
    body.replaceChildren();
    shown = "";
    toText.hidden = choice.value === SOURCE;
    if (choice.value === SOURCE) body.append(newSource({ ...actions, tell }));
    else await refresh();
  }

  /** Show the form as its file is now, but keep the input that has the focus. */
  async function refresh() {
    form = await getFacts(choice.value);
    const frame = JSON.stringify(form.fields, (key, value) => (["places", "value"].includes(key) ? undefined : value));
    const names = form.fields.flatMap((each) => (each.items ?? (each.fields ? [each] : [])).map(summaryOf));
    const key = `${form.path} ${frame} ${names}`;
    if (key !== shown) rebuild();
    shown = key;
    if (waiting === 0) showValues();
    showFindings();
  }

  function rebuild() {
    const here = document.activeElement;
    const held = body.contains(here) ? (here.dataset.at ?? "") : null;
    const typed = held && here.matches("input, textarea, select") ? here.value : null;
    const unfolded = [...body.querySelectorAll("details[open]")].map((each) => each.dataset.at);
    body.replaceChildren(...fieldsOf(form.fields), form.kind === "audiences" ? newAudience() : "");
    for (const each of body.querySelectorAll("details")) each.open = unfolded.includes(each.dataset.at);
    if (held === null) return;
    const same = [...body.querySelectorAll("[data-at]")].find((each) => each.dataset.at === held);
    if (same && typed !== null && same.type !== "checkbox") same.value = typed;
    (same ?? choice).focus();
  }

  async function undoLast() {
    const words = await actions.undone(await postUndo());
    if (choice.value !== SOURCE) await refresh();
    tell(words);
  }

  /** Change one value, null to take it away. */
  function set(at, value) {
    waiting += 1;
    return next(async () => {
      for (const each of [...again.children])
        if ([undefined, JSON.stringify(at)].includes(each.dataset.again)) each.remove();
      try {
        await postFact({ path: form.path, base: form.hash, at, value });
        actions.saved();
      } catch (error) {
        const places = error.answer?.findings?.slice(1) ?? [];
        if (value === null && places.length > 0) return showPlaces(error.answer.findings);
        if (error.status !== 409) throw error;
        const text = say("fact_again", { value: typeof value === "string" ? value : labelOf({ at }) });
        again.append(button(text, () => set(at, value), { "data-again": JSON.stringify(at) }));
      } finally {
        waiting -= 1;
        await refresh();
      }
      const isConflict = again.childElementCount > 0;
      tell(say(isConflict ? "fact_conflict" : "saved"), isConflict);
    });
  }

  /** Show the values of the file in all fields except the one that has the focus. */
  function showValues() {
    for (const each of leavesOf(form.fields)) {
      const input = document.getElementById(`fact-${each.at.join("-")}`);
      if (!input || input === document.activeElement) continue;
      if (each.kind === "flag") input.checked = each.value;
      else if (each.kind === "ticks")
        for (const box of input.querySelectorAll("input")) box.checked = each.value.includes(box.value);
      else input.value = each.kind === "lines" ? each.value.join("\n") : each.value;
    }
  }

  // ---------------------------------------------------------------- fields

  /** Return the fields; optional ones that are not in the file are folded. */
  function fieldsOf(fields) {
    const simple = fields.filter((each) => each.kind !== "text-only");
    const first = simple.filter((each) => each.there !== false || each.required);
    const rest = simple.filter((each) => !first.includes(each));
    const at = JSON.stringify(fields[0]?.at.slice(0, -1));
    return [
      ...first.map(fieldOf),
      rest.length > 0 && folded(say("facts_more"), `more ${at}`, rest.map(fieldOf)),
    ].filter(Boolean);
  }

  function folded(text, at, children) {
    return make(
      "details",
      { class: "card", "data-at": at },
      make("summary", { text }),
      make("div", { class: "stack" }, ...children),
    );
  }

  function fieldOf(each) {
    if (each.kind === "items") return itemsOf(each);
    if (each.kind === "group") {
      if (form.kind === "audiences") return removable(each, summaryOf(each) || each.at[0]);
      return make("fieldset", { class: "stack card" }, make("legend", { text: labelOf(each) }), ...fieldsOf(each.fields));
    }
    return inputOf(each, (value) => set(each.at, value));
  }

  /** Return the fields of an item that can be removed. */
  function removable({ at, fields }, title) {
    const remove = button(say("fact_remove"), () => set(at, null), { "data-at": `remove ${JSON.stringify(at)}` });
    return folded(title, JSON.stringify(at), [...fieldsOf(fields), make("div", {}, remove)]);
  }

  /** Return the form for new readers. */
  function newAudience() {
    const set = { id: "new-audience", "data-at": "new audience", required: true, "aria-describedby": "new-audience-what" };
    const input = make("input", { type: "text", maxlength: 60, ...set });
    const add = (event) => {
      event.preventDefault();
      next(async () => {
        const title = input.value.trim();
        await postAudience(title);
        input.value = "";
        actions.saved();
        await refresh();
        tell(say("audience_added", { who: title }));
      });
    };
    const what = make("p", { class: "quiet", id: "new-audience-what", text: say("audience_help") });
    const label = make("label", { for: "new-audience", class: "fact-name", text: say("audience_title") });
    const start = make("div", {}, make("button", { class: "strong", text: say("audience_add") }));
    const fields = make("div", { class: "fact" }, label, what, input);
    return folded(say("audience_add"), "add audience", [make("form", { class: "stack", on: { submit: add } }, fields, start)]);
  }

  /** Show where something is still named that therefore cannot be removed; the first finding says so. */
  function showPlaces([why, ...findings]) {
    const places = findings.slice(0, MOST_PLACES).map(({ file, line, column }) => {
      const go = () => {
        dialog.close();
        actions.go(file, line, column);
      };
      return button(say("finding_place", { title: titleOf(file), n: line }), go, { class: "plain" });
    });
    tell([why.message, why.hint].join(" – "), true);
    again.replaceChildren(...places);
  }

  function itemsOf(each) {
    const items = each.items.map((item) => removable(item, summaryOf(item)));
    const heading = each.what && make("p", { class: "fact-name", text: labelOf(each) });
    const isFull = each.most > 0 && each.items.length >= each.most;
    return make("div", { class: "stack" }, heading, ...items, !isFull && blankOf(each));
  }

  /** Return the form for a further item, which is saved as a whole. */
  function blankOf(each) {
    const values = {};
    const inputs = each.blank
      .filter((one) => one.kind !== "text-only")
      .map((one) => {
        const name = one.at.at(-1);
        if (one.required) values[name] = one.kind === "day" ? "" : one.value;
        return inputOf(one, (value) => (values[name] = value), true);
      });
    const save = (event) => {
      event.preventDefault();
      const said = Object.entries(values).filter(([name, value]) => {
        const { required } = each.blank.find((one) => one.at.at(-1) === name);
        return required || (value !== "false" && value.length > 0);
      });
      set([...each.at, each.items.length], Object.fromEntries(said));
    };
    const adding = make(
      "form",
      { class: "stack", on: { submit: save } },
      ...inputs,
      make("div", {}, make("button", { class: "strong", text: say("fact_add") })),
    );
    return folded(say("fact_add"), `add ${JSON.stringify(each.at)}`, [adding]);
  }

  // ---------------------------------------------------------------- what is wrong

  /** Show each finding of the file at its field, and those without a field above all fields. */
  function showFindings() {
    const all = [...form.findings, ...knownFindings().filter((each) => each.file === form.path)];
    const findings = [...new Map(all.map((each) => [`${each.line} ${each.column} ${each.message}`, each])).values()];
    const fields = leavesOf(form.fields);
    for (const problem of body.querySelectorAll(".fact > .problem")) problem.replaceChildren();
    for (const input of body.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    body.querySelector(".facts-findings")?.remove();
    const rest = [];
    for (const finding of findings) {
      const at = ({ places }) => places.some(([line, column]) => line === finding.line && column === finding.column);
      const near = ({ places }) => places.some(([line]) => line === finding.line);
      const place = fields.find(at) ?? fields.find(near);
      const input = place && document.getElementById(`fact-${place.at.join("-")}`);
      const words = findingInWords(finding);
      if (!input) {
        rest.push(
          make(
            "li",
            { class: `finding ${finding.severity}` },
            button(words, () => openText(finding.line ?? 1, finding.column ?? 1), { class: "plain" }),
          ),
        );
        continue;
      }
      document.getElementById(`${input.id}-problem`).append(make("span", { class: finding.severity, text: words }));
      if (finding.severity !== "error") continue;
      if (input.tagName !== "FIELDSET") input.setAttribute("aria-invalid", "true");
      input.closest("details")?.setAttribute("open", "");
    }
    if (rest.length > 0) body.prepend(make("ul", { class: "findings facts-findings" }, ...rest));
  }
}

/** Return an item in a few words: who, the number, and whether it is still to be confirmed. */
function summaryOf({ fields }) {
  const value = (name) => fields.find((each) => each.at.at(-1) === name)?.value;
  const asked = value("confirmed_on") === "" ? say("fact_unconfirmed") : null;
  return [value("name"), value("number"), asked].filter(Boolean).join(" · ");
}

/** Return the fields that hold one value each. */
const leavesOf = (fields) =>
  fields.flatMap((each) => {
    const inside = each.fields ?? each.items?.flatMap((item) => item.fields);
    return inside ? leavesOf(inside) : [each];
  });
