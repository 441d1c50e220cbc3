"""Explain every finding code: what it means, why it matters to a reader, and how to correct it, with examples.

The entries are YAML files in `entries/`, shipped with the program and trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

ENTRIES_FOLDER = Path(__file__).parent / "entries"
# The files of entries in the order in which they are listed, and what each is about.
GROUPS: Mapping[str, str] = {
    "reading": "Is it easy to read?",
    "wording": "Is it kind?",
    "sources": "Is it founded?",
    "access": "Can everybody read it?",
    "safety": "Is it safe?",
    "allowing": "What is allowed in place",
    "sections": "Sections, parts and readers",
    "typing": "How text is typed",
    "shown": "Figures, charts, pictures and fields",
    "settings": "Settings, sources and fixed words",
    "templates": "Templates",
    "layout": "Pages and slides",
    "verify": "What reading a finished file back finds",
    "recipients": "Tables of recipients",
    "review": "What reviewers have written in Word",
    "files": "Files, folders and options",
}
# What an example is a piece of, in words; "text" stands anywhere in a part.
EXAMPLE_PLACES: Mapping[str, str] = {
    "text": "in a text",
    "section": "in a section",
    "topic.yaml": "in topic.yaml",
    "service.yaml": "in content/service.yaml",
    "audiences.yaml": "in content/audiences.yaml",
    "references.json": "in content/references.json",
    "template": "in templates/handout.md.j2",
    "theme": "in a file of templates/themes",
    "words": "in templates/words/en.yaml",
}


class Explanation(Struct, frozen=True):
    """What one code means: `severity` is error, warning, or both; `wrong` and `right` are the same lines of `where`.

    All texts but the examples are plain prose. Examples are empty where words alone say it. `allow` is never where a
    rule looks at settings, in which nothing can be allowed.
    """

    code: str
    group: str
    severity: str
    what: str
    why: str
    mend: str
    where: str = ""
    wrong: str = ""
    right: str = ""
    allow: str = ""

    @property
    def place(self) -> str:
        """Where the example stands, in words."""
        return EXAMPLE_PLACES.get(self.where, "")


def explanations() -> Mapping[str, Explanation]:
    """Return what is said of each code, by code, group by group."""
    return {each.code: each for group in GROUPS for each in _load_entries(group)}


def explanation_as_data(entry: Explanation, *, allowable: bool) -> dict[str, object]:
    """Return what is said of one code as data for JSON."""
    return {**asdict(entry), "where": entry.place, "allow": "in place" if allowable else "never"}


def _load_entries(group: str) -> tuple[Explanation, ...]:
    """Return the entries of one file."""
    import yaml

    text = (ENTRIES_FOLDER / f"{group}.yaml").read_text(encoding="utf-8")
    entries: dict[str, dict[str, str]] = yaml.safe_load(text)
    return tuple(Explanation(code, group, **{"severity": "error", **said}) for code, said in entries.items())
