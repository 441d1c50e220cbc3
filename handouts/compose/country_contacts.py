"""Build the contact list and the crisis box of a country.

Contacts of the library in; nodes of the Document out, each marked if it was not confirmed within a year.
Today's date is an argument.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from msgspec import Struct

from handouts.compose.personalisation import provider_contacts, unbreakable_number, with_unbreakable_numbers
from handouts.document.nodes import Contact, Crisis, CrisisColumn, CrisisLine, FixedWords
from handouts.finding import Finding, HandoutError, warning
from handouts.library import ANY_COUNTRY, Audience, ContactEntry, Library
from handouts.service import Service, unknown_country_error

# The columns of the crisis box: the words that head each one, and the needs in it.
_CRISIS_COLUMNS = (
    ("crisis_danger", ("danger",)),
    ("crisis_suicide", ("suicide",)),
    ("crisis_abuse", ("abuse", "stalking")),
)
_YEARS_VALID = 1
_UNNAMED_SERVICE = Service()  # whom a document is from is said when it is addressed


class ContactSet(Struct, frozen=True):
    """The contacts, each with the names it is asked for by, the crisis box, and whether all were confirmed lately."""

    contacts: tuple[tuple[frozenset[str], Contact], ...]
    crisis: Crisis
    confirmed: bool
    findings: tuple[Finding, ...]


def find_contacts(
    library: Library,
    audience: Audience,
    words: FixedWords,
    country: str,
    today: date | None,
    crisis_needs: Collection[str],
) -> ContactSet:
    """Return whom an audience can call in a country, or in the service's. HandoutError if the country is not there.

    The crisis box answers the `crisis_needs` alone.
    """
    code = country or library.service.country
    if code and code not in library.countries:
        raise HandoutError(unknown_country_error(code, library.countries))
    findings = []
    if not code:
        hint = f"set country in service.yaml, or give --country: {', '.join(library.countries)}"
        message = "No country is set: emergency numbers of several countries are printed."
        findings.append(warning("no-country", message, library.service.country_at, hint))
    entries = tuple(entry for entry in library.contacts[code or ANY_COUNTRY] if entry.is_for(audience.name))
    findings.extend(_expiry_warning(entry) for entry in entries if _is_expired(entry, today))
    urgent = tuple(entry for entry in entries if entry.crisis and entry.need in crisis_needs)
    contacts = tuple(
        (_contact_keys(entry, urgent=entry in urgent), _printed_contact(entry, words, today)) for entry in entries
    )
    return ContactSet(
        contacts=(*contacts, *((frozenset({"local"}), own) for own in provider_contacts(_UNNAMED_SERVICE, words))),
        crisis=_build_crisis_box(urgent, words),
        confirmed=all(entry.confirmed_on and not _is_expired(entry, today) for entry in entries),
        findings=tuple(findings),
    )


def _contact_keys(entry: ContactEntry, *, urgent: bool) -> frozenset[str]:
    """Return the names under which a contact is asked for: its need, and "crisis" if it is in the crisis box."""
    return frozenset({entry.need, "crisis"} if urgent else {entry.need})


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


def _build_crisis_box(urgent: Sequence[ContactEntry], words: FixedWords) -> Crisis:
    """Return what stands at the foot of every page and slide."""
    columns = []
    for question, needs in _CRISIS_COLUMNS:
        lines = [
            CrisisLine(entry.label, unbreakable_number(entry.number), target=entry.target)
            for entry in urgent
            if entry.need in needs
        ]
        if question == _CRISIS_COLUMNS[0][0]:
            lines.append(CrisisLine(words.say("local"), own=True))
        if lines:
            columns.append(CrisisColumn(words.say(question), tuple(lines)))
    return Crisis(tuple(columns), _crisis_row(urgent, words))


def _crisis_row(urgent: Sequence[ContactEntry], words: FixedWords) -> tuple[CrisisLine, ...]:
    """Return the crisis lines for one row; the first asks whether there is danger, and none is there twice."""
    lines = list(dict.fromkeys(CrisisLine(entry.label, unbreakable_number(entry.number)) for entry in urgent))
    if lines and urgent[0].need == "danger":
        lines[0] = CrisisLine(words.say("crisis_short", label=lines[0].label), lines[0].number)
    return tuple(lines)
