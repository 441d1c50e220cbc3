"""Find phrases that shame, blame, label or endanger, in everything that is printed, shown, said or read aloud.

The phrases stand in content/wording: `*` is the rest of a word, `(a|b)` one of several, `...` up to six words
of the sentence, and words may be joined by a space or a hyphen. No phrase can make a search take more than
linear time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from msgspec import Struct

from handouts.check.rules import CheckedDocument, Fault, FindFaults, Passage, Rule, error_rule, warning_rule
from handouts.finding import Finding, error
from handouts.library import Library, WordingRule
from handouts.markdown.attributes import Word

_LONGEST_PHRASE, _MOST_PIECES = 200, 20  # characters of a phrase; pieces of it, and choices in each
_SKIPPED_WORDS = r"(?:[^\w.!?]{1,3}[\w'’]+){0,6}?"
_WORD_SEPARATOR = r"[^\w.!?]{1,3}"
_PHRASE_PIECE = re.compile(r"\.\.\.|\((?P<choices>[^()]*)\)|(?P<word>[^\s()]+)")
_PHRASE_WORD = re.compile(r"\*?[\w'’-]+\*?|\*")
_APOSTROPHE = re.compile("['’]")
_LITERAL_LETTERS = re.compile(r"[\w]+")


class PhraseError(ValueError):
    """A phrase that cannot be looked for; its argument says why."""


class _Phrase(Struct, frozen=True):
    """A phrase to search for: its regular expression, and `hooks`, of which each text that has the phrase has one."""

    pattern: str
    hooks: tuple[str, ...]

    def find(self, text: str, folded: str) -> Iterator[tuple[int, int]]:
        """Yield where the phrase begins and ends in `text`; `folded` is the text in small letters."""
        if any(hook in folded for hook in self.hooks):
            yield from (found.span() for found in re.finditer(self.pattern, text, re.IGNORECASE))


def read_phrase(written: str) -> _Phrase:
    """Return a phrase to search for. PhraseError if it is too long, or has signs that mean nothing in a phrase."""
    if len(written) > _LONGEST_PHRASE:
        raise PhraseError(f"A phrase has at most {_LONGEST_PHRASE} characters.")
    pieces = list(_PHRASE_PIECE.finditer(written))
    if "".join("".join(each[0] for each in pieces).split()) != "".join(written.split()):
        raise PhraseError("Brackets stand in pairs: (one|another).")
    if not 0 < len(pieces) <= _MOST_PIECES or written.strip().startswith("...") or written.strip().endswith("..."):
        raise PhraseError(f"A phrase begins and ends with a word, and has at most {_MOST_PIECES} of them.")
    pattern, hooks = "", []
    for index, piece in enumerate(pieces):
        if piece[0] == "...":
            pattern += _SKIPPED_WORDS
            continue
        words = piece["choices"].split("|") if piece["choices"] is not None else [piece["word"]]
        pattern += (_WORD_SEPARATOR if index else "") + _choice_pattern(words)
        hooks.append(_word_hooks(words))
    return _Phrase(rf"(?<![\w]){pattern}(?![\w])", _rarest_hooks(hooks))


def _choice_pattern(words: list[str]) -> str:
    """Return the pattern for one of `words`, each of which may be several."""
    if len(words) > _MOST_PIECES:
        raise PhraseError(f"There are at most {_MOST_PIECES} choices.")
    return f"(?:{'|'.join(_WORD_SEPARATOR.join(map(_word_pattern, each.replace('-', ' ').split())) for each in words)})"


def _word_pattern(word: str) -> str:
    """Return the pattern for one word."""
    if not _PHRASE_WORD.fullmatch(word):
        raise PhraseError(f"'{word}' is not a word: only letters, digits, hyphens, apostrophes and * stand here.")
    parts = (_APOSTROPHE.sub("['’]", re.escape(each)) for each in word.split("*"))
    return r"[\w'’]*".join(parts)


def _word_hooks(words: list[str]) -> tuple[str, ...]:
    """Return the longest run of letters of each of `words`; none if one of them has no letters."""
    longest = [max(_LITERAL_LETTERS.findall(each), key=len, default="") for each in words]
    return tuple(each.casefold() for each in longest) if all(longest) else ()


def _rarest_hooks(hooks: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the hooks of the piece whose shortest hook is longest, as fewest texts have those."""
    known = [each for each in hooks if each]
    if not known:
        raise PhraseError("A phrase has at least one word without a star.")
    return max(known, key=lambda each: min(map(len, each)))


VERBATIM_ROLES = ("source", "contact")  # titles of works and names of services are as they are


def _phrase_finder(code: str) -> FindFaults:
    """Return the function that finds the phrases of one family of wording rules."""

    def find_phrases(checked: CheckedDocument) -> Iterator[Fault]:
        everything = (*checked.passages, *_metadata_passages(checked))
        passages = [(each, each.text.casefold()) for each in everything if each.role not in VERBATIM_ROLES]
        everywhere = "\n".join(folded for _, folded in passages)
        starts = list(accumulate((len(folded) + 1 for _, folded in passages), initial=0))
        for rule in _wording_rules(checked, code):
            phrases, unless = read_phrases(rule.phrases), read_phrases(rule.unless)
            for index in sorted({bisect_right(starts, found) - 1 for found in _hook_offsets(phrases, everywhere)}):
                passage, folded = passages[index]
                for start, end in phrase_matches(phrases, unless, passage.text, folded):
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


def _hook_offsets(phrases: Sequence[_Phrase], folded: str) -> Iterator[int]:
    """Yield the offset of each hook of `phrases` in a text in small letters; elsewhere they cannot be found."""
    for hook in {hook for phrase in phrases for hook in phrase.hooks}:
        found = folded.find(hook)
        while found >= 0:
            yield found
            found = folded.find(hook, found + 1)


def phrase_matches(
    phrases: Sequence[_Phrase], unless: Sequence[_Phrase], text: str, folded: str
) -> Iterator[tuple[int, int]]:
    """Yield the first and last offset of each of `phrases` in a text, where none of `unless` overlaps it."""
    found = sorted({span for phrase in phrases for span in phrase.find(text, folded)})
    right = [span for phrase in unless for span in phrase.find(text, folded)] if found else []
    last = -1
    for start, end in found:
        if start >= last and not any(begin < end and start < stop for begin, stop in right):
            yield start, end
            last = end


def read_phrases(phrases: tuple[Word, ...]) -> tuple[_Phrase, ...]:
    """Return each of `phrases` to search for, without those that are not well formed."""
    made = []
    for word in phrases:
        try:
            made.append(read_phrase(word.text))
        except PhraseError:
            continue
    return tuple(made)


def unreadable_phrases(library: Library) -> Iterator[Finding]:
    """Yield an error for each phrase that cannot be looked for."""
    for rules in library.wording.values():
        for word in (word for rule in rules for word in (*rule.phrases, *rule.unless)):
            try:
                read_phrase(word.text)
            except PhraseError as problem:
                yield error("bad-phrase", str(problem), word.at, "see the first lines of the file")


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
