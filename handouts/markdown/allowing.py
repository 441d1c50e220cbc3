"""Allowances: `{allow="code" because="why"}` on a fence or a stretch lets findings of that kind pass inside it.

A tree in, what it allows and where out; an allowance without a reason is a finding. What the codes mean is for others.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from handouts.finding import Location
from handouts.markdown import tree
from handouts.markdown.attributes import Attributes, Word
from handouts.markdown.known import ALLOW, BECAUSE, Check


class Allowance(Struct, frozen=True):
    """What may be found between two places of a file, by its `code`, and why that is right there."""

    code: Word
    because: str
    start: Location
    end: Location

    def covers(self, code: str, at: Location) -> bool:
        """True if a finding with this code at this place is allowed."""
        inside = (self.start.line, self.start.column) <= (at.line, at.column) <= (self.end.line, self.end.column)
        return code == self.code.text and at.file == self.start.file and inside


def allowances_in(blocks: tree.Blocks) -> Iterator[Allowance]:
    """Yield what fences and stretches in `blocks` allow."""
    for node in tree.walk_tree(blocks):
        if isinstance(node, tree.Div | tree.Stretch):
            because = node.attributes.value(BECAUSE)
            for word in node.attributes.words(ALLOW):
                yield Allowance(word, because, node.at, node.end)


def check_allowance(check: Check, attributes: Attributes) -> None:
    """Report what is allowed without a reason, and a reason that allows nothing."""
    if attributes.has(ALLOW) and not attributes.value(BECAUSE).strip():
        message = "Something is allowed here without a reason."
        check.error("no-reason", message, attributes.at, 'add because="…" and say why it is right here')
    if attributes.has(BECAUSE) and not attributes.words(ALLOW):
        message = "A reason, and nothing that it allows."
        check.error("no-reason", message, attributes.at, 'add allow="…" with the code of what is found here')
