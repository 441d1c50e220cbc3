"""Blocks to paragraphs: every block as text with levels, and which blocks are more than text.

What is text on a slide, every speaker note, and what stands inside a list becomes paragraphs here. Nothing is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from msgspec.structs import replace

from handouts.deck.fit import whole_ranges
from handouts.deck.planned import Level, Paragraph, Paragraphs, TextRun
from handouts.document import (
    Block,
    Blocks,
    BulletList,
    Callout,
    Card,
    Chart,
    Choices,
    Citation,
    Comparison,
    Contact,
    Contacts,
    Cover,
    Figure,
    FillTable,
    Foreign,
    Fork,
    Heading,
    Inlines,
    Labelled,
    Link,
    MainMessage,
    Picture,
    QrCode,
    Scale,
    Script,
    Source,
    Sources,
    Steps,
    Strong,
    Table,
    Text,
    Words,
    Worksheet,
    Writing,
    called_number,
    chart_rows,
    plain,
)
from handouts.document import Paragraph as TextBlock

Runs: TypeAlias = tuple[TextRun, ...]
ThingBlock: TypeAlias = Fork | Script | Comparison | Table | Figure | Chart | Contacts | Sources | QrCode | Picture
TextualBlock: TypeAlias = Heading | TextBlock | BulletList | Steps | Labelled | Callout | Cover | MainMessage | Card
BULLETS: tuple[Level, ...] = ("bullet", "bullet2", "bullet3")
SCHEMES = ("https:", "mailto:", "tel:")
BETWEEN = " · "
PLAIN = TextRun("")


def runs_of(content: Inlines, words: Words, like: TextRun = PLAIN) -> Runs:
    """Return the runs of `content`, each with what `like` says where it says nothing itself."""
    return tuple(run for inline in content for run in inline_runs(inline, words, like))


def inline_runs(inline: Text | Strong | Link | Citation | Foreign, words: Words, like: TextRun) -> Runs:
    """Return the runs of one inline node."""
    match inline:
        case Text():
            return (replace(like, text=inline.text),)
        case Strong():
            return runs_of(inline.content, words, replace(like, bold=True))
        case Foreign():
            return runs_of(inline.content, words, replace(like, language=inline.language))
        case Link():
            tooltip = inline.title or says_where(inline.target, words, plain(inline.content))
            return runs_of(inline.content, words, linked(like, inline.target, tooltip))
        case Citation():
            return citation_runs(inline, like, words)
        case _:
            assert_never(inline)


def linked(run: TextRun, target: str, tooltip: str) -> TextRun:
    """Return `run` with a link, if `target` is an address that may be opened."""
    return replace(run, target=target, tooltip=tooltip) if target.startswith(SCHEMES) else run


def says_where(target: str, words: Words, said: str = "") -> str:
    """Return in words what a link to `target` does; a number as it is `said`, in groups."""
    scheme, _, rest = target.partition(":")
    key = {"tel": "call", "mailto": "write_to"}.get(scheme, "opens")
    return words.say(key, number=called_number(rest, said), target=target if key == "opens" else rest)


def citation_runs(citation: Citation, like: TextRun, words: Words) -> Runs:
    """Return [3, 5], each number with the source that it leads to, and says so."""
    runs = [replace(like, text="[")]
    for index, (key, number) in enumerate(zip(citation.keys, citation.numbers, strict=True)):
        if index:
            runs.append(replace(like, text=", "))
        runs.append(replace(like, text=str(number), source=key, tooltip=words.say("source_link", n=number)))
    return (*runs, replace(like, text="]"))


def words_runs(text: str, *, bold: bool = False) -> Runs:
    """Return plain words as runs; nothing if there are none."""
    return (TextRun(text, bold),) if text else ()


def paragraphs_of(blocks: Blocks, words: Words, depth: int = 0) -> Paragraphs:
    """Return all words of `blocks` as paragraphs, in reading order, `depth` lists deep."""
    return tuple(each for block in blocks for each in block_paragraphs(block, words, depth) if each.runs)


def block_paragraphs(block: Block, words: Words, depth: int = 0) -> Iterator[Paragraph]:
    """Yield the words of one block as paragraphs."""
    match block:
        case Fork() | Script() | Comparison() | Table() | Figure() | Chart():
            yield from thing_paragraphs(block, words)
        case Contacts() | Sources() | QrCode() | Picture():
            yield from thing_paragraphs(block, words)
        case Worksheet() | Writing() | Choices() | Scale() | FillTable():
            return  # there is a finding: nobody fills in a slide
        case BulletList():
            for item in block.items:
                yield from item_paragraphs(item, BULLETS[min(depth, 2)], 0, words, depth + 1)
        case Steps():
            for number, item in enumerate(block.items, 1):
                yield from item_paragraphs(item, "step2" if depth else "step", number, words, depth + 1)
        case _:
            yield from text_paragraphs(block, words, depth)


def item_paragraphs(item: Blocks, level: Level, number: int, words: Words, depth: int) -> Iterator[Paragraph]:
    """Yield one item of a list: its first paragraph has the mark, the others stand below it."""
    for index, each in enumerate(paragraphs_of(item, words, depth)):
        if index == 0:
            yield replace(each, level=level, number=number)
        else:
            yield replace(each, level="within") if each.level == "text" else each


def text_paragraphs(block: TextualBlock, words: Words, depth: int) -> Iterator[Paragraph]:
    """Yield the words of a block that is text as a whole."""
    match block:
        case Heading():
            yield label(runs_of(block.content, words))
        case TextBlock():
            yield Paragraph(runs_of(block.content, words))
        case Labelled():
            yield label(runs_of(block.label, words))
            yield from paragraphs_of(block.blocks, words, depth)
        case Callout():
            yield label(runs_of(block.title, words))
            yield from paragraphs_of(block.blocks, words, depth)
        case Cover():
            yield label(runs_of(block.label, words))
            yield Paragraph(runs_of(block.title, words, TextRun("", bold=True)))
            yield Paragraph(runs_of(block.subtitle, words))
        case MainMessage():
            yield label(runs_of(block.label, words))
            yield Paragraph(runs_of(block.content, words))
        case Card():
            yield label((*words_runs(f"{block.number}. "), *runs_of(block.claim, words)))
            for row in block.rows:
                yield label(runs_of(row.label, words))
                yield Paragraph(runs_of(row.content, words))
            yield from paragraphs_of(block.blocks, words, depth)
        case BulletList() | Steps():
            yield from block_paragraphs(block, words, depth)
        case _:
            assert_never(block)


def thing_paragraphs(block: ThingBlock, words: Words) -> Iterator[Paragraph]:
    """Yield in words what would be a table, a drawing or a bubble on a slide: for notes, and inside lists."""
    match block:
        case Fork():
            yield from fork_paragraphs(block, words)
        case Script():
            yield label(runs_of(block.situation, words))
            yield Paragraph(quoted(runs_of(block.words, words), words))
            yield Paragraph(runs_of(block.advice, words))
        case Comparison():
            yield from comparison_paragraphs(block, words)
        case Table():
            yield label(runs_of(block.caption, words))
            for cells in (*block.head, *block.body):
                yield Paragraph(joined(tuple(runs_of(cell.content, words) for cell in cells)))
        case Figure():
            yield label(runs_of(block.title, words))
            for _, text in block.labels:
                yield Paragraph(words_runs(text), "bullet")
            yield Paragraph(runs_of(block.how_to_read, words))
        case Chart():
            yield label(runs_of(block.title, words))
            for texts in chart_rows(block):
                yield Paragraph(joined(tuple(words_runs(each) for each in texts)))
            yield Paragraph(runs_of(block.how_to_read, words))
        case Contacts():
            for contact in block.contacts:
                yield Paragraph(contact_runs(contact, words), "bullet")
        case Sources():
            for source in block.sources:
                yield source_paragraph(source, words)
        case Picture():
            yield Paragraph(runs_of(block.caption, words))
        case QrCode():
            yield Paragraph(runs_of(block.caption, words))
            yield Paragraph((linked(TextRun(block.target), block.target, says_where(block.target, words)),))
        case _:
            assert_never(block)


def fork_paragraphs(block: Fork, words: Words) -> Iterator[Paragraph]:
    """Yield the question and each answer of a fork."""
    yield label(runs_of(block.question, words))
    for branch in block.branches:
        yield label(runs_of(branch.title, words))
        yield from paragraphs_of(branch.blocks, words)


def comparison_paragraphs(block: Comparison, words: Words) -> Iterator[Paragraph]:
    """Yield what to do, then what not to do."""
    for side, column in ((block.left, 0), (block.right, 1)):
        yield label(runs_of(side, words))
        for row in block.rows:
            yield Paragraph(runs_of(row[column], words), "bullet")


def label(runs: Runs) -> Paragraph:
    """Return a label."""
    return Paragraph(runs, "label")


def joined(parts: tuple[Runs, ...]) -> Runs:
    """Return `parts` in one line with dots between them."""
    found: Runs = ()
    for part in parts:
        found = (*found, TextRun(BETWEEN), *part) if found and part else (*found, *part)
    return found


def quoted(runs: Runs, words: Words) -> Runs:
    """Return `runs` between quotation marks."""
    return (TextRun(words.say("open_quote")), *runs, TextRun(words.say("close_quote"))) if runs else ()


def contact_runs(contact: Contact, words: Words) -> Runs:
    """Return one contact in one line, its number bold."""
    where = says_where(contact.target, words, contact.number)
    name = linked(TextRun(contact.name), contact.target, where) if contact.name else None
    parts = (
        words_runs(contact.need),
        (name,) if name else (),
        words_runs(contact.number, bold=True),
        words_runs(contact.how),
        words_runs(contact.note),
    )
    return joined(parts)


def source_paragraph(source: Source, words: Words) -> Paragraph:
    """Return one entry of the list of sources: its number, then what it says; the number leads to the source."""
    number = linked(TextRun(str(source.number)), source.target, says_where(source.target, words))
    said = (replace(run, text=whole_ranges(run.text)) for run in runs_of(source.content, words))
    return Paragraph((number, TextRun("\t"), *said), source=source.key)


def is_thing(block: Block) -> bool:
    """True if `block` needs a table, a drawing, a picture or a bubble."""
    return isinstance(block, ThingBlock)


def flattened(blocks: Blocks) -> Iterator[Block]:
    """Yield `blocks`, those that hold more than text opened, so that what is in them can be shown."""
    for block in blocks:
        match block:
            case Labelled() if any(map(is_thing, block.blocks)):
                yield Heading(3, block.label, at=block.at)
                yield from flattened(block.blocks)
            case Callout() if any(map(is_thing, block.blocks)):
                yield Heading(3, block.title, at=block.at)
                yield from flattened(block.blocks)
            case Card() if any(map(is_thing, block.blocks)):
                yield replace(block, blocks=())
                yield from flattened(block.blocks)
            case _:
                yield block
