"""Add a source to the text of a file of sources, from the fields of a form; nothing is fetched.

The existing text stays as it is, character for character, and the result is parsed again before it is returned.
"""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from itertools import chain, count
from string import ascii_lowercase
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import NOWHERE, Finding, HandoutError, Location, error, raise_errors
from handouts.library import Reference
from handouts.load.csl import doi_alone_in, organisation, person
from handouts.load.references import read_references

_YAML_HEAD = "# yaml-language-server: $schema=../.vscode/schemas/references.json\n"
_YEAR = re.compile(r"\d{4}")
_FIRST_ENTRY = re.compile(r"\[\n(?P<entry> *)\{\n(?P<field> *)\S")
_LONG_WORD = 4
_UNUSUAL = re.compile(r"[^a-z0-9]")


class SourceRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of a new source. `authors` has one author a line: Family, Given, or an organisation."""

    title: str
    authors: str = ""
    year: str = ""
    kind: str = "article-journal"
    container: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    doi: str = ""
    address: str = ""


def text_with_source(text: str, file: str, request: SourceRequest, known: Mapping[str, Reference]) -> tuple[str, str]:
    """Return the key of a new source, and the text of the file with the source at the end; `text` is "" for a new file.

    HandoutError if a field is wrong, if the source is `known`, or if it cannot be added to the file as it is written.
    """
    raise_errors(tuple(_check(request, known)))
    key, entry = _free_key(request, known), _csl_entry(request)
    changed = _in_json(text, {"id": key, **entry}) if file.endswith(".json") else _in_yaml(text, key, request, entry)
    before, after = _sources_in(text, file) if text else {}, _sources_in(changed, file)
    if before is None or after is None or list(after.items())[:-1] != list(before.items()) or list(after)[-1] != key:
        message = "A source cannot be added to this file, as it is written."
        raise HandoutError(error("usage", message, Location(file), "add it to the text of the file"))
    return key, changed


def _check(request: SourceRequest, known: Mapping[str, Reference]) -> Iterator[Finding]:
    """Yield the errors in the fields of a source; the location of each is the name of the field."""
    if not request.title:
        yield error("usage", "The title is missing.", Location("title"), "write what the source is called")
    if request.year and not _YEAR.fullmatch(request.year):
        yield error(
            "usage", f"'{request.year[:20]}' is not a year.", Location("year"), "write four digits, such as 2021"
        )
    if request.address and not request.address.startswith("https://"):
        yield error("usage", "This address cannot be printed.", Location("address"), "begin it with https://")
    doi = doi_alone_in(request.doi)
    if request.doi and not doi:
        yield error(
            "usage", f"'{request.doi[:80]}' is not a DOI.", Location("doi"), "it begins with 10., such as 10.1000/182"
        )
    targets = {each.target.lower(): key for key, each in known.items()}
    if there := targets.get(f"https://doi.org/{doi}".lower()):
        yield error("usage", f"This source is there: '{there}'.", Location("doi"), f"write [@{there}] to cite it")


def _free_key(request: SourceRequest, known: Collection[str]) -> str:
    """Return an unused key: the family name of the first author, or a word of the title, and the year."""
    word = next((each for each in request.title.split() if len(each) >= _LONG_WORD), "")
    first = request.authors.strip().partition("\n")[0].partition(",")[0] or word
    plain = unicodedata.normalize("NFKD", first.casefold())
    name = f"{_UNUSUAL.sub('', plain)[:40] or 'source'}{request.year}"
    others = chain(ascii_lowercase, (f"-{number}" for number in count(2)))
    return next(each for each in chain((name,), (name + end for end in others)) if each not in known)


def _csl_entry(request: SourceRequest) -> dict[str, Any]:
    """Return a source in CSL-JSON, without empty fields."""
    names = [each.split(",", 1) for each in request.authors.splitlines() if each.strip()]
    people = [[part.strip() for part in each] for each in names]
    authors = [person(*each) if each[1:] else organisation(each[0]) for each in people]
    entry = {
        "type": request.kind,
        "title": request.title,
        "author": [{name: part for name, part in each.items() if part} for each in authors],
        "container-title": request.container,
        "issued": {"date-parts": [[int(request.year)]]} if request.year else {},
        "volume": request.volume,
        "issue": request.issue,
        "page": request.pages,
        "publisher": request.publisher,
        "DOI": doi_alone_in(request.doi),
        "URL": request.address,
    }
    return {name: value for name, value in entry.items() if value}


def _in_json(text: str, entry: Mapping[str, Any]) -> str:
    """Return a JSON list of sources with one more, indented like the first one."""
    found = _FIRST_ENTRY.search(text)
    outer = found["entry"] if found else ""
    step = len(found["field"]) - len(outer) if found else 1
    head = text.rstrip().removesuffix("]").rstrip()
    comma = "" if head.endswith("[") else ","
    written = textwrap.indent(json.dumps(entry, indent=step, ensure_ascii=False), outer)
    return f"{head}{comma}\n{written}{text[len(head) :]}"


def _in_yaml(text: str, key: str, request: SourceRequest, entry: Mapping[str, Any]) -> str:
    """Return a YAML mapping of sources with one more."""
    author = "; ".join(" ".join(each.split()) for each in request.authors.splitlines() if each.strip())
    fields = {
        **{name: each for name, each in entry.items() if name != "issued"},
        "year": request.year,
        "author": author,
    }
    lines = [f"  {name}: {json.dumps(each, ensure_ascii=False)}\n" for name, each in fields.items() if each]
    gap = "" if not text or text.endswith("\n") else "\n"
    return f"{text or _YAML_HEAD}{gap}\n{key}:\n{''.join(lines)}"


def _sources_in(text: str, file: str) -> dict[str, Reference] | None:
    """Return the sources of a text without their locations; None if it has errors."""
    findings: list[Finding] = []
    read = read_references(text, file, findings)
    return None if read is None or findings else {key: replace(each, at=NOWHERE) for key, each in read.items()}
