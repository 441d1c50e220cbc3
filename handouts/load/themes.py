"""Read theme files: colours and type styles by role, papers and editions, checked for contrast and size.

YAML nodes in, a `ThemeSource` out; an unknown role or value, a text too pale for its ground, and a paper too
narrow for text are findings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeAlias

from msgspec.structs import replace

from handouts.finding import Finding, Location, error, unknown_name_error
from handouts.load.accents import ACCENT_ROLES, MIN_TEXT_CONTRAST, accent_fields, is_colour, read_accent, read_colour
from handouts.load.files import SourceFolder, list_files
from handouts.load.schema import FieldReader, open_fields
from handouts.load.yaml_nodes import MappingNode, YamlNode, load_yaml
from handouts.theme import Edition, Paper, StyleOverrides, ThemeSource, TypeStyle, contrast_ratio, override_styles

_Colours: TypeAlias = Mapping[str, str]

_DARK_GROUND = "deep"
# Roles of texts, each with the roles of the grounds on which they stand; white stands on two that stand on white.
_GROUNDS_BY_TEXT: Mapping[str, tuple[str, ...]] = {
    "ink": ("white", "tint", "red-tint"),
    "stone": ("white", "oat", "tint"),
    "accent": ("white", "tint", "oat"),
    "honey": (_DARK_GROUND,),
    "deep": ("oat", "white", "tint"),
    "screen-ink": ("oat", "tint", "white"),
    "red": ("red-tint", "oat"),
    "amber": ("white", "oat"),
    "green": ("white", "oat"),
}


def _check_contrasts(
    colours: _Colours, accent: _Colours, places: Mapping[str, Location], accents: Collection[_Colours]
) -> Iterator[Finding]:
    """Yield an error for each text that stands out too little from one of its grounds, at the colour to change.

    `accent` is the one of `accents` that is looked at.
    """
    all_colours = {**colours, **accent}
    for text, grounds in _GROUNDS_BY_TEXT.items():
        there = [ground for ground in grounds if text in all_colours and ground in all_colours]
        ratios = {ground: contrast_ratio(all_colours[text], all_colours[ground]) for ground in there}
        poor = min(ratios, key=lambda ground: ratios[ground], default="")
        if poor and ratios[poor] < MIN_TEXT_CONTRAST:
            message = f"'{text}' has a contrast of {ratios[poor]:.1f}:1 on '{poor}'; it needs {MIN_TEXT_CONTRAST}:1."
            blamed, other = (
                (poor, text) if text in colours and _is_accent_at_fault(text, colours, accents) else (text, poor)
            )
            role = blamed if blamed in places else other  # no colour is blamed that follows from another
            darker = (role == text) is (poor != _DARK_GROUND)
            yield error("contrast", message, places[role], f"make '{role}' {'darker' if darker else 'lighter'}")


def _is_accent_at_fault(text: str, colours: _Colours, accents: Collection[_Colours]) -> bool:
    """True if a text that stands beside every accent can be read on the theme's own grounds, and beside some accent."""
    own = [ground for ground in _GROUNDS_BY_TEXT[text] if ground in colours]
    beside = [[ground for ground in _GROUNDS_BY_TEXT[text] if ground in accent] for accent in accents]
    return all(_has_contrast(text, ground, colours) for ground in own) and any(
        all(_has_contrast(text, ground, {**colours, **accent}) for ground in grounds)
        for grounds, accent in zip(beside, accents, strict=True)
    )


def _has_contrast(text: str, ground: str, colours: _Colours) -> bool:
    """True if a text stands out from a ground."""
    return contrast_ratio(colours[text], colours[ground]) >= MIN_TEXT_CONTRAST


_STYLE_NUMBERS = ("size", "leading", "before", "after", "track", "words")
# The least and the most that a number may be: lengths in points, letter and word spacing in em.
NUMBER_BOUNDS: Mapping[str, tuple[float, float]] = {
    "size": (6, 300), "leading": (6, 400), "before": (0, 300), "after": (0, 300),
    "track": (-0.2, 1), "words": (-0.2, 2), "width": (200, 2400), "height": (200, 2400), "margin": (0, 300),
    "rail": (0, 400), "gutter": (0, 200), "sign": (0, 200), "cover-edge": (0, 20), "crisis-edge": (0, 20),
}  # fmt: skip
_MIN_TEXT_AREA_SIDE = 150.0  # points that a sheet has for text, across and down
_STYLE_FLAGS = ("bold", "balance")
_STYLE_KEYS = (*_STYLE_NUMBERS, *_STYLE_FLAGS, "colour")
_SHEET_KEYS = ("margin", "rail", "gutter", "sign")
_PAPER_KEYS = ("width", "height", *_SHEET_KEYS)
_LABEL_PLACES = ("beside", "above")
_REQUIRED_PAPERS = ("a4", "letter", "a5")
_EDITION_FLAGS = ("discreet", "one-bit")
_EDITION_KEYS = ("papers", "print", "sheet", "black", "white", "hatched", "cover-edge", "crisis-edge", *_EDITION_FLAGS)
_STANDARD_NAME = "standard"
# What drawings and pages are made with: a theme says how each of these looks.
_COLOUR_ROLES = (
    "white", "ink", "stone", "screen-ink", "screen-rule", "oat", "sand", "honey", "red", "red-tint", "amber",
    "amber-tint", "green", "green-tint",
)  # fmt: skip
_PRINT_STYLES = (
    "h1", "h2-page", "h2", "lead", "h3", "label", "body", "script", "crisis", "caption", "table", "foot",
    "source", "figure", "card", "card-number",
)  # fmt: skip
_SLIDE_STYLES = (
    "title-deep", "section", "title", "question", "script", "voice", "body", "text", "table", "number",
    "big-number", "label", "note", "figure", "foot", "slide-number", "source",
)  # fmt: skip


def _read_theme(node: YamlNode | None, name: str, findings: list[Finding]) -> ThemeSource:
    """Return what a theme file says."""
    required = ("colours", "accents", "densities", "print", "slides", "papers", "editions")
    reading = open_fields(node, findings, required)
    colours = _read_colours(reading.nested("colours", _COLOUR_ROLES, _key_names(reading, "colours")))
    accents = {
        key.text: read_accent(value, colours, findings) for key, value in _open_any_fields(reading, "accents").entries()
    }
    poor: list[Finding] = []
    sound_accents = {name: _valid_colours(accent) for name, accent in accents.items()}
    for key, value in _open_any_fields(reading, "accents").entries():
        places = _value_locations(reading.node("colours")) | _value_locations(accent_fields(value))
        poor.extend(_check_contrasts(_valid_colours(colours), sound_accents[key.text], places, sound_accents.values()))
    findings.extend({found.at: found for found in reversed(poor)}.values())  # one for each colour
    roles = {*colours, *ACCENT_ROLES}
    styles = _read_styles(open_fields(reading.node("print"), findings, _PRINT_STYLES, optional=None), roles)
    densities = {
        key.text: override_styles(styles, _read_overrides(open_fields(value, findings, optional=None), styles, roles))
        for key, value in open_fields(reading.node("densities"), findings, (_STANDARD_NAME,), optional=None).entries()
    }
    papers = {
        key.text: _read_paper(key.text, open_fields(value, findings, _PAPER_KEYS, ("labels", "print")), styles, roles)
        for key, value in open_fields(reading.node("papers"), findings, _REQUIRED_PAPERS, optional=None).entries()
    }
    return ThemeSource(
        name=name,
        colours=colours,
        accents=accents,
        densities=densities,
        slides=_read_styles(open_fields(reading.node("slides"), findings, _SLIDE_STYLES, optional=None), roles),
        papers=papers,
        editions=_read_editions(
            _open_any_fields(reading, "editions"), papers, styles, {**dict.fromkeys(roles, ""), **colours}
        ),
    )


def _value_locations(node: YamlNode | None) -> dict[str, Location]:
    """Return where each value of some keys stands."""
    return {key.text: value.at for key, value in node.entries} if isinstance(node, MappingNode) else {}


def _valid_colours(colours: Mapping[str, str]) -> dict[str, str]:
    """Return those of `colours` that are colours; the others are reported."""
    return {role: colour for role, colour in colours.items() if is_colour(colour)}


def _open_any_fields(reading: FieldReader, key: str) -> FieldReader:
    """Return the keys inside the value of `key`, whatever they are."""
    return open_fields(reading.node(key), reading.findings, optional=None)


def _key_names(reading: FieldReader, key: str) -> Collection[str]:
    """Return the names of the keys inside the value of `key`."""
    node = reading.node(key)
    return [name.text for name, _ in node.entries] if isinstance(node, MappingNode) else []


def _read_colours(reading: FieldReader) -> dict[str, str]:
    """Return colours by role."""
    return {key.text: read_colour(reading, key.text) for key, _ in reading.entries()}


def _read_styles(reading: FieldReader, colours: Collection[str]) -> dict[str, TypeStyle]:
    """Return type styles by role."""
    return {
        key.text: TypeStyle(
            **{
                "size": 0.0,
                "leading": 0.0,
                **_read_style(open_fields(node, reading.findings, ("size", "leading"), _STYLE_KEYS), colours),
            }
        )
        for key, node in reading.entries()
    }


def _read_overrides(reading: FieldReader, styles: Collection[str], colours: Collection[str]) -> StyleOverrides:
    """Return what differs in some of `styles`."""
    result = {}
    for key, node in reading.entries():
        if key.text not in styles:
            reading.findings.append(unknown_name_error("unknown-key", "style", key.text, styles, key.at))
            continue
        result[key.text] = _read_style(open_fields(node, reading.findings, (), _STYLE_KEYS), colours)
    return result


def _read_style(reading: FieldReader, colours: Collection[str]) -> dict[str, Any]:
    """Return the values of a type style that the file says."""
    values: dict[str, Any] = {key: _read_bounded_number(reading, key) for key in _STYLE_NUMBERS if reading.node(key)}
    values |= {key: reading.boolean(key) for key in _STYLE_FLAGS if reading.node(key)}
    if reading.node("colour"):
        values["colour"] = reading.choice("colour", colours, "unknown-colour", "colour", "ink")
    return values


def _read_bounded_number(reading: FieldReader, key: str, default: float = 0.0) -> float:
    """Return a number that is neither so small nor so large that nothing can be laid out with it."""
    return reading.number(key, default, NUMBER_BOUNDS[key])


def _read_paper(name: str, reading: FieldReader, styles: Collection[str], colours: Collection[str]) -> Paper:
    """Return one sheet."""
    numbers = {key: _read_bounded_number(reading, key) for key in _PAPER_KEYS}
    overrides = _read_overrides(_open_any_fields(reading, "print"), styles, colours)
    paper = Paper(name, **numbers, labels_above=_read_label_place(reading), styles=overrides)
    _check_text_area(paper, reading.at, reading.findings)
    return paper


def _check_text_area(paper: Paper, at: Location, findings: list[Finding]) -> None:
    """Gather an error if a sheet of sound numbers leaves too little room for text."""
    across = paper.width - 2 * paper.margin - paper.rail - paper.gutter
    room = min(across, paper.height - 2 * paper.margin)
    if room < _MIN_TEXT_AREA_SIDE and paper.width and paper.height:
        message = f"{room:g} points are left for text on {paper.name}; {_MIN_TEXT_AREA_SIDE:g} are the least."
        hint = "make the sheet larger, or its margin, rail or gutter smaller"
        findings.append(error("out-of-range", message, at, hint))


def _read_label_place(reading: FieldReader) -> bool:
    """Return whether labels stand above what they label."""
    beside, above = _LABEL_PLACES
    return reading.choice("labels", _LABEL_PLACES, "wrong-type", "place for labels", beside) == above


def _read_editions(
    reading: FieldReader, papers: Mapping[str, Paper], styles: Collection[str], colours: Mapping[str, str]
) -> dict[str, Edition]:
    """Return the editions by name; there is always a standard one."""
    editions = {}
    for key, node in reading.entries():
        fields = open_fields(node, reading.findings, (), _EDITION_KEYS)
        editions[key.text] = _read_edition(key.text, fields, papers, styles, colours)
    return {_STANDARD_NAME: Edition(_STANDARD_NAME, tuple(papers)), **editions}


def _read_edition(
    name: str, reading: FieldReader, papers: Mapping[str, Paper], styles: Collection[str], colours: Mapping[str, str]
) -> Edition:
    """Return what differs in one edition from the standard."""
    painted = {
        role: colour
        for key, colour in (("black", colours.get("ink", "")), ("white", colours.get("white", "")))
        for role in reading.names(key, colours, "unknown-colour", "colour")
    }
    sheet = reading.nested("sheet", optional=(*_SHEET_KEYS, "labels"))
    differs: dict[str, Any] = {key: _read_bounded_number(sheet, key) for key in _SHEET_KEYS if sheet.node(key)}
    differs |= {"labels_above": _read_label_place(sheet)} if sheet.node("labels") else {}
    chosen = reading.names("papers", papers, "unknown-paper", "paper") or tuple(papers)
    for paper in chosen if differs else ():
        if paper in papers:
            _check_text_area(replace(papers[paper], **differs), sheet.at, reading.findings)
    return Edition(
        name=name,
        papers=chosen,
        styles=_read_overrides(_open_any_fields(reading, "print"), styles, colours),
        sheet=differs,
        colours=painted,
        hatched=reading.names("hatched", colours, "unknown-colour", "colour"),
        cover_edge=_read_bounded_number(reading, "cover-edge"),
        crisis_edge=_read_bounded_number(reading, "crisis-edge", 1.5),
        discreet=reading.boolean("discreet"),
        one_bit=reading.boolean("one-bit"),
    )


def load_themes(folder: SourceFolder) -> dict[str, ThemeSource]:
    """Return the themes by name."""
    files = list_files(folder.path / "themes", ".yaml")
    return {path.stem: _read_theme(load_yaml(folder, path), path.stem, folder.findings) for path in files}
