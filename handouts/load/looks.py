"""A theme file to a `ThemeSource`: colours and type by role, papers, and editions as what differs from the standard.

Takes nodes of a settings file; a role, colour or value that there is not is a finding. Chooses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from msgspec.structs import replace

from handouts.finding import Finding, Span, error, nearest
from handouts.load.contrast import poor_contrasts
from handouts.load.reading import Reading, open_fields
from handouts.load.settings import Fields, Node
from handouts.theme import Edition, Overrides, Paper, ThemeSource, TypeStyle, styles_with

COLOUR = re.compile(r"#[0-9A-F]{6}")
NUMBERS = ("size", "leading", "before", "after", "track", "words")
# The least and the most that a number may be: lengths in points, letter and word spacing in em.
BOUNDS: Mapping[str, tuple[float, float]] = {
    "size": (6, 300), "leading": (6, 400), "before": (0, 300), "after": (0, 300),
    "track": (-0.2, 1), "words": (-0.2, 2), "width": (200, 2400), "height": (200, 2400), "margin": (0, 300),
    "rail": (0, 400), "gutter": (0, 200), "sign": (0, 200), "cover-edge": (0, 20), "crisis-edge": (0, 20),
}  # fmt: skip
LEAST_ROOM = 150.0  # points that a sheet has for text, across and down
FLAGS = ("bold", "balance")
STYLE_KEYS = (*NUMBERS, *FLAGS, "colour")
SHEET_NUMBERS = ("margin", "rail", "gutter", "sign")
PAPER_KEYS = ("width", "height", *SHEET_NUMBERS)
LABELS = ("beside", "above")
PAPERS = ("a4", "letter", "a5")
EDITION_FLAGS = ("discreet", "one-bit")
EDITION_KEYS = ("papers", "print", "sheet", "black", "white", "hatched", "cover-edge", "crisis-edge", *EDITION_FLAGS)
STANDARD = "standard"
# What drawings and pages are made with: a theme says how each of these looks.
COLOURS = (
    "white", "ink", "stone", "screen-ink", "screen-rule", "oat", "sand", "honey", "red", "red-tint", "amber",
    "amber-tint", "green", "green-tint",
)  # fmt: skip
ACCENT = ("accent", "deep", "tint", "tint2")
PRINT = (
    "h1", "h2-page", "h2", "lead", "h3", "label", "body", "script", "crisis", "caption", "table", "foot",
    "source", "figure", "card", "card-number",
)  # fmt: skip
SLIDES = (
    "title-deep", "section", "title", "question", "script", "voice", "body", "text", "table", "number",
    "big-number", "label", "note", "figure", "foot", "slide-number", "source",
)  # fmt: skip


def read_theme(node: Node | None, name: str, findings: list[Finding]) -> ThemeSource:
    """Return what a theme file says."""
    required = ("colours", "accents", "densities", "print", "slides", "papers", "editions")
    reading = open_fields(node, findings, required)
    colours = read_colours(reading.inside("colours", COLOURS, keys_of(reading, "colours")))
    accents = {
        key.text: read_colours(open_fields(value, findings, ACCENT, optional=None))
        for key, value in any_fields(reading, "accents").each()
    }
    poor: list[Finding] = []
    sound_accents = {name: sound(accent) for name, accent in accents.items()}
    for key, value in any_fields(reading, "accents").each():
        places = places_of(reading.node("colours")) | places_of(value)
        poor.extend(poor_contrasts(sound(colours), sound_accents[key.text], places, sound_accents.values()))
    findings.extend({found.at: found for found in reversed(poor)}.values())  # one for each colour
    roles = {*colours, *(role for accent in accents.values() for role in accent)}
    styles = read_styles(open_fields(reading.node("print"), findings, PRINT, optional=None), roles)
    densities = {
        key.text: styles_with(styles, read_overrides(open_fields(value, findings, optional=None), styles, roles))
        for key, value in open_fields(reading.node("densities"), findings, (STANDARD,), optional=None).each()
    }
    papers = {
        key.text: read_paper(key.text, open_fields(value, findings, PAPER_KEYS, ("labels", "print")), styles, roles)
        for key, value in open_fields(reading.node("papers"), findings, PAPERS, optional=None).each()
    }
    return ThemeSource(
        name=name,
        colours=colours,
        accents=accents,
        densities=densities,
        slides=read_styles(open_fields(reading.node("slides"), findings, SLIDES, optional=None), roles),
        papers=papers,
        editions=read_editions(
            any_fields(reading, "editions"), papers, styles, {**dict.fromkeys(roles, ""), **colours}
        ),
    )


def places_of(node: Node | None) -> dict[str, Span]:
    """Return where each value of some keys stands."""
    return {key.text: value.at for key, value in node.entries} if isinstance(node, Fields) else {}


def sound(colours: Mapping[str, str]) -> dict[str, str]:
    """Return those of `colours` that are colours; the others are reported."""
    return {role: colour for role, colour in colours.items() if COLOUR.fullmatch(colour)}


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


def read_styles(reading: Reading, colours: Collection[str]) -> dict[str, TypeStyle]:
    """Return type styles by role."""
    return {
        key.text: TypeStyle(
            **{
                "size": 0.0,
                "leading": 0.0,
                **read_style(open_fields(node, reading.findings, ("size", "leading"), STYLE_KEYS), colours),
            }
        )
        for key, node in reading.each()
    }


def read_overrides(reading: Reading, styles: Collection[str], colours: Collection[str]) -> Overrides:
    """Return what differs in some of `styles`."""
    result = {}
    for key, node in reading.each():
        if key.text not in styles:
            message = f"There is no style '{key.text}'."
            reading.findings.append(error("unknown-key", message, key.at, nearest(key.text, styles)))
            continue
        result[key.text] = read_style(open_fields(node, reading.findings, (), STYLE_KEYS), colours)
    return result


def read_style(reading: Reading, colours: Collection[str]) -> dict[str, Any]:
    """Return the values of a type style that the file says."""
    values: dict[str, Any] = {key: bounded(reading, key) for key in NUMBERS if reading.node(key)}
    values |= {key: reading.flag(key) for key in FLAGS if reading.node(key)}
    if reading.node("colour"):
        values["colour"] = reading.choice("colour", colours, "unknown-colour", "colour", "ink")
    return values


def bounded(reading: Reading, key: str, default: float = 0.0) -> float:
    """Return a number that is neither so small nor so large that nothing can be laid out with it."""
    return reading.number(key, default, BOUNDS[key])


def read_paper(name: str, reading: Reading, styles: Collection[str], colours: Collection[str]) -> Paper:
    """Return one sheet."""
    numbers = {key: bounded(reading, key) for key in PAPER_KEYS}
    overrides = read_overrides(any_fields(reading, "print"), styles, colours)
    paper = Paper(name, **numbers, labels_above=labels_above(reading), styles=overrides)
    report_narrow(paper, reading.at, reading.findings)
    return paper


def report_narrow(paper: Paper, at: Span, findings: list[Finding]) -> None:
    """Gather an error if a sheet of sound numbers leaves too little room for text."""
    across = paper.width - 2 * paper.margin - paper.rail - paper.gutter
    room = min(across, paper.height - 2 * paper.margin)
    if room < LEAST_ROOM and paper.width and paper.height:
        message = f"{room:g} points are left for text on {paper.name}; {LEAST_ROOM:g} are the least."
        findings.append(
            error("out-of-range", message, at, "make the sheet larger, or its margin, rail or gutter smaller")
        )


def labels_above(reading: Reading) -> bool:
    """Return whether labels stand above what they label."""
    return reading.choice("labels", LABELS, "wrong-type", "place for labels", LABELS[0]) == LABELS[1]


def read_editions(
    reading: Reading, papers: Mapping[str, Paper], styles: Collection[str], colours: Mapping[str, str]
) -> dict[str, Edition]:
    """Return the editions by name; there is always a standard one."""
    editions = {
        key.text: read_edition(key.text, open_fields(node, reading.findings, (), EDITION_KEYS), papers, styles, colours)
        for key, node in reading.each()
    }
    return {STANDARD: Edition(STANDARD, tuple(papers)), **editions}


def read_edition(
    name: str, reading: Reading, papers: Mapping[str, Paper], styles: Collection[str], colours: Mapping[str, str]
) -> Edition:
    """Return what differs in one edition from the standard."""
    painted = {
        role: colour
        for key, colour in (("black", colours.get("ink", "")), ("white", colours.get("white", "")))
        for role in reading.names(key, colours, "unknown-colour", "colour")
    }
    sheet = reading.inside("sheet", optional=(*SHEET_NUMBERS, "labels"))
    differs: dict[str, Any] = {key: bounded(sheet, key) for key in SHEET_NUMBERS if sheet.node(key)}
    differs |= {"labels_above": labels_above(sheet)} if sheet.node("labels") else {}
    chosen = reading.names("papers", papers, "unknown-paper", "paper") or tuple(papers)
    for paper in chosen if differs else ():
        if paper in papers:
            report_narrow(replace(papers[paper], **differs), sheet.at, reading.findings)
    return Edition(
        name=name,
        papers=chosen,
        styles=read_overrides(any_fields(reading, "print"), styles, colours),
        sheet=differs,
        colours=painted,
        hatched=reading.names("hatched", colours, "unknown-colour", "colour"),
        cover_edge=bounded(reading, "cover-edge"),
        crisis_edge=bounded(reading, "crisis-edge", 1.5),
        discreet=reading.flag("discreet"),
        one_bit=reading.flag("one-bit"),
    )
