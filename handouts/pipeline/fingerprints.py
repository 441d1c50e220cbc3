"""Hashes of texts, files and input folders, and of the program with its libraries.

`program_identity` covers all code that can change a byte of the output. Must never interpret what it hashes.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_MAX_INPUT_FILES, _MAX_INPUT_BYTES = 20_000, 50_000_000
_BLOCK_SIZE = 1 << 20
_AFTER_LIBRARY_NAME = re.compile(r"[^A-Za-z0-9._-]")  # in a requirement, such as lxml>=5
# Of the package: the shipped content and templates are hashed as inputs.
_SKIPPED_FOLDERS = ("__pycache__", "shipped")


def hash_text(text: str) -> str:
    """Return a short hash of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, or "" if it cannot be read or is not a regular file."""
    try:
        if not path.is_file():
            return ""
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(_BLOCK_SIZE):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def hash_inputs(*folders: Path) -> str:
    """Return one hash of the names and bytes of all files in `folders`, or "" if they are too many or too large, or if
    one cannot be examined.

    Of a link out of its folder, and of what is not a regular file, only the name is hashed: nothing outside is opened,
    and nothing waits for a pipe.
    """
    digest = hashlib.sha256()
    try:
        for folder in folders:
            home = folder.resolve()
            for number, path in enumerate(sorted(list_visible_files(folder), key=str)):
                if path.is_dir():  # a link to a folder, whose files follow if they are inside `folder`
                    digest.update(f"{path.relative_to(folder).as_posix()}\0{path.readlink()}\0".encode())
                    continue
                inside = not path.is_symlink() or path.resolve().is_relative_to(home)
                if number > _MAX_INPUT_FILES or (inside and path.stat().st_size > _MAX_INPUT_BYTES):
                    return ""
                digest.update(f"{path.relative_to(folder).as_posix()}\0".encode("utf-8", "surrogatepass"))
                digest.update(f"{hash_file(path) if inside else ''}\0".encode())
            digest.update(b"\1")
    except OSError:
        return ""
    return digest.hexdigest()[:32]


def list_visible_files(folder: Path) -> Iterator[Path]:
    """Yield every file below `folder` that is not hidden, and every link to a folder.

    A link to another folder below `folder`, even a hidden one, is followed once, as content is read through it.
    """
    skipped = _SKIPPED_FOLDERS if folder == _PACKAGE else ()
    entered = [folder.resolve()]
    for home, folders, names in os.walk(folder, followlinks=True):
        seen = [Path(home, name) for name in folders if not name.startswith(".") and name not in skipped]
        links = [each for each in seen if each.is_symlink()]
        yield from links
        folders[:] = [each.name for each in seen if each not in links or _is_new_folder_link(each, entered)]
        there = (Path(home, name) for name in names if not name.startswith("."))
        yield from (each for each in there if os.path.exists(each))  # noqa: PTH110


def _is_new_folder_link(link: Path, entered: list[Path]) -> bool:
    """True if a link leads to a folder below the first of those `entered` that is not among them; add it to them."""
    target = link.resolve()
    if target in entered or not target.is_relative_to(entered[0]):
        return False
    entered.append(target)
    return True


def program_versions() -> Mapping[str, str]:
    """Return the versions of all code that the bytes of a file depend on: this package, Python, zlib, and libraries."""
    versions = {
        "handouts": hash_inputs(_PACKAGE),
        "Python": ".".join(map(str, sys.version_info[:3])),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }
    for name in _required_libraries():
        said = _metadata_values("Version", name)
        versions[name] = said[0] if said else "not there"
    return versions


def _required_libraries() -> list[str]:
    """Return the libraries that the program requires; none if it was not installed."""
    needed = _metadata_values("Requires-Dist", "handouts")
    return sorted(_AFTER_LIBRARY_NAME.split(each)[0] for each in needed if "extra ==" not in each)


def _metadata_values(field: str, library: str) -> list[str]:
    """Return the values of one field in the metadata of an installed library, read from its head, which is short."""
    import importlib.metadata

    try:
        description = importlib.metadata.distribution(library).read_text("METADATA") or ""
    except importlib.metadata.PackageNotFoundError:
        return []
    head = description.partition("\n\n")[0].splitlines()
    return [line.removeprefix(f"{field}: ").strip() for line in head if line.startswith(f"{field}: ")]


def program_identity() -> str:
    """Return one hash of `program_versions`. This reads the whole package: compute it once and pass it on."""
    return hash_text(repr(sorted(program_versions().items())))
