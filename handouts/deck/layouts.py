"""The layouts of a deck as data: grounds, placeholders, their places and their steps of size.

The master is written from them and the plan measures with them, so what fits here fits in the file. Inches stand in
the table at the end and nowhere else; all else is points.
"""

from __future__ import annotations

from typing import Literal

from handouts.deck.slots import Area, Layout, Shape, Slot, area

WIDTH, HEIGHT = 960.0, 540.0
# The sizes that text may have, in the order in which they are tried: nothing on a slide is smaller than the last.
TEXT_SIZES = (30.0, 28.0, 24.0, 20.0)
TITLE_SIZES = (38.0, 36.0, 34.0, 32.0)
TABLE_SIZES = (26.0, 24.0, 20.0)
SOURCE_SIZES = (20.0, 18.0, 16.0, 14.0)
CELL_PADDING = 4.0  # above and below the text of a cell


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
    return body("lead", area(0.75, 1.84, 11.83, height), "b")


def large_title(place: Area, sizes: tuple[float, ...], anchor: Literal["t", "ctr"] = "t") -> Slot:
    """Return the slot of a title that is the message of its slide."""
    return Slot("title", "title", place, "question", sizes, anchor=anchor)


def quote(name: str, place: Area, role: str, sizes: tuple[float, ...], shape: Shape) -> Slot:
    """Return a speech bubble."""
    return plain(name, place, role, sizes, shape=shape)


def counted(
    y: float, below: float, height: float, width: float = 10.5, sizes: tuple[float, ...] = (112.0, 96.0, 80.0, 64.0)
) -> tuple[Slot, Slot]:
    """Return the slots of a number at `y`, very large, and of what it counts `below` it; in inches."""
    number = plain("number", area(0.69, y, width + 0.33, 1.67 * sizes[0] / 112), "big-number", sizes)
    return number, plain("text", area(0.75, below, width, height), "body", TEXT_SIZES)


def note_below(y: float, width: float) -> Slot:
    """Return the slot of a note at `y` below a number; in inches."""
    return plain("note", area(0.75, y, width, 0.72), "note", (24.0, 20.0))


NOTE = Slot("note", "body", area(0.75, 5.84, 11.83, 0.74), "note", (24.0, 20.0))
QUOTE_SIZES, VOICE_SIZES = (38.0, 34.0, 30.0, 28.0, 24.0), (34.0, 30.0, 28.0, 24.0)


def voices(name: str, *, low: bool) -> Layout:
    """Return a layout with two bubbles beside each other and who says it below; `low` ones leave room for a note."""
    high, below, names = (2.10, 4.86, 0.92) if low else (2.72, 5.46, 1.12)
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


def question(name: str, shape: Shape, below: Area) -> Layout:
    """Return a layout with a question in a bubble, and `below` it what to do with the question."""
    sizes = (44.0, 40.0, 36.0, 32.0)
    asked = Slot("title", "title", area(0.75, 0.64, 11.83, 3.86), "question", sizes, anchor="ctr", shape=shape)
    return Layout(name, "tint", (asked, body("body", below, "ctr")))


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
    Layout("text", "oat", (title(), body("body", area(0.75, 1.97, 11.0, 4.60), "ctr")), kind="tx"),
    Layout("text-line", "oat", (title(), body("body", area(0.75, 1.97, 11.0, 2.95)))),
    Layout(
        "steps",
        "oat",
        (title(), Slot("body", "body", area(0.75, 1.97, 11.0, 4.60), "nodes", TEXT_SIZES, True, "ctr")),
    ),
    Layout("claim-text", "oat", (title(), body("body", area(0.75, 1.97, 7.05, 4.60), "ctr"))),
    Layout(
        "two-columns",
        "oat",
        (title(), body("left", area(1.17, 2.92, 4.94, 2.85)), body("right", area(7.22, 2.92, 4.94, 2.85))),
        kind="twoColTx",
    ),
    Layout("callout", "oat", (title(), body("body", area(0.75, 2.03, 11.83, 4.50), "ctr", shape="panel"))),
    Layout(
        "message",
        "oat",
        (
            large_title(area(0.75, 0.50, 11.83, 1.56), (44.0, 40.0, 36.0, 32.0)),
            body("body", area(0.75, 2.32, 11.0, 2.60)),
        ),
    ),
    Layout("message-only", "oat", (large_title(area(0.75, 0.72, 11.5, 4.10), (54.0, 48.0, 40.0, 34.0), "ctr"),)),
    Layout("number", "oat", (title(), *counted(2.02, 3.86, 1.60), note_below(5.56, 10.5))),
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
            *counted(2.39, 4.16, 1.62, 6.7),
            note_below(5.86, 6.7),
        ),
    ),
    Layout(
        "people-text",
        "oat",
        (
            title(),
            body("lead", area(0.75, 1.86, 6.7, 1.60), "ctr"),
            *counted(3.56, 4.90, 1.66, 6.7, (80.0, 72.0, 64.0)),
        ),
    ),
    Layout("figure", "oat", (title(),), kind="titleOnly"),
    Layout("figure-text", "oat", (title(area(0.75, 0.50, 11.83, 0.64)), body("lead", area(0.75, 1.14, 11.83, 0.68)))),
    Layout("figure-low", "oat", (title(), lead(0.68))),
    Layout("chart", "oat", (title(), chart(1.84, 4.74)), kind="chart"),
    Layout(
        "chart-text",
        "oat",
        (title(area(0.75, 0.50, 11.83, 0.64)), body("lead", area(0.75, 1.14, 11.83, 0.68)), chart(1.84, 4.74)),
    ),
    Layout("chart-low", "oat", (title(), lead(0.68), chart(2.55, 4.03))),
    Layout("table", "oat", (title(), table(1.86, 4.72)), kind="tbl"),
    Layout("table-high", "oat", (title(area(0.75, 0.50, 11.83, 0.64)), table(1.32, 5.26))),
    Layout("table-note", "oat", (title(), table(1.86, 3.90), NOTE)),
    Layout("table-label", "oat", (title(), lead(0.68), table(2.62, 3.96))),
    Layout("table-label-note", "oat", (title(), lead(0.68), table(2.62, 3.14), NOTE)),
    Layout("table-text", "oat", (title(), lead(), table(3.00, 3.58))),
    Layout("table-text-note", "oat", (title(), lead(), table(3.00, 2.76), NOTE)),
    question("question", "bottom-bubble", area(4.78, 5.25, 7.80, 1.25)),
    question("question-turned", "turned-bubble", area(1.44, 5.25, 8.60, 1.25)),
    *(
        Layout(
            name,
            "deep",
            (
                deep_title(area(0.75, 0.94, 11.83, 1.76), "title-deep", (54.0, 48.0, 44.0, 40.0), "b"),
                body("body", area(0.75, 2.86, 9.7, 1.20), colour="white"),
            ),
        )
        for name in ("pause", "break")
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
            plain("left", area(0.75, 1.92, 5.70, 4.66), "source", SOURCE_SIZES),
            plain("right", area(6.88, 1.92, 5.70, 4.66), "source", SOURCE_SIZES),
        ),
    ),
)


def layout_named(name: str) -> Layout:
    """Return the layout `name`. StopIteration if there is none."""
    return next(layout for layout in LAYOUTS if layout.name == name)
