"""Typical mistakes of the first day: each is reported once, at its place, with the reason and what to write instead.

In a case, ¦ stands before the character at which the message has to point; it is taken out before the file is
written.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_bench import Bench
from conftest import Project, copy_templates_and_contacts
from newcomer_project import (
    AUDIENCES,
    CONTACTS,
    FILES,
    HANDOUT,
    NIGHT,
    REFERENCES,
    SECTION,
    SERVICE,
    TERMS,
    THEME,
    TOPIC,
)
from paths import ROOT

CHECK = ("check", "--today", "2026-11-24")
LIMITS = "reading: {handout: {sentence: 25, list: 7}}\nteachers"
LAST = "licence: CC BY 4.0\n"

# (description, file, old text, new text, code, words of the message)
MISTAKES: list[tuple[str, str, str, str, str, tuple[str, ...]]] = [
    ("list without brackets", TOPIC, "[parents, teachers]", "¦parents, teachers", "wrong-type",
     ("needs a list", "write [parents, teachers]")),
    ("colon in a title", TOPIC, "name: Sleep after a fright", "name: PTSD¦: a guide", "yaml",
     ("colon", 'name: "PTSD: a guide"')),
    ("audience misspelt in topic.yaml", TOPIC, "teachers]", "¦teacher]", "unknown-audience",
     ("did you mean 'teachers'",)),
    ("nmae", TOPIC, "name: Sleep", "¦nmae: Sleep", "unknown-key", ("'nmae'", "did you mean 'name'")),
    ("audinces", TOPIC, "audiences: [", "¦audinces: [", "unknown-key", ("'audinces'", "did you mean 'audiences'")),
    ("date as people write it", TOPIC, "2026-11-23\nauthors", "¦23.11.2026\nauthors", "wrong-type",
     ("is not a date", "2026-11-23")),
    ("licence forgotten", TOPIC, LAST, "", "missing-key", ("'licence' is missing", "add licence:")),
    ("review that is due", TOPIC, "next_review: 2027-11-23", "next_review: ¦2026-01-31", "review-due",
     ("was due on 2026-01-31", "date of the next review")),
    ("nobody as author", TOPIC, "[The writers]", "¦[]", "no-provenance",
     ("Nobody is named", "write at least one name")),
    ("one length of a talk", TOPIC, LAST, f"{LAST}lengths: ¦30\n", "wrong-type", ("needs a list", "write [30]")),
    ("one author", TOPIC, "[The writers]", "¦The writers", "wrong-type", ("needs a list", "write [The writers]")),
    ("section misspelt in topic.yaml", TOPIC, LAST, f"{LAST}must_have: [¦nihgt]\n", "unknown-section",
     ("did you mean 'night'",)),
    ("condition as a text", TOPIC, LAST, f"{LAST}condition: ¦bad sleep\n", "wrong-type",
     ("keys with values", "write {name: …, short: …}")),
    ("bracket that is not closed", TOPIC, "[parents, teachers]", "¦[parents, teachers", "yaml",
     ("never closed", "write ]")),
    ("quotation mark that is not closed", TOPIC, '"1.0"', '¦"1.0', "yaml", ("never closed", 'write "')),
    ("colon that is missing", AUDIENCES, "  cover: Parents", "  ¦cover Parents", "yaml",
     ("A colon is missing", "write cover: Parents")),
    ("colon that is missing after a name", AUDIENCES, "teachers:\n", "¦teachers\n", "yaml",
     ("A colon is missing", "write teachers:")),
    ("colon without a space", AUDIENCES, "  cover: Parents", "  ¦cover:Parents", "yaml",
     ("A space is missing", "write cover: Parents")),
    ("line that begins too far right", AUDIENCES, "  label: For parents", "   ¦label: For parents", "yaml",
     ("'label'", "begin it below 'cover'")),
    ("tab", AUDIENCES, "  name: Parents", "¦\tname: Parents", "tab", ("use spaces",)),
    ("accent misspelt", AUDIENCES, "accent: harbour", "accent: ¦harbor", "unknown-accent", ("did you mean 'harbour'",)),
    ("lable", AUDIENCES, "  label: For parents", "  ¦lable: For parents", "unknown-key", ("did you mean 'label'",)),
    ("capital in a name", AUDIENCES, "parents:\n", "¦Parents:\n", "bad-name", ("write parents", "small letters")),
    ("limits as a word", AUDIENCES, LIMITS, "reading: ¦easy\nteachers", "wrong-type",
     ("keys with values", "write {handout: …, slides: …")),
    ("limits forgotten", AUDIENCES, f"  {LIMITS}", "teachers", "not-judged", ("'parents'", "reading: {}")),
    ("kind misspelt", NIGHT, ".section", ".¦sectoin", "unknown-kind", ("did you mean 'section'",)),
    ("part misspelt", NIGHT, "{.gist}", "{.¦gsit}", "unknown-part", ("did you mean 'gist'",)),
    ("fence that is not closed", NIGHT, '::: {.heading for="parents"}\nAt night, at home\n:::',
     '¦::: {.heading for="parents"}\nAt night, at home', "unclosed-fence", ("never closed", "add a line :::")),
    ("fence of two colons", NIGHT, "::: {.claim}", "¦:: {.claim}", "near-miss-fence", ("three colons", "write :::")),
    ("audience misspelt in a section", NIGHT, '{.body for="parents"', '{.body for="¦parent"', "unknown-audience",
     ("did you mean 'parents'",)),
    ("audience without quotation marks", NIGHT, '::: {.body for="parents"', "::: {.body ¦for=parents", "attributes",
     ("not in quotation marks", 'for="…"')),
    ("text between parts", NIGHT, "::: {.claim}", "¦More words.\n\n::: {.claim}", "outside-part",
     ("not in a part", "begin its part in a line before it: ## Body")),
    ("section without notes", NIGHT, '::: {.claim}\nMost bad nights pass\n:::\n\n::: {.gist}\n- Stay near.\n'
     '- Keep the light low.\n:::\n\n::: {.spoken minutes="2"}\nSay it slowly.\n:::\n',
     "¦::: {.claim}\nMost bad nights pass\n:::\n", "no-notes", ("'spoken'", "add ## Spoken")),
    ("section without a heading", NIGHT, '::: {.heading for="teachers"}\nThe morning after\n:::\n\n'
     '::: {.body for="parents"}', '::: {.body for="parents"}', "no-heading",
     ("prints no heading", "below a line ## Heading")),
    ("bullets from Word", NIGHT, "- Stay near.\n- Keep", "¦• Stay near.\n• Keep", "pasted-list",
     ("begins with •", "begin each line with -")),
    ("bullets from Word, in their second level", NIGHT, "- Stay near.\n- Keep", "¦o Stay near.\no Keep", "pasted-list",
     ("begins with o", "begin each line with -")),
    ("link without https", NIGHT, "Many children", "Many [of them](¦www.example.org) children", "link-target",
     ("www.example.org", "https://")),
    ("figure misspelt", NIGHT, 'name="fork"', 'name="¦frok"', "unknown-figure", ("did you mean 'fork'",)),
    ("label of a figure misspelt", NIGHT, "- amber:", "- ¦ambre:", "structure", ("no place for 'ambre'", "'amber'")),
    ("label without its colon", NIGHT, "- amber: Wait", "- ¦amber Wait", "structure",
     ("has no key", "write - amber: Wait")),
    ("labels left out", NIGHT, '::: {.figure name="fork"}\n- question: Is it night?\n- red: Call\n',
     '¦::: {.figure name="fork"}\n', "structure", ("'question' and 'red'", "add - question:")),
    ("figure without its words", NIGHT, '::: {.figure name="fork"}\n- question: Is it night?\n- red: Call\n'
     "- amber: Wait\n- green: Sleep\n\n::: {.alt}\nThe night goes three ways: call, wait or sleep.\n:::\n",
     '¦::: {.figure name="fork"}\n- question: Is it night?\n- red: Call\n- amber: Wait\n- green: Sleep\n',
     "structure", ("says once what it shows", "add ::: {.alt}")),
    ("source misspelt", NIGHT, "@moss2019", "@¦moss2091", "unknown-citation",
     ("content/references", "did you mean 'moss2019'")),
    ("term misspelt", NIGHT, "[nightmare]{", "[¦nightmares]{", "unknown-term",
     ("content/terms.yaml", "did you mean 'nightmare'")),
    ("comma that JSON misses", REFERENCES, '"moss2019",', '"moss2019"¦', "json", ("comma is missing", "write ,")),
    ("comma too many in JSON", REFERENCES, "[[2019]]}\n", "[[2019]]}¦,\n", "json", ("comma", "delete it")),
    ("source without an id", REFERENCES, ' {\n  "id"', ' ¦{\n  "name"', "missing-key",
     ("Source 1 has no usable id", "give it an id")),
    ("titel", REFERENCES, '"title"', '¦"titel"', "missing-key", ("has no title", 'write "title" for "titel"')),
    ("need misspelt", CONTACTS, "need: suicide\n", "need: ¦suicid\n", "unknown-need", ("did you mean 'suicide'",)),
    ("yes for true", CONTACTS, "  crisis: true\n", "  crisis: ¦yes\n", "wrong-type",
     ("neither true nor false", "write crisis: true")),
    ("today for a date", CONTACTS, 'confirmed_on: ""', "confirmed_on: ¦today", "wrong-type",
     ("not a date", "2026-11-23")),
    ("contact without its hyphen", CONTACTS, "- need: danger\n  name: Emergency\n",
     "need: danger\n  ¦name: Emergency\n", "yaml", ("'name'", "begins with - and a space")),
    ("reader of a term without brackets", TERMS, "[parents]", "¦parents", "wrong-type",
     ("needs a list", "write [parents]")),
    ("GB for UK", SERVICE, "country: UK", "country: ¦GB", "unknown-country", ("'GB'", "write UK")),
    ("country without contacts", SERVICE, "country: UK", "country: ¦Germany", "unknown-country",
     ("'Germany'", "known: AU, CA, EU, IE, NZ, UK, US")),
    ("no country", SERVICE, "country: UK", 'country: ¦""', "no-country", ("No country is set", "--country")),
    ("logo that is not there", SERVICE, 'phone: ""', 'phone: ""\nlogo: ¦logo.png', "missing-picture",
     ("content/pictures/logo.png", "put the file into content/pictures")),
    ("theme misspelt", SERVICE, "settling-line", "¦settling", "unknown-theme", ("did you mean 'settling-line'",)),
    ("accent that nobody can read on", THEME, 'harbour: {accent: "#0F4C5C", deep: "#0B3641"',
     'harbour: {accent: "#0F4C5C", deep: ¦"#8FB3BD"', "contrast", ("'deep'", "make 'deep' darker")),
    ("part misspelt in a template", SECTION, "{{ section.body }}", "{{ section.¦bdy }}", "unknown-name",
     ("did you mean 'body'",)),
    ("key misspelt in a template", HANDOUT, "renderer: pdf", "¦render: pdf", "unknown-key",
     ("did you mean 'renderer'",)),
    ("audience misspelt in a template", HANDOUT, "renderer: pdf", "renderer: pdf\naudiences: [¦parent]",
     "unknown-audience", ("did you mean 'parents'",)),
]  # fmt: skip

# (arguments, words of the answer)
OPTIONS: list[tuple[str, tuple[str, ...]]] = [
    ("check --audience parent", ("--audience", "did you mean 'parents'")),
    ("build --country GB", ("'GB'", "write UK")),
    ("build --country Germany", ("'Germany'", "known: AU")),
    ("build --topic sleep", ("--topic", "write the name without --topic")),
    ("build slep", ("'slep'", "did you mean 'sleep'")),
    ("build --minuts 30", ("--minuts", "did you mean '--minutes'")),
    ("build --minutes 30", ("'sleep' has no talk of 30 minutes", "write lengths: [30, 60]")),
    ("build --audience", ("expected one argument", "write --audience NAME")),
    ("bild", ("no verb is called 'bild'", "did you mean 'build'")),
    ("clean --stal", ("--stal", "did you mean '--stale'")),
    ("clean", ("--stale", "write handouts clean --stale")),
    ("diff parents", ("AUDIENCE", "write handouts diff AUDIENCE AUDIENCE")),
    ("explain long-sentense", ("'long-sentense'", "did you mean 'long-sentence'")),
    ("build --template worksheets", ("finds nothing in 'sleep'", "a section of the kind worksheet")),
    ("build --template facilitator-guide", ("finds nothing in 'sleep'", "a section of the kind guide or form")),
]


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bench:
    """Return the small topic, with the command to run on it."""
    project = Project(tmp_path)
    copy_templates_and_contacts(tmp_path)
    shutil.copy(ROOT / "content" / "kinds.yaml", project.content / "kinds.yaml")
    for name, text in FILES.items():
        project.write(name, text)
    return Bench(project, monkeypatch, capsys)


def test_the_small_topic_has_no_errors(newcomer: Bench) -> None:
    ran = newcomer.run(*CHECK)
    assert (ran.code, {each.code for each in ran.diagnostics}) == (0, {"unconfirmed"}), ran.err


@pytest.mark.full
@pytest.mark.parametrize(
    ("name", "old", "new", "code", "words"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES]
)
def test_a_typical_mistake_is_reported_once_at_its_place_with_a_hint(
    newcomer: Bench, name: str, old: str, new: str, code: str, words: tuple[str, ...]
) -> None:
    place = newcomer.plant(name, old, new)
    ran = newcomer.run(*CHECK)
    (found,) = (each for each in ran.diagnostics if each.code != "unconfirmed")
    assert (found.code, ran.code) == (code, 1 if found.severity == "error" else 0), ran.err
    if "¦" in new:
        assert found.place == place, ran.err
    assert found.line, ran.err
    assert "  help: " in ran.err
    assert [each for each in words if each not in ran.err] == [], ran.err


@pytest.mark.parametrize(("arguments", "words"), OPTIONS, ids=[case[0] for case in OPTIONS])
def test_a_wrong_command_is_answered_with_what_to_write(
    newcomer: Bench, arguments: str, words: tuple[str, ...]
) -> None:
    ran = newcomer.run(*arguments.split())
    assert ran.code == 2
    assert [each for each in words if each not in ran.err] == [], ran.err
    assert not newcomer.files()


@pytest.mark.parametrize(("verb", "code"), [("build", "error: usage"), ("check", "warning: nothing-found")])
def test_check_and_build_report_a_template_without_content(newcomer: Bench, verb: str, code: str) -> None:
    ran = newcomer.run(verb, "--template", "worksheets")
    assert f"{code}: The template 'worksheets' finds nothing in 'sleep'" in ran.err


def test_a_template_without_content_is_reported_once(newcomer: Bench) -> None:
    ran = newcomer.run("build", "--template", "card")
    assert ran.code == 2
    assert "error: usage: The template 'card' finds nothing in 'sleep'" in ran.err
    assert "handouts new section card" in ran.err
    assert "Nothing is left to build" not in ran.err
    newcomer.put(
        "content/sleep/en/00-message.md",
        b'# Main {.message #message}\n\n## Main\nRest.\n\n## Spoken {minutes="1"}\nHm.\n',
    )
    ran = newcomer.run("check", "--template", "summary")
    assert ran.err.count("nothing-found: The summary of 'sleep' has no section of the kind summary for") == 1


def test_all_audiences_without_limits_are_reported_at_once(newcomer: Bench) -> None:
    newcomer.put(AUDIENCES, FILES[AUDIENCES].replace("  reading: {handout: {sentence: 25, list: 7}}\n", "").encode())
    (found,) = (each for each in newcomer.run(*CHECK).diagnostics if each.code == "not-judged")
    assert "'parents', 'teachers'" in found.message


def test_a_missing_logo_is_answered_with_the_nearest_file(newcomer: Bench) -> None:
    newcomer.put("content/pictures/logo-of-the-ward.png", b"")
    newcomer.plant(SERVICE, 'phone: ""', 'phone: ""\nlogo: logo-of-ward.png')
    assert "did you mean 'logo-of-the-ward.png'?" in newcomer.run(*CHECK).err


def test_a_list_made_by_the_program_is_not_checked_as_content(newcomer: Bench) -> None:
    newcomer.plant(TOPIC, LAST, f"{LAST}lengths: [4]\n")
    slide = '# S {{.slide #s{0} priority="3"}}\n\n::: {{.claim}}\nSlide {0}\n:::\n\n::: {{.gist}}\nRest.\n:::\n\n'
    for number in range(9):
        spoken = f'::: {{.spoken minutes="2"}}\nSay {number}.\n:::\n'
        newcomer.put(f"content/sleep/en/3-{number}.md", (slide.format(number) + spoken).encode())
    ran = newcomer.run(*CHECK, "--minutes", "4")
    assert {each.code for each in ran.diagnostics} == {"unconfirmed", "left-out"}, ran.err


@pytest.mark.parametrize(("name", "form"), [("wheel", "{.figure"), ("factor", "## Claim"), ("gist", "## Gist")])
def test_figures_kinds_of_section_and_parts_are_explained(newcomer: Bench, name: str, form: str) -> None:
    ran = newcomer.run("explain", name)
    assert (ran.code, ran.err) == (0, "")
    assert name in ran.out
    assert form in ran.out


def test_there_are_at_least_forty_mistakes() -> None:
    assert len(MISTAKES) >= 40
