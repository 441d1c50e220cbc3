"""Read the sources of references.json (CSL-JSON) into `Reference`s by key, with findings at the line of the
entry.

Only the fields that are printed are read; how they are printed is for `compose`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from msgspec.structs import replace

from handouts.finding import Finding, Location, closest_name, error
from handouts.library import Reference
from handouts.load.files import SourceFolder, check_characters, exists_exactly, read_text
from handouts.load.schema import one_line

_SOURCE_KEY = re.compile(r"[A-Za-z0-9][\w:.#$%&+?<>~/-]*")
_CURLY_QUOTES = ("“", "”", "„")
MAX_SOURCES, MAX_SOURCE_CHARACTERS = 2_000, 1_000
_CSL_FIELDS = {
    "title": "title",
    "container-title": "container",
    "volume": "volume",
    "issue": "issue",
    "page": "pages",
    "publisher": "publisher",
    "publisher-place": "town",
    "edition": "edition",
    "genre": "genre",
    "number": "number",
}


def _read_references(text: str, file: str, findings: list[Finding]) -> dict[str, Reference] | None:
    """Return the sources by key, or None after a finding if it is not known which there are."""
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
        findings.append(error("json", "This needs a list of sources.", Location(file, 1, 1), "see CSL-JSON"))
        return None
    if len(entries) > MAX_SOURCES:
        message = f"There are {len(entries)} sources."
        hint = f"keep those that are cited: at most {MAX_SOURCES}"
        findings.append(error("too-many", message, Location(file, 1, 1), hint))
        return None
    references: dict[str, Reference] = {}
    nameless = False
    for number, entry in enumerate(entries, 1):
        reference = _read_reference(entry, number, text, file, findings)
        nameless = nameless or reference is None
        if reference and reference.key in references:
            message = f"The source '{reference.key}' is there twice."
            again = _id_location(reference.key, text, file, skip=1)
            findings.append(error("duplicate-key", message, again, f"the first is in line {reference.at.line}"))
        elif reference:
            references[reference.key] = reference
    return None if nameless else references


def _explain_json_error(problem: json.JSONDecodeError, file: str) -> Finding:
    """Return why a text is not JSON; with the place of a comma that is missing or too many."""
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
    """Return the pairs of a JSON object. ValueError if a key is there twice."""
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise ValueError(f"'{key}' is there twice.")
        seen[key] = value
    return seen


def _id_location(key: str, text: str, file: str, skip: int = 0) -> Location:
    """Return where the id of an entry stands; `skip` entries of the same id are passed over."""
    found = list(re.finditer(rf'"id"\s*:\s*"(?P<key>{re.escape(key)})"', text))
    if len(found) <= skip:
        return Location(file, 1, 1)
    return _location_at(found[skip].start("key"), text, file)


def _entry_location(number: int, text: str, file: str) -> Location:
    """Return where an entry of a list of sources begins; the first has number 1."""
    start = end = text.index("[")
    for _ in range(number):
        start = text.index("{", end)
        end = json.JSONDecoder().raw_decode(text, start)[1]
    return _location_at(start, text, file)


def _location_at(offset: int, text: str, file: str) -> Location:
    """Return the place of an offset in the text of a file."""
    return Location(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _read_reference(
    entry: dict[str, Any], number: int, text: str, file: str, findings: list[Finding]
) -> Reference | None:
    """Return one source, or None after a finding if it has no usable key."""
    key = entry.get("id")
    if not isinstance(key, str) or not _SOURCE_KEY.fullmatch(key):
        begins, message = _entry_location(number, text, file), f"Source {number} has no usable id."
        findings.append(error("missing-key", message, begins, "give it an id such as yen2021"))
        return None
    at = _id_location(key, text, file)
    values = {field: _csl_text(entry.get(name)) for name, field in _CSL_FIELDS.items()}
    if not values["title"]:
        findings.append(_missing_title(key, entry, at, text))
    authors = entry.get("author")
    people = tuple(each for each in authors if isinstance(each, dict)) if isinstance(authors, list) else ()
    names = tuple(_author_name(each) for each in people)
    own = entry.get("custom")
    custom = own if isinstance(own, dict) else {}
    short = _csl_text(custom.get("short_author"))
    for value in (*values.values(), *names, short):
        findings.extend(_relocate_finding(each, value, at, text) for each in check_characters(value, at))
    for value in (*values.values(), *names, _target_of(entry)):
        if len(value) > MAX_SOURCE_CHARACTERS:
            message = f"A text of the source '{key}' has {len(value)} characters."
            findings.append(error("long-text", message, at, f"{MAX_SOURCE_CHARACTERS} are the most"))
    return Reference(
        key=key,
        kind=_csl_text(entry.get("type")),
        authors=names,
        families=(short,) if short else tuple(_family_name(each) for each in people),
        more=not custom.get("all_authors_listed", True),
        year=_year_of(entry),
        target=_target_of(entry),
        at=at,
        **values,
    )


def _missing_title(key: str, entry: dict[str, Any], at: Location, text: str) -> Finding:
    """Return the finding for a source without a title, at the key that may be meant as one."""
    meant = closest_name("title", [name for name in entry if name not in _CSL_FIELDS])
    start = text.find(f'"{meant}"', text.find(f'"{key}"')) if meant else -1
    place = _location_at(start, text, at.file) if start >= 0 else at
    hint = f'write "title" for "{meant}"' if meant else 'add "title": "…"'
    return error("missing-key", f"The source '{key}' has no title.", place, hint)


def _relocate_finding(found: Finding, value: str, entry: Location, text: str) -> Finding:
    """Return a finding about a character of a value with its place in the file; that of the entry if it is escaped."""
    character = value[found.at.column - entry.column]
    start = sum(len(line) + 1 for line in text.split("\n")[: entry.line - 1])
    offset = text.find(character, start)
    if offset < 0 or character < " ":
        return replace(found, at=entry)
    return replace(found, at=_location_at(offset, text, entry.file))


def _csl_text(value: object) -> str:
    """Return a value of CSL-JSON as words."""
    return one_line(str(value)) if isinstance(value, str | int) else ""


def _author_name(author: dict[str, Any]) -> str:
    """Return a name as lists of sources print it: "Foxhall M"."""
    if author.get("literal"):
        return _csl_text(author["literal"])
    initials = "".join(part[0] for part in re.split(r"[\s.-]+", _csl_text(author.get("given"))) if part)
    return " ".join(part for part in (_family_name(author), initials) if part)


def _family_name(author: dict[str, Any]) -> str:
    """Return a name without its initials: "De Smet"."""
    if author.get("literal"):
        return _csl_text(author["literal"])
    parts = (_csl_text(author.get("non-dropping-particle")), _csl_text(author.get("family")))
    return " ".join(part for part in parts if part)


def _year_of(entry: dict[str, Any]) -> str:
    """Return the year in which a source appeared, or ""."""
    match entry.get("issued"):
        case {"date-parts": [[year, *_], *_]}:
            return _csl_text(year)
    return ""


def _target_of(entry: dict[str, Any]) -> str:
    """Return the address of a source: its DOI, or its own address if that is https."""
    doi, address = _csl_text(entry.get("DOI")), _csl_text(entry.get("URL"))
    if doi:
        return f"https://doi.org/{doi}"
    return address if address.startswith("https://") else ""


def load_references(folder: SourceFolder) -> dict[str, Reference] | None:
    """Return the sources that can be cited; none if there is no file of them, None if it cannot be read."""
    path = folder.path / "references.json"
    if not exists_exactly(path):
        return {}
    text = read_text(folder, path, tabs=True)
    return None if text is None else _read_references(text, path.as_posix(), folder.findings)
