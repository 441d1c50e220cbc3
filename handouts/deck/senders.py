"""Whom a talk is from, on its first slide: words below what it is about, and a logo in the corner.

A logo is never larger than it is sharp, and stands on white, since nobody knows on which grounds it can be seen.
"""

from __future__ import annotations

from handouts.deck.areas import LOGO
from handouts.deck.drawings import picture_item, picture_place
from handouts.deck.planned import Item, Paragraph, Paragraphs, PlacedDrawing
from handouts.deck.slots import Area
from handouts.deck.texts import runs_of
from handouts.document import Blocks, Slide, Words
from handouts.document import Paragraph as Prose
from handouts.figures import Box, Drawing

PLATE, RADIUS = 6.0, 6.0


def sender_paragraphs(slide: Slide, words: Words) -> Paragraphs:
    """Return whom the talk is from, in words."""
    return (Paragraph(runs_of(slide.sender.content, words)),) if slide.sender and slide.sender.content else ()


def sender_blocks(slide: Slide) -> Blocks:
    """Return the same as a block, for a slide on which it stands below other text."""
    return (Prose(slide.sender.content, at=slide.sender.at),) if slide.sender and slide.sender.content else ()


def logo_items(slide: Slide) -> tuple[Item, ...]:
    """Return the logo of whom the talk is from, on its plate; nothing if there is none."""
    if slide.sender is None or slide.sender.logo is None:
        return ()
    inner = Area(LOGO.x + PLATE, LOGO.y + PLATE, LOGO.width - 2 * PLATE, LOGO.height - 2 * PLATE)
    found = picture_place(slide.sender.logo.image, inner)
    place = Area(inner.x + inner.width - found.width, inner.y, found.width, found.height)  # in the corner
    width, height = place.width + 2 * PLATE, place.height + 2 * PLATE
    plate = Drawing(width, height, (Box(0.0, 0.0, width, height, RADIUS, "white"),))
    placed = PlacedDrawing("plate", plate, place.x - PLATE, place.y - PLATE)
    return (placed, picture_item(slide.sender.logo, place))
