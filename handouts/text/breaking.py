"""Words to lines: greedy breaking at spaces and after hyphens and dashes, and balanced lines for short texts.

Nothing is hyphenated and nothing shrinks. A word wider than the line is broken between glyphs, so that nothing ever
stands outside its box.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from handouts.text.fonts import PRINT, Face, Family
from handouts.text.shaping import Glyph, Shaped, shape_word
from handouts.theme import TypeStyle

# A stretch of spaces, or of anything else up to a space or to a place after which a line may break: a hyphen between
# letters, or a dash or slash before a letter. A hyphen between digits is no such place, so phone numbers stay whole.
TOKEN = re.compile(r"[ \t\n]+|[^ \t\n]+?(?:(?<=[^\W\d_])-(?=[^\W\d_])|[—–/](?=[^\W\d_])|(?=[ \t\n]|$))")
BREAKING = " \t\n"
SPACES = (" ", "\u00a0")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one weight; `key` is the caller's, and comes back on every glyph run made from it."""

    text: str
    bold: bool = False
    key: object = None


@dataclass(frozen=True, slots=True)
class GlyphRun:
    """Glyphs of one face to be drawn from `x`; advances are points and hold kerning, letter and word spacing."""

    face: Face
    size: float
    x: float
    width: float
    glyphs: tuple[Glyph, ...]
    advances: tuple[float, ...]
    text: str
    key: object = None


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


@dataclass(frozen=True, slots=True)
class Piece:
    """Shaped glyphs of one run with their advances in points."""

    run: Run
    shaped: Shaped
    advances: tuple[float, ...]
    width: float


@dataclass(frozen=True, slots=True)
class Atom:
    """What no line break may split; the space after it, if any, is its last piece and counts in `space` alone."""

    pieces: tuple[Piece, ...]
    width: float
    space: float


def break_lines(runs: Iterable[Run], style: TypeStyle, width: float, family: Family = PRINT) -> tuple[Line, ...]:
    """Return `runs` as lines of at most `width` points, balanced if `style` asks for it."""
    atoms = tuple(fit_atoms(atoms_of(runs, style, family), style, width))
    if not atoms:
        return ()
    groups = fill(atoms, width)
    if style.balance and len(groups) > 1:
        groups = fill(atoms, balanced_width(atoms, width, len(groups)))
    return tuple(line_of(group, style.size, last=group is groups[-1]) for group in groups)


def text_width(text: str, style: TypeStyle, family: Family = PRINT) -> float:
    """Return the width of `text` on one line."""
    lines = break_lines((Run(text, style.bold),), style, float("inf"), family)
    return lines[0].width if lines else 0.0


def widest_part(text: str, style: TypeStyle, family: Family = PRINT) -> float:
    """Return the width of the widest part of `text` that no line break may split: what a line must hold at least."""
    return max((atom.width for atom in atoms_of((Run(text, style.bold),), style, family)), default=0.0)


def atoms_of(runs: Iterable[Run], style: TypeStyle, family: Family) -> Iterator[Atom]:
    """Yield what stands between two places where a line may break."""
    pending: list[Piece] = []
    for run in runs:
        for found in TOKEN.finditer(run.text):
            token, rest = found[0], run.text[found.end() : found.end() + 1]
            if token[0] in BREAKING:
                (space,) = pieces_of(" ", run, style, family)
                if pending:
                    yield Atom((*pending, space), sum(piece.width for piece in pending), space.width)
                pending = []
                continue
            pending.extend(pieces_of(token, run, style, family))
            if rest and rest not in BREAKING:
                yield Atom(tuple(pending), sum(piece.width for piece in pending), 0.0)
                pending = []
    if pending:
        yield Atom(tuple(pending), sum(piece.width for piece in pending), 0.0)


def pieces_of(token: str, run: Run, style: TypeStyle, family: Family) -> tuple[Piece, ...]:
    """Return the glyphs of `token`, one piece for each face that it takes."""
    return tuple(piece_of(run, shaped, style) for shaped in shape_word(token, family, run.bold or style.bold))


def piece_of(run: Run, shaped: Shaped, style: TypeStyle) -> Piece:
    """Return `shaped` with its advances in points, letter and word spacing included."""
    advances = tuple(
        (glyph.advance + style.track + (style.words if glyph.text in SPACES else 0.0)) * style.size
        for glyph in shaped.glyphs
    )
    return Piece(run, shaped, advances, sum(advances))


def fit_atoms(atoms: Iterable[Atom], style: TypeStyle, width: float) -> Iterator[Atom]:
    """Yield `atoms`, those wider than a line cut into glyphs."""
    for atom in atoms:
        if atom.width <= width:
            yield atom
        else:
            yield from cut(atom, style)


def cut(atom: Atom, style: TypeStyle) -> Iterator[Atom]:
    """Yield each glyph of `atom` as an atom of its own; the space at the end stays with the last."""
    singles = [
        piece_of(piece.run, Shaped(piece.shaped.face, (glyph,), glyph.advance), style)
        for piece in atom.pieces
        for glyph in piece.shaped.glyphs
    ]
    trailing = (singles.pop(),) if atom.space else ()
    for piece in singles[:-1]:
        yield Atom((piece,), piece.width, 0.0)
    yield Atom((singles[-1], *trailing), singles[-1].width, atom.space)


def fill(atoms: Sequence[Atom], width: float) -> list[tuple[Atom, ...]]:
    """Return `atoms` in lines, each as full as `width` allows."""
    lines: list[tuple[Atom, ...]] = []
    start, used = 0, 0.0
    for index, atom in enumerate(atoms):
        if index > start and used + atom.width > width + 1e-6:
            lines.append(tuple(atoms[start:index]))
            start, used = index, 0.0
        used += atom.width + atom.space
    return [*lines, tuple(atoms[start:])]


def balanced_width(atoms: Sequence[Atom], width: float, count: int) -> float:
    """Return the narrowest width, to half a point, that still needs only `count` lines."""
    low, high = max(atom.width for atom in atoms), width
    while high - low > 0.5:
        middle = (low + high) / 2
        low, high = (low, middle) if len(fill(atoms, middle)) <= count else (middle, high)
    return high


def line_of(atoms: Sequence[Atom], size: float, *, last: bool) -> Line:
    """Return `atoms` as one line; neighbours of the same face and key are joined into one glyph run."""
    pieces = [piece for atom in atoms for piece in atom.pieces]
    if last and atoms[-1].space:
        pieces.pop()
    runs: list[GlyphRun] = []
    x = 0.0
    for _, group in groupby(pieces, key=lambda piece: (piece.shaped.face, id(piece.run.key))):
        runs.append(glyph_run(tuple(group), size, x))
        x += runs[-1].width
    return Line(tuple(runs), x - (0.0 if last else atoms[-1].space))


def glyph_run(pieces: Sequence[Piece], size: float, x: float) -> GlyphRun:
    """Return pieces of one face and key as one glyph run that starts at `x`."""
    glyphs = tuple(glyph for piece in pieces for glyph in piece.shaped.glyphs)
    return GlyphRun(
        face=pieces[0].shaped.face,
        size=size,
        x=x,
        width=sum(piece.width for piece in pieces),
        glyphs=glyphs,
        advances=tuple(advance for piece in pieces for advance in piece.advances),
        text="".join(glyph.text for glyph in glyphs),
        key=pieces[0].run.key,
    )
