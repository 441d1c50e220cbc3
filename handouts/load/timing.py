"""How long a slide takes and in which lengths of a talk it is: attributes of a section and of its timed part.

Takes attributes as they were written, gives numbers, and gathers findings at the exact value. Reads no file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from handouts.finding import Finding, error, nearest, warning
from handouts.library import Kind, Part, PartKind, Section
from handouts.markdown.attributes import Attributes, Word
from handouts.markdown.values import LONGEST_TALK, MINUTES, PRIORITIES, is_length

SLIDE_ATTRIBUTES = ("priority", "see", "until")
MOST_MINUTES = 60


def read_minutes(attributes: Attributes, findings: list[Finding]) -> float:
    """Return the minutes that a timed part takes; 0 if it does not say so, or not in a way that can be used."""
    word = word_of(attributes, "minutes")
    if word is None:
        return 0.0
    minutes = float(word.text) if MINUTES.fullmatch(word.text) else 0.0
    if not 0 < minutes <= MOST_MINUTES:
        message = f"'{word.text}' is no number of minutes."
        hint = f"write a number up to {MOST_MINUTES}, such as 2 or 2.5"
        findings.append(error("unknown-value", message, word.at, hint))
        return 0.0
    return minutes


def read_priority(attributes: Attributes, findings: list[Finding]) -> int:
    """Return the priority of a section: 1 if nothing is said."""
    word = word_of(attributes, "priority")
    if word is None:
        return 1
    if word.text not in PRIORITIES:
        message = f"'{word.text}' is no priority."
        hint = "write 1 for every length of the talk, 2 from the middle one on, 3 for the longest"
        findings.append(error("unknown-value", message, word.at, hint))
        return 1
    return int(word.text)


def read_until(attributes: Attributes, findings: list[Finding]) -> int:
    """Return the minutes of the longest talk that a section is in: 0 if it is in every one."""
    word = word_of(attributes, "until")
    if word is None:
        return 0
    if not is_length(word.text):
        message = f"'{word.text}' is no length of a talk."
        hint = f"write whole minutes up to {LONGEST_TALK}, such as 30 for a slide that only short talks show"
        findings.append(error("unknown-value", message, word.at, hint))
        return 0
    return int(word.text)


def word_of(attributes: Attributes, name: str) -> Word | None:
    """Return the value of an attribute with its place, or None."""
    return next((pair.value for pair in attributes.pairs if pair.name.text == name), None)


def check_slides(parts: Iterable[Part], kind: Kind) -> Iterator[Finding]:
    """Yield a finding for each part that has to have notes and has none, and for notes without minutes."""
    there = tuple(parts)
    for wanted in kind.parts.values():
        own = [part for part in there if part.name == wanted.name]
        if wanted.goes_with:
            yield from check_together(wanted, own, [part for part in there if part.name == wanted.goes_with])
        for part in own if wanted.timed else ():
            if not part.minutes:
                message = f"'{part.name}' does not say how long it takes."
                yield error("no-minutes", message, part.at, f'write ::: {{.{part.name} minutes="2"}}')


def check_together(wanted: PartKind, own: Iterable[Part], others: Iterable[Part]) -> Iterator[Finding]:
    """Yield a finding for each part whose readers lack what goes with it."""
    readers = {audience for part in own for audience in part.audiences}
    for part in others:
        missing = [audience for audience in part.audiences if audience not in readers]
        if missing:
            message = f"'{part.name}' stands on a slide without '{wanted.name}' for {', '.join(missing)}."
            yield error("no-notes", message, part.at, f"add ::: {{.{wanted.name}}}: {wanted.what}")


def check_see(sections: Iterable[Section]) -> Iterator[Finding]:
    """Yield a finding for each section that sends to one that there is not."""
    known = [section.id for section in sections]
    for section in sections:
        if section.see and section.see.text not in known:
            message = f"There is no section '{section.see.text}'."
            yield error("unknown-section", message, section.see.at, nearest(section.see.text, known))


def check_until(sections: Iterable[Section], lengths: Collection[int]) -> Iterator[Finding]:
    """Yield a warning for each section that is only in talks shorter than any of `lengths`."""
    for section in sections:
        if section.until and not any(length <= section.until for length in lengths):
            message = f"No talk is as short as {section.until} minutes, so this is on no slide."
            hint = f"lengths in topic.yaml: {', '.join(map(str, lengths)) or 'none'}"
            yield warning("never-shown", message, section.at, hint)
