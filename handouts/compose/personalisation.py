"""Put the provider who hands a document out into it: the service, or the recipient of a copy.

Replaces the sender on the cover, the provider's own contacts and the number in the crisis box, and leaves
every other node the same object, so that work done on those nodes can be reused.
"""

from __future__ import annotations

import re
from typing import TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import (
    Contact,
    Contacts,
    Cover,
    Crisis,
    CrisisLine,
    Document,
    FixedWords,
    Picture,
    Sender,
    Slide,
    Text,
)
from handouts.service import Provider

# The fields of nodes in which blocks stand; nothing else of a document holds whom to call.
BLOCK_FIELDS = ("blocks", "items", "branches", "notes")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]) (?=[0-9])")
_PHONE_NUMBER, _NUMBER_DIVIDERS = re.compile(r"\+?[0-9][0-9 \u00a0().-]*"), re.compile(r"[ \u00a0().-]")
_NO_BREAK = "\u00a0"

Node = TypeVar("Node")


class _ProviderDetails(Struct, frozen=True):
    """What is printed of whoever hands the material out: on the cover, among the contacts, in the crisis box."""

    sender: Sender | None
    contacts: tuple[Contact, ...]
    number: str


def personalise_document(document: Document, provider: Provider, words: FixedWords) -> Document:
    """Return `document` as it is when `provider` hands it out; what is empty is not printed."""
    number = unbreakable_number(provider.phone)
    address = _ProviderDetails(_sender_of(provider, words), provider_contacts(provider, words), number)
    return replace(
        document,
        crisis=_personalise_crisis(document.crisis, address),
        blocks=_personalise_node(document.blocks, address),
        slides=_personalise_node(document.slides, address),
    )


def _sender_of(provider: Provider, words: FixedWords) -> Sender | None:
    """Return what a cover says of whom it is from, or None if nothing is known of them."""
    name, at = provider.name, provider.at
    alt = words.say("logo_of", name=name) if name else words.say("logo")
    logo = Picture(provider.logo, alt, at=at) if provider.logo else None
    content = (Text(words.say("sender", name=name), at=at),) if name else ()
    return Sender(content, logo, at=at) if content or logo else None


def provider_contacts(provider: Provider, words: FixedWords) -> tuple[Contact, ...]:
    """Return whom to call near the reader: the provider, or a line to write on, and then each further line."""
    need, at = words.say("need_local"), provider.at
    said = [each for each in (provider.hours, provider.address) if each]
    how = words.say("local_how", hours=said[0], address=said[1]) if len(said) > 1 else "".join(said)
    own = Contact(
        need,
        provider.name or words.say("local"),
        unbreakable_number(provider.phone),
        with_unbreakable_numbers(how),
        own=True,
        at=at,
    )
    return (
        own,
        *(Contact(need, line.name, unbreakable_number(line.number), own=True, at=at) for line in provider.lines),
    )


def unbreakable_number(number: str) -> str:
    """Return a number that no line break parts."""
    return number.replace(" ", _NO_BREAK)


def with_unbreakable_numbers(text: str) -> str:
    """Return a text in which no line break parts a number."""
    return _BETWEEN_DIGITS.sub(_NO_BREAK, text)


# ---------------------------------------------------------------- where it stands


def _personalise_node(node: Node, address: _ProviderDetails) -> Node:
    """Return `node` with the address where it belongs; the same node if it belongs nowhere in it."""
    changed: object = node
    match node:
        case tuple():
            inside = tuple([_personalise_node(each, address) for each in node])
            changed = inside if any(new is not old for new, old in zip(inside, node, strict=True)) else node
        case Contacts():
            changed = _personalise_contacts(node, address)
        case Cover() if not node.alone:
            changed = replace(node, sender=address.sender)
        case Slide():
            whole = _personalise_fields(node, address)
            changed = replace(whole, sender=address.sender) if node.kind == "title" else whole
        case _:
            changed = _personalise_fields(node, address)
    return cast(Node, changed)


def _personalise_fields(node: Node, address: _ProviderDetails) -> Node:
    """Return `node` with the address in the blocks that it holds."""
    changes = {}
    for name in BLOCK_FIELDS:
        inside = getattr(node, name, ())
        made = _personalise_node(inside, address)
        if made is not inside:
            changes[name] = made
    return replace(node, **changes) if changes else node  # type: ignore[type-var]


def _personalise_contacts(contacts: Contacts, address: _ProviderDetails) -> Contacts:
    """Return a list of contacts with the own ones where those stood that were there before."""
    others = tuple(contact for contact in contacts.contacts if not contact.own)
    if len(others) == len(contacts.contacts):
        return contacts
    first = next(index for index, contact in enumerate(contacts.contacts) if contact.own)
    return replace(contacts, contacts=(*others[:first], *address.contacts, *others[first:]))


def _personalise_crisis(crisis: Crisis, address: _ProviderDetails) -> Crisis:
    """Return the crisis box with the own number."""
    return replace(
        crisis,
        columns=tuple(
            replace(column, lines=tuple(_personalise_crisis_line(line, address) for line in column.lines))
            for column in crisis.columns
        ),
    )


def _personalise_crisis_line(line: CrisisLine, address: _ProviderDetails) -> CrisisLine:
    """Return a line of the crisis box, with the own number if it is the own line."""
    return replace(line, number=address.number, target=phone_link(address.number)) if line.own else line


def phone_link(number: str) -> str:
    """Return the address that calls a number, "" if it holds more than a number."""
    return f"tel:{_NUMBER_DIVIDERS.sub('', number)}" if _PHONE_NUMBER.fullmatch(number) else ""
