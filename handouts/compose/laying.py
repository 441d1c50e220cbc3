"""A template and the outline of a selection to a tree with a mark for each part; and what is wrong in the templates.

The texts of the parts have no say in either, so both are kept while only they change.
"""

from __future__ import annotations

from msgspec import Struct

from handouts.compose.values import Outline, outline_of, template_values
from handouts.finding import Finding
from handouts.kept import Kept
from handouts.library import Library, Template
from handouts.markdown import Blocks, Known, check_names, parse_markdown
from handouts.select import Selection


class LaidOut(Struct, frozen=True):
    """What a template makes of an outline: the tree of a whole document, marks in it, and what was found."""

    blocks: Blocks
    findings: tuple[Finding, ...]


class Proved(Struct, frozen=True):
    """What is wrong with the names in templates."""

    findings: tuple[Finding, ...]


def lay_out(selection: Selection, template: Template, kept: Kept) -> LaidOut:
    """Return what `template` makes of a selection. HandoutError if it cannot be run."""
    outline, library = outline_of(selection, template.name), selection.library
    return kept.remembered(LaidOut, (template, library.parts, outline), lambda: run(template, library, outline))


def run(template: Template, library: Library, outline: Outline) -> LaidOut:
    """Return what a template makes of an outline."""
    from handouts.compose.layout import Files, render_layout

    blocks, found = parse_markdown(render_layout(Files(template, library.parts), template_values(outline)))
    return LaidOut(blocks, (*found, *check_names(blocks, Known(template=True), ())))


def prove_templates(selection: Selection, kept: Kept) -> tuple[Finding, ...]:
    """Return what is wrong with the names in all templates."""
    library = selection.library
    words = tuple(key for key, _ in selection.words.entries)
    recipe = (library.templates, library.parts, library.kinds, words)
    return kept.remembered(Proved, recipe, lambda: Proved(checked(library, words))).findings


def checked(library: Library, words: tuple[str, ...]) -> tuple[Finding, ...]:
    """Return what is wrong with the names in all templates, if these are the names of fixed words."""
    from handouts.compose.proofing import check_templates

    return check_templates(library, words)
