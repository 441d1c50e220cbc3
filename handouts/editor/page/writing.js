// The right: the text of one section. It is saved automatically, but never over a change from elsewhere.

import {
  EditorState,
  EditorView,
  autocompletion,
  completionKeymap,
  defaultKeymap,
  drawSelection,
  highlightActiveLine,
  history,
  historyKeymap,
  keymap,
  lineNumbers,
  lintKeymap,
  search,
  searchKeymap,
  setDiagnostics,
} from "./vendor/codemirror.js";
import { afterwards, button, byId, make, oneAtATime, openDialog } from "./elements.js";
import { audienceNamed, change, chosenTopic, known, knownFindings, mayWrite, watch } from "./store.js";
import { getFile, postPicture, putFile } from "./server.js";
import { findingInWords } from "./hints.js";
import { marks, readersOfTopic } from "./marks.js";
import { hasForm, titleOf } from "./titles.js";
import { offerNames } from "./completing.js";
import { say } from "./words.js";
import { openAdding, wordsToReplace } from "./adding.js";
import { showPart } from "./parts.js";

// The phrases of CodeMirror, and the keys of our words for them.
const PHRASES = {
  Find: "find",
  Replace: "replace_with",
  next: "find_next",
  previous: "find_previous",
  all: "find_all",
  "match case": "find_case",
  regexp: "find_pattern",
  "by word": "find_words",
  replace: "replace",
  "replace all": "replace_all",
  close: "close",
  Completions: "offered_names",
  "current match": "find_here",
  "on line": "find_line",
  "replaced match on line $": "replaced_in",
  "replaced $ matches": "replaced",
  "Control character": "control_character",
  Diagnostics: "found_here",
  "No diagnostics": "nothing_to_mend",
};
const SECTION_ENDING = ".md";
const SAMPLE = /^.*Replace this:/m; // the first line to write over in a new section
const REST = 500; // milliseconds after the last key until the text is saved

/**
 * Build the editor. It calls `saved` after each save, `failed` with errors, `back` to show the cursor's place on the
 * page, `form` to show it in a form, `tell` with short messages, and `reveal` to turn to the page of the place.
 * Returns {open, openNew, reload, close, flush, isUnsaved}.
 */
export function startWriting({ saved, failed, back, form, tell, reveal }) {
  let open = { path: "", hash: "", text: "" };
  let saving = Promise.resolve();
  let conflict = null;
  let turn = 0; // counts the places that were asked for: only the last one is opened
  const saveSoon = afterwards(save, REST);
  const title = make("h2", { id: "open-title" });
  const name = make("p", { class: "quiet file-name" });
  const part = make("div", { id: "part" });
  const toPage = button(say("show_on_page"), () => back(), { title: say("show_on_page_key") });
  const toAdd = button(say("add"), oneAtATime(() => openAdding({ ready: flush, add: addBlock, failed })), { id: "add" });
  const toForm = button(say("facts_form"), () => form({ file: open.path, line: known().line }), { id: "to-form" });
  const tools = make("div", { class: "together", hidden: true }, toAdd, toForm, toPage);
  const box = make("div", { class: "editor" });
  byId("text-view").append(make("div", { class: "text-head" }, make("div", {}, title, name), tools), part, box);
  const view = new EditorView({ parent: box, state: stateOf("", "") });
  watch(["view"], showFindings);
  watch(["project"], () => {
    tellReaders();
    showTitle();
    if (open.path) showPart(part, view.state, partActions);
  });
  const partActions = { file: () => open.path, ready: flush, reload, saved, goToPart, failed, tell };
  showNothing();
  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved()) {
      flush();
      event.preventDefault();
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) flush();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault(); // wherever the cursor is, the browser saves no page
    saveSoon.now() ?? save();
  });

  function showNothing() {
    title.textContent = say("nothing_open");
    name.textContent = "";
    box.hidden = true;
    tools.hidden = true;
    part.replaceChildren(
      make(
        "div",
        { class: "stack" },
        ...["nothing_open_write", "nothing_open_read", "nothing_open_make"].map((key) => make("p", { text: say(key) })),
      ),
    );
  }

  function stateOf(text, path) {
    return EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(document.querySelector('meta[name="style-nonce"]').content),
        EditorView.contentAttributes.of({
          "aria-labelledby": "open-title",
          spellcheck: "true",
          tabindex: "0",
          lang: known().choice.language || "en",
        }),
        EditorState.readOnly.of(!mayWrite()),
        EditorState.phrases.of(Object.fromEntries(Object.entries(PHRASES).map(([phrase, key]) => [phrase, say(key)]))),
        keymap.of([
          {
            key: "Mod-Enter",
            run: () => {
              back();
              return true;
            },
          },
          ...completionKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...searchKeymap,
          ...lintKeymap,
        ]),
        lineNumbers(),
        highlightActiveLine(),
        drawSelection(),
        history(),
        search({ top: true }),
        EditorView.lineWrapping,
        path.endsWith(SECTION_ENDING) ? marks : [], // settings have neither parts nor readers
        autocompletion({ override: [offerNames], icons: false }),
        EditorView.updateListener.of(heard),
        EditorView.domEventHandlers({ drop: takePicture, paste: takePicture }),
      ],
    });
  }

  function heard(update) {
    if (update.docChanged && !update.transactions.some((each) => each.isUserEvent("reload"))) {
      tellSaved("saving");
      saveSoon();
    }
    if (update.docChanged || update.selectionSet) {
      change({ line: update.state.doc.lineAt(update.state.selection.main.head).number });
      showPart(part, update.state, partActions);
    }
  }

  /** Open a file at a place, and put the cursor there. */
  async function openAt(path, line = 1, column = 1, { focus = true } = {}) {
    turn += 1;
    const mine = turn;
    let answer = null;
    try {
      if (path !== open.path) answer = await getFile(path);
    } catch (error) {
      failed(error);
      return;
    }
    await flush();
    if (mine !== turn) return; // another place was asked for meanwhile
    if (path !== open.path) {
      if (!answer || isUnsaved()) return; // what cannot be saved stays where it is, and a message says why
      take(path, answer);
    }
    const at = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
    const place = Math.min(at.from + Math.max(0, column - 1), at.to);
    view.dispatch({ selection: { anchor: place }, effects: EditorView.scrollIntoView(place, { y: "center" }) });
    change({ file: path, line: at.number });
    if (focus) view.focus();
  }

  function take(path, answer) {
    open = { path, hash: answer.hash, text: answer.text };
    view.setState(stateOf(answer.text, path));
    box.hidden = false;
    tools.hidden = false;
    toAdd.hidden = !mayWrite() || !path.endsWith(SECTION_ENDING);
    toForm.hidden = !mayWrite() || !hasForm(path);
    change({ file: path, line: 1 });
    tellReaders();
    showTitle();
    showFindings();
    tellSaved("");
    showPart(part, view.state, partActions);
  }

  /**
   * Read the open file again after another program, undo or a tick has written it. The cursor stays where it is, or goes
   * to the change if `follow`.
   */
  async function reload({ follow = false } = {}) {
    const { path, hash } = open;
    if (!path || isUnsaved()) return undefined;
    let answer;
    try {
      answer = await getFile(path);
    } catch (error) {
      failed(error);
      return undefined;
    }
    if (open.path !== path || open.hash !== hash) return reload({ follow }); // opened or saved meanwhile
    if (isUnsaved() || answer.hash === hash) return undefined;
    open = { path, hash: answer.hash, text: answer.text };
    const now = view.state.doc.toString();
    const changes = differenceOf(now, answer.text);
    if (now !== answer.text)
      view.dispatch({
        changes,
        userEvent: "reload",
        ...(follow && { selection: { anchor: changes.from }, scrollIntoView: true }),
      });
    showPart(part, view.state, partActions);
    return undefined;
  }

  /** Close the open file, which has been deleted. */
  function close() {
    open = { path: "", hash: "", text: "" };
    view.setState(stateOf("", ""));
    change({ file: "", line: 1 });
    tellSaved("");
    showNothing();
  }

  /** Put the cursor into the first part below `line` that is for one audience alone, after it was split off. */
  function goToPart(line, audience) {
    for (let at = line + 1; at <= view.state.doc.lines; at += 1) {
      if (new RegExp(`\\{.*for="${audience}".*\\}`).test(view.state.doc.line(at).text)) {
        openAt(open.path, at + 1);
        return;
      }
    }
  }

  const textNow = () => view.state.doc.toString();
  const isUnsaved = () => Boolean(open.path) && textNow() !== open.text;

  function save() {
    saving = saving.then(saveNow);
    return saving;
  }

  async function saveNow() {
    const { path, hash } = open;
    const text = textNow();
    if (!path || conflict) return;
    if (text === open.text) {
      tellSaved("saved");
      return;
    }
    try {
      const answer = await putFile(path, hash, text);
      if (open.path === path) open = { path, hash: answer.hash, text };
      tellSaved(isUnsaved() ? "saving" : "saved");
      saved(answer);
    } catch (error) {
      tellSaved("unsaved");
      if (error.status === 409 && error.answer?.text !== undefined) askWhichText(path, error.answer);
      else failed(error);
    }
  }

  /** Save unsaved text now. */
  function flush() {
    saveSoon.now();
    return isUnsaved() ? save() : saving;
  }

  function askWhichText(path, theirs) {
    conflict = theirs;
    const mine = textNow();
    const dialog = openDialog(
      say("conflict_title"),
      say("later"),
      make(
        "div",
        { class: "stack" },
        make("p", { text: say("conflict", { file: path }) }),
        make(
          "div",
          { class: "side-by-side" },
          make(
            "section",
            { class: "stack" },
            make("h3", { text: say("my_text") }),
            shownText(mine, theirs.text),
            button(say("keep_mine"), () => keep(mine), { class: "strong" }),
          ),
          make(
            "section",
            { class: "stack" },
            make("h3", { text: say("their_text") }),
            shownText(theirs.text, mine),
            button(say("take_theirs"), takeTheirs, { class: "strong" }),
          ),
        ),
      ),
    );
    dialog.addEventListener("close", () => {
      conflict = null;
    });

    async function keep() {
      dialog.close();
      conflict = null;
      open = { path, hash: theirs.hash, text: theirs.text };
      await save();
    }

    function takeTheirs() {
      dialog.close();
      conflict = null;
      open = { path, hash: theirs.hash, text: theirs.text };
      view.dispatch({ changes: differenceOf(mine, theirs.text), userEvent: "reload" });
      tellSaved("saved");
      saved(theirs);
    }
  }

  function tellReaders() {
    const topic = chosenTopic();
    if (!topic) return;
    const audiences = Object.fromEntries(topic.audiences.map((each) => [each, audienceNamed(each)]));
    view.dispatch({ effects: readersOfTopic.of({ all: topic.audiences, audiences, everyone: say("everyone") }) });
  }

  function showTitle() {
    if (!open.path) return;
    title.textContent = titleOf(open.path);
    name.textContent = open.path;
  }

  function showFindings() {
    const findings = knownFindings().filter((each) => each.file === open.path && each.line);
    view.dispatch(
      setDiagnostics(
        view.state,
        findings
          .filter((each) => each.line <= view.state.doc.lines)
          .map((finding) => {
            const line = view.state.doc.line(finding.line);
            const from = Math.min(line.from + Math.max(0, (finding.column ?? 1) - 1), line.to);
            const word = /^\W*[\w’'-]*/.exec(line.text.slice(from - line.from))[0].length;
            return {
              from,
              to: Math.min(from + Math.max(word, 1), line.to),
              severity: finding.severity,
              message: findingInWords(finding),
            };
          }),
      ),
    );
  }

  /** Insert a block below a line, select its first words, and turn to its page. */
  async function addBlock(text, below) {
    const line = view.state.doc.line(Math.min(below, view.state.doc.lines));
    const next = line.number < view.state.doc.lines ? view.state.doc.line(line.number + 1).text.trim() : "";
    const before = line.text.trim() ? "\n\n" : "\n";
    const sample = text.trim();
    view.dispatch({
      changes: { from: line.to, insert: `${before}${sample}${next ? "\n" : ""}` },
      userEvent: "input.add",
    });
    selectWords(line.to + before.length, sample);
    await flush();
    reveal();
  }

  /** Select the words to write over in a sample that begins at an offset. */
  function selectWords(at, sample) {
    const { from, to } = wordsToReplace(sample);
    view.dispatch({
      selection: { anchor: at + from, head: at + to },
      effects: EditorView.scrollIntoView(at + from, { y: "center" }),
    });
    view.focus();
  }

  /** Open a section that was just begun, with the first of its samples selected. */
  async function openNew(path) {
    await openAt(path);
    if (open.path !== path) return;
    const first = SAMPLE.exec(open.text)?.index ?? 0;
    selectWords(first, open.text.slice(first));
  }

  function takePicture(event, editor) {
    const file = [...((event.dataTransfer ?? event.clipboardData)?.files ?? [])].find((each) =>
      /^image\//.test(each.type),
    );
    if (!file || !mayWrite()) return false;
    event.preventDefault();
    const at =
      event.type === "drop"
        ? (editor.posAtCoords({ x: event.clientX, y: event.clientY }) ?? editor.state.selection.main.head)
        : editor.state.selection.main.head;
    const { path } = open;
    postPicture(file).then((answer) => {
      const fence = `::: {.picture file="${answer.name}"}`;
      if (open.path !== path) return tell(say("picture_kept", { fence, title: titleOf(path) })); // another was opened
      const line = editor.state.doc.lineAt(Math.min(at, editor.state.doc.length));
      const shown = `${fence}\n${say("picture_caption")}`;
      const block = `\n\n${shown}\n\n::: {.alt}\n${say("picture_alt")}\n:::\n:::\n`;
      editor.dispatch({ changes: { from: line.to, insert: block }, selection: { anchor: line.to + block.length } });
      return tell(say("picture_added", { name: file.name }));
    }, failed);
    return true;
  }

  return { open: openAt, openNew, reload, close, flush, isUnsaved };
}

function tellSaved(key) {
  const text = key ? say(key) : "";
  byId("saved").classList.toggle("bad", key === "unsaved");
  if (byId("saved").textContent !== text) byId("saved").textContent = text;
}

/** Return the smallest change that makes `before` into `after`, as CodeMirror takes it. */
function differenceOf(before, after) {
  let from = 0;
  const shorter = Math.min(before.length, after.length);
  while (from < shorter && before[from] === after[from]) from += 1;
  let same = 0;
  while (same < shorter - from && before[before.length - 1 - same] === after[after.length - 1 - same]) same += 1;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}

/** Return a text with the lines marked that `other` does not have. */
function shownText(text, other) {
  const theirs = new Set(other.split("\n"));
  return make(
    "pre",
    { tabindex: "0" },
    ...text
      .split("\n")
      .map((line) => (theirs.has(line) ? `${line}\n` : make("span", { class: "differs", text: `${line}\n` }))),
  );
}
