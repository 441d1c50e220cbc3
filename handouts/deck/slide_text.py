"""Turn blocks and inline nodes into paragraphs of runs with levels, for slides and for speaker notes.

For notes and inside lists, tables, figures and other object blocks become words here. Measures nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias, assert_never

from msgspec.structs import replace

from handouts.deck.planned_slides import SlideParagraph, SlideParagraphs, TextLevel, TextRun
from handouts.document import nodes
from handouts.document.nodes import LINK_SCHEMES, Block, Blocks, FixedWords, Inline, Inlines
from handouts.document.text import chart_rows, link_tooltip, plain, texts_of

NO_BREAK_SPACE = "\u00a0"
SOURCE_TAB = "\t"  # the run between the number of a source and its text
SEPARATOR = " · "
_WORD_JOINER = "\u2060"  # has no width, and lines do not end at it
_PAGE_RANGE = re.compile(r"(?<=\d)[-–](?=\d)")
_BULLET_LEVELS: tuple[TextLevel, ...] = ("bullet", "bullet2", "bullet3")
_PLAIN = TextRun("")

Runs: TypeAlias = tuple[TextRun, ...]
_ObjectBlock: TypeAlias = (
    nodes.Fork
    | nodes.Script
    | nodes.Comparison
    | nodes.Table
    | nodes.Figure
    | nodes.Chart
    | nodes.Contacts
    | nodes.Sources
    | nodes.QrCode
    | nodes.Picture
)


def runs_of(content: Inlines, words: FixedWords, base: TextRun = _PLAIN) -> Runs:
    """Return the runs of `content`, which take weight, link and language from `base` where they have none."""
    return tuple(run for inline in content for run in _inline_runs(inline, words, base))


def _inline_runs(inline: Inline, words: FixedWords, base: TextRun) -> Runs:
    """Return the runs of one inline node."""
    match inline:
        case nodes.Text():
            return (replace(base, text=inline.text),)
        case nodes.Strong():
            return runs_of(inline.content, words, replace(base, bold=True))
        case nodes.Foreign():
            return runs_of(inline.content, words, replace(base, language=inline.language))
        case nodes.Link():
            tooltip = inline.title or link_tooltip(inline.target, words, plain(inline.content))
            return runs_of(inline.content, words, with_link(base, inline.target, tooltip))
        case nodes.Citation():
            return _citation_runs(inline, words, base)
        case _:
            assert_never(inline)


def with_link(run: TextRun, target: str, tooltip: str) -> TextRun:
    """Return `run` with a link, if `target` is an address that may be opened."""
    return replace(run, target=target, tooltip=tooltip) if target.startswith(LINK_SCHEMES) else run


def _citation_runs(citation: nodes.Citation, words: FixedWords, base: TextRun) -> Runs:
    """Return [3, 5], each number with a link to its entry in the list of sources."""
    runs = [replace(base, text="[")]
    for index, (key, number) in enumerate(zip(citation.keys, citation.numbers, strict=True)):
        if index:
            runs.append(replace(base, text=", "))
        runs.append(replace(base, text=str(number), source=key, tooltip=words.say("source_link", n=number)))
    return (*runs, replace(base, text="]"))


def plain_runs(text: str, *, bold: bool = False) -> Runs:
    """Return plain words as runs; nothing if there are none."""
    return (TextRun(text, bold),) if text else ()


def join_runs(parts: Iterable[Runs]) -> Runs:
    """Return the non-empty `parts` in one line with dots between them."""
    joined: Runs = ()
    for part in parts:
        joined = (*joined, TextRun(SEPARATOR), *part) if joined and part else (*joined, *part)
    return joined


def text_paragraph(content: Inlines, words: FixedWords, level: TextLevel = "text") -> SlideParagraph:
    """Return `content` as one paragraph."""
    return SlideParagraph(runs_of(content, words), level)


def paragraphs_of(blocks: Blocks, words: FixedWords, depth: int = 0) -> SlideParagraphs:
    """Return all words of `blocks` as paragraphs, in reading order; `depth` counts the lists around them."""
    return tuple(each for block in blocks for each in _block_paragraphs(block, words, depth) if each.runs)


def _block_paragraphs(block: Block, words: FixedWords, depth: int) -> Iterator[SlideParagraph]:
    """Yield the words of one block as paragraphs, some of which may be empty."""
    match block:
        case nodes.Heading():
            yield text_paragraph(block.content, words, "label")
        case nodes.Paragraph():
            yield text_paragraph(block.content, words)
        case nodes.BulletList():
            for item in block.items:
                yield from _item_paragraphs(item, _BULLET_LEVELS[min(depth, 2)], 0, words, depth + 1)
        case nodes.Steps():
            for number, item in enumerate(block.items, 1):
                yield from _item_paragraphs(item, "step2" if depth else "step", number, words, depth + 1)
        case nodes.Labelled(label=title, blocks=inside) | nodes.Callout(title=title, blocks=inside):
            yield text_paragraph(title, words, "label")
            yield from paragraphs_of(inside, words, depth)
        case nodes.Cover():
            yield text_paragraph(block.label, words, "label")
            yield SlideParagraph(runs_of(block.title, words, TextRun("", bold=True)))
            yield text_paragraph(block.subtitle, words)
        case nodes.Card():
            yield SlideParagraph((TextRun(f"{block.number}. "), *runs_of(block.claim, words)), "label")
            for row in block.rows:
                yield text_paragraph(row.label, words, "label")
                yield text_paragraph(row.content, words)
            yield from paragraphs_of(block.blocks, words, depth)
        case nodes.Worksheet() | nodes.Writing() | nodes.Choices() | nodes.Scale() | nodes.FillTable():
            return  # a finding of the plan says that nobody can fill in a slide
        case _ if isinstance(block, _ObjectBlock):
            yield from _object_paragraphs(block, words)
        case _:  # a block without lists or tables
            for each in texts_of(block):
                runs = plain_runs(each.content) if isinstance(each.content, str) else runs_of(each.content, words)
                if each.visibility != "hidden":
                    yield SlideParagraph(runs, "label" if each.role in ("label", "heading") else "text")


def _object_paragraphs(block: _ObjectBlock, words: FixedWords) -> Iterator[SlideParagraph]:
    """Yield as words a block that on a slide becomes a table, a drawing or a bubble."""
    match block:
        case nodes.Fork():
            yield text_paragraph(block.question, words, "label")
            for branch in block.branches:
                yield text_paragraph(branch.title, words, "label")
                yield from paragraphs_of(branch.blocks, words)
        case nodes.Script():
            yield text_paragraph(block.situation, words, "label")
            yield text_paragraph(words.quoted(block.words), words)
            yield text_paragraph(block.advice, words)
        case nodes.Comparison():
            for side, column in ((block.left, 0), (block.right, 1)):
                yield text_paragraph(side, words, "label")
                for pair in block.rows:
                    yield text_paragraph(pair[column], words, "bullet")
        case nodes.Table():
            yield text_paragraph(block.caption, words, "label")
            for cells in (*block.head, *block.body):
                yield SlideParagraph(join_runs(runs_of(cell.content, words) for cell in cells))
        case nodes.Figure():
            yield text_paragraph(block.title, words, "label")
            for _, text in block.labels:
                yield SlideParagraph(plain_runs(text), "bullet")
            yield text_paragraph(block.how_to_read, words)
        case nodes.Chart():
            yield text_paragraph(block.title, words, "label")
            for texts in chart_rows(block):
                yield SlideParagraph(join_runs(map(plain_runs, texts)))
            yield text_paragraph(block.how_to_read, words)
        case nodes.Contacts():
            for contact in block.contacts:
                yield SlideParagraph(_contact_runs(contact, words), "bullet")
        case nodes.Sources():
            for source in block.sources:
                yield source_paragraph(source, words)
        case nodes.Picture():
            yield text_paragraph(block.caption, words)
        case nodes.QrCode():
            yield text_paragraph(block.caption, words)
            yield SlideParagraph((with_link(TextRun(block.target), block.target, link_tooltip(block.target, words)),))
        case _:
            assert_never(block)


def _item_paragraphs(
    item: Blocks, level: TextLevel, number: int, words: FixedWords, depth: int
) -> Iterator[SlideParagraph]:
    """Yield one item of a list: its first paragraph with the mark, then the others."""
    first, *others = paragraphs_of(item, words, depth) or (SlideParagraph(()),)
    yield replace(first, level=level, number=number)
    yield from (replace(each, level="within") if each.level == "text" else each for each in others)


def _contact_runs(contact: nodes.Contact, words: FixedWords) -> Runs:
    """Return one contact in one line, its number bold."""
    return join_runs(
        (
            plain_runs(contact.need),
            contact_name_runs(contact, words),
            plain_runs(contact.number, bold=True),
            plain_runs(contact.how),
            plain_runs(contact.note),
        )
    )


def contact_name_runs(contact: nodes.Contact, words: FixedWords) -> Runs:
    """Return the name of a contact with a link to call or write to it; nothing if it has no name."""
    tooltip = link_tooltip(contact.target, words, contact.number)
    return tuple(with_link(run, contact.target, tooltip) for run in plain_runs(contact.name))


def source_paragraph(source: nodes.Source, words: FixedWords) -> SlideParagraph:
    """Return one entry of the list of sources: its number with a link to the source, a tab, and its text.

    Programs may break a line after the dash in a range of pages; a word joiner prevents that.
    """
    number = with_link(TextRun(str(source.number)), source.target, link_tooltip(source.target, words))
    text = (
        replace(run, text=_PAGE_RANGE.sub(rf"\g<0>{_WORD_JOINER}", run.text)) for run in runs_of(source.content, words)
    )
    return SlideParagraph((number, TextRun(SOURCE_TAB), *text), source=source.key)


def is_object_block(block: Block) -> bool:
    """True if `block` needs a table, a drawing, a picture or a bubble."""
    return isinstance(block, _ObjectBlock)


def flatten_blocks(blocks: Blocks) -> Iterator[Block]:
    """Yield `blocks`, with each container of an object block replaced by its label and the blocks in it."""
    for block in blocks:
        match block:
            case nodes.Labelled(label=title, blocks=inside) | nodes.Callout(title=title, blocks=inside) if any(
                map(is_object_block, inside)
            ):
                yield nodes.Heading(3, title, at=block.at)
                yield from flatten_blocks(inside)
            case nodes.Card(blocks=inside) if any(map(is_object_block, inside)):
                yield replace(block, blocks=())
                yield from flatten_blocks(inside)
            case _:
                yield block
