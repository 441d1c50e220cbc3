"""The title of a slide: a single sentence stands without its full stop, like any headline."""

from __future__ import annotations

from msgspec.structs import replace

from handouts.document.nodes import Inlines, Text
from handouts.document.text import plain

ENDS = ".!?…"


def headline(title: Inlines) -> Inlines:
    """Return `title` as a slide shows it."""
    last = title[-1] if title else None
    if not isinstance(last, Text) or headline_words(plain(title)) == plain(title):
        return title
    return (*title[:-1], replace(last, text=last.text[:-1]))


def headline_words(title: str) -> str:
    """Return the plain words of a title as a slide shows them; a full stop that is all of it stays."""
    said, stop = title[:-1], title[-1:]
    single = stop == "." and bool(said.strip()) and not any(mark in said for mark in ENDS)
    return said if single else title
