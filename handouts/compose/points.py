"""Which parts that make a point of their topic stand in a document: a laid out tree in, places out.

Works before words are changed, while the tree still holds the very nodes of the parts.
"""

from __future__ import annotations

from handouts.finding import Span
from handouts.markdown import tree
from handouts.markdown.tree import Blocks
from handouts.select import Selection

OUTSIDE = "outside"


def makers_in(blocks: Blocks, selection: Selection) -> frozenset[Span]:
    """Return the places of the parts that make a point and that stand in a tree.

    What only the outside of a discreet edition shows does not count.
    """
    makers = [part for section in selection.sections for part in section.parts if part.makes]
    inside = tuple(each for each in blocks if not (isinstance(each, tree.Div) and each.attributes.kind == OUTSIDE))
    there = {id(node) for node in tree.walk_tree(inside)} if makers else set()
    return frozenset(part.at for part in makers if any(id(node) in there for node in tree.walk_tree(part.blocks)))
