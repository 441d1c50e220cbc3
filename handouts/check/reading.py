"""Find text that is harder to read than the limits of its audience allow.

The limits stand in audiences.yaml, one set for each place of reading; without a limit nothing is judged. Text
from templates and fixed words is never judged. Explained terms count as one short word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from handouts.check.readability import (
    ReadabilityScore,
    Sentence,
    find_passive,
    hard_words,
    hardest_sentence,
    readability_score,
    split_sentences,
)
from handouts.check.rules import CheckedDocument, Fault, Passage, ReadingSample, Rule, warning_rule
from handouts.document.nodes import Block, BulletList, Paragraph, Steps, Strong
from handouts.document.text import words_of
from handouts.finding import Severity
from handouts.library import ReadingLimits

_SENTENCE_ROLES = ("prose", "heading", "cell")  # of passages that consist of sentences
_FURTHER_ROLES = {"worksheet": ("label",)}  # in one place
_ENGLISH = "en"
_LONGEST_QUOTE = 60  # characters of a sentence in a message
_MOST_NAMED = 5
_FEWEST_SENTENCES = 10  # for a share of them to mean anything
PLACE_NAMES = {"handout": "the handout", "slides": "the slides", "notes": "what is said", "worksheet": "the worksheet"}


def reading_samples(
    passages: Sequence[Passage], limits: Mapping[str, ReadingLimits], written: Collection[str]
) -> Iterator[ReadingSample]:
    """Yield the sentences of each place that has limits, without those of templates; `written` are content files."""
    for place, limit in limits.items():
        read = tuple(
            (passage, sentence)
            for passage in passages
            if passage.place == place and passage.role in (*_SENTENCE_ROLES, *_FURTHER_ROLES.get(place, ()))
            if any(at.file in written for at in passage.places)
            for sentence in split_sentences(passage.text)
        )
        if read:
            yield ReadingSample(PLACE_NAMES[place], limit, read)


def _quote_beginning(sentence: Sentence) -> str:
    """Return a sentence as a message names it: its beginning."""
    text = " ".join(sentence.text.split())
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE].rpartition(' ')[0]} …"


# ---------------------------------------------------------------- the whole


def _find_hard_reading(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each place whose readability score is beyond its limit."""
    for read in checked.samples:
        only = [sentence for _, sentence in read.sentences]
        masked = readability_score(only, checked.selection.language, _masked_terms(checked))
        if masked is None:
            continue
        limit = read.limits.grade_most if _exceeds_limit(masked, read.limits.grade_most) else read.limits.grade
        if _exceeds_limit(masked, limit):
            raw = readability_score(only, checked.selection.language) or masked
            blamed = hardest_sentence(only, checked.selection.language)
            passage = next(passage for passage, sentence in read.sentences if sentence is blamed)
            message = (
                f"{read.name.capitalize()} for {checked.selection.audience.name} is at {masked.value:.1f} "
                f"({raw.formula}; {raw.value:.1f} with explained terms), and {limit:g} is the limit."
            )
            severity = Severity.ERROR if limit == read.limits.grade_most else None
            hint = f"begin with its hardest sentence, “{_quote_beginning(blamed)}”: shorten it, or use shorter words"
            yield Fault(message, checked.place(passage, blamed.start, blamed.end), hint, severity)


def _exceeds_limit(score: ReadabilityScore, limit: float) -> bool:
    """True if a score is harder than a limit, if there is one."""
    return bool(limit) and (score.value < limit if score.higher_is_easier else score.value > limit)


def _masked_terms(checked: CheckedDocument) -> tuple[str, ...]:
    """Return the phrases that count as one short word: the names of the condition, and explained terms."""
    library, topic = checked.selection.library, checked.selection.topic
    names = [each for each in (topic.condition, library.service.condition) if each]
    terms = [term.name for term in library.terms.values() if checked.selection.audience.name in term.audiences]
    return tuple(dict.fromkeys((*(each for name in names for each in (name.name, name.short)), *terms)))


def _find_long_averages(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each place whose sentences are too long on average."""
    for read in checked.samples:
        words = sum(len(sentence.words) for _, sentence in read.sentences)
        mean = words / len(read.sentences)
        if read.limits.mean and mean > read.limits.mean:
            passage, longest = max(read.sentences, key=lambda each: len(each[1].words))
            message = f"Sentences in {read.name} have {mean:.1f} words on average; {read.limits.mean:g} is the limit."
            hint = f"begin with the longest, of {len(longest.words)} words"
            yield Fault(message, checked.place(passage, longest.start, longest.end), hint)


def _find_passives(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each place with too many passive sentences."""
    for read in checked.samples if _is_english(checked) else ():
        found = [(passage, each) for passage, each in read.sentences if find_passive(each)]
        share = 100 * len(found) / len(read.sentences)
        if read.limits.passive and share > read.limits.passive and len(read.sentences) >= _FEWEST_SENTENCES:
            passage, first = found[0]
            message = (
                f"{share:.0f} % of the sentences in {read.name} are passive; {read.limits.passive:g} % is the limit."
            )
            hint = f"say who does it, here: “{_quote_beginning(first)}”"
            yield Fault(message, checked.place(passage, first.start, first.end), hint)


def _find_hard_words(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each place with too many words of three or more syllables."""
    known = {word.casefold() for phrase in _masked_terms(checked) for word in phrase.split()}
    for read in checked.samples if _is_english(checked) else ():
        hard = hard_words([sentence for _, sentence in read.sentences], known)
        words = sum(len(sentence.words) for _, sentence in read.sentences)
        found = [word for each in hard for word in each]
        share = 100 * len(found) / words
        if read.limits.hard and share > read.limits.hard and len(read.sentences) >= _FEWEST_SENTENCES:
            (passage, sentence), (word, *_) = max(zip(read.sentences, hard, strict=True), key=lambda each: len(each[1]))
            start = sentence.start + sentence.text.index(word)
            message = f"{share:.0f} % of the words in {read.name} are hard, {read.limits.hard:g} % may be."
            hint = f"use shorter words for: {', '.join(word for word, _ in Counter(found).most_common(_MOST_NAMED))}"
            yield Fault(message, checked.place(passage, start, start + len(word)), hint)


def _is_english(checked: CheckedDocument) -> bool:
    """True if passives and hard words can be judged: in English."""
    return checked.selection.language.partition("-")[0] == _ENGLISH


# ---------------------------------------------------------------- sentence by sentence


def _find_long_sentences(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each sentence with too many words."""
    for read in checked.samples:
        for passage, sentence in read.sentences:
            count = len(sentence.words)
            if read.limits.sentence and count > read.limits.sentence:
                explained, added = _explanation_in(checked, sentence)
                told = f", {added} of them the explanation of '{explained}';" if explained else ";"
                message = f"A sentence of {count} words{told} {read.limits.sentence:g} is the limit in {read.name}."
                hint = "make two of it, or use the term before in a shorter one" if explained else "make two of it"
                yield Fault(message, checked.place(passage, sentence.start, sentence.end), hint)


def _explanation_in(checked: CheckedDocument, sentence: Sentence) -> tuple[str, int]:
    """Return the term that a sentence explains, and the number of words in the explanation."""
    text = " ".join(sentence.text.split())
    for term in checked.selection.library.terms.values():
        means = " ".join(term.means.split())
        if means in text and f"{term.name} (" in text:
            return term.name, len(means.split())
    return "", 0


def _find_long_paragraphs(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each paragraph with too many sentences."""
    for place, limits in checked.selection.audience.reading.items():
        for passage in checked.passages if limits.paragraph else ():
            if passage.place != place or passage.role != "prose" or not checked.is_written(passage.at):
                continue
            count = len(split_sentences(passage.text))
            if count > limits.paragraph:
                message = (
                    f"A paragraph of {count} sentences; {limits.paragraph:g} is the limit in {PLACE_NAMES[place]}."
                )
                at = checked.place(passage, 0, _LONGEST_QUOTE)
                yield Fault(message, at, "leave a blank line where a new thought begins")


def _find_long_sections(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each run of paragraphs in the handout without a break that has too many words."""
    limits = checked.selection.audience.reading.get("handout")
    if limits is None or not limits.section:
        return
    for first, words in _undivided_prose(checked.document.blocks):
        if words > limits.section and checked.is_written(first.at):
            message = f"{words} words without a heading, a list or a figure; {limits.section:g} is the limit."
            yield Fault(message, first.at, "divide them by a heading, or cut words")


def _undivided_prose(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, int]]:
    """Yield the first block and the number of words of each run of paragraphs; strong words may begin a new one."""
    first: Block | None = None
    words = 0
    for block in (*blocks, None):
        goes_on = isinstance(block, Paragraph) and not isinstance(block.content[0], Strong)
        if first is not None and not goes_on:
            yield first, words
            first, words = None, 0
        if isinstance(block, Paragraph):
            first = first or block
            words += sum(len(text.split()) for text in words_of(block))


def _find_long_lists(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each list with too many items."""
    limits = checked.selection.audience.reading.get("handout")
    if limits is None or not limits.list:
        return
    for node in checked.nodes:
        if isinstance(node, BulletList | Steps) and len(node.items) > limits.list and checked.is_written(node.at):
            message = f"A list of {len(node.items)} items; {limits.list:g} is the limit."
            yield Fault(message, node.at, "make two lists of it, each with a heading")


RULES: tuple[Rule, ...] = (
    warning_rule("grade", "A reader in distress reads some grades below their schooling.", _find_hard_reading),
    warning_rule("mean-sentence", "Long sentences tire, one by one.", _find_long_averages),
    warning_rule("long-sentence", "At the end of a long sentence its beginning is gone.", _find_long_sentences),
    warning_rule("long-paragraph", "A paragraph holds one thought.", _find_long_paragraphs),
    warning_rule("long-section", "A wall of text is not begun.", _find_long_sections),
    warning_rule("long-list", "Nobody keeps more than seven things in mind.", _find_long_lists),
    warning_rule("passive", "A passive sentence hides who does what.", _find_passives),
    warning_rule("hard-words", "A word that has to be looked up is a word that is not read.", _find_hard_words),
)
