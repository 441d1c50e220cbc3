"""Find the source of the words on planned pages: the file and line of each line of text, figure and picture.

Takes pages and their Document; returns areas with locations. The words of a page are searched for among the words of
the Document in reading order, which have locations. Must never open a file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from itertools import accumulate

from msgspec import Struct

from handouts.document.nodes import Citation, Document, Text
from handouts.document.text import texts_of, walk
from handouts.finding import NOWHERE, Location
from handouts.layout.page_model import ARTIFACT, CoveredArea, Page, PagePlan, TextItem, item_bounds, leaf_items
from handouts.render_cache import RenderCache

_NO_LETTER = re.compile(r"[\W_]+")
_LETTER = re.compile(r"[^\W_]")
_WIDEST_GAP = 0.7  # between two words of one line, in em
_FEWEST_LETTERS = 3
_LONG_SEARCH = 12  # letters, from which words are searched for in the whole document, not only nearby
_NEARBY = 500  # letters
_INSERTED = 400  # letters that a file may have between two words of a page, such as those in braces


class PlacedArea(Struct, frozen=True):
    """The area of a line of text, a figure or a picture on a page, its source, and its words."""

    area: CoveredArea
    at: Location
    words: str


class _WrittenText(Struct, frozen=True):
    """The letters of all texts of a document in reading order, with the start and the location of each text."""

    letters: str
    starts: tuple[int, ...]
    places: tuple[Location, ...]


class _SourceLetters(Struct, frozen=True):
    """The letters of a file, the offset of each, and the offsets at which lines begin."""

    letters: str
    offsets: tuple[int, ...]
    lines: tuple[int, ...]


class _ShownLine(Struct, frozen=True):
    """Words on one line of a page."""

    words: str
    area: CoveredArea


def place_areas(
    document: Document,
    plan: PagePlan,
    texts: Mapping[str, str],
    numbers: Mapping[str, Location],
    cache: RenderCache,
) -> tuple[tuple[PlacedArea, ...], ...]:
    """Return the areas of each page of `plan`: figures first, then lines of text; those without a source are left out.

    `texts` are the source files by name, `numbers` the locations of phone numbers and their labels.
    """
    written, figures = _written_text(document, numbers), _figure_areas(document, plan)
    everywhere = {_NO_LETTER.sub("", text): at for text, at in numbers.items()}
    sources = {
        file: cache.get_or_compute(("source letters", text), lambda text=text: _source_letters(text))  # type: ignore[misc]
        for file, text in texts.items()
    }
    cursor, pages = 0, []
    for number, page in enumerate(plan.pages):
        areas = list(figures.get(number, ()))
        for line in _shown_lines(page):
            letters = _NO_LETTER.sub("", line.words)
            found = _find_letters(letters, written.letters, cursor) if letters else -1
            if found >= 0:
                cursor = found + len(letters)
                at = _place_of(found, letters, written, sources)
                if at != NOWHERE:
                    areas.append(PlacedArea(line.area, at, line.words))
        for words in _repeated_words(page):
            if written_at := everywhere.get(_NO_LETTER.sub("", words.words)):
                areas.append(PlacedArea(words.area, written_at, words.words))
        pages.append(tuple(areas))
    return tuple(pages)


def _written_text(document: Document, numbers: Mapping[str, Location]) -> _WrittenText:
    """Return all texts of a document in reading order with their locations, except notes, which are on no page."""
    pieces: list[tuple[str, Location]] = []
    for each in texts_of((document.blocks, document.slides)):
        if each.place == "notes" or each.visibility == "hidden":
            continue
        if isinstance(each.content, str):
            pieces.append((each.content, each.at))
        else:
            pieces.extend(_inline_pieces(each.content, each.at))
    pieces.extend((each.text, numbers.get(each.text, NOWHERE)) for each in texts_of(document.crisis))
    letters = [_NO_LETTER.sub("", text) for text, _ in pieces]
    starts = tuple(accumulate(map(len, letters), initial=0))[:-1]
    return _WrittenText("".join(letters), starts, tuple(at for _, at in pieces))


def _inline_pieces(content: object, at: Location) -> Iterator[tuple[str, Location]]:
    """Yield the texts inside a sentence with their locations; numbers of sources have the location of the block."""
    for node in walk(content):
        if isinstance(node, Text):
            yield node.text, node.at if node.at != NOWHERE else at
        elif isinstance(node, Citation):
            yield "".join(map(str, node.numbers)), at


def _figure_areas(document: Document, plan: PagePlan) -> dict[int, list[PlacedArea]]:
    """Return the areas of figures and pictures by page number, from 0."""
    said = texts_of((document.blocks, document.slides))
    alts = {each.text: each.at for each in said if each.role == "alt"}
    found: dict[int, list[PlacedArea]] = {}
    for number, page in enumerate(plan.pages):
        covered: dict[str, CoveredArea] = {}
        for item in leaf_items(page.items):
            if item.element is not None and item.element.alt in alts and item.element.role == "Figure":
                area, alt = item_bounds(item), item.element.alt
                covered[alt] = area.around(covered.get(alt, area))
        found[number] = [PlacedArea(area, alts[alt], alt) for alt, area in covered.items()]
    return found


def _shown_lines(page: Page) -> Iterator[_ShownLine]:
    """Yield the lines of words on a page in reading order, without artifacts and repeated text."""
    line: list[TextItem] = []
    for item in leaf_items(page.items):
        if not isinstance(item, TextItem) or item.element is None or item.element.role == ARTIFACT:
            continue
        if line and not _continues_line(line[-1], item):
            yield _line_of(line)
            line = []
        line.append(item)
    if line:
        yield _line_of(line)


def _repeated_words(page: Page) -> Iterator[_ShownLine]:
    """Yield the runs of text that repeat an earlier page, such as those of the crisis box."""
    return (_line_of((item,)) for item in leaf_items(page.items) if isinstance(item, TextItem) and item.element is None)


def _continues_line(before: TextItem, item: TextItem) -> bool:
    """True if `item` directly follows another on the same line."""
    gap = item.x - (before.x + before.run.width)
    return before.baseline == item.baseline and abs(gap) < _WIDEST_GAP * item.run.size


def _line_of(items: Iterable[TextItem]) -> _ShownLine:
    """Return neighbouring items as one line."""
    together = tuple(items)
    return _ShownLine(
        "".join(each.run.text for each in together), reduce(CoveredArea.around, map(item_bounds, together))
    )


def _find_letters(letters: str, written: str, cursor: int) -> int:
    """Return the offset of `letters` in the written text: near `cursor`, or anywhere if they are many; -1 if not found.

    One or two letters, such as the number of a step in a drawing, must come next.
    """
    if len(letters) < _FEWEST_LETTERS:
        return cursor if written.startswith(letters, cursor) else -1
    near = written.find(letters, cursor, cursor + _NEARBY + len(letters))
    if near >= 0 or len(letters) < _LONG_SEARCH:
        return near if near >= 0 else written.find(letters, max(0, cursor - _NEARBY), cursor + _NEARBY)
    later = written.find(letters, cursor)
    return later if later >= 0 else written.find(letters)


def _place_of(found: int, letters: str, written: _WrittenText, sources: Mapping[str, _SourceLetters]) -> Location:
    """Return the location in its source file of the letters found at an offset of the written text."""
    index = bisect_right(written.starts, found) - 1
    at, before = written.places[index], found - written.starts[index]
    source = sources.get(at.file)
    if source is None or not at.line or at.line > len(source.lines):
        return at
    first = bisect_right(source.offsets, source.lines[at.line - 1] + at.column - 2)
    expected = first + before
    begins = letters[:_LONG_SEARCH]
    if not source.letters.startswith(begins, expected):
        expected = source.letters.find(begins, first, expected + _INSERTED)
    if not 0 <= expected < len(source.offsets):
        return at
    offset = source.offsets[expected]
    line = bisect_right(source.lines, offset)
    return Location(at.file, line, offset - source.lines[line - 1] + 1)


def _source_letters(text: str) -> _SourceLetters:
    """Return the letters of a text with their offsets."""
    offsets = tuple(found.start() for found in _LETTER.finditer(text))
    lines = (0, *(found.end() for found in re.finditer("\n", text)))
    return _SourceLetters("".join([text[each] for each in offsets]), offsets, lines)
