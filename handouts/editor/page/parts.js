// Above the text: the part around the cursor, who reads it, and the choice to split it for one reader.

import { audienceNamed, mayWrite } from "./store.js";
import { fillSelect, make, tick } from "./elements.js";
import { postReaders, postSplit } from "./server.js";
import { placeIn } from "./marks.js";
import { say } from "./words.js";

/**
 * Show the part at the cursor in `box`. `actions`: file(), ready(), reload(), saved(), goToPart(line, audience),
 * failed(error), tell(text).
 */
export function showPart(box, state, actions) {
  const { part: line, section } = placeIn(state);
  const heading = line ? state.doc.line(line).text : "";
  const key = [actions.file(), line, heading, mayWrite(), section.join()].join("\n");
  if (box.dataset.shown === key) return;
  box.dataset.shown = key;
  if (!line || section.length < 2) {
    box.replaceChildren();
    return;
  }
  const held = box.contains(document.activeElement) ? (document.activeElement.dataset.audience ?? "split") : null;
  const readers = placeIn(state, state.doc.line(line).from).readers;
  const name = /^##\s+([^{]*)/.exec(heading)[1].trim();
  const boxes = section.map((audience) =>
    tick(audienceNamed(audience).label, readers.includes(audience), {
      disabled: !mayWrite(),
      "data-audience": audience,
      on: { change: (event) => tickReader(audience, event.target) },
    }),
  );
  const legend = make("legend", {}, make("strong", { text: name }), ` ${say("is_read_by")}`);
  box.replaceChildren(make("div", { class: "part" }, make("fieldset", {}, legend, ...boxes), splitChoice()));
  if (held) box.querySelector(held === "split" ? "select" : `[data-audience="${held}"]`)?.focus();

  async function tickReader(audience, input) {
    const wanted = section.filter((each) => (each === audience ? input.checked : readers.includes(each)));
    if (wanted.length === 0) {
      input.checked = true;
      actions.tell(say("somebody_must_read"));
      return;
    }
    await write(() => postReaders(actions.file(), line, wanted), null);
  }

  function splitChoice() {
    const others = readers.length > 1 ? readers : [];
    if (!mayWrite() || others.length === 0) return null;
    const select = make("select");
    fillSelect(
      select,
      [
        { value: "", text: say("split_choose") },
        ...others.map((each) => ({ value: each, text: audienceNamed(each).label })),
      ],
      "",
    );
    select.addEventListener(
      "change",
      () => select.value && write(() => postSplit(actions.file(), line, select.value), select.value),
    );
    return make("label", { class: "field" }, make("span", { text: say("split") }), select);
  }

  /** Save unsaved text, run `act`, which changes the file on the server, and show the result. */
  async function write(act, split) {
    try {
      await actions.ready();
      await act();
      box.dataset.shown = "";
      await actions.reload();
      actions.saved();
      if (split) actions.goToPart(line, split);
      if (split) actions.tell(say("split_made", { who: audienceNamed(split).label }));
    } catch (error) {
      box.dataset.shown = "";
      showPart(box, state, actions);
      actions.failed(error);
    }
  }
}
