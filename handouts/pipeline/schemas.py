"""Write the JSON Schemas of a project's YAML files, with which editors complete, explain and underline them.

They contain the names that the project declares, so they are written again when one is added. A file of the same name
that is no such schema is never overwritten.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from handouts.finding import Finding, HandoutError, Location, error, raise_errors
from handouts.load.json_schema import make_json_schemas
from handouts.pipeline.output import leads_outside, write_files
from handouts.pipeline.project import Project

_SCHEMA_FOLDER = Path(".vscode", "schemas")  # beside content: the first line of each YAML file names it
_OPENING = '{\n "$comment": "Made by: handouts schema'


def schema_folder(project: Project) -> Path:
    """Return the folder in which editors look for the schemas of a project."""
    return project.home / _SCHEMA_FOLDER


def stale_schemas(project: Project, folder: Path) -> tuple[Path, ...]:
    """Return the schema files that are missing or out of date."""
    return tuple(path for path, text in _schema_texts(project, folder).items() if _read(path) != text)


def write_schemas(project: Project, folder: Path) -> tuple[Path, ...]:
    """Write the schemas of a project into `folder`, and return their paths.

    HandoutError, and nothing is written, if one would replace another file, or if `folder` cannot be written to.
    """
    texts = _schema_texts(project, folder)
    raise_errors(_misplaced_files(project, texts))
    write_files(folder, {path: text.encode() for path, text in texts.items()})
    return tuple(texts)


def add_schemas(project: Project) -> None:
    """Write the schemas of a project beside its content; do nothing if that fails, as no build needs them."""
    with suppress(HandoutError):
        write_schemas(project, schema_folder(project))


def renew_schemas(project: Project) -> None:
    """Update the schemas beside the content of a project, if it has any."""
    if schema_folder(project).is_dir():
        add_schemas(project)


def _schema_texts(project: Project, folder: Path) -> Mapping[Path, str]:
    """Return the text of each schema by its path."""
    head = {"$comment": "Made by: handouts schema. Write it anew when an audience, a topic or a template is added."}
    schemas = make_json_schemas(project.content, project.templates)
    return {
        folder / f"{name}.json": json.dumps({**head, **schema}, indent=1, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }


def _misplaced_files(project: Project, texts: Mapping[Path, str]) -> Iterator[Finding]:
    """Yield an error for each schema whose path is taken by another file, or leads out of the project by a link."""
    for path in texts:
        at = Location(path.as_posix())
        if path.exists() and not _read(path).startswith(_OPENING):
            message = "This is there already, and 'handouts schema' has not made it."
            yield error("usage", message, at, "choose another folder: handouts schema DIR")
        elif path.parent == schema_folder(project) and leads_outside(path, project.content.parent):
            message = "A link leads out of the project here: it is not followed."
            yield error("usage", message, at, "put a folder in its place")


def _read(path: Path) -> str:
    """Return the text of a file, or "" if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
