"""Fences: lines of colons that open a div (`::: {.claim}`) and close the one opened last (`:::`), as in Pandoc.

Lines in; a tree of fenced stretches and of the lines between them out. Whatever looks like a fence and is none, is
never closed, or closes nothing is a finding. Knows no class and no audience.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from msgspec import Struct, field

from handouts.finding import Finding, Location, error
from handouts.markdown.attributes import NAME, NO_ATTRIBUTES, Attributes, Word, read_attributes
from handouts.markdown.source_lines import Line, Source

_FENCE = re.compile(r"(?P<indent>[ ]*)(?P<colons>:{3,})(?P<gap>[ ]*)(?P<rest>.*)")
_NEAR_MISS = re.compile(r"(?P<indent>[ ]*)(?P<colons>::?)(?P<gap>[ ]*)(?P<rest>\{.*)?[ ]*")
_BARE_WORD = re.compile(rf"\.?(?P<name>{NAME})[ ]*")
DEEPEST_FENCES = 20
_FORM = "write ::: {.name} to open and ::: to close"


class Fenced(Struct, frozen=True):
    """What stands between an opening and a closing fence."""

    attributes: Attributes
    pieces: Pieces
    at: Location
    end: Location


_Piece: TypeAlias = Fenced | Source
Pieces: TypeAlias = tuple[_Piece, ...]


class _Open(Struct):
    """A fence that is not closed yet, with what stands in it so far."""

    attributes: Attributes
    at: Location
    pieces: list[_Piece] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def finish_lines(self) -> None:
        """Make a piece of the lines gathered so far."""
        if any(line.text.strip() for line in self.lines):
            self.pieces.append(tuple(self.lines))
        self.lines = []


def split_fences(source: Source, findings: list[Finding]) -> Pieces:
    """Return the stretches of `source` between its fences, as a tree."""
    stack = [_Open(NO_ATTRIBUTES, Location(""))]
    for line in source:
        opened = _opening_of(line, findings)
        if opened is not None:
            stack[-1].finish_lines()
            stack.append(opened)
        elif _closes(line, findings):
            _close_last(stack, line, findings)
        else:
            stack[-1].lines.append(line)
    _report_unclosed(stack[1:], findings)
    while len(stack) > 1:
        _close_last(stack, source[-1], findings)
    stack[0].finish_lines()
    return tuple(stack[0].pieces)


def _close_last(stack: list[_Open], line: Line, findings: list[Finding]) -> None:
    """Close the fence that was opened last; `line` closes nothing if none is open."""
    if len(stack) == 1:
        column = len(line.text) - len(line.text.lstrip())
        findings.append(error("stray-fence", "This fence closes nothing.", line.at(column), "delete it, or open one"))
        return
    done = stack.pop()
    done.finish_lines()
    if len(stack) > DEEPEST_FENCES:
        done.pieces = []
    if len(stack) == DEEPEST_FENCES + 1:  # reported once, at the first that is too deep
        findings.append(
            error("too-deep", f"Fences are more than {DEEPEST_FENCES} deep.", done.at, "close some of them first")
        )
    stack[-1].pieces.append(Fenced(done.attributes, tuple(done.pieces), done.at, line.at(0)))


def _report_unclosed(still_open: Iterable[_Open], findings: list[Finding]) -> None:
    """Gather a finding for each fence that nothing closes."""
    findings.extend(
        error("unclosed-fence", "This fence is never closed.", each.at, "add a line ::: where it ends")
        for each in still_open
    )


def _opening_of(line: Line, findings: list[Finding]) -> _Open | None:
    """Return the fence that `line` opens, or None if it opens none. A fence that is almost right opens all the same."""
    found = _FENCE.fullmatch(line.text) or _NEAR_MISS.fullmatch(line.text)
    rest = found["rest"] if found else None
    if found is None or not rest or not rest.strip():
        return None
    at = line.at(found.start("colons"))
    if len(found["indent"]) > 3:
        findings.append(
            error("near-miss-fence", "A fence begins at the beginning of its line.", at, "delete the spaces")
        )
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
    """Return what a fence without braces means, after a finding that says how to write it."""
    at = line.at(found.start("rest"))
    bare = _BARE_WORD.fullmatch(found["rest"])
    if bare is None:
        findings.append(error("near-miss-fence", "This fence is not understood.", at, _FORM))
        return Attributes(at=at, broken=True)
    message = f"'{found['rest'].strip()}' stands in braces, after a dot."
    findings.append(error("near-miss-fence", message, at, f"write ::: {{.{bare['name']}}}"))
    return Attributes((Word(bare["name"], line.at(found.start("rest") + bare.start("name"))),), at=at, broken=True)


def _closes(line: Line, findings: list[Finding]) -> bool:
    """True if `line` closes a fence, or was meant to: one or two colons alone are a finding."""
    found = _NEAR_MISS.fullmatch(line.text)
    if found:
        at = line.at(found.start("colons"))
        findings.append(error("near-miss-fence", "A fence has at least three colons.", at, "write :::"))
        return True
    found = _FENCE.fullmatch(line.text)
    return found is not None and not found["rest"].strip()
