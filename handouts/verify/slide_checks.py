"""Checks of finished slides against their Document, in a deck or on PDF pages: each shows its texts and no others.

Takes what `deck_reader` or `pdf_reader` read and a Document; returns findings. A finished slide belongs to the
composed slide whose title it bears, a continued one to the slide before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby, zip_longest

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import nodes
from handouts.document.text import TextNode, fingerprint, plain, walk
from handouts.finding import NOWHERE, Finding, Location, error
from handouts.render_cache import RenderCache
from handouts.verify.deck_reader import DeckSlide
from handouts.verify.expected import (
    AllowedTexts,
    ExpectedText,
    allowed_texts,
    expect_text,
    expected_by_role,
    expected_texts,
    normalized_text,
)
from handouts.verify.handout_checks import check_page_feet, check_pdf_alts, crisis_chain, expected_page_feet
from handouts.verify.matching import BUG_HINT, TextChain, check_alts, check_extra_texts, compare_texts, lost_text_error
from handouts.verify.pdf_reader import ReadPage, ReadPdf

# Blocks whose texts a slide shows in any order.
_UNORDERED_BLOCKS = (
    nodes.Callout, nodes.Card, nodes.Chart, nodes.Contacts, nodes.Figure, nodes.Fork, nodes.Labelled,
    nodes.MainMessage, nodes.QrCode, nodes.Script,
)  # fmt: skip


class _ExpectedSlide(Struct, frozen=True):
    """The texts that one composed slide must show, and those of its notes.

    `chains` are the texts that it shows, each chain in order; `repeated` ones may be shown again.
    """

    title: str
    at: Location
    chains: tuple[TextChain, ...]
    repeated: tuple[str, ...]
    notes: TextChain
    spoken: TextChain
    alts: TextChain
    texts: tuple[str, ...]


class _ReadSlide(Struct, frozen=True):
    """One slide of a finished file: its title, its paragraphs, the title among them, and those of its notes."""

    title: str
    texts: tuple[str, ...]
    notes: tuple[str, ...]


class _SlideMatch(Struct, frozen=True):
    """One composed slide, and the slides of the file that show it, from number `first`."""

    expected: _ExpectedSlide
    read: tuple[_ReadSlide, ...]
    first: int


def _expected_slides(
    document: nodes.Document, cache: RenderCache, *, by_column: bool = False, on_first: TextChain = ()
) -> list[_ExpectedSlide]:
    """Return what each slide must show; the first one also shows `on_first`.

    Comparisons are shown row by row, or `by_column`. The `cache` shares the result between all files of a document.
    """
    expected = []
    for index, slide in enumerate(document.slides):
        also = () if index else on_first
        key = (_expected_slide, fingerprint(slide), also, by_column)
        expected.append(cache.get_or_compute(key, partial(_expected_slide, slide, also, by_column)))
    return expected


def _expected_slide(slide: nodes.Slide, also: TextChain, by_column: bool) -> _ExpectedSlide:
    """Return the expected texts of a slide, with `also` among them; comparisons row by row, or `by_column`."""
    title, everything = normalized_text(plain(slide.title)), tuple(expected_texts(slide, numbered=False))
    alts = expected_by_role((slide.blocks, slide.sender), "alt")
    return _ExpectedSlide(
        title,
        slide.at,
        (*_slide_chains(slide, by_column=by_column), also),
        (title, *table_heads(slide)),
        tuple(expected_texts(slide.notes, numbered=False)),
        tuple(each for each in everything if each.spoken),
        alts,
        tuple({each.text for each in (*everything, *alts)}),
    )


def _slide_chains(slide: nodes.Slide, *, by_column: bool) -> Iterator[TextChain]:
    """Yield the chains of a slide: texts in order, one for each column, and one for each text that may be anywhere."""
    chain: list[ExpectedText] = []
    loose = [
        *expect_text(plain(slide.title), slide.at),
        *expect_text(plain(slide.label), slide.at),
        *expected_texts(slide.sender),
    ]
    for block in (_without_repeated_title(each, slide.title) for each in slide.blocks):
        if isinstance(block, nodes.Comparison) and by_column:
            left, right = zip(*block.rows, strict=True) if block.rows else ((), ())
            yield tuple(expected_texts((block.left, left), block.at, numbered=False))
            yield tuple(expected_texts((block.right, right), block.at, numbered=False))
        elif isinstance(block, _UNORDERED_BLOCKS):
            loose += _visible_texts(block)
        elif isinstance(block, nodes.Table):  # its caption may stand above other text
            loose += _visible_texts(block.caption, block.at)
            chain += _visible_texts((block.head, block.body), block.at)
        else:
            chain += _visible_texts(block)
    yield tuple(chain)
    alike = defaultdict[str, list[ExpectedText]](list)
    for each in loose:
        alike[each.text].append(each)
    yield from map(tuple, alike.values())


def _without_repeated_title(block: nodes.Block, title: nodes.Inlines) -> nodes.Block:
    """Return a block without its heading if that repeats the title of the slide: it is not shown then."""
    if isinstance(block, nodes.Figure | nodes.Chart) and _have_same_words(block.title, title):
        return replace(block, title=())
    if isinstance(block, nodes.Table) and _have_same_words(block.caption, title):
        return replace(block, caption=())
    return block


def _have_same_words(one: nodes.Inlines, other: nodes.Inlines) -> bool:
    """True if two texts differ only in case and spaces."""
    return plain(one).casefold().split() == plain(other).casefold().split()


def _visible_texts(node: TextNode, at: Location = NOWHERE) -> Iterator[ExpectedText]:
    """Yield the texts of a node that are shown on a slide, without spoken ones."""
    return (each for each in expected_texts(node, at, numbered=False) if not each.spoken)


def table_heads(slide: nodes.Slide) -> Iterator[str]:
    """Yield captions and header cells, which are repeated where a table continues on the next slide."""
    for node in walk(slide.blocks):
        if isinstance(node, nodes.Table | nodes.Comparison):
            head = (node.caption, node.head) if isinstance(node, nodes.Table) else (node.left, node.right)
            yield from (each.text for each in expected_texts(head))


# ---------------------------------------------------------------- expected and shown


def _match_slides(read: Sequence[_ReadSlide], expected: Sequence[_ExpectedSlide]) -> Iterator[_SlideMatch]:
    """Yield each composed slide with the slides of the file up to the one with the title of the next.

    Titles are unique: a continued slide says so in its title.
    """
    start = 0
    for each, following in zip_longest(expected, expected[1:]):
        later = range(start + 1, len(read))
        ends = (number for number in later if following and normalized_text(read[number].title) == following.title)
        end = next(ends, len(read))
        yield _SlideMatch(each, tuple(read[start:end]), start + 1)
        start = end


def _check_slide_texts(shown: _SlideMatch, fixed: AllowedTexts) -> Iterator[Finding]:
    """Yield what is missing, out of order or too much on the slides that show one composed slide."""
    texts = (text for each in shown.read for text in each.texts)
    known = fixed.with_words(*shown.expected.repeated)
    yield from compare_texts(texts, shown.expected.chains, known, f"slide {shown.first}")


def _check_notes(shown: _SlideMatch, fixed: AllowedTexts) -> Iterator[Finding]:
    """Yield what is missing, out of order or too much in the notes of a slide; a continued slide repeats its notes."""
    expected = shown.expected
    known = fixed.with_words(*(each.text for each in expected.spoken))
    everything = normalized_text("".join(text for each in shown.read for text in each.notes))
    yield from (
        lost_text_error(each, f"the notes of slide {shown.first}")
        for each in expected.spoken
        if each.text not in everything
    )
    for number, read in enumerate(shown.read, shown.first):
        yield from compare_texts(read.notes, (expected.notes,), known, f"the notes of slide {number}")


def check_deck(
    read: Sequence[DeckSlide], document: nodes.Document, cache: RenderCache, *, builds: bool = False
) -> Iterator[Finding]:
    """Yield what is wrong with a deck; in one that appears click by click, comparisons are read by column."""
    fixed = allowed_texts(document, cache)
    slides = [_ReadSlide(each.title, each.texts(feet=False), each.notes) for each in read]
    for shown in _match_slides(slides, _expected_slides(document, cache, by_column=builds)):
        yield from _check_slide_texts(shown, fixed)
        yield from _check_notes(shown, fixed)
        first = shown.first - 1
        yield from _check_shapes(read[first : first + len(shown.read)], shown.expected, shown.first, fixed)
    yield from _check_deck_feet(read, document, fixed)


def _check_shapes(
    read: Sequence[DeckSlide], expected: _ExpectedSlide, first: int, fixed: AllowedTexts
) -> Iterator[Finding]:
    """Yield shapes off the slide, drawings without an alt text, and alt texts that were not composed."""
    shapes = [(number, each) for number, slide in enumerate(read, first) for each in slide.shapes]
    for number, shape in shapes:
        if not shape.inside and (shape.texts or shape.alt):
            words = " ".join(shape.texts)[:60] or shape.alt[:60]
            yield error("outside-slide", f"“{words}” leaves slide {number}.", expected.at, BUG_HINT)
        if shape.silent:
            message = f"A drawing on slide {number} does not say what it shows."
            yield error("missing-alt", message, expected.at, BUG_HINT)
    found = {normalized_text(shape.alt) for _, shape in shapes if shape.alt}
    yield from check_alts(expected.alts, found, "of its slide")
    yield from check_extra_texts(
        found, fixed.with_words(expected.title, *expected.texts), f"an alt text of slide {first}"
    )


def _check_deck_feet(read: Iterable[DeckSlide], document: nodes.Document, fixed: AllowedTexts) -> Iterator[Finding]:
    """Yield each slide whose foot lacks a line to call or the mark of a draft, or says more than they do."""
    lines = [each for line in document.crisis.short for each in (line.label, line.number)]
    wanted = tuple((ExpectedText(normalized_text(each), NOWHERE),) for each in (*lines, document.draft))
    for number, slide in enumerate(read, 1):
        yield from compare_texts(slide.texts(feet=True), wanted, fixed, f"the foot of slide {number}")


def texts_of_slides(read: Iterable[DeckSlide]) -> Iterator[str]:
    """Yield all texts of a deck, alt texts and notes included, for the search for leaks."""
    for slide in read:
        for shape in slide.shapes:
            yield from (*shape.texts, shape.alt)
        yield from slide.notes


_TITLE_ROLES = frozenset({"H1", "H2", "H3", "H4", "H5", "H6"})


def check_slide_pages(
    read: ReadPdf, document: nodes.Document, cache: RenderCache, *, notes: bool, boxed: bool
) -> Iterator[Finding]:
    """Yield what is wrong with slides on paper: their words are there, with what is said if it has `notes`.

    Pages that are `boxed` have head, crisis box and foot of a handout. The foot of the first slide is read.
    """
    fixed = allowed_texts(document, cache)
    pages = [_read_slides_page(page) for page in read.pages]
    expected = _expected_slides(document, cache, on_first=crisis_chain(document, boxed=False))
    for shown in _match_slides(_joined_slides(pages), expected):
        yield from _check_slide_texts(shown, fixed)
        if notes:
            yield from _check_notes(shown, fixed)
    rest = (text for page in pages for text in page.rest)
    yield from compare_texts(
        rest, (crisis_chain(document, boxed=True),) if boxed else (), AllowedTexts({}), "the crisis box"
    )
    texts = [each.text for each in expected_texts(document.slides, numbered=False)]
    yield from check_pdf_alts(read, expected_by_role(document.slides, "alt"), fixed.with_words(*texts))
    known = fixed.with_words(*(normalized_text(plain(slide.title)) for slide in document.slides))
    feet = _expected_slide_feet([len(page.slides) for page in pages], document)
    if boxed:
        feet = [(*slides, *page) for slides, page in zip(feet, expected_page_feet(read.pages, document), strict=True)]
        yield from _check_slide_numbers(pages, document)
    yield from check_page_feet(read.pages, feet, known)


class _SlidesPage(Struct, frozen=True):
    """What is read on one page with slides: those that begin there, notes of the one before, and what else is read."""

    slides: tuple[_ReadSlide, ...]
    notes: tuple[str, ...]
    rest: tuple[str, ...]


def _read_slides_page(page: ReadPage) -> _SlidesPage:
    """Return what is read on a page with slides.

    A slide is a section that has a title; a section inside it, and one without a title on later pages, has its notes.
    """
    slides: list[_ReadSlide] = []
    notes: list[str] = []
    rest: list[str] = []
    for _, section in groupby(page.paragraphs, key=lambda each: each.block.sections[:1]):
        paragraphs = list(section)
        shown = [each for each in paragraphs if len(each.block.sections) == 1]
        said = tuple(each.text for each in paragraphs if len(each.block.sections) > 1)
        title = next((each.text for each in shown if each.block.role in _TITLE_ROLES), None)
        if title is None:
            rest += [each.text for each in shown]
            notes += said
        else:
            slides.append(_ReadSlide(title, tuple(each.text for each in shown), said))
    return _SlidesPage(tuple(slides), tuple(notes), tuple(rest))


def _joined_slides(pages: Iterable[_SlidesPage]) -> list[_ReadSlide]:
    """Return the slides of pages, each with all of its notes."""
    slides: list[_ReadSlide] = []
    for page in pages:
        if page.notes:
            last = slides.pop() if slides else _ReadSlide("", (), ())
            slides.append(replace(last, notes=(*last.notes, *page.notes)))
        slides += page.slides
    return slides


def _check_slide_numbers(pages: Iterable[_SlidesPage], document: nodes.Document) -> Iterator[Finding]:
    """Yield an error for each slide without its number."""
    slides = (slide for page in pages for slide in page.slides)
    for number, slide in enumerate(slides, 1):
        label = normalized_text(document.words.say("slide", n=number))
        if label not in map(normalized_text, slide.texts):
            yield lost_text_error(ExpectedText(label, NOWHERE), f"slide {number}")


def _expected_slide_feet(counts: Iterable[int], document: nodes.Document) -> list[tuple[TextChain, ...]]:
    """Return what the feet of the slides of each page show, given the number of slides on each.

    The crisis line of the first slide is tagged, and checked with its text.
    """
    lines, draft = crisis_chain(document, boxed=False), expect_text(document.draft, NOWHERE)
    return [(lines * (count if number else count - 1), draft * count) for number, count in enumerate(counts)]
