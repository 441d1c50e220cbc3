// The fields of a form of facts: an input for each kind of value, with its name and what it is for.

import { audienceNamed, known } from "./store.js";
import { button, fillSelect, make, tick } from "./elements.js";
import { canSay, say } from "./words.js";
import { wordsFor } from "./choices.js";

// How the options of a field are shown, by the key of the field.
const NAMES = {
  audiences: (name) => audienceNamed(name).label,
  for: (name) => audienceNamed(name).label,
  country: (name) => wordsFor("country", name),
  paper: (name) => wordsFor("paper", name),
  need: (name) => wordsFor("need", name),
  topics: (name) => known().project.topics.find((each) => each.name === name)?.title || name,
};

/** Return an input with its name, description and room for problems; `take` is called with a changed value. */
export function inputOf(each, take, isNew = false) {
  const id = `fact-${each.at.join("-")}`;
  const label = labelOf(each);
  const name = each.at.at(-1);
  const shownAs = (value) => NAMES[name]?.(value) ?? value;
  const set = {
    id,
    "data-at": JSON.stringify(each.at),
    "aria-describedby": `${id}-what ${id}-problem`,
    required: isNew && each.required && ["text", "choice"].includes(each.kind),
  };
  const what = make("p", { class: "quiet", id: `${id}-what`, text: each.what });
  const problem = make("p", { class: "problem", id: `${id}-problem` });
  const heading = make("label", { for: id, class: "fact-name", text: label });
  const change = (read) => ({ on: { change: (event) => take(read(event.target)) } });
  if (each.kind === "flag") {
    const box = tick(label, each.value, { ...set, ...change((input) => String(input.checked)) });
    return make("div", { class: "fact" }, box, what, problem);
  }
  if (each.kind === "ticks") {
    const boxes = each.options.map((value) =>
      tick(shownAs(value), each.value.includes(value), {
        value,
        "data-at": JSON.stringify([...each.at, value]),
        on: {
          change: () =>
            take(
              boxes
                .map((box) => box.firstChild)
                .filter((box) => box.checked)
                .map((box) => box.value),
            ),
        },
      }),
    );
    const legend = make("legend", { class: "fact-name", text: label });
    return make(
      "fieldset",
      { class: "fact", id, "aria-describedby": set["aria-describedby"] },
      legend,
      what,
      ...boxes,
      problem,
    );
  }
  if (each.kind === "lines") {
    const toLines = (input) =>
      input.value
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean);
    const area = make("textarea", { rows: Math.max(2, each.value.length + 1), ...set, ...change(toLines) });
    area.value = each.value.join("\n");
    return make("div", { class: "fact" }, heading, what, area, problem);
  }
  if (each.kind === "choice") {
    const select = make("select", { ...set, ...change((input) => input.value) });
    const options = [...new Set(["", ...each.options])];
    const nothing = say(each.required ? "fact_choose" : "fact_nothing");
    fillSelect(
      select,
      options.map((value) => ({ value, text: value ? shownAs(value) : nothing })),
      each.value,
    );
    return make("div", { class: "fact" }, heading, what, select, problem);
  }
  const isDay = each.kind === "day" && /^$|^\d{4}-\d\d-\d\d$/.test(each.value);
  const kind = { type: isDay ? "date" : "text", maxlength: isDay ? null : each.most, ".value": each.value };
  const input = make("input", { ...kind, ...set, ...change((one) => one.value.trim()) });
  const today =
    isDay &&
    button(say("fact_today"), () => {
      const now = new Date();
      input.value = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
      take(input.value);
    });
  if (today) {
    today.setAttribute("aria-label", `${label}: ${say("fact_today")}`);
    today.dataset.at = `today ${set["data-at"]}`;
  }
  return make("div", { class: "fact" }, heading, what, make("div", { class: "fact-input" }, input, today), problem);
}

/** Return the name of a field. */
export function labelOf({ at }) {
  const name = String(at.at(-1));
  const plain = name.replaceAll(/[_-]/g, " ");
  return canSay(`fact_${name}`) ? say(`fact_${name}`) : plain[0].toUpperCase() + plain.slice(1);
}
