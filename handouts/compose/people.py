"""Whom to call, and what a page says of itself: contacts of a country, the crisis box, the foot, the draft mark.

Contacts of the library in; nodes of the Document out, each saying if nobody has confirmed it lately. Today's date is
an argument.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from handouts.compose.addressing import own_contacts, unbroken, whole_numbers
from handouts.document import Contact, Crisis, CrisisColumn, CrisisLine, Words
from handouts.finding import Finding, HandoutError, warning
from handouts.library import ANY_COUNTRY, Audience, ContactEntry, Library, Topic
from handouts.service import Service, unknown_country

# The columns of the crisis box: the words that head each one, and the needs in it.
COLUMNS = (("crisis_danger", ("danger",)), ("crisis_suicide", ("suicide",)), ("crisis_abuse", ("abuse", "stalking")))
YEARS_VALID = 1
NOBODY = Service()  # whom a document is from is said when it is addressed


class People(Struct, frozen=True):
    """The contacts, each with the names it is asked for by, the crisis box, and whether all were confirmed lately."""

    contacts: tuple[tuple[frozenset[str], Contact], ...]
    crisis: Crisis
    confirmed: bool
    findings: tuple[Finding, ...]


def find_people(library: Library, audience: Audience, words: Words, country: str, today: date | None) -> People:
    """Return whom an audience can call in a country, or in the service's. HandoutError if the country is not there."""
    code = country or library.service.country
    if code and code not in library.countries:
        raise HandoutError(unknown_country(code, library.countries))
    findings = []
    if not code:
        hint = f"set country in service.yaml, or give --country: {', '.join(library.countries)}"
        message = "No country is set: emergency numbers of several countries are printed."
        findings.append(warning("no-country", message, library.service.country_at, hint))
    entries = tuple(entry for entry in library.contacts[code or ANY_COUNTRY] if entry.is_for(audience.name))
    findings.extend(expiry_of(entry) for entry in entries if is_old(entry, today))
    contacts = tuple((needs_of(entry), contact_of(entry, words, today)) for entry in entries)
    return People(
        contacts=(*contacts, *((frozenset({"local"}), own) for own in own_contacts(NOBODY, words))),
        crisis=crisis_of(entries, words),
        confirmed=all(entry.confirmed_on and not is_old(entry, today) for entry in entries),
        findings=tuple(findings),
    )


def needs_of(entry: ContactEntry) -> frozenset[str]:
    """Return the names under which a contact is asked for: its need, and "crisis" if it is in the crisis box."""
    return frozenset({entry.need, "crisis"} if entry.crisis else {entry.need})


def is_old(entry: ContactEntry, today: date | None) -> bool:
    """True if a contact was confirmed a year ago or earlier."""
    return bool(entry.confirmed_on) and today is not None and today.isoformat() >= expiry_day(entry)


def expiry_day(entry: ContactEntry) -> str:
    """Return the day (YYYY-MM-DD) from which on a contact that was confirmed is old: a year later."""
    confirmed = date.fromisoformat(entry.confirmed_on)
    try:
        return confirmed.replace(year=confirmed.year + YEARS_VALID).isoformat()
    except ValueError:  # the 29th of February
        return date(confirmed.year + YEARS_VALID, 3, 1).isoformat()


def expiry_of(entry: ContactEntry) -> Finding:
    """Return the warning for a contact that was confirmed too long ago."""
    message = f"'{entry.name}' was confirmed on {entry.confirmed_on}, a year ago or earlier."
    return warning("contact-expired", message, entry.at, "ask the operator, and write today's date at confirmed_on")


def contact_of(entry: ContactEntry, words: Words, today: date | None) -> Contact:
    """Return one contact as it is printed."""
    note = "not_confirmed" if not entry.confirmed_on else "confirmed_long_ago" if is_old(entry, today) else ""
    return Contact(
        need=words.say(f"need_{entry.need}"),
        name=entry.name,
        number=unbroken(entry.number),
        how=whole_numbers(entry.how),
        note=words.say(note) if note else "",
        target=entry.target,
        at=entry.at,
    )


# ---------------------------------------------------------------- the crisis box


def crisis_of(entries: tuple[ContactEntry, ...], words: Words) -> Crisis:
    """Return what stands at the foot of every page and slide."""
    urgent = [entry for entry in entries if entry.crisis]
    columns = []
    for question, needs in COLUMNS:
        lines = [
            CrisisLine(entry.label, unbroken(entry.number), target=entry.target)
            for entry in urgent
            if entry.need in needs
        ]
        if question == COLUMNS[0][0]:
            lines.append(CrisisLine(words.say("local"), own=True))
        if lines:
            columns.append(CrisisColumn(words.say(question), tuple(lines)))
    return Crisis(tuple(columns), short_lines(urgent, words))


def short_lines(urgent: list[ContactEntry], words: Words) -> tuple[CrisisLine, ...]:
    """Return the crisis lines for one row; the first asks whether there is danger, and none is there twice."""
    lines = list(dict.fromkeys(CrisisLine(entry.label, unbroken(entry.number)) for entry in urgent))
    if lines and urgent[0].need == "danger":
        lines[0] = CrisisLine(words.say("crisis_short", label=lines[0].label), lines[0].number)
    return tuple(lines)


# ---------------------------------------------------------------- the foot


def printed_date(day: str, words: Words) -> str:
    """Return a date as month and year, or "" if there is none."""
    if not day:
        return ""
    read = date.fromisoformat(day)
    return words.say("date", month=words.say(f"month_{read.month}"), year=read.year)


def draft_of(topic: Topic, words: Words, *, confirmed: bool) -> str:
    """Return the draft mark, or "" once the topic was reviewed and its contacts were confirmed."""
    return "" if topic.reviewed_by and confirmed else words.say("draft", version=topic.version)


def foot_of(topic: Topic, audience: Audience, words: Words, *, confirmed: bool) -> str:
    """Return what stands at the foot of every page: for whom it is, in what state, and of when."""
    return words.say("foot", label=audience.label, state=state_of(topic, words, confirmed))


def state_of(topic: Topic, words: Words, confirmed: bool) -> str:
    """Return in what state a topic is, and of when."""
    draft = draft_of(topic, words, confirmed=confirmed)
    reasons = [] if topic.reviewed_by else [words.say("not_reviewed")]
    reasons += [] if confirmed else [words.say("lines_not_confirmed")]
    if draft:
        state = words.say("draft_because", draft=draft, reasons=", ".join(reasons))
    else:
        state = words.say("reviewed", version=topic.version, date=printed_date(topic.reviewed_on, words))
    return words.say("state", state=state, date=printed_date(topic.published, words))


def review_of(topic: Topic, today: date | None) -> tuple[Finding, ...]:
    """Return a warning if the next review is due."""
    if today is None or not topic.next_review or date.fromisoformat(topic.next_review) > today:
        return ()
    message = f"The review of '{topic.name}' was due on {topic.next_review}."
    at = topic.place("next_review")
    return (warning("review-due", message, at, "review it, and write the date of the next review"),)
