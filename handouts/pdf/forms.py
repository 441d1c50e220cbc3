"""Form fields in PDF syntax: text, ticks and choices, each with its own appearance and an embedded font.

Takes planned fields; writes widget annotations with tooltips (ISO 32000-1, 12.7; ISO 14289-1, 7.18.4). No field runs a
script or sends what is typed. reportlab's `acroForm` writes fields that conform to neither standard (see objects.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import TypeAlias

from reportlab.pdfgen.canvas import Canvas

from handouts.figures.shapes import Circle, Rectangle, Shape
from handouts.figures.signs import sign_drawing
from handouts.layout.page_model import FieldItem, Page, PagePlan
from handouts.pdf.embedded_fonts import write_form_font
from handouts.pdf.graphics import Pen, draw_shape
from handouts.pdf.objects import PRINT_FLAG, PdfFile, operators_drawn, pdf_number, pdf_numbers, text_string
from handouts.pdf.tags import Annotation

_FORM_FONT = "Typed"
MULTILINE_FLAG, RADIO_FLAG, NO_SCROLL_FLAG = 1 << 12, 1 << 15, 1 << 23  # ISO 32000-1, tables 226 and 228
_TICK_EDGE = 1.4
_TICK_RADIUS = 3.0
_TICK_SHARE = 0.9  # of the side of its box
_RING_EDGE = 1.4
_CHOSEN_EDGE = 3.2
_DOT_SHARE = 0.5  # of the radius of its ring

_OnOff: TypeAlias = tuple[tuple[Shape, ...], tuple[Shape, ...]]  # the shapes of a field that is on, and off


class FormWriter:
    """Writes the form of one file: add the fields page by page, in reading order, then call `finish`.

    Fields of the same name become one field with several widgets, such as the choices of a group.
    """

    def __init__(self, plan: PagePlan, file: PdfFile, colours: Mapping[str, str]) -> None:
        fields = [item for page in plan.pages for item in page.items if isinstance(item, FieldItem)]
        self._file, self._colours = file, colours
        self._font = write_form_font(file) if fields else ""
        self._counts = Counter(field.name for field in fields)
        self._fields: list[str] = []
        self._groups: dict[str, list[str]] = {}
        self._appearances: dict[Hashable, str] = {}

    def add_page(self, page: Page, number: int, first_key: int) -> list[Annotation]:
        """Write the fields of page `number`, with keys in the parent tree from `first_key`."""
        items = [item for item in page.items if isinstance(item, FieldItem)]
        return [
            Annotation(self._write_field(item, _widget_entries(item, page.height, key)), number, item.element)
            for key, item in enumerate(items, first_key)
        ]

    def finish(self) -> str:
        """Write the form and return the reference to it, "" if no page has a field."""
        if not self._fields:
            return ""
        fonts = f"/DR<</Font<</{_FORM_FONT} {self._font}>>>>/DA({_default_appearance(12)})"
        return self._file.add(f"<</Fields[{' '.join(self._fields)}]{fonts}>>")

    def _write_field(self, field: FieldItem, widget: str) -> str:
        """Write one field and return the reference to its annotation, which has the entries `widget`."""
        match field.kind:
            case "line" | "lines":
                return self._write_text_field(field, widget)
            case "tick":
                states = self._state_entries(field, _tick_appearances(field))
                return self._add_field(f"{widget}{states}/FT/Btn/T{text_string(field.name)}/V/Off")
            case "choice" | "mark":
                shapes = (_mark_appearances if field.kind == "mark" else _ring_appearances)(field)
                names = f"/T{text_string(field.name)}/TU{text_string(field.title)}"
                entries = f"/FT/Btn/Ff {RADIO_FLAG}{names}/V/Off"
                return self._add_group_widget(field, entries, f"{widget}{self._state_entries(field, shapes)}")

    def _write_text_field(self, field: FieldItem, widget: str) -> str:
        """Write a text field, which takes no more text than it has room for; return the reference to its annotation."""
        empty = self._file.add_form((field.width, field.height), "/Tx BMC EMC", f"/Font<</{_FORM_FONT} {self._font}>>")
        flags = NO_SCROLL_FLAG | (MULTILINE_FLAG if field.kind == "lines" else 0)
        shown = f"/DA({_default_appearance(field.size)})/AP<</N {empty}>>"
        entries = f"/FT/Tx/Ff {flags}/T{text_string(field.name)}"
        if self._counts[field.name] == 1:
            return self._add_field(f"{widget}{entries}{shown}")
        return self._add_group_widget(field, f"{entries}/TU{text_string(field.element.tooltip)}", f"{widget}{shown}")

    def _add_field(self, entries: str) -> str:
        """Write a field that is its own annotation and return the reference to it."""
        self._fields.append(self._file.add(f"<<{entries}>>"))
        return self._fields[-1]

    def _add_group_widget(self, field: FieldItem, entries: str, widget: str) -> str:
        """Write one annotation of a field that has several, and return the reference to it.

        The field itself has the `entries` and is written with its first annotation; all of them show the same value.
        """
        if field.name not in self._groups:
            self._fields.append(self._file.reserve())
            self._groups[field.name] = [self._fields[-1]]
        group, *kids = self._groups[field.name]
        reference = self._file.add(f"<<{widget}/Parent {group}>>")
        self._groups[field.name].append(reference)
        self._file.fill(group, f"<<{entries}/Kids[{' '.join((*kids, reference))}]>>")
        return reference

    def _state_entries(self, field: FieldItem, shapes: _OnOff) -> str:
        """Return the entries of a field that is on or off, with an appearance for each state."""
        on, off = (self._appearance(field, state) for state in shapes)
        return f"/AS/Off/AP<</N<</{field.value} {on}/Off {off}>>>>"

    def _appearance(self, field: FieldItem, shapes: tuple[Shape, ...]) -> str:
        """Return the reference to an appearance as large as the field (ISO 32000-1, 12.5.5); equal ones are one."""
        key = (field.width, field.height, shapes)
        if key not in self._appearances:
            colours = self._colours

            def draw(canvas: Canvas) -> None:
                for shape in shapes:
                    draw_shape(shape, 0.0, 0.0, field.height, Pen(canvas, colours))

            size = (field.width, field.height)
            self._appearances[key] = self._file.add_form(size, operators_drawn(draw), resources="")
        return self._appearances[key]


def _widget_entries(field: FieldItem, page_height: float, key: int) -> str:
    """Return the entries that the annotations of all fields have; `key` is its key in the parent tree."""
    top = page_height - field.y
    corners = pdf_numbers(field.x, top - field.height, field.x + field.width, top)
    tooltip = text_string(field.element.tooltip)
    return f"/Type/Annot/Subtype/Widget/Rect[{corners}]/F {PRINT_FLAG}/StructParent {key}/TU{tooltip}"


def _default_appearance(size: float) -> str:
    """Return the operators that set the font and colour of typed text."""
    return f"/{_FORM_FONT} {pdf_number(size)} Tf 0 g"


def _tick_appearances(field: FieldItem) -> _OnOff:
    """Return a box with a tick, and without."""
    side = field.width
    inner = side - _TICK_EDGE
    box = Rectangle(_TICK_EDGE / 2, _TICK_EDGE / 2, inner, inner, _TICK_RADIUS, "white", "ink", _TICK_EDGE)
    tick = sign_drawing("tick", side * _TICK_SHARE, "ink")
    return (box, *tick.shapes), (box,)


def _mark_appearances(field: FieldItem) -> _OnOff:
    """Return a ring with a dot, and without; the words beside it are part of the page."""
    middle = field.width / 2
    ring = Circle(middle, middle, middle - _RING_EDGE / 2, fill="white", stroke="ink", width=_RING_EDGE)
    return (ring, Circle(middle, middle, _DOT_SHARE * middle, fill="ink")), (ring,)


def _ring_appearances(field: FieldItem) -> _OnOff:
    """Return a thick ring, and a thin one; the number inside is part of the page."""
    middle = field.width / 2
    chosen = Circle(middle, middle, middle - _CHOSEN_EDGE / 2, stroke="ink", width=_CHOSEN_EDGE)
    return (chosen,), (Circle(middle, middle, middle - _RING_EDGE, stroke="ink", width=_RING_EDGE),)
