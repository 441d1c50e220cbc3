"""What earlier builds left in an output folder, as values: which files, made of what, by which request.

The folder holds `manifest.json`, and while a build runs a journal beside it, a line for each finished file, so that a
build that was killed is gone on with. A copy for a recipient is known by its row and a hash alone: nothing of what the
row says stands here. Reads the output folder and hashes inputs; interprets no content, and writes nothing.
"""

from __future__ import annotations

from handouts.manifest.entries import Entry, Label, Manifest, Prints, Run, key_of
from handouts.manifest.hashing import hash_file, hash_inputs, hash_text, program_identity, program_versions
from handouts.manifest.reading import JOURNAL, LOCK, MANIFEST, STATE, files_by_key, read_manifest
from handouts.manifest.wire import entry_as_line, manifest_as_text

__all__ = [
    "JOURNAL",
    "LOCK",
    "MANIFEST",
    "STATE",
    "Entry",
    "Label",
    "Manifest",
    "Prints",
    "Run",
    "entry_as_line",
    "files_by_key",
    "hash_file",
    "hash_inputs",
    "hash_text",
    "key_of",
    "manifest_as_text",
    "program_identity",
    "program_versions",
    "read_manifest",
]
