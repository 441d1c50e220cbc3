"""List what the audiences of a topic read as passages: each is what a reviewer sees as one paragraph at one place.

Selections in, passages out, section by section and part by part in the order of the files, as it was written: before a
template places it, and without the spelling, the contacts and the numbers that a service or a page gives. The same
words have the same key from run to run, for whichever audiences they are asked, also where their lines have moved.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.check.rules import LONGEST_SEARCH, find_words
from handouts.compare import parts_side_by_side, sections_side_by_side
from handouts.compose.assembly import full_reference, short_reference
from handouts.document.nodes import Inlines, Text
from handouts.document.text import plain, texts_of, written_at
from handouts.finding import Location
from handouts.markdown import syntax_tree as tree
from handouts.markdown.document_blocks import blocks_of
from handouts.markdown.document_inlines import ConversionContext, Facts
from handouts.markdown.names import term_name
from handouts.markdown.syntax_tree import Blocks
from handouts.select import SelectedPart, SelectedSection, Selection

SOURCES, TERMS = "(sources)", "(terms)"  # the sections of what a topic cites, and of the words that it explains
_KEY_START, _KEY_LENGTH = "p", 16
_CITED = "[{}]"
_TITLE_ROLES = ("heading", "label")


class ReviewPassage(Struct, frozen=True):
    """What a reader sees as one paragraph, and which `audiences` read it at this place.

    `key` is a name as Word's bookmarks have it. `section` is the id of a section, or the name of its file, and `title`
    what it is called for the first who reads it; `part` the name of the part. `content` has the `words` with what is
    bold, a link or in another language, and each source in a few words. `mark` stands before an item of a list.
    """

    key: str
    section: str
    title: str
    part: str
    role: str
    words: str
    content: Inlines
    at: Location
    audiences: tuple[str, ...]
    mark: str = ""


class _Said(Struct, frozen=True):
    """One paragraph as one audience reads it: the place of its block, by which it is put in order, and its own place.

    `repeat` counts equal paragraphs of one block.
    """

    block_at: Location
    at: Location
    role: str
    content: Inlines
    mark: str
    repeat: int = 0


def review_passages(selections: Sequence[Selection], audiences: Collection[str] = ()) -> tuple[ReviewPassage, ...]:
    """Return what some or all audiences read of one topic in one language.

    `selections` are those of all audiences of the topic: keys tell equal words apart whoever reads them.
    """
    chosen = set(audiences or (each.audience.name for each in selections))
    counts: Counter[str] = Counter()
    passages: list[ReviewPassage] = []
    for each in _all_passages(selections, chosen):
        start = passage_key(each.section, each.words)
        counts[start] += 1
        if readers := tuple(name for name in each.audiences if name in chosen):
            key = f"{start}_{counts[start]}" if counts[start] > 1 else start
            passages.append(replace(each, key=key, audiences=readers))
    return tuple(passages)


def passage_key(section: str, words: str) -> str:
    """Return the key of words in a section; `review_passages` adds _2 to the second passage with the same key."""
    told = "\n".join((section, words))
    return f"{_KEY_START}{hashlib.sha256(told.encode()).hexdigest()[:_KEY_LENGTH]}"


def _all_passages(selections: Sequence[Selection], chosen: Collection[str]) -> Iterator[ReviewPassage]:
    """Yield all passages without their keys; a section has the title that the first of the `chosen` audiences reads."""
    for first, sections in sections_side_by_side(selections):
        name = first.id or Path(first.at.file).stem
        title = _title_of(sections, selections, chosen) or name.replace("-", " ").capitalize()
        for part, parts in parts_side_by_side(sections):
            for said, readers in _shared(
                (selection.audience.name, _texts_of_part(each, selection))
                for selection, each in zip(selections, parts, strict=True)
                if each
            ):
                yield _passage(said, readers, name, title, part)
    for name, listed in ((TERMS, _explained_terms), (SOURCES, _cited_sources)):
        for said, readers in _shared((selection.audience.name, listed(selection)) for selection in selections):
            yield _passage(said, readers, name, "", "")


def _passage(said: _Said, readers: tuple[str, ...], section: str, title: str, part: str) -> ReviewPassage:
    """Return a passage that has no key yet."""
    words = plain(said.content)
    return ReviewPassage("", section, title, part, said.role, words, said.content, said.at, readers, said.mark)


def _title_of(
    sections: Sequence[SelectedSection | None], selections: Sequence[Selection], chosen: Collection[str]
) -> str:
    """Return the title of a section for the first of the `chosen` audiences that reads it: a line, or a heading."""
    for selection, section in zip(selections, sections, strict=True):
        if section and selection.audience.name in chosen:
            lines = [part for part in section.parts if part.holds == "line"]
            texts = (each for part in lines or section.parts for each in _texts_of_part(part, selection))
            return next((plain(each.content) for each in texts if lines or each.role in _TITLE_ROLES), "")
    return ""


def _shared(read: Iterable[tuple[str, Iterable[_Said]]]) -> Iterator[tuple[_Said, tuple[str, ...]]]:
    """Yield each paragraph of a part once, in the order of their blocks, and who reads it there."""
    readers: dict[_Said, list[str]] = {}
    for name, texts in read:
        repeats: Counter[_Said] = Counter()
        for each in texts:
            repeats[each] += 1
            readers.setdefault(replace(each, repeat=repeats[each]), []).append(name)
    for said in sorted(readers, key=lambda each: each.block_at):
        yield said, tuple(readers[said])


# ---------------------------------------------------------------- what one audience reads


def _texts_of_part(part: SelectedPart, selection: Selection) -> Iterator[_Said]:
    """Yield the paragraphs of a part in reading order."""
    context = ConversionContext(Facts(pictures=selection.library.pictures), [])
    mark, seen = "", Counter[str]()
    for each in texts_of(blocks_of(_with_named_sources(part.blocks, selection), context)):
        if each.role == "number":
            mark = f"{each.text}."
            continue
        content = (Text(each.content, at=each.at),) if isinstance(each.content, str) else each.content
        at = written_at(content, each.at)
        if isinstance(each.content, str):
            first = each.content[:LONGEST_SEARCH]
            at = find_words(first, seen[first], each.at, selection.texts) or each.at
            seen[first] += 1
        if each.listed:
            mark = mark or "•"
        yield _Said(each.at, at, "item" if each.listed and each.role == "prose" else each.role, content, mark)
        mark = ""


def _with_named_sources(blocks: Blocks, selection: Selection) -> Blocks:
    """Return blocks in which each citation is the short names of its sources, which do not shift as numbers do."""
    known, words = selection.library.sources, selection.words

    def change(node: tree.Inline) -> tree.Inlines:
        if isinstance(node, tree.CitationNode):
            names = (short_reference(known[key.text], words) if key.text in known else key.text for key in node.keys)
            return (tree.TextNode(_CITED.format("; ".join(names)), node.at),)
        return (node,)

    return tree.rewrite(blocks, change)


def _blocks_of(selection: Selection) -> Blocks:
    """Return all blocks that an audience reads."""
    return tuple(block for section in selection.sections for part in section.parts for block in part.blocks)


def _explained_terms(selection: Selection) -> Iterator[_Said]:
    """Yield the meaning of each term that is explained to an audience, in the order of their first use."""
    known = selection.library.terms
    spans = (node for node in tree.walk_tree(_blocks_of(selection)) if isinstance(node, tree.SpanNode))
    names = dict.fromkeys(term_name(node) for node in spans if node.attributes.kind == "term")
    for term in (known[name] for name in names if name in known):
        if selection.audience.name in term.audiences:
            said = selection.words.say("explained", word=term.name, meaning=term.means)
            yield _Said(term.at, term.at, "prose", (Text(said, at=term.at),), "")


def _cited_sources(selection: Selection) -> Iterator[_Said]:
    """Yield each source that is cited to an audience, in the order of their first citation."""
    known = selection.library.sources
    keys = dict.fromkeys(tree.cited_keys(_blocks_of(selection)))
    for source in (known[key] for key in keys if key in known):
        said = full_reference(source, selection.words)
        yield _Said(source.at, source.at, "source", (Text(said, at=source.at),), "")
