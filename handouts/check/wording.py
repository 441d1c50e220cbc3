"""Find phrases that shame, blame, label or endanger, in everything that is printed, shown, said or read aloud.

The phrases stand in content/wording, and are read by `load`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from handouts.check.rules import CheckedDocument, Fault, FindFaults, Passage, Rule, error_rule, warning_rule
from handouts.library import Phrase, WordingRule

VERBATIM_ROLES = ("source", "contact")  # titles of works and names of services are as they are


def _phrase_finder(code: str) -> FindFaults:
    """Return the function that finds the phrases of one family of wording rules."""

    def find_phrases(checked: CheckedDocument) -> Iterator[Fault]:
        everything = (*checked.passages, *_metadata_passages(checked))
        passages = [(each, each.text.casefold()) for each in everything if each.role not in VERBATIM_ROLES]
        everywhere = "\n".join(folded for _, folded in passages)
        starts = list(accumulate((len(folded) + 1 for _, folded in passages), initial=0))
        for rule in _wording_rules(checked, code):
            for index in sorted({bisect_right(starts, found) - 1 for found in _hook_offsets(rule.phrases, everywhere)}):
                passage, folded = passages[index]
                for start, end in phrase_matches(rule, passage.text, folded):
                    words = " ".join(passage.text[start:end].split())
                    at = checked.place(passage, start, end)
                    yield Fault(f"“{words}”: {rule.why}", at, f"write instead: {rule.say}", rule.severity)

    return find_phrases


def _wording_rules(checked: CheckedDocument, code: str) -> Iterator[WordingRule]:
    """Yield the rules of a family for the language, audience and topic of a document."""
    language = checked.selection.language.partition("-")[0]
    for rule in checked.selection.library.wording.get(language, ()):
        is_for_topic = not rule.topics or checked.selection.topic.name in rule.topics
        if rule.code == code and checked.selection.audience.name in rule.audiences and is_for_topic:
            yield rule


def _metadata_passages(checked: CheckedDocument) -> Iterator[Passage]:
    """Yield the metadata that readers see: the file name, the subject and the keywords."""
    document, topic = checked.document, checked.selection.topic
    named = ((document.name.replace("-", " "), "name"), (document.subject, "name"))
    for words, key in (*named, *((each, "keywords") for each in document.keywords)):
        at = topic.place(key)
        yield Passage(words, "words", "handout", at, ((0, at),))


def _hook_offsets(phrases: Iterable[Phrase], folded: str) -> Iterator[int]:
    """Yield the offset of each hook of `phrases` in a text in small letters; elsewhere they cannot be found."""
    for hook in {hook for phrase in phrases for hook in phrase.hooks}:
        found = folded.find(hook)
        while found >= 0:
            yield found
            found = folded.find(hook, found + 1)


def phrase_matches(rule: WordingRule, text: str, folded: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last offset of each phrase of a rule in a text, where none of its `unless` overlaps it.

    `folded` is the text in small letters.
    """
    found = sorted({span for phrase in rule.phrases for span in phrase.find(text, folded)})
    right = [span for phrase in rule.unless for span in phrase.find(text, folded)] if found else []
    last = -1
    for start, end in found:
        if start >= last and not any(begin < end and start < stop for begin, stop in right):
            yield start, end
            last = end


RULES: tuple[Rule, ...] = (
    error_rule("label", "A person is more than a diagnosis or a habit.", _phrase_finder("label")),
    error_rule("blame", "Blame ends the conversation that a handout is to begin.", _phrase_finder("blame")),
    error_rule("absolute", "What is true of some is read as true of all.", _phrase_finder("absolute")),
    error_rule(
        "suicide-wording", "How suicide is spoken of can put a reader at risk.", _phrase_finder("suicide-wording")
    ),
    error_rule("harm", "Methods that are told are copied, and numbers of deaths frighten.", _phrase_finder("harm")),
    error_rule("voice", "Words that speak to another reader were not written for this one.", _phrase_finder("voice")),
    warning_rule("jargon", "A word of the trade keeps readers out.", _phrase_finder("jargon")),
)
