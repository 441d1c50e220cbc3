// The middle: the pages or slides for one or two readers, their figures, turning pages, and zoom.

import { change, known, sectionOf, watch } from "./store.js";
import { afterwards, button, byId, make, openDialog } from "./elements.js";
import { getPages, getView } from "./server.js";
import { hideBanner, showBanner } from "./banners.js";
import { makePane } from "./pane.js";
import { canSay, say } from "./words.js";
import { requestOf } from "./choices.js";
import { makeComparison } from "./comparing.js";
import { makeTimer } from "./timer.js";

const NOT_THERE = "usage"; // the code if nothing exists for the choices, without a mistake in the text
const SOON = 200; // milliseconds until pages are requested again whose pictures the server no longer has
const ZOOMS = [0.25, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4];

/**
 * Show what is chosen now, and whenever it changes. `go` opens a place of the text, `showFindings` what
 * is to mend. Returns {refresh, reveal}.
 */
export function startReading(go, failed, showFindings) {
  const again = afterwards(() => refresh(), SOON);
  const main = makePane({ go, turned: showPlace, missing: again });
  const second = makePane({ go, turned: () => {}, missing: again });
  byId("panes").append(main.element);
  const showTimer = makeTimer(main);
  const showDifferences = makeComparison([main, second], go);
  let zoom = 1;
  let latest = null;
  let newest = null;
  let shownChoice = "";

  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  byId("smaller").addEventListener("click", () => zoomTo(ZOOMS.findLast((each) => each < zoom - 0.01) ?? zoom));
  byId("larger").addEventListener("click", () => zoomTo(ZOOMS.find((each) => each > zoom + 0.01) ?? zoom));
  byId("fit").addEventListener("click", () => zoomTo(1));
  byId("explain-figures").addEventListener("click", explainFigures);
  watch(["choice", "beside"], refresh);
  watch(["file", "line"], markPlace);
  zoomTo(1);

  /** Show what is chosen; resolves when the newest request is shown. */
  async function refresh() {
    newest = ask();
    for (let seen = null; seen !== newest;) await (seen = newest);
  }

  /** Show the chosen pages, and then their details; answers to older requests are dropped. */
  async function ask() {
    const { choice, beside } = known();
    latest?.abort();
    const asked = new AbortController();
    latest = asked;
    const panes = beside ? [main, second] : [main];
    const requests = panes.map((_, at) => ({ ...requestOf(choice), audience: at === 0 ? choice.audience : beside }));
    const name = JSON.stringify([choice, beside]);
    const anew = name !== shownChoice;
    const front = main.front(); // before a second reader beside it makes it narrower
    main.busy(true);
    try {
      const pages = await Promise.all(requests.map((request) => getPages(request, asked.signal)));
      if (asked !== latest) return;
      if (beside && !second.element.isConnected) byId("panes").append(second.element);
      if (!beside) second.element.remove();
      await Promise.all(panes.map((pane, at) => pane.draw(pages[at])));
      if (asked !== latest) return;
      main.busy(false);
      const views = await Promise.all(requests.map((request) => getView(request, asked.signal)));
      if (asked !== latest) return;
      shownChoice = name;
      show(views, choice, beside, anew && (known().file ? known() : front));
    } catch (error) {
      if (error.name !== "AbortError") failed(error);
    } finally {
      if (asked === latest) main.busy(false);
    }
  }

  /** Show views, and turn to a `place` if there is one. */
  function show([view, other], choice, beside, place) {
    tellOfMistakes([view, other].filter((each) => each?.stale));
    hideBanner("failed");
    main.show(view, choice.audience, Boolean(beside));
    if (beside) second.show(other, beside, true);
    change({ view: other ? { ...view, findings: [...view.findings, ...other.findings] } : view });
    showFigures(view);
    showTimer(view);
    markFindings();
    showDifferences(choice, beside);
    if (place) for (const pane of beside ? [second, main] : [main]) turnToPlace(pane, place);
    showPlace();
    markPlace();
  }

  /** Turn to what was written at a line of a file, or to the first page if that is on none. */
  function turnToPlace(pane, { file, line }) {
    pane.toTop();
    if (file) pane.reveal(file, line);
  }

  /** Show above the pages why they are out of date or missing. */
  function tellOfMistakes(stale) {
    if (stale.length === 0) return hideBanner("stale");
    const [{ pages, findings }] = stale;
    if (findings.some((each) => each.code === NOT_THERE)) return showBanner("stale", say("nothing_for_them"));
    const tools = [button(say("see_why"), showFindings)];
    return showBanner("stale", say(pages.length ? "stale" : "nothing_to_show"), { bad: true, tools });
  }

  function zoomTo(factor) {
    zoom = factor;
    main.zoomTo(zoom);
    second.zoomTo(zoom);
    byId("fit").textContent = say("fit", { n: Math.round(zoom * 100) });
    byId("smaller").disabled = zoom <= ZOOMS[0];
    byId("larger").disabled = zoom >= ZOOMS.at(-1);
  }

  function turn(by) {
    for (const pane of known().beside ? [main, second] : [main]) pane.turnTo(pane.place().at + by);
    showPlace();
  }

  function showPlace() {
    const { view } = known();
    const { at, of } = main.place();
    const key = view?.kind === "slides" ? "slide_n" : "page_n";
    const text = of ? say(key, { n: at + 1, m: of }) : "";
    if (byId("place").textContent !== text) byId("place").textContent = text;
    byId("previous").disabled = at <= 0;
    byId("next").disabled = at >= of - 1;
    change({ page: at });
  }

  function markPlace() {
    const { file, line } = known();
    for (const pane of [main, second]) pane.mark({ here: file ? `${file}:${line}` : null });
  }

  function markFindings() {
    const wrong = new Set(
      (known().view?.findings ?? [])
        .filter((finding) => sectionOf(finding.file))
        .map((finding) => `${finding.file}:${finding.line}`),
    );
    for (const pane of [main, second]) pane.mark({ wrong });
  }

  /** Scroll to the line of the cursor on the page, with the focus if `focus`; returns whether it is on a page. */
  function reveal(focus = false) {
    const { file, line } = known();
    return Boolean(file) && main.reveal(file, line, focus);
  }

  return { refresh, reveal };
}

function showFigures({ figures, kind }) {
  const rows = [
    [kind === "slides" ? "slides" : "pages", figures.pages],
    ["words", figures.words?.toLocaleString()],
    ["grade", figures.grade?.toFixed(1)],
    ["minutes", figures.minutes ? Math.round(figures.minutes) : null],
    ["points_missing", figures.missing_points === 0 ? say("points_none") : figures.missing_points],
    ["review", reviewInWords(figures.review)],
  ].filter(([, value]) => value !== null && value !== undefined && value !== "");
  byId("figures").replaceChildren(
    ...rows.map(([key, value]) =>
      make("div", {}, make("dt", { text: say(`figure_${key}`) }), make("dd", { text: String(value) })),
    ),
  );
}

/** Say what the figures mean that are no mere counts. */
function explainFigures() {
  const rows = ["grade", "points_missing", "review"].map((key) =>
    make("div", {}, make("dt", {}, make("strong", { text: say(`figure_${key}`) })), make("dd", { text: say(`means_${key}`) })),
  );
  openDialog(say("figures_help"), say("close"), make("dl", { class: "stack" }, ...rows));
}

function reviewInWords(review) {
  const key = `review_${review}`.replaceAll(" ", "_");
  return review && canSay(key) ? say(key) : review;
}
