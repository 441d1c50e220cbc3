"""The verb `explain`: print what codes of findings mean, and what can be written: blocks, figures, signs, kinds, parts.

Takes options; prints lines of text or JSON, and returns the exit code.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from handouts.cli.arguments import content_folder
from handouts.cli.report_text import wrap_words
from handouts.cli.terminal import print_json, print_lines, terminal_width
from handouts.explain import (
    BLOCK_GROUPS,
    GROUPS,
    SIGNS,
    BlockEntry,
    Explanation,
    block_entries,
    explanation_as_data,
    explanations,
    sign_words,
)
from handouts.finding import Finding, Location, error, raise_errors, suggest_name
from handouts.markdown.part_forms import part_heading

if TYPE_CHECKING:
    import argparse

    from handouts.library import PartKind, SectionKind

_SEVERITIES = {"error": "error", "warning": "warning", "both": "error or warning"}
_MAX_PROSE_WIDTH = 88  # columns in which prose is still easy to read
_ALL_CODES_HINT = "handouts explain lists all of them, and all that can be written"
_PASTE_HINT = "handouts explain NAME shows the text to paste. docs/gallery.md shows what it looks like."
_KINDS, _KINDS_TITLE, _SIGNS_TITLE = "kinds", "Kinds of section", "Signs"
_SIGN_USE = """\
Write sign="sleep" in the first line of a factor, a key of a wheel such as - sleep: words, or signs="sleep time help" in
a wheel or a table. To use your own sign, save it as a plain SVG in content/pictures, and write its name with its
ending: sign="bicycle.svg"."""
_MEMBERS: Mapping[str, str] = {
    "sentence": "in a sentence",
    "blocks": "block",
    "figures": "figure",
    "fields": "field of a worksheet",
}
# What a group is also called: the class of its fences, or one of its members.
_GROUP_NAMES: Mapping[str, str] = {
    "block": "blocks",
    "figure": "figures",
    "field": "fields",
    "sign": SIGNS,
    "kind": _KINDS,
    **{group: group for group in (*BLOCK_GROUPS, SIGNS, _KINDS)},
}


def run_explain(options: argparse.Namespace) -> int:
    """Explain the codes of findings and the blocks that are asked for, or all of them, and return the exit code."""
    from handouts.check import CODES
    from handouts.load import load_section_kinds

    known, width = explanations(), min(terminal_width(), _MAX_PROSE_WIDTH)
    written = _WritableNames(block_entries(), sign_words(), load_section_kinds(content_folder()))
    wanted = _check_names((*known, *written.all()), options.names)
    entries = [known[name] for name in (wanted or known) if name in known]
    allowable = {each.code for each in entries if each.code in CODES and each.allow != "never"}
    if options.json:
        names = wanted or (*BLOCK_GROUPS, SIGNS, _KINDS)
        codes = [explanation_as_data(entry, allowable=entry.code in allowable) for entry in entries]
        named = [data for name in names for data in _name_as_data(name, written)]
        print_json({"codes": codes, "written": named}, indent=2)
    elif wanted:
        texts = [tuple(_explanation_lines(each, width, allowable=each.code in allowable)) for each in entries]
        texts += [lines for name in wanted if (lines := _name_lines(name, written, width))]
        print_lines(*chain.from_iterable(("", "", *text) if number else text for number, text in enumerate(texts)))
    else:
        print_lines(*_code_list_lines(entries, width), *_overview_lines(written, width))
    return 0


# ---------------------------------------------------------------- codes of findings


def _check_names(known: Collection[str], names: Sequence[str]) -> tuple[str, ...]:
    """Return the names without duplicates. HandoutError, with the nearest known name, for each unknown one."""
    raise_errors(_unknown_name_error(name, known) for name in names if name not in known)
    return tuple(dict.fromkeys(names))


def _unknown_name_error(name: str, known: Collection[str]) -> Finding:
    """Return the error for a name that is neither a code nor can be written."""
    hint = suggest_name(name, known)
    message = f"There is no '{name}', neither as a code nor as a block."
    return error("usage", message, Location("explain"), hint if hint.startswith("did") else _ALL_CODES_HINT)


def _explanation_lines(entry: Explanation, width: int, *, allowable: bool) -> Iterator[str]:
    """Yield the explanation of one code; an `allowable` code can be allowed in place."""
    yield from wrap_words(f"{entry.code} ({_SEVERITIES[entry.severity]}): {entry.what}", width)
    yield ""
    yield from _labelled_lines("why", entry.why, width)
    yield from _labelled_lines("mend", entry.mend, width)
    if allowable:
        hint = f'If it is right in one place, write [words]{{allow="{entry.code}" because="the reason"}} there.'
        yield from _labelled_lines("allow", hint, width)
    if entry.wrong:
        yield ""
        yield f"  wrong, {entry.place}:"
        yield from (f"    {line}".rstrip() for line in entry.wrong.rstrip().split("\n"))
        yield "  right:"
        yield from (f"    {line}".rstrip() for line in entry.right.rstrip().split("\n"))


def _labelled_lines(label: str, text: str, width: int) -> list[str]:
    """Return a text with its label; further lines are indented to align with the text."""
    return wrap_words(f"  {label + ':':<7}{text}", width, further=" " * 9)


def _code_list_lines(entries: Iterable[Explanation], width: int) -> Iterator[str]:
    """Yield all codes with their meanings, group by group."""
    for group, members in groupby(entries, key=lambda entry: entry.group):
        yield GROUPS[group]
        for entry in members:
            yield from _listed_lines(entry.code, entry.what, width)
        yield ""
    yield from wrap_words("handouts explain CODE tells you why it matters and what to do.", width)
    yield ""


def _listed_lines(name: str, what: str, width: int) -> list[str]:
    """Return a name and its meaning, in two columns if there is room."""
    column = 26
    if len(name) + 4 > column or width < 2 * column:
        return [f"  {name}", *wrap_words(what, width, first=" " * 6, further=" " * 6)]
    return wrap_words(f"  {name:<{column - 2}}{what}", width, further=" " * column)


# ---------------------------------------------------------------- what can be written


class _WritableNames(Struct, frozen=True):
    """All names that can be written in content."""

    entries: tuple[BlockEntry, ...]
    signs: Mapping[str, str]
    kinds: Mapping[str, SectionKind]

    def all(self) -> tuple[str, ...]:
        """Return every name that can be explained."""
        parts = (part for kind in self.kinds.values() for part in kind.parts)
        blocks = (each.name for each in self.entries)
        return tuple(dict.fromkeys((*_GROUP_NAMES, *blocks, *self.signs, *self.kinds, *parts)))


def _name_lines(name: str, names: _WritableNames, width: int) -> tuple[str, ...]:
    """Return the lines about a name, for everything that it can mean; none if it is not known."""
    kind = names.kinds.get(name)
    holders = [each for each in names.kinds.values() if name in each.parts]
    texts = [
        *([_group_lines(_GROUP_NAMES[name], names, width)] if name in _GROUP_NAMES else []),
        *(_entry_lines(each, width) for each in names.entries if each.name == name),
        *([_sign_lines(name, names.signs[name], width)] if name in names.signs else []),
        *([_kind_lines(kind, width)] if kind else []),
        *([_part_lines(name, holders, width)] if holders else []),
    ]
    return tuple(line for number, text in enumerate(texts) for line in (*(("", "") if number else ()), *text))


def _name_as_data(name: str, names: _WritableNames) -> Iterator[dict[str, object]]:
    """Yield the data about a name for JSON, once for each meaning."""
    group = _GROUP_NAMES.get(name)
    yield from (asdict(each) for each in names.entries if each.name == name or each.group == group)
    signs = names.signs if group == SIGNS else {name: names.signs[name]} if name in names.signs else {}
    for sign, words in signs.items():
        yield {"name": sign, "group": SIGNS, "what": words}
    for kind in names.kinds.values():
        if group == _KINDS or kind.name == name:
            parts = {part.name: _part_summary(part) for part in kind.parts.values()}
            yield {"name": kind.name, "group": _KINDS, "paste": kind_to_paste(kind), "parts": parts}
        elif name in kind.parts:
            yield {"name": name, "group": f"parts of a {kind.name}", "what": _part_summary(kind.parts[name])}


def _overview_lines(names: _WritableNames, width: int) -> Iterator[str]:
    """Yield all names that can be written, group by group."""
    for group in (*BLOCK_GROUPS, SIGNS, _KINDS):
        yield from _group_list(group, names, width)
        yield ""
    yield from wrap_words(_PASTE_HINT, width)


def _group_list(group: str, names: _WritableNames, width: int) -> Iterator[str]:
    """Yield the title of a group, and its members with their meanings."""
    yield {**BLOCK_GROUPS, SIGNS: _SIGNS_TITLE, _KINDS: _KINDS_TITLE}[group]
    members = {each.name: each.what for each in names.entries if each.group == group}
    if group == SIGNS:
        members = dict(names.signs)
    elif group == _KINDS:
        members = {kind.name: f"has {', '.join(kind.parts)}" for kind in names.kinds.values()}
    for name, what in members.items():
        yield from _listed_lines(name, what, width)


def _group_lines(group: str, names: _WritableNames, width: int) -> Iterator[str]:
    """Yield a group, and how its members are used."""
    yield from _group_list(group, names, width)
    yield ""
    if group == SIGNS:
        yield from wrap_words(_SIGN_USE, width)
    yield from wrap_words(_PASTE_HINT, width)


def _entry_lines(entry: BlockEntry, width: int) -> Iterator[str]:
    """Yield the description of a block, its keys and attributes, and the text to paste."""
    yield from wrap_words(f"{entry.name} ({_MEMBERS[entry.group]}): {entry.what}", width)
    for title, said in (("keys; you can leave out those in brackets:", entry.keys), ("in the braces:", entry.takes)):
        if said:
            yield ""
            yield f"  {title}"
            for name, what in said.items():
                yield from _listed_lines(f"  {name}", what, width)
    if entry.limits:
        yield ""
        for limit in entry.limits:
            yield from wrap_words(f"  {limit}", width, further="  ")
    yield ""
    yield "To paste (docs/gallery.md shows what it looks like):"
    yield ""
    yield from entry.paste.rstrip("\n").split(
        "\n"
    )  # from the first column: four spaces before it would make code of it


def _sign_lines(name: str, words: str, width: int) -> Iterator[str]:
    """Yield what a sign shows, and where it can be used."""
    yield from wrap_words(f"{name} (sign): {words}.", width)
    yield from wrap_words(f"  {_SIGN_USE.replace('sleep', name)}", width, further="  ")


def _kind_lines(kind: SectionKind, width: int) -> Iterator[str]:
    """Yield the parts of a kind of section, and a section to paste."""
    yield f"{kind.name} (kind of section): # Its name {{.{kind.name} #id}}, and below it these parts"
    yield ""
    for part in kind.parts.values():
        yield from wrap_words(f"  {part_heading(part.name)}: {_part_summary(part)}", width, further=" " * 6)
    yield ""
    yield "To paste, with the parts that each reader needs:"
    yield ""
    yield from kind_to_paste(kind).rstrip("\n").split("\n")


def kind_to_paste(kind: SectionKind) -> str:
    """Return a sample section of a kind with its required parts, each with its description as text."""
    more = "".join(f' {name}="{"sleep" if name == "sign" else "…"}"' for name in kind.attributes)
    lines = [f"# Its name {{.{kind.name} #its-id{more}}}"]
    for part in kind.parts.values():
        if part.required:
            lines += ["", part_heading(part.name, 'minutes="2"' if part.timed else ""), part.what]
    return "\n".join(lines) + "\n"


def _part_lines(name: str, holders: Iterable[SectionKind], width: int) -> Iterator[str]:
    """Yield what a part is for in each kind of section that has it."""
    yield f"{name} (part of a section): {part_heading(name)} on a line of its own, and below it the words"
    yield ""
    for kind in holders:
        yield from wrap_words(f"  in a {kind.name}: {_part_summary(kind.parts[name])}", width, further=" " * 6)


def _part_summary(part: PartKind) -> str:
    """Return what a part is for, and whether it is required."""
    return f"{part.what}{' Each reader needs it.' if part.required else ''}"
