"""Load templates with their front matter and includes, and the fixed words of languages and topics.

Checks that every fixed word is there and has the right placeholders. Errors inside a template are found by `compose`;
no template is run here.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import cast

from msgspec.structs import replace

from handouts.document.nodes import FixedWords
from handouts.finding import Finding, Location, closest_name, error, suggest_name
from handouts.library import NEED_WORDS, QUESTION_WORDS, RendererName, Template, TemplateInclude
from handouts.load.field_reader import FieldReader, open_fields
from handouts.load.file_names import check_name
from handouts.load.files import SourceFolder, list_files, read_text
from handouts.load.template_keys import REQUIRED_WORDS, TEMPLATE, WORDS
from handouts.load.yaml_nodes import YamlNode, load_yaml, parse_yaml
from handouts.markdown.attributes import Word


def load_templates(folder: SourceFolder, audiences: Collection[str], *, shared: bool = False) -> dict[str, Template]:
    """Return the templates by name.

    If templates are shared with other projects, unknown audiences in them are ignored; a template without known
    audiences is for all.
    """
    templates: dict[str, Template] = {}
    known = () if shared else audiences
    for path in list_files(folder.path, ".md.j2"):
        text = read_text(folder, path, largest=_MAX_TEMPLATE_BYTES)
        template = None if text is None else _read_template(text, path.as_posix(), known, folder.findings)
        if template and template.name in templates:
            first = templates[template.name].at
            message = f"A second template is called '{template.name}'."
            folder.error("duplicate-id", message, template.at, f"the first is {first}")
        elif template:
            readers = tuple(each for each in template.audiences if each in audiences or not shared)
            templates[template.name] = replace(template, audiences=readers or tuple(audiences))
    if not templates:
        folder.error("missing-file", "There is no template.", Location(folder.path.as_posix()), "add handout.md.j2")
    return templates


_FRONT_MATTER_FENCE = "---"
_MAX_TEMPLATE_BYTES = 100_000  # errors in a template are searched for line by line


def _read_template(text: str, file: str, audiences: Collection[str], findings: list[Finding]) -> Template | None:
    """Return a template, or None after an error if its front matter cannot be read."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FRONT_MATTER_FENCE or _FRONT_MATTER_FENCE not in [line.rstrip() for line in lines[1:]]:
        hint = "begin with ---, renderer: pdf, name: handout, ---"
        findings.append(error("front-matter", "A template begins with its front matter.", Location(file, 1, 1), hint))
        return None
    end = [line.rstrip() for line in lines].index(_FRONT_MATTER_FENCE, 1)
    node = parse_yaml("\n".join(lines[1:end]), file, findings, first_line=2)
    if node is None:
        return None
    reading = open_fields(node, findings, TEMPLATE)
    name = reading.node("name")
    if isinstance(name, Word):
        check_name(name, "a template", findings)
    readers = reading.names("audiences", audiences)
    body = "\n".join([*[""] * (end + 1), *lines[end + 1 :]])
    listed = reading.text("sources-of")
    return Template(
        reading.text("name"),
        cast(RendererName, reading.choice("renderer")),
        readers,
        body,
        reading.at,
        listed,
    )


MAX_FIXED_WORDS_CHARACTERS = 500  # in one place of a page


def _read_fixed_words(node: YamlNode | None, findings: list[Finding]) -> FixedWords:
    """Return the fixed words of one language; none if a required one is missing, so that nothing is checked against
    them."""
    if node is None:
        return FixedWords(())
    reading = open_fields(node, findings, WORDS)
    for key, needed in REQUIRED_WORDS.items():
        value = reading.node(key)
        if value is None:
            close = suggest_name(key, [name.text for name, _ in reading.entries() if name.text not in REQUIRED_WORDS])
            hint = close if close.startswith("did") else f"add {key}: and its words"
            findings.append(error("missing-key", f"The words '{key}' are missing.", reading.at, hint))
        elif isinstance(value, Word):
            _check_placeholders(reading, key, needed)
    _report_long_words(reading)
    entries = tuple((key.text, reading.text(key.text)) for key, _ in reading.entries())
    return FixedWords(entries if REQUIRED_WORDS.keys() <= dict(entries).keys() else ())


def _report_long_words(reading: FieldReader) -> None:
    """Add an error for each fixed word that is too long for its place on a page."""
    for name, words in reading.entries():
        if isinstance(words, Word) and len(words.text) > MAX_FIXED_WORDS_CHARACTERS:
            message = f"The words '{name.text}' have {len(words.text)} characters."
            hint = f"{MAX_FIXED_WORDS_CHARACTERS} are the most"
            reading.findings.append(error("long-text", message, words.at, hint))


def _check_placeholders(reading: FieldReader, key: str, needed: Iterable[str]) -> None:
    """Add an error if words do not have exactly the placeholders `needed`."""
    names = _placeholders_in(reading.text(key))
    if names != set(needed):
        wanted = ", ".join(f"{{{name}}}" for name in needed) or "none"
        message = f"The places to fill in '{key}' are not right."
        reading.findings.append(error("word-places", message, reading.place(key), f"they are: {wanted}"))


def _placeholders_in(text: str) -> set[str] | None:
    """Return the placeholders in `text`, such as n in "Page {n}"; None if a brace is not closed."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return None


def _compare_fixed_words(
    words: Mapping[str, FixedWords], places: Mapping[str, Location], findings: list[Finding]
) -> None:
    """Add an error for each key that a language lacks, or whose placeholders differ between languages."""
    entries = {language: dict(each.entries) for language, each in words.items() if each.entries}
    for language, mine in entries.items():
        for other, theirs in entries.items():
            for key in theirs:
                if key not in mine:
                    message = f"The words '{key}' are missing; {other} has them."
                    findings.append(error("missing-key", message, places[language], f"add {key}: and its words"))
                elif language != other and (_placeholders_in(mine[key]) or ()) != (_placeholders_in(theirs[key]) or ()):
                    message = f"The places to fill in '{key}' are not those of {other}."
                    findings.append(error("word-places", message, places[language], f"{other} has: {theirs[key]}"))


def load_template_includes(folder: SourceFolder) -> dict[str, TemplateInclude]:
    """Return the files that templates include, by the name in the include."""
    parts = {}
    for path in list_files(folder.path / "parts", ".md.j2"):
        text = read_text(folder, path, largest=_MAX_TEMPLATE_BYTES) or ""
        name = path.relative_to(folder.path).as_posix()
        whole = text if text.endswith("\n") or not text else f"{text}\n"  # ends its last line
        parts[name] = TemplateInclude(name, whole, Location(path.as_posix()))
    return parts


def load_fixed_words(folder: SourceFolder) -> dict[str, FixedWords]:
    """Return the fixed words by language."""
    files = list_files(folder.path / "words", ".yaml")
    words = {path.stem: _read_fixed_words(load_yaml(folder, path), folder.findings) for path in files}
    _compare_fixed_words(words, {path.stem: Location(path.as_posix(), 1, 1) for path in files}, folder.findings)
    return words


WORDS_FILE = "words.yaml"


def load_topic_words(folder: SourceFolder, path: Path, shipped: FixedWords) -> tuple[FixedWords, tuple[Word, ...]]:
    """Return the fixed words of a language as a topic has them, and the needs that only it has words for.

    `path` is the folder of the topic's sections in that language; `shipped` are the words that a file there may
    override.
    """
    node = load_yaml(folder, path / WORDS_FILE, needed=False)
    if node is None or not shipped.entries:
        return shipped, ()
    reading = open_fields(node, folder.findings, WORDS)
    _report_long_words(reading)
    known = dict(shipped.entries)
    own = {key.text: reading.text(key.text) for key, _ in reading.entries() if _is_usable(key, known, reading)}
    needs = tuple(Word(_need_in(key.text), key.at) for key, _ in reading.entries() if key.text in own.keys() - known)
    return FixedWords(tuple({**known, **own}.items())), needs


def _is_usable(key: Word, known: dict[str, str], reading: FieldReader) -> bool:
    """Return whether an entry may override fixed words, or add those of a need; add errors if not."""
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
        _check_placeholders(reading, key.text, sorted(_placeholders_in(shipped) or ()))
    elif isinstance(reading.node(key.text), Word) and (shipped or key.text not in known):
        hint = "write the words, or delete the line: then the usual ones are printed"
        reading.findings.append(error("empty-value", f"'{key.text}' is empty.", reading.place(key.text), hint))
    return len(reading.findings) == before


def _need_in(key: str) -> str:
    """Return the need that the key of fixed words is for, or ""."""
    return next((key.removeprefix(each) for each in (NEED_WORDS, QUESTION_WORDS) if key.startswith(each)), "")
