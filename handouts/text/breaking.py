"""Words to lines: greedy breaking at spaces and after hyphens and dashes, and balanced lines for short texts.

A lone last word takes the word before it along where that leaves no gap. Nothing is hyphenated and nothing shrinks. A
word wider than the line is broken between glyphs, so that nothing ever stands outside its box.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.text.balancing import Unit, ends_sentence, even_ends
from handouts.text.fonts import PRINT, Face, Family
from handouts.text.shaping import Glyph, Shaped, shape_run, shape_word
from handouts.theme import TypeStyle

WORD = re.compile(r"([^ \t\n]*)([ \t\n]*)")
# Where a line may break inside a word: after a hyphen between letters, or after a dash or slash before a letter. A
# hyphen between digits is no such place, so phone numbers stay whole.
BREAK = re.compile(r"(?<=[^\W\d_]-)(?=[^\W\d_])|(?<=[^ \t\n][—–/])(?=[^\W\d_])")
BREAKING = " \t\n"
FULL = 0.85  # of the width: a line that ends earlier, for the sake of what is tied to its last word, is short
NO_BREAK = "\u00a0"
SPACES = (" ", NO_BREAK)
WELL_FILLED = 0.6  # of the measure: what stays on a line whose last word goes on to the next


class Run(Struct, frozen=True):
    """Words of one weight; `key` is the caller's, and comes back on every glyph run made from it.

    `family` is its own typeface, if it is another than that of the text around it. What is `tied` stays beside the
    word before it, unless that would leave a line short.
    """

    text: str
    bold: bool = False
    key: object = None
    family: Family | None = None
    tied: bool = False


class Piece(Struct, frozen=True, eq=False):
    """A word, a part of one, or a space in one face at one size; advances are points and hold kerning and spacing.

    The same word in the same style is mostly the same value, and quick to look up.
    """

    face: Face
    glyphs: tuple[Glyph, ...]
    advances: tuple[float, ...]
    width: float
    text: str


class GlyphRun(Struct, frozen=True):
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


class Line(Struct, frozen=True):
    """One line of glyph runs from its own left edge; `width` leaves out the space at its end.

    Each text of a line but the last ends with a space if the break was at one, so that joined lines read as written.
    """

    runs: tuple[GlyphRun, ...]
    width: float

    @property
    def text(self) -> str:
        """The words of the line."""
        return "".join(run.text for run in self.runs)


class Atom(Struct, frozen=True):
    """What no line break may split; the space after it, if any, is its last piece and counts in `space` alone.

    One that is `tied` begins no line, unless the line above were short without the word before it.
    """

    pieces: tuple[Piece, ...]
    width: float
    space: float
    tied: bool = False


class Flow(Struct, frozen=True):
    """A text on its way into lines: its atoms, after how many pieces each ends, all pieces, and the key of each."""

    atoms: list[Atom] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    keys: list[object] = field(default_factory=list)

    def add(self, atom: Atom) -> None:
        """Let `atom` follow."""
        self.atoms.append(atom)
        self.pieces.extend(atom.pieces)
        self.ends.append(len(self.pieces))

    def join(self, atom: Atom) -> None:
        """Let `atom` follow without a place where a line may break."""
        last, _ = self.atoms.pop(), self.ends.pop()
        width = last.width + last.space + atom.width
        self.atoms.append(Atom((*last.pieces, *atom.pieces), width, atom.space, last.tied))
        self.pieces.extend(atom.pieces)
        self.ends.append(len(self.pieces))


def break_lines(
    runs: Iterable[Run], style: TypeStyle, width: float, family: Family = PRINT, *, filled: bool = False
) -> tuple[Line, ...]:
    """Return `runs` as lines of at most `width` points, balanced if `load_csl_style` asks for it.

    If they are `filled`, each line is as full as it can be, as in a program that knows nothing better.
    """
    flow = flow_of(runs, style, family)
    if not flow.atoms:
        return ()
    if widest(flow) > width:
        flow = cut(flow, width)
    ends = fill(flow, width)
    if len(ends) > 1 and not filled:
        ends = even_ends(units_of(flow), width, ends) if style.balance else with_last_words(flow, width, ends)
    return tuple([line_of(flow, start, end, style.size) for start, end in pairwise((0, *ends))])


# The same words are measured in page after page, and in file after file.
@lru_cache(maxsize=1000)
def text_width(text: str, style: TypeStyle, family: Family = PRINT) -> float:
    """Return the width of `text` on one line."""
    flow = flow_of((Run(text),), style, family)
    return line_of(flow, 0, len(flow.atoms), style.size).width if flow.atoms else 0.0


def widest_part(text: str, style: TypeStyle, family: Family = PRINT) -> float:
    """Return the width of the widest part of `text` that no line break may split: what a line must hold at least."""
    return widest_of_runs((Run(text),), style, family)


def widest_of_runs(runs: Iterable[Run], style: TypeStyle, family: Family = PRINT) -> float:
    """Return the width of the widest part of `runs` that no line break may split, as `widest_part` does."""
    return max([atom.width for atom in flow_of(runs, style, family).atoms], default=0.0)


def flow_of(runs: Iterable[Run], style: TypeStyle, family: Family) -> Flow:
    """Return `runs` divided at the places where a line may break; words of two runs that touch are one atom."""
    flow = Flow()
    touching = False
    for run in runs:
        setting = (run.family or family, run.bold or style.bold, style.size, style.track, style.words)
        for word, spaces in WORD.findall(run.text):
            if not word and not (spaces and touching):
                continue
            for atom in set_word(word, bool(spaces), *setting):
                if touching or (run.tied and style.balance and flow.atoms):
                    flow.join(atom)
                else:
                    flow.add(Atom(atom.pieces, atom.width, atom.space, tied=True) if run.tied else atom)
                touching = False
        flow.keys.extend([run.key] * (len(flow.pieces) - len(flow.keys)))
        touching = run.text[-1] not in BREAKING if run.text else touching
    return flow


# Texts are made of few words: a file has some thousands, those of one library not many more.
@lru_cache(maxsize=4000)
def set_word(
    word: str, spaced: bool, family: Family, bold: bool, size: float, track: float, words: float
) -> tuple[Atom, ...]:
    """Return `word`, and the space after it if it is `with_outer_spaces`, as atoms."""
    atoms = []
    for part in BREAK.split(word):
        pieces = tuple([piece_of(shaped, size, track, words) for shaped in shape_word(part, family, bold)])
        atoms.append(Atom(pieces, total(pieces), 0.0))
    if spaced:
        (space,) = set_word(" ", False, family, bold, size, track, words)
        last = atoms.pop()
        atoms.append(Atom((*last.pieces, *space.pieces), last.width, space.width))
    return tuple(atoms)


def piece_of(shaped: Shaped, size: float, track: float, words: float) -> Piece:
    """Return `shaped` with its advances in points, letter and word spacing included."""
    size *= shaped.face.scale
    advances = tuple(
        (advance + track + (words if glyph.text in SPACES else 0.0)) * size
        for glyph, advance in zip(shaped.glyphs, shaped.advances, strict=True)
    )
    text = "".join(glyph.text for glyph in shaped.glyphs)
    return Piece(shaped.face, shaped.glyphs, advances, sum(advances), text)


def total(pieces: Iterable[Piece]) -> float:
    """Return how wide `pieces` are together."""
    return sum([piece.width for piece in pieces])


def cut(flow: Flow, width: float) -> Flow:
    """Return `flow` with each atom that is wider than `width` cut into its glyphs; the space stays with the last."""
    result = Flow()
    for atom, end in zip(flow.atoms, flow.ends, strict=True):
        keys = flow.keys[end - len(atom.pieces) : end]
        if atom.width <= width:
            result.add(atom)
            result.keys.extend(keys)
            continue
        for piece, key in zip(atom.pieces, keys, strict=True):
            for glyph, advance in zip(piece.glyphs, piece.advances, strict=True):
                single = Piece(piece.face, (glyph,), (advance,), advance, glyph.text)
                if atom.space and piece is atom.pieces[-1]:
                    result.join(Atom((single,), 0.0, advance))
                else:
                    result.add(Atom((single,), advance, 0.0))
                result.keys.append(key)
    return result


def widest(flow: Flow) -> float:
    """Return the width of the widest atom."""
    return max([atom.width for atom in flow.atoms])


def fill(flow: Flow, width: float) -> list[int]:
    """Return after how many atoms each line ends, each as full as `width` allows."""
    ends: list[int] = []
    start, used = 0, 0.0
    for index, atom in enumerate(flow.atoms):
        while index > start and used + atom.width > width + 1e-6:
            start = end_before(flow, start, index, width)
            ends.append(start)
            used = sum([each.width + each.space for each in flow.atoms[start:index]])
        used += atom.width + atom.space
    return [*ends, len(flow.atoms)]


def end_before(flow: Flow, start: int, index: int, width: float) -> int:
    """Return where the line from `start` ends that has no room for the atom at `index`: before the word that it is tied
    to, if the line is full without that word, else before the atom itself.
    """
    if not flow.atoms[index].tied or index - 1 <= start:
        return index
    without = sum([atom.width + atom.space for atom in flow.atoms[start : index - 1]]) - flow.atoms[index - 2].space
    return index - 1 if without >= FULL * width else index


def units_of(flow: Flow) -> list[Unit]:
    """Return the atoms of `flow` as what is balanced."""
    return [Unit(text_of((atom,)).rstrip(" "), atom.width, atom.space) for atom in flow.atoms]


def with_last_words(flow: Flow, width: float, ends: list[int]) -> list[int]:
    """Return `ends` of filled lines, the last of which is more than one word if the one before it stays well filled."""
    start, end = ends[-2], ends[-1]
    if any(atom.space for atom in flow.atoms[start : end - 1]) or NO_BREAK in text_of(flow.atoms[start:end]):
        return ends
    first = ends[-3] if len(ends) > 2 else 0
    taken = word_before(flow.atoms, start)
    if taken > first + 1 and ends_sentence(text_of(flow.atoms[taken - 2 : taken - 1])):
        taken = word_before(flow.atoms, taken)  # nor does the first word of a sentence stay behind
    if taken <= first or width_of(flow.atoms[first:taken]) < WELL_FILLED * width:
        return ends
    return ends if width_of(flow.atoms[taken:end]) > width + 1e-6 else [*ends[:-2], taken, end]


def word_before(atoms: Sequence[Atom], start: int) -> int:
    """Return at which atom the word begins that ends before the atom `start`."""
    return next((index for index in range(start - 1, 0, -1) if atoms[index - 1].space), 0)


def width_of(atoms: Sequence[Atom]) -> float:
    """Return how wide a line of `atoms` is."""
    return sum([atom.width + atom.space for atom in atoms]) - atoms[-1].space


def text_of(atoms: Sequence[Atom]) -> str:
    """Return the words of `atoms`."""
    return "".join([piece.text for atom in atoms for piece in atom.pieces])


def line_of(flow: Flow, start: int, end: int, size: float) -> Line:
    """Return the atoms from `start` to `end` as one line; the last line of a text leaves the space at its end out."""
    space, pieces_end = flow.atoms[end - 1].space, flow.ends[end - 1]
    if end == len(flow.atoms) and space:
        space, pieces_end = 0.0, pieces_end - 1
    runs: list[GlyphRun] = []
    x = 0.0
    for first, beyond in stretches(flow, flow.ends[start - 1] if start else 0, pieces_end):
        pieces = tuple(flow.pieces[first:beyond])
        width = total(pieces)
        runs.append(GlyphRun(pieces[0].face, size * pieces[0].face.scale, x, width, pieces, flow.keys[first]))
        x += width
    return Line(with_space_joined(runs, size), x - space)


def with_space_joined(runs: Sequence[GlyphRun], size: float) -> tuple[GlyphRun, ...]:
    """Return the `runs` of a line, a space that ends it alone as part of the words before it.

    Some programs that read a page leave out what paints nothing, and would join the words of two lines.
    """
    if len(runs) < 2 or runs[-1].text not in SPACES:
        return tuple(runs)
    last = runs[-2]
    space = piece_of(shape_run(runs[-1].text, last.face), size, 0.0, 0.0)
    return (*runs[:-2], replace(last, pieces=(*last.pieces, space), width=last.width + space.width))


def stretches(flow: Flow, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where neighbours of the same face and key begin and end."""
    pieces, keys = flow.pieces, flow.keys
    for index in range(start + 1, end):
        if keys[index] is not keys[index - 1] or pieces[index].face is not pieces[index - 1].face:
            yield start, index
            start = index
    yield start, end
