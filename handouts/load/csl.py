"""Make a `Reference` from the CSL fields of a source, for all three kinds of source file.

Reads only the fields that are printed; `compose` decides how they are printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from handouts.finding import Finding, Location, error
from handouts.library import Reference
from handouts.load.field_reader import one_line

SOURCE_KEY = re.compile(r"[A-Za-z0-9][\w:.#$%&+?<>~/-]*")
KEY_HINT = "give it an id such as yen2021"
MAX_SOURCES, MAX_SOURCE_CHARACTERS = 2_000, 1_000
CSL_FIELDS: Mapping[str, str] = {
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
_DOI = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:[ ]*)?(?P<doi>10\.\d{4,9}/[^\s\"'{}]+)", re.IGNORECASE)


def reference_from_csl(key: str, entry: Mapping[str, Any], at: Location) -> Reference:
    """Return the source that an entry describes; `at` is the location of its key."""
    authors = entry.get("author")
    people = tuple(each for each in authors if isinstance(each, dict)) if isinstance(authors, list) else ()
    own = entry.get("custom")
    custom = own if isinstance(own, dict) else {}
    short = _csl_text(custom.get("short_author"))
    return Reference(
        key=key,
        kind=_csl_text(entry.get("type")),
        authors=tuple(_author_name(each) for each in people),
        families=(short,) if short else tuple(_family_name(each) for each in people),
        more=not custom.get("all_authors_listed", True),
        year=_year_of(entry),
        target=_target_of(entry),
        at=at,
        **{field: _csl_text(entry.get(name)) for name, field in CSL_FIELDS.items()},
    )


def printed_texts(reference: Reference) -> tuple[str, ...]:
    """Return the texts of a source that are printed."""
    fields = (getattr(reference, field) for field in CSL_FIELDS.values())
    return (*fields, *reference.authors, *(each for each in reference.families if each not in reference.authors))


def long_text_errors(reference: Reference) -> Iterator[Finding]:
    """Yield an error for each text of a source that is too long."""
    for value in (*printed_texts(reference), reference.target):
        if len(value) > MAX_SOURCE_CHARACTERS:
            message = f"A text of the source '{reference.key}' has {len(value)} characters."
            yield error("long-text", message, reference.at, f"{MAX_SOURCE_CHARACTERS} are the most")


def too_many_error(count: int, at: Location) -> Finding:
    """Return the error for a file with too many sources."""
    return error("too-many", f"There are {count} sources.", at, f"keep those that are cited: at most {MAX_SOURCES}")


def doi_alone_in(text: str) -> str:
    """Return the bare DOI if the text is only a DOI or its address, else ""."""
    found = _DOI.fullmatch(text.strip().rstrip("."))
    return found["doi"] if found else ""


def bare_doi_error(doi: str, at: Location) -> Finding:
    """Return the error for a DOI without the rest of the source: nothing is looked up on the network."""
    message = f"A DOI alone names no author and no title, and nothing is fetched from the network: {doi}."
    hint = (
        f"open https://citation.doi.org, enter {doi}, choose the style bibtex, and paste what comes, from @ to the "
        "last }, into content/references.bib in place of this line"
    )
    return error("bare-doi", message, at, hint)


def unprinted_address_error(address: str, at: Location) -> Finding:
    """Return the error for an address that is not printed because it does not begin with https://."""
    message = f"'{address[:60]}' is not an address that is printed."
    return error("link-target", message, at, "write an address that begins with https://")


def person(family: str, given: str, suffix: str = "") -> dict[str, str]:
    """Return a person as a CSL author."""
    return {"family": family, "given": given, "suffix": suffix}


def organisation(name: str) -> dict[str, str]:
    """Return an organisation as a CSL author."""
    return {"literal": name}


def _csl_text(value: object) -> str:
    """Return a CSL-JSON value as text."""
    return one_line(str(value)) if isinstance(value, str | int) else ""


def _author_name(author: Mapping[str, Any]) -> str:
    """Return a name as lists of sources print it: "Foxhall M"."""
    if author.get("literal"):
        return _csl_text(author["literal"])
    initials = "".join(part[0] for part in re.split(r"[\s.-]+", _csl_text(author.get("given"))) if part)
    return " ".join(part for part in (_family_name(author), initials, _csl_text(author.get("suffix"))) if part)


def _family_name(author: Mapping[str, Any]) -> str:
    """Return a name without its initials: "De Smet"."""
    if author.get("literal"):
        return _csl_text(author["literal"])
    parts = (_csl_text(author.get("non-dropping-particle")), _csl_text(author.get("family")))
    return " ".join(part for part in parts if part)


def _year_of(entry: Mapping[str, Any]) -> str:
    """Return the year in which a source appeared, or ""."""
    match entry.get("issued"):
        case {"date-parts": [[year, *_], *_]}:
            return _csl_text(year)
    return ""


def _target_of(entry: Mapping[str, Any]) -> str:
    """Return the address of a source: its DOI, or else its own address if that is https."""
    doi, address = _csl_text(entry.get("DOI")), _csl_text(entry.get("URL"))
    if doi:
        return f"https://doi.org/{doi}"
    return address if address.startswith("https://") else ""
