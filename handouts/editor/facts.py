"""The facts of a project, such as its name, its phone number and whom to call: shown as forms, and changed one by one.

A `Session` and a file of settings come in; data for JSON comes out: each key with its purpose, value and options. A
change is one value of one file, saved like a text, and never over a change from elsewhere. What has no simple field,
such as reading limits by kind of text, can only be edited as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, cast

from msgspec import Struct
from msgspec.structs import replace

from handouts.editor.new_sources import SourceRequest, text_with_source
from handouts.editor.session import Session
from handouts.editor.source_files import ChangedElsewhereError
from handouts.editor.yaml_edits import YamlValue, change_yaml, with_entry
from handouts.finding import Finding, HandoutError, Location, error, is_error
from handouts.load import load_draft
from handouts.load.content_keys import AUDIENCES, CONTACTS, SERVICE, TOPIC
from handouts.load.json_schema import Names, load_names
from handouts.load.value_shapes import AnyText, Choice, Day, Flag, Key, Keys, ListOf, Name, Number, Shape
from handouts.load.yaml_nodes import MappingNode, SequenceNode, YamlNode, parse_yaml
from handouts.markdown.attributes import Word
from handouts.pipeline.fingerprints import list_visible_files
from handouts.pipeline.output import write_new_files
from handouts.pipeline.scaffold import open_workplace
from handouts.pipeline.scaffold_pieces import audience_entry
from handouts.pipeline.schemas import renew_schemas

_SOURCE_FILES = ("references.yaml", "references.json")  # those that a source is added to, the first that is there
_MOST_PLACES = 20  # findings that say where an audience is still named
_Field = dict[str, Any]
_Place = tuple[str | int, ...]
_SHAPES: Mapping[str, Shape] = {"service": SERVICE, "contacts": CONTACTS, "audiences": AUDIENCES, "topic": TOPIC}
_LONGEST = 500  # characters in a field that has no bound of its own


class FactRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A value to change, None to remove it: its place in a file, and the hash of the file as the page last saw it."""

    path: str
    base: str
    at: tuple[str | int, ...]
    value: str | list[str] | dict[str, str | list[str]] | None


class AudienceRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The title of an audience to add."""

    title: str


def fact_files(session: Session) -> dict[str, Any]:
    """Return the files that have a form and the kind of each, in the order in which they are shown."""
    names = sorted(each.relative_to(session.content).as_posix() for each in list_visible_files(session.content))
    known = [{"path": f"{session.content.name}/{each}", "kind": _kind_of_settings(each)} for each in names]
    order = ("service", "contacts", "topic", "audiences")
    return {"files": sorted((each for each in known if each["kind"]), key=lambda each: order.index(each["kind"]))}


def facts_in(session: Session, path: str) -> dict[str, Any]:
    """Return the form of a file, and the findings in it. HandoutError if it has no form, or is not valid YAML."""
    known = session.files.read(path)
    kind = _kind_of(session, path)
    findings: list[Finding] = []
    node = parse_yaml(known["text"], path, findings)
    if node is None:
        hint = "open its text: “To mend” says what is wrong"
        raise HandoutError(*findings, error("usage", "This file cannot be shown as a form.", Location(path), hint))
    fields = _fields_of(kind, node, load_names(session.content, session.templates))
    wrong = [each for each in session.findings_as_data(session.state().findings) if each["file"] == path]
    return {"path": path, "kind": kind, "hash": known["hash"], "fields": fields, "findings": wrong}


def change_fact(session: Session, request: FactRequest) -> dict[str, str]:
    """Change one value in a file. ChangedElsewhereError if the file has changed; HandoutError if it cannot be."""
    known = session.files.read(request.path)
    kind = _kind_of(session, request.path)
    if known["hash"] != request.base:
        raise ChangedElsewhereError(known["hash"], known["text"])
    if kind == "audiences" and len(request.at) == 1 and request.value is None:
        _require_unused(session, str(request.at[0]))
    changed = change_yaml(known["text"], request.path, request.at, cast("YamlValue | None", request.value))
    return session.files.write(request.path, request.base, changed)


def add_audience(session: Session, request: AudienceRequest) -> dict[str, str]:
    """Add an audience to audiences.yaml, and return its name. HandoutError if it exists or has no usable title."""
    session.files.require_editable()
    place = open_workplace(Path.cwd(), session.home, needed=True)
    name, entry = audience_entry(request.title, place)
    path = f"{session.content.name}/audiences.yaml"
    saved = session.files.change(path, lambda text: with_entry(text, path, entry))
    if place.project:
        renew_schemas(place.project)
    return {**saved, "name": name}


def _require_unused(session: Session, audience: str) -> None:
    """Raise HandoutError with the places that name an audience, if there are any."""
    known = {(found.code, found.at) for found in session.state().findings}
    library = load_draft(session.content, session.templates, without=audience)
    named = [found.at for found in library.findings if is_error(found) and (found.code, found.at) not in known]
    chosen = (word for each in library.sets.values() for word in each.choices.get("audience", ()))
    places = tuple(dict.fromkeys((*named, *(word.at for word in chosen if word.text == audience))))
    if places:
        names = f"{len(places)} place{' names' if len(places) == 1 else 's name'} them as '{audience}'"
        message = f"These readers cannot be taken out: {names}."
        at = Location(f"{session.content.name}/audiences.yaml")
        here = (replace(each, file=session.name_of(each.file)) for each in places[:_MOST_PLACES])
        raise HandoutError(
            error("usage", message, at, f"first take '{audience}' out of there"),
            *(error("usage", f"'{audience}' is named here.", each) for each in here),
        )


def _kind_of(session: Session, path: str) -> str:
    """Return the kind of form for a file of the project. HandoutError if it has none."""
    pure = PurePosixPath(path)
    home = PurePosixPath(session.content.name)
    kind = _kind_of_settings(pure.relative_to(home).as_posix()) if pure.is_relative_to(home) else ""
    if not kind:
        raise HandoutError(error("usage", "There is no form for this file.", Location(path[:200]), "open its text"))
    return kind


def add_source(session: Session, request: SourceRequest) -> dict[str, str]:
    """Add a source to the file of sources, and return its key. HandoutError if it exists or cannot be added."""
    session.files.require_editable()
    library = session.state().library
    there = next((each for each in _SOURCE_FILES if (session.content / each).is_file()), "")
    path = f"{session.content.name}/{there or _SOURCE_FILES[0]}"
    before = session.files.read(path) if there else {"text": "", "hash": ""}
    key, text = text_with_source(before["text"], path, request, library.sources if library else {})
    if there:
        saved = session.files.write(path, before["hash"], text)
    else:
        write_new_files(session.home, {path: text.encode()})
        saved = session.files.note_new(path)
    return {**saved, "key": key}


# ---------------------------------------------------------------- forms


def _kind_of_settings(path: str) -> str:
    """Return the kind of form for a file, whose path is relative to content; "" if there is none."""
    *folders, name = path.split("/")
    match folders, name.removesuffix(".yaml"):
        case [], ("service" | "audiences") as kind if name.endswith(".yaml"):
            return kind
        case ["contacts"], _ if name.endswith(".yaml"):
            return "contacts"
        case [_], "topic" if name.endswith(".yaml"):
            return "topic"
    return ""


def _fields_of(kind: str, node: YamlNode, names: Names) -> list[_Field]:
    """Return the fields of a file; none if its YAML does not have the structure of its kind."""
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
    """Makes the fields of a form; `names` are the names that the project has, by kind."""

    names: Names

    def inside(self, keys: Keys, node: YamlNode | None, place: _Place) -> list[_Field]:
        """Return the fields of a mapping; blank ones if there is no mapping yet."""
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
        """Return the field of a list of mappings, with blank fields for a further one."""
        items = [
            {"at": [*place, number], "places": [_place(each)], "fields": self.inside(keys, each, (*place, number))}
            for number, each in enumerate(found)
        ]
        blank = self.inside(keys, None, (*place, len(items)))
        return {"kind": "items", "at": list(place), "items": items, "blank": blank, "most": shape.most}

    def _input(self, shape: Shape, node: YamlNode | None, place: _Place) -> _Field:
        """Return the kind of input for a value, with the value and its options."""
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
        """Return the values to choose from; none if any text is allowed."""
        match shape:
            case Choice():
                return shape.values
            case Name():
                return tuple(self.names.get(shape.what, ()))
        return ()


def _all_are(items: Sequence[YamlNode], kind: type[YamlNode]) -> bool:
    """True if all items are nodes of one kind."""
    return all(isinstance(each, kind) for each in items)


def _place(node: YamlNode) -> tuple[int, int]:
    """Return the line and the column in which a key or a value begins."""
    return node.at.line, node.at.column
