"""Why a settings file cannot be read as YAML, in plain words: what a parser says in, a finding with its place out.

A parser stops at the first word that it cannot use, which is often a line below the mistake; the finding is where the
mistake is. Reads no file, and knows nothing of the parser but its words and places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding, Span, error

QUOTE_FIRST = "@%`{[*&!|>'\"#,?-"
VALUE = re.compile(r"^[ ]*(?:-[ ]+)*(?:[^:#'\"]+:[ ]+)?(?P<value>\S.*)$")
KEY = re.compile(r"^(?P<indent>[ ]*(?:-[ ]+)*)(?P<key>[^:#'\"\[\]{}]+):(?:[ ]+(?P<value>.*))?$")
QUOTES = "'\""


class Stop(Struct, frozen=True):
    """Where a parser stopped: what it says, where what it was reading `began` and where it `ended`, and the lines.

    Line 1 of the lines is line `first` of the file.
    """

    problem: str
    context: str
    began: Span
    ended: Span
    lines: Sequence[str]
    first: int

    def line(self, at: Span) -> str:
        """Return the line of a place, or "" if the text is at its end."""
        row = at.line - self.first
        return self.lines[row] if 0 <= row < len(self.lines) else ""

    def lines_before(self, at: Span) -> Sequence[str]:
        """Return the lines before that of a place which say something, the last first."""
        return [line for line in reversed(self.lines[: at.line - self.first]) if line.split("#")[0].strip()]


def explain(stop: Stop) -> Finding:
    """Return why a text could not be read."""
    for look in LOOKS:
        found = look(stop)
        if found is not None:
            return found
    return error("yaml", f"This is not YAML: {stop.problem}.", stop.ended, "see that quotes and brackets are closed")


def missing_colon(stop: Stop) -> Finding | None:
    """Return the finding for a key without its colon, or without the space behind it, where that key is."""
    if "could not find expected ':'" not in stop.problem:
        return None
    words = stop.line(stop.began)[stop.began.column - 1 :].strip()
    key, colon, rest = words.partition(":")
    if not colon:
        key, _, rest = words.partition(" ")
    message = "A space is missing after the colon." if colon else "A colon is missing."
    return error("yaml", message, stop.began, f"write {key}: {rest.strip()}".rstrip())


def open_bracket(stop: Stop) -> Finding | None:
    """Return the finding for a bracket or brace that is not closed, or for a text that begins with one."""
    opened = stop.line(stop.began)[stop.began.column - 1 : stop.began.column]
    if "flow" not in stop.context or opened not in ("[", "{"):
        return None
    closing = "]" if opened == "[" else "}"
    hint = f"write {closing} where it ends; a text that begins with {opened} stands in quotes"
    return error("yaml", f"This {opened} is never closed, or a comma is missing behind it.", stop.began, hint)


def open_quote(stop: Stop) -> Finding | None:
    """Return the finding for a quotation mark that is never closed, or that has words behind the closing one."""
    if "quoted scalar" in stop.context and "end of stream" in stop.problem:
        mark = stop.line(stop.began)[stop.began.column - 1 : stop.began.column]
        message = f"This quotation mark {mark} is never closed."
        return error("yaml", message, stop.began, f"write {mark} where the text ends")
    if "'<scalar>'" in stop.problem and stop.line(stop.ended)[: stop.ended.column - 1].rstrip().endswith(tuple(QUOTES)):
        value = VALUE.match(stop.line(stop.ended))
        mark = value["value"][0] if value else '"'
        hint = f'text that begins with {mark} stands in quotes as a whole: write "…", and “ and ” inside it'
        return error("yaml", "Words stand behind a text in quotes.", stop.ended, hint)
    return None


def colon_inside(stop: Stop) -> Finding | None:
    """Return the finding for a text with a colon that is not in quotes."""
    key = KEY.match(stop.line(stop.ended))
    if "mapping values" not in stop.problem or key is None or stop.ended.column <= key.end("key") + 1:
        return None
    hint = f'put the text in quotes: {key["key"].strip()}: "{(key["value"] or "").strip()}"'
    return error("yaml", "A colon in a text that is not in quotes.", stop.ended, hint)


def wrong_indent(stop: Stop) -> Finding | None:
    """Return the finding for a key that begins further left or right than those it belongs to."""
    key = KEY.match(stop.line(stop.ended))
    before = next((found for found in map(KEY.match, stop.lines_before(stop.ended)) if found), None)
    asked = any(words in stop.problem for words in ("mapping values", "block mapping start", "expected <block end>"))
    if not asked or key is None or before is None:
        return None
    at = replace(stop.ended, column=key.end("indent") + 1)
    hint = f"begin it below '{before['key'].strip()}', or below the keys that it belongs to"
    if any(line.startswith("- ") for line in stop.lines):
        hint += "; each entry of a list begins with - and a space"
    return error("yaml", f"'{key['key'].strip()}' does not begin below the line before it.", at, hint)


def special_sign(stop: Stop) -> Finding | None:
    """Return the finding for a text that begins with a sign of YAML."""
    value = VALUE.match(stop.line(stop.ended))
    if value is None or value["value"][0] not in QUOTE_FIRST:
        return None
    hint = f"text that begins with {value['value'][0]} stands in quotes"
    return error("yaml", f"This is not YAML: {stop.problem}.", stop.ended, hint)


LOOKS: tuple[Callable[[Stop], Finding | None], ...] = (
    missing_colon,
    open_bracket,
    open_quote,
    colon_inside,
    wrong_indent,
    special_sign,
)
