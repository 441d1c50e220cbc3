"""The shapes of what stands in YAML files, as data: which keys there are, what each is for, and what its value may be.

`field_reader` reads by them, and `json_schema` makes of them what editors complete and underline by. The shapes of
content are in `content_keys`, those of templates in `template_keys`. Must never read a node or a file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct


class AnyText(Struct, frozen=True):
    """Any text; one that is `filled` is never empty, and `most` characters are the most, if that is said.

    `pattern` is what the whole text matches; `places` are the names in braces that are filled in, all of them; `hint`
    is what to write where one of both is not so.
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
    """true or false; false if there is none."""


class Day(Struct, frozen=True):
    """A date as YYYY-MM-DD, or nothing unless it is `filled`."""

    filled: bool = False


class Choice(Struct, frozen=True):
    """One of `values`, `default` if there is none; `what` and `code` are said of a value that is not one of them."""

    what: str
    values: tuple[str, ...]
    default: str = ""
    code: str = "unknown-value"


class Name(Struct, frozen=True):
    """The name of something of the project, such as an audience; one that is `filled` is never empty."""

    what: str
    filled: bool = False

    @property
    def code(self) -> str:
        """The code of the finding for a name that there is not."""
        return f"unknown-{self.what}"


class ListOf(Struct, frozen=True):
    """A list of values of one shape, `most` at the most if that is said; `or_one` may stand without a list."""

    item: Shape
    most: int = 0
    or_one: bool = False


class Keys(Struct, frozen=True):
    """Keys with values: those that are known, and if any other may stand, the shape of the values of `others`.

    If the other keys are names, `named` says of what, as it is said of one that is no name. A text in place of the keys
    is the value of the key `alone`.
    """

    known: Mapping[str, Key] = {}
    others: Shape | None = None
    named: str = ""
    alone: str = ""

    @property
    def required(self) -> tuple[str, ...]:
        """The keys that must be there."""
        return tuple(name for name, key in self.known.items() if key.required)

    def shape_of(self, name: str) -> Shape | None:
        """Return the shape of the value of a key, or None if there is no such key."""
        return self.known[name].shape if name in self.known else self.others


class ByAudience(Struct, frozen=True):
    """A value of the shape `each` for all audiences, or one for each of them by its name."""

    each: Shape


Shape: TypeAlias = AnyText | Number | Flag | Day | Choice | Name | ListOf | Keys | ByAudience


class Key(Struct, frozen=True):
    """One key: the shape of its value, what it is for in one sentence, and whether it must be there."""

    shape: Shape
    what: str
    required: bool = False


def required(shape: Shape, what: str) -> Key:
    """Return a key that must be there."""
    return Key(shape, what, required=True)
