"""The inside of a paragraph: strong words, links, spans, citations, escapes, each with its exact place.

Takes the text of a paragraph, heading or cell and a function from an offset to a place. What our Markdown does not
have, and what was meant to be something and is not, is a finding. Block structure is none of its business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from handouts.finding import Finding, error, warning
from handouts.markdown import tree
from handouts.markdown.addresses import check_target
from handouts.markdown.attributes import Place, Word, read_attributes, unescaped
from handouts.markdown.entities import ENTITY, without_entities
from handouts.markdown.longwords import long_words
from handouts.markdown.pairs import DEEPEST, closing_stars, matching_bracket, too_deep

SPECIAL = re.compile(r"[\\*_`\[\]{}<!@:&\n\ue000]|(?<= ) +(?=\n)")
MARK = re.compile("\ue000([0-9]+)\ue001")
HTML = re.compile(r"<(?:[A-Za-z/?]|!-)[^>\n]*>?")
ADDRESS = re.compile(r"<(?:https?://|mailto:|tel:)[^>\s]*>")
EMPHASIS = re.compile(r"(?P<sign>[*_])(?=\S)[^*_\n]+?(?<=\S)(?P=sign)(?!\w)")
CITED = re.compile(r"@(?P<key>[\w:.#$%&+?<>~/-]*[\w])")
TARGET = re.compile(r'\([ ]*(?P<target>[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:[ ]+"(?P<title>[^"\n]*)")?[ ]*\)')
PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


class Scan(Struct, frozen=True):
    """The text that is read, the places of its characters, and what was found out so far."""

    text: str
    at: Place
    findings: list[Finding]

    def error(self, code: str, message: str, offset: int, hint: str = "") -> None:
        """Gather an error at `offset`."""
        self.findings.append(error(code, message, self.at(offset), hint))

    def warning(self, code: str, message: str, offset: int, hint: str = "") -> None:
        """Gather a warning at `offset`."""
        self.findings.append(warning(code, message, self.at(offset), hint))

    def words(self, text: str, offset: int) -> tree.Inlines:
        """Return plain words that stand at `offset`."""
        return (tree.Words(text, self.at(offset)),) if text else ()


def read_sentences(text: str, at: Place, findings: list[Finding]) -> tree.Inlines:
    """Return the inline nodes of `text`; brackets that are too deep are a finding, and the text stays as it is."""
    scan = Scan(text, at, findings)
    offset = too_deep(text)
    if offset is not None:
        scan.error("too-deep", f"Brackets are more than {DEEPEST} deep.", offset, r"a literal [ is written \[")
        return scan.words(text, 0)
    return read_between(scan, 0, len(text))


def read_between(scan: Scan, start: int, end: int) -> tree.Inlines:
    """Return the inline nodes between two offsets."""
    nodes: list[tree.Inline] = []
    position = start
    while position < end:
        found = SPECIAL.search(scan.text, position, end)
        stop = found.start() if found else end
        for first, length in long_words(scan.text, position, stop):
            message = f"A word of {length} characters: it is broken where a line ends."
            scan.warning("long-word", message, first, "see whether spaces are missing")
        nodes.extend(scan.words(scan.text[position:stop], position))
        position = stop
        if found:
            read, position = read_special(scan, stop, end)
            nodes.extend(read)
    return joined(nodes)


def joined(nodes: list[tree.Inline]) -> tree.Inlines:
    """Return `nodes` with neighbouring words as one node."""
    result: list[tree.Inline] = []
    for node in nodes:
        last = result[-1] if result else None
        if isinstance(node, tree.Words) and isinstance(last, tree.Words):
            result[-1] = tree.Words(last.text + node.text, last.at)
        else:
            result.append(node)
    return tuple(result)


def read_special(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Return what begins with the special character at `start`, and the offset after it."""
    return READERS[scan.text[start]](scan, start, end)


def read_escape(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read a backslash: it takes its meaning from the sign after it, and stays a backslash before anything else."""
    following = scan.text[start + 1 : min(start + 2, end)]
    if following == "\n":
        scan.error(
            "hard-break", "A line break inside a paragraph.", start, "end the paragraph, or delete the backslash"
        )
        return (), start + 1
    if following and following in PUNCTUATION:
        return scan.words(following, start + 1), start + 2
    return scan.words("\\", start), start + 1


def read_space(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read the end of a line; two spaces before it would break the line, and that is not used."""
    if scan.text[start] == "\n":
        return scan.words(" ", start), start + 1
    scan.error("hard-break", "Two spaces at the end of a line.", start - 1, "delete them, or end the paragraph")
    return (), scan.text.index("\n", start, end)


def read_star(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read one or more stars: two of them begin strong words."""
    count = len(scan.text[start:end]) - len(scan.text[start:end].lstrip("*"))
    inside = start + count
    if count == 2 and inside < end and not scan.text[inside].isspace():
        closing = closing_stars(scan.text, inside, end)
        if closing > inside:
            return (tree.Strong(read_between(scan, inside, closing), scan.at(start)),), closing + 2
    emphasis = EMPHASIS.match(scan.text, start, end) if count == 1 else None
    if emphasis or count > 2:
        scan.error("emphasis", "Only strong words stand out.", start, r"write **words**, or \* for a star")
        return scan.words(scan.text[inside : emphasis.end() - 1] if emphasis else "", inside), (
            emphasis.end() if emphasis else inside
        )
    scan.warning("unmatched", f"Unmatched {'*' * count}.", start, r"write **words**, or \* for a star")
    return scan.words("*" * count, start), inside


def read_underscore(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read an underscore: a pair of them around words would be emphasis, which is not used."""
    before = scan.text[start - 1 : start]
    found = None if before.isalnum() or before == "_" else EMPHASIS.match(scan.text, start, end)
    if found:
        scan.error("emphasis", "Only strong words stand out.", start, r"write **words**, or \_ for the sign")
        return scan.words(found[0][1:-1], start + 1), found.end()
    return scan.words("_", start), start + 1


def read_code(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read a backtick, which is not used."""
    closing = scan.text.find("`", start + 1, end)
    scan.error("code", "Code is not used.", start, "write the words without `")
    after = closing + 1 if closing >= 0 else start + 1
    return scan.words(scan.text[start + 1 : closing], start + 1) if closing >= 0 else (), after


def read_angle(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read <, which is itself unless it begins HTML or an address."""
    address = ADDRESS.match(scan.text, start, end)
    found = address or HTML.match(scan.text, start, end)
    if address:
        scan.error("html", "An address in < >.", start, f"write [words]({address[0][1:-1]})")
    elif found:
        scan.error("html", "HTML is not used.", start, "write **words** for what matters more")
    return ((), found.end()) if found else (scan.words("<", start), start + 1)


def read_at_sign(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read @, which is itself inside a word, as in an e-mail address, and a citation without brackets elsewhere."""
    before = scan.text[start - 1 : start]
    found = CITED.match(scan.text, start, end)
    if found and not before.isalnum():
        scan.error("leftover-brackets", "A citation stands in brackets.", start, f"write [{found[0]}]")
        return (), found.end()
    return scan.words("@", start), start + 1


def read_ampersand(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read &, which is itself unless it begins the name or the number of a character."""
    found = ENTITY.match(scan.text, start, end)
    if found is None:
        return scan.words("&", start), start + 1
    return scan.words(without_entities(found[0], start, scan.at, scan.findings), start), found.end()


def read_colons(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read a colon, which is itself unless it begins a fence in the middle of a text."""
    if not scan.text.startswith(":::", start):
        return scan.words(":", start), start + 1
    scan.error("near-miss-fence", "A fence stands on a line of its own.", start, "move it to a line of its own")
    after = end - len(scan.text[start:end].lstrip(": "))
    return (), read_attributes(scan.text, after, scan.at, [])[1] if scan.text.startswith("{", after) else after


def read_closing_bracket(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read a ] that closes nothing."""
    scan.error("leftover-brackets", "A ] that closes nothing.", start, r"a literal ] is written \]")
    return (), min(start + 1, end)


def read_mark(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read the mark of a part that a template places."""
    found = MARK.match(scan.text, start, end)
    if found is None:
        raise AssertionError(f"half a mark at {scan.at(start)}")
    return (tree.Mark(int(found[1]), scan.at(start)),), found.end()


def read_brace(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read a brace that belongs to nothing."""
    hint = 'write [words]{for="…"} for a stretch, ' + r"\{ for a literal brace"
    scan.error("leftover-braces", "Braces that belong to nothing.", start, hint)
    closing = scan.text.find("}", start, end)
    while scan.text.startswith("}", closing + 1) and closing >= 0:
        closing += 1
    return (), closing + 1 if closing >= 0 else start + 1


def read_exclamation(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read an exclamation mark, which is itself unless it begins an image; pictures have fences."""
    if not scan.text.startswith("[", start + 1):
        return scan.words("!", start), start + 1
    scan.error("image", "A picture stands in a fence of its own.", start, 'write ::: {.picture file="name.png"}')
    closing = matching_bracket(scan.text, start + 1, end)
    target = TARGET.match(scan.text, closing + 1) if closing >= 0 else None
    return scan.words("!", start), target.end() if target else start + 1


def read_bracket(scan: Scan, start: int, end: int) -> tuple[tree.Inlines, int]:
    """Read [: a link, a span or a citation, by what comes after its closing bracket."""
    closing = matching_bracket(scan.text, start, end)
    if closing < 0:
        scan.error("leftover-brackets", "This [ is never closed.", start, r"add ], or write \[ for a literal one")
        return (), start + 1
    after = closing + 1
    if scan.text.startswith("(", after):
        return read_link(scan, start, closing, end)
    if scan.text.startswith("{", after):
        attributes, position = read_attributes(scan.text, after, scan.at, scan.findings)
        content = read_between(scan, start + 1, closing)
        return (tree.Stretch(content, attributes, scan.at(start), scan.at(closing)),), position
    if scan.text.startswith("@", start + 1):
        return read_citation(scan, start, closing), after
    return read_near_miss(scan, start, closing, end)


def read_near_miss(scan: Scan, start: int, closing: int, end: int) -> tuple[tree.Inlines, int]:
    """Report brackets that mean nothing; one finding for them and for what was meant to belong to them."""
    rest = scan.text[closing + 1 : end].lstrip(" \n")
    after = end - len(rest)
    content = read_between(scan, start + 1, closing)
    if rest.startswith("{"):
        scan.error("near-miss-span", "Between ] and { stands a space.", closing + 1, "delete it")
        return content, read_attributes(scan.text, after, scan.at, [])[1]
    hint = r'write [words]{for="…"}, [words](https://…) or [@source]; a literal [ is written \['
    scan.error("leftover-brackets", "Brackets that mean nothing.", start, hint)
    return content, closing + 1


def read_citation(scan: Scan, start: int, closing: int) -> tree.Inlines:
    """Return the citation between two brackets."""
    keys: list[Word] = []
    position = start + 1
    for piece in scan.text[start + 1 : closing].split(";"):
        offset = position + len(piece) - len(piece.lstrip(" \n"))
        found = CITED.fullmatch(piece.strip(" \n"))
        if found is None:
            hint = "write [@key] or [@key; @key]"
            scan.error("leftover-brackets", f"'{piece.strip()}' is no source.", offset, hint)
        else:
            keys.append(Word(found["key"], scan.at(offset + 1)))
        position += len(piece) + 1
    return (tree.Cite(tuple(keys), scan.at(start)),) if keys else ()


def read_link(scan: Scan, start: int, closing: int, end: int) -> tuple[tree.Inlines, int]:
    """Return the link whose words stand between two brackets."""
    content = read_between(scan, start + 1, closing)
    found = TARGET.match(scan.text, closing + 1, end)
    if found is None:
        scan.error("link-target", "The address of this link is not closed.", closing + 1, "write [words](https://…)")
        return content, end
    start_of = found.start("target")
    target = unescaped(without_entities(found["target"], start_of, scan.at, scan.findings))
    target = check_target(target, scan.at(start_of), scan.findings)
    title = without_entities(found["title"] or "", found.start("title"), scan.at, scan.findings)
    return (tree.Link(content, target, title, scan.at(start)),), found.end()


READERS: Mapping[str, Callable[[Scan, int, int], tuple[tree.Inlines, int]]] = {
    "\\": read_escape,
    "*": read_star,
    "_": read_underscore,
    "`": read_code,
    "[": read_bracket,
    "]": read_closing_bracket,
    "{": read_brace,
    "}": read_brace,
    "<": read_angle,
    "!": read_exclamation,
    "@": read_at_sign,
    ":": read_colons,
    "&": read_ampersand,
    "\n": read_space,
    " ": read_space,
    "\ue000": read_mark,
}
