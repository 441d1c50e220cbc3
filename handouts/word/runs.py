"""Turn inline nodes into runs of a Word file: words, bold, links, citations and other languages.

A `WordContext` holds what is counted across a whole file: links, pictures, lists and citations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.document.nodes import Citation, Document, FixedWords, Foreign, Inline, Inlines, Link, Strong, Text
from handouts.finding import Finding
from handouts.render_cache import RenderCache
from handouts.theme import Theme
from handouts.units import twips
from handouts.word.word_markup import NOTHING, Wml, characters, joined, markup, w

_SAFE_TARGET = re.compile(r"(?:https://|mailto:|tel:)[^\s]+")
_ADDRESS_SIGNS = "%:/?#@!$&'()*+,;=~-._"
_LONGEST_ADDRESS = 2000  # Word refuses a file with a longer one
_LONGEST_TOOLTIP = 255  # Word shows no more; a longer one is left out, because cutting it could change its meaning
_LIST_INDENT = 2.0  # of the type size: room for two digits and a point
_LISTS_BEFORE = 1  # the list of bullets
SEPARATOR = " · "
FALLBACK_FONT = "Arial"
_NUMBER_FONT = w(
    "rFonts", ascii=FALLBACK_FONT, hAnsi=FALLBACK_FONT, cs=FALLBACK_FONT
)  # its zero has no slash that could be read as an 8


class PictureFile(Struct, frozen=True):
    """A picture of a file: its bytes, and the file name extension of their format."""

    content: bytes
    ending: str


class WordContext(Struct, eq=False):
    """The state that the blocks of one file share while they are turned into paragraphs, one after another.

    `cited` has the numbers of the sources cited so far; `targets` the addresses of links and `pictures` the picture
    files, each with its relation id; `marks` counts bookmarks and drawings, `lists` counts lists, and `starts` has the
    first number of those that do not begin with 1. `level` is that of the last heading; no heading is above
    `least_level`. Figures are scaled by `figure_scale`. `depth` is the nesting of lists. The next paragraph takes the
    list mark `item`, and starts a page if `page_break` is set. `begun` is true after the first block.
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
        """Return the next number for a bookmark or drawing."""
        self.marks += 1
        return self.marks


@contextmanager
def outside_lists(context: WordContext) -> Iterator[None]:
    """Within this block, paragraphs belong to no list and are not indented, as in a frame; then the list goes on."""
    list_state = context.depth, context.item
    context.depth, context.item = 0, NOTHING
    yield
    context.depth, context.item = list_state


KEEP_WITH_NEXT = w("keepNext")


def paragraph(style: str, inside: Wml, context: WordContext, *looks: Wml) -> Wml:
    """Return a paragraph in a style, with the list mark that `context` holds ready for it.

    `looks` are properties that come first in the schema, such as KEEP_WITH_NEXT.
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
    """Return the indent of each level of a list, in twentieths of a point."""
    return twips(_LIST_INDENT * theme.print["body"].size)


def run(words: str, *properties: Wml) -> Wml:
    """Return words as a run; `properties` must be in the order of the schema."""
    if not words:
        return NOTHING
    inside = markup("w:t", characters(" ".join(re.split("[\t\n\r]", words))), attributes={"xml:space": "preserve"})
    return w("r", w("rPr", *properties) if any(properties) else NOTHING, inside)


class _RunLook(Struct, frozen=True):
    """The look of a run: bold, part of a link, in another language, a number to call."""

    bold: bool = False
    link: bool = False
    language: str = ""
    number: bool = False

    def properties(self) -> tuple[Wml, ...]:
        """Return the properties of a run in the order of the schema."""
        return (
            w("rStyle", val="Hyperlink") if self.link else NOTHING,
            _NUMBER_FONT if self.number else NOTHING,
            w("b") if self.bold else NOTHING,
            w("lang", val=self.language) if self.language else NOTHING,
        )


def inline_runs(content: Inlines, context: WordContext, *, bold: bool = False) -> Wml:
    """Return inline nodes as runs, one after another."""
    return _runs(content, context, _RunLook(bold))


def _runs(content: Inlines, context: WordContext, look: _RunLook) -> Wml:
    """Return inline nodes as runs with one look."""
    return joined(_inline(each, context, look) for each in content)


def _inline(inline: Inline, context: WordContext, look: _RunLook) -> Wml:
    """Return one inline node."""
    match inline:
        case Text():
            return run(inline.text, *look.properties())
        case Strong():
            return _runs(inline.content, context, replace(look, bold=True))
        case Foreign():
            return _runs(inline.content, context, replace(look, language=inline.language))
        case Link() if _is_safe(inline.target):
            inside = _runs(inline.content, context, replace(look, link=True))
            return _hyperlink(inside, inline.target, context, inline.title)
        case Link():
            return _runs(inline.content, context, look)
        case Citation():
            return joined((run("["), *_citation_numbers(inline, context), run("]")))


def _is_safe(target: str) -> bool:
    """True if `target` is an https, mailto or tel address that is short enough for Word."""
    return bool(_SAFE_TARGET.fullmatch(target)) and len(quote(target, safe=_ADDRESS_SIGNS)) <= _LONGEST_ADDRESS


def linked_words(words: str, target: str, context: WordContext, *, called: bool = False) -> Wml:
    """Return words as a link, or the words alone if the address is not safe; numbers to call (`called`) are bold."""
    leads, is_number = _is_safe(target), called and any(map(str.isdecimal, words))
    said = words.replace(" ", "\u00a0") if is_number else words
    inside = run(said, *_RunLook(called, leads, number=is_number).properties())
    return _hyperlink(inside, target, context) if leads else inside


def _hyperlink(inside: Wml, target: str, context: WordContext, title: str = "") -> Wml:
    """Return a link to an address outside the file."""
    address = quote(target, safe=_ADDRESS_SIGNS)
    number = context.targets.setdefault(address, f"rLink{len(context.targets) + 1}")
    attributes = {"r:id": number}
    if 0 < len(title) <= _LONGEST_TOOLTIP:
        attributes["w:tooltip"] = title
    return markup("w:hyperlink", inside, attributes=attributes)


def inner_link(words: str, bookmark: str, tooltip: str) -> Wml:
    """Return words that link to a bookmark in the file."""
    attributes = {"w:anchor": bookmark, "w:tooltip": tooltip}
    return markup("w:hyperlink", run(words, *_RunLook(link=True).properties()), attributes=attributes)


def bookmarked(name: str, inside: Wml, context: WordContext) -> Wml:
    """Return runs in a bookmark, to which a link can lead."""
    number = context.next_mark()
    return joined((w("bookmarkStart", id=number, name=name), inside, w("bookmarkEnd", id=number)))


def _citation_numbers(citation: Citation, context: WordContext) -> Iterator[Wml]:
    """Yield each number of a citation as a link to its source; the first of each source has a bookmark to link back."""
    for position, number in enumerate(citation.numbers):
        if position:
            yield run(", ")
        link = inner_link(str(number), f"source_{number}", context.words.say("source_link", n=number))
        if number not in context.cited:
            context.cited.add(number)
            link = bookmarked(f"cited_{number}", link, context)
        yield link


def numbered_item(number: int, level: int) -> Wml:
    """Return the list mark of an item: the number of its list and its level, from 0."""
    return w("numPr", w("ilvl", val=level), w("numId", val=number))
