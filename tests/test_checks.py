"""The rules for content: each is broken once and reported at its place, and has a near miss that is not reported.

In a case, ¦ stands before the character at which the finding has to point; it is taken out before the file is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import pytest
from command_bench import place_of
from conftest import Project, keep_default_templates

from handouts.check import CODES, RULES, reading, safety, wording
from handouts.cli import command as run_command
from handouts.finding import Finding, is_error
from handouts.library import WORDING_CODES
from handouts.load.content_keys import READING_PLACES, REQUIRABLE_BLOCKS
from handouts.pipeline.checks import CheckReport, check_all
from handouts.pipeline.options import Options

COLD, COVER, LAST = (f"content/bees/en/{name}.md" for name in ("2-cold", "1-cover", "3-sources"))
TOPIC, CONTACTS = "content/bees/topic.yaml", "content/contacts/UK.yaml"
Edits: TypeAlias = tuple[tuple[str, ...], ...]
GIST = "They wait for the sun."
EVERYONE = "Everyone reads this."
# The findings about the sample project itself.
DRAFT = {"unreviewed", "unconfirmed", "unused-source"}

FIGURE = """\
::: {.figure name="cycle"}
### The swarm

- sign: Sun
- alarm: Waking
- rise: Flying
- urge: Hunger
- contact: Flower
- relief: Rest
- pause: Pause
- pause-text: Wait
- answer: Answer

HOW

::: {.alt}
ALT
:::
:::
"""
LISTED = (LAST, '{.sources for="keepers"}', "{.sources}")
ALT = "A line that rises, stays high for a while and falls again."


@pytest.fixture
def project(project: Project) -> Project:
    return keep_default_templates(project)


def figure(alt: str = ALT, how: str = "Follow the line from left to right.") -> str:
    return FIGURE.replace("ALT", alt).replace("HOW", how)


TABLE = """\
| HEAD | Bees |
| --- | --- |
| Summer | CELL |
"""
FORK = """\
::: {.fork}
### Are you safe?

::: {.red}
### Red: no
Go in.
:::

::: {.green}
### Green: yes
Stay.
:::
:::
"""
SCRIPT = "::: {.script}\n### At the hive\n> Please stay in.\n:::\n"


def note(body: str, name: str = "4-note", readers: str = "") -> tuple[str, str]:
    return f"content/bees/en/{name}.md", f"# A note {{.note #a-note{readers}}}\n\n::: {{.body}}\n{body}\n:::\n"


def section(body: str, id_: str = "extra") -> tuple[str, str]:
    return f"content/bees/en/2b-{id_}.md", (
        f"# More {{.section #{id_}}}\n\n::: {{.heading}}\nMore\n:::\n\n::: {{.body}}\n{body}\n:::\n"
    )


def headless(body: str) -> tuple[str, str]:
    return "content/bees/en/2b-more.md", f"# More {{.section #more}}\n\n¦::: {{.body}}\n{body}\n:::\n"


def topic(extra: str) -> tuple[str, str, str]:
    return TOPIC, "licence: CC BY 4.0\n", f"licence: CC BY 4.0\n{extra}\n"


LIMITS = "content/audiences.yaml", "accent: harbour\n  reading: {}\n"

GRADES = "content/audiences.yaml", "accent: plum\n", "accent: plum\n  grades: [A, B]\n"


def limits(text: str) -> tuple[str, str, str]:
    return *LIMITS, f"accent: harbour\n  reading:\n    handout: {{{text}}}\n"


HARD = "¦Considerable interpersonal dysregulation perpetuates maladaptive communication behaviours."
EASY = "They fly. They rest. "
BROKEN: list[tuple[Any, ...]] = [
    ("alt text that is the title", "poor-alt", note(figure(alt="¦The swarm."))),
    ("alt text of two words", "poor-alt", note(figure(alt="¦A wave."))),
    ("alt text without end", "poor-alt", note(figure(alt="¦" + "It rises and falls. " * 40))),
    ("figure that nobody explains", "no-how-to-read", note("¦" + figure(how=""))),
    ("heading that skips a level", "heading-order", section("Words.\n\n#### ¦Deep\n\nMore words.")),
    ("section without a heading", "no-heading", headless("They fly.")),
    ("link that says here", "vague-link", note("Read more [¦here](https://example.org/bees).")),
    ("link that is its address", "vague-link", note("[¦https://example.org](https://example.org).")),
    ("page by its number", "page-reference", note("You know the colours ¦on page 1, and more.")),
    ("words in other letters", "unmarked-language", note("The word ¦пчела means bee.")),
    ("other letters in an alt text", "unmarked-language", note(figure(alt="A bee, ¦пчела, that flies in the sun."))),
    ("column without a head", "empty-head", note(TABLE.replace("HEAD |", "¦|").replace("CELL", "Many"))),
    ("cell that is a paragraph", "long-cell", note(TABLE.replace("HEAD", "When").replace("CELL", "¦" + "bee " * 21))),
    ("share without a source", "uncited-number", note("Of all bees, ¦8 in 10 stay in.")),
    ("percentage without a source", "uncited-number", note("Some ¦80 % of them stay in.")),
    ("claim without a grade", "no-grade", GRADES, note("They fly. ¦Bees rest [@moss2019].", readers=' for="keepers"')),
    (
        "section that has to cite",
        "no-source",
        (COLD, "# Cold {.factor", "¦# Cold {.factor"),
        topic("must_cite: [cold]"),
    ),
    (
        "section that one reader misses",
        "missing-section",
        topic("must_have: [¦a-note]"),
        note("Hm.", readers=' for="growers"'),
    ),
    ("handout without a fork", "not-shown", topic("must_show: [¦fork]")),
    ("handout without a main message", "not-shown", topic("must_show: [¦main-message]")),
    (
        "advice before the fork",
        "advice-before-fork",
        topic("must_show: [fork]"),
        note(SCRIPT.replace("At", "¦At"), "1b-note"),
        section(FORK),
    ),
    ("hard reading", "grade", limits("grade: 2"), note(HARD)),
    ("sentences too long on average", "mean-sentence", limits("mean: 6"), note("¦" + "bee " * 60)),
    ("sentence too long", "long-sentence", limits("sentence: 20"), note("They fly. ¦They " + "buzz " * 20 + "on.")),
    (
        "sentence that an explanation makes too long",
        "long-sentence",
        limits("sentence: 20"),
        note("They rest here. ¦They " + "buzz " * 14 + "for the [brood]{.term}.", "1b-note", ' for="growers"'),
    ),
    ("paragraph too long", "long-paragraph", limits("paragraph: 3"), note("¦" + EASY * 2)),
    ("section too long", "long-section", limits("section: 100"), note("¦" + "They fly. " * 26 + "\n\n" + EASY * 14)),
    ("list too long", "long-list", limits("list: 7"), note("¦" + "- A bee\n" * 8)),
    ("passive voice", "passive", limits("passive: 20"), note("¦Honey was made. " + "Wax was given. They fly. " * 9)),
    ("hard words", "hard-words", limits("hard: 10"), note("¦Interpersonal dysregulation. " + "Dysregulation. " * 12)),
    ("sample that is left", "sample-text", note("They fly. ¦Replace this: say why.")),
    ("emergency number of another country", "foreign-number", note("In danger, call an ambulance on ¦911 at once.")),
    ("crisis line of another country", "foreign-number", note("You can also write to ¦741741, day and night.")),
    ("line of another country", "foreign-number", note("There is help: ¦1 800\u00a0799-7233.")),
    ("nobody behind the text", "no-provenance", (TOPIC, "authors: [The writers]", "authors: []")),
]
FINE: list[tuple[Any, ...]] = [
    ("claim with a grade", GRADES, note("They fly. Bees rest [@moss2019] (B).", readers=' for="keepers"')),
    ("alt text of a sentence", note(figure())),
    ("heading one level down", section("Words.\n\n### Deep\n\nMore words.")),
    ("section whose text has its own heading", headless("### In winter\n\nThey fly.")),
    ("link that says where", note("See [the guide for keepers](https://example.org/bees).")),
    (
        "page of another work",
        note("See page 12 of the report. It stands on page 3 [@reed2001]. Write on page two. Go to page 2000."),
        LISTED,
    ),
    ("words in other letters that are marked", note('The word [пчела]{language="bg"} means bee.')),
    ("signs of science", note("A bee weighs 100 µg. Café, naïve, Dvořák and Łódź are in Latin letters.")),
    ("table with heads", note(TABLE.replace("HEAD", "When").replace("CELL", "bee " * 20))),
    ("share with its source", note("Of all bees, 8 in 10 stay in [@reed2001]."), LISTED),
    ("numbers that are no share", note("In 2019 and in 2020 they were out for 3 in the afternoon of 4 May.")),
    (
        "section that cites for each reader",
        LISTED,
        (COLD, "keeps them in.", "keeps them in [@reed2001]."),
        topic("must_cite: [cold]"),
    ),
    ("section that each reader gets", topic("must_have: [a-note]"), note("Hm.")),
    ("handout with a fork", topic("must_show: [fork]"), note(FORK, "1b-note"), section(SCRIPT)),
    ("easy reading", limits("grade: 6, grade-most: 8"), note(EASY)),
    ("sentences short on average", limits("mean: 9"), note(EASY)),
    (
        "long sentence of a template",
        limits("sentence: 20"),
        ("templates/handout.md.j2", "{% for", "They " + "buzz " * 30 + "on.\n\n{% for"),
    ),
    ("sentence of just that length", limits("sentence: 21"), note("They " + "buzz " * 19 + "on.")),
    ("paragraph of just that length", limits("paragraph: 4"), note(EASY * 2)),
    ("section of just that length", limits("section: 100"), note("They fly. " * 26 + "\n\n" + "They fly. " * 24)),
    ("list of just that length", limits("list: 7"), note("- A bee\n" * 7)),
    ("little passive voice", limits("passive: 20"), note("Wax was made. " + EASY * 9)),
    ("few hard words", limits("hard: 10"), note("Interpersonal bees. " + EASY * 9)),
    ("limits for another place", (*LIMITS, LIMITS[1]), note(HARD.strip("¦"))),
    ("number that is one of this country too", note("In danger, call 999 or 112. By day, call 111.")),
    (
        "number of the service",
        ("content/service.yaml", 'phone: ""', 'phone: "988"'),
        note("Call us on 988."),
    ),
    (
        "figures that nobody calls",
        note(
            "Call your friends. We asked 911 people, in 988 hives and 1737 letters: 000 is no number. Call 1911 bees, "
            "or 0117 911 988. Phone: 911 % of them stay in [@reed2001]."
        ),
        LISTED,
    ),
    ("words of one's own", note("Replace this flower by another. Replace this, then that.")),
    ("handout with contacts", topic("must_show: [contacts]")),
]


def write(project: Project, edits: Edits) -> tuple[str, int, int] | None:
    """Make the edits without the mark ¦, and return its file, line and column."""
    marked = None
    for name, *words in edits:
        if len(words) == 1:
            project.write(name, words[0])
        else:
            project.replace(name, *words)
        text = (project.root / name).read_text(encoding="utf-8")
        if "¦" in text:
            marked = (name, *place_of(text, text.index("¦")))
            project.write(name, text.replace("¦", "", 1))
    return marked


def check(project: Project, **options: bool) -> CheckReport:
    return check_all(Options(project.content, project.templates, project.root / "output", **options))  # type: ignore[arg-type]


def found_in(project: Project) -> list[Finding]:
    return [found for found in check(project).findings if found.code not in DRAFT]


def test_the_sample_breaks_only_the_rules_about_drafts(project: Project) -> None:
    assert {found.code for found in check(project).findings} == DRAFT


@pytest.mark.full
@pytest.mark.parametrize(("code", "edits"), [(case[1], case[2:]) for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_rule_is_reported_at_its_place(
    project: Project, code: str, edits: tuple[tuple[str, ...], ...]
) -> None:
    place = write(project, edits)
    found = found_in(project)
    assert {each.code for each in found} == {code}, [str(each) for each in found]
    if place:
        name, line, column = place
        places = {(str(Path(each.at.file).relative_to(project.root)), each.at.line, each.at.column) for each in found}
        assert places == {(name, line, column)}
    assert all(each.hint for each in found)


@pytest.mark.full
@pytest.mark.parametrize("edits", [case[1:] for case in FINE], ids=[case[0] for case in FINE])
def test_a_near_miss_is_no_finding(project: Project, edits: Edits) -> None:
    write(project, edits)
    assert [str(found) for found in found_in(project)] == []


@pytest.mark.parametrize(
    ("country", "severities"),
    [("UK", []), ("IE", ["warning"]), ("US", ["error", "warning"]), ("", ["warning", "warning"])],
)
def test_an_emergency_number_of_another_country_stops_a_build(
    project: Project, country: str, severities: list[str]
) -> None:
    project.replace("content/service.yaml", "country: UK", f'country: "{country}"')
    write(project, (note("In danger, ring 999. Of stalking, ask 0808 802 0300."),))
    found = [each for each in found_in(project) if each.code == "foreign-number"]
    assert [str(each.severity) for each in found] == severities
    if len(found) > 1:
        assert found[0].message.startswith("999 is “Emergency” in IE and UK")
        assert found[0].hint.startswith("write “the number at the foot of this page”, or list those")
    assert all(each.message.startswith("0808 802 0300 is “National Stalking Helpline” in UK") for each in found[1:])


@pytest.mark.parametrize(
    ("block", "command"),
    [("main-message", "new section message --after cover"), ("fork", "new section safety --after cover")],
)
def test_the_command_in_the_hint_adds_the_missing_block(
    project: Project, monkeypatch: pytest.MonkeyPatch, block: str, command: str
) -> None:
    write(project, (topic(f"must_show: [{block}]"),))
    missing = [each for each in found_in(project) if each.code == "not-shown"]
    assert len(missing) == 2
    assert all(f"handouts {command}; if others" in each.hint for each in missing)
    monkeypatch.chdir(project.root)
    assert run_command(command.split()) == 0
    assert {found.code for found in found_in(project)} == {"sample-text"}


def test_a_finding_about_a_sentence_counts_the_words_that_explain_a_term(project: Project) -> None:
    text = "They rest here. They " + "buzz " * 14 + "for the [brood]{.term}."
    write(project, (limits("sentence: 20"), note(text, "1b-note", ' for="growers"')))
    (found,) = found_in(project)
    assert found.message.startswith("A sentence of 23 words, 5 of them the explanation of 'brood'; 20 is the limit")


@pytest.mark.parametrize("block", ["contacts", "sources"])
def test_the_lines_in_the_hint_add_the_missing_list(project: Project, block: str) -> None:
    project.replace(LAST, '::: {.contacts needs="danger"}\n:::\n\n::: {.sources for="keepers"}\n:::\n', "Words.\n")
    project.replace(COLD, " [@moss2019]", "")
    write(project, (topic(f"must_show: [{block}]"),))
    missing = [each for each in found_in(project) if each.code == "not-shown"]
    assert {each.hint.split(" into ")[0] for each in missing} == {f"write ::: {{.{block}}} and below it :::"}
    cited = "Words [@moss2019]." if block == "sources" else "Words."
    project.replace(LAST, "Words.\n", f"{cited}\n\n::: {{.{block}}}\n:::\n")
    assert "not-shown" not in {each.code for each in found_in(project)}


# ---------------------------------------------------------------- allowing in place

VAGUE = "Read more [here](https://example.org/bees)."


def test_a_fence_with_a_reason_allows_findings_inside_it(project: Project) -> None:
    write(project, (note(f'::: {{allow="vague-link" because="A sample of a bad link."}}\n{VAGUE}\n:::'),))
    report = check(project)
    assert {found.code for found in report.findings} == DRAFT
    assert [(each.finding.code, each.because) for each in report.allowed] == [("vague-link", "A sample of a bad link.")]


def test_an_inline_span_allows_findings_inside_it(project: Project) -> None:
    write(
        project,
        (
            note(
                '[See [here](https://example.org)]{allow="vague-link" because="A sample."} and [here](https://example.com).'
            ),
        ),
    )
    assert [found.code for found in found_in(project)] == ["vague-link"]


def test_the_fence_of_a_part_can_allow_findings(project: Project) -> None:
    name, text = note(VAGUE)
    write(project, ((name, text.replace("{.body}", '{.body allow="vague-link" because="A sample."}')),))
    assert found_in(project) == []


def test_an_allowance_ends_with_its_fence(project: Project) -> None:
    write(project, (note(f'::: {{allow="vague-link" because="A sample."}}\nWords.\n:::\n\n{VAGUE}'),))
    assert [found.code for found in found_in(project)] == ["unused-allowance", "vague-link"]


@pytest.mark.parametrize(
    ("braces", "code"),
    [
        ('allow="vague-link"', "no-reason"),
        ('allow="vague-link" because=" "', "no-reason"),
        ('because="A sample."', "no-reason"),
        ('allow="vage-link" because="A sample."', "unknown-code"),
        ('allow="too-deep" because="A sample."', "unknown-code"),
    ],
)
def test_an_allowance_needs_a_code_and_a_reason(project: Project, braces: str, code: str) -> None:
    from handouts.finding import HandoutError

    write(project, (note(f"::: {{{braces}}}\nWords.\n:::"),))
    try:
        codes = [found.code for found in found_in(project)]
    except HandoutError as raised:
        codes = [found.code for found in raised.findings if is_error(found)]
    assert codes == [code]


def test_an_allowance_leaves_no_trace_in_the_files(project: Project) -> None:
    write(project, (note('A [word]{allow="vague-link" because="A secret reason."} and more.'),))
    made = project.compose("growers")
    assert "A word and more." in "".join(map(str, made.document.blocks)).replace("', at=", "")
    assert "secret" not in repr(made.document)


# ---------------------------------------------------------------- a release


def test_a_release_refuses_unfinished_content_and_allowances(project: Project) -> None:
    write(project, (note(f'::: {{allow="vague-link" because="A sample."}}\n{VAGUE}\n:::'),))
    errors = {found.code for found in check(project, release=True).findings if is_error(found)}
    assert errors == {"unreviewed", "unconfirmed", "suppressed"}
    write(project, (note("Replace this: what bees do."),))
    errors = {found.code for found in check(project, release=True).findings if is_error(found)}
    assert errors == {"unreviewed", "unconfirmed", "sample-text"}


def test_a_draft_may_be_unfinished(project: Project) -> None:
    assert not [found for found in check(project).findings if is_error(found)]


# ---------------------------------------------------------------- the table of rules


def test_uncited_sources_are_reported_together(project: Project) -> None:
    (found,) = (each for each in check(project).findings if each.code == "unused-source")
    assert (found.message, found.at.line) == ("No text cites reed2001.", 7)
    write(project, (note("Hives [@reed2001]."),))
    assert "unused-source" not in {each.code for each in check(project).findings}


def test_each_rule_has_its_own_code_and_a_reason() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(rule.reason.endswith(".") and rule.code == rule.code.lower() for rule in RULES)


def test_settings_name_exactly_the_codes_of_the_rules() -> None:
    assert set(REQUIRABLE_BLOCKS) == set(safety.REQUIRED_NODES)
    assert set(READING_PLACES) == set(reading.PLACE_NAMES)
    assert set(WORDING_CODES) == {rule.code for rule in wording.RULES}


def test_each_rule_is_broken_in_a_test() -> None:
    elsewhere = {
        *DRAFT,
        "late-message",
        "no-crisis-line",
        "untranslated",
        *WORDING_CODES,
    }  # seeded faults, test_wording and test_new
    assert {case[1] for case in BROKEN} | elsewhere >= CODES
