"""Build HTML: words become escaped text, and elements hold only what was built here.

Only the functions of this file make `Html`. Text from content is a plain string, and the type checker refuses to put
it into a page unescaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NewType

Html = NewType("Html", str)

NOTHING = Html("")
_VOID_ELEMENTS = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "circle", "rect"})
_SELF_CLOSED_ELEMENTS = frozenset({"path", "circle", "rect"})  # elements of SVG, which end with a slash


def text(words: str) -> Html:
    """Return words as escaped text."""
    return Html(escape(words, quote=False))


def joined(parts: Iterable[Html], divider: str = "") -> Html:
    """Return parts one after another, with the text `divider` between them."""
    return Html(escape(divider, quote=False).join(parts))


def element(tag: str, /, *inside: Html, **attributes: str | int | bool | None) -> Html:
    """Return an element with its content.

    In attribute names, a trailing underscore is dropped and others become hyphens: `class_`, `aria_label`. An
    attribute that is None, False or "" is left out, except an empty `alt`; one that is True has no value.
    """
    start = f"{tag}{''.join(_attribute(key, value) for key, value in attributes.items())}"
    if tag in _SELF_CLOSED_ELEMENTS:
        return Html(f"<{start}/>")
    if tag in _VOID_ELEMENTS:
        return Html(f"<{start}>")
    return Html(f"<{start}>{''.join(inside)}</{tag}>")


def _attribute(name: str, value: str | int | bool | None) -> str:
    """Return an attribute with a space before it, or "" if it is left out."""
    if value is None or value is False or (value == "" and name != "alt"):
        return ""
    shown = name.rstrip("_").replace("_", "-") if not any(map(str.isupper, name)) else name
    return f" {shown}" if value is True else f' {shown}="{escape(str(value))}"'


def style_element(rules: str) -> Html:
    """Return a style sheet as an element; it is not escaped, so it must not hold text from content."""
    return Html(f"<style>{rules}</style>")


def data_element(kind: str, data: str) -> Html:
    """Return data that browsers do not run, such as JSON, as an element that nothing in the data can end."""
    safe = data.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return Html(f'<script type="{escape(kind)}">{safe}</script>')
