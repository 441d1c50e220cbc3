"""Parse strict YAML into nodes that know their locations, and explain syntax errors in plain words.

Every scalar is text, so a phone number keeps its 0 and "no" stays "no". Tabs, duplicate keys, anchors, merge
keys, tags, second documents and deep nesting are findings. The only user of PyYAML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding, HandoutError, Location, error
from handouts.load.files import SourceFolder, check_characters, exists_exactly, read_text
from handouts.markdown.attributes import Word

_INDICATORS = "@%`{[*&!|>'\"#,?-"
_VALUE_LINE = re.compile(r"^[ ]*(?:-[ ]+)*(?:[^:#'\"]+:[ ]+)?(?P<value>\S.*)$")
_KEY_LINE = re.compile(r"^(?P<indent>[ ]*(?:-[ ]+)*)(?P<key>[^:#'\"\[\]{}]+):(?:[ ]+(?P<value>.*))?$")
_QUOTATION_MARKS = "'\""


class _SyntaxFailure(Struct, frozen=True):
    """Why and where a YAML parser stopped: its message, the `start` of what it was reading, the `end` it reached.

    The first of the `lines` is line `first_line` of the file.
    """

    problem: str
    context: str
    start: Location
    end: Location
    lines: Sequence[str]
    first_line: int

    def line_at(self, at: Location) -> str:
        """Return the line of a location, or "" behind the last line."""
        row = at.line - self.first_line
        return self.lines[row] if 0 <= row < len(self.lines) else ""

    def lines_before(self, at: Location) -> Sequence[str]:
        """Return the lines before a location that are neither empty nor comments, the last first."""
        return [line for line in reversed(self.lines[: at.line - self.first_line]) if line.split("#")[0].strip()]


def _explain_failure(stop: _SyntaxFailure) -> Finding:
    """Return why a text could not be read."""
    for look in _EXPLANATIONS:
        found = look(stop)
        if found is not None:
            return found
    return error("yaml", f"This is not YAML: {stop.problem}.", stop.end, "see that quotes and brackets are closed")


def _missing_colon(stop: _SyntaxFailure) -> Finding | None:
    """Return the finding for a key without its colon, or without the space behind it, where that key is."""
    if "could not find expected ':'" not in stop.problem:
        return None
    words = stop.line_at(stop.start)[stop.start.column - 1 :].strip()
    key, colon, rest = words.partition(":")
    if not colon:
        key, _, rest = words.partition(" ")
    message = "A space is missing after the colon." if colon else "A colon is missing."
    return error("yaml", message, stop.start, f"write {key}: {rest.strip()}".rstrip())


def _open_bracket(stop: _SyntaxFailure) -> Finding | None:
    """Return the finding for a bracket or brace that is not closed, or for a text that begins with one."""
    opened = stop.line_at(stop.start)[stop.start.column - 1 : stop.start.column]
    if "flow" not in stop.context or opened not in ("[", "{"):
        return None
    closing = "]" if opened == "[" else "}"
    hint = f"write {closing} where it ends; a text that begins with {opened} stands in quotes"
    return error("yaml", f"This {opened} is never closed, or a comma is missing behind it.", stop.start, hint)


def _open_quote(stop: _SyntaxFailure) -> Finding | None:
    """Return the finding for a quotation mark that is never closed, or that has words behind the closing one."""
    if "quoted scalar" in stop.context and "end of stream" in stop.problem:
        mark = stop.line_at(stop.start)[stop.start.column - 1 : stop.start.column]
        message = f"This quotation mark {mark} is never closed."
        return error("yaml", message, stop.start, f"write {mark} where the text ends")
    line = stop.line_at(stop.end)
    if "'<scalar>'" in stop.problem and line[: stop.end.column - 1].rstrip().endswith(tuple(_QUOTATION_MARKS)):
        value = _VALUE_LINE.match(stop.line_at(stop.end))
        mark = value["value"][0] if value else '"'
        hint = f'text that begins with {mark} stands in quotes as a whole: write "…", and “ and ” inside it'
        return error("yaml", "Words stand behind a text in quotes.", stop.end, hint)
    return None


def _unquoted_colon(stop: _SyntaxFailure) -> Finding | None:
    """Return the finding for a text with a colon that is not in quotes."""
    key = _KEY_LINE.match(stop.line_at(stop.end))
    if "mapping values" not in stop.problem or key is None or stop.end.column <= key.end("key") + 1:
        return None
    hint = f'put the text in quotes: {key["key"].strip()}: "{(key["value"] or "").strip()}"'
    return error("yaml", "A colon in a text that is not in quotes.", stop.end, hint)


def _wrong_indent(stop: _SyntaxFailure) -> Finding | None:
    """Return the finding for a key that begins further left or right than those it belongs to."""
    key = _KEY_LINE.match(stop.line_at(stop.end))
    before = next((found for found in map(_KEY_LINE.match, stop.lines_before(stop.end)) if found), None)
    asked = any(words in stop.problem for words in ("mapping values", "block mapping start", "expected <block end>"))
    if not asked or key is None or before is None:
        return None
    at = replace(stop.end, column=key.end("indent") + 1)
    hint = f"begin it below '{before['key'].strip()}', or below the keys that it belongs to"
    if any(line.startswith("- ") for line in stop.lines):
        hint += "; each entry of a list begins with - and a space"
    return error("yaml", f"'{key['key'].strip()}' does not begin below the line before it.", at, hint)


def _unquoted_indicator(stop: _SyntaxFailure) -> Finding | None:
    """Return the finding for a text that begins with a sign of YAML."""
    value = _VALUE_LINE.match(stop.line_at(stop.end))
    if value is None or value["value"][0] not in _INDICATORS:
        return None
    hint = f"text that begins with {value['value'][0]} stands in quotes"
    return error("yaml", f"This is not YAML: {stop.problem}.", stop.end, hint)


_EXPLANATIONS: tuple[Callable[[_SyntaxFailure], Finding | None], ...] = (
    _missing_colon,
    _open_bracket,
    _open_quote,
    _unquoted_colon,
    _wrong_indent,
    _unquoted_indicator,
)

_MAX_YAML_DEPTH = 20
MAX_YAML_EVENTS, MAX_SCALAR_CHARACTERS = 50_000, 5_000


class SequenceNode(Struct, frozen=True):
    """A list."""

    items: tuple[YamlNode, ...]
    at: Location


class MappingNode(Struct, frozen=True):
    """Keys with their values, in the order in which they were written."""

    entries: tuple[tuple[Word, YamlNode], ...]
    at: Location


YamlNode: TypeAlias = Word | SequenceNode | MappingNode


class _EventStream(Struct):
    """The events of one file, read one after the other."""

    events: list[yaml.Event]
    file: str
    first_line: int
    findings: list[Finding]
    position: int = 0

    def advance(self) -> yaml.Event:
        """Return the next event."""
        self.position += 1
        return self.events[self.position - 1]

    def at(self, event: yaml.Event) -> Location:
        """Return where an event was written."""
        return self.place(event.start_mark)

    def place(self, mark: Any) -> Location:
        """Return the location of a mark of PyYAML."""
        return Location(self.file, mark.line + self.first_line, mark.column + 1)


def load_yaml(folder: SourceFolder, path: Path, *, needed: bool = True) -> YamlNode | None:
    """Return what a settings file says; a file that is missing is a finding if it is needed."""
    if not exists_exactly(path):
        if needed:
            at = Location(path.as_posix())
            folder.error("missing-file", f"{path.name} is missing.", at, "see docs/writing.md for what stands in it")
        return None
    text, file = read_text(folder, path), path.as_posix()
    if text is None or _has_control_characters(file, folder.findings):
        return None
    node, findings = folder.cache.get_or_compute(("yaml", file, text), lambda: _parse_with_findings(text, file))
    folder.findings.extend(findings)
    return node


def _parse_with_findings(text: str, file: str) -> tuple[YamlNode | None, tuple[Finding, ...]]:
    """Return what a YAML text says, and what was found out while reading it."""
    findings: list[Finding] = []
    node = parse_yaml(text, file, findings)
    return node, tuple(findings)


def _has_control_characters(file: str, findings: Iterable[Finding]) -> bool:
    """True if there is a finding that `file` holds control characters, which YAML may not hold."""
    return any(found.at.file == file and found.code == "control-character" for found in findings)


def parse_yaml(text: str, file: str, findings: list[Finding], first_line: int = 1) -> YamlNode | None:
    """Return what a YAML text says, or None after a finding; `first_line` is the number of its first line."""
    if "\t" in text or _has_control_characters(file, findings):
        return None
    reading = _EventStream([], file, first_line, findings)
    try:
        _read_events(reading, text)
        return _read_document(reading)
    except HandoutError as refused:
        findings.extend(refused.findings)
    except yaml.MarkedYAMLError as problem:
        findings.append(_explain_yaml_error(problem, text, reading))
    except yaml.YAMLError:
        findings.append(error("yaml", "This is not YAML.", Location(file, first_line, 1), "see docs/writing.md"))
    return None


def _read_events(reading: _EventStream, text: str) -> None:
    """Gather the events of a text, by libyaml if it is there; only PyYAML's own parser says well what is wrong."""
    try:
        _gather_events(reading, text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        reading.events.clear()
        _gather_events(reading, text, yaml.SafeLoader)


def _gather_events(reading: _EventStream, text: str, loader: Any) -> None:
    """Gather the events that `loader` finds in a text."""
    opened = 0
    for event in yaml.parse(text, Loader=loader):
        reading.events.append(event)
        opened += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        _check_yaml_size(reading, event, opened)


def _check_yaml_size(reading: _EventStream, event: yaml.Event, opened: int) -> None:
    """Refuse what is too deep or too much while it is read: PyYAML takes ever longer for it."""
    if opened > _MAX_YAML_DEPTH + 1:
        raise HandoutError(_nesting_error(reading.at(event)))
    if len(reading.events) > MAX_YAML_EVENTS:
        hint = "divide it, or see whether it is the right file"
        raise HandoutError(error("too-many", "This file says too much.", reading.at(event), hint))


def _nesting_error(at: Location) -> Finding:
    """Return the finding for nesting that is too deep."""
    return error("too-deep", f"This is nested more than {_MAX_YAML_DEPTH} deep.", at, "make it flatter")


def _read_document(reading: _EventStream) -> YamlNode | None:
    """Return the one document of a file."""
    starts = [event for event in reading.events if isinstance(event, yaml.DocumentStartEvent)]
    if not starts:
        hint = "see docs/writing.md for what stands here"
        at = Location(reading.file, reading.first_line, 1)
        raise HandoutError(error("empty-file", "This file says nothing.", at, hint))
    if len(starts) > 1:
        raise HandoutError(error("yaml", "A second document begins.", reading.at(starts[1]), "delete the line ---"))
    reading.position = reading.events.index(starts[0]) + 1
    return _read_node(reading, 0)


def _read_node(reading: _EventStream, depth: int) -> YamlNode:
    """Return the node that the next event begins."""
    event = reading.advance()
    at = reading.at(event)
    _refuse_yaml_extras(event, at)
    if depth > _MAX_YAML_DEPTH:
        raise HandoutError(_nesting_error(at))
    if isinstance(event, yaml.ScalarEvent):
        value = event.value
        if event.style == '"':
            value = value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")  # joins surrogates
            reading.findings.extend(_check_escapes(value, at, reading))
        if len(value) > MAX_SCALAR_CHARACTERS:
            message = f"This text has {len(value)} characters."
            reading.findings.append(error("long-text", message, at, f"{MAX_SCALAR_CHARACTERS} are the most"))
            value = value[:MAX_SCALAR_CHARACTERS]
        return Word(value, at)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(reading.events[reading.position], yaml.SequenceEndEvent):
            items.append(_read_node(reading, depth + 1))
        reading.position += 1
        return SequenceNode(tuple(items), at)
    return _read_mapping(reading, at, depth)


def _check_escapes(text: str, at: Location, reading: _EventStream) -> Iterator[Finding]:
    """Yield a finding for each character that an escape such as \\u0007 made and that cannot be shown."""
    known = {found.message for found in reading.findings if found.at.file == at.file}
    for found in check_characters(text, at):
        if found.message not in known:
            yield replace(found, at=at)


def _read_mapping(reading: _EventStream, at: Location, depth: int) -> MappingNode:
    """Return the keys and values up to the end of a mapping."""
    entries: list[tuple[Word, YamlNode]] = []
    while not isinstance(reading.events[reading.position], yaml.MappingEndEvent):
        key = _read_node(reading, depth + 1)
        if not isinstance(key, Word):
            hint = "text that begins with { or [ stands in quotes"
            raise HandoutError(error("yaml", "A key is a word, not a list.", key.at, hint))
        if key.text == "<<":
            raise HandoutError(error("anchor", "Merge keys (<<) are not used here.", key.at, "write the lines again"))
        value = _read_node(reading, depth + 1)
        first = next((known for known, _ in entries if known.text == key.text), None)
        if first is None:
            entries.append((key, value))
        else:
            message = f"'{key.text}' is there twice; the first is in line {first.at.line}."
            reading.findings.append(error("duplicate-key", message, key.at, "keep one of them"))
    reading.position += 1
    return MappingNode(tuple(entries), at)


def _refuse_yaml_extras(event: yaml.Event, at: Location) -> None:
    """Refuse anchors, aliases and tags."""
    if isinstance(event, yaml.AliasEvent):
        hint = "text that begins with * stands in quotes"
        raise HandoutError(error("anchor", "Anchors and aliases (& and *) are not used here.", at, hint))
    if getattr(event, "anchor", None):
        hint = "text that begins with & stands in quotes"
        raise HandoutError(error("anchor", "Anchors and aliases (& and *) are not used here.", at, hint))
    if getattr(event, "tag", None):
        raise HandoutError(error("tag", "Tags (!) are not used here.", at, "text that begins with ! stands in quotes"))


def _explain_yaml_error(problem: yaml.MarkedYAMLError, text: str, reading: _EventStream) -> Finding:
    """Return why PyYAML could not read a text, in plain words."""
    ended = problem.problem_mark or problem.context_mark
    if ended is None:
        return error("yaml", "This is not YAML.", Location(reading.file, reading.first_line, 1), "see docs/writing.md")
    began = reading.place(problem.context_mark or ended)
    words = problem.problem or "", problem.context or ""
    return _explain_failure(_SyntaxFailure(*words, began, reading.place(ended), text.split("\n"), reading.first_line))
