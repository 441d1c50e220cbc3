// The beginning: loads the words and the project, starts each part of the page, and passes on what the server tells.

import { byId, button, make, oneAtATime, openDialog } from "./elements.js";
import { audienceNamed, change, known, mayWrite, sectionOf, watch } from "./store.js";
import { getProject, listen, postEnd, postRedo, postUndo } from "./server.js";
import { hideBanner, showBanner } from "./banners.js";
import { loadWords, say } from "./words.js";
import { openFacts } from "./facts.js";
import { openGallery } from "./gallery.js";
import { openHistory } from "./history.js";
import { openMaking } from "./making.js";
import { possibleChoice, startChoices } from "./choices.js";
import { startMending } from "./mending.js";
import { startReading } from "./reading.js";
import { startSections } from "./sections.js";
import { startTabs, showPanel } from "./tabs.js";
import { startWriting } from "./writing.js";
import { titleOf } from "./titles.js";

const REMEMBERED = "what was open";
const TOLD = 6000; // milliseconds that a short message stays

await loadWords();
startTabs();

const left = remembered();
change({ choice: left.choice ?? {} });
let source = null;
let ended = false;
let refreshing = null;
let telling = 0;
const openForms = oneAtATime(openFacts);
const writing = startWriting({ saved: () => refreshAll(), failed, back: () => showOnPage(), form: facts, tell, reveal });
const reading = startReading(
  (file, line, column) => go(file, line, column),
  failed,
  () => showPanel("text", "mend-tab"),
);
startChoices();
startSections(goAndReveal, goToNew);
startMending(goAndReveal, facts);
watch(["project", "file"], showTools);
await loadProject();
await openAgain(left);
connect();

byId("undo").addEventListener("click", () => step(postUndo, "undone"));
byId("redo").addEventListener("click", () => step(postRedo, "redone"));
const toBringBack = { ready: writing.flush, failed, restored: async (path) => tell(await rewritten({ path, line: 1 }, "restored")) };
byId("open-history").addEventListener("click", oneAtATime(() => openHistory(toBringBack)));
byId("open-facts").addEventListener("click", () => facts());
byId("open-gallery").addEventListener("click", openGallery);
byId("open-make").addEventListener("click", () => openMaking({ ready: writing.flush, failed, go: goAndReveal, form: facts }));
byId("end").addEventListener("click", end);
window.addEventListener("dragover", (event) => {
  const isTaken = event.defaultPrevented || byId("text-view").contains(event.target);
  if (isTaken || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault(); // the browser would show the file in place of the page
  event.dataTransfer.dropEffect = "none";
});

/** Return what was shown when the page was left; nothing if nobody knows. */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED)) ?? {};
  } catch {
    return {};
  }
}

/** Open the text that was open when the page was left, and remember from now on what is. */
async function openAgain({ file, line }) {
  if (sectionOf(file)) await writing.open(file, line, 1, { focus: false });
  watch(["choice", "file", "line"], (now) => {
    localStorage.setItem(REMEMBERED, JSON.stringify({ choice: now.choice, file: now.file, line: now.line }));
  });
}

/** Open a place of the text, and show the text where one panel is seen at a time. */
async function go(file, line, column) {
  showPanel("text", "text-tab");
  await writing.open(file, line, column);
}

/** Open a place of the text, and turn to the page on which it stands. */
async function goAndReveal(file, line, column) {
  await go(file, line, column);
  reading.reveal();
}

/** Open a section that was just begun, and turn to its page; say where it is if it is on none that is seen. */
async function goToNew(file) {
  showPanel("text", "text-tab");
  await writing.openNew(file);
  await loadProject();
  const made = say("section_made", { title: titleOf(file) });
  tell(reading.reveal() ? made : `${made} ${say("section_not_seen")}`);
}

/** Turn to the page of the writer's line once what was saved is seen. */
async function reveal() {
  await refreshing;
  reading.reveal();
}

/** Open the forms, at a file and a line if there is a `place`. */
function facts(place) {
  const undone = (step) => rewritten(step, "undone");
  return openForms({ ready: writing.flush, saved: refreshAll, undone, go, failed }, place);
}

function showOnPage() {
  showPanel("pages");
  const isThere = reading.reveal(true);
  const { file, line, choice, view } = known();
  const section = sectionOf(file);
  const readers = (section?.parts.findLast((each) => each.line <= line) ?? section)?.audiences ?? [];
  const labels = readers.map((name) => audienceNamed(name).label).join(", ");
  if (readers.length > 0 && !readers.includes(choice.audience))
    tell(say("not_theirs", { who: labels, reader: audienceNamed(choice.audience).label }));
  else if (!isThere) tell(say(view?.kind === "slides" ? "not_on_slide" : "not_on_page"));
}

/** Load the project; where it fails, keep what was there. */
async function loadProject() {
  try {
    const project = await getProject();
    const { choice } = known();
    const asked = known().project || !project.topic ? choice : { ...choice, topic: project.topic };
    const possible = possibleChoice(project, asked);
    change({ project });
    if (JSON.stringify(possible) === JSON.stringify(choice)) await reading.refresh();
    else change({ choice: possible });
  } catch (error) {
    failed(error);
  }
}

/** Show at once what a save has changed: the pages first, then the marks of the sections. */
function refreshAll() {
  refreshing = reading.refresh();
  refreshing.then(getProject).then((project) => change({ project }), failed);
}

function connect() {
  source = listen(
    {
      changed: async ({ version, files }) => {
        await refreshing; // of our own save, which the server tells, too
        if (version > (known().view?.version ?? 0)) await loadProject();
        if (files.includes(known().file)) await writing.reload();
      },
      ended: () => {
        ended = true;
        gone();
      },
    },
    () => {
      if (!ended) lostServer();
    },
    () => {
      hideBanner("lost");
    },
  );
}

function lostServer() {
  showBanner("lost", say("lost_help", { address: location.host }), { bad: true });
}

function gone() {
  source?.close();
  showBanner("lost", say("ended"), { bad: false });
}

/** Tell what went wrong, in words for a writer. */
function failed(error) {
  if (error.status === 0) lostServer();
  else if (error.status === 403) showBanner("failed", say("not_allowed"), { bad: true, tools: [closeBanner()] });
  else showBanner("failed", say("failed", { why: error.message }), { bad: true, tools: [closeBanner()] });
}

const closeBanner = () => button(say("close"), () => hideBanner("failed"));

/** Say a short message, which goes away by itself. */
function tell(text) {
  showBanner("told", text, { passing: true });
  clearTimeout(telling);
  telling = setTimeout(() => hideBanner("told"), TOLD);
}

/** Undo or redo one saved change of any file, and show where it was. */
async function step(act, words) {
  try {
    await writing.flush();
    tell(await rewritten(await act(), words));
  } catch (error) {
    failed(error);
  }
}

/** Show what undo, redo or a restored state has written, or taken away if there is no hash, and return that in words. */
async function rewritten({ path, hash, line, taken = "", back = "" }, key) {
  const isGone = hash === "";
  const gone = titleOf(path);
  if (isGone) {
    if (known().file === path) writing.close();
  } else if (known().file === path) await writing.reload({ follow: true });
  else await writing.open(path, line, 1, { focus: false });
  await loadProject();
  if (isGone) return say("undone_whole", { title: gone });
  const place = say(key, { title: titleOf(path), n: line });
  const plain = (words) => words.replaceAll(/^[#>|\s-]+|\{[^{}]*\}|^:{3,}.*/gm, "").replaceAll(/\s+/g, " ").trim(); // no signs
  const inWords = (key, words) => (plain(words) ? say(key, { words: plain(words) }) : "");
  return [place, inWords("words_taken", taken), inWords("words_back", back)].filter(Boolean).join(" ");
}

function showTools() {
  const { project, file } = known();
  byId("undo-tools").hidden = !mayWrite();
  byId("undo").disabled = !project?.can_undo;
  byId("redo").disabled = !project?.can_redo;
  byId("open-history").disabled = !file;
  byId("open-make").hidden = !mayWrite();
  byId("open-facts").hidden = !mayWrite();
  for (const id of ["open-make", "open-gallery"]) byId(id).disabled = !project?.topics.length;
}

function end() {
  const dialog = openDialog(
    say("end"),
    say("not_now"),
    make(
      "div",
      { class: "stack" },
      make("p", { text: say("end_help") }),
      make(
        "div",
        {},
        button(
          say("end_now"),
          async () => {
            await writing.flush();
            dialog.close();
            if (writing.isUnsaved()) return; // a message says why it could not be saved
            ended = true;
            await postEnd().catch(() => null);
            gone();
          },
          { class: "strong" },
        ),
      ),
    ),
  );
}
