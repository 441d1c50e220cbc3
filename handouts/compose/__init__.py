"""Compose a Selection and a template into a Document.

The template lays the parts out, house style is applied to their words, and everything is numbered. Findings
keep the place in content or template where something was written; errors raise `HandoutError` with all
findings. `unplaced_parts` finds parts that neither handout nor slides show. Must never measure text or draw.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.assembly import (
    AssemblyContext,
    assemble_document,
    repetitions,
    review_findings,
)
from handouts.compose.contacts import find_contacts
from handouts.compose.discreet_cover import (
    DiscreetCover,
    discreet_edition,
    missing_cover_error,
    revealing_words,
    take_discreet_cover,
)
from handouts.compose.house_style import explain_terms, respell_blocks, respelling, typeset_blocks
from handouts.compose.placement import (
    lay_out_template,
    misplaced_parts,
    place_parts,
    placed_parts,
    point_places,
    template_findings,
)
from handouts.compose.provider import personalise_document
from handouts.compose.sign_offs import review_by_sign_offs, review_by_topic
from handouts.compose.talk import add_agenda, add_provenance, fit_talk, without_length
from handouts.compose.template_context import placeable_parts
from handouts.document.nodes import Document, Heading
from handouts.document.seen_words import hash_sections
from handouts.finding import (
    NOWHERE,
    Finding,
    HandoutError,
    Location,
    error,
    raise_errors,
    sorted_findings,
    unknown_name_error,
)
from handouts.library import DEFAULT_TEMPLATES, Library, Template
from handouts.markdown.syntax_tree import Blocks
from handouts.render_cache import RenderCache
from handouts.select import Selection
from handouts.service import Service


class Composition(Struct, frozen=True):
    """A document, the places of the parts that its template lays out, the template, and warnings.

    `outside` is the cover and foot of its discreet edition; without one, `no_outside` says why. `makers` are the places
    of the parts in it that make points, also after a talk was shortened to `minutes`.
    """

    document: Document
    placed: frozenset[Location]
    template: str
    findings: tuple[Finding, ...]
    no_outside: Finding
    outside: DiscreetCover | None = None
    makers: frozenset[Location] = frozenset()
    minutes: int = 0

    @property
    def is_empty(self) -> bool:
        """True if its template found nothing to lay out: the document has only headings of the template."""
        return not self.document.slides and all(isinstance(block, Heading) for block in self.document.blocks)


def compose_document(
    selection: Selection,
    template: str,
    *,
    country: str = "",
    today: date | None = None,
    minutes: int = 0,
    cache: RenderCache | None = None,
    timed: bool = True,
) -> Composition:
    """Return the document that a template makes of a selection. HandoutError with all findings if one is an error.

    A talk has the slides that fit into `minutes`, or all if that is 0; a handout ignores them. The `cache` shares what
    the documents of one library have in common, such as compiled templates. Unless it is `timed`, a talk gives neither
    times nor, in its notes, sources.
    """
    cache = cache or RenderCache()
    chosen = _find_template(selection, template)
    findings = list(template_findings(selection, cache))
    raise_errors(findings)
    blocks, placed, found = _laid_out_document(selection, chosen, cache)
    findings.extend(found)
    is_talk = chosen.renderer == "pptx"
    if is_talk:
        raise_errors(findings)
        at, lengths = selection.topic.place("lengths"), selection.topic.lengths
        talk = fit_talk(blocks, minutes, selection.audience.title, at, lengths)
        findings.extend(talk.findings)
        blocks = talk.blocks
    makers = point_places(blocks, selection)
    if is_talk and timed:
        blocks = add_provenance(add_agenda(talk, selection.words), selection)
    elif is_talk:
        blocks = without_length(blocks)
    reader, topic = selection.audience.name, selection.topic
    people = find_contacts(selection.library, topic, reader, selection.words, country, today)
    if topic.reviews_at == NOWHERE:
        review = review_by_topic(topic)
    else:
        review = review_by_sign_offs(selection, hash_seen_words(selection, cache), today)
    findings.extend((*people.findings, *review.findings, *review_findings(topic, today)))
    cited: Blocks = ()
    if chosen.sources_of:
        listed = _find_template(selection, chosen.sources_of, chosen.at)
        cited, _, found = _laid_out_document(selection, listed, cache)
        findings.extend(found)
    context = AssemblyContext(selection, chosen, people, review, minutes if is_talk else 0, cited)
    explained = explain_terms(blocks, selection.library.terms, reader, selection.words)
    unaddressed, found = assemble_document(respell_and_typeset(explained, selection), context)
    whole = personalise_document(unaddressed, selection.library.service, selection.words)
    composed, outside = take_discreet_cover(whole, selection, review, confirmed=people.confirmed)
    findings.extend((*found, *(revealing_words(outside.cover, selection) if outside else ())))
    findings.extend(repetitions(composed))
    raise_errors(findings)
    refusal = missing_cover_error(selection, chosen.name)
    warnings = sorted_findings(findings)
    return Composition(composed, placed, chosen.name, warnings, refusal, outside, makers, context.minutes)


def hash_seen_words(selection: Selection, cache: RenderCache) -> tuple[tuple[str, str], ...]:
    """Return each section of a topic with the hash of its words for a reader, in the handout and the whole talk.

    They do not depend on service and country. HandoutError if one of both cannot be composed.
    """
    topic, reader, library = selection.topic, selection.audience.name, selection.library

    def hash_both() -> tuple[tuple[str, str], ...]:
        plain = Service(theme=library.service.theme, at=library.service.at)
        neutral = replace(
            selection,
            library=replace(library, service=plain),
            topic=replace(topic, reviews_at=NOWHERE, sign_offs=(), other_formats=()),
        )
        known = (library.templates[each] for each in topic.templates if each in library.templates)
        templates = [each.name for each in known if reader in each.audiences]
        documents = [compose_document(neutral, each, cache=cache, timed=False).document for each in templates]
        sections = {each.at.file: each.id or Path(each.at.file).stem for each in selection.sections}
        return hash_sections(documents, sections)

    key = ("seen words", topic.name, selection.language, reader, *selection.texts.values())
    return cache.get_or_compute(key, hash_both)


def compose_discreet_edition(composition: Composition) -> Document:
    """Return the document of a composition with a neutral outside. HandoutError if its template has none."""
    if composition.outside is None:
        raise HandoutError(composition.no_outside)
    return discreet_edition(composition.document, composition.outside)


def _find_template(selection: Selection, name: str, at: Location = NOWHERE) -> Template:
    """Return a template by name, asked for `at` a place. HandoutError if there is none or it is for other readers."""
    templates = selection.library.templates
    if name not in templates:
        raise HandoutError(unknown_name_error("unknown-template", "template", name, templates, at))
    if selection.audience.name not in templates[name].audiences:
        message = f"The template '{name}' is not for '{selection.audience.name}'."
        hint = f"it is for {', '.join(templates[name].audiences)}"
        raise HandoutError(error("wrong-template", message, templates[name].at, hint))
    return templates[name]


def _laid_out_document(
    selection: Selection, template: Template, cache: RenderCache
) -> tuple[Blocks, frozenset[Location], tuple[Finding, ...]]:
    """Return the tree of a whole document, the places of the parts in it, and findings."""
    marked, findings = lay_out_template(selection, template, cache)
    parts = placeable_parts(selection, template.name)
    placed = frozenset(part.at for part in placed_parts(marked, parts))
    return place_parts(marked, parts), placed, (*findings, *misplaced_parts(marked, parts))


def kinds_in_template(library: Library, template: str) -> tuple[str, ...]:
    """Return the kinds of section that a template asks for by name."""
    from handouts.compose.environment import TemplateFiles, kinds_asked_for

    return kinds_asked_for(TemplateFiles(library.templates[template], library.parts))


def respell_and_typeset(blocks: Blocks, selection: Selection) -> Blocks:
    """Return a tree in the service's spelling and the typography of its language; no term is explained."""
    library = selection.library
    respelled = respell_blocks(blocks, respelling(selection.topic, library.service, library.spellings))
    return typeset_blocks(respelled, selection.words)


def unplaced_parts(selection: Selection, compositions: Iterable[Composition]) -> tuple[Finding, ...]:
    """Return an error for each part that none of `compositions` shows; a part may name the templates that show it.

    `compositions` are those of one selection by all templates of its topic. A part that its kind requires may be for a
    template that the topic does not use.
    """
    made = tuple(compositions)
    findings = []
    whole = set(selection.topic.templates) >= set(DEFAULT_TEMPLATES)
    kinds = selection.library.kinds
    parts = ((part, kinds[section.kind].parts[part.name]) for section in selection.sections for part in section.parts)
    for part, kind in parts:
        if not whole and kind.is_required(selection.topic.templates):
            continue
        asked = [each for each in made if not part.templates or each.template in part.templates]
        if asked and not any(part.at in each.placed for each in asked):
            names = ", ".join(each.template for each in asked)
            message = f"'{part.name}' is shown nowhere to '{selection.audience.name}': {names} does not place it."
            hint = 'delete it, or name a template that places it: template="…"'
            if not whole:
                hint += f"; topic.yaml says templates: [{', '.join(selection.topic.templates)}]"
            findings.append(error("unplaced-part", message, part.at, hint))
    return sorted_findings(findings)
