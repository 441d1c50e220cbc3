"""Plans each deliverable on its own: one template, audience, format, length, country and look.

Each file is verified twice: unchanged, and with a planted phrase that belongs to other audiences only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from paths import ROOT

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

TODAY = date(2026, 11, 24)
LENGTHS = ("", "30", "60", "90")
LETTERS = re.compile(r"[a-z ]+")
TALKS = ("pptx", "slides-pdf", "notes-pdf")


class Request(Struct, frozen=True):
    """The options that select one file; without `minutes`, a talk has all its slides."""

    template: str
    audience: str
    format: str
    minutes: str
    country: str


def options_of(country: str, minutes: str, **settings: Any) -> Options:
    """Return build options for a country and a length of talk."""
    lengths = (minutes,) if minutes else ()
    folders = (ROOT / "content", ROOT / "templates", ROOT / "output")
    return Options(*folders, country=country, minutes=lengths, today=TODAY, **settings)


def single_file_requests(library: Library, country: str) -> Iterator[Request]:
    """Yield a request for each file that can be built on its own for a country; lengths apply to handouts too."""
    for (name, template), audience, minutes in product(library.templates.items(), library.audiences, LENGTHS):
        if not template.audiences or audience in template.audiences:
            for output_format in ("pdf",) if template.renderer == "pdf" else TALKS:
                yield Request(name, audience, output_format, minutes, country)


class SingleFile(Struct, frozen=True):
    """A deliverable, and the phrases of other audiences that must not occur in it."""

    deliverable: Deliverable
    forbidden: frozenset[str]


def files_with_forbidden_phrases(
    library: Library, options: Options, cache: RenderCache | None = None, phrase_index: PhraseIndex | None = None
) -> tuple[SingleFile, ...]:
    """Return the files of one build with their forbidden phrases; `cache` and `phrase_index` can be shared."""
    phrase_index = phrase_index or PhraseIndex(library)
    return tuple(
        SingleFile(
            replace(each, source=each.document), forbidden_phrases(phrase_index.forbidden_for(each), each.document)
        )
        for each in plan_deliverables(library, options, cache)[0]
    )


def forbidden_phrases(forbidden: ForbiddenPhrases, document: Document) -> frozenset[str]:
    """Return the phrases of other audiences that do not occur in `document`."""
    return forbidden.everything - forbidden.own - document_phrases((document,)).across


def files_of_request(
    library: Library, request: Request, cache: RenderCache, phrase_index: PhraseIndex
) -> tuple[SingleFile, ...]:
    """Return the files that one request builds."""
    options = options_of(
        request.country,
        request.minutes,
        template_names=(request.template,),
        audiences=(request.audience,),
        formats=(request.format,),
    )
    return files_with_forbidden_phrases(library, options, cache, phrase_index)


def files_of_country(
    library: Library, country: str, cache: RenderCache, **overrides: tuple[str, ...] | bool
) -> dict[str, SingleFile]:
    """Return all files of a country by file name: every template and format, and talks of every length."""
    together: dict[str, SingleFile] = {}
    phrase_index = PhraseIndex(library)
    for minutes in LENGTHS:
        settings: dict[str, Any] = {"template_names": tuple(library.templates), "formats": ("pdf", *TALKS), **overrides}
        files = files_with_forbidden_phrases(library, options_of(country, minutes, **settings), cache, phrase_index)
        together |= {each.deliverable.file: each for each in files}
    return together


def append_paragraph(document: Document, words: str) -> Document:
    """Return a copy of `document` with a paragraph of `words` at its end: on the last page, or on one more slide."""
    paragraph = Paragraph((Text(f"{words}."),))
    if not document.slides:
        return replace(document, blocks=(*document.blocks, paragraph))
    notes, section = (Paragraph((Text("Say it."),)),), document.slides[-1].section
    slide = Slide("content", (Text("One more"),), blocks=(paragraph,), notes=notes, section=section)
    return replace(document, slides=(*document.slides, slide))


def verification_faults(single: SingleFile) -> list[str]:
    """Return what is wrong with the verification of a file: false alarms, and a planted phrase that was missed.

    The shortest forbidden phrase is planted, so that it fits. Raises HandoutError if the file cannot be rendered.
    """
    each, forbidden = single.deliverable, single.forbidden
    planted = min(filter(LETTERS.fullmatch, forbidden), key=lambda run: (len(run), run))
    document = append_paragraph(each.document, planted)
    rendered = run_renderer(each.renderer, document, each.theme, each.sheet, fillable=each.fillable)
    raise_errors(rendered.findings)
    printed = each.sheet is not None
    found = verify_file(rendered.content, document, each.renderer, printed=printed, forbidden=forbidden)
    leaks = [finding for finding in found if finding.code == "foreign-words" and planted in finding.message]
    missed = [] if leaks else [f"{each.file}: “{planted}” is not found"]
    return [*missed, *(f"{each.file}: {finding}" for finding in found if finding not in leaks)]
