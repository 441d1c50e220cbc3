"""The values of a manifest: labels, fingerprints, entries and runs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from msgspec import Struct, field

from handouts.finding import Finding


class Label(Struct, frozen=True):
    """What a deliverable is: its file below the output folder, for whom, by what; `row` is a recipient's, or 0."""

    file: str
    topic: str
    audience: str
    template: str
    language: str
    edition: str
    paper: str
    renderer: str
    row: int = 0


def key_of(label: Label) -> str:
    """Return the name of a deliverable in the manifest: its file, or a recipient's row and a hash of the file."""
    if not label.row:
        return label.file
    return f"row {label.row} {hashlib.sha256(label.file.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


class Prints(Struct, frozen=True):
    """What a file is made of, each as a hash: the document, the theme, how it is made, and the program that does."""

    document: str
    theme: str
    settings: str
    program: str


class Entry(Struct, frozen=True):
    """One file that a build made: what of, its bytes, and what was found; `verified` says that it was read back.

    The file of a recipient's label is empty where it comes from a manifest.
    """

    key: str
    label: Label
    prints: Prints
    sha256: str
    size: int
    pages: int
    verified: bool
    findings: tuple[Finding, ...] = ()


class Run(Struct, frozen=True):
    """One request that was built: its options as data, a hash of every input, and what it makes.

    `made` is the hash of each file by its key: another request may have made it anew since.

    `turning` are the days (YYYY-MM-DD) on which something that is printed or found changes by itself; `day` is the one
    on which it was built. `others` are files beyond content and templates that were read, each with a hash. A run that
    is not `whole` has failed somewhere.
    """

    request: Mapping[str, object]
    inputs: str
    program: str
    day: str
    turning: tuple[str, ...]
    made: Mapping[str, str]
    findings: tuple[Finding, ...]
    others: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True


class Manifest(Struct, frozen=True):
    """All that builds left in a folder: entries by key, runs by a hash of their request.

    `known` is false if there was no manifest, or none that could be read: then nobody knows whose the files are.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    runs: Mapping[str, Run] = field(default_factory=dict)
    known: bool = False
    findings: tuple[Finding, ...] = ()
