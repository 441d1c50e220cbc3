"""Random documents: every kind of block, with words of all lengths in every script of the typefaces.

The same number gives the same document, so that failures can be reproduced.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from random import Random

from deck_samples import HARBOUR, deck_theme
from msgspec.structs import replace
from paths import ROOT
from samples import CRISIS, LONG_CRISIS, sample_theme

from handouts.document.nodes import (
    Amount,
    Block,
    Blocks,
    Branch,
    BulletList,
    Callout,
    Card,
    CardRow,
    Cell,
    Chart,
    ChartRow,
    Choices,
    Citation,
    Comparison,
    Contact,
    Contacts,
    Cover,
    Document,
    Figure,
    FillTable,
    Foreign,
    Fork,
    Heading,
    Inline,
    Inlines,
    Labelled,
    Level,
    Link,
    MainMessage,
    Paragraph,
    Picture,
    QrCode,
    Scale,
    Script,
    Sender,
    Slide,
    SlideKind,
    Source,
    Sources,
    Steps,
    Strong,
    Table,
    Text,
    Worksheet,
    Writing,
)
from handouts.document.text import plain
from handouts.figures import FIGURE_KINDS
from handouts.figures.signs import SIGN_NAMES
from handouts.load.files import SourceFolder
from handouts.load.templates import load_fixed_words
from handouts.text.fonts import PRINT_FAMILY, SCREEN_FAMILY, missing_characters
from handouts.theme import Theme

WORDS = load_fixed_words(SourceFolder(ROOT / "templates", []))["en"]
ALPHABETS = (
    "etaoinshrdlu" * 4 + "abcdefghijklmnopqrstuvwxyz",
    "áàâäãåæçéèêëíîïñóôöøœúùûüýßčďěłńřšťž",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "абвгдежзийклмнопрстуфхцчшщыэюя",
)
PUNCTUATION = (
    "&",
    "<",
    ">",
    "“",
    "”",
    "’",
    "–",
    "—",
    "…",
    "%",
    "/",
    "(",
    ")",
    "1",
    "23",
    "4.5",
    "@",
    "#",
    "*",
    "_",
    "~",
    "€",
    "½",
)
# Texts that verification could mistake for a part of another text, for generated text, or for none.
TERSE = (
    *("999", "Say", "Tell", "Tell a friend", "In danger now?", "Page 1 of 1", "Page 1 of 2", "Slide 1", "A", "I", "a"),
    *("Sources", "Say: no", "no", "No.", "1", "1.", "2 of 3", "7", "Draft 0.1", "Draft", "continued", "(continued)"),
    *("Tell (continued)", "Call", "999 Call", "Sa", "y", "te", "Te ll", "–", "•", "…", ".", "·", "½", "e\u0301", "ﬁ"),
    *("fi", "Example", "example.org", "help", "Help", "Yes", "Yes · no", "0800\u00a0123", "In danger", "now?"),
    *("The sources of it",),
)
LOOKS = (("standard", "a4"), ("standard", "letter"), ("standard", "a5"), ("large-print", "a4"), ("photocopy", "a4"))
LEVELS: tuple[Level, ...] = ("red", "amber", "green")
SLIDE_KINDS: tuple[SlideKind, ...] = ("content", "content", "content", "section", "question", "pause")


class Writer:
    """Generates random words, blocks and documents; the same number gives the same ones."""

    def __init__(self, number: int) -> None:
        self.rng = Random(number)
        self.names = 0

    # ------------------------------------------------------------ words

    def word(self) -> str:
        letters = self.rng.choices(ALPHABETS, (30, 3, 1, 1))[0]
        length = min(self.rng.choices((1, 4, 7, 12, 24), (5, 40, 40, 14, 1))[0], 24)
        word = "".join(self.rng.choice(letters) for _ in range(self.rng.randint(1, length)))
        return word.capitalize() if self.rng.random() < 0.1 else word

    def words(self, most: int) -> str:
        pieces = [self.word() for _ in range(self.rng.randint(1, most))]
        if self.rng.random() < 0.2:
            pieces.insert(self.rng.randint(0, len(pieces)), self.rng.choice(PUNCTUATION))
        separator = "\u00a0" if self.rng.random() < 0.02 else " "
        return readable(separator.join(pieces)) or "word"

    def inlines(self, most: int = 20) -> Inlines:
        parts: list[Inline] = [Text(self.words(most))]
        while self.rng.random() < 0.25:
            parts.append(Text(" "))
            parts.append(self.inline(max(1, most // 3)))
        if len(parts) > 1 and self.rng.random() < 0.5:
            parts.append(Text(f" {self.words(3)}."))
        return tuple(parts)

    def inline(self, most: int) -> Inline:
        text = (Text(self.words(most)),)
        match self.rng.randint(0, 3):
            case 0:
                return Strong(text)
            case 1:
                return Link(text, f"https://example.org/{self.rng.randint(1, 99)}", self.words(3))
            case 2:
                return Foreign(text, "fr")
            case _:
                return Citation(("a",), (self.rng.randint(1, 2),))

    def text(self, most: int) -> Inlines:
        return (Text(self.words(most)),)

    # ------------------------------------------------------------ blocks

    def blocks(self, most: int, *, depth: int = 0) -> Blocks:
        return tuple(self.block(depth) for _ in range(self.rng.randint(1, most)))

    def block(self, depth: int) -> Block:
        makers = [self.paragraph, self.bullets, self.steps]
        if depth < 2:
            makers += [self.callout, self.labelled, self.script, self.comparison, self.table, self.figure, self.chart]
        if depth == 0:
            makers += [self.heading, self.card, self.fork, self.contacts, self.code, self.picture, self.message]
        return self.rng.choice(makers)()

    def simple(self) -> Blocks:
        return tuple(self.rng.choice((self.paragraph, self.bullets))() for _ in range(self.rng.randint(1, 2)))

    def heading(self) -> Block:
        self.names += 1
        return Heading(self.rng.choice((2, 2, 3)), self.text(8), f"a{self.names}", self.rng.random() < 0.3)

    def paragraph(self) -> Block:
        return Paragraph(self.inlines(self.rng.choice((5, 20, 60))))

    def bullets(self) -> Block:
        return BulletList(tuple((Paragraph(self.inlines(10)),) for _ in range(self.rng.randint(1, 5))))

    def steps(self) -> Block:
        return Steps(tuple((Paragraph(self.inlines(10)),) for _ in range(self.rng.randint(1, 5))))

    def callout(self) -> Block:
        return Callout(self.text(5), self.simple())

    def labelled(self) -> Block:
        return Labelled(self.text(3), self.simple())

    def script(self) -> Block:
        advice = self.inlines(10) if self.rng.random() < 0.5 else ()
        return Script(self.text(5), self.inlines(12), advice, self.rng.random() < 0.3)

    def comparison(self) -> Block:
        rows = tuple((self.inlines(8), self.inlines(8)) for _ in range(self.rng.randint(1, 4)))
        return Comparison(self.text(2), self.text(3), rows)

    def table(self) -> Block:
        columns = self.rng.randint(2, 4)
        header = tuple(Cell(self.text(2), header=True) for _ in range(columns))
        body = tuple(
            tuple(Cell(self.inlines(5), header=not column) for column in range(columns))
            for _ in range(self.rng.randint(1, 4))
        )
        return Table(self.text(5) if self.rng.random() < 0.5 else (), (header,), body)

    def figure(self) -> Block:
        name = self.rng.choice(tuple(FIGURE_KINDS))
        kind = FIGURE_KINDS[name]
        keys = (*kind.required, *(key for key in kind.optional if self.rng.random() < 0.5))
        if kind.own_keys:
            count = self.rng.randint(*kind.own_keys)
            keys += tuple(map(str, range(1, count + 1))) if count % 2 else tuple(self.rng.sample(SIGN_NAMES, count))
        labels = tuple((key, "7" if key in kind.counts else self.words(3)) for key in keys)
        how_to_read = self.inlines(10) if self.rng.random() < 0.7 else ()
        return Figure(name, self.text(6) if self.rng.random() < 0.7 else (), labels, f"{self.words(12)}.", how_to_read)

    def chart(self) -> Block:
        series = tuple(self.words(2) for _ in range(self.rng.randint(1, 3)))
        amounts = [[self.rng.randint(0, 100) for _ in series] for _ in range(self.rng.randint(1, 4))]
        rows = tuple(ChartRow(self.words(3), tuple(Amount(str(each), float(each)) for each in row)) for row in amounts)
        return Chart(self.text(6), self.rng.choice(("%", "people", "")), self.words(1), series, rows,
                     f"{self.words(12)}.", self.inlines(8))  # fmt: skip

    def card(self) -> Block:
        rows = tuple(CardRow(self.text(3), self.inlines(10), index == 1) for index in range(self.rng.randint(1, 3)))
        self.names += 1
        blocks = self.simple() if self.rng.random() < 0.5 else ()
        return Card(self.names, self.rng.choice(tuple(SIGN_NAMES)), self.text(7), rows, blocks)

    def fork(self) -> Block:
        levels = LEVELS[: self.rng.randint(2, 3)]
        return Fork(self.text(6), tuple(Branch(each, self.text(5), (Paragraph(self.inlines(12)),)) for each in levels))

    def contacts(self) -> Block:
        contacts = (
            Contact(self.words(2), self.words(3), f"0800 {self.rng.randint(100, 999)}".replace(" ", "\u00a0"),
                    self.words(5) if self.rng.random() < 0.5 else "", self.words(2), "tel:0800123")
            for _ in range(self.rng.randint(1, 4))
        )  # fmt: skip
        return Contacts(tuple(contacts))

    def code(self) -> Block:
        return QrCode("https://example.org/a-page", self.text(6))

    def picture(self) -> Block:
        return Picture(HARBOUR, f"{self.words(8)}.", self.text(6) if self.rng.random() < 0.5 else ())

    def message(self) -> Block:
        return MainMessage(self.text(2), self.inlines(15))

    def worksheet(self) -> Block:
        makers = (self.line, self.box, self.choices, self.scale, self.log, self.paragraph)
        return Worksheet((Heading(2, self.text(5), "sheet", True), *(self.rng.choice(makers)() for _ in range(4))))

    def name(self) -> str:
        self.names += 1
        return f"field-{self.names}"

    def line(self) -> Block:
        return Writing(self.name(), self.text(6), self.text(6) if self.rng.random() < 0.5 else ())

    def box(self) -> Block:
        return Writing(self.name(), self.text(6), count=self.rng.randint(2, 4), boxed=True)

    def choices(self) -> Block:
        return Choices(self.name(), self.text(5), tuple(self.text(4) for _ in range(self.rng.randint(2, 5))))

    def scale(self) -> Block:
        return Scale(self.name(), self.text(5), self.text(2), self.text(2))

    def log(self) -> Block:
        header = tuple(self.text(2) for _ in range(self.rng.randint(2, 4)))
        return FillTable(self.name(), self.text(4), header, tuple(tuple(() for _ in header) for _ in range(3)))

    # ------------------------------------------------------------ whole documents

    def sources(self) -> Block:
        return Sources(tuple(Source(number, "a", self.text(15), "https://example.org/s") for number in (1, 2)))

    def pages(self) -> Document:
        cover = Cover(self.text(3), self.text(8), self.text(12))
        sheets = (self.worksheet(),) if self.rng.random() < 0.2 else ()
        inside = (*self.blocks(8), self.sources())
        return self.document(blocks=(replace(cover, sender=self.sender()), *inside, *sheets))

    def talk(self) -> Document:
        first = Slide("title", self.text(6), self.text(3), (Paragraph(self.text(8)),), self.notes())
        slides: list[Slide] = [first]
        for number in range(self.rng.randint(1, 4)):
            kind = self.rng.choice(SLIDE_KINDS)
            title = self.slide_title(number)
            blocks = self.blocks(2, depth=1) if kind == "content" else (Paragraph(self.text(6)),)
            slides.append(Slide(kind, title, (), blocks, self.notes()))
        last = Slide("content", (Text("The sources of it"),), (), (self.sources(),), self.notes())
        return self.document(slides=(replace(first, sender=self.sender()), *slides[1:], last))

    def slide_title(self, number: int) -> Inlines:
        return (Text(f"{self.words(5)} {'abcdef'[number]}"),)

    def sender(self) -> Sender | None:
        """Return the sender, which is generated last so that the other random values do not depend on it."""
        content = self.text(6) if self.rng.random() < 0.6 else ()
        logo = Picture(HARBOUR, f"{self.words(4)}.") if self.rng.random() < 0.5 else None
        return Sender(content, logo) if content or logo else None

    def notes(self) -> Blocks:
        return (Labelled((Text("Say"),), self.simple()),)

    def document(self, blocks: Blocks = (), slides: tuple[Slide, ...] = ()) -> Document:
        first = slides[0].title if slides else next(each.title for each in blocks if isinstance(each, Cover))
        return Document(
            name="generated", title=plain(first), running_title=self.words(3), label=self.words(3), language="en",
            foot=self.words(5), draft="Draft 0.1", author="Somebody", subject=self.words(5), keywords=("a",),
            modified="2026-01-02", words=WORDS, crisis=self.rng.choice((CRISIS, LONG_CRISIS)), blocks=blocks,
            slides=slides,
        )  # fmt: skip


def readable(text: str) -> str:
    """Return `text` without characters that a typeface has no glyph for, as the loader refuses them."""
    composed = unicodedata.normalize("NFC", text)
    missing = {each for family in (PRINT_FAMILY, SCREEN_FAMILY) for each in characters_without_glyph(composed, family)}
    return "".join(each for each in composed if each not in missing)


def characters_without_glyph(text: str, family: object) -> set[str]:
    return {each for each in set(text) if each.strip() and missing_characters(each, family)}  # type: ignore[arg-type]


class TerseWriter(Writer):
    """Generates short texts that repeat, and are parts of each other and of the text that the program adds."""

    def words(self, most: int) -> str:
        share = self.rng.random()
        if share < 0.15:
            return super().words(most)
        if share < 0.3 and most > 2:
            return " ".join(self.rng.choice(TERSE) for _ in range(self.rng.randint(2, most)))
        return self.rng.choice(TERSE)

    def slide_title(self, number: int) -> Inlines:  # noqa: ARG002
        return (Text(self.words(5)),)


def generated_pages(number: int, writer: type[Writer] = Writer) -> Document:
    """Return the handout with this number."""
    return writer(2 * number).pages()


def generated_talk(number: int, writer: type[Writer] = Writer) -> Document:
    """Return the talk with this number."""
    return writer(2 * number + 1).talk()


@cache
def print_theme(number: int) -> Theme:
    """Return the theme of the handout with this number: editions and papers in turn."""
    edition, paper = LOOKS[number % len(LOOKS)]
    return sample_theme(edition=edition, paper=paper)


@cache
def screen_theme() -> Theme:
    """Return the theme of decks."""
    return deck_theme()
