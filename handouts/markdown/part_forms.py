"""Write the parts of a section in another form: below headings (`## Claim`), or between fences (`::: {.claim}`, `:::`).

A heading names its part without regard to case, and with spaces or hyphens. Text in, text out, with all other lines as
they were, line ends included. A section must be free of mistakes; the caller proves that both forms say the same. A
part that contains a fence of the class of another part stays in its fence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import chain

from handouts.markdown.attributes import Attributes
from handouts.markdown.block_parser import parse_section
from handouts.markdown.syntax_tree import Blocks, Div, is_div, source_from_text

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_FENCE_LINE = re.compile(r"^ *:{3}", re.MULTILINE)
_GAPS = re.compile(r"[\s-]+")


def part_name_in(words: str) -> str:
    """Return the name of the part that a heading of these words begins."""
    return _GAPS.sub("-", words.strip()).lower()


def part_heading(name: str, attributes: str = "") -> str:
    """Return the heading that begins a part, such as `## Keep safe {for="…"}`."""
    words = name.replace("-", " ")
    return f"## {words[:1].upper()}{words[1:]}{f' {{{attributes}}}' if attributes else ''}"


def count_fence_lines(text: str) -> int:
    """Return how many lines of a text are fences."""
    return len(_FENCE_LINE.findall(text.replace("\r", "\n")))


def with_headings(text: str, parts: Collection[str]) -> str:
    """Return a section with each of its parts below a heading; `parts` are the names that its kind has."""
    lines = _split_lines(text)
    for div in _parts_in_fences(lines, parts):
        word = div.attributes.classes[0]
        opening, closing = div.at.line - 1, div.end.line - 1
        written, ending = lines[opening]
        braces = written[written.index("{") + 1 : written.rindex("}")]
        before = word.at.column - written.index("{") - 3  # of the dot, in the braces
        rest = f"{braces[:before].rstrip()} {braces[before + 1 + len(word.text) :].lstrip()}".strip()
        lines[opening] = (part_heading(word.text, rest), ending)
        last = closing
        while last > opening + 1 and not lines[last - 1][0].strip():
            last -= 1
        if not lines[closing][1]:  # the file ends without a line end, and goes on doing so
            lines[last - 1] = (lines[last - 1][0], "")
        lines[last : closing + 1] = [_GONE] * (closing + 1 - last)
    return "".join(chain.from_iterable(lines))


def with_fences(text: str, parts: Collection[str]) -> str:
    """Return a section with each of its parts between fences; `parts` are the names that its kind has."""
    lines = _split_lines(text)
    _, headed, _ = parse_section(source_from_text("\n".join(line for line, _ in lines), ""))
    usual = next((ending for _, ending in lines if ending), "\n")
    end = len(lines)
    for each in reversed(headed):
        opening = each.at.line - 1
        last = next((part.at.line - 1 for part in _fenced_parts(each.blocks, parts)), end)
        end = opening
        while not lines[last - 1][0].strip():
            last -= 1
        written, ending = lines[opening]
        lines[opening] = (_opening_fence(part_name_in(each.name.text), each.attributes, written), ending)
        text_line, ending = lines[last - 1]
        lines[last - 1] = (text_line, ending or usual)
        lines.insert(last, (":::", ending))
    return "".join(chain.from_iterable(lines))


_GONE = ("", "")


def _split_lines(text: str) -> list[tuple[str, str]]:
    """Return each line with its end."""
    lines = _LINE.findall(text)
    return lines[:-1] if len(lines) > 1 and lines[-1] == _GONE else lines


def _parts_in_fences(lines: list[tuple[str, str]], parts: Collection[str]) -> Iterator[Div]:
    """Yield each fenced part that can be written below a heading instead."""
    before, headed, _ = parse_section(source_from_text("\n".join(line for line, _ in lines), ""))
    for block in (*before, *chain.from_iterable(each.blocks for each in headed)):
        if is_div(block, *parts) and not _fenced_parts(block.blocks, parts):
            yield block


def _fenced_parts(blocks: Blocks, parts: Collection[str]) -> list[Div]:
    """Return the fenced parts among `blocks`."""
    return [each for each in blocks if is_div(each, *parts)]


def _opening_fence(name: str, attributes: Attributes, heading: str) -> str:
    """Return the opening fence for the part that a heading begins."""
    if not attributes.pairs:
        return f"::: {{.{name}}}"
    rest = heading[heading.index("{") + 1 : heading.rindex("}")].strip()
    return f"::: {{.{name} {rest}}}"
