"""Find claims without a source, uncited sources, leftover sample text, and missing reviews or confirmations.

Takes a checked document or a whole library; yields faults. Whether a source supports the claim is not
checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from handouts.check.readability import split_sentences
from handouts.check.rules import CheckedDocument, Fault, Rule, error_rule, location_at, warning_rule
from handouts.finding import NOWHERE, Finding, first_named, warning
from handouts.library import ANY_COUNTRY, SAMPLE_MARK, Library
from handouts.markdown.syntax_tree import cited_keys

_MOST_NAMED = 5
_FIRST_LANGUAGE = "en"  # from which others are translated
_FEW = 20  # so few words may be the same in two languages, such as a list of sources


def _find_uncited_sections(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each section that has to cite, and that cites nothing for this reader."""
    wanted = {word.text for word in checked.selection.topic.must_cite}
    for section in checked.selection.sections:
        if section.id in wanted and not any(key for part in section.parts for key in cited_keys(part.blocks)):
            message = f"'{section.id}' claims something and cites nothing for {checked.selection.audience.name}."
            yield Fault(message, section.at, "add [@key] behind what was found out, with a key of a source")


def _find_uncited_numbers(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each share or percentage in a paragraph of a handout that cites nothing."""
    between = "|".join(re.escape(each.strip()) for each in checked.selection.words.say("share_words").split("|"))
    share = re.compile(rf"\d+(?:[.,]\d+)?\s?(?:%|(?:{between})\s\d+)")
    for passage in checked.passages:
        found = share.search(passage.text) if passage.role == "prose" and not passage.cites else None
        if found and passage.place == "handout":
            at = checked.place(passage, found.start(), found.end())
            yield Fault(f"'{found[0]}' has no source in its paragraph.", at, "add [@key] behind it")


def _find_ungraded_claims(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each sentence of a handout that cites, and does not say how sure that is to a reader who is told grades."""
    grades = checked.selection.audience.grades
    marks = tuple(f"({grade})" for grade in grades)
    for passage in checked.passages if grades else ():
        if passage.place != "handout" or passage.role != "prose":
            continue
        for sentence in split_sentences(passage.text):
            cites = any(sentence.start < offset <= sentence.end for offset in passage.cites)
            if cites and not any(mark in sentence.text for mark in marks):
                at = checked.place(passage, sentence.start, sentence.end)
                yield Fault("This sentence has a source and no grade.", at, f"add one behind it: {' '.join(marks)}")


def unused_sources(library: Library) -> Iterator[Finding]:
    """Yield one warning for all sources that no topic cites."""
    cited = {
        key
        for topic in library.topics.values()
        for sections in topic.languages.values()
        for section in sections
        for part in section.parts
        for key in cited_keys(part.blocks)
    }
    unused = [source for key, source in library.sources.items() if key not in cited]
    if unused:
        message = f"No text cites {first_named([source.key for source in unused], _MOST_NAMED)}."
        yield warning("unused-source", message, unused[0].at, "cite it where it belongs, or delete it")


def untranslated_sections(library: Library) -> Iterator[Finding]:
    """Yield a warning for each language of a topic in which sections say what they say in another language."""
    for topic in library.topics.values():
        languages = sorted(topic.languages, key=lambda each: each != _FIRST_LANGUAGE)
        for index, language in enumerate(languages):
            others = {each.text for other in languages[:index] for each in topic.languages[other]}
            same = [each for each in topic.languages[language] if each.text in others and len(each.text.split()) > _FEW]
            if same:
                count = "1 section" if len(same) == 1 else f"{len(same)} sections"
                message = (
                    f"{count} of '{topic.name}' in '{language}' say the same as in another language, word for word."
                )
                yield warning("untranslated", message, same[0].at, "translate them, or delete the folder")


def _find_unreviewed(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield a fault if the topic was not reviewed; where it has sign-offs, composing says what they lack."""
    if checked.selection.topic.reviews_at == NOWHERE and not checked.selection.topic.reviewed_by:
        message = f"Nobody has reviewed '{checked.selection.topic.name}' yet; every page says so."
        hint = "write who has at reviewed_by, and when at reviewed_on"
        yield Fault(message, checked.selection.topic.place("reviewed_by"), hint)


def _find_unconfirmed(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield one fault, the same for each reader of the topic, for all their contacts that were not confirmed."""
    topic = checked.selection.topic
    listed = checked.selection.library.contacts[checked.country or ANY_COUNTRY]
    printed = [entry for entry in listed if any(entry.is_for(reader, topic.name) for reader in topic.audiences)]
    unconfirmed = [entry for entry in printed if not entry.confirmed_on]
    if unconfirmed:
        count = len(unconfirmed)
        message = f"{count} of {len(printed)} contacts were never confirmed; each says so where it is printed."
        hint = "ask each operator, and write the day at confirmed_on"
        yield Fault(message, unconfirmed[0].at, hint)


def _find_sample_text(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield one fault for all texts of a new topic that the writer has not replaced yet."""
    places = [(file, text.find(SAMPLE_MARK)) for file, text in checked.selection.texts.items()]
    left = [(file, offset) for file, offset in places if offset >= 0]
    if left:
        file, offset = left[0]
        at = location_at(checked.selection.texts[file], offset, file)
        files = "1 file" if len(left) == 1 else f"{len(left)} files"
        message = f"Sample text is left in {files} of '{checked.selection.topic.name}', here for the first time."
        yield Fault(message, at, f"write your own words in place of each text that begins with '{SAMPLE_MARK}'")


RULES: tuple[Rule, ...] = (
    error_rule("no-source", "A claim without a source cannot be checked.", _find_uncited_sections),
    warning_rule("uncited-number", "A number without a source is a rumour.", _find_uncited_numbers),
    error_rule("no-grade", "Not all that is cited is equally sure.", _find_ungraded_claims),
    warning_rule("unreviewed", "Readers rely on what a service hands out.", _find_unreviewed),
    warning_rule("sample-text", "What was meant for the writer is no use to a reader.", _find_sample_text),
    warning_rule("unconfirmed", "A number that nobody answers can cost a life.", _find_unconfirmed),
)
