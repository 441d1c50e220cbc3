// The looks of the text in the editor: bars for the readers of each line, and styles for parts, headings and fences.

import {
  Decoration,
  EditorView,
  GutterMarker,
  RangeSetBuilder,
  StateEffect,
  StateField,
  ViewPlugin,
  WidgetType,
  gutter,
} from "./vendor/codemirror.js";
import { make } from "./elements.js";

const FENCE = /^\s*:{3,}/;
const OPENS = /^\s*:{3,}\s*\{(.*)\}\s*$/;
const INLINE = [
  [/\{[^{}]*\}/g, "t-braces"],
  [/\*\*[^*]+\*\*/g, "t-strong"],
  [/\[(?:-?@[\w:.-]+(?:;\s*)?)+\]/g, "t-source"],
];

/** Sets the audiences of the section's topic, with the label and colour of each. */
export const readersOfTopic = StateEffect.define();

/**
 * Return for each line {readers, section, part, names}: the audiences that read it and those of the whole section, the
 * line of the part's heading (0 before the first part), and whether who reads it is said here. `all` are those of the
 * topic.
 */
export function readersByLine(doc, all) {
  let section = all;
  let part = { line: 0, readers: all };
  const open = [];
  const lines = [];
  let number = 0;
  for (const text of doc.iterLines()) {
    number += 1;
    let says = false;
    const opens = OPENS.exec(text);
    if (opens) {
      const named = readersIn(opens[1]);
      open.push(named ?? open.at(-1) ?? null);
      says = named !== null;
    } else if (open.length === 0 && /^#\s/.test(text)) {
      section = readersIn(text) ?? all;
      part = { line: 0, readers: section };
    } else if (open.length === 0 && /^##\s/.test(text)) {
      part = { line: number, readers: readersIn(text) ?? section };
      says = true;
    }
    lines.push({ readers: open.at(-1) ?? part.readers, part: part.line, section, names: says });
    if (!opens && FENCE.test(text)) open.pop();
  }
  return lines;
}

/** Return the audiences that braces name with for="…", or null. */
function readersIn(braces) {
  const found = /\bfor="([^"]*)"/.exec(braces);
  return found ? found[1].split(/[\s,]+/).filter(Boolean) : null;
}

const topicField = StateField.define({
  create: () => ({ all: [], audiences: {}, everyone: "" }),
  update: (value, transaction) => transaction.effects.findLast((effect) => effect.is(readersOfTopic))?.value ?? value,
});

const linesField = StateField.define({
  create: (state) => readersByLine(state.doc, state.field(topicField).all),
  update: (value, transaction) =>
    transaction.docChanged || transaction.effects.some((effect) => effect.is(readersOfTopic))
      ? readersByLine(transaction.state.doc, transaction.state.field(topicField).all)
      : value,
});

/** Return the entry of `readersByLine` for the line at an offset, by default that of the cursor. */
export const placeIn = (state, at = state.selection.main.head) =>
  state.field(linesField, false)?.[state.doc.lineAt(at).number - 1] ?? { readers: [], section: [], part: 0 };

class Band extends GutterMarker {
  constructor(colours) {
    super();
    this.colours = colours;
  }
  eq(other) {
    return other.colours.join() === this.colours.join();
  }
  toDOM() {
    return make(
      "span",
      { class: "band" },
      ...this.colours.map((colour) => {
        const strip = make("i");
        strip.style.setProperty("--who", colour);
        return strip;
      }),
    );
  }
}

class BandName extends WidgetType {
  constructor(text, colour) {
    super();
    Object.assign(this, { text, colour });
  }
  eq(other) {
    return other.text === this.text && other.colour === this.colour;
  }
  toDOM() {
    const name = make("span", { class: "band-name", text: this.text });
    if (this.colour) name.style.setProperty("--who", this.colour);
    return name;
  }
  ignoreEvent() {
    return false; // a click on the name puts the cursor into its line
  }
}

const isForAll = (readers, all) => all.every((name) => readers.includes(name));

const bands = gutter({
  class: "cm-readers",
  lineMarker(view, line) {
    const { all, audiences } = view.state.field(topicField);
    const { readers } = view.state.field(linesField)[view.state.doc.lineAt(line.from).number - 1] ?? { readers: all };
    return isForAll(readers, all) ? null : new Band(readers.map((name) => audiences[name]?.colour ?? ""));
  },
  lineMarkerChange: (update) =>
    update.docChanged || update.transactions.some((each) => each.effects.some((effect) => effect.is(readersOfTopic))),
});

const looks = ViewPlugin.define(
  (view) => ({
    decorations: decorate(view),
    update(update) {
      if (update.docChanged || update.viewportChanged || update.transactions.length)
        this.decorations = decorate(update.view);
    },
  }),
  { decorations: (plugin) => plugin.decorations },
);

function decorate(view) {
  const builder = new RangeSetBuilder();
  const { all, audiences, everyone } = view.state.field(topicField);
  const lines = view.state.field(linesField);
  const here = view.state.doc.lineAt(view.state.selection.main.head).number;
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at);
      const kind = kindOf(line.text);
      if (kind) builder.add(line.from, line.from, Decoration.line({ class: kind }));
      const quiet = (kind === "t-section" || kind === "t-part") && line.number !== here;
      for (const [start, end, look] of inlineLooks(line.text)) {
        const hides = quiet && look === "t-braces"; // who reads it is said by its name; in its line, all is seen
        builder.add(
          line.from + start,
          line.from + end,
          hides ? Decoration.replace({}) : Decoration.mark({ class: look }),
        );
      }
      const place = lines[line.number - 1];
      if (place?.names && all.length > 1) {
        const named = isForAll(place.readers, all);
        const text = named ? everyone : place.readers.map((name) => audiences[name]?.label ?? name).join(", ");
        builder.add(
          line.to,
          line.to,
          Decoration.widget({ widget: new BandName(text, named ? "" : audiences[place.readers[0]]?.colour), side: 1 }),
        );
      }
      at = line.to + 1;
    }
  }
  return builder.finish();
}

function kindOf(text) {
  if (/^#\s/.test(text)) return "t-section";
  if (/^##\s/.test(text)) return "t-part";
  if (/^\s*#{3,}\s/.test(text)) return "t-sub";
  if (FENCE.test(text)) return "t-fence";
  return /^\s*>/.test(text) ? "t-quote" : "";
}

function inlineLooks(text) {
  const found = INLINE.flatMap(([pattern, look]) =>
    [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length, look]),
  );
  return found.sort((left, right) => left[0] - right[0] || left[1] - right[1]);
}

/** The extensions of the editor that show these looks. */
export const marks = [topicField, linesField, bands, looks];
