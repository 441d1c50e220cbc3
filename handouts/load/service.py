"""The settings file of the service that hands the material out, with its logo.

Takes the node of the file, gives the service, and gathers findings. Only the logo is a file of its own.
"""

from __future__ import annotations

from collections.abc import Collection

from handouts.document import Outlines, Pixels
from handouts.finding import Finding, Span, error
from handouts.load.facts import read_condition
from handouts.load.files import Folder
from handouts.load.reading import Reading, open_fields
from handouts.load.settings import Items, Node
from handouts.markdown.attributes import Word
from handouts.service import LONGEST, MOST_LINES, LocalLine, Service, unknown_country

KEYS = ("name", "phone", "country", "paper", "theme", "spelling", "condition", "address", "hours", "logo", "lines")
SPELLINGS = ("british", "american")
PAPERS = ("a4", "letter", "a5")
PICTURES = "pictures"


def read_service(node: Node | None, folder: Folder) -> Service:
    """Return who hands the material out; `folder` is that of content, in which the logo lies."""
    reading = open_fields(node, folder.findings, (), KEYS)
    return Service(
        name=bounded(reading, "name"),
        phone=bounded(reading, "phone"),
        country=reading.text("country"),
        paper=reading.choice("paper", PAPERS, "unknown-value", "paper", "a4"),
        theme=reading.text("theme"),
        spelling=reading.choice("spelling", SPELLINGS, "unknown-value", "spelling", "british"),
        condition=read_condition(reading),
        at=reading.at,
        address=bounded(reading, "address"),
        hours=bounded(reading, "hours"),
        logo=read_logo(reading, folder),
        lines=read_lines(reading),
        country_at=reading.place("country"),
    )


def bounded(reading: Reading, key: str, longest: str = "") -> str:
    """Return a text that stands where it belongs; a longer one is a finding."""
    text = reading.text(key)
    if is_too_long(text, longest or key):
        reading.findings.append(too_long(key, longest or key, reading.place(key)))
    return text


def is_too_long(text: str, field: str) -> bool:
    """True if a text has more characters than there is room for in its place."""
    return len(text) > LONGEST[field]


def too_long(name: str, field: str, at: Span) -> Finding:
    """Return the finding for a text that has no room in its place; what it says is not repeated."""
    message = f"'{name}' has more than {LONGEST[field]} characters."
    return error("field-too-long", message, at, "shorten it: nothing is cut off in silence")


def read_logo(reading: Reading, folder: Folder) -> Pixels | Outlines | None:
    """Return the logo, if there is one; without one, nothing is imported."""
    name = bounded(reading, "logo")
    if not name or len(name) > LONGEST["logo"]:
        return None
    from handouts.load.pictures import load_picture

    return load_picture(folder, folder.path / PICTURES, Word(name, reading.place("logo")))


def read_lines(reading: Reading) -> tuple[LocalLine, ...]:
    """Return the numbers near the reader that are not the service's own."""
    node = reading.node("lines")
    if node is None or not isinstance(node, Items):
        reading.texts("lines")  # which says that it is no list
        return ()
    if len(node.items) > MOST_LINES:
        message = f"There are {len(node.items)} lines."
        reading.findings.append(error("too-many", message, node.at, f"{MOST_LINES} are the most"))
        return ()
    inside = [open_fields(item, reading.findings, ("name", "number")) for item in node.items]
    return tuple(LocalLine(line_name(each), line_number(each)) for each in inside)


def line_name(reading: Reading) -> str:
    """Return who answers a line."""
    reading.needed("name")
    return bounded(reading, "name")


def line_number(reading: Reading) -> str:
    """Return the number of a line."""
    reading.needed("number")
    return bounded(reading, "number", "phone")


def check_service(
    service: Service, file: Reading, countries: Collection[str], themes: Collection[str], findings: list[Finding]
) -> None:
    """Gather findings for a country or a theme of the service that there is not."""
    if service.country and service.country not in countries:
        findings.append(unknown_country(service.country, countries, service.country_at))
    if not service.theme:
        hint = f"known: {', '.join(sorted(themes))}"
        findings.append(error("missing-key", "'theme' is missing.", file.at, hint))
    file.choice("theme", themes, "unknown-theme", "theme")
