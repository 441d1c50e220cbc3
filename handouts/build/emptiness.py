"""Templates that were asked for and find nothing to lay out: what was composed in, a warning for each topic out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from handouts.build.gathering import Composed, Reader
from handouts.build.options import Options
from handouts.compose import kinds_in_template
from handouts.finding import Finding, Location, warning
from handouts.library import Library


class Nothing(Struct, frozen=True):
    """A template that was named and finds nothing to lay out for a reader."""

    template: str
    reader: Reader


def nothing_in(composed: Composed, request: Options) -> Iterator[Nothing]:
    """Yield each template that a request names and that lays out nothing for a reader."""
    for name in dict.fromkeys(request.template_names):
        made = [each for each in composed.compositions if each.template == name]
        if made and all(each.is_empty for each in made):
            yield Nothing(name, composed.reader)


def empty_templates(library: Library, nothing: Iterable[Nothing]) -> Iterator[Finding]:
    """Yield a warning for each template that finds nothing to lay out in a topic."""
    readers: dict[tuple[str, str], list[Reader]] = {}
    for each in nothing:
        readers.setdefault((each.template, each.reader.topic.name), []).append(each.reader)
    for (name, topic), without in readers.items():
        there = {section.kind for sections in library.topics[topic].languages.values() for section in sections}
        kinds = [kind for kind in kinds_in_template(library, name) if kind not in there] or ["that it lays out"]
        who = ", ".join(dict.fromkeys(each.audience.name for each in without))
        message = f"The template '{name}' finds nothing in '{topic}' for {who}: no such file is made."
        hint = f"write a section of the kind {' or '.join(kinds)}"
        yield warning("nothing-found", message, Location("--template"), hint)
