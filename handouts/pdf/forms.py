"""Form fields in PDF syntax: text, ticks and choices, each with its own appearance and an embedded font.

Takes planned fields; writes widget annotations with tooltips (ISO 32000-1, 12.7; ISO 14289-1, 7.18.4). No field runs a
script or sends what is typed. reportlab's `acroForm` writes fields that conform to neither standard (see objects.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import TypeAlias

from msgspec import Struct
from reportlab.pdfgen.canvas import Canvas

from handouts.figures.shapes import Circle, Rectangle, Shape
from handouts.figures.signs import sign_drawing
from handouts.layout.page_model import FieldItem, Page, PagePlan
from handouts.pdf.embedded_fonts import write_form_font
from handouts.pdf.graphics import Pen, draw_shape
from handouts.pdf.objects import PdfFile, operators_drawn, pdf_number, pdf_numbers, text_string
from handouts.pdf.tags import Annotation

_FORM_FONT = "Typed"
_PRINT_FLAG = 4
MULTILINE_FLAG, RADIO_FLAG, NO_SCROLL_FLAG = 1 << 12, 1 << 15, 1 << 23  # ISO 32000-1, tables 226 and 228
_TICK_EDGE = 1.4
_TICK_RADIUS = 3.0
_TICK_SHARE = 0.9  # of the side of its box
_RING_EDGE = 1.4
_CHOSEN_EDGE = 3.2
_DOT_SHARE = 0.5  # of the radius of its ring

_OnOff: TypeAlias = tuple[tuple[Shape, ...], tuple[Shape, ...]]  # the shapes of a field that is on, and off


class FormWriter:
    """The form of a file in the making; fields are added page by page, in reading order.

    Fields of the same name are one field with several widgets, such as the choices of a group.
    """

    def __init__(self, plan: PagePlan, file: PdfFile, colours: Mapping[str, str]) -> None:
        fields = [item for page in plan.pages for item in page.items if isinstance(item, FieldItem)]
        self.file, self._colours = file, colours
        self.font = write_form_font(file) if fields else ""
        self.counts = Counter(field.name for field in fields)
        self.fields: list[str] = []
        self.groups: dict[str, list[str]] = {}
        self._appearances: dict[Hashable, str] = {}

    def add_page(self, page: Page, number: int, first_key: int) -> list[Annotation]:
        """Write the fields of a page, whose keys in the parent tree begin with `first_key`."""
        items = [item for item in page.items if isinstance(item, FieldItem)]
        return [
            Annotation(_write_field(_PlacedField(item, page.height, key), self), number, item.element)
            for key, item in enumerate(items, first_key)
        ]

    def finish(self) -> str:
        """Write the form and return the reference to it, "" if no page has a field."""
        if not self.fields:
            return ""
        fonts = f"/DR<</Font<</{_FORM_FONT} {self.font}>>>>/DA({_default_appearance(12)})"
        return self.file.add(f"<</Fields[{' '.join(self.fields)}]{fonts}>>")

    def appearance(self, field: FieldItem, shapes: tuple[Shape, ...]) -> str:
        """Return the reference to an appearance as large as the field (ISO 32000-1, 12.5.5); equal ones are one."""
        key = (field.width, field.height, shapes)
        if key not in self._appearances:
            size, colours = (field.width, field.height), self._colours

            def draw(canvas: Canvas) -> None:
                for shape in shapes:
                    draw_shape(shape, 0.0, 0.0, field.height, Pen(canvas, colours))

            self._appearances[key] = self.file.add_form(size, operators_drawn(draw), resources="")
        return self._appearances[key]


class _PlacedField(Struct, frozen=True):
    """A field, the height of its page, and its key in the parent tree."""

    field: FieldItem
    page_height: float
    key: int


def _write_field(placed: _PlacedField, writer: FormWriter) -> str:
    """Write one field and return the reference to its annotation."""
    field = placed.field
    match field.kind:
        case "line" | "lines":
            return _write_text_field(placed, writer)
        case "tick":
            entries = f"/FT/Btn/T{text_string(field.name)}/V/Off"
            reference = writer.file.add(f"<<{_button_entries(placed, writer, _tick_appearances(field))}{entries}>>")
            writer.fields.append(reference)
            return reference
        case "choice" | "mark":
            return _write_choice(placed, writer)


def _write_text_field(placed: _PlacedField, writer: FormWriter) -> str:
    """Write a field for words and return the reference to it; typing ends where its room does."""
    field = placed.field
    size, resources = (field.width, field.height), f"/Font<</{_FORM_FONT} {writer.font}>>"
    empty = writer.file.add_form(size, "/Tx BMC EMC", resources)
    flags = NO_SCROLL_FLAG | (MULTILINE_FLAG if field.kind == "lines" else 0)
    shown = f"/DA({_default_appearance(field.size)})/AP<</N {empty}>>"
    entries = f"/FT/Tx/Ff {flags}/T{text_string(field.name)}"
    if writer.counts[field.name] > 1:
        return _write_group_widget(
            field, f"{entries}/TU{text_string(field.element.tooltip)}", f"{_widget_entries(placed)}{shown}", writer
        )
    reference = writer.file.add(f"<<{_widget_entries(placed)}{entries}{shown}>>")
    writer.fields.append(reference)
    return reference


def _write_group_widget(field: FieldItem, entries: str, widget: str, writer: FormWriter) -> str:
    """Write one annotation of a field that has several, and return the reference to it.

    The field itself has the `entries` and is written with its first annotation; all of them show the same value.
    """
    if field.name not in writer.groups:
        writer.fields.append(writer.file.reserve())
        writer.groups[field.name] = [writer.fields[-1]]
    group, *kids = writer.groups[field.name]
    reference = writer.file.add(f"<<{widget}/Parent {group}>>")
    writer.groups[field.name].append(reference)
    writer.file.fill(group, f"<<{entries}/Kids[{' '.join((*kids, reference))}]>>")
    return reference


def _write_choice(placed: _PlacedField, writer: FormWriter) -> str:
    """Write one choice of a group and return the reference to it."""
    field = placed.field
    entries = f"/FT/Btn/Ff {RADIO_FLAG}/T{text_string(field.name)}/TU{text_string(field.title)}/V/Off"
    return _write_group_widget(
        field,
        entries,
        _button_entries(placed, writer, (_mark_appearances if field.kind == "mark" else _ring_appearances)(field)),
        writer,
    )


def _button_entries(placed: _PlacedField, writer: FormWriter, shapes: _OnOff) -> str:
    """Return the entries of a field that is on or off, with its two appearances."""
    field = placed.field
    on, off = (writer.appearance(field, state) for state in shapes)
    return f"{_widget_entries(placed)}/AS/Off/AP<</N<</{field.value} {on}/Off {off}>>>>"


def _widget_entries(placed: _PlacedField) -> str:
    """Return the entries that all fields have: where they are, what they are for, that they are printed."""
    field, high = placed.field, placed.page_height
    corners = pdf_numbers(field.x, high - field.y - field.height, field.x + field.width, high - field.y)
    tooltip = text_string(field.element.tooltip)
    return f"/Type/Annot/Subtype/Widget/Rect[{corners}]/F {_PRINT_FLAG}/StructParent {placed.key}/TU{tooltip}"


def _default_appearance(size: float) -> str:
    """Return how typed words are set."""
    return f"/{_FORM_FONT} {pdf_number(size)} Tf 0 g"


def _tick_appearances(field: FieldItem) -> _OnOff:
    """Return a box with a tick, and without."""
    side = field.width
    inner = side - _TICK_EDGE
    box = Rectangle(_TICK_EDGE / 2, _TICK_EDGE / 2, inner, inner, _TICK_RADIUS, "white", "ink", _TICK_EDGE)
    tick = sign_drawing("tick", side * _TICK_SHARE, "ink")
    return (box, *tick.shapes), (box,)


def _mark_appearances(field: FieldItem) -> _OnOff:
    """Return a ring with a dot, and without; the words beside it stand on the page."""
    middle = field.width / 2
    ring = Circle(middle, middle, middle - _RING_EDGE / 2, fill="white", stroke="ink", width=_RING_EDGE)
    return (ring, Circle(middle, middle, _DOT_SHARE * middle, fill="ink")), (ring,)


def _ring_appearances(field: FieldItem) -> _OnOff:
    """Return a strong ring, and a thin one; the number inside stands on the page."""
    middle = field.width / 2
    chosen = Circle(middle, middle, middle - _CHOSEN_EDGE / 2, stroke="ink", width=_CHOSEN_EDGE)
    return (chosen,), (Circle(middle, middle, middle - _RING_EDGE, stroke="ink", width=_RING_EDGE),)
