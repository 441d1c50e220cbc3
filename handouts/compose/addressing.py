"""Whom a document is from: the one place where a service, or the recipient of a copy, gets into it.

`address_document` is pure and quick: it replaces the nodes in which whoever hands the material out is named, and leaves
all others as they are, so that what was made of them can be used again. To address a document anew is to compose it
for somebody else.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import (
    Contact,
    Contacts,
    Cover,
    Crisis,
    CrisisLine,
    Document,
    Picture,
    Sender,
    Slide,
    Text,
    Words,
)
from handouts.service import Provider

# The fields of nodes in which blocks stand; nothing else of a document holds whom to call.
NESTED = ("blocks", "items", "branches", "notes")
BETWEEN_DIGITS = re.compile(r"(?<=[0-9]) (?=[0-9])")
NUMBER, DIVIDERS = re.compile(r"\+?[0-9][0-9 \u00a0().-]*"), re.compile(r"[ \u00a0().-]")
NO_BREAK = "\u00a0"

Node = TypeVar("Node")


class Address(Struct, frozen=True):
    """What is printed of whoever hands the material out: on the cover, among the contacts, in the crisis box."""

    sender: Sender | None
    contacts: tuple[Contact, ...]
    number: str


def address_document(document: Document, provider: Provider, words: Words) -> Document:
    """Return `document` as it is when `provider` hands it out; what is empty is not printed."""
    address = address_of(provider, words)
    return replace(
        document,
        crisis=addressed_crisis(document.crisis, address),
        blocks=addressed(document.blocks, address),
        slides=addressed(document.slides, address),
    )


def address_of(provider: Provider, words: Words) -> Address:
    """Return what is printed of `provider`."""
    return Address(sender_of(provider, words), own_contacts(provider, words), unbroken(provider.phone))


def sender_of(provider: Provider, words: Words) -> Sender | None:
    """Return what a cover says of whom it is from, or None if nothing is known of them."""
    name, at = provider.name, provider.at
    alt = words.say("logo_of", name=name) if name else words.say("logo")
    logo = Picture(provider.logo, alt, at=at) if provider.logo else None
    content = (Text(words.say("sender", name=name), at=at),) if name else ()
    return Sender(content, logo, at=at) if content or logo else None


def own_contacts(provider: Provider, words: Words) -> tuple[Contact, ...]:
    """Return whom to call near the reader: the provider, or a line to write on, and then each further line."""
    need, at = words.say("need_local"), provider.at
    said = [each for each in (provider.hours, provider.address) if each]
    how = words.say("local_how", hours=said[0], address=said[1]) if len(said) > 1 else "".join(said)
    own = Contact(
        need, provider.name or words.say("local"), unbroken(provider.phone), whole_numbers(how), own=True, at=at
    )
    return (own, *(Contact(need, line.name, unbroken(line.number), own=True, at=at) for line in provider.lines))


def unbroken(number: str) -> str:
    """Return a number that no line break parts."""
    return number.replace(" ", NO_BREAK)


def whole_numbers(text: str) -> str:
    """Return a text in which no line break parts a number."""
    return BETWEEN_DIGITS.sub(NO_BREAK, text)


# ---------------------------------------------------------------- where it stands


def addressed(node: Node, address: Address) -> Node:
    """Return `node` with the address where it belongs; the same node if it belongs nowhere in it."""
    changed: object = node
    match node:
        case tuple():
            inside = tuple([addressed(each, address) for each in node])
            changed = inside if any(new is not old for new, old in zip(inside, node, strict=True)) else node
        case Contacts():
            changed = addressed_contacts(node, address)
        case Cover() if not node.alone:
            changed = replace(node, sender=address.sender)
        case Slide():
            whole = addressed_inside(node, address)
            changed = replace(whole, sender=address.sender) if node.kind == "title" else whole
        case _:
            changed = addressed_inside(node, address)
    return cast(Node, changed)


def addressed_inside(node: Node, address: Address) -> Node:
    """Return `node` with the address in the blocks that it holds."""
    changes = {}
    kind: Any = type(node)
    for name in nested_in(kind):
        inside = getattr(node, name)
        made = addressed(inside, address)
        if made is not inside:
            changes[name] = made
    return replace(node, **changes) if changes else node  # type: ignore[type-var]


@lru_cache(maxsize=128)
def nested_in(kind: type[object]) -> tuple[str, ...]:
    """Return the fields of a kind of node in which blocks stand."""
    return tuple(name for name in NESTED if hasattr(kind, name))


def addressed_contacts(contacts: Contacts, address: Address) -> Contacts:
    """Return a list of contacts with the own ones where those stood that were there before."""
    others = tuple(contact for contact in contacts.contacts if not contact.own)
    if len(others) == len(contacts.contacts):
        return contacts
    first = next(index for index, contact in enumerate(contacts.contacts) if contact.own)
    return replace(contacts, contacts=(*others[:first], *address.contacts, *others[first:]))


def addressed_crisis(crisis: Crisis, address: Address) -> Crisis:
    """Return the crisis box with the own number."""
    return replace(
        crisis,
        columns=tuple(
            replace(column, lines=tuple(addressed_line(line, address) for line in column.lines))
            for column in crisis.columns
        ),
    )


def addressed_line(line: CrisisLine, address: Address) -> CrisisLine:
    """Return a line of the crisis box, with the own number if it is the own line."""
    return replace(line, number=address.number, target=target_of(address.number)) if line.own else line


def target_of(number: str) -> str:
    """Return the address that calls a number, "" if it holds more than a number."""
    return f"tel:{DIVIDERS.sub('', number)}" if NUMBER.fullmatch(number) else ""
