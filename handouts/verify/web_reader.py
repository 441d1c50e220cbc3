"""A finished page as it is read back: its words by where they stand, what is heard but not seen, and what it asks for.

Uses the standard library's parser, independently of the renderer. An element that is never closed, or closed where it
was not opened, is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser

from msgspec import Struct, field

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "circle", "rect"})
_INLINE = frozenset({"a", "abbr", "b", "i", "span", "strong", "tspan"})
# Attributes whose words somebody hears or reads; what a meta element says is one of them.
_SPOKEN = frozenset({"alt", "title", "aria-label", "placeholder", "content"})
# Attributes by which a page would ask for something outside of it.
_LOADED = frozenset({"src", "srcset", "poster", "data", "background", "action", "formaction", "ping", "manifest"})
_DATA_KIND = "application/ld+json"
# Meta elements that only control the browser, and keys of the page's data that only name its kind.
_UNTOLD_META = frozenset({"viewport", "Content-Security-Policy", "referrer", "color-scheme", "format-detection"})
_UNTOLD_DATA = frozenset({"@context", "@type"})


class _NotWellFormedError(ValueError):
    """A page whose elements are not closed in order."""


class ReadWebPage(Struct):
    """What is read of a page: the pieces of its `text`, of its `crisis` box and of what is `around` them, in order.

    `wide` and `narrow` are the words of each drawing that the page has in two versions; `hidden` is heard or found but
    not seen; `alts` are the texts of drawings and pictures; `links` all addresses; `loaded` is what the page would
    fetch, `active` what could run. `headings` are the levels of the headings.
    """

    title: str = ""
    language: str = ""
    text: list[str] = field(default_factory=list)
    crisis: list[str] = field(default_factory=list)
    around: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    narrow: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    alts: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    active: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)


def read_page(content: bytes) -> ReadWebPage:
    """Return a page read back. UnicodeDecodeError or _NotWellFormedError if it cannot be read."""
    reader = _PageReader()
    reader.feed(content.decode("utf-8"))
    reader.close()
    if reader.open:
        raise _NotWellFormedError(f"<{reader.open[-1].tag}> is not closed")
    return reader.page


class _OpenElement(Struct, frozen=True):
    """An element that is not closed yet: its name, the part of the page to which its words belong, and its drawing.

    The drawing is the class of the svg that it is in, if the page has that in two versions.
    """

    tag: str
    part: str
    drawing: str = ""


class _PageReader(HTMLParser):
    """Collects what a page says and does."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = ReadWebPage()
        self.open: list[_OpenElement] = []
        self._pieces = {"text": self.page.text, "crisis": self.page.crisis, "around": self.page.around}
        self._drawings = {"wide-only": self.page.wide, "narrow": self.page.narrow}
        self._at_start = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record an element, what it says and what it loads."""
        known = {name: value or "" for name, value in attrs}
        self._note_attributes(tag, known)
        if tag not in _INLINE:
            self._at_start = True
        if tag not in _VOID:
            self.open.append(_OpenElement(tag, self._part_of(tag, known), self._drawing_of(tag, known)))

    def _note_attributes(self, tag: str, known: dict[str, str]) -> None:
        """Record what the attributes of an element say and do."""
        if tag == "html":
            self.page.language = known.get("lang", "")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.page.headings.append(int(tag[1]))
        meta_name = known.get("name", known.get("http-equiv", ""))
        for name, value in known.items():
            if name in _SPOKEN and not (tag == "meta" and meta_name in _UNTOLD_META):
                self.page.hidden.append(value)
            if name == "id":
                self.page.ids.append(value)
            if name in ("href", "xlink:href"):
                (self.page.loaded if tag in ("link", "image", "use") else self.page.links).append(value)
            if name in _LOADED:
                self.page.loaded.append(value)
            if name.startswith("on") or name == "style" or (name == "http-equiv" and value.lower() == "refresh"):
                self.page.active.append(f"{tag} {name}")
        if tag == "img" or (tag == "svg" and known.get("role") == "img"):
            self.page.alts.add(known.get("alt", "") or known.get("aria-label", ""))
        if tag in ("iframe", "object", "embed", "base", "form", "frame", "applet", "portal"):
            self.page.active.append(tag)
        if tag == "script" and known.get("type") != _DATA_KIND:
            self.page.active.append("script")

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
        """Record an element that is closed at once."""
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
        """Record words in the part of the page where they are."""
        part, drawing = (self.open[-1].part, self.open[-1].drawing) if self.open else ("", "")
        if drawing and part not in ("hidden", "desc"):
            self._drawings[drawing][-1] += data
        if drawing == "narrow" and part not in ("hidden", "desc"):
            return
        match part:
            case "title":
                self.page.title += data
            case "script":
                self.page.hidden += _strings_of(json.loads(data))
            case "hidden":
                self.page.hidden.append(data)
            case "desc":
                self.page.alts.add(data)
                self.page.hidden.append(data)
            case "text" | "crisis" | "around":
                self._add_words(self._pieces[part], data)

    def _add_words(self, pieces: list[str], data: str) -> None:
        """Add words to the last of the pieces, or as a new one if a block began since."""
        if self._at_start or not pieces:
            pieces.append("")
        pieces[-1] += data
        self._at_start = False


def _strings_of(data: object, key: str = "") -> Iterator[str]:
    """Yield the strings in JSON data, without those that name its kind."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _strings_of(value, name)
    elif isinstance(data, str) and key not in _UNTOLD_DATA:
        yield data
