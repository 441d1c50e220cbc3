"""Every deck is read by three independent programs: the Open XML audit, python-pptx and pandoc.

pandoc reads the slides of a deck, but neither notes nor groups of shapes; what it does not read of a deck that it wrote
itself, it cannot read of ours. Notes are read by python-pptx.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pypandoc
import pytest
from deck_accessibility import without_whitespace
from deck_file import A, DeckFile
from shipped_decks import DECK_SETS, Deck, sample, some_decks
from validators_office import assert_open_xml_audit_passes

from handouts.deck.planned_slides import FilledPlaceholder, PlacedTable, PlannedSlide
from handouts.deck.slide_text import paragraphs_of

QUOTES = str.maketrans("“”‘’", "\"\"''")


@pytest.mark.full
@pytest.mark.parametrize("ways", DECK_SETS)
def test_every_deck_follows_the_open_xml_schemas(tmp_path: Path, ways: str) -> None:
    for deck in some_decks(ways):
        (tmp_path / f"{deck.name}.pptx").write_bytes(deck.content)
        assert_open_xml_audit_passes(tmp_path / f"{deck.name}.pptx")


@pytest.mark.full
@pytest.mark.parametrize("ways", DECK_SETS)
def test_python_pptx_reads_every_title_and_note_in_place(ways: str) -> None:
    for deck in some_decks(ways):
        assert_python_pptx_reads(deck)


def assert_python_pptx_reads(deck: Deck) -> None:
    """Fail unless each slide has the title, the notes and the layout that are planned."""
    from pptx import Presentation

    slides = list(Presentation(BytesIO(deck.content)).slides)
    assert [without_whitespace(each.shapes.title.text_frame.text) for each in slides] == [
        without_whitespace(each.title) for each in deck.plan.slides
    ]
    for shown, planned in zip(slides, deck.plan.slides, strict=True):
        notes = shown.notes_slide.notes_text_frame
        assert [each.text for each in notes.paragraphs] == [
            each.text for each in paragraphs_of(planned.notes, deck.document.words)
        ]
        assert notes.text.strip()
        assert shown.slide_layout.name


# ---------------------------------------------------------------- pandoc


def read_by_pandoc(content: bytes, folder: Path) -> list[tuple[str, str]]:
    """Return the title and the other words of each slide as pandoc reads them."""
    (folder / "deck.pptx").write_bytes(content)
    blocks = json.loads(pypandoc.convert_file(str(folder / "deck.pptx"), "json", format="pptx"))["blocks"]
    slides: list[tuple[str, str]] = []
    for block in blocks:
        words = normalized("".join(strings(block)))
        if block["t"] == "Header" and block["c"][1][0].startswith("slide-"):
            slides.append((words, ""))
        else:
            slides[-1] = (slides[-1][0], slides[-1][1] + words)
    return slides


def strings(node: Any) -> Iterator[str]:
    """Yield the words in a syntax tree of pandoc."""
    if isinstance(node, dict):
        if node.get("t") == "Str":
            yield node["c"]
        elif node.get("t") == "Quoted":
            yield from ('"', *strings(node["c"][1]), '"')
        else:
            yield from strings(node.get("c"))
    elif isinstance(node, list):
        for each in node:
            yield from strings(each)


def normalized(text: str) -> str:
    """Return words without spaces and with straight quotation marks."""
    return without_whitespace(text).translate(QUOTES)


def words_for_pandoc(slide: PlannedSlide) -> Iterator[str]:
    """Yield what pandoc can read of a slide: text in placeholders and cells of tables."""
    for item in slide.items[1:]:
        match item:
            case FilledPlaceholder():
                yield from (normalized(each.text) for each in item.paragraphs)
            case PlacedTable():
                yield from (normalized(words) for words in cell_words(item))


def cell_words(table: PlacedTable) -> Iterator[str]:
    """Yield the words of each paragraph of a table."""
    for cell in (cell for row in table.rows for cell in row.cells):
        yield from ("".join(run.text for run in text.runs) for text in cell.texts)


@pytest.mark.full
@pytest.mark.parametrize("ways", DECK_SETS)
def test_pandoc_reads_every_title_and_text_in_place(tmp_path: Path, ways: str) -> None:
    for deck in some_decks(ways):
        assert_pandoc_reads(deck, tmp_path)


def assert_pandoc_reads(deck: Deck, tmp_path: Path) -> None:
    """Fail unless pandoc finds each title in its place, and the words of its slide below it."""
    slides = read_by_pandoc(deck.content, tmp_path)
    assert [title for title, _ in slides] == [normalized(each.title) for each in deck.plan.slides]
    for (title, words), planned in zip(slides, deck.plan.slides, strict=True):
        for expected in words_for_pandoc(planned):
            assert expected in words, title


def test_pandoc_is_new_enough_to_read_decks() -> None:
    assert "pptx" in pypandoc.get_pandoc_formats()[0]
    assert tuple(map(int, pypandoc.get_pandoc_version().split(".")[:2])) >= (3, 9)


def test_pandoc_reads_no_notes_even_of_a_deck_that_it_wrote_itself(tmp_path: Path) -> None:
    """If this fails, pandoc has learned to read notes: then check ours with it."""
    from pptx import Presentation

    own = tmp_path / "deck.pptx"
    text = "# One\n\nShown\n\n::: notes\nSpoken\n:::\n"
    pypandoc.convert_text(text, "pptx", format="markdown", outputfile=str(own))
    assert [each.notes_slide.notes_text_frame.text for each in Presentation(str(own)).slides] == ["Spoken"]
    assert read_by_pandoc(own.read_bytes(), tmp_path) == [("One", "Shown")]


def test_a_missing_title_or_word_is_noticed(tmp_path: Path) -> None:
    for place in (0, 1):
        file = DeckFile(sample().content)
        list(file.tree(file.slides[4]).iter(f"{A}t"))[place].text = "Another"
        with pytest.raises(AssertionError):
            assert_pandoc_reads(dataclasses.replace(sample(), content=file.bytes()), tmp_path)
    file = DeckFile(sample().content)
    next(file.tree("ppt/notesSlides/notesSlide5.xml").iter(f"{A}t")).text = "Another"
    with pytest.raises(AssertionError):
        assert_python_pptx_reads(dataclasses.replace(sample(), content=file.bytes()))
