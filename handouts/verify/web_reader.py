"""A finished page as it is read back: its words by where they stand, what is heard but not seen, and what it asks for.

Uses the standard library's parser, independently of the renderer. An element that is never closed, or closed where it
was not opened, is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser

from msgspec import Struct

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "circle", "rect"})
_INLINE = frozenset({"a", "abbr", "b", "i", "span", "strong", "tspan"})
# Attributes whose words somebody hears or reads; what a meta element says is one of them.
_SPOKEN = frozenset({"alt", "title", "aria-label", "placeholder", "content"})
# Attributes by which a page would ask for something outside of it.
_LOADED = frozenset({"src", "srcset", "poster", "data", "background", "action", "formaction", "ping", "manifest"})
_DATA_KIND = "application/ld+json"
_UNTOLD_META = frozenset({"viewport", "Content-Security-Policy", "referrer", "color-scheme", "format-detection"})
_UNTOLD_DATA = frozenset({"@context", "@type"})


class _NotWellFormedError(ValueError):
    """A page whose elements are not closed in order."""


class ReadWebPage(Struct, frozen=True):
    """A page read back: the pieces of its text, its crisis box and what is around them, each in order.

    `wide` and `narrow` are the words of each drawing that is there twice; `hidden` is what is heard or found but not
    seen; `alts` what drawings and pictures show; `links` all addresses, `loaded` what the page would ask for; `active`
    what could run.
    """

    title: str
    language: str
    text: tuple[str, ...]
    crisis: tuple[str, ...]
    around: tuple[str, ...]
    wide: tuple[str, ...]
    narrow: tuple[str, ...]
    hidden: tuple[str, ...]
    alts: frozenset[str]
    links: tuple[str, ...]
    loaded: tuple[str, ...]
    active: tuple[str, ...]
    ids: tuple[str, ...]
    headings: tuple[int, ...]


def read_page(content: bytes) -> ReadWebPage:
    """Return a page read back. UnicodeDecodeError or _NotWellFormedError if it cannot be."""
    reader = _PageReader()
    reader.feed(content.decode("utf-8"))
    reader.close()
    if reader.open:
        raise _NotWellFormedError(f"<{reader.open[-1].tag}> is not closed")
    return reader.page()


class _OpenElement(Struct, frozen=True):
    """An element that is not closed yet: its name, the part of the page that its words belong to, and the drawing that
    it is in, if that is there twice.
    """

    tag: str
    part: str
    drawing: str = ""


class _PageReader(HTMLParser):
    """Gathers what a page says and does."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[_OpenElement] = []
        self._pieces: dict[str, list[str]] = {}
        self._at_start = True
        self._drawings: dict[str, list[str]] = {"wide-only": [], "narrow": []}
        self._title, self._language = "", ""
        self._hidden: list[str] = []
        self._alts: set[str] = set()
        self._links: list[str] = []
        self._loaded: list[str] = []
        self._active: list[str] = []
        self._ids: list[str] = []
        self._headings: list[int] = []

    def page(self) -> ReadWebPage:
        """Return what was read."""
        said = {part: tuple(pieces) for part, pieces in self._pieces.items()}
        return ReadWebPage(
            title=self._title,
            language=self._language,
            text=said.get("text", ()),
            crisis=said.get("crisis", ()),
            around=said.get("around", ()),
            wide=tuple(self._drawings["wide-only"]),
            narrow=tuple(self._drawings["narrow"]),
            hidden=(*self._hidden, *said.get("hidden", ())),
            alts=frozenset(self._alts),
            links=tuple(self._links),
            loaded=tuple(self._loaded),
            active=tuple(self._active),
            ids=tuple(self._ids),
            headings=tuple(self._headings),
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element is, says and asks for."""
        known = {name: value or "" for name, value in attrs}
        self._note_attributes(tag, known)
        if tag not in _INLINE:
            self._at_start = True
        if tag not in _VOID:
            self.open.append(_OpenElement(tag, self._part_of(tag, known), self._drawing_of(tag, known)))

    def _note_attributes(self, tag: str, known: dict[str, str]) -> None:
        """Note what the attributes of an element say and do."""
        if tag == "html":
            self._language = known.get("lang", "")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._headings.append(int(tag[1]))
        for name, value in known.items():
            if name in _SPOKEN and not (tag == "meta" and _is_untold(known)):
                self._hidden.append(value)
            if name == "id":
                self._ids.append(value)
            if name in ("href", "xlink:href"):
                (self._loaded if tag in ("link", "image", "use") else self._links).append(value)
            if name in _LOADED:
                self._loaded.append(value)
            if name.startswith("on") or name == "style" or (name == "http-equiv" and value.lower() == "refresh"):
                self._active.append(f"{tag} {name}")
        if tag == "img" or (tag == "svg" and known.get("role") == "img"):
            self._alts.add(known.get("alt", "") or known.get("aria-label", ""))
        if tag in ("iframe", "object", "embed", "base", "form", "frame", "applet", "portal"):
            self._active.append(tag)
        if tag == "script" and known.get("type") != _DATA_KIND:
            self._active.append("script")

    def _part_of(self, tag: str, known: dict[str, str]) -> str:
        """Return the part of the page that the words in an element belong to."""
        inside = self.open[-1].part if self.open else ""
        classes = known.get("class", "").split()
        if tag in ("script", "style"):
            return tag if known.get("type", "") == _DATA_KIND else ""
        if tag == "title" and inside != "svg" and not any(each.tag == "svg" for each in self.open):
            return "title"
        if tag in ("title", "desc"):
            return tag if tag == "desc" else "hidden"
        if inside == "crisis" or "crisis" in classes:
            return "crisis"
        if tag == "main" or "alone" in classes:
            return "text"
        return "around" if tag == "body" else inside

    def _drawing_of(self, tag: str, known: dict[str, str]) -> str:
        """Return which of two drawings of a figure an element is in, or "" for none; a drawing begins with no words."""
        for kind in self._drawings if tag == "svg" else ():
            if kind in known.get("class", "").split():
                self._drawings[kind].append("")
                return kind
        return self.open[-1].drawing if self.open else ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that is closed at once."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element. _NotWellFormedError if another one is open."""
        if tag not in _INLINE:
            self._at_start = True
        if not self.open or self.open[-1].tag != tag:
            raise _NotWellFormedError(f"</{tag}> closes nothing")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        """Note words where they stand."""
        part, drawing = (self.open[-1].part, self.open[-1].drawing) if self.open else ("", "")
        if drawing and part not in ("hidden", "desc"):
            self._drawings[drawing][-1] += data
        if drawing == "narrow" and part not in ("hidden", "desc"):
            return
        match part:
            case "title":
                self._title += data
            case "script":
                self._hidden += _strings_of(json.loads(data))
            case "":
                return
            case "desc":
                self._alts.add(data)
                self._hidden.append(data)
            case _:
                self._add_piece(part, data)

    def _add_piece(self, part: str, data: str) -> None:
        """Add words to a part, to its last piece where no block began since."""
        pieces = self._pieces.setdefault(part, [])
        if self._at_start or not pieces:
            pieces.append("")
        pieces[-1] += data
        self._at_start = False


def _is_untold(known: dict[str, str]) -> bool:
    """True if a meta element tells a browser how to work."""
    return known.get("name", known.get("http-equiv", "")) in _UNTOLD_META


def _strings_of(data: object, key: str = "") -> Iterator[str]:
    """Yield the words in data, without those that say what kind of data it is."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _strings_of(value, name)
    elif isinstance(data, str) and key not in _UNTOLD_DATA:
        yield data
