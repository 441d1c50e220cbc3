"""The facts of a project as a form: each key of its settings with what it is for, its value, and what it may be.

The shapes by which settings are read, the names that there are and a node of YAML come in, data for JSON comes out.
What has no simple field, such as limits of reading by kind of text, is left to the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from handouts.load.content_keys import AUDIENCES, CONTACTS, SERVICE, TOPIC
from handouts.load.json_schema import Names
from handouts.load.value_shapes import AnyText, Choice, Day, Flag, Key, Keys, ListOf, Name, Number, Shape
from handouts.load.yaml_nodes import MappingNode, SequenceNode, YamlNode
from handouts.markdown.attributes import Word

_Field = dict[str, Any]
_Place = tuple[str | int, ...]
_SHAPES: Mapping[str, Shape] = {"service": SERVICE, "contacts": CONTACTS, "audiences": AUDIENCES, "topic": TOPIC}
_LONGEST = 500  # characters in a field that has no bound of its own


def facts_kind(path: str) -> str:
    """Return what a file of settings, named below content, holds that has a form, or "" if it is none."""
    *folders, name = path.split("/")
    match folders, name.removesuffix(".yaml"):
        case [], ("service" | "audiences") as kind if name.endswith(".yaml"):
            return kind
        case ["contacts"], _ if name.endswith(".yaml"):
            return "contacts"
        case [_], "topic" if name.endswith(".yaml"):
            return "topic"
    return ""


def fields_of(kind: str, node: YamlNode, names: Names) -> list[_Field]:
    """Return the fields of a file; none if it is written as something else than its kind."""
    form = _Form(names)
    match _SHAPES[kind], node:
        case ListOf(item=Keys() as keys) as shape, SequenceNode():
            return [form.listed(shape, keys, node.items, ())]
        case Keys(others=Keys() as each), MappingNode():
            return [form.field(name.text, Key(each, ""), node, ()) for name, _ in node.entries]
        case Keys() as keys, MappingNode():
            return form.inside(keys, node, ())
    return []


class _Form(Struct, frozen=True):
    """A form that is made; `names` are the names in the project, by what they are names of."""

    names: Names

    def inside(self, keys: Keys, node: YamlNode | None, place: _Place) -> list[_Field]:
        """Return the fields of a mapping, or those of one that is not there yet."""
        mapping = node if isinstance(node, MappingNode) else None
        return [self.field(name, key, mapping, place) for name, key in keys.known.items()]

    def field(self, name: str, key: Key, mapping: MappingNode | None, place: _Place) -> _Field:
        """Return the field of one key."""
        entry = next((each for each in (mapping.entries if mapping else ()) if each[0].text == name), None)
        node = entry[1] if entry else None
        return {
            "at": [*place, name],
            "what": key.what,
            "required": key.required,
            "there": entry is not None,
            "places": [_place(each) for each in entry or ()],
            **self._input(key.shape, node, (*place, name)),
        }

    def listed(self, shape: ListOf, keys: Keys, found: Sequence[YamlNode], place: _Place) -> _Field:
        """Return the field of a list of mappings, with the fields of one that is to be added."""
        items = [
            {"at": [*place, number], "places": [_place(each)], "fields": self.inside(keys, each, (*place, number))}
            for number, each in enumerate(found)
        ]
        blank = self.inside(keys, None, (*place, len(items)))
        return {"kind": "items", "at": list(place), "items": items, "blank": blank, "most": shape.most}

    def _input(self, shape: Shape, node: YamlNode | None, place: _Place) -> _Field:
        """Return of what kind the field of a value is, with the value and what it may be."""
        text = node.text if isinstance(node, Word) else "" if node is None else None
        items = () if not text and text is not None else node.items if isinstance(node, SequenceNode) else None
        options = self._options(shape.item if isinstance(shape, ListOf) else shape)
        match shape:
            case Flag() if text in ("", "true", "false"):
                return {"kind": "flag", "value": text == "true"}
            case Choice() | Name() if text is not None:
                chosen = [] if text in options or not text else [text]
                return {"kind": "choice" if options else "text", "value": text, "options": [*options, *chosen]}
            case Day() | AnyText() | Number() if text is not None:
                most = shape.most if isinstance(shape, AnyText) else 0
                return {"kind": "day" if isinstance(shape, Day) else "text", "value": text, "most": most or _LONGEST}
            case ListOf(item=Keys(alone="") as keys) if items is not None and _all_are(items, MappingNode):
                return self.listed(shape, keys, items, place)
            case ListOf(item=AnyText() | Number() | Choice() | Name()) if items is not None and _all_are(items, Word):
                value = [each.text for each in items if isinstance(each, Word)]
                unknown = [each for each in value if each not in options]
                return {"kind": "ticks" if options else "lines", "value": value, "options": [*options, *unknown]}
            case Keys(others=None, alone="") if (not text and items is None) or node is None:
                if not all(isinstance(key.shape, Keys) for key in shape.known.values()):
                    return {"kind": "group", "fields": self.inside(shape, node, place)}
        return {"kind": "text-only"}

    def _options(self, shape: Shape) -> tuple[str, ...]:
        """Return what can be chosen, none if anything can be written."""
        match shape:
            case Choice():
                return shape.values
            case Name():
                return tuple(self.names.get(shape.what, ()))
        return ()


def _all_are(items: Sequence[YamlNode], kind: type[YamlNode]) -> bool:
    """True if all items are of a kind."""
    return all(isinstance(each, kind) for each in items)


def _place(node: YamlNode) -> tuple[int, int]:
    """Return the line and the column in which a key or a value begins."""
    return node.at.line, node.at.column
