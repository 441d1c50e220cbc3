"""A fenced figure to a drawing of the Document: its title, its words by key, how it is read, what it shows in words.

Each word that a drawing has no place for, or cannot count by, is a finding at its own line; what is missing is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import nodes as document
from handouts.figures import FIGURE_KINDS
from handouts.figures.icon_array import parse_count, printed_count
from handouts.finding import Location, closest_name, suggest_name
from handouts.markdown import tree
from handouts.markdown.attributes import Word
from handouts.markdown.making import Making, one_paragraph, paragraphs_as_one, plain_text, take_alt, take_title

LABEL = re.compile(r"(?P<key>[\w-]+):\s+(?P<words>.*)", re.DOTALL)


class Label(Struct, frozen=True):
    """The words that stand at one place of a drawing, with the place of each; no key where none is written."""

    key: Word
    words: Word


def figure_of(div: tree.Div, making: Making) -> document.Blocks:
    """Return a drawing, from a title if it has one, a list of its words, a paragraph below it, and what it shows."""
    titled = bool(div.blocks) and isinstance(div.blocks[0], tree.Heading)
    title, rest = take_title(div, making) if titled else ((), div.blocks)
    alt, rest = take_alt(div, rest, making)
    if alt is None:
        return ()
    listings = [block for block in rest if isinstance(block, tree.Listing)]
    others = tuple(block for block in rest if block not in listings)
    for extra in listings[1:]:
        making.wrong("A figure has one list of words.", extra.at, "join the lists")
    how = paragraphs_as_one(others, "A figure", making)
    name = div.attributes.value("name")
    labels = tuple(each for listing in listings[:1] for each in labels_of(listing, making))
    report_labels(name, labels, div.at, making)
    counts = FIGURE_KINDS[name].counts if name in FIGURE_KINDS else ()
    printed = {
        each.key.text: printed_count(each.words.text) if each.key.text in counts else each.words.text
        for each in labels
        if each.key.text
    }
    return (document.Figure(name, title, tuple(printed.items()), alt, how, at=div.at),)


def labels_of(listing: tree.Listing, making: Making) -> Iterator[Label]:
    """Yield the words of a drawing by key, from items such as `- sign: A sign of distance`."""
    for item in listing.items:
        at = item[0].at
        words = plain_text(one_paragraph(item, "The words in a drawing", at, making), "A drawing", at, making)
        found = LABEL.fullmatch(words)
        if found:
            start = replace(at, column=at.column + found.start("words"))
            yield Label(Word(found["key"], at), Word(found["words"], start))
        elif words:
            yield Label(Word("", at), Word(words, at))


def report_labels(name: str, labels: Sequence[Label], at: Location, making: Making) -> None:
    """Report each label that a drawing cannot use, and once all words that it needs and has not."""
    kind = FIGURE_KINDS.get(name)
    known = (*kind.required, *kind.optional) if kind else ()
    there = [label.key.text for label in labels]
    missing = [key for key in known if key not in there]
    for index, label in enumerate(labels):
        meant = "" if label.key.text in known else closest_name(spelt_key(label), missing)
        missing = [key for key in missing if key != meant]
        if not label.key.text:
            hint = f"write - {meant}: {label.words.text.partition(' ')[2]}" if meant else "write - key: words"
            making.wrong(f"'{label.words.text}' has no key.", label.key.at, hint)
        elif label.key.text in there[:index]:
            making.wrong(f"'{label.key.text}' is there twice.", label.key.at, "give the words for it once")
        elif kind:
            report_label(name, label, meant, making)
    needed = [key for key in missing if kind and key in kind.required]
    if needed:
        message = f"The drawing '{name}' needs words for {' and '.join(map(repr, needed))}."
        making.wrong(message, at, f"add - {needed[0]}: and the words{', and so on' if needed[1:] else ''}")


def spelt_key(label: Label) -> str:
    """Return what was written as the key of a label, or what may be meant as one."""
    return label.key.text or label.words.text.partition(" ")[0]


def report_label(name: str, label: Label, meant: str, making: Making) -> None:
    """Report a label for which a drawing has no place, or by which it cannot count; `meant` is the key it may be."""
    kind, key, words = FIGURE_KINDS[name], label.key, label.words
    known = (*kind.required, *kind.optional)
    if key.text not in known:
        hint = f"did you mean '{meant}'?" if meant else suggest_name(key.text, known)
        making.wrong(f"The drawing '{name}' has no place for '{key.text}'.", key.at, hint)
    elif key.text in kind.counts and parse_count(words.text) is None:
        hint = "write a whole number from 0 to 100, or two, such as 1-3"
        making.wrong(f"'{words.text}' is no count of people.", words.at, hint)
