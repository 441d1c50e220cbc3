"""A finished Word file as it is read back: its paragraphs by where they stand, what is not seen, and where it leads.

Takes bytes and parses each part with lxml, which loads nothing from outside. Judges nothing.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree
from msgspec import Struct

_WORDML = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_HYPERLINK = "/relationships/hyperlink"
_MOST_BYTES = 100_000_000
_TEXT, _PARAGRAPH, _INSTRUCTION = f"{_WORDML}t", f"{_WORDML}p", f"{_WORDML}instrText"
_SPACES = frozenset({f"{_WORDML}tab", f"{_WORDML}br"})
_UNTOLD_PROPERTIES = frozenset({"created", "modified", "language"})


class ReadWordFile(Struct, frozen=True):
    """A file read back: the paragraphs of its text, and those of each head and foot, in order.

    `hidden` is what is found or heard but not seen, `alts` what pictures show; `silent` counts those that say neither
    that nor that they are decoration. `links` are the addresses it leads to, `anchors` and `bookmarks` the places
    inside; `active` is what would run or be fetched; `headings` are the levels of the headings.
    """

    title: str
    language: str
    text: tuple[str, ...]
    heads: Mapping[str, tuple[str, ...]]
    hidden: tuple[str, ...]
    alts: tuple[str, ...]
    silent: int
    links: tuple[str, ...]
    anchors: tuple[str, ...]
    bookmarks: tuple[str, ...]
    active: tuple[str, ...]
    headings: tuple[int, ...]


def read_word_file(content: bytes) -> ReadWordFile:
    """Return a Word file read back. ValueError, KeyError, BadZipFile, zlib.error or XMLSyntaxError if it cannot be."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if sum(each.file_size for each in package.infolist()) > _MOST_BYTES:
            raise ValueError("the file is too large")
        files = {name: package.read(name) for name in package.namelist()}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    parts = {name: etree.fromstring(data, parser) for name, data in files.items() if name.endswith((".xml", ".rels"))}
    body, properties = parts["word/document.xml"], parts["docProps/core.xml"]
    texts = [
        part for name, part in parts.items() if name.startswith(("word/document.xml", "word/header", "word/footer"))
    ]
    links, loaded = _relations(parts)
    pictures = [each for part in texts for each in part.iter(f"{_DRAWING}docPr")]
    return ReadWordFile(
        title=properties.findtext(f"{_DUBLIN}title", ""),
        language=_language(parts["word/styles.xml"]),
        text=tuple(_paragraphs(body)),
        heads={
            name: tuple(_paragraphs(part)) for name, part in parts.items() if name.startswith(("word/h", "word/foot"))
        },
        hidden=(*_hidden_texts(texts), *_property_texts(properties)),
        alts=tuple(each.get("descr", "") for each in pictures if each.get("descr")),
        silent=sum(1 for each in pictures if not each.get("descr") and not _is_decoration(each)),
        links=links,
        anchors=tuple(_values(texts, "hyperlink", "anchor")),
        bookmarks=tuple(_values(texts, "bookmarkStart", "name")),
        active=(*loaded, *_fields(texts), *_unusual_parts(files)),
        headings=tuple(_headings(body)),
    )


def _paragraphs(part: Any) -> Iterator[str]:
    """Yield the words of each paragraph in reading order."""
    for each in part.iter(_PARAGRAPH):
        words = "".join((node.text or "") if node.tag == _TEXT else " " for node in each.iter(_TEXT, *_SPACES))
        if words.strip():
            yield words


def _relations(parts: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the addresses of links, and other targets outside of the file."""
    links: list[str] = []
    loaded: list[str] = []
    for name, part in parts.items():
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        for each in part:
            target = each.get("Target", "")
            if each.get("TargetMode") == "External":
                (links if each.get("Type", "").endswith(_HYPERLINK) else loaded).append(target)
            elif posixpath.normpath(posixpath.join(folder, target)).startswith(".."):
                loaded.append(target)
    return tuple(links), tuple(loaded)


def _values(parts: list[Any], name: str, attribute: str) -> Iterator[str]:
    """Yield the values of one attribute."""
    found = (each.get(f"{_WORDML}{attribute}") for part in parts for each in part.iter(f"{_WORDML}{name}"))
    return (each for each in found if each)


def _hidden_texts(parts: list[Any]) -> Iterator[str]:
    """Yield what is heard or shown by pointing: alt texts and names of pictures, tooltips."""
    yield from _values(parts, "hyperlink", "tooltip")
    for part in parts:
        for each in part.iter(f"{_DRAWING}docPr"):
            yield from (each.get(key, "") for key in ("descr", "title"))


def _property_texts(properties: Any) -> Iterator[str]:
    """Yield the metadata of a file."""
    for each in properties:
        if etree.QName(each).localname not in _UNTOLD_PROPERTIES:
            yield each.text or ""


def _is_decoration(picture: Any) -> bool:
    """True if a picture is marked as decoration."""
    return any(etree.QName(each).localname == "decorative" and each.get("val") == "1" for each in picture.iter("*"))


def _fields(parts: list[Any]) -> Iterator[str]:
    """Yield the instructions of fields other than page numbers."""
    told = [*_values(parts, "fldSimple", "instr")]
    told += [each.text or "" for part in parts for each in part.iter(_INSTRUCTION)]
    return (each for each in told if each.strip() not in ("PAGE", "NUMPAGES"))


def _unusual_parts(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the parts that a file made here never has, such as macros, embedded files and comments."""
    known = ("document", "styles", "numbering", "settings", "fontTable", "header", "footer")
    for name in files:
        folder, file = posixpath.split(name)
        usual = folder in ("", "_rels", "word/_rels", "word/media", "word/fonts", "word/theme", "docProps")
        if not usual and not (folder == "word" and file.startswith(known)):
            yield name


def _language(styles: Any) -> str:
    """Return the default language of the file."""
    found = styles.find(f"{_WORDML}docDefaults/{_WORDML}rPrDefault/{_WORDML}rPr/{_WORDML}lang")
    return "" if found is None else str(found.get(f"{_WORDML}val", ""))


def _headings(body: Any) -> Iterator[int]:
    """Yield the levels of the headings in order."""
    for style in body.iter(f"{_WORDML}pStyle"):
        name = style.get(f"{_WORDML}val", "")
        if name.startswith("Heading"):
            yield int(name.removeprefix("Heading"))
