"""Turn inline nodes into HTML: words, bold, links, citations and other languages.

A `PageContext` holds what is counted across a whole page: citations, headings, and generated ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from handouts.document.nodes import (
    Citation,
    Document,
    FixedWords,
    Foreign,
    Inline,
    Inlines,
    Link,
    Strong,
    Text,
)
from handouts.document.text import called_number, plain
from handouts.finding import Finding
from handouts.render_cache import RenderCache
from handouts.theme import Theme
from handouts.web.markup import NOTHING, Html, element, joined, text

_SAFE_TARGET = re.compile(r"(?:https://|mailto:|tel:)[^\s]+|#[^\s]+")
_DEEPEST_HEADING = 4


class _ListedHeading(Struct, frozen=True):
    """An entry of the contents of a page: the anchor of a heading and its words."""

    anchor: str
    title: str


class PageContext(Struct, eq=False):
    """The state that the blocks of one page share while they are turned into HTML, one after another.

    `cited` has the numbers of the sources cited so far; `outline` the headings of the contents; `above` the headings
    that enclose the next one, each with the level that was asked for and its actual level; `count` the number of
    generated ids. `shortened` is true if the short name was explained in this section, `fields_explained` if the page
    has said what happens to what is typed.
    """

    document: Document
    theme: Theme
    cache: RenderCache
    cited: set[int] = field(default_factory=set)
    outline: list[_ListedHeading] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    above: list[tuple[int, int]] = field(default_factory=list)
    count: int = 0
    shortened: bool = False
    fields_explained: bool = False

    @property
    def words(self) -> FixedWords:
        """The fixed words of the language of the page."""
        return self.document.words

    def next_id(self, kind: str) -> str:
        """Return an id that nothing else on the page has; ids from content never begin with `page-`."""
        self.count += 1
        return f"page-{kind}-{self.count}"


def heading_html(level: int, content: Html, title: Inlines, context: PageContext, *, anchor: str = "") -> Html:
    """Return a heading, raised if it would skip a level; those of level 2 are listed in the contents."""
    level = _level_below(context.above, level)
    if level <= 2:
        context.shortened = False
    if level == 2:
        anchor = anchor or context.next_id("part")
        context.outline.append(_ListedHeading(anchor, plain(title)))
    return element(f"h{level}", content, id=anchor)


def _level_below(above: list[tuple[int, int]], asked: int) -> int:
    """Return the level of a heading: at most one below its parent, and the same for siblings that ask the same."""
    while above and above[-1][0] >= asked:
        above.pop()
    level = min(asked, above[-1][1] + 1 if above else 1, _DEEPEST_HEADING)
    above.append((asked if above else 1, level))
    return level


def inlines_html(content: Inlines, context: PageContext) -> Html:
    """Return inline nodes one after another."""
    return joined(_inline_html(inline, context) for inline in content)


def _inline_html(inline: Inline, context: PageContext) -> Html:
    """Return one inline node."""
    match inline:
        case Text():
            return _text_html(inline.text, context)
        case Strong():
            return element("strong", inlines_html(inline.content, context))
        case Link():
            return link_html(inlines_html(inline.content, context), inline.target, inline.title)
        case Citation():
            return _citation_html(inline, context)
        case Foreign():
            return element("span", inlines_html(inline.content, context), lang=inline.language)


def _text_html(words: str, context: PageContext) -> Html:
    """Return words; the first short name of the condition in each section is marked as an abbreviation."""
    about = context.document.publication
    if context.shortened or not about.short or about.short not in words:
        return text(words)
    found = re.search(rf"\b{re.escape(about.short)}\b", words)
    if found is None:
        return text(words)
    context.shortened = True
    marked = element("abbr", text(found[0]), title=about.condition)
    return Html(f"{text(words[: found.start()])}{marked}{text(words[found.end() :])}")


def link_html(inside: Html, target: str, title: str = "", **attributes: str) -> Html:
    """Return a link, or only what is inside it if its address is not https, mailto, tel or an anchor."""
    if not _SAFE_TARGET.fullmatch(target):
        return inside
    outside = "noreferrer" if target.startswith("https:") else ""
    return element("a", inside, href=target, title=title, rel=outside, **attributes)


def number_link(number: str, target: str, context: PageContext) -> Html:
    """Return a phone number as a link labelled as a call, or the number alone if it cannot be called."""
    if not target.startswith("tel:"):
        return link_html(text(number), target) if target else text(number)
    called = called_number(target.removeprefix("tel:"), number)
    said = context.words.say("call", number=called) if called == number.replace("\u00a0", " ") else ""
    return link_html(text(number), target, aria_label=said)


def _citation_html(citation: Citation, context: PageContext) -> Html:
    """Return a citation such as [3, 5], each number a link to its source."""
    return element("span", text("["), joined(_citation_numbers(citation, context), ", "), text("]"), class_="cite")


def _citation_numbers(citation: Citation, context: PageContext) -> Iterator[Html]:
    """Yield each number of a citation as a link; the first citation of a source has an id to link back to."""
    for number in citation.numbers:
        ident = "" if number in context.cited else f"cite-{number}"
        context.cited.add(number)
        said = context.words.say("source_link", n=number)
        yield link_html(text(str(number)), f"#source-{number}", id=ident, role="doc-noteref", aria_label=said)


def optional(inside: Html, name: str, **attributes: str) -> Html:
    """Return an element, or nothing if there is nothing inside."""
    return element(name, inside, **attributes) if inside else NOTHING
