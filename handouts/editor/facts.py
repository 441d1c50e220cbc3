"""The facts of a project, such as its name, its phone number and whom to call: shown as forms, and changed one by one.

What the server is asked about the settings of a `Session` comes in, data for JSON comes out. A change is one value of
one file, saved like a text: never over what was changed elsewhere.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any, cast

from msgspec import Struct
from msgspec.structs import replace

from handouts.editor.fact_forms import facts_kind, fields_of
from handouts.editor.new_sources import SourceWish, text_with_source
from handouts.editor.session import Session
from handouts.editor.source_files import ChangedElsewhereError
from handouts.editor.yaml_edits import YamlValue, change_yaml, with_entry
from handouts.finding import Finding, HandoutError, Location, error, is_error
from handouts.load import load_draft
from handouts.load.json_schema import load_names
from handouts.load.yaml_nodes import parse_yaml
from handouts.pipeline.fingerprints import list_visible_files
from handouts.pipeline.new_files import write_new_files
from handouts.pipeline.scaffold import open_workplace
from handouts.pipeline.scaffold_pieces import audience_entry
from handouts.pipeline.schemas import renew_schemas

_SOURCE_FILES = ("references.yaml", "references.json")  # those that a source is added to, the first that is there
_MOST_PLACES = 20  # that are told


class FactWish(Struct, frozen=True, forbid_unknown_fields=True):
    """A value to change: the place in its file, and the hash of what the page knows of that; None takes it away."""

    path: str
    base: str
    at: tuple[str | int, ...]
    value: str | list[str] | dict[str, str | list[str]] | None


class AudienceWish(Struct, frozen=True, forbid_unknown_fields=True):
    """Readers to add: what they are called."""

    title: str


def fact_files(session: Session) -> dict[str, Any]:
    """Return the files that have a form, with what each holds, in the order in which they are shown."""
    names = sorted(each.relative_to(session.content).as_posix() for each in list_visible_files(session.content))
    known = [{"path": f"{session.content.name}/{each}", "kind": facts_kind(each)} for each in names]
    order = ("service", "contacts", "topic", "audiences")
    return {"files": sorted((each for each in known if each["kind"]), key=lambda each: order.index(each["kind"]))}


def facts_in(session: Session, path: str) -> dict[str, Any]:
    """Return the form of a file, with what is wrong in it. HandoutError if it has none, or is no YAML."""
    known = session.files.read(path)
    kind = _kind_of(session, path)
    findings: list[Finding] = []
    node = parse_yaml(known["text"], path, findings)
    if node is None:
        hint = "open its text: “To mend” says what is wrong"
        raise HandoutError(*findings, error("usage", "This file cannot be shown as a form.", Location(path), hint))
    fields = fields_of(kind, node, load_names(session.content, session.templates))
    wrong = [each for each in session.findings_as_data(session.state().findings) if each["file"] == path]
    return {"path": path, "kind": kind, "hash": known["hash"], "fields": fields, "findings": wrong}


def change_fact(session: Session, wish: FactWish) -> dict[str, str]:
    """Change one value in a file. ChangedElsewhereError if it holds something else; HandoutError if it cannot be."""
    known = session.files.read(wish.path)
    kind = _kind_of(session, wish.path)
    if known["hash"] != wish.base:
        raise ChangedElsewhereError(known["hash"], known["text"])
    if kind == "audiences" and len(wish.at) == 1 and wish.value is None:
        _require_unused(session, str(wish.at[0]))
    changed = change_yaml(known["text"], wish.path, wish.at, cast("YamlValue | None", wish.value))
    return session.files.write(wish.path, wish.base, changed)


def add_audience(session: Session, wish: AudienceWish) -> dict[str, str]:
    """Add readers to audiences.yaml, and return their name. HandoutError if they are there, or cannot be called so."""
    session.files.require_editable()
    place = open_workplace(Path.cwd(), session.home, needed=True)
    name, entry = audience_entry(wish.title, place)
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
    """Return what a file holds, named from the project. HandoutError if it has no form."""
    pure = PurePosixPath(path)
    home = PurePosixPath(session.content.name)
    kind = facts_kind(pure.relative_to(home).as_posix()) if pure.is_relative_to(home) else ""
    if not kind:
        raise HandoutError(error("usage", "There is no form for this file.", Location(path[:200]), "open its text"))
    return kind


def add_source(session: Session, wish: SourceWish) -> dict[str, str]:
    """Write a source into the file of sources, and return its key. HandoutError if it is there, or cannot be read."""
    session.files.require_editable()
    library = session.state().library
    there = next((each for each in _SOURCE_FILES if (session.content / each).is_file()), "")
    path = f"{session.content.name}/{there or _SOURCE_FILES[0]}"
    before = session.files.read(path) if there else {"text": "", "hash": ""}
    key, text = text_with_source(before["text"], path, wish, library.sources if library else {})
    if there:
        saved = session.files.write(path, before["hash"], text)
    else:
        write_new_files(session.home, {path: text.encode()})
        saved = session.files.note_new(path)
    return {**saved, "key": key}
