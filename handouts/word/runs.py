"""Turn the inside of a sentence into runs of a Word file: words, bold, links, citations and other languages.

A `WordContext` goes through a whole file: its links, pictures and lists, and what is cited for the first time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from msgspec import Struct, field

from handouts.document.nodes import Citation, Document, FixedWords, Foreign, Inline, Inlines, Link, Strong, Text
from handouts.finding import Finding
from handouts.render_cache import RenderCache
from handouts.theme import Theme
from handouts.units import twips
from handouts.word.word_markup import NOTHING, Wml, characters, joined, markup, w

_SAFE_TARGET = re.compile(r"(?:https://|mailto:|tel:)[^\s]+")
_ADDRESS_SIGNS = "%:/?#@!$&'()*+,;=~-._"
_LONGEST_ADDRESS = 2000  # Word refuses a file with a longer one
_LONGEST_TOOLTIP = 255  # as Word shows it; a part of one would say something else
_LIST_INDENT = 2.0  # of the type size: two digits and a point have room
_LISTS_BEFORE = 1  # the list of bullets
SEPARATOR = " · "
FALLBACK_FONT = "Arial"
_NUMBER_FONT = w("rFonts", ascii=FALLBACK_FONT, hAnsi=FALLBACK_FONT, cs=FALLBACK_FONT)  # no zero of it is read as an 8


class PictureFile(Struct, frozen=True):
    """A picture of a file: its bytes, and the ending that says what they are."""

    content: bytes
    ending: str


class WordContext(Struct, eq=False):
    """What the blocks of one file share while they are turned into paragraphs, one after another.

    `targets` are the addresses of links, and `pictures` the files, each in the order of its relation; `marks` counts
    bookmarks and drawings, `lists` numbered lists; `starts` says of some that they do not begin with 1. `level` is that
    of the last heading, and no next one is above the `least_level`. Figures are shown at the `figure_scale` of their
    drawings. The next paragraph takes up the `item`, which is a mark of a list, and begins a page if `page_break`;
    `begun` if there was one block.
    """

    document: Document
    theme: Theme
    cache: RenderCache
    cited: set[int] = field(default_factory=set)
    targets: dict[str, str] = field(default_factory=dict)
    pictures: dict[PictureFile, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    marks: int = 0
    lists: int = _LISTS_BEFORE
    starts: dict[int, int] = field(default_factory=dict)
    level: int = 0
    least_level: int = 1
    figure_scale: float = 1.0
    depth: int = 0
    item: Wml = NOTHING
    page_break: bool = False
    begun: bool = False

    @property
    def words(self) -> FixedWords:
        """The fixed words of the language of the file."""
        return self.document.words

    @property
    def text_width(self) -> float:
        """The width between the margins."""
        return self.theme.paper.width - 2 * self.theme.margin

    def next_mark(self) -> int:
        """Return a number that nothing else in the file has."""
        self.marks += 1
        return self.marks


def paragraph(style: str, inside: Wml, context: WordContext, *looks: Wml) -> Wml:
    """Return a paragraph in a style; the first in an item of a list has its mark.

    `looks` say if it stays with the next one; they come first in the schema.
    """
    item, context.item = context.item, NOTHING
    page_break, context.page_break = context.page_break, False
    if style == "Normal" and (item or context.depth):
        style = "ListParagraph"
    indent = NOTHING
    if context.depth and not item:
        indent = w("ind", left=context.depth * list_indent(context.theme))
    broken = w("pageBreakBefore") if page_break else NOTHING
    properties = w("pPr", w("pStyle", val=style), *looks, broken, item, indent)
    return w("p", properties, inside)


def list_indent(theme: Theme) -> int:
    """Return how far the words of a list are moved in at each level, in twentieths of a point."""
    return twips(_LIST_INDENT * theme.print["body"].size)


def run(words: str, *properties: Wml) -> Wml:
    """Return words as a run with properties in the order of their schema."""
    if not words:
        return NOTHING
    inside = markup("w:t", characters(" ".join(re.split("[\t\n\r]", words))), attributes={"xml:space": "preserve"})
    return w("r", w("rPr", *properties) if any(properties) else NOTHING, inside)


class _RunLook(Struct, frozen=True):
    """How the words of a run are: bold, part of a link, in another language, a number to call."""

    bold: bool = False
    link: bool = False
    language: str = ""
    number: bool = False

    def properties(self) -> tuple[Wml, ...]:
        """Return the properties of a run in the order of their schema."""
        return (
            w("rStyle", val="Hyperlink") if self.link else NOTHING,
            _NUMBER_FONT if self.number else NOTHING,
            w("b") if self.bold else NOTHING,
            w("lang", val=self.language) if self.language else NOTHING,
        )


def inline_runs(content: Inlines, context: WordContext, *, bold: bool = False) -> Wml:
    """Return the inside of a sentence."""
    return _runs(content, context, _RunLook(bold))


def _runs(content: Inlines, context: WordContext, look: _RunLook) -> Wml:
    """Return the inside of a sentence in one look."""
    return joined(_inline(each, context, look) for each in content)


def _inline(inline: Inline, context: WordContext, look: _RunLook) -> Wml:
    """Return one inline node."""
    match inline:
        case Text():
            return run(inline.text, *look.properties())
        case Strong():
            return _runs(inline.content, context, _RunLook(True, look.link, look.language))
        case Foreign():
            return _runs(inline.content, context, _RunLook(look.bold, look.link, inline.language))
        case Link() if _is_safe(inline.target):
            inside = _runs(inline.content, context, _RunLook(look.bold, True, look.language))
            return _hyperlink(inside, inline.target, context, inline.title)
        case Link():
            return _runs(inline.content, context, look)
        case Citation():
            return joined((run("["), *_citation_numbers(inline, context), run("]")))


def _is_safe(target: str) -> bool:
    """True if an address is of a kind that a file may lead to."""
    return bool(_SAFE_TARGET.fullmatch(target)) and len(quote(target, safe=_ADDRESS_SIGNS)) <= _LONGEST_ADDRESS


def linked_words(words: str, target: str, context: WordContext, *, called: bool = False) -> Wml:
    """Return words that lead to an address, or the words alone where its kind is not safe; those to call are bold."""
    leads, is_number = _is_safe(target), called and any(map(str.isdecimal, words))
    said = words.replace(" ", "\u00a0") if is_number else words
    inside = run(said, *_RunLook(called, leads, number=is_number).properties())
    return _hyperlink(inside, target, context) if leads else inside


def _hyperlink(inside: Wml, target: str, context: WordContext, title: str = "") -> Wml:
    """Return a link to an address outside of the file."""
    address = quote(target, safe=_ADDRESS_SIGNS)
    number = context.targets.setdefault(address, f"rLink{len(context.targets) + 1}")
    attributes: dict[str, str | int] = {"r:id": number}
    if 0 < len(title) <= _LONGEST_TOOLTIP:
        attributes["w:tooltip"] = title
    return markup("w:hyperlink", inside, attributes=attributes)


def inner_link(words: str, bookmark: str, tooltip: str) -> Wml:
    """Return words that lead to a bookmark of the file."""
    attributes = {"w:anchor": bookmark, "w:tooltip": tooltip}
    return markup("w:hyperlink", run(words, *_RunLook(link=True).properties()), attributes=attributes)


def bookmarked(name: str, inside: Wml, context: WordContext) -> Wml:
    """Return runs that a link can lead to."""
    number = context.next_mark()
    return joined((w("bookmarkStart", id=number, name=name), inside, w("bookmarkEnd", id=number)))


def _citation_numbers(citation: Citation, context: WordContext) -> Iterator[Wml]:
    """Yield each number of a citation as a link to its source; the first of each can be led back to."""
    for position, number in enumerate(citation.numbers):
        if position:
            yield run(", ")
        link = inner_link(str(number), f"source_{number}", context.words.say("source_link", n=number))
        if number not in context.cited:
            context.cited.add(number)
            link = bookmarked(f"cited_{number}", link, context)
        yield link


def numbered_item(number: int, level: int) -> Wml:
    """Return the mark of an item of the list with this number, at a level from 0."""
    return w("numPr", w("ilvl", val=level), w("numId", val=number))
