// Two readers side by side: the differences, marked on the pages and listed below them.

import { audienceNamed } from "./store.js";
import { button, byId, make } from "./elements.js";
import { getComparison } from "./server.js";
import { say, sayCount } from "./words.js";

/** Return a function that lists the differences between two readers and marks them in `panes`. `go` opens a place. */
export function makeComparison(panes, go) {
  let latest = null;
  const box = byId("differences");

  return async ({ topic, language, audience }, beside) => {
    const asked = (latest = {});
    const answer = beside
      ? await getComparison({ topic, language, left: audience, right: beside }).catch(() => null)
      : null;
    if (asked !== latest) return;
    box.hidden = !answer;
    const sections = answer?.sections ?? [];
    const differing = sections
      .map((section) => ({ section, rows: section.parts.flatMap((part) => part.rows.filter((row) => !row.same)) }))
      .filter((each) => each.rows.length > 0);
    ["left", "right"].forEach((side, at) => {
      const places = differing.flatMap(({ section, rows }) =>
        rows.filter((row) => row[side]).map((row) => `${section.file}:${row[side].line}`),
      );
      panes[at].mark({ only: new Set(places) });
    });
    byId("differences-heading").textContent = say("differences", {
      left: audienceNamed(audience).label,
      right: audienceNamed(beside).label,
    });
    byId("differences-list").replaceChildren(...differing.map((each) => differencesOf(each, [audience, beside], go)));
  };
}

function differencesOf({ section, rows }, audiences, go) {
  const cell = (sentence) =>
    make(
      "td",
      {},
      sentence
        ? button(sentence.text, () => go(section.file, sentence.line, sentence.column), { class: "plain" })
        : make("span", { class: "quiet", text: say("nothing_there") }),
    );
  const list = make(
    "details",
    {},
    make("summary", { text: `${section.title}: ${sayCount("sentences", rows.length)}` }),
  );
  list.addEventListener("toggle", () => {
    if (!list.open || list.childElementCount > 1) return;
    list.append(
      make(
        "table",
        {},
        make(
          "thead",
          {},
          make("tr", {}, ...audiences.map((name) => make("th", { scope: "col", text: audienceNamed(name).label }))),
        ),
        make("tbody", {}, ...rows.map((row) => make("tr", {}, cell(row.left), cell(row.right)))),
      ),
    );
  });
  return list;
}
