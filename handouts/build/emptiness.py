"""Templates that were asked for and find nothing to lay out: what was composed in, a warning for each topic out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from handouts.build.gathering import Composed
from handouts.build.options import Options
from handouts.compose import kinds_for
from handouts.finding import Finding, Span, warning
from handouts.library import Library


def empty_templates(library: Library, composed: Sequence[Composed], request: Options) -> Iterator[Finding]:
    """Yield a warning for each template that was named and finds nothing to lay out in a topic."""
    for name, topic in product(dict.fromkeys(request.template_names), library.topics.values()):
        readers = [each.reader for each in composed if each.reader.topic is topic and finds_nothing(each, name)]
        if readers:
            there = {section.kind for each in topic.languages.values() for section in each}
            kinds = [kind for kind in kinds_for(library, name) if kind not in there] or ["that it lays out"]
            who = ", ".join(dict.fromkeys(each.audience.name for each in readers))
            message = f"The template '{name}' finds nothing in '{topic.name}' for {who}: no such file is made."
            hint = f"write a section of the kind {' or '.join(kinds)}"
            yield warning("nothing-found", message, Span("--template"), hint)


def finds_nothing(composed: Composed, template: str) -> bool:
    """True if a template lays out nothing for a reader."""
    made = [each for each in composed.compositions if each.template == template]
    return bool(made) and all(each.is_empty for each in made)
