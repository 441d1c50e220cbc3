"""Give a template its context: parts that can only be placed, sections, and plain values by name.

A selection in; the values for Jinja2 out. An unknown name, or a part used as text, raises `HandoutError`; the
environment adds the template's line. Names that begin with _ are closed to templates. Must never import
Jinja2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import NoReturn, SupportsIndex

from handouts.finding import HandoutError, error, suggest_name
from handouts.library import SectionKind
from handouts.select import SelectedPart, SelectedSection, Selection

# What a template may print of each owner.
CONTEXT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "audience": ("name", "title", "cover", "label"),
    "topic": ("name", "title", "version", "published", "licence"),
    "service": ("name", "phone", "country"),
}
_MARKDOWN_SIGNS = re.compile(r'[\\`*_{}\[\]<>"|#!~@:&]')
_WHITESPACE = re.compile("[ \n]+")
_LINE_START_SIGN = re.compile(r"(?:[-+=•▪◦●○■·–—]|[0-9]+(?=[.)]))")


def template_error(code: str, message: str, hint: str) -> HandoutError:
    """Return the error that stops a template; `environment` adds the line."""
    return HandoutError(error(code, message, hint=hint))


class Placeable:
    """A part of a section in a template: it can be placed with {{ }}, and asked whether it is there."""

    __slots__ = ("_name", "_number")

    def __init__(self, name: str, number: int) -> None:
        self._name, self._number = name, number

    def number(self) -> int:
        """Return the number of the part in its mark."""
        return self._number

    def _refusal(self) -> HandoutError:
        message = f"The part '{self._name}' is used as text."
        return template_error("part-as-text", message, f"place it alone: {{{{ section.{self._name} }}}}")

    def _refuse(self, *_: object) -> NoReturn:
        raise self._refusal()

    __str__ = __repr__ = __format__ = __html__ = __len__ = __iter__ = __contains__ = __getitem__ = _refuse

    def __bool__(self) -> bool:
        return True


class _NamedValues:
    """Values by name; an unknown name is refused, with the nearest known one."""

    __slots__ = ("_values", "_what")

    def __init__(self, what: str, values: Mapping[str, object]) -> None:
        self._what, self._values = what, values

    def __getitem__(self, name: str) -> object:
        if name not in self._values:
            message = f"There is no '{name}' in {self._what}."
            raise template_error("unknown-name", message, suggest_name(str(name), self._values))
        return self._values[name]

    def _refuse(self, *_: object) -> NoReturn:
        raise template_error("template", f"Here {self._what} is used as text.", "print a value of it, by its name")

    __str__ = __repr__ = __format__ = _refuse


class _Sections:
    """The sections of a selection, in order."""

    __slots__ = ("_kinds", "_sections")

    def __init__(
        self, sections: Sequence[tuple[SelectedSection, _NamedValues]], kinds: Mapping[str, SectionKind]
    ) -> None:
        self._sections, self._kinds = tuple(sections), kinds

    def __iter__(self) -> Iterator[_NamedValues]:
        return (names for _, names in self._sections)

    def __len__(self) -> int:
        return len(self._sections)

    def __getitem__(self, index: SupportsIndex) -> _NamedValues:
        return self._sections[index][1]

    def _refuse(self, *_: object) -> NoReturn:
        raise template_error("template", "Here all sections are used as text.", "write {% for section in sections %}")

    __str__ = __repr__ = __format__ = _refuse

    def of(self, kind: str) -> tuple[_NamedValues, ...]:
        """Return the sections of one kind."""
        if kind not in self._kinds:
            hint = suggest_name(kind, self._kinds)
            raise template_error("unknown-kind", f"There is no kind of section '{kind}'.", hint)
        return tuple(names for section, names in self._sections if section.kind == kind)

    def get(self, name: str) -> _NamedValues | None:
        """Return the section with this id, or None if this reader has none."""
        return next((names for section, names in self._sections if section.id == name), None)


def escape_markdown(text: str) -> str:
    """Return `text` so that Markdown prints it as it is, in a sentence, at the start of a line, or in an attribute."""
    flat = _MARKDOWN_SIGNS.sub(lambda found: "\\" + found[0], _WHITESPACE.sub(" ", text).strip(" "))
    first = _LINE_START_SIGN.match(flat)
    if first is None:
        return flat
    return f"{first[0]}\\{flat[first.end() :]}" if first[0].isdigit() else f"\\{flat}"


def placeable_parts(selection: Selection, template: str) -> tuple[SelectedPart, ...]:
    """Return the parts that a template may place, in the order of their numbers."""
    return tuple(part for section in selection.sections for part in _placeable_parts_in(section, template))


def _placeable_parts_in(section: SelectedSection, template: str) -> Iterator[SelectedPart]:
    """Yield the parts of a section that a template may place."""
    return (part for part in section.parts if not part.templates or template in part.templates)


def template_values(selection: Selection, template: str) -> dict[str, object]:
    """Return the values for a template; the parts that it may place are numbered in their order."""
    numbers = count()
    sections = []
    for section in selection.sections:
        kind = selection.library.kinds[section.kind]
        values: dict[str, object] = {
            **dict.fromkeys(kind.parts),
            **dict.fromkeys(kind.attributes, ""),
            **dict(section.attributes),
            "kind": section.kind,
            "id": section.id,
            "number": section.number,
            "minutes": f"{section.minutes:g}" if section.minutes else "",
            "priority": section.priority,
            "until": section.until or "",
            "place": section.place,
            **{part.name: Placeable(part.name, next(numbers)) for part in _placeable_parts_in(section, template)},
        }
        sections.append((section, _NamedValues(f"a section of kind {section.kind}", values)))
    owners = {"audience": selection.audience, "topic": selection.topic, "service": selection.library.service}
    plain = {owner: {key: getattr(owners[owner], key) for key in keys} for owner, keys in CONTEXT_FIELDS.items()}
    plain["words"] = dict(selection.words.entries)
    names = {owner: _NamedValues(owner, values) for owner, values in plain.items()}
    return {**names, "sections": _Sections(sections, selection.library.kinds)}
