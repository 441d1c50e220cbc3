// What the editor offers while a name is written: parts, readers, terms, sources, signs.

import { getCompletions } from "./server.js";
import { known } from "./store.js";

// The text before the cursor on its line, and the kind of names that are offered there.
const PLACES = [
  [/\[(?:[^\]]*;\s*)?-?@([\w:.-]*)$/, "sources"],
  [/\bfor="(?:[^"]*\s)?([\w-]*)$/, "audiences"],
  [/\bsigns?="(?:[^"]*\s)?([\w-]*)$/, "signs"],
  [/\{\.term\s+name="([^"]*)$/, "terms"],
  [/^##\s+([^{]*)$/, "parts"],
  [/^:{3,}\s*\{\.([\w-]*)$/, "blocks"],
];

/** Offer names at the cursor: what CodeMirror calls a completion source. */
export async function offerNames(context) {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const place = PLACES.map(([pattern, kind]) => ({ found: pattern.exec(before), kind })).find((each) => each.found);
  if (!place) return null;
  const names = await getCompletions(known().file).catch(() => null);
  if (!names || context.aborted) return null;
  const options = (names[place.kind] ?? []).map((each) => ({ label: each.name, detail: each.label }));
  return { from: context.pos - place.found[1].length, options, validFor: /^[\w:. -]*$/ };
}
