// The tabs: of the three panels where the window is narrow, and of text and findings.

import { byId } from "./elements.js";

/** Make the tabs work. */
export function startTabs() {
  for (const tab of document.querySelectorAll(".panel-tabs button"))
    tab.addEventListener("click", () => showPanel(tab.dataset.panel));
  const tabs = [byId("text-tab"), byId("mend-tab")];
  for (const tab of tabs) {
    tab.addEventListener("click", () => chooseTab(tab.id));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      event.preventDefault();
      const other = tabs.find((each) => each !== tab);
      chooseTab(other.id);
      other.focus();
    });
  }
  for (const link of document.querySelectorAll(".skip")) {
    link.addEventListener("click", () => showPanel(link.hash === "#text-panel" ? "text" : "pages"));
  }
  showPanel("pages");
}

/** Show a panel, and one of its tabs if it has a `tab`. */
export function showPanel(name, tab = null) {
  document.body.dataset.panel = name;
  for (const each of document.querySelectorAll(".panel-tabs button")) {
    if (each.dataset.panel === name) each.setAttribute("aria-current", "true");
    else each.removeAttribute("aria-current");
  }
  if (tab) chooseTab(tab);
}

function chooseTab(id) {
  for (const tab of [byId("text-tab"), byId("mend-tab")]) {
    const chosen = tab.id === id;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    byId(tab.getAttribute("aria-controls")).hidden = !chosen;
  }
}
