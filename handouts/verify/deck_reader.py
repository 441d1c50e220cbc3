"""Read a finished deck: for each slide the texts, alt texts and positions of its shapes, and its notes.

Takes bytes, parses every slide with lxml: python-pptx's objects took five times as long, and reading with the library
that wrote a file hides its mistakes. Judges nothing.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree
from msgspec import Struct

DRAWINGML = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PRESENTATIONML = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
CHARTML = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
RELATIONSHIPS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PRESENTATION_PART = "ppt/presentation.xml"
SHAPE_TAGS = frozenset(f"{PRESENTATIONML}{each}" for each in ("sp", "grpSp", "pic", "graphicFrame", "cxnSp"))
DRAWING_TAGS = frozenset(f"{PRESENTATIONML}{each}" for each in ("grpSp", "pic", "graphicFrame"))
FOOT_PLACEHOLDERS = frozenset({"ftr", "sldNum", "dt"})
SKIPPED_PLACEHOLDERS = FOOT_PLACEHOLDERS | {"sldImg"}
TITLE_PLACEHOLDERS = frozenset({"title", "ctrTitle"})
TOLERANCE = 12700  # EMU: a point
TEXT_TAGS = frozenset({f"{DRAWINGML}t", f"{DRAWINGML}br", f"{DRAWINGML}p"})


class ReadShape(Struct, frozen=True):
    """One shape: its kind of placeholder, the words of its paragraphs, its alt text, and if it stands on the slide."""

    kind: str
    texts: tuple[str, ...]
    alt: str
    silent: bool
    inside: bool


class DeckSlide(Struct, frozen=True):
    """One slide: its shapes in the order in which they are read, and the paragraphs of its notes."""

    shapes: tuple[ReadShape, ...]
    notes: tuple[str, ...]

    @property
    def title(self) -> str:
        """The words of the title."""
        return next(("".join(each.texts) for each in self.shapes if each.kind in TITLE_PLACEHOLDERS), "")

    def texts(self, *, feet: bool) -> tuple[str, ...]:
        """Return the paragraphs of the foot, or of all else."""
        return tuple(text for each in self.shapes if (each.kind in FOOT_PLACEHOLDERS) == feet for text in each.texts)


class DeckPackage:
    """The parts of a deck as XML trees, each parsed when it is first asked for."""

    def __init__(self, content: bytes) -> None:
        """Open a package. BadZipFile if it is none."""
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._trees: dict[str, Any] = {}
        self._parser = etree.XMLParser(resolve_entities=False, no_network=True)

    def tree(self, name: str) -> Any:
        """Return a part. KeyError without one, BadZipFile for a wrong checksum, SyntaxError for broken XML."""
        if name not in self._trees:
            self._trees[name] = etree.fromstring(self._archive.read(name), self._parser)
        return self._trees[name]

    def related(self, name: str) -> Mapping[str, tuple[str, str]]:
        """Return for each id the kind of a relation of a part, and the name of the part that it leads to."""
        folder, file = posixpath.split(name)
        found = {}
        for each in self.tree(f"{folder}/_rels/{file}.rels"):
            target = each.get("Target", "")
            absolute = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[each.get("Id")] = (each.get("Type", "").rpartition("/")[2], absolute)
        return found


def read_deck(content: bytes) -> tuple[DeckSlide, ...]:
    """Return the slides of a deck in the order in which they are shown.

    KeyError, BadZipFile, ValueError or lxml's SyntaxError if it is broken.
    """
    package = DeckPackage(content)
    presentation, relations = package.tree(PRESENTATION_PART), package.related(PRESENTATION_PART)
    size = presentation.find(f"{PRESENTATIONML}sldSz")
    edges = int(size.get("cx")), int(size.get("cy"))
    names = [relations[each.get(f"{RELATIONSHIPS}id")][1] for each in presentation.iter(f"{PRESENTATIONML}sldId")]
    inside: dict[str, Mapping[tuple[str, str], bool]] = {}
    return tuple(read_slide(package, name, edges, inside) for name in names)


def read_slide(
    package: DeckPackage, name: str, edges: tuple[int, int], inside: dict[str, Mapping[tuple[str, str], bool]]
) -> DeckSlide:
    """Return one slide; `inside` gathers for each layout which of its placeholders stand on the slide."""
    related = package.related(name)
    layout = next(target for kind, target in related.values() if kind == "slideLayout")
    if layout not in inside:
        masters = (target for kind, target in package.related(layout).values() if kind == "slideMaster")
        master = placeholders_inside(package.tree(next(masters)), {}, edges)
        inside[layout] = placeholders_inside(package.tree(layout), master, edges)
    charts = {key: package.tree(target) for key, (kind, target) in related.items() if kind == "chart"}
    notes = next((target for kind, target in related.values() if kind == "notesSlide"), "")
    tree = package.tree(name).find(f"{PRESENTATIONML}cSld/{PRESENTATIONML}spTree")
    shapes = tuple(read_shape(each, charts, inside[layout], edges) for each in tree if each.tag in SHAPE_TAGS)
    return DeckSlide(shapes, read_notes(package.tree(notes)) if notes else ())


def read_shape(
    shape: Any, charts: Mapping[str, Any], inside: Mapping[tuple[str, str], bool], edges: tuple[int, int]
) -> ReadShape:
    """Return one shape of a slide."""
    properties, holder = shape[0].find(f"{PRESENTATIONML}cNvPr"), placeholder_of(shape)
    own = transform_of(shape)
    if own is None:
        stands = (
            inside.get((holder.get("type", "body"), holder.get("idx", "0")), False) if holder is not None else False
        )
    else:
        stands = is_inside_edges(own, edges) and all(
            is_inside_edges(each, group_edges(own)) for each in text_transforms(shape)
        )
    texts = tuple(paragraph_texts(shape))
    for chart in shape.iter(f"{CHARTML}chart"):
        texts += tuple(chart_texts(charts[chart.get(f"{RELATIONSHIPS}id")]))
    silent = shape.tag in DRAWING_TAGS and not any(each.get("val") == "1" for each in decorative_marks(properties))
    alt = properties.get("descr", "")
    return ReadShape(
        "" if holder is None else holder.get("type", "body"), texts, alt, silent and not alt.strip(), stands
    )


def decorative_marks(properties: Any) -> Iterator[Any]:
    """Yield the marks that say that a shape is decoration."""
    return (each for each in properties.iter() if isinstance(each.tag, str) and each.tag.endswith("}decorative"))


def placeholder_of(shape: Any) -> Any:
    """Return which placeholder a shape is, or None."""
    return shape.find(f"{shape[0].tag}/{PRESENTATIONML}nvPr/{PRESENTATIONML}ph")


def paragraph_texts(shape: Any) -> Iterator[str]:
    """Yield the words of each paragraph of a shape, a table or a group."""
    for paragraph in shape.iter(f"{DRAWINGML}p"):
        text = "".join(
            (each.text or "") if each.tag == f"{DRAWINGML}t" else " "
            for each in paragraph.iter(f"{DRAWINGML}t", f"{DRAWINGML}br")
        )
        if text.strip():
            yield text


def chart_texts(chart: Any) -> Iterator[str]:
    """Yield what is written in a chart: its labels, the names of its series, and its numbers with their unit."""
    yield from (each.text or "" for each in chart.iter(f"{DRAWINGML}t"))
    legend = chart.find(f"{CHARTML}chart/{CHARTML}legend") is not None
    for index, series in enumerate(chart.iter(f"{CHARTML}ser")):
        yield from (each.text or "" for each in series.iterfind(f"{CHARTML}tx//{CHARTML}v") if legend)
        yield from (each.text or "" for each in series.iterfind(f"{CHARTML}cat//{CHARTML}v") if not index)
        form = series.find(f"{CHARTML}dLbls/{CHARTML}numFmt")
        number, _, unit = (form.get("formatCode") if form is not None else "General").partition('"')
        places = len(number.partition(".")[2]) if number.startswith("0") else None
        for each in series.iterfind(f"{CHARTML}val//{CHARTML}v"):
            value = each.text or ""
            yield (value if places is None else f"{float(value):.{places}f}") + unit.rstrip('"')


def read_notes(part: Any) -> tuple[str, ...]:
    """Return the paragraphs of the notes, without the number of the slide."""
    shapes = (
        each for each in part.find(f"{PRESENTATIONML}cSld/{PRESENTATIONML}spTree") if each.tag == f"{PRESENTATIONML}sp"
    )
    held = ((each, placeholder_of(each)) for each in shapes)
    said = (
        each for each, holder in held if holder is not None and holder.get("type", "body") not in SKIPPED_PLACEHOLDERS
    )
    return tuple(text for each in said for text in paragraph_texts(each))


# ---------------------------------------------------------------- where shapes stand


def placeholders_inside(
    ground: Any, master: Mapping[tuple[str, str], bool], edges: tuple[int, int]
) -> Mapping[tuple[str, str], bool]:
    """Return for each placeholder of a layout whether it stands on the slide; one without a place has its master's."""
    found = dict(master)
    kinds = {kind: inside for (kind, _), inside in found.items()}
    for shape in ground.find(f"{PRESENTATIONML}cSld/{PRESENTATIONML}spTree"):
        holder = placeholder_of(shape) if shape.tag in SHAPE_TAGS else None
        if holder is not None:
            own, kind = transform_of(shape), holder.get("type", "body")
            found[kind, holder.get("idx", "0")] = kinds.get(kind, False) if own is None else is_inside_edges(own, edges)
    return found


ShapeEdges = tuple[int, int, int, int]


def transform_of(shape: Any) -> Any:
    """Return where a shape says that it stands, or None."""
    for path in (
        f"{PRESENTATIONML}spPr/{DRAWINGML}xfrm",
        f"{PRESENTATIONML}grpSpPr/{DRAWINGML}xfrm",
        f"{PRESENTATIONML}xfrm",
    ):
        found = shape.find(path)
        if found is not None:
            return found
    return None


def is_inside_edges(transform: Any, edges: tuple[int, int] | ShapeEdges) -> bool:
    """True if a shape stands between the edges: the size of a slide, or left, top, right and bottom."""
    left, top, right, bottom = edges if len(edges) == 4 else (0, 0, *edges)
    off, ext = transform.find(f"{DRAWINGML}off"), transform.find(f"{DRAWINGML}ext")
    x, y, width, height = (int(each) for each in (off.get("x"), off.get("y"), ext.get("cx"), ext.get("cy")))
    across = left - TOLERANCE <= x and x + width <= right + TOLERANCE
    return across and top - TOLERANCE <= y and y + height <= bottom + TOLERANCE


def group_edges(transform: Any) -> ShapeEdges:
    """Return the edges within which the shapes of a group stand, in the group's own measure."""
    off, ext = transform.find(f"{DRAWINGML}chOff"), transform.find(f"{DRAWINGML}chExt")
    if off is None or ext is None:
        return (0, 0, 0, 0)
    x, y = int(off.get("x")), int(off.get("y"))
    return x, y, x + int(ext.get("cx")), y + int(ext.get("cy"))


def text_transforms(shape: Any) -> Iterator[Any]:
    """Yield where the texts of a group stand; lines and signs may well reach over its edge."""
    for each in shape.iter(f"{PRESENTATIONML}sp") if shape.tag == f"{PRESENTATIONML}grpSp" else ():
        found = transform_of(each)
        if found is not None and next(each.iter(f"{DRAWINGML}t"), None) is not None:
            yield found
