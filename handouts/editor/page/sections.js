// The left: the topics, the sections of the chosen one with their marks, and a new section.

import { audienceNamed, chosenTopic, countBySeverity, known, knownFindings, mayWrite, watch } from "./store.js";
import { byId, button, field, fillSelect, make, oneAtATime, openDialog } from "./elements.js";
import { postSection } from "./server.js";
import { say, sayCount } from "./words.js";
import { optionsFor } from "./choices.js";

const USUAL_KIND = "section";

/**
 * Fill the list now and whenever the project, the topic, the reader or the open file changes. `open` opens a
 * file, `openNew` one that was just begun.
 */
export function startSections(open, openNew) {
  let shownFile = "";
  byId("find-section").addEventListener("input", show);
  byId("new-section").addEventListener("click", () => askForSection(showNew));
  watch(["project", "choice", "file", "view"], show);

  /** Open a section that was just begun; the list shows it, too, whatever it was searched for. */
  function showNew(file) {
    byId("find-section").value = "";
    return openNew(file);
  }

  function show() {
    const { project, choice, file } = known();
    const topic = chosenTopic();
    byId("topic-choice").hidden = project.topics.length < 2;
    fillSelect(
      byId("topic"),
      project.topics.map((each) => ({ value: each.name, text: each.title })),
      choice.topic,
    );
    byId("topic-title").textContent = topic?.title || project.name;
    document.title = topic ? `${topic.title} – ${project.name}` : project.name;
    byId("new-section").hidden = !mayWrite() || !topic;
    const all = (topic?.sections ?? []).filter((section) => section.language === choice.language);
    const wanted = byId("find-section").value.trim().toLocaleLowerCase();
    const found = all.filter((section) => `${section.title} ${section.file}`.toLocaleLowerCase().includes(wanted));
    byId("sections-shown").textContent = wanted ? say("sections_found", { n: found.length, m: all.length }) : "";
    byId("sections").replaceChildren(...found.map((section) => make("li", {}, sectionButton(section, topic))));
    if (file !== shownFile) byId("sections").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    shownFile = file;
  }

  function sectionButton(section, topic) {
    const { choice, file } = known();
    const theirs = section.audiences.length === 0 || section.audiences.includes(choice.audience);
    const count = countBySeverity(knownFindings().filter((finding) => finding.file === section.file));
    const made = button("", () => open(section.file, 1, 1), {
      class: theirs ? null : "not-theirs",
      "aria-current": section.file === file ? "true" : null,
    });
    made.append(make("span", { text: section.title }), ...marks());
    return made;

    function marks() {
      const some = section.audiences.length > 0 && section.audiences.length < topic.audiences.length;
      return [
        some && make("small", { text: forWhom(section.audiences, topic.audiences) }),
        count.errors > 0 && make("small", { class: "to-mend", text: sayCount("to_mend", count.errors) }),
        count.warnings > 0 && make("small", { class: "to-look", text: sayCount("to_look_at", count.warnings) }),
      ].filter(Boolean);
    }
  }
}

/** Return for whom a section is, the shorter way: those who read it, or those who do not. */
function forWhom(readers, all) {
  const others = all.filter((name) => !readers.includes(name));
  const inWords = (names) => names.map((name) => audienceNamed(name).label).join(", ");
  return others.length < readers.length
    ? say("not_for", { who: inWords(others) })
    : say("only_for", { who: inWords(readers) });
}

function askForSection(open) {
  const topic = chosenTopic();
  const kind = make("select");
  fillSelect(kind, optionsFor("kind", known().project.choices.kind), USUAL_KIND);
  const title = make("input", { type: "text", required: true, maxlength: "120" });
  const after = make("select");
  const all = topic.sections.filter((each) => each.language === known().choice.language);
  const here =
    all.find((each) => each.file === known().file) ?? all.findLast((each) => each.kind === USUAL_KIND) ?? all.at(-1);
  fillSelect(
    after,
    all.map((each) => ({ value: each.name, text: each.title })),
    here?.name,
  );
  const problem = make("p", { role: "alert" });
  const form = make(
    "form",
    { method: "dialog" },
    make("p", { class: "quiet", text: say("section_help") }),
    field(say("section_title"), title),
    field(say("section_kind"), kind),
    field(say("section_after"), after),
    problem,
    make("div", {}, make("button", { class: "strong", text: say("new_section") })),
  );
  const dialog = openDialog(say("new_section"), say("close"), form);
  title.focus();
  const begin = oneAtATime(async () => {
    try {
      const made = await postSection({
        topic: topic.name,
        title: title.value.trim(),
        kind: kind.value,
        after: after.value,
        language: known().choice.language,
      });
      dialog.close();
      await open(made.path);
    } catch (error) {
      problem.textContent = error.message;
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin();
  });
}
