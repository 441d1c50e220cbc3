"""Define every node of the Document, each a frozen value that says what a thing is, never how it looks.

A node holds its location in the source (`at`), which equality ignores. The tags of a union name the class, so
that msgspec can decode it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import ClassVar, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import astuple

from handouts.finding import NOWHERE, Finding, Location

# ---------------------------------------------------------------- inside a sentence


TextRole: TypeAlias = Literal[
    "prose", "heading", "label", "cell", "words", "alt", "tooltip", "contact", "phone", "source", "number", "address"
]


# The fields of a node that hold words or further nodes, in reading order, each with the role of its words. It is empty
# for a node whose words `texts_of` puts together.
_Says: TypeAlias = tuple[tuple[str, TextRole], ...]


class Node(Struct, frozen=True, eq=False, kw_only=True, tag=True):
    """A node with its place in the source, which equality and hash ignore."""

    says: ClassVar[_Says] = ()
    at: Location = NOWHERE

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and astuple(self)[:-1] == astuple(other)[:-1]

    def __hash__(self) -> int:
        return hash(astuple(self)[:-1])  # all but the place, which comes last as it is given by keyword


class Text(Node, frozen=True):
    """Plain words."""

    text: str


class Strong(Struct, frozen=True, tag=True):
    """Important words, which every renderer prints in bold."""

    content: Inlines


LINK_SCHEMES = ("https:", "mailto:", "tel:")


class Link(Struct, frozen=True, tag=True):
    """Words that lead to `target`: an https, mailto or tel address; `title` is its tooltip."""

    content: Inlines
    target: str
    title: str = ""


class Citation(Struct, frozen=True, tag=True):
    """A mark such as [3] or [3, 5] that leads to entries of `Sources`; each key has its number."""

    keys: tuple[str, ...]
    numbers: tuple[int, ...] = ()


class Foreign(Struct, frozen=True, tag=True):
    """Words in another `language` (a BCP 47 tag) than the document's."""

    content: Inlines
    language: str


_PLACEHOLDER = re.compile(r"\{(\w+)\}")

Inline: TypeAlias = Text | Strong | Link | Citation | Foreign
Inlines: TypeAlias = tuple[Inline, ...]

# ---------------------------------------------------------------- blocks


class Heading(Node, frozen=True):
    """A heading of `level` 2 to 4; `opens_page` if a new page should begin with it where that is possible.

    `number` is the label of a numbered heading in words, such as "Section 4".
    """

    says = (("number", "label"), ("content", "heading"))
    level: int
    content: Inlines
    anchor: str = ""
    opens_page: bool = False
    number: str = ""


class Paragraph(Node, frozen=True):
    """One or more sentences."""

    says = (("content", "prose"),)
    content: Inlines


class BulletList(Node, frozen=True):
    """A list of items without numbers."""

    items: tuple[Blocks, ...]


class Steps(Node, frozen=True):
    """A list of things to do in order, numbered from 1."""

    items: tuple[Blocks, ...]


class Labelled(Node, frozen=True):
    """Blocks with a short label beside or above them, such as "Keep safe".

    `own` if they say in which other formats the service that hands the document out has it.
    """

    says = (("label", "label"), ("blocks", "prose"))
    label: Inlines
    blocks: Blocks
    own: bool = False


class Callout(Node, frozen=True):
    """A boxed aside that must not be missed; with `cut`, a wallet card to cut out."""

    says = (("title", "heading"), ("blocks", "prose"))
    title: Inlines
    blocks: Blocks
    cut: bool = False


class Sender(Node, frozen=True):
    """The service that hands out a copy, in words such as "From Harbour Team", and its logo; either may be missing."""

    says = (("content", "contact"), ("logo", "prose"))
    content: Inlines
    logo: Picture | None = None


class Cover(Node, frozen=True):
    """The head of the first page: `label` names the audience; with `alone`, nothing else is on the page."""

    says = (("label", "label"), ("title", "heading"), ("subtitle", "prose"), ("sender", "prose"))
    label: Inlines
    title: Inlines
    subtitle: Inlines
    alone: bool = False
    sender: Sender | None = None


class MainMessage(Node, frozen=True):
    """The one message that a reader should remember."""

    says = (("label", "label"), ("content", "prose"))
    label: Inlines
    content: Inlines


Level: TypeAlias = Literal["red", "amber", "green"]


class Branch(Node, frozen=True):
    """One answer to the question of a fork, and what to do then; `title` includes the word for its level."""

    says = (("title", "heading"), ("blocks", "prose"))
    level: Level
    title: Inlines
    blocks: Blocks


class Fork(Node, frozen=True):
    """A question with up to three answers, the most urgent first."""

    says = (("question", "heading"), ("branches", "prose"))
    question: Inlines
    branches: tuple[Branch, ...]


class CardRow(Struct, frozen=True):
    """One labelled line of a card; `acts` marks the line with what to do."""

    says: ClassVar[_Says] = (("label", "label"), ("content", "prose"))
    label: Inlines
    content: Inlines
    acts: bool = False


class Card(Node, frozen=True):
    """One numbered factor: its sign, its claim in one sentence, labelled lines, and further blocks."""

    says = (("claim", "heading"), ("rows", "prose"), ("blocks", "prose"))
    number: int
    sign: Sign
    claim: Inlines
    rows: tuple[CardRow, ...]
    blocks: Blocks = ()


class Script(Node, frozen=True):
    """Words to say aloud, the situation for them, and advice that is not said.

    With `theirs`, they are the words or feelings of the person who seeks help.
    """

    says = (("situation", "heading"), ("words", "prose"), ("advice", "prose"))
    situation: Inlines
    words: Inlines
    advice: Inlines = ()
    theirs: bool = False


class Comparison(Node, frozen=True):
    """Two columns row by row: what to do, and what not to do."""

    says = (("left", "label"), ("right", "label"), ("rows", "cell"))
    left: Inlines
    right: Inlines
    rows: tuple[tuple[Inlines, Inlines], ...]


class Cell(Node, frozen=True):
    """One cell of a table; a header cell heads its column, or its row when it is the first of a body row."""

    says = (("content", "cell"),)
    content: Inlines
    header: bool = False
    columns: int = 1
    rows: int = 1


class Table(Node, frozen=True):
    """Rows of cells below one or more rows of header cells, at most four columns.

    `signs` has a sign for each row of the body, `discs` how many of three discs are filled beside its second cell; both
    repeat what the words say, and may be empty.
    """

    says = (("caption", "heading"), ("head", "cell"), ("body", "cell"))
    caption: Inlines
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    signs: tuple[Sign, ...] = ()
    discs: tuple[int, ...] = ()


GridLine: TypeAlias = Sequence[Cell | None]


def table_grid(table: Table) -> list[GridLine]:
    """Return the rows of the head and the body, each with a place for every column.

    A place is None where a cell of this or an earlier row spans over it; a row that is too short ends in empty cells.
    """
    grid: list[GridLine] = []
    covered: dict[int, int] = {}  # column -> rows that a cell from above still spans
    rows = (*table.head, *table.body)
    width = max((sum(cell.columns for cell in row) for row in rows), default=0)
    for row in rows:
        line: list[Cell | None] = []
        waiting = iter(row)
        while len(line) < width:
            if covered.get(len(line), 0):
                covered[len(line)] -= 1
                line.append(None)
                continue
            cell = next(waiting, Cell(()))
            covered.update(dict.fromkeys(range(len(line), len(line) + cell.columns), cell.rows - 1))
            line.extend((cell, *[None] * (cell.columns - 1)))
        grid.append(line[:width])
    return grid


class Figure(Node, frozen=True):
    """A drawing as data: `name` is a drawing of the room `figures`, `labels` holds its words by key.

    `signs` has a sign for each factor of a wheel; without them, a key that is the name of a sign stands for that.
    """

    name: str
    title: Inlines
    labels: tuple[tuple[str, str], ...]
    alt: str
    how_to_read: Inlines
    signs: tuple[Sign, ...] = ()


class Amount(Struct, frozen=True):
    """One number of a chart: as it is written, and its value."""

    text: str
    value: float


class ChartRow(Struct, frozen=True):
    """The label of one row, and an amount for each series of the chart."""

    label: str
    amounts: tuple[Amount, ...]


class Chart(Node, frozen=True):
    """A bar chart with a bar for each series in each row; `rows_name` is the heading of the row labels.

    `unit` follows each number; `most` is the end of the scale, 0 for the largest amount.
    """

    title: Inlines
    unit: str
    rows_name: str
    series: tuple[str, ...]
    rows: tuple[ChartRow, ...]
    alt: str
    how_to_read: Inlines
    most: float = 0.0


class Contact(Node, frozen=True):
    """One contact: the need it serves, its name and number, how it is reached, and a note.

    `own` if it belongs to the service that hands the document out, or is local to it.
    """

    need: str
    name: str
    number: str
    how: str = ""
    note: str = ""
    target: str = ""
    own: bool = False


class Contacts(Node, frozen=True):
    """A list of people to call; a contact with an empty `number` is a line to write on."""

    contacts: tuple[Contact, ...]


def shared_note(contacts: Iterable[Contact]) -> str:
    """Return the note that all of several contacts with a number have, or "" if they differ."""
    notes = [contact.note for contact in contacts if contact.number and not contact.own]
    return notes[0] if len(notes) > 1 and len(set(notes)) == 1 else ""


class Source(Struct, frozen=True):
    """One entry of the list of sources."""

    says: ClassVar[_Says] = ()
    number: int
    key: str
    content: Inlines
    target: str = ""


class Sources(Node, frozen=True):
    """The list of cited sources in the order of their numbers, printed smaller if it is `short`."""

    says = (("sources", "source"),)
    sources: tuple[Source, ...]
    short: bool = False


class QrCode(Node, frozen=True):
    """A QR code with a caption; the address is printed beside it, unless the caption of a `small` one holds it."""

    target: str
    caption: Inlines
    small: bool = False


class Pixels(Struct, frozen=True, tag=True):
    """A raster image in three versions: PNG or JPEG for screens, on white for printers, and one-bit PNG for copiers.

    `width` and `height` are in pixels.
    """

    width: int
    height: int
    screen: bytes
    printed: bytes
    copied: bytes


class Outline(Struct, frozen=True):
    """One shape of a vector image: commands M, L, C and Z with absolute coordinates; colours are "#RRGGBB" or ""."""

    commands: tuple[tuple[str, tuple[float, ...]], ...]
    fill: str
    stroke: str
    width: float


class Outlines(Struct, frozen=True, tag=True):
    """A vector image: its shapes in painting order, within `width` and `height`."""

    width: float
    height: float
    shapes: tuple[Outline, ...]


Sign: TypeAlias = str | Outlines  # the name of a sign that the program draws, or a picture of the project


class Picture(Node, frozen=True):
    """A picture with its alt text and a caption; one without `alt` is decoration."""

    image: Pixels | Outlines
    alt: str
    caption: Inlines = ()


class Writing(Node, frozen=True):
    """Room to write: `count` lines, or a frame of that height if `boxed`; two fields that are `half` share a row.

    `name` is the name of the form field; with `follows`, it belongs to the field before it.
    """

    says = (("label", "label"), ("hint", "prose"))
    name: str
    label: Inlines
    hint: Inlines = ()
    count: int = 1
    boxed: bool = False
    half: bool = False
    follows: bool = False


class Choices(Node, frozen=True):
    """Boxes to tick: any number of them, or only `one`."""

    says = (("label", "label"), ("choices", "prose"), ("hint", "prose"))
    name: str
    label: Inlines
    choices: tuple[Inlines, ...]
    hint: Inlines = ()
    follows: bool = False
    one: bool = False


class Scale(Node, frozen=True):
    """A scale from 0 to 10, with the meaning of its two ends."""

    says = (("label", "label"), ("low", "label"), ("high", "label"), ("hint", "prose"))
    numbers: ClassVar[range] = range(11)
    name: str
    label: Inlines
    low: Inlines
    high: Inlines
    hint: Inlines = ()
    follows: bool = False


class FillTable(Node, frozen=True):
    """A table to write into: header cells, and rows in which cells without words are to be filled in.

    `widths` are the relative widths of the columns; empty, all are equal.
    """

    says = (("caption", "heading"), ("head", "label"), ("rows", "cell"))
    name: str
    caption: Inlines
    head: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    widths: tuple[int, ...] = ()


Field: TypeAlias = Writing | Choices | Scale | FillTable


class Worksheet(Node, frozen=True):
    """A sheet to fill in: numbered fields, and text between them."""

    blocks: Blocks


Block: TypeAlias = (
    Heading
    | Paragraph
    | BulletList
    | Steps
    | Labelled
    | Callout
    | Cover
    | MainMessage
    | Fork
    | Card
    | Script
    | Comparison
    | Table
    | Figure
    | Chart
    | Contacts
    | Sources
    | QrCode
    | Picture
    | Worksheet
    | Field
)
Blocks: TypeAlias = tuple[Block, ...]

SlideKind: TypeAlias = Literal["content", "title", "section", "question", "pause"]


class Slide(Node, frozen=True):
    """One slide with speaker `notes`; `section` is the title of its part of the talk.

    It takes `minutes`; slides of `priority` 1 are in every length of the talk, others only if there is time. Only the
    title slide has a `sender`.
    """

    says = (("label", "label"), ("title", "heading"), ("blocks", "prose"), ("sender", "prose"))
    kind: SlideKind
    title: Inlines
    label: Inlines = ()
    blocks: Blocks = ()
    notes: Blocks = ()
    section: str = ""
    sign: Sign = ""
    minutes: float = 0.0
    priority: int = 1
    sender: Sender | None = None


# ---------------------------------------------------------------- the whole


class CrisisLine(Struct, frozen=True):
    """One line of the crisis box: words and the number to call; an empty number is a line to write on.

    `target` is its tel: address; `own` if it belongs to the service that hands the document out.
    """

    says: ClassVar[_Says] = (("label", "label"), ("number", "phone"))
    label: str
    number: str = ""
    own: bool = False
    target: str = ""


class CrisisColumn(Struct, frozen=True):
    """One need in the crisis box: a question of at most two lines, and the lines to call."""

    says: ClassVar[_Says] = (("question", "label"), ("lines", "prose"))
    question: str
    lines: tuple[CrisisLine, ...]


class Crisis(Struct, frozen=True):
    """The crisis lines at the foot of every page (`columns`, at most four) and of every slide (`short`)."""

    says: ClassVar[_Says] = (("columns", "prose"), ("short", "prose"))
    columns: tuple[CrisisColumn, ...] = ()
    short: tuple[CrisisLine, ...] = ()


class FixedWords(Struct, frozen=True, dict=True):
    """The fixed words of one language that a renderer needs, by key, such as `page` = "Page {n} of {m}"."""

    entries: tuple[tuple[str, str], ...]

    def __hash__(self) -> int:
        """Return the hash of the first entries, which tell languages apart quickly."""
        return hash(self.entries[:3])

    @cached_property
    def _by_key(self) -> Mapping[str, str]:
        """All words by their keys."""
        return dict(self.entries)

    def say(self, key: str, **values: object) -> str:
        """Return the words for `key`, each {name} replaced by its value. KeyError for an unknown key.

        A name without a value stays as it is; attributes and formats of values cannot be reached from the words.
        """
        words = self._by_key[key]
        return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), words) if "{" in words else words

    def quoted(self, content: Inlines) -> Inlines:
        """Return `content` between quotation marks; nothing if it is empty."""
        return (Text(self.say("open_quote")), *content, Text(self.say("close_quote"))) if content else ()


class Publication(Struct, frozen=True):
    """What a page on the web says of its document beside its words: who it is for, the condition, licence and review.

    `state` says whether it was reviewed, and of when it is. It `can_leave` if its readers may need to leave it quickly.
    """

    licence: str = ""
    reviewed_on: str = ""
    audience: str = ""
    condition: str = ""
    short: str = ""
    can_leave: bool = False
    state: str = ""


class OtherFormat(Node, frozen=True):
    """Another format of a handout in words, such as "large print", and its address if it is on the web."""

    words: str
    target: str = ""


class Document(Struct, frozen=True):
    """All that a renderer needs; a handout has `blocks`, a talk `slides`, and the other is empty.

    `running_title`, `label` and `foot` are on every page; `draft` on every slide. `modified` is the printed date of
    the content (YYYY-MM-DD), never today's. The bookmarks and metadata of a `discreet` document do not reveal its
    subject; its first page is a cover alone. `other_formats` are None where a document says nothing of them.
    """

    says: ClassVar[_Says] = (("blocks", "prose"), ("slides", "prose"))
    name: str
    title: str
    running_title: str
    label: str
    language: str
    foot: str
    draft: str
    author: str
    subject: str
    keywords: tuple[str, ...]
    modified: str
    words: FixedWords
    crisis: Crisis
    blocks: Blocks = ()
    slides: tuple[Slide, ...] = ()
    discreet: bool = False
    publication: Publication = Publication()
    other_formats: tuple[OtherFormat, ...] | None = None


class Rendered(Struct, frozen=True):
    """The bytes of one file, its number of pages or slides, and findings."""

    content: bytes
    pages: int
    findings: tuple[Finding, ...] = ()


# ---------------------------------------------------------------- looking at it


def covers_alone(document: Document) -> bool:
    """True if the first page of `document` is a cover and nothing else."""
    first = document.blocks[0] if document.blocks else None
    return isinstance(first, Cover) and first.alone


def begins_with_title(document: Document) -> bool:
    """True if the first words of `document` are its title or a heading."""
    match (*document.blocks[:1], *document.slides[:1]):
        case (Cover() | Heading() | Slide(kind="title"), *_) | (Worksheet(blocks=(Heading(), *_)), *_):
            return True
        case _:
            return False
