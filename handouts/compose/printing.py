"""What `{{ }}` prints, and which filters there are: words and numbers as Markdown prints them, a mark for a part.

What a template itself has rendered, in a macro or between `{% set %}` and `{% endset %}`, is `Markup`, Jinja2's name
for text that is as it should be: it is printed as it is. A part in it has no words yet, so no filter may change it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from jinja2 import Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from handouts.compose.values import Placeable, escaped, refusal
from handouts.finding import HandoutError

# A mark of our own in what a template renders: a part. Content cannot hold it.
PART, PART_BEGINS = "\ue000{}\ue001", "\ue000"
PRINTED, JOINED = "(printed)", "(joined)"  # filters that no template can name
# What Python says of a thing that has no words: it would be another in every build.
ADDRESS = re.compile(r"<[^<>]* at 0x[0-9a-fA-F]+>")
# What would make two builds differ, or print what nobody wrote.
NEEDLESS_GLOBALS = ("lipsum", "dict")
NEEDLESS_FILTERS = ("random", "pprint")
WHOLE_FILTERS = ("d", "default", "indent", "safe", "trim")  # these leave the words as they are


def add_filters(environment: ImmutableSandboxedEnvironment) -> None:
    """Give `environment` the filters that there are, each of which refuses to change a part."""
    for name in NEEDLESS_GLOBALS:
        environment.globals.pop(name, None)
    for name in NEEDLESS_FILTERS:
        environment.filters.pop(name, None)
    environment.filters["string"] = words_of
    for name, change in environment.filters.items():
        if name not in WHOLE_FILTERS:
            environment.filters[name] = refusing_parts(change)
    environment.filters |= {PRINTED: printed, JOINED: joined}


def refusing_parts(change: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that refuses a text in which a part stands."""

    @wraps(change)
    def changed(*values: Any, **named: Any) -> Any:
        if any(isinstance(each, str) and PART_BEGINS in each for each in (*values, *named.values())):
            raise refusal("part-as-text", "A part is used as text.", "place it outside of the filter")
        return change(*values, **named)

    return changed


def with_printing(found: nodes.Template) -> nodes.Template:
    """Return a template in which all that is printed passes `printed`, and what is joined with ~ passes `joined`."""
    for output in found.find_all(nodes.Output):
        output.nodes = [
            each if isinstance(each, nodes.TemplateData) else passed(each, PRINTED) for each in output.nodes
        ]
    for block in found.find_all(nodes.FilterBlock):
        block.filter = passed(block.filter, PRINTED)
    for node in tuple(found.find_all(nodes.Node)):
        for name, value in node.iter_fields():
            if isinstance(value, nodes.Concat):
                setattr(node, name, joining(value))
            elif isinstance(value, list):
                value[:] = [joining(each) if isinstance(each, nodes.Concat) else each for each in value]
    return found


def passed(value: nodes.Expr, name: str) -> nodes.Filter:
    """Return `value` passed through the filter `name`."""
    return nodes.Filter(value, name, [], [], None, None, lineno=value.lineno)


def joining(concat: nodes.Concat) -> nodes.Filter:
    """Return values that are joined with ~ as values that our filter joins."""
    return passed(nodes.List(concat.nodes, lineno=concat.lineno), JOINED)


def printed(value: object) -> Markup:
    """Return what `{{ value }}` prints: a mark for a part, escaped words for a text, nothing for nothing."""
    if isinstance(value, Placeable):
        return Markup(PART.format(value.number()))  # noqa: S704
    if value is None:
        return Markup("")
    words = words_of(value)
    if ADDRESS.search(words):
        raise no_words()
    return words if isinstance(words, Markup) else Markup(escaped(words))  # noqa: S704


def joined(values: Iterable[object]) -> str:
    """Return what `one ~ other` makes: text, or what is to be printed as it is if a macro made a piece of it."""
    pieces = [words_of("" if value is None else value) for value in values]
    if not any(isinstance(piece, Markup) for piece in pieces):
        return "".join(pieces)
    return Markup("").join(piece if isinstance(piece, Markup) else inside(piece) for piece in pieces)


def inside(text: str) -> Markup:
    """Return `text` so that Markdown prints it as it is, with the spaces at its ends."""
    left, right = (" " if end.isspace() else "" for end in (text[:1], text[-1:]))
    return Markup(f"{left}{escaped(text)}{right}" if text.strip() else left)  # noqa: S704


def words_of(value: object) -> str:
    """Return the words of a text or a number. HandoutError if `value` is another thing."""
    if isinstance(value, str):
        return value
    if isinstance(value, (Placeable, Undefined)):
        return str(value)  # which says what is wrong with it
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:g}"
    raise no_words()


def no_words() -> HandoutError:
    """Return what stops a template that prints a thing."""
    return refusal("template", "Only words, numbers and parts can be printed.", "write {{ section.claim }}")
