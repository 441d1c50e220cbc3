"""Find barriers for readers who cannot see, who read on a screen, or who need the language marked.

Takes a checked document; yields faults. Contrast belongs to themes and is checked where they are loaded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from handouts.check.rules import CheckedDocument, Fault, Passage, Rule, error_rule, warning_rule
from handouts.document.nodes import Chart, Figure, Foreign, Heading, Link, Picture, Table
from handouts.document.text import plain, walk, written_at
from handouts.markdown.syntax_tree import ParagraphNode

_LONGEST_ALT = 600  # characters
_SHORTEST_ALT = 3  # words
_CITED_WITHIN = 2  # characters after the number of a page: the page is one of that source
_LONGEST_CELL = 20  # words
_WORD = re.compile(r"\w+")
_WEB_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
# The alphabets of languages that are not written in Latin letters.
_SCRIPTS = {
    "ar": ("ARABIC",), "bg": ("CYRILLIC",), "el": ("GREEK",), "fa": ("ARABIC",), "he": ("HEBREW",),
    "hi": ("DEVANAGARI",), "ja": ("CJK", "HIRAGANA", "KATAKANA"), "ko": ("HANGUL", "CJK"), "ru": ("CYRILLIC",),
    "sr": ("CYRILLIC", "LATIN"), "th": ("THAI",), "uk": ("CYRILLIC",), "ur": ("ARABIC",), "zh": ("CJK",),
}  # fmt: skip
_LATIN_SCRIPT = ("LATIN",)
# Signs of science, which every language writes in Greek letters.
_SCIENTIFIC_SIGNS = ("MICRO", "GREEK SMALL LETTER MU", "OHM", "FEMININE ORDINAL", "MASCULINE ORDINAL")


def _find_poor_alt(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each alt text that says too little, too much, or only what the title or caption says."""
    hint = "say in one to three sentences what it shows and what it means"
    for node in checked.nodes:
        if not isinstance(node, Figure | Chart | Picture) or not node.alt:
            continue
        seen = plain(node.caption if isinstance(node, Picture) else node.title)
        count = len(_WORD.findall(node.alt))
        at = checked.place(Passage(node.alt, "alt", "handout", node.at))
        if _comparable_words(node.alt) == _comparable_words(seen):
            yield Fault("The alt text says only what the title says.", at, hint)
        elif count < _SHORTEST_ALT:
            yield Fault(f"An alt text of {count} words says too little.", at, hint)
        elif len(node.alt) > _LONGEST_ALT:
            message = f"An alt text of {len(node.alt)} characters is read out in one go."
            yield Fault(message, at, f"use at most {_LONGEST_ALT}, and say the rest in the text")


def _comparable_words(words: str) -> str:
    """Return words to compare: without case, and without a full stop."""
    return words.strip().rstrip(".").casefold()


def _find_unread_figures(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each figure and chart in a handout that does not say how it is read."""
    for node in walk(checked.document.blocks):
        if isinstance(node, Figure | Chart) and not plain(node.how_to_read).strip():
            hint = "write a line below it that says what to look at, and what to do with it"
            yield Fault("Nothing says how to read this figure.", node.at, hint)


def _find_skipped_levels(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each heading that is more than one level below the one before it."""
    headings = [node for node in checked.document.blocks if isinstance(node, Heading)]
    for before, heading in pairwise(headings):
        if heading.level > before.level + 1:
            message = f"A heading of level {heading.level} follows one of level {before.level}."
            yield Fault(message, heading.at, f"write {'#' * (before.level + 1)}")


def _find_headless_sections(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each numbered section of a handout that begins with prose and has no heading for this reader."""
    hint = "write the heading below a line ## Heading before it, or begin the text with ### and one"
    for section in checked.selection.sections if checked.document.blocks else ():
        kind = checked.selection.library.kinds[section.kind]
        heading = next(iter(kind.parts))
        if not kind.numbered or any(part.name == heading for part in section.parts):
            continue
        body = next((part for part in section.parts if kind.parts[part.name].required), None)
        if body and checked.is_written(body.at) and isinstance(body.blocks[0], ParagraphNode):
            message = f"'{section.id}' prints no heading: the name in the first line of its file is for writers only."
            yield Fault(message, body.at, hint)


def _find_vague_links(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each link whose words do not say where it leads."""
    vague = {each.strip() for each in checked.selection.words.say("vague_links").split("|")}
    for node in (each for each in checked.nodes if isinstance(each, Link)):
        words = plain(node.content).strip()
        if _comparable_words(words) in vague or _WEB_ADDRESS.fullmatch(words):
            message = f"The words of this link, '{words}', do not say where it leads."
            yield Fault(message, written_at(node.content), "name what is there")


def _find_page_references(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each number of a page in the text of a handout, unless it is one of another work."""
    say = checked.selection.words.say
    leads, others = (say(key).split("|") for key in ("page_words", "page_of_other"))
    alone = rf"(?![\w%]|[.,-]\d|\s+(?:{'|'.join(map(re.escape, others))})\b)"
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, leads))})\s+(\d{{1,2}}){alone}", re.IGNORECASE)
    for passage in checked.passages:
        if passage.place != "handout" or passage.role in ("source", "contact"):
            continue
        for found in pattern.finditer(passage.text):
            at = checked.place(passage, *found.span())
            cited = any(found.end() <= offset <= found.end() + _CITED_WITHIN for offset in passage.cites)
            if not cited and checked.is_written(at):
                message = f"Page {found[1]} of this sheet may be another page in large print, on A5 or on the web."
                yield Fault(message, at, "name the section instead")


def _find_unmarked_language(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield words in letters that the language of the document is not written in, unless they are marked."""
    marked = [plain(node.content) for node in checked.nodes if isinstance(node, Foreign)]
    for passage in checked.passages:
        if passage.role in ("source", "contact"):
            continue
        found = _word_in_other_script(passage.text, checked.selection.language)
        if found and (passage.role == "alt" or not any(found[0] in words for words in marked)):
            at = checked.place(passage, found.start(), found.end())
            hint = f'write [{found[0]}]{{language="…"}}, so that a screen reader says it right'
            yield Fault(f"'{found[0]}' is in another language, and nothing says in which.", at, hint)


def _word_in_other_script(text: str, language: str) -> re.Match[str] | None:
    """Return the first word in letters that `language` is not written in."""
    if text.isascii():
        return None
    alphabets = (*_SCRIPTS.get(language.partition("-")[0], _LATIN_SCRIPT), *_LATIN_SCRIPT)
    words = (word for word in _WORD.finditer(text) if any(_is_in_other_script(each, alphabets) for each in word[0]))
    return next(words, None)


def _is_in_other_script(letter: str, alphabets: tuple[str, ...]) -> bool:
    """True if `letter` is a letter of an alphabet that is not among `alphabets`."""
    if letter.isascii() or not letter.isalpha():
        return False
    name = unicodedata.name(letter, "")
    return not name.startswith((*alphabets, *_SCIENTIFIC_SIGNS)) and unicodedata.category(letter) != "Lm"


def _find_empty_heads(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each empty header cell: a screen reader says it before every cell of its column or row."""
    for node in checked.nodes:
        if isinstance(node, Table):
            for cell in (cell for row in (*node.head, *node.body) for cell in row):
                if cell.header and not plain(cell.content).strip():
                    yield Fault("A column or row of this table has no head.", cell.at, "say what stands in it")


def _find_long_cells(checked: CheckedDocument) -> Iterator[Fault]:
    """Yield each cell of a table with more words than are read at a glance."""
    for passage in checked.passages:
        count = len(_WORD.findall(passage.text))
        if passage.role == "cell" and count > _LONGEST_CELL and passage.place != "notes":
            hint = f"use at most {_LONGEST_CELL}, or write a paragraph below the table"
            yield Fault(f"A cell of {count} words.", checked.place(passage), hint)


RULES: tuple[Rule, ...] = (
    warning_rule("poor-alt", "Who cannot see a picture has only its alt text.", _find_poor_alt),
    warning_rule("no-how-to-read", "A figure helps only those who know what to look at.", _find_unread_figures),
    error_rule("heading-order", "Screen readers walk from heading to heading by level.", _find_skipped_levels),
    warning_rule("no-heading", "Readers find their way by headings.", _find_headless_sections),
    warning_rule("vague-link", "Links are read out alone, in a list.", _find_vague_links),
    warning_rule("page-reference", "Each edition has pages of its own.", _find_page_references),
    warning_rule("unmarked-language", "A screen reader says a word as its language does.", _find_unmarked_language),
    warning_rule("empty-head", "A header cell is read out before each cell of its column or row.", _find_empty_heads),
    warning_rule("long-cell", "A table is for looking up, not for reading.", _find_long_cells),
)
