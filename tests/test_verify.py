"""Finished files are read back: whole ones pass, and whatever is taken out, put in or moved in one is found.

Each mutation has a seed; the same seed makes the same mutation.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pikepdf
import pytest
from deck_file import PRESENTATION, A, DeckFile, P, placeholder_of, text_of
from msgspec.structs import replace
from samples import CONTACTS, FIGURE, paragraph, sample_document, sample_theme, says
from two_readers import ROOT

from handouts.build import Deliverable, Options, plan_deliverables
from handouts.build.deciding import Decision, Reason
from handouts.build.rendering import Result, rendered_by
from handouts.build.writing import Journal, deliver
from handouts.document import Blocks, Callout, Figure, Heading, Rendered, walk
from handouts.load import load_library
from handouts.manifest import Prints
from handouts.verify import verify_file
from handouts.verify.pages import read_pdf

TODAY = date(2026, 11, 24)
FOREIGN = "You have a right to say no, and your no does not need a reason from anybody here."
WORD = re.compile(r"[^\W\d_]{2,}")
FORMATS = ("pdf", "pptx", "slides-pdf", "notes-pdf")


@dataclass(frozen=True)
class Made:
    """A deliverable and its finished bytes."""

    deliverable: Deliverable
    content: bytes

    def faults(self, content: bytes) -> set[str]:
        """Return the codes of what is found in `content` in its place."""
        each = self.deliverable
        found = verify_file(content, each.document, each.renderer, printed=each.sheet is not None, foreign=each.foreign)
        return {finding.code for finding in found}


def planned(**wanted: Any) -> tuple[Deliverable, ...]:
    library = load_library(ROOT / "content", ROOT / "templates")
    options = Options(ROOT / "content", ROOT / "templates", ROOT / "output", country="UK", today=TODAY, **wanted)
    return plan_deliverables(library, options)[0]


def finished(each: Deliverable) -> Made:
    return Made(each, rendered_by(each.renderer, each.document, each.theme, each.sheet, fillable=each.fillable).content)


@cache
def usual() -> tuple[Made, ...]:
    return tuple(map(finished, planned()))


# ---------------------------------------------------------------- whole files


@pytest.mark.parametrize(
    "wanted",
    [
        {"formats": FORMATS},
        {"formats": ("pptx",), "minutes": ("30", "60")},
        {"formats": ("pdf",), "editions": ("large-print", "photocopy", "discreet")},
        {"formats": ("pdf",), "papers": ("letter",)},
        {"formats": ("pdf",), "booklet": True},
        {"template_names": ("worksheets",), "fillable": True},
    ],
    ids=" ".join,
)
def test_a_whole_file_passes(wanted: dict[str, Any]) -> None:
    for each in planned(**wanted):
        assert finished(each).faults(finished(each).content) == set(), each.file


def test_a_deck_that_was_packed_again_passes() -> None:
    for made in usual():
        if made.deliverable.renderer == "pptx":
            assert made.faults(DeckFile(made.content).bytes()) == set()


def test_a_handout_that_was_saved_again_passes() -> None:
    for made in usual():
        if made.deliverable.renderer == "pdf":
            with pikepdf.open(io.BytesIO(made.content)) as document:
                assert made.faults(saved(document)) == set()


def saved(document: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


# ---------------------------------------------------------------- mutations of a deck


def runs(root: Any) -> list[Any]:
    """Return the runs of a part that hold a word, without the foot of a slide."""
    feet = {  # held, as lxml makes others of the same identity of what nobody holds
        run
        for shape in root.iter(f"{P}sp")
        if (holder := placeholder_of(shape)) is not None and holder.get("type") in ("sldNum", "dt", "sldImg")
        for run in shape.iter(f"{A}t")
    }
    return [run for run in root.iter(f"{A}t") if WORD.search(run.text or "") and run not in feet]


def drop_word(chance: Random, deck: DeckFile) -> bool:
    """Take a word out of a slide or its notes."""
    slide = chance.choice(deck.slides)
    part = chance.choice((slide, deck.related(slide, "notesSlide")))
    run = chance.choice(runs(deck.tree(part)))
    found = chance.choice(list(WORD.finditer(run.text)))
    run.text = run.text[: found.start()] + run.text[found.end() :]
    return True


def say_more(chance: Random, deck: DeckFile) -> bool:
    """Put a sentence of somebody else's into a slide or its notes."""
    slide = chance.choice(deck.slides)
    part = chance.choice((slide, deck.related(slide, "notesSlide")))
    run = chance.choice(runs(deck.tree(part)))
    run.text = f"{run.text} {FOREIGN}"
    return True


def describe_more(chance: Random, deck: DeckFile) -> bool:
    """Put a sentence of somebody else's into an alt text."""
    described = [
        each for slide in deck.slides for each in deck.tree(slide).iter(f"{P}cNvPr") if each.get("descr", "").strip()
    ]
    each = chance.choice(described)
    each.set("descr", f"{each.get('descr')} {FOREIGN}")
    return True


def forget_alt(chance: Random, deck: DeckFile) -> bool:
    """Take away what a drawing says in words."""
    drawn = [
        each
        for slide in deck.slides
        for shape in deck.shapes(slide)
        if shape.tag in (f"{P}grpSp", f"{P}graphicFrame") and (each := shape[0].find(f"{P}cNvPr")).get("descr")
    ]
    chance.choice(drawn).attrib.pop("descr")
    return True


def move_off(chance: Random, deck: DeckFile) -> bool:
    """Move a text, a table or a drawing off its slide."""
    from lxml import etree

    shapes = [shape for slide in deck.slides for shape in deck.shapes(slide) if text_of(shape).strip()]
    shape = chance.choice(shapes)
    off = next(shape.iter(f"{A}off"), None)
    if off is None:
        place = shape.find(f"{P}spPr")
        transform = etree.SubElement(place, f"{A}xfrm")
        place.insert(0, transform)
        off = etree.SubElement(transform, f"{A}off", x="0", y="0")
        etree.SubElement(transform, f"{A}ext", cx="3000000", cy="1000000")
    axis = chance.choice(("x", "y"))
    off.set(axis, str(chance.choice((-9_000_000, 20_000_000))))
    return True


def swap_paragraphs(chance: Random, deck: DeckFile) -> bool:
    """Let two paragraphs of the notes change places."""
    bodies = [
        body
        for slide in deck.slides
        for body in deck.tree(deck.related(slide, "notesSlide")).iter(f"{P}txBody")
        if len({text_of(each) for each in said(body)}) > 2
    ]
    body = chance.choice(bodies)
    one, other = chance.sample(said(body), 2)
    while text_of(one) == text_of(other):
        one, other = chance.sample(said(body), 2)
    first, second = body.index(one), body.index(other)
    body[first], body[second] = other.__deepcopy__({}), one.__deepcopy__({})
    return True


def said(body: Any) -> list[Any]:
    """Return the paragraphs of notes that hold whole sentences."""
    return [each for each in body.iterfind(f"{A}p") if len(text_of(each)) > 40]


def lose_slide(chance: Random, deck: DeckFile) -> bool:
    """Take a slide out of the talk."""
    slides = list(deck.tree(PRESENTATION).iter(f"{P}sldId"))
    slide = chance.choice(slides)
    slide.getparent().remove(slide)
    return True


DECK_MUTATIONS: tuple[Callable[[Random, DeckFile], bool], ...] = (
    drop_word, drop_word, drop_word, say_more, describe_more, forget_alt, move_off, move_off, swap_paragraphs,
    lose_slide,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(120))
def test_a_mutation_of_a_deck_is_found(seed: int) -> None:
    chance = Random(seed)
    made = chance.choice([each for each in usual() if each.deliverable.renderer == "pptx"])
    deck = DeckFile(made.content)
    mutation = chance.choice(DECK_MUTATIONS)
    assert mutation(chance, deck)
    assert made.faults(deck.bytes()), mutation.__name__


# ---------------------------------------------------------------- mutations of a PDF


def codes_of(page: Any) -> dict[str, dict[bytes, str]]:
    """Return what each code of each font of a page says."""
    pair = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
    return {
        name: {
            bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
            for code, text in pair.findall(font.ToUnicode.read_bytes())
        }
        for name, font in page.Resources.Font.items()
    }


@dataclass
class Line:
    """One operator that shows text: where it stands among the others, and its codes with what each says."""

    index: int
    font: str
    codes: list[tuple[bytes, str]]

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.codes)


def lines_of(page: Any, instructions: list[Any]) -> Iterator[Line]:
    said_by, font = codes_of(page), ""
    for index, each in enumerate(instructions):
        if str(each.operator) == "Tf":
            font = str(each.operands[0])
        if str(each.operator) == "TJ":
            shown = b"".join(bytes(part) for part in each.operands[0] if isinstance(part, pikepdf.String))
            codes = [shown[start : start + 2] for start in range(0, len(shown), 2)]
            yield Line(index, font, [(code, said_by[font].get(code, "")) for code in codes])


def rewritten(chance: Random, document: pikepdf.Pdf, change: Callable[[Random, Line], list[bytes]]) -> None:
    """Change one line of one page."""
    page = chance.choice(list(document.pages))
    instructions = list(pikepdf.parse_content_stream(page))
    line = chance.choice([each for each in lines_of(page, instructions) if WORD.search(each.text)])
    shown = pikepdf.Array([pikepdf.String(b"".join(change(chance, line)))])
    instructions[line.index] = pikepdf.ContentStreamInstruction([shown], pikepdf.Operator("TJ"))
    page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))


def without_word(chance: Random, line: Line) -> list[bytes]:
    """Return the codes of a line without those of one word."""
    found = chance.choice(list(WORD.finditer(line.text)))
    kept, position = [], 0
    for code, text in line.codes:
        if not (found.start() <= position < found.end()):
            kept.append(code)
        position += len(text)
    return kept


def with_sentence(_: Random, line: Line) -> list[bytes]:
    """Return the codes of a line with a sentence of somebody else's, as far as the font has its letters."""
    letters = {text: code for code, text in line.codes}
    return [code for code, _ in line.codes] + [letters[each] for each in FOREIGN * 2 if each in letters]


def structure(document: pikepdf.Pdf, role: str) -> list[Any]:
    """Return the structure elements of a role."""
    found, waiting = [], [document.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        if element.get("/S") == f"/{role}":
            found.append(element)
        kids = element.get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids] if kids is not None else []:
            if isinstance(kid, pikepdf.Dictionary):
                waiting.append(kid)
    return found


def drop_printed_word(chance: Random, document: pikepdf.Pdf) -> None:
    rewritten(chance, document, without_word)


def print_more(chance: Random, document: pikepdf.Pdf) -> None:
    rewritten(chance, document, with_sentence)


def describe_figure_more(chance: Random, document: pikepdf.Pdf) -> None:
    figure = chance.choice([each for each in structure(document, "Figure") if "/Alt" in each])
    figure.Alt = pikepdf.String(f"{figure.Alt} {FOREIGN}")


def forget_figure(chance: Random, document: pikepdf.Pdf) -> None:
    figure = chance.choice([each for each in structure(document, "Figure") if len(str(each.get("/Alt", ""))) > 60])
    del figure.Alt


def lose_meaning(chance: Random, document: pikepdf.Pdf) -> None:
    fonts = list(chance.choice(list(document.pages)).Resources.Font.values())
    del chance.choice(fonts).ToUnicode


def lose_tags(_: Random, document: pikepdf.Pdf) -> None:
    del document.Root.StructTreeRoot


def move_words(chance: Random, document: pikepdf.Pdf) -> None:
    """Move a line off its page."""
    page = chance.choice(list(document.pages))
    instructions = list(pikepdf.parse_content_stream(page))
    index = chance.choice([index for index, each in enumerate(instructions) if str(each.operator) == "Tm"])
    operands: list[Any] = list(instructions[index].operands)
    operands[4] = 2000
    instructions[index] = pikepdf.ContentStreamInstruction(operands, pikepdf.Operator("Tm"))
    page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))


def swap_elements(chance: Random, document: pikepdf.Pdf) -> None:
    """Let two sections of the structure change places."""
    whole = structure(document, "Document")[0]
    kids = list(whole.K)
    first = chance.randrange(2, len(kids) - 1)
    kids[first], kids[first + 1] = kids[first + 1], kids[first]
    whole.K = pikepdf.Array(kids)


def lose_page(chance: Random, document: pikepdf.Pdf) -> None:
    del document.pages[chance.randrange(len(document.pages))]


PDF_MUTATIONS: tuple[Callable[[Random, pikepdf.Pdf], None], ...] = (
    drop_printed_word, drop_printed_word, drop_printed_word, print_more, describe_figure_more, forget_figure,
    lose_meaning, lose_tags, move_words, lose_page,
)  # fmt: skip
OF_FIGURES = (describe_figure_more, forget_figure)


@pytest.mark.parametrize("seed", range(120, 220))
def test_a_mutation_of_a_handout_is_found(seed: int) -> None:
    chance = Random(seed)
    mutation = chance.choice(PDF_MUTATIONS)
    handouts = [each for each in usual() if each.deliverable.renderer == "pdf"]
    drawn = [
        each for each in handouts if any(isinstance(node, Figure) for node in walk(each.deliverable.document.blocks))
    ]
    made = chance.choice(drawn if mutation in OF_FIGURES else handouts)
    with pikepdf.open(io.BytesIO(made.content)) as document:
        mutation(chance, document)
        assert made.faults(saved(document)), mutation.__name__


# ---------------------------------------------------------------- what becomes of a file that is not whole


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 and no more", b"PK and no more", b"\x00" * 1000])
def test_what_cannot_be_read_is_found(content: bytes) -> None:
    for made in usual()[:2]:
        assert made.faults(content) == {"unreadable-file"}


@pytest.mark.parametrize("part", ["ppt/slides/slide3.xml", "ppt/presentation.xml", "ppt/notesSlides/notesSlide3.xml"])
def test_a_deck_with_a_broken_part_is_found(part: str) -> None:
    made = usual()[1]
    deck = DeckFile(made.content)
    deck.parts[part] = deck.parts[part][:200]
    assert made.faults(deck.bytes()) == {"unreadable-file"}


def test_a_file_that_is_not_whole_is_not_written_and_the_old_one_stays(tmp_path: Path) -> None:
    made = usual()[1]
    path = tmp_path / made.deliverable.file
    path.parent.mkdir(parents=True)
    path.write_bytes(b"the old one")
    deck = DeckFile(made.content)
    drop_word(Random(1), deck)
    each = made.deliverable
    found = verify_file(deck.bytes(), each.document, each.renderer, foreign=each.foreign)
    decision = Decision(each, Prints("", "", "", ""), Reason.NEW, None)
    done = deliver(decision, Result(Rendered(deck.bytes(), 1, found), 0.1), Journal(tmp_path), verified=True)
    assert not done.written
    assert path.read_bytes() == b"the old one"


def test_a_sentence_that_only_others_are_told_is_found_even_if_it_was_composed() -> None:
    """A leak before composing: the document itself says it, so that only the runs of the others show it."""
    made = usual()[1]
    other = usual()[3].deliverable
    slide = other.document.slides[5]
    leaked = replace(made.deliverable.document, slides=(*made.deliverable.document.slides, slide))
    content = rendered_by("pptx", leaked, made.deliverable.theme, None, fillable=False).content
    found = verify_file(content, leaked, "pptx", foreign=made.deliverable.foreign)
    assert {each.code for each in found} == {"foreign-words"}


def test_titles_that_are_repeated_and_copies_of_cards_are_no_extra_words_and_foreign_ones_are() -> None:
    long: Blocks = (
        Heading(2, says("Six reasons")),
        *(paragraph("Limits that stay the same help both people. " * 9),) * 12,
    )
    told = CONTACTS, paragraph("I will not reply.")
    cards = [Callout(says(title), told, cut=True) for title in ("Say", "Call")]
    sheet: Blocks = (Heading(2, says("Cut out")), *cards)
    for blocks, repeated in ((long, "(continued)"), (sheet, "reply")):
        document = sample_document(*blocks, foot="Draft 0.1")
        rendered = rendered_by("pdf", document, sample_theme(), None, fillable=False)
        pages = read_pdf(rendered.content).pages
        assert any(repeated in page.artifacts for page in pages)
        assert not verify_file(rendered.content, document, "pdf")
        other = replace(document, blocks=(Heading(2, says("Other")), *document.blocks[1:]))
        assert verify_file(rendered.content, other, "pdf")


def test_a_deck_is_a_package_that_can_be_opened_twice() -> None:
    with zipfile.ZipFile(io.BytesIO(usual()[1].content)) as package:
        assert package.testzip() is None


def test_an_alt_text_longer_than_any_buffer_is_read_whole() -> None:
    words = ("A word " * 12_000).strip()
    document = sample_document(replace(FIGURE, alt=words))
    rendered = rendered_by("pdf", document, sample_theme(), None, fillable=False)
    (page,) = read_pdf(rendered.content).pages
    assert words in {each.alt for each in page.elements}
