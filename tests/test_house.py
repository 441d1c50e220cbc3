"""The house rules, checked in the source code: imports, reading, writing and names."""

from __future__ import annotations

import ast
import itertools
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from paths import ROOT

import handouts

PACKAGE = ROOT / "handouts"
FILES = sorted(PACKAGE.rglob("*.py"))

# Each room, and the rooms that it may import from.
BASE = {"finding", "version", "units", "formats", "render_cache"}
TEXT = BASE | {"document", "theme", "text"}
SEEN = TEXT | {"figures"}
WRITTEN = SEEN | {"markdown", "service", "library"}
FINISHED = {"layout", "pdf", "web", "word", "deck", "slides_pdf", "verify"}
MAY_IMPORT = {
    "finding": set(),
    "units": set(),
    "version": set(),
    "formats": set(),
    "render_cache": set(),
    "document": BASE,
    "theme": BASE,
    "text": BASE | {"theme"},
    "figures": TEXT,
    "markdown": SEEN,
    "service": BASE | {"document"},
    "library": SEEN | {"markdown", "service"},
    "load": WRITTEN,
    "select": WRITTEN,
    "compose": WRITTEN | {"select"},
    "check": WRITTEN | {"select"},
    "compare": WRITTEN | {"select", "compose", "check"},
    "layout": SEEN,
    "pdf": SEEN | {"layout"},
    "web": SEEN,
    "word": SEEN | {"layout"},
    "deck": SEEN,
    "slides_pdf": SEEN | {"layout", "pdf", "deck"},
    "verify": {"finding", "formats", "render_cache", "document"},
    "explain": set(),
    "pipeline": WRITTEN | {"load", "select", "compose", "check", "compare"} | FINISHED,
    "editor": WRITTEN | {"load", "select", "compose", "check", "compare", "pipeline", "explain"} | FINISHED,
    "cli": WRITTEN | {"load", "select", "compose", "check", "compare", "pipeline", "explain", "editor"},
    "__main__": {"cli"},
    "__init__": WRITTEN | {"load", "select", "compose", "pipeline"} | FINISHED,
}
# The one home of each library; a renderer may have a home of its own for what both need.
EVERYWHERE = "msgspec"  # what values are made of, as dataclasses would be
HOMES = {
    "uharfbuzz": {"text"},
    "yaml": {"load", "explain"},
    "markdown_it": {"markdown"},
    "jinja2": {"compose"},
    "markupsafe": {"compose"},
    "reportlab": {"pdf"},
    "pptx": {"deck"},
    "xlsxwriter": {"deck"},
    "lxml": {"deck", "load", "verify"},  # writes decks, reads pictures, reads decks back
    "pypdfium2": {"verify", "word", "editor"},  # reads PDFs back, turns drawings and pages into pixels
    "pikepdf": {"pdf"},
    "segno": {"figures", "deck"},
    "PIL": {"load"},
    "filelock": {"pipeline", "editor"},
    "rich": {"cli"},
    "shtab": {"cli"},
    "distributed": {"pipeline"},
    "openpyxl": {"load"},
    "starlette": {"editor"},
    "uvicorn": {"editor"},
    "watchfiles": {"editor"},
}
MODULE_PAIRS = {"contacts", "fonts", "signs", "tables"}  # of two renderers, or of a figure and its slide
READING = {"read_text", "read_bytes", "open", "iterdir", "glob", "rglob"}
WRITING = {"write_text", "write_bytes", "mkdir", "replace", "rename", "unlink", "mkstemp", "fsync"}
CLOCK = {"today", "now", "utcnow", "time_ns", "localtime", "gmtime"}


def room_of(file: Path) -> str:
    """Return the room that a file belongs to."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def nodes_of(file: Path) -> tuple[ast.AST, ...]:
    """Return all nodes of a file of the package; the first is the module."""
    return tuple(parsed_nodes(file))


def parsed_nodes(file: Path) -> Iterator[ast.AST]:
    """Yield all nodes of a file."""
    return ast.walk(ast.parse(file.read_text(encoding="utf-8")))


def module_of(file: Path) -> ast.Module:
    """Return a file of the package as it was parsed."""
    module = nodes_of(file)[0]
    assert isinstance(module, ast.Module)
    return module


def imports(file: Path) -> Iterator[str]:
    """Yield the full name of each module that a file imports, also inside functions."""
    for node in nodes_of(file):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{node.module}" if node.module != "handouts" else f"handouts.{node.names[0].name}"


def calls(file: Path) -> Iterator[str]:
    """Yield the name of each function or method that a file calls."""
    for node in nodes_of(file):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    yield name


def files_that_call(names: set[str]) -> set[str]:
    return {room_of(file) for file in FILES if names & set(calls(file))}


def strings(file: Path) -> Iterator[str]:
    """Yield each string of a file, docstrings included."""
    for node in nodes_of(file):
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


def test_only_load_reads_with_known_exceptions() -> None:
    # text opens the font files, explain its entries; the command shows the line that a finding is about; pipeline
    # reads manifests, journals and what it made, and hashes inputs without reading a word of them; pdf opens the
    # finished copies that it merges; editor reads the files of its page, its history, and downloads.
    assert files_that_call(READING) <= {"load", "text", "explain", "cli", "pipeline", "pdf", "editor"}
    assert {file.stem for file in FILES if room_of(file) == "pdf" and READING & set(calls(file))} == {"merged_files"}


def test_only_the_pipeline_writes() -> None:
    writers = {
        f"{room_of(file)}: {name}"
        for file in FILES
        for name in set(calls(file)) & (WRITING - {"replace"})
        if room_of(file) != "pipeline"
    }
    assert not writers


def test_only_the_command_line_reads_the_clock() -> None:
    assert files_that_call(CLOCK) <= {"cli"}


def test_the_program_names_no_topic_and_no_audience() -> None:
    audiences = yaml.safe_load((ROOT / "content/audiences.yaml").read_text(encoding="utf-8"))
    topics = [folder.name for folder in (ROOT / "content").iterdir() if (folder / "topic.yaml").is_file()]
    # A typeface has a family, and so has an author in CSL-JSON: only as a value of its own would it name an audience.
    named = re.compile(
        "|".join(rf"\b{name}\b" for name in (*audiences, *topics, "BPD", "borderline") if name != "family")
    )
    for file in FILES:
        assert not named.findall(file.read_text(encoding="utf-8")), file
        if file != PACKAGE / "load" / "csl.py":
            assert not set(strings(file)) & set(audiences), file


def test_renderers_know_nothing_of_audiences() -> None:
    for file in FILES:
        if room_of(file) in ("pdf", "deck", "onpaper"):
            assert "audience" not in file.read_text(encoding="utf-8").lower(), file


def test_the_program_contains_no_colours() -> None:
    colour = re.compile(r"#[0-9A-Fa-f]{6}\b")
    assert not [file for file in FILES for text in strings(file) if colour.fullmatch(text)]


def test_content_contains_no_colours_or_sizes() -> None:
    for file in sorted((ROOT / "content").rglob("*.md")):
        assert not re.search(r"#[0-9A-Fa-f]{6}\b|\b\d+ ?pt\b", file.read_text(encoding="utf-8")), file


def test_the_map_names_exactly_the_rooms() -> None:
    named = set(re.findall(r"^    (\w+) {2,}\S", handouts.__doc__ or "", re.MULTILINE))
    rooms = {room_of(file) for file in FILES} - {"__init__", "__main__"}
    assert named == rooms


def test_every_module_has_a_docstring() -> None:
    for file in FILES:
        docstring = ast.get_docstring(module_of(file))
        assert docstring, file


def test_public_names_are_imported_from_their_rooms() -> None:
    for name in handouts.__all__:
        assert callable(getattr(handouts, name))


def test_no_room_has_a_meaningless_name() -> None:
    empty = {"utils", "helpers", "common", "base", "core", "manager", "misc"}
    assert not {file.stem for file in FILES} & empty


def test_files_are_not_too_long() -> None:
    # 500 lines are a hint to look for a seam; one file may say one thing in more.
    long = {str(file.relative_to(PACKAGE)) for file in FILES if len(file.read_text("utf-8").splitlines()) > 700}
    assert not long


def test_imports_between_files_are_acyclic() -> None:
    modules = {module_name(file): file for file in FILES}
    imported = {name: set(modules_imported_by(file, modules)) - {name} for name, file in modules.items()}
    while leaves := [name for name, needed in imported.items() if not needed]:
        for leaf in leaves:
            del imported[leaf]
        for needed in imported.values():
            needed.difference_update(leaves)
    assert not imported, "these import each other, or what does"


def module_name(file: Path) -> str:
    """Return the dotted name of a module of the package."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def modules_imported_by(file: Path, modules: Collection[str]) -> Iterator[str]:
    """Yield each module of the package that a file imports, including imports in functions and for types only."""
    for node in nodes_of(file):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module in modules:
            for each in node.names:
                full = f"{node.module}.{each.name}"
                yield full if full in modules else node.module


def test_no_two_modules_or_classes_share_a_name_except_pairs() -> None:
    modules, classes = Counter(file.stem for file in FILES), Counter[str]()
    for file in FILES:
        classes.update(node.name for node in module_of(file).body if isinstance(node, ast.ClassDef))
    assert {name for name, count in modules.items() if count > 1} <= {"__init__", *MODULE_PAIRS}
    assert not [name for name, count in classes.items() if count > 1]


@pytest.mark.full
def test_names_used_in_one_file_start_with_an_underscore() -> None:
    others = (file for folder in ("tests", "benchmarks") for file in (ROOT / folder).glob("*.py"))
    read = itertools.chain(map(nodes_of, FILES), map(parsed_nodes, others))
    used = {name for nodes in read for name in names_used_elsewhere(nodes)}
    public = [
        f"{module_name(file)}.{name}"
        for file in FILES
        if file.stem != "__main__"
        for name in top_level_names(file)
        if not name.startswith("_")
        and name != "TYPE_CHECKING"
        and (module_name(file), name) not in used
        and ("", name) not in used
    ]
    assert public == []


def names_used_elsewhere(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    """Yield module and name of what a file imports, and what it takes from a module as an attribute."""
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, each.name) for each in node.names)
        elif isinstance(node, ast.Attribute):
            yield "", node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield "", node.value  # in `__all__`, and where a name is patched or looked up
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("handouts."):
            yield tuple(node.value.rsplit(".", 1))  # type: ignore[misc]  # two parts


def top_level_names(file: Path) -> Iterator[str]:
    """Yield the functions, classes and values that a file defines."""
    for node in module_of(file).body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                yield from (each.id for each in targets if isinstance(each, ast.Name))
