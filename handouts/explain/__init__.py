"""Explain every finding code, and everything that can be written: blocks, figures, fields and signs.

The entries are YAML files, shipped with the program and trusted: `entries/` says what each code means, why it matters
and how to correct it; `blocks/` says what each block is, with text to paste, and docs/gallery.md is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

ENTRIES_FOLDER, _BLOCKS_FOLDER = Path(__file__).parent / "entries", Path(__file__).parent / "blocks"
# The files of entries in the order in which they are listed, and the title of each.
GROUPS: Mapping[str, str] = {
    "reading": "Is it easy to read?",
    "wording": "Is it kind?",
    "sources": "Does it have sources?",
    "access": "Can everybody read it?",
    "safety": "Is it safe?",
    "allowing": "What you allow in one place",
    "sections": "Sections, parts and readers",
    "typing": "How you type text",
    "shown": "Figures, charts, pictures and fields",
    "settings": "Settings, sources and fixed words",
    "templates": "Templates",
    "layout": "Pages and slides",
    "verify": "What the program finds in a finished file",
    "recipients": "Tables of recipients",
    "review": "What reviewers write in Word",
    "files": "Files, folders and options",
}
# Where an example stands; "text" is anywhere in a part.
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


SIGNS = "signs"
# The files of blocks in the order in which they are listed, and the title of each.
BLOCK_GROUPS: Mapping[str, str] = {
    "sentence": "Inside a sentence",
    "blocks": "Blocks of a text",
    "figures": "Figures",
    "fields": "Fields of a worksheet",
}


class Explanation(Struct, frozen=True):
    """What one code means: `severity` is error, warning, or both.

    `wrong` and `right` are the same lines in the file that `where` names, both "" if prose says enough. `allow` is
    "never" for rules about settings, where no finding can be allowed in place.
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
        """Where the example stands, in words; "" if there is none."""
        return EXAMPLE_PLACES.get(self.where, "")


def explanations() -> Mapping[str, Explanation]:
    """Return the explanations by code, group by group."""
    return {
        code: Explanation(code, group, **{"severity": "error", **said})
        for group in GROUPS
        for code, said in _read_yaml(ENTRIES_FOLDER / f"{group}.yaml").items()
    }


def explanation_as_data(entry: Explanation, *, allowable: bool) -> dict[str, object]:
    """Return an explanation as data for JSON; an `allowable` code can be allowed in place."""
    return {**asdict(entry), "where": entry.place, "allow": "in place" if allowable else "never"}


class BlockEntry(Struct, frozen=True):
    """One block: what it is, and a sample to paste.

    `takes` explains what may stand in its braces, `keys` the words of a figure (those in brackets are optional), and
    `limits` everything else a writer needs to know.
    """

    name: str
    group: str
    what: str
    paste: str
    takes: Mapping[str, str] = {}
    keys: Mapping[str, str] = {}
    limits: tuple[str, ...] = ()


def block_entries() -> tuple[BlockEntry, ...]:
    """Return the entries of all blocks, group by group."""
    return tuple(
        BlockEntry(name, group, **{**said, "limits": tuple(said.get("limits", ()))})
        for group in BLOCK_GROUPS
        for name, said in _read_yaml(_BLOCKS_FOLDER / f"{group}.yaml").items()
    )


def sign_words() -> Mapping[str, str]:
    """Return the alternative text of each sign."""
    return _read_yaml(_BLOCKS_FOLDER / f"{SIGNS}.yaml")


def _read_yaml(file: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file."""
    from msgspec import yaml  # with the parser in C, if PyYAML has it: ten times as fast

    content: dict[str, Any] = yaml.decode(file.read_bytes())
    return content
