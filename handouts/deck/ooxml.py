"""Describe the elements of DrawingML and PresentationML that python-pptx has no object for, and build them.

`element` describes an element as a value, which may be used in several places. `append` and `part_element` build
elements of python-pptx's own classes, so its objects can read them. lxml escapes all text.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, TypeAlias

from lxml import etree
from pptx.oxml import oxml_parser
from pptx.oxml.ns import namespaces

# The description of an element: its tag, its children, its text, and its attributes.
Markup: TypeAlias = tuple[str, tuple[Any, ...], str | None, dict[str, Any]]

_NAMESPACES: Mapping[str, str] = {
    **namespaces("a", "c", "p", "r"),
    "p14": "http://schemas.microsoft.com/office/powerpoint/2010/main",
    "adec": "http://schemas.microsoft.com/office/drawing/2017/decorative",
}
_DECLARED = "apr"  # by the roots of slides, layouts and masters


def qualified(name: str) -> str:
    """Return a name such as "a:ln" as lxml writes it: {namespace}ln."""
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


def element(tag: str, *children: Any, text: str | None = None, **attributes: Any) -> Markup:
    """Describe an element such as "a:ln" by its children, its text, and its attributes, of which None is left out.

    A child may also be a built element, which is copied. An attribute with a prefix is given as `**{"r:id": …}`.
    """
    return tag, children, text, attributes


def append(parent: Any, *described: Any) -> None:
    """Build the described elements, with everything in them, as the last children of `parent`.

    Building from the top down takes three fifths of the time of building children first.
    """
    for each in described:
        if not isinstance(each, tuple):
            parent.append(deepcopy(each))
            continue
        tag, children, text, attributes = each
        prefix, _, local = tag.partition(":")
        uri = _NAMESPACES[prefix]
        declared = None if prefix in _DECLARED or prefix == parent.prefix else {prefix: uri}
        made = etree.SubElement(parent, f"{{{uri}}}{local}", _attribute_texts(attributes), declared)
        if text is not None:
            made.text = text
        if children:
            append(made, *children)


def part_element(tag: str, *children: Any, prefixes: str = "apr", **attributes: Any) -> Any:
    """Build the root element of a part, which declares the namespaces of all that is in it."""
    made = oxml_parser.makeelement(
        qualified(tag), _attribute_texts(attributes), {each: _NAMESPACES[each] for each in prefixes}
    )
    append(made, *children)
    return made


def _attribute_texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    """Return attributes as lxml takes them, without those that are None."""
    return {
        qualified(name) if ":" in name else name: str(value) for name, value in attributes.items() if value is not None
    }
