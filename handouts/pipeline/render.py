"""Render one file and read it back: everything that a worker does.

Takes a batch of tasks that share a document, all plain values. Writes each finished file beside its target under a
temporary name and returns little: its hash, its findings, and the phrases in it that are not in the document. A worker
that cannot reach the output folder returns the bytes as well. Must never share state with the process that sent the
batch, nor move a file to its final path.
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

# The planned pages or slides of a file. A web page or Word file has no plan: it is quick to make, and made at once.
FilePlan: TypeAlias = "PagePlan | DeckPlan | Rendered"

_TRACED_CALLS, _TRACED_FOLDERS = 4, 3  # how many calls of a traceback are reported, and how much of each path
VERSION_HINT = "install the same versions on every machine, or build without --cluster"
# A pipe takes this many bytes at once or none (PIPE_BUF, less what pickle adds): a process that is killed while it
# returns its results never leaves half a message, for the rest of which the reader would wait.
_MAX_MESSAGE_BYTES = 3_500


class SharedInput(Struct, frozen=True):
    """What the files of a batch have in common: the composed document and its theme."""

    document: Document
    words: FixedWords
    theme: Theme
    sheet: Paper | None


class RenderTask(Struct, frozen=True):
    """One file to make of a shared input: its number in the build, its path below the output folder, its renderer.

    A copy is made for a `recipient`, who is named in it as the sender. `verify` says whether the file is read back.
    With a `plan`, its pages or slides are not planned again.
    """

    number: int
    file: str
    renderer: str
    fillable: bool = False
    verify: bool = True
    recipient: Recipient | None = None
    plan: Any = None  # a FilePlan; its class is imported only where one is made


class RenderBatch(Struct, frozen=True):
    """Tasks that share an input, for workers that run the same `program`; `output` is None if they cannot reach it."""

    shared: SharedInput
    tasks: tuple[RenderTask, ...]
    output: Path | None
    program: str


class FinishedFile(Struct, frozen=True):
    """What a worker returns for a task: the file, under a temporary name or as bytes, and what is known about it.

    `unshared_phrases` are its phrases that are not in its document, text by text: they may be what only other audiences
    read, which no worker can tell.
    """

    number: int
    findings: tuple[Finding, ...]
    temporary: str = ""
    content: bytes = b""
    sha256: str = ""
    size: int = 0
    pages: int = 0
    seconds: float = 0.0
    unshared_phrases: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def from_bytes(cls, content: bytes, pages: int, findings: tuple[Finding, ...] = ()) -> FinishedFile:
        """Return a file in memory, with its size and hash."""
        sha256 = hashlib.sha256(content).hexdigest()
        return cls(0, findings, content=content, sha256=sha256, size=len(content), pages=pages)


_RESULTS = msgpack.Decoder(tuple[FinishedFile, ...])


_WORKER_CACHE = RenderCache()  # of this worker process, for as long as it runs
_WORKER_LOCK = Lock()  # a cluster worker may have several threads, but the drawing libraries are not thread-safe


def prepare_worker(renderers: Iterable[str]) -> None:
    """Import what files of these renderers need, before the first of them is planned.

    The libraries that draw and read take most of the time; the rest is imported with the first file.
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
    """Return what `render_batch` does; a worker with another version refuses, as it may make other bytes."""
    with _WORKER_LOCK:
        if batch.program == _WORKER_CACHE.get_or_compute("program", program_identity):
            return render_batch(batch, _WORKER_CACHE)
    message = "A worker has another version of the program or of a library."
    return msgpack.encode(failed_files(batch, error("other-program", message, hint=VERSION_HINT)))


def render_batch(batch: RenderBatch, cache: RenderCache) -> bytes | str:
    """Return the results of all tasks, encoded for `read_results`; if they are long, the path of a file with them."""
    message = msgpack.encode(
        tuple(_write_temporary_file(render_task(task, batch.shared, cache), task, batch) for task in batch.tasks)
    )
    if batch.output is None or len(message) <= _MAX_MESSAGE_BYTES:
        return message
    try:
        return str(write_temporary(batch.output, batch.output / "results", message))
    except OSError as refused:
        return msgpack.encode(failed_files(batch, write_error(batch.output, refused)))


def read_results(message: bytes | str) -> tuple[FinishedFile, ...]:
    """Return the results of a batch; a file that holds them is deleted."""
    if isinstance(message, bytes):
        return _RESULTS.decode(message)
    path = Path(message)
    results = _RESULTS.decode(path.read_bytes())
    path.unlink()
    return results


def failed_files(batch: RenderBatch, *findings: Finding) -> tuple[FinishedFile, ...]:
    """Return a result with these findings for each task of a batch that no worker could do."""
    return tuple(FinishedFile(task.number, findings) for task in batch.tasks)


def _write_temporary_file(made: FinishedFile, task: RenderTask, batch: RenderBatch) -> FinishedFile:
    """Write a file under a temporary name, if it has no error and the batch a folder; return it without its bytes."""
    if any(map(is_error, made.findings)):
        return replace(made, content=b"")
    if batch.output is None:
        return made
    path = batch.output / task.file
    try:
        return replace(made, content=b"", temporary=str(write_temporary(batch.output, path, made.content)))
    except OSError as refused:
        return replace(made, content=b"", findings=(*made.findings, write_error(path, refused)))


def render_task(task: RenderTask, shared: SharedInput, cache: RenderCache | None = None) -> FinishedFile:
    """Return the finished file of a task in memory, with what is wrong with it among its findings.

    A bug of ours costs the file in which it shows, and no other.
    """
    start, cache = time.perf_counter(), cache or RenderCache()
    cache.begin_file()
    try:
        made = _render_and_verify(task, shared, cache)
    except HandoutError as raised:
        made = FinishedFile.from_bytes(b"", 0, raised.findings)
    except Exception as problem:
        made = FinishedFile.from_bytes(b"", 0, (our_mistake_error(problem),))
    return replace(made, number=task.number, seconds=time.perf_counter() - start)


def _render_and_verify(task: RenderTask, shared: SharedInput, cache: RenderCache) -> FinishedFile:
    """Return the finished file of a task, read back if that is asked for."""
    document = shared.document
    if task.recipient is not None:
        from handouts.compose.provider import personalise_document

        document = personalise_document(document, task.recipient, shared.words)
    rendered = run_renderer(
        task.renderer, document, shared.theme, shared.sheet, fillable=task.fillable, plan=task.plan, cache=cache
    )
    made = FinishedFile.from_bytes(rendered.content, rendered.pages, rendered.findings)
    if not task.verify or any(map(is_error, rendered.findings)):
        return made
    from handouts.verify import read_back
    from handouts.verify.leakage import document_phrases, unshared_phrases

    read = read_back(rendered.content, document, task.renderer, printed=shared.sheet is not None, cache=cache)
    own = cache.get_or_compute(("phrases", shared.document), lambda: document_phrases((shared.document,)).across)
    return replace(made, findings=(*made.findings, *read.findings), unshared_phrases=unshared_phrases(read.texts, own))


def our_mistake_error(problem: Exception) -> Finding:
    """Return the error for a file that was not made because of a bug of ours: where in the code, without its words."""
    import traceback

    places = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(problem.__traceback__)]
    way = ", ".join(
        f"{'/'.join(Path(file).parts[-_TRACED_FOLDERS:])}:{line}" for file, line in reversed(places[-_TRACED_CALLS:])
    )
    hint = "please report it with this line; the other files do not need this one"
    message = f"This file could not be made, because of a bug in the program: {type(problem).__name__} in {way}."
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
    """Return a document as a finished file of one renderer; without a `plan`, its pages or slides are planned first."""
    plan = plan or run_planner(renderer, document, theme, sheet, fillable=fillable, cache=cache)
    if isinstance(plan, Rendered):
        return plan
    made = format_named(renderer)
    if made.shows == "deck":
        from handouts.deck.package import draw_deck

        return draw_deck(cast("DeckPlan", plan), document, theme, builds=bool(made.builds), cache=cache)
    from handouts.pdf.plan_writer import write_plan

    return write_plan(cast("PagePlan", plan), document, theme, cache=cache)


def run_planner(
    renderer: str,
    document: Document,
    theme: Theme,
    sheet: Paper | None,
    *,
    fillable: bool,
    cache: RenderCache | None = None,
) -> FilePlan:
    """Return the pages or slides that a renderer plans for a document, with findings about what does not fit."""
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
