"""Read the sources that can be cited into `Reference`s by key.

They stand in references.json (CSL-JSON), references.yaml (the same fields in plain form) and references.bib (BibTeX). A
project may have all three files; a duplicate key is an error with both places. Nothing is looked up on the network:
every source must be written in a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any, TypeAlias

from msgspec.structs import replace

from handouts.finding import Finding, Location, closest_name, error
from handouts.library import Reference
from handouts.load.content_keys import REFERENCES
from handouts.load.csl import (
    CSL_FIELDS,
    KEY_HINT,
    MAX_SOURCES,
    SOURCE_KEY,
    bare_doi_error,
    doi_alone_in,
    long_text_errors,
    organisation,
    person,
    printed_texts,
    reference_from_csl,
    too_many_error,
    unprinted_address_error,
)
from handouts.load.field_reader import FieldReader, open_fields
from handouts.load.files import SourceFolder, check_characters, exists_exactly, read_text
from handouts.load.yaml_nodes import MappingNode, SequenceNode, YamlNode, parse_yaml
from handouts.markdown.attributes import Word

_ID = re.compile(r'"id"\s*:\s*"(?P<key>[^"]*)"')

_CURLY_QUOTES = ("“", "”", "„")


def _read_json(text: str, file: str, findings: list[Finding]) -> dict[str, Reference] | None:
    """Return the sources by key, or None after an error that leaves the set of keys unknown."""
    try:
        entries = json.loads(text, object_pairs_hook=_unique_pairs)
    except json.JSONDecodeError as problem:
        findings.append(_explain_json_error(problem, file))
        return None
    except RecursionError:
        findings.append(error("too-deep", "This is nested far too deep.", Location(file, 1, 1), "see CSL-JSON"))
        return None
    except ValueError as problem:
        findings.append(error("json", f"This is not JSON: {problem}", Location(file, 1, 1), "give each key once"))
        return None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        alone = [entry for entry in entries if isinstance(entry, str) and doi_alone_in(entry)]
        findings.extend(
            bare_doi_error(doi_alone_in(entry), _location_at(max(text.find(entry), 0), text, file)) for entry in alone
        )
        if not alone:
            findings.append(error("json", "This needs a list of sources.", Location(file, 1, 1), "see CSL-JSON"))
        return None
    if len(entries) > MAX_SOURCES:
        findings.append(too_many_error(len(entries), Location(file, 1, 1)))
        return None
    references: dict[str, Reference] = {}
    nameless = False
    for number, entry in enumerate(entries, 1):
        reference = _read_reference(entry, number, text, file, findings)
        nameless = nameless or reference is None
        if reference and reference.key in references:
            message = f"The source '{reference.key}' appears twice."
            again = _id_location(reference.key, text, file, skip=1)
            findings.append(error("duplicate-key", message, again, f"the first is in line {reference.at.line}"))
        elif reference:
            references[reference.key] = reference
    return None if nameless else references


def _explain_json_error(problem: json.JSONDecodeError, file: str) -> Finding:
    """Return why a text is not JSON, with the location of a missing or superfluous comma."""
    text, next_sign = problem.doc, problem.doc[problem.pos : problem.pos + 1]
    before = text[: problem.pos].rstrip()
    if "',' delimiter" in problem.msg:
        return error("json", "A comma is missing.", _location_at(len(before), text, file), "write , here")
    if before.endswith(",") and next_sign in ("]", "}"):
        at = _location_at(len(before) - 1, text, file)
        return error("json", "A comma stands behind the last one.", at, "delete it")
    at = Location(file, problem.lineno, problem.colno)
    if next_sign in _CURLY_QUOTES:
        return error("json", "This quotation mark is curly.", at, 'write straight ones: "')
    return error("json", f"This is not JSON: {problem.msg}.", at, "see that commas and quotes are there")


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs of a JSON object. ValueError if a key is duplicate."""
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise ValueError(f"'{key}' appears twice.")
        seen[key] = value
    return seen


def _id_location(key: str, text: str, file: str, skip: int = 0) -> Location:
    """Return the location of an entry's id; `skip` entries with the same id are skipped."""
    found = [each for each in _ID.finditer(text) if each["key"] == key]
    if len(found) <= skip:
        return Location(file, 1, 1)
    return _location_at(found[skip].start("key"), text, file)


def _entry_location(number: int, text: str, file: str) -> Location:
    """Return where an entry in the list of sources begins; numbers start at 1."""
    start = end = text.index("[")
    for _ in range(number):
        start = text.index("{", end)
        end = json.JSONDecoder().raw_decode(text, start)[1]
    return _location_at(start, text, file)


def _location_at(offset: int, text: str, file: str) -> Location:
    """Return the location of an offset in the text of a file."""
    return Location(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _read_reference(
    entry: dict[str, Any], number: int, text: str, file: str, findings: list[Finding]
) -> Reference | None:
    """Return one source, or None after an error if it has no usable key."""
    key = entry.get("id")
    if not isinstance(key, str) or not SOURCE_KEY.fullmatch(key):
        begins, message = _entry_location(number, text, file), f"Source {number} has no usable id."
        findings.append(error("missing-key", message, begins, KEY_HINT))
        return None
    at = _id_location(key, text, file)
    reference = reference_from_csl(key, entry, at)
    if not reference.title:
        findings.append(_missing_title(key, entry, at, text))
    for value in printed_texts(reference):
        findings.extend(_relocate_finding(each, value, at, text) for each in check_characters(value, at))
    findings.extend(long_text_errors(reference))
    return reference


def _missing_title(key: str, entry: dict[str, Any], at: Location, text: str) -> Finding:
    """Return the error for a source without a title, at the key that was probably meant."""
    meant = closest_name("title", [name for name in entry if name not in CSL_FIELDS])
    start = text.find(f'"{meant}"', text.find(f'"{key}"')) if meant else -1
    place = _location_at(start, text, at.file) if start >= 0 else at
    hint = f'write "title" for "{meant}"' if meant else 'add "title": "…"'
    return error("missing-key", f"The source '{key}' has no title.", place, hint)


def _relocate_finding(found: Finding, value: str, entry: Location, text: str) -> Finding:
    """Return a finding about a character of a value at its place in the file, or at the entry if the character is
    escaped."""
    character = value[found.at.column - entry.column]
    start = sum(len(line) + 1 for line in text.split("\n")[: entry.line - 1])
    offset = text.find(character, start)
    if offset < 0 or character < " ":
        return replace(found, at=entry)
    return replace(found, at=_location_at(offset, text, entry.file))


# ---------------------------------------------------------------- references.yaml


def _read_yaml(text: str, file: str, findings: list[Finding]) -> dict[str, Reference] | None:
    """Return the sources by key, or None after an error that leaves the set of keys unknown."""
    node = parse_yaml(text, file, findings)
    alone = list(_dois_in(node))
    findings.extend(bare_doi_error(doi_alone_in(word.text), word.at) for word in alone)
    if node is None or not isinstance(node, MappingNode):
        if node is not None and not alone:
            open_fields(node, findings, REFERENCES)
        return None
    known = MappingNode(tuple(entry for entry in node.entries if entry[1] not in alone), node.at)
    if len(known.entries) > MAX_SOURCES:
        findings.append(too_many_error(len(known.entries), node.at))
        return None
    references = {}
    for key, source in open_fields(known, findings, REFERENCES).inside():
        if not SOURCE_KEY.fullmatch(key.text):
            findings.append(error("bad-name", f"'{key.text[:40]}' is not a key of a source.", key.at, KEY_HINT))
        references[key.text] = _reference_from_fields(key, source)
        findings.extend(long_text_errors(references[key.text]))
    return None if alone else references


def _dois_in(node: YamlNode | None) -> tuple[Word, ...]:
    """Return the values that are only a DOI instead of a source."""
    match node:
        case MappingNode():
            values: tuple[YamlNode, ...] = tuple(value for _, value in node.entries)
        case SequenceNode():
            values = node.items
        case _:
            values = (node,) if node else ()
    return tuple(value for value in values if isinstance(value, Word) and doi_alone_in(value.text))


def _reference_from_fields(key: Word, source: FieldReader) -> Reference:
    """Return a source written in plain fields."""
    entry: dict[str, Any] = {name: source.text(name) for name in CSL_FIELDS}
    names = [each.strip() for each in source.text("author").split(";") if each.strip()]
    for name in names:
        if name.count(",") > 1:
            message, hint = f"'{name[:40]}' is more than one name.", "write Family, Given; Family, Given"
            source.findings.append(error("wrong-type", message, source.place("author"), hint))
    people = [[part.strip() for part in name.split(",", 1)] for name in names]
    address, doi = source.text("URL"), source.text("DOI")
    if address and not address.startswith("https://"):
        source.findings.append(unprinted_address_error(address, source.place("URL")))
    custom = {"short_author": source.text("short-author"), "all_authors_listed": not source.boolean("more-authors")}
    entry.update(
        type=source.choice("type"),
        author=[person(*each) if each[1:] else organisation(each[0]) for each in people],
        issued={"date-parts": [[source.text("year")]]},
        DOI=doi_alone_in(doi) or doi,
        URL=address,
        custom=custom,
    )
    return reference_from_csl(key.text, entry, key.at)


# ---------------------------------------------------------------- all files


def _read_bibtex(text: str, file: str, findings: list[Finding]) -> dict[str, Reference] | None:
    """Return the sources by key, or None after an error that leaves the set of keys unknown."""
    from handouts.load.bibtex import read_bibtex  # most projects have no BibTeX file

    return read_bibtex(text, file, findings)


_Reader: TypeAlias = Callable[[str, str, list[Finding]], dict[str, Reference] | None]
_READERS: Mapping[str, _Reader] = {
    "references.json": _read_json,
    "references.yaml": _read_yaml,
    "references.bib": _read_bibtex,
}


def read_references(text: str, file: str, findings: list[Finding]) -> dict[str, Reference] | None:
    """Return the sources in the text of a file, whose name decides the format; None if it cannot be read."""
    return _READERS[PurePath(file).name](text, file, findings)


def load_references(folder: SourceFolder) -> dict[str, Reference] | None:
    """Return the sources that can be cited, empty if there are no files of sources; None if one cannot be read."""
    references: dict[str, Reference] = {}
    whole = True
    for name in _READERS:
        path = folder.path / name
        if not exists_exactly(path):
            continue
        text = read_text(folder, path, tabs=name != "references.yaml")
        found = None if text is None else read_references(text, path.as_posix(), folder.findings)
        whole = whole and found is not None
        for key, reference in (found or {}).items():
            if key in references:
                hint = f"the first is {references[key].at}: keep one of them"
                folder.error("duplicate-key", f"The source '{key}' appears twice.", reference.at, hint)
            references.setdefault(key, reference)
    return references if whole else None
