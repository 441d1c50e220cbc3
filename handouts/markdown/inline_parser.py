"""Parse the inside of a paragraph: strong words, links, spans, citations, escapes, each with its location.

Takes the text of a paragraph, heading or cell and a function from an offset to a location. Unsupported or
almost right Markdown is a finding.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from handouts.finding import Finding, Location, error, warning
from handouts.markdown import syntax_tree as tree
from handouts.markdown.attributes import Place, Word, read_attributes, unescaped
from handouts.text.fonts import character_problem

_BRACKETS_AND_STARS = re.compile(r"\\.|[\[\]]|\*\*", re.DOTALL)
_BRACKET_DEPTH = {"[": 1, "]": -1}
_DEEPEST_BRACKETS = 10


def _too_deep_bracket(text: str) -> int | None:
    """Return the offset of the first bracket that is nested too deeply, or None."""
    depth = 0
    for found in _BRACKETS_AND_STARS.finditer(text):
        depth += _BRACKET_DEPTH.get(found[0], 0)
        if depth > _DEEPEST_BRACKETS:
            return found.start()
    return None


def _find_outside_brackets(sign: str, text: str, start: int, end: int) -> int:
    """Return the offset of the first `sign`, ] or **, between two offsets that is not in brackets there, or -1."""
    depth = 0
    for found in _BRACKETS_AND_STARS.finditer(text, start, end):
        if depth == 0 and found[0] == sign:
            return found.start()
        depth += _BRACKET_DEPTH.get(found[0], 0)
    return -1


_LONGEST_WORD = 100
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_WORD_BEGINNING = re.compile(r"[^\s\[\]{}<>*_`]*$")  # of a word that goes on after a sign, as an address does


def long_words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where each long word between two offsets begins, and how many characters it has."""
    for found in _LONG_WORD.finditer(text, start, end):
        before = _WORD_BEGINNING.search(text, max(0, start - _LONGEST_WORD), start) if found.start() == start else None
        first = before.start() if before else found.start()
        yield first, found.end() - first


_ENTITY = re.compile(r"&(?:#(?:[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<number>[0-9]{1,7}))|(?P<name>[A-Za-z][A-Za-z0-9]*));")
_NO_CHARACTER = "\ufffd"  # what CommonMark reads for a number that stands for none
_NO_CHARACTER_PROBLEM = ("noncharacter", "A code that is not a character", "delete it")
_LONE_ACCENT_PROBLEM = ("stacked-accents", "An accent without its letter", "type the letter with its accent")


def _entity_characters(found: re.Match[str]) -> str:
    """Return the characters of an entity, or the entity itself if its name is unknown."""
    if found["name"]:
        from html.entities import html5

        return html5.get(f"{found['name']};", found[0])
    code = int(found["hex"], 16) if found["hex"] else int(found["number"])
    is_character = 0 < code <= sys.maxunicode and not 0xD800 <= code <= 0xDFFF
    return chr(code) if is_character else _NO_CHARACTER


def _check_entity(said: str, found: re.Match[str], offset: int, at: Place) -> tuple[Finding, ...]:
    """Return a finding for the first character of an entity that cannot be shown."""
    for character in said if said != found[0] else "":
        if problem := _NO_CHARACTER_PROBLEM if character == _NO_CHARACTER else _named_character_problem(character):
            code, message, hint = problem
            what = f"{message}, written as {found[0]}: U+{ord(character):04X}"
            return (error(code, f"{what} {unicodedata.name(character, '')}".rstrip() + ".", at(offset), hint),)
    return ()


def _named_character_problem(character: str) -> tuple[str, str, str] | None:
    """Return code, message and hint for a character of an entity that cannot be shown, or None."""
    return _LONE_ACCENT_PROBLEM if unicodedata.category(character).startswith("M") else character_problem(character)


def _without_entities(text: str, offset: int, at: Place, findings: list[Finding]) -> str:
    """Return `text`, which is at `offset`, with its entities replaced; those that cannot be shown are findings."""

    def replaced(found: re.Match[str]) -> str:
        said = _entity_characters(found)
        wrong = _check_entity(said, found, offset + found.start(), at)
        findings.extend(wrong)
        return "" if wrong else said

    return _ENTITY.sub(replaced, text) if "&" in text else text


ALLOWED_ADDRESS = re.compile(r"(?:https://|mailto:|tel:)[^\s<>\"]+", re.IGNORECASE)
_INSECURE = "http://"


def is_address(target: str) -> bool:
    """True if `target` is an https, mailto or tel address without spaces."""
    return ALLOWED_ADDRESS.fullmatch(target) is not None


def _check_target(target: str, at: Location, findings: list[Finding]) -> str:
    """Return `target`, http as https, and add a finding unless the address is allowed."""
    if target.lower().startswith(_INSECURE):
        findings.append(warning("insecure-link", "An http address; https is printed.", at, "write https, and try it"))
        return f"https://{target[len(_INSECURE) :]}"
    if "\ue000" in target:
        hint = "write the address itself"
        findings.append(error("part-in-attribute", "A part of a section stands in an address.", at, hint))
    elif not is_address(target):
        hint = "write an address that begins with https://, mailto: or tel:"
        findings.append(error("link-target", f"'{target}' is not an address that is allowed here.", at, hint))
    return target


_SPECIAL = re.compile(r"[\\*_`\[\]{}<!@:&\n\ue000]|(?<= ) +(?=\n)")
_MARK = re.compile("\ue000([0-9]+)\ue001")
_HTML = re.compile(r"<(?:[A-Za-z/?]|!-)[^>\n]*>?")
_ANGLE_ADDRESS = re.compile(r"<(?:https?://|mailto:|tel:)[^>\s]*>")
_EMPHASIS = re.compile(r"(?P<sign>[*_])(?=\S)[^*_\n]+?(?<=\S)(?P=sign)(?!\w)")
_CITED = re.compile(r"@(?P<key>[\w:.#$%&+?<>~/-]*[\w])")
_TARGET = re.compile(r'\([ ]*(?P<target>[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:[ ]+"(?P<title>[^"\n]*)")?[ ]*\)')
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~•▪◦●○■·–—")  # a backslash before these is not printed


class _InlineScan(Struct, frozen=True):
    """The text that is parsed, the places of its characters, and the findings so far."""

    text: str
    at: Place
    findings: list[Finding]

    def error(self, code: str, message: str, offset: int, hint: str = "") -> None:
        """Add an error at `offset`."""
        self.findings.append(error(code, message, self.at(offset), hint))

    def warning(self, code: str, message: str, offset: int, hint: str = "") -> None:
        """Add a warning at `offset`."""
        self.findings.append(warning(code, message, self.at(offset), hint))

    def words(self, text: str, offset: int) -> tree.Inlines:
        """Return plain words that stand at `offset`."""
        return (tree.TextNode(text, self.at(offset)),) if text else ()


def parse_inlines(text: str, at: Place, findings: list[Finding]) -> tree.Inlines:
    """Return the inline nodes of `text`; if brackets are too deep, that is a finding, and all of it plain words."""
    scan = _InlineScan(text, at, findings)
    offset = _too_deep_bracket(text)
    if offset is not None:
        message = f"Brackets are more than {_DEEPEST_BRACKETS} deep."
        scan.error("too-deep", message, offset, r"a literal [ is written \[")
        return scan.words(text, 0)
    return _read_between(scan, 0, len(text))


def _read_between(scan: _InlineScan, start: int, end: int) -> tree.Inlines:
    """Return the inline nodes between two offsets."""
    nodes: list[tree.Inline] = []
    position = start
    while position < end:
        found = _SPECIAL.search(scan.text, position, end)
        stop = found.start() if found else end
        for first, length in long_words(scan.text, position, stop):
            message = f"A word of {length} characters: it is broken where a line ends."
            scan.warning("long-word", message, first, "see whether spaces are missing")
        nodes.extend(scan.words(scan.text[position:stop], position))
        position = stop
        if found:
            read, position = _CHARACTER_READERS[scan.text[stop]](scan, stop, end)
            nodes.extend(read)
    return _joined_text_nodes(nodes)


def _joined_text_nodes(nodes: list[tree.Inline]) -> tree.Inlines:
    """Return `nodes` with neighbouring words as one node."""
    result: list[tree.Inline] = []
    for node in nodes:
        last = result[-1] if result else None
        if isinstance(node, tree.TextNode) and isinstance(last, tree.TextNode):
            result[-1] = tree.TextNode(last.text + node.text, last.at)
        else:
            result.append(node)
    return tuple(result)


def _read_escape(scan: _InlineScan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read a backslash: it escapes punctuation, and is itself before anything else."""
    following = scan.text[start + 1 : min(start + 2, end)]
    if following == "\n":
        hint = "end the paragraph, or delete the backslash"
        scan.error("hard-break", "A line break inside a paragraph.", start, hint)
        return (), start + 1
    if following and following in _PUNCTUATION:
        return scan.words(following, start + 1), start + 2
    return scan.words("\\", start), start + 1


def _read_space(scan: _InlineScan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read the end of a line, or two spaces before it, a hard break, which is not allowed."""
    if scan.text[start] == "\n":
        return scan.words(" ", start), start + 1
    scan.error("hard-break", "Two spaces at the end of a line.", start - 1, "delete them, or end the paragraph")
    return (), scan.text.index("\n", start, end)


def _read_star(scan: _InlineScan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read one or more stars: two of them begin strong words."""
    count = len(scan.text[start:end]) - len(scan.text[start:end].lstrip("*"))
    inside = start + count
    if count == 2 and inside < end and not scan.text[inside].isspace():
        closing = _find_outside_brackets("**", scan.text, inside, end)
        if closing > inside:
            return (tree.StrongNode(_read_between(scan, inside, closing), scan.at(start)),), closing + 2
    emphasis = _EMPHASIS.match(scan.text, start, end) if count == 1 else None
    if emphasis or count > 2:
        scan.error("emphasis", "Only strong words stand out.", start, r"write **words**, or \* for a star")
        after = emphasis.end() if emphasis else inside
        return scan.words(scan.text[inside : after - 1] if emphasis else "", inside), after
    scan.warning("unmatched", f"Unmatched {'*' * count}.", start, r"write **words**, or \* for a star")
    return scan.words("*" * count, start), inside


def _read_underscore(scan: _InlineScan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read an underscore; a pair around words is emphasis, which is not allowed."""
    before = scan.text[start - 1 : start]
    found = None if before.isalnum() or before == "_" else _EMPHASIS.match(scan.text, start, end)
    if found:
        scan.error("emphasis", "Only strong words stand out.", start, r"write **words**, or \_ for the sign")
        return scan.words(found[0][1:-1], start + 1), found.end()
    return scan.words("_", start), start + 1


def _read_code(scan: _InlineScan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read a backtick; code is not allowed."""
    closing = scan.text.find("`", start + 1, end)
    scan.error("code", "Code is not used.", start, "write the words without `")
    after = closing + 1 if closing >= 0 else start + 1
    return scan.words(scan.text[start + 1 : closing], start + 1) if closing >= 0 else (), after


def _read_angle(scan: _InlineScan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read <: a plain sign, or the beginning of HTML or an address, which are not allowed."""
    address = _ANGLE_ADDRESS.match(scan.text, start, end)
    found = address or _HTML.match(scan.text, start, end)
    if address:
        scan.error("html", "An address in < >.", start, f"write [words]({address[0][1:-1]})")
    elif found:
        scan.error("html", "HTML is not used.", start, "write **words** for what matters more")
    return ((), found.end()) if found else (scan.words("<", start), start + 1)


def _read_at_sign(scan: _InlineScan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read @: a plain sign inside a word, as in an e-mail address, elsewhere a citation that lacks brackets."""
    before = scan.text[start - 1 : start]
    found = _CITED.match(scan.text, start, end)
    if found and not before.isalnum():
        scan.error("leftover-brackets", "A citation stands in brackets.", start, f"write [{found[0]}]")
        return (), found.end()
    return scan.words("@", start), start + 1


def _read_ampersand(scan: _InlineScan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read &: a plain sign, or the beginning of an entity."""
    found = _ENTITY.match(scan.text, start, end)
    if found is None:
        return scan.words("&", start), start + 1
    return scan.words(_without_entities(found[0], start, scan.at, scan.findings), start), found.end()


def _read_colons(scan: _InlineScan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read a colon: a plain sign, or a fence in the middle of a text, which is an error."""
    if not scan.text.startswith(":::", start):
        return scan.words(":", start), start + 1
    scan.error("near-miss-fence", "A fence stands on a line of its own.", start, "move it to a line of its own")
    after = end - len(scan.text[start:end].lstrip(": "))
    return (), read_attributes(scan.text, after, scan.at, [])[1] if scan.text.startswith("{", after) else after


def _read_closing_bracket(scan: _InlineScan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read a ] that closes nothing."""
    scan.error("leftover-brackets", "A ] that closes nothing.", start, r"a literal ] is written \]")
    return (), min(start + 1, end)


def _read_mark(scan: _InlineScan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read the mark of a part that a template places."""
    found = _MARK.match(scan.text, start, end)
    if found is None:
        raise AssertionError(f"half a mark at {scan.at(start)}")
    return (tree.PartMark(int(found[1]), scan.at(start)),), found.end()


def _read_brace(scan: _InlineScan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read a brace that belongs to no span, heading or fence."""
    hint = 'write [words]{for="…"} for a stretch, ' + r"\{ for a literal brace"
    scan.error("leftover-braces", "Braces that belong to nothing.", start, hint)
    closing = scan.text.find("}", start, end)
    while scan.text.startswith("}", closing + 1) and closing >= 0:
        closing += 1
    return (), closing + 1 if closing >= 0 else start + 1


def _read_exclamation(scan: _InlineScan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read an exclamation mark: a plain sign, or the beginning of an image, which is not allowed."""
    if not scan.text.startswith("[", start + 1):
        return scan.words("!", start), start + 1
    scan.error("image", "A picture stands in a fence of its own.", start, 'write ::: {.picture file="name.png"}')
    closing = _find_outside_brackets("]", scan.text, start + 2, end)
    target = _TARGET.match(scan.text, closing + 1) if closing >= 0 else None
    return scan.words("!", start), target.end() if target else start + 1


def _read_bracket(scan: _InlineScan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read [: a link, a span or a citation, by what comes after its closing bracket."""
    closing = _find_outside_brackets("]", scan.text, start + 1, end)
    if closing < 0:
        scan.error("leftover-brackets", "This [ is never closed.", start, r"add ], or write \[ for a literal one")
        return (), start + 1
    after = closing + 1
    if scan.text.startswith("(", after):
        return _read_link(scan, start, closing, end)
    if scan.text.startswith("{", after):
        attributes, position = read_attributes(scan.text, after, scan.at, scan.findings)
        content = _read_between(scan, start + 1, closing)
        return (tree.SpanNode(content, attributes, scan.at(start), scan.at(closing)),), position
    if scan.text.startswith("@", start + 1):
        return _read_citation(scan, start, closing), after
    return _read_near_miss(scan, start, closing, end)


def _read_near_miss(scan: _InlineScan, start: int, closing: int, end: int) -> tuple[tree.Inlines, int]:
    """Report brackets without a meaning, in one finding together with the braces after them."""
    rest = scan.text[closing + 1 : end].lstrip(" \n")
    after = end - len(rest)
    content = _read_between(scan, start + 1, closing)
    if rest.startswith("{"):
        scan.error("near-miss-span", "Between ] and { stands a space.", closing + 1, "delete it")
        return content, read_attributes(scan.text, after, scan.at, [])[1]
    hint = r'write [words]{for="…"}, [words](https://…) or [@source]; a literal [ is written \['
    scan.error("leftover-brackets", "Brackets that mean nothing.", start, hint)
    return content, closing + 1


def _read_citation(scan: _InlineScan, start: int, closing: int) -> tree.Inlines:
    """Return the citation between two brackets."""
    keys: list[Word] = []
    position = start + 1
    for piece in scan.text[start + 1 : closing].split(";"):
        offset = position + len(piece) - len(piece.lstrip(" \n"))
        found = _CITED.fullmatch(piece.strip(" \n"))
        if found is None:
            hint = "write [@key] or [@key; @key]"
            scan.error("leftover-brackets", f"'{piece.strip()}' is not a source.", offset, hint)
        else:
            keys.append(Word(found["key"], scan.at(offset + 1)))
        position += len(piece) + 1
    return (tree.CitationNode(tuple(keys), scan.at(start)),) if keys else ()


def _read_link(scan: _InlineScan, start: int, closing: int, end: int) -> tuple[tree.Inlines, int]:
    """Return the link whose words stand between two brackets."""
    content = _read_between(scan, start + 1, closing)
    found = _TARGET.match(scan.text, closing + 1, end)
    if found is None:
        scan.error("link-target", "The address of this link is not closed.", closing + 1, "write [words](https://…)")
        return content, end
    start_of = found.start("target")
    target = unescaped(_without_entities(found["target"], start_of, scan.at, scan.findings))
    target = _check_target(target, scan.at(start_of), scan.findings)
    title = _without_entities(found["title"] or "", found.start("title"), scan.at, scan.findings)
    return (tree.LinkNode(content, target, title, scan.at(start)),), found.end()


_CHARACTER_READERS: Mapping[str, Callable[[_InlineScan, int, int], tuple[tree.Inlines, int]]] = {
    "\\": _read_escape,
    "*": _read_star,
    "_": _read_underscore,
    "`": _read_code,
    "[": _read_bracket,
    "]": _read_closing_bracket,
    "{": _read_brace,
    "}": _read_brace,
    "<": _read_angle,
    "!": _read_exclamation,
    "@": _read_at_sign,
    ":": _read_colons,
    "&": _read_ampersand,
    "\n": _read_space,
    " ": _read_space,
    "\ue000": _read_mark,
}
