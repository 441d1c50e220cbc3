"""Break runs of text into lines of positioned glyph runs, and words that are too long; measure the width of a text.

Lines break at spaces and after hyphens and dashes. No word is hyphenated and no type made smaller; a word wider than
the line is broken between glyphs, so that no text leaves its box. Short texts are balanced: as few lines as possible,
about equally wide, ending where the sense allows. Balancing takes time proportional to words times words in a line.
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
# Where a line may break inside a word: after a hyphen between letters, or after a dash or slash before a letter. It may
# not after a hyphen between digits, so phone numbers stay whole.
_BREAK_INSIDE_WORD = re.compile(r"(?<=[^\W\d_]-)(?=[^\W\d_])|(?<=[^ \t\n][—–/])(?=[^\W\d_])")
_BREAKING_SPACES = " \t\n"
_FULL_SHARE = 0.85  # of the width: a line must be so full without its last word for that to move with a tied part
_NO_BREAK = "\u00a0"
_SPACES = (" ", _NO_BREAK)
_TOLERANCE = 1e-6  # points
_WELL_FILLED_SHARE = 0.5  # of the width: a line must be so full without its last word for that to move to the last line


class StyledRun(Struct, frozen=True):
    """Text of one weight; the caller's `key` comes back on every glyph run made from it.

    `family` is its typeface if that differs from the text around it. A `tied` run stays beside the word before it,
    unless that would leave a line short.
    """

    text: str
    bold: bool = False
    key: object = None
    family: FontFamily | None = None
    tied: bool = False


class GlyphPiece(Struct, frozen=True, eq=False):
    """A word, a part of one, or a space in one face at one size; advances are points, with kerning and spacing.

    Pieces are compared by identity: the cache mostly returns the same object for the same word in the same style.
    """

    face: FontFace
    glyphs: tuple[Glyph, ...]
    advances: tuple[float, ...]
    width: float
    text: str


class GlyphRun(Struct, frozen=True):
    """Pieces of one face and key, to be drawn from `x` on the line."""

    face: FontFace
    size: float
    x: float
    width: float
    pieces: tuple[GlyphPiece, ...]
    key: object = None

    @property
    def text(self) -> str:
        """The text of the run."""
        return "".join([piece.text for piece in self.pieces])

    @property
    def seen_width(self) -> float:
        """The width without a space at the end."""
        last = self.pieces[-1]
        return self.width - (last.advances[-1] if last.text.endswith(" ") else 0.0)


class TextLine(Struct, frozen=True):
    """One line of glyph runs from its own left edge; `width` does not count a space at its end.

    Every line but the last keeps the space at which it was broken, so that the joined lines read as written.
    """

    runs: tuple[GlyphRun, ...]
    width: float

    @property
    def text(self) -> str:
        """The text of the line."""
        return "".join(run.text for run in self.runs)


class _Atom(Struct, frozen=True):
    """A part of a text that no line break may split, with the space after it, if any.

    The space is the last of `pieces` and of `text`; its width is `space` and not part of `width`. A `tied` atom begins
    no line, unless the line above would be short without the word before it.
    """

    pieces: tuple[GlyphPiece, ...]
    width: float
    space: float
    text: str
    tied: bool = False

    @property
    def is_several_words(self) -> bool:
        """True if no-break spaces hold words together in it."""
        return _NO_BREAK in self.text.strip()


class _BreakableText(Struct):
    """A text to break: its atoms, all its pieces, the key of each piece, and the index of the piece after each atom."""

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
        """Merge `atom` into the last one, so that no line breaks between them."""
        last, _ = self.atoms.pop(), self.ends.pop()
        width = last.width + last.space + atom.width
        pieces, text = (*last.pieces, *atom.pieces), last.text + atom.text
        self.atoms.append(_Atom(pieces, width, atom.space, text, last.tied))
        self.pieces.extend(atom.pieces)
        self.ends.append(len(self.pieces))


def break_lines(
    runs: Iterable[StyledRun],
    style: TypeStyle,
    width: float,
    family: FontFamily = PRINT_FAMILY,
    *,
    filled: bool = False,
    most: int | None = None,
) -> tuple[TextLine, ...]:
    """Return `runs` as lines of at most `width` points, balanced if `style` asks for it.

    With `filled` each line is as full as it can be, as most other programs break them. With `most` there are no lines
    if they would be more than that, or if a word is wider than the line.
    """
    flow = _split_at_breaks(runs, style, family)
    if not flow.atoms:
        return ()
    if max([atom.width for atom in flow.atoms]) > width:
        if most is not None:
            return ()
        flow = _cut_wide_atoms(flow, width)
    ends = _greedy_line_ends(flow, width)
    if most is not None and len(ends) > most:
        return ()
    if len(ends) > 1 and not filled:
        ends = (_balanced_line_ends if style.balance else _without_lone_last_word)(flow.atoms, width, ends)
    return tuple([_build_line(flow, start, end, style.size) for start, end in pairwise((0, *ends))])


def text_width(text: str, style: TypeStyle, family: FontFamily = PRINT_FAMILY) -> float:
    """Return the width of `text` on one line."""
    flow = _split_at_breaks((StyledRun(text),), style, family)
    return _build_line(flow, 0, len(flow.atoms), style.size).width if flow.atoms else 0.0


def widest_unbreakable_part(text: str, style: TypeStyle, family: FontFamily = PRINT_FAMILY) -> float:
    """Return the width of the widest part of `text` that no line break may split: the least width of a line."""
    return widest_unbreakable_run((StyledRun(text),), style, family)


def widest_unbreakable_run(runs: Iterable[StyledRun], style: TypeStyle, family: FontFamily = PRINT_FAMILY) -> float:
    """Return the width of the widest part of `runs` that no line break may split, as `widest_unbreakable_part` does."""
    return max([atom.width for atom in _split_at_breaks(runs, style, family).atoms], default=0.0)


def _split_at_breaks(runs: Iterable[StyledRun], style: TypeStyle, family: FontFamily) -> _BreakableText:
    """Return `runs` divided where lines may break; words of two runs with no space between them are one atom."""
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
                    flow.add(replace(atom, tied=True) if run.tied else atom)
                touching = False
        flow.keys.extend([run.key] * (len(flow.pieces) - len(flow.keys)))
        touching = run.text[-1] not in _BREAKING_SPACES if run.text else touching
    return flow


# The only cache of measured text. Its values depend on the installed fonts alone, so the module may hold it. Layout
# breaks the same words again and again; without the cache a build takes a quarter more processor time. The 10,000 most
# frequent words of a language cover nearly all of any text.
@lru_cache(maxsize=20_000)
def _atoms_of_word(
    word: str, spaced: bool, family: FontFamily, bold: bool, size: float, track: float, words: float
) -> tuple[_Atom, ...]:
    """Return `word`, with a space after it if it is `spaced`, as atoms."""
    atoms = []
    for part in _BREAK_INSIDE_WORD.split(word):
        pieces = tuple([_piece_from_shaped(shaped, size, track, words) for shaped in shape_word(part, family, bold)])
        atoms.append(_Atom(pieces, _total_width(pieces), 0.0, part))
    if spaced:
        (space,) = _atoms_of_word(" ", False, family, bold, size, track, words)
        last = atoms.pop()
        atoms.append(_Atom((*last.pieces, *space.pieces), last.width, space.width, f"{part} "))
    return tuple(atoms)


def _piece_from_shaped(shaped: ShapedRun, size: float, track: float, words: float) -> GlyphPiece:
    """Return `shaped` with advances in points, including letter and word spacing."""
    size *= shaped.face.scale
    advances = tuple(
        (advance + track + (words if glyph.text in _SPACES else 0.0)) * size
        for glyph, advance in zip(shaped.glyphs, shaped.advances, strict=True)
    )
    text = "".join(glyph.text for glyph in shaped.glyphs)
    return GlyphPiece(shaped.face, shaped.glyphs, advances, sum(advances), text)


def _total_width(pieces: Iterable[GlyphPiece]) -> float:
    """Return the width of all `pieces` together."""
    return sum([piece.width for piece in pieces])


def _cut_wide_atoms(flow: _BreakableText, width: float) -> _BreakableText:
    """Return `flow` with each atom that is wider than `width` cut into glyphs; the space stays with the last glyph."""
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
                    result.join(_Atom((single,), 0.0, advance, glyph.text))
                else:
                    result.add(_Atom((single,), advance, 0.0, glyph.text))
                result.keys.append(key)
    return result


def _greedy_line_ends(flow: _BreakableText, width: float) -> list[int]:
    """Return the number of atoms before the end of each line, if each line is as full as `width` allows."""
    ends: list[int] = []
    start, used = 0, 0.0
    for index, atom in enumerate(flow.atoms):
        while index > start and used + atom.width > width + _TOLERANCE:
            start = _line_end_before(flow.atoms, start, index, width)
            ends.append(start)
            used = sum([each.width + each.space for each in flow.atoms[start:index]])
        used += atom.width + atom.space
    return [*ends, len(flow.atoms)]


def _line_end_before(atoms: Sequence[_Atom], start: int, index: int, width: float) -> int:
    """Return the end of the line from `start`, which has no room for the atom at `index`.

    A tied atom takes the word before it along to the next line, if the line is full without that word.
    """
    if not atoms[index].tied or index - 1 <= start:
        return index
    return index - 1 if _width_of_atoms(atoms[start : index - 1]) >= _FULL_SHARE * width else index


def _width_of_atoms(atoms: Sequence[_Atom]) -> float:
    """Return the width of a line of `atoms`."""
    return sum([atom.width + atom.space for atom in atoms]) - atoms[-1].space


def _without_lone_last_word(atoms: Sequence[_Atom], width: float, ends: list[int]) -> list[int]:
    """Return `ends` of filled lines, with a word moved down to a last line of one word if that leaves no short line."""
    start, end = ends[-2], ends[-1]
    if not _is_single_word(atoms[start:end]):
        return ends
    first = ends[-3] if len(ends) > 2 else 0
    taken = _word_start_before(atoms, start)
    if taken > first + 1 and _SENTENCE.search(atoms[taken - 2].text):
        taken = _word_start_before(atoms, taken)  # do not leave the first word of a sentence at the end of a line
    if taken <= first or _width_of_atoms(atoms[first:taken]) < _WELL_FILLED_SHARE * width:
        return ends
    return ends if _width_of_atoms(atoms[taken:end]) > width + _TOLERANCE else [*ends[:-2], taken, end]


def _word_start_before(atoms: Sequence[_Atom], start: int) -> int:
    """Return the index of the atom that begins the word before the atom at `start`."""
    return next((index for index in range(start - 1, 0, -1) if atoms[index - 1].space), 0)


def _build_line(flow: _BreakableText, start: int, end: int, size: float) -> TextLine:
    """Return the atoms from `start` to `end` as one line, without a space at the end of the text."""
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
    """Return the `runs` of a line, a last run of only a space merged into the run before it.

    Some readers of PDF skip runs that paint nothing, and would join the words of two lines.
    """
    if len(runs) < 2 or runs[-1].text not in _SPACES:
        return tuple(runs)
    last = runs[-2]
    space = _piece_from_shaped(shape_run(runs[-1].text, last.face), size, 0.0, 0.0)
    return (*runs[:-2], replace(last, pieces=(*last.pieces, space), width=last.width + space.width))


def _spans_of_same_face(flow: _BreakableText, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each sequence of pieces with the same face and key."""
    pieces, keys = flow.pieces, flow.keys
    for index in range(start + 1, end):
        if keys[index] is not keys[index - 1] or pieces[index].face is not pieces[index - 1].face:
            yield start, index
            start = index
    yield start, end


_CLOSING = r"[”’\"')\]»]* *$"
_SENTENCE, _COLON, _COMMA = (re.compile(f"[{signs}]{_CLOSING}") for signs in (".?!…", ":;—–", ","))
_OPENING = re.compile(r"[“‘«„(\[]")
# The value of ending a line at such a place, in squared shares of the width, as the unevenness of lines is measured.
_AFTER_SENTENCE, _AFTER_COLON, _AFTER_COMMA, _BEFORE_QUOTE, _INSIDE_WORD = 0.3, 0.25, 0.12, 0.1, -0.05
# The cost of separating the first or the last words of a sentence or clause from the rest of it.
_FIRST_WORD, _SECOND_WORD, _FIRST_OF_CLAUSE, _LAST_WORD = 0.3, 0.1, 0.08, 0.08
_LONE_WORD = 10.0


def _balanced_line_ends(atoms: Sequence[_Atom], width: float, filled: list[int]) -> list[int]:
    """Return the ends of as many lines as in `filled`, none wider than `width`, about equally wide.

    `filled` are the ends when each line is as full as `width` allows.
    """
    count, end = len(filled), len(atoms)
    before = list(accumulate((atom.width + atom.space for atom in atoms), initial=0.0))
    line_at = [0, *(bisect_right(filled, index) + 1 for index in range(end))]
    possible = [line + after == count for line, after in zip(line_at, _min_lines_after(atoms, width), strict=True)]
    mean = (before[end] - atoms[-1].space) / count
    values = [_end_value(atoms, index) if 0 < index < end else 0.0 for index in range(end + 1)]
    costs, starts = [math.inf] * (end + 1), [0] * (end + 1)
    costs[0] = 0.0
    for to in range(1, end + 1):
        if not possible[to]:
            continue
        for start in range(to - 1, -1, -1):
            used = before[to] - before[start] - atoms[to - 1].space
            if used > width + _TOLERANCE and start < to - 1:
                break
            if costs[start] == math.inf or line_at[start] + 1 != line_at[to]:
                continue
            cost = costs[start] + ((used - mean) / width) ** 2 - values[to]
            if to == end and used < mean and _is_single_word(atoms[start:to]):
                cost += _LONE_WORD
            if cost < costs[to]:
                costs[to], starts[to] = cost, start
    if costs[end] == math.inf:
        return filled
    ends = []
    while end:
        ends.append(end)
        end = starts[end]
    return ends[::-1]


def _min_lines_after(atoms: Sequence[_Atom], width: float) -> list[int]:
    """Return the least number of lines that the atoms from each index on need."""
    lines, line, used = [0], 0, math.inf
    for atom in reversed(atoms):
        used += atom.width + atom.space
        if used > width + _TOLERANCE:
            line, used = line + 1, atom.width
        lines.append(line)
    return lines[::-1]


def _is_single_word(line: Sequence[_Atom]) -> bool:
    """True if a line is one word."""
    return not any(atom.space for atom in line[:-1]) and not any(atom.is_several_words for atom in line)


def _end_value(atoms: Sequence[_Atom], index: int) -> float:
    """Return the value of ending a line before the atom at `index`."""
    last, following = atoms[index - 1], atoms[index]
    if not last.space:
        return _INSIDE_WORD
    worth = _end_value_after(last.text)
    worth = min(worth, _AFTER_COMMA) if following.text[:1].islower() and worth == _AFTER_SENTENCE else worth
    return max(worth, _BEFORE_QUOTE if _OPENING.match(following.text) else 0.0) - _separation_cost(atoms, index)


def _end_value_after(text: str) -> float:
    """Return the value of ending a line after `text`."""
    if _SENTENCE.search(text):
        return _AFTER_SENTENCE
    if _COLON.search(text):
        return _AFTER_COLON
    return _AFTER_COMMA if _COMMA.search(text) else 0.0


def _separation_cost(atoms: Sequence[_Atom], index: int) -> float:
    """Return the cost of ending a line before the atom at `index`, for words cut off from their sentence."""
    cost = 0.0
    if index + 1 < len(atoms) and _SENTENCE.search(atoms[index].text) and not _SENTENCE.search(atoms[index - 1].text):
        cost += _LAST_WORD
    for back, price in ((2, _FIRST_WORD), (3, _SECOND_WORD)):
        if index >= back and _end_value_after(atoms[index - back].text) >= _AFTER_COLON:
            return cost + price
    return cost + (_FIRST_OF_CLAUSE if index > 1 and _COMMA.search(atoms[index - 2].text) else 0.0)
