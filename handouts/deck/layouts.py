"""Define the slide layouts as data: backgrounds, placeholders, their places and their steps of text size.

The slide master is drawn from them and the planner measures with them, so what fits here fits in the file.
Inches stand only in the tables of areas and layouts; everything else is in points.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.units import inch

PlaceholderShape: TypeAlias = Literal["", "left-bubble", "bottom-bubble", "turned-bubble", "voice-bubble", "panel"]


class SlideArea(Struct, frozen=True):
    """A place on a slide."""

    x: float
    y: float
    width: float
    height: float


class Placeholder(Struct, frozen=True):
    """A placeholder: `role` names its type style, `sizes` the sizes that it may step down to.

    `levelled` text has a look for each level (paragraph, bullet, label ...); other slots have one look.
    """

    name: str
    kind: Literal["title", "body", "pic", "tbl", "chart"]
    area: SlideArea
    role: str
    sizes: tuple[float, ...]
    levelled: bool = False
    anchor: Literal["t", "ctr", "b"] = "t"
    colour: str = ""
    shape: PlaceholderShape = ""

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


class SlideLayout(Struct, frozen=True):
    """One layout: `ground` is a role of colour, `kind` the name that the format has for it, if it has one."""

    name: str
    ground: Literal["oat", "deep", "tint"]
    slots: tuple[Placeholder, ...]
    kind: str = ""

    def slot(self, name: str) -> Placeholder:
        """Return the slot `name`. StopIteration if there is none."""
        return next(slot for slot in self.slots if slot.name == name)

    @property
    def deep(self) -> bool:
        """True if its text is white."""
        return self.ground == "deep"


def area_in_inches(x: float, y: float, width: float, height: float) -> SlideArea:
    """Return the area for a place in inches."""
    return SlideArea(inch(x), inch(y), inch(width), inch(height))


FIGURE_AREA = area_in_inches(0.75, 1.84, 11.83, 4.74)
LOW_FIGURE_AREA = area_in_inches(0.75, 2.55, 11.83, 4.03)
PEOPLE_AREA = area_in_inches(7.90, 1.86, 4.68, 4.68)
SIGN_CIRCLE_AREA = area_in_inches(8.54, 2.25, 4.04, 4.04)
SIGN_SIZE = inch(2.48)
PANEL_AREAS = (area_in_inches(0.75, 2.05, 5.77, 3.90), area_in_inches(6.81, 2.05, 5.77, 3.90))  # behind two columns
LOGO_AREA = area_in_inches(11.28, 0.42, 1.30, 0.76)  # in the corner of a title, clear of its label
FOOT_SEPARATOR = " · "
# The crisis line has the foot; the mark stands above the title, where it is clear of both.
PAGE_MARK_AREA = area_in_inches(11.41, 0.20, 1.17, 0.20)
FOOT_AREA, NUMBER_AREA = (
    area_in_inches(0.75, 6.59, 10.19, 0.62),
    area_in_inches(11.04, 6.87, 1.54, 0.34),
)  # room for “Draft 10.10 · 000”

SLIDE_WIDTH, SLIDE_HEIGHT = 960.0, 540.0
# The sizes that text may have, in the order in which they are tried: nothing on a slide is smaller than the last.
TEXT_SIZES = (30.0, 28.0, 24.0, 20.0)
TITLE_SIZES = (38.0, 36.0, 34.0, 32.0)
TABLE_SIZES = (26.0, 24.0, 20.0)
SOURCE_SIZES = (20.0, 18.0, 16.0, 14.0)
CELL_PADDING = 4.0  # above and below the text of a cell


def title_placeholder(
    place: SlideArea | None = None, role: str = "title", sizes: tuple[float, ...] = TITLE_SIZES
) -> Placeholder:
    """Return the slot of a title: at the place that light slides share, if nothing else is said."""
    return Placeholder("title", "title", place or area_in_inches(0.75, 0.50, 11.83, 1.31), role, sizes)


def deep_title_placeholder(
    place: SlideArea, role: str, sizes: tuple[float, ...], anchor: Literal["t", "b"] = "t"
) -> Placeholder:
    """Return the slot of a title on a deep slide."""
    return Placeholder("title", "title", place, role, sizes, anchor=anchor, colour="white")


def body_placeholder(
    name: str,
    place: SlideArea,
    anchor: Literal["t", "ctr", "b"] = "t",
    *,
    colour: str = "",
    shape: PlaceholderShape = "",
) -> Placeholder:
    """Return a slot for text of all levels."""
    return Placeholder(name, "body", place, "body", TEXT_SIZES, True, anchor, colour, shape)


def plain_placeholder(
    name: str, place: SlideArea, role: str, sizes: tuple[float, ...], colour: str = "", shape: PlaceholderShape = ""
) -> Placeholder:
    """Return a slot for text of one look."""
    anchor: Literal["t", "ctr"] = "ctr" if shape else "t"
    return Placeholder(name, "body", place, role, sizes, anchor=anchor, colour=colour, shape=shape)


def label_placeholder(place: SlideArea) -> Placeholder:
    """Return the slot of the small line above the title of a deep slide."""
    return plain_placeholder("label", place, "label", (24.0, 20.0), "honey")


def table_placeholder(y: float, height: float) -> Placeholder:
    """Return the slot of a table from margin to margin."""
    return Placeholder("table", "tbl", area_in_inches(0.75, y, 11.83, height), "table", TABLE_SIZES)


def chart_placeholder(y: float, height: float) -> Placeholder:
    """Return the slot of a chart from margin to margin."""
    return Placeholder("chart", "chart", area_in_inches(0.75, y, 11.83, height), "figure", (24.0, 20.0))


def lead_placeholder(height: float = 1.06) -> Placeholder:
    """Return the slot of a line or two between the title and a table or a figure."""
    return body_placeholder("lead", area_in_inches(0.75, 1.84, 11.83, height), "b")


def large_title_placeholder(
    place: SlideArea, sizes: tuple[float, ...], anchor: Literal["t", "ctr"] = "t"
) -> Placeholder:
    """Return the slot of a title that is the message of its slide."""
    return Placeholder("title", "title", place, "question", sizes, anchor=anchor)


def bubble_placeholder(
    name: str, place: SlideArea, role: str, sizes: tuple[float, ...], shape: PlaceholderShape
) -> Placeholder:
    """Return a speech bubble."""
    return plain_placeholder(name, place, role, sizes, shape=shape)


def number_placeholders(
    y: float, below: float, height: float, width: float = 10.5, sizes: tuple[float, ...] = (112.0, 96.0, 80.0, 64.0)
) -> tuple[Placeholder, Placeholder]:
    """Return the slots of a number at `y`, very large, and of what it counts `below` it; in inches."""
    number = plain_placeholder(
        "number", area_in_inches(0.69, y, width + 0.33, 1.67 * sizes[0] / 112), "big-number", sizes
    )
    return number, plain_placeholder("text", area_in_inches(0.75, below, width, height), "body", TEXT_SIZES)


def note_placeholder(y: float, width: float) -> Placeholder:
    """Return the slot of a note at `y` below a number; in inches."""
    return plain_placeholder("note", area_in_inches(0.75, y, width, 0.72), "note", (24.0, 20.0))


NOTE_PLACEHOLDER = Placeholder("note", "body", area_in_inches(0.75, 5.84, 11.83, 0.74), "note", (24.0, 20.0))
QUOTE_SIZES, VOICE_SIZES = (38.0, 34.0, 30.0, 28.0, 24.0), (34.0, 30.0, 28.0, 24.0)


def two_bubbles_layout(name: str, *, low: bool) -> SlideLayout:
    """Return a layout with two bubbles beside each other and who says it below; `low` ones leave room for a note."""
    high, below, names = (2.10, 4.86, 0.92) if low else (2.72, 5.46, 1.12)
    return SlideLayout(
        name,
        "oat",
        (
            title_placeholder(),
            bubble_placeholder("left", area_in_inches(0.75, 2.17, 5.72, high), "voice", VOICE_SIZES, "voice-bubble"),
            body_placeholder("left-name", area_in_inches(1.81, below, 4.60, names)),
            bubble_placeholder("right", area_in_inches(6.86, 2.17, 5.72, high), "voice", VOICE_SIZES, "voice-bubble"),
            body_placeholder("right-name", area_in_inches(7.92, below, 4.60, names)),
            *((NOTE_PLACEHOLDER,) if low else ()),
        ),
    )


def question_layout(name: str, shape: PlaceholderShape, below: SlideArea) -> SlideLayout:
    """Return a layout with a question in a bubble, and `below` it what to do with the question."""
    sizes = (44.0, 40.0, 36.0, 32.0)
    asked = Placeholder(
        "title", "title", area_in_inches(0.75, 0.64, 11.83, 3.86), "question", sizes, anchor="ctr", shape=shape
    )
    return SlideLayout(name, "tint", (asked, body_placeholder("body", below, "ctr")))


LAYOUTS: tuple[SlideLayout, ...] = (
    SlideLayout(
        "title",
        "deep",
        (
            deep_title_placeholder(area_in_inches(0.75, 1.25, 11.1, 2.60), "title-deep", (54.0, 48.0, 44.0, 40.0)),
            label_placeholder(area_in_inches(0.75, 0.72, 10.5, 0.44)),
            body_placeholder("body", area_in_inches(0.75, 3.86, 10.5, 1.18), colour="white"),
        ),
    ),
    SlideLayout(
        "section",
        "deep",
        (
            deep_title_placeholder(area_in_inches(0.75, 1.78, 10.8, 1.60), "section", (48.0, 44.0, 40.0, 36.0)),
            label_placeholder(area_in_inches(0.75, 1.28, 9.7, 0.44)),
            body_placeholder("body", area_in_inches(0.75, 3.42, 10.8, 0.60), colour="white"),
        ),
        kind="secHead",
    ),
    SlideLayout(
        "text",
        "oat",
        (title_placeholder(), body_placeholder("body", area_in_inches(0.75, 1.97, 11.0, 4.60), "ctr")),
        kind="tx",
    ),
    SlideLayout(
        "text-line", "oat", (title_placeholder(), body_placeholder("body", area_in_inches(0.75, 1.97, 11.0, 2.95)))
    ),
    SlideLayout(
        "steps",
        "oat",
        (
            title_placeholder(),
            Placeholder("body", "body", area_in_inches(0.75, 1.97, 11.0, 4.60), "nodes", TEXT_SIZES, True, "ctr"),
        ),
    ),
    SlideLayout(
        "claim-text",
        "oat",
        (title_placeholder(), body_placeholder("body", area_in_inches(0.75, 1.97, 7.05, 4.60), "ctr")),
    ),
    SlideLayout(
        "two-columns",
        "oat",
        (
            title_placeholder(),
            body_placeholder("left", area_in_inches(1.17, 2.92, 4.94, 2.85)),
            body_placeholder("right", area_in_inches(7.22, 2.92, 4.94, 2.85)),
        ),
        kind="twoColTx",
    ),
    SlideLayout(
        "callout",
        "oat",
        (title_placeholder(), body_placeholder("body", area_in_inches(0.75, 2.03, 11.83, 4.50), "ctr", shape="panel")),
    ),
    SlideLayout(
        "message",
        "oat",
        (
            large_title_placeholder(area_in_inches(0.75, 0.50, 11.83, 1.56), (44.0, 40.0, 36.0, 32.0)),
            body_placeholder("body", area_in_inches(0.75, 2.32, 11.0, 2.60)),
        ),
    ),
    SlideLayout(
        "message-only",
        "oat",
        (large_title_placeholder(area_in_inches(0.75, 0.72, 11.5, 4.10), (54.0, 48.0, 40.0, 34.0), "ctr"),),
    ),
    SlideLayout(
        "number", "oat", (title_placeholder(), *number_placeholders(2.02, 3.86, 1.60), note_placeholder(5.56, 10.5))
    ),
    *(
        two_bubbles_layout(f"{name}{note}", low=bool(note))
        for name in ("two-voices", "two-scripts")
        for note in ("", "-note")
    ),
    SlideLayout(
        "script",
        "oat",
        (
            title_placeholder(),
            bubble_placeholder("quote", area_in_inches(1.92, 1.92, 10.5, 2.83), "script", QUOTE_SIZES, "left-bubble"),
            body_placeholder("body", area_in_inches(2.06, 5.06, 10.5, 1.52)),
        ),
    ),
    SlideLayout(
        "big-number",
        "oat",
        (
            title_placeholder(),
            plain_placeholder("kicker", area_in_inches(0.75, 1.97, 6.7, 0.5), "text", (28.0, 24.0, 20.0)),
            *number_placeholders(2.39, 4.16, 1.62, 6.7),
            note_placeholder(5.86, 6.7),
        ),
    ),
    SlideLayout(
        "people-text",
        "oat",
        (
            title_placeholder(),
            body_placeholder("lead", area_in_inches(0.75, 1.86, 6.7, 1.60), "ctr"),
            *number_placeholders(3.56, 4.90, 1.66, 6.7, (80.0, 72.0, 64.0)),
        ),
    ),
    SlideLayout("figure", "oat", (title_placeholder(),), kind="titleOnly"),
    SlideLayout(
        "figure-text",
        "oat",
        (
            title_placeholder(area_in_inches(0.75, 0.50, 11.83, 0.64)),
            body_placeholder("lead", area_in_inches(0.75, 1.14, 11.83, 0.68)),
        ),
    ),
    SlideLayout("figure-low", "oat", (title_placeholder(), lead_placeholder(0.68))),
    SlideLayout("chart", "oat", (title_placeholder(), chart_placeholder(1.84, 4.74)), kind="chart"),
    SlideLayout(
        "chart-text",
        "oat",
        (
            title_placeholder(area_in_inches(0.75, 0.50, 11.83, 0.64)),
            body_placeholder("lead", area_in_inches(0.75, 1.14, 11.83, 0.68)),
            chart_placeholder(1.84, 4.74),
        ),
    ),
    SlideLayout("chart-low", "oat", (title_placeholder(), lead_placeholder(0.68), chart_placeholder(2.55, 4.03))),
    SlideLayout("table", "oat", (title_placeholder(), table_placeholder(1.86, 4.72)), kind="tbl"),
    SlideLayout(
        "table-high", "oat", (title_placeholder(area_in_inches(0.75, 0.50, 11.83, 0.64)), table_placeholder(1.32, 5.26))
    ),
    SlideLayout("table-note", "oat", (title_placeholder(), table_placeholder(1.86, 3.90), NOTE_PLACEHOLDER)),
    SlideLayout("table-label", "oat", (title_placeholder(), lead_placeholder(0.68), table_placeholder(2.62, 3.96))),
    SlideLayout(
        "table-label-note",
        "oat",
        (title_placeholder(), lead_placeholder(0.68), table_placeholder(2.62, 3.14), NOTE_PLACEHOLDER),
    ),
    SlideLayout("table-text", "oat", (title_placeholder(), lead_placeholder(), table_placeholder(3.00, 3.58))),
    SlideLayout(
        "table-text-note",
        "oat",
        (title_placeholder(), lead_placeholder(), table_placeholder(3.00, 2.76), NOTE_PLACEHOLDER),
    ),
    question_layout("question", "bottom-bubble", area_in_inches(4.78, 5.25, 7.80, 1.25)),
    question_layout("question-turned", "turned-bubble", area_in_inches(1.44, 5.25, 8.60, 1.25)),
    *(
        SlideLayout(
            name,
            "deep",
            (
                deep_title_placeholder(
                    area_in_inches(0.75, 0.94, 11.83, 1.76), "title-deep", (54.0, 48.0, 44.0, 40.0), "b"
                ),
                body_placeholder("body", area_in_inches(0.75, 2.86, 9.7, 1.20), colour="white"),
            ),
        )
        for name in ("pause", "break")
    ),
    SlideLayout(
        "code",
        "oat",
        (
            title_placeholder(),
            body_placeholder("body", area_in_inches(0.75, 2.03, 7.00, 4.50), "ctr"),
            Placeholder("picture", "pic", area_in_inches(8.14, 2.06, 4.44, 4.44), "note", (24.0,)),
        ),
    ),
    SlideLayout(
        "sources",
        "oat",
        (
            title_placeholder(),
            plain_placeholder("left", area_in_inches(0.75, 1.92, 5.70, 4.66), "source", SOURCE_SIZES),
            plain_placeholder("right", area_in_inches(6.88, 1.92, 5.70, 4.66), "source", SOURCE_SIZES),
        ),
    ),
)


def layout_named(name: str) -> SlideLayout:
    """Return the layout `name`. StopIteration if there is none."""
    return next(layout for layout in LAYOUTS if layout.name == name)
