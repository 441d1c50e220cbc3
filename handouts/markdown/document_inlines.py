"""Turn inline nodes of the syntax tree into inline nodes of the Document, and read titles, alt texts and paragraphs.

Each function takes what a fence holds, returns what it was asked for, and gathers a finding if it is missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.document import nodes as document
from handouts.document.nodes import Inlines, Text
from handouts.document.text import plain
from handouts.finding import Finding, Location, error
from handouts.markdown import syntax_tree as tree

_SPACES = re.compile(r"[ \n]+")
ON_EVERY_LIST = "*"  # among the names that a contact is asked for by: it stands in lists that ask for no need


class Facts(Struct, frozen=True):
    """What blocks refer to: numbers of sources by key, contacts by needs, both lists of sources, pictures by file.

    Contacts with ON_EVERY_LIST among their names belong to lists without needs; all are those of `country`, if one is
    set. `whole` is false while a part is checked alone, before a template places it.
    """

    numbers: Mapping[str, int] = field(default_factory=dict)
    contacts: tuple[tuple[frozenset[str], document.Contact], ...] = ()
    sources: tuple[document.Source, ...] = ()
    short: tuple[document.Source, ...] = ()
    pictures: Mapping[str, document.Pixels | document.Outlines] = field(default_factory=dict)
    whole: bool = False
    country: str = ""


class ConversionContext(Struct, frozen=True):
    """The facts, and the findings so far."""

    facts: Facts
    findings: list[Finding]

    def wrong(self, message: str, at: Location, hint: str) -> None:
        """Add an error about the structure of blocks."""
        self.findings.append(error("structure", message, at, hint))


def sign_of(name: str, context: ConversionContext) -> document.Sign:
    """Return the sign with a name: a picture of the project that is called so, or the name itself."""
    picture = context.facts.pictures.get(name)
    return picture if isinstance(picture, document.Outlines) else name


def inlines_of(content: tree.Inlines, context: ConversionContext) -> document.Inlines:
    """Return `content` as inline nodes of the Document, with single spaces and none at its ends."""
    made, _ = _with_single_spaces(_all_inlines(content, context), after_space=True)
    return _without_last_space(made)


def _inline_of(node: tree.Inline, context: ConversionContext) -> document.Inlines:
    """Return one inline node of the Document; a span that only names a term becomes its words."""
    match node:
        case tree.TextNode():
            return (document.Text(node.text, at=node.at),)
        case tree.StrongNode():
            return (document.Strong(_all_inlines(node.content, context)),)
        case tree.LinkNode():
            return (document.Link(_all_inlines(node.content, context), node.target, node.title),)
        case tree.CitationNode():
            keys = tuple(key.text for key in node.keys)
            return (document.Citation(keys, tuple(context.facts.numbers.get(key, 0) for key in keys)),)
        case tree.SpanNode():
            content = _all_inlines(node.content, context)
            language = node.attributes.value("language")
            return (document.Foreign(content, language),) if language else content
        case tree.PartMark():
            raise AssertionError(f"the mark at {node.at} was never replaced by its part")
        case _:
            assert_never(node)


def _all_inlines(content: tree.Inlines, context: ConversionContext) -> document.Inlines:
    """Return `content` as inline nodes of the Document."""
    return tuple(each for node in content for each in _inline_of(node, context))


def _with_single_spaces(content: document.Inlines, *, after_space: bool) -> tuple[document.Inlines, bool]:
    """Return `content` with single spaces and neighbouring texts joined, and whether it ends with a space."""
    result: list[document.Inline] = []
    for node in content:
        match node:
            case document.Text():
                text = _SPACES.sub(" ", node.text)
                text = text[1:] if after_space and text.startswith(" ") else text
                if text:
                    after_space = text.endswith(" ")
                    result.append(replace(node, text=text))
            case document.Citation():
                after_space = False
                result.append(node)
            case _:
                inner, after_space = _with_single_spaces(node.content, after_space=after_space)
                result.append(replace(node, content=inner))
    return _joined_texts(result), after_space


def _joined_texts(nodes: list[document.Inline]) -> document.Inlines:
    """Return `nodes` with neighbouring texts as one."""
    result: list[document.Inline] = []
    for node in nodes:
        last = result[-1] if result else None
        if isinstance(node, document.Text) and isinstance(last, document.Text):
            result[-1] = replace(last, text=last.text + node.text)
        else:
            result.append(node)
    return tuple(result)


def _without_last_space(content: document.Inlines) -> document.Inlines:
    """Return `content` without the space at its end."""
    if not content or isinstance(content[-1], document.Citation):
        return content
    last = content[-1]
    if isinstance(last, document.Text):
        text = last.text.rstrip(" ")
        return (*content[:-1], replace(last, text=text)) if text else _without_last_space(content[:-1])
    return (*content[:-1], replace(last, content=_without_last_space(last.content)))


def take_title(div: tree.Div, context: ConversionContext, level: int = 3) -> tuple[document.Inlines, tree.Blocks]:
    """Return the heading that a div begins with, and what comes after it."""
    first = div.blocks[0] if div.blocks else None
    hashes = "#" * level
    if not isinstance(first, tree.HeadingNode):
        message = f"'{div.attributes.kind}' begins with a title."
        context.wrong(message, first.at if first else div.at, f"write {hashes} and the title, and leave a line blank")
        return (), div.blocks
    if first.level != level:
        context.wrong(f"The title of '{div.attributes.kind}' has {level} signs #.", first.at, f"write {hashes}")
    return inlines_of(first.content, context), div.blocks[1:]


def take_alt(div: tree.Div, blocks: tree.Blocks, context: ConversionContext) -> tuple[str | None, tree.Blocks]:
    """Return the alt text of a drawing, or None if there is not exactly one, and the other `blocks` of its div."""
    alts = [block for block in blocks if tree.is_div(block, "alt")]
    rest = tuple(block for block in blocks if block not in alts)
    if len(alts) != 1:
        message = f"A {div.attributes.kind} says once what it shows."
        context.wrong(message, alts[1].at if alts else div.at, "add ::: {.alt}, words, :::")
        return None, rest
    alt = plain_text(paragraphs_as_one(alts[0].blocks, "'alt'", context), "'alt'", alts[0].at, context)
    if not alt:
        context.wrong("'alt' is empty.", alts[0].at, "say what the drawing shows")
    return alt, rest


def one_paragraph(blocks: tree.Blocks, what: str, at: Location, context: ConversionContext) -> document.Inlines:
    """Return the words of `blocks`, which must be one paragraph; messages call it `what`."""
    if len(blocks) == 1 and isinstance(blocks[0], tree.ParagraphNode):
        return inlines_of(blocks[0].content, context)
    place = blocks[1].at if len(blocks) > 1 else blocks[0].at if blocks else at
    context.wrong(f"{what} is one paragraph.", place, "write one paragraph, without a list, title or fence")
    return ()


def paragraphs_as_one(blocks: tree.Blocks, what: str, context: ConversionContext) -> document.Inlines:
    """Return the words of paragraphs, one after the other; any other block is a finding."""
    for block in blocks:
        if not isinstance(block, tree.ParagraphNode):
            context.wrong(f"{what} holds paragraphs only.", block.at, "move it out")
    contents = [block.content for block in blocks if isinstance(block, tree.ParagraphNode)]
    space = tree.TextNode(" ", blocks[0].at) if blocks else None
    return inlines_of(tuple(node for content in contents for node in (*content, *((space,) if space else ()))), context)


def plain_text(content: document.Inlines, what: str, at: Location, context: ConversionContext) -> str:
    """Return `content` as a string; links, citations and other marks in it are a finding."""
    if not all(isinstance(node, document.Text) for node in content):
        context.wrong(f"{what} holds plain words only.", at, "write it without links, sources and **")
    return plain(content)


def report_content(div: tree.Div, context: ConversionContext) -> None:
    """Report blocks in a div whose contents are generated."""
    if div.blocks:
        context.wrong(f"'{div.attributes.kind}' fills itself.", div.blocks[0].at, "move this out, before or after it")


def place_of(node: tree.HeadingNode | tree.Div) -> Location:
    """Return where a title was written: in content if a template only places it."""
    heading = node if isinstance(node, tree.HeadingNode) else node.blocks[0] if node.blocks else None
    return heading.content[0].at if isinstance(heading, tree.HeadingNode) and heading.content else node.at


_SENTENCE_ENDS = ".!?…"


def headline(title: Inlines) -> Inlines:
    """Return `title` as a slide shows it: without the full stop of a single sentence."""
    last = title[-1] if title else None
    if not isinstance(last, Text) or headline_words(plain(title)) == plain(title):
        return title
    return (*title[:-1], replace(last, text=last.text[:-1]))


def headline_words(title: str) -> str:
    """Return a title as a slide shows it, as a string; a lone full stop stays."""
    said, stop = title[:-1], title[-1:]
    single = stop == "." and bool(said.strip()) and not any(mark in said for mark in _SENTENCE_ENDS)
    return said if single else title
