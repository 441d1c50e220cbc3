"""Checks that web pages and Word files share: title, language and headings, link targets, nothing that runs or loads.

Takes what was read of a file; returns findings. Messages call the file a "page" or a "file".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from handouts.document.nodes import Document
from handouts.finding import NOWHERE, Finding, error
from handouts.verify.expected import normalized_text
from handouts.verify.matching import BUG_HINT


def check_outline(
    title: str, language: str, headings: Sequence[int], document: Document, what: str, *, one_title: bool = False
) -> Iterator[Finding]:
    """Yield an error for a file without its title or language, or whose levels of `headings` leave one out.

    With `one_title`, at most one heading has level 1.
    """
    named = normalized_text(title) == normalized_text(document.title) and language == document.language
    skips = any(after > before + 1 for before, after in zip((0, *headings), headings, strict=False))
    if not named or skips or (one_title and headings.count(1) > 1):
        message = f"The {what} lacks its title or its language, or its headings leave a level out."
        yield error("page-structure", message, NOWHERE, BUG_HINT)


def check_targets(links: Iterable[str], places: Iterable[str], what: str) -> Iterator[Finding]:
    """Yield an error for each link inside a file whose target is not among its `places`, and each repeated place."""
    counts = Counter(places)
    lost = [each for each in links if each not in counts]
    for each in (*lost, *(name for name, count in counts.items() if count > 1)):
        message = f"A link of the {what} leads nowhere, or to two places: {each[:60]}."
        yield error("page-structure", message, NOWHERE, BUG_HINT)


def check_requests(unsafe: Iterable[str], what: str) -> Iterator[Finding]:
    """Yield an error for each thing in a file that could run, or that would be loaded from elsewhere."""
    for each in unsafe:
        yield error("unsafe-page", f"The {what} would run or ask for something: {each[:60]}.", NOWHERE, BUG_HINT)
