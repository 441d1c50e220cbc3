"""Yield the words that the nodes of a Document say: the one traversal, which all others filter; and dump a Document.

`texts_of` yields every text with its role, its location, and whether it is seen, spoken or hidden; `words_of` what a
reader reads; `walk` every node. `dump` is the whole as indented text, which tests compare and hashes are taken of;
`fingerprint` is a hash of a node with all that it holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Literal, TypeAlias, TypeGuard

from msgspec import Struct, msgpack
from msgspec.structs import replace

from handouts.document import nodes
from handouts.document.nodes import Inlines, TextRole
from handouts.finding import NOWHERE, Location

_Holder: TypeAlias = (
    nodes.Block
    | nodes.Branch
    | nodes.CardRow
    | nodes.Cell
    | nodes.Contact
    | nodes.Crisis
    | nodes.CrisisColumn
    | nodes.CrisisLine
    | nodes.Document
    | nodes.Sender
    | nodes.Slide
    | nodes.Source
)
TextNode: TypeAlias = "_Holder | nodes.Inline | str | tuple[TextNode, ...] | None"  # what holds words
_HOLDER_TYPES = (tuple, Struct)
_NOTE_SEPARATOR = " · "


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
            waiting.extend([value for value in values[::-1] if isinstance(value, _HOLDER_TYPES)])


def written_at(node: object, otherwise: Location = NOWHERE) -> Location:
    """Return where the first words inside `node` were written that have a place, or `otherwise`."""
    places = (each.at for each in walk(node) if isinstance(each, nodes.Text) and each.at != NOWHERE)
    return next(places, otherwise)


def is_inlines(inside: tuple[object, ...]) -> TypeGuard[Inlines]:
    """True if `inside` is not empty and holds only inline nodes."""
    return bool(inside) and all(isinstance(each, nodes.Inline) for each in inside)


def plain(content: Inlines) -> str:
    """Return the words of `content` as one string, citations as [3]."""
    return "".join(_plain_inline(inline) for inline in content)


def _plain_inline(inline: nodes.Inline) -> str:
    """Return the words of one inline node."""
    match inline:
        case nodes.Text():
            return inline.text
        case nodes.Citation():
            return f"[{', '.join(str(number) for number in inline.numbers)}]"
        case _:
            return plain(inline.content)


def called_number(called: str, said: str) -> str:
    """Return the number of a tel: link, grouped as the reader sees it in `said` if both are the same number."""
    same = "".join(filter(str.isdecimal, called)) == "".join(filter(str.isdecimal, said))
    grouped = "".join(each for each in said if each.isdecimal() or each in " +-().\u00a0").strip()
    return grouped.replace("\u00a0", " ") if same and grouped else called


def link_tooltip(target: str, words: nodes.FixedWords, said: str = "", opened: str = "") -> str:
    """Return in words what a link to `target` does; digits of a phone number are grouped as in `said`.

    An address that it opens is said as `opened`, or whole.
    """
    scheme, _, rest = target.partition(":")
    key = {"tel": "call", "mailto": "write_to"}.get(scheme, "opens")
    return words.say(key, number=called_number(rest, said), target=rest if key != "opens" else opened or target)


def contact_note(contact: nodes.Contact, shared: str = "") -> str:
    """Return the text beside the name of a contact: how to reach it, and its note unless that is `shared`."""
    note = "" if contact.note == shared else contact.note
    return _NOTE_SEPARATOR.join(words for words in (contact.how, note) if words)


def printed_address(target: str) -> str:
    """Return an address as it is printed, without the scheme, which only programs need."""
    return target.removeprefix("https://").removeprefix("mailto:").removeprefix("tel:")


_Visibility: TypeAlias = Literal["seen", "spoken", "hidden"]
_TextPlace: TypeAlias = Literal["body", "notes", "worksheet"]


class _NodeText(Struct, frozen=True):
    """Words that stand together in a node, such as those of a paragraph, a cell or an alt text.

    `content` holds them as inline nodes where they were written so. `at` is the location of their block. `spoken` words
    are printed on paper, and said but not shown in a talk; `hidden` ones are heard from a screen reader alone. The role
    `number` is that of numbers which the program gives, `address` that of a printed link. `listed` words stand in an
    item of a list.
    """

    content: Inlines | str
    role: TextRole
    at: Location
    visibility: _Visibility = "seen"
    place: _TextPlace = "body"
    listed: bool = False

    @property
    def text(self) -> str:
        """The words as one string, citations as [3]."""
        return self.content if isinstance(self.content, str) else plain(self.content)


def texts_of(node: TextNode, at: Location = NOWHERE, role: TextRole = "prose") -> Iterator[_NodeText]:
    """Yield all words of `node` in reading order, each text with its role, location and visibility.

    No other code decides which words a node has. `at` is the location of its parent, and `role` the role of inline
    nodes that are given alone.
    """
    match node:
        case None:
            return
        case str() | tuple() if not node:
            return
        case str():
            yield _NodeText(node, role, at)
        case tuple():
            if is_inlines(node):
                yield _NodeText(node, role, at)
                inside = (each for part in node if not isinstance(part, nodes.Text) for each in walk(part))
                links = (each for each in inside if isinstance(each, nodes.Link) and each.title)
                yield from (_NodeText(link.title, "tooltip", at, "hidden") for link in links)
            else:
                for child in node:
                    yield from texts_of(child, at, role)
        case nodes.Text() | nodes.Strong() | nodes.Link() | nodes.Citation() | nodes.Foreign():
            yield from texts_of((node,), at, role)
        case _:
            yield from _own_texts(node, node.at if isinstance(node, nodes.Node) else at)


def _own_texts(block: _Holder, at: Location) -> Iterator[_NodeText]:
    """Yield the words of a node in reading order: those of the fields that it `says`, or those put together here."""
    for name, role in block.says:
        yield from texts_of(getattr(block, name), at, role)
    match block:
        case nodes.BulletList():
            yield from _listed(texts_of(block.items, at))
        case nodes.Steps():
            for number, item in enumerate(block.items, 1):
                yield _NodeText(str(number), "number", at)
                yield from _listed(texts_of(item, at))
        case nodes.Figure() | nodes.Chart():
            yield from texts_of(block.title, at, "heading")
            rows = chart_rows(block) if isinstance(block, nodes.Chart) else (words for _, words in block.labels)
            yield from texts_of(tuple(rows), at, "words")
            yield from _spoken(texts_of(block.how_to_read, at))
            yield from _alt_text(block.alt, at)
        case nodes.Contacts():
            shared = nodes.shared_note(block.contacts)
            first = next((each.at for each in block.contacts if each.note == shared), at)
            yield from texts_of(shared, first, "label")  # a note that all have is printed once
            for need, group in groupby(block.contacts, key=lambda contact: contact.need):
                for index, each in enumerate(group):
                    yield from _contact_texts(each, "" if index else need, "" if each.note == shared else each.note)
        case nodes.QrCode():
            yield from texts_of(block.caption, at)
            yield from texts_of("" if block.small else block.target, at, "address")
        case nodes.Picture():
            yield from _spoken(texts_of(block.caption, at))
            yield from _alt_text(block.alt, at)
        case nodes.Worksheet():
            yield from (replace(each, place="worksheet") for each in texts_of(block.blocks, at))
        case nodes.Slide():
            yield from (replace(each, place="notes") for each in texts_of(block.notes, at))
        case nodes.Source():
            yield _NodeText(str(block.number), "number", at)
            yield from texts_of(block.content, at, "source")
        case nodes.Contact():
            yield from _contact_texts(block, block.need, block.note)
        case _:
            pass


def _listed(texts: Iterator[_NodeText]) -> Iterator[_NodeText]:
    """Yield texts marked as part of a list."""
    return (each if each.listed else replace(each, listed=True) for each in texts)


def _spoken(texts: Iterator[_NodeText]) -> Iterator[_NodeText]:
    """Yield texts with those that are seen marked as spoken: a talk says them and does not show them."""
    return (replace(each, visibility="spoken") if each.visibility == "seen" else each for each in texts)


def _alt_text(alt: str, at: Location) -> Iterator[_NodeText]:
    """Yield the alt text of a drawing or picture, which is hidden."""
    return (replace(each, visibility="hidden") for each in texts_of(alt, at, "alt"))


def _contact_texts(contact: nodes.Contact, need: str, note: str) -> Iterator[_NodeText]:
    """Yield the words of one contact; a need and a note that several share are given once."""
    yield from texts_of((need, contact.name), contact.at, "contact")
    yield from texts_of(contact.number, contact.at, "phone")
    yield from texts_of(contact.how, contact.at, "contact")
    yield from texts_of(note, contact.at, "label")


def words_of(node: TextNode) -> Iterator[str]:
    """Yield what a reader reads of `node`, in reading order: not alt texts, notes, addresses or given numbers."""
    for each in texts_of(node):
        if each.visibility != "hidden" and each.place != "notes" and each.role not in ("number", "address"):
            yield each.text


def chart_rows(chart: nodes.Chart) -> tuple[tuple[str, ...], ...]:
    """Return the words in the drawing of a chart: what its rows and series are, then each row with its amounts."""
    rows = ((row.label, *(amount_words(amount, chart.unit) for amount in row.amounts)) for row in chart.rows)
    return ((chart.rows_name, *chart.series), *rows)


def amount_words(amount: nodes.Amount, unit: str) -> str:
    """Return a number with its unit: a word after a space, a sign such as % as it was written."""
    return f"{amount.text}{unit_words(unit)}"


def unit_words(unit: str) -> str:
    """Return a unit as it follows a number."""
    return f" {unit}" if unit[:1].isalnum() else unit


def dump(node: Any, depth: int = 0) -> str:
    """Return `node` as indented text, a line a node, with every field but the place; a tuple in a tuple is a dash."""
    indent = "  " * depth
    if isinstance(node, tuple):
        return "".join(
            f"{indent}-\n{dump(child, depth + 1)}" if isinstance(child, tuple) else dump(child, depth) for child in node
        )
    if not isinstance(node, Struct):
        return f"{indent}{_dumped_value(node)}\n"
    simple, nested = [], []
    for name in node.__struct_fields__:
        value = getattr(node, name)
        if name == "at" or value in ("", (), None):
            continue
        if isinstance(value, _HOLDER_TYPES):
            nested.append(f"{indent}  .{name}\n{dump(value, depth + 2)}")
        else:
            simple.append(f" {name}={_dumped_value(value)}")
    return f"{indent}{type(node).__name__}{''.join(simple)}\n{''.join(nested)}"


def fingerprint(value: object) -> bytes:
    """Return a hash of `value` and all that it holds, with locations, so that equal nodes in other places differ."""
    return hashlib.sha256(msgpack.encode(value)).digest()


def _dumped_value(value: object) -> str:
    """Return a value as `dump` shows it: bytes by their length and a hash."""
    if isinstance(value, bytes):
        return f"<{len(value)} bytes {hashlib.sha256(value).hexdigest()[:16]}>"
    return repr(value)
