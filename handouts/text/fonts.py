"""Fonts and glyphs: load font files, find a face for each character, shape words, and make subsets to embed.

A character that a face lacks is shown by the next face of its family. Characters that no face has, and those
that are invisible or run from right to left, are reported to the caller, never replaced. HarfBuzz, used here and in
font_files.py only, shapes words with kerning and ligatures, left to right only.
"""

from __future__ import annotations

import importlib.util
import struct
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

import uharfbuzz as hb
from msgspec import Struct

from handouts.finding import HandoutError, error
from handouts.theme import FontFile, Typeface


class FontFace(Struct, frozen=True, eq=False):
    """One style of one typeface: a font file, and the weight to pin if the file is a variable font.

    The `file` belongs to an installed `package`, or its `content` is given. `scale` times the type size is the size at
    which its capitals are as high as those of the typeface around it. Each face and family is made once and compared
    by identity, which is quick.
    """

    name: str
    package: str
    file: str
    weight: int = 0
    scale: float = 1.0
    content: bytes = b""


class FontFamily(Struct, frozen=True, eq=False):
    """The faces for regular and for bold text; the first that has a character shows it."""

    regular: tuple[FontFace, ...]
    bold: tuple[FontFace, ...]

    def faces(self, bold: bool) -> tuple[FontFace, ...]:
        """Return the faces for bold or for regular text."""
        return self.bold if bold else self.regular


_ATKINSON = "fontpkg_atkinson_hyperlegible"
_ARIMO = "fontpkg_arimo"
_ARIMO_REGULAR = FontFace("Arimo-Regular", _ARIMO, "Arimo[wght].ttf", 400)
_ARIMO_BOLD = FontFace("Arimo-Bold", _ARIMO, "Arimo[wght].ttf", 700)
PRINT_FAMILY = FontFamily(
    regular=(FontFace("AtkinsonHyperlegible-Regular", _ATKINSON, "AtkinsonHyperlegible-Regular.ttf"), _ARIMO_REGULAR),
    bold=(FontFace("AtkinsonHyperlegible-Bold", _ATKINSON, "AtkinsonHyperlegible-Bold.ttf"), _ARIMO_BOLD),
)
SCREEN_FAMILY = FontFamily(regular=(_ARIMO_REGULAR,), bold=(_ARIMO_BOLD,))
# Phone numbers on paper. Text recognition takes the slashed zero of Atkinson for an 8 in 3 to 8 of 10 photographed
# numbers, an open zero in none. The capitals of Atkinson are 0.668 em high, those of Arimo 0.688 em.
_ARIMO_NUMBERS = FontFace("Arimo-Bold", _ARIMO, "Arimo[wght].ttf", 700, scale=0.668 / 0.688)
_ARIAL_DESCENT = 0.212  # in em
PHONE_NUMBER_FAMILY = FontFamily(
    regular=(_ARIMO_NUMBERS, *PRINT_FAMILY.bold), bold=(_ARIMO_NUMBERS, *PRINT_FAMILY.bold)
)
# Digits in small type on sheets for photocopiers, which fill the slashed zero of Atkinson. Scaled as above, not bold.
_ARIMO_SMALL_DIGITS = FontFace("Arimo-Regular", _ARIMO, "Arimo[wght].ttf", 400, scale=0.668 / 0.688)
SMALL_DIGIT_FAMILY = FontFamily(
    regular=(_ARIMO_SMALL_DIGITS, *PRINT_FAMILY.regular), bold=(_ARIMO_NUMBERS, *PRINT_FAMILY.bold)
)


@lru_cache(maxsize=16)  # faces are compared by identity, so each is made once; a process uses few typefaces
def _own_face(font: FontFile) -> FontFace:
    """Return the face of a project's own font file."""
    return FontFace(font.name, "", "", font.weight, content=font.content)


@lru_cache(maxsize=64)
def family_in(typeface: Typeface | None, family: FontFamily) -> FontFamily:
    """Return `family` with the faces of `typeface` first; its own faces show the characters that those lack."""
    if typeface is None:
        return family
    regular, bold = _own_face(typeface.regular), _own_face(typeface.bold)
    first = bold if family.regular == family.bold else regular  # the family for phone numbers is always bold
    return FontFamily((first, *family.regular), (bold, *family.bold))


def screen_descent(typeface: Typeface | None) -> float:
    """Return the descent of the face used on slides, in em: the distance from the baseline to the foot of a line."""
    return -load_font(_own_face(typeface.regular)).metrics.descent / 1000 if typeface else _ARIAL_DESCENT


_CAP_HEIGHT_AT = 88  # in OS/2, from version 2
_MONEY = "£$€¥¢"
# Bidi_Class of Unicode: right-to-left letters and digits, and the explicit controls of direction.
_RIGHT_TO_LEFT_CLASSES = frozenset({"R", "AL", "AN", "RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"})


class _FontMetrics(Struct, frozen=True):
    """The vertical metrics of a face, in thousandths of an em; `box` is left, bottom, right, top of all its glyphs."""

    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]


class _LoadedFont(Struct, frozen=True, eq=False):
    """A font file in memory: its bytes, HarfBuzz's objects for it, the characters that it has, and its metrics."""

    content: bytes
    hb_face: hb.Face
    hb_font: hb.Font
    units_per_em: int
    code_points: frozenset[int]
    metrics: _FontMetrics


# Font files do not change while the program runs and every stage needs them, so a process reads each once. The bound
# is far above the number of faces.
@lru_cache(maxsize=64)
def load_font(face: FontFace) -> _LoadedFont:
    """Return the font file of `face`, read once. HandoutError if it is missing or is not a font."""
    content = _font_file(face)
    hb_face = hb.Face(content)
    if not hb_face.glyph_count:
        raise HandoutError(error("font", f"The font '{face.name}' is broken.", hint=_install_hint(face)))
    hb_font = hb.Font(hb_face)
    if face.weight:
        hb_font.set_variations({"wght": face.weight})
    return _LoadedFont(
        content, hb_face, hb_font, int(hb_face.upem), frozenset(hb_face.unicodes), _read_metrics(hb_font)
    )


def _font_file(face: FontFace) -> bytes:
    """Return the bytes of the font file of `face`. HandoutError if it cannot be read."""
    if face.content:
        return face.content
    found = importlib.util.find_spec(face.package)
    if found is None or found.origin is None:
        message = f"The typeface of '{face.name}' is not installed."
        raise HandoutError(error("font", message, hint=_install_hint(face)))
    try:
        return (Path(found.origin).parent / "files" / face.file).read_bytes()
    except OSError as problem:
        message = f"The font '{face.name}' cannot be read: {problem.strerror}."
        raise HandoutError(error("font", message, hint=_install_hint(face))) from None


def _install_hint(face: FontFace) -> str:
    """Return how to install the font file of `face` again."""
    return f"install it again: pip install --force-reinstall {face.package.replace('_', '-')}"


def _read_metrics(hb_font: hb.Font) -> _FontMetrics:
    """Return the metrics of a font from the OpenType tables head, hhea and OS/2.

    An old OS/2 table has no cap height, so the height of the letter H is taken.
    """
    hb_face = hb_font.face
    tables = {tag: hb_face.reference_table(tag).data for tag in ("head", "hhea", "OS/2")}
    ascent, descent = struct.unpack_from(">2h", tables["hhea"], 4)
    if len(tables["OS/2"]) >= _CAP_HEIGHT_AT + 2:
        (cap_height,) = struct.unpack_from(">h", tables["OS/2"], _CAP_HEIGHT_AT)
    else:
        extents = hb_font.get_glyph_extents(hb_font.get_nominal_glyph(ord("H")) or 0)
        cap_height = extents.y_bearing if extents else 0
    box = struct.unpack_from(">4h", tables["head"], 36)
    sizes = (*box, ascent, descent, cap_height)
    left, bottom, right, top, up, down, capital = (round(each * 1000 / hb_face.upem) for each in sizes)
    return _FontMetrics(up, down, capital, (left, bottom, right, top))


def require_fonts() -> None:
    """Load all faces before any file is written. HandoutError if one is missing or is not a font."""
    for family in (PRINT_FAMILY, PHONE_NUMBER_FAMILY, SMALL_DIGIT_FAMILY, SCREEN_FAMILY):
        for face in (*family.regular, *family.bold):
            load_font(face)


def _face_for(family: FontFamily, bold: bool, character: str) -> FontFace | None:
    """Return the first face that has `character`, or None if none has."""
    return next((face for face in family.faces(bold) if ord(character) in load_font(face).code_points), None)


def missing_characters(text: str, family: FontFamily) -> tuple[str, ...]:
    """Return the characters of `text` that no face of `family` has, each once, in order."""
    return tuple(dict.fromkeys(each for each in text if each != "\n" and _face_for(family, False, each) is None))


def missing_in_font(text: str, font: FontFile) -> str:
    """Return the letters, digits and punctuation of `text` that a font of the project lacks, each once, in order."""
    return missing_of_words(text, load_font(_own_face(font)).code_points)


def missing_of_words(text: str, code_points: Collection[int]) -> str:
    """Return the letters, digits, punctuation and currency signs of `text` that are not in `code_points`, each once.

    Other signs, such as arrows and ticks, are not counted: another typeface shows them.
    """
    lacking = dict.fromkeys(each for each in text if ord(each) not in code_points)
    return "".join(each for each in lacking if unicodedata.category(each)[0] in "LMNP" or each in _MONEY)


# Refused general categories of Unicode, invisible or without meaning: the code and the message of the finding.
REFUSED_CATEGORIES = {
    "Cc": ("control-character", "A control character"),
    "Zl": ("control-character", "A line separator"),
    "Zp": ("control-character", "A paragraph separator"),
    "Cs": ("noncharacter", "Half of a character"),
    "Cn": ("noncharacter", "A code that is not a character"),
    "Co": ("noncharacter", "A code that is not a character"),
    "Cf": ("invisible-character", "A character that nobody sees"),
}


def character_problem(character: str) -> tuple[str, str, str] | None:
    """Return code, message and hint for a character that cannot be shown, or None."""
    if character == "\t":
        return "tab", "A tab", "use spaces"
    if unicodedata.bidirectional(character) in _RIGHT_TO_LEFT_CLASSES:
        return "direction", "A character that runs from right to left, or turns the direction", "delete it"
    category = unicodedata.category(character)
    if category in REFUSED_CATEGORIES:
        return *REFUSED_CATEGORIES[category], "delete it"
    if missing_characters(character, PRINT_FAMILY) or missing_characters(character, SCREEN_FAMILY):
        return "no-glyph", f"No font here has '{character}'", "write it in words"
    return None


# ---------------------------------------------------------------- subsets


# A PDF names every glyph by its number and has its own character map, so it needs none of these tables.
_DROPPED_TABLES = ("GSUB", "GPOS", "GDEF", "kern", "STAT", "cmap", "name", "OS/2", "post", "gasp", "DSIG", "meta")
_DROPPED_WEB_TABLES = ("GDEF", "STAT", "gasp", "DSIG", "meta")


class _FontSubset(Struct, frozen=True):
    """A TrueType program, and the new number of each glyph by its number in the whole font."""

    program: bytes
    numbers: Mapping[int, int]


def subset_face(face: FontFace, glyphs: Iterable[int]) -> _FontSubset:
    """Return the font program of `face` with only `glyphs` and their components."""
    wanted = _subset_input(face, _DROPPED_TABLES)
    wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update(set(glyphs))
    plan = hb.SubsetPlan(load_font(face).hb_face, wanted)
    program: bytes = plan.execute().blob.data
    return _FontSubset(program, dict(plan.old_to_new_glyph_mapping))


def subset_characters(face: FontFace, characters: Iterable[str], *, shaped: bool = False) -> bytes:
    """Return the font program of `face` with only those of `characters` that it has, and a character map.

    With `shaped` it keeps the tables for kerning and ligatures, which a browser needs to shape text itself.
    """
    wanted = _subset_input(face, _DROPPED_WEB_TABLES if shaped else set(_DROPPED_TABLES) - {"cmap"})
    if shaped:
        wanted.flags = hb.SubsetFlags.NO_HINTING
    wanted.sets(hb.SubsetInputSets.UNICODE).update({ord(each) for each in characters})
    program: bytes = hb.SubsetPlan(load_font(face).hb_face, wanted).execute().blob.data
    return program


def faces_of_characters(text: str, family: FontFamily, *, bold: bool) -> Iterator[tuple[FontFace, str]]:
    """Yield each face of `family` that is used to show `text`, with the characters that it shows."""
    shown: dict[FontFace, list[str]] = {}
    for each in sorted(set(text)):
        face = _face_for(family, bold, each)
        if face is not None:
            shown.setdefault(face, []).append(each)
    for face in family.faces(bold):
        if face in shown:
            yield face, "".join(shown[face])


def _subset_input(face: FontFace, dropped: Iterable[str]) -> hb.SubsetInput:
    """Return the settings to subset `face`: without hints, layout and the tables `dropped`, its weight pinned."""
    wanted = hb.SubsetInput()
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    tables = wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG)
    for tag in dropped:
        tables.add(int.from_bytes(tag.encode("ascii"), "big"))
    if face.weight:
        wanted.pin_all_axes_to_default(load_font(face).hb_face)
        wanted.pin_axis_location(load_font(face).hb_face, "wght", face.weight)
    return wanted


def nominal_glyph(face: FontFace, character: str) -> int:
    """Return the number of the glyph for `character`, 0 if `face` lacks it."""
    return load_font(face).hb_font.get_nominal_glyph(ord(character)) or 0


def glyph_advance(face: FontFace, glyph: int) -> float:
    """Return the advance of `glyph` in em, without kerning."""
    font = load_font(face)
    return float(font.hb_font.get_glyph_h_advance(glyph)) / font.units_per_em


def glyph_outline(face: FontFace, glyph: int) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """Return the outline of a glyph in em, y growing upward, as the commands M, L, C and Z."""
    font = load_font(face)
    em, commands = font.units_per_em, list[tuple[str, tuple[float, ...]]]()
    pen = hb.DrawFuncs()
    pen.set_move_to_func(lambda x, y, _: commands.append(("M", (x / em, y / em))))
    pen.set_line_to_func(lambda x, y, _: commands.append(("L", (x / em, y / em))))
    pen.set_cubic_to_func(lambda *at: commands.append(("C", tuple(value / em for value in at[:6]))))
    pen.set_close_path_func(lambda _: commands.append(("Z", ())))
    font.hb_font.draw_glyph(glyph, pen)
    return tuple(commands)


# ---------------------------------------------------------------- shaping


class Glyph(NamedTuple):
    """One glyph: its number in the font, and the characters that it stands for."""

    id: int
    text: str


class ShapedRun(Struct, frozen=True):
    """Glyphs of one face, left to right, with their advances in em."""

    face: FontFace
    glyphs: tuple[Glyph, ...]
    advances: tuple[float, ...]


def shape_word(word: str, family: FontFamily, bold: bool) -> tuple[ShapedRun, ...]:
    """Return the glyphs of `word`, one `ShapedRun` for each part that one face can show."""
    return tuple(shape_run(part, face) for part, face in _split_by_face(word, family, bold))


def _split_by_face(word: str, family: FontFamily, bold: bool) -> Iterator[tuple[str, FontFace]]:
    """Yield the parts of `word` with the face that shows each; the first face gets characters that no face has."""
    first = family.faces(bold)[0]
    if word and load_font(first).code_points.issuperset(map(ord, word)):  # nearly always
        yield word, first
        return
    for face, part in groupby(word, key=lambda character: _face_for(family, bold, character) or first):
        yield "".join(part), face


def shape_run(text: str, face: FontFace) -> ShapedRun:
    """Return the glyphs that `face` shows for `text`."""
    font = load_font(face)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "ltr"
    hb.shape(font.hb_font, buffer)
    em = font.units_per_em
    starts = [info.cluster for info in buffer.glyph_infos]
    shown = {start: text[start:end] for start, end in pairwise([*dict.fromkeys(starts), len(text)])}
    # The first glyph of a cluster shows its characters, its further ones show "".
    glyphs = [
        Glyph(info.codepoint, shown.pop(start, "")) for info, start in zip(buffer.glyph_infos, starts, strict=True)
    ]
    return ShapedRun(face, tuple(glyphs), tuple([position.x_advance / em for position in buffer.glyph_positions]))
