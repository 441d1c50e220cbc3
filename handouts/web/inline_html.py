"""Turn the inside of a sentence into HTML: words, bold, links, citations and other languages.

A `PageContext` goes through a whole page: what is cited for the first time, which headings there were, which numbers
identify what has no name.
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
    """A heading that the contents of a page list: its place and its words."""

    anchor: str
    title: str


class PageContext(Struct, eq=False):
    """What the blocks of one page share while they are turned into HTML, one after another.

    `cited` are the numbers of sources that were cited so far, `above` the headings above the next one, each with the
    level that was asked for and the one that it has, `count` numbers what needs a name, and `shortened` says if the
    short name was explained in this section, and `fields_explained` if it was said what becomes of what is typed.
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
        """Return a name that nothing else on the page has; names of content never begin with `page-`."""
        self.count += 1
        return f"page-{kind}-{self.count}"


def heading_html(level: int, content: Html, title: Inlines, context: PageContext, *, anchor: str = "") -> Html:
    """Return a heading, of a higher level where one would be left out before it; one of level 2 is listed."""
    level = _level_below(context.above, level)
    if level <= 2:
        context.shortened = False
    if level == 2:
        anchor = anchor or context.next_id("part")
        context.outline.append(_ListedHeading(anchor, plain(title)))
    return element(f"h{level}", content, id=anchor)


def _level_below(above: list[tuple[int, int]], asked: int) -> int:
    """Return the level of the next heading, one more than that above it at most, so that headings alike stay alike."""
    while above and above[-1][0] >= asked:
        above.pop()
    level = min(asked, above[-1][1] + 1 if above else 1, _DEEPEST_HEADING)
    above.append((asked if above else 1, level))
    return level


def inlines_html(content: Inlines, context: PageContext) -> Html:
    """Return the inside of a sentence."""
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
    """Return words, the short name of the condition marked where a section first has it."""
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
    """Return a link, or what is inside it where its address is of a kind that no page should lead to."""
    if not _SAFE_TARGET.fullmatch(target):
        return inside
    outside = "noreferrer" if target.startswith("https:") else ""
    return element("a", inside, href=target, title=title, rel=outside, **attributes)


def number_link(number: str, target: str, context: PageContext) -> Html:
    """Return a number to call as a link that says so, or the number alone if it cannot be called."""
    if not target.startswith("tel:"):
        return link_html(text(number), target) if target else text(number)
    called = called_number(target.removeprefix("tel:"), number)
    said = context.words.say("call", number=called) if called == number.replace("\u00a0", " ") else ""
    return link_html(text(number), target, aria_label=said)


def _citation_html(citation: Citation, context: PageContext) -> Html:
    """Return a mark such as [3, 5] whose numbers lead to their sources; the first of each can be led back to."""
    return element("span", text("["), joined(_citation_numbers(citation, context), ", "), text("]"), class_="cite")


def _citation_numbers(citation: Citation, context: PageContext) -> Iterator[Html]:
    """Yield each number of a citation as a link."""
    for number in citation.numbers:
        ident = "" if number in context.cited else f"cite-{number}"
        context.cited.add(number)
        said = context.words.say("source_link", n=number)
        yield link_html(text(str(number)), f"#source-{number}", id=ident, role="doc-noteref", aria_label=said)


def optional(inside: Html, name: str, **attributes: str) -> Html:
    """Return an element, or nothing where nothing is inside."""
    return element(name, inside, **attributes) if inside else NOTHING
