"""Selection x template to a Document: the parts laid out, their words as this document says them, everything numbered.

A template is run, its Markdown is read, its marks become the parts; findings keep the place in content or template
where something was written, and errors raise `HandoutError` with all of them. `unplaced_parts` finds what neither
handout nor slides show. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from handouts.compose.addressing import address_document
from handouts.compose.finishing import Finishing, write_document
from handouts.compose.laying import lay_out, prove_templates
from handouts.compose.lengths import shorten
from handouts.compose.meeting import time_talk
from handouts.compose.noting import name_origins
from handouts.compose.outside import Outside, discreet, without_outside
from handouts.compose.people import find_people, review_of
from handouts.compose.placing import Placing, place_parts
from handouts.compose.points import makers_in
from handouts.compose.repeating import repeated_fields, repeated_places, repeated_titles
from handouts.compose.typesetting import typeset_blocks
from handouts.compose.values import parts_for
from handouts.compose.wording import explain_terms, respell_blocks, respelling
from handouts.document import Document, Heading
from handouts.finding import NOWHERE, Finding, HandoutError, Span, error, in_order, nearest, raise_errors
from handouts.kept import Kept
from handouts.library import Library, Template
from handouts.markdown.tree import Blocks
from handouts.select import Selection

__all__ = [
    "Composition",
    "address_document",
    "compose_discreetly",
    "compose_document",
    "kinds_for",
    "unplaced_parts",
    "words_as_set",
]


class Composition(Struct, frozen=True):
    """A document, the places of the parts that its template lays out, the template, and warnings.

    `outside` is what a discreet edition of it shows to the outside. `makers` are the places of the parts that make
    points and that stand in it, also after a talk was shortened to `minutes`.
    """

    document: Document
    placed: frozenset[Span]
    template: str
    findings: tuple[Finding, ...]
    outside: Outside | None = None
    makers: frozenset[Span] = frozenset()
    minutes: int = 0

    @property
    def is_empty(self) -> bool:
        """True if its template found nothing to lay out, so that there is nothing but headings of its own."""
        return not self.document.slides and all(isinstance(block, Heading) for block in self.document.blocks)


def compose_document(
    selection: Selection,
    template: str,
    *,
    country: str = "",
    today: date | None = None,
    minutes: int = 0,
    kept: Kept | None = None,
) -> Composition:
    """Return the document that a template makes of a selection. HandoutError with all findings if one is an error.

    A talk holds the slides that `minutes` have room for, or all if they are 0; for a handout they say nothing. A
    template is not run again whose layout is `kept_whole`.
    """
    kept = kept or Kept()
    chosen = find_template(selection, template)
    findings = list(prove_templates(selection, kept))
    raise_errors(findings)
    blocks, placed = filled_layout(selection, chosen, findings, kept)
    makers = makers_in(blocks, selection)
    if chosen.renderer == "pptx":
        raise_errors(findings)
        talk = shorten(blocks, minutes, selection.audience.title, selection.topic.place("lengths"), findings)
        makers = makers_in(talk.blocks, selection)
        blocks = name_origins(time_talk(talk, selection.words), selection)
    people = find_people(selection.library, selection.audience, selection.words, country, today)
    findings.extend((*people.findings, *review_of(selection.topic, today)))
    cited = cited_elsewhere(selection, chosen, findings, kept)
    finishing = Finishing(selection, chosen, people, findings, minutes if chosen.renderer == "pptx" else 0, cited)
    unaddressed = write_document(reworded(blocks, selection), finishing)
    whole = address_document(unaddressed, selection.library.service, selection.words)
    composed, outside = without_outside(whole, finishing)
    findings.extend((*repeated_titles(composed), *repeated_fields(composed), *repeated_places(composed)))
    raise_errors(findings)
    return Composition(composed, placed, chosen.name, in_order(findings), outside, makers, finishing.minutes)


def compose_discreetly(composition: Composition) -> Document:
    """Return the document of a composition with a neutral outside. HandoutError if its template has none."""
    if composition.outside is None:
        message = f"The template '{composition.template}' has nothing to show on the outside of a discreet edition."
        hint = "add ::: {.outside} with a neutral title and subtitle to the template, or leave --edition discreet out"
        raise HandoutError(error("no-outside", message, hint=hint))
    return discreet(composition.document, composition.outside)


def find_template(selection: Selection, name: str, at: Span = NOWHERE) -> Template:
    """Return a template by name, asked for `at` a place. HandoutError if there is none or it is for other readers."""
    templates = selection.library.templates
    if name not in templates:
        message = f"There is no template '{name}'."
        raise HandoutError(error("unknown-template", message, at, nearest(name, templates)))
    if selection.audience.name not in templates[name].audiences:
        message = f"The template '{name}' is not for '{selection.audience.name}'."
        hint = f"it is for {', '.join(templates[name].audiences)}"
        raise HandoutError(error("wrong-template", message, templates[name].at, hint))
    return templates[name]


def filled_layout(
    selection: Selection, template: Template, findings: list[Finding], kept: Kept
) -> tuple[Blocks, frozenset[Span]]:
    """Return the tree of a whole document, and the places of the parts in it."""
    laid_out = lay_out(selection, template, kept)
    findings.extend(laid_out.findings)
    placing = Placing(parts_for(selection, template.name), findings)
    return place_parts(laid_out.blocks, placing), frozenset(placing.placed)


def kinds_for(library: Library, template: str) -> tuple[str, ...]:
    """Return the kinds of section that a template asks for by name."""
    from handouts.compose.layout import Files, kinds_named

    return kinds_named(Files(library.templates[template], library.parts))


def cited_elsewhere(selection: Selection, template: Template, findings: list[Finding], kept: Kept) -> Blocks:
    """Return the tree of the template whose sources `template` lists, or nothing if it lists its own alone."""
    if not template.sources_of:
        return ()
    return filled_layout(selection, find_template(selection, template.sources_of, template.at), findings, kept)[0]


def reworded(blocks: Blocks, selection: Selection) -> Blocks:
    """Return `blocks` in the service's words, with terms explained, as their language sets them."""
    terms = selection.library.terms
    return words_as_set(explain_terms(blocks, terms, selection.audience.name, selection.words), selection)


def words_as_set(blocks: Blocks, selection: Selection) -> Blocks:
    """Return the tree of a part in the service's words, as their language sets them; no term is explained."""
    library = selection.library
    respelled = respell_blocks(blocks, respelling(selection.topic, library.service, library.spellings))
    return typeset_blocks(respelled, selection.words)


def unplaced_parts(selection: Selection, compositions: Iterable[Composition]) -> tuple[Finding, ...]:
    """Return an error for each part that none of `compositions` shows; a part may name the templates that show it.

    `compositions` are those of one selection, with both handout and slides among them.
    """
    made = tuple(compositions)
    findings = []
    for part in (part for section in selection.sections for part in section.parts):
        asked = [each for each in made if not part.templates or each.template in part.templates]
        if asked and not any(part.at in each.placed for each in asked):
            names = ", ".join(each.template for each in asked)
            message = f"'{part.name}' is shown nowhere to '{selection.audience.name}': {names} does not place it."
            hint = 'delete it, or name a template that places it: template="…"'
            findings.append(error("unplaced-part", message, part.at, hint))
    return in_order(findings)
