// The right, second tab: the findings about what is shown, with their places, what to do, and what they mean.

import { button, byId, make } from "./elements.js";
import { getExplanation } from "./server.js";
import { hintOf, isFilledIn } from "./hints.js";
import { countBySeverity, knownFindings, watch } from "./store.js";
import { say, sayCount } from "./words.js";
import { titleOf } from "./titles.js";

const TEXT = /\.(md|ya?ml|j2|bib)$/; // files that can be opened

/** Show the findings now and whenever they change. `go` opens the place of one in the text, `form` in a form. */
export function startMending(go, form) {
  const tab = byId("mend-tab");
  const box = byId("mend-view");
  const summary = make("p", { class: "quiet", role: "status" });
  const list = make("ol", { class: "findings" });
  const explained = new Map(); // by code, so that what is open stays open, and is asked for once
  box.append(summary, list);
  watch(["view", "project"], show);
  show();

  function show() {
    const findings = knownFindings();
    const { errors, warnings } = countBySeverity(findings);
    const toLookAt = warnings > 0 && sayCount("to_look_at", warnings);
    tab.textContent = [say("mend_tab", { n: errors }), toLookAt].filter(Boolean).join(" · ");
    const counts = [errors > 0 && sayCount("to_mend", errors), toLookAt].filter(Boolean);
    const text = counts.join(", ") || say("nothing_to_mend");
    if (summary.textContent !== text) summary.textContent = text;
    const key = JSON.stringify(findings);
    if (list.dataset.shown === key) return;
    list.dataset.shown = key;
    list.replaceChildren(...findings.map(item));
  }

  function item(finding) {
    const hint = hintOf(finding);
    const isError = finding.severity === "error";
    return make(
      "li",
      { class: isError ? "finding error" : "finding" },
      make("p", { class: "kind", text: say(isError ? "kind_error" : "kind_warning") }),
      make("p", { text: finding.message }),
      hint && make("p", { class: "hint", text: say("hint", { hint }) }),
      make(
        "div",
        { class: "tools" },
        wayTo(finding, go, form),
        finding.code && explanation(finding.code),
      ),
    );
  }

  function explanation(code) {
    const kept = explained.get(code) ?? {};
    explained.set(code, kept);
    const details = make("details", { ".open": Boolean(kept.open) }, make("summary", { text: say("what_it_means") }));
    details.addEventListener("toggle", async () => {
      kept.open = details.open;
      if (!details.open || details.childElementCount > 1) return;
      kept.text ??= await getExplanation(code).catch(() => null);
      if (details.childElementCount === 1) details.append(inWords(kept.text));
    });
    return details;
  }
}

/** Return the button that opens the place of a finding, its text by `go` or its form by `form`; null without a place. */
export function wayTo(finding, go, form) {
  const { file, line, column } = finding;
  if (!file) return null;
  const title = titleOf(file);
  if (isFilledIn(finding)) return button(say("fill_in", { title }), () => form(finding));
  const place = line ? say("finding_place", { title, n: line }) : title;
  if (!TEXT.test(file)) return make("span", { class: "quiet", text: place });
  return button(say("go_to", { place }), () => go(file, line ?? 1, column ?? 1), { class: "plain" });
}

function inWords(text) {
  if (!text) return make("p", { class: "quiet", text: say("no_explanation") });
  const rows = ["what", "why", "mend"]
    .filter((key) => text[key])
    .map((key) => [make("dt", { text: say(`explain_${key}`) }), make("dd", { text: text[key] })]);
  const examples = ["wrong", "right"]
    .filter((key) => text[key])
    .map((key) => [make("dt", { text: say(`explain_${key}`) }), make("dd", {}, make("pre", { text: text[key] }))]);
  const allowed =
    text.allow && text.allow !== "never"
      ? [make("dt", { text: say("explain_allow") }), make("dd", { text: say("allow_help", { code: text.code }) })]
      : [];
  return make("dl", {}, ...rows.flat(), ...examples.flat(), ...allowed);
}
