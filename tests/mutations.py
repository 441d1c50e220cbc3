"""Random defects for finished files: text, alt texts, tags, pages or slides removed, added or moved.

The same seed gives the same mutation of the same file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

import pikepdf
from deck_file import PRESENTATION, A, DeckFile, P, placeholder_of, text_of
from layout_pages import shipped_library
from paths import ROOT
from single_files import SingleFile, files_with_forbidden_phrases

from handouts.document.nodes import Figure
from handouts.document.text import walk
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.render import run_renderer
from handouts.render_cache import RenderCache
from handouts.verify import verify_file

TODAY = date(2026, 11, 24)
FOREIGN_SENTENCE = "You have a right to say no, and your no does not need a reason from anybody here."
WORD = re.compile(r"[^\W\d_]{2,}")
# Column headings and "(continued)" marks that the layout adds: a file may have them and need not.
GENERATED = re.compile(r"^(?:For|Number)$|^Who(?= \()|\(continued\)$")
FORMATS = ("pdf", "pptx", "slides-pdf", "notes-pdf")
# Shared between files, as in a build.
COMPOSITION_CACHE, RENDER_CACHE = RenderCache(), RenderCache()


@dataclass(frozen=True)
class RenderedFile:
    """A deliverable, its rendered bytes, and the phrases that must not occur in it."""

    deliverable: Deliverable
    content: bytes
    forbidden: frozenset[str]

    def faults(self, content: bytes) -> set[str]:
        """Return the codes of the findings when `content` stands in place of the rendered bytes."""
        each = self.deliverable
        printed = each.sheet is not None
        found = verify_file(
            content, each.document, each.renderer, printed=printed, forbidden=self.forbidden, cache=RENDER_CACHE
        )
        return {finding.code for finding in found}


def single_files(**settings: Any) -> tuple[SingleFile, ...]:
    options = Options(ROOT / "content", ROOT / "templates", ROOT / "output", country="UK", today=TODAY, **settings)
    return files_with_forbidden_phrases(shipped_library(), options, COMPOSITION_CACHE)


def render_file(single: SingleFile) -> RenderedFile:
    each = single.deliverable
    RENDER_CACHE.begin_file()
    rendered = run_renderer(
        each.renderer, each.document, each.theme, each.sheet, fillable=each.fillable, cache=RENDER_CACHE
    )
    return RenderedFile(each, rendered.content, single.forbidden)


def pdf_bytes(document: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


# ---------------------------------------------------------------- mutations of a deck


def text_elements(root: Any) -> list[Any]:
    """Return the text elements of a part that contain a word, without date, number and slide image."""
    ignored = {  # keeps a reference: lxml reuses the identity of proxies that are garbage-collected
        run
        for shape in root.iter(f"{P}sp")
        if (holder := placeholder_of(shape)) is not None and holder.get("type") in ("sldNum", "dt", "sldImg")
        for run in shape.iter(f"{A}t")
    }
    return [run for run in root.iter(f"{A}t") if WORD.search(run.text or "") and run not in ignored]


def drop_word(rng: Random, deck: DeckFile) -> None:
    """Remove a word from a slide or its notes."""
    slide = rng.choice(deck.slides)
    part = rng.choice((slide, deck.related(slide, "notesSlide")))
    run = rng.choice(text_elements(deck.tree(part)))
    found = rng.choice(list(WORD.finditer(run.text)))
    run.text = run.text[: found.start()] + run.text[found.end() :]


def append_foreign_sentence(rng: Random, deck: DeckFile) -> None:
    """Append a sentence of another audience to a slide or its notes."""
    slide = rng.choice(deck.slides)
    part = rng.choice((slide, deck.related(slide, "notesSlide")))
    run = rng.choice(text_elements(deck.tree(part)))
    run.text = f"{run.text} {FOREIGN_SENTENCE}"


def append_to_alt_text(rng: Random, deck: DeckFile) -> None:
    """Append a sentence of another audience to an alt text."""
    candidates = [
        each for slide in deck.slides for each in deck.tree(slide).iter(f"{P}cNvPr") if each.get("descr", "").strip()
    ]
    each = rng.choice(candidates)
    each.set("descr", f"{each.get('descr')} {FOREIGN_SENTENCE}")


def remove_alt_text(rng: Random, deck: DeckFile) -> None:
    """Remove the alt text of a drawing, table or chart."""
    candidates = [
        each
        for slide in deck.slides
        for shape in deck.shapes(slide)
        if shape.tag in (f"{P}grpSp", f"{P}graphicFrame") and (each := shape[0].find(f"{P}cNvPr")).get("descr")
    ]
    rng.choice(candidates).attrib.pop("descr")


def move_shape_off_slide(rng: Random, deck: DeckFile) -> None:
    """Move a text, table or drawing off its slide."""
    from lxml import etree

    shapes = [shape for slide in deck.slides for shape in deck.shapes(slide) if text_of(shape).strip()]
    shape = rng.choice(shapes)
    off = next(shape.iter(f"{A}off"), None)
    if off is None:
        place = shape.find(f"{P}spPr")
        transform = etree.SubElement(place, f"{A}xfrm")
        place.insert(0, transform)
        off = etree.SubElement(transform, f"{A}off", x="0", y="0")
        etree.SubElement(transform, f"{A}ext", cx="3000000", cy="1000000")
    axis = rng.choice(("x", "y"))
    off.set(axis, str(rng.choice((-9_000_000, 20_000_000))))


def swap_paragraphs(rng: Random, deck: DeckFile) -> None:
    """Swap two paragraphs of the notes of a slide."""
    bodies = [
        body
        for slide in deck.slides
        for body in deck.tree(deck.related(slide, "notesSlide")).iter(f"{P}txBody")
        if len({text_of(each) for each in long_paragraphs(body)}) > 2
    ]
    body = rng.choice(bodies)
    one, other = rng.sample(long_paragraphs(body), 2)
    while text_of(one) == text_of(other):
        one, other = rng.sample(long_paragraphs(body), 2)
    first, second = body.index(one), body.index(other)
    body[first], body[second] = other.__deepcopy__({}), one.__deepcopy__({})


def long_paragraphs(body: Any) -> list[Any]:
    """Return the paragraphs of notes that are long enough for a sentence."""
    return [each for each in body.iterfind(f"{A}p") if len(text_of(each)) > 40]


def remove_slide(rng: Random, deck: DeckFile) -> None:
    """Remove a slide."""
    slides = list(deck.tree(PRESENTATION).iter(f"{P}sldId"))
    slide = rng.choice(slides)
    slide.getparent().remove(slide)


DECK_MUTATIONS: tuple[Callable[[Random, DeckFile], None], ...] = (
    drop_word, drop_word, drop_word, append_foreign_sentence, append_to_alt_text, remove_alt_text, move_shape_off_slide,
    move_shape_off_slide, swap_paragraphs, remove_slide,
)  # fmt: skip


# ---------------------------------------------------------------- mutations of a PDF


def font_encodings(page: Any) -> dict[str, dict[bytes, str]]:
    """Return the text of each glyph code, by font resource of a page (the fonts' ToUnicode maps)."""
    pair = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
    return {
        name: {
            bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
            for code, text in pair.findall(font.ToUnicode.read_bytes())
        }
        for name, font in page.Resources.Font.items()
    }


@dataclass
class TextLine:
    """A TJ operator: its index in the content stream, its glyph codes with their text, and its font's codes by text."""

    index: int
    codes: list[tuple[bytes, str]]
    letters: Mapping[str, bytes]

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.codes)

    @property
    def content_words(self) -> list[re.Match[str]]:
        """The words of the content, without what the layout adds."""
        added = [each.span() for each in GENERATED.finditer(self.text)]
        found = WORD.finditer(self.text)
        return [each for each in found if not any(start <= each.start() < end for start, end in added)]


def lines_of(page: Any, instructions: list[Any]) -> Iterator[TextLine]:
    encodings, font = font_encodings(page), ""
    for index, each in enumerate(instructions):
        if str(each.operator) == "Tf":
            font = str(each.operands[0])
        if str(each.operator) == "TJ":
            operand = b"".join(bytes(part) for part in each.operands[0] if isinstance(part, pikepdf.String))
            codes = [operand[start : start + 2] for start in range(0, len(operand), 2)]
            encoding = encodings[font]
            letters = {text: code for code, text in encoding.items()}
            yield TextLine(index, [(code, encoding.get(code, "")) for code in codes], letters)


def rewrite_line(rng: Random, document: pikepdf.Pdf, change: Callable[[Random, TextLine], list[bytes]]) -> None:
    """Replace the glyph codes of one line of one page."""
    page = rng.choice(list(document.pages))
    instructions = list(pikepdf.parse_content_stream(page))
    line = rng.choice([each for each in lines_of(page, instructions) if each.content_words])
    operand = pikepdf.Array([pikepdf.String(b"".join(change(rng, line)))])
    instructions[line.index] = pikepdf.ContentStreamInstruction([operand], pikepdf.Operator("TJ"))
    page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))


def codes_without_word(rng: Random, line: TextLine) -> list[bytes]:
    """Return the glyph codes of a line without those of one word."""
    found = rng.choice(line.content_words)
    kept, position = [], 0
    for code, text in line.codes:
        if not (found.start() <= position < found.end()):
            kept.append(code)
        position += len(text)
    return kept


def codes_with_foreign_sentence(_: Random, line: TextLine) -> list[bytes]:
    """Return the glyph codes of a line and of `FOREIGN_SENTENCE`, as far as the font has its letters."""
    return [code for code, _ in line.codes] + [line.letters[each] for each in FOREIGN_SENTENCE if each in line.letters]


def structure_elements(document: pikepdf.Pdf, role: str) -> list[Any]:
    """Return the structure elements with a role."""
    found, queue = [], [document.Root.StructTreeRoot]
    while queue:
        element = queue.pop()
        if element.get("/S") == f"/{role}":
            found.append(element)
        kids = element.get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids] if kids is not None else []:
            if isinstance(kid, pikepdf.Dictionary):
                queue.append(kid)
    return found


def drop_printed_word(rng: Random, document: pikepdf.Pdf) -> None:
    rewrite_line(rng, document, codes_without_word)


def append_printed_sentence(rng: Random, document: pikepdf.Pdf) -> None:
    rewrite_line(rng, document, codes_with_foreign_sentence)


def append_to_figure_alt_text(rng: Random, document: pikepdf.Pdf) -> None:
    figure = rng.choice([each for each in structure_elements(document, "Figure") if "/Alt" in each])
    figure.Alt = pikepdf.String(f"{figure.Alt} {FOREIGN_SENTENCE}")


def remove_figure_alt_text(rng: Random, document: pikepdf.Pdf) -> None:
    figure = rng.choice(
        [each for each in structure_elements(document, "Figure") if len(str(each.get("/Alt", ""))) > 60]
    )
    del figure.Alt


def remove_to_unicode(rng: Random, document: pikepdf.Pdf) -> None:
    fonts = list(rng.choice(list(document.pages)).Resources.Font.values())
    del rng.choice(fonts).ToUnicode


def remove_structure_tree(_: Random, document: pikepdf.Pdf) -> None:
    del document.Root.StructTreeRoot


def move_line_off_page(rng: Random, document: pikepdf.Pdf) -> None:
    """Move a line of text off its page."""
    page = rng.choice(list(document.pages))
    instructions = list(pikepdf.parse_content_stream(page))
    index = rng.choice([index for index, each in enumerate(instructions) if str(each.operator) == "Tm"])
    operands: list[Any] = list(instructions[index].operands)
    operands[4] = 2000
    instructions[index] = pikepdf.ContentStreamInstruction(operands, pikepdf.Operator("Tm"))
    page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))


def remove_page(rng: Random, document: pikepdf.Pdf) -> None:
    del document.pages[rng.randrange(len(document.pages))]


PDF_MUTATIONS: tuple[Callable[[Random, pikepdf.Pdf], None], ...] = (
    drop_printed_word, drop_printed_word, drop_printed_word, append_printed_sentence, append_to_figure_alt_text,
    remove_figure_alt_text, remove_to_unicode, remove_structure_tree, move_line_off_page, remove_page,
)  # fmt: skip
FIGURE_MUTATIONS = (append_to_figure_alt_text, remove_figure_alt_text)


# ---------------------------------------------------------------- a random mutation


def mutated_file(seed: int, files: Sequence[RenderedFile]) -> tuple[RenderedFile, bytes, str]:
    """Return one of `files`, its bytes after one mutation, and the name of the mutation."""
    rng = Random(seed)
    file = rng.choice(files)
    if file.deliverable.renderer.startswith("pptx"):
        change_deck, deck = rng.choice(DECK_MUTATIONS), DeckFile(file.content)
        change_deck(rng, deck)
        return file, deck.bytes(), change_deck.__name__
    document = file.deliverable.document
    has_figure = any(isinstance(node, Figure) for node in walk((document.blocks, document.slides)))
    change = rng.choice([each for each in PDF_MUTATIONS if has_figure or each not in FIGURE_MUTATIONS])
    with pikepdf.open(io.BytesIO(file.content)) as opened:
        change(rng, opened)
        return file, pdf_bytes(opened), change.__name__
