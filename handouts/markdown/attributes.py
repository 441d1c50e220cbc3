"""The braces after a heading, a fence or a span: `{.class #id name="value"}`, each word with its own place.

Takes text and a function from an offset to a place; gives `Attributes` and gathers findings. Unreadable
braces are skipped up to the closing one and marked as broken. Whether a name exists is not checked here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

from msgspec import Struct

from handouts.finding import NOWHERE, Finding, Location, error

Place: TypeAlias = Callable[[int], Location]

NAME = r"[^\W\d_][\w-]*"
_ITEM = re.compile(rf'\.(?P<class>{NAME})|\#(?P<id>(?:\\?[\w-])+)|(?P<name>{NAME})="(?P<value>(?:\\.|[^"\\\n])*)"')
_GAP = re.compile(r"[ ]*")
_AFTER_ITEM = re.compile(r"[ ]|\}")
_ESCAPED = re.compile(r"\\(.)")


class Word(Struct, frozen=True):
    """A name or a value as it was written, and where."""

    text: str
    at: Location


class _Pair(Struct, frozen=True):
    """One name="value"."""

    name: Word
    value: Word


class Attributes(Struct, frozen=True):
    """The contents of a pair of braces; `broken` if some of it could not be read."""

    classes: tuple[Word, ...] = ()
    ids: tuple[Word, ...] = ()
    pairs: tuple[_Pair, ...] = ()
    at: Location = NOWHERE
    broken: bool = False

    @property
    def kind(self) -> str:
        """The first class, or "" if there is none."""
        return self.classes[0].text if self.classes else ""

    def has_class(self, name: str) -> bool:
        """True if `name` is one of the classes."""
        return any(word.text == name for word in self.classes)

    def has(self, name: str) -> bool:
        """True if there is a `name`="…"."""
        return any(pair.name.text == name for pair in self.pairs)

    def value(self, name: str) -> str:
        """Return the value of `name`, or "" if it has none."""
        return next((pair.value.text for pair in self.pairs if pair.name.text == name), "")

    def words(self, name: str) -> tuple[Word, ...]:
        """Return the space-separated words of the value of `name`, each with its place."""
        value = next((pair.value for pair in self.pairs if pair.name.text == name), None)
        if value is None:
            return ()
        return tuple(Word(found[0], moved(value.at, found.start())) for found in re.finditer(r"\S+", value.text))


NO_ATTRIBUTES = Attributes()


def moved(at: Location, columns: int) -> Location:
    """Return the place `columns` to the right of `at`."""
    return Location(at.file, at.line, at.column + columns)


def unescaped(text: str) -> str:
    """Return `text` without the backslashes that escape characters."""
    return _ESCAPED.sub(r"\1", text)


def read_attributes(text: str, start: int, at: Place, findings: list[Finding]) -> tuple[Attributes, int]:
    """Return the contents of the braces that open at `start`, and the offset after the closing one."""
    items: list[re.Match[str]] = []
    position = _skip_gap(text, start + 1)
    while not text.startswith("}", position):
        found = _ITEM.match(text, position)
        if found is None or not _AFTER_ITEM.match(text, found.end()):
            findings.append(_explain(text, position if found is None else found.end(), start, at))
            attributes = _attributes_of(items, at(start), at, findings, broken=True)
            return _with_guess(attributes, text, position, at), _end_of_broken(text, start)
        items.append(found)
        position = _skip_gap(text, found.end())
    return _attributes_of(items, at(start), at, findings), position + 1


def _skip_gap(text: str, position: int) -> int:
    """Return the offset after the spaces at `position`."""
    found = _GAP.match(text, position)
    return found.end() if found else position


def _end_of_broken(text: str, start: int) -> int:
    """Return the offset after the braces that open at `start`: after a closing brace, or at the end of the line."""
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    closing = text.find("}", start, line_end)
    return closing + 1 if closing >= 0 else line_end


def _with_guess(attributes: Attributes, text: str, position: int, at: Place) -> Attributes:
    """Return broken `attributes`, with the bare word at `position` as their class if they have none."""
    found = re.compile(NAME).match(text, position)
    if attributes.classes or found is None or text.startswith("=", found.end()):
        return attributes
    return Attributes((Word(found[0], at(position)),), attributes.ids, attributes.pairs, attributes.at, broken=True)


def _explain(text: str, position: int, start: int, at: Place) -> Finding:
    """Return the error for braces that open at `start` and cannot be read at `position`."""
    rest = text[position:].split("\n", 1)[0]
    name = re.compile(NAME).match(rest)
    if not rest:
        return error("attributes", "The braces are not closed.", at(start), "write } at the end, on the same line")
    if name and re.match(r'=\s*"', rest[name.end() :]):
        return error("attributes", f"The value of '{name[0]}' has no closing quotation mark.", at(position))
    if name and rest[name.end() :].startswith("="):
        hint = f'write {name[0]}="…" with straight quotation marks'
        return error("attributes", f"The value of '{name[0]}' is not in quotation marks.", at(position), hint)
    if name:
        message = f"'{name[0]}' is neither a class nor an attribute."
        return error(
            "attributes",
            message,
            at(position),
            f'for readers write for="{name[0]}"; a class begins with a dot: .{name[0]}',
        )
    return error("attributes", f"'{rest[0]}' is not understood here.", at(position), 'write {.class #id name="value"}')


def _attributes_of(
    items: Iterable[re.Match[str]], opening: Location, at: Place, findings: list[Finding], *, broken: bool = False
) -> Attributes:
    """Return the items of one pair of braces in their groups; repeated ones are findings."""
    classes, ids, pairs = [], [], []
    for item in items:
        if item["class"]:
            classes.append(Word(item["class"], at(item.start("class"))))
        elif item["id"]:
            ids.append(Word(unescaped(item["id"]), at(item.start("id"))))
        else:
            value = Word(unescaped(item["value"]), at(item.start("value")))
            pairs.append(_Pair(Word(item["name"], at(item.start("name"))), value))
    report_repeats(classes, findings)
    report_repeats((pair.name for pair in pairs), findings)
    findings.extend(error("repeated-attribute", "A second id.", extra.at, "give one id") for extra in ids[1:])
    return Attributes(tuple(classes), tuple(ids), tuple(pairs), opening, broken)


def report_repeats(words: Iterable[Word], findings: list[Finding]) -> None:
    """Add a finding for each repeated word."""
    seen: set[str] = set()
    for word in words:
        if word.text in seen:
            findings.append(error("repeated-attribute", f"'{word.text}' appears twice.", word.at, "write it once"))
        seen.add(word.text)


# ---------------------------------------------------------------- values

MOST_LINES = 30  # to write on, or rows to fill in
_SHARES = re.compile(r"[1-9](?: [1-9])*")
_NUMBER = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,2})?")
_WHOLE = re.compile(r"[0-9]{1,9}")


def parse_line_count(text: str) -> int:
    """Return the number of lines or rows in `text`, or 0 if it is not a number from 1 to MOST_LINES."""
    count = parse_whole_number(text) or 0
    return count if count <= MOST_LINES else 0


def parse_column_shares(text: str) -> tuple[int, ...]:
    """Return the relative widths of columns, from 1 to 9 each, or nothing if `text` has another form."""
    return tuple(map(int, text.split())) if _SHARES.fullmatch(text) else ()


def parse_whole_number(text: str) -> int | None:
    """Return `text` as a whole number of up to nine digits, or None."""
    return int(text) if _WHOLE.fullmatch(text) else None


def parse_number(text: str) -> float | None:
    """Return `text` as a number from 0 up, of up to nine digits and two decimals, or None."""
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
