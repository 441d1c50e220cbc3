// Everything that the topic can make: the first page of each kind, for each reader.

import { audienceNamed, chosenTopic, known } from "./store.js";
import { button, make, openDialog } from "./elements.js";
import { getPages, pictureAddress } from "./server.js";
import { say, sayCount } from "./words.js";
import { choose, templatesFor, requestOf } from "./choices.js";

const WIDTH = 384;

/** Open the gallery; a tile that is chosen is shown in the middle. */
export function openGallery() {
  const { choice } = known();
  const audiences = chosenTopic()?.audiences ?? [];
  const groups = audiences.map((audience) =>
    make(
      "section",
      { class: "stack" },
      make("h3", { text: audienceNamed(audience).label }),
      make(
        "ul",
        { class: "gallery" },
        ...templatesFor(audience).map((template) => make("li", {}, tileOf(audience, template))),
      ),
    ),
  );
  const dialog = openDialog(say("gallery_title"), say("close"), make("div", { class: "stack" }, ...groups));
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        waiting = waiting.then(() => dialog.open && fill(target));
      }
    },
    { root: dialog, rootMargin: "100px" },
  );
  let waiting = Promise.resolve(); // one after the other, so that nothing else waits long
  dialog.querySelectorAll(".gallery button").forEach((tile) => seen.observe(tile));
  dialog.addEventListener("close", () => seen.disconnect());

  function tileOf(audience, template) {
    const tile = button("", () => {
      dialog.close();
      choose({ audience, template: template.value });
    });
    tile.append(
      make("img", { alt: "" }),
      make("strong", { text: template.text }),
      make("span", { class: "quiet", text: say("gallery_waits") }),
    );
    Object.assign(tile.dataset, { audience, template: template.value });
    return tile;
  }

  async function fill(tile) {
    const [picture, , note] = tile.children;
    try {
      const view = await getPages({
        ...requestOf(choice),
        audience: tile.dataset.audience,
        template: tile.dataset.template,
        minutes: "",
      });
      if (view.pages[0]) picture.src = pictureAddress(view.pages[0].picture, WIDTH);
      const kind = view.kind === "slides" ? "slides_n" : "pages_n";
      note.textContent = view.pages.length ? sayCount(kind, view.pages.length) : say("gallery_none");
    } catch {
      note.textContent = say("gallery_none");
    }
  }
}
