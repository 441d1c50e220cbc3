"""Change one value of a YAML text and no other character: comments, order and quotation marks stay as they are.

Takes a text and a place in it, such as ("lines", 0, "number"). The result is parsed again to make sure that only this
value has changed; an edit that fails this check is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

from handouts.finding import Finding, HandoutError, Location, error
from handouts.load.yaml_nodes import MappingNode, SequenceNode, WrittenNode, YamlNode, locate_yaml, parse_yaml
from handouts.markdown.attributes import Word

YamlValue: TypeAlias = "str | list[YamlValue] | dict[str, YamlValue]"
YamlPlace: TypeAlias = Sequence[str | int]

_KEY = re.compile(r"[A-Za-z][\w-]*")
# Texts that every YAML parser reads as text without quotation marks.
_PLAIN = re.compile(r"[^\W\d_](?:[\w ,.()/'’&–-]*[\w.)])?|\d{4}-\d{2}-\d{2}|(?:tel:|https://)[\w.+/-]+")
_PLAIN_NUMBER = re.compile(r"0|[1-9]\d{0,3}(?:\.\d+)?")
_OTHER_MEANING = ("null", "yes", "no", "on", "off", "y", "n")
_STEP = "  "


def change_yaml(text: str, file: str, place: YamlPlace, value: YamlValue | None) -> str:
    """Return the text with `value` at a place, which is added if it does not exist; None removes the value.

    HandoutError if the text is not valid YAML, or if this cannot be done without another change.
    """
    before = _value_of(text, file)
    wanted = _with_value(before, place, value, file)
    if wanted == before:
        return text
    for quoted in (False, True):
        changed = _Writer(text, quoted).changed(locate_yaml(text), place, value)
        if changed is not None and _says(changed, file, wanted):
            return changed
    raise _refusal(file)


def with_entry(text: str, file: str, entry: str) -> str:
    """Return the text with an entry, a key and its value as YAML, added at its end.

    HandoutError if the text is not valid YAML, or if this cannot be done without another change.
    """
    before, more = _value_of(text, file), _value_of(entry, file)
    changed = text + ("" if text.endswith("\n") else "\n") + entry
    if not (isinstance(before, dict) and isinstance(more, dict) and _says(changed, file, {**before, **more})):
        raise _refusal(file)
    return changed


def _refusal(file: str) -> HandoutError:
    """Return the error for a value that cannot be changed in the form."""
    return HandoutError(
        error("usage", "This cannot be changed in the form, as it is written.", Location(file), "change it in the text")
    )


# ---------------------------------------------------------------- what a text says


def _value_of(text: str, file: str) -> YamlValue:
    """Return the value of a YAML text. HandoutError if it is not strict YAML."""
    findings: list[Finding] = []
    node = parse_yaml(text, file, findings)
    if node is None or findings:
        raise HandoutError(*findings, *_refusal(file).findings)
    return _yaml_value(node)


def _yaml_value(node: YamlNode) -> YamlValue:
    """Return a node as texts, lists and mappings."""
    match node:
        case SequenceNode():
            return [_yaml_value(each) for each in node.items]
        case MappingNode():
            return {key.text: _yaml_value(each) for key, each in node.entries}
        case Word():
            return node.text


def _says(text: str, file: str, wanted: YamlValue) -> bool:
    """True if a YAML text has the wanted value, with its keys in the same order."""
    try:
        return json.dumps(_value_of(text, file)) == json.dumps(wanted)
    except HandoutError:
        return False


def _with_value(before: YamlValue, place: YamlPlace, value: YamlValue | None, file: str) -> YamlValue:
    """Return a value with another value at a place in it. HandoutError if there is no such place."""
    if not place:
        return "" if value is None else value
    step, *rest = place
    taken_away = value is None and not rest
    if isinstance(step, str) and (isinstance(before, dict) or before == ""):
        known = dict(before) if isinstance(before, dict) else {}
        inside = known.pop(step, "") if taken_away else _with_value(known.get(step, ""), rest, value, file)
        return known if taken_away else {**known, step: inside}
    items = list(before) if isinstance(before, list) else []
    if isinstance(step, int) and (isinstance(before, list) or before == "") and 0 <= step <= len(items):
        inside = _with_value(items[step] if step < len(items) else "", rest, value, file)
        items[step : step + 1] = [] if taken_away else [inside]
        return items
    raise _refusal(file)


# ---------------------------------------------------------------- how it is written


class _Writer(Struct, frozen=True):
    """Changes one value of a text; if `quoted`, new texts get quotation marks even if they need none.

    Each method returns the changed text, or None if it does not know how; the caller checks the result.
    """

    text: str
    quoted: bool

    def changed(self, root: WrittenNode, place: YamlPlace, value: YamlValue | None) -> str | None:
        """Return the text with another value at a place; None removes it."""
        path = [root]
        for depth, step in enumerate(place):
            index = self._index_of(path[-1], step)
            if index is None:
                for each in reversed(place[depth + 1 :]):
                    value = {each: value or ""} if isinstance(each, str) else [value or ""]
                return None if value is None else self._with_added(path[-1], step, value)
            if value is None and depth == len(place) - 1:
                return self._without(path[-1], index)
            path.append(path[-1].items[index])
        return None if value is None else self._with_replaced(path[-1], value)

    def _index_of(self, node: WrittenNode, step: str | int) -> int | None:
        """Return the index of the item of a node with a key or an index, None if there is none."""
        if isinstance(step, int):
            return step if node.kind == "list" and step < len(node.items) else None
        names = [each.text for each in node.keys]
        return names.index(step) if step in names else None

    def _put(self, start: int, end: int, new: str) -> str:
        """Return the text with the characters from `start` up to `end` replaced."""
        return f"{self.text[:start]}{new}{self.text[end:]}"

    # ------------------------------------------------------------ another value

    def _with_replaced(self, node: WrittenNode, value: YamlValue) -> str | None:
        """Return the text with a node replaced by another value."""
        if node.kind == "list" and isinstance(value, list):
            return self._with_items(node, value)
        if node.kind != "text" or node.style == "lines":
            return None
        gap = " " if node.start == node.end else ""
        return self._put(node.start, node.end, gap + self._on_one_line(value, node))

    def _with_items(self, node: WrittenNode, value: list[YamlValue]) -> str | None:
        """Return the text with other items in a list of texts; items that stay are left as they are written."""
        if self._holds_comment(node):
            return None
        kept = {each.text: self.text[each.start : each.end] for each in node.items}
        model = node.items[0] if node.items else None
        items = [kept.get(str(each)) or self._on_one_line(each, model) for each in value]
        if node.style == "brackets":
            return self._put(node.start, node.end, f"[{', '.join(items)}]")
        begun = self._line_start(node.items[0].start)
        dash = self.text[begun : node.items[0].start]
        return self._put(begun + dash.find("-"), node.end, dash.lstrip() + f"\n{dash}".join(items) if items else "[]")

    def _holds_comment(self, node: WrittenNode) -> bool:
        """True if there is a comment between the items of a node."""
        starts, ends = (each.start for each in node.items), (each.end for each in node.items)
        gaps = zip((node.start, *ends), (*starts, node.end), strict=True)
        return any("#" in self.text[start:end] for start, end in gaps)

    # ------------------------------------------------------------ one more, one less

    def _with_added(self, node: WrittenNode, step: str | int, value: YamlValue) -> str | None:
        """Return the text with one more item at the end of a node: a key and its value, or an item of a list."""
        if node.kind == "text":
            return self._with_replaced(node, {step: value} if isinstance(step, str) else [value])
        if node.style == "brackets":
            new = self._on_one_line({step: value} if isinstance(step, str) else [value])[1:-1]
            end = node.items[-1].end if node.items else node.start + 1
            return self._put(end, end, f", {new}" if node.items else new)
        first = node.keys[0].start if node.keys else node.items[0].start
        begun = self._line_start(first)
        before = self.text[begun:first]
        indent = " " * (len(before) if node.keys else before.find("-"))
        lines = self._on_lines({step: value} if isinstance(step, str) else [value], indent)
        gap = "\n" if self._has_blank_line_between(node) else ""
        end = self._line_end(node.end)
        return self._put(end, end, f"\n{gap}{lines}")

    def _has_blank_line_between(self, node: WrittenNode) -> bool:
        """True if there is an empty line before the last item of a node."""
        return len(node.items) > 1 and "\n\n" in self.text[node.items[-2].end : node.items[-1].start]

    def _without(self, node: WrittenNode, index: int) -> str | None:
        """Return the text without one item of a node and its key."""
        if node.style == "brackets":
            if self._holds_comment(node):
                return None
            begins = [each.start for each in node.keys or node.items]
            left = [self.text[begin : each.end] for begin, each in zip(begins, node.items, strict=True)]
            del left[index]
            return self._put(node.start + 1, node.end - 1, ", ".join(left))
        begun = self._line_start((node.keys or node.items)[index].start)
        if len(node.items) == 1:
            return self._put(begun + self.text[begun:].find("-"), node.end, "[]") if node.kind == "list" else None
        end = self._line_end(node.items[index].end)
        after = len(self.text) - len(self.text[end:].lstrip("\n"))
        if after < len(self.text):
            return self._put(begun, after, "")
        return f"{self.text[:begun].rstrip()}{self.text[end:]}"

    def _line_start(self, offset: int) -> int:
        """Return the offset at which the line of an offset begins."""
        return self.text.rfind("\n", 0, offset) + 1

    def _line_end(self, offset: int) -> int:
        """Return the offset of the end of the line in which a value ends; line ends of the value do not count."""
        written = len(self.text[:offset].rstrip("\n "))
        end = self.text.find("\n", written)
        return end if end >= 0 else len(self.text)

    # ------------------------------------------------------------ values as YAML

    def _on_one_line(self, value: YamlValue, model: WrittenNode | None = None) -> str:
        """Return a value on one line; a text is quoted like its `model`, or if it needs to be."""
        if isinstance(value, list):
            return f"[{', '.join(self._on_one_line(each) for each in value)}]"
        if isinstance(value, dict):
            return f"{{{', '.join(f'{_key(key)}: {self._on_one_line(each)}' for key, each in value.items())}}}"
        style = model.style if model else "plain"
        if style == "'" and value.isprintable() and not self.quoted:
            return "'" + value.replace("'", "''") + "'"
        is_number = bool(model and _PLAIN_NUMBER.fullmatch(model.text) and _PLAIN_NUMBER.fullmatch(value))
        is_plain = _PLAIN.fullmatch(value) and value.lower() not in _OTHER_MEANING
        if style == "plain" and not self.quoted and (is_number or is_plain):
            return value
        return json.dumps(value, ensure_ascii=False)

    def _on_lines(self, value: YamlValue, indent: str) -> str:
        """Return a mapping or a list as lines."""
        if isinstance(value, list):
            return "\n".join(f"{indent}- {self._on_lines(each, indent + _STEP).lstrip(' ')}" for each in value)
        if not isinstance(value, dict):
            return indent + self._on_one_line(value)
        lines = []
        for key, each in value.items():
            inside = isinstance(each, dict) and each
            written = f"\n{self._on_lines(each, indent + _STEP)}" if inside else f" {self._on_one_line(each)}"
            lines.append(f"{indent}{_key(key)}:{written}")
        return "\n".join(lines)


def _key(name: str) -> str:
    """Return a key in YAML syntax."""
    return name if _KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)
