"""Define every node of the Document, each a frozen value that says what a thing is, never how it looks.

A node holds its location in the source (`at`), which equality ignores. Where one of several kinds may stand,
each has its name as a tag, so that data is read back as the kind that it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal, TypeAlias, TypeVar

from msgspec import Struct

from handouts.finding import NOWHERE, Finding, Location

Value = TypeVar("Value")

# ---------------------------------------------------------------- inside a sentence


class Node(Struct, frozen=True, eq=False, kw_only=True, tag=True):
    """A node that knows where it was written; that is no part of what it says, and equality ignores it."""

    at: Location = NOWHERE

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and field_getter(type(self))(self) == field_getter(type(self))(other)

    def __hash__(self) -> int:
        return hash(field_getter(type(self))(self))


@lru_cache(maxsize=128)
def field_getter(kind: type[Node]) -> Callable[[object], object]:
    """Return what reads the fields of a kind of node that say something: all but its place."""
    return attrgetter(*(name for name in kind.__struct_fields__ if name != "at"))


class Text(Node, frozen=True):
    """Plain words."""

    text: str


class Strong(Struct, frozen=True, tag=True):
    """Words that matter more than those around them; every renderer shows them by weight."""

    content: Inlines


class Link(Struct, frozen=True, tag=True):
    """Words that lead to `target`: an https, mailto or tel address; `title` is its tooltip."""

    content: Inlines
    target: str
    title: str = ""


class Citation(Struct, frozen=True, tag=True):
    """A mark such as [3] or [3, 5] that leads to entries of `Sources`; `keys` and `numbers` go in pairs."""

    keys: tuple[str, ...]
    numbers: tuple[int, ...] = ()


class Foreign(Struct, frozen=True, tag=True):
    """Words in another `language` (a BCP 47 tag) than the document's."""

    content: Inlines
    language: str


PLACE = re.compile(r"\{(\w+)\}")

Inline: TypeAlias = Text | Strong | Link | Citation | Foreign
Inlines: TypeAlias = tuple[Inline, ...]

# ---------------------------------------------------------------- blocks


class Heading(Node, frozen=True):
    """A heading of `level` 2 to 4; `opens_page` says that a new page may well begin with it.

    `number` is the label of a numbered heading in words, such as "Section 4".
    """

    level: int
    content: Inlines
    anchor: str = ""
    opens_page: bool = False
    number: str = ""


class Paragraph(Node, frozen=True):
    """One or more sentences."""

    content: Inlines


class BulletList(Node, frozen=True):
    """Items in no order."""

    items: tuple[Blocks, ...]


class Steps(Node, frozen=True):
    """Things to do, one after another; numbered from 1."""

    items: tuple[Blocks, ...]


class Labelled(Node, frozen=True):
    """Blocks with a short label beside or above them, such as "Keep safe"."""

    label: Inlines
    blocks: Blocks


class Callout(Node, frozen=True):
    """A boxed aside that must not be missed; one to `cut` out is a card for a wallet."""

    title: Inlines
    blocks: Blocks
    cut: bool = False


class Sender(Node, frozen=True):
    """Whom a copy is from, in words such as "From Harbour Team", and their logo; one of both may be missing."""

    content: Inlines
    logo: Picture | None = None


class Cover(Node, frozen=True):
    """The head of the first page: for whom it is, what it is called, what it is about, whom it is from.

    `alone` it has the page.
    """

    label: Inlines
    title: Inlines
    subtitle: Inlines
    alone: bool = False
    sender: Sender | None = None


class MainMessage(Node, frozen=True):
    """The one thing that a reader should keep."""

    label: Inlines
    content: Inlines


Level: TypeAlias = Literal["red", "amber", "green"]


class Branch(Node, frozen=True):
    """One answer to a fork's question, and what to do then; `title` says the level's word itself."""

    level: Level
    title: Inlines
    blocks: Blocks


class Fork(Node, frozen=True):
    """A question with up to three answers, the most urgent first."""

    question: Inlines
    branches: tuple[Branch, ...]


class CardRow(Struct, frozen=True):
    """One labelled line of a card; `acts` marks the line that says what to do."""

    label: Inlines
    content: Inlines
    acts: bool = False


class Card(Node, frozen=True):
    """One numbered factor: its sign, its claim in one sentence, labelled lines, and what more there is to say."""

    number: int
    sign: str
    claim: Inlines
    rows: tuple[CardRow, ...]
    blocks: Blocks = ()


class Script(Node, frozen=True):
    """Words that one could say aloud, when to say them, and advice that is not to be said.

    If they are `theirs`, the person who reaches out says or feels them.
    """

    situation: Inlines
    words: Inlines
    advice: Inlines = ()
    theirs: bool = False


class Comparison(Node, frozen=True):
    """What to do beside what not to do, row by row."""

    left: Inlines
    right: Inlines
    rows: tuple[tuple[Inlines, Inlines], ...]


class Cell(Node, frozen=True):
    """One cell of a table; a header cell heads its column, or its row when it is the first of a body row."""

    content: Inlines
    header: bool = False
    columns: int = 1
    rows: int = 1


class Table(Node, frozen=True):
    """Rows of cells below one or more rows of header cells, at most four columns.

    `signs` are those of the rows of the body, `discs` say how many of three are filled beside the second cell of each:
    pictures of what its words say. Both may be missing.
    """

    caption: Inlines
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    signs: tuple[str, ...] = ()
    discs: tuple[int, ...] = ()


class Figure(Node, frozen=True):
    """A drawing as data: `name` is a drawing of `figures`, `labels` its words by key."""

    name: str
    title: Inlines
    labels: tuple[tuple[str, str], ...]
    alt: str
    how_to_read: Inlines


class Amount(Struct, frozen=True):
    """One number of a chart: as it is written, and its value."""

    text: str
    value: float


class ChartRow(Struct, frozen=True):
    """What is counted or measured, and an amount for each series of the chart."""

    label: str
    amounts: tuple[Amount, ...]


class Chart(Node, frozen=True):
    """Amounts as bars from zero, in each row one for each of `series`; `rows_name` says what the rows are.

    `unit` follows each number; `most` is where the scale ends, 0 if it ends with the longest bar.
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
    """Who can be reached, for which need, and how; `number` is what stands out, `note` what a reader should know.

    An `own` one is that of whoever hands the document out, or near them.
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
    """Return what is noted of each of several numbers, or "" if that is not the same for all."""
    notes = [contact.note for contact in contacts if contact.number and not contact.own]
    return notes[0] if len(notes) > 1 and len(set(notes)) == 1 else ""


class Source(Struct, frozen=True):
    """One entry of the list of sources."""

    number: int
    key: str
    content: Inlines
    target: str = ""


class Sources(Node, frozen=True):
    """The list of what the text cites, in the order of its numbers; a `short` one is for those who look up few."""

    sources: tuple[Source, ...]
    short: bool = False


class QrCode(Node, frozen=True):
    """A code to point a phone at, and in words where it leads; the address is printed beside it."""

    target: str
    caption: Inlines


class Pixels(Struct, frozen=True, tag=True):
    """A picture of pixels: for screens (PNG or JPEG), for printers (the same on white), for copiers (a PNG of one bit).

    `width` and `height` are in pixels.
    """

    width: int
    height: int
    screen: bytes
    printed: bytes
    copied: bytes


class Outline(Struct, frozen=True):
    """One shape of a drawn picture: commands M, L, C and Z with absolute coordinates; colours are "#RRGGBB" or ""."""

    commands: tuple[tuple[str, tuple[float, ...]], ...]
    fill: str
    stroke: str
    width: float


class Outlines(Struct, frozen=True, tag=True):
    """A drawn picture: its shapes in the order in which they are painted, within `width` and `height`."""

    width: float
    height: float
    shapes: tuple[Outline, ...]


class Picture(Node, frozen=True):
    """A picture with what it shows in words and a caption; one without `alt` is mere decoration."""

    image: Pixels | Outlines
    alt: str
    caption: Inlines = ()


class Writing(Node, frozen=True):
    """Room to write after a label: `count` lines, or a frame as high if `boxed`; a `half` shares its row with another.

    `name` is that of the field in a form. What `follows` belongs to the field before it.
    """

    name: str
    label: Inlines
    hint: Inlines = ()
    count: int = 1
    boxed: bool = False
    half: bool = False
    follows: bool = False


class Choices(Node, frozen=True):
    """Things to tick, any number of them, or only `one`."""

    name: str
    label: Inlines
    choices: tuple[Inlines, ...]
    hint: Inlines = ()
    follows: bool = False
    one: bool = False


class Scale(Node, frozen=True):
    """A number from 0 to 10 to choose, and what its ends mean."""

    name: str
    label: Inlines
    low: Inlines
    high: Inlines
    hint: Inlines = ()
    follows: bool = False


class FillTable(Node, frozen=True):
    """A table to write into: its head, and rows of cells, of which those without words are empty.

    Its columns are all as wide, or as wide as the shares in `widths` say.
    """

    name: str
    caption: Inlines
    head: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    widths: tuple[int, ...] = ()


Field: TypeAlias = Writing | Choices | Scale | FillTable


class Worksheet(Node, frozen=True):
    """A sheet to fill in: fields, numbered one after the other, and text between them."""

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
    """One thing to show while `notes` are said; `section` is the title of the part of the talk it belongs to.

    The title of the talk may say whom it is from.

    It takes `minutes`; one of `priority` 1 is in every length of the talk, the others come in while there is time.
    """

    kind: SlideKind
    title: Inlines
    label: Inlines = ()
    blocks: Blocks = ()
    notes: Blocks = ()
    section: str = ""
    sign: str = ""
    minutes: float = 0.0
    priority: int = 1
    sender: Sender | None = None


# ---------------------------------------------------------------- the whole


class CrisisLine(Struct, frozen=True):
    """One line of the crisis box: words and the number to call; an empty number is a line to write on.

    `target` is the address that calls it. The `own` one is that of whoever hands the document out.
    """

    label: str
    number: str = ""
    own: bool = False
    target: str = ""


class CrisisColumn(Struct, frozen=True):
    """One need in the crisis box: a question of at most two lines, then whom to call."""

    question: str
    lines: tuple[CrisisLine, ...]


class Crisis(Struct, frozen=True):
    """What stands at the foot of every page (`columns`, at most three) and of every slide (`short`)."""

    columns: tuple[CrisisColumn, ...] = ()
    short: tuple[CrisisLine, ...] = ()


class FixedWords(Struct, frozen=True):
    """The fixed words of one language that a renderer needs, by key, such as `page` = "Page {n} of {m}"."""

    entries: tuple[tuple[str, str], ...]

    def __hash__(self) -> int:
        """Return what is enough to tell languages apart, quickly."""
        return hash(self.entries[:3])

    def say(self, key: str, **values: object) -> str:
        """Return the words for `key` with `values` put into their places. KeyError if there are none.

        A place without a value stays as it is: whoever writes these words gets no other value, and nothing of one.
        """
        words = dict(self.entries)[key]
        return PLACE.sub(lambda found: str(values.get(found[1], found[0])), words) if "{" in words else words


class Document(Struct, frozen=True):
    """All that a renderer needs to know; `blocks` is for pages, `slides` for a talk, and one of them is empty.

    `running_title`, `label` and `foot` stand on every page; `draft` on every slide. `modified` is the printed date of
    the content (YYYY-MM-DD), never today's. What is shown beside the pages of a `discreet` document, such as its
    bookmarks, does not say what it is about; its first page is a cover that stands alone.
    """

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


class Rendered(Struct, frozen=True):
    """The bytes of one file, how many pages or slides it has, and what is worth knowing about it."""

    content: bytes
    pages: int
    findings: tuple[Finding, ...] = ()


# ---------------------------------------------------------------- looking at it


def one_of(value: Value) -> Value:
    """Return `value`, or the equal one that came before it: found at once where it is looked up again and again."""
    found: Value = first_of(value)
    return found


@lru_cache(maxsize=32)
def first_of(value: Any) -> Any:
    """Return `value` as it came first."""
    return value


def covers_alone(document: Document) -> bool:
    """True if the first page of `document` is a cover and nothing else."""
    first = document.blocks[0] if document.blocks else None
    return isinstance(first, Cover) and first.alone


def field_names(node: Struct) -> tuple[str, ...]:
    """Return the names of the fields of a node."""
    return node.__struct_fields__
