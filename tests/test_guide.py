"""The facilitator guide and the slides agree: the same order, the same minutes, and five minutes for questions."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from paths import ROOT

from handouts.compose import compose_document
from handouts.document.nodes import Document, Inlines, Sources, Table, Worksheet
from handouts.document.text import plain, walk
from handouts.library import Library
from handouts.load import load_library
from handouts.render_cache import RenderCache
from handouts.select import select_content

AUDIENCES = ("family", "partners", "clinicians")
LENGTHS = (30, 60, 90)
ROW = re.compile(r"(\d+) to (\d+)")
QUESTIONS = 5.0
SHARED = RenderCache()  # shared by all documents, as in a build


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


def plain_spaced(words: Inlines) -> str:
    """Return words with ordinary spaces."""
    return " ".join(plain(words).split())


def composed(library: Library, audience: str, template: str, minutes: int = 0) -> Document:
    selection = select_content(library, "bpd-contact", audience, "en")
    return compose_document(selection, template, country="UK", minutes=minutes, cache=SHARED).document


def plan_of(library: Library, audience: str, minutes: int) -> list[tuple[int, int, str]]:
    """Return the rows of the guide's plan for a length: from, to, topic."""
    guide = composed(library, audience, "facilitator-guide")
    (plan,) = (
        node
        for node in walk(guide.blocks)
        if isinstance(node, Table) and plain_spaced(node.caption).startswith(f"{minutes} minutes")
    )
    cells = [[plain_spaced(cell.content) for cell in row] for row in plan.body]
    return [(int(match[1]), int(match[2]), row[1]) for row in cells if (match := ROW.fullmatch(row[0]))]


def starts_of(document: Document) -> Iterator[tuple[float, str]]:
    """Yield the start and the title of each slide of a talk."""
    start = 0.0
    for slide in document.slides:
        yield start, plain_spaced(slide.title)
        start += slide.minutes


@pytest.mark.full
@pytest.mark.parametrize("minutes", LENGTHS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_each_row_of_the_plan_starts_with_a_slide_of_the_talk(library: Library, audience: str, minutes: int) -> None:
    talk, rows = composed(library, audience, "slides", minutes), plan_of(library, audience, minutes)
    starts = {start for start, _ in starts_of(talk)}
    assert rows
    assert [row for row in rows if row[0] not in starts] == []
    assert [end for _, end, _ in rows[:-1]] == [start for start, _, _ in rows[1:]]
    assert rows[-1][1] == sum(slide.minutes for slide in talk.slides) <= minutes


@pytest.mark.full
@pytest.mark.parametrize("minutes", LENGTHS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_fork_is_at_the_same_minute_in_guide_and_talk(library: Library, audience: str, minutes: int) -> None:
    talk = composed(library, audience, "slides", minutes)
    (planned,) = (
        start for start, _, what in plan_of(library, audience, minutes) if what.startswith("Red, amber, green")
    )
    (shown,) = (start for start, title in starts_of(talk) if re.search("which of these is you|Safety decides", title))
    assert planned == shown


@pytest.mark.parametrize("minutes", LENGTHS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_five_minutes_are_left_for_questions(library: Library, audience: str, minutes: int) -> None:
    talk = composed(library, audience, "slides", minutes)
    (questions,) = (
        slide for slide in talk.slides if plain_spaced(slide.title).startswith("What would you like to ask")
    )
    assert questions.minutes == QUESTIONS


@pytest.mark.parametrize("audience", AUDIENCES)
def test_each_source_of_the_talk_is_in_the_handout(library: Library, audience: str) -> None:
    talk, handout = (
        {
            source.key
            for node in walk((made.blocks, made.slides))
            if isinstance(node, Sources)
            for source in node.sources
        }
        for made in (composed(library, audience, name) for name in ("slides", "handout"))
    )
    assert talk
    assert talk <= handout


@pytest.mark.parametrize("audience", AUDIENCES)
def test_worksheets_for_copying_are_at_the_end_of_the_guide(library: Library, audience: str) -> None:
    blocks = composed(library, audience, "facilitator-guide").blocks
    first = next(index for index, block in enumerate(blocks) if isinstance(block, Worksheet))
    assert {type(block) for block in blocks[first:]} == {Worksheet}
