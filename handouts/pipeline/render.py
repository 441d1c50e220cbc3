"""Render one file and read it back: everything that a worker does.

Takes a batch of tasks that share a document, all plain values. Each finished file is written beside its target under
a temporary name, and what is handed back is small: its hash, its findings, and the phrases that the document does not
hold. For a worker without the output folder, the bytes are handed back as well. Must never share state with the
process that sent the batch, nor put a file in its place.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from msgspec import Struct, msgpack
from msgspec.structs import replace

from handouts.document.nodes import Document, FixedWords, Rendered
from handouts.finding import Finding, HandoutError, error, is_error
from handouts.formats import format_named
from handouts.pipeline.fingerprints import program_identity
from handouts.pipeline.output import write_error, write_temporary
from handouts.render_cache import RenderCache
from handouts.service import Recipient
from handouts.theme import Paper, Theme

if TYPE_CHECKING:
    from handouts.deck.planned_slides import DeckPlan
    from handouts.layout.page_model import PagePlan

# The pages or slides of a file. A page of the web and a Word file have none: they are made themselves, quickly.
FilePlan: TypeAlias = "PagePlan | DeckPlan | Rendered"

_TRACED_CALLS, _TRACED_FOLDERS = 4, 3  # how much is said of where it is
VERSION_HINT = "install the same versions on every machine, or build without --cluster"
# A pipe takes this many bytes at once or none (PIPE_BUF, less what pickle adds), so that a process which is killed
# while it hands over its results never leaves half a message for which the reader would wait.
_MAX_MESSAGE_BYTES = 3_500


class SharedInput(Struct, frozen=True):
    """What many copies share: the document as it was composed, and how it looks."""

    document: Document
    words: FixedWords
    theme: Theme
    sheet: Paper | None


class RenderJob(Struct, frozen=True):
    """What to make of a shared input: by which renderer, with form fields or not, and read back or not.

    A copy is made for a `recipient`, who then stands in it as the sender.
    """

    renderer: str
    fillable: bool = False
    verify: bool = True
    recipient: Recipient | None = None


class _RenderResult(Struct, frozen=True):
    """A file in memory, the seconds that it took, and its phrases that its document does not say, text by text.

    They may be what only other audiences read, which no worker knows.
    """

    rendered: Rendered
    seconds: float = 0.0
    unshared_phrases: tuple[tuple[str, ...], ...] = ()


class RenderTask(Struct, frozen=True):
    """A job, its number in the plan, and the file below the output folder that it makes; with a `plan`, its pages or
    slides are not planned again.
    """

    number: int
    file: str
    job: RenderJob
    plan: Any = None  # a FilePlan; its class is imported only where one is made


class RenderBatch(Struct, frozen=True):
    """Tasks of one shared input, for workers of the same `program`; no `output` if they cannot reach that folder."""

    shared: SharedInput
    tasks: tuple[RenderTask, ...]
    output: Path | None
    program: str


class FinishedFile(Struct, frozen=True):
    """What a worker hands back of a task: the file under its temporary name, or its bytes, and all about them."""

    number: int
    findings: tuple[Finding, ...]
    temporary: str = ""
    content: bytes = b""
    sha256: str = ""
    size: int = 0
    pages: int = 0
    seconds: float = 0.0
    unshared_phrases: tuple[tuple[str, ...], ...] = ()


_RESULTS = msgpack.Decoder(tuple[FinishedFile, ...])


_WORKER_CACHE = RenderCache()  # a worker process owns this one as long as it lives
_WORKER_LOCK = Lock()  # a worker of a cluster may have several threads, and the libraries that draw are not made for it


def prepare_worker(renderers: Iterable[str]) -> None:
    """Get a worker ready for files of these renderers, before the first one is planned: import what it takes.

    Most of the time is that of the libraries that draw and read; the rest is imported with the first file.
    """
    _WORKER_CACHE.get_or_compute("program", program_identity)
    shown = {format_named(each).shows for each in renderers}
    if "deck" in shown:
        import handouts.deck.package
        import handouts.verify.slide_checks
    if shown - {"deck", "web", "word"}:
        import handouts.pdf.plan_writer
        import handouts.verify.handout_checks  # noqa: F401


def render_in_worker(batch: RenderBatch) -> bytes | str:
    """Return what `render_batch` does; a worker that is another program refuses, as its bytes may be others."""
    with _WORKER_LOCK:
        if batch.program == _WORKER_CACHE.get_or_compute("program", program_identity):
            return render_batch(batch, _WORKER_CACHE)
    message = "A worker has another version of the program or of a library."
    return msgpack.encode(failed_files(batch, error("other-program", message, hint=VERSION_HINT)))


def render_batch(batch: RenderBatch, cache: RenderCache) -> bytes | str:
    """Return what became of each task, as `read_results` reads it; if that is long, the name of a file with it."""
    results = tuple(_finish_task(task, batch, cache) for task in batch.tasks)
    message = msgpack.encode(results)
    if batch.output is None or len(message) <= _MAX_MESSAGE_BYTES:
        return message
    try:
        return str(write_temporary(batch.output, batch.output / "results", message))
    except OSError as refused:
        found = write_error(batch.output, refused)
        return msgpack.encode(failed_files(batch, found))


def read_results(message: bytes | str) -> tuple[FinishedFile, ...]:
    """Return the results of a batch; a file that holds them is deleted."""
    if isinstance(message, bytes):
        return _RESULTS.decode(message)
    path = Path(message)
    results = _RESULTS.decode(path.read_bytes())
    path.unlink()
    return results


def failed_files(batch: RenderBatch, *findings: Finding) -> tuple[FinishedFile, ...]:
    """Return, for each task of a batch that no worker could do, why."""
    return tuple(FinishedFile(task.number, findings) for task in batch.tasks)


def _finish_task(task: RenderTask, batch: RenderBatch, cache: RenderCache) -> FinishedFile:
    """Return a file that is rendered, read back and, if it is right, written under a temporary name."""
    made = render_job(batch.shared, task.job, cache, task.plan)
    content, findings = made.rendered.content, made.rendered.findings
    done = FinishedFile(
        number=task.number,
        findings=findings,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        pages=made.rendered.pages,
        seconds=made.seconds,
        unshared_phrases=made.unshared_phrases,
    )
    if any(map(is_error, findings)):
        return done
    if batch.output is None:
        return replace(done, content=content)
    path = batch.output / task.file
    try:
        return replace(done, temporary=str(write_temporary(batch.output, path, content)))
    except OSError as refused:
        return replace(done, findings=(*findings, write_error(path, refused)))


def render_job(
    shared: SharedInput, job: RenderJob, cache: RenderCache | None = None, plan: FilePlan | None = None
) -> _RenderResult:
    """Return the file of a job; what is wrong with it is among its findings.

    A bug of ours costs the file in which it shows, and no other.
    """
    start, cache = time.perf_counter(), cache or RenderCache()
    cache.begin_file()
    try:
        made = _render_and_verify(shared, job, cache, plan)
    except HandoutError as raised:
        made = _RenderResult(Rendered(b"", 0, raised.findings))
    except Exception as problem:
        made = _RenderResult(Rendered(b"", 0, (our_mistake_error(problem),)))
    return replace(made, seconds=time.perf_counter() - start)


def _render_and_verify(shared: SharedInput, job: RenderJob, cache: RenderCache, plan: FilePlan | None) -> _RenderResult:
    """Return the file of a job, read back if that is asked for."""
    document = shared.document
    if job.recipient is not None:
        from handouts.compose.provider import personalise_document

        document = personalise_document(document, job.recipient, shared.words)
    look = shared.theme, shared.sheet
    rendered = run_renderer(job.renderer, document, *look, fillable=job.fillable, plan=plan, cache=cache)
    if not job.verify or any(map(is_error, rendered.findings)):
        return _RenderResult(rendered)
    from handouts.verify import read_back
    from handouts.verify.leakage import document_phrases, unshared_phrases

    read = read_back(rendered.content, document, job.renderer, printed=shared.sheet is not None, cache=cache)
    own = cache.get_or_compute(("phrases", shared.document), lambda: document_phrases((shared.document,)).across)
    return _RenderResult(
        replace(rendered, findings=(*rendered.findings, *read.findings)),
        unshared_phrases=unshared_phrases(read.texts, own),
    )


def our_mistake_error(problem: Exception) -> Finding:
    """Return the finding for a file that a bug of ours keeps from being made: where in the code, and no word of it."""
    import traceback

    places = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(problem.__traceback__)]
    way = ", ".join(
        f"{'/'.join(Path(file).parts[-_TRACED_FOLDERS:])}:{line}" for file, line in reversed(places[-_TRACED_CALLS:])
    )
    hint = "please report it with this line; the other files do not need this one"
    message = f"This file could not be made, by a mistake of ours: {type(problem).__name__} in {way}."
    return error("our-mistake", message, hint=hint)


def run_renderer(
    renderer: str,
    document: Document,
    theme: Theme,
    sheet: Paper | None,
    *,
    fillable: bool,
    plan: FilePlan | None = None,
    cache: RenderCache | None = None,
) -> Rendered:
    """Return what one renderer makes of a document, whose pages or slides are planned if no `plan` of them is given."""
    plan = plan or run_planner(renderer, document, theme, sheet, fillable=fillable, cache=cache)
    if isinstance(plan, Rendered):
        return plan
    made, failed = format_named(renderer), any(map(is_error, plan.findings))
    if made.shows == "deck":
        from handouts.deck.package import draw_deck

        slides = cast("DeckPlan", plan)
        content = b"" if failed else draw_deck(slides, document, theme, builds=bool(made.builds), cache=cache)
        return Rendered(content, len(slides.slides), plan.findings)
    from handouts.pdf.plan_writer import write_plan

    pages = cast("PagePlan", plan)
    return Rendered(b"" if failed else write_plan(pages, document, theme, cache=cache), len(pages.pages), plan.findings)


def run_planner(
    renderer: str,
    document: Document,
    theme: Theme,
    sheet: Paper | None,
    *,
    fillable: bool,
    cache: RenderCache | None = None,
) -> FilePlan:
    """Return the pages or slides that one renderer plans, without drawing them, and what does not fit."""
    match format_named(renderer).shows:
        case "deck":
            from handouts.deck.deck_plan import plan_deck

            return plan_deck(document, theme, cache)
        case "web":
            from handouts.web import render_html

            return render_html(document, theme, cache=cache)
        case "word":
            from handouts.word import render_docx

            return render_docx(document, theme, cache=cache)
        case "slides" | "lines" | "notes" as kind:
            from handouts.slides_pdf import plan_deck_pages

            return plan_deck_pages(kind, document, theme, cache)
        case _:
            from handouts.pdf import plan_pdf

            return plan_pdf(document, theme, sheet=sheet, fillable=fillable, cache=cache)
