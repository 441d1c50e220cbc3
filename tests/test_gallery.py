"""The gallery: a page for each kind of block, with its source, its nodes, its tags and its slides, all as text.

`python -m pytest tests/test_gallery.py --accept` writes the pages anew; a person reads what changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from samples import sample_document, sample_theme

from handouts.deck.deck_plan import plan_deck
from handouts.deck.planned_slides import (
    FilledPlaceholder,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    PlacedTable,
    PlannedSlide,
    SlideParagraph,
)
from handouts.document.nodes import Blocks, Document, Outline, Outlines, Slide, Text
from handouts.document.nodes import Paragraph as Sentences
from handouts.document.nodes import Source as Listed
from handouts.document.text import chart_rows, dump
from handouts.layout.handout_pages import plan_document
from handouts.layout.page_model import Element, TextItem
from handouts.markdown.block_parser import parse_markdown
from handouts.markdown.document_blocks import blocks_of
from handouts.markdown.document_inlines import ConversionContext, Facts
from handouts.markdown.syntax_tree import source_from_text

HIVE = Outlines(20, 10, (Outline((("M", (0, 0)), ("L", (20, 0)), ("L", (20, 10)), ("Z", ())), "#0F4C5C", "", 0),))
SHORT = (
    Listed(1, "desmet2015", (Text("De Smet et al. 2015"),), "https://doi.org/10.1037/vio0000005"),
    Listed(2, "linehan1993", (Text("Linehan 1993"),)),
)
PAGES = sorted((Path(__file__).parent / "gallery").glob("*.md"))
SOURCE = re.compile(r"(?P<head># .*?\n\n## Source\n\n````markdown\n(?P<source>.*?)\n````\n)", re.DOTALL)


def blocks(source: str) -> Blocks:
    """Return the blocks that a source makes."""
    nodes, findings = parse_markdown(source_from_text(source, "page.md"))
    facts = Facts(numbers={"desmet2015": 1}, short=SHORT, pictures={"hive.svg": HIVE}, whole=True)
    making = ConversionContext(facts, [])
    made = blocks_of(nodes, making)
    assert (findings, making.findings) == ((), [])
    return made


def tags(document: Document) -> Iterator[str]:
    """Yield the structure tree of a handout, a line an element, with the words that each holds itself."""
    plan = plan_document(document, sample_theme())
    words: dict[int, str] = {}
    for page in plan.pages:
        for item in page.items:
            if isinstance(item, TextItem):
                words[id(item.element)] = words.get(id(item.element), "") + item.run.text
    yield from (line for child in plan.root.children for line in element_lines(child, words, 0))


def element_lines(element: Element, words: dict[int, str], depth: int) -> Iterator[str]:
    said = words.get(id(element), "")
    told = [f"{key}={value}" for _, key, value in element.attributes]
    told += [f"{key}={value!r}" for key in ("alt", "language", "target") if (value := getattr(element, key))]
    yield "  " * depth + " ".join(filter(None, (element.role, *told, repr(said) if said else "")))
    for child in element.children:
        yield from element_lines(child, words, depth + 1)


def slides(document: Document) -> Iterator[str]:
    """Yield the slides of a talk: the layout of each, and what stands in it."""
    for slide in plan_deck(document, sample_theme()).slides:
        yield f"{slide.layout.name}: {slide.title}"
        yield from (f"  {line}" for line in slide_lines(slide))


def slide_lines(slide: PlannedSlide) -> Iterator[str]:
    for item in slide.items:
        match item:
            case FilledPlaceholder():
                yield from (f"{item.slot}: {words_of(paragraph)}" for paragraph in item.paragraphs)
            case PlacedTable():
                for row in item.rows:
                    cells = ("/".join(words_of(text) for text in cell.texts) for cell in row.cells if not cell.covered)
                    yield f"row{'*' * row.header}: {' | '.join(cells)}"
            case PlacedChart():
                yield from (f"chart: {' | '.join(row)}" for row in chart_rows(item.chart))
                yield f"picture: {item.chart.alt}"
            case PlacedDrawing() | PlacedPicture():
                yield f"picture: {item.alt or '(decorative)'}"


def words_of(paragraph: object) -> str:
    runs = getattr(paragraph, "runs", ())
    number = f"{paragraph.number}. " if isinstance(paragraph, SlideParagraph) and paragraph.number else ""
    return number + "".join(run.text for run in runs)


def page_of(text: str) -> str:
    """Return a page of the gallery with its results as they are now."""
    found = SOURCE.match(text)
    assert found
    made = blocks(found["source"])
    document = replace(sample_document(*made), crisis=replace(sample_document().crisis, columns=()))
    title, notes = (Text("A claim"),), (Sentences((Text("Say this."),)),)
    talk = replace(document, blocks=(), slides=(Slide("content", title, blocks=made, notes=notes),))
    results = {"Tree": dump(made).rstrip("\n"), "Tags": "\n".join(tags(document)), "Slides": "\n".join(slides(talk))}
    return found["head"] + "".join(f"\n## {name}\n\n```text\n{told}\n```\n" for name, told in results.items())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_block_is_what_its_page_of_the_gallery_says(page: Path, request: pytest.FixtureRequest) -> None:
    text = page.read_text(encoding="utf-8")
    made = page_of(text)
    if request.config.getoption("--accept"):
        page.write_text(made, encoding="utf-8")
    else:
        assert made == text


def test_the_gallery_has_pages() -> None:
    assert len(PAGES) >= 12
