"""The layouts of a deck as data: grounds, placeholders, their places and their steps of size.

The master is written from them and the plan measures with them, so what fits here fits in the file. Inches stand in
the table at the end and nowhere else; all else is points.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.units import inch

WIDTH, HEIGHT = 960.0, 540.0
# The sizes that text may have, in the order in which they are tried: nothing on a slide is smaller than the last.
TEXT_SIZES = (30.0, 28.0, 24.0, 20.0)
TITLE_SIZES = (38.0, 36.0, 34.0, 32.0)
TABLE_SIZES = (26.0, 24.0, 20.0)
SOURCE_SIZES = (20.0, 18.0, 16.0, 14.0)
CELL_PADDING = 4.0  # above and below the text of a cell

Shape: TypeAlias = Literal["", "left-bubble", "bottom-bubble", "voice-bubble", "panel"]


class Area(Struct, frozen=True):
    """A place on a slide."""

    x: float
    y: float
    width: float
    height: float


class Slot(Struct, frozen=True):
    """A placeholder: `role` names its type style, `sizes` the sizes that it may step down to.

    `levelled` text has a look for each level (paragraph, bullet, label ...); other slots have one look.
    """

    name: str
    kind: Literal["title", "body", "pic", "tbl", "chart"]
    area: Area
    role: str
    sizes: tuple[float, ...]
    levelled: bool = False
    anchor: Literal["t", "ctr", "b"] = "t"
    colour: str = ""
    shape: Shape = ""

    @property
    def inset(self) -> float:
        """How far the text stands from the edge of the shape."""
        return inch(0.4) if self.shape else 0.0

    @property
    def text_width(self) -> float:
        """The width of a line."""
        return self.area.width - 2 * self.inset

    @property
    def text_height(self) -> float:
        """The height for all lines."""
        return self.area.height - self.inset

    def size(self, step: int) -> float:
        """Return the size at `step`, the smallest if there are not as many."""
        return self.sizes[min(step, len(self.sizes) - 1)]


class Layout(Struct, frozen=True):
    """One layout: `ground` is a role of colour, `kind` the name that the format has for it, if it has one."""

    name: str
    ground: Literal["oat", "deep", "tint"]
    slots: tuple[Slot, ...]
    kind: str = ""

    def slot(self, name: str) -> Slot:
        """Return the slot `name`. StopIteration if there is none."""
        return next(slot for slot in self.slots if slot.name == name)

    @property
    def deep(self) -> bool:
        """True if its text is white."""
        return self.ground == "deep"


def area(x: float, y: float, width: float, height: float) -> Area:
    """Return the area for a place in inches."""
    return Area(inch(x), inch(y), inch(width), inch(height))


def title(place: Area | None = None, role: str = "title", sizes: tuple[float, ...] = TITLE_SIZES) -> Slot:
    """Return the slot of a title: at the place that light slides share, if nothing else is said."""
    return Slot("title", "title", place or area(0.75, 0.50, 11.83, 1.31), role, sizes)


def deep_title(place: Area, role: str, sizes: tuple[float, ...], anchor: Literal["t", "b"] = "t") -> Slot:
    """Return the slot of a title on a deep slide."""
    return Slot("title", "title", place, role, sizes, anchor=anchor, colour="white")


def body(
    name: str, place: Area, anchor: Literal["t", "ctr", "b"] = "t", *, colour: str = "", shape: Shape = ""
) -> Slot:
    """Return a slot for text of all levels."""
    return Slot(name, "body", place, "body", TEXT_SIZES, True, anchor, colour, shape)


def plain(name: str, place: Area, role: str, sizes: tuple[float, ...], colour: str = "", shape: Shape = "") -> Slot:
    """Return a slot for text of one look."""
    anchor: Literal["t", "ctr"] = "ctr" if shape else "t"
    return Slot(name, "body", place, role, sizes, anchor=anchor, colour=colour, shape=shape)


def label(place: Area) -> Slot:
    """Return the slot of the small line above the title of a deep slide."""
    return plain("label", place, "label", (24.0, 20.0), "honey")


def table(y: float, height: float) -> Slot:
    """Return the slot of a table from margin to margin."""
    return Slot("table", "tbl", area(0.75, y, 11.83, height), "table", TABLE_SIZES)


def chart(y: float, height: float) -> Slot:
    """Return the slot of a chart from margin to margin."""
    return Slot("chart", "chart", area(0.75, y, 11.83, height), "figure", (24.0, 20.0))


def lead(height: float = 1.06) -> Slot:
    """Return the slot of a line or two between the title and a table or a figure."""
    return body("lead", area(0.75, 1.89, 11.83, height), "b")


def quote(name: str, place: Area, role: str, sizes: tuple[float, ...], shape: Shape) -> Slot:
    """Return a speech bubble."""
    return plain(name, place, role, sizes, shape=shape)


NOTE = Slot("note", "body", area(0.75, 6.01, 11.83, 0.74), "note", (24.0, 20.0))
QUOTE_SIZES, VOICE_SIZES = (38.0, 34.0, 30.0, 28.0, 24.0), (34.0, 30.0, 28.0, 24.0)


def voices(name: str, *, low: bool) -> Layout:
    """Return a layout with two bubbles beside each other and who says it below; `low` ones leave room for a note."""
    high, below, names = (2.10, 4.86, 0.92) if low else (2.72, 5.46, 1.14)
    return Layout(
        name,
        "oat",
        (
            title(),
            quote("left", area(0.75, 2.17, 5.72, high), "voice", VOICE_SIZES, "voice-bubble"),
            body("left-name", area(1.81, below, 4.60, names)),
            quote("right", area(6.86, 2.17, 5.72, high), "voice", VOICE_SIZES, "voice-bubble"),
            body("right-name", area(7.92, below, 4.60, names)),
            *((NOTE,) if low else ()),
        ),
    )


LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "title",
        "deep",
        (
            deep_title(area(0.75, 1.25, 11.1, 2.60), "title-deep", (54.0, 48.0, 44.0, 40.0)),
            label(area(0.75, 0.72, 10.5, 0.44)),
            body("body", area(0.75, 3.86, 10.5, 1.18), colour="white"),
        ),
    ),
    Layout(
        "section",
        "deep",
        (
            deep_title(area(0.75, 1.78, 10.8, 1.60), "section", (48.0, 44.0, 40.0, 36.0)),
            label(area(0.75, 1.28, 9.7, 0.44)),
            body("body", area(0.75, 3.42, 10.8, 0.60), colour="white"),
        ),
        kind="secHead",
    ),
    Layout("text", "oat", (title(), body("body", area(0.75, 2.03, 11.0, 4.60))), kind="tx"),
    Layout("claim-text", "oat", (title(), body("body", area(0.75, 1.97, 7.22, 4.66), "ctr"))),
    Layout(
        "two-columns",
        "oat",
        (title(), body("left", area(0.75, 2.20, 5.60, 4.40)), body("right", area(6.98, 2.20, 5.60, 4.40))),
        kind="twoColTx",
    ),
    Layout("callout", "oat", (title(), body("body", area(0.75, 2.03, 11.83, 4.50), "ctr", shape="panel"))),
    Layout(
        "message", "oat", (title(), plain("body", area(0.75, 1.97, 11.0, 3.05), "question", (44.0, 40.0, 36.0, 32.0)))
    ),
    *(voices(f"{name}{note}", low=bool(note)) for name in ("two-voices", "two-scripts") for note in ("", "-note")),
    Layout(
        "script",
        "oat",
        (
            title(),
            quote("quote", area(1.92, 1.92, 10.5, 2.83), "script", QUOTE_SIZES, "left-bubble"),
            body("body", area(2.06, 5.06, 10.5, 1.52)),
        ),
    ),
    Layout(
        "big-number",
        "oat",
        (
            title(),
            plain("kicker", area(0.75, 1.97, 6.7, 0.5), "text", (28.0, 24.0, 20.0)),
            plain("number", area(0.69, 2.39, 7.03, 1.67), "big-number", (112.0, 96.0, 80.0, 64.0)),
            plain("text", area(0.75, 4.21, 6.5, 1.35), "body", (30.0, 28.0, 24.0, 20.0)),
            plain("note", area(0.75, 5.70, 6.5, 1.0), "note", (24.0, 20.0)),
        ),
    ),
    Layout("figure", "oat", (title(),), kind="titleOnly"),
    Layout("figure-text", "oat", (title(area(0.75, 0.50, 11.83, 0.64)), body("lead", area(0.75, 1.14, 11.83, 0.68)))),
    Layout("figure-low", "oat", (title(), lead(0.68))),
    Layout("chart", "oat", (title(), chart(1.94, 4.81)), kind="chart"),
    Layout(
        "chart-text",
        "oat",
        (title(area(0.75, 0.50, 11.83, 0.64)), body("lead", area(0.75, 1.14, 11.83, 0.68)), chart(1.94, 4.81)),
    ),
    Layout("chart-low", "oat", (title(), lead(0.68), chart(2.60, 4.15))),
    Layout("table", "oat", (title(), table(1.89, 4.75)), kind="tbl"),
    Layout("table-high", "oat", (title(area(0.75, 0.50, 11.83, 0.64)), table(1.30, 5.45))),
    Layout("table-note", "oat", (title(), table(1.89, 4.02), NOTE)),
    Layout("table-label", "oat", (title(), lead(0.68), table(2.68, 3.98))),
    Layout("table-label-note", "oat", (title(), lead(0.68), table(2.68, 3.23), NOTE)),
    Layout("table-text", "oat", (title(), lead(), table(3.08, 3.57))),
    Layout("table-text-note", "oat", (title(), lead(), table(3.08, 2.83), NOTE)),
    Layout(
        "question",
        "tint",
        (
            Slot(
                "title",
                "title",
                area(0.75, 0.64, 11.83, 3.86),
                "question",
                (44.0, 40.0, 36.0, 32.0),
                anchor="ctr",
                shape="bottom-bubble",
            ),
            body("body", area(4.78, 5.25, 7.80, 1.25), "ctr"),
        ),
    ),
    Layout(
        "pause",
        "deep",
        (
            deep_title(area(0.75, 0.94, 11.83, 1.76), "title-deep", (54.0, 48.0, 44.0, 40.0), "b"),
            body("body", area(0.75, 2.86, 9.7, 1.20), colour="white"),
        ),
    ),
    Layout(
        "code",
        "oat",
        (
            title(),
            body("body", area(0.75, 2.03, 7.00, 4.50), "ctr"),
            Slot("picture", "pic", area(8.14, 2.06, 4.44, 4.44), "note", (24.0,)),
        ),
    ),
    Layout(
        "sources",
        "oat",
        (
            title(),
            plain("left", area(0.75, 1.92, 5.70, 4.80), "source", SOURCE_SIZES),
            plain("right", area(6.88, 1.92, 5.70, 4.80), "source", SOURCE_SIZES),
        ),
    ),
)

FIGURE_AREA = area(0.75, 1.94, 11.83, 4.81)
LOW_FIGURE_AREA = area(0.75, 2.60, 11.83, 4.15)
PEOPLE_AREA = area(7.78, 1.92, 4.81, 4.78)
SIGN_CIRCLE = area(8.14, 2.06, 4.44, 4.44)
SIGN_SIZE = inch(2.72)
LOGO = area(11.28, 0.42, 1.30, 0.76)  # in the corner of a title, clear of its label
FOOT_BETWEEN = "  ·  "
MARK = area(0.75, 6.965, 1.17, 0.20)
FOOT, DEEP_FOOT, NUMBER = area(2.11, 6.93, 8.7, 0.26), area(0.75, 6.93, 10.0, 0.26), area(10.98, 6.93, 1.60, 0.26)


def layout_named(name: str) -> Layout:
    """Return the layout `name`. StopIteration if there is none."""
    return next(layout for layout in LAYOUTS if layout.name == name)
