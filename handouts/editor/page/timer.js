// The presenter's timer: the time of the talk so far, and the planned time up to the slide in front.

import { button, byId, make } from "./elements.js";
import { say } from "./words.js";

/** Return a function that shows the timer for a view of slides, and hides it for pages. `pane` shows the slides. */
export function makeTimer(pane) {
  let since = 0; // when it was started, 0 while it stands
  let before = 0; // milliseconds that it had run until then
  let ticking = 0;
  let view = null;
  const time = make("output", { id: "timer-time", "aria-label": say("timer_time"), "aria-live": "off" });
  const start = button("", () => {
    if (since) stop();
    else begin();
    show();
  });
  const anew = button(say("timer_anew"), () => {
    stop();
    before = 0;
    show();
  });
  const plan = make("span", {});
  byId("timer").append(make("span", { text: say("timer") }), time, start, anew, plan);

  function begin() {
    since = Date.now();
    ticking = setInterval(show, 500);
  }

  function stop() {
    if (since) before += Date.now() - since;
    since = 0;
    clearInterval(ticking);
  }

  function show() {
    const gone = Math.floor((before + (since ? Date.now() - since : 0)) / 1000);
    const seconds = view.pages.map((page) => page.seconds ?? 0);
    const planned = sum(seconds.slice(0, pane.place().at + 1));
    const late = Boolean(since) && gone > planned;
    time.textContent = clock(gone);
    start.textContent = say(since ? "timer_stop" : "timer_start");
    plan.textContent =
      say("timer_plan", { now: clock(planned), all: clock(sum(seconds)) }) +
      (late ? ` ${say("timer_late", { by: clock(gone - planned) })}` : "");
    plan.className = late ? "late" : "quiet";
  }

  return (shown) => {
    view = shown;
    byId("timer").hidden = view.kind !== "slides";
    show();
  };
}

const sum = (numbers) => numbers.reduce((all, each) => all + each, 0);
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
