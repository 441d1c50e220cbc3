"""Deliverables in, finished bytes out: here, or in processes of their own that share nothing with this one."""

from __future__ import annotations

import signal
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias

from handouts.build.planning import Deliverable
from handouts.document import Document, Rendered
from handouts.finding import is_error
from handouts.theme import Paper, Theme

Result: TypeAlias = tuple[Deliverable, Rendered, float]


def render_each(
    deliverables: Sequence[Deliverable], jobs: int, *, verify: bool = True
) -> Generator[Result, None, None]:
    """Yield each deliverable with its bytes, read back to `verify` them, and the seconds it took."""
    if min(jobs, len(deliverables)) > 1:
        yield from render_in_processes(deliverables, jobs, verify=verify)
        return
    for each in deliverables:
        yield (each, *render(*what_of(each, verify=verify)))


def render_in_processes(deliverables: Sequence[Deliverable], jobs: int, *, verify: bool) -> Iterator[Result]:
    """Yield what `render_each` does; whatever ends this early also ends the processes, without waiting for them."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import active_children, get_context

    others = active_children()
    pool = ProcessPoolExecutor(
        min(jobs, len(deliverables)),
        mp_context=get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        with interrupts_held():
            waiting = [pool.submit(render, *what_of(each, verify=verify)) for each in deliverables]
        for deliverable, future in zip(deliverables, waiting, strict=True):
            yield (deliverable, *future.result())
    except BaseException:
        for process in active_children():
            if process not in others:
                process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold back Ctrl-C: processes that start meanwhile never see one, even before they could say that they ignore it.

    A terminal sends it to all of them at once, and each would print a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


What: TypeAlias = tuple[str, Document, Theme, Paper | None, bool, frozenset[str], bool]


def what_of(deliverable: Deliverable, *, verify: bool = True) -> What:
    """Return all that a renderer needs, and that goes to another process."""
    each = deliverable
    return each.renderer, each.document, each.theme, each.sheet, each.fillable, each.foreign, verify


def render(
    renderer: str,
    document: Document,
    theme: Theme,
    sheet: Paper | None,
    fillable: bool,
    foreign: frozenset[str],
    verify: bool,
) -> tuple[Rendered, float]:
    """Return the file that `renderer` makes of `document`, as sheets to fold or as a form if asked; the seconds.

    With `verify` it is read back, and what it does not keep of what it promises is among its findings.
    """
    start = time.perf_counter()
    rendered = rendered_by(renderer, document, theme, sheet, fillable=fillable)
    if verify and not any(map(is_error, rendered.findings)):
        from handouts.verify import verify_file

        found = verify_file(rendered.content, document, renderer, printed=sheet is not None, foreign=foreign)
        rendered = replace(rendered, findings=(*rendered.findings, *found))
    return rendered, time.perf_counter() - start


def rendered_by(renderer: str, document: Document, theme: Theme, sheet: Paper | None, *, fillable: bool) -> Rendered:
    """Return what one renderer makes of a document."""
    if renderer == "pdf":
        from handouts.pdf import render_pdf

        return render_pdf(document, theme, sheet=sheet, fillable=fillable)
    if renderer == "pptx":
        from handouts.deck import render_deck

        return render_deck(document, theme)
    from handouts import onpaper

    makers = {
        "slides-pdf": onpaper.render_slides_pdf,
        "notes-pdf": onpaper.render_notes_pdf,
        "lines-pdf": onpaper.render_lines_pdf,
    }
    return makers[renderer](document, theme)
