"""Hand-made page plans for the tests of the PDF writer: one with every kind of item, and single paragraphs."""

from __future__ import annotations

from handouts.document.nodes import Crisis, Document, FixedWords
from handouts.figures.shapes import Circle, Command, Rectangle, TextLabel
from handouts.figures.shapes import Path as Curve
from handouts.layout.page_model import Element, OutlineEntry, Page, PagePlan, ShapeItem, TextItem
from handouts.pdf.plan_writer import write_plan
from handouts.text.fonts import PRINT_FAMILY
from handouts.text.line_breaking import StyledRun, break_lines
from handouts.theme import Edition, Paper, Theme, TypeStyle

H1 = TypeStyle(size=32, leading=36, bold=True, colour="accent", track=-0.012, words=-0.07, balance=True)
H2 = TypeStyle(size=20, leading=24, bold=True, colour="accent")
BODY = TypeStyle(size=13, leading=18)
FOOT = TypeStyle(size=11, leading=14, colour="stone")
LEFT, WIDTH, HEIGHT = 156.0, 595.28, 841.89
THEME = Theme(
    name="plain",
    colours={"ink": "#000000", "stone": "#4D4A47", "accent": "#0F4C5C", "tint": "#E5F0F0"},
    print={},
    slides={},
    paper=Paper("a4", WIDTH, HEIGHT, 42, 96, 18, 60),
    edition=Edition("standard", ("a4",)),
    line="rests",
)
DOCUMENT = Document(
    name="sample",
    title="Why do they keep reaching out? (a “sample”)",
    running_title="Why do they keep reaching out?",
    label="For readers",
    language="en-GB",
    foot="Version 0.1",
    draft="",
    author="The handouts project",
    subject="What stands behind contact & what helps",
    keywords=("contact", "boundaries"),
    modified="2026-11-23",
    words=FixedWords(()),
    crisis=Crisis(),
)
ADDRESS = "https://example.org/ways?to=stay%20safe&naïve=yes"


class PageWriter:
    """Places text and shapes on pages, line by line."""

    def __init__(self) -> None:
        self.pages: list[list[TextItem | ShapeItem]] = [[]]
        self.y = 60.0

    def start_page(self) -> None:
        self.pages.append([])
        self.y = 60.0

    def write(
        self, runs: list[StyledRun], style: TypeStyle, element: Element | None, x: float = LEFT, width: float = 300
    ) -> None:
        """Break `runs` into lines and place them; the key of a run is its structure element if it has one."""
        for line in break_lines(runs, style, width, PRINT_FAMILY):
            self.y += style.leading
            for run in line.runs:
                run_element = run.key if isinstance(run.key, Element) else element
                self.pages[-1].append(TextItem(run, x + run.x, self.y, style.colour, run_element))

    def draw(self, shape: Rectangle | Circle | Curve | TextLabel, element: Element | None) -> None:
        self.pages[-1].append(ShapeItem(shape, LEFT, self.y, element))

    def foot(self, text: str) -> None:
        self.y = 790.0
        self.write([StyledRun(text)], FOOT, Element("Artifact", attributes=PAGINATION), x=42)

    def plan(self, root: Element, outline: tuple[OutlineEntry, ...] = ()) -> PagePlan:
        return PagePlan(tuple(Page(WIDTH, HEIGHT, tuple(items)) for items in self.pages), root, outline)


PAGINATION = (("Artifact", "Type", "Pagination"), ("Artifact", "Subtype", "Footer"))


def sample_plan() -> PagePlan:
    """Return a plan of two pages with every kind of item and structure element."""
    root, writer = Element("Document", language="en-GB"), PageWriter()
    title = root.add(Element("H1", anchor="top"))
    writer.write([StyledRun("You said it is over. Why do they keep reaching out?")], H1, title)
    writer.draw(Curve((("M", (0, 8)), ("L", (200, 8))), stroke="accent", width=0.75), None)
    writer.y += 14
    write_links_and_words(root, writer)
    write_list(root, writer)
    boundaries = root.add(Element("H2", anchor="boundaries"))
    split = root.add(Element("P"))
    write_table(root, writer)
    writer.y = 700
    writer.write([StyledRun("What you can do")], H2, boundaries)
    writer.write([StyledRun("A paragraph that begins on one page ")], BODY, split)
    writer.foot("Version 0.1 · Page 1 of 2")
    writer.start_page()
    writer.write([StyledRun("and ends on the next one.")], BODY, split)
    write_figure(root, writer)
    write_note(root, writer)
    writer.foot("Version 0.1 · Page 2 of 2")
    outline = (
        OutlineEntry(1, "You said it is over", title),
        OutlineEntry(2, "What you can do", boundaries),
        OutlineEntry(3, "A split paragraph", split),
        OutlineEntry(1, "Überblick", root.children[-1]),
    )
    return writer.plan(root, outline)


def write_links_and_words(root: Element, writer: PageWriter) -> None:
    paragraph = root.add(Element("P"))
    link = paragraph.add(Element("Link", target=ADDRESS, tooltip="Ways to stay safe, on the web"))
    down = paragraph.add(Element("Link", target="#boundaries", tooltip="To what you can do"))
    french = paragraph.add(Element("Span", language="fr"))
    strong = paragraph.add(Element("Strong"))
    writer.write(
        [
            StyledRun("Waffle office AVATAR: alarm → relief. See "),
            StyledRun("a rather long link that surely needs more than only one line to stand on", key=link),
            StyledRun(", then "),
            StyledRun("what you can do", key=down),
            StyledRun(". In French: "),
            StyledRun("déjà-vu", key=french),
            StyledRun(". Call 0808\u00a02000\u00a0247: "),
            StyledRun("your no is enough.", True, key=strong),
            StyledRun(" The end."),
        ],
        BODY,
        paragraph,
    )


def write_list(root: Element, writer: PageWriter) -> None:
    listing = root.add(Element("L", attributes=(("List", "ListNumbering", "Decimal"),)))
    for number, words in enumerate(("Say it once.", "Then stop replying, and keep to what you have said."), 1):
        item = listing.add(Element("LI"))
        label, body = item.add(Element("Lbl")), item.add(Element("LBody"))
        start = writer.y
        writer.write([StyledRun(f"{number}.")], BODY, label, x=LEFT - 20)
        writer.y = start
        writer.write([StyledRun(words)], BODY, body, width=200)


def write_table(root: Element, writer: PageWriter) -> None:
    table = root.add(Element("Table"))
    rows = (("Factor", "Evidence"), ("Fear of abandonment", "several studies"), ("Identity", ""))
    for index, row in enumerate(rows):
        line, start = table.add(Element("TR")), writer.y + 6
        for column, words in enumerate(row):
            scope = (("Table", "Scope", "Column" if index == 0 else "Row"),)
            header = index == 0 or column == 0
            cell = line.add(Element("TH", attributes=scope) if header else Element("TD"))
            writer.y = start
            writer.write([StyledRun(words, bold=header)], BODY, cell, x=LEFT + 180 * column)
    writer.y += BODY.leading
    spanning_cell = table.add(Element("TR")).add(Element("TD", attributes=(("Table", "ColSpan", 2),)))
    writer.write([StyledRun("One cell below both")], BODY, spanning_cell)


def write_figure(root: Element, writer: PageWriter) -> None:
    writer.y += 20
    figure = root.add(Element("Figure", alt="A ring, a box and a curve between them."))
    caption = root.add(Element("Caption"))
    writer.draw(Rectangle(0, 0, 120, 60, radius=8, fill="tint", stroke="accent", edge=2), figure)
    writer.draw(Circle(200, 30, 30, stroke="accent", width=3), figure)
    wave: tuple[Command, ...] = (("M", (120, 30)), ("C", (130, 0, 160, 60, 170, 30)))
    writer.draw(Curve(wave, stroke="ink", width=1.5, dash=(4, 3)), figure)
    start = writer.y
    writer.write([StyledRun("Alarm")], BODY, figure, x=LEFT + 10)
    writer.y = start + 70
    writer.write([StyledRun("One common pattern")], BODY, caption)


def write_note(root: Element, writer: PageWriter) -> None:
    note = root.add(Element("Note"))
    back = note.add(Element("Link", target="#top", tooltip="Back to the beginning"))
    mail = note.add(Element("Link", target="mailto:help@example.org", tooltip="Write to us"))
    writer.write(
        [StyledRun("[1] A source. "), StyledRun("Back", key=back), StyledRun(" or "), StyledRun("write", key=mail)],
        BODY,
        note,
    )


def paragraph_plan(
    *runs: StyledRun, element: Element | None = None, style: TypeStyle = BODY, width: float = 300
) -> PagePlan:
    """Return a plan of one page with one paragraph."""
    root, writer = Element("Document"), PageWriter()
    paragraph = root.add(element or Element("P"))
    writer.write(list(runs), style, paragraph, width=width)
    return writer.plan(root)


def pdf_bytes(plan: PagePlan) -> bytes:
    return write_plan(plan, DOCUMENT, THEME).content
