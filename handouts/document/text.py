"""Walk the nodes of a Document and return the words that they say, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TypeGuard

from msgspec import Struct

from handouts.document.nodes import (
    Amount,
    Chart,
    Citation,
    Contacts,
    Document,
    Figure,
    Foreign,
    Heading,
    Inline,
    Inlines,
    Link,
    Picture,
    Slide,
    Source,
    Strong,
    Text,
    field_names,
    shared_note,
)
from handouts.finding import Location


def walk(node: object) -> Iterator[object]:
    """Yield `node` and every node inside it, each before what it holds, in reading order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(node[::-1])
        elif isinstance(node, Struct) and not isinstance(node, Location):
            yield node
            values = [getattr(node, name) for name in node.__struct_fields__]
            waiting.extend([value for value in values[::-1] if isinstance(value, tuple | Struct)])


def is_inlines(nodes: tuple[object, ...]) -> TypeGuard[Inlines]:
    """True if `nodes` are the inside of a sentence, and not nothing."""
    return bool(nodes) and all(isinstance(each, Text | Strong | Link | Citation | Foreign) for each in nodes)


def plain(content: Inlines) -> str:
    """Return the words of `content` as one string, citations as [3]."""
    return "".join(plain_inline(inline) for inline in content)


def plain_inline(inline: Inline) -> str:
    """Return the words of one inline node."""
    match inline:
        case Text():
            return inline.text
        case Citation():
            return f"[{', '.join(str(number) for number in inline.numbers)}]"
        case _:
            return plain(inline.content)


def called_number(called: str, said: str) -> str:
    """Return the number that a link calls as it is `said` to the reader, in groups, if that is the same number."""
    same = "".join(filter(str.isdecimal, called)) == "".join(filter(str.isdecimal, said))
    grouped = "".join(each for each in said if each.isdecimal() or each in " +-().\u00a0").strip()
    return grouped.replace("\u00a0", " ") if same and grouped else called


def words_of(node: object) -> Iterator[str]:
    """Yield what a reader reads of `node`, in reading order: not alt texts, notes, addresses or anchors."""
    match node:
        case tuple():
            if is_inlines(node):
                yield plain(node)
            else:
                for child in node:
                    yield from words_of(child)
        case Document():
            yield from words_of(node.blocks)
            yield from words_of(node.slides)
        case Slide():
            yield from words_of((node.label, node.title, node.blocks))
            yield from words_of(node.sender)
        case Heading():
            yield from (node.number,) if node.number else ()
            yield from words_of(node.content)
        case Figure():
            yield from words_of(node.title)
            yield from (words for _, words in node.labels)
            yield from words_of(node.how_to_read)
        case Chart():
            yield from words_of(node.title)
            yield from (words for row in chart_rows(node) for words in row if words)
            yield from words_of(node.how_to_read)
        case Contacts():
            shared = shared_note(node.contacts)
            yield from (shared,) if shared else ()  # said once for all, as a need is for those who share it
            for need, group in groupby(node.contacts, key=lambda contact: contact.need):
                yield from (need,) if need else ()
                for each in group:
                    note = "" if each.note == shared else each.note
                    yield from (words for words in (each.name, each.number, each.how, note) if words)
        case Source():
            yield from words_of(node.content)
        case Picture():
            yield from words_of(node.caption)
        case str() | int() | Location():
            return
        case _ if isinstance(node, Struct):
            yield from words_of(tuple(getattr(node, name) for name in field_names(node)))


def chart_rows(chart: Chart) -> tuple[tuple[str, ...], ...]:
    """Return the words in the drawing of a chart: what its rows and series are, then each row with its amounts."""
    rows = ((row.label, *(amount_words(amount, chart.unit) for amount in row.amounts)) for row in chart.rows)
    return ((chart.rows_name, *chart.series), *rows)


def amount_words(amount: Amount, unit: str) -> str:
    """Return a number with its unit: a word after a space, a sign such as % as it was written."""
    return f"{amount.text}{unit_words(unit)}"


def unit_words(unit: str) -> str:
    """Return a unit as it follows a number."""
    return f" {unit}" if unit[:1].isalnum() else unit
