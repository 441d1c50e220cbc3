"""Say who hands a document out: the sender, whom to call there, and the other formats in which the document exists.

The provider is the service, or the recipient of a copy. `personalise_document` replaces the sender on the cover, the
provider's contacts, the number in the crisis box and the closing line, and keeps every other node the same object, so
that work done on those nodes can be reused. A discreet handout leaves addresses out: they may name the condition, and a
page that was opened stays in the history of a phone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import nodes
from handouts.document.text import printed_address
from handouts.select import Selection
from handouts.service import Provider

_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]) (?=[0-9])")
_PHONE_NUMBER, _NUMBER_DIVIDERS = re.compile(r"\+?[0-9][0-9 \u00a0().-]*"), re.compile(r"[ \u00a0().-]")
_NO_BREAK = "\u00a0"


def unbreakable_number(number: str) -> str:
    """Return a phone number with no-break spaces."""
    return number.replace(" ", _NO_BREAK)


def with_unbreakable_numbers(text: str) -> str:
    """Return a text with a no-break space between digits."""
    return _BETWEEN_DIGITS.sub(_NO_BREAK, text)


def phone_link(number: str) -> str:
    """Return the tel: address of a number, or "" if the text is more than a number."""
    return f"tel:{_NUMBER_DIVIDERS.sub('', number)}" if _PHONE_NUMBER.fullmatch(number) else ""


# ---------------------------------------------------------------- who it is from


# The fields of nodes that hold blocks; contacts occur nowhere else in a document.
BLOCK_FIELDS = ("blocks", "items", "branches", "notes")

Node = TypeVar("Node")


class _ProviderDetails(Struct, frozen=True):
    """How a document names its provider: the sender on the cover, and the entries in lists of contacts."""

    sender: nodes.Sender | None
    contacts: tuple[nodes.Contact, ...]


def personalise_document(document: nodes.Document, provider: Provider, words: nodes.FixedWords) -> nodes.Document:
    """Return `document` as `provider` hands it out; empty details are not printed."""
    details = _ProviderDetails(_sender_of(provider, words), provider_contacts(provider, words))
    text = document.blocks
    if text and isinstance(text[-1], nodes.Labelled) and text[-1].own:
        text = text[:-1]
    return replace(
        document,
        crisis=_personalise_crisis(document.crisis, unbreakable_number(provider.phone)),
        blocks=_personalise_node(text, details) + closing_line(document, provider),
        slides=_personalise_node(document.slides, details),
    )


def _sender_of(provider: Provider, words: nodes.FixedWords) -> nodes.Sender | None:
    """Return the sender on a cover, or None if the provider has neither a name nor a logo."""
    name, at = provider.name, provider.at
    alt = words.say("logo_of", name=name) if name else words.say("logo")
    logo = nodes.Picture(provider.logo, alt, at=at) if provider.logo else None
    content = (nodes.Text(words.say("sender", name=name), at=at),) if name else ()
    return nodes.Sender(content, logo, at=at) if content or logo else None


def provider_contacts(provider: Provider, words: nodes.FixedWords) -> tuple[nodes.Contact, ...]:
    """Return the local contacts: the provider, or a line to write on, and then each further line of the provider."""
    need, at = words.say("need_local"), provider.at
    said = [each for each in (provider.hours, provider.address) if each]
    how = words.say("local_how", hours=said[0], address=said[1]) if len(said) > 1 else "".join(said)
    own = nodes.Contact(
        need,
        provider.name or words.say("local"),
        unbreakable_number(provider.phone),
        with_unbreakable_numbers(how),
        own=True,
        at=at,
    )
    more = (nodes.Contact(need, line.name, unbreakable_number(line.number), own=True, at=at) for line in provider.lines)
    return (own, *more)


def _personalise_node(node: Node, details: _ProviderDetails) -> Node:
    """Return `node` with the details of the provider; the same object if it shows none."""
    changed: object = node
    match node:
        case tuple():
            inside = tuple([_personalise_node(each, details) for each in node])
            changed = inside if any(new is not old for new, old in zip(inside, node, strict=True)) else node
        case nodes.Contacts():
            changed = _personalise_contacts(node, details)
        case nodes.Cover() if not node.alone:
            changed = replace(node, sender=details.sender)
        case nodes.Slide():
            whole = _personalise_fields(node, details)
            changed = replace(whole, sender=details.sender) if node.kind == "title" else whole
        case _:
            changed = _personalise_fields(node, details)
    return cast(Node, changed)


def _personalise_fields(node: Node, details: _ProviderDetails) -> Node:
    """Return `node` with the details of the provider in the blocks that it holds."""
    changes = {}
    for name in BLOCK_FIELDS:
        inside = getattr(node, name, ())
        made = _personalise_node(inside, details)
        if made is not inside:
            changes[name] = made
    return replace(node, **changes) if changes else node  # type: ignore[type-var]


def _personalise_contacts(contacts: nodes.Contacts, details: _ProviderDetails) -> nodes.Contacts:
    """Return a list of contacts with those of the provider in place of those of the provider before."""
    others = tuple(contact for contact in contacts.contacts if not contact.own)
    if len(others) == len(contacts.contacts):
        return contacts
    first = next(index for index, contact in enumerate(contacts.contacts) if contact.own)
    return replace(contacts, contacts=(*others[:first], *details.contacts, *others[first:]))


def _personalise_crisis(crisis: nodes.Crisis, number: str) -> nodes.Crisis:
    """Return the crisis box with the provider's `number` in the provider's line."""
    columns = []
    for column in crisis.columns:
        lines = (replace(each, number=number, target=phone_link(number)) if each.own else each for each in column.lines)
        columns.append(replace(column, lines=tuple(lines)))
    return replace(crisis, columns=tuple(columns))


# ---------------------------------------------------------------- the closing line: other formats, and the web


_LINK_MARK = "\ue000"  # in place of a link; no words contain it


def list_other_formats(selection: Selection) -> tuple[nodes.OtherFormat, ...]:
    """Return the other formats in which a reader can have the handout."""
    audience, language = selection.audience.name, selection.language
    entries = (each for each in selection.topic.other_formats if each.is_for(audience, language))
    return tuple(
        nodes.OtherFormat(selection.words.say(f"format_{each.name}"), each.address, at=each.at) for each in entries
    )


def without_addresses(formats: tuple[nodes.OtherFormat, ...] | None) -> tuple[nodes.OtherFormat, ...] | None:
    """Return the same formats without web addresses: readers have to ask for them."""
    return formats and tuple(replace(each, target="") for each in formats)


def closing_line(document: nodes.Document, provider: Provider) -> tuple[nodes.Labelled, ...]:
    """Return the block that names the other formats and the website of `provider`, or nothing if there are none."""
    if document.other_formats is None:
        return ()
    formats, web, words = document.other_formats, "" if document.discreet else provider.web, document.words
    if not (formats or web):
        return ()
    at = formats[0].at if formats else provider.at
    said = (*_said_formats(formats, words), *_whom_to_ask(formats, provider.phone, words)) if formats else ()
    block: nodes.Paragraph | nodes.QrCode = nodes.Paragraph(said, at=at)
    if web:
        there = _linked(words.say("formats_web", address=_shown(web)), web)
        block = nodes.QrCode(web, (*said, nodes.Text(" "), there) if said else (there,), small=True, at=at)
    return (nodes.Labelled((nodes.Text(words.say("other_formats")),), (block,), own=True, at=at),)


def _said_formats(formats: Sequence[nodes.OtherFormat], words: nodes.FixedWords) -> Iterator[nodes.Inline]:
    """Yield a sentence that lists the formats, each with its address if it has one."""
    before, after = words.say("formats_have", formats=_LINK_MARK).split(_LINK_MARK)
    yield nodes.Text(before)
    for index, each in enumerate(formats):
        if index:
            yield nodes.Text(", ")
        if each.target:
            yield _linked(words.say("formats_at", format=each.words, address=_shown(each.target)), each.target)
        else:
            yield nodes.Text(each.words)
    yield nodes.Text(after)


def _shown(target: str) -> str:
    """Return an address as it is printed: as short as can be typed."""
    return printed_address(target).rstrip("/")


def _linked(said: str, target: str) -> nodes.Link:
    """Return words that lead to an address."""
    return nodes.Link((nodes.Text(said),), target)


def _whom_to_ask(formats: Sequence[nodes.OtherFormat], phone: str, words: nodes.FixedWords) -> Iterator[nodes.Inline]:
    """Yield a sentence with the number to call; without a number, one if any of the formats has to be asked for."""
    number = unbreakable_number(phone)
    if number:
        before, after = words.say("formats_ask", number=_LINK_MARK).split(_LINK_MARK)
        target = phone_link(number)
        yield from (
            nodes.Text(f" {before}"),
            _linked(number, target) if target else nodes.Text(number),
            nodes.Text(after),
        )
    elif not all(each.target for each in formats):
        yield nodes.Text(f" {words.say('formats_ask_any')}")
