"""Speaker notes: times, the plan of the meeting, references, and what to say and do."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from conftest import Project
from paths import ROOT
from samples import sample_theme

from handouts.compose import compose_document
from handouts.document.nodes import Document, Heading, Labelled, Slide, Sources
from handouts.document.text import plain, words_of
from handouts.finding import HandoutError
from handouts.layout.handout_pages import plan_document
from handouts.layout.page_model import Element, TextItem
from handouts.library import Library, Reference
from handouts.load import load_library
from handouts.select import select_content

AUDIENCES = ("family", "partners", "clinicians")
COLD = "content/bees/en/2-cold.md"
LAST = "content/bees/en/3-sources.md"
SPELLED = r"(?:\d+\sminutes?|\d+\sminutes? 30\sseconds|30\sseconds)"
TIMES = re.compile(rf"({SPELLED}), from (?:(\d):)?(\d\d?):(\d\d)\sto\s(?:(\d):)?(\d\d?):(\d\d)")
LINE = re.compile(rf"(?P<start>[\d:]+)\sto\s(?P<end>[\d:]+): (?P<part>.*) \((?P<minutes>{SPELLED})\)")


@pytest.fixture(scope="module")
def shipped_library() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


def made(library: Library, audience: str, template: str = "slides", minutes: int = 0) -> Document:
    selection = select_content(library, "bpd-contact", audience, "en")
    return compose_document(selection, template, country="UK", minutes=minutes).document


def words_in_notes(slide: Slide) -> list[str]:
    return list(words_of(slide.notes))


def labelled(slide: Slide, label: str) -> list[str]:
    """Return the texts below a label in the notes of a slide."""
    found = [node for node in slide.notes if isinstance(node, Labelled) and plain(node.label) == label]
    assert len(found) <= 1
    return [words for node in found for words in words_of(node.blocks)]


def seconds(hours: str | None, minutes: str, rest: str) -> int:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(rest)


def minutes_in(spelled: str) -> float:
    """Return the minutes of a duration in words."""
    numbers = {unit[:6]: int(number) for number, unit in re.findall(r"(\d+)\s(\w+)", spelled)}
    return numbers.get("minute", 0) + numbers.get("second", 0) / 60


@pytest.mark.parametrize("minutes", [30, 60, 0])
@pytest.mark.parametrize("audience", AUDIENCES)
def test_each_slide_starts_when_the_one_before_ends(shipped_library: Library, audience: str, minutes: int) -> None:
    document, end = made(shipped_library, audience, minutes=minutes), 0
    for slide in document.slides:
        found = TIMES.fullmatch(words_in_notes(slide)[0])
        assert found, words_in_notes(slide)[0]
        assert minutes_in(found[1]) == slide.minutes
        start, next_end = seconds(*found.group(2, 3, 4)), seconds(*found.group(5, 6, 7))
        assert (start, next_end - start) == (end, slide.minutes * 60)
        end = next_end


@pytest.mark.parametrize("minutes", [30, 60, 0])
@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_plan_of_the_meeting_covers_all_slides_and_minutes(
    shipped_library: Library, audience: str, minutes: int
) -> None:
    document = made(shipped_library, audience, minutes=minutes)
    lines = [LINE.fullmatch(line) for line in labelled(document.slides[0], "Plan of the meeting")]
    parts = [line for line in lines if line]
    opened = [each for each in document.slides if each.kind == "section"]
    assert bool(opened) == (minutes != 30)  # the shortest talk has no parts, so that its plan names its slides
    assert [line["part"] for line in parts][1:] == [plain(each.title) for each in opened or document.slides[1:]]
    for one, two in pairwise(parts):
        assert one["end"] == two["start"]
    assert [minutes_in(line["minutes"]) for line in parts] == minutes_of_parts(document)
    *_, whole = labelled(document.slides[0], "Plan of the meeting")
    assert whole.startswith("In all: ")
    assert minutes_in(whole) == sum(slide.minutes for slide in document.slides)


def minutes_of_parts(document: Document) -> list[float]:
    """Return the duration of each part of a talk, or of each slide if it has no parts."""
    in_parts = any(slide.kind == "section" for slide in document.slides)
    minutes: list[float] = [0.0] if in_parts else []
    for slide in document.slides:
        if slide.kind == "section" or not in_parts:
            minutes.append(0.0)
        minutes[-1] += slide.minutes
    return minutes


def test_half_minutes_are_added_up(project: Project) -> None:
    project.replace("content/bees/en/1-cover.md", 'minutes="2"', 'minutes="2.5"')
    project.replace(COLD, 'minutes="2"', 'minutes="1"')
    slides = project.compose("growers", "slides").document.slides
    assert words_in_notes(slides[0])[0] == "2\xa0minutes 30\xa0seconds, from 0:00\xa0to\xa02:30"
    assert words_in_notes(slides[1])[0] == "1\xa0minute, from 2:30\xa0to\xa03:30"


# ---------------------------------------------------------------- what to ask, to watch for, and to do


def test_instructions_for_leaders_are_only_in_the_notes(project: Project) -> None:
    more = "\n".join(
        f"::: {{.{part}}}\n{text}\n:::\n"
        for part, text in (("ask", "Who is cold?"), ("watch", "Bees."), ("disclose", "Be kind."))
    )
    project.replace(COLD, "::: {.looks}", f"{more}\n::: {{.looks}}")
    slide = project.compose("growers", "slides").document.slides[1]
    assert labelled(slide, "Ask") == ["Who is cold?"]
    assert labelled(slide, "Watch for") == ["Bees."]
    assert labelled(slide, "If somebody tells you") == ["Be kind."]
    assert not {"Who is cold?", "Bees.", "Be kind."} & set(words_of(slide))
    handout = project.compose("growers").document
    assert not {"Who is cold?", "Bees.", "Be kind."} & set(words_of(handout))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_notes_say_what_to_do_when_somebody_discloses_harm(shipped_library: Library, audience: str) -> None:
    for minutes in (30, 60, 0):
        notes = [
            slide
            for slide in made(shipped_library, audience, minutes=minutes).slides
            if labelled(slide, "If somebody tells you")
        ]
        assert len(notes) >= 2
        assert notes[0].kind == "title"


@pytest.mark.parametrize("audience", AUDIENCES)
def test_spoken_text_has_no_stage_directions(shipped_library: Library, audience: str) -> None:
    for slide in made(shipped_library, audience).slides:
        for words in labelled(slide, "Say"):
            assert not re.match(r"(Minutes|Ask|Watch for|Plan|If somebody)\b.*:", words), words


# ---------------------------------------------------------------- where it comes from


def test_short_references_in_notes_do_not_extend_the_list_of_sources(project: Project) -> None:
    project.replace(COLD, "Everyone reads this.", "Everyone reads this [@reed2001].")
    slides = project.compose("keepers", "slides").document.slides
    cold = next(slide for slide in slides if plain(slide.title).startswith("Below ten"))
    assert labelled(cold, "Source") == ["Moss et al. 2019; Reed 2001"]
    (listed,) = [node for slide in slides for node in slide.blocks if isinstance(node, Sources)]
    assert [source.key for source in listed.sources] == ["moss2019"]


def test_the_notes_list_no_sources_of_other_audiences(project: Project) -> None:
    project.replace(COLD, "Only growers read", "[@reed2001] Only growers read")
    slides = project.compose("keepers", "slides").document.slides
    assert [labelled(slide, "Source") for slide in slides][1] == ["Moss et al. 2019"]


@pytest.mark.parametrize(
    ("names", "more", "short"),
    [
        (("Moss",), False, "Moss 2019"),
        (("Moss",), True, "Moss et al. 2019"),
        (("De Smet", "Reed"), False, "De Smet and Reed 2019"),
        (("Moss", "Reed", "Vale"), False, "Moss et al. 2019"),
        ((), False, "Hives 2019"),
    ],
)
def test_a_short_reference_has_authors_and_year(
    project: Project, names: tuple[str, ...], more: bool, short: str
) -> None:
    from handouts.compose.assembly import short_reference

    reference = Reference("a", "book", "Hives", authors=names, families=names, more=more, year="2019")
    assert short_reference(reference, project.load().words["en"]) == short


@pytest.mark.parametrize("audience", AUDIENCES)
def test_slides_name_the_numbered_sections_of_the_handout(shipped_library: Library, audience: str) -> None:
    printed = {
        f"{node.number}: {plain(node.content)}"
        for node in made(shipped_library, audience, "handout").blocks
        if isinstance(node, Heading) and node.number
    }
    assert [int(each.split(":")[0].removeprefix("Section ")) for each in sorted(printed, key=number_of)] == list(
        range(1, len(printed) + 1)
    )
    named = [place for slide in made(shipped_library, audience).slides for place in labelled(slide, "In the handout")]
    assert len(named) > 15
    assert {re.sub(r", card \d$", "", place) for place in named} <= printed
    assert [place[-1] for place in named if ", card" in place] == list(
        "1223456" if audience != "clinicians" else "123456"
    )


def number_of(place: str) -> int:
    return int(re.findall(r"\d+", place)[0])


def test_a_slide_can_refer_to_another_section(project: Project) -> None:
    project.replace(COLD, 'sign="left"', 'sign="left" see="sources"')
    slide = project.compose("growers", "slides").document.slides[1]
    assert labelled(slide, "In the handout") == ["Section 1: Sources"]


def test_a_number_in_a_heading_of_content_is_refused(project: Project) -> None:
    project.replace(COLD, "Everyone reads this.", '### Words {number="4"}\n\nEveryone reads this.')
    with pytest.raises(HandoutError) as raised:
        project.load()
    assert [(found.code, found.at.column) for found in raised.value.findings] == [("unknown-attribute", 12)]


# ---------------------------------------------------------------- the number on the page


@pytest.mark.parametrize(("paper", "beside"), [("a4", True), ("a5", False)])
def test_the_number_of_a_section_is_in_the_rail_or_above_its_heading(
    project: Project, paper: str, *, beside: bool
) -> None:
    document, theme = project.compose("growers").document, sample_theme(paper=paper)
    plan = plan_document(document, theme)
    heading = next(each for each in elements_of(plan.root) if each.anchor == "sources")
    number, words = heading.children
    texts = [item for page in plan.pages for item in page.items if isinstance(item, TextItem)]
    (one,) = [item for item in texts if item.element is number]
    (two,) = [item for item in texts if item.element is words]
    assert (one.run.text, two.run.text) == ("Section 1", "Sources")
    assert (one.x < theme.axis, one.baseline == pytest.approx(two.baseline)) == (beside, beside)
    assert one.baseline <= two.baseline + 0.01


def elements_of(element: Element) -> list[Element]:
    return [element, *(each for child in element.children for each in elements_of(child))]
