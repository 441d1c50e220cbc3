"""Read sources that were pasted as BibTeX into `Reference`s by key, with findings at their places.

Entries, strings and comments of BibTeX are understood, in braces or quotation marks; other text between entries, which
BibTeX would skip in silence, is a finding, and so is a DOI that stands alone. Fields that are never printed are passed
over. Nothing is run or fetched, and sizes are bounded.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from msgspec import Struct, field

from handouts.finding import Finding, Location, closest_name, error, suggest_name
from handouts.library import Reference
from handouts.load.csl import (
    KEY_HINT,
    MAX_SOURCES,
    SOURCE_KEY,
    bare_doi_error,
    doi_alone_in,
    long_text_errors,
    organisation,
    person,
    printed_texts,
    reference_from_csl,
    too_many_error,
    unprinted_address_error,
)
from handouts.load.files import check_characters
from handouts.load.latex_text import address_of_latex, words_of_latex

_TYPES: Mapping[str, str] = {
    "article": "article-journal",
    **dict.fromkeys(("book", "mvbook", "collection", "proceedings"), "book"),
    **dict.fromkeys(("inbook", "incollection"), "chapter"),
    **dict.fromkeys(("inproceedings", "conference"), "paper-conference"),
    **dict.fromkeys(("techreport", "report", "manual"), "report"),
    **dict.fromkeys(("misc", "online", "electronic", "www", "webpage"), "webpage"),
    **dict.fromkeys(("phdthesis", "mastersthesis", "thesis"), "thesis"),
    "booklet": "pamphlet",
    "unpublished": "manuscript",
    "dataset": "dataset",
    "software": "document",
}
# The fields of BibTeX and BibLaTeX that say what a field of CSL says; the first that is filled holds.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "container-title": ("journal", "journaltitle", "booktitle"),
    "volume": ("volume",),
    "page": ("pages",),
    "publisher": ("publisher", "institution", "school", "organization", "howpublished"),
    "publisher-place": ("address", "location"),
    "edition": ("edition",),
    "genre": ("type",),
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENTRY = re.compile(r"@[ \t]*(?P<type>[A-Za-z]+)\s*(?P<opens>[{(])")
_NEXT_ENTRY = re.compile(r"\n[ \t]*@[ \t]*[A-Za-z]+\s*[{(]")
_FIELD_NAME = re.compile(r"\s*(?P<name>[A-Za-z][\w:-]*)\s*=\s*")
_KEY = re.compile(r"\s*(?P<key>[^\s,={}()\"]*)\s*(?P<comma>,?)")
_WORD = re.compile(r"[^\s,#{}()\"=]+")
_SIGN = re.compile(r"[{}\"]")
_AND = re.compile(r"[{}]|\s+and\s+")
_COMMA_OR_GAP = re.compile(r"[{},]|[\s~]+")
_YEAR = re.compile(r"\d{4}")
_INITIALS = re.compile(r"[A-Z]{1,3}")
MAX_VALUE_CHARACTERS = 50_000
_ONE_NAME = "write Family, Given, and the word and between two names"


class _SyntaxProblem(Exception):  # noqa: N818
    """An entry that cannot be read further: where, and why."""

    def __init__(self, offset: int, message: str, hint: str) -> None:
        super().__init__(offset, message, hint)
        self.offset, self.message, self.hint = offset, message, hint


class _Value(Struct, frozen=True):
    """What stands behind the = of a field, without its outermost braces, and the offset at which it begins."""

    text: str
    start: int


class _BibFile(Struct):
    """A file while it is read: its text, what was found out, and its strings; `end` is where the current entry ends."""

    text: str
    file: str
    findings: list[Finding]
    line_starts: list[int]
    strings: dict[str, str] = field(default_factory=dict)
    end: int = 0
    position: int = 0

    def at(self, offset: int) -> Location:
        """Return the place of an offset in the text."""
        line = bisect_right(self.line_starts, offset)
        return Location(self.file, line, offset - self.line_starts[line - 1] + 1)

    def error(self, code: str, message: str, offset: int, hint: str) -> None:
        """Gather an error."""
        self.findings.append(error(code, message, self.at(offset), hint))

    def skip_gaps(self) -> None:
        """Go on to the next character that is no space."""
        while self.position < self.end and self.text[self.position].isspace():
            self.position += 1

    def sees(self, sign: str) -> bool:
        """True if the next character of the entry is `sign`."""
        return self.position < self.end and self.text[self.position] == sign


def read_bibtex(text: str, file: str, findings: list[Finding]) -> dict[str, Reference] | None:
    """Return the sources by key, or None after a finding if it is not known which there are."""
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    bib = _BibFile(text, file, findings, starts)
    references: dict[str, Reference] = {}
    whole, count = True, 0
    while opened := _ENTRY.search(text, bib.position):
        whole = _check_between(bib, bib.position, opened.start()) and whole
        following = _NEXT_ENTRY.search(text, opened.end())
        bib.position, bib.end = opened.end(), following.start() if following else len(text)
        try:
            found = _read_entry(bib, opened)
        except _SyntaxProblem as problem:
            bib.error("bibtex", problem.message, problem.offset, problem.hint)
            bib.position, whole = bib.end, False
            continue
        if found is None:
            continue
        count += 1
        if count > MAX_SOURCES:
            findings.append(too_many_error(len(_ENTRY.findall(text)), Location(file, 1, 1)))
            return None
        if not SOURCE_KEY.fullmatch(found.key):
            bib.findings.append(error("missing-key", "This source has no usable key.", found.at, KEY_HINT))
            whole = False
        elif found.key in references:
            message, hint = f"The source '{found.key}' is there twice.", f"the first is {references[found.key].at}"
            findings.append(error("duplicate-key", message, found.at, hint))
        else:
            references[found.key] = found
    whole = _check_between(bib, bib.position, len(text)) and whole
    return references if whole else None


def _check_between(bib: _BibFile, start: int, end: int) -> bool:
    """Report the text between two entries, which nothing would print; True if there is none but comments."""
    good, offset = True, start
    for line in bib.text[start:end].split("\n"):
        words = line.strip()
        place = offset + len(line) - len(line.lstrip())
        offset += len(line) + 1
        if not words or words.startswith("%"):
            continue
        if doi := doi_alone_in(words):
            bib.findings.append(bare_doi_error(doi, bib.at(place)))
        elif good:
            hint = "paste a source as a whole, from @ to its last }; write % before a remark"
            bib.error("bibtex", "This stands in no source, and would be lost.", place, hint)
        good = False
    return good


def _read_entry(bib: _BibFile, opened: re.Match[str]) -> Reference | None:
    """Return the source of one entry, or None if it is a string or a comment. _SyntaxProblem if it cannot be read."""
    kind, closing = opened["type"].lower(), "}" if opened["opens"] == "{" else ")"
    if kind in ("comment", "preamble"):
        bib.position = _closing_of(bib, opened.end() - 1, closing) + 1
        return None
    if kind == "string":
        for name, value in _read_fields(bib, closing, opened.start()):
            bib.strings[name] = value.text
        return None
    key = _KEY.match(bib.text, bib.position, bib.end)
    if key is None or not key["key"] or (not key["comma"] and not bib.text.startswith(closing, key.end())):
        hint = f"write @{kind}{{yen2021, and then its fields; a key has no spaces"
        raise _SyntaxProblem(opened.end(), "This source has no key.", hint)
    bib.position = key.end()
    values: dict[str, _Value] = {}
    for name, value in _read_fields(bib, closing, opened.start()):
        if name in values:
            bib.error("duplicate-key", f"'{name}' is there twice.", value.start, "keep one of them")
        values.setdefault(name, value)
    if kind not in _TYPES:
        hint = f"{suggest_name(kind, _TYPES)}; write misc where none fits"
        bib.error("unknown-value", f"'{opened['type']}' is no type of source.", opened.start("type"), hint)
    return _reference_of(bib, key["key"], key.start("key"), kind, values)


def _read_fields(bib: _BibFile, closing: str, start: int) -> Iterator[tuple[str, _Value]]:
    """Yield the fields up to the sign that closes an entry, and go on behind it. _SyntaxProblem if there is none."""
    while True:
        bib.skip_gaps()
        if bib.sees(closing):
            bib.position += 1
            return
        if bib.position >= bib.end:
            raise _SyntaxProblem(start, "This source is never closed.", f"write {closing} behind its last field")
        name = _FIELD_NAME.match(bib.text, bib.position, bib.end)
        if name is None:
            words = bib.text[bib.position : bib.end].split("\n", 1)[0].strip()[:30]
            hint = "write name = {value}, with a comma between two fields"
            raise _SyntaxProblem(bib.position, f"'{words}' is no field.", hint)
        bib.position = name.end()
        yield name["name"].lower(), _read_value(bib, name["name"])
        bib.skip_gaps()
        if bib.sees(","):
            bib.position += 1
        elif not bib.sees(closing) and bib.position < bib.end:
            message = f"A comma is missing behind the value of '{name['name']}'."
            raise _SyntaxProblem(bib.position, message, "write , before this")


def _read_value(bib: _BibFile, name: str) -> _Value:
    """Return the value of a field: pieces joined by #. _SyntaxProblem if it cannot be read."""
    start, pieces = bib.position, [_read_piece(bib, name)]
    first = pieces[0].start
    bib.skip_gaps()
    while bib.sees("#"):
        bib.position += 1
        bib.skip_gaps()
        pieces.append(_read_piece(bib, name))
        bib.skip_gaps()
    text = "".join(piece.text for piece in pieces)
    if len(text) > MAX_VALUE_CHARACTERS:
        raise _SyntaxProblem(start, f"The value of '{name}' is far too long.", f"{MAX_VALUE_CHARACTERS} are the most")
    return _Value(text, first)


def _read_piece(bib: _BibFile, name: str) -> _Value:
    """Return one piece of a value: in braces, in quotation marks, a number, or the name of a string."""
    start = bib.position
    for opening, closing in (("{", "}"), ('"', '"')):
        if bib.sees(opening):
            end = _closing_of(bib, start, closing)
            bib.position = end + 1
            return _Value(bib.text[start + 1 : end], start + 1)
    word = _WORD.match(bib.text, start, bib.end)
    if word is None:
        raise _SyntaxProblem(start, f"'{name}' has no value.", f"write {name} = {{…}}")
    bib.position = word.end()
    text = word[0]
    if text.isdigit() or text.lower() in _MONTHS:
        return _Value(text, start)
    if text.lower() not in bib.strings:
        raise _SyntaxProblem(start, f"The value of '{name}' stands in no braces.", f"write {name} = {{{text}…}}")
    return _Value(bib.strings[text.lower()], start)


def _closing_of(bib: _BibFile, opening: int, closing: str) -> int:
    """Return where the brace, bracket or quotation mark at `opening` is closed. _SyntaxProblem if it is not."""
    depth, position = 0, opening + 1
    signs = re.compile(r"[()]") if closing == ")" else _SIGN
    while found := signs.search(bib.text, position, bib.end):
        position = found.end()
        if bib.text[found.start() - 1] == "\\" and found[0] != '"':
            continue
        if found[0] == closing and depth == 0:
            return found.start()
        depth += (found[0] in "{(") - (found[0] in "})")
        if depth < 0:
            break
    raise _SyntaxProblem(opening, f"This {bib.text[opening]} is never closed.", f"write {closing} where it ends")


def _reference_of(bib: _BibFile, key: str, start: int, kind: str, values: Mapping[str, _Value]) -> Reference:
    """Return the source that the fields of an entry make; what they lack or what is wrong with them is a finding."""
    entry: dict[str, Any] = {"type": _TYPES.get(kind, "")}
    for name, fields in _FIELDS.items():
        entry[name] = next((text for each in fields if each in values and (text := _words(bib, values[each]))), "")
    if "http" in entry["publisher"]:  # howpublished is often an address
        entry["publisher"] = ""
    entry["page"] = re.sub("[–—]", "-", entry["page"])
    entry["issue" if kind == "article" else "number"] = _words(bib, values["number"]) if "number" in values else ""
    if "issue" in values:
        entry["issue"] = _words(bib, values["issue"])
    if kind == "article":
        entry["publisher"] = entry["publisher-place"] = ""  # of the journal: they are not printed
    year = next((_words(bib, values[name]) for name in ("year", "date") if name in values), "")
    found = _YEAR.search(year)
    entry["issued"] = {"date-parts": [[found[0] if found else year]]}
    doi = address_of_latex(values["doi"].text) if "doi" in values else ""
    entry["DOI"] = doi_alone_in(doi) or doi
    entry["URL"] = _address(bib, values, needed=not doi)
    entry["author"], more = _people(bib, values)
    entry["custom"] = {"all_authors_listed": not more}
    reference = reference_from_csl(key, entry, bib.at(start))
    if not reference.title:
        meant = closest_name("title", [name for name in values if name not in ("subtitle", "booktitle")])
        hint = f"write title for {meant}" if meant else "add title = {…}"
        bib.error("missing-key", f"The source '{key}' has no title.", values[meant].start if meant else start, hint)
    known = {found.message for found in bib.findings if found.at.file == bib.file}
    for text in printed_texts(reference):
        bib.findings.extend(each for each in check_characters(text, reference.at) if each.message not in known)
    bib.findings.extend(long_text_errors(reference))
    return reference


def _words(bib: _BibFile, value: _Value) -> str:
    """Return what a value says; each command of LaTeX that is not known is a finding."""
    text, unknown = words_of_latex(value.text)
    for command in unknown:
        offset = bib.text.find(f"\\{command}", value.start)
        hint = "write the letter or sign itself, or the words without the command"
        bib.error("bibtex", f"\\{command} is not understood.", offset if offset >= 0 else value.start, hint)
    return text


def _address(bib: _BibFile, values: Mapping[str, _Value], *, needed: bool) -> str:
    """Return the address of a source; one that is not printed is a finding where there is no DOI."""
    published = values.get("howpublished")
    value = values.get("url") or (published if published and "http" in published.text else None)
    address = address_of_latex(value.text) if value else ""
    if value and needed and not address.startswith("https://"):
        bib.findings.append(unprinted_address_error(address, bib.at(value.start)))
    return address


def _people(bib: _BibFile, values: Mapping[str, _Value]) -> tuple[list[dict[str, str]], bool]:
    """Return the authors, or else the editors, and whether there are others who are not listed."""
    value = next((values[name] for name in ("author", "editor") if name in values), None)
    names = list(_split_names(value.text)) if value else []
    listed = [name for name in names if name.lower() != "others"]
    return [_person(bib, name, value) for name in listed if value], len(listed) < len(names)


def _split_names(text: str) -> Iterator[str]:
    """Yield each name between the words `and` that stand in no braces."""
    depth, start = 0, 0
    for found in _AND.finditer(text):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth == 0 and found[0] not in "{}":
            yield text[start : found.start()].strip()
            start = found.end()
    if last := text[start:].strip():
        yield last


def _person(bib: _BibFile, name: str, value: _Value) -> dict[str, str]:
    """Return a name in the parts that CSL gives it; one in braces, or of one word, is an organisation."""
    pieces = _pieces_of(name)
    place = value.start + max(value.text.find(name), 0)

    def said(tokens: list[str]) -> str:
        return _words(bib, _Value(" ".join(tokens), place))

    if len(pieces) == 1:
        tokens = pieces[0]
        if len(tokens) == 1:
            return organisation(said(tokens))
        if _INITIALS.fullmatch(tokens[-1]):
            family, initials = " ".join(tokens[:-1]), tokens[-1]
            message = f"'{name[:40]}': it is not clear which of both is the family name."
            bib.error("bibtex", message, place, f"write {family}, {initials}")
        small = next((index for index, token in enumerate(tokens[1:-1], 1) if token[:1].islower()), len(tokens) - 1)
        return person(said(tokens[small:]), said(tokens[:small]))
    if len(pieces) > 3:
        bib.error("bibtex", f"'{name[:40]}' is more than one name.", place, _ONE_NAME)
    words = [said(each) for each in pieces]
    if len(pieces) == 3:
        return person(words[0], words[2], words[1])
    return person(words[0], words[1])


def _pieces_of(name: str) -> list[list[str]]:
    """Return the words of a name, in groups between its commas; what stands in braces is not divided."""
    groups: list[list[str]] = [[]]
    depth, start = 0, 0
    for found in (*_COMMA_OR_GAP.finditer(name), None):
        sign = found[0] if found else " "
        depth += (sign == "{") - (sign == "}")
        if depth or sign in "{}":
            continue
        end = found.start() if found else len(name)
        if word := name[start:end]:
            groups[-1].append(word)
        start = found.end() if found else end
        if sign == ",":
            groups.append([])
    return [group for group in groups if group] or [[name]]
