"""Line breaking: runs of text and a width in, lines of positioned glyph runs out; also the width of a text.

Lines break at spaces and after hyphens and dashes. Nothing is hyphenated or shrunk. A word wider than the line is
broken between glyphs, so that nothing stands outside its box. Short texts are balanced: as few lines as possible,
about equally wide, ending where the sense allows; that takes time by the number of words times the words in a line.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.text.fonts import (
    PRINT_FAMILY,
    FontFace,
    FontFamily,
    Glyph,
    ShapedRun,
    family_in,
    shape_run,
    shape_word,
)
from handouts.theme import TypeStyle

_WORD = re.compile(r"([^ \t\n]*)([ \t\n]*)")
# Where a line may break inside a word: after a hyphen between letters, or after a dash or slash before a letter. A
# hyphen between digits is no such place, so phone numbers stay whole.
_BREAK_INSIDE_WORD = re.compile(r"(?<=[^\W\d_]-)(?=[^\W\d_])|(?<=[^ \t\n][—–/])(?=[^\W\d_])")
_BREAKING_SPACES = " \t\n"
_FULL_SHARE = 0.85  # of the width: a line that ends earlier, for the sake of what is tied to its last word, is short
_NO_BREAK = "\u00a0"
_SPACES = (" ", _NO_BREAK)
_WELL_FILLED_SHARE = 0.6  # of the measure: what stays on a line whose last word goes on to the next


class StyledRun(Struct, frozen=True):
    """Words of one weight; `key` is the caller's, and comes back on every glyph run made from it.

    `family` is its own typeface, if it is another than that of the text around it. What is `tied` stays beside the
    word before it, unless that would leave a line short.
    """

    text: str
    bold: bool = False
    key: object = None
    family: FontFamily | None = None
    tied: bool = False


class GlyphPiece(Struct, frozen=True, eq=False):
    """A word, a part of one, or a space in one face at one size; advances are points and hold kerning and spacing.

    The same word in the same style is mostly the same value, and quick to look up.
    """

    face: FontFace
    glyphs: tuple[Glyph, ...]
    advances: tuple[float, ...]
    width: float
    text: str


class GlyphRun(Struct, frozen=True):
    """Pieces of one face and key, to be drawn from `x`."""

    face: FontFace
    size: float
    x: float
    width: float
    pieces: tuple[GlyphPiece, ...]
    key: object = None

    @property
    def text(self) -> str:
        """The words of the run."""
        return "".join([piece.text for piece in self.pieces])

    @property
    def seen_width(self) -> float:
        """The width without the space at the end."""
        last = self.pieces[-1]
        return self.width - (last.advances[-1] if last.text.endswith(" ") else 0.0)


class TextLine(Struct, frozen=True):
    """One line of glyph runs from its own left edge; `width` leaves out the space at its end.

    Each text of a line but the last ends with a space if the break was at one, so that joined lines read as written.
    """

    runs: tuple[GlyphRun, ...]
    width: float

    @property
    def text(self) -> str:
        """The words of the line."""
        return "".join(run.text for run in self.runs)


class _Atom(Struct, frozen=True):
    """What no line break may split; the space after it, if any, is its last piece and counts in `space` alone.

    One that is `tied` begins no line, unless the line above were short without the word before it.
    """

    pieces: tuple[GlyphPiece, ...]
    width: float
    space: float
    tied: bool = False


class _BreakableText(Struct):
    """A text to break: its atoms, after how many pieces each one ends, all pieces, and the key of each piece."""

    atoms: list[_Atom] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    pieces: list[GlyphPiece] = field(default_factory=list)
    keys: list[object] = field(default_factory=list)

    def add(self, atom: _Atom) -> None:
        """Append `atom`."""
        self.atoms.append(atom)
        self.pieces.extend(atom.pieces)
        self.ends.append(len(self.pieces))

    def join(self, atom: _Atom) -> None:
        """Append `atom` to the last one, so that no line breaks between them."""
        last, _ = self.atoms.pop(), self.ends.pop()
        width = last.width + last.space + atom.width
        self.atoms.append(_Atom((*last.pieces, *atom.pieces), width, atom.space, last.tied))
        self.pieces.extend(atom.pieces)
        self.ends.append(len(self.pieces))


def break_lines(
    runs: Iterable[StyledRun],
    style: TypeStyle,
    width: float,
    family: FontFamily = PRINT_FAMILY,
    *,
    filled: bool = False,
) -> tuple[TextLine, ...]:
    """Return `runs` as lines of at most `width` points, balanced if `style` asks for it.

    If they are `filled`, each line is as full as it can be, as in a program that knows nothing better.
    """
    flow = _split_at_breaks(runs, style, family)
    if not flow.atoms:
        return ()
    if max([atom.width for atom in flow.atoms]) > width:
        flow = _cut_wide_atoms(flow, width)
    ends = _greedy_line_ends(flow, width)
    if len(ends) > 1 and not filled:
        ends = (
            _balanced_line_ends(_balancing_units(flow), width, ends)
            if style.balance
            else _without_lone_last_word(flow, width, ends)
        )
    return tuple([_build_line(flow, start, end, style.size) for start, end in pairwise((0, *ends))])


def text_width(text: str, style: TypeStyle, family: FontFamily = PRINT_FAMILY) -> float:
    """Return the width of `text` on one line."""
    flow = _split_at_breaks((StyledRun(text),), style, family)
    return _build_line(flow, 0, len(flow.atoms), style.size).width if flow.atoms else 0.0


def widest_unbreakable_part(text: str, style: TypeStyle, family: FontFamily = PRINT_FAMILY) -> float:
    """Return the width of the widest part of `text` that no line break may split: what a line must hold at least."""
    return widest_unbreakable_run((StyledRun(text),), style, family)


def widest_unbreakable_run(runs: Iterable[StyledRun], style: TypeStyle, family: FontFamily = PRINT_FAMILY) -> float:
    """Return the width of the widest part of `runs` that no line break may split, as `widest_unbreakable_part` does."""
    return max([atom.width for atom in _split_at_breaks(runs, style, family).atoms], default=0.0)


def _split_at_breaks(runs: Iterable[StyledRun], style: TypeStyle, family: FontFamily) -> _BreakableText:
    """Return `runs` divided at the places where a line may break; words of two runs that touch are one atom."""
    flow = _BreakableText()
    touching = False
    for run in runs:
        setting = (
            family_in(style.typeface, run.family or family),
            run.bold or style.bold,
            style.size,
            style.track,
            style.words,
        )
        for word, spaces in _WORD.findall(run.text):
            if not word and not (spaces and touching):
                continue
            for atom in _atoms_of_word(word, bool(spaces), *setting):
                if touching or (run.tied and style.balance and flow.atoms):
                    flow.join(atom)
                else:
                    flow.add(_Atom(atom.pieces, atom.width, atom.space, tied=True) if run.tied else atom)
                touching = False
        flow.keys.extend([run.key] * (len(flow.pieces) - len(flow.keys)))
        touching = run.text[-1] not in _BREAKING_SPACES if run.text else touching
    return flow


# The one cache of measured text. Its values follow from the installed fonts alone, so it stands here and not with a
# stage: layouts are tried out by breaking the same words again and again, and without it a build takes a quarter more
# processor time. A language's most frequent 10,000 words cover nearly all of any text.
@lru_cache(maxsize=20_000)
def _atoms_of_word(
    word: str, spaced: bool, family: FontFamily, bold: bool, size: float, track: float, words: float
) -> tuple[_Atom, ...]:
    """Return `word`, and the space after it if it is `spaced`, as atoms."""
    atoms = []
    for part in _BREAK_INSIDE_WORD.split(word):
        pieces = tuple([_piece_from_shaped(shaped, size, track, words) for shaped in shape_word(part, family, bold)])
        atoms.append(_Atom(pieces, _total_width(pieces), 0.0))
    if spaced:
        (space,) = _atoms_of_word(" ", False, family, bold, size, track, words)
        last = atoms.pop()
        atoms.append(_Atom((*last.pieces, *space.pieces), last.width, space.width))
    return tuple(atoms)


def _piece_from_shaped(shaped: ShapedRun, size: float, track: float, words: float) -> GlyphPiece:
    """Return `shaped` with its advances in points, letter and word spacing included."""
    size *= shaped.face.scale
    advances = tuple(
        (advance + track + (words if glyph.text in _SPACES else 0.0)) * size
        for glyph, advance in zip(shaped.glyphs, shaped.advances, strict=True)
    )
    text = "".join(glyph.text for glyph in shaped.glyphs)
    return GlyphPiece(shaped.face, shaped.glyphs, advances, sum(advances), text)


def _total_width(pieces: Iterable[GlyphPiece]) -> float:
    """Return how wide `pieces` are together."""
    return sum([piece.width for piece in pieces])


def _cut_wide_atoms(flow: _BreakableText, width: float) -> _BreakableText:
    """Return `flow` with each atom that is wider than `width` cut into its glyphs; the space stays with the last."""
    result = _BreakableText()
    for atom, end in zip(flow.atoms, flow.ends, strict=True):
        keys = flow.keys[end - len(atom.pieces) : end]
        if atom.width <= width:
            result.add(atom)
            result.keys.extend(keys)
            continue
        for piece, key in zip(atom.pieces, keys, strict=True):
            for glyph, advance in zip(piece.glyphs, piece.advances, strict=True):
                single = GlyphPiece(piece.face, (glyph,), (advance,), advance, glyph.text)
                if atom.space and piece is atom.pieces[-1]:
                    result.join(_Atom((single,), 0.0, advance))
                else:
                    result.add(_Atom((single,), advance, 0.0))
                result.keys.append(key)
    return result


def _greedy_line_ends(flow: _BreakableText, width: float) -> list[int]:
    """Return after how many atoms each line ends, each as full as `width` allows."""
    ends: list[int] = []
    start, used = 0, 0.0
    for index, atom in enumerate(flow.atoms):
        while index > start and used + atom.width > width + 1e-6:
            start = _line_end_before(flow, start, index, width)
            ends.append(start)
            used = sum([each.width + each.space for each in flow.atoms[start:index]])
        used += atom.width + atom.space
    return [*ends, len(flow.atoms)]


def _line_end_before(flow: _BreakableText, start: int, index: int, width: float) -> int:
    """Return where the line from `start` ends that has no room for the atom at `index`: before the word that it is tied
    to, if the line is full without that word, else before the atom itself.
    """
    if not flow.atoms[index].tied or index - 1 <= start:
        return index
    without = sum([atom.width + atom.space for atom in flow.atoms[start : index - 1]]) - flow.atoms[index - 2].space
    return index - 1 if without >= _FULL_SHARE * width else index


def _balancing_units(flow: _BreakableText) -> list[_BalancingUnit]:
    """Return the atoms of `flow` as what is balanced."""
    return [_BalancingUnit(_text_of_atoms((atom,)).rstrip(" "), atom.width, atom.space) for atom in flow.atoms]


def _without_lone_last_word(flow: _BreakableText, width: float, ends: list[int]) -> list[int]:
    """Return `ends` of filled lines, the last of which is more than one word if the one before it stays well filled."""
    start, end = ends[-2], ends[-1]
    if any(atom.space for atom in flow.atoms[start : end - 1]) or _NO_BREAK in _text_of_atoms(flow.atoms[start:end]):
        return ends
    first = ends[-3] if len(ends) > 2 else 0
    taken = _word_start_before(flow.atoms, start)
    if taken > first + 1 and _ends_sentence(_text_of_atoms(flow.atoms[taken - 2 : taken - 1])):
        taken = _word_start_before(flow.atoms, taken)  # nor does the first word of a sentence stay behind
    if taken <= first or _width_of_atoms(flow.atoms[first:taken]) < _WELL_FILLED_SHARE * width:
        return ends
    return ends if _width_of_atoms(flow.atoms[taken:end]) > width + 1e-6 else [*ends[:-2], taken, end]


def _word_start_before(atoms: Sequence[_Atom], start: int) -> int:
    """Return at which atom the word begins that ends before the atom `start`."""
    return next((index for index in range(start - 1, 0, -1) if atoms[index - 1].space), 0)


def _width_of_atoms(atoms: Sequence[_Atom]) -> float:
    """Return how wide a line of `atoms` is."""
    return sum([atom.width + atom.space for atom in atoms]) - atoms[-1].space


def _text_of_atoms(atoms: Sequence[_Atom]) -> str:
    """Return the words of `atoms`."""
    return "".join([piece.text for atom in atoms for piece in atom.pieces])


def _build_line(flow: _BreakableText, start: int, end: int, size: float) -> TextLine:
    """Return the atoms from `start` to `end` as one line; the last line of a text leaves the space at its end out."""
    space, pieces_end = flow.atoms[end - 1].space, flow.ends[end - 1]
    if end == len(flow.atoms) and space:
        space, pieces_end = 0.0, pieces_end - 1
    runs: list[GlyphRun] = []
    x = 0.0
    for first, beyond in _spans_of_same_face(flow, flow.ends[start - 1] if start else 0, pieces_end):
        pieces = tuple(flow.pieces[first:beyond])
        width = _total_width(pieces)
        runs.append(GlyphRun(pieces[0].face, size * pieces[0].face.scale, x, width, pieces, flow.keys[first]))
        x += width
    return TextLine(_with_end_space_joined(runs, size), x - space)


def _with_end_space_joined(runs: Sequence[GlyphRun], size: float) -> tuple[GlyphRun, ...]:
    """Return the `runs` of a line, a space that ends it alone as part of the words before it.

    Some programs that read a page leave out what paints nothing, and would join the words of two lines.
    """
    if len(runs) < 2 or runs[-1].text not in _SPACES:
        return tuple(runs)
    last = runs[-2]
    space = _piece_from_shaped(shape_run(runs[-1].text, last.face), size, 0.0, 0.0)
    return (*runs[:-2], replace(last, pieces=(*last.pieces, space), width=last.width + space.width))


def _spans_of_same_face(flow: _BreakableText, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where neighbours of the same face and key begin and end."""
    pieces, keys = flow.pieces, flow.keys
    for index in range(start + 1, end):
        if keys[index] is not keys[index - 1] or pieces[index].face is not pieces[index - 1].face:
            yield start, index
            start = index
    yield start, end


_TOLERANCE = 1e-6
_CLOSING = r"[”’\"')\]»]*$"
_SENTENCE, _COLON, _COMMA = (re.compile(f"[{signs}]{_CLOSING}") for signs in (".?!…", ":;—–", ","))
_OPENING = re.compile(r"[“‘«„(\[]")
# What an end of a line is worth, in squares of its measure: that much less even may lines become for it.
_AFTER_SENTENCE, _AFTER_COLON, _AFTER_COMMA, _BEFORE_QUOTE, _INSIDE_WORD = 0.3, 0.25, 0.12, 0.1, -0.05
# What it costs to part the first or the last words of a sentence from the others of it.
_FIRST_WORD, _SECOND_WORD, _FIRST_OF_CLAUSE, _LAST_WORD = 0.3, 0.1, 0.08, 0.08
_LONE_WORD = 10.0


class _BalancingUnit(Struct, frozen=True):
    """What no line break may split: its words, how wide they are, and how wide the space after them is, if any."""

    text: str
    width: float
    space: float

    @property
    def is_several_words(self) -> bool:
        """True if no-break spaces hold words together in it."""
        return "\u00a0" in self.text.strip("\u00a0")


def _balanced_line_ends(units: Sequence[_BalancingUnit], width: float, filled: Sequence[int]) -> list[int]:
    """Return after how many units each line ends; `filled` are the ends when each line is as full as `width` allows.

    There are as many lines as in `filled`, and none is wider than `width`.
    """
    count, end = len(filled), len(units)
    before = list(accumulate((unit.width + unit.space for unit in units), initial=0.0))
    line_at = [0, *(bisect_right(filled, index) + 1 for index in range(end))]
    possible = [line + after == count for line, after in zip(line_at, _min_lines_after(units, width), strict=True)]
    mean = (before[end] - units[-1].space) / count
    values = [_end_value(units, index) if 0 < index < end else 0.0 for index in range(end + 1)]
    costs, starts = [math.inf] * (end + 1), [0] * (end + 1)
    costs[0] = 0.0
    for to in range(1, end + 1):
        if not possible[to]:
            continue
        for start in range(to - 1, -1, -1):
            used = before[to] - before[start] - units[to - 1].space
            if used > width + _TOLERANCE and start < to - 1:
                break
            if costs[start] == math.inf or line_at[start] + 1 != line_at[to]:
                continue
            cost = costs[start] + ((used - mean) / width) ** 2 - values[to]
            if to == end and used < mean and _is_single_word(units[start:to]):
                cost += _LONE_WORD
            if cost < costs[to]:
                costs[to], starts[to] = cost, start
    return list(filled) if costs[end] == math.inf else _line_ends_from(end, starts)


def _line_ends_from(end: int, starts: Sequence[int]) -> list[int]:
    """Return the ends of all lines, if `starts` says where the line begins that ends at each place."""
    ends = []
    while end:
        ends.append(end)
        end = starts[end]
    return ends[::-1]


def _min_lines_after(units: Sequence[_BalancingUnit], width: float) -> list[int]:
    """Return how many lines the units after each place need at least."""
    lines, line, used = [0], 0, math.inf
    for unit in reversed(units):
        used += unit.width + unit.space
        if used > width + _TOLERANCE:
            line, used = line + 1, unit.width
        lines.append(line)
    return lines[::-1]


def _is_single_word(line: Sequence[_BalancingUnit]) -> bool:
    """True if a line is one word."""
    return not any(unit.space for unit in line[:-1]) and not any(unit.is_several_words for unit in line)


def _end_value(units: Sequence[_BalancingUnit], index: int) -> float:
    """Return what it is worth that a line ends before the unit `index`."""
    last, following = units[index - 1], units[index]
    if not last.space:
        return _INSIDE_WORD
    worth = _end_value_after(last.text)
    worth = min(worth, _AFTER_COMMA) if following.text[:1].islower() and worth == _AFTER_SENTENCE else worth
    return max(worth, _BEFORE_QUOTE if _OPENING.match(following.text) else 0.0) - _separation_cost(units, index)


def _ends_sentence(text: str) -> bool:
    """True if a sentence ends with `text`."""
    return _SENTENCE.search(text.rstrip(" ")) is not None


def _end_value_after(text: str) -> float:
    """Return what it is worth that a line ends after `text`."""
    if _SENTENCE.search(text):
        return _AFTER_SENTENCE
    if _COLON.search(text):
        return _AFTER_COLON
    return _AFTER_COMMA if _COMMA.search(text) else 0.0


def _separation_cost(units: Sequence[_BalancingUnit], index: int) -> float:
    """Return what it costs that a line ends before the unit `index`, for words of a sentence that stand alone."""
    cost = 0.0
    if index + 1 < len(units) and _SENTENCE.search(units[index].text) and not _SENTENCE.search(units[index - 1].text):
        cost += _LAST_WORD
    for back, price in ((2, _FIRST_WORD), (3, _SECOND_WORD)):
        if index >= back and _end_value_after(units[index - back].text) >= _AFTER_COLON:
            return cost + price
    return cost + (_FIRST_OF_CLAUSE if index > 1 and _COMMA.search(units[index - 2].text) else 0.0)
