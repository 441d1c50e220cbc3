"""Rules of wording: phrases that shame, blame, label or endanger, in all that is printed, shown, said or read aloud.

What is looked for stands in content/wording; here it is looked up in the passages of a document.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from handouts.check.passages import Passage
from handouts.check.phrases import Phrase, PhraseError, read_phrase
from handouts.check.rules import Checked, Fault, Find, Rule, a_warning, an_error
from handouts.finding import Finding, error
from handouts.library import Library, WordingRule
from handouts.markdown.attributes import Word

UNWRITTEN = ("source", "contact")  # titles of works and names of services are as they are


def finds(code: str) -> Find:
    """Return what finds the phrases of one family of wording rules."""

    def find_phrases(checked: Checked) -> Iterator[Fault]:
        everything = (*checked.passages, *names_of(checked))
        passages = [(each, each.text.casefold()) for each in everything if each.role not in UNWRITTEN]
        everywhere = "\n".join(folded for _, folded in passages)
        starts = list(accumulate((len(folded) + 1 for _, folded in passages), initial=0))
        for rule in rules_for(checked, code):
            for index in sorted({bisect_right(starts, found) - 1 for found in hooked(rule, everywhere)}):
                passage, folded = passages[index]
                for start, end in matches(rule, passage.text, folded):
                    words = " ".join(passage.text[start:end].split())
                    at = checked.place(passage, start, end)
                    yield Fault(f"“{words}”: {rule.why}", at, f"write instead: {rule.say}", rule.severity)

    return find_phrases


def rules_for(checked: Checked, code: str) -> Iterator[WordingRule]:
    """Yield the rules of a family that are for this reader."""
    language = checked.selection.language.partition("-")[0]
    for rule in checked.selection.library.wording.get(language, ()):
        if rule.code == code and checked.selection.audience.name in rule.audiences:
            yield rule


def names_of(checked: Checked) -> Iterator[Passage]:
    """Yield what a file says of itself: its name, its title, what it is about."""
    document, topic = checked.document, checked.selection.topic
    named = ((document.name.replace("-", " "), "name"), (document.subject, "name"))
    for words, key in (*named, *((each, "keywords") for each in document.keywords)):
        at = topic.place(key)
        yield Passage(words, "words", "handout", at, ((0, at),))


def hooked(rule: WordingRule, folded: str) -> Iterator[int]:
    """Yield where a text in small letters has pieces of words without which no phrase of a rule can be found."""
    for hook in {hook for phrase in compiled(rule.phrases) for hook in phrase.hooks}:
        found = folded.find(hook)
        while found >= 0:
            yield found
            found = folded.find(hook, found + 1)


def matches(rule: WordingRule, text: str, folded: str) -> Iterator[tuple[int, int]]:
    """Yield where a rule finds one of its phrases that no other phrase makes right."""
    found = sorted({span for phrase in compiled(rule.phrases) for span in phrase.find(text, folded)})
    right = [span for phrase in compiled(rule.unless) for span in phrase.find(text, folded)] if found else []
    last = -1
    for start, end in found:
        if start >= last and not any(begin < end and start < stop for begin, stop in right):
            yield start, end
            last = end


@lru_cache(maxsize=1000)
def compiled(phrases: tuple[Word, ...]) -> tuple[Phrase, ...]:
    """Return what finds each of `phrases`, without those that cannot be looked for."""
    made = []
    for word in phrases:
        try:
            made.append(read_phrase(word.text))
        except PhraseError:
            continue
    return tuple(made)


def bad_phrases(library: Library) -> Iterator[Finding]:
    """Yield an error for each phrase that cannot be looked for."""
    for rules in library.wording.values():
        for word in (word for rule in rules for word in (*rule.phrases, *rule.unless)):
            try:
                read_phrase(word.text)
            except PhraseError as problem:
                yield error("bad-phrase", str(problem), word.at, "see the first lines of the file")


RULES: tuple[Rule, ...] = (
    an_error("label", "A person is more than a diagnosis or a habit.", finds("label")),
    an_error("blame", "Blame ends the conversation that a handout is to begin.", finds("blame")),
    an_error("absolute", "What is true of some is read as true of all.", finds("absolute")),
    an_error("suicide-wording", "How suicide is spoken of can put a reader at risk.", finds("suicide-wording")),
    an_error("harm", "Methods that are told are copied, and numbers of deaths frighten.", finds("harm")),
    an_error("voice", "Words that speak to another reader were not written for this one.", finds("voice")),
    a_warning("jargon", "A word of the trade keeps readers out.", finds("jargon")),
)
