"""Divide the lines of a text at its fences, and those of a section at the headings of its parts too.

Fences are lines of colons that open a div (`::: {.claim}`) and close the one opened last (`:::`), as in Pandoc; what
looks like a fence and is none, is never closed, or closes nothing is a finding. A line `## words {…}` outside fences
begins what stands below it up to the next one. Gives lines and attributes; names are not checked here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TypeAlias

from msgspec import Struct, field

from handouts.finding import NOWHERE, Finding, Location, error
from handouts.markdown.attributes import NAME, NO_ATTRIBUTES, Attributes, Word, read_attributes
from handouts.markdown.syntax_tree import Line, Source

_FENCE = re.compile(r"(?P<indent>[ ]*)(?P<colons>:{3,})(?P<gap>[ ]*)(?P<rest>.*)")
_NEAR_MISS = re.compile(r"(?P<indent>[ ]*)(?P<colons>::?)(?P<gap>[ ]*)(?P<rest>\{.*)?[ ]*")
_BARE_WORD = re.compile(rf"\.?(?P<name>{NAME})[ ]*")
DEEPEST_FENCES = 20
_FORM = "write ::: {.name} to open and ::: to close"


class FencedPiece(Struct, frozen=True):
    """The contents of an opening and a closing fence."""

    attributes: Attributes
    pieces: _Pieces
    at: Location
    end: Location


_Piece: TypeAlias = FencedPiece | Source
_Pieces: TypeAlias = tuple[_Piece, ...]


class _Open(Struct):
    """A fence that is not closed yet, or what is below a heading `## words {…}`, with its contents so far.

    `name` is the words of the heading, and `end` the last place before the next one.
    """

    attributes: Attributes
    at: Location
    name: Word = Word("", NOWHERE)
    end: Location = NOWHERE
    pieces: list[_Piece] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def finish_lines(self) -> None:
        """Make a piece of the lines gathered so far."""
        if any(line.text.strip() for line in self.lines):
            self.pieces.append(tuple(self.lines))
        self.lines = []


def split_fences(source: Source, findings: list[Finding]) -> _Pieces:
    """Return the pieces of `source` between its fences, as a tree."""
    (whole,), unclosed = _split(source, findings)
    _report_unclosed(unclosed, findings)
    return tuple(whole.pieces)


def split_section(source: Source, findings: list[Finding]) -> tuple[_Pieces, list[_Open]]:
    """Return the pieces before the first heading of a part, and what is below each of them.

    A fence that is never closed ends before the next heading, so that the parts after it are still found.
    """
    found: list[Finding] = []
    stretches, unclosed = _split(source, found, headed=True)
    if unclosed:
        found = []
        stretches, unclosed = _split(source, found, headed=True, unclosed=[each.at for each in unclosed])
        _report_unclosed(unclosed, found)
    findings.extend(found)
    first, *others = stretches
    return tuple(first.pieces), others


def _split(
    source: Source, findings: list[Finding], *, headed: bool = False, unclosed: Collection[Location] = ()
) -> tuple[list[_Open], list[_Open]]:
    """Return the pieces of `source` between headings, one if it is not `headed`, and the fences that are never closed.

    Fences that are known to be `unclosed` end at the next heading.
    """
    stack = [_Open(NO_ATTRIBUTES, NOWHERE)]
    stretches, left_open = [stack[0]], []
    before = source[0]
    for line in source:
        sign = line.text.lstrip(" ")[:1]
        outside = headed and sign == "#" and (len(stack) == 1 or stack[1].at in unclosed)
        heading = _heading_of(line, findings) if outside else None
        if heading is not None:
            left_open.extend(stack[1:])
            _close_all(stack, before, findings)
            stack = [heading]
            stretches.append(heading)
        elif sign == ":" and (opened := _opening_of(line, findings)) is not None:
            stack[-1].finish_lines()
            stack.append(opened)
        elif sign == ":" and _closes(line, findings):
            _close_last(stack, line, findings)
        else:
            stack[-1].lines.append(line)
        before = line
    left_open.extend(stack[1:])
    _close_all(stack, before, findings)
    return stretches, left_open


def _close_all(stack: list[_Open], last: Line, findings: list[Finding]) -> None:
    """Close what is still open after its `last` line."""
    while len(stack) > 1:
        _close_last(stack, last, findings)
    stack[0].finish_lines()
    stack[0].end = last.at(len(last.text))


_SIGNS = re.compile(r"[ ]*##(?!#)")


def _heading_of(line: Line, findings: list[Finding]) -> _Open | None:
    """Return the piece that a line `## words {…}` begins, also if the line is only almost right, or None."""
    signs = _SIGNS.match(line.text)
    if signs is None:
        return None
    indent, after = signs.end() - 2, line.text[signs.end() :]
    written, brace, _ = after.partition("{")
    words = written.rstrip(" #").strip()
    at = line.at(indent)
    if indent:
        message = "The heading of a part begins at the beginning of its line."
        findings.append(error("near-miss-heading", message, at, "delete the spaces"))
    elif words and after[0] not in " \t":
        findings.append(error("near-miss-heading", "A space is missing after ##.", at, f"write ## {words}"))
    start = signs.end() + len(written) - len(written.lstrip())
    name = Word(words, line.at(start if words else indent))
    if not brace:
        return _Open(Attributes(at=at), at, name)
    attributes, end = read_attributes(line.text, signs.end() + len(written), line.at, findings)
    tail = line.text[end:]
    if tail.strip(" #") and not attributes.broken:
        column = end + len(tail) - len(tail.lstrip())
        message = "Words after the braces of a heading."
        findings.append(error("leftover-braces", message, line.at(column), "put the braces at the end of the line"))
    return _Open(attributes, at, name)


def _close_last(stack: list[_Open], line: Line, findings: list[Finding]) -> None:
    """Close the fence that was opened last; a finding if none is open."""
    if len(stack) == 1:
        column = len(line.text) - len(line.text.lstrip())
        findings.append(error("stray-fence", "This fence closes nothing.", line.at(column), "delete it, or open one"))
        return
    done = stack.pop()
    done.finish_lines()
    if len(stack) > DEEPEST_FENCES:
        done.pieces = []
    if len(stack) == DEEPEST_FENCES + 1:  # reported once, at the first that is too deep
        message = f"Fences are more than {DEEPEST_FENCES} deep."
        findings.append(error("too-deep", message, done.at, "close some of them first"))
    stack[-1].pieces.append(FencedPiece(done.attributes, tuple(done.pieces), done.at, line.at(0)))


def _report_unclosed(still_open: Iterable[_Open], findings: list[Finding]) -> None:
    """Add a finding for each fence that is never closed."""
    findings.extend(
        error("unclosed-fence", "This fence is never closed.", each.at, "add a line ::: where it ends")
        for each in still_open
    )


def _opening_of(line: Line, findings: list[Finding]) -> _Open | None:
    """Return the fence that `line` opens, also if the line is only almost right, or None."""
    found = _FENCE.fullmatch(line.text) or _NEAR_MISS.fullmatch(line.text)
    rest = found["rest"] if found else None
    if found is None or not rest or not rest.strip():
        return None
    at = line.at(found.start("colons"))
    if len(found["indent"]) > 3:
        message = "A fence begins at the beginning of its line."
        findings.append(error("near-miss-fence", message, at, "delete the spaces"))
    if len(found["colons"]) < 3:
        findings.append(error("near-miss-fence", "A fence has at least three colons.", at, f"write ::: {rest.strip()}"))
    if not rest.startswith("{"):
        return _Open(_attributes_without_braces(line, found, findings), at)
    attributes, end = read_attributes(line.text, found.start("rest"), line.at, findings)
    tail = line.text[end:]
    if tail.strip():
        column = end + len(tail) - len(tail.lstrip())
        findings.append(error("near-miss-fence", "Nothing else stands on the line of a fence.", line.at(column), _FORM))
    return _Open(attributes, at)


def _attributes_without_braces(line: Line, found: re.Match[str], findings: list[Finding]) -> Attributes:
    """Return the attributes that a fence without braces was meant to have, after a finding."""
    at = line.at(found.start("rest"))
    bare = _BARE_WORD.fullmatch(found["rest"])
    if bare is None:
        findings.append(error("near-miss-fence", "This fence is not understood.", at, _FORM))
        return Attributes(at=at, broken=True)
    message = f"'{found['rest'].strip()}' stands in braces, after a dot."
    findings.append(error("near-miss-fence", message, at, f"write ::: {{.{bare['name']}}}"))
    return Attributes((Word(bare["name"], line.at(found.start("rest") + bare.start("name"))),), at=at, broken=True)


def _closes(line: Line, findings: list[Finding]) -> bool:
    """True if `line` closes a fence; one or two colons alone do too, with a finding."""
    found = _NEAR_MISS.fullmatch(line.text)
    if found:
        at = line.at(found.start("colons"))
        findings.append(error("near-miss-fence", "A fence has at least three colons.", at, "write :::"))
        return True
    found = _FENCE.fullmatch(line.text)
    return found is not None and not found["rest"].strip()
