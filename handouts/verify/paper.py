"""A finished PDF against its document: nothing lost, nothing more, nothing off the page, tags and alt texts there.

What is read from the bytes and a document in, findings out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

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
    Slide,
    Table,
    Worksheet,
    covers_alone,
    plain,
    walk,
)
from handouts.finding import NOWHERE, Finding, error
from handouts.verify.expected import Fixed, Stretch, alts_of, crisis_stretches, fixed_words, squeezed, stretches_of
from handouts.verify.matching import HINT, compare_in_order, compare_loosely, extras, lost
from handouts.verify.pages import UNMARKED, ReadPage, ReadPdf

BROKEN = re.compile("[\x00\ufffd\ufffe]")


class Told(Struct, frozen=True):
    """All that one block has to say, ready to be looked for.

    `heads` are titles and heads of tables, which may stand again, `copied` the words of cards that are copied.
    """

    stretches: tuple[Stretch, ...]
    alts: tuple[Stretch, ...]
    heads: tuple[str, ...]
    copied: tuple[str, ...]
    texts: tuple[str, ...]


def told_by(block: Block) -> Told:
    """Return what a block has to say."""
    alts = tuple(alts_of(block))
    texts = (each.text for each in stretches_of(block, numbered=False) if len(each.text) > 1)
    said = (*texts, *(each.text for each in alts))
    return Told(tuple(stretches_of(block)), alts, tuple(heads_of(block)), tuple(copied_of(block)), said)


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
    text = without_crisis(squeezed("".join(page.tagged for page in read.pages)), document)
    yield from compare_in_order(text, (each for block in told for each in block.stretches), fixed, "the handout")
    alts = [each for block in told for each in block.alts]
    yield from check_alts(read, alts, fixed.with_text(*(each for block in told for each in block.texts)))
    known = fixed.with_words(*(each for block in told for each in block.copied))
    yield from check_feet(read.pages, document, known.with_text(*(each for block in told for each in block.heads)))


def without_crisis(text: str, document: Document) -> str:
    """Return the words of a handout without the crisis box of its first page, which is tagged there."""
    columns = replace(document.crisis, short=())
    return text.replace("".join(each.text for each in crisis_stretches(columns)), "", 1)


def check_talk_on_paper(read: ReadPdf, document: Document, *, notes: bool) -> Iterator[Finding]:
    """Yield what is wrong with slides on paper: their words are there, with what is said if it has `notes`."""
    fixed = fixed_words(document).with_text("".join(texts_in(document)))
    text = squeezed("".join(page.tagged for page in read.pages))
    if notes:
        wanted = [each for slide in document.slides for each in on_paper(slide, notes=True)]
        texts = [squeezed(each) for page in read.pages for each in page.paragraphs]
        yield from compare_loosely(texts, wanted, fixed, "the slides on paper")
    else:
        for number, (slide, own) in enumerate(parted(text, document.slides), 1):
            yield from compare_loosely((own,), on_paper(slide, notes=False), fixed, f"slide {number} on paper")
    yield from check_alts(read, tuple(alts_of(document.slides)), fixed.with_text(*texts_in(document)))
    yield from extras((squeezed(page.artifacts) for page in read.pages), fixed, "the foot of a page")


def on_paper(slide: Slide, *, notes: bool) -> Iterator[Stretch]:
    """Yield what stands on paper of a slide, with what is said if it has `notes`; its title without a full stop."""
    title = squeezed(plain(slide.title)).rstrip(".")
    yield Stretch(title, slide.at)
    for each in stretches_of((slide.label, slide.blocks, slide.sender), slide.at, numbered=False):
        if each.text.rstrip(".") != title and (notes or not each.spoken):
            yield each
    if notes:
        yield from stretches_of(slide.notes, numbered=False)


def parted(text: str, slides: Sequence[Slide]) -> Iterator[tuple[Slide, str]]:
    """Yield each slide with its own part of a text: from its title to the next slide's."""
    starts, position = [], 0
    for slide in slides:
        title = squeezed(plain(slide.title)).rstrip(".")
        position = max(text.find(title, position), position)
        starts.append(position)
        position += len(title)
    for slide, start, end in zip(slides, starts, [*starts[1:], len(text)], strict=True):
        yield slide, text[start:end]


def check_print(read: ReadPdf, document: Document) -> Iterator[Finding]:
    """Yield what is missing on sheets to print and fold, where pages stand in another order than they are read."""
    text = squeezed("".join(page.painted for page in read.pages))
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
    found = Counter(squeezed(each.alt) for page in read.pages for each in page.elements if each.alt)
    for stretch in wanted:
        if not found[stretch.text]:
            yield error("missing-alt", f"“{stretch.text[:60]}” is no alt text in the file.", stretch.at, HINT)
    yield from extras(found, composed, "an alt text")


def texts_in(document: Document) -> Iterator[str]:
    """Yield everything that a talk says, of which the alt texts of signs, codes and slides are made."""
    for slide in document.slides:
        yield from (each.text for each in stretches_of(slide.notes, numbered=False))
    yield from (each.text for each in stretches_of(document.slides, numbered=False) if len(each.text) > 1)
    yield from (each.text for each in alts_of(document.slides))


# ---------------------------------------------------------------- the foot of each page


def check_feet(pages: Sequence[ReadPage], document: Document, known: Fixed) -> Iterator[Finding]:
    """Yield each page whose head and foot lack words that those of other pages have, or say more than is `known`."""
    first = 1 if covers_alone(document) else 0
    texts = [squeezed(page.artifacts) for page in pages]
    pieces = {squeezed(each) for each in (document.running_title, document.label) if each}
    box = tuple(crisis_stretches(replace(document.crisis, short=())))
    usual = {each for each in pieces if is_usual(each, texts[first + 1 :])} | {each.text for each in box}
    if not first and pages:
        missing = missing_together(box, squeezed(pages[0].tagged))
        yield from (lost(each, "the crisis box of page 1") for each in missing)
    for number, text in enumerate(texts[first:], first + 1):
        where = f"the head or foot of page {number}"
        count = squeezed(document.words.say("page", n=number, m=len(pages)))
        wanted = {squeezed(document.foot), count} | (usual if number > first + 1 else set())
        yield from (lost(Stretch(each, NOWHERE), where) for each in sorted(wanted) if each not in text)
        yield from extras((text,), known, where)


def missing_together(wanted: Sequence[Stretch], text: str) -> Sequence[Stretch]:
    """Return which of the `wanted` words are not where they stand one after another, with at most a sign between.

    Single words of them may well stand elsewhere on the page.
    """
    if not wanted:
        return ()
    room = sum(len(each.text) + 1 for each in wanted)
    places = (found.start() for found in re.finditer(re.escape(wanted[0].text), text))
    found = [missing_in_order(wanted, text[place : place + room]) for place in places]
    return min(found, key=len, default=wanted)


def missing_in_order(wanted: Iterable[Stretch], text: str) -> Sequence[Stretch]:
    """Return which of the `wanted` words do not stand in a text after those before them."""
    place, missing = 0, []
    for each in wanted:
        start = text.find(each.text, place)
        if start < 0:
            missing.append(each)
        else:
            place = start + len(each.text)
    return missing


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


def is_usual(words: str, texts: Sequence[str]) -> bool:
    """True if words belong to head and foot: most pages after the first have them there."""
    return 2 * sum(words in text for text in texts) > len(texts)


def words_of_pages(read: ReadPdf) -> Iterable[str]:
    """Return all texts of a file, alt texts included, in which others' words might stand."""
    for page in read.pages:
        yield from page.paragraphs
        yield from (each.text for each in page.texts if each.mark == UNMARKED)
        yield from (each.alt for each in page.elements if each.alt)
