"""Find whom a reader can call: the contacts and the crisis box of a country.

Contacts of the library in; nodes of the Document out, each marked if it was not confirmed within a year. Today's
date is an argument.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from handouts.compose.provider import provider_contacts, unbreakable_number, with_unbreakable_numbers
from handouts.document.nodes import (
    Contact,
    Crisis,
    CrisisColumn,
    CrisisLine,
    FixedWords,
)
from handouts.finding import NOWHERE, Finding, HandoutError, Location, warning
from handouts.library import ANY_COUNTRY, FEAR_NEEDS, ContactEntry, Library, Topic, crisis_question
from handouts.markdown.attributes import Word
from handouts.markdown.document_inlines import ON_EVERY_LIST
from handouts.service import Service, unknown_country_error

_DANGER = "danger"
_YEARS_VALID = 1
_UNNAMED_SERVICE = Service()  # whom a document is from is said when it is addressed


class ContactSet(Struct, frozen=True):
    """The contacts of a country, each with the names by which lists ask for it, the crisis box, and findings.

    `confirmed` if all contacts were confirmed within a year. `country` is "" if none is set.
    """

    contacts: tuple[tuple[frozenset[str], Contact], ...]
    crisis: Crisis
    confirmed: bool
    findings: tuple[Finding, ...]
    country: str = ""


def find_contacts(
    library: Library, topic: Topic, audience: str, words: FixedWords, country: str, today: date | None
) -> ContactSet:
    """Return the contacts of an audience of a topic in a country, by default that of the service.

    HandoutError for an unknown country.
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
    for entry in (each for each in entries if _is_expired(each, today)):
        message = f"'{entry.name}' was confirmed on {entry.confirmed_on}, a year ago or earlier."
        hint = "ask the operator, and write today's date at confirmed_on"
        findings.append(warning("contact-expired", message, entry.at, hint))
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
        contacts=(*contacts, *((own, contact) for contact in provider_contacts(_UNNAMED_SERVICE, words))),
        crisis=_build_crisis_box(needs, urgent, words),
        confirmed=all(entry.confirmed_on and not _is_expired(entry, today) for entry in entries),
        findings=tuple(findings),
        country=code,
    )


def _asked_names(entry: ContactEntry, apart: frozenset[str], *, urgent: bool) -> frozenset[str]:
    """Return the names by which lists ask for a contact; one for a need `apart` is on all lists if it names topics."""
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
    """Return the day (YYYY-MM-DD) on which the confirmation of a contact expires: a year later."""
    confirmed = date.fromisoformat(entry.confirmed_on)
    try:
        return confirmed.replace(year=confirmed.year + _YEARS_VALID).isoformat()
    except ValueError:  # the 29th of February
        return date(confirmed.year + _YEARS_VALID, 3, 1).isoformat()


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
    """Return the foot of every page and slide: a column for each question, the one about danger first."""
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
    """Return the crisis lines for one row, none repeated; the first asks whether there is danger."""
    lines = list(dict.fromkeys(CrisisLine(entry.label, unbreakable_number(entry.number)) for entry in urgent))
    if lines and urgent[0].need == _DANGER:
        lines[0] = CrisisLine(words.say("crisis_short", label=lines[0].label), lines[0].number)
    return tuple(lines)
