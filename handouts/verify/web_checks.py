"""Checks of a finished page against its Document: nothing lost or added, nothing that runs or asks for more.

Takes what `web_reader` read and a Document; returns findings.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import unquote

from handouts.document.nodes import Document
from handouts.finding import NOWHERE, Finding, error
from handouts.render_cache import RenderCache
from handouts.verify.expected import (
    AllowedTexts,
    allowed_texts,
    expected_by_role,
    expected_texts,
    normalized_text,
)
from handouts.verify.matching import BUG_HINT, check_alts, check_extra_texts, compare_texts
from handouts.verify.page_structure import check_outline, check_requests, check_targets
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
    yield from check_outline(read.title, read.language, read.headings, document, "page", one_title=True)
    unsafe_links = (each for each in read.links if not _SAFE_LINK.match(each))
    yield from check_requests((*_unsafe_loads(read), *unsafe_links), "page")
    yield from check_targets((each[1:] for each in read.links if each.startswith("#")), read.ids, "page")


def _allowed_on_pages(document: Document, cache: RenderCache) -> AllowedTexts:
    """Return what a page may say besides its blocks: what any file may say, and its metadata."""
    about = document.publication
    own = (about.licence, about.audience, about.condition, about.short, document.author, document.language)
    parts = (document.modified, about.reviewed_on, *document.keywords, ", ".join(document.keywords), "handouts")
    return allowed_texts(document, cache).with_words(*map(normalized_text, (*own, *parts)))


def _check_drawings(read: ReadWebPage) -> Iterator[Finding]:
    """Yield an error if the narrow drawings of figures have other words than the wide ones."""
    if [normalized_text(each) for each in read.wide] != [normalized_text(each) for each in read.narrow]:
        message = "A figure says something else on a phone than on a wide screen."
        yield error("lost-words", message, NOWHERE, BUG_HINT)


def _check_hidden(read: ReadWebPage, document: Document, known: AllowedTexts) -> Iterator[Finding]:
    """Yield each alt text that is missing, and hidden texts that were not composed."""
    wanted = expected_by_role(document.blocks, "alt")
    yield from check_alts(wanted, set(map(normalized_text, read.alts)))
    tooltips = expected_by_role(document, "tooltip")
    known = known.with_words(*(each.text for each in (*wanted, *tooltips)))
    yield from check_extra_texts(read.hidden, known, "what the page says unseen")


def _unsafe_loads(read: ReadWebPage) -> list[str]:
    """Return what in a page could run, or would be loaded from elsewhere."""
    return [*read.active, *(each for each in read.loaded if not _SAFE_LOAD.match(each))]


def check_index(
    read: ReadWebPage, document: Document, texts: Iterable[str], files: Collection[str]
) -> Iterator[Finding]:
    """Yield what is wrong with the index of a website: it may say only `texts`, and must link to exactly `files`."""
    known = AllowedTexts({}).with_words(*map(normalized_text, texts))
    yield from compare_texts((*read.text, *read.crisis, *read.around), (), known, "the index")
    yield from check_outline(read.title, read.language, read.headings, document, "page", one_title=True)
    led = {unquote(each) for each in read.links}
    for each in sorted(led ^ set(files)):
        yield error("page-structure", f"The index does not lead to what was made: {each[:60]}.", NOWHERE, BUG_HINT)
    yield from check_requests(_unsafe_loads(read), "page")


def texts_of_page(read: ReadWebPage) -> Iterator[str]:
    """Yield all texts of a page, also those that are only heard, for the search for leaks."""
    yield read.title
    yield from (*read.text, *read.crisis, *read.around, *read.narrow, *read.hidden)
