"""Say at the end of a handout what else it can be had as, whom to ask, and where the provider is on the web.

What there is comes from the topic, the number and the page from the provider. A discreet handout leaves addresses out:
they may name the condition, and one that was opened stays in the history of a phone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from handouts.compose.phone_numbers import phone_link, unbreakable_number
from handouts.document.nodes import Document, FixedWords, Inline, Labelled, Link, OtherFormat, Paragraph, QrCode, Text
from handouts.document.text import printed_address
from handouts.select import Selection
from handouts.service import Provider

_LINK_MARK = "\ue000"  # stands where a link goes; no words hold it


def list_other_formats(selection: Selection) -> tuple[OtherFormat, ...]:
    """Return what a reader can have the handout as."""
    audience, language = selection.audience.name, selection.language
    entries = (each for each in selection.topic.other_formats if each.is_for(audience, language))
    return tuple(OtherFormat(selection.words.say(f"format_{each.name}"), each.address, at=each.at) for each in entries)


def without_addresses(formats: tuple[OtherFormat, ...] | None) -> tuple[OtherFormat, ...] | None:
    """Return the same formats, all of them to be asked for."""
    return formats and tuple(replace(each, target="") for each in formats)


def closing_line(document: Document, provider: Provider) -> tuple[Labelled, ...]:
    """Return what the end of a document says of its other formats when `provider` hands it out; mostly nothing."""
    if document.other_formats is None:
        return ()
    formats, web, words = document.other_formats, "" if document.discreet else provider.web, document.words
    if not (formats or web):
        return ()
    at = formats[0].at if formats else provider.at
    said = (*_said_formats(formats, words), *_whom_to_ask(formats, provider.phone, words)) if formats else ()
    block: Paragraph | QrCode = Paragraph(said, at=at)
    if web:
        there = _linked(words.say("formats_web", address=_shown(web)), web)
        block = QrCode(web, (*said, Text(" "), there) if said else (there,), small=True, at=at)
    return (Labelled((Text(words.say("other_formats")),), (block,), own=True, at=at),)


def _said_formats(formats: Sequence[OtherFormat], words: FixedWords) -> Iterator[Inline]:
    """Yield a sentence that lists the formats, each with its address if it has one."""
    before, after = words.say("formats_have", formats=_LINK_MARK).split(_LINK_MARK)
    yield Text(before)
    for index, each in enumerate(formats):
        if index:
            yield Text(", ")
        if each.target:
            yield _linked(words.say("formats_at", format=each.words, address=_shown(each.target)), each.target)
        else:
            yield Text(each.words)
    yield Text(after)


def _shown(target: str) -> str:
    """Return an address as it is printed: as short as it can be typed."""
    return printed_address(target).rstrip("/")


def _linked(said: str, target: str) -> Link:
    """Return words that lead to an address."""
    return Link((Text(said),), target)


def _whom_to_ask(formats: Sequence[OtherFormat], phone: str, words: FixedWords) -> Iterator[Inline]:
    """Yield a sentence with the number to call; without a number, one if any of the formats has to be asked for."""
    number = unbreakable_number(phone)
    if number:
        before, after = words.say("formats_ask", number=_LINK_MARK).split(_LINK_MARK)
        target = phone_link(number)
        yield from (Text(f" {before}"), _linked(number, target) if target else Text(number), Text(after))
    elif not all(each.target for each in formats):
        yield Text(f" {words.say('formats_ask_any')}")
