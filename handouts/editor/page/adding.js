// The dialog in which a block is chosen, such as words to say, a table or a figure, and put into the text as a sample.

import { button, make, openDialog } from "./elements.js";
import { getCompletions } from "./server.js";
import { say } from "./words.js";
import { known } from "./store.js";

const GROUPS = ["blocks", "figures", "fields"]; // what stands in lines of its own
const NEEDS_A_FILE = ["picture"]; // a picture is dropped into the text

/** Open the dialog. `add` puts the text of the block that is chosen into the section, `failed` tells what went wrong. */
export async function openAdding(add, failed) {
  let blocks;
  try {
    ({ blocks } = await getCompletions(known().file));
  } catch (error) {
    failed(error);
    return;
  }
  const usable = blocks.filter((each) => !NEEDS_A_FILE.includes(each.name));
  const groups = GROUPS.map((group) =>
    make(
      "section",
      { class: "stack" },
      make("h3", { text: say(`add_${group}`) }),
      make("ul", { class: "samples" }, ...usable.filter((each) => each.group === group).map(sample)),
    ),
  );
  const help = make("p", { class: "quiet", text: say("add_help") });
  const dialog = openDialog(say("add_title"), say("close"), make("div", { class: "stack" }, help, ...groups));

  function sample(block) {
    const choice = button(block.label, () => {
      dialog.close();
      add(block.text);
    });
    return make("li", {}, choice, make("pre", { text: block.text, tabindex: "0", "aria-label": say("add_sample") }));
  }
}
