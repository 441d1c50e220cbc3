"""A source as the list of sources prints it: "Foxhall M, Hamilton-Giachritsis C, Button K. Title. Br J Clin Psychol.
2019;58(3):289-326."

References in, entries of the list out. Nothing is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from handouts.document import Source, Text, Words
from handouts.library import Reference

MOST_AUTHORS, PAIR = 3, 2
ORDINAL = re.compile(r"^(?P<edition>[0-9]+(?:st|nd|rd|th))(?P<rest>.*)$")


def list_sources(
    numbers: Mapping[str, int], references: Mapping[str, Reference], words: Words, *, short: bool = False
) -> tuple[Source, ...]:
    """Return the entries of the list of sources, or of the `short` one, by number."""
    say = short_reference if short else printed_reference
    return tuple(
        Source(number, key, (Text(say(references[key], words)),), references[key].target)
        for key, number in numbers.items()
        if key in references
    )


def printed_reference(reference: Reference, words: Words) -> str:
    """Return one source as it is printed."""
    pieces = [authors(reference, words)]
    if reference.kind == "legal_case":
        case = " ".join(part for part in (reference.volume, reference.container, reference.pages) if part)
        pieces.append(f"{', '.join(part for part in (reference.title, case) if part)} ({reference.year})")
    else:
        pieces.append(title(reference, words))
        pieces.append(reference.container)
        pieces.append(issue(reference) if reference.volume else publication(reference))
    return " ".join(sentence(piece) for piece in pieces if piece)


def short_reference(reference: Reference, words: Words) -> str:
    """Return one source in a few words: "De Smet et al. 2015"; one without authors by its title."""
    names = reference.families
    if len(names) > PAIR or (names and reference.more):
        who = f"{names[0]} {words.say('et_al')}"
    elif len(names) == PAIR:
        who = words.say("two_authors", one=names[0], two=names[1])
    else:
        who = names[0] if names else reference.title
    return f"{who} {reference.year}".strip()


def sentence(piece: str) -> str:
    """Return `piece` with a full stop, unless it ends with a sign that ends a sentence."""
    return piece if piece.endswith((".", "?", "!")) else f"{piece}."


def authors(reference: Reference, words: Words) -> str:
    """Return the first three authors, and that there are more."""
    names = list(reference.authors[:MOST_AUTHORS])
    if names and (reference.more or len(reference.authors) > MOST_AUTHORS):
        names.append(words.say("et_al"))
    return ", ".join(names)


def title(reference: Reference, words: Words) -> str:
    """Return the title, with the edition and the number of a report."""
    found = ORDINAL.match(reference.edition)
    edition = words.say("edition", edition=found["edition"]) + found["rest"] if found else reference.edition
    whole = ", ".join(part for part in (reference.title, edition) if part)
    report = " ".join(part for part in (reference.genre, reference.number) if part)
    return f"{sentence(whole)} {report}" if report else whole


def issue(reference: Reference) -> str:
    """Return year, volume, issue and pages of an article."""
    number = f"({reference.issue})" if reference.issue else ""
    pages = f":{reference.pages}" if reference.pages else ""
    return f"{reference.year};{reference.volume}{number}{pages}"


def publication(reference: Reference) -> str:
    """Return place, publisher and year of what is no article; a publisher who is the author is not said twice."""
    publisher = "" if reference.publisher in reference.authors else reference.publisher
    where = ": ".join(part for part in (reference.town, publisher) if part)
    return "; ".join(part for part in (where, reference.year) if part)
