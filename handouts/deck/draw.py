"""A planned deck in, the bytes of a PowerPoint file out: the dull half, which puts everything where the plan says.

The shapes of each slide are written as XML, and stand in the frame that python-pptx makes. Nothing is measured, moved
or left out here. The same plan gives the same bytes: no clock, file or chance is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from handouts.deck.frame import NOTES, PICTURE, SLIDE, Frame, FramedSlide, frame_parts, properties_of
from handouts.deck.layouts import LAYOUTS
from handouts.deck.markup import Reference
from handouts.deck.planned import DeckPlan, Filled, LayoutKey, PlannedSlide
from handouts.deck.slides import Common, Written, write_notes, write_slide
from handouts.deck.zipping import zipped
from handouts.document import Document
from handouts.theme import Theme

PNG = b"\x89PNG"


class Leaf(Struct, frozen=True):
    """A slide as it is planned, and its XML and that of its notes."""

    planned: PlannedSlide
    shown: Written
    notes: Written


def draw_deck(plan: DeckPlan, document: Document, theme: Theme, *, builds: bool = False) -> bytes:
    """Return `plan` as the bytes of a PowerPoint file; with `builds`, some things appear click by click."""
    sources = listed_sources(plan)
    common = Common(plan.foot, document.draft, document.language, document.words, theme, sources, builds)
    leaves = [
        Leaf(slide, write_slide(slide, number, common), write_notes(slide.notes, number, common))
        for number, slide in enumerate(plan.slides, 1)
    ]
    pictures = {name: content for leaf in leaves for name, content in leaf.shown.pictures.items()}
    frame = Frame(
        layout_keys(plan),
        theme,
        document.words,
        properties_of(document),
        tuple(framed(leaf, list(pictures)) for leaf in leaves),
        tuple(ending_of(content) for content in pictures.values()),
    )
    return zipped({**frame_parts(frame), **contents_of(leaves, pictures)})


def layout_keys(plan: DeckPlan) -> tuple[LayoutKey, ...]:
    """Return all layouts at their own size, each followed by the smaller ones that slides of `plan` take."""
    used = {slide.layout for slide in plan.slides}
    names = [layout.name for layout in LAYOUTS]
    return tuple(sorted({LayoutKey(name) for name in names} | used, key=lambda key: (names.index(key.name), key)))


def listed_sources(plan: DeckPlan) -> tuple[tuple[str, int], ...]:
    """Return each source that a slide lists, with the index of the slide."""
    return tuple(
        (paragraph.source, index)
        for index, slide in enumerate(plan.slides)
        for item in slide.items
        if isinstance(item, Filled)
        for paragraph in item.paragraphs
        if paragraph.source
    )


def framed(leaf: Leaf, pictures: list[str]) -> FramedSlide:
    """Return what a slide refers to, pictures by their numbers in the deck."""
    refers: tuple[Reference, ...] = tuple(
        (kind, str(pictures.index(target)) if kind == "image" else target) for kind, target in leaf.shown.refers
    )
    charts = tuple(leaf.shown.charts.items())
    return FramedSlide(leaf.planned.layout, leaf.planned.section, refers, leaf.notes.refers, charts)


def ending_of(picture: bytes) -> str:
    """Return what the name of the file of a picture ends with."""
    return "png" if picture.startswith(PNG) else "jpg"


def contents_of(leaves: Iterable[Leaf], pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what the frame leaves empty, by the names of the parts."""
    contents = {PICTURE.format(n, ending_of(each)): each for n, each in enumerate(pictures.values(), 1)}
    for number, leaf in enumerate(leaves, 1):
        contents[SLIDE.format(number)] = leaf.shown.xml
        contents[NOTES.format(number)] = leaf.notes.xml
    return contents
