"""A theme file to a `ThemeSource`: colours and type by role, with the overrides of each density applied.

Takes nodes of a settings file; a role, colour or value that there is not is a finding. Chooses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from handouts.finding import Finding, error, nearest
from handouts.load.reading import Reading, open_fields
from handouts.load.settings import Fields, Node
from handouts.theme import Paper, ThemeSource, TypeStyle

COLOUR = re.compile(r"#[0-9A-F]{6}")
NUMBERS = ("size", "leading", "before", "after", "track", "words")
FLAGS = ("bold", "balance")
STYLE_KEYS = (*NUMBERS, *FLAGS, "colour")
PAPER_KEYS = ("width", "height", "rail", "gutter")


def read_theme(node: Node | None, name: str, findings: list[Finding]) -> ThemeSource:
    """Return what a theme file says."""
    required = ("margin", "colours", "accents", "densities", "print", "slides", "papers")
    reading = open_fields(node, findings, required)
    colours = read_colours(reading.inside("colours", optional=keys_of(reading, "colours")))
    accents = {
        key.text: read_colours(open_fields(value, findings, optional=None))
        for key, value in any_fields(reading, "accents").each()
    }
    roles = {*colours, *(role for accent in accents.values() for role in accent)}
    styles = read_styles(any_fields(reading, "print"), {}, roles)
    densities = {
        key.text: read_styles(open_fields(value, findings, optional=None), styles, roles)
        for key, value in any_fields(reading, "densities").each()
    }
    return ThemeSource(
        name=name,
        margin=reading.number("margin"),
        colours=colours,
        accents=accents,
        densities=densities,
        slides=read_styles(any_fields(reading, "slides"), {}, roles),
        papers={
            key.text: read_paper(key.text, open_fields(value, findings, PAPER_KEYS))
            for key, value in any_fields(reading, "papers").each()
        },
    )


def any_fields(reading: Reading, key: str) -> Reading:
    """Return the keys inside the value of `key`, whatever they are."""
    return open_fields(reading.node(key), reading.findings, optional=None)


def keys_of(reading: Reading, key: str) -> Collection[str]:
    """Return the names of the keys inside the value of `key`."""
    node = reading.node(key)
    return [name.text for name, _ in node.entries] if isinstance(node, Fields) else []


def read_colours(reading: Reading) -> dict[str, str]:
    """Return colours by role."""
    colours = {key.text: reading.text(key.text) for key, _ in reading.each()}
    for role, colour in colours.items():
        if not COLOUR.fullmatch(colour):
            message = f"'{colour}' is no colour."
            reading.findings.append(error("wrong-type", message, reading.place(role), 'write it as "#0F4C5C"'))
    return colours


def read_styles(reading: Reading, styles: Mapping[str, TypeStyle], colours: Collection[str]) -> dict[str, TypeStyle]:
    """Return type styles by role: those of `styles` with what the file says instead, or new ones if there are none."""
    result = dict(styles)
    for key, node in reading.each():
        if styles and key.text not in styles:
            message = f"There is no style '{key.text}'."
            reading.findings.append(error("unknown-key", message, key.at, nearest(key.text, styles)))
            continue
        required = () if styles else ("size", "leading")
        inside = open_fields(node, reading.findings, required, STYLE_KEYS)
        result[key.text] = read_style(inside, styles.get(key.text, TypeStyle(0.0, 0.0)), colours)
    return result


def read_style(reading: Reading, style: TypeStyle, colours: Collection[str]) -> TypeStyle:
    """Return `style` with what the file says instead."""
    values: dict[str, Any] = {key: reading.number(key) for key in NUMBERS if reading.node(key)}
    values |= {key: reading.flag(key) for key in FLAGS if reading.node(key)}
    if reading.node("colour"):
        values["colour"] = reading.choice("colour", colours, "unknown-colour", "colour", "ink")
    return replace(style, **values)


def read_paper(name: str, reading: Reading) -> Paper:
    """Return one sheet."""
    return Paper(name, *(reading.number(key) for key in PAPER_KEYS))
