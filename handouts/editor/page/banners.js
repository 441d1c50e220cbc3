// Messages above everything: each by name, shown until it is taken back.

import { byId, make } from "./elements.js";

/**
 * Show a message, in place of an earlier one of this name; `bad` is for what stops the work, `passing` for what moves
 * nothing and goes by itself. Behind it stand the buttons `tools`.
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

/** Take the message of this name back. */
export function hideBanner(name) {
  byId("banners").querySelector(`[data-name="${name}"]`)?.remove();
}
