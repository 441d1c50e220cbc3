"""Whom a reader can call: the contacts and the crisis box of a country, and the provider who hands a document out.

Contacts of the library in; nodes of the Document out, each marked if it was not confirmed within a year. Today's
date is an argument. The provider is the service, or the recipient of a copy: `personalise_document` replaces the
sender on the cover, the provider's own contacts, the number in the crisis box and what is said of other formats, and
leaves every other node the same object, so that work done on those nodes can be reused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.closing_line import closing_line
from handouts.compose.phone_numbers import phone_link, unbreakable_number, with_unbreakable_numbers
from handouts.document.nodes import (
    Contact,
    Contacts,
    Cover,
    Crisis,
    CrisisColumn,
    CrisisLine,
    Document,
    FixedWords,
    Labelled,
    Picture,
    Sender,
    Slide,
    Text,
)
from handouts.finding import NOWHERE, Finding, HandoutError, Location, warning
from handouts.library import ANY_COUNTRY, FEAR_NEEDS, ContactEntry, Library, Topic, crisis_question
from handouts.markdown.attributes import Word
from handouts.markdown.document_inlines import ON_EVERY_LIST
from handouts.service import Provider, Service, unknown_country_error

_DANGER = "danger"
_YEARS_VALID = 1
_UNNAMED_SERVICE = Service()  # whom a document is from is said when it is addressed


class ContactSet(Struct, frozen=True):
    """The contacts, each with the names it is asked for by, the crisis box, and whether all were confirmed lately.

    They are those of `country`, "" if none is set.
    """

    contacts: tuple[tuple[frozenset[str], Contact], ...]
    crisis: Crisis
    confirmed: bool
    findings: tuple[Finding, ...]
    country: str = ""


def find_contacts(
    library: Library, topic: Topic, audience: str, words: FixedWords, country: str, today: date | None
) -> ContactSet:
    """Return whom an audience of a topic can call in a country, or in the service's.

    HandoutError if the country is not there.
    """
    code = country or library.service.country
    if code and code not in library.countries:
        raise HandoutError(unknown_country_error(code, library.countries))
    findings = []
    if not code:
        hint = f"set country in service.yaml, or give --country: {', '.join(library.countries)}"
        message = "No country is set: emergency numbers of several countries are printed."
        findings.append(warning("no-country", message, library.service.country_at, hint))
    entries = tuple(entry for entry in library.contacts[code or ANY_COUNTRY] if entry.is_for(audience, topic.name))
    findings.extend(_expiry_warning(entry) for entry in entries if _is_expired(entry, today))
    needs = topic.crisis_needs(audience)
    named = {word.text for word in needs}
    urgent = tuple(entry for entry in entries if entry.crisis and entry.need in named)
    findings.extend(_unanswered_needs(needs, urgent, words, code, topic.at))
    apart = frozenset() if named & FEAR_NEEDS else FEAR_NEEDS
    contacts = tuple(
        (_asked_names(entry, apart, urgent=entry in urgent), _printed_contact(entry, words, today)) for entry in entries
    )
    own = frozenset({"local", ON_EVERY_LIST})
    return ContactSet(
        contacts=(*contacts, *((own, contact) for contact in _provider_contacts(_UNNAMED_SERVICE, words))),
        crisis=_build_crisis_box(needs, urgent, words),
        confirmed=all(entry.confirmed_on and not _is_expired(entry, today) for entry in entries),
        findings=tuple(findings),
        country=code,
    )


def _asked_names(entry: ContactEntry, apart: frozenset[str], *, urgent: bool) -> frozenset[str]:
    """Return the names that a contact is asked for by; one of the needs `apart` is listed if it names the topic."""
    listed = entry.need not in apart or entry.topics
    return frozenset({entry.need, *(["crisis"] if urgent else []), *([ON_EVERY_LIST] if listed else [])})


def _unanswered_needs(
    needs: Sequence[Word], urgent: Sequence[ContactEntry], words: FixedWords, country: str, at: Location
) -> Iterator[Finding]:
    """Yield a warning for each question of the crisis box that has no number in a country."""
    asked = {crisis_question(entry.need, words) for entry in urgent}
    where = f"{country or ANY_COUNTRY}.yaml"
    for word in needs:
        if crisis_question(word.text, words) not in asked:
            message = f"The crisis box has no number for '{word.text}': {where} has none."
            hint = f"add a contact with need: {word.text}, crisis: true and label: to content/contacts/{where}"
            yield warning("unanswered-need", message, word.at if word.at != NOWHERE else at, hint)


def _is_expired(entry: ContactEntry, today: date | None) -> bool:
    """True if a contact was confirmed a year ago or earlier."""
    return bool(entry.confirmed_on) and today is not None and today.isoformat() >= expiry_day(entry)


def expiry_day(entry: ContactEntry) -> str:
    """Return the day (YYYY-MM-DD) from which on a contact that was confirmed is old: a year later."""
    confirmed = date.fromisoformat(entry.confirmed_on)
    try:
        return confirmed.replace(year=confirmed.year + _YEARS_VALID).isoformat()
    except ValueError:  # the 29th of February
        return date(confirmed.year + _YEARS_VALID, 3, 1).isoformat()


def _expiry_warning(entry: ContactEntry) -> Finding:
    """Return the warning for a contact that was confirmed too long ago."""
    message = f"'{entry.name}' was confirmed on {entry.confirmed_on}, a year ago or earlier."
    return warning("contact-expired", message, entry.at, "ask the operator, and write today's date at confirmed_on")


def _printed_contact(entry: ContactEntry, words: FixedWords, today: date | None) -> Contact:
    """Return one contact as it is printed."""
    note = "not_confirmed" if not entry.confirmed_on else "confirmed_long_ago" if _is_expired(entry, today) else ""
    return Contact(
        need=words.say(f"need_{entry.need}"),
        name=entry.name,
        number=unbreakable_number(entry.number),
        how=with_unbreakable_numbers(entry.how),
        note=words.say(note) if note else "",
        target=entry.target,
        at=entry.at,
    )


# ---------------------------------------------------------------- the crisis box


def _build_crisis_box(needs: Sequence[Word], urgent: Sequence[ContactEntry], words: FixedWords) -> Crisis:
    """Return what stands at the foot of every page and slide: a column for each question, danger before all others."""
    columns = []
    danger = crisis_question(_DANGER, words)
    for question in dict.fromkeys((danger, *(crisis_question(word.text, words) for word in needs))):
        lines = [
            CrisisLine(entry.label, unbreakable_number(entry.number), target=entry.target)
            for entry in urgent
            if crisis_question(entry.need, words) == question
        ]
        if question == danger:
            lines.append(CrisisLine(words.say("local"), own=True))
        if lines:
            columns.append(CrisisColumn(words.say(question), tuple(lines)))
    return Crisis(tuple(columns), _crisis_row(urgent, words))


def _crisis_row(urgent: Sequence[ContactEntry], words: FixedWords) -> tuple[CrisisLine, ...]:
    """Return the crisis lines for one row; the first asks whether there is danger, and none is there twice."""
    lines = list(dict.fromkeys(CrisisLine(entry.label, unbreakable_number(entry.number)) for entry in urgent))
    if lines and urgent[0].need == _DANGER:
        lines[0] = CrisisLine(words.say("crisis_short", label=lines[0].label), lines[0].number)
    return tuple(lines)


# ---------------------------------------------------------------- the provider


# The fields of nodes in which blocks stand; nothing else of a document holds whom to call.
BLOCK_FIELDS = ("blocks", "items", "branches", "notes")

Node = TypeVar("Node")


class _ProviderDetails(Struct, frozen=True):
    """What is printed of whoever hands the material out: on the cover, among the contacts, in the crisis box."""

    sender: Sender | None
    contacts: tuple[Contact, ...]
    number: str


def personalise_document(document: Document, provider: Provider, words: FixedWords) -> Document:
    """Return `document` as it is when `provider` hands it out; what is empty is not printed."""
    number = unbreakable_number(provider.phone)
    address = _ProviderDetails(_sender_of(provider, words), _provider_contacts(provider, words), number)
    text = document.blocks
    if text and isinstance(text[-1], Labelled) and text[-1].own:
        text = text[:-1]
    return replace(
        document,
        crisis=_personalise_crisis(document.crisis, address),
        blocks=_personalise_node(text, address) + closing_line(document, provider),
        slides=_personalise_node(document.slides, address),
    )


def _sender_of(provider: Provider, words: FixedWords) -> Sender | None:
    """Return what a cover says of whom it is from, or None if nothing is known of them."""
    name, at = provider.name, provider.at
    alt = words.say("logo_of", name=name) if name else words.say("logo")
    logo = Picture(provider.logo, alt, at=at) if provider.logo else None
    content = (Text(words.say("sender", name=name), at=at),) if name else ()
    return Sender(content, logo, at=at) if content or logo else None


def _provider_contacts(provider: Provider, words: FixedWords) -> tuple[Contact, ...]:
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
    more = (Contact(need, line.name, unbreakable_number(line.number), own=True, at=at) for line in provider.lines)
    return (own, *more)


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
