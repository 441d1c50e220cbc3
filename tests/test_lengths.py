"""Talks of several lengths from one text: which slides they contain, which omissions are reported, and durations."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Project
from paths import ROOT

from handouts.compose import compose_document, unplaced_parts
from handouts.compose.talk import fit_talk, spell_minutes
from handouts.document.nodes import Document, Labelled
from handouts.document.text import plain, walk, words_of
from handouts.finding import NOWHERE, Finding, HandoutError
from handouts.library import Library
from handouts.load import load_library
from handouts.markdown.block_parser import parse_markdown
from handouts.markdown.syntax_tree import source_from_text
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.select import select_content

AUDIENCES = ("family", "partners", "clinicians")
LENGTHS = {30: (25, 30), 60: (50, 60), 0: (75, 90)}
COLD = "content/bees/en/2-cold.md"
TOPIC = "content/bees/topic.yaml"


@pytest.fixture(scope="module")
def shipped_library() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


def talk(library: Library, audience: str, minutes: int) -> tuple[Document, tuple[Finding, ...]]:
    selection = select_content(library, "bpd-contact", audience, "en")
    composition = compose_document(selection, "slides", country="UK", minutes=minutes)
    return composition.document, composition.findings


def total(document: Document) -> float:
    return sum(slide.minutes for slide in document.slides)


def titles(document: Document) -> list[str]:
    return [plain(slide.title) for slide in document.slides]


@pytest.mark.parametrize("minutes", LENGTHS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_each_talk_takes_its_length(shipped_library: Library, audience: str, minutes: int) -> None:
    least, most = LENGTHS[minutes]
    assert least <= total(talk(shipped_library, audience, minutes)[0]) <= most


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_shorter_talk_is_a_longer_one_without_some_slides(shipped_library: Library, audience: str) -> None:
    whole = talk(shipped_library, audience, 0)[0]
    for minutes in (30, 60):
        document, findings = talk(shipped_library, audience, minutes)
        short = [title for title in titles(document) if title not in titles(whole)]
        assert len(short) == (1 if minutes == 30 else 0)  # the six reasons on one slide
        shown = [title for title in titles(document) if title not in short]
        assert shown == [title for title in titles(whole) if title in shown]
        missing = [title for title in titles(whole) if title not in shown and "Sources" not in title]
        (message,) = (found.message for found in findings if found.code == "left-out")
        assert message.endswith(f"leaves out: {'; '.join(missing)}.")
        (listed,) = (
            node
            for node in document.slides[0].notes
            if isinstance(node, Labelled) and plain(node.label) == "Left out of this length"
        )
        assert list(words_of(listed.blocks)) == missing


@pytest.mark.parametrize("audience", AUDIENCES)
def test_essential_slides_are_in_every_length(shipped_library: Library, audience: str) -> None:
    whole = {slide.at: slide for slide in talk(shipped_library, audience, 0)[0].slides}
    for minutes in (30, 60, 90):
        document = talk(shipped_library, audience, minutes)[0]
        shown = {slide.at for slide in document.slides}
        urgent = {at for at, slide in whole.items() if slide.priority == 1 and "29-sources" not in at.file}
        assert urgent <= shown
        files = {Path(at.file).name.split("-", 1)[1] for at in shown}
        assert {"cover.md", "help-first.md", "safety.md", "close.md"} <= files


def test_a_talk_with_time_for_all_slides_omits_none(shipped_library: Library) -> None:
    document, findings = talk(shipped_library, "family", 90)
    assert titles(document) == titles(talk(shipped_library, "family", 0)[0])
    assert "left-out" not in {found.code for found in findings}


@pytest.mark.parametrize("minutes", [30, 60, 0])
def test_the_title_slide_shows_the_real_length_rounded_to_five_minutes(shipped_library: Library, minutes: int) -> None:
    for audience in AUDIENCES:
        document = talk(shipped_library, audience, minutes)[0]
        subtitle = next(words for words in words_of(document.slides[0].blocks) if words.startswith("A talk of"))
        printed = int(re.findall(r"\d+", subtitle)[0])
        assert printed % 5 == 0
        assert 0 <= printed - total(document) < 5


@pytest.mark.parametrize("minutes", [30, 60, 0])
def test_only_sources_of_included_slides_are_listed_and_numbered(shipped_library: Library, minutes: int) -> None:
    document = talk(shipped_library, "family", minutes)[0]
    numbers = {
        number
        for node in walk(tuple(slide.blocks for slide in document.slides))
        for number in getattr(node, "numbers", ())
    }
    assert numbers == set(range(1, len(numbers) + 1))
    listed = any("Sources" in title for title in titles(document))
    assert listed == bool(numbers)


# ---------------------------------------------------------------- choosing


def tree_of(*slides: tuple[str, float, int]) -> str:
    """Return a composed talk; a title that begins with "Part" is that of a divider."""
    return "\n".join(
        f'::: {{.slide kind="{"section" if title.startswith("Part") else "content"}" minutes="{minutes:g}"'
        f' priority="{priority}"}}\n## {title}\n\n::: {{.notes}}\nSay.\n:::\n:::\n'
        for title, minutes, priority in slides
    )


def chosen(text: str, minutes: int) -> tuple[float, tuple[str, ...], list[str]]:
    """Return the minutes of a talk, the omitted titles, and the codes of the findings."""
    blocks, found = parse_markdown(source_from_text(text, "talk.md"))
    made = fit_talk(blocks, minutes, "Growers", NOWHERE)
    assert not found
    return made.minutes, made.left_out, [each.code for each in made.findings]


def test_slides_are_chosen_by_priority_then_order_until_the_time_is_used() -> None:
    text = tree_of(("A", 5, 1), ("B", 4, 3), ("C", 3, 2), ("D", 2.5, 2), ("E", 1, 3), ("F", 2, 1))
    assert chosen(text, 0) == (17.5, (), [])
    assert chosen(text, 18) == (17.5, (), [])
    assert chosen(text, 13) == (12.5, ("B", "E"), ["left-out"])
    assert chosen(text, 11) == (11, ("B", "D"), ["left-out"])
    assert chosen(text, 7) == (7, ("B", "C", "D", "E"), ["left-out"])


def test_a_divider_without_slides_after_it_is_omitted() -> None:
    text = tree_of(("A", 2, 1), ("Part one", 1, 1), ("B", 5, 2), ("Part two", 1, 1), ("C", 2, 1), ("Part three", 1, 1))
    assert chosen(text, 12) == (11, ("Part three",), ["left-out"])
    assert chosen(text, 8) == (5, ("Part one", "B", "Part three"), ["left-out"])


def test_essential_slides_that_exceed_the_length_are_an_error(project: Project) -> None:
    project.replace(COLD, 'minutes="2"', 'minutes="7.5"')
    selection = select_content(project.load(), "bees", "growers", "en")
    with pytest.raises(HandoutError) as raised:
        compose_document(selection, "slides", minutes=5)
    (found,) = raised.value.findings
    assert (found.code, found.at.file.endswith("topic.yaml")) == ("talk-too-long", True)
    assert "take 9.5 minutes, 4.5 too many" in found.message


def test_a_part_omitted_from_a_shorter_talk_is_not_reported_as_unplaced(project: Project) -> None:
    project.replace(COLD, 'sign="left"', 'sign="left" priority="2"')
    selection = select_content(project.load(), "bees", "growers", "en")
    short = compose_document(selection, "slides", minutes=2)
    assert [plain(slide.title) for slide in short.document.slides] == ["Why do the bees stay in?"]
    assert unplaced_parts(selection, (short, compose_document(selection, "handout"))) == ()


# ---------------------------------------------------------------- asking for them


def options(project: Project, *minutes: str, formats: tuple[str, ...] = ()) -> Options:
    return Options(project.content, project.templates, project.root / "out", minutes=minutes, formats=formats)


def test_each_length_is_a_separate_file(project: Project) -> None:
    project.replace(TOPIC, "licence:", "lengths: [6, 10]\nlicence:")
    made, _ = plan_deliverables(project.load(), options(project, "10", "6", "10"))
    assert [each.file for each in made if each.audience == "growers"] == [
        "bees/bees-growers-handout.pdf",
        "bees/bees-growers-slides-10min.pptx",
        "bees/bees-growers-slides-6min.pptx",
    ]
    made, _ = plan_deliverables(project.load(), options(project))
    assert "bees/bees-growers-slides.pptx" in [each.file for each in made]


@pytest.mark.parametrize(
    ("lengths", "requested", "hint"),
    [
        ("lengths: [4, 10]\n", "5", "known: 4, 10"),
        ("lengths: [4, 10]\n", "four", "known: 4, 10"),
        ("lengths: [4, 10]\n", "010", "known: 4, 10"),
        ("", "30", "write lengths: [30, 60] in its topic.yaml"),
    ],
)
def test_an_unknown_length_is_answered_with_the_known_ones(
    project: Project, lengths: str, requested: str, hint: str
) -> None:
    project.replace(TOPIC, "licence:", f"{lengths}licence:")
    with pytest.raises(HandoutError) as raised:
        plan_deliverables(project.load(), options(project, requested))
    (found,) = raised.value.findings
    assert (found.code, found.hint, found.at.file) == ("usage", hint, "--minutes")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (' minutes="{{ section.minutes }}"', "", "no-minutes"),
        ('minutes="{{ section.minutes }}"', 'minutes=""', "no-minutes"),
        ('minutes="{{ section.minutes }}"', 'minutes="soon"', "unknown-value"),
        ('priority="{{ section.priority }}"', 'priority="9"', "unknown-value"),
    ],
)
def test_a_slide_of_a_template_needs_valid_minutes_and_priority(
    project: Project, old: str, new: str, code: str
) -> None:
    part = "templates/parts/slides-factor.md.j2"
    project.replace(part, old, new)
    with pytest.raises(HandoutError) as raised:
        project.compose("growers", "slides")
    (found,) = raised.value.findings
    assert (found.code, found.at.file.endswith(part), found.at.line) == (code, True, 1)


# ---------------------------------------------------------------- a slide only for short talks

SHORT = """\
# In short {.slide #short until="6"}

::: {.claim}
Cold keeps them in, in one line
:::

::: {.gist}
They wait for the sun.
:::

::: {.spoken minutes="0.5" makes="stay-in"}
In one breath [@reed2001].
:::
"""
IN_ONE_LINE = "Cold keeps them in, in one line"


def short_talk(project: Project, minutes: int) -> tuple[Document, tuple[Finding, ...]]:
    """Return the talk of the small project with a slide that is only in talks of up to 6 minutes."""
    points = "points_in: [slides]\npoints:\n  stay-in: Cold keeps them in.\n"
    project.replace(TOPIC, "licence:", f"lengths: [6, 10]\n{points}licence:")
    project.write("content/bees/en/2a-short.md", SHORT)
    project.replace(COLD, 'sign="left"', 'sign="left" priority="3"')
    project.replace(COLD, '{.spoken minutes="2"}', '{.spoken minutes="4"}')
    composition = compose_document(select_content(project.load(), "bees", "keepers", "en"), "slides", minutes=minutes)
    assert bool(composition.makers) == (minutes == 6)
    return composition.document, composition.findings


def test_a_slide_for_short_talks_is_silently_absent_from_longer_ones(project: Project) -> None:
    document, findings = short_talk(project, 6)
    assert IN_ONE_LINE in titles(document)
    assert "Field" in " ".join(words_of(document))
    assert [found.code for found in findings] == ["left-out"]
    assert plan_of(document) == [
        "0:00 to 2:00: Why do the bees stay in? (2 minutes)",
        "2:00 to 2:30: Cold keeps them in, in one line (30 seconds)",
        "2:30 to 4:30: Sources of this talk (2 minutes)",
        "In all: 4 minutes 30 seconds",
    ]


@pytest.mark.parametrize("minutes", [10, 0])
def test_longer_talks_do_not_contain_slides_for_short_ones(project: Project, minutes: int) -> None:
    document, findings = short_talk(project, minutes)
    assert IN_ONE_LINE not in titles(document)
    assert findings == ()
    assert plan_of(document) == [
        "0:00 to 2:00: Why do the bees stay in? (2 minutes)",
        "2:00 to 6:00: Below ten degrees no bee flies (4 minutes)",
        "6:00 to 8:00: Sources of this talk (2 minutes)",
        "In all: 8 minutes",
    ]
    assert "Field" not in " ".join(words_of(document))  # the source that only this slide cites


DIVIDER = """\
# Winter {.divider #winter}

::: {.claim}
In winter
:::

::: {.spoken minutes="1"}
Now the winter.
:::
"""


def test_the_plan_lists_parts_or_slides_if_there_are_no_parts(project: Project) -> None:
    def plan() -> list[str]:
        return plan_of(project.compose("keepers", "slides").document)

    assert [line.partition(": ")[2] for line in plan()] == [
        "Why do the bees stay in? (2 minutes)",
        "Below ten degrees no bee flies (2 minutes)",
        "Sources of this talk (2 minutes)",
        "6 minutes",
    ]
    project.write("content/bees/en/1a-divider.md", DIVIDER)
    assert plan() == [
        "0:00 to 2:00: Welcome and safety (2 minutes)",
        "2:00 to 7:00: In winter (5 minutes)",
        "In all: 7 minutes",
    ]


@pytest.mark.parametrize(("minutes", "printed"), [("2", "6"), ("2.5", "7"), ("16", "20"), ("17", "25"), ("56", "60")])
def test_the_title_slide_shows_the_total_of_the_slides(project: Project, minutes: str, printed: str) -> None:
    project.replace(COLD, '{.spoken minutes="2"}', f'{{.spoken minutes="{minutes}"}}')
    project.replace(TOPIC, "licence:", "lengths: [90]\nlicence:")
    for length in (0, 90):
        selection = select_content(project.load(), "bees", "keepers", "en")
        document = compose_document(selection, "slides", minutes=length).document
        assert f"A talk of {printed}\u00a0minutes. Ten minutes" in words_of(document.slides[0].blocks)


def test_a_length_longer_than_the_whole_talk_is_reported(project: Project) -> None:
    project.replace(TOPIC, "licence:", "lengths: [5, 10, 60]\nlicence:")
    project.replace(COLD, 'sign="left"', 'sign="left" priority="2"')
    selection = select_content(project.load(), "bees", "keepers", "en")
    found = {minutes: compose_document(selection, "slides", minutes=minutes).findings for minutes in (0, 5, 10, 60)}
    assert {minutes: [each.code for each in findings] for minutes, findings in found.items()} == {
        0: [],
        5: ["left-out"],
        10: [],
        60: ["talk-too-short"],
    }
    (message,) = found[60]
    assert message.message == "The whole talk for 'Keepers' takes 6 minutes, so there is none of 60."
    assert message.hint == "leave 60 out of lengths in topic.yaml"
    assert message.at.file.endswith(TOPIC)


def plan_of(document: Document) -> list[str]:
    """Return the lines of the plan in the first notes."""
    (plan,) = (
        node
        for node in document.slides[0].notes
        if isinstance(node, Labelled) and plain(node.label) == "Plan of the meeting"
    )
    return [words.replace("\u00a0", " ") for words in words_of(plan.blocks)]


@pytest.mark.parametrize("until", ["x", "0", "1.5", "601", "", "-3"])
def test_the_maximum_length_for_a_slide_must_be_a_number(project: Project, until: str) -> None:
    project.replace(COLD, 'sign="left"', f'sign="left" until="{until}"')
    with pytest.raises(HandoutError) as raised:
        project.load()
    (found,) = raised.value.findings
    assert (found.code, found.at.line, found.at.column) == ("unknown-value", 1, 42)


@pytest.mark.parametrize(("lengths", "count"), [("[6, 10]", 1), ("[5, 10]", 0), ("[]", 1)])
def test_a_slide_for_talks_that_are_never_made_is_a_warning(project: Project, lengths: str, count: int) -> None:
    project.replace(TOPIC, "licence:", f"lengths: {lengths}\nlicence:")
    project.replace(COLD, 'sign="left"', 'sign="left" until="5"')
    assert [found.code for found in project.load().findings] == ["never-shown"] * count


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.5, "30 seconds"),
        (1, "1 minute"),
        (1.5, "1 minute 30 seconds"),
        (2.1 + 0.9, "3 minutes"),
        (57.5, "57 minutes 30 seconds"),
    ],
)
def test_a_duration_is_written_in_words(shipped_library: Library, minutes: float, words: str) -> None:
    assert spell_minutes(minutes, shipped_library.words["en"]) == words
