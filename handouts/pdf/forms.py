"""Form fields in PDF syntax: text, ticks and choices, each with its own appearance and an embedded font.

Takes planned fields; writes widget annotations with tooltips (ISO 32000-1, 12.7; ISO 14289-1, 7.18.4). No field
runs a script, and nothing that is typed leaves the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from handouts.figures.shapes import Circle, Rectangle, Shape
from handouts.figures.signs import sign_drawing
from handouts.layout.page_model import FieldItem, PagePlan
from handouts.pdf.embedded_fonts import write_form_font
from handouts.pdf.graphics import shape_operators
from handouts.pdf.objects import PdfFile, pdf_number, pdf_numbers, stream_object, text_string
from handouts.pdf.tags import Annotation

FORM_FONT = "Typed"
PRINT_FLAG = 4
MULTILINE_FLAG, RADIO_FLAG, NO_SCROLL_FLAG = 1 << 12, 1 << 15, 1 << 23  # ISO 32000-1, tables 226 and 228
TICK_EDGE, TICK_RADIUS, TICK_SHARE = 1.4, 3.0, 0.9
RING_EDGE, CHOSEN_EDGE, DOT_SHARE = 1.4, 3.2, 0.5


class WrittenForm(Struct, frozen=True):
    """The fields that were written, and the form as a dictionary, "" if there is none."""

    annotations: tuple[Annotation, ...]
    syntax: str


class PlacedField(Struct, frozen=True):
    """A field on its page: the page from 0 and its height, and the key of the field in the parent tree."""

    field: FieldItem
    page: int
    page_height: float
    key: int


class FormWriter(Struct):
    """The file, the colours, the font of what is typed, and by name the groups of choices and fields of several pages.

    `counts` says how often each name is there.
    """

    file: PdfFile
    colours: Mapping[str, str]
    font: str
    groups: dict[str, list[str]]
    fields: list[str]
    counts: Mapping[str, int]


def write_form(plan: PagePlan, file: PdfFile, first_key: int, colours: Mapping[str, str]) -> WrittenForm:
    """Write all fields of `plan` in reading order; their parent keys begin with `first_key`."""
    placed = tuple(placed_fields(plan, first_key))
    if not placed:
        return WrittenForm((), "")
    writer = FormWriter(file, colours, write_form_font(file), {}, [], Counter(each.field.name for each in placed))
    annotations = tuple(Annotation(write_field(each, writer), each.page, each.field.element) for each in placed)
    syntax = (
        f"<</Fields[{' '.join(writer.fields)}]/DR<</Font<</{FORM_FONT} {writer.font}>>>>/DA({default_appearance(12)})>>"
    )
    return WrittenForm(annotations, syntax)


def placed_fields(plan: PagePlan, first_key: int) -> Iterator[PlacedField]:
    """Yield the fields of all pages."""
    key = first_key
    for index, page in enumerate(plan.pages):
        for item in page.items:
            if isinstance(item, FieldItem):
                yield PlacedField(item, index, page.height, key)
                key += 1


def write_field(placed: PlacedField, writer: FormWriter) -> str:
    """Write one field and return the reference to its annotation."""
    field = placed.field
    match field.kind:
        case "line" | "lines":
            return write_text_field(placed, writer)
        case "tick":
            entries = f"/FT/Btn/T{text_string(field.name)}/V/Off"
            reference = writer.file.add(f"<<{button_entries(placed, writer, tick_appearances(field))}{entries}>>")
            writer.fields.append(reference)
            return reference
        case "choice" | "mark":
            return write_choice(placed, writer)


def write_text_field(placed: PlacedField, writer: FormWriter) -> str:
    """Write a field for words and return the reference to it; typing ends where its room does."""
    field = placed.field
    empty = appearance_object(field, "/Tx BMC EMC", f"/Font<</{FORM_FONT} {writer.font}>>")
    flags = NO_SCROLL_FLAG | (MULTILINE_FLAG if field.kind == "lines" else 0)
    shown = f"/DA({default_appearance(field.size)})/AP<</N {writer.file.add(empty)}>>"
    entries = f"/FT/Tx/Ff {flags}/T{text_string(field.name)}"
    if writer.counts[field.name] > 1:
        return write_group_widget(
            field, f"{entries}/TU{text_string(field.element.tooltip)}", f"{widget_entries(placed)}{shown}", writer
        )
    reference = writer.file.add(f"<<{widget_entries(placed)}{entries}{shown}>>")
    writer.fields.append(reference)
    return reference


def write_group_widget(field: FieldItem, entries: str, kid: str, writer: FormWriter) -> str:
    """Write one annotation of a field that has several, and return the reference to it.

    The field, of which `entries` speak, is written with the first; what one of them says is said by all.
    """
    if field.name not in writer.groups:
        writer.fields.append(writer.file.reserve())
        writer.groups[field.name] = [writer.fields[-1]]
    group, *kids = writer.groups[field.name]
    reference = writer.file.add(f"<<{kid}/Parent {group}>>")
    writer.groups[field.name].append(reference)
    writer.file.fill(group, f"<<{entries}/Kids[{' '.join((*kids, reference))}]>>")
    return reference


def write_choice(placed: PlacedField, writer: FormWriter) -> str:
    """Write one choice of a group and return the reference to it."""
    field = placed.field
    entries = f"/FT/Btn/Ff {RADIO_FLAG}/T{text_string(field.name)}/TU{text_string(field.title)}/V/Off"
    return write_group_widget(field, entries, button_entries(placed, writer, choice_appearances(field)), writer)


def button_entries(placed: PlacedField, writer: FormWriter, shapes: tuple[tuple[Shape, ...], tuple[Shape, ...]]) -> str:
    """Return what a field says that is on or off, with its two appearances."""
    field = placed.field
    on, off = (
        writer.file.add(
            appearance_object(
                field, "\n".join(shape_operators(each, 0, 0, field.height, writer.colours) for each in state)
            )
        )
        for state in shapes
    )
    return f"{widget_entries(placed)}/AS/Off/AP<</N<</{field.value} {on}/Off {off}>>>>"


def widget_entries(placed: PlacedField) -> str:
    """Return what all fields say: where they are, what they are for, that they are printed."""
    field, high = placed.field, placed.page_height
    corners = pdf_numbers(field.x, high - field.y - field.height, field.x + field.width, high - field.y)
    tooltip = text_string(field.element.tooltip)
    return f"/Type/Annot/Subtype/Widget/Rect[{corners}]/F {PRINT_FLAG}/StructParent {placed.key}/TU{tooltip}"


def appearance_object(field: FieldItem, content: str, resources: str = "") -> bytes:
    """Return an appearance as large as the field (ISO 32000-1, 12.5.5)."""
    box = pdf_numbers(0, 0, field.width, field.height)
    return stream_object(content.encode("latin-1"), f"/Type/XObject/Subtype/Form/BBox[{box}]/Resources<<{resources}>>")


def default_appearance(size: float) -> str:
    """Return how typed words are set."""
    return f"/{FORM_FONT} {pdf_number(size)} Tf 0 g"


def tick_appearances(field: FieldItem) -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    """Return a box with a tick, and without."""
    side = field.width
    inner = side - TICK_EDGE
    box = Rectangle(TICK_EDGE / 2, TICK_EDGE / 2, inner, inner, TICK_RADIUS, "white", "ink", TICK_EDGE)
    tick = sign_drawing("tick", side * TICK_SHARE, "ink")
    return (box, *tick.shapes), (box,)


def choice_appearances(field: FieldItem) -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    """Return what shows that one of a group is chosen, and that it is not."""
    return mark_appearances(field) if field.kind == "mark" else ring_appearances(field)


def mark_appearances(field: FieldItem) -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    """Return a ring with a dot, and without; the words beside it stand on the page."""
    middle = field.width / 2
    ring = Circle(middle, middle, middle - RING_EDGE / 2, fill="white", stroke="ink", width=RING_EDGE)
    return (ring, Circle(middle, middle, DOT_SHARE * middle, fill="ink")), (ring,)


def ring_appearances(field: FieldItem) -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    """Return a strong ring, and a thin one; the number inside stands on the page."""
    middle = field.width / 2
    chosen = Circle(middle, middle, middle - CHOSEN_EDGE / 2, stroke="ink", width=CHOSEN_EDGE)
    return (chosen,), (Circle(middle, middle, middle - RING_EDGE, stroke="ink", width=RING_EDGE),)
