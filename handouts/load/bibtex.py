"""Read sources pasted as BibTeX into `Reference`s by key.

Understands entries, strings and comments, in braces or quotation marks. Other text between entries, which BibTeX would
silently skip, is an error, and so is a DOI alone. Fields that are never printed are ignored; accents and signs of LaTeX
become letters. Nothing is run or fetched, and sizes are bounded.
"""

from __future__ import annotations

import html
import re
import unicodedata
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
# The BibTeX and BibLaTeX fields for each CSL field; the first one with a value is used.
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
    """The value of a field without its outermost braces, and the offset at which it begins."""

    text: str
    start: int


class _BibFile(Struct):
    """A file while it is read: its text, the findings, its strings, and the current position; `end` is the end of the
    entry."""

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
        """Add an error."""
        self.findings.append(error(code, message, self.at(offset), hint))

    def skip_gaps(self) -> None:
        """Move on to the next character that is not white space."""
        while self.position < self.end and self.text[self.position].isspace():
            self.position += 1

    def sees(self, sign: str) -> bool:
        """Return whether the next character of the entry is `sign`."""
        return self.position < self.end and self.text[self.position] == sign


def read_bibtex(text: str, file: str, findings: list[Finding]) -> dict[str, Reference] | None:
    """Return the sources by key, or None after an error that leaves the set of keys unknown."""
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
            message, hint = f"The source '{found.key}' appears twice.", f"the first is {references[found.key].at}"
            findings.append(error("duplicate-key", message, found.at, hint))
        else:
            references[found.key] = found
    whole = _check_between(bib, bib.position, len(text)) and whole
    return references if whole else None


def _check_between(bib: _BibFile, start: int, end: int) -> bool:
    """Report text between two entries, which would never be printed; return whether there is nothing but comments."""
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
            bib.error("bibtex", "This is not in a source, and would be lost.", place, hint)
        good = False
    return good


def _read_entry(bib: _BibFile, opened: re.Match[str]) -> Reference | None:
    """Return the source of one entry; None for a string or a comment. _SyntaxProblem if it cannot be read."""
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
            bib.error("duplicate-key", f"'{name}' appears twice.", value.start, "keep one of them")
        values.setdefault(name, value)
    if kind not in _TYPES:
        hint = f"{suggest_name(kind, _TYPES)}; write misc where none fits"
        bib.error("unknown-value", f"'{opened['type']}' is not a type of source.", opened.start("type"), hint)
    return _reference_of(bib, key["key"], key.start("key"), kind, values)


def _read_fields(bib: _BibFile, closing: str, start: int) -> Iterator[tuple[str, _Value]]:
    """Yield the fields up to the closing sign of an entry, and move past it. _SyntaxProblem if there is none."""
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
            raise _SyntaxProblem(bib.position, f"'{words}' is not a field.", hint)
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
        raise _SyntaxProblem(start, f"The value of '{name}' is not in braces.", f"write {name} = {{{text}…}}")
    return _Value(bib.strings[text.lower()], start)


def _closing_of(bib: _BibFile, opening: int, closing: str) -> int:
    """Return the offset that closes the brace or quotation mark at `opening`. _SyntaxProblem if there is none."""
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
    """Return the source that the fields of an entry describe; missing and wrong fields are errors."""
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
        entry["publisher"] = entry["publisher-place"] = ""  # of the journal; not printed
    year = next((_words(bib, values[name]) for name in ("year", "date") if name in values), "")
    found = _YEAR.search(year)
    entry["issued"] = {"date-parts": [[found[0] if found else year]]}
    doi = _address_of_latex(values["doi"].text) if "doi" in values else ""
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
    """Return the plain words of a value; each unknown LaTeX command is an error."""
    text, unknown = words_of_latex(value.text)
    for command in unknown:
        offset = bib.text.find(f"\\{command}", value.start)
        hint = "write the letter or sign itself, or the words without the command"
        bib.error("bibtex", f"\\{command} is not understood.", offset if offset >= 0 else value.start, hint)
    return text


def _address(bib: _BibFile, values: Mapping[str, _Value], *, needed: bool) -> str:
    """Return the address of a source; one that is not printed is an error if the source has no DOI."""
    published = values.get("howpublished")
    value = values.get("url") or (published if published and "http" in published.text else None)
    address = _address_of_latex(value.text) if value else ""
    if value and needed and not address.startswith("https://"):
        bib.findings.append(unprinted_address_error(address, bib.at(value.start)))
    return address


def _people(bib: _BibFile, values: Mapping[str, _Value]) -> tuple[list[dict[str, str]], bool]:
    """Return the authors, or else the editors, and whether there are unlisted ones ("others")."""
    value = next((values[name] for name in ("author", "editor") if name in values), None)
    names = list(_split_names(value.text)) if value else []
    listed = [name for name in names if name.lower() != "others"]
    return [_person(bib, name, value) for name in listed if value], len(listed) < len(names)


def _split_names(text: str) -> Iterator[str]:
    """Yield each name between the words `and` that are outside braces."""
    depth, start = 0, 0
    for found in _AND.finditer(text):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth == 0 and found[0] not in "{}":
            yield text[start : found.start()].strip()
            start = found.end()
    if last := text[start:].strip():
        yield last


def _person(bib: _BibFile, name: str, value: _Value) -> dict[str, str]:
    """Return a name as CSL has it; a name in braces, or of one word, is an organisation."""
    pieces = _pieces_of(name)
    place = value.start + max(value.text.find(name), 0)

    def plain(tokens: list[str]) -> str:
        return _words(bib, _Value(" ".join(tokens), place))

    if len(pieces) == 1:
        tokens = pieces[0]
        if len(tokens) == 1:
            return organisation(plain(tokens))
        if _INITIALS.fullmatch(tokens[-1]):
            family, initials = " ".join(tokens[:-1]), tokens[-1]
            message = f"'{name[:40]}': it is not clear which of both is the family name."
            bib.error("bibtex", message, place, f"write {family}, {initials}")
        small = next((index for index, token in enumerate(tokens[1:-1], 1) if token[:1].islower()), len(tokens) - 1)
        return person(plain(tokens[small:]), plain(tokens[:small]))
    if len(pieces) > 3:
        bib.error("bibtex", f"'{name[:40]}' is more than one name.", place, _ONE_NAME)
    words = [plain(each) for each in pieces]
    if len(pieces) == 3:
        return person(words[0], words[2], words[1])
    return person(words[0], words[1])


def _pieces_of(name: str) -> list[list[str]]:
    """Return the words of a name in groups between commas; text in braces is not split."""
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


# ---------------------------------------------------------------- LaTeX

_COMBINING: Mapping[str, str] = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331",
}  # fmt: skip
_LETTERS: Mapping[str, str] = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł",
    "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "i": "ı", "j": "ȷ", "textendash": "–",
    "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”",
    "textquotesingle": "'", "textasciitilde": "~", "textunderscore": "_", "textampersand": "&", "ldots": "…",
    "dots": "…", "textellipsis": "…", "pounds": "£", "textdegree": "°", "alpha": "α", "beta": "β", "gamma": "γ",
    "delta": "δ", "kappa": "κ", "mu": "μ", "times": "×", "pm": "±", "leq": "≤", "geq": "≥", "S": "§",
}  # fmt: skip
# Commands that only format their argument.
_LOOKS = frozenset((
    "textit", "textbf", "textsc", "textrm", "textsf", "texttt", "textup", "textnormal", "textsl", "emph", "mbox",
    "text", "url", "path", "it", "bf", "em", "sc", "rm", "sl", "itshape", "bfseries", "scshape", "upshape",
    "textsuperscript", "textsubscript", "mathrm", "ensuremath", "relax", "protect", "newblock",
))  # fmt: skip
_LINE_BREAK = re.compile(r"\\\\")
_ACCENT = re.compile(
    r"\\(?P<sign>[`'^\"~=.]|[uvHckrdb](?![A-Za-z]))\s*"
    r"(?:\{\s*(?P<inside>\\?[^\W\d_])\s*\}|(?P<bare>\\[ij](?![A-Za-z])[ ]*|[^\W\d_]))"
)
_COMMAND = re.compile(r"\\(?P<name>[A-Za-z]+)[ ]*")
_ESCAPED = re.compile(r"\\([^A-Za-z\s])")
_TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|scp|jats:[a-z-]+)>", re.IGNORECASE)
_GAP = re.compile(r"\s+")
_DASHES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"))
# Escaped characters are replaced by noncharacters, so that they are not read as LaTeX, and restored at the end.
_KEPT = {"{": "\ufdd0", "}": "\ufdd1", "$": "\ufdd2", "~": "\ufdd3", "\\": "\ufdd4"}


def words_of_latex(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the plain text of a value, and its unknown commands."""
    unknown: list[str] = []
    text = _LINE_BREAK.sub(" ", text)
    text = _ACCENT.sub(_accented, text)
    text = _COMMAND.sub(lambda found: _letter(found["name"], unknown), text)
    text = _ESCAPED.sub(lambda found: "" if found[1] in "-/," else _KEPT.get(found[1], found[1]), text)
    for written, meant in _DASHES:
        text = text.replace(written, meant)
    text = re.sub(r"[{}$]", "", text.replace("~", " "))
    for sign, kept in _KEPT.items():
        text = text.replace(kept, sign)
    text = _TAG.sub("", html.unescape(text)) if "&" in text or "<" in text else text
    return unicodedata.normalize("NFC", _GAP.sub(" ", text).strip()), tuple(unknown)


def _address_of_latex(text: str) -> str:
    """Return an address or a DOI without its LaTeX escapes."""
    plain = text.replace("\\textunderscore", "_").replace("\\url", "")
    return re.sub(r"[{}\s]", "", re.sub(r"\\([_%&#$~])", r"\1", plain))


def _accented(found: re.Match[str]) -> str:
    """Return the accented letter that a command writes."""
    letter = (found["inside"] or found["bare"]).strip("\\ ")
    return unicodedata.normalize("NFC", letter + _COMBINING[found["sign"]])


def _letter(name: str, unknown: list[str]) -> str:
    """Return the letter or sign that a command writes; add an unknown command to `unknown`."""
    if name not in _LETTERS and name not in _LOOKS:
        unknown.append(name)
    return _LETTERS.get(name, "")
