"""What can be asked for, what of it there is not, and in which folders content and templates are.

Looks whether folders are there, and reads nothing in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

from handouts.finding import Finding, Span, error, nearest
from handouts.library import Library

FORMATS = ("pdf", "pptx", "slides-pdf", "notes-pdf")
USUAL_FORMATS = ("pdf", "pptx")
STANDARD, BOOKLET_PAGE = "standard", "a5"
PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file: what makes it, what its name says that it is, how that ends, and whether paper has a say."""

    renderer: str
    part: str
    ending: str
    sheets: bool


HANDOUT = FileKind("pdf", "", "pdf", sheets=True)
DECK_FILES: Mapping[str, tuple[FileKind, ...]] = {
    "pptx": (FileKind("pptx", "", "pptx", sheets=False),),
    "slides-pdf": (FileKind("slides-pdf", "", "pdf", sheets=False),),
    "notes-pdf": (
        FileKind("notes-pdf", "notes", "pdf", sheets=True),
        FileKind("lines-pdf", "lines", "pdf", sheets=True),
    ),
}


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
    papers: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    booklet: bool = False
    fillable: bool = False
    minutes: tuple[str, ...] = ()
    today: date | None = None
    jobs: int = 1
    release: bool = False
    verify: bool = True


def check_options(library: Library, options: Options) -> Iterator[Finding]:
    """Yield what in `options` names something that there is not."""
    languages = {language for topic in library.topics.values() for language in topic.languages}
    theme = library.themes[library.service.theme]
    choices: tuple[tuple[str, Iterable[str], Iterable[str]], ...] = (
        ("topic", options.topics, library.topics),
        ("--audience", options.audiences, library.audiences),
        ("--template", options.template_names, library.templates),
        ("--language", options.languages, languages),
        ("--format", options.formats, FORMATS),
        ("--country", (options.country,), ("", *library.countries)),
        ("--paper", options.papers, theme.papers),
        ("--edition", options.editions, theme.editions),
    )
    for option, names, known in choices:
        there = tuple(known)
        for name in names:
            if name not in there:
                hint = nearest(name, (each for each in there if each))
                yield error("usage", f"There is no {option.lstrip('-')} '{name}'.", Span(option), hint)
    for paper in options.papers if options.booklet else ():
        if paper != BOOKLET_PAGE:
            hint = f"leave --paper out, or write --paper {BOOKLET_PAGE}"
            yield error("usage", f"A booklet has pages of {BOOKLET_PAGE}, not of {paper}.", Span("--booklet"), hint)
    for minutes in options.minutes:
        yield from check_length(library, minutes, options)
    for edition, paper in papers_of(library, options):
        if edition in theme.editions and paper in theme.papers and paper not in theme.editions[edition].papers:
            known = " or ".join(theme.editions[edition].papers)
            message = f"The edition '{edition}' is not for {paper}."
            yield error("usage", message, Span("--edition"), f"choose --paper {known}")


def check_length(library: Library, minutes: str, options: Options) -> Iterator[Finding]:
    """Yield an error for each topic that has no talk of so many minutes."""
    for name, topic in library.topics.items():
        known = [str(each) for each in topic.lengths]
        if (not options.topics or name in options.topics) and minutes not in known:
            message = f"'{name}' has no talk of {minutes} minutes."
            hint = f"known: {', '.join(known)}" if known else "write lengths: [30, 60] in its topic.yaml"
            yield error("usage", message, Span("--minutes"), hint)


def papers_of(library: Library, options: Options) -> tuple[tuple[str, str], ...]:
    """Return the editions that are asked for, each with each paper."""
    papers = options.papers or ((BOOKLET_PAGE,) if options.booklet else (library.service.paper,))
    return tuple(product(dict.fromkeys(options.editions or (STANDARD,)), dict.fromkeys(papers)))


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
