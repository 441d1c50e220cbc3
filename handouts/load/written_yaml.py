"""Where the values of a YAML text are written: from which character to which, and how.

`yaml_nodes` says what a text means and refuses what is no strict YAML; what it has taken can be looked at here, for
somebody who changes one value and no other character.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import yaml
from msgspec import Struct

_WrittenStyle: TypeAlias = Literal["plain", "'", '"', "lines", "brackets", "block"]
_SCALAR_STYLES: dict[str, _WrittenStyle] = {"'": "'", '"': '"', "|": "lines", ">": "lines"}


class WrittenNode(Struct, frozen=True):
    """A value from `start` up to `end` of a file: it says a `text`, or a list has `items`, a mapping `items` by `keys`.

    `style` says how it is written: a text plainly, in quotes, or below | or >; a list or a mapping in brackets, or not.
    """

    start: int
    end: int
    style: _WrittenStyle
    text: str = ""
    kind: Literal["text", "list", "mapping"] = "text"
    keys: tuple[WrittenNode, ...] = ()
    items: tuple[WrittenNode, ...] = ()


def locate_yaml(text: str) -> WrittenNode:
    """Return where the values of a text are written that `parse_yaml` has read without a finding."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is None:
        raise ValueError("this text says nothing")
    return _written(node)


def _written(node: yaml.Node) -> WrittenNode:
    """Return where a value and all that is inside it are written; one that is not in brackets ends with its last."""
    start, end = node.start_mark.index, node.end_mark.index
    if not isinstance(node, yaml.CollectionNode):
        return WrittenNode(start, end, _SCALAR_STYLES.get(getattr(node, "style", None) or "", "plain"), node.value)
    is_list = isinstance(node, yaml.SequenceNode)
    keys = () if is_list else tuple(_written(key) for key, _ in node.value)
    items = tuple(_written(each if is_list else each[1]) for each in node.value)
    kind: Literal["list", "mapping"] = "list" if is_list else "mapping"
    if node.flow_style or not items:
        return WrittenNode(start, end, "brackets", "", kind, keys, items)
    return WrittenNode(start, items[-1].end, "block", "", kind, keys, items)
