"""Check the pages of a finished PDF against its Document: words by `matching`, edges, tags, alt texts, heads and feet.

Takes what `pdf_reader` read and a Document; returns findings. Also checks crisis boxes, and sheets for print.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby

from msgspec import Struct

from handouts.document import nodes
from handouts.document.text import fingerprint, plain, walk
from handouts.finding import NOWHERE, Finding, error
from handouts.render_cache import RenderCache
from handouts.verify.expected import (
    AllowedTexts,
    ExpectedText,
    allowed_texts,
    expected_by_role,
    expected_texts,
    normalized_text,
)
from handouts.verify.matching import BUG_HINT, TextChain, check_alts, check_extra_texts, compare_texts, lost_text_error
from handouts.verify.pdf_reader import UNMARKED, ReadPage, ReadPdf

_UNREADABLE_CHARACTER = re.compile("[\x00\ufffd\ufffe]")


class _ExpectedBlock(Struct, frozen=True):
    """The texts of one block in reading order, and its alt texts.

    `heads` are titles and table heads, which may be repeated; `copied` the words of a wallet card, of which copies fill
    a sheet.
    """

    texts: TextChain
    alts: TextChain
    heads: tuple[str, ...]
    copied: tuple[str, ...]


def _expected_block(block: nodes.Block) -> _ExpectedBlock:
    """Return the expected texts of a block."""
    texts = tuple(expected_texts(block))
    copied = tuple(each.text for each in texts) if isinstance(block, nodes.Callout) and block.cut else ()
    return _ExpectedBlock(texts, expected_by_role(block, "alt"), tuple(_repeated_heads(block)), copied)


def check_handout(read: ReadPdf, document: nodes.Document, cache: RenderCache) -> Iterator[Finding]:
    """Yield what is wrong with a handout: its words are there in the order of its tags, and no others."""
    fixed = allowed_texts(document, cache)
    expected = [
        cache.get_or_compute((_expected_block, fingerprint(block)), partial(_expected_block, block))
        for block in document.blocks
    ]
    chain = tuple(each for block in expected for each in block.texts)
    found, rest = _split_crisis_box(read.pages, crisis_chain(document, boxed=True))
    yield from found
    yield from compare_texts(rest, (chain,), fixed, "the handout")
    alts = [each for block in expected for each in block.alts]
    yield from check_pdf_alts(read, alts, fixed.with_words(*(each.text for each in chain)))
    known = fixed.with_words(*(each for block in expected for each in (*block.copied, *block.heads)))
    yield from check_page_feet(read.pages, expected_page_feet(read.pages, document), known)


def _split_crisis_box(pages: Sequence[ReadPage], calls: TextChain) -> tuple[tuple[Finding, ...], list[str]]:
    """Return what is wrong with the crisis box, which is a section of its own on one page, and all other paragraphs."""
    rest: list[str] = []
    missing = tuple(lost_text_error(each, "the crisis box") for each in calls)
    for page in pages:
        for section, group in groupby(page.paragraphs, key=lambda each: each.block.sections[:1]):
            texts = [each.text for each in group]
            if section and missing and not any(compare_texts(texts, (calls,), AllowedTexts({}), "")):
                missing = ()
            else:
                rest += texts
    return missing, rest


def crisis_chain(document: nodes.Document, *, boxed: bool) -> TextChain:
    """Return the words of the crisis box, or of the crisis line at the foot of a slide."""
    crisis = document.crisis
    return tuple(expected_texts(crisis.columns if boxed else crisis.short))


def check_print(read: ReadPdf, document: nodes.Document) -> Iterator[Finding]:
    """Yield what is missing on sheets to print and fold, whose pages are out of reading order."""
    text = normalized_text("".join(each.text for page in read.pages for each in page.texts))
    for each in expected_texts(document.blocks):
        # A page may end between its words.
        halves = ((each.text[:cut], each.text[cut:]) for cut in range(len(each.text)))
        if not any(start in text and end in text for start, end in halves):
            yield lost_text_error(each, "the booklet")


def check_pages(read: ReadPdf, *, tagged: bool) -> Iterator[Finding]:
    """Yield faults other than in the words: no tags, no title, unreadable characters, words off the page."""
    if tagged and not (read.tagged and any(page.elements for page in read.pages)):
        yield error("missing-tags", "The file has no structure for a screen reader.", NOWHERE, BUG_HINT)
    if not read.title.strip():
        yield error("missing-tags", "The file has no title.", NOWHERE, BUG_HINT)
    for number, page in enumerate(read.pages, 1):
        broken = next((each.text for each in page.texts if _UNREADABLE_CHARACTER.search(each.text)), None)
        if broken is not None:
            message = f"On page {number} a letter has no meaning, in “{_UNREADABLE_CHARACTER.sub('?', broken)[:60]}”."
            yield error("missing-glyph", message, NOWHERE, BUG_HINT)
        outside = next((each.text for each in page.texts if not each.inside and each.text.strip()), None)
        if outside is not None:
            yield error("outside-page", f"“{outside.strip()[:60]}” leaves page {number}.", NOWHERE, BUG_HINT)


def check_pdf_alts(read: ReadPdf, wanted: Sequence[ExpectedText], composed: AllowedTexts) -> Iterator[Finding]:
    """Yield each of the `wanted` alt texts that is missing, and each alt text with words that were not `composed`."""
    found = {normalized_text(each.alt) for page in read.pages for each in page.elements if each.alt}
    yield from check_alts(wanted, found)
    yield from check_extra_texts(found, composed.with_words(*(each.text for each in wanted)), "an alt text")


# ---------------------------------------------------------------- the foot of each page


def check_page_feet(
    pages: Sequence[ReadPage], feet: Sequence[Sequence[TextChain]], known: AllowedTexts
) -> Iterator[Finding]:
    """Yield each page whose head and foot lack words of `feet`, or have words that are not `known`."""
    for number, (page, wanted) in enumerate(zip(pages, feet, strict=True), 1):
        yield from compare_texts(page.artifacts, wanted, known, f"the head or foot of page {number}")


def expected_page_feet(pages: Sequence[ReadPage], document: nodes.Document) -> list[tuple[TextChain, ...]]:
    """Return the expected head and foot of each page: foot and number, from the second page also crisis box and heads.

    A cover alone has none; the crisis box of the first page after it is tagged, and checked with the text.
    """
    first = 1 if nodes.covers_alone(document) else 0  # the first page with a foot
    texts = [tuple(map(normalized_text, page.artifacts)) for page in pages[first + 1 :]]
    heads = (normalized_text(each) for each in (document.running_title, document.label))
    on_most = (each for each in heads if 2 * sum(each in page for page in texts) > len(texts))
    usual = (crisis_chain(document, boxed=True), *_single_chains(on_most))
    count = len(pages)
    feet = [
        tuple(_single_chains((document.foot, document.words.say("page", n=number, m=count))))
        for number in range(1, count + 1)
    ]
    return [() if number < first else foot if number == first else (*foot, *usual) for number, foot in enumerate(feet)]


def _single_chains(texts: Iterable[str]) -> Iterator[TextChain]:
    """Yield each text as a chain of its own, which may stand anywhere."""
    return ((ExpectedText(normalized_text(each), NOWHERE),) for each in texts)


def _repeated_heads(block: nodes.Block) -> Iterator[str]:
    """Yield texts that may be repeated: titles, header rows of tables as one text each, and the needs of contacts."""
    match block:
        case (
            nodes.Heading(content=title)
            | nodes.Fork(question=title)
            | nodes.Worksheet(blocks=(nodes.Heading(content=title), *_))
        ):
            yield normalized_text(plain(title))
    for node in walk(block):
        if isinstance(node, nodes.Comparison):
            yield "".join(each.text for each in expected_texts((node.left, node.right)))
        elif isinstance(node, nodes.FillTable | nodes.Table):
            yield "".join(each.text for each in expected_texts(node.head))
            yield "".join(each.text for each in expected_texts(node.caption))
        elif isinstance(node, nodes.Contacts):
            yield from (normalized_text(contact.need) for contact in node.contacts)


def texts_of_pages(read: ReadPdf) -> Iterator[str]:
    """Yield all texts of a PDF, alt texts included, for the search for leaks."""
    for page in read.pages:
        yield from (each.text for each in page.paragraphs)
        yield from (each.text for each in page.texts if each.mark == UNMARKED)
        yield from (each.alt for each in page.elements if each.alt)
