"""Make JSON Schemas from the shapes of YAML files, so that editors complete, explain and check them.

Takes the shapes of `content_keys` and `template_keys` and the names in a project; returns data for JSON (draft 7). A
schema is never stricter than the loader: ids of sections and key points are in no schema, since one schema serves all
topics.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct

from handouts.library import needs_with_words
from handouts.load.content_keys import (
    AUDIENCES,
    BUILD_SETS,
    CONTACTS,
    REFERENCES,
    REVIEWS,
    SECTION_KINDS,
    SERVICE,
    SPELLINGS,
    TERMS,
    TOPIC,
    WORDING_RULES,
)
from handouts.load.file_names import MAX_NAME_CHARACTERS, NAME_PATTERN
from handouts.load.files import SourceFolder, list_folders
from handouts.load.settings_files import countries_in
from handouts.load.template_keys import ACCENT, EXTENDING_THEME, THEME, WORDS
from handouts.load.templates import load_fixed_words, load_templates, load_topic_words
from handouts.load.themes import load_themes
from handouts.load.topics import TOPIC_FILE
from handouts.load.value_shapes import AnyText, ByAudience, Choice, Day, Flag, Keys, ListOf, Name, Number, Shape
from handouts.load.yaml_nodes import MappingNode, load_yaml

_Schema: TypeAlias = dict[str, Any]
# The names declared in a project, by what they name.
Names: TypeAlias = Mapping[str, Collection[str]]

_DRAFT = "http://json-schema.org/draft-07/schema#"


class _FileShape(Struct, frozen=True):
    """One kind of file: the `name` of its schema, its shape, and the `files` of a project of that kind."""

    name: str
    shape: Keys | ListOf
    files: tuple[str, ...]


FILE_SHAPES = (
    _FileShape("audiences", AUDIENCES, ("content/audiences.yaml",)),
    _FileShape("build", BUILD_SETS, ("content/build.yaml",)),
    _FileShape("contacts", CONTACTS, ("content/contacts/*.yaml",)),
    _FileShape("kinds", SECTION_KINDS, ("content/kinds.yaml",)),
    _FileShape("references", REFERENCES, ("content/references.yaml",)),
    _FileShape("reviews", REVIEWS, ("content/*/reviews.yaml",)),
    _FileShape("service", SERVICE, ("content/service.yaml",)),
    _FileShape("spellings", SPELLINGS, ("content/spellings.yaml",)),
    _FileShape("terms", TERMS, ("content/terms.yaml",)),
    _FileShape("own-theme", EXTENDING_THEME, ("content/themes/*.yaml", "templates/themes/plain-meadow.yaml")),
    _FileShape("theme", THEME, ("templates/themes/settling-line.yaml",)),
    _FileShape("topic", TOPIC, ("content/*/topic.yaml",)),
    _FileShape("wording", WORDING_RULES, ("content/wording/*.yaml",)),
    _FileShape("words", WORDS, ("templates/words/*.yaml", "content/*/*/words.yaml")),
)


def make_json_schemas(content: Path, templates: Path) -> Mapping[str, _Schema]:
    """Return the schema of each kind of file by its name, with the names declared in two folders."""
    names = load_names(content, templates)
    return {
        each.name: {"$schema": _DRAFT, "title": ", ".join(each.files), **_define_once(_schema_of(each.shape, names))}
        for each in FILE_SHAPES
    }


def load_names(content: Path, templates: Path) -> Names:
    """Return the names declared in a project, as far as its files can be read; errors are reported elsewhere."""
    written, layout = SourceFolder(content, []), SourceFolder(templates, [])
    audiences = load_yaml(written, content / "audiences.yaml", needed=False)
    topics = [path for path in list_folders(content) if (path / TOPIC_FILE).is_file()]
    themes = load_themes(layout, written).values()
    words = load_fixed_words(layout)
    homes = [home for path in topics for home in list_folders(path) if home.name in words]
    spoken = (*words.values(), *(load_topic_words(written, home, words[home.name])[0] for home in homes))
    return {
        "audience": [key.text for key, _ in audiences.entries] if isinstance(audiences, MappingNode) else (),
        "topic": [path.name for path in topics],
        "country": countries_in(content),
        "language": list(words),
        "need": _in_order(need for each in spoken for need in needs_with_words(each)),
        "template": sorted(load_templates(layout, ())),
        "theme": [each.name for each in themes],
        "accent": _in_order(name for each in themes for name in each.accents),
        "density": _in_order(name for each in themes for name in each.densities),
        "edition": _in_order(name for each in themes for name in each.editions),
        "paper": _in_order(name for each in themes for name in each.papers),
        "colour": _in_order((*(role for each in themes for role in each.colours), *ACCENT.known)),
    }


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return `names` without duplicates, in their order."""
    return tuple(dict.fromkeys(names))


def _schema_of(shape: Shape, names: Names) -> _Schema:
    """Return the schema of a value; YAML may read a number where the loader reads every value as text."""
    match shape:
        case AnyText():
            return _text_schema(shape)
        case Number():
            bounds = {"minimum": shape.least, "maximum": shape.most}
            finite = {key: bound for key, bound in bounds.items() if math.isfinite(bound)}
            return {"type": "integer" if shape.whole else "number", **finite}
        case Flag():
            return {"type": "boolean", "default": False}
        case Day():
            days = r"^\d{4}-\d{2}-\d{2}$" if shape.what else r"^(\d{4}-\d{2}-\d{2})?$"
            kinds = "string" if shape.what else ["string", "null"]
            return {"type": kinds, "pattern": days, "patternErrorMessage": "Write it as 2026-11-23."}
        case Choice():
            return {"enum": list(shape.values), **({"default": shape.default} if shape.default else {})}
        case Name():
            known = list(names.get(shape.what, ()))
            return {"enum": known if shape.filled else [*known, ""]} if known else _text_schema(AnyText())
        case ListOf():
            item = _schema_of(_filled(shape.item), names)
            most = {"maxItems": shape.most} if shape.most else {}
            listed = {"type": ["array", "null"], "items": item, **most}
            return {"anyOf": [item, listed]} if shape.or_one else listed
        case Keys():
            keys = _keys_schema(shape, names)
            return {"anyOf": [_schema_of(shape.known[shape.alone].shape, names), keys]} if shape.alone else keys
        case ByAudience():
            each = _schema_of(shape.each, names)
            by_name = {"type": "object", "additionalProperties": each}
            readers = _schema_of(Name("audience", filled=True), names)
            return {"anyOf": [each, {**by_name, "propertyNames": readers}]}


def _filled(shape: Shape) -> Shape:
    """Return the shape of a list item: a name that may not be empty."""
    return Name(shape.what, filled=True) if isinstance(shape, Name) else shape


def _text_schema(shape: AnyText) -> _Schema:
    """Return the schema of a text."""
    pattern = _places_pattern(shape.places) if shape.places else f"^{shape.pattern}$" if shape.pattern else ""
    kinds = ["string"] if pattern else ["string", "number"]
    return {
        "type": kinds if shape.filled or pattern else [*kinds, "null"],
        **({"minLength": 1} if shape.filled else {}),
        **({"maxLength": shape.most} if shape.most else {}),
        **({"pattern": pattern} if pattern else {}),
        **({"patternErrorMessage": shape.hint} if shape.hint else {}),
    }


def _places_pattern(places: Collection[str]) -> str:
    """Return the pattern of a text with each of `places` in braces, and no other braces."""
    each = "".join(rf"(?=[\s\S]*\{{{re.escape(place)}\}})" for place in places)
    others = "|".join(map(re.escape, places))
    return rf"^{each}([^{{}}]|\{{\{{|\}}\}}|\{{({others})\}})*$"


def _define_once(schema: _Schema) -> _Schema:
    """Return a schema in which repeated mappings, such as type styles, are moved to its definitions."""
    counts = Counter(_keys_in(schema))
    definitions: dict[str, str] = {}

    def shortened(part: Any) -> Any:
        if isinstance(part, list):
            return [shortened(each) for each in part]
        if not isinstance(part, dict):
            return part
        said = {"description": part["description"]} if "description" in part else {}
        whole = _undescribed(part)
        if counts[whole] > 1:
            name = definitions.setdefault(whole, f"keys-{len(definitions) + 1}")
            return {**said, "$ref": f"#/definitions/{name}"}
        return {key: shortened(each) for key, each in part.items()}

    short: _Schema = shortened(schema)
    named: dict[str, Any] = {}
    while len(named) < len(definitions):
        whole, name = list(definitions.items())[len(named)]
        named[name] = {key: shortened(each) for key, each in json.loads(whole).items()}
    return {**short, **({"definitions": named} if named else {})}


def _keys_in(part: Any) -> Iterator[str]:
    """Yield the schema of each mapping inside `part`, as JSON without its description."""
    if isinstance(part, dict) and "properties" in part and part.get("type") == "object":
        yield _undescribed(part)
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _keys_in(each)


def _undescribed(part: _Schema) -> str:
    """Return a schema as JSON without its description."""
    return json.dumps({key: each for key, each in part.items() if key != "description"})


def _keys_schema(keys: Keys, names: Names) -> _Schema:
    """Return the schema of a mapping."""
    properties = {name: {"description": key.what, **_schema_of(key.shape, names)} for name, key in keys.known.items()}
    name_form = {"pattern": f"^{NAME_PATTERN.pattern}$", "maxLength": MAX_NAME_CHARACTERS}
    return {
        "type": "object",
        **({"required": list(keys.required)} if keys.required else {}),
        **({"properties": properties} if properties else {}),
        "additionalProperties": _schema_of(keys.others, names) if keys.others else False,
        **({"propertyNames": name_form} if keys.named else {}),
    }
