"""Define the slide layouts as data: backgrounds, placeholders, their areas and their steps of text size.

The slide master is drawn from them and the planner measures with them, so what fits the plan fits the file.
Inches stand only in the tables of areas and layouts; everything else is in points.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.units import inch

_Shape: TypeAlias = Literal["", "left-bubble", "bottom-bubble", "turned-bubble", "voice-bubble", "panel"]
_Anchor: TypeAlias = Literal["t", "ctr", "b"]

FIRST_INDEX = 13  # of the placeholders of a layout, those of its foot and its number left out


class SlideArea(Struct, frozen=True):
    """A rectangle on a slide, `x` and `y` its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        return self.x, self.y, self.x + self.width, self.y + self.height


class Placeholder(Struct, frozen=True):
    """A placeholder: `role` names its type style, `sizes` are the sizes that its text may have, largest first.

    `levelled` text has a look for each level (paragraph, bullet, label ...); other placeholders have one look.
    """

    name: str
    kind: Literal["title", "body", "pic", "tbl", "chart"]
    area: SlideArea
    role: str
    sizes: tuple[float, ...]
    levelled: bool = False
    anchor: _Anchor = "t"
    colour: str = ""
    shape: _Shape = ""

    @property
    def inset(self) -> float:
        """The distance of the text from the edge of the shape."""
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
        """Return the size at `step`, or the smallest if there are fewer steps."""
        return self.sizes[min(step, len(self.sizes) - 1)]


class SlideLayout(Struct, frozen=True):
    """One layout: `ground` is the colour role of its background, `kind` its type in the PPTX format, if it has one.

    The title is the first of its placeholders.
    """

    name: str
    ground: Literal["oat", "deep", "tint"]
    placeholders: tuple[Placeholder, ...]
    kind: str = ""

    def placeholder(self, name: str) -> Placeholder:
        """Return the placeholder `name`. StopIteration if there is none."""
        return next(each for each in self.placeholders if each.name == name)

    def index(self, name: str) -> int:
        """Return the index in the file (p:ph, idx) of the placeholder `name`."""
        return FIRST_INDEX + self.placeholders.index(self.placeholder(name))

    @property
    def is_dark(self) -> bool:
        """True if its background is dark and its text white."""
        return self.ground == "deep"


def _area(x: float, y: float, width: float, height: float) -> SlideArea:
    """Return the area for a place and a size in inches."""
    return SlideArea(inch(x), inch(y), inch(width), inch(height))


SLIDE_WIDTH, SLIDE_HEIGHT = 960.0, 540.0
FIGURE_AREA, LOW_FIGURE_AREA = _area(0.75, 1.84, 11.83, 4.74), _area(0.75, 2.55, 11.83, 4.03)
PEOPLE_AREA = _area(7.90, 1.86, 4.68, 4.68)
SIGN_CIRCLE_AREA = _area(8.54, 2.25, 4.04, 4.04)
SIGN_SIZE = inch(2.48)
PANEL_AREAS = (_area(0.75, 2.05, 5.77, 3.90), _area(6.81, 2.05, 5.77, 3.90))  # behind two columns
LOGO_AREA = _area(11.28, 0.42, 1.30, 0.76)  # in the corner of a title, clear of its label
PAGE_MARK_AREA = _area(11.41, 0.20, 1.17, 0.20)  # above the title, clear of the crisis line in the foot
FOOT_AREA = _area(0.75, 6.70, 10.19, 0.62)
NUMBER_AREA = _area(11.04, 6.98, 1.54, 0.34)  # room for “Draft 10.10 · 000”
CELL_PADDING = 4.0  # above and below the text of a cell

# The sizes that text may have, in the order in which they are tried; text is never smaller than the last one.
_TEXT_SIZES = (30.0, 28.0, 24.0, 20.0)
_SMALL_SIZES = (24.0, 20.0)
_TITLE_SIZES = (38.0, 36.0, 34.0, 32.0)
_LARGE_TITLE_SIZES = (44.0, 40.0, 36.0, 32.0)
_DARK_TITLE_SIZES = (54.0, 48.0, 44.0, 40.0)
_NUMBER_SIZES = (112.0, 96.0, 80.0, 64.0)
_QUOTE_SIZES = (38.0, 34.0, 30.0, 28.0, 24.0)
TABLE_SIZES = (26.0, 24.0, 20.0)
SOURCE_SIZES = (20.0, 18.0, 16.0, 14.0)


def _title(
    area: SlideArea,
    role: str = "title",
    sizes: tuple[float, ...] = _TITLE_SIZES,
    anchor: _Anchor = "t",
    *,
    colour: str = "",
    shape: _Shape = "",
) -> Placeholder:
    """Return the placeholder of a title."""
    return Placeholder("title", "title", area, role, sizes, False, anchor, colour, shape)


def _body(name: str, area: SlideArea, anchor: _Anchor = "t", *, colour: str = "", shape: _Shape = "") -> Placeholder:
    """Return a placeholder for text of all levels."""
    return Placeholder(name, "body", area, "body", _TEXT_SIZES, True, anchor, colour, shape)


def _plain(name: str, area: SlideArea, role: str, sizes: tuple[float, ...], colour: str = "") -> Placeholder:
    """Return a placeholder for text of one look."""
    return Placeholder(name, "body", area, role, sizes, colour=colour)


def _bubble(name: str, area: SlideArea, role: str, sizes: tuple[float, ...], shape: _Shape) -> Placeholder:
    """Return a speech bubble."""
    return Placeholder(name, "body", area, role, sizes, anchor="ctr", shape=shape)


def _label(y: float, width: float) -> Placeholder:
    """Return the placeholder of the small line above the title of a dark slide; in inches."""
    return _plain("label", _area(0.75, y, width, 0.44), "label", _SMALL_SIZES, "honey")


def _table(y: float, height: float) -> Placeholder:
    """Return the placeholder of a table from margin to margin; in inches."""
    return Placeholder("table", "tbl", _area(0.75, y, 11.83, height), "table", TABLE_SIZES)


def _chart(y: float, height: float) -> Placeholder:
    """Return the placeholder of a chart from margin to margin; in inches."""
    return Placeholder("chart", "chart", _area(0.75, y, 11.83, height), "figure", _SMALL_SIZES)


def _number(
    y: float, below: float, height: float, width: float, sizes: tuple[float, ...] = _NUMBER_SIZES
) -> tuple[Placeholder, Placeholder]:
    """Return the placeholders of a very large number at `y` and of what it counts, at `below`; in inches."""
    number = _plain("number", _area(0.69, y, width + 0.33, 1.67 * sizes[0] / 112), "big-number", sizes)
    return number, _plain("text", _area(0.75, below, width, height), "body", _TEXT_SIZES)


def _note(y: float, width: float, height: float = 0.72) -> Placeholder:
    """Return the placeholder of a note below a number or a table; in inches."""
    return _plain("note", _area(0.75, y, width, height), "note", _SMALL_SIZES)


_TITLE = _title(_area(0.75, 0.50, 11.83, 1.31))
_ONE_LINE_TITLE = _title(_area(0.75, 0.50, 11.83, 0.64))
_LEAD_BELOW_ONE_LINE = _body("lead", _area(0.75, 1.14, 11.83, 0.68))
_ONE_LINE_LEAD = _body("lead", _area(0.75, 1.84, 11.83, 0.68), "b")
_LEAD = _body("lead", _area(0.75, 1.84, 11.83, 1.06), "b")
_FOOT_NOTE = _note(5.84, 11.83, 0.74)


def _light(name: str, *placeholders: Placeholder, title: Placeholder = _TITLE, kind: str = "") -> SlideLayout:
    """Return a layout on the light background: a title and `placeholders` below it."""
    return SlideLayout(name, "oat", (title, *placeholders), kind)


def _two_bubbles(name: str, *, note: bool) -> SlideLayout:
    """Return a layout with two bubbles side by side, and below each of them who says it."""
    height, below, name_height = (2.10, 4.86, 0.92) if note else (2.72, 5.46, 1.12)
    return _light(
        name,
        _bubble("left", _area(0.75, 2.17, 5.72, height), "voice", _QUOTE_SIZES[1:], "voice-bubble"),
        _body("left-name", _area(1.81, below, 4.60, name_height)),
        _bubble("right", _area(6.86, 2.17, 5.72, height), "voice", _QUOTE_SIZES[1:], "voice-bubble"),
        _body("right-name", _area(7.92, below, 4.60, name_height)),
        *((_FOOT_NOTE,) if note else ()),
    )


def _question(name: str, shape: _Shape, below: SlideArea) -> SlideLayout:
    """Return a layout with a question in a bubble, and in the area `below` it what to do with the question."""
    question = _title(_area(0.75, 0.64, 11.83, 3.86), "question", _LARGE_TITLE_SIZES, "ctr", shape=shape)
    return SlideLayout(name, "tint", (question, _body("body", below, "ctr")))


def _pause(name: str) -> SlideLayout:
    """Return a layout for a pause, with only a title and a few words."""
    title = _title(_area(0.75, 0.94, 11.83, 1.76), "title-deep", _DARK_TITLE_SIZES, "b", colour="white")
    return SlideLayout(name, "deep", (title, _body("body", _area(0.75, 2.86, 9.7, 1.20), colour="white")))


LAYOUTS: tuple[SlideLayout, ...] = (
    SlideLayout(
        "title",
        "deep",
        (
            _title(_area(0.75, 0.97, 11.1, 2.60), "title-deep", _DARK_TITLE_SIZES, colour="white"),
            _label(0.44, 10.5),
            _body("body", _area(0.75, 3.58, 10.5, 1.18), colour="white"),
        ),
    ),
    SlideLayout(
        "section",
        "deep",
        (
            _title(_area(0.75, 1.78, 10.8, 1.60), "section", (48.0, 44.0, 40.0, 36.0), colour="white"),
            _label(1.28, 9.7),
            _body("body", _area(0.75, 3.42, 10.8, 0.60), colour="white"),
        ),
        kind="secHead",
    ),
    _light("text", _body("body", _area(0.75, 1.97, 11.0, 4.60), "ctr"), kind="tx"),
    _light("text-line", _body("body", _area(0.75, 1.97, 11.0, 2.95))),
    _light("steps", Placeholder("body", "body", _area(0.75, 1.97, 11.0, 4.60), "nodes", _TEXT_SIZES, True, "ctr")),
    _light("claim-text", _body("body", _area(0.75, 1.97, 7.05, 4.60), "ctr")),
    _light(
        "two-columns",
        _body("left", _area(1.17, 2.92, 4.94, 2.85)),
        _body("right", _area(7.22, 2.92, 4.94, 2.85)),
        kind="twoColTx",
    ),
    _light("callout", _body("body", _area(0.75, 2.03, 11.83, 4.50), "ctr", shape="panel")),
    _light(
        "message",
        _body("body", _area(0.75, 2.32, 11.0, 2.60)),
        title=_title(_area(0.75, 0.50, 11.83, 1.56), "question", _LARGE_TITLE_SIZES),
    ),
    _light("message-only", title=_title(_area(0.75, 0.72, 11.5, 4.10), "question", (54.0, 48.0, 40.0, 34.0), "ctr")),
    _light("number", *_number(2.02, 3.86, 1.60, 10.5), _note(5.56, 10.5)),
    _two_bubbles("two-voices", note=False),
    _two_bubbles("two-voices-note", note=True),
    _two_bubbles("two-scripts", note=False),
    _two_bubbles("two-scripts-note", note=True),
    _light(
        "script",
        _bubble("quote", _area(1.92, 1.92, 10.5, 2.83), "script", _QUOTE_SIZES, "left-bubble"),
        _body("body", _area(2.06, 5.06, 10.5, 1.52)),
    ),
    _light(
        "big-number",
        _plain("kicker", _area(0.75, 1.97, 6.7, 0.5), "text", (28.0, 24.0, 20.0)),
        *_number(2.39, 4.16, 1.62, 6.7),
        _note(5.86, 6.7),
    ),
    _light(
        "people-text",
        _body("lead", _area(0.75, 1.86, 6.7, 1.60), "ctr"),
        *_number(3.56, 4.90, 1.66, 6.7, (80.0, 72.0, 64.0)),
    ),
    _light("figure", kind="titleOnly"),
    _light("figure-text", _LEAD_BELOW_ONE_LINE, title=_ONE_LINE_TITLE),
    _light("figure-low", _ONE_LINE_LEAD),
    _light("chart", _chart(1.84, 4.74), kind="chart"),
    _light("chart-text", _LEAD_BELOW_ONE_LINE, _chart(1.84, 4.74), title=_ONE_LINE_TITLE),
    _light("chart-low", _ONE_LINE_LEAD, _chart(2.55, 4.03)),
    _light("table", _table(1.86, 4.72), kind="tbl"),
    _light("table-high", _table(1.32, 5.26), title=_ONE_LINE_TITLE),
    _light("table-note", _table(1.86, 3.90), _FOOT_NOTE),
    _light("table-label", _ONE_LINE_LEAD, _table(2.62, 3.96)),
    _light("table-label-note", _ONE_LINE_LEAD, _table(2.62, 3.14), _FOOT_NOTE),
    _light("table-text", _LEAD, _table(3.00, 3.58)),
    _light("table-text-note", _LEAD, _table(3.00, 2.76), _FOOT_NOTE),
    _question("question", "bottom-bubble", _area(4.78, 5.25, 7.80, 1.25)),
    _question("question-turned", "turned-bubble", _area(1.44, 5.25, 8.60, 1.25)),
    _pause("pause"),
    _pause("break"),
    _light(
        "code",
        _body("body", _area(0.75, 2.03, 7.00, 4.50), "ctr"),
        Placeholder("picture", "pic", _area(8.14, 2.06, 4.44, 4.44), "note", (24.0,)),
    ),
    _light(
        "sources",
        _plain("left", _area(0.75, 1.92, 5.70, 4.66), "source", SOURCE_SIZES),
        _plain("right", _area(6.88, 1.92, 5.70, 4.66), "source", SOURCE_SIZES),
    ),
)
_LAYOUTS_BY_NAME: Mapping[str, SlideLayout] = {layout.name: layout for layout in LAYOUTS}


def layout_named(name: str) -> SlideLayout:
    """Return the layout `name`. KeyError if there is none."""
    return _LAYOUTS_BY_NAME[name]
