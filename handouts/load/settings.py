"""Strict YAML: a settings file or its text to nodes that know their places; the only user of PyYAML.

Every scalar is text, so a phone number keeps its 0 and "no" stays "no". Tabs, duplicate keys, anchors, aliases, merge
keys, tags, second documents and deep nesting are findings. Types are for whoever reads the nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding, HandoutError, Span, error
from handouts.load.files import Folder, check_characters, is_there, read_text
from handouts.load.syntax import Stop, explain

DEEPEST = 20
MOST_EVENTS, LONGEST_TEXT = 50_000, 5_000


class Scalar(Struct, frozen=True):
    """A text."""

    text: str
    at: Span


class Items(Struct, frozen=True):
    """A list."""

    items: tuple[Node, ...]
    at: Span


class Fields(Struct, frozen=True):
    """Keys with their values, in the order in which they were written."""

    entries: tuple[tuple[Scalar, Node], ...]
    at: Span


Node: TypeAlias = Scalar | Items | Fields


class Events(Struct):
    """The events of one file, read one after the other."""

    events: list[yaml.Event]
    file: str
    first_line: int
    findings: list[Finding]
    position: int = 0

    def next(self) -> yaml.Event:
        """Return the next event."""
        self.position += 1
        return self.events[self.position - 1]

    def at(self, event: yaml.Event) -> Span:
        """Return where an event was written."""
        return self.place(event.start_mark)

    def place(self, mark: Any) -> Span:
        """Return a mark of PyYAML as a place."""
        return Span(self.file, mark.line + self.first_line, mark.column + 1)


def settings_of(folder: Folder, path: Path, *, needed: bool = True) -> Node | None:
    """Return what a settings file says; a file that is missing is a finding if it is needed."""
    if not is_there(path):
        if needed:
            at = Span(folder.name_of(path))
            folder.error("missing-file", f"{path.name} is missing.", at, "see docs/writing.md for what stands in it")
        return None
    text = read_text(folder, path)
    return None if text is None else read_settings(text, folder.name_of(path), folder.findings)


def read_settings(text: str, file: str, findings: list[Finding], first_line: int = 1) -> Node | None:
    """Return what a YAML text says, or None after a finding; `first_line` is the number of its first line."""
    if "\t" in text or any(found.at.file == file and found.code == "control-character" for found in findings):
        return None
    reading = Events([], file, first_line, findings)
    try:
        read_events(reading, text)
        return read_document(reading)
    except HandoutError as refused:
        findings.extend(refused.findings)
    except yaml.MarkedYAMLError as problem:
        findings.append(why_unread(problem, text, reading))
    except yaml.YAMLError:
        findings.append(error("yaml", "This is not YAML.", Span(file, first_line, 1), "see docs/writing.md"))
    return None


def read_events(reading: Events, text: str) -> None:
    """Gather the events of a text, by libyaml if it is there; only PyYAML's own parser says well what is wrong."""
    try:
        gather_events(reading, text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        reading.events.clear()
        gather_events(reading, text, yaml.SafeLoader)


def gather_events(reading: Events, text: str, loader: Any) -> None:
    """Gather the events that `loader` finds in a text."""
    opened = 0
    for event in yaml.parse(text, Loader=loader):
        reading.events.append(event)
        opened += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        refuse_too_much(reading, event, opened)


def refuse_too_much(reading: Events, event: yaml.Event, opened: int) -> None:
    """Refuse what is too deep or too much while it is read: PyYAML takes ever longer for it."""
    if opened > DEEPEST + 1:
        raise HandoutError(too_deep(reading.at(event)))
    if len(reading.events) > MOST_EVENTS:
        hint = "divide it, or see whether it is the right file"
        raise HandoutError(error("too-many", "This file says too much.", reading.at(event), hint))


def too_deep(at: Span) -> Finding:
    """Return the finding for nesting that is too deep."""
    return error("too-deep", f"This is nested more than {DEEPEST} deep.", at, "make it flatter")


def read_document(reading: Events) -> Node | None:
    """Return the one document of a file."""
    starts = [event for event in reading.events if isinstance(event, yaml.DocumentStartEvent)]
    if not starts:
        hint = "see docs/writing.md for what stands here"
        raise HandoutError(
            error("empty-file", "This file says nothing.", Span(reading.file, reading.first_line, 1), hint)
        )
    if len(starts) > 1:
        raise HandoutError(error("yaml", "A second document begins.", reading.at(starts[1]), "delete the line ---"))
    reading.position = reading.events.index(starts[0]) + 1
    return read_node(reading, 0)


def read_node(reading: Events, depth: int) -> Node:
    """Return the node that the next event begins."""
    event = reading.next()
    at = reading.at(event)
    refuse_specials(event, at)
    if depth > DEEPEST:
        raise HandoutError(too_deep(at))
    if isinstance(event, yaml.ScalarEvent):
        value = event.value
        if event.style == '"':
            value = value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")  # joins halves of one
            reading.findings.extend(escapes_in(value, at, reading))
        if len(value) > LONGEST_TEXT:
            message = f"This text has {len(value)} characters."
            reading.findings.append(error("long-text", message, at, f"{LONGEST_TEXT} are the most"))
            value = value[:LONGEST_TEXT]
        return Scalar(value, at)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(reading.events[reading.position], yaml.SequenceEndEvent):
            items.append(read_node(reading, depth + 1))
        reading.position += 1
        return Items(tuple(items), at)
    return read_fields(reading, at, depth)


def escapes_in(text: str, at: Span, reading: Events) -> Iterator[Finding]:
    """Yield a finding for each character that an escape such as \\u0007 made and that cannot be shown."""
    known = {found.message for found in reading.findings if found.at.file == at.file}
    for found in check_characters(text, at):
        if found.message not in known:
            yield replace(found, at=at)


def read_fields(reading: Events, at: Span, depth: int) -> Fields:
    """Return the keys and values up to the end of a mapping."""
    entries: list[tuple[Scalar, Node]] = []
    while not isinstance(reading.events[reading.position], yaml.MappingEndEvent):
        key = read_node(reading, depth + 1)
        if not isinstance(key, Scalar):
            hint = "text that begins with { or [ stands in quotes"
            raise HandoutError(error("yaml", "A key is a word, not a list.", key.at, hint))
        if key.text == "<<":
            raise HandoutError(error("anchor", "Merge keys (<<) are not used here.", key.at, "write the lines again"))
        value = read_node(reading, depth + 1)
        first = next((known for known, _ in entries if known.text == key.text), None)
        if first is None:
            entries.append((key, value))
        else:
            message = f"'{key.text}' is there twice; the first is in line {first.at.line}."
            reading.findings.append(error("duplicate-key", message, key.at, "keep one of them"))
    reading.position += 1
    return Fields(tuple(entries), at)


def refuse_specials(event: yaml.Event, at: Span) -> None:
    """Refuse anchors, aliases and tags."""
    if isinstance(event, yaml.AliasEvent):
        hint = "text that begins with * stands in quotes"
        raise HandoutError(error("anchor", "Anchors and aliases (& and *) are not used here.", at, hint))
    if getattr(event, "anchor", None):
        hint = "text that begins with & stands in quotes"
        raise HandoutError(error("anchor", "Anchors and aliases (& and *) are not used here.", at, hint))
    if getattr(event, "tag", None):
        raise HandoutError(error("tag", "Tags (!) are not used here.", at, "text that begins with ! stands in quotes"))


def why_unread(problem: yaml.MarkedYAMLError, text: str, reading: Events) -> Finding:
    """Return why PyYAML could not read a text, in plain words."""
    ended = problem.problem_mark or problem.context_mark
    if ended is None:
        return error("yaml", "This is not YAML.", Span(reading.file, reading.first_line, 1), "see docs/writing.md")
    began = reading.place(problem.context_mark or ended)
    words = problem.problem or "", problem.context or ""
    return explain(Stop(*words, began, reading.place(ended), text.split("\n"), reading.first_line))
