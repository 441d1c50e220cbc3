"""Find phone numbers in a text that do not work in the country for which a handout is made.

The files of content/contacts say which number belongs to which country. A short one, such as 999, counts only after a
word such as “call”. Takes a checked document; yields faults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from handouts.check.rules import CheckedDocument, Fault, Passage, Rule, error_rule
from handouts.check.wording import VERBATIM_ROLES
from handouts.finding import Severity
from handouts.library import ANY_COUNTRY, ContactEntry, Library

_GRAVE_NEEDS = ("danger", "suicide")  # who calls a wrong number then may not call another one
_SHORTEST_PLAIN = 6  # digits of a number that needs no word before it to be one
_MOST_WORDS = 4  # between the word “call” and a short number
_NUMBER = re.compile(r"\d(?:[\s().-]{0,2}\d)*")
_DIVIDERS = re.compile(r"\D")
_DIVIDER = r"[\s().-]{0,2}"  # what may stand between two digits of a number
_COUNTRY_CODE = re.compile(r"\b[A-Z]{2}\b")
_SENTENCE_END = re.compile(r"[.!?]\s")


def _find_foreign_numbers(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each number in the text that is a contact of another country and not of the chosen one."""
    if not any(map(str.isdigit, "".join(passage.text for passage in checked.passages))):
        return
    owners = _numbers_by_country(checked.selection.library)
    known = _known_numbers(checked, owners)
    foreign = {digits: by for digits, by in owners.items() if digits not in known}
    if not foreign:
        return
    # A number may not be part of a longer one, of a year, or of a share.
    choices = "|".join(_DIVIDER.join(digits) for digits in sorted(foreign, key=lambda digits: (-len(digits), digits)))
    search = re.compile(rf"(?<![\w.,/+-])(?<!\d[ \u00a0])(?:{choices})(?![\w%/]|[.,-]\d|[ \u00a0][\d%])")
    for passage in checked.passages:
        if passage.place == "crisis" or passage.role in VERBATIM_ROLES:
            continue
        for found in search.finditer(passage.text):
            digits = _DIVIDERS.sub("", found[0])
            if len(digits) >= _SHORTEST_PLAIN or _is_called(passage, found.start(), checked):
                yield _fault_of(found, foreign[digits], passage, checked)


def _numbers_by_country(library: Library) -> Mapping[str, Mapping[str, ContactEntry]]:
    """Return for each number of a contact, in digits, the countries that have it, each with the contact.

    A contact of the list for no country belongs to the countries whose codes its label names, such as “UK, EU”.
    """
    numbers: dict[str, dict[str, ContactEntry]] = {}
    for code in (*library.countries, ANY_COUNTRY):
        for entry in library.contacts.get(code, ()):
            named = _COUNTRY_CODE.findall(entry.label) if code == ANY_COUNTRY else [code]
            for digits in _digits_in(entry.number):
                for country in named:
                    numbers.setdefault(digits, {}).setdefault(country, entry)
    return {digits: by for digits, by in numbers.items() if len(by) < len(library.countries)}


def _known_numbers(checked: CheckedDocument, owners: Mapping[str, Mapping[str, ContactEntry]]) -> frozenset[str]:
    """Return the numbers that work in the chosen country: all that its contacts and the service name."""
    library = checked.selection.library
    service = library.service
    texts = [service.phone, *(line.number for line in service.lines)]
    if checked.country:
        for entry in library.contacts[checked.country]:
            texts.extend((entry.number, entry.how, entry.target))
        texts.extend(digits for digits, by in owners.items() if checked.country in by)
    return frozenset(digits for text in texts for digits in _digits_in(text))


def _digits_in(text: str) -> Iterator[str]:
    """Yield the digits of each number in a text that has at least three."""
    for found in _NUMBER.findall(text):
        digits = _DIVIDERS.sub("", found)
        if len(digits) > 2:
            yield digits


def _is_called(passage: Passage, start: int, checked: CheckedDocument) -> bool:
    """True if a word such as “call” stands shortly before the number at `start`, in its sentence."""
    before = _SENTENCE_END.split(passage.text[:start])[-1]
    near = " ".join(before.split()[-_MOST_WORDS - 1 :]).casefold()
    words = checked.selection.words.say("call_words").split("|")
    return any(re.search(rf"\b{re.escape(each.strip())}\b", near) for each in words)


def _fault_of(
    found: re.Match[str], owners: Mapping[str, ContactEntry], passage: Passage, checked: CheckedDocument
) -> Fault:
    """Return the fault for a number of other countries; it is an error only if the number is for people in danger."""
    *others, last = owners
    number, countries = " ".join(found[0].split()), f"{', '.join(others)} and {last}" if others else last
    grave = next((each for each in owners.values() if each.need in _GRAVE_NEEDS), None)
    entry = grave or next(iter(owners.values()))
    need = entry.need
    if checked.country:
        message = f"{number} is “{entry.name}” in {countries}; no contact in {checked.country} has this number."
    else:
        message = f"{number} is “{entry.name}” in {countries} alone, and no country is set."
    answered = {word.text for word in checked.selection.topic.crisis_needs(checked.selection.audience.name)}
    foot = "write “the number at the foot of this page”, or list" if need in answered else "list"
    hint = f'{foot} those of each country: ::: {{.contacts needs="{need}"}}'
    severity = None if grave and checked.country else Severity.WARNING
    return Fault(message, checked.place(passage, *found.span()), hint, severity)


RULES: tuple[Rule, ...] = (
    error_rule("foreign-number", "A number of another country reaches nobody.", _find_foreign_numbers),
)
