"""Finished files are read back: complete ones pass, and anything removed, added or moved is detected."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pikepdf
import pytest
from deck_file import DeckFile
from msgspec.structs import replace
from mutations import (
    DECK_MUTATIONS,
    FIGURE_MUTATIONS,
    FORMATS,
    PDF_MUTATIONS,
    RenderedFile,
    drop_word,
    mutated_file,
    pdf_bytes,
    render_file,
    single_files,
)
from samples import CONTACTS, FIGURE, inlines, paragraph, sample_document, sample_theme

from handouts.document.nodes import Blocks, Callout, Figure, Heading
from handouts.document.text import walk
from handouts.pipeline.incremental import BuildReason, Decision, put_finished_file
from handouts.pipeline.manifest import Fingerprints
from handouts.pipeline.output import Journal
from handouts.pipeline.render import FinishedFile, run_renderer
from handouts.verify import verify_file
from handouts.verify.pdf_reader import read_pdf


@cache
def usual_files() -> tuple[RenderedFile, ...]:
    return tuple(map(render_file, single_files()))


@cache
def on_paper() -> tuple[RenderedFile, ...]:
    """Return decks that appear click by click, and slides on paper."""
    options = {"formats": FORMATS, "builds": True, "audiences": ("partners",)}
    return tuple(render_file(each) for each in single_files(**options) if each.deliverable.renderer != "pdf")


# ---------------------------------------------------------------- whole files


@pytest.mark.parametrize(
    "options",
    [
        {"formats": FORMATS},
        pytest.param({"formats": ("pptx",), "minutes": ("30", "60")}, marks=pytest.mark.full),
        pytest.param(
            {"formats": ("pdf",), "editions": ("large-print", "photocopy", "discreet")}, marks=pytest.mark.full
        ),
        {"formats": ("pdf",), "papers": ("letter",)},
        {"formats": ("pdf",), "booklet": True},
        {"template_names": ("worksheets",), "fillable": True},
    ],
    ids=" ".join,
)
def test_a_complete_file_passes(options: dict[str, Any]) -> None:
    for made in map(render_file, single_files(**options)):
        assert made.faults(made.content) == set(), made.deliverable.file


@pytest.mark.full
def test_a_repacked_deck_passes() -> None:
    for made in usual_files():
        if made.deliverable.renderer == "pptx":
            assert made.faults(DeckFile(made.content).bytes()) == set()


@pytest.mark.full
def test_a_handout_saved_by_another_library_passes() -> None:
    for made in usual_files():
        if made.deliverable.renderer == "pdf":
            with pikepdf.open(io.BytesIO(made.content)) as document:
                assert made.faults(pdf_bytes(document)) == set()


# ---------------------------------------------------------------- mutations


@pytest.mark.full
@pytest.mark.parametrize("seed", range(120))
def test_a_mutation_of_a_deck_is_detected(seed: int) -> None:
    chance = Random(seed)
    made = chance.choice([each for each in usual_files() if each.deliverable.renderer == "pptx"])
    deck = DeckFile(made.content)
    mutation = chance.choice(DECK_MUTATIONS)
    mutation(chance, deck)
    assert made.faults(deck.bytes()), mutation.__name__


@pytest.mark.full
@pytest.mark.parametrize("seed", range(120, 220))
def test_a_mutation_of_a_handout_is_detected(seed: int) -> None:
    chance = Random(seed)
    mutation = chance.choice(PDF_MUTATIONS)
    handouts = [each for each in usual_files() if each.deliverable.renderer == "pdf"]
    drawn = [
        each for each in handouts if any(isinstance(node, Figure) for node in walk(each.deliverable.document.blocks))
    ]
    made = chance.choice(drawn if mutation in FIGURE_MUTATIONS else handouts)
    with pikepdf.open(io.BytesIO(made.content)) as document:
        mutation(chance, document)
        assert made.faults(pdf_bytes(document)), mutation.__name__


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(220, 280))
def test_a_mutation_of_slides_on_paper_is_detected(seed: int) -> None:
    made, content, what = mutated_file(seed, on_paper())
    assert made.faults(content), f"{what} in {made.deliverable.file}"


# ---------------------------------------------------------------- what becomes of a file that is not whole


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 and no more", b"PK and no more", b"\x00" * 1000])
def test_an_unreadable_file_is_detected(content: bytes) -> None:
    for made in usual_files()[:2]:
        assert made.faults(content) == {"unreadable-file"}


@pytest.mark.parametrize("part", ["ppt/slides/slide3.xml", "ppt/presentation.xml", "ppt/notesSlides/notesSlide3.xml"])
def test_a_deck_with_a_broken_part_is_detected(part: str) -> None:
    made = usual_files()[1]
    deck = DeckFile(made.content)
    deck.parts[part] = deck.parts[part][:200]
    assert made.faults(deck.bytes()) == {"unreadable-file"}


def test_an_incomplete_file_is_not_written_and_the_old_one_stays(tmp_path: Path) -> None:
    made = usual_files()[1]
    path = tmp_path / made.deliverable.file
    path.parent.mkdir(parents=True)
    path.write_bytes(b"the old one")
    deck = DeckFile(made.content)
    drop_word(Random(1), deck)
    each = made.deliverable
    found = verify_file(deck.bytes(), each.document, each.renderer, forbidden=made.forbidden)
    decision = Decision(each, Fingerprints("", "", "", ""), BuildReason.NEW, None)
    finished = FinishedFile(0, found, content=deck.bytes())
    done = put_finished_file(decision, finished, Journal(tmp_path), verified=True)
    assert not done.is_in_place
    assert path.read_bytes() == b"the old one"


def test_a_sentence_for_other_audiences_is_detected_even_in_the_document() -> None:
    """The leak is in the document itself, so only the comparison with texts for other audiences finds it."""
    made = usual_files()[1]
    other = usual_files()[3].deliverable
    slide = other.document.slides[5]
    leaked = replace(made.deliverable.document, slides=(*made.deliverable.document.slides, slide))
    content = run_renderer("pptx", leaked, made.deliverable.theme, None, fillable=False).content
    found = verify_file(content, leaked, "pptx", forbidden=made.forbidden)
    assert {each.code for each in found} == {"foreign-words"}


def test_repeated_titles_and_copies_of_cards_are_not_extra_words() -> None:
    long: Blocks = (
        Heading(2, inlines("Six reasons")),
        *(paragraph("Limits that stay the same help both people. " * 9),) * 12,
    )
    content = CONTACTS, paragraph("I will not reply.")
    cards = [Callout(inlines(title), content, cut=True) for title in ("Say", "Call")]
    sheet: Blocks = (Heading(2, inlines("Cut out")), *cards)
    for blocks, repeated in ((long, "(continued)"), (sheet, "reply")):
        document = sample_document(*blocks, foot="Draft 0.1")
        rendered = run_renderer("pdf", document, sample_theme(), None, fillable=False)
        pages = read_pdf(rendered.content).pages
        assert any(repeated in text for page in pages for text in page.artifacts)
        assert not verify_file(rendered.content, document, "pdf")
        other = replace(document, blocks=(Heading(2, inlines("Other")), *document.blocks[1:]))
        assert verify_file(rendered.content, other, "pdf")


def test_a_deck_can_be_opened_twice() -> None:
    with zipfile.ZipFile(io.BytesIO(usual_files()[1].content)) as package:
        assert package.testzip() is None


def test_a_very_long_alt_text_is_read_completely() -> None:
    words = ("A word " * 12_000).strip()
    document = sample_document(replace(FIGURE, alt=words))
    rendered = run_renderer("pdf", document, sample_theme(), None, fillable=False)
    (page,) = read_pdf(rendered.content).pages
    assert words in {each.alt for each in page.elements}
