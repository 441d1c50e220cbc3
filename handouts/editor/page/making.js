// The dialog in which files are made: for whom, what, in which form; progress; the files.

import { audienceNamed, chosenTopic, countBySeverity, known } from "./store.js";
import { button, field, fillSelect, make, oneAtATime, openDialog, tick } from "./elements.js";
import { archiveAddress, cancelJob, downloadAddress, getJob, postBuild, postFolder, postRecipients } from "./server.js";
import { findingInWords, hintOf } from "./hints.js";
import { say, sayCount } from "./words.js";
import { wayTo } from "./mending.js";
import { optionsFor, templatesFor, usualPaper, wordsFor } from "./choices.js";

const FORMATS = ["pdf", "pptx", "html", "docx", "slides-pdf", "notes-pdf"];
const USUAL = ["pdf", "pptx"];
const MOST_FILES = 20; // in the list at a time
// Headings that the reader of tables knows, by the field that they fill; `printed_…` are words for where it is printed.
const COLUMNS = {
  name: "Clinic name",
  phone: "Phone",
  address: "Address",
  hours: "Hours",
  web: "Web",
  line: "Line 1 name, Line 1 number … Line 5 name, Line 5 number",
};
const LOOK_AGAIN = 400; // milliseconds between two requests for the progress
const LONG = 90; // seconds, above which minutes are shown
const TIMES_SAID = 4; // how often the progress is read aloud

/**
 * Open the dialog. `ready` saves unsaved text, `failed` shows an error, `go` opens a place in the text and `form` in a
 * form.
 */
export function openMaking({ ready, failed, go, form: fillIn }) {
  const { project, choice } = known();
  const topic = chosenTopic();
  const templates = [...new Map(topic.audiences.flatMap(templatesFor).map((each) => [each.value, each])).values()];
  const { country, edition, paper } = project.choices;
  const readers = topic.audiences.map((name) => ({ value: name, text: audienceNamed(name).label }));
  const set = make("select");
  fillSelect(set, [{ value: "", text: say("no_set") }, ...optionsFor("set", project.sets)], "");
  const own = make(
    "div",
    { class: "stack" },
    ticks("audiences", readers, [choice.audience]),
    ticks("templates", templates, [choice.template]),
    ticks("formats", optionsFor("format", FORMATS), USUAL),
    ticks("editions", optionsFor("edition", edition), [choice.edition || "standard"]),
    ticks("countries", optionsFor("country", country), choice.country ? [choice.country] : []),
    ticks("papers", optionsFor("paper", paper), [choice.paper || usualPaper(choice.country)]),
  );
  const boxes = (name) => [...own.querySelectorAll(`[name="${name}"] input`)];
  const papers = own.querySelector('[name="papers"]');
  papers.append(make("p", { class: "quiet", text: say("make_papers_help", { paper: wordsFor("paper", usualPaper("")) }) }));
  let isPaperChosen = Boolean(choice.paper);
  papers.addEventListener("change", () => (isPaperChosen = true));
  own.querySelector('[name="countries"]').addEventListener("change", () => {
    const countries = boxes("countries").filter((each) => each.checked);
    const usual = (countries.length ? countries : [{ value: "" }]).map((each) => usualPaper(each.value));
    if (!isPaperChosen) for (const each of boxes("papers")) each.checked = usual.includes(each.value);
  });
  const problem = make("p", { role: "alert", id: "make-problem" });
  const start = make("button", { class: "strong", text: say("make_files"), id: "make-start", "aria-describedby": problem.id });
  const recipients = makeRecipients(failed, (why) => {
    start.disabled = why !== null;
    problem.textContent = why ?? "";
  });
  const form = make(
    "form",
    { method: "dialog" },
    project.sets.length > 0 && field(say("which_set"), set),
    own,
    recipients.element,
    problem,
    make("div", {}, start),
  );
  const outcome = make("div", { class: "stack", hidden: true });
  const dialog = openDialog(say("make_title"), say("close"), form, outcome);
  recipients.dropOn(dialog);
  set.addEventListener("change", () => {
    own.hidden = Boolean(set.value);
  });
  const begin = oneAtATime(build);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin();
  });

  /** Make the files that are chosen, and show the progress and the outcome. */
  async function build() {
    const order = set.value
      ? { topic: topic.name, sets: [set.value] }
      : { topic: topic.name, minutes: choice.minutes ? [Number(choice.minutes)] : [] };
    if (!set.value)
      for (const box of own.querySelectorAll("fieldset"))
        order[box.name] = [...box.querySelectorAll("input:checked")].map((each) => each.value);
    if (recipients.token()) order.recipients = recipients.token();
    const missing = set.value ? null : ["audiences", "templates", "formats"].find((key) => order[key].length === 0);
    problem.textContent = missing ? say(`none_of_${missing}`) : "";
    if (missing) return;
    try {
      await ready();
      const { job } = await postBuild(order);
      form.hidden = true;
      outcome.hidden = false;
      await follow(job);
    } catch (error) {
      form.hidden = false;
      outcome.hidden = true;
      problem.textContent = error.status ? error.message : say("lost_help");
    }
  }

  /** Return what closes the dialog and then does `act`. */
  function closing(act) {
    return (...place) => {
      dialog.close();
      act(...place);
    };
  }

  /** Show how far the job is until it has ended, then its files and findings. */
  async function follow(job) {
    const bar = make("progress", { "aria-label": say("make_title"), max: "1" });
    const far = make("p", { id: "make-progress", text: say("preparing") });
    const aloud = make("p", { class: "unseen", role: "status" });
    const cancel = button(say("cancel"), () => {
      cancel.disabled = true;
      cancelJob(job).catch(failed);
    });
    outcome.replaceChildren(bar, far, aloud, make("div", {}, cancel));
    cancel.focus();
    let said = -1; // the part of the whole that was said last
    for (;;) {
      const state = await getJob(job);
      if (state.total) {
        bar.max = state.total;
        bar.value = state.done;
        far.textContent = [say("made_so_far", { n: state.done, m: state.total }), timeLeft(state.seconds_left)]
          .filter(Boolean)
          .join(", ");
      }
      const part = Math.floor((TIMES_SAID * state.done) / (state.total || 1));
      if (part !== said) aloud.textContent = far.textContent;
      said = part;
      if (state.state !== "running") return showOutcome(state);
      if (!dialog.open) return undefined;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
    }
  }

  function showOutcome(state) {
    const { files, findings } = state;
    const { errors } = countBySeverity(findings);
    const title =
      state.state === "cancelled"
        ? say("was_cancelled")
        : errors > 0
          ? sayCount("could_not_make", errors)
          : sayCount("made", files.length);
    const heading = make("h3", { text: title, tabindex: "-1", id: "made" });
    const again = button(say("make_more"), () => {
      outcome.hidden = true;
      form.hidden = false;
      start.focus();
    });
    const report = reportOf(findings, errors > 0, closing(go), closing(fillIn));
    outcome.replaceChildren(heading, ...madeFiles(state), ...report, make("div", {}, again));
    heading.focus();
  }
}

/** Return the ways to the files of a job that has ended, and the list of them; nothing if there are none. */
function madeFiles({ job, files, folder }) {
  if (files.length === 0) return [];
  const told = make("p", { class: "quiet", role: "status", id: "made-in", text: say("files_are_in", { folder }) });
  const open = button(say("open_folder"), async () => {
    const { opened } = await postFolder(job).catch((error) => ({ why: error.message }));
    told.textContent = say(opened ? "folder_opened" : "folder_not_opened", { folder });
  });
  const all = files.length > 1 && make("a", { class: "button", href: archiveAddress(job), download: true, text: say("download_all") });
  return [make("div", { class: "together" }, open, all), told, listOf(files)];
}

/** Return the list of files to download: of many, those of which somebody types a part of the name. */
function listOf(files) {
  const list = make("ul", { class: "files", id: "made-files" });
  const shown = make("p", { class: "quiet", role: "status" });
  const find = make("input", { type: "search", id: "find-file", on: { input: show } });
  show();
  return files.length <= MOST_FILES ? list : make("div", { class: "stack" }, field(say("find_file"), find), shown, list);

  function show() {
    const asked = find.value.toLowerCase().split(/\s+/);
    const found = files.filter(({ file, recipient = "" }) => {
      const name = `${recipient} ${file}`.toLowerCase();
      return asked.every((word) => name.includes(word));
    });
    const first = found.slice(0, MOST_FILES);
    list.replaceChildren(...first.map(fileItem));
    shown.textContent = say(found.length > first.length ? "files_first" : "files_found", { n: first.length, m: found.length });
  }
}

function fileItem({ file, recipient, size, findings }) {
  const name = file.split("/").at(-1);
  const more = [recipient, sizeInWords(size), findings.length && sayCount("to_look_at", findings.length)];
  return make(
    "li",
    {},
    make("a", { href: downloadAddress(file), download: name, text: name }),
    make("span", { class: "quiet", text: more.filter(Boolean).join(", ") }),
  );
}

function reportOf(findings, isOpen, go, form) {
  if (findings.length === 0) return [];
  const items = findings.map((each) =>
    make(
      "li",
      { class: each.severity === "error" ? "finding error" : "finding" },
      make("p", { text: each.message }),
      hintOf(each) && make("p", { class: "hint", text: say("hint", { hint: hintOf(each) }) }),
      each.file && make("div", { class: "tools" }, wayTo(each, go, form)),
    ),
  );
  const summary = make("summary", { text: sayCount("report", findings.length) });
  return [make("details", { ".open": isOpen }, summary, make("ul", { class: "findings" }, ...items))];
}

function ticks(name, options, chosen) {
  return make(
    "fieldset",
    { name, hidden: options.length === 0 },
    make("legend", { text: say(`make_${name}`) }),
    ...options.map((each) => tick(each.text, chosen.includes(each.value), { value: each.value })),
  );
}

/**
 * Return the field for a table of recipients: chosen or dropped, then shown with its columns and first rows. `block` gets
 * why nothing can be made, null once that is over: without a table that was chosen, copies for nobody would be made.
 */
function makeRecipients(failed, block) {
  let token = "";
  let asked = 0; // tables that were chosen: only the last counts
  const input = make("input", { type: "file", accept: ".xlsx,.csv" });
  const shown = make("div", { class: "stack", role: "status" });
  const drop = make(
    "div",
    { class: "drop stack" },
    make("p", { class: "quiet", text: say("recipients_help") }),
    make("ul", { class: "columns" }, ...Object.entries(COLUMNS).map(([key, text]) => make("li", {}, ...columnHead(text, key)))),
    make("a", { href: "/page/clinics.csv", download: "clinics.csv", text: say("recipients_sample") }),
    field(say("recipients_file"), input),
    shown,
  );
  const element = make("details", {}, make("summary", { text: say("recipients") }), drop);
  input.addEventListener("click", () => (input.value = "")); // so that the same file, once mended, can be chosen again
  input.addEventListener("change", () => take(input.files[0]));
  return { element, token: () => token, dropOn };

  /** Take a file that is dropped anywhere on the dialog. */
  function dropOn(dialog) {
    const over = (isOver) => (event) => {
      event.preventDefault();
      drop.classList.toggle("over", isOver);
      if (isOver) element.open = true;
    };
    dialog.addEventListener("dragover", over(true));
    dialog.addEventListener("dragleave", over(false));
    dialog.addEventListener("drop", over(false));
    dialog.addEventListener("drop", (event) => {
      input.files = event.dataTransfer.files; // so that its name stands there
      take(input.files[0]);
    });
  }

  function clear() {
    asked += 1;
    token = "";
    block(null);
    input.value = "";
    shown.replaceChildren();
    input.focus();
  }

  async function take(file) {
    if (!file) return;
    const mine = (asked += 1);
    token = "";
    block(say("preparing"));
    try {
      const answer = await postRecipients(file);
      if (mine !== asked) return;
      token = answer.recipients;
      block(null);
      shown.replaceChildren(
        make("p", { text: sayCount("recipients_read", answer.count, { name: file.name }) }),
        make(
          "div",
          { class: "scrolls", tabindex: "0", role: "region", "aria-label": say("recipients_rows") },
          make(
            "table",
            {},
            make("thead", {}, make("tr", {}, ...answer.columns.map(({ heading, field }) => make("th", { scope: "col" }, ...columnHead(heading, field))))),
            make(
              "tbody",
              {},
              ...answer.rows.map((row) =>
                make("tr", {}, ...row.map((text) => make("td", { text: String(text ?? "") }))),
              ),
            ),
          ),
        ),
        ...problemsOf(answer.found),
        make("div", {}, button(say("recipients_none"), clear)),
      );
    } catch (error) {
      if (mine !== asked) return;
      const findings = error.answer?.findings ?? [];
      const { errors } = countBySeverity(findings);
      block(say("recipients_refused"));
      shown.replaceChildren(
        make("p", { text: error.status ? sayCount("recipients_wrong", errors, { name: file.name }) : say("lost_help") }),
        ...problemsOf(findings),
        make("div", {}, button(say("recipients_none"), clear)),
      );
      if (error.status === 0) failed(error);
    }
  }
}

/** Return a heading of a table with where its column is printed, struck out if it is not. */
function columnHead(heading, field) {
  const where = field ? say(`printed_${field.replace(/^line.*/, "line")}`) : say("not_printed");
  return [make(field ? "strong" : "s", { text: heading }), make("span", { class: "where", text: where })];
}

/** Return what is wrong with a table, each in a line. */
function problemsOf(findings) {
  const lines = findings.map((each) => {
    const what = findingInWords(each);
    return make("li", { class: `finding ${each.severity}`, text: each.line ? say("row_says", { n: each.line, what }) : what });
  });
  return lines.length > 0 ? [make("ul", { class: "findings" }, ...lines)] : [];
}

function sizeInWords(bytes) {
  if (!bytes) return "";
  return bytes < 1_000_000
    ? say("kilobytes", { n: Math.max(1, Math.round(bytes / 1000)) })
    : say("megabytes", { n: (bytes / 1_000_000).toFixed(1) });
}

/** Return how long it will take in words, "" once there is nothing left. */
function timeLeft(seconds) {
  if (!seconds) return "";
  return seconds > LONG
    ? say("minutes_left", { n: Math.round(seconds / 60) })
    : sayCount("seconds_left", Math.ceil(seconds));
}
