"""Finished files, and what may go wrong with one: words taken out, put in or moved, by chance from one number.

The same number makes the same mutation of the same file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random
from typing import Any

import pikepdf
from deck_file import PRESENTATION, A, DeckFile, P, placeholder_of, text_of
from nonce_project import ROOT
from single_files import Single, with_foreign

from handouts.document.nodes import Figure
from handouts.document.text import walk
from handouts.library import Library
from handouts.load import load_library
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.render import run_renderer
from handouts.render_cache import RenderCache
from handouts.verify import verify_file

TODAY = date(2026, 11, 24)
FOREIGN = "You have a right to say no, and your no does not need a reason from anybody here."
WORD = re.compile(r"[^\W\d_]{2,}")
# Heads of columns and of what goes on, which pages add to what was written: a file may have them, and need not.
ADDED = re.compile(r"^(?:For|Number)$|^Who(?= \()|\(continued\)$")
FORMATS = ("pdf", "pptx", "slides-pdf", "notes-pdf")
# What files share is computed once, as in a build.
COMPOSED, WORKER = RenderCache(), RenderCache()


@dataclass(frozen=True)
class Made:
    """A deliverable, its finished bytes, and what only others are told."""

    deliverable: Deliverable
    content: bytes
    foreign: frozenset[str]

    def faults(self, content: bytes) -> set[str]:
        """Return the codes of what is found in `content` in its place."""
        each = self.deliverable
        printed = each.sheet is not None
        found = verify_file(
            content, each.document, each.renderer, printed=printed, forbidden=self.foreign, cache=WORKER
        )
        return {finding.code for finding in found}


@cache
def library() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


def planned(**wanted: Any) -> tuple[Single, ...]:
    options = Options(ROOT / "content", ROOT / "templates", ROOT / "output", country="UK", today=TODAY, **wanted)
    return with_foreign(library(), options, COMPOSED)


def finished(single: Single) -> Made:
    each = single.deliverable
    WORKER.begin_file()
    rendered = run_renderer(each.renderer, each.document, each.theme, each.sheet, fillable=each.fillable, cache=WORKER)
    return Made(each, rendered.content, single.foreign)


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
    """One operator that shows text: where it stands among the others, its codes with what each says, and those of
    its font by what they say.
    """

    index: int
    codes: list[tuple[bytes, str]]
    letters: Mapping[str, bytes]

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.codes)

    @property
    def written(self) -> list[re.Match[str]]:
        """The words that somebody wrote."""
        added = [each.span() for each in ADDED.finditer(self.text)]
        found = WORD.finditer(self.text)
        return [each for each in found if not any(start <= each.start() < end for start, end in added)]


def lines_of(page: Any, instructions: list[Any]) -> Iterator[Line]:
    said_by, font = codes_of(page), ""
    for index, each in enumerate(instructions):
        if str(each.operator) == "Tf":
            font = str(each.operands[0])
        if str(each.operator) == "TJ":
            shown = b"".join(bytes(part) for part in each.operands[0] if isinstance(part, pikepdf.String))
            codes = [shown[start : start + 2] for start in range(0, len(shown), 2)]
            said = said_by[font]
            letters = {text: code for code, text in said.items()}
            yield Line(index, [(code, said.get(code, "")) for code in codes], letters)


def rewritten(chance: Random, document: pikepdf.Pdf, change: Callable[[Random, Line], list[bytes]]) -> None:
    """Change one line of one page."""
    page = chance.choice(list(document.pages))
    instructions = list(pikepdf.parse_content_stream(page))
    line = chance.choice([each for each in lines_of(page, instructions) if each.written])
    shown = pikepdf.Array([pikepdf.String(b"".join(change(chance, line)))])
    instructions[line.index] = pikepdf.ContentStreamInstruction([shown], pikepdf.Operator("TJ"))
    page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))


def without_word(chance: Random, line: Line) -> list[bytes]:
    """Return the codes of a line without those of one word."""
    found = chance.choice(line.written)
    kept, position = [], 0
    for code, text in line.codes:
        if not (found.start() <= position < found.end()):
            kept.append(code)
        position += len(text)
    return kept


def with_sentence(_: Random, line: Line) -> list[bytes]:
    """Return the codes of a line with a sentence of somebody else's, as far as the font has its letters."""
    return [code for code, _ in line.codes] + [line.letters[each] for each in FOREIGN if each in line.letters]


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


# ---------------------------------------------------------------- one of them


def mutated(seed: int, files: Sequence[Made]) -> tuple[Made, bytes, str]:
    """Return one of `files`, its bytes with one mutation, and what that is called."""
    chance = Random(seed)
    made = chance.choice(files)
    if made.deliverable.renderer.startswith("pptx"):
        change, deck = chance.choice(DECK_MUTATIONS), DeckFile(made.content)
        change(chance, deck)
        return made, deck.bytes(), change.__name__
    document = made.deliverable.document
    drawn = any(isinstance(node, Figure) for node in walk((document.blocks, document.slides)))
    alter = chance.choice([each for each in PDF_MUTATIONS if drawn or each not in OF_FIGURES])
    with pikepdf.open(io.BytesIO(made.content)) as opened:
        alter(chance, opened)
        return made, saved(opened), alter.__name__
