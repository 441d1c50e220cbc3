"""Check that topics, contacts and fixed words agree about needs.

Takes a Library; yields findings about needs without words, questions of the crisis box without numbers, and contacts of
unknown topics. A need exists if fixed words name it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from handouts.document.nodes import FixedWords
from handouts.finding import Finding, closest_name, error, suggest_name, unknown_name_error, warning
from handouts.library import (
    NEED_WORDS,
    QUESTION_WORDS,
    ContactEntry,
    Library,
    Topic,
    crisis_question,
    needs_with_question,
    needs_with_words,
)
from handouts.markdown.attributes import Word

_MAX_QUESTIONS = 4  # in a crisis box: more would leave too little of the page for the text


class _TopicWords(NamedTuple):
    """A topic, one of its languages, and its fixed words in that language."""

    topic: Topic
    language: str
    words: FixedWords
    needs: tuple[str, ...]  # those with words

    @property
    def file(self) -> str:
        """The file for the topic's own words."""
        return f"content/{self.topic.name}/{self.language}/words.yaml"


def check_needs(library: Library) -> Iterator[Finding]:
    """Yield the findings about the needs of contacts and topics."""
    spoken = [
        _TopicWords(topic, language, words, needs_with_words(words))
        for topic in library.topics.values()
        for language, words in topic.words.items()
        if words.entries
    ]
    if not spoken:  # files that could not be read are reported elsewhere
        return
    listed = [entry for entries in library.contacts.values() for entry in entries]
    for entry in listed:
        yield from _check_contact(entry, spoken, library)
    for topic in library.topics.values():
        answered = {entry.need for entry in listed if entry.crisis and entry.is_of(topic.name)}
        own = [each for each in spoken if each.topic is topic]
        yield from _check_crisis(topic, own, answered)
        for word in topic.own_needs:
            yield from _check_own_need(word, {entry.need for entry in listed})


def _check_contact(entry: ContactEntry, spoken: Sequence[_TopicWords], library: Library) -> Iterator[Finding]:
    """Yield an error for an unknown topic, and for a need without words, or without a question if the contact is for
    the crisis box."""
    for word in entry.topics:
        if word.text not in library.topics:
            yield unknown_name_error("unknown-topic", "topic", word.text, library.topics, word.at)
    own = [each for each in spoken if entry.is_of(each.topic.name)]
    if not entry.need or not own:
        return
    lacking = [each for each in own if entry.need not in each.needs]
    if len(lacking) == len(own):
        known = {need for each in own for need in each.needs}
        hint = _need_hint(entry.need, known, own)
        yield error("unknown-need", f"There is no need '{entry.need}'.", entry.need_at, hint)
    elif lacking:
        first = lacking[0]
        named = sorted({each.topic.name for each in own if each not in lacking})
        message = f"'{first.topic.name}' has no words for the need '{entry.need}'."
        hint = f"add topics: [{', '.join(named)}] to this contact, or {NEED_WORDS}{entry.need}: to {first.file}"
        yield error("unknown-need", message, entry.need_at, hint)
    elif entry.crisis and not any(crisis_question(entry.need, each.words) for each in own):
        message = f"The crisis box has no question for '{entry.need}'."
        hint = f"add {QUESTION_WORDS}{entry.need}: and the question to {own[0].file}, or leave out crisis: true"
        yield error("unknown-need", message, entry.need_at, hint)


def _need_hint(need: str, known: set[str], own: Sequence[_TopicWords]) -> str:
    """Return a hint with the closest known need, or how to add this one."""
    close = closest_name(need, known)
    file = own[0].file if len({each.topic.name for each in own}) == 1 else f"templates/words/{own[0].language}.yaml"
    add = f"{NEED_WORDS}{need}: and its words to {file}"
    return f"did you mean '{close}'? Otherwise add {add}" if close else f"add {add}"


def _check_crisis(topic: Topic, own: Sequence[_TopicWords], answered: set[str]) -> Iterator[Finding]:
    """Yield an error for each need of the crisis box without a question or a number, and for too many questions."""
    seen: set[str] = set()
    for needs in topic.crisis.values():
        for word in needs:
            if word.text not in seen:
                seen.add(word.text)
                yield from _check_crisis_need(word, own, answered)
        for each in own:
            questions = dict.fromkeys(crisis_question(word.text, each.words) for word in needs)
            if len(questions) > _MAX_QUESTIONS:
                message = f"The crisis box asks {len(questions)} questions."
                yield error("too-many", message, needs[0].at, f"{_MAX_QUESTIONS} are the most that have room")
                return


def _check_crisis_need(word: Word, own: Sequence[_TopicWords], answered: set[str]) -> Iterator[Finding]:
    """Yield an error if a need of the crisis box has no question or no number."""
    need = word.text
    lacking = next((each for each in own if not crisis_question(need, each.words)), None)
    if lacking:
        known = needs_with_question(lacking.words)
        message = f"There is no need of the crisis box '{need}'."
        more = f"to add it, write {QUESTION_WORDS}{need}: and the question into {lacking.file}"
        close = closest_name(need, known)
        hint = f"did you mean '{close}'?" if close else f"{suggest_name(need, known)}; {more}"
        yield error("unknown-need", message, word.at, hint)
    elif need not in answered:
        message = f"No country has a number for '{need}' in the crisis box."
        hint = f"add a contact with need: {need}, crisis: true and label: to content/contacts, or leave '{need}' out"
        yield error("unanswered-need", message, word.at, hint)


def _check_own_need(word: Word, needed: set[str]) -> Iterator[Finding]:
    """Yield a warning for words of a need that no contact has."""
    if word.text in needed:
        return
    message = f"No contact has the need '{word.text}', so nothing says these words."
    close = closest_name(word.text, needed)
    hint = f"did you mean '{close}'?" if close else f"add a contact with need: {word.text}, or delete the line"
    yield warning("unused-words", message, word.at, hint)
