"""Build HTML: words become text, elements hold what was built here, and nothing else is markup.

`Html` is made by the functions of this file alone, so that a text of content, which is a plain string, cannot be put
into a page without being escaped: the type checker refuses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NewType

Html = NewType("Html", str)

NOTHING = Html("")
_VOID_ELEMENTS = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "circle", "rect"})
_SELF_CLOSED_ELEMENTS = frozenset({"path", "circle", "rect"})  # elements of SVG, which HTML closes with a slash


def text(words: str) -> Html:
    """Return words as text of a page."""
    return Html(escape(words, quote=False))


def joined(parts: Iterable[Html], divider: str = "") -> Html:
    """Return parts of a page one after another, a text between them."""
    return Html(escape(divider, quote=False).join(parts))


def element(tag: str, /, *inside: Html, **attributes: str | int | bool | None) -> Html:
    """Return an element with what is `inside` it.

    Of the names of attributes, a line at the end is dropped and others become hyphens: `class_`, `aria_label`. An
    attribute that is None, False or "" is left out, except `alt`; one that is True has no value.
    """
    start = f"{tag}{''.join(_attribute(key, value) for key, value in attributes.items())}"
    if tag in _SELF_CLOSED_ELEMENTS:
        return Html(f"<{start}/>")
    if tag in _VOID_ELEMENTS:
        return Html(f"<{start}>")
    return Html(f"<{start}>{''.join(inside)}</{tag}>")


def _attribute(name: str, value: str | int | bool | None) -> str:
    """Return an attribute with the space before it, or "" if it is left out."""
    if value is None or value is False or (value == "" and name != "alt"):
        return ""
    shown = name.rstrip("_").replace("_", "-") if not any(map(str.isupper, name)) else name
    return f" {shown}" if value is True else f' {shown}="{escape(str(value))}"'


def style_element(rules: str) -> Html:
    """Return a style sheet of the program's own as an element; it must hold no word of content."""
    return Html(f"<style>{rules}</style>")


def data_element(kind: str, data: str) -> Html:
    """Return data that browsers do not run, such as JSON, as an element; nothing in it can end the element."""
    safe = data.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return Html(f'<script type="{escape(kind)}">{safe}</script>')
