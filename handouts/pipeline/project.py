"""Find the folders of a project: content, templates and output; and copy the shipped example.

A project is a folder with `content/audiences.yaml`. It has templates of its own, or uses the shipped ones.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from handouts.finding import Finding, HandoutError, Location, error
from handouts.pipeline.output import is_taken, taken_error, write_new_files

_PACKAGE = Path(__file__).parents[1]
_CONTENT, _TEMPLATES, _OUTPUT, _SAMPLES = "content", "templates", "output", "scaffold"
_AUDIENCES_FILE = "audiences.yaml"
_START_HINT = (
    "go into the folder of your project, or name it: --project DIR; to begin one here: handouts new; "
    "'handouts new --example' copies the shipped topic to edit, and 'handouts build --example' makes it as it is"
)


class Project(Struct, frozen=True):
    """The folders of a project, as paths from the folder in which the command was called."""

    content: Path
    templates: Path
    output: Path
    home: Path


def find_project(folder: Path) -> Project:
    """Return the project in `folder`, or in the nearest folder above it. HandoutError if there is none."""
    if _is_project(folder):
        return _project_in(folder, folder)
    with suppress(PermissionError):  # folders above one that cannot be read are not searched
        for home in folder.parents:
            if _is_project(home):
                return _project_in(home, folder)
    raise HandoutError(_no_project_error(folder, "here", ", nor in a folder above"))


def open_project(home: Path, folder: Path) -> Project:
    """Return the project in `home`, a path from `folder`. HandoutError if there is none."""
    if not _is_project(folder / home):
        raise HandoutError(_no_project_error(folder / home, f"in {home}", at=Location("--project")))
    return _project_in(folder / home, folder)


def example_project(folder: Path) -> Project:
    """Return the shipped example as a project whose output goes into `folder`."""
    home = _example_home()
    content, templates = (_named_from(folder, home / each) for each in (_CONTENT, _TEMPLATES))
    return Project(content, templates, Path(_OUTPUT), Path())


def sample_folder() -> Path:
    """Return the folder with the samples for new projects."""
    return _example_home() / _SAMPLES


def copy_example(target: Path) -> tuple[Path, ...]:
    """Copy the shipped content and templates into `target`, and return the new folders.

    HandoutError, and nothing is left behind, if one of them exists already or cannot be written.
    """
    folders = (target / _TEMPLATES, target / _CONTENT)
    for each in folders:
        if is_taken(each):
            raise HandoutError(taken_error(each, "choose another folder: handouts new --example DIR"))
    home = _example_home()
    files = (file for each in folders for file in sorted((home / each.name).rglob("*")) if file.is_file())
    write_new_files(target, {file.relative_to(home).as_posix(): file.read_bytes() for file in files})
    return folders


def _is_project(home: Path) -> bool:
    """True if a folder has content of this program, and not only a folder with the name content."""
    return (home / _CONTENT / _AUDIENCES_FILE).is_file()


def _project_in(home: Path, folder: Path) -> Project:
    """Return the project in `home` with its paths from `folder`."""
    own = (home / _TEMPLATES / "words").is_dir()
    templates = (home if own else _example_home()) / _TEMPLATES
    return Project(*(_named_from(folder, each) for each in (home / _CONTENT, templates, home / _OUTPUT, home)))


def _example_home() -> Path:
    """Return the folder of the shipped content and templates: in the source tree, or in the installed package."""
    return _PACKAGE.parent if _is_project(_PACKAGE.parent) else _PACKAGE / "shipped"


def _named_from(folder: Path, path: Path) -> Path:
    """Return `path` relative to `folder` if it is below it, or directly in a folder above it; else in full."""
    if path.is_relative_to(folder):
        return path.relative_to(folder)
    if folder.is_relative_to(path.parent):
        return Path(os.path.relpath(path, folder))
    return path


def _no_project_error(home: Path, where: str, elsewhere: str = "", at: Location | None = None) -> Finding:
    """Return the error for a folder without content, or with a folder of that name without audiences.yaml."""
    message = f"There is no folder 'content' {where}{elsewhere}."
    if (home / _CONTENT).is_dir():
        message = f"The folder 'content' {where} has no {_AUDIENCES_FILE}."
    return error("usage", message, at or Location(home.as_posix()), _START_HINT)
