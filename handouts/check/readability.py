"""Measure the readability of a text: its sentences, words, syllables, passives and hard words, and a score.

Text in; offsets, counts and the score of a published formula for the language out. A language without a
formula has no score. Passives and hard words are found in English only. No dictionary is used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

_LONGEST_ACRONYM = 5
_THREE_SYLLABLE_LETTERS = "W"
_ENGLISH = "en"
_VOWELS = re.compile(r"[aeiouy]+")
# Endings with a silent e.
_SILENT_ENDING = re.compile(
    r"(?<![^aeiouyl]l)e$|(?<![sxzcg])(?<!ch)(?<!sh)(?<![^aeiouyl]l)es$|(?<![td])(?<![^aeiouyl]l)ed$"
)
_ENDINGS = "ly|less|ness|ment|ful|some|where|thing|one|body"
_SILENT_INSIDE = re.compile(rf"(?<=[aeiouy][bcdfghklmnprstvz])e(?=(?:{_ENDINGS})s?(?:ly|ness)?$)")
_BEGINNINGS = "some|base|life|home|there|where|time|else|care|like|ice|one|fore|side"
_COMPOUND = re.compile(rf"^({_BEGINNINGS})(?=[bcdfghklmnpqrstvwz])")
# Adjacent vowels that are spoken as two syllables.
_SPLIT_VOWELS = re.compile(
    "|".join(
        (
            r"(?<=[^cstg])ia(?=[lnb])",
            r"(?<=[^cstgx])ia(?=[rstcmpd])",
            r"(?<=[cst])ia(?=t)",
            r"(?<=d)ia(?=g)",
            r"i[ao]$",
            r"(?<=[^cstgxn])io(?=n|us)",
            r"(?<=[drpbvl])io(?=[lrtd])",
            r"iu(?=m)",
            r"(?<=[^aeioutc])ie(?=[tr]$|rs$|ty|nc|nt)",
            r"(?<=[^gq])ue(?=[tln])",
            r"(?<=[^gq])ua(?=[lrt])",
            r"(?<=[^gqr])ui(?=t[iy]|n[gt]|s[mt])",
            r"(?<=s)ui(?=c)",
            r"(?<=[^p])eo(?=[lrsdgn](?!$))",
            r"(?<=cr|re)ea(?=[tc])",
            r"ea(?=li[stz])",
            r"(?<=id)ea",
            r"(?<=[aeou])i(?=ng)",
            r"(?<=[aeiou])y(?=i)",
            r"(?<=[nre])y(?=o)",
            r"(?<=[^aeiou])y(?=er|ing)",
            r"(?<=o)e(?=[tm])",
            r"^(?:re(?=i|u|act|app|ass|arr|adj)|co(?=e|op|or)|pre(?=e|oc)|bi(?=[ao])|tri(?=[au]))",
        )
    )
)
# A syllable without a vowel: -sm, -thm, -n't.
_VOWELLESS_SYLLABLES = re.compile(r"(?<=s)m(?=s?$)|(?<=th)m(?=s?$)|(?<=[^aeiouy])n't$")
_SYLLABLE_EXCEPTIONS = {
    **dict.fromkeys(("suede", "queue"), 1),
    **dict.fromkeys(("being", "business", "colleague", "create", "cruel", "diet", "doing", "evening", "fuel"), 2),
    **dict.fromkeys(("going", "hundred", "lion", "maybe", "ninety", "poem", "quiet", "riot", "safety"), 2),
    **dict.fromkeys(("seeing", "tired", "wednesday"), 2),
    **dict.fromkeys(("area", "coincide", "everyone", "everything", "hundredth", "idea", "poetry", "quietly"), 3),
    **dict.fromkeys(("recipe", "simile", "somebody", "usually"), 3),
    **dict.fromkeys(("apostrophe", "catastrophe"), 4),
}
# Groups of vowels that are one syllable, in languages with a regular spelling.
_VOWEL_GROUPS = {
    "de": re.compile(r"ei|ie|eu|äu|au|ai|aa|ee|oo|[aeiouäöüy]"),
    "es": re.compile(r"[iuy]?[aeoáéó][iuy]?|[iuü][iu]|[iuíúüy]"),
    "fr": re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+"),
}
_SILENT_FRENCH = re.compile(r"(?<=[^aeiouyéè])es?$")


def count_syllables(word: str, language: str = _ENGLISH) -> int:
    """Return the number of syllables of a word read aloud; an acronym is spelled out."""
    plain = word.replace("’", "'").strip("'")
    if plain.isupper() and 1 < len(plain) <= _LONGEST_ACRONYM:
        return sum(3 if letter in _THREE_SYLLABLE_LETTERS else 1 for letter in plain)
    if language in _VOWEL_GROUPS:
        written = plain.lower()
        heard = _SILENT_FRENCH.sub("", written) if language == "fr" else written
        return max(1, len(_VOWEL_GROUPS[language].findall(heard)))
    bare = plain.lower().removesuffix("'s").removesuffix("s'")
    if bare in _SYLLABLE_EXCEPTIONS:
        return _SYLLABLE_EXCEPTIONS[bare]
    heard = _SILENT_ENDING.sub("", _SILENT_INSIDE.sub("", _COMPOUND.sub(lambda found: found[1][:-1], bare)))
    return max(1, sum(len(each.findall(heard)) for each in (_VOWELS, _SPLIT_VOWELS, _VOWELLESS_SYLLABLES)))


_HARD_WORD_SYLLABLES = 3  # syllables
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’](?=[^\W\d_]))*")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।]+[\"”’»)\]]*(?=\s|$)|[。！？]")
_ABBREVIATIONS = frozenset(
    {
        "e.g", "i.e", "etc", "al", "dr", "mr", "mrs", "ms", "prof", "st", "vs", "ed", "eds", "approx", "jr", "sr",
        "a.m", "p.m", "u.s", "u.k", "cf",
    }
)  # fmt: skip
_BEFORE_NUMBERS = frozenset({"no", "nos", "p", "pp", "fig", "vol"})
_NUMBER_FOLLOWS = re.compile(r"\s+\d")
_FORMS_OF_BE = "am|is|are|was|were|be|been|being|isn[’']t|aren[’']t|wasn[’']t|weren[’']t|get|gets|got"
_ADVERB = r"(?:not|never|also|often|always|now|then|only|still|yet|just|well|fully|[a-z]+ly)"
_IRREGULAR_PARTICIPLES = (
    "begun", "bent", "bitten", "bound", "bought", "broken", "brought", "built", "burnt", "caught", "chosen", "cut",
    "done", "drawn", "driven", "eaten", "fed", "felt", "forbidden", "forgiven", "forgotten", "fought", "found",
    "frozen", "given", "grown", "heard", "held", "hidden", "hit", "hurt", "kept", "known", "laid", "led", "left",
    "lent", "lit", "lost", "made", "meant", "met", "paid", "put", "read", "ridden", "run", "said", "seen", "sent",
    "set", "shot", "shown", "shut", "sold", "spent", "spoken", "spread", "stolen", "stuck", "sworn", "taken",
    "taught", "thought", "thrown", "told", "torn", "understood", "undone", "woken", "won", "worn", "written",
)  # fmt: skip
# Participles that describe a state, such as "tired", and make no passive.
_STATE_PARTICIPLES = frozenset(
    {
        "afraid", "worried", "tired", "scared", "frightened", "interested", "excited", "ashamed", "bored", "confused",
        "concerned", "married", "divorced", "depressed", "relieved", "pleased", "surprised", "used", "supposed",
        "allowed", "hurt", "lost", "stuck", "done", "related", "limited", "mixed", "increased", "distressed",
        "overwhelmed", "exhausted", "prepared", "devoted", "detailed", "complicated", "experienced", "dedicated",
        "agreed", "need", "indeed", "speed", "hundred", "sacred", "red", "bed", "naked", "wicked",
    }
)  # fmt: skip
_PASSIVE = re.compile(
    rf"\b(?:{_FORMS_OF_BE})\s+(?:{_ADVERB}\s+){{0,2}}(?P<participle>[a-z]+ed|{'|'.join(_IRREGULAR_PARTICIPLES)})\b(?!-)",
    re.IGNORECASE,
)
_INFLECTION = re.compile(r"(?:es|ed|ing|ly|s|er|est)$")
_LOWERCASE_FOLLOWS = re.compile(r"\s+[\"“‘(]*[a-z]")


class Sentence(Struct, frozen=True):
    """One sentence: its text, its first and last offset in the text around it, and its words."""

    text: str
    start: int
    end: int
    words: tuple[str, ...]


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text; a text with a word has at least one."""
    made = (_sentence_between(text, start, end) for start, end in _sentence_bounds(text))
    return tuple(each for each in made if each.words)


def _sentence_bounds(text: str) -> Iterator[tuple[int, int]]:
    """Yield the first and the last offset of each sentence."""
    start = 0
    for found in _SENTENCE_END.finditer(text):
        if found[0].startswith(".") and _continues_sentence(text, start, found):
            continue
        yield start, found.end()
        start = found.end()
    yield start, len(text)


def _continues_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    """True if a full stop does not end a sentence: after an abbreviation or an initial, or before a small letter."""
    space = max(text.rfind(each, start, stop.start()) for each in " \n\u00a0(")
    before = text[max(space + 1, start) : stop.start()].casefold()
    initial = len(before) == 1 and text[stop.start() - 1].isupper() and text[stop.start() - 1] != "I"
    counted = before in _BEFORE_NUMBERS and _NUMBER_FOLLOWS.match(text, stop.end()) is not None
    return before in _ABBREVIATIONS or initial or counted or _LOWERCASE_FOLLOWS.match(text, stop.end()) is not None


def _sentence_between(text: str, start: int, end: int) -> Sentence:
    """Return the sentence between two offsets, without the space around it."""
    whole = text[start:end]
    begins = start + len(whole) - len(whole.lstrip())
    return Sentence(whole.strip(), begins, begins + len(whole.strip()), tuple(_WORD.findall(whole)))


def find_passive(sentence: Sentence) -> re.Match[str] | None:
    """Return the first passive of an English sentence, or None."""
    found = _PASSIVE.finditer(sentence.text)
    return next((each for each in found if each["participle"].lower() not in _STATE_PARTICIPLES), None)


def hard_words(read: Sequence[Sentence], known: Collection[str] = ()) -> tuple[tuple[str, ...], ...]:
    """Return for each English sentence its words of three or more syllables, without names and `known` words."""
    hard = set(filter(_is_hard, {word for sentence in read for word in sentence.words}))
    return tuple(
        tuple(
            word
            for index, word in enumerate(sentence.words)
            if word in hard and (not word[0].isupper() or index == 0) and word.casefold() not in known
        )
        for sentence in read
    )


def _is_hard(word: str) -> bool:
    """True if a word has three or more syllables, and its stem has too."""
    return (
        not word.isupper()
        and count_syllables(word) >= _HARD_WORD_SYLLABLES
        and count_syllables(_INFLECTION.sub("", word) or word) >= _HARD_WORD_SYLLABLES
    )


_LONG_WORD_LETTERS, _MANY_SYLLABLES = 6, 3  # letters, syllables
_SHORTEST_SENTENCE = 6  # words


class _TextCounts(Struct, frozen=True):
    """Counts that formulas use; words have `many_syllables` from three on, `long_words` more than six letters."""

    sentences: int
    words: int
    syllables: int
    many_syllables: int
    one_syllable: int
    long_words: int


class ReadabilityScore(Struct, frozen=True):
    """The score of a text by a formula; `higher_is_easier` for a scale of reading ease."""

    formula: str
    value: float
    higher_is_easier: bool = False


_Formula: TypeAlias = Callable[[_TextCounts], ReadabilityScore]


def _flesch_kincaid(counts: _TextCounts) -> ReadabilityScore:
    """Return the US school grade (Kincaid, Fishburne, Rogers and Chissom 1975), for English."""
    value = 0.39 * counts.words / counts.sentences + 11.8 * counts.syllables / counts.words - 15.59
    return ReadabilityScore("Flesch-Kincaid grade", value)


def _wiener_sachtextformel(counts: _TextCounts) -> ReadabilityScore:
    """Return the school grade (erste Wiener Sachtextformel, Bamberger and Vanecek 1984), for German."""
    many, long, one = (100 * n / counts.words for n in (counts.many_syllables, counts.long_words, counts.one_syllable))
    mean = counts.words / counts.sentences
    value = 0.1935 * many + 0.1672 * mean + 0.1297 * long - 0.0327 * one - 0.875
    return ReadabilityScore("Wiener Sachtextformel", value)


def _fernandez_huerta(counts: _TextCounts) -> ReadabilityScore:
    """Return the reading ease from 0 to 100 (Fernández Huerta 1959), for Spanish."""
    value = 206.84 - 60 * counts.syllables / counts.words - 1.02 * counts.words / counts.sentences
    return ReadabilityScore("Fernández Huerta", value, higher_is_easier=True)


def _kandel_moles(counts: _TextCounts) -> ReadabilityScore:
    """Return the reading ease from 0 to 100 (Kandel and Moles 1958), for French."""
    value = 207 - 1.015 * counts.words / counts.sentences - 73.6 * counts.syllables / counts.words
    return ReadabilityScore("Kandel and Moles", value, higher_is_easier=True)


def _lix(counts: _TextCounts) -> ReadabilityScore:
    """Return the readability index (Björnsson 1968), for Swedish, Danish and Norwegian."""
    return ReadabilityScore("LIX", counts.words / counts.sentences + 100 * counts.long_words / counts.words)


FORMULAS: Mapping[str, _Formula] = {
    "en": _flesch_kincaid,
    "de": _wiener_sachtextformel,
    "es": _fernandez_huerta,
    "fr": _kandel_moles,
    **dict.fromkeys(("sv", "da", "nb", "nn", "no"), _lix),
}


def readability_score(read: Sequence[Sentence], language: str, masked: Collection[str] = ()) -> ReadabilityScore | None:
    """Return the score of sentences, with each of the `masked` phrases, in any case, counted as one short word.

    None if there is no formula for the language, or no word.
    """
    name = language.partition("-")[0]
    formula = FORMULAS.get(name)
    counts = _count_text(read, name, masked)
    return formula(counts) if formula and counts.words else None


def _count_text(read: Sequence[Sentence], language: str, masked: Collection[str] = ()) -> _TextCounts:
    """Return the counts of sentences, words and syllables that the formulas use."""
    phrases = [re.compile(rf"\b{re.escape(each)}\b", re.IGNORECASE) for each in sorted(masked, key=len, reverse=True)]
    words = Counter(word for sentence in read for word in _masked_words(sentence, phrases))
    said = [(count_syllables(word, language), times) for word, times in words.items()]
    return _TextCounts(
        sentences=max(1, len(read)),
        words=words.total(),
        syllables=sum(syllables * times for syllables, times in said),
        many_syllables=sum(times for syllables, times in said if syllables >= _MANY_SYLLABLES),
        one_syllable=sum(times for syllables, times in said if syllables == 1),
        long_words=sum(times for word, times in words.items() if len(word) > _LONG_WORD_LETTERS),
    )


def _masked_words(sentence: Sentence, masked: Sequence[re.Pattern[str]]) -> Sequence[str]:
    """Return the words of a sentence, with each masked phrase as a word of one syllable."""
    if not masked:
        return sentence.words
    words = " ".join(sentence.words)
    for phrase in masked:
        words = phrase.sub("it", words)
    return words.split()


def hardest_sentence(read: Sequence[Sentence], language: str) -> Sentence:
    """Return the sentence with the most words and syllables, of those of six words or more if there are any."""
    whole = [each for each in read if len(each.words) >= _SHORTEST_SENTENCE] or list(read)
    return max(whole, key=lambda each: _sentence_difficulty(each, language))


def _sentence_difficulty(sentence: Sentence, language: str) -> float:
    """Return the number of words of a sentence, and twice the syllables that they have beyond one each."""
    name = language.partition("-")[0]
    return len(sentence.words) + 2 * sum(count_syllables(word, name) - 1 for word in sentence.words)
