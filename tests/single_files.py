"""Each single file that can be asked for alone: a template for one audience, in one format, length, country and look.

What is planned of one request, and what is found in a file of it, with and without words that only others are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Document, Paragraph, Slide, Text
from handouts.finding import raise_errors
from handouts.library import Library
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.phrase_index import PhraseIndex
from handouts.pipeline.plan import plan_deliverables
from handouts.pipeline.render import run_renderer
from handouts.render_cache import RenderCache
from handouts.verify import verify_file
from handouts.verify.leakage import ForbiddenPhrases, document_phrases

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 24)
LENGTHS = ("", "30", "60", "90")
LETTERS = re.compile(r"[a-z ]+")
TALKS = ("pptx", "slides-pdf", "notes-pdf")


class Request(Struct, frozen=True):
    """What is asked for alone; a talk of no length has all its slides."""

    template: str
    audience: str
    format: str
    minutes: str
    country: str


def options_of(country: str, minutes: str, **wanted: Any) -> Options:
    """Return the options that ask for something in a country, of a length."""
    lengths = (minutes,) if minutes else ()
    folders = (ROOT / "content", ROOT / "templates", ROOT / "output")
    return Options(*folders, country=country, minutes=lengths, today=TODAY, **wanted)


def requests_for(library: Library, country: str) -> Iterator[Request]:
    """Yield everything that can be asked for alone in a country; a handout may be asked for with a length, too."""
    for (name, template), audience, minutes in product(library.templates.items(), library.audiences, LENGTHS):
        if not template.audiences or audience in template.audiences:
            for made in ("pdf",) if template.renderer == "pdf" else TALKS:
                yield Request(name, audience, made, minutes, country)


class Single(Struct, frozen=True):
    """A file, and the runs of words that only others are told and that it does not say."""

    deliverable: Deliverable
    foreign: frozenset[str]


def with_foreign(
    library: Library, options: Options, cache: RenderCache | None = None, others: PhraseIndex | None = None
) -> tuple[Single, ...]:
    """Return the files of one build; what is in the `cache` and in the index of another is not worked out again."""
    others = others or PhraseIndex(library)
    return tuple(
        Single(replace(each, source=each.document), foreign_runs(others.forbidden_for(each), each.document))
        for each in plan_deliverables(library, options, cache)[0]
    )


def foreign_runs(foreign: ForbiddenPhrases, document: Document) -> frozenset[str]:
    """Return the runs of words that only others are told, as a document does not say them."""
    return foreign.everything - foreign.own - document_phrases((document,)).across


def planned(library: Library, request: Request, cache: RenderCache, others: PhraseIndex) -> tuple[Single, ...]:
    """Return the files of one request."""
    options = options_of(
        request.country,
        request.minutes,
        template_names=(request.template,),
        audiences=(request.audience,),
        formats=(request.format,),
    )
    return with_foreign(library, options, cache, others)


def planned_together(
    library: Library, country: str, cache: RenderCache, **looks: tuple[str, ...] | bool
) -> dict[str, Single]:
    """Return all files of a country by their names: of every template in every format, and talks of every length."""
    together: dict[str, Single] = {}
    others = PhraseIndex(library)
    for minutes in LENGTHS:
        wanted: dict[str, Any] = {"template_names": tuple(library.templates), "formats": ("pdf", *TALKS), **looks}
        files = with_foreign(library, options_of(country, minutes, **wanted), cache, others)
        together |= {each.deliverable.file: each for each in files}
    return together


def with_planted(document: Document, words: str) -> Document:
    """Return a document that says further words at its end: on the last page, or on one more slide."""
    paragraph = Paragraph((Text(f"{words}."),))
    if not document.slides:
        return replace(document, blocks=(*document.blocks, paragraph))
    notes, section = (Paragraph((Text("Say it."),)),), document.slides[-1].section
    slide = Slide("content", (Text("One more"),), blocks=(paragraph,), notes=notes, section=section)
    return replace(document, slides=(*document.slides, slide))


def faults_of(single: Single) -> list[str]:
    """Return what is wrong with how a file is read back: a false alarm, or words of others in it that are not found.

    The words that are put into it are few, so that they fit. HandoutError for a file that does not fit by itself.
    """
    each, foreign = single.deliverable, single.foreign
    planted = min(filter(LETTERS.fullmatch, foreign), key=lambda run: (len(run), run))
    document = with_planted(each.document, planted)
    made = run_renderer(each.renderer, document, each.theme, each.sheet, fillable=each.fillable)
    raise_errors(made.findings)
    printed = each.sheet is not None
    found = verify_file(made.content, document, each.renderer, printed=printed, forbidden=foreign)
    leaks = [finding for finding in found if finding.code == "foreign-words" and planted in finding.message]
    unseen = [] if leaks else [f"{each.file}: “{planted}” is not found"]
    return [*unseen, *(f"{each.file}: {finding}" for finding in found if finding not in leaks)]
