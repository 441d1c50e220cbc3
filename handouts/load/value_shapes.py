"""The types that describe YAML files as data: which keys a file has, what each is for, and what its value may be.

`field_reader` reads by these shapes, and `json_schema` turns them into schemas for editors. The shapes of content are
in `content_keys`, those of templates in `template_keys`. Must never read a node or a file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct


class AnyText(Struct, frozen=True):
    """Any text; it may not be empty if `filled`, nor longer than `most` characters if `most` is not 0.

    The whole text matches `pattern`, and contains all `places`, which are placeholder names in braces. `hint` says what
    to write otherwise.
    """

    filled: bool = False
    most: int = 0
    pattern: str = ""
    places: tuple[str, ...] = ()
    hint: str = ""


class Number(Struct, frozen=True):
    """A number from `least` to `most`."""

    least: float = -math.inf
    most: float = math.inf
    whole: bool = False


class Flag(Struct, frozen=True):
    """true or false; false if the key is missing."""


class Day(Struct, frozen=True):
    """A date as YYYY-MM-DD; it may be empty unless `what` says, for an error, which date to write."""

    what: str = ""


class Choice(Struct, frozen=True):
    """One of `values`, or `default` if the key is missing; `what` and `code` describe the error for any other value."""

    what: str
    values: tuple[str, ...]
    default: str = ""
    code: str = "unknown-value"


class Name(Struct, frozen=True):
    """The name of something in the project, such as an audience; it may not be empty if `filled`."""

    what: str
    filled: bool = False

    @property
    def code(self) -> str:
        """The code of the error for an unknown name."""
        return f"unknown-{self.what}"


class ListOf(Struct, frozen=True):
    """A list of values of one shape, at most `most` if that is not 0; `or_one` allows a single value without a list."""

    item: Shape
    most: int = 0
    or_one: bool = False


class Keys(Struct, frozen=True):
    """A mapping: its known keys, and the shape of the values of all `others` if other keys are allowed.

    If the other keys are names, `named` says of what, for error messages. A plain text instead of a mapping is taken as
    the value of the key `alone`.
    """

    known: Mapping[str, Key] = {}
    others: Shape | None = None
    named: str = ""
    alone: str = ""

    @property
    def required(self) -> tuple[str, ...]:
        """The keys that are required."""
        return tuple(name for name, key in self.known.items() if key.required)

    def shape_of(self, name: str) -> Shape | None:
        """Return the shape of the value of a key, or None if the key is unknown."""
        return self.known[name].shape if name in self.known else self.others


class ByAudience(Struct, frozen=True):
    """A value of shape `each` for all audiences, or a mapping from audience to value."""

    each: Shape


Shape: TypeAlias = AnyText | Number | Flag | Day | Choice | Name | ListOf | Keys | ByAudience


class Key(Struct, frozen=True):
    """One key: the shape of its value, what it is for in one sentence, and whether it is required."""

    shape: Shape
    what: str
    required: bool = False


def required(shape: Shape, what: str) -> Key:
    """Return a required key."""
    return Key(shape, what, required=True)
