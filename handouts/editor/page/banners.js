// Messages above everything: each has a name, and is shown until it is hidden.

import { byId, make } from "./elements.js";

/**
 * Show a message instead of an earlier one of this name. A `bad` one needs attention; a `passing` one lies over the page
 * and disappears by itself. `tools` are buttons after the text.
 */
export function showBanner(name, text, { bad = false, passing = false, tools = [] } = {}) {
  const shown = byId("banners").querySelector(`[data-name="${name}"]`);
  if (shown?.firstChild.textContent === text) return;
  hideBanner(name);
  byId("banners").append(
    make(
      "div",
      { class: passing ? "passing" : bad ? "banner bad" : "banner", "data-name": name },
      make("p", { text }),
      ...tools,
    ),
  );
}

/** Hide the message of this name. */
export function hideBanner(name) {
  byId("banners").querySelector(`[data-name="${name}"]`)?.remove();
}
