"""Fields of a form in PDF syntax: text, ticks and choices, each with an appearance of its own and an embedded font.

A planned field in, a widget annotation with its tooltip out (ISO 32000-1, 12.7; ISO 14289-1, 7.18.4). No field runs
a script, and nothing that is typed leaves the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from handouts.figures.shapes import Box, Circle, Shape
from handouts.figures.signs import sign_drawing
from handouts.pdf.marks import Annotation
from handouts.pdf.objects import File, number, numbers, stream, text_string
from handouts.pdf.page import FieldItem, Plan
from handouts.pdf.pen import draw_shape
from handouts.pdf.typed import write_typed_font

FONT = "Typed"
PRINTED = 4
SEVERAL_LINES, RADIO, NO_SCROLLING = 1 << 12, 1 << 15, 1 << 23  # ISO 32000-1, tables 226 and 228
TICK_EDGE, TICK_RADIUS, TICK_SHARE = 1.4, 3.0, 0.9
RING_EDGE, CHOSEN_EDGE, DOT = 1.4, 3.2, 0.5


class Form(Struct, frozen=True):
    """The fields that were written, and the form as a dictionary, "" if there is none."""

    annotations: tuple[Annotation, ...]
    syntax: str


class Placed(Struct, frozen=True):
    """A field on its page: the page from 0 and its height, and the key of the field in the parent tree."""

    field: FieldItem
    page: int
    page_height: float
    key: int


class Writer(Struct):
    """The file, the colours, the font of what is typed, and by name the groups of choices and fields of several pages.

    `counts` says how often each name is there.
    """

    file: File
    colours: Mapping[str, str]
    font: str
    groups: dict[str, list[str]]
    fields: list[str]
    counts: Mapping[str, int]


def write_form(plan: Plan, file: File, first_key: int, colours: Mapping[str, str]) -> Form:
    """Write all fields of `plan` in reading order; their parent keys begin with `first_key`."""
    placed = tuple(fields_of(plan, first_key))
    if not placed:
        return Form((), "")
    writer = Writer(file, colours, write_typed_font(file), {}, [], Counter(each.field.name for each in placed))
    annotations = tuple(Annotation(write_field(each, writer), each.page, each.field.element) for each in placed)
    syntax = f"<</Fields[{' '.join(writer.fields)}]/DR<</Font<</{FONT} {writer.font}>>>>/DA({appearance(12)})>>"
    return Form(annotations, syntax)


def fields_of(plan: Plan, first_key: int) -> Iterator[Placed]:
    """Yield the fields of all pages."""
    key = first_key
    for index, page in enumerate(plan.pages):
        for item in page.items:
            if isinstance(item, FieldItem):
                yield Placed(item, index, page.height, key)
                key += 1


def write_field(placed: Placed, writer: Writer) -> str:
    """Write one field and return the reference to its annotation."""
    field = placed.field
    match field.kind:
        case "line" | "lines":
            return words_field(placed, writer)
        case "tick":
            entries = f"/FT/Btn/T{text_string(field.name)}/V/Off"
            reference = writer.file.add(f"<<{button(placed, writer, tick_shapes(field))}{entries}>>")
            writer.fields.append(reference)
            return reference
        case "choice" | "mark":
            return write_choice(placed, writer)


def words_field(placed: Placed, writer: Writer) -> str:
    """Write a field for words and return the reference to it; typing ends where its room does."""
    field = placed.field
    empty = form_object(field, "/Tx BMC EMC", f"/Font<</{FONT} {writer.font}>>")
    flags = NO_SCROLLING | (SEVERAL_LINES if field.kind == "lines" else 0)
    shown = f"/DA({appearance(field.size)})/AP<</N {writer.file.add(empty)}>>"
    entries = f"/FT/Tx/Ff {flags}/T{text_string(field.name)}"
    if writer.counts[field.name] > 1:
        return write_kid(field, f"{entries}/TU{text_string(field.element.tooltip)}", f"{widget(placed)}{shown}", writer)
    reference = writer.file.add(f"<<{widget(placed)}{entries}{shown}>>")
    writer.fields.append(reference)
    return reference


def write_kid(field: FieldItem, entries: str, kid: str, writer: Writer) -> str:
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


def write_choice(placed: Placed, writer: Writer) -> str:
    """Write one choice of a group and return the reference to it."""
    field = placed.field
    entries = f"/FT/Btn/Ff {RADIO}/T{text_string(field.name)}/TU{text_string(field.title)}/V/Off"
    return write_kid(field, entries, button(placed, writer, group_shapes(field)), writer)


def button(placed: Placed, writer: Writer, shapes: tuple[tuple[Shape, ...], tuple[Shape, ...]]) -> str:
    """Return what a field says that is on or off, with its two appearances."""
    field = placed.field
    on, off = (
        writer.file.add(
            form_object(field, "\n".join(draw_shape(each, 0, 0, field.height, writer.colours) for each in state))
        )
        for state in shapes
    )
    return f"{widget(placed)}/AS/Off/AP<</N<</{field.value} {on}/Off {off}>>>>"


def widget(placed: Placed) -> str:
    """Return what all fields say: where they are, what they are for, that they are printed."""
    field, high = placed.field, placed.page_height
    corners = numbers(field.x, high - field.y - field.height, field.x + field.width, high - field.y)
    tooltip = text_string(field.element.tooltip)
    return f"/Type/Annot/Subtype/Widget/Rect[{corners}]/F {PRINTED}/StructParent {placed.key}/TU{tooltip}"


def form_object(field: FieldItem, content: str, resources: str = "") -> bytes:
    """Return an appearance as large as the field (ISO 32000-1, 12.5.5)."""
    box = numbers(0, 0, field.width, field.height)
    return stream(content.encode("latin-1"), f"/Type/XObject/Subtype/Form/BBox[{box}]/Resources<<{resources}>>")


def appearance(size: float) -> str:
    """Return how typed words are set."""
    return f"/{FONT} {number(size)} Tf 0 g"


def tick_shapes(field: FieldItem) -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    """Return a box with a tick, and without."""
    side = field.width
    inner = side - TICK_EDGE
    box = Box(TICK_EDGE / 2, TICK_EDGE / 2, inner, inner, TICK_RADIUS, "white", "ink", TICK_EDGE)
    tick = sign_drawing("tick", side * TICK_SHARE, "ink")
    return (box, *tick.shapes), (box,)


def group_shapes(field: FieldItem) -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    """Return what shows that one of a group is chosen, and that it is not."""
    return mark_shapes(field) if field.kind == "mark" else choice_shapes(field)


def mark_shapes(field: FieldItem) -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    """Return a ring with a dot, and without; the words beside it stand on the page."""
    middle = field.width / 2
    ring = Circle(middle, middle, middle - RING_EDGE / 2, fill="white", stroke="ink", width=RING_EDGE)
    return (ring, Circle(middle, middle, DOT * middle, fill="ink")), (ring,)


def choice_shapes(field: FieldItem) -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    """Return a strong ring, and a thin one; the number inside stands on the page."""
    middle = field.width / 2
    chosen = Circle(middle, middle, middle - CHOSEN_EDGE / 2, stroke="ink", width=CHOSEN_EDGE)
    return (chosen,), (Circle(middle, middle, middle - RING_EDGE, stroke="ink", width=RING_EDGE),)
