// Elements of the page, made from plain values. Text is always set as text, so that no content is ever read as HTML.

/** Return the element of the page with this id. */
export const byId = (id) => document.getElementById(id);

/**
 * Return a new element. `set` holds attributes; besides them `text`, `on` (listeners by event) and properties that
 * begin with a dot, such as ".value". What is null or false is left out.
 */
export function make(tag, set = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(set)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") element.textContent = value;
    else if (name === "on")
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name.startsWith(".")) element[name.slice(1)] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Return a button that says `text` and does `act`. */
export const button = (text, act, set = {}) => make("button", { type: "button", text, on: { click: act }, ...set });

/** Return a function that runs `act` unless it is still running, so that a double click has no second effect. */
export function oneAtATime(act) {
  let isAtIt = false;
  return async (...given) => {
    if (isAtIt) return;
    isAtIt = true;
    await act(...given).finally(() => (isAtIt = false));
  };
}

/** Put `options` ({value, text}) into a `select`, and choose `value` if it is one of them. */
export function fillSelect(select, options, value) {
  const same =
    options.length === select.options.length &&
    options.every((option, at) => select.options[at].value === option.value && select.options[at].text === option.text);
  if (!same)
    select.replaceChildren(...options.map((option) => make("option", { value: option.value, text: option.text })));
  if (options.some((option) => option.value === value)) select.value = value;
}

/** Return a labelled field around an input. */
export const field = (text, input) => make("label", { class: "field" }, make("span", { text }), input);

/** Return a box to tick with its label. */
export function tick(text, checked, set = {}) {
  const input = make("input", { type: "checkbox", ".checked": checked, ...set });
  return make("label", { class: "tick" }, input, make("span", { text }));
}

/** Return a function that runs `act` after `milliseconds` without further calls; its `.now()` runs a waiting call. */
export function afterwards(act, milliseconds) {
  let waiting = 0;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      waiting = 0;
      act();
    }, milliseconds);
  };
  later.now = () => {
    if (!waiting) return undefined;
    clearTimeout(waiting);
    waiting = 0;
    return act();
  };
  return later;
}

/** Show a dialog with a heading, and remove it from the page when it is closed. */
export function openDialog(title, closeText, ...children) {
  const dialog = make("dialog", { "aria-label": title });
  const closing = button(closeText, () => dialog.close());
  const head = make("div", { class: "dialog-head" }, make("h2", { text: title }), closing);
  dialog.append(head, ...children);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
