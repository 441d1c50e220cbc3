"""What can be written, as lines of text or as data for JSON: blocks, figures, signs, kinds of section and their parts.

Text to paste begins at the first column, since four spaces before it would make code of it. Must never print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from handouts.cli.explanation_text import listed_lines, prose_width, wrap_words
from handouts.explain.block_entries import BLOCK_GROUPS, SIGNS, block_entries, sign_words
from handouts.markdown.part_forms import part_heading

if TYPE_CHECKING:
    from handouts.explain.block_entries import BlockEntry
    from handouts.library import PartKind, SectionKind

_PASTE_HINT = "handouts explain NAME has the text to paste; docs/gallery.md shows how it looks."
_KINDS, _KINDS_TITLE, _SIGNS_TITLE = "kinds", "Kinds of section", "Signs"
_SIGN_USE = """\
sign="sleep" in the first line of a factor, a key of a wheel such as - sleep: words, or signs="sleep time help" in a
wheel or a table. A sign of your own is a plain SVG in content/pictures, named with its ending: sign="bicycle.svg"."""
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


class _WritableNames(Struct, frozen=True):
    """All that can be written, and that has a name."""

    entries: tuple[BlockEntry, ...]
    signs: Mapping[str, str]
    kinds: Mapping[str, SectionKind]

    def all(self) -> tuple[str, ...]:
        """Return every name that something is said of."""
        parts = (part for kind in self.kinds.values() for part in kind.parts)
        blocks = (each.name for each in self.entries)
        return tuple(dict.fromkeys((*_GROUP_NAMES, *blocks, *self.signs, *self.kinds, *parts)))


def writable_names(kinds: Mapping[str, SectionKind]) -> _WritableNames:
    """Return all that can be written, with these `kinds` of section."""
    return _WritableNames(block_entries(), sign_words(), kinds)


def name_lines(name: str, names: _WritableNames, width: int) -> tuple[str, ...]:
    """Return what is said of a name, as all that it stands for; nothing if it stands for nothing."""
    width = prose_width(width)
    kind = names.kinds.get(name)
    texts = [
        *([_group_lines(_GROUP_NAMES[name], names, width)] if name in _GROUP_NAMES else []),
        *(_entry_lines(each, width) for each in names.entries if each.name == name),
        *([_sign_lines(name, names.signs[name], width)] if name in names.signs else []),
        *([_kind_lines(kind, width)] if kind else []),
        *([_part_lines(name, holders, width)] if (holders := _holders(name, names)) else []),
    ]
    return tuple(line for number, text in enumerate(texts) for line in (*(("", "") if number else ()), *text))


def name_as_data(name: str, names: _WritableNames) -> Iterator[dict[str, object]]:
    """Yield what is said of a name as data for JSON, once for each thing that it stands for."""
    shown: dict[str, object]
    group = _GROUP_NAMES.get(name)
    yield from (asdict(each) for each in names.entries if each.name == name or each.group == group)
    signs = names.signs if group == SIGNS else {name: names.signs[name]} if name in names.signs else {}
    for sign, words in signs.items():
        shown = {"name": sign, "group": SIGNS, "what": words}
        yield shown
    for kind in names.kinds.values():
        if group == _KINDS or kind.name == name:
            parts = {part.name: _part_summary(part) for part in kind.parts.values()}
            yield {"name": kind.name, "group": _KINDS, "paste": kind_to_paste(kind), "parts": parts}
        elif name in kind.parts:
            yield {"name": name, "group": f"parts of a {kind.name}", "what": _part_summary(kind.parts[name])}


def all_as_data(names: _WritableNames) -> list[dict[str, object]]:
    """Return what is said of each group but the parts, as data for JSON."""
    return [data for group in (*BLOCK_GROUPS, SIGNS, _KINDS) for data in name_as_data(group, names)]


def overview_lines(names: _WritableNames, width: int) -> Iterator[str]:
    """Yield all that can be written, group by group."""
    width = prose_width(width)
    for group in (*BLOCK_GROUPS, SIGNS, _KINDS):
        yield from _group_list(group, names, width)
        yield ""
    yield from wrap_words(_PASTE_HINT, width)


def _group_list(group: str, names: _WritableNames, width: int) -> Iterator[str]:
    """Yield the title of a group and its members, each with what it is."""
    yield {**BLOCK_GROUPS, SIGNS: _SIGNS_TITLE, _KINDS: _KINDS_TITLE}[group]
    for name, what in _members(group, names):
        yield from listed_lines(name, what, width)


def _members(group: str, names: _WritableNames) -> Iterable[tuple[str, str]]:
    """Return the members of a group, each with what it is."""
    if group == SIGNS:
        return names.signs.items()
    if group == _KINDS:
        return ((kind.name, f"has {', '.join(kind.parts)}") for kind in names.kinds.values())
    return ((each.name, each.what) for each in names.entries if each.group == group)


def _group_lines(group: str, names: _WritableNames, width: int) -> Iterator[str]:
    """Yield a group with what else is to be known of it."""
    yield from _group_list(group, names, width)
    yield ""
    if group == SIGNS:
        yield from wrap_words(_SIGN_USE, width)
    yield from wrap_words(_PASTE_HINT, width)


def _entry_lines(entry: BlockEntry, width: int) -> Iterator[str]:
    """Yield what a block is, what it takes, and the text to paste."""
    yield from wrap_words(f"{entry.name} ({_MEMBERS[entry.group]}): {entry.what}", width)
    for title, said in (("keys; those in brackets may be left out:", entry.keys), ("in the braces:", entry.takes)):
        if said:
            yield ""
            yield f"  {title}"
            for name, what in said.items():
                yield from listed_lines(f"  {name}", what, width)
    if entry.limits:
        yield ""
        for limit in entry.limits:
            yield from wrap_words(f"  {limit}", width, further="  ")
    yield from _paste_lines(entry.paste)


def _paste_lines(text: str) -> Iterator[str]:
    """Yield the text to paste, from the first column on."""
    yield ""
    yield "To paste (docs/gallery.md shows how it looks):"
    yield ""
    yield from text.rstrip("\n").split("\n")


def _sign_lines(name: str, words: str, width: int) -> Iterator[str]:
    """Yield what a sign shows, and where it can stand."""
    yield from wrap_words(f"{name} (sign): {words}.", width)
    yield from wrap_words(f"  {_SIGN_USE.replace('sleep', name)}", width, further="  ")


def _kind_lines(kind: SectionKind, width: int) -> Iterator[str]:
    """Yield which parts a kind of section has, and a section to paste."""
    yield f"{kind.name} (kind of section): # Its name {{.{kind.name} #id}}, and below it these parts"
    yield ""
    for part in kind.parts.values():
        yield from wrap_words(f"  {part_heading(part.name)}: {_part_summary(part)}", width, further=" " * 6)
    yield ""
    yield "To paste, with the parts that each reader needs:"
    yield ""
    yield from kind_to_paste(kind).rstrip("\n").split("\n")


def kind_to_paste(kind: SectionKind) -> str:
    """Return a section of a kind with the parts that each reader needs, each saying what it is for."""
    more = "".join(f' {name}="{"sleep" if name == "sign" else "…"}"' for name in kind.attributes)
    lines = [f"# Its name {{.{kind.name} #its-id{more}}}"]
    for part in kind.parts.values():
        if part.required:
            lines += ["", part_heading(part.name, 'minutes="2"' if part.timed else ""), part.what]
    return "\n".join(lines) + "\n"


def _part_lines(name: str, holders: Iterable[SectionKind], width: int) -> Iterator[str]:
    """Yield what a part holds in each kind of section that has it."""
    yield f"{name} (part of a section): {part_heading(name)} on a line of its own, and below it the words"
    yield ""
    for kind in holders:
        yield from wrap_words(f"  in a {kind.name}: {_part_summary(kind.parts[name])}", width, further=" " * 6)


def _holders(name: str, names: _WritableNames) -> list[SectionKind]:
    """Return the kinds of section that have a part of this name."""
    return [kind for kind in names.kinds.values() if name in kind.parts]


def _part_summary(part: PartKind) -> str:
    """Return what a part is for, and whether each reader needs it."""
    return f"{part.what}{' Each reader needs it.' if part.required else ''}"
