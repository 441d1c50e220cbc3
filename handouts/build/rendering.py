"""A base and a job in, finished bytes out, read back: what a worker does, here, in a process or on another machine.

Both are values and hold all that is needed: a worker shares nothing with whoever sent them, and reads none of their
files.
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
from handouts.manifest.hashing import program_identity
from handouts.service import Recipient
from handouts.theme import Paper, Theme

if TYPE_CHECKING:
    from handouts.slides_pdf import SlidesPdfKind

# A worker of a cluster may have several threads, and the libraries that draw are not made for that.
ONE_AT_A_TIME = Lock()
THOROUGH = 200
OFTEN = 12  # files that are no copies
RENDERED = count(1)
DECK, BUILDS = "pptx", "pptx-builds"
ON_PAPER: Mapping[str, SlidesPdfKind] = {"slides-pdf": "slides", "notes-pdf": "notes", "lines-pdf": "lines"}
KEPT = 4  # bases that a worker keeps
CALLS, FOLDERS = 4, 3  # how much is said of where it is
OTHER = "install the same versions on every machine, or build without --cluster"


class Base(Struct, frozen=True):
    """What many copies share: the document as it was composed, and how it looks."""

    document: Document
    words: FixedWords
    theme: Theme
    sheet: Paper | None


class Job(Struct, frozen=True):
    """What is made of a base: by which renderer, with fields to type into or not, and read back to `verify` it.

    A copy is made for a `recipient`, as whom it is from.
    """

    renderer: str
    fillable: bool = False
    verify: bool = True
    recipient: Recipient | None = None


class Result(Struct, frozen=True):
    """A finished file, the seconds that it took, and the `strange` runs of words that its document does not say.

    They stand together by the texts of the file. They may be what only others are told, which no worker knows.
    """

    rendered: Rendered
    seconds: float = 0.0
    strange: tuple[tuple[str, ...], ...] = ()


DRAWN_AHEAD: dict[tuple[Document, Theme], Result] = {}  # decks that this process was told to begin with


def not_made(*findings: Finding) -> Result:
    """Return what comes in place of a file that is not made: why."""
    return Result(Rendered(b"", 0, findings))


def render(base: Base, job: Job) -> Result:
    """Return the file that is asked for; what it does not keep of what it promises is among its findings.

    A mistake of ours costs the file in which it shows, and no other.
    """
    start = time.perf_counter()
    try:
        made = verified(base, job)
    except HandoutError as raised:
        made = not_made(*raised.findings)
    except Exception as problem:
        made = not_made(our_mistake(problem))
    return replace(made, seconds=made.seconds + time.perf_counter() - start)


def verified(base: Base, job: Job) -> Result:
    """Return the file that is asked for, read back, and the seconds that were spent on it before."""
    document = document_of(base, job)
    before = drawn(document, base, job)
    rendered = before.rendered
    if job.verify and not any(map(is_error, rendered.findings)):
        from handouts.verify import read_back
        from handouts.verify.leakage import unshared_phrases

        read = read_back(rendered.content, document, job.renderer, printed=base.sheet is not None)
        rendered = replace(rendered, findings=(*rendered.findings, *read.findings))
        return replace(before, rendered=rendered, strange=unshared_phrases(read.texts, own_runs(base.document)))
    return before


@lru_cache(maxsize=KEPT)
def own_runs(document: Document) -> frozenset[str]:
    """Return the runs of words that a document says, which all copies share."""
    from handouts.verify.leakage import document_phrases

    return document_phrases((document,)).across


def our_mistake(problem: Exception) -> Finding:
    """Return the finding for a file that we could not make: where it went wrong, and nothing that its words say."""
    import traceback

    places = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(problem.__traceback__)]
    way = ", ".join(f"{'/'.join(Path(file).parts[-FOLDERS:])}:{line}" for file, line in reversed(places[-CALLS:]))
    hint = "please report it with this line; the other files do not need this one"
    message = f"This file could not be made, by a mistake of ours: {type(problem).__name__} in {way}."
    return error("our-mistake", message, hint=hint)


def document_of(base: Base, job: Job) -> Document:
    """Return what is rendered: the document of the base, from whoever the copy is from."""
    if job.recipient is None:
        return base.document
    from handouts.compose.personalisation import personalise_document

    return personalise_document(base.document, job.recipient, base.words)


def render_packed(packed: bytes, jobs: tuple[Job, ...], program: str) -> tuple[Result, ...]:
    """Return what `render` does of each job, for a base that travelled; a worker that is another program refuses.

    It would make other bytes, and nobody could say later which of them made a file.
    """
    if program != program_identity():
        found = error("other-program", "A worker has another version of the program or of a library.", hint=OTHER)
        return (not_made(found),) * len(jobs)
    with ONE_AT_A_TIME:
        return tuple(render_tidily(unpacked(packed), job) for job in jobs)


def render_tidily(base: Base, job: Job) -> Result:
    """Return what `render` does; after a copy, of which there may be thousands, free what it has left behind.

    After other files that is done now and then: the first time takes longer than to make one.
    """
    result = render(base, job)
    if job.recipient or next(RENDERED) % OFTEN == 0:
        tidy()
    return result


def tidy() -> None:
    """Free what a finished file has left behind: things that hold each other, which Python frees by looking for them.

    It looks only at what is new, which is quick, and now and then at everything: what is remembered is given up late.
    """
    gc.collect(1)
    if gc.get_stats()[1]["collections"] % THOROUGH == 0:
        gc.collect()


def pack(base: Base) -> bytes:
    """Return a base as it travels to another process: with every order, so it is made small once."""
    return zlib.compress(pickle.dumps(base, protocol=pickle.HIGHEST_PROTOCOL), level=1)


@lru_cache(maxsize=KEPT)
def unpacked(packed: bytes) -> Base:
    """Return a base that travelled; the same one as long as jobs for it come one after another."""
    base: Base = pickle.loads(zlib.decompress(packed))  # noqa: S301 - it comes from whoever started us, over their own pipe
    return base


def drawn(document: Document, base: Base, job: Job) -> Result:
    """Return what a renderer makes of a document; a deck as it was drawn ahead, if it was, with the seconds it took."""
    ahead = DRAWN_AHEAD.pop((document, base.theme), None) if job.renderer == DECK else None
    if ahead is not None and not ahead.rendered.findings:  # which name places, as equal documents need not
        return ahead
    return Result(rendered_by(job.renderer, document, base.theme, base.sheet, fillable=job.fillable))


def draw_ahead(packed: bytes) -> None:
    """Draw a deck that may be asked for soon; what goes wrong is said then."""
    base, start = unpacked(packed), time.perf_counter()
    with ONE_AT_A_TIME, suppress(Exception):
        made = rendered_by(DECK, base.document, base.theme, None, fillable=False)
        DRAWN_AHEAD[base.document, base.theme] = Result(made, time.perf_counter() - start)


def get_ready(*, copies: bool) -> None:
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


def rendered_by(renderer: str, document: Document, theme: Theme, sheet: Paper | None, *, fillable: bool) -> Rendered:
    """Return what one renderer makes of a document."""
    if renderer == "pdf":
        from handouts.pdf import render_pdf

        return render_pdf(document, theme, sheet=sheet, fillable=fillable)
    if renderer in (DECK, BUILDS):
        from handouts.deck import render_deck

        return render_deck(document, theme, builds=renderer == BUILDS)
    from handouts import slides_pdf

    return slides_pdf.render_deck_pages(ON_PAPER[renderer], document, theme)


def found_by_planning(
    renderer: str, document: Document, theme: Theme, sheet: Paper | None, *, fillable: bool
) -> tuple[Finding, ...]:
    """Return what one renderer finds when it plans a document, which it does not draw."""
    if renderer == "pdf":
        from handouts.pdf import plan_pdf

        return plan_pdf(document, theme, sheet=sheet, fillable=fillable).findings
    if renderer in (DECK, BUILDS):
        from handouts.deck.deck_plan import plan_deck

        return plan_deck(document, theme).findings
    from handouts import slides_pdf

    return slides_pdf.plan_deck_pages(ON_PAPER[renderer], document, theme).findings
