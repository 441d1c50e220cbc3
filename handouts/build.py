"""Options in, files out: which deliverables there are, what they are made of, and putting each in its place whole.

All mistakes in options, content and templates are found before the first file is written; what a renderer finds costs
only that deliverable. The only room that writes. Never asks what day it is: today is an option.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from handouts.compose import Composition, compose_document, unplaced_parts
from handouts.document import Document, Rendered
from handouts.finding import Finding, HandoutError, Span, error, in_order, is_error, nearest, raise_errors
from handouts.library import Audience, Library, Topic
from handouts.load import load_library
from handouts.select import Selection, select_content
from handouts.theme import Theme, resolve_theme

Value = TypeVar("Value")

FORMATS = ("pdf", "pptx")
DEFAULT_TEMPLATES = ("handout", "slides")
RETRIES, PAUSE = 5, 0.2
SHARING_VIOLATIONS = (5, 32, 33)


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


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One file to be made: where it goes below the output folder, and all that its renderer needs."""

    file: str
    topic: str
    audience: str
    template: str
    language: str
    renderer: str
    document: Document
    theme: Theme


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a deliverable; `written` is false if an error among `findings` kept it from being written."""

    deliverable: Deliverable
    path: Path
    pages: int
    size: int
    sha256: str
    seconds: float
    written: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All that was made, and the findings about content and templates that did not stop the build."""

    made: tuple[Made, ...]
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        """True if every deliverable was written."""
        return all(each.written for each in self.made)


def build_all(options: Options) -> Report:
    """Build what `options` ask for and return what was made. HandoutError if content or options are wrong."""
    library = load_library(options.content, options.templates)
    deliverables, findings = plan_deliverables(library, options)
    prepare_folder(options.output)
    made = tuple(
        deliver(deliverable, rendered, seconds, options.output)
        for deliverable, rendered, seconds in render_each(deliverables, options.jobs)
    )
    return Report(made, in_order((*library.findings, *findings)))


# ---------------------------------------------------------------- which deliverables there are


def plan_deliverables(library: Library, options: Options) -> tuple[tuple[Deliverable, ...], tuple[Finding, ...]]:
    """Return what is to be made, composed, and the warnings. HandoutError with all that is wrong."""
    raise_errors(check_options(library, options))
    deliverables: list[Deliverable] = []
    findings: list[Finding] = []
    for topic, audience, language in readers_of(library, options):
        try:
            selection = select_content(library, topic.name, audience.name, language)
            composed, found = compose_all(selection, library, options)
        except HandoutError as raised:
            findings.extend(raised.findings)
            continue
        findings.extend(found)
        for template, composition in composed.items():
            if is_wanted(library, template, options):
                deliverables.append(deliverable_of(library, topic, audience, language, template, composition, options))
    if not deliverables:
        findings.append(
            error("usage", "Nothing is left to build.", hint="choose other formats, templates or languages")
        )
    raise_errors(findings)
    return tuple(deliverables), in_order(findings)


def compose_all(
    selection: Selection, library: Library, options: Options
) -> tuple[dict[str, Composition], tuple[Finding, ...]]:
    """Return the documents of one audience by template; always the default ones, so that no part is overlooked."""
    names = dict.fromkeys((*DEFAULT_TEMPLATES, *options.template_names))
    wanted = [name for name in names if name in library.templates and is_for(library, name, selection.audience)]
    composed = {
        name: compose_document(selection, name, country=options.country, today=options.today) for name in wanted
    }
    findings = [found for composition in composed.values() for found in composition.findings]
    return composed, (*findings, *unplaced_parts(selection, tuple(composed.values())))


def is_for(library: Library, template: str, audience: Audience) -> bool:
    """True if `template` is made for `audience`."""
    audiences = library.templates[template].audiences
    return not audiences or audience.name in audiences


def is_wanted(library: Library, template: str, options: Options) -> bool:
    """True if `options` ask for what `template` makes."""
    chosen = options.template_names or DEFAULT_TEMPLATES
    renderer = library.templates[template].renderer
    return template in chosen and (not options.formats or renderer in options.formats)


def readers_of(library: Library, options: Options) -> Iterator[tuple[Topic, Audience, str]]:
    """Yield each topic, audience and language that is asked for and that there is."""
    for topic in chosen(library.topics, options.topics):
        for audience in chosen(library.audiences, options.audiences):
            if audience.name not in topic.audiences:
                continue
            for language in topic.languages:
                if not options.languages or language in options.languages:
                    yield topic, audience, language


def chosen(known: Mapping[str, Value], names: Sequence[str]) -> tuple[Value, ...]:
    """Return the values of `names`, each once, or all if there are none."""
    return tuple(known[name] for name in dict.fromkeys(names or known))


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


def deliverable_of(
    library: Library,
    topic: Topic,
    audience: Audience,
    language: str,
    template: str,
    composition: Composition,
    options: Options,
) -> Deliverable:
    """Return one file to be made, with a name that says what it is."""
    paper = options.paper or library.service.paper
    theme = resolve_theme(
        library.themes[library.service.theme],
        accent=audience.accent,
        density=audience.density,
        paper=paper,
        line_touches=audience.line == "touches",
    )
    renderer = library.templates[template].renderer
    variants = (
        language if len(topic.languages) > 1 else "",
        paper if renderer == "pdf" and paper != library.service.paper else "",
        options.country if options.country != library.service.country else "",
    )
    stem = "-".join(part for part in (topic.name, audience.name, template, *variants) if part)
    return Deliverable(
        file=f"{topic.name}/{stem}.{renderer}",
        topic=topic.name,
        audience=audience.name,
        template=template,
        language=language,
        renderer=renderer,
        document=composition.document,
        theme=theme,
    )


# ---------------------------------------------------------------- making them


def render_each(deliverables: Sequence[Deliverable], jobs: int) -> Iterator[tuple[Deliverable, Rendered, float]]:
    """Yield each deliverable with its bytes and the seconds it took, in order, from `jobs` processes."""
    if jobs <= 1 or len(deliverables) <= 1:
        for deliverable in deliverables:
            yield (deliverable, *render(deliverable.renderer, deliverable.document, deliverable.theme))
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(min(jobs, len(deliverables)), mp_context=get_context("spawn"))
    try:
        waiting = [pool.submit(render, each.renderer, each.document, each.theme) for each in deliverables]
        for deliverable, future in zip(deliverables, waiting, strict=True):
            yield (deliverable, *future.result())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def render(renderer: str, document: Document, theme: Theme) -> tuple[Rendered, float]:
    """Return the file that `renderer` makes of `document`, and the seconds it took."""
    start = time.perf_counter()
    if renderer == "pdf":
        from handouts.pdf import render_pdf

        rendered = render_pdf(document, theme)
    else:
        from handouts.deck import render_deck

        rendered = render_deck(document, theme)
    return rendered, time.perf_counter() - start


# ---------------------------------------------------------------- writing them


def prepare_folder(folder: Path) -> None:
    """Make `folder` if it is not there. HandoutError if nothing can be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as refused:
        raise HandoutError(cannot_write(folder, refused)) from None


def deliver(deliverable: Deliverable, rendered: Rendered, seconds: float, output: Path) -> Made:
    """Write a finished file into its place, unless its renderer found an error, and return what became of it."""
    path = output / deliverable.file
    findings = rendered.findings
    if not any(is_error(found) for found in findings):
        try:
            write_whole(path, rendered.content)
        except OSError as refused:
            findings = (*findings, cannot_write(path, refused))
    return Made(
        deliverable=deliverable,
        path=path,
        pages=rendered.pages,
        size=len(rendered.content),
        sha256=hashlib.sha256(rendered.content).hexdigest(),
        seconds=seconds,
        written=not any(is_error(found) for found in findings),
        findings=in_order(findings),
    )


def cannot_write(path: Path, refused: OSError) -> Finding:
    """Return the finding for a file or folder that cannot be written."""
    hint = "close it if it is open in another program, or choose another folder with --output"
    return error("cannot-write", f"Cannot write here: {refused.strerror or refused}.", Span(path.as_posix()), hint)


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path`, which afterwards holds all of it, or what it held before. OSError if it cannot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        replace_patiently(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def replace_patiently(temporary: Path, path: Path) -> None:
    """Move `temporary` to `path`; on Windows wait a little for whoever has the old file open."""
    for attempt in range(RETRIES):
        try:
            temporary.replace(path)
        except PermissionError as refused:
            if getattr(refused, "winerror", None) not in SHARING_VIOLATIONS or attempt == RETRIES - 1:
                raise
            time.sleep(PAUSE * (attempt + 1))
        else:
            return


# ---------------------------------------------------------------- where content and templates are


def find_project(folder: Path) -> tuple[Path, Path]:
    """Return the folders of content and templates: those in `folder`, else the project's own, else the shipped ones."""
    package = Path(__file__).parent
    homes = (folder, package.parent, package / "shipped")
    content = next((home for home in homes if is_content(home / "content")), homes[-1])
    templates = next((home for home in homes if (home / "templates" / "words").is_dir()), homes[-1])
    return named_from(folder, content / "content"), named_from(folder, templates / "templates")


def is_content(folder: Path) -> bool:
    """True if `folder` holds content of ours, not just something called content."""
    return (folder / "audiences.yaml").is_file()


def named_from(folder: Path, path: Path) -> Path:
    """Return `path` as short as it can be named from `folder`."""
    return path.relative_to(folder) if path.is_relative_to(folder) else path
