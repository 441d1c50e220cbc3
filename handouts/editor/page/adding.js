// The dialog in which a block is chosen, such as words to say, a table or a figure, and put into the text as a sample.

import { audienceNamed, chosenTopic, known } from "./store.js";
import { button, make, openDialog } from "./elements.js";
import { getBlocks } from "./server.js";
import { say } from "./words.js";

const GROUPS = ["blocks", "figures", "fields"]; // blocks on lines of their own
const SIGNS = /^(?:#+ |> |- (?:[\w-]+: )?|\d+\. |\| )?/; // the markup before the words of a line
const TABLE_RULE = /^\|[ |:-]+\|$/;

/**
 * Open the dialog for the line of the cursor. `ready` saves unsaved text, `add(text, line)` inserts the chosen block
 * below a line, `failed` shows an error.
 */
export async function openAdding({ ready, add, failed }) {
  let place;
  try {
    await ready();
    place = await getBlocks(known().file, known().line, known().choice.audience);
  } catch (error) {
    failed(error);
    return;
  }
  const groups = GROUPS.map((group) => place.blocks.filter((each) => each.group === group))
    .filter((blocks) => blocks.length > 0)
    .map((blocks) =>
      make(
        "section",
        { class: "stack" },
        make("h3", { text: say(`add_${blocks[0].group}`) }),
        make("ul", { class: "samples" }, ...blocks.map(sample)),
      ),
    );
  const all = chosenTopic()?.audiences ?? [];
  const readers = place.audiences.length < all.length ? place.audiences.map((name) => audienceNamed(name).label) : [];
  const who = readers.length > 0 ? readers.join(", ") : say("everyone");
  const where = place.part ? say("add_where", { part: place.part, who }) : say("add_nowhere");
  const intro = [make("p", { text: where }), place.part && make("p", { class: "quiet", text: say("add_help") })];
  const dialog = openDialog(say("add_title"), say("close"), make("div", { class: "stack" }, ...intro, ...groups));

  function sample(block) {
    const choice = button(block.label, () => {
      dialog.close();
      add(block.text, place.line);
    });
    return make("li", {}, choice, make("pre", { text: block.text, tabindex: "0", "aria-label": say("add_sample") }));
  }
}

/** Return the range {from, to} of the first words of a sample to write over; from 0 to 0 if there are none. */
export function wordsToReplace(text) {
  const lines = text.split("\n");
  let start = 0;
  for (const [number, line] of lines.entries()) {
    const from = SIGNS.exec(line)[0].length;
    const words = /^[^|{]*/.exec(line.slice(from))[0].trim();
    const stays = line.startsWith(":::") || TABLE_RULE.test(lines[number + 1] ?? ""); // a fence, or the head of a table
    if (!stays && /\w/.test(words)) return { from: start + from, to: start + from + words.length };
    start += line.length + 1;
  }
  return { from: 0, to: 0 };
}
