"""How many syllables a word has, in English by rules and a short list of exceptions, elsewhere by its groups of vowels.

Word in, number out. No dictionary at run time; the tests hold the rules for English against one.
"""

from __future__ import annotations

import re
from functools import lru_cache

KEPT = 20_000
LONGEST_ACRONYM = 5
SAID_AS_THREE = "W"
ENGLISH = "en"
VOWELS = re.compile(r"[aeiouy]+")
# Endings whose e is not said.
SILENT = (
    re.compile(r"(?<![^aeiouyl]l)e$"),
    re.compile(r"(?<![sxzcg])(?<!ch)(?<!sh)(?<![^aeiouyl]l)es$"),
    re.compile(r"(?<![td])(?<![^aeiouyl]l)ed$"),
)
ENDINGS = "ly|less|ness|ment|ful|some|where|thing|one|body"
SILENT_INSIDE = re.compile(rf"(?<=[aeiouy][bcdfghklmnprstvz])e(?=(?:{ENDINGS})s?(?:ly|ness)?$)")
BEGINNINGS = "some|base|life|home|there|where|time|else|care|like|ice|one|fore|side"
COMPOUND = re.compile(rf"^({BEGINNINGS})(?=[bcdfghklmnpqrstvwz])")
# Vowels side by side that are said in two syllables.
SPLIT = re.compile(
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
SAID = re.compile(r"(?<=s)m(?=s?$)|(?<=th)m(?=s?$)|(?<=[^aeiouy])n't$")
EXCEPTIONS = {
    **dict.fromkeys(("suede", "queue"), 1),
    **dict.fromkeys(("being", "business", "colleague", "create", "cruel", "diet", "doing", "evening", "fuel"), 2),
    **dict.fromkeys(("going", "hundred", "lion", "maybe", "ninety", "poem", "quiet", "riot", "safety"), 2),
    **dict.fromkeys(("seeing", "tired", "wednesday"), 2),
    **dict.fromkeys(("area", "coincide", "everyone", "everything", "hundredth", "idea", "poetry", "quietly"), 3),
    **dict.fromkeys(("recipe", "simile", "somebody", "usually"), 3),
    **dict.fromkeys(("apostrophe", "catastrophe"), 4),
}
# What counts as a vowel, and which groups of them are said as one, in languages that say what they write.
GROUPS = {
    "de": re.compile(r"ei|ie|eu|äu|au|ai|aa|ee|oo|[aeiouäöüy]"),
    "es": re.compile(r"[iuy]?[aeoáéó][iuy]?|[iuü][iu]|[iuíúüy]"),
    "fr": re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+"),
}
SILENT_FRENCH = re.compile(r"(?<=[^aeiouyéè])es?$")


@lru_cache(maxsize=KEPT)
def syllables(word: str, language: str = ENGLISH) -> int:
    """Return how many syllables a word has when it is read aloud; the letters of an acronym are said one by one."""
    plain = word.replace("’", "'").strip("'")
    if plain.isupper() and 1 < len(plain) <= LONGEST_ACRONYM:
        return sum(3 if letter in SAID_AS_THREE else 1 for letter in plain)
    if language in GROUPS:
        written = plain.lower()
        return max(1, len(GROUPS[language].findall(SILENT_FRENCH.sub("", written) if language == "fr" else written)))
    return EXCEPTIONS.get(bare(plain)) or english_syllables(bare(plain))


def bare(word: str) -> str:
    """Return an English word in small letters, without what makes it a possessive."""
    return word.lower().removesuffix("'s").removesuffix("s'")


def english_syllables(word: str) -> int:
    """Return how many syllables a word has by its letters alone."""
    heard = SILENT_INSIDE.sub("", COMPOUND.sub(lambda found: found[1][:-1], word))
    for ending in SILENT:
        heard, count = ending.subn("", heard)
        if count:
            break
    return max(1, sum(len(each.findall(heard)) for each in (VOWELS, SPLIT, SAID)))
