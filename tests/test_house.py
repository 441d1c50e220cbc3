"""The rules of the house, read from its own code: who imports whom, who reads, who writes, what is named."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import handouts

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "handouts"
FILES = sorted(PACKAGE.rglob("*.py"))

# Each room, and the rooms that it may import from.
BASE = {"finding", "units"}
KEPT = {"kept"}
TEXT = BASE | {"document", "theme", "text"}
SEEN = TEXT | {"figures"}
WRITTEN = SEEN | {"markdown", "service", "library"}
MAY_IMPORT = {
    "finding": set(),
    "units": set(),
    "kept": set(),
    "document": BASE,
    "theme": BASE,
    "text": BASE | {"theme"},
    "figures": TEXT,
    "markdown": SEEN,
    "service": BASE | {"document"},
    "library": SEEN | {"markdown", "service"},
    "load": WRITTEN | KEPT,
    "select": WRITTEN,
    "compose": WRITTEN | KEPT | {"select"},
    "check": WRITTEN | {"select"},
    "compare": WRITTEN | {"select", "check"},
    "pdf": SEEN,
    "deck": SEEN,
    "onpaper": SEEN | {"pdf", "deck"},
    "verify": {"finding", "document"},
    "explain": set(),
    "manifest": {"finding"},
    "build": WRITTEN
    | KEPT
    | {"load", "select", "compose", "check", "compare", "verify", "pdf", "deck", "onpaper", "manifest"},
    "cli": WRITTEN | {"load", "select", "compose", "check", "compare", "build", "explain"},
    "__main__": {"cli"},
    "__init__": WRITTEN | {"load", "select", "compose", "pdf", "deck", "onpaper", "build"},
}
# The one home of each library; a renderer may have a home of its own for what both need.
EVERYWHERE = "msgspec"  # what values are made of, as dataclasses would be
HOMES = {
    "citeproc": {"compose"},
    "uharfbuzz": {"text"},
    "yaml": {"load", "explain"},
    "markdown_it": {"markdown"},
    "jinja2": {"compose"},
    "markupsafe": {"compose"},
    "reportlab": {"pdf"},
    "pptx": {"deck"},
    "xlsxwriter": {"deck"},
    "lxml": {"deck", "load", "verify"},  # writes decks, reads pictures, reads decks back
    "pypdfium2": {"verify"},
    "pikepdf": {"pdf"},
    "segno": {"pdf", "deck"},
    "PIL": {"load"},
    "filelock": {"build"},
    "rich": {"cli"},
    "distributed": {"build"},
    "fontTools": {"load"},
    "openpyxl": {"load"},
    "platformdirs": {"build"},
}
READING = {"read_text", "read_bytes", "open", "iterdir", "glob", "rglob"}
WRITING = {"write_text", "write_bytes", "mkdir", "replace", "rename", "unlink", "mkstemp", "fsync"}
CLOCK = {"today", "now", "utcnow", "time_ns", "localtime", "gmtime"}


def room_of(file: Path) -> str:
    """Return the room that a file belongs to."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(file: Path) -> Iterator[str]:
    """Yield the full name of each module that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{node.module}" if node.module != "handouts" else f"handouts.{node.names[0].name}"


def calls(file: Path) -> Iterator[str]:
    """Yield the name of each function or method that a file calls."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    yield name


def files_that_call(names: set[str]) -> set[str]:
    return {room_of(file) for file in FILES if names & set(calls(file))}


def strings(file: Path) -> Iterator[str]:
    """Yield each string of a file, docstrings included."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_point_one_way(file: Path) -> None:
    room = room_of(file)
    ours = {name.split(".")[1] for name in imports(file) if name.startswith("handouts.")}
    assert ours - {room} <= MAY_IMPORT[room]


def test_each_library_has_one_home() -> None:
    for file in FILES:
        for name in imports(file):
            top = name.split(".")[0]
            if top not in {"handouts", EVERYWHERE, *sys.stdlib_module_names}:
                assert room_of(file) in HOMES[top], f"{file} imports {name}"


def test_only_load_reads_and_the_exceptions_are_known() -> None:
    # text opens the font files, explain its entries; the command shows the line that a finding is about; manifest
    # reads what builds left, and hashes content without reading a word of it; build opens its journal to write it,
    # joins copies that it made, and reads what it kept for itself; pdf opens those copies as bytes.
    assert files_that_call(READING) <= {"load", "text", "explain", "cli", "manifest", "build", "pdf"}
    assert {file.stem for file in FILES if room_of(file) == "pdf" and READING & set(calls(file))} == {"joining"}
    assert not {file.stem for file in FILES if room_of(file) == "build" and READING & set(calls(file))} - {
        "writing",
        "combining",
        "keeping",
    }


def test_only_build_writes() -> None:
    writers = {
        f"{room_of(file)}: {name}"
        for file in FILES
        for name in set(calls(file)) & (WRITING - {"replace"})
        if room_of(file) != "build"
    }
    assert not writers


def test_only_the_command_asks_what_day_it_is() -> None:
    assert files_that_call(CLOCK) <= {"cli"}


def test_no_topic_and_no_audience_is_named_in_the_program() -> None:
    audiences = yaml.safe_load((ROOT / "content/audiences.yaml").read_text(encoding="utf-8"))
    topics = [folder.name for folder in (ROOT / "content").iterdir() if (folder / "topic.yaml").is_file()]
    # A typeface has a family, and so has an author in CSL-JSON: only as a value of its own would it name an audience.
    named = re.compile(
        "|".join(rf"\b{name}\b" for name in (*audiences, *topics, "BPD", "borderline") if name != "family")
    )
    for file in FILES:
        assert not named.findall(file.read_text(encoding="utf-8")), file
        if file != PACKAGE / "load" / "references.py":
            assert not set(strings(file)) & set(audiences), file


def test_renderers_know_nothing_of_audiences() -> None:
    for file in FILES:
        if room_of(file) in ("pdf", "deck", "onpaper"):
            assert "audience" not in file.read_text(encoding="utf-8").lower(), file


def test_no_colour_stands_in_the_program() -> None:
    colour = re.compile(r"#[0-9A-Fa-f]{6}\b")
    assert not [file for file in FILES for text in strings(file) if colour.fullmatch(text)]


def test_no_colour_or_size_stands_in_content() -> None:
    for file in sorted((ROOT / "content").rglob("*.md")):
        assert not re.search(r"#[0-9A-Fa-f]{6}\b|\b\d+ ?pt\b", file.read_text(encoding="utf-8")), file


def test_the_map_names_every_room_and_no_other() -> None:
    told = set(re.findall(r"^    (\w+) {2,}\S", handouts.__doc__ or "", re.MULTILINE))
    rooms = {room_of(file) for file in FILES} - {"__init__", "__main__"}
    assert told == rooms


def test_every_module_says_what_it_is() -> None:
    for file in FILES:
        told = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
        assert told, file


def test_public_names_lead_to_their_rooms() -> None:
    for name in handouts.__all__:
        assert callable(getattr(handouts, name))


def test_no_room_is_called_by_a_word_that_says_nothing() -> None:
    empty = {"utils", "helpers", "common", "base", "core", "manager", "misc"}
    assert not {file.stem for file in FILES} & empty


def test_files_stay_short_enough_to_read() -> None:
    long = {
        str(file.relative_to(PACKAGE)): lines
        for file in FILES
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert set(long) <= {"document.py"}
