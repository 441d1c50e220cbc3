"""Read the words of a topic: the labels that it has in words of its own, and the needs that it adds.

Takes the file `words.yaml` beside the sections of a language; returns the fixed words of that language as the topic
has them. A label that there is not, other places to fill in, and an empty label are findings.
"""

from __future__ import annotations

from pathlib import Path

from handouts.document.nodes import FixedWords
from handouts.finding import closest_name, error
from handouts.library import NEED_WORDS, QUESTION_WORDS
from handouts.load.field_reader import FieldReader, open_fields
from handouts.load.file_names import check_name
from handouts.load.files import SourceFolder
from handouts.load.template_keys import WORDS
from handouts.load.templates import check_placeholders, placeholders_in, report_long_words
from handouts.load.yaml_nodes import load_yaml
from handouts.markdown.attributes import Word

WORDS_FILE = "words.yaml"


def load_topic_words(folder: SourceFolder, path: Path, shipped: FixedWords) -> tuple[FixedWords, tuple[Word, ...]]:
    """Return the fixed words of a language as a topic has them, and the needs that only it has words for.

    `path` is the folder of its sections; without a file of words there they are the `shipped` ones.
    """
    node = load_yaml(folder, path / WORDS_FILE, needed=False)
    if node is None or not shipped.entries:
        return shipped, ()
    reading = open_fields(node, folder.findings, WORDS)
    report_long_words(reading)
    known = dict(shipped.entries)
    own = {key.text: reading.text(key.text) for key, _ in reading.entries() if _is_usable(key, known, reading)}
    needs = tuple(Word(_need_in(key.text), key.at) for key, _ in reading.entries() if key.text in own.keys() - known)
    return FixedWords(tuple({**known, **own}.items())), needs


def _is_usable(key: Word, known: dict[str, str], reading: FieldReader) -> bool:
    """True if a label can be replaced, or added for a need; what is wrong with it is a finding."""
    before = len(reading.findings)
    need = _need_in(key.text)
    if key.text not in known and not need:
        close = closest_name(key.text, known)
        hint = f"did you mean '{close}'?" if close else "templates/words has the labels that there are"
        reading.findings.append(error("unknown-key", f"There is no label '{key.text}'.", key.at, hint))
        return False
    if key.text not in known:
        check_name(Word(need, key.at), "a need", reading.findings)
    shipped, words = known.get(key.text, ""), reading.text(key.text)
    if words:
        check_placeholders(reading, key.text, sorted(placeholders_in(shipped) or ()))
    elif isinstance(reading.node(key.text), Word) and (shipped or key.text not in known):
        hint = "write the words, or delete the line: then the usual ones are printed"
        reading.findings.append(error("empty-value", f"'{key.text}' is empty.", reading.place(key.text), hint))
    return len(reading.findings) == before


def _need_in(key: str) -> str:
    """Return the need that a label is for, "" if it is for none."""
    return next((key.removeprefix(each) for each in (NEED_WORDS, QUESTION_WORDS) if key.startswith(each)), "")
