"""What a document may have only once: a cover, the title of a slide, the name of a field, the name of a place."""

from __future__ import annotations

from collections.abc import Iterator

from handouts.document import Cover, Document, Field, Heading, Sources, plain, walk
from handouts.finding import NOWHERE, Finding, Span, error

TOP = "top"  # what the title of a handout is called


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


def repeated_places(document: Document) -> Iterator[Finding]:
    """Yield a finding for each cover and list of sources after the first, and for each place called as another is.

    The title and each source are places that links lead to, as headings with an id are.
    """
    first: dict[str, Span] = {}
    for node in walk(document.blocks):
        if isinstance(node, Cover) and not node.alone:
            if TOP in first:
                message = f"A second cover; the first is {first[TOP]}."
                yield error("repeated-cover", message, node.at, "keep one section of this kind for each reader")
            first.setdefault(TOP, node.at)
    lists = [node for node in walk(document.blocks) if isinstance(node, Sources)]
    for node in lists[1:]:
        message = f"The list of sources is there twice; the first is {lists[0].at}."
        yield error("repeated-place", message, node.at, "place it once in each document")
    for source in (source for node in lists[:1] for source in node.sources):
        first.update({f"source-{source.number}": NOWHERE, f"cite-{source.number}": NOWHERE})
    for node in walk(document.blocks):
        if isinstance(node, Heading) and node.anchor:
            if node.anchor in first:
                message = f"Another place in this document is called '{node.anchor}'."
                yield error("repeated-place", message, node.at, "give the section another id")
            first.setdefault(node.anchor, node.at)
