"""Plan the pages or slides of the one document that the page shows, then check it and find the sources of its words.

`plan_view` takes a Library and a request and returns a `PlannedView`, whose pages can be drawn at once. `remark_on`
adds areas, findings and figures, afterwards, as these take longer. Must never read content, draw or write.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, cast

from msgspec import Struct
from msgspec.structs import replace

from handouts.check.readability import readability_score
from handouts.compose import Composition, compose_document
from handouts.deck.deck_plan import plan_deck
from handouts.document.nodes import Document
from handouts.document.text import words_of
from handouts.editor.pictures import name_pages
from handouts.editor.places import PlacedArea, place_areas
from handouts.finding import Finding, HandoutError, Location, error, raise_errors
from handouts.layout.page_model import PagePlan
from handouts.library import ANY_COUNTRY, DEFAULT_TEMPLATES, Library
from handouts.pipeline.compositions import (
    CheckedComposition,
    Reader,
    ReaderCompositions,
    apply_allowances,
    check_composition,
    requested_readers,
    select_for_reader,
)
from handouts.pipeline.deliverables import Deliverable, requested_deliverables
from handouts.pipeline.options import Options, check_options
from handouts.pipeline.points import find_missing_points
from handouts.pipeline.render import run_planner
from handouts.pipeline.signing import reader_status
from handouts.render_cache import RenderCache
from handouts.select import Selection
from handouts.slides_pdf.deck_pages import plan_slide_pages
from handouts.theme import Theme

_SLIDES = "slides-pdf"


class ViewRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The document to show; an empty value means the default."""

    topic: str = ""
    audience: str = ""
    language: str = ""
    template: str = ""
    edition: str = ""
    paper: str = ""
    country: str = ""
    minutes: str = ""


class _Reading(Struct, frozen=True, eq=False):
    """The library and options from which a view was planned, and the results of select and compose."""

    library: Library
    options: Options
    reader: Reader
    selection: Selection
    composition: Composition
    document: Document


class PlannedView(Struct, frozen=True, eq=False):
    """The pages or slides of one document, and for each the name of its picture, its notes and its seconds."""

    kind: Literal["pages", "slides"]
    plan: PagePlan
    theme: Theme
    pictures: tuple[str, ...]
    notes: tuple[tuple[str, ...], ...]
    seconds: tuple[float, ...]
    reading: _Reading


class Remarks(Struct, frozen=True, eq=False):
    """The areas of each page of a view, its findings, and its figures, such as the number of words."""

    areas: tuple[tuple[PlacedArea, ...], ...]
    findings: tuple[Finding, ...]
    figures: Mapping[str, object]


def plan_view(library: Library, request: ViewRequest, options: Options, cache: RenderCache) -> PlannedView:
    """Return the planned view. HandoutError if there is no such document, or if it cannot be composed or planned."""
    cache.begin_file()
    wanted = _options_for(library, request, options)
    raise_errors(check_options(library, wanted))
    reader = next(requested_readers(library, wanted), None)
    if reader is None:
        raise HandoutError(_nothing_found(request))
    selection = select_for_reader(library, reader)
    composition = compose_document(
        selection,
        wanted.template_names[0],
        country=wanted.country,
        today=wanted.today,
        minutes=int(request.minutes or 0),
        cache=cache,
    )
    composed = ReaderCompositions(reader, (composition,), ())
    made = next(requested_deliverables(library, composed, wanted), None)
    if made is None:
        raise HandoutError(_nothing_found(request))
    plan, notes, seconds = _plan_pages(made, made.document, cache)
    return PlannedView(
        kind="slides" if made.renderer == _SLIDES else "pages",
        plan=plan,
        theme=made.theme,
        pictures=name_pages(plan, made.theme),
        notes=notes,
        seconds=seconds,
        reading=_Reading(library, wanted, reader, selection, composition, made.document),
    )


def remark_on(view: PlannedView, cache: RenderCache) -> Remarks:
    """Return the areas, findings and figures of a view."""
    read, plan = view.reading, view.plan
    library, wanted, reader, selection = read.library, read.options, read.reader, read.selection
    checked = check_composition(read.composition, selection, wanted)
    points = tuple(find_missing_points(reader.topic, selection, (read.composition,), wanted))
    found = (*checked.findings, *read.composition.findings, *points, *plan.findings, *library.findings)
    return Remarks(
        areas=place_areas(read.document, plan, selection.texts, _number_places(library, wanted), cache),
        findings=apply_allowances(library, found, release=False, complete=False).findings,
        figures={
            **_figures(read.document, plan, checked, reader),
            "missing_points": len(points),
            **_review(library, reader, wanted, cache),
        },
    )


def _options_for(library: Library, request: ViewRequest, options: Options) -> Options:
    """Return the options of a build of the one document; for empty values of the request, the first that exists."""
    topic = library.topics.get(request.topic or next(iter(library.topics), ""))
    audience = request.audience or (topic.audiences[0] if topic and topic.audiences else "")
    language = request.language or (next(iter(topic.languages), "") if topic else "")
    usual = (each for each in (topic.templates if topic else DEFAULT_TEMPLATES) if each in library.templates)
    template = request.template or next(usual, "")
    known = library.templates.get(template)
    slides = known is not None and known.renderer == "pptx"
    return replace(
        options,
        topics=_named(request.topic or (topic.name if topic else "")),
        audiences=_named(audience),
        languages=_named(language),
        template_names=_named(template),
        formats=(_SLIDES if slides else "pdf",),
        editions=() if slides else _named(request.edition),
        papers=() if slides else _named(request.paper),
        country=request.country,
        minutes=_named(request.minutes) if slides else (),
    )


def _named(name: str) -> tuple[str, ...]:
    """Return a tuple of the name, empty if the name is."""
    return (name,) if name else ()


def _nothing_found(request: ViewRequest) -> Finding:
    """Return the error for a document that does not exist."""
    message = (
        f"There is nothing here for '{request.audience}'." if request.audience else "There is nothing to show here."
    )
    return error("usage", message, hint="choose another audience, language or template")


def _plan_pages(
    made: Deliverable, document: Document, cache: RenderCache
) -> tuple[PagePlan, tuple[tuple[str, ...], ...], tuple[float, ...]]:
    """Return the pages or slides of a document, and for slides the notes and the seconds of each."""
    if made.renderer != _SLIDES:
        plan = run_planner(made.renderer, document, made.theme, made.sheet, fillable=False, cache=cache)
        return cast("PagePlan", plan), (), ()
    deck = plan_deck(document, made.theme, cache)
    plan = plan_slide_pages(deck, document, made.theme)
    left = {slide.at: 60 * slide.minutes for slide in document.slides}
    notes = tuple(tuple(words_of(slide.notes)) for slide in deck.slides)
    # If a slide was split into several, the first one has all of its time.
    return plan, notes, tuple(left.pop(slide.at, 0.0) for slide in deck.slides)


def _figures(document: Document, plan: PagePlan, checked: CheckedComposition, reader: Reader) -> dict[str, object]:
    """Return the counts of a document, and its reading level."""
    said = [sentence for sample in checked.samples[:1] for _, sentence in sample.sentences]
    score = readability_score(said, reader.language) if said else None
    return {
        "words": sum(len(text.split()) for text in words_of(document)),
        "grade": round(score.value, 1) if score else None,
        "formula": score.formula if score else "",
        "pages": len(plan.pages),
        "minutes": round(sum(slide.minutes for slide in document.slides), 1),
        "points": len(reader.topic.points),
    }


def _review(library: Library, reader: Reader, options: Options, cache: RenderCache) -> dict[str, object]:
    """Return the review status of what a reader reads."""
    day = options.today or date.max
    status = reader_status(library, reader.topic, reader.audience.name, reader.language, cache, day)
    return {"review": status.state, "next_review": status.next_review, "review_is_due": status.is_due}


def _number_places(library: Library, options: Options) -> dict[str, Location]:
    """Return the locations of the numbers and labels in the crisis box."""
    listed = library.contacts.get(options.country or library.service.country or ANY_COUNTRY, ())
    return {text: each.at for each in listed for text in (each.label, each.number) if text}
