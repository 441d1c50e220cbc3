"""Words to lines: greedy breaking at spaces and after hyphens and dashes, and balanced lines for short texts.

Nothing is hyphenated and nothing shrinks. A word wider than the line is broken between glyphs, so that nothing ever
stands outside its box.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from handouts.text.fonts import PRINT, Face, Family
from handouts.text.shaping import Glyph, Shaped, shape_word
from handouts.theme import TypeStyle

WORD = re.compile(r"([^ \t\n]*)([ \t\n]*)")
# Where a line may break inside a word: after a hyphen between letters, or after a dash or slash before a letter. A
# hyphen between digits is no such place, so phone numbers stay whole.
BREAK = re.compile(r"(?<=[^\W\d_]-)(?=[^\W\d_])|(?<=[^ \t\n][—–/])(?=[^\W\d_])")
SPACES = (" ", "\u00a0")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one weight; `key` is the caller's, and comes back on every glyph run made from it."""

    text: str
    bold: bool = False
    key: object = None


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A word, a part of one, or a space in one face at one size; advances are points and hold kerning and spacing.

    The same word in the same style is mostly the same value, and quick to look up.
    """

    face: Face
    glyphs: tuple[Glyph, ...]
    advances: tuple[float, ...]
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class GlyphRun:
    """Pieces of one face and key, to be drawn from `x`."""

    face: Face
    size: float
    x: float
    width: float
    pieces: tuple[Piece, ...]
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


@dataclass(frozen=True, slots=True)
class Line:
    """One line of glyph runs from its own left edge; `width` leaves out the space at its end.

    Each text of a line but the last ends with a space if the break was at one, so that joined lines read as written.
    """

    runs: tuple[GlyphRun, ...]
    width: float

    @property
    def text(self) -> str:
        """The words of the line."""
        return "".join(run.text for run in self.runs)


class Atom(NamedTuple):
    """What no line break may split: its width, that of the space after it, and where its pieces end, space included."""

    width: float
    space: float
    end: int


@dataclass(frozen=True, slots=True)
class Flow:
    """A text on its way into lines: its pieces, the key of each, and its atoms."""

    pieces: list[Piece] = field(default_factory=list)
    keys: list[object] = field(default_factory=list)
    atoms: list[Atom] = field(default_factory=list)

    def end_atom(self, *space: Piece) -> None:
        """Make an atom of the pieces after the last one, if there are any; `space` becomes its last piece."""
        pieces = self.pieces[self.start(len(self.atoms)) :]
        if pieces:
            self.pieces.extend(space)
            width, beyond = sum([piece.width for piece in pieces]), sum([piece.width for piece in space])
            self.atoms.append(Atom(width, beyond, len(self.pieces)))

    def start(self, atom: int) -> int:
        """Return where the pieces of an atom begin."""
        return self.atoms[atom - 1].end if atom else 0


def break_lines(runs: Iterable[Run], style: TypeStyle, width: float, family: Family = PRINT) -> tuple[Line, ...]:
    """Return `runs` as lines of at most `width` points, balanced if `style` asks for it."""
    flow = flow_of(runs, style, family)
    if not flow.atoms:
        return ()
    if max(flow.atoms).width > width:
        flow = cut(flow, width)
    ends = fill(flow.atoms, width)
    if style.balance and len(ends) > 1:
        ends = fill(flow.atoms, balanced_width(flow.atoms, width, len(ends)))
    return tuple([line_of(flow, start, end, style.size) for start, end in pairwise((0, *ends))])


def text_width(text: str, style: TypeStyle, family: Family = PRINT) -> float:
    """Return the width of `text` on one line."""
    flow = flow_of((Run(text),), style, family)
    return line_of(flow, 0, len(flow.atoms), style.size).width if flow.atoms else 0.0


def widest_part(text: str, style: TypeStyle, family: Family = PRINT) -> float:
    """Return the width of the widest part of `text` that no line break may split: what a line must hold at least."""
    return max((atom.width for atom in flow_of((Run(text),), style, family).atoms), default=0.0)


def flow_of(runs: Iterable[Run], style: TypeStyle, family: Family) -> Flow:
    """Return `runs` as pieces and as what stands between two places where a line may break."""
    flow = Flow()
    for run in runs:
        setting = (family, run.bold or style.bold, style.size, style.track, style.words)
        for word, spaces in WORD.findall(run.text):
            for index, part in enumerate(set_word(word, *setting)):
                if index:
                    flow.end_atom()
                flow.pieces.extend(part)
            if spaces:
                flow.end_atom(*set_word(" ", *setting)[0])
        flow.keys.extend([run.key] * (len(flow.pieces) - len(flow.keys)))
    flow.end_atom()
    return flow


# Texts are made of few words: a file has some thousands, those of one library not many more.
@lru_cache(maxsize=20_000)
def set_word(
    word: str, family: Family, bold: bool, size: float, track: float, words: float
) -> tuple[tuple[Piece, ...], ...]:
    """Return the parts of `word` between which a line may break, each as one piece for each face that it takes."""
    parts = BREAK.split(word) if word else ()
    return tuple(
        tuple(piece_of(shaped, size, track, words) for shaped in shape_word(part, family, bold)) for part in parts
    )


def piece_of(shaped: Shaped, size: float, track: float, words: float) -> Piece:
    """Return `shaped` with its advances in points, letter and word spacing included."""
    advances = tuple(
        (advance + track + (words if glyph.text in SPACES else 0.0)) * size
        for glyph, advance in zip(shaped.glyphs, shaped.advances, strict=True)
    )
    text = "".join(glyph.text for glyph in shaped.glyphs)
    return Piece(shaped.face, shaped.glyphs, advances, sum(advances), text)


def cut(flow: Flow, width: float) -> Flow:
    """Return `flow` with each atom that is wider than `width` cut into its glyphs; the space stays with the last."""
    result = Flow()
    for index, atom in enumerate(flow.atoms):
        words_end = atom.end - bool(atom.space)
        for number in range(flow.start(index), words_end):
            piece = flow.pieces[number]
            for single in singles(piece) if atom.width > width else (piece,):
                if atom.width > width:
                    result.end_atom()
                result.pieces.append(single)
                result.keys.append(flow.keys[number])
        result.end_atom(*flow.pieces[words_end : atom.end])
        result.keys.extend(flow.keys[words_end : atom.end])
    return result


def singles(piece: Piece) -> Iterator[Piece]:
    """Yield each glyph of `piece` as a piece of its own."""
    for glyph, advance in zip(piece.glyphs, piece.advances, strict=True):
        yield Piece(piece.face, (glyph,), (advance,), advance, glyph.text)


def fill(atoms: Sequence[Atom], width: float) -> list[int]:
    """Return after how many `atoms` each line ends, each as full as `width` allows."""
    ends: list[int] = []
    start, used = 0, 0.0
    for index, (wide, space, _) in enumerate(atoms):
        if used + wide > width + 1e-6 and index > start:
            ends.append(index)
            start, used = index, 0.0
        used += wide + space
    return [*ends, len(atoms)]


def balanced_width(atoms: Sequence[Atom], width: float, count: int) -> float:
    """Return the narrowest width, to half a point, that still needs only `count` lines."""
    low, high = max(atoms).width, width
    while high - low > 0.5:
        middle = (low + high) / 2
        low, high = (low, middle) if len(fill(atoms, middle)) <= count else (middle, high)
    return high


def line_of(flow: Flow, start: int, end: int, size: float) -> Line:
    """Return the atoms from `start` to `end` as one line; the last line of a text leaves the space at its end out."""
    space = flow.atoms[end - 1].space
    last = end == len(flow.atoms)
    runs: list[GlyphRun] = []
    x = 0.0
    for first, beyond in stretches(flow, flow.start(start), flow.start(end) - (last and bool(space))):
        pieces = tuple(flow.pieces[first:beyond])
        width = sum([piece.width for piece in pieces])
        runs.append(GlyphRun(pieces[0].face, size, x, width, pieces, flow.keys[first]))
        x += width
    return Line(tuple(runs), x - (0.0 if last else space))


def stretches(flow: Flow, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where neighbours of the same face and key begin and end."""
    pieces, keys = flow.pieces, flow.keys
    for index in range(start + 1, end):
        if keys[index] is not keys[index - 1] or pieces[index].face is not pieces[index - 1].face:
            yield start, index
            start = index
    yield start, end
