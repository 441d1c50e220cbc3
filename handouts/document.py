"""The Document: the only contract between what is written and what is made.

Every node is a frozen value that says what a thing is, never how it looks. Blocks and words know their place in the
source (`at`, which equality ignores). `walk` visits all, `words_of` gives what a reader reads, `dump` is the text form
that tests compare. Where one of several kinds may stand, each has its name as a tag, so that data is read back as what
it was. Knows nothing of content files, templates or renderers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any, Literal, TypeAlias, TypeGuard, TypeVar

from msgspec import Struct

from handouts.finding import NOWHERE, Finding, Location

Value = TypeVar("Value")

# ---------------------------------------------------------------- inside a sentence


class Placed(Struct, frozen=True, eq=False, kw_only=True, tag=True):
    """A node that knows where it was written; that is no part of what it says, and equality ignores it."""

    at: Location = NOWHERE

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and said_by(type(self))(self) == said_by(type(self))(other)

    def __hash__(self) -> int:
        return hash(said_by(type(self))(self))


@lru_cache(maxsize=128)
def said_by(kind: type[Placed]) -> Callable[[object], object]:
    """Return what reads the fields of a kind of node that say something: all but its place."""
    return attrgetter(*(name for name in kind.__struct_fields__ if name != "at"))


class Text(Placed, frozen=True):
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


class Heading(Placed, frozen=True):
    """A heading of `level` 2 to 4; `opens_page` says that a new page may well begin with it.

    `number` is the label of a numbered heading in words, such as "Section 4".
    """

    level: int
    content: Inlines
    anchor: str = ""
    opens_page: bool = False
    number: str = ""


class Paragraph(Placed, frozen=True):
    """One or more sentences."""

    content: Inlines


class BulletList(Placed, frozen=True):
    """Items in no order."""

    items: tuple[Blocks, ...]


class Steps(Placed, frozen=True):
    """Things to do, one after another; numbered from 1."""

    items: tuple[Blocks, ...]


class Labelled(Placed, frozen=True):
    """Blocks with a short label beside or above them, such as "Keep safe"."""

    label: Inlines
    blocks: Blocks


class Callout(Placed, frozen=True):
    """A boxed aside that must not be missed; one to `cut` out is a card for a wallet."""

    title: Inlines
    blocks: Blocks
    cut: bool = False


class Sender(Placed, frozen=True):
    """Whom a copy is from, in words such as "From Harbour Team", and their logo; one of both may be missing."""

    content: Inlines
    logo: Picture | None = None


class Cover(Placed, frozen=True):
    """The head of the first page: for whom it is, what it is called, what it is about, whom it is from.

    `alone` it has the page.
    """

    label: Inlines
    title: Inlines
    subtitle: Inlines
    alone: bool = False
    sender: Sender | None = None


class MainMessage(Placed, frozen=True):
    """The one thing that a reader should keep."""

    label: Inlines
    content: Inlines


Level: TypeAlias = Literal["red", "amber", "green"]


class Branch(Placed, frozen=True):
    """One answer to a fork's question, and what to do then; `title` says the level's word itself."""

    level: Level
    title: Inlines
    blocks: Blocks


class Fork(Placed, frozen=True):
    """A question with up to three answers, the most urgent first."""

    question: Inlines
    branches: tuple[Branch, ...]


class CardRow(Struct, frozen=True):
    """One labelled line of a card; `acts` marks the line that says what to do."""

    label: Inlines
    content: Inlines
    acts: bool = False


class Card(Placed, frozen=True):
    """One numbered factor: its sign, its claim in one sentence, labelled lines, and what more there is to say."""

    number: int
    sign: str
    claim: Inlines
    rows: tuple[CardRow, ...]
    blocks: Blocks = ()


class Script(Placed, frozen=True):
    """Words that one could say aloud, when to say them, and advice that is not to be said.

    If they are `theirs`, the person who reaches out says or feels them.
    """

    situation: Inlines
    words: Inlines
    advice: Inlines = ()
    theirs: bool = False


class Comparison(Placed, frozen=True):
    """What to do beside what not to do, row by row."""

    left: Inlines
    right: Inlines
    rows: tuple[tuple[Inlines, Inlines], ...]


class Cell(Placed, frozen=True):
    """One cell of a table; a header cell heads its column, or its row when it is the first of a body row."""

    content: Inlines
    header: bool = False
    columns: int = 1
    rows: int = 1


class Table(Placed, frozen=True):
    """Rows of cells below one or more rows of header cells, at most four columns.

    `signs` are those of the rows of the body, `discs` say how many of three are filled beside the second cell of each:
    pictures of what its words say. Both may be missing.
    """

    caption: Inlines
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    signs: tuple[str, ...] = ()
    discs: tuple[int, ...] = ()


class Figure(Placed, frozen=True):
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


class Chart(Placed, frozen=True):
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


class Contact(Placed, frozen=True):
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


class Contacts(Placed, frozen=True):
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


class Sources(Placed, frozen=True):
    """The list of what the text cites, in the order of its numbers; a `short` one is for those who look up few."""

    sources: tuple[Source, ...]
    short: bool = False


class QrCode(Placed, frozen=True):
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


class Picture(Placed, frozen=True):
    """A picture with what it shows in words and a caption; one without `alt` is mere decoration."""

    image: Pixels | Outlines
    alt: str
    caption: Inlines = ()


class Writing(Placed, frozen=True):
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


class Choices(Placed, frozen=True):
    """Things to tick, any number of them, or only `one`."""

    name: str
    label: Inlines
    choices: tuple[Inlines, ...]
    hint: Inlines = ()
    follows: bool = False
    one: bool = False


class Scale(Placed, frozen=True):
    """A number from 0 to 10 to choose, and what its ends mean."""

    name: str
    label: Inlines
    low: Inlines
    high: Inlines
    hint: Inlines = ()
    follows: bool = False


class FillTable(Placed, frozen=True):
    """A table to write into: its head, and rows of cells, of which those without words are empty.

    Its columns are all as wide, or as wide as the shares in `widths` say.
    """

    name: str
    caption: Inlines
    head: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    widths: tuple[int, ...] = ()


Field: TypeAlias = Writing | Choices | Scale | FillTable


class Worksheet(Placed, frozen=True):
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


class Slide(Placed, frozen=True):
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


class Words(Struct, frozen=True):
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
    words: Words
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


def names_of(node: Struct) -> tuple[str, ...]:
    """Return the names of the fields of a node."""
    return node.__struct_fields__


def walk(node: object) -> Iterator[object]:
    """Yield `node` and every node inside it, each before what it holds, in reading order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(node[::-1])
        elif isinstance(node, Struct) and not isinstance(node, Location):
            yield node
            values = [getattr(node, name) for name in node.__struct_fields__]
            waiting.extend([value for value in values[::-1] if isinstance(value, tuple | Struct)])


def is_inlines(nodes: tuple[object, ...]) -> TypeGuard[Inlines]:
    """True if `nodes` are the inside of a sentence, and not nothing."""
    return bool(nodes) and all(isinstance(each, Text | Strong | Link | Citation | Foreign) for each in nodes)


def plain(content: Inlines) -> str:
    """Return the words of `content` as one string, citations as [3]."""
    return "".join(plain_inline(inline) for inline in content)


def plain_inline(inline: Inline) -> str:
    """Return the words of one inline node."""
    match inline:
        case Text():
            return inline.text
        case Citation():
            return f"[{', '.join(str(number) for number in inline.numbers)}]"
        case _:
            return plain(inline.content)


def called_number(called: str, said: str) -> str:
    """Return the number that a link calls as it is `said` to the reader, in groups, if that is the same number."""
    same = "".join(filter(str.isdecimal, called)) == "".join(filter(str.isdecimal, said))
    grouped = "".join(each for each in said if each.isdecimal() or each in " +-().\u00a0").strip()
    return grouped.replace("\u00a0", " ") if same and grouped else called


def words_of(node: object) -> Iterator[str]:
    """Yield what a reader reads of `node`, in reading order: not alt texts, notes, addresses or anchors."""
    match node:
        case tuple():
            if is_inlines(node):
                yield plain(node)
            else:
                for child in node:
                    yield from words_of(child)
        case Document():
            yield from words_of(node.blocks)
            yield from words_of(node.slides)
        case Slide():
            yield from words_of((node.label, node.title, node.blocks))
            yield from words_of(node.sender)
        case Heading():
            yield from (node.number,) if node.number else ()
            yield from words_of(node.content)
        case Figure():
            yield from words_of(node.title)
            yield from (words for _, words in node.labels)
            yield from words_of(node.how_to_read)
        case Chart():
            yield from words_of(node.title)
            yield from (words for row in chart_rows(node) for words in row if words)
            yield from words_of(node.how_to_read)
        case Contacts():
            shared = shared_note(node.contacts)
            yield from (shared,) if shared else ()  # said once for all, as a need is for those who share it
            for need, group in groupby(node.contacts, key=lambda contact: contact.need):
                yield from (need,) if need else ()
                for each in group:
                    note = "" if each.note == shared else each.note
                    yield from (words for words in (each.name, each.number, each.how, note) if words)
        case Source():
            yield from words_of(node.content)
        case Picture():
            yield from words_of(node.caption)
        case str() | int() | Location():
            return
        case _ if isinstance(node, Struct):
            yield from words_of(tuple(getattr(node, name) for name in names_of(node)))


def chart_rows(chart: Chart) -> tuple[tuple[str, ...], ...]:
    """Return the words in the drawing of a chart: what its rows and series are, then each row with its amounts."""
    rows = ((row.label, *(amount_words(amount, chart.unit) for amount in row.amounts)) for row in chart.rows)
    return ((chart.rows_name, *chart.series), *rows)


def amount_words(amount: Amount, unit: str) -> str:
    """Return a number with its unit: a word after a space, a sign such as % as it was written."""
    return f"{amount.text}{unit_words(unit)}"


def unit_words(unit: str) -> str:
    """Return a unit as it follows a number."""
    return f" {unit}" if unit[:1].isalnum() else unit


def dump(node: Any, depth: int = 0) -> str:
    """Return `node` as indented text, a line a node, with every field but the place; a tuple in a tuple is a dash."""
    indent = "  " * depth
    if isinstance(node, tuple):
        return "".join(
            f"{indent}-\n{dump(child, depth + 1)}" if isinstance(child, tuple) else dump(child, depth) for child in node
        )
    if not isinstance(node, Struct):
        return f"{indent}{shown(node)}\n"
    simple, nested = [], []
    for name in names_of(node):
        value = getattr(node, name)
        if name == "at" or value in ("", (), None):
            continue
        if isinstance(value, tuple | Struct):
            nested.append(f"{indent}  .{name}\n{dump(value, depth + 2)}")
        else:
            simple.append(f" {name}={shown(value)}")
    return f"{indent}{type(node).__name__}{''.join(simple)}\n{''.join(nested)}"


def shown(value: object) -> str:
    """Return a value as `dump` shows it: bytes by their length and a hash."""
    if isinstance(value, bytes):
        return f"<{len(value)} bytes {hashlib.sha256(value).hexdigest()[:16]}>"
    return repr(value)
