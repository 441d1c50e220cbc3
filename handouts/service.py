"""The provider of the material: the service itself, or the recipient of a copy.

`load` makes these values from service.yaml or from the rows of a table, and `compose` prints them; empty fields are not
printed. Must never read a file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Outlines, Pixels
from handouts.finding import NOWHERE, Finding, Location, error, suggest_name

# The maximum characters of each field, so that it fits its place, and the maximum number of local lines.
MAX_FIELD_CHARACTERS: Mapping[str, int] = {
    "name": 80,
    "phone": 30,
    "address": 140,
    "hours": 100,
    "logo": 200,
    "lines": 600,
    "web": 80,
}
MAX_LOCAL_LINES = 5
WEB_ADDRESS = re.compile(r"https://[^\s<>\"]+")
# Common names and ISO 3166 codes of countries whose contacts have another code.
_COUNTRY_ALIASES: Mapping[str, str] = {
    **dict.fromkeys(("gb", "gbr", "united kingdom", "great britain", "england", "scotland", "wales"), "UK"),
    **dict.fromkeys(("usa", "united states"), "US"),
    "ireland": "IE",
    "canada": "CA",
    "australia": "AU",
    "new zealand": "NZ",
}


class Condition(Struct, frozen=True):
    """The full and the short name of a condition."""

    name: str
    short: str


class LocalLine(Struct, frozen=True):
    """An additional local phone number and who answers it."""

    name: str
    number: str


class Service(Struct, frozen=True):
    """The service that hands out the material, and its print settings; `country_at` is where the country is set.

    `condition` is the name that the service uses for the condition of `condition_topics`, or of all topics if that is
    empty.
    """

    name: str = ""
    phone: str = ""
    country: str = ""
    paper: str = "a4"
    theme: str = ""
    spelling: str = "british"
    condition: Condition | None = None
    at: Location = NOWHERE
    address: str = ""
    hours: str = ""
    logo: Pixels | Outlines | None = None
    lines: tuple[LocalLine, ...] = ()
    country_at: Location = NOWHERE
    condition_topics: tuple[str, ...] = ()
    web: str = ""

    def for_topic(self, topic: str) -> Service:
        """Return the service for one topic: without its `condition` if that is for other topics."""
        other = self.condition_topics and topic not in self.condition_topics
        return replace(self, condition=None) if other else self


class Recipient(Struct, frozen=True):
    """One row of a table: the provider of one copy. `row` counts as a spreadsheet does, with the headings in row 1."""

    row: int
    name: str
    phone: str = ""
    address: str = ""
    hours: str = ""
    logo: Pixels | Outlines | None = None
    lines: tuple[LocalLine, ...] = ()
    at: Location = NOWHERE
    web: str = ""


class RecipientTable(Struct, frozen=True):
    """All rows of a table, its columns as (heading, field), and warnings.

    `files` are all files that were read: the table and the logos. `shown` is a preview: each column, printed or not,
    with its heading and its first cells.
    """

    rows: tuple[Recipient, ...]
    columns: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...] = ()
    files: tuple[Path, ...] = ()
    shown: tuple[tuple[str, ...], ...] = ()


def unknown_country_error(name: str, countries: Collection[str], at: Location = NOWHERE) -> Finding:
    """Return the error for an unknown country."""
    return error("unknown-country", f"There is no country '{name}'.", at, suggest_country(name, countries))


def suggest_country(name: str, countries: Collection[str]) -> str:
    """Return a hint with the country code that `name` probably means, or with all codes."""
    code = _COUNTRY_ALIASES.get(name.casefold(), "")
    return f"write {code}" if code in countries else suggest_name(name, countries)


def web_address_error(address: str, at: Location) -> Finding | None:
    """Return the error for an address that does not begin with https://; None if it does, or if it is empty."""
    if not address or WEB_ADDRESS.fullmatch(address):
        return None
    message = f"'{address}' is not an address that is allowed here."
    bare = address.rsplit("://", maxsplit=1)[-1]
    hint = f"write https://{bare}, and try it" if re.fullmatch(r"[\w.-]+\.[^\s<>\"]+", bare) else "write https://…"
    return error("link-target", message, at, hint)


# Whatever can be printed on a copy as its provider.
Provider: TypeAlias = Service | Recipient
