"""Render one file and read it back: everything that a worker does.

Takes the input that copies share and a job, both plain values; returns bytes, findings and the phrases that the
document does not hold. Must never read or write a file, nor share state with the process that sent the job.
"""

from __future__ import annotations

import gc
import pickle
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from itertools import count
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Document, FixedWords, Rendered
from handouts.finding import Finding, HandoutError, error, is_error
from handouts.pipeline.fingerprints import program_identity
from handouts.service import Recipient
from handouts.theme import Paper, Theme

if TYPE_CHECKING:
    from handouts.slides_pdf import SlidesPdfKind


# A worker of a cluster may have several threads, and the libraries that draw are not made for that.
RENDER_LOCK = Lock()
FULL_COLLECTION_INTERVAL = 200
COLLECTION_INTERVAL = 12  # files that are no copies
RENDER_COUNTER = count(1)
DECK_RENDERER, BUILDS_RENDERER = "pptx", "pptx-builds"
SLIDES_PDF_KINDS: Mapping[str, SlidesPdfKind] = {"slides-pdf": "slides", "notes-pdf": "notes", "lines-pdf": "lines"}
CACHED_INPUTS = 4  # bases that a worker keeps
TRACED_CALLS, TRACED_FOLDERS = 4, 3  # how much is said of where it is
VERSION_HINT = "install the same versions on every machine, or build without --cluster"


class SharedInput(Struct, frozen=True):
    """What many copies share: the document as it was composed, and how it looks."""

    document: Document
    words: FixedWords
    theme: Theme
    sheet: Paper | None


class RenderJob(Struct, frozen=True):
    """What is made of a base: by which renderer, with fields to type into or not, and read back to `verify` it.

    A copy is made for a `recipient`, as whom it is from.
    """

    renderer: str
    fillable: bool = False
    verify: bool = True
    recipient: Recipient | None = None


class RenderResult(Struct, frozen=True):
    """A finished file, the seconds that it took, and the `strange` runs of words that its document does not say.

    They stand together by the texts of the file. They may be what only others are told, which no worker knows.
    """

    rendered: Rendered
    seconds: float = 0.0
    strange: tuple[tuple[str, ...], ...] = ()


PREDRAWN_DECKS: dict[tuple[Document, Theme], RenderResult] = {}  # decks that this process was told to begin with


def failed_result(*findings: Finding) -> RenderResult:
    """Return what comes in place of a file that is not made: why."""
    return RenderResult(Rendered(b"", 0, findings))


def render_job(base: SharedInput, job: RenderJob) -> RenderResult:
    """Return the file that is asked for; what it does not keep of what it promises is among its findings.

    A mistake of ours costs the file in which it shows, and no other.
    """
    start = time.perf_counter()
    try:
        made = render_and_verify(base, job)
    except HandoutError as raised:
        made = failed_result(*raised.findings)
    except Exception as problem:
        made = failed_result(our_mistake_error(problem))
    return replace(made, seconds=made.seconds + time.perf_counter() - start)


def render_and_verify(base: SharedInput, job: RenderJob) -> RenderResult:
    """Return the file that is asked for, read back, and the seconds that were spent on it before."""
    document = document_for_job(base, job)
    before = draw_or_take_predrawn(document, base, job)
    rendered = before.rendered
    if job.verify and not any(map(is_error, rendered.findings)):
        from handouts.verify import read_back
        from handouts.verify.leakage import unshared_phrases

        read = read_back(rendered.content, document, job.renderer, printed=base.sheet is not None)
        rendered = replace(rendered, findings=(*rendered.findings, *read.findings))
        return replace(before, rendered=rendered, strange=unshared_phrases(read.texts, own_phrases(base.document)))
    return before


@lru_cache(maxsize=CACHED_INPUTS)
def own_phrases(document: Document) -> frozenset[str]:
    """Return the runs of words that a document says, which all copies share."""
    from handouts.verify.leakage import document_phrases

    return document_phrases((document,)).across


def our_mistake_error(problem: Exception) -> Finding:
    """Return the finding for a file that we could not make: where it went wrong, and nothing that its words say."""
    import traceback

    places = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(problem.__traceback__)]
    way = ", ".join(
        f"{'/'.join(Path(file).parts[-TRACED_FOLDERS:])}:{line}" for file, line in reversed(places[-TRACED_CALLS:])
    )
    hint = "please report it with this line; the other files do not need this one"
    message = f"This file could not be made, by a mistake of ours: {type(problem).__name__} in {way}."
    return error("our-mistake", message, hint=hint)


def document_for_job(base: SharedInput, job: RenderJob) -> Document:
    """Return what is rendered: the document of the base, from whoever the copy is from."""
    if job.recipient is None:
        return base.document
    from handouts.compose.personalisation import personalise_document

    return personalise_document(base.document, job.recipient, base.words)


def render_packed_jobs(packed: bytes, jobs: tuple[RenderJob, ...], program: str) -> tuple[RenderResult, ...]:
    """Return what `render` does of each job, for a base that travelled; a worker that is another program refuses.

    It would make other bytes, and nobody could say later which of them made a file.
    """
    if program != program_identity():
        found = error(
            "other-program", "A worker has another version of the program or of a library.", hint=VERSION_HINT
        )
        return (failed_result(found),) * len(jobs)
    with RENDER_LOCK:
        return tuple(render_and_collect(unpack_input(packed), job) for job in jobs)


def render_and_collect(base: SharedInput, job: RenderJob) -> RenderResult:
    """Return what `render` does; after a copy, of which there may be thousands, free what it has left behind.

    After other files that is done now and then: the first time takes longer than to make one.
    """
    result = render_job(base, job)
    if job.recipient or next(RENDER_COUNTER) % COLLECTION_INTERVAL == 0:
        collect_garbage()
    return result


def collect_garbage() -> None:
    """Free what a finished file has left behind: things that hold each other, which Python frees by looking for them.

    It looks only at what is new, which is quick, and now and then at everything: what is remembered is given up late.
    """
    gc.collect(1)
    if gc.get_stats()[1]["collections"] % FULL_COLLECTION_INTERVAL == 0:
        gc.collect()


def pack_input(base: SharedInput) -> bytes:
    """Return a base as it travels to another process: with every order, so it is made small once."""
    return zlib.compress(pickle.dumps(base, protocol=pickle.HIGHEST_PROTOCOL), level=1)


@lru_cache(maxsize=CACHED_INPUTS)
def unpack_input(packed: bytes) -> SharedInput:
    """Return a base that travelled; the same one as long as jobs for it come one after another."""
    base: SharedInput = pickle.loads(zlib.decompress(packed))  # noqa: S301 - it comes from whoever started us, over their own pipe
    return base


def draw_or_take_predrawn(document: Document, base: SharedInput, job: RenderJob) -> RenderResult:
    """Return what a renderer makes of a document; a deck as it was drawn ahead, if it was, with the seconds it took."""
    ahead = PREDRAWN_DECKS.pop((document, base.theme), None) if job.renderer == DECK_RENDERER else None
    if ahead is not None and not ahead.rendered.findings:  # which name places, as equal documents need not
        return ahead
    return RenderResult(run_renderer(job.renderer, document, base.theme, base.sheet, fillable=job.fillable))


def predraw_deck(packed: bytes) -> None:
    """Draw a deck that may be asked for soon; what goes wrong is said then."""
    base, start = unpack_input(packed), time.perf_counter()
    with RENDER_LOCK, suppress(Exception):
        made = run_renderer(DECK_RENDERER, base.document, base.theme, None, fillable=False)
        PREDRAWN_DECKS[base.document, base.theme] = RenderResult(made, time.perf_counter() - start)


def import_renderers(*, copies: bool) -> None:
    """Import what most files need, and what copies need beside it, so that the first one does not wait for it."""
    needed = (
        "deck.package",
        "deck.deck_plan",
        "pdf.plan_writer",
        "layout.handout_pages",
        "verify.deck_reader",
        "verify.handout_checks",
        "verify.slide_checks",
    )
    for name in (*needed, *(("compose.personalisation",) if copies else ())):
        import_module(f"handouts.{name}")


def run_renderer(renderer: str, document: Document, theme: Theme, sheet: Paper | None, *, fillable: bool) -> Rendered:
    """Return what one renderer makes of a document."""
    if renderer == "pdf":
        from handouts.pdf import render_pdf

        return render_pdf(document, theme, sheet=sheet, fillable=fillable)
    if renderer in (DECK_RENDERER, BUILDS_RENDERER):
        from handouts.deck import render_deck

        return render_deck(document, theme, builds=renderer == BUILDS_RENDERER)
    from handouts import slides_pdf

    return slides_pdf.render_deck_pages(SLIDES_PDF_KINDS[renderer], document, theme)


def run_planner(
    renderer: str, document: Document, theme: Theme, sheet: Paper | None, *, fillable: bool
) -> tuple[Finding, ...]:
    """Return what one renderer finds when it plans a document, which it does not draw."""
    if renderer == "pdf":
        from handouts.pdf import plan_pdf

        return plan_pdf(document, theme, sheet=sheet, fillable=fillable).findings
    if renderer in (DECK_RENDERER, BUILDS_RENDERER):
        from handouts.deck.deck_plan import plan_deck

        return plan_deck(document, theme).findings
    from handouts import slides_pdf

    return slides_pdf.plan_deck_pages(SLIDES_PDF_KINDS[renderer], document, theme).findings


class RenderTask(Struct, frozen=True):
    """A job with its base and its number in the plan."""

    number: int
    base: SharedInput
    job: RenderJob
