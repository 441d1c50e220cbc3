// The pages or slides of one reader: pictures as sharp as the screen, and areas that lead to their source.

import { audienceNamed, chosenTopic, sectionOf } from "./store.js";
import { byId, make } from "./elements.js";
import { pictureAddress } from "./server.js";
import { say } from "./words.js";

const STEP = 128; // widths of pictures are multiples of so many pixels, so that resizing seldom needs new ones
const WIDEST = 31 * STEP; // the server draws 4,000 at most
const ARROWS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/**
 * Return a pane for one reader. `go(file, line, column)` is called when an area is chosen, `turned(pane)` when the pages
 * are scrolled, and `missing` when the server no longer has a picture, so that the pages must be requested again.
 */
export function makePane({ go, turned, missing }) {
  const heading = make("h3", { hidden: true });
  const list = make("ol", { class: "pages" });
  const element = make("div", { class: "pane", role: "region", tabindex: "0" }, heading, list);
  let zoom = 1;
  let pageWidth = 0; // of each page as it is shown
  let missed = ""; // the picture that was missing last, so that one that cannot be drawn is not requested again and again
  let marks = { here: null, only: new Set(), wrong: new Set() };
  const sheets = []; // for each page {item, sheet, image, areas, label, notes, picture, width, seen, said}

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const page = sheets.find((each) => each.sheet === entry.target);
        if (page) page.seen = entry.isIntersecting;
        if (page?.seen) drawPicture(page);
      }
    },
    { root: null, rootMargin: "400px" },
  );
  new ResizeObserver(() => resize()).observe(element);
  element.addEventListener("scroll", () => turned(pane), { passive: true });
  document.addEventListener("scroll", () => turned(pane), { passive: true });

  const pane = {
    element,
    /** Put pages in place; resolves once the pictures of those in view are there. */
    async draw({ kind, pages }) {
      const drawn = pages.map((page, at) => {
        const known = sheets[at] ?? addPage(at);
        const name = say(kind === "slides" ? "slide_n" : "page_n", { n: at + 1, m: pages.length });
        if (known.image.alt !== name) known.label.textContent = known.image.alt = name;
        known.sheet.style.aspectRatio = `${page.width} / ${page.height}`;
        if (known.picture !== page.picture) Object.assign(known, { picture: page.picture, width: 0 });
        return known.seen && drawPicture(known);
      });
      for (const gone of sheets.splice(pages.length)) {
        watcher.unobserve(gone.sheet);
        gone.item.remove();
      }
      await Promise.all(drawn);
    },
    /** Show what a view says of the pages for an audience; `withName` says whether its name stands above. */
    show(view, audience, withName) {
      pane.draw(view);
      const who = audienceNamed(audience);
      element.style.setProperty("--who", who.colour || "");
      element.setAttribute("aria-label", say("pages_for", { who: who.label }));
      heading.hidden = !withName;
      heading.textContent = who.label;
      view.pages.forEach((page, at) => describe(sheets[at], page, at, view));
    },
    zoomTo(factor) {
      const place = element.scrollTop / Math.max(1, element.scrollHeight);
      zoom = factor;
      resize();
      element.scrollTop = place * element.scrollHeight;
    },
    /** Mark the areas of the cursor's place, of text for this reader only, and of findings. */
    mark(values) {
      marks = { ...marks, ...values };
      sheets.forEach((page) => page.areas.querySelectorAll(".area").forEach(markArea));
    },
    /** Return how many pages there are, and which of them (from 0) is in front. */
    place() {
      const at = sheets.findIndex((page) => page.sheet.getBoundingClientRect().bottom > top() + 80);
      return { at: at < 0 ? sheets.length - 1 : at, of: sheets.length };
    },
    /** Return the {file, line} of the section that stands in front; nothing where nothing is shown. */
    front() {
      const areas = sheets.flatMap((page) => [...page.areas.children]);
      const area = areas.find((each) => sectionOf(each.dataset.file) && each.getBoundingClientRect().bottom > top());
      return area ? { file: area.dataset.file, line: Number(area.dataset.line) } : {};
    },
    toTop() {
      element.scrollTop = 0;
    },
    turnTo(at) {
      sheets[Math.max(0, Math.min(sheets.length - 1, at))]?.item.scrollIntoView({ block: "start" });
    },
    /** Scroll to what was written at a line of a file, and return whether it is on a page. */
    reveal(file, line, focus) {
      const area = areaOf(file, line);
      area?.scrollIntoView({ block: "center", inline: "nearest" });
      if (area && focus) {
        makeTabStop(area);
        area.focus({ preventScroll: true });
      }
      return Boolean(area);
    },
    busy(is) {
      element.setAttribute("aria-busy", String(is));
    },
    remove() {
      watcher.disconnect();
      element.remove();
    },
  };
  return pane;

  /** Return where what is seen of the pages begins: in a pane that scrolls, or in the window. */
  function top() {
    return element.scrollHeight > element.clientHeight + 4 ? element.getBoundingClientRect().top : 0;
  }

  function describe(known, page, at, view) {
    const said = JSON.stringify([page.areas, page.notes, view.kind]);
    if (known.said === said) return;
    known.said = said;
    showAreas(known, page, at, view);
    const notes = page.notes.filter(Boolean).join("\n");
    known.notes.hidden = !notes;
    known.notes.replaceChildren(make("strong", { text: say("notes") }), notes);
  }

  function addPage(at) {
    const image = make("img", { alt: "" });
    const areas = make("div", { class: "areas", role: "group" });
    const sheet = make("div", { class: "sheet" }, image, areas);
    const label = make("p", { class: "quiet", "aria-hidden": "true" });
    const notes = make("div", { class: "notes", hidden: true });
    const item = make("li", { class: "page" }, sheet, label, notes);
    list.append(item);
    const page = { item, sheet, image, areas, label, notes, picture: "", width: 0, seen: false, said: "" };
    sheets[at] = page;
    watcher.observe(sheet);
    areas.addEventListener("keydown", moveAmong);
    return page;
  }

  function showAreas(page, size, at, view) {
    const held = page.areas.contains(document.activeElement) ? document.activeElement.dataset : null;
    page.areas.setAttribute(
      "aria-label",
      say(view.kind === "slides" ? "areas_of_slide" : "areas_of_page", { n: at + 1 }),
    );
    page.areas.replaceChildren(
      ...joinLines(size.areas).map((area, n) => {
        const made = make("button", {
          type: "button",
          class: "area",
          tabindex: n === 0 ? "0" : "-1",
          "aria-label": nameOf(area),
          "data-file": area.file,
          "data-line": area.line,
          "data-column": area.column ?? 1,
          on: {
            click: (event) => {
              makeTabStop(made);
              go(area.file, area.line, columnAt(area, page.areas, size, event));
            },
          },
        });
        made.style.left = `${(100 * area.x) / size.width}%`;
        made.style.top = `${(100 * area.y) / size.height}%`;
        made.style.width = `${(100 * area.width) / size.width}%`;
        made.style.height = `${(100 * area.height) / size.height}%`;
        markArea(made);
        return made;
      }),
    );
    const again =
      held &&
      [...page.areas.children].find((area) => area.dataset.line === held.line && area.dataset.file === held.file);
    if (again) {
      makeTabStop(again);
      again.focus({ preventScroll: true });
    }
  }

  function nameOf(area) {
    const title = chosenTopic()?.sections.find((section) => section.file === area.file)?.title ?? area.file;
    const place = say("area_place", { title, n: area.line });
    return area.words ? `${area.words.slice(0, 200)} – ${place}` : place;
  }

  function markArea(area) {
    const key = `${area.dataset.file}:${area.dataset.line}`;
    area.classList.toggle("here", marks.here === area || (marks.here && key === marks.here));
    area.classList.toggle("only", marks.only.has(key));
    area.classList.toggle("wrong", marks.wrong.has(key));
  }

  /** Return the area of the nearest line at or above `line` in `file`, or else of the first line below. */
  function areaOf(file, line) {
    const lineOf = (area) => Number(area.dataset.line);
    const areas = sheets
      .flatMap((page) => [...page.areas.children])
      .filter((area) => area.dataset.file === file)
      .toSorted((one, other) => lineOf(one) - lineOf(other));
    const nearest = areas.findLast((area) => lineOf(area) <= line) ?? areas[0];
    return areas.find((area) => lineOf(area) === lineOf(nearest)) ?? null;
  }

  function makeTabStop(area) {
    for (const other of area.parentElement.children) other.tabIndex = other === area ? 0 : -1;
  }

  function moveAmong(event) {
    const all = [...event.currentTarget.children];
    const at = all.indexOf(document.activeElement);
    const step = ARROWS[event.key];
    const to = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : step ? at + step : -1;
    if (at < 0 || !all[to]) return;
    event.preventDefault();
    makeTabStop(all[to]);
    all[to].focus();
  }

  function resize() {
    const style = getComputedStyle(element);
    const room = element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (room <= 0) return;
    pageWidth = Math.round(room * zoom);
    list.style.setProperty("--page-width", `${pageWidth}px`);
    for (const page of sheets) if (page.seen) drawPicture(page);
  }

  /** Ask for the picture of a page as wide as it is shown, and put it in place; resolves once it is there. */
  async function drawPicture(page) {
    const pixels = pageWidth * (window.devicePixelRatio || 1);
    const width = Math.min(WIDEST, Math.ceil(pixels / STEP) * STEP);
    if (!page.picture || width === 0 || (page.width >= width && page.width < width * 2)) return;
    page.width = width;
    const { picture } = page;
    const next = make("img", { alt: page.image.alt, src: pictureAddress(picture, width) });
    try {
      await next.decode();
      if (page.picture !== picture || page.width !== width) return;
      next.alt = page.image.alt;
      page.image.replaceWith(next);
      page.image = next;
    } catch {
      if (page.picture !== picture) return;
      page.width = 0;
      if (missed !== picture) missing();
      missed = picture;
    }
  }
}

/** Return areas in which neighbouring areas from one source line are joined; their `lines` are the single areas. */
function joinLines(areas) {
  const joined = [];
  for (const area of areas) {
    const last = joined.at(-1);
    if (
      last &&
      last.file === area.file &&
      last.line === area.line &&
      area.y >= last.y - 1 &&
      area.y < last.y + last.height + area.height
    ) {
      const right = Math.max(last.x + last.width, area.x + area.width);
      const bottom = Math.max(last.y + last.height, area.y + area.height);
      last.x = Math.min(last.x, area.x);
      Object.assign(last, {
        width: right - last.x,
        height: bottom - last.y,
        words: [last.words, area.words].filter(Boolean).join(" "),
      });
      last.lines.push(area);
    } else joined.push({ ...area, lines: [area] });
  }
  return joined;
}

/** Return the source column of the text at a click in an area; for the keyboard, the column of its beginning. */
function columnAt(area, overlay, size, event) {
  if (event.detail === 0) return area.column ?? 1;
  const box = overlay.parentElement.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * size.width;
  const y = ((event.clientY - box.top) / box.height) * size.height;
  const away = (line) =>
    Math.max(line.y - y, y - line.y - line.height, 0) + Math.max(line.x - x, x - line.x - line.width, 0);
  return area.lines.toSorted((one, other) => away(one) - away(other))[0].column ?? 1;
}
