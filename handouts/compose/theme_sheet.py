"""Show a theme of a project's own: samples of what is made with it, and every text colour on its grounds.

The samples are the project's own words: of each kind of block and slide that a document has, the first one. What a
text colour looks like on a ground, and its contrast, stand below them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from handouts.document import nodes
from handouts.document.text import walk
from handouts.theme import GROUNDS_BY_TEXT, ThemeSource, contrast_ratio

_PAIRS_IN_A_ROW = 5
_SWATCH, _GAP, _EDGE = (96.0, 34.0), 8.0, 0.75
_LINES = ((10.0, 76.0), (10.0, 54.0))  # what stands for two lines of text: from where to where they go
_LINE_WEIGHT = 5.0
_LEFT_OUT = (nodes.Sources, nodes.Worksheet)  # too long for a sample


def theme_sheet(document: nodes.Document, theme: ThemeSource, accents: Iterable[str]) -> nodes.Document:
    """Return the samples of a handout or a talk; below those of a handout the colours of a theme with some `accents`.

    All its words come from the document of one audience, so that nothing on it is meant for another one.
    """
    if document.slides:
        return replace(document, slides=tuple(_first_of_each_kind(document.slides)))
    blocks = list(_first_of_each_type(document.blocks))
    if cited := {number for node in walk(tuple(blocks)) if isinstance(node, nodes.Citation) for number in node.numbers}:
        listed = (each for node in walk(document.blocks) if isinstance(node, nodes.Sources) for each in node.sources)
        blocks.append(nodes.Sources(tuple(each for each in listed if each.number in cited), short=True))
    blocks.append(nodes.Heading(2, (nodes.Text(theme.name),), opens_page=True))
    blocks.extend(_rows("", theme.colours, {}))
    for name in accents:
        blocks.extend(_rows(f"{name}: ", theme.colours, theme.accents[name]))
    return replace(document, blocks=tuple(blocks), discreet=False)


def _first_of_each_type(blocks: Iterable[nodes.Block]) -> Iterator[nodes.Block]:
    """Yield the first block of each type; a cover with a page of its own shares the page here."""
    seen: set[type] = set()
    for block in blocks:
        if type(block) not in (*seen, *_LEFT_OUT):
            seen.add(type(block))
            yield replace(block, alone=False) if isinstance(block, nodes.Cover) else block


def _first_of_each_kind(slides: Iterable[nodes.Slide]) -> Iterator[nodes.Slide]:
    """Yield the first slide of each kind, and the first with a block of each type."""
    seen: set[object] = set()
    for slide in slides:
        shows = {slide.kind, *map(type, slide.blocks)} - {*_LEFT_OUT}
        if shows - seen and not any(isinstance(block, _LEFT_OUT) for block in slide.blocks):
            seen |= shows
            yield slide


def _rows(start: str, colours: Mapping[str, str], accent: Mapping[str, str]) -> Iterator[nodes.Picture]:
    """Yield rows of pairs of an `accent`, or of those that no accent changes, each with its contrast below it."""
    known = {**colours, **accent}
    pairs = [
        (text, ground)
        for text, grounds in GROUNDS_BY_TEXT.items()
        for ground in grounds
        if text in known and ground in known and bool(accent) is (text in accent or ground in accent)
    ]
    for first in range(0, len(pairs), _PAIRS_IN_A_ROW):
        row = pairs[first : first + _PAIRS_IN_A_ROW]
        said = (f"{text} on {ground} {contrast_ratio(known[text], known[ground]):.1f}:1" for text, ground in row)
        drawn = tuple(
            shape
            for number, (text, ground) in enumerate(row)
            for shape in _swatch(number * (_SWATCH[0] + _GAP), known[text], known[ground], known["stone"])
        )
        width = _PAIRS_IN_A_ROW * (_SWATCH[0] + _GAP)
        yield nodes.Picture(nodes.Outlines(width, _SWATCH[1], drawn), "", (nodes.Text(f"{start}{', '.join(said)}"),))


def _swatch(left: float, text: str, ground: str, edge: str) -> Iterator[nodes.Outline]:
    """Yield a field of a ground with two lines in the colour of a text."""
    right, bottom, inset = left + _SWATCH[0], _SWATCH[1] - _EDGE, _EDGE
    corners = ((left + inset, inset), (right, inset), (right, bottom), (left + inset, bottom))
    outline = (("M", corners[0]), *(("L", corner) for corner in corners[1:]), ("Z", ()))
    yield nodes.Outline(outline, ground, edge, _EDGE)
    for number, (start, end) in enumerate(_LINES):
        y = (number + 1) * _SWATCH[1] / (len(_LINES) + 1)
        yield nodes.Outline((("M", (left + start, y)), ("L", (left + end, y))), "", text, _LINE_WEIGHT)
