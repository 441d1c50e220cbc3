"""Read the values of YAML nodes by the shapes of their keys; an unknown or missing key, or a wrong type, is a finding.

The returned value always has the right type, so that reading continues and all findings are reported together.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import NOWHERE, Finding, Location, closest_name, error, suggest_name, unknown_name_error
from handouts.load.file_names import check_name
from handouts.load.value_shapes import AnyText, ByAudience, Choice, Day, Flag, Keys, ListOf, Name, Number
from handouts.load.yaml_nodes import MappingNode, SequenceNode, YamlNode
from handouts.markdown.attributes import Word

_BOOLEANS = ("true", "false")
_MAX_HINT_KEYS = 4  # keys in a hint
_SPACES = re.compile("[ \n]+")
_EMPTY_MAPPING = MappingNode((), NOWHERE)
_NEEDS_QUOTES = re.compile(r"[\[\]{}:#&*!|>%@`\"']")  # special characters of YAML
_ShapeT = TypeVar("_ShapeT", Choice, Day, Flag, Keys, ListOf, Number, ByAudience)


class FieldReader(Struct, frozen=True, dict=True):
    """Reads the values of one mapping by the shapes of its `keys`; errors are added to `findings`."""

    fields: MappingNode
    findings: list[Finding]
    keys: Keys

    @cached_property
    def _values(self) -> Mapping[str, YamlNode]:
        """The first value of each key."""
        return {name.text: value for name, value in reversed(self.fields.entries)}

    @property
    def at(self) -> Location:
        """Where the mapping begins."""
        return self.fields.at

    def node(self, key: str) -> YamlNode | None:
        """Return the value of `key`, or None."""
        return self._values.get(key)

    def place(self, key: str) -> Location:
        """Return where the value of `key` is, or where the mapping begins if there is none."""
        node = self.node(key)
        return node.at if node else self.at

    def wrong_type(self, node: YamlNode, wanted: str, hint: str) -> None:
        """Add the error for a node of the wrong type; `hint` says what to write."""
        self.findings.append(error("wrong-type", f"This needs {wanted}, got {_describe_node(node)}.", node.at, hint))

    def _shape(self, key: str, kind: type[_ShapeT]) -> _ShapeT:
        """Return the shape of the value of `key`. TypeError if it is declared as another kind of shape."""
        shape = self.keys.shape_of(key)
        if not isinstance(shape, kind):
            raise TypeError(f"'{key}' is defined as {shape}")
        return shape

    def _scalar(self, key: str, default: str = "") -> str:
        """Return the value of `key` as text on one line."""
        node = self.node(key)
        if node is None:
            return default
        if not isinstance(node, Word):
            self.wrong_type(node, "a text", f"write {key}: {_text_form(node)}")
            return default
        return one_line(node.text)

    def text(self, key: str, default: str = "") -> str:
        """Return a text, or a name that is looked up later."""
        shape = self.keys.shape_of(key)
        text = self._scalar(key, default)
        node = self.node(key)
        if isinstance(shape, AnyText | Name) and shape.filled and isinstance(node, Word) and not text:
            self.findings.append(error("empty-value", f"'{key}' is empty.", node.at, "write what it is"))
        if isinstance(shape, AnyText) and shape.most and len(text) > shape.most:
            self.findings.append(field_too_long(key, shape.most, self.place(key)))
        return text

    def items(self, key: str) -> tuple[Word, ...]:
        """Return a list of texts with their places; one text without brackets is an error, and split at its commas."""
        node = self.node(key)
        if node is None or (isinstance(node, Word) and not node.text):
            return ()
        if isinstance(node, Word):
            meant = _split_at_commas(node)
            self.wrong_type(node, "a list", f"write [{', '.join(_quote_if_needed(each.text) for each in meant)}]")
            return meant
        if isinstance(node, MappingNode):
            self.wrong_type(node, "a list", "write [one, two], or each one on a line of its own after -")
            return ()
        for item in node.items:
            if not isinstance(item, Word):
                self.wrong_type(item, "a text", f"write {_text_form(item)}")
        return tuple(item for item in node.items if isinstance(item, Word))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(one_line(item.text) for item in self.items(key))

    def names(self, key: str, known: Collection[str]) -> tuple[str, ...]:
        """Return a list of names; each one that is not in `known` is an error, unless `known` is empty."""
        items = self.items(key)
        for item in items if known else ():
            if item.text not in known:
                self.report_unknown(key, item, known)
        return tuple(one_line(item.text) for item in items)

    def words(self, key: str) -> tuple[Word, ...]:
        """Return a list of texts with their places; if they are choices, unknown values are errors and are left out."""
        words = tuple(Word(one_line(item.text), item.at) for item in self.items(key))
        item_shape = self._shape(key, ListOf).item
        if not isinstance(item_shape, Choice):
            return words
        for word in words:
            if word.text not in item_shape.values:
                self.report_unknown(key, word, item_shape.values)
        return tuple(word for word in words if word.text in item_shape.values)

    def choice(self, key: str) -> str:
        """Return the chosen value, or the default of the shape."""
        shape = self._shape(key, Choice)
        return self.name(key, shape.values, shape.default)

    def name(self, key: str, known: Collection[str], default: str = "") -> str:
        """Return one of the names `known`, or `default` if the value is missing, empty or unknown."""
        node = self.node(key)
        text = self._scalar(key, default)
        if isinstance(node, Word) and text and text not in known:
            self.report_unknown(key, node, known)
            return default
        return text or default

    def report_unknown(self, key: str, node: Word, known: Collection[str]) -> None:
        """Add an error for a value of `key`, or an item of its list, that is not in `known`."""
        shape = self.keys.shape_of(key)
        shape = shape.item if isinstance(shape, ListOf) else shape
        if not isinstance(shape, Choice | Name):
            raise TypeError(f"'{key}' is defined as {shape}")
        self.findings.append(unknown_name_error(shape.code, shape.what, node.text, known, node.at))

    def boolean(self, key: str) -> bool:
        """Return a flag; False if the key is missing."""
        self._shape(key, Flag)
        node, text = self.node(key), self._scalar(key, "false")
        if text and text not in _BOOLEANS:
            message = f"'{text}' is neither true nor false."
            at = node.at if node else self.at
            self.findings.append(error("wrong-type", message, at, f"write {key}: true, or {key}: false"))
        return text == "true"

    def iso_date(self, key: str) -> str:
        """Return a date as YYYY-MM-DD, or ""."""
        shape, node = self._shape(key, Day), self.node(key)
        text = self._scalar(key)
        if shape.what and isinstance(node, Word) and not text:
            hint = f"write {shape.what}, such as 2026-11-23"
            self.findings.append(error("empty-value", f"'{key}' is empty.", node.at, hint))
        if text and not _is_iso_date(text):
            message = f"'{text}' is not a date."
            self.findings.append(error("wrong-type", message, self.place(key), "write it as 2026-11-23"))
            return ""
        return text

    def number(self, key: str, default: float = 0.0) -> float:
        """Return a number within the bounds of its shape, or `default`."""
        shape = self._shape(key, Number)
        text = self._scalar(key, str(default))
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            message = f"This needs a number, got '{text}'."
            self.findings.append(error("wrong-type", message, self.place(key), "write digits, such as 12.5"))
            return default
        if self.node(key) and not shape.least <= number <= shape.most:
            message, hint = f"'{key}' is {text[:30]}.", f"write a number from {shape.least:g} to {shape.most:g}"
            self.findings.append(error("out-of-range", message, self.place(key), hint))
            return default
        return number

    def nested(self, key: str) -> FieldReader:
        """Return a reader of the mapping that is the value of `key`."""
        return open_fields(self.node(key), self.findings, self._shape(key, Keys))

    def mappings(self, key: str, many: str) -> tuple[FieldReader, ...]:
        """Return a reader of each mapping in a list; `many` is what the error for a long list calls them."""
        shape, node = self._shape(key, ListOf), self.node(key)
        if not isinstance(shape.item, Keys):
            raise TypeError(f"'{key}' is declared as {shape}")
        if not isinstance(node, SequenceNode):
            self.items(key)  # adds the error that it is not a list
            return ()
        if len(node.items) > shape.most:
            message = f"There are {len(node.items)} {many}."
            self.findings.append(error("too-many", message, node.at, f"{shape.most} are the most"))
            return ()
        return tuple(open_fields(item, self.findings, shape.item) for item in node.items)

    def by_audience(self, key: str, audiences: Collection[str]) -> FieldReader:
        """Return a reader of a value by audience; a single value counts for each of `audiences`."""
        keys, node = Keys(others=self._shape(key, ByAudience).each), self.node(key)
        if node is None:
            return FieldReader(_EMPTY_MAPPING, self.findings, keys)
        if not isinstance(node, MappingNode):
            shared = tuple((Word(name, node.at), node) for name in audiences)
            return FieldReader(MappingNode(shared, node.at), self.findings, keys)
        for name, _ in node.entries:
            if name.text not in audiences:
                what = "audience of this topic"
                self.findings.append(unknown_name_error("unknown-audience", what, name.text, audiences, name.at))
        known = tuple((name, value) for name, value in node.entries if name.text in audiences)
        return FieldReader(MappingNode(known, node.at), self.findings, keys)

    def entries(self) -> Iterator[tuple[Word, YamlNode]]:
        """Yield each key and its value."""
        yield from self.fields.entries

    def inside(self) -> Iterator[tuple[Word, FieldReader]]:
        """Yield each allowed key with a reader of the mapping that is its value."""
        known = ((key, value) for key, value in self.fields.entries if self.keys.shape_of(key.text) is not None)
        for key, value in known:
            yield key, open_fields(value, self.findings, self._shape(key.text, Keys))


def field_too_long(name: str, most: int, at: Location) -> Finding:
    """Return the error for a text that is too long for its place; the message does not repeat the text."""
    message = f"'{name}' has more than {most} characters."
    return error("field-too-long", message, at, "shorten it: nothing is cut off in silence")


def one_line(text: str) -> str:
    """Return `text` on one line, with single spaces and none at its ends; no-break spaces stay."""
    return _SPACES.sub(" ", text).strip(" ")


def _is_iso_date(text: str) -> bool:
    """Return whether `text` is a real date, written YYYY-MM-DD."""
    try:
        return len(text) == len("2026-11-23") and date.fromisoformat(text) is not None
    except ValueError:
        return False


def _split_at_commas(node: Word) -> tuple[Word, ...]:
    """Return the pieces of a text between commas, each with its place."""
    pieces = re.finditer(r"[^\s,](?:[^,]*[^\s,])?", node.text)
    return tuple(Word(each[0], replace(node.at, column=node.at.column + each.start())) for each in pieces)


def _quote_if_needed(text: str) -> str:
    """Return a text as YAML needs it in a list or after a key: quoted if YAML would misread it."""
    return f'"{text}"' if _NEEDS_QUOTES.search(text) else text


def _text_form(node: YamlNode) -> str:
    """Return how to write one text instead of a list or a mapping."""
    match node:
        case Word():
            return f'"{node.text}"'
        case SequenceNode():
            return _text_form(Word(", ".join(each.text for each in node.items if isinstance(each, Word)), node.at))
        case MappingNode():
            key, value = node.entries[0] if node.entries else (Word("…", node.at), node)
            return f'"{key.text}: {value.text if isinstance(value, Word) else "…"}"'


def _describe_node(node: YamlNode) -> str:
    """Return what a node is, in plain words."""
    match node:
        case Word():
            return f"the text '{node.text[:30]}'" if node.text else "nothing"
        case SequenceNode():
            return "a list"
        case MappingNode():
            return "keys with values"


def open_fields(node: YamlNode | None, findings: list[Finding], keys: Keys) -> FieldReader:
    """Return a reader of a mapping; missing and unknown keys are errors.

    A misspelt key is read as the key that it is closest to.
    """
    if keys.alone and isinstance(node, Word):
        node = MappingNode(((Word(keys.alone, node.at), node),), node.at)
    names = (*keys.required, *(name for name, key in keys.known.items() if not key.required))
    if not isinstance(node, MappingNode):
        reading = FieldReader(_EMPTY_MAPPING, findings, keys)
        if node is not None:
            reading.wrong_type(node, "keys with values", _fields_hint(names))
        return reading
    meant = _correct_keys(node, names, findings) if keys.others is None else node
    there = {key.text for key, _ in meant.entries}
    for name in keys.required:
        if name not in there:
            findings.append(error("missing-key", f"'{name}' is missing.", node.at, f"add {name}: and its value"))
    for key, _ in meant.entries if keys.named else ():
        check_name(key, keys.named, findings)
    return FieldReader(meant, findings, keys)


def _fields_hint(known: Collection[str]) -> str:
    """Return a hint that shows how to write a mapping with these keys."""
    names = [*known][:_MAX_HINT_KEYS] or ["name"]
    more = ", …" if len(known) > _MAX_HINT_KEYS else ""
    return f"write {{{', '.join(f'{name}: …' for name in names)}{more}}}, or each key on a line of its own"


def _correct_keys(node: MappingNode, known: Collection[str], findings: list[Finding]) -> MappingNode:
    """Return `node` with unknown keys corrected to the closest of `known`; each is an error."""
    there = {key.text for key, _ in node.entries}
    entries = []
    for key, value in node.entries:
        name = key.text
        if name not in known:
            name = closest_name(key.text, [each for each in known if each not in there]) or key.text
            hint = suggest_name(key.text, known) if name == key.text else f"did you mean '{name}'?"
            findings.append(error("unknown-key", f"There is no key '{key.text}'.", key.at, hint))
        entries.append((Word(name, key.at), value))
    return MappingNode(tuple(entries), node.at)
