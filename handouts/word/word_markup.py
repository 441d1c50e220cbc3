"""Build the XML of a Word file: words become escaped text, and elements hold only what was built here.

Only the functions of this file make `Wml`. Text from content is a plain string, and the type checker refuses to put it
into a file unescaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import NewType

Wml = NewType("Wml", str)

NOTHING = Wml("")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}
PICTURE_NAMESPACE = _NAMESPACES["pic"]


def joined(parts: Iterable[Wml]) -> Wml:
    """Return parts one after another."""
    return Wml("".join(parts))


def markup(name: str, /, *inside: Wml, attributes: Mapping[str, str | int] | None = None) -> Wml:
    """Return an element with its content; `name` has its prefix."""
    start = f"{name}{''.join(f' {key}={_quoted(value)}' for key, value in (attributes or {}).items())}"
    content = "".join(inside)
    return Wml(f"<{start}>{content}</{name}>" if content else f"<{start}/>")


def w(name: str, /, *inside: Wml, **attributes: str | int | None) -> Wml:
    """Return an element of WordprocessingML; attributes that are None are left out."""
    known = {f"w:{key.rstrip('_')}": value for key, value in attributes.items() if value is not None}
    return markup(f"w:{name}", *inside, attributes=known)


def characters(words: str) -> Wml:
    """Return words as escaped text; characters that XML forbids become U+FFFD."""
    return Wml(escape(_NO_XML.sub("\ufffd", words), quote=False))


def part_of_package(name: str, /, *inside: Wml, **attributes: str) -> bytes:
    """Return a part of a file: a root element that declares the namespaces of Word files, as the bytes of XML."""
    spaces = {f"xmlns:{prefix}": address for prefix, address in _NAMESPACES.items()}
    known = {key.replace("_", ":"): value for key, value in attributes.items()}
    return xml_part(markup(name, *inside, attributes={**spaces, **known}))


def xml_part(root: Wml) -> bytes:
    """Return an element as the bytes of an XML file."""
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{root}'.encode()


def _quoted(value: str | int) -> str:
    """Return the value of an attribute between quotes."""
    return f'"{escape(_NO_XML.sub(chr(0xFFFD), str(value)))}"'
