"""The values of a theme: colours and type styles by role, papers, editions, and the arithmetic of contrast.

A `ThemeSource` is a whole theme file; `resolve_theme` picks one accent, density, paper and edition of it and
returns the `Theme` that a renderer takes. Content and renderers name roles, never colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.finding import NOWHERE, Location

DARK_GROUND = "deep"
# The roles of text colours, and the roles of the backgrounds that each is used on.
GROUNDS_BY_TEXT: Mapping[str, tuple[str, ...]] = {
    "ink": ("white", "tint", "red-tint"),
    "stone": ("white", "oat", "tint"),
    "accent": ("white", "tint", "oat"),
    "honey": (DARK_GROUND,),
    "deep": ("oat", "white", "tint"),
    "screen-ink": ("oat", "tint", "white"),
    "red": ("red-tint", "oat"),
    "amber": ("white", "oat"),
    "green": ("white", "oat"),
}

# How the decorative line on covers and slides is drawn: a wavy line that settles, either `plain`, or from a disc to a
# ring, as between two people, which it `touches` or `rests` before; or a `straight` line, or `none`.
LineLook: TypeAlias = Literal["plain", "rests", "touches", "straight", "none"]

# Values that replace those of some type styles: role -> field of TypeStyle -> value.
StyleOverrides: TypeAlias = Mapping[str, Mapping[str, Any]]


class FontFile(Struct, frozen=True):
    """A project's own font file: its bytes, their hash, and the weight to pin if it is a variable font."""

    name: str
    content: bytes
    digest: str
    weight: int = 0

    def __repr__(self) -> str:
        """Return a text that identifies the file, without its bytes."""
        return f"FontFile({self.name!r}, {self.digest}, {self.weight})"


class Typeface(Struct, frozen=True):
    """A theme's own typeface: its family name, and a file for each weight.

    `at` is where the theme names it. `installed` is what the theme declares: that machines that show decks have it.
    """

    name: str
    regular: FontFile
    bold: FontFile
    installed: bool = False
    at: Location = NOWHERE


class TypeStyle(Struct, frozen=True):
    """How one role of text is set: lengths in points, `track` and `words` (letter and word spacing) in em.

    Without a `typeface` of the theme, text is set in the program's own.
    """

    size: float
    leading: float
    bold: bool = False
    before: float = 0.0
    after: float = 0.0
    colour: str = "ink"
    track: float = 0.0
    words: float = 0.0
    balance: bool = False
    typeface: Typeface | None = None


class Paper(Struct, frozen=True):
    """A paper: its size and margin, and the rail (a column for labels and signs) and gutter left of the text.

    Where the rail is too narrow for words, labels stand above what they label (`labels_above`). Signs are `sign` wide.
    """

    name: str
    width: float
    height: float
    margin: float
    rail: float
    gutter: float
    sign: float
    labels_above: bool = False
    styles: StyleOverrides = field(default_factory=dict)


class Edition(Struct, frozen=True):
    """A layout for readers with a special need, as differences from the standard.

    It can be printed on `papers`; `sheet` replaces values of the paper. Fills of the `hatched` roles are drawn as lines
    instead of a colour. A `discreet` edition does not show on its outside what it is about; the pictures of a `one_bit`
    edition are black and white.
    """

    name: str
    papers: tuple[str, ...]
    styles: StyleOverrides = field(default_factory=dict)
    sheet: Mapping[str, Any] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    hatched: tuple[str, ...] = ()
    cover_edge: float = 0.0
    crisis_edge: float = 1.5
    discreet: bool = False
    one_bit: bool = False


class CoverBand(Struct, frozen=True):
    """The band at the top of the first page: the role of its background, the radius of its corners, and the width of
    the bar at its left edge, 0 for none.
    """

    ground: str = "tint"
    corner: float = 8.0
    bar: float = 0.0


class ThemeSource(Struct, frozen=True):
    """A whole theme file. Each density has the complete print styles, with its overrides applied.

    `own` marks a theme of the project, which gets a specimen sheet. A `line` other than "" is used for all audiences.
    `web_letters` says whether web pages embed their fonts.
    """

    name: str
    colours: Mapping[str, str]
    accents: Mapping[str, Mapping[str, str]]
    densities: Mapping[str, Mapping[str, TypeStyle]]
    slides: Mapping[str, TypeStyle]
    papers: Mapping[str, Paper]
    editions: Mapping[str, Edition]
    line: LineLook | Literal[""] = ""
    cover: CoverBand = CoverBand()
    typeface: Typeface | None = None
    own: bool = False
    web_letters: bool = True


class Theme(Struct, frozen=True):
    """Colours, type styles and paper for a renderer; `web_letters` says whether web pages embed their fonts."""

    name: str
    colours: Mapping[str, str]
    print: Mapping[str, TypeStyle]
    slides: Mapping[str, TypeStyle]
    paper: Paper
    edition: Edition
    line: LineLook
    cover: CoverBand = CoverBand()
    typeface: Typeface | None = None
    web_letters: bool = True

    def __hash__(self) -> int:
        """Return a quick hash that differs for most themes; mappings are not hashable."""
        return hash((self.name, self.paper.name, self.edition.name, *self.colours.values()))

    @property
    def margin(self) -> float:
        """The margin at each edge of the paper."""
        return self.paper.margin

    @property
    def axis(self) -> float:
        """The x at which titles and text start."""
        return self.margin + self.paper.rail + self.paper.gutter

    @property
    def right(self) -> float:
        """The x of the right margin."""
        return self.paper.width - self.margin

    @property
    def column(self) -> float:
        """The width from the axis to the right margin."""
        return self.right - self.axis


def resolve_theme(
    source: ThemeSource,
    *,
    accent: str,
    density: str = "standard",
    paper: str = "a4",
    edition: str = "standard",
    line: LineLook = "rests",
) -> Theme:
    """Return the theme for one accent, density, paper and edition. KeyError if the source has no such one."""
    sheet, chosen = source.papers[paper], source.editions[edition]
    return Theme(
        name=source.name,
        colours={**source.colours, **source.accents[accent], **chosen.colours},
        print=override_styles(override_styles(source.densities[density], sheet.styles), chosen.styles),
        slides=source.slides,
        paper=replace(sheet, **chosen.sheet),
        edition=chosen,
        line=source.line or line,
        cover=source.cover,
        typeface=source.typeface,
        web_letters=source.web_letters,
    )


def override_styles(styles: Mapping[str, TypeStyle], overrides: StyleOverrides) -> dict[str, TypeStyle]:
    """Return `styles` with some values of some roles replaced."""
    return {**styles, **{role: replace(styles[role], **values) for role, values in overrides.items()}}


def rgb_channels(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue of "#RRGGBB", each from 0 to 1."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2, definition of relative luminance)."""
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in rgb_channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
