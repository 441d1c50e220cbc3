"""A finished PDF against its document: nothing lost, nothing more, nothing off the page, tags and alt texts there.

What is read from the bytes and a document in, findings out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import (
    Block,
    Callout,
    Comparison,
    Contacts,
    Document,
    FillTable,
    Fork,
    Heading,
    Inlines,
    Table,
    Worksheet,
    covers_alone,
    plain,
    walk,
)
from handouts.finding import NOWHERE, Finding, error
from handouts.verify.expected import Fixed, Stretch, alts_of, crisis_stretches, fixed_words, squeezed, stretches_of
from handouts.verify.matching import HINT, Chain, compare, lost
from handouts.verify.pages import UNMARKED, ReadPage, ReadPdf

BROKEN = re.compile("[\x00\ufffd\ufffe]")


class Told(Struct, frozen=True):
    """All that one block has to say, ready to be looked for.

    `heads` are titles and heads of tables, which may stand again, `copied` the words of cards that are copied.
    """

    stretches: Chain
    alts: Chain
    heads: tuple[str, ...]
    copied: tuple[str, ...]


def told_by(block: Block) -> Told:
    """Return what a block has to say."""
    return Told(tuple(stretches_of(block)), tuple(alts_of(block)), tuple(heads_of(block)), tuple(copied_of(block)))


# Handouts of a batch differ in a block or two; those of three readers have some hundred and sixty.
remembered = lru_cache(maxsize=200)(told_by)


def check_handout(read: ReadPdf, document: Document) -> Iterator[Finding]:
    """Yield what is wrong with a handout: its words are there in the order of its tags, and no others."""
    if any(check_told(read, document, [remembered(block) for block in document.blocks])):
        # Findings name places, which equal blocks need not share.
        yield from check_told(read, document, [told_by(block) for block in document.blocks])


def check_told(read: ReadPdf, document: Document, told: Sequence[Told]) -> Iterator[Finding]:
    """Yield what is wrong with a handout that has to say what is `told` by its blocks."""
    fixed = fixed_words(document)
    chain = tuple(each for block in told for each in block.stretches)
    found, rest = without_box(read.pages, calls_of(document, boxed=True))
    yield from found
    yield from compare(rest, (chain,), fixed, "the handout")
    alts = [each for block in told for each in block.alts]
    yield from check_alts(read, alts, fixed.with_words(*(each.text for each in chain)))
    known = fixed.with_words(*(each for block in told for each in (*block.copied, *block.heads)))
    yield from check_feet(read.pages, page_feet(read.pages, document), known)


def without_box(pages: Sequence[ReadPage], calls: Chain) -> tuple[tuple[Finding, ...], list[str]]:
    """Return what is wrong with the crisis box, which is a section of its own on one page, and all other paragraphs."""
    rest: list[str] = []
    missing = tuple(lost(each, "the crisis box") for each in calls)
    for page in pages:
        for section, group in groupby(page.paragraphs, key=lambda each: each.block.sections[:1]):
            texts = [each.text for each in group]
            if section and missing and not any(compare(texts, (calls,), Fixed({}), "")):
                missing = ()
            else:
                rest += texts
    return missing, rest


def calls_of(document: Document, *, boxed: bool) -> Chain:
    """Return whom to call: the words of the crisis box, or of the line at the foot of a slide."""
    crisis = document.crisis
    return tuple(crisis_stretches(replace(crisis, short=()) if boxed else replace(crisis, columns=())))


def check_print(read: ReadPdf, document: Document) -> Iterator[Finding]:
    """Yield what is missing on sheets to print and fold, where pages stand in another order than they are read."""
    text = squeezed("".join(each.text for page in read.pages for each in page.texts))
    for stretch in stretches_of(document.blocks):
        if stretch.text not in text and not spread(stretch.text, text):
            yield lost(stretch, "the booklet")


def spread(words: str, text: str) -> bool:
    """True if words stand in a text in two pieces, as they do where a page ends between them."""
    return any(words[:cut] in text and words[cut:] in text for cut in range(1, len(words)))


def check_pages(read: ReadPdf, *, tagged: bool) -> Iterator[Finding]:
    """Yield what is wrong whatever a file says: no tags, no title, letters without a meaning, words off the page."""
    if tagged and not (read.tagged and any(page.elements for page in read.pages)):
        yield error("missing-tags", "The file has no structure for a screen reader.", NOWHERE, HINT)
    if not read.title.strip():
        yield error("missing-tags", "The file has no title.", NOWHERE, HINT)
    for number, page in enumerate(read.pages, 1):
        broken = next((each.text for each in page.texts if BROKEN.search(each.text)), None)
        if broken is not None:
            message = f"On page {number} a letter has no meaning, in “{BROKEN.sub('?', broken)[:60]}”."
            yield error("missing-glyph", message, NOWHERE, HINT)
        outside = next((each.text for each in page.texts if not each.inside and each.text.strip()), None)
        if outside is not None:
            yield error("outside-page", f"“{outside.strip()[:60]}” leaves page {number}.", NOWHERE, HINT)


def check_alts(read: ReadPdf, wanted: Iterable[Stretch], composed: Fixed) -> Iterator[Finding]:
    """Yield each drawing without its `wanted` alt text, and each alt text that says what was not `composed`."""
    found = {squeezed(each.alt) for page in read.pages for each in page.elements if each.alt}
    for stretch in wanted:
        if stretch.text not in found:
            yield error("missing-alt", f"“{stretch.text[:60]}” is no alt text in the file.", stretch.at, HINT)
    known = composed.with_words(*(each.text for each in wanted))
    for alt in sorted(found):
        yield from compare((alt,), (), known, "an alt text")


# ---------------------------------------------------------------- the foot of each page


def check_feet(pages: Sequence[ReadPage], feet: Sequence[Sequence[Chain]], known: Fixed) -> Iterator[Finding]:
    """Yield each page whose head and `feet` lack words that they have to have, or say more than is `known`."""
    for number, (page, wanted) in enumerate(zip(pages, feet, strict=True), 1):
        yield from compare(page.artifacts, wanted, known, f"the head or foot of page {number}")


def page_feet(pages: Sequence[ReadPage], document: Document) -> list[tuple[Chain, ...]]:
    """Return what has to stand around each page: its foot and number, after the first what most of them have.

    A cover that stands alone has none; on the first page after it the crisis box is read.
    """
    alone = 1 if covers_alone(document) else 0
    texts = [tuple(map(squeezed, page.artifacts)) for page in pages[alone + 1 :]]
    heads = (squeezed(each) for each in (document.running_title, document.label))
    usual = (calls_of(document, boxed=True), *single(each for each in heads if is_usual(each, texts)))
    feet = [
        (*single((document.foot, document.words.say("page", n=number, m=len(pages)))),)
        for number in range(1, len(pages) + 1)
    ]
    return [((), foot, (*foot, *usual))[min(number + 1 - alone, 2)] for number, foot in enumerate(feet)]


def single(texts: Iterable[str]) -> Iterator[Chain]:
    """Yield each text as one that may stand anywhere."""
    return ((Stretch(squeezed(each), NOWHERE),) for each in texts)


def heads_of(block: Block) -> Iterator[str]:
    """Yield the words of titles, of the heads of tables, those of a row together, and what contacts are for."""
    if isinstance(block, Heading | Fork | Worksheet):
        yield squeezed(plain(title_of(block)))
    for node in walk(block):
        if isinstance(node, Comparison):
            yield "".join(each.text for each in stretches_of((node.left, node.right)))
        elif isinstance(node, FillTable | Table):
            yield "".join(each.text for each in stretches_of(node.head))
            yield "".join(each.text for each in stretches_of(node.caption))
        elif isinstance(node, Contacts):
            yield from (squeezed(contact.need) for contact in node.contacts)


def copied_of(block: Block) -> Iterator[str]:
    """Yield the words of a card to cut out, copies of which fill its sheet."""
    if isinstance(block, Callout) and block.cut:
        yield from (each.text for each in stretches_of(block))


def title_of(block: Heading | Fork | Worksheet) -> Inlines:
    """Return the title that is repeated on a page on which what it heads goes on."""
    match block:
        case Heading():
            return block.content
        case Fork():
            return block.question
        case Worksheet(blocks=(Heading() as title, *_)):
            return title.content
        case _:
            return ()


def is_usual(words: str, pages: Sequence[Sequence[str]]) -> bool:
    """True if words belong to head and foot: most pages after the first have them there as a text of its own."""
    return 2 * sum(words in texts for texts in pages) > len(pages)


def words_of_pages(read: ReadPdf) -> Iterable[str]:
    """Return all texts of a file, alt texts included, in which others' words might stand."""
    for page in read.pages:
        yield from (each.text for each in page.paragraphs)
        yield from (each.text for each in page.texts if each.mark == UNMARKED)
        yield from (each.alt for each in page.elements if each.alt)
