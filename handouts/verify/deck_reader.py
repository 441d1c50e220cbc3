"""Read a finished deck: for each slide the texts, alt texts and positions of its shapes, and its notes.

Takes bytes, parses every slide with lxml: python-pptx's objects took five times as long, and reading with the library
that wrote a file hides its mistakes. Judges nothing.
"""

from __future__ import annotations

import functools
import hashlib
import io
import posixpath
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree
from msgspec import Struct

from handouts.render_cache import RenderCache

_DRAWINGML = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PRESENTATIONML = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_CHARTML = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PRESENTATION_PART = "ppt/presentation.xml"
_SHAPE_TAGS = frozenset(f"{_PRESENTATIONML}{each}" for each in ("sp", "grpSp", "pic", "graphicFrame", "cxnSp"))
_DRAWING_TAGS = frozenset(f"{_PRESENTATIONML}{each}" for each in ("grpSp", "pic", "graphicFrame"))
_FOOT_PLACEHOLDERS = frozenset({"ftr", "sldNum", "dt"})
_SKIPPED_PLACEHOLDERS = _FOOT_PLACEHOLDERS | {"sldImg"}
_TITLE_PLACEHOLDERS = frozenset({"title", "ctrTitle"})
_TRANSFORM_PATHS = (
    f"{_PRESENTATIONML}spPr/{_DRAWINGML}xfrm",
    f"{_PRESENTATIONML}grpSpPr/{_DRAWINGML}xfrm",
    f"{_PRESENTATIONML}xfrm",
)
_TOLERANCE = 12700  # EMU: a point


class _ReadShape(Struct, frozen=True):
    """One shape: its kind of placeholder, the words of its paragraphs, its alt text, and if it stands on the slide."""

    kind: str
    texts: tuple[str, ...]
    alt: str
    silent: bool
    inside: bool


class DeckSlide(Struct, frozen=True):
    """One slide: its shapes in the order in which they are read, and the paragraphs of its notes."""

    shapes: tuple[_ReadShape, ...]
    notes: tuple[str, ...]

    @property
    def title(self) -> str:
        """The words of the title."""
        return next(("".join(each.texts) for each in self.shapes if each.kind in _TITLE_PLACEHOLDERS), "")

    def texts(self, *, feet: bool) -> tuple[str, ...]:
        """Return the paragraphs of the foot, or of all else."""
        return tuple(text for each in self.shapes if (each.kind in _FOOT_PLACEHOLDERS) == feet for text in each.texts)


class _DeckPackage:
    """The parts of a deck by name: the `digest` of each, and its `tree` of XML, parsed when it is first asked for.

    KeyError for an unknown name, BadZipFile for a wrong checksum, SyntaxError for broken XML.
    """

    def __init__(self, content: bytes, cache: RenderCache) -> None:
        """Open a package. BadZipFile if it is none."""
        self._cache = cache
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        part = functools.cache(zipfile.ZipFile(io.BytesIO(content)).read)
        self.digest: Callable[[str], bytes] = functools.cache(lambda name: hashlib.sha256(part(name)).digest())
        self.tree: Callable[[str], Any] = functools.cache(lambda name: etree.fromstring(part(name), parser))

    def related(self, name: str) -> Mapping[str, tuple[str, str]]:
        """Return for each id the kind of a relation of a part, and the name of the part that it leads to."""
        folder, file = posixpath.split(name)
        relations = f"{folder}/_rels/{file}.rels"
        key = ("relations of a part", folder, self.digest(relations))
        return self._cache.get_or_compute(key, lambda: _read_relations(self.tree(relations), folder))


def _read_relations(tree: Any, folder: str) -> Mapping[str, tuple[str, str]]:
    """Return for each id the kind of a relation of a part in `folder`, and the name of the part that it leads to."""
    found = {}
    for each in tree:
        target = each.get("Target", "")
        absolute = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[each.get("Id")] = (each.get("Type", "").rpartition("/")[2], absolute)
    return found


def read_deck(content: bytes, cache: RenderCache | None = None) -> tuple[DeckSlide, ...]:
    """Return the slides of a deck in the order in which they are shown.

    A slide all of whose parts have the bytes of one that was read before is taken from the `cache`. KeyError,
    BadZipFile, ValueError or lxml's SyntaxError if the deck is broken.
    """
    cache = cache or RenderCache()
    package = _DeckPackage(content, cache)
    presentation, relations = package.tree(_PRESENTATION_PART), package.related(_PRESENTATION_PART)
    size = presentation.find(f"{_PRESENTATIONML}sldSz")
    edges = int(size.get("cx")), int(size.get("cy"))
    names = [relations[each.get(f"{_RELATIONSHIPS}id")][1] for each in presentation.iter(f"{_PRESENTATIONML}sldId")]
    read = []
    for name in names:
        parts = _slide_parts(package, name)
        key = (_read_slide, edges, tuple(parts.charts), tuple(map(package.digest, parts.all)))
        read.append(cache.get_or_compute(key, functools.partial(_read_slide, package, parts, edges)))
    return tuple(read)


class _SlideParts(Struct, frozen=True):
    """The names of the parts that a slide is read from: charts by relation id; no `notes` if there are none."""

    slide: str
    layout: str
    master: str
    charts: Mapping[str, str]
    notes: str

    @property
    def all(self) -> tuple[str, ...]:
        """All names, the slide first."""
        return (self.slide, self.layout, self.master, *self.charts.values(), *((self.notes,) if self.notes else ()))


def _slide_parts(package: _DeckPackage, name: str) -> _SlideParts:
    """Return the parts of the slide `name`."""
    related = package.related(name)
    layout = next(target for kind, target in related.values() if kind == "slideLayout")
    master = next(target for kind, target in package.related(layout).values() if kind == "slideMaster")
    charts = {key: target for key, (kind, target) in related.items() if kind == "chart"}
    notes = next((target for kind, target in related.values() if kind == "notesSlide"), "")
    return _SlideParts(name, layout, master, charts, notes)


def _read_slide(package: _DeckPackage, parts: _SlideParts, edges: tuple[int, int]) -> DeckSlide:
    """Return one slide, which has the size `edges`."""
    master = _placeholders_inside(package.tree(parts.master), {}, edges)
    inside = _placeholders_inside(package.tree(parts.layout), master, edges)
    charts = {key: package.tree(target) for key, target in parts.charts.items()}
    tree = package.tree(parts.slide).find(f"{_PRESENTATIONML}cSld/{_PRESENTATIONML}spTree")
    shapes = tuple(_read_shape(each, charts, inside, edges) for each in tree if each.tag in _SHAPE_TAGS)
    return DeckSlide(shapes, _read_notes(package.tree(parts.notes)) if parts.notes else ())


def _read_shape(
    shape: Any, charts: Mapping[str, Any], inside: Mapping[tuple[str, str], bool], edges: tuple[int, int]
) -> _ReadShape:
    """Return one shape of a slide."""
    properties, holder = shape[0].find(f"{_PRESENTATIONML}cNvPr"), _placeholder_of(shape)
    own = _transform_of(shape)
    if own is None:
        stands = (
            inside.get((holder.get("type", "body"), holder.get("idx", "0")), False) if holder is not None else False
        )
    else:
        stands = _is_inside_edges(own, edges) and all(
            _is_inside_edges(each, _group_edges(own)) for each in _text_transforms(shape)
        )
    texts = tuple(_paragraph_texts(shape))
    for chart in shape.iter(f"{_CHARTML}chart"):
        texts += tuple(chart_texts(charts[chart.get(f"{_RELATIONSHIPS}id")]))
    decorative = any(
        isinstance(each.tag, str) and each.tag.endswith("}decorative") and each.get("val") == "1"
        for each in properties.iter()
    )
    alt = properties.get("descr", "")
    silent = shape.tag in _DRAWING_TAGS and not decorative and not alt.strip()
    return _ReadShape("" if holder is None else holder.get("type", "body"), texts, alt, silent, stands)


def _placeholder_of(shape: Any) -> Any:
    """Return which placeholder a shape is, or None."""
    return shape.find(f"{shape[0].tag}/{_PRESENTATIONML}nvPr/{_PRESENTATIONML}ph")


def _paragraph_texts(shape: Any) -> Iterator[str]:
    """Yield the words of each paragraph of a shape, a table or a group."""
    for paragraph in shape.iter(f"{_DRAWINGML}p"):
        text = "".join(
            (each.text or "") if each.tag == f"{_DRAWINGML}t" else " "
            for each in paragraph.iter(f"{_DRAWINGML}t", f"{_DRAWINGML}br")
        )
        if text.strip():
            yield text


def chart_texts(chart: Any) -> Iterator[str]:
    """Yield what is written in a chart: its labels, the names of its series, and its numbers with their unit."""
    yield from (each.text or "" for each in chart.iter(f"{_DRAWINGML}t"))
    legend = chart.find(f"{_CHARTML}chart/{_CHARTML}legend") is not None
    for index, series in enumerate(chart.iter(f"{_CHARTML}ser")):
        yield from (each.text or "" for each in series.iterfind(f"{_CHARTML}tx//{_CHARTML}v") if legend)
        yield from (each.text or "" for each in series.iterfind(f"{_CHARTML}cat//{_CHARTML}v") if not index)
        form = series.find(f"{_CHARTML}dLbls/{_CHARTML}numFmt")
        number, _, unit = (form.get("formatCode") if form is not None else "General").partition('"')
        places = len(number.partition(".")[2]) if number.startswith("0") else None
        for each in series.iterfind(f"{_CHARTML}val//{_CHARTML}v"):
            value = each.text or ""
            yield (value if places is None else f"{float(value):.{places}f}") + unit.rstrip('"')


def _read_notes(part: Any) -> tuple[str, ...]:
    """Return the paragraphs of the notes, without the number of the slide."""
    shapes = part.iterfind(f"{_PRESENTATIONML}cSld/{_PRESENTATIONML}spTree/{_PRESENTATIONML}sp")
    held = ((each, _placeholder_of(each)) for each in shapes)
    return tuple(
        text
        for shape, holder in held
        if holder is not None and holder.get("type", "body") not in _SKIPPED_PLACEHOLDERS
        for text in _paragraph_texts(shape)
    )


# ---------------------------------------------------------------- where shapes stand


def _placeholders_inside(
    ground: Any, master: Mapping[tuple[str, str], bool], edges: tuple[int, int]
) -> Mapping[tuple[str, str], bool]:
    """Return for each placeholder of a layout whether it stands on the slide; one without a place has its master's."""
    found = dict(master)
    kinds = {kind: inside for (kind, _), inside in found.items()}
    for shape in ground.find(f"{_PRESENTATIONML}cSld/{_PRESENTATIONML}spTree"):
        holder = _placeholder_of(shape) if shape.tag in _SHAPE_TAGS else None
        if holder is not None:
            own, kind = _transform_of(shape), holder.get("type", "body")
            found[kind, holder.get("idx", "0")] = (
                kinds.get(kind, False) if own is None else _is_inside_edges(own, edges)
            )
    return found


_ShapeEdges = tuple[int, int, int, int]


def _transform_of(shape: Any) -> Any:
    """Return where a shape says that it stands, or None."""
    found = (shape.find(path) for path in _TRANSFORM_PATHS)
    return next((each for each in found if each is not None), None)


def _is_inside_edges(transform: Any, edges: tuple[int, int] | _ShapeEdges) -> bool:
    """True if a shape stands between the edges: the size of a slide, or left, top, right and bottom."""
    left, top, right, bottom = edges if len(edges) == 4 else (0, 0, *edges)
    off, ext = transform.find(f"{_DRAWINGML}off"), transform.find(f"{_DRAWINGML}ext")
    x, y, width, height = (int(each) for each in (off.get("x"), off.get("y"), ext.get("cx"), ext.get("cy")))
    across = left - _TOLERANCE <= x and x + width <= right + _TOLERANCE
    return across and top - _TOLERANCE <= y and y + height <= bottom + _TOLERANCE


def _group_edges(transform: Any) -> _ShapeEdges:
    """Return the edges within which the shapes of a group stand, in the group's own measure."""
    off, ext = transform.find(f"{_DRAWINGML}chOff"), transform.find(f"{_DRAWINGML}chExt")
    if off is None or ext is None:
        return (0, 0, 0, 0)
    x, y = int(off.get("x")), int(off.get("y"))
    return x, y, x + int(ext.get("cx")), y + int(ext.get("cy"))


def _text_transforms(shape: Any) -> Iterator[Any]:
    """Yield where the texts of a group stand; lines and signs may well reach over its edge."""
    for each in shape.iter(f"{_PRESENTATIONML}sp") if shape.tag == f"{_PRESENTATIONML}grpSp" else ():
        found = _transform_of(each)
        if found is not None and next(each.iter(f"{_DRAWINGML}t"), None) is not None:
            yield found
