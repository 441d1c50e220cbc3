"""Find what a handout or talk lacks for its reader to be safe, and advice before the safety question.

What a topic must have and show stands in its topic.yaml. Takes a checked document; yields faults.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from handouts.check.rules import CheckedDocument, Fault, Rule, error_rule, warning_rule
from handouts.document.nodes import (
    CardRow,
    Comparison,
    Contacts,
    Cover,
    Document,
    Fork,
    MainMessage,
    Script,
    Sources,
    Steps,
)
from handouts.document.text import written_at

REQUIRED_NODES: dict[str, type] = {"main-message": MainMessage, "fork": Fork, "contacts": Contacts, "sources": Sources}
# The kind of section that shows a block and no other text can, and the part of it that says it.
_KINDS_THAT_SHOW = {"main-message": ("message", "Main"), "fork": ("safety", "Choices")}
# The kinds of section that stand before those, and how many of them.
_KINDS_BEFORE, _MOST_BEFORE = ("cover", "message"), {"main-message": 1, "fork": 2}
# How many blocks may stand before the main message: the cover.
_BLOCKS_BEFORE_MESSAGE = 1


def _find_missing_sections(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each section that the topic must have for every reader, and that this one does not get."""
    there = {section.id for section in checked.selection.sections}
    for word in checked.selection.topic.must_have:
        if word.text not in there:
            message = f"{checked.selection.audience.title} get no section '{word.text}'."
            hint = f"write a section #{word.text} for them, or take it off this list"
            yield Fault(message, word.at, hint)


def _find_missing_blocks(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each kind of block that a handout of the topic must show, and that this one does not."""
    if not _is_handout(checked.document):
        return
    there = {type(node) for node in checked.nodes}
    for word in checked.selection.topic.must_show:
        if word.text in REQUIRED_NODES and REQUIRED_NODES[word.text] not in there:
            message = f"The handout of '{checked.selection.audience.name}' shows no {word.text.replace('-', ' ')}."
            yield Fault(message, word.at, _how_to_show(word.text, checked))


def _how_to_show(block: str, checked: CheckedDocument) -> str:
    """Return what to write so that a handout shows a block that it lacks."""
    if block not in _KINDS_THAT_SHOW:
        cite = ", and cite a source in what they read, such as [@name2020]" if block == "sources" else ""
        return f"write ::: {{.{block}}} and below it ::: into the body of a section that they read{cite}"
    kind, part = _KINDS_THAT_SHOW[block]
    sections = checked.selection.sections
    written = next((each for each in sections if each.kind == kind), None)
    if written:
        return f"write it into {PurePath(written.at.file).name}, below ## {part}; handouts explain {block} shows how"
    before = [each.id for each in sections if each.kind in _KINDS_BEFORE][: _MOST_BEFORE[block]]
    command = f"handouts new section {kind}{f' --after {before[-1]}' if before else ''}"
    reader = checked.selection.audience.name
    others = f'if others have one, write {reader} into its for="…", and ## {part} {{for="{reader}"}} with their text'
    return f"write a section of the kind {kind}: {command}; {others}"


def _is_handout(document: Document) -> bool:
    """True for a handout: pages that begin with a cover."""
    return any(isinstance(block, Cover) for block in document.blocks)


def _find_late_message(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield a main message that other text stands before, and each one after the first."""
    messages = [(index, block) for index, block in enumerate(checked.document.blocks) if isinstance(block, MainMessage)]
    for index, block in messages[:1]:
        if index > _BLOCKS_BEFORE_MESSAGE and _is_handout(checked.document):
            at = written_at(block.content, block.at)
            hint = "put its section right after the cover: the name of its file says where, such as 01a-message.md"
            yield Fault("Text stands before the main message.", at, hint)
    for _, block in messages[1:]:
        yield Fault("A second main message.", block.at, "keep one: what should a reader remember?")


def _find_early_advice(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield the first advice that stands before the fork, where the topic must show one."""
    asked = any(word.text == "fork" for word in checked.selection.topic.must_show)
    if not asked or not _is_handout(checked.document) or not any(isinstance(node, Fork) for node in checked.nodes):
        return
    for node in checked.nodes:
        if isinstance(node, Fork):
            return
        if isinstance(node, Steps | Script | Comparison) or (isinstance(node, CardRow) and node.acts):
            at = written_at(node)
            hint = (
                "put the section with the fork first, as who is afraid needs other advice: "
                "the name of its file says where, such as 02a-safety.md"
            )
            yield Fault("Advice stands before the question of who is safe.", at, hint)
            return


def _find_missing_crisis_lines(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield a fault if the box at the foot of each page and slide has no number to call."""
    crisis = checked.document.crisis
    lines = [line for column in crisis.columns for line in column.lines]
    if not any(line.number for line in lines):
        first = checked.contacts[0].at if checked.contacts else checked.selection.library.service.country_at
        yield Fault("The crisis box has no number to call.", first, "mark the urgent contacts with crisis: true")


def _find_missing_authors(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield a fault if the topic names no author."""
    if not checked.selection.topic.authors:
        at = checked.selection.topic.place("authors")
        yield Fault("Nobody is named as author.", at, "write at least one name at authors")


RULES: tuple[Rule, ...] = (
    error_rule("missing-section", "What one reader needs to be safe, every reader needs.", _find_missing_sections),
    error_rule("not-shown", "The first page works alone, for a frightened reader.", _find_missing_blocks),
    error_rule("late-message", "Who reads one line reads the first.", _find_late_message),
    error_rule("advice-before-fork", "Advice for a quarrel can be dangerous where there is fear.", _find_early_advice),
    warning_rule("no-crisis-line", "A reader in danger looks at the foot of the page.", _find_missing_crisis_lines),
    error_rule("no-provenance", "A reader may ask who says so, and since when.", _find_missing_authors),
)
