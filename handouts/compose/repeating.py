"""What a document may have only once: the title of a slide, the name of a field."""

from __future__ import annotations

from collections.abc import Iterator

from handouts.document import Document, Field, plain, walk
from handouts.finding import Finding, Span, error


def repeated_titles(document: Document) -> Iterator[Finding]:
    """Yield a finding for each slide whose title another slide has."""
    first: dict[str, Span] = {}
    for slide in document.slides:
        title = plain(slide.title)
        if title in first:
            message = f"Two slides have the title '{title}'; the first is {first[title]}."
            yield error("repeated-title", message, slide.at, "give each slide a title of its own")
        first.setdefault(title, slide.at)


def repeated_fields(document: Document) -> Iterator[Finding]:
    """Yield a finding for each field whose name another field has: what is typed into one would stand in both."""
    first: dict[str, Span] = {}
    for field in walk(document.blocks):
        if isinstance(field, Field):
            if field.name in first:
                message = f"Two fields have the name '{field.name}'; the first is {first[field.name]}."
                yield error("repeated-field", message, field.at, "give each field a name of its own")
            first.setdefault(field.name, field.at)
