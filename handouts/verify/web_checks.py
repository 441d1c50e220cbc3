"""Checks of a finished page against its Document: nothing lost or added, nothing that runs or asks for more.

Takes what `web_reader` read and a Document; returns findings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import unquote

from handouts.document.nodes import Document
from handouts.finding import NOWHERE, Finding, error
from handouts.render_cache import RenderCache
from handouts.verify.expected import (
    AllowedTexts,
    allowed_texts,
    expected_alts,
    expected_texts,
    expected_tooltips,
    normalized_text,
)
from handouts.verify.matching import BUG_HINT, compare_texts
from handouts.verify.web_reader import ReadWebPage

_SAFE_LINK = re.compile(r"https://|mailto:|tel:|#")
_SAFE_LOAD = re.compile(r"data:(?:,|image/(?:png|jpeg);base64,)")


def check_page(read: ReadWebPage, document: Document, cache: RenderCache) -> Iterator[Finding]:
    """Yield what is wrong with a page: its words are there in order and no others, also where they are only heard."""
    fixed = _allowed_on_pages(document, cache)
    chain = tuple(expected_texts(document.blocks, numbered=False))
    yield from compare_texts(read.text, (chain,), fixed, "the page")
    crisis = tuple(expected_texts(document.crisis.columns))
    yield from compare_texts(read.crisis, (crisis,) if read.crisis or crisis else (), fixed, "the crisis box")
    known = fixed.with_words(*(each.text for each in chain))
    yield from compare_texts(read.around, (), known, "the head or foot of the page")
    yield from _check_drawings(read)
    yield from _check_hidden(read, document, known)
    yield from _check_title(read, document)
    yield from _check_addresses(read)


def _allowed_on_pages(document: Document, cache: RenderCache) -> AllowedTexts:
    """Return what a page may say beside its blocks: what any file may, and what it says of itself."""
    about = document.publication
    own = (about.licence, about.audience, about.condition, about.short, document.author, document.language)
    parts = (document.modified, about.reviewed_on, *document.keywords, ", ".join(document.keywords), "handouts")
    return allowed_texts(document, cache).with_words(*map(normalized_text, (*own, *parts)))


def _check_drawings(read: ReadWebPage) -> Iterator[Finding]:
    """Yield an error where the narrow drawing of a figure says something else than the wide one."""
    if [normalized_text(each) for each in read.wide] != [normalized_text(each) for each in read.narrow]:
        message = "A figure says something else on a phone than on a wide screen."
        yield error("lost-words", message, NOWHERE, BUG_HINT)


def _check_hidden(read: ReadWebPage, document: Document, known: AllowedTexts) -> Iterator[Finding]:
    """Yield each alt text that is missing, and what is heard or found and was not composed."""
    wanted = tuple(expected_alts(document.blocks))
    found = set(map(normalized_text, read.alts))
    for each in wanted:
        if each.text not in found:
            yield error("missing-alt", f"“{each.text[:60]}” is no alt text in the file.", each.at, BUG_HINT)
    known = known.with_words(*(each.text for each in wanted), *expected_tooltips(document))
    for text in sorted(set(read.hidden)):
        yield from compare_texts((text,), (), known, "what the page says unseen")


def _check_title(read: ReadWebPage, document: Document) -> Iterator[Finding]:
    """Yield an error for a page without its title or its language, or whose headings leave a level out."""
    told = normalized_text(read.title) == normalized_text(document.title) and read.language == document.language
    steps = zip((0, *read.headings), read.headings, strict=False)
    if not told or any(after > before + 1 for before, after in steps) or read.headings.count(1) > 1:
        message = "The page lacks its title or its language, or its headings leave a level out."
        yield error("page-structure", message, NOWHERE, BUG_HINT)


def _check_addresses(read: ReadWebPage) -> Iterator[Finding]:
    """Yield an error for what could run, for what would be asked of somebody else, and for links that lead nowhere."""
    yield from _check_requests((*read.active, *_unlike(_SAFE_LOAD, read.loaded), *_unlike(_SAFE_LINK, read.links)))
    places = Counter(read.ids)
    lost = [each for each in read.links if each.startswith("#") and each[1:] not in places]
    twice = [name for name, count in places.items() if count > 1]
    for each in (*lost, *twice):
        message = f"A link of the page leads nowhere, or to two places: {each[:60]}."
        yield error("page-structure", message, NOWHERE, BUG_HINT)


def _check_requests(unsafe: Iterable[str]) -> Iterator[Finding]:
    """Yield an error for each thing that could run, or that would be asked of somebody else."""
    for each in unsafe:
        yield error("unsafe-page", f"The page would run or ask for something: {each[:60]}.", NOWHERE, BUG_HINT)


def _unlike(pattern: re.Pattern[str], addresses: Iterable[str]) -> Iterator[str]:
    """Yield the addresses that do not begin as they should."""
    return (each for each in addresses if not pattern.match(each))


def check_index(
    read: ReadWebPage, document: Document, texts: Iterable[str], files: Collection[str]
) -> Iterator[Finding]:
    """Yield what is wrong with the index of a website: it says these texts alone, and leads to `files` alone."""
    known = AllowedTexts({}).with_words(*map(normalized_text, texts))
    yield from compare_texts((*read.text, *read.crisis, *read.around), (), known, "the index")
    yield from _check_title(read, document)
    led = {unquote(each) for each in read.links}
    for each in sorted(led ^ set(files)):
        yield error("page-structure", f"The index does not lead to what was made: {each[:60]}.", NOWHERE, BUG_HINT)
    yield from _check_requests((*read.active, *_unlike(_SAFE_LOAD, read.loaded)))


def texts_of_page(read: ReadWebPage) -> Iterator[str]:
    """Yield all texts of a page, also those that are only heard, for the search for leaks."""
    yield read.title
    yield from (*read.text, *read.crisis, *read.around, *read.narrow, *read.hidden)
