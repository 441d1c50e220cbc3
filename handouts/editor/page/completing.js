// What the editor offers while a name is written: parts, readers, terms, sources, signs.

import { getCompletions } from "./server.js";
import { known } from "./store.js";

// What stands before the cursor on its line, and which names are offered there.
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
  const before = context.state.doc
    .lineAt(context.pos)
    .text.slice(0, context.pos - context.state.doc.lineAt(context.pos).from);
  const place = PLACES.map(([pattern, kind]) => ({ found: pattern.exec(before), kind })).find((each) => each.found);
  if (!place) return null;
  const names = await getCompletions(known().file).catch(() => null);
  if (!names || context.aborted) return null;
  const options = (names[place.kind] ?? []).map((each) =>
    typeof each === "string" ? { label: each } : { label: each.name, detail: each.label ?? each.title },
  );
  return { from: context.pos - place.found[1].length, options, validFor: /^[\w:. -]*$/ };
}
