"""Sources, codes and figures: things that are looked up or looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

import segno
from msgspec.structs import replace

from handouts.document import Chart, Figure, Paragraph, QrCode, Source, Sources, plain
from handouts.figures import figure_drawing
from handouts.figures.bars import bars_drawing
from handouts.figures.shapes import Command, Drawing, Label, Path, Shape
from handouts.pdf.boxes import Box, kept, moved, moved_down, stacked, with_items
from handouts.pdf.inline import Desk, Ink, line_boxes, link_to, runs_of, text_box, whole, words_box
from handouts.pdf.numbers import copied_runs
from handouts.pdf.page import Element, Item, ShapeItem, TextItem
from handouts.pdf.panels import drawn
from handouts.pdf.prose import Measure, paragraph_boxes, widened
from handouts.pdf.tables import STRONG, TABLE_AFTER, rule
from handouts.text.breaking import Run, break_lines, text_width
from handouts.text.fonts import PRINT, Family
from handouts.theme import TypeStyle

SHORT_GAP, SHORT_BETWEEN = "\u00a0", "\u00a0· "  # in a short list of sources: after a number, and between two entries
SHORT_KEPT = 0.5  # of a page: a short list that takes less is not torn, so that no entry is
SHORT_WHOLE = 0.5  # of a line: no line ends inside a short entry that takes less
SOURCE_INDENT, SOURCE_SIZE, FIGURE_TOP = 16.0, 10.0, 4.0
WHOLE, CAPTION_COST = 0.5, 600.0  # of a page: a higher figure may be parted from how to read it, if it must be
CODE, QUIET = 96.0, 4
BREAK_AFTER = ("-", "–", "—", "/")


def source_boxes(sources: Sources, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return the list of sources; each number leads back to where it was first cited."""
    listing = parent.add(Element("L", attributes=(("List", "ListNumbering", "Decimal"),)))
    if sources.short:
        return short_source_boxes(sources, listing, measure, desk)
    boxes = [source_box(source, listing.add(Element("LI")), measure, desk) for source in sources.sources]
    if boxes:
        boxes[-1] = replace(boxes[-1], after=desk.style("body").after)
    return boxes


def source_box(source: Source, entry: Element, measure: Measure, desk: Desk) -> Box:
    """Return one source with its number."""
    style = desk.style("source")
    label = source_label(source, entry, desk)
    indent = SOURCE_INDENT * style.size / SOURCE_SIZE
    number = words_box(str(source.number), label, style, measure.x, indent)
    body = entry.add(Element("LBody", anchor=f"source-{source.number}"))
    runs = source_runs(source, body, style.colour, desk)
    text = text_box(runs, style, measure.x + indent, measure.width - indent)
    return replace(with_items(text, number.items, first=True), after=2.0)


def short_source_boxes(sources: Sources, listing: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return the short list of sources, as many a line as there is room for; no line ends inside one that fits it."""
    style = desk.style("source")
    runs: list[Run] = []
    for source in sources.sources:
        entry = listing.add(Element("LI"))
        label = source_label(source, entry, desk)
        body = entry.add(Element("LBody", anchor=f"source-{source.number}"))
        words = source_runs(source, body, style.colour, desk)
        mark = Run(f"{source.number}{SHORT_GAP}", bold=True, key=Ink(label, style.colour))
        if text_width(mark.text + plain(source.content), replace(style, bold=True)) < SHORT_WHOLE * measure.width:
            words = tuple(replace(run, text=whole(run.text)) for run in words)
        last = words[-1]
        runs += [mark, *words[:-1], replace(last, text=f"{last.text}{SHORT_BETWEEN}")]
    runs[-1] = replace(runs[-1], text=runs[-1].text.removesuffix(SHORT_BETWEEN))
    spaced_after = replace(style, after=desk.style("body").after, balance=False)
    boxes = line_boxes(break_lines(runs, spaced_after, measure.width), spaced_after, measure.x)
    return kept(boxes) if stacked(boxes).height <= SHORT_KEPT * desk.room else boxes


def source_label(source: Source, entry: Element, desk: Desk) -> Element:
    """Return what holds the number of a source: a link back to where it was first cited, if it was."""
    label = entry.add(Element("Lbl"))
    if source.number not in desk.cited:
        return label
    return label.add(Element("Link", target=f"#cite-{source.number}", tooltip=desk.words.say("back_link")))


def source_runs(source: Source, body: Element, colour: str, desk: Desk) -> tuple[Run, ...]:
    """Return the words of a source, which lead to it where it has an address; no underlines here.

    Years and pages are many and small: in an edition for copiers their figures are open.
    """
    if source.target:
        runs: tuple[Run, ...] = (Run(plain(source.content), key=Ink(body.add(link_to(source.target, desk)), colour)),)
    else:
        runs = tuple(runs_of(source.content, body, colour, desk))
    return tuple(each for run in runs for each in copied_runs(run)) if desk.theme.edition.one_bit else runs


def code_boxes(code: QrCode, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return a code to point a phone at, its address in words beside it; the dark squares begin on the axis."""
    section = parent.add(Element("Sect"))
    figure = section.add(Element("Figure", alt=desk.words.say("qr_alt", target=code.target)))
    path, quiet = code_path(code.target)
    beside = measure.indented(CODE + quiet + 4)
    caption = paragraph_boxes(Paragraph(code.caption), section, beside, desk)
    address = section.add(Element("P")).add(link_to(code.target, desk))
    shown = code.target.removeprefix("https://").removeprefix("mailto:").removeprefix("tel:")
    runs = (Run(shown, bold=True, key=Ink(address, "accent", underlined=True)),)
    words = stacked((*caption, text_box(runs, desk.style("body"), beside.x, beside.width)))
    height = max(CODE, words.height)
    items = (
        ShapeItem(path, measure.x, (height - CODE) / 2, figure),
        *moved_down(words.items, (height - words.height) / 2),
    )
    return [Box(height, items, quiet, quiet, at=code.at)]


@lru_cache(maxsize=64)  # one address often stands in all files of a topic
def code_path(target: str) -> tuple[Path, float]:
    """Return the dark squares of a code as one path, and how wide it must be kept clear all round."""
    rows = tuple(segno.make(target, error="m", micro=False).matrix)
    module = CODE / len(rows)
    commands: list[Command] = []
    for y, row in enumerate(rows):
        for left, right in dark_stretches(row):
            commands += [("M", (left * module, y * module)), ("L", (right * module, y * module))]
            commands += [("L", (right * module, (y + 1) * module)), ("L", (left * module, (y + 1) * module)), ("Z", ())]
    return Path(tuple(commands), fill="ink"), QUIET * module


def dark_stretches(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield where dark squares that touch begin and end in a row."""
    column = 0
    for dark, squares in groupby(row):
        count = len(list(squares))
        if dark:
            yield column, column + count
        column += count


def figure_boxes(figure: Figure, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return a figure between its title and how to read it."""
    measure = widened(measure, desk)
    drawing = figure_drawing(figure.name, dict(figure.labels), measure.width, desk.style("figure"), PRINT, "print")
    return drawing_boxes(figure, drawing, parent, measure, desk)


def chart_boxes(chart: Chart, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return a chart between its title and how to read it."""
    measure = widened(measure, desk)
    drawing = bars_drawing(chart, measure.width, desk.style("figure"), PRINT, "print")
    return drawing_boxes(chart, drawing, parent, measure, desk)


def drawing_boxes(block: Figure | Chart, drawing: Drawing, parent: Element, measure: Measure, desk: Desk) -> list[Box]:
    """Return a drawing between its title and how to read it; where it is high, that may stand on the next page."""
    h3, caption = desk.style("h3"), desk.style("caption")
    section = parent.add(Element("Sect"))
    runs = runs_of(block.title, section.add(Element("H3")), h3.colour, desk)
    title = text_box(runs, h3, measure.x, measure.width)
    element = section.add(Element("Figure", alt=block.alt))
    desk.findings.extend(replace(found, at=block.at) for found in drawing.findings)
    drawn_items = (item for shape in drawing.shapes for item in shape_items(shape, element))
    picture = Box(drawing.height, tuple(moved(item, measure.x, 0.0) for item in drawn_items), 8.0, 0.0)
    runs = runs_of(block.how_to_read, section.add(Element("P")), caption.colour, desk)
    below = replace(text_box(runs, caption, measure.x, measure.width), after=TABLE_AFTER, at=block.at)
    top = drawn((rule(measure.width, 0.0, STRONG, "accent"),), measure.x, 0.0)
    shown = stacked((title, picture))
    items = (*top, *moved_down(shown.items, FIGURE_TOP))
    first = Box(shown.height + FIGURE_TOP, items, 8.0, 0.0, CAPTION_COST, at=block.at)
    whole = stacked((first, below))
    return [replace(whole, break_cost=0.0)] if whole.height <= WHOLE * desk.room else [first, below]


def shape_items(shape: Shape, element: Element | None, family: Family = PRINT) -> tuple[Item, ...]:
    """Return a shape of a figure as items: the words of a label as text of `family`."""
    if not isinstance(shape, Label):
        return (ShapeItem(shape, 0.0, 0.0, element),)
    style = TypeStyle(shape.size, shape.leading, shape.bold)
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.align]
    items: list[Item] = []
    for index, words in enumerate(shape.lines):
        # A word follows, so that the line ends with a space, as other lines do. After a sign that would go with that
        # word to the next line, the line ends as it is.
        width = text_width(words, style, family)
        line = break_lines((Run(f"{words} x"),), style, width + 0.01, family, filled=True)[0]
        if line.text.strip() != words:
            line = break_lines((Run(words),), style, 2 * width, family)[0]
        x = shape.x - share * width
        baseline = shape.baseline + index * shape.leading
        items.extend(TextItem(run, x + run.x, baseline, shape.colour, element) for run in line.runs)
    return tuple(items)
