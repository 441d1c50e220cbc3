"""What can be asked for, what of it there is not, and in which folders content and templates are.

Looks whether folders are there, and reads nothing in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from handouts.finding import Finding, Span, error, nearest
from handouts.library import Library

FORMATS = ("pdf", "pptx")
PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Options:
    """What to build and where; an empty choice means all there is, an empty setting what the service file says."""

    content: Path
    templates: Path
    output: Path
    topics: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    template_names: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    country: str = ""
    paper: str = ""
    today: date | None = None
    jobs: int = 1


def check_options(library: Library, options: Options) -> Iterator[Finding]:
    """Yield what in `options` names something that there is not."""
    languages = {language for topic in library.topics.values() for language in topic.languages}
    papers = library.themes[library.service.theme].papers
    choices: tuple[tuple[str, Iterable[str], Iterable[str]], ...] = (
        ("topic", options.topics, library.topics),
        ("--audience", options.audiences, library.audiences),
        ("--template", options.template_names, library.templates),
        ("--language", options.languages, languages),
        ("--format", options.formats, FORMATS),
        ("--country", (options.country,), ("", *library.countries)),
        ("--paper", (options.paper,), ("", *papers)),
    )
    for option, names, known in choices:
        there = tuple(known)
        for name in names:
            if name not in there:
                hint = nearest(name, (each for each in there if each))
                yield error("usage", f"There is no {option.lstrip('-')} '{name}'.", Span(option), hint)


def find_project(folder: Path) -> tuple[Path, Path]:
    """Return the folders of content and templates: those in `folder`, else the project's own, else the shipped ones."""
    homes = (folder, PACKAGE.parent, PACKAGE / "shipped")
    content = next((home for home in homes if is_content(home / "content")), homes[-1])
    templates = next((home for home in homes if (home / "templates" / "words").is_dir()), homes[-1])
    return named_from(folder, content / "content"), named_from(folder, templates / "templates")


def is_content(folder: Path) -> bool:
    """True if `folder` holds content of ours, not just something called content."""
    return (folder / "audiences.yaml").is_file()


def named_from(folder: Path, path: Path) -> Path:
    """Return `path` as short as it can be named from `folder`."""
    return path.relative_to(folder) if path.is_relative_to(folder) else path
