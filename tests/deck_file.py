"""Reads a finished deck from its bytes: its parts, their relations, and the effective style of each text.

It is independent of the code that writes decks.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
P14 = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
TITLES = {"title", "ctrTitle"}
EMU = 12700
PRESENTATION = "ppt/presentation.xml"
SHAPES = (f"{P}sp", f"{P}grpSp", f"{P}pic", f"{P}graphicFrame", f"{P}cxnSp")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """The effective style of a text: size in points, weight, colour as six hex digits, and typeface.

    `colour_name` and `face_name` are the values in the file, such as "accent1" and "+mn-lt".
    """

    size: float
    bold: bool
    colour: str
    face: str
    colour_name: str
    face_name: str


@dataclass(frozen=True, slots=True)
class StyledText:
    """A run or field with its style; `kind` is the type of its placeholder, or "table", "label" or "chart"."""

    text: str
    style: TextStyle
    kind: str
    level: int
    shape: Any
    run: Any
    is_link: bool


class DeckFile:
    """The parts of a deck as trees, parsed on demand; all but relations can be changed and written again."""

    def __init__(self, content: bytes) -> None:
        """Read all parts of a package."""
        with ZipFile(BytesIO(content)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.trees: dict[str, Any] = {}
        self.cached_relations: dict[str, Mapping[str, tuple[str, str]]] = {}

    def tree(self, name: str) -> Any:
        """Return the tree of a part."""
        if name not in self.trees:
            self.trees[name] = etree.fromstring(self.parts[name])
        return self.trees[name]

    def bytes(self) -> bytes:
        """Return the changed package."""
        buffer = BytesIO()
        with ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in self.parts.items():
                archive.writestr(name, etree.tostring(self.trees[name]) if name in self.trees else content)
        return buffer.getvalue()

    def relations(self, name: str) -> Mapping[str, tuple[str, str]]:
        """Return the type and target of each relation of a part, by id."""
        if name not in self.cached_relations:
            self.cached_relations[name] = self.read_relations(name)
        return self.cached_relations[name]

    def read_relations(self, name: str) -> Mapping[str, tuple[str, str]]:
        """Parse the relations of a part."""
        folder, file = posixpath.split(name)
        found = {}
        path = f"{folder}/_rels/{file}.rels"
        for each in self.tree(path) if path in self.parts else ():
            target = each.get("Target")
            if each.get("TargetMode") != "External":
                target = target[1:] if target[0] == "/" else posixpath.normpath(posixpath.join(folder, target))
            found[each.get("Id")] = (each.get("Type").rpartition("/")[2], target)
        return found

    def related(self, name: str, kind: str) -> str:
        """Return the target of the first relation of a type; "" if there is none."""
        return next((target for found, target in self.relations(name).values() if found == kind), "")

    @property
    def slides(self) -> list[str]:
        """The parts of all slides, in the order of the presentation."""
        relations = self.relations(PRESENTATION)
        return [relations[each.get(f"{R}id")][1] for each in self.tree(PRESENTATION).iter(f"{P}sldId")]

    def layout_and_master(self, slide: str) -> tuple[str, str]:
        """Return the parts of the layout and the master of a slide."""
        layout = self.related(slide, "slideLayout")
        return layout, self.related(layout, "slideMaster")

    def shapes(self, name: str) -> list[Any]:
        """Return the top-level shapes of a slide, layout or master in painting order."""
        return [each for each in self.tree(name).find(f"{P}cSld/{P}spTree") if each.tag in SHAPES]

    # ------------------------------------------------------------ colours and faces

    def colour(self, slide: str, fill: Any) -> tuple[str, str]:
        """Return a solid fill as six hex digits, and its value in the file; "" twice if there is none."""
        inner = fill.find(f"{A}solidFill") if fill.tag != f"{A}solidFill" else fill
        if inner is None or not len(inner):
            return "", ""
        return self.resolved_colour(slide, inner[0])

    def resolved_colour(self, slide: str, named: Any) -> tuple[str, str]:
        """Return a colour element as six hex digits, and its value in the file."""
        value = named.get("val")
        if named.tag == f"{A}srgbClr":
            return value.upper(), value.upper()
        assert named.tag == f"{A}schemeClr", named.tag
        _, master = self.layout_and_master(slide)
        slot = self.tree(master).find(f"{P}clrMap").get(value, value)
        scheme = self.tree(self.related(master, "theme")).find(f"{A}themeElements/{A}clrScheme/{A}{slot}")
        return scheme[0].get("val").upper(), value

    def link_colour(self, slide: str) -> str:
        """Return the theme's colour of links, which some programs use and others ignore."""
        _, master = self.layout_and_master(slide)
        scheme = self.tree(self.related(master, "theme")).find(f"{A}themeElements/{A}clrScheme/{A}hlink")
        return str(scheme[0].get("val")).upper()

    def face(self, slide: str, named: str) -> str:
        """Return the name of a typeface, resolved in the theme if it is a reference such as "+mn-lt"."""
        part = {"+mn-lt": "minorFont", "+mj-lt": "majorFont"}.get(named)
        if not part:
            return named
        _, master = self.layout_and_master(slide)
        fonts = self.tree(self.related(master, "theme")).find(f"{A}themeElements/{A}fontScheme")
        return str(fonts.find(f"{A}{part}/{A}latin").get("typeface"))

    # ------------------------------------------------------------ styles

    def styled_texts(self, slide: str) -> Iterator[StyledText]:
        """Yield each run and field of a slide in reading order with its style."""
        for shape in (each for outer in self.shapes(slide) for each in leaf_shapes(outer)):
            match kind_of(shape):
                case "chart":
                    yield from self.chart_texts(slide, shape)
                case "table":
                    yield from self.texts(slide, shape, "table", [self.default_text_style(slide)])
                case "":
                    yield from self.texts(slide, shape, "label", [self.default_text_style(slide)])
                case kind:
                    yield from self.texts(slide, shape, kind, self.inherited(slide, shape))

    def default_text_style(self, slide: str) -> Any:
        """Return the list style of text outside placeholders."""
        return self.tree(self.layout_and_master(slide)[1]).find(f"{P}txStyles/{P}otherStyle")

    def texts(self, slide: str, shape: Any, kind: str, lists: Sequence[Any]) -> Iterator[StyledText]:
        """Yield the runs of a shape; `lists` are its inherited list styles, nearest first."""
        for paragraph in shape.iter(f"{A}p"):
            properties = paragraph.find(f"{A}pPr")
            level = int(properties.get("lvl", 0)) if properties is not None else 0
            levels = [found for each in lists if (found := each.find(f"{A}lvl{level + 1}pPr/{A}defRPr")) is not None]
            for run in paragraph.iter(f"{A}r", f"{A}fld"):
                own = run.find(f"{A}rPr")
                is_link = own is not None and own.find(f"{A}hlinkClick") is not None
                sources = [own, *levels] if own is not None else levels
                yield StyledText(
                    run.findtext(f"{A}t") or "", self.style(slide, sources), kind, level, shape, run, is_link
                )

    def chart_texts(self, slide: str, shape: Any) -> Iterator[StyledText]:
        """Yield the texts of a chart: its title, and one "0" for each style that its labels share."""
        chart = self.tree(self.chart_of(slide, shape))
        plain = [chart.find(f"{C}txPr/{A}p/{A}pPr/{A}defRPr")]
        for run in chart.iter(f"{A}r"):
            start = run.getparent().find(f"{A}pPr/{A}defRPr")
            sources = [each for each in (run.find(f"{A}rPr"), start, *plain) if each is not None]
            yield StyledText(run.findtext(f"{A}t"), self.style(slide, sources), "chart", 0, shape, run, is_link=False)
        for found in chart.iter(f"{C}txPr"):
            sources = [found.find(f"{A}p/{A}pPr/{A}defRPr"), *plain]
            yield StyledText("0", self.style(slide, sources), "chart", 0, shape, found, is_link=False)

    def chart_of(self, slide: str, shape: Any) -> str:
        """Return the part of a chart."""
        return self.relations(slide)[next(shape.iter(f"{C}chart")).get(f"{R}id")][1]

    def inherited(self, slide: str, shape: Any) -> list[Any]:
        """Return the list styles that a placeholder inherits, nearest first."""
        layout, master = self.layout_and_master(slide)
        lists = [shape.find(f"{P}txBody/{A}lstStyle")]
        for name in (layout, master):
            other = self.inherited_placeholder(name, shape)
            if other is not None:
                lists.append(other.find(f"{P}txBody/{A}lstStyle"))
        styles = self.tree(master).find(f"{P}txStyles")
        tag = {"title": "titleStyle", "ctrTitle": "titleStyle", "body": "bodyStyle"}.get(kind_of(shape), "otherStyle")
        return [each for each in (*lists, styles.find(f"{P}{tag}")) if each is not None]

    def inherited_placeholder(self, name: str, shape: Any) -> Any:
        """Return the placeholder of a layout (by index) or master (by type) that `shape` inherits from, or None."""
        own = placeholder_of(shape)
        for each in self.shapes(name):
            found = placeholder_of(each)
            if found is None:
                continue
            same_kind = (found.get("type", "body") in TITLES) == (own.get("type", "body") in TITLES)
            by_index = "slideLayouts" in name and own.get("idx", "0") == found.get("idx", "0")
            by_kind = "slideMasters" in name and own.get("type", "body") == found.get("type", "body")
            if same_kind and (by_index or by_kind):
                return each
        return None

    def style(self, slide: str, sources: Sequence[Any]) -> TextStyle:
        """Return the style given by the first of `sources` that sets each property."""
        size = next((each.get("sz") for each in sources if each.get("sz")), "1800")
        bold = next((each.get("b") for each in sources if each.get("b")), "0")
        fills = (each.find(f"{A}solidFill") for each in sources)
        fill = next((each for each in fills if each is not None), None)
        colour, named = self.colour(slide, fill) if fill is not None else ("000000", "")
        latins = (each.find(f"{A}latin") for each in sources)
        latin = next((each.get("typeface") for each in latins if each is not None), "+mn-lt")
        return TextStyle(int(size) / 100, bold in {"1", "true"}, colour, self.face(slide, latin), named, latin)

    # ------------------------------------------------------------ positions

    def area(self, slide: str, shape: Any) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of a shape in points; placeholders may inherit them."""
        found = transform_of(shape)
        for name in self.layout_and_master(slide) if found is None and placeholder_of(shape) is not None else ():
            inherited_placeholder = self.inherited_placeholder(name, shape)
            found = (
                transform_of(inherited_placeholder) if found is None and inherited_placeholder is not None else found
            )
        assert found is not None, etree.tostring(shape)[:300]
        off, ext = found.find(f"{A}off"), found.find(f"{A}ext")
        x, y, width, height = (int(each) / EMU for each in (off.get("x"), off.get("y"), ext.get("cx"), ext.get("cy")))
        return x, y, x + width, y + height


def transform_of(shape: Any) -> Any:
    """Return the transform of a shape, or None if it has none of its own."""
    for path in (f"{P}spPr/{A}xfrm", f"{P}grpSpPr/{A}xfrm", f"{P}xfrm"):
        found = shape.find(path)
        if found is not None:
            return found
    return None


def leaf_shapes(shape: Any) -> Iterator[Any]:
    """Yield `shape`, or the shapes in it if it is a group."""
    if shape.tag == f"{P}grpSp":
        for each in shape:
            yield from leaf_shapes(each) if each.tag in SHAPES else ()
    else:
        yield shape


def placeholder_of(shape: Any) -> Any:
    """Return the placeholder element of a shape, or None."""
    return shape.find(f"{shape[0].tag}/{P}nvPr/{P}ph") if len(shape) else None


def kind_of(shape: Any) -> str:
    """Return the type of a placeholder, "table" or "chart" for these, and "" for other shapes."""
    if shape.tag == f"{P}graphicFrame":
        return "chart" if next(shape.iter(f"{C}chart"), None) is not None else "table"
    found = placeholder_of(shape)
    return "" if found is None else str(found.get("type", "body"))


def text_of(shape: Any) -> str:
    """Return the concatenated text of a shape, group or table."""
    return "".join(each.text or "" for each in shape.iter(f"{A}t"))
