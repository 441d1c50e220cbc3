"""Turn blocks and inline nodes into paragraphs of runs with levels, for slides and for speaker notes.

Tables, figures and other object blocks are put into words here, for notes and inside lists. Measures nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias, assert_never

from msgspec.structs import replace

from handouts.deck.planned_slides import SlideParagraph, SlideParagraphs, TextLevel, TextRun
from handouts.document.nodes import (
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
    FixedWords,
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
    Worksheet,
    Writing,
)
from handouts.document.nodes import Paragraph as TextBlock
from handouts.document.text import called_number, chart_rows, plain

PAGE_RANGE = re.compile(r"(?<=\d)[-–](?=\d)")

WORD_JOINER = "\u2060"  # has no width, and lines do not end at it

Runs: TypeAlias = tuple[TextRun, ...]
ObjectBlock: TypeAlias = Fork | Script | Comparison | Table | Figure | Chart | Contacts | Sources | QrCode | Picture
TextualBlock: TypeAlias = Heading | TextBlock | BulletList | Steps | Labelled | Callout | Cover | MainMessage | Card
BULLET_LEVELS: tuple[TextLevel, ...] = ("bullet", "bullet2", "bullet3")
LINK_SCHEMES = ("https:", "mailto:", "tel:")
SEPARATOR = " · "
PLAIN_RUN = TextRun("")


def runs_of(content: Inlines, words: FixedWords, like: TextRun = PLAIN_RUN) -> Runs:
    """Return the runs of `content`, each with what `like` says where it says nothing itself."""
    return tuple(run for inline in content for run in inline_runs(inline, words, like))


def inline_runs(inline: Text | Strong | Link | Citation | Foreign, words: FixedWords, like: TextRun) -> Runs:
    """Return the runs of one inline node."""
    match inline:
        case Text():
            return (replace(like, text=inline.text),)
        case Strong():
            return runs_of(inline.content, words, replace(like, bold=True))
        case Foreign():
            return runs_of(inline.content, words, replace(like, language=inline.language))
        case Link():
            tooltip = inline.title or link_tooltip(inline.target, words, plain(inline.content))
            return runs_of(inline.content, words, with_link(like, inline.target, tooltip))
        case Citation():
            return citation_runs(inline, like, words)
        case _:
            assert_never(inline)


def with_link(run: TextRun, target: str, tooltip: str) -> TextRun:
    """Return `run` with a link, if `target` is an address that may be opened."""
    return replace(run, target=target, tooltip=tooltip) if target.startswith(LINK_SCHEMES) else run


def link_tooltip(target: str, words: FixedWords, said: str = "") -> str:
    """Return in words what a link to `target` does; a number as it is `said`, in groups."""
    scheme, _, rest = target.partition(":")
    key = {"tel": "call", "mailto": "write_to"}.get(scheme, "opens")
    return words.say(key, number=called_number(rest, said), target=target if key == "opens" else rest)


def citation_runs(citation: Citation, like: TextRun, words: FixedWords) -> Runs:
    """Return [3, 5], each number with the source that it leads to, and says so."""
    runs = [replace(like, text="[")]
    for index, (key, number) in enumerate(zip(citation.keys, citation.numbers, strict=True)):
        if index:
            runs.append(replace(like, text=", "))
        runs.append(replace(like, text=str(number), source=key, tooltip=words.say("source_link", n=number)))
    return (*runs, replace(like, text="]"))


def plain_runs(text: str, *, bold: bool = False) -> Runs:
    """Return plain words as runs; nothing if there are none."""
    return (TextRun(text, bold),) if text else ()


def paragraphs_of(blocks: Blocks, words: FixedWords, depth: int = 0) -> SlideParagraphs:
    """Return all words of `blocks` as paragraphs, in reading order, `depth` lists deep."""
    return tuple(each for block in blocks for each in block_paragraphs(block, words, depth) if each.runs)


def block_paragraphs(block: Block, words: FixedWords, depth: int = 0) -> Iterator[SlideParagraph]:
    """Yield the words of one block as paragraphs."""
    match block:
        case Fork() | Script() | Comparison() | Table() | Figure() | Chart():
            yield from object_paragraphs(block, words)
        case Contacts() | Sources() | QrCode() | Picture():
            yield from object_paragraphs(block, words)
        case Worksheet() | Writing() | Choices() | Scale() | FillTable():
            return  # there is a finding: nobody fills in a slide
        case BulletList():
            for item in block.items:
                yield from item_paragraphs(item, BULLET_LEVELS[min(depth, 2)], 0, words, depth + 1)
        case Steps():
            for number, item in enumerate(block.items, 1):
                yield from item_paragraphs(item, "step2" if depth else "step", number, words, depth + 1)
        case _:
            yield from text_paragraphs(block, words, depth)


def item_paragraphs(
    item: Blocks, level: TextLevel, number: int, words: FixedWords, depth: int
) -> Iterator[SlideParagraph]:
    """Yield one item of a list: its first paragraph has the mark, the others stand below it."""
    for index, each in enumerate(paragraphs_of(item, words, depth)):
        if index == 0:
            yield replace(each, level=level, number=number)
        else:
            yield replace(each, level="within") if each.level == "text" else each


def text_paragraphs(block: TextualBlock, words: FixedWords, depth: int) -> Iterator[SlideParagraph]:
    """Yield the words of a block that is text as a whole."""
    match block:
        case Heading():
            yield label_paragraph(runs_of(block.content, words))
        case TextBlock():
            yield SlideParagraph(runs_of(block.content, words))
        case Labelled():
            yield label_paragraph(runs_of(block.label, words))
            yield from paragraphs_of(block.blocks, words, depth)
        case Callout():
            yield label_paragraph(runs_of(block.title, words))
            yield from paragraphs_of(block.blocks, words, depth)
        case Cover():
            yield label_paragraph(runs_of(block.label, words))
            yield SlideParagraph(runs_of(block.title, words, TextRun("", bold=True)))
            yield SlideParagraph(runs_of(block.subtitle, words))
        case MainMessage():
            yield label_paragraph(runs_of(block.label, words))
            yield SlideParagraph(runs_of(block.content, words))
        case Card():
            yield label_paragraph((*plain_runs(f"{block.number}. "), *runs_of(block.claim, words)))
            for row in block.rows:
                yield label_paragraph(runs_of(row.label, words))
                yield SlideParagraph(runs_of(row.content, words))
            yield from paragraphs_of(block.blocks, words, depth)
        case BulletList() | Steps():
            yield from block_paragraphs(block, words, depth)
        case _:
            assert_never(block)


def object_paragraphs(block: ObjectBlock, words: FixedWords) -> Iterator[SlideParagraph]:
    """Yield in words what would be a table, a drawing or a bubble on a slide: for notes, and inside lists."""
    match block:
        case Fork():
            yield from fork_paragraphs(block, words)
        case Script():
            yield label_paragraph(runs_of(block.situation, words))
            yield SlideParagraph(quoted_runs(runs_of(block.words, words), words))
            yield SlideParagraph(runs_of(block.advice, words))
        case Comparison():
            yield from comparison_paragraphs(block, words)
        case Table():
            yield label_paragraph(runs_of(block.caption, words))
            for cells in (*block.head, *block.body):
                yield SlideParagraph(join_runs(tuple(runs_of(cell.content, words) for cell in cells)))
        case Figure():
            yield label_paragraph(runs_of(block.title, words))
            for _, text in block.labels:
                yield SlideParagraph(plain_runs(text), "bullet")
            yield SlideParagraph(runs_of(block.how_to_read, words))
        case Chart():
            yield label_paragraph(runs_of(block.title, words))
            for texts in chart_rows(block):
                yield SlideParagraph(join_runs(tuple(plain_runs(each) for each in texts)))
            yield SlideParagraph(runs_of(block.how_to_read, words))
        case Contacts():
            for contact in block.contacts:
                yield SlideParagraph(contact_runs(contact, words), "bullet")
        case Sources():
            for source in block.sources:
                yield source_paragraph(source, words)
        case Picture():
            yield SlideParagraph(runs_of(block.caption, words))
        case QrCode():
            yield SlideParagraph(runs_of(block.caption, words))
            yield SlideParagraph((with_link(TextRun(block.target), block.target, link_tooltip(block.target, words)),))
        case _:
            assert_never(block)


def fork_paragraphs(block: Fork, words: FixedWords) -> Iterator[SlideParagraph]:
    """Yield the question and each answer of a fork."""
    yield label_paragraph(runs_of(block.question, words))
    for branch in block.branches:
        yield label_paragraph(runs_of(branch.title, words))
        yield from paragraphs_of(branch.blocks, words)


def comparison_paragraphs(block: Comparison, words: FixedWords) -> Iterator[SlideParagraph]:
    """Yield what to do, then what not to do."""
    for side, column in ((block.left, 0), (block.right, 1)):
        yield label_paragraph(runs_of(side, words))
        for row in block.rows:
            yield SlideParagraph(runs_of(row[column], words), "bullet")


def label_paragraph(runs: Runs) -> SlideParagraph:
    """Return a label."""
    return SlideParagraph(runs, "label")


def join_runs(parts: tuple[Runs, ...]) -> Runs:
    """Return `parts` in one line with dots between them."""
    found: Runs = ()
    for part in parts:
        found = (*found, TextRun(SEPARATOR), *part) if found and part else (*found, *part)
    return found


def quoted_runs(runs: Runs, words: FixedWords) -> Runs:
    """Return `runs` between quotation marks."""
    return (TextRun(words.say("open_quote")), *runs, TextRun(words.say("close_quote"))) if runs else ()


def contact_runs(contact: Contact, words: FixedWords) -> Runs:
    """Return one contact in one line, its number bold."""
    where = link_tooltip(contact.target, words, contact.number)
    name = with_link(TextRun(contact.name), contact.target, where) if contact.name else None
    parts = (
        plain_runs(contact.need),
        (name,) if name else (),
        plain_runs(contact.number, bold=True),
        plain_runs(contact.how),
        plain_runs(contact.note),
    )
    return join_runs(parts)


def source_paragraph(source: Source, words: FixedWords) -> SlideParagraph:
    """Return one entry of the list of sources: its number, then what it says; the number leads to the source."""
    number = with_link(TextRun(str(source.number)), source.target, link_tooltip(source.target, words))
    said = (replace(run, text=with_unbroken_ranges(run.text)) for run in runs_of(source.content, words))
    return SlideParagraph((number, TextRun("\t"), *said), source=source.key)


def is_object_block(block: Block) -> bool:
    """True if `block` needs a table, a drawing, a picture or a bubble."""
    return isinstance(block, ObjectBlock)


def flatten_blocks(blocks: Blocks) -> Iterator[Block]:
    """Yield `blocks`, those that hold more than text opened, so that what is in them can be shown."""
    for block in blocks:
        match block:
            case Labelled() if any(map(is_object_block, block.blocks)):
                yield Heading(3, block.label, at=block.at)
                yield from flatten_blocks(block.blocks)
            case Callout() if any(map(is_object_block, block.blocks)):
                yield Heading(3, block.title, at=block.at)
                yield from flatten_blocks(block.blocks)
            case Card() if any(map(is_object_block, block.blocks)):
                yield replace(block, blocks=())
                yield from flatten_blocks(block.blocks)
            case _:
                yield block


def with_unbroken_ranges(text: str) -> str:
    """Return `text` so that no program ends a line inside a range of pages, as they do after its dash."""
    return PAGE_RANGE.sub(f"\\g<0>{WORD_JOINER}", text)
