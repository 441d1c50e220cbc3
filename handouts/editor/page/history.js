// The saved changes of the open file, and the text before each, to bring back.

import { button, make, openDialog } from "./elements.js";
import { getHistory, postRestore } from "./server.js";
import { known, mayWrite } from "./store.js";
import { say } from "./words.js";
import { titleOf } from "./titles.js";

/** Open the list of saved states. `restored` is called once one has been brought back. */
export async function openHistory({ ready, restored, failed }) {
  const path = known().file;
  await ready();
  let states;
  try {
    ({ states } = await getHistory(path));
  } catch (error) {
    failed(error);
    return;
  }
  const rows = states.map((state) =>
    make(
      "li",
      {},
      make("span", { text: new Date(state.when).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }) }),
      make("span", { class: "quiet", text: state.what }),
      mayWrite() && button(say("bring_back"), () => restore(state.id)),
    ),
  );
  const dialog = openDialog(
    say("history_of", { title: titleOf(path) }),
    say("close"),
    make(
      "div",
      { class: "stack" },
      make("p", { class: "quiet", text: say(rows.length ? "history_help" : "history_empty") }),
      make("ol", { class: "files" }, ...rows),
    ),
  );

  async function restore(id) {
    try {
      await postRestore(path, id);
      dialog.close();
      restored(path);
    } catch (error) {
      failed(error);
    }
  }
}
