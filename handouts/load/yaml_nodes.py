"""Parse strict YAML into nodes with locations, and explain syntax errors in plain words.

Every scalar is text, so a phone number keeps its 0 and "no" stays "no". Tabs, duplicate keys, anchors, merge keys,
tags, second documents and deep nesting are errors. `locate_yaml` returns where values are written, for an edit that
changes nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

import yaml
from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding, HandoutError, Location, error
from handouts.load.files import SourceFolder, check_characters, exists_exactly, read_text
from handouts.markdown.attributes import Word

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
    """The parser events of one file, and the position of the next one."""

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
        """Return the location of an event."""
        return self.place(event.start_mark)

    def place(self, mark: Any) -> Location:
        """Return the location of a PyYAML mark."""
        return Location(self.file, mark.line + self.first_line, mark.column + 1)


def load_yaml(folder: SourceFolder, path: Path, *, needed: bool = True) -> YamlNode | None:
    """Return the content of a settings file; a missing file is an error if it is `needed`."""
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
    """Return the content of a YAML text, and its findings."""
    findings: list[Finding] = []
    node = parse_yaml(text, file, findings)
    return node, tuple(findings)


def _has_control_characters(file: str, findings: Iterable[Finding]) -> bool:
    """Return whether `findings` report control characters in `file`; YAML may not contain any."""
    return any(found.at.file == file and found.code == "control-character" for found in findings)


def parse_yaml(text: str, file: str, findings: list[Finding], first_line: int = 1) -> YamlNode | None:
    """Return the content of a YAML text, or None after an error; `first_line` is the number of its first line."""
    if "\t" in text or _has_control_characters(file, findings):
        return None
    stream = _EventStream([], file, first_line, findings)
    try:
        _read_events(stream, text)
        return _read_document(stream)
    except HandoutError as refused:
        findings.extend(refused.findings)
    except yaml.MarkedYAMLError as problem:
        findings.append(_explain_yaml_error(problem, text, stream))
    except yaml.YAMLError:
        findings.append(error("yaml", "This is not YAML.", Location(file, first_line, 1), "see docs/writing.md"))
    return None


def _read_events(stream: _EventStream, text: str) -> None:
    """Collect the events of a text, with libyaml if available; only PyYAML's own parser explains errors well."""
    try:
        _gather_events(stream, text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        stream.events.clear()
        _gather_events(stream, text, yaml.SafeLoader)


def _gather_events(stream: _EventStream, text: str, loader: Any) -> None:
    """Collect the events of a text, but stop at deep nesting and large files: PyYAML takes ever longer for them."""
    opened = 0
    for event in yaml.parse(text, Loader=loader):
        stream.events.append(event)
        opened += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if opened > _MAX_YAML_DEPTH + 1:
            raise HandoutError(_nesting_error(stream.at(event)))
        if len(stream.events) > MAX_YAML_EVENTS:
            hint = "divide it, or see whether it is the right file"
            raise HandoutError(error("too-many", "This file says too much.", stream.at(event), hint))


def _nesting_error(at: Location) -> Finding:
    """Return the error for nesting that is too deep."""
    return error("too-deep", f"This is nested more than {_MAX_YAML_DEPTH} deep.", at, "make it flatter")


def _read_document(stream: _EventStream) -> YamlNode | None:
    """Return the one document of a file."""
    starts = [event for event in stream.events if isinstance(event, yaml.DocumentStartEvent)]
    if not starts:
        hint = "see docs/writing.md for what stands here"
        at = Location(stream.file, stream.first_line, 1)
        raise HandoutError(error("empty-file", "This file says nothing.", at, hint))
    if len(starts) > 1:
        raise HandoutError(error("yaml", "A second document begins.", stream.at(starts[1]), "delete the line ---"))
    stream.position = stream.events.index(starts[0]) + 1
    return _read_node(stream, 0)


def _read_node(stream: _EventStream, depth: int) -> YamlNode:
    """Return the node that the next event begins."""
    event = stream.advance()
    at = stream.at(event)
    _refuse_yaml_extras(event, at)
    if depth > _MAX_YAML_DEPTH:
        raise HandoutError(_nesting_error(at))
    if isinstance(event, yaml.ScalarEvent):
        value = event.value
        if event.style == '"':
            value = value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")  # joins surrogates
            stream.findings.extend(_check_escapes(value, at, stream))
        if len(value) > MAX_SCALAR_CHARACTERS:
            message = f"This text has {len(value)} characters."
            stream.findings.append(error("long-text", message, at, f"{MAX_SCALAR_CHARACTERS} are the most"))
            value = value[:MAX_SCALAR_CHARACTERS]
        return Word(value, at)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(stream.events[stream.position], yaml.SequenceEndEvent):
            items.append(_read_node(stream, depth + 1))
        stream.position += 1
        return SequenceNode(tuple(items), at)
    return _read_mapping(stream, at, depth)


def _check_escapes(text: str, at: Location, stream: _EventStream) -> Iterator[Finding]:
    """Yield an error for each unprintable character made by an escape such as \\u0007."""
    known = {found.message for found in stream.findings if found.at.file == at.file}
    for found in check_characters(text, at):
        if found.message not in known:
            yield replace(found, at=at)


def _read_mapping(stream: _EventStream, at: Location, depth: int) -> MappingNode:
    """Return a mapping; its end event is consumed."""
    entries: dict[str, tuple[Word, YamlNode]] = {}
    while not isinstance(stream.events[stream.position], yaml.MappingEndEvent):
        key = _read_node(stream, depth + 1)
        if not isinstance(key, Word):
            hint = "text that begins with { or [ stands in quotes"
            raise HandoutError(error("yaml", "A key is a word, not a list.", key.at, hint))
        if key.text == "<<":
            raise HandoutError(error("anchor", "Merge keys (<<) are not used here.", key.at, "write the lines again"))
        value = _read_node(stream, depth + 1)
        first, _ = entries.setdefault(key.text, (key, value))
        if first is not key:
            message = f"'{key.text}' appears twice; the first is in line {first.at.line}."
            stream.findings.append(error("duplicate-key", message, key.at, "keep one of them"))
    stream.position += 1
    return MappingNode(tuple(entries.values()), at)


def _refuse_yaml_extras(event: yaml.Event, at: Location) -> None:
    """Refuse anchors, aliases and tags."""
    if getattr(event, "anchor", None):
        hint = f"text that begins with {'*' if isinstance(event, yaml.AliasEvent) else '&'} stands in quotes"
        raise HandoutError(error("anchor", "Anchors and aliases (& and *) are not used here.", at, hint))
    if getattr(event, "tag", None):
        raise HandoutError(error("tag", "Tags (!) are not used here.", at, "text that begins with ! stands in quotes"))


# ---------------------------------------------------------------- syntax errors in plain words

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
        """Return the line of a location, or "" after the last line."""
        row = at.line - self.first_line
        return self.lines[row] if 0 <= row < len(self.lines) else ""

    def lines_before(self, at: Location) -> Sequence[str]:
        """Return the lines before a location, last first, without empty lines and comments."""
        return [line for line in reversed(self.lines[: at.line - self.first_line]) if line.split("#")[0].strip()]


def _missing_colon(failure: _SyntaxFailure) -> Finding | None:
    """Return the error for a key without its colon, or without the space after it, at the key."""
    if "could not find expected ':'" not in failure.problem:
        return None
    words = failure.line_at(failure.start)[failure.start.column - 1 :].strip()
    key, colon, rest = words.partition(":")
    if not colon:
        key, _, rest = words.partition(" ")
    message = "A space is missing after the colon." if colon else "A colon is missing."
    return error("yaml", message, failure.start, f"write {key}: {rest.strip()}".rstrip())


def _open_bracket(failure: _SyntaxFailure) -> Finding | None:
    """Return the error for an unclosed bracket or brace, or for a text that begins with one."""
    opened = failure.line_at(failure.start)[failure.start.column - 1 : failure.start.column]
    if "flow" not in failure.context or opened not in ("[", "{"):
        return None
    closing = "]" if opened == "[" else "}"
    hint = f"write {closing} where it ends; a text that begins with {opened} stands in quotes"
    return error("yaml", f"This {opened} is never closed, or a comma is missing behind it.", failure.start, hint)


def _open_quote(failure: _SyntaxFailure) -> Finding | None:
    """Return the error for an unclosed quotation mark, or for words after the closing one."""
    if "quoted scalar" in failure.context and "end of stream" in failure.problem:
        mark = failure.line_at(failure.start)[failure.start.column - 1 : failure.start.column]
        message = f"This quotation mark {mark} is never closed."
        return error("yaml", message, failure.start, f"write {mark} where the text ends")
    line = failure.line_at(failure.end)
    if "'<scalar>'" in failure.problem and line[: failure.end.column - 1].rstrip().endswith(tuple(_QUOTATION_MARKS)):
        value = _VALUE_LINE.match(failure.line_at(failure.end))
        mark = value["value"][0] if value else '"'
        hint = f'text that begins with {mark} stands in quotes as a whole: write "…", and “ and ” inside it'
        return error("yaml", "Words stand behind a text in quotes.", failure.end, hint)
    return None


def _unquoted_colon(failure: _SyntaxFailure) -> Finding | None:
    """Return the error for an unquoted text with a colon."""
    key = _KEY_LINE.match(failure.line_at(failure.end))
    if "mapping values" not in failure.problem or key is None or failure.end.column <= key.end("key") + 1:
        return None
    hint = f'put the text in quotes: {key["key"].strip()}: "{(key["value"] or "").strip()}"'
    return error("yaml", "A colon in a text that is not in quotes.", failure.end, hint)


def _wrong_indent(failure: _SyntaxFailure) -> Finding | None:
    """Return the error for a key with another indentation than its neighbours."""
    key = _KEY_LINE.match(failure.line_at(failure.end))
    before = next((found for found in map(_KEY_LINE.match, failure.lines_before(failure.end)) if found), None)
    asked = any(words in failure.problem for words in ("mapping values", "block mapping start", "expected <block end>"))
    if not asked or key is None or before is None:
        return None
    at = replace(failure.end, column=key.end("indent") + 1)
    hint = f"begin it below '{before['key'].strip()}', or below the keys that it belongs to"
    if any(line.startswith("- ") for line in failure.lines):
        hint += "; each entry of a list begins with - and a space"
    return error("yaml", f"'{key['key'].strip()}' does not begin below the line before it.", at, hint)


def _unquoted_indicator(failure: _SyntaxFailure) -> Finding | None:
    """Return the error for an unquoted text that begins with a special character of YAML."""
    value = _VALUE_LINE.match(failure.line_at(failure.end))
    if value is None or value["value"][0] not in _INDICATORS:
        return None
    hint = f"text that begins with {value['value'][0]} stands in quotes"
    return error("yaml", f"This is not YAML: {failure.problem}.", failure.end, hint)


_EXPLANATIONS: tuple[Callable[[_SyntaxFailure], Finding | None], ...] = (
    _missing_colon,
    _open_bracket,
    _open_quote,
    _unquoted_colon,
    _wrong_indent,
    _unquoted_indicator,
)


def _explain_yaml_error(problem: yaml.MarkedYAMLError, text: str, stream: _EventStream) -> Finding:
    """Return why PyYAML could not read a text, in plain words."""
    ended = problem.problem_mark or problem.context_mark
    if ended is None:
        return error("yaml", "This is not YAML.", Location(stream.file, stream.first_line, 1), "see docs/writing.md")
    began = stream.place(problem.context_mark or ended)
    words = problem.problem or "", problem.context or ""
    failure = _SyntaxFailure(*words, began, stream.place(ended), text.split("\n"), stream.first_line)
    found = next(filter(None, (explain(failure) for explain in _EXPLANATIONS)), None)
    hint = "see that quotes and brackets are closed"
    return found or error("yaml", f"This is not YAML: {failure.problem}.", failure.end, hint)


# ---------------------------------------------------------------- where values are written

_WrittenStyle: TypeAlias = Literal["plain", "'", '"', "lines", "brackets", "block"]
_SCALAR_STYLES: dict[str, _WrittenStyle] = {"'": "'", '"': '"', "|": "lines", ">": "lines"}


class WrittenNode(Struct, frozen=True):
    """A value in a YAML text from offset `start` to `end`: a `text`, a list of `items`, or a mapping of `items` by
    `keys`.

    `style` is how it is written: a text plain, quoted, or below | or >; a list or mapping in brackets, or as a block.
    """

    start: int
    end: int
    style: _WrittenStyle
    text: str = ""
    kind: Literal["text", "list", "mapping"] = "text"
    keys: tuple[WrittenNode, ...] = ()
    items: tuple[WrittenNode, ...] = ()


def locate_yaml(text: str) -> WrittenNode:
    """Return the positions of the values of a text that `parse_yaml` has read without an error."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is None:
        raise ValueError("this text says nothing")
    return _written(node)


def _written(node: yaml.Node) -> WrittenNode:
    """Return the position of a value and of all values inside it; a block ends with its last value."""
    start, end = node.start_mark.index, node.end_mark.index
    if not isinstance(node, yaml.CollectionNode):
        return WrittenNode(start, end, _SCALAR_STYLES.get(getattr(node, "style", None) or "", "plain"), node.value)
    is_list = isinstance(node, yaml.SequenceNode)
    keys = () if is_list else tuple(_written(key) for key, _ in node.value)
    items = tuple(_written(each if is_list else each[1]) for each in node.value)
    kind: Literal["list", "mapping"] = "list" if is_list else "mapping"
    if node.flow_style or not items:
        return WrittenNode(start, end, "brackets", "", kind, keys, items)
    return WrittenNode(start, items[-1].end, "block", "", kind, keys, items)
