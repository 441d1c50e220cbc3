"""The small pieces of DrawingML that slides, layouts and drawings share: colours, runs, paragraphs, names.

Everything is text; every word that comes from outside is escaped here and nowhere else. Nothing is measured or placed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import count
from typing import Literal, TypeAlias

from msgspec import Struct, field

from handouts.deck.planned import LEVELS, Paragraph, TextRun

NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The theme's colours by role. The roles of a fork have no place in a theme: they must not change with a brand.
SCHEME: Mapping[str, str] = {
    "screen-ink": "tx1",
    "ink": "tx1",
    "oat": "bg1",
    "deep": "tx2",
    "white": "bg2",
    "accent": "accent1",
    "tint": "accent2",
    "tint2": "accent3",
    "honey": "accent4",
    "stone": "accent5",
    "screen-rule": "accent6",
}
# The style of all tables; its looks are written by `templates`.
TABLE_STYLE = "{6E1E9A3B-6D7B-5B0C-9C53-0B7A2F6C5D11}"
STRONG_RULE, THIN_RULE = 2.25, 1.0
FACE = '<a:latin typeface="+mn-lt"/>'
JUMP = "ppaction://hlinksldjump"
DECORATIVE = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative'
    ' xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
)

ReferenceKind: TypeAlias = Literal["link", "slide", "image", "chart"]
Reference: TypeAlias = tuple[ReferenceKind, str]


class References(Struct):
    """What a slide refers to, in the order in which it asked; `first` is the number of the first of them."""

    first: int
    entries: list[Reference] = field(default_factory=list)

    def id_of(self, kind: ReferenceKind, target: str) -> str:
        """Return the relationship id of `target`, the same for the same one."""
        entry = (kind, target)
        if entry not in self.entries:
            self.entries.append(entry)
        return f"rId{self.first + self.entries.index(entry)}"


class Ink(Struct, frozen=True):
    """What markup is written with on one slide: colours by role, language, numbers for shapes, and references.

    `sources` says for the key of a source which slide lists it.
    """

    colours: Mapping[str, str]
    language: str
    references: References
    sources: Mapping[str, int] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(2))


def escaped(text: str) -> str:
    """Return `text` as it may stand between tags."""
    return escape(text, quote=False)


def attribute(text: str) -> str:
    """Return `text` as it may stand in an attribute."""
    return escaped(text).replace('"', "&quot;").replace("\n", "&#10;")


def colour(role: str, colours: Mapping[str, str]) -> str:
    """Return the colour of a role: by its place in the theme, so that another theme changes it, or else as it is.

    A literal colour is that of a drawn picture.
    """
    if role.startswith("#"):
        return f'<a:srgbClr val="{role.removeprefix("#")}"/>'
    if role in SCHEME:
        return f'<a:schemeClr val="{SCHEME[role]}"/>'
    return f'<a:srgbClr val="{colours[role].removeprefix("#")}"/>'


def fill(role: str, colours: Mapping[str, str]) -> str:
    """Return a solid fill; none if there is no role."""
    return f"<a:solidFill>{colour(role, colours)}</a:solidFill>" if role else "<a:noFill/>"


def name_xml(ink: Ink, name: str, alt: str | None = None) -> str:
    """Return the number, name and alt text of a shape; with "" for `alt` it is marked as decorative."""
    number = next(ink.numbers)
    described = f' descr="{attribute(alt)}"' if alt else ""
    rest = DECORATIVE if alt == "" else ""
    return f'<p:cNvPr id="{number}" name="{attribute(name)} {number}"{described}>{rest}</p:cNvPr>'


def run_xml(run: TextRun, ink: Ink, attributes: str = "", inside: str = "") -> str:
    """Return one run with its language, weight and link; `attributes` and `inside` are what else it says of itself."""
    if not run.text:
        return ""
    bold = ' b="1"' if run.bold and " b=" not in attributes else ""
    language = attribute(run.language or ink.language)
    properties = f'<a:rPr lang="{language}"{attributes}{bold} dirty="0">{inside}{link_xml(run, ink)}</a:rPr>'
    return f"<a:r>{properties}<a:t>{escaped(run.text)}</a:t></a:r>"


def link_xml(run: TextRun, ink: Ink) -> str:
    """Return the link of a run: to an address, or to the slide that lists its source."""
    tooltip = f' tooltip="{attribute(run.tooltip)}"' if run.tooltip else ""
    if run.target:
        return f'<a:hlinkClick r:id="{ink.references.id_of("link", run.target)}"{tooltip}/>'
    if run.source in ink.sources:
        reference = ink.references.id_of("slide", str(ink.sources[run.source]))
        return f'<a:hlinkClick r:id="{reference}" action="{JUMP}"{tooltip}/>'
    return ""


def paragraphs_xml(paragraphs: Sequence[Paragraph], ink: Ink) -> str:
    """Return paragraphs that take all their looks from the levels of their placeholder."""
    found = []
    numbered = False
    for paragraph in paragraphs:
        runs = "".join(run_xml(run, ink) for run in paragraph.runs)
        found.append(f"<a:p>{level_xml(paragraph, numbered=numbered)}{runs}</a:p>")
        numbered = paragraph.level in {"step", "step2", "within"}
    return "".join(found) or f'<a:p><a:endParaRPr lang="{attribute(ink.language)}"/></a:p>'


def level_xml(paragraph: Paragraph, *, numbered: bool) -> str:
    """Return the outline level; a list of steps that goes on from another slide says with which number."""
    level = LEVELS.index(paragraph.level)
    if paragraph.number > 1 and not numbered:
        return (
            f'<a:pPr lvl="{level}"><a:buFontTx/><a:buAutoNum type="arabicPeriod" startAt="{paragraph.number}"/></a:pPr>'
        )
    return f'<a:pPr lvl="{level}"/>' if level else ""
