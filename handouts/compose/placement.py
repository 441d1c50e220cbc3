"""Lay a template out as a tree and replace its marks with the parts of a selection.

Each part keeps its own place in content. A part with blocks inside a sentence is a finding at the template's
line. Jinja2 is imported only when a template has to run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handouts.compose.template_context import template_values
from handouts.finding import Finding, Location, error
from handouts.library import Template, needs_with_words
from handouts.markdown import syntax_tree as tree
from handouts.markdown.block_parser import parse_markdown
from handouts.markdown.names import KnownNames, check_names
from handouts.markdown.syntax_tree import Blocks
from handouts.render_cache import RenderCache
from handouts.select import SelectedPart, Selection


def lay_out_template(
    selection: Selection, template: Template, cache: RenderCache
) -> tuple[Blocks, tuple[Finding, ...]]:
    """Return the tree that `template` makes of a selection, with a mark for each part, and what is wrong with it.

    HandoutError if the template cannot be run.
    """
    from handouts.compose.environment import TemplateFiles, render_template

    files = TemplateFiles(template, selection.library.parts)
    blocks, found = parse_markdown(render_template(files, template_values(selection, template.name), cache))
    known = KnownNames(template=True, needs=needs_with_words(selection.words))
    return blocks, (*found, *check_names(blocks, known, ()))


def template_findings(selection: Selection, cache: RenderCache) -> tuple[Finding, ...]:
    """Return the findings about names in all templates; the `cache` shares them between the documents of a library."""
    from handouts.compose.environment import check_templates, section_fields

    library = selection.library
    words = tuple(key for key, _ in selection.words.entries)
    files = (*library.templates.values(), *library.parts.values())
    key = ("template findings", files, words, tuple(section_fields(library)))
    return cache.get_or_compute(key, lambda: check_templates(library, words))


def placed_parts(blocks: Blocks, parts: Sequence[SelectedPart]) -> Iterator[SelectedPart]:
    """Yield the part of each mark in a tree."""
    return (parts[node.number] for node in tree.walk_tree(blocks) if isinstance(node, tree.PartMark))


def misplaced_parts(blocks: Blocks, parts: Sequence[SelectedPart]) -> Iterator[Finding]:
    """Yield an error for each part with blocks whose mark stands in a sentence."""
    alone: set[int] = set()
    for node in tree.walk_tree(blocks):
        if isinstance(node, tree.ParagraphNode):
            alone.add(id(_lone_mark(node)))
        if isinstance(node, tree.PartMark) and id(node) not in alone and _line_of(parts[node.number]) is None:
            message = f"'{parts[node.number].name}' holds blocks, and stands in a sentence."
            yield error("part-in-sentence", message, node.at, "leave a blank line before and after it")


def _lone_mark(paragraph: tree.ParagraphNode) -> tree.PartMark | None:
    """Return the mark that stands alone in a paragraph, or None."""
    nodes = [node for node in paragraph.content if not (isinstance(node, tree.TextNode) and not node.text.strip())]
    return nodes[0] if len(nodes) == 1 and isinstance(nodes[0], tree.PartMark) else None


def _line_of(part: SelectedPart) -> tree.Inlines | None:
    """Return the words of a part that is one line, which may stand in a sentence; None for a part with blocks."""
    only = part.blocks[0] if len(part.blocks) == 1 else None
    return only.content if part.holds == "line" and isinstance(only, tree.ParagraphNode) else None


def place_parts(blocks: Blocks, parts: Sequence[SelectedPart]) -> Blocks:
    """Return `blocks` with every mark replaced by its part."""
    return tuple(each for block in blocks for each in _place_block(block, parts))


def _place_block(block: tree.Block, parts: Sequence[SelectedPart]) -> Blocks:
    """Return the blocks of the part whose mark is all of `block`, or `block` with every mark in it replaced."""
    if isinstance(block, tree.ParagraphNode) and (mark := _lone_mark(block)):
        return parts[mark.number].blocks

    def place(node: tree.Inline) -> tree.Inlines:
        return (_line_of(parts[node.number]) or ()) if isinstance(node, tree.PartMark) else (node,)

    return (
        tree.with_children(
            block, lambda inside: place_parts(inside, parts), lambda content: tree.rewrite_inlines(content, place)
        ),
    )


def point_places(blocks: Blocks, selection: Selection) -> frozenset[Location]:
    """Return the places of the parts that make a point and that stand in a tree.

    What only the outside of a discreet edition shows does not count.
    """
    makers = [part for section in selection.sections for part in section.parts if part.makes]
    inside = tuple(each for each in blocks if not tree.is_div(each, "outside"))
    there = {id(node) for node in tree.walk_tree(inside)} if makers else set()
    return frozenset(part.at for part in makers if any(id(node) in there for node in tree.walk_tree(part.blocks)))
