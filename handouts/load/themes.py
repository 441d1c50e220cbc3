"""Read theme files: colours and type styles by role, papers and editions, checked for contrast and size.

YAML nodes in, a `ThemeSource` out; an unknown role or value, a text too pale for its ground, and a paper too
narrow for text are findings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

from msgspec.structs import replace

from handouts.finding import Finding, Location, error, unknown_name_error
from handouts.load.accents import MIN_TEXT_CONTRAST, is_colour, read_accent, read_colour
from handouts.load.field_reader import FieldReader, open_fields
from handouts.load.file_names import check_name
from handouts.load.files import SourceFolder, list_files
from handouts.load.template_keys import (
    ACCENT,
    EXTENDING_THEME,
    LABELS_ABOVE,
    PAPER_NUMBERS,
    SETTLING_LINE,
    SHEET_NUMBERS,
    STANDARD_NAME,
    STYLE_FLAGS,
    STYLE_NUMBERS,
    STYLE_OVERRIDE,
    THEME,
    WITH_LETTERS,
)
from handouts.load.typefaces import read_typeface
from handouts.load.yaml_nodes import MappingNode, YamlNode, load_yaml
from handouts.markdown.attributes import Word
from handouts.theme import (
    DARK_GROUND,
    GROUNDS_BY_TEXT,
    CoverBand,
    Edition,
    Paper,
    StyleOverrides,
    ThemeSource,
    Typeface,
    TypeStyle,
    contrast_ratio,
    override_styles,
)

_Colours: TypeAlias = Mapping[str, str]


def _check_contrasts(
    colours: _Colours, accent: _Colours, places: Mapping[str, Location], accents: Collection[_Colours], file: str
) -> Iterator[Finding]:
    """Yield an error for each text that stands out too little from one of its grounds, at the colour to change.

    `accent` is the one of `accents` that is looked at. The theme's own `file` is blamed, not one that it extends, nor a
    colour that follows from another.
    """
    all_colours = {**colours, **accent}
    for text, grounds in GROUNDS_BY_TEXT.items():
        there = [ground for ground in grounds if text in all_colours and ground in all_colours]
        ratios = {ground: contrast_ratio(all_colours[text], all_colours[ground]) for ground in there}
        poor = min(ratios, key=lambda ground: ratios[ground], default="")
        if poor and ratios[poor] < MIN_TEXT_CONTRAST:
            message = f"'{text}' has a contrast of {ratios[poor]:.1f}:1 on '{poor}'; it needs {MIN_TEXT_CONTRAST}:1."
            blamed, other = (
                (poor, text) if text in colours and _is_accent_at_fault(text, colours, accents) else (text, poor)
            )
            written = [role for role in (blamed, other) if role in places]
            role = next((role for role in written if places[role].file == file), written[0])
            darker = (role == text) is (poor != DARK_GROUND)
            yield error("contrast", message, places[role], f"make '{role}' {'darker' if darker else 'lighter'}")


def _is_accent_at_fault(text: str, colours: _Colours, accents: Collection[_Colours]) -> bool:
    """True if a text that stands beside every accent can be read on the theme's own grounds, and beside some accent."""
    own = [ground for ground in GROUNDS_BY_TEXT[text] if ground in colours]
    beside = [[ground for ground in GROUNDS_BY_TEXT[text] if ground in accent] for accent in accents]
    return all(_has_contrast(text, ground, colours) for ground in own) and any(
        all(_has_contrast(text, ground, {**colours, **accent}) for ground in grounds)
        for grounds, accent in zip(beside, accents, strict=True)
    )


def _has_contrast(text: str, ground: str, colours: _Colours) -> bool:
    """True if a text stands out from a ground."""
    return contrast_ratio(colours[text], colours[ground]) >= MIN_TEXT_CONTRAST


_MIN_TEXT_AREA_SIDE = 150.0  # points that a sheet has for text, across and down


def _read_theme(node: YamlNode | None, name: str, folder: SourceFolder) -> ThemeSource:
    """Return what a theme file in `folder` says."""
    findings = folder.findings
    reading = open_fields(node, findings, THEME)
    colours = _read_colours(reading.nested("colours"))
    written = {key.text: inside for key, inside in reading.nested("accents").inside()}
    accents = {name: read_accent(inside, colours) for name, inside in written.items()}
    poor: list[Finding] = []
    sound_accents = {name: _valid_colours(accent) for name, accent in accents.items()}
    for own, inside in written.items():
        places = _value_locations(reading.node("colours")) | _value_locations(inside.fields)
        sound = _valid_colours(colours), sound_accents[own]
        poor.extend(_check_contrasts(*sound, places, sound_accents.values(), reading.at.file))
    findings.extend({found.at: found for found in reversed(poor)}.values())  # one for each colour
    roles = {*colours, *ACCENT.known}
    styles = _read_styles(reading.nested("print"), roles)
    densities = {
        key.text: override_styles(styles, _read_overrides(inside, styles, roles))
        for key, inside in reading.nested("densities").inside()
    }
    papers = {
        key.text: _read_paper(key.text, inside, styles, roles) for key, inside in reading.nested("papers").inside()
    }
    typeface = read_typeface(reading.nested("typeface"), folder) if reading.node("typeface") else None
    return ThemeSource(
        name=name,
        colours=colours,
        accents=accents,
        densities={density: _set_in(typeface, each) for density, each in densities.items()},
        slides=_set_in(typeface, _read_styles(reading.nested("slides"), roles)),
        papers=papers,
        editions=_read_editions(reading.nested("editions"), papers, styles, {**dict.fromkeys(roles, ""), **colours}),
        web_letters=reading.choice("web-typeface") == WITH_LETTERS,
        line=cast(Literal["straight", "none", ""], "" if (line := reading.choice("line")) == SETTLING_LINE else line),
        cover=_read_cover_band(reading.nested("cover")),
        typeface=typeface,
    )


def _set_in(typeface: Typeface | None, styles: Mapping[str, TypeStyle]) -> Mapping[str, TypeStyle]:
    """Return `styles` set in a typeface."""
    return {role: replace(style, typeface=typeface) for role, style in styles.items()} if typeface else styles


def _read_cover_band(reading: FieldReader) -> CoverBand:
    """Return how the band at the head of the first page looks."""
    usual = CoverBand()
    return CoverBand(reading.choice("ground"), reading.number("corner", usual.corner), reading.number("bar", usual.bar))


def _value_locations(node: YamlNode | None) -> dict[str, Location]:
    """Return where each value of some keys stands."""
    return {key.text: value.at for key, value in node.entries} if isinstance(node, MappingNode) else {}


def _valid_colours(colours: Mapping[str, str]) -> dict[str, str]:
    """Return those of `colours` that are colours; the others are reported."""
    return {role: colour for role, colour in colours.items() if is_colour(colour)}


def _read_colours(reading: FieldReader) -> dict[str, str]:
    """Return colours by role."""
    return {key.text: read_colour(reading, key.text) for key, _ in reading.entries()}


def _read_styles(reading: FieldReader, colours: Collection[str]) -> dict[str, TypeStyle]:
    """Return type styles by role."""
    return {
        key.text: TypeStyle(**{"size": 0.0, "leading": 0.0, **_read_style(inside, colours)})
        for key, inside in reading.inside()
    }


def _read_overrides(reading: FieldReader, styles: Collection[str], colours: Collection[str]) -> StyleOverrides:
    """Return what differs in some of `styles`."""
    result = {}
    for key, node in reading.entries():
        if key.text not in styles:
            reading.findings.append(unknown_name_error("unknown-key", "style", key.text, styles, key.at))
            continue
        result[key.text] = _read_style(open_fields(node, reading.findings, STYLE_OVERRIDE), colours)
    return result


def _read_style(reading: FieldReader, colours: Collection[str]) -> dict[str, Any]:
    """Return the values of a type style that the file says."""
    values: dict[str, Any] = {key: reading.number(key) for key in STYLE_NUMBERS if reading.node(key)}
    values |= {key: reading.boolean(key) for key in STYLE_FLAGS if reading.node(key)}
    if reading.node("colour"):
        values["colour"] = reading.name("colour", colours, "ink")
    return values


def _read_paper(name: str, reading: FieldReader, styles: Collection[str], colours: Collection[str]) -> Paper:
    """Return one sheet."""
    numbers = {key: reading.number(key) for key in PAPER_NUMBERS}
    overrides = _read_overrides(reading.nested("print"), styles, colours)
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
    return reading.choice("labels") == LABELS_ABOVE


def _read_editions(
    reading: FieldReader, papers: Mapping[str, Paper], styles: Collection[str], colours: Mapping[str, str]
) -> dict[str, Edition]:
    """Return the editions by name; there is always a standard one."""
    editions = {}
    for key, inside in reading.inside():
        editions[key.text] = _read_edition(key.text, inside, papers, styles, colours)
    return {STANDARD_NAME: Edition(STANDARD_NAME, tuple(papers)), **editions}


def _read_edition(
    name: str, reading: FieldReader, papers: Mapping[str, Paper], styles: Collection[str], colours: Mapping[str, str]
) -> Edition:
    """Return what differs in one edition from the standard."""
    painted = {
        role: colour
        for key, colour in (("black", colours.get("ink", "")), ("white", colours.get("white", "")))
        for role in reading.names(key, colours)
    }
    sheet = reading.nested("sheet")
    differs: dict[str, Any] = {key: sheet.number(key) for key in SHEET_NUMBERS if sheet.node(key)}
    differs |= {"labels_above": _read_label_place(sheet)} if sheet.node("labels") else {}
    chosen = reading.names("papers", papers) or tuple(papers)
    for paper in chosen if differs else ():
        if paper in papers:
            _check_text_area(replace(papers[paper], **differs), sheet.at, reading.findings)
    return Edition(
        name=name,
        papers=chosen,
        styles=_read_overrides(reading.nested("print"), styles, colours),
        sheet=differs,
        colours=painted,
        hatched=reading.names("hatched", colours),
        cover_edge=reading.number("cover-edge"),
        crisis_edge=reading.number("crisis-edge", 1.5),
        discreet=reading.boolean("discreet"),
        one_bit=reading.boolean("one-bit"),
    )


THEMES_FOLDER = "themes"
_REPLACED_WHOLE = "accents"  # an accent is replaced, and not mixed with the one of its name


def load_themes(templates: SourceFolder, content: SourceFolder | None = None) -> dict[str, ThemeSource]:
    """Return the themes by name: those of the templates, and the project's own ones in its content.

    One that `extends` another says only what differs; those of the project may extend any of the templates.
    """
    files = [(folder, path) for folder in (templates, content) if folder for path in _theme_files(folder)]
    whole: dict[str, tuple[YamlNode | None, SourceFolder]] = {}
    extensions: dict[str, tuple[MappingNode, SourceFolder]] = {}
    for folder, path in files:
        if folder is content:
            check_name(Word(path.stem, Location(path.as_posix())), "a theme", folder.findings)
        if path.stem in (*whole, *extensions):
            message = f"There is a theme '{path.stem}' already, in {templates.path.as_posix()}."
            folder.error("bad-name", message, Location(path.as_posix()), "rename this file")
            continue
        node = load_yaml(folder, path)
        if isinstance(node, MappingNode) and _is_extension(node, own=folder is content):
            extensions[path.stem] = node, folder
        else:
            whole[path.stem] = node, folder
    themes = {name: _read_theme(node, name, folder) for name, (node, folder) in whole.items()}
    bases = {name: node for name, (node, _) in whole.items() if isinstance(node, MappingNode)}
    for name, (node, folder) in extensions.items() if bases else ():
        joined = _joined_with_base(node, bases, folder)
        themes[name] = _read_extension(joined, name, folder)
        if folder is templates:
            bases[name] = joined
    own = {path.stem for folder, path in files if folder is content}
    return {name: replace(themes[name], own=name in own) for name in sorted(themes)}


def _theme_files(folder: SourceFolder) -> tuple[Path, ...]:
    """Return the files of themes in a folder of templates or content."""
    return list_files(folder.path / THEMES_FOLDER, ".yaml")


def _is_extension(node: MappingNode, *, own: bool) -> bool:
    """True if a theme extends another; one of the project that is not whole was meant to."""
    keys = {key.text for key, _ in node.entries}
    return "extends" in keys or (own and not keys.issuperset(THEME.required))


def _joined_with_base(node: MappingNode, bases: Mapping[str, MappingNode], folder: SourceFolder) -> MappingNode:
    """Return the keys of the theme that a theme extends, with what it says in their place."""
    reading = open_fields(node, folder.findings, EXTENDING_THEME)
    base = bases[reading.name("extends", bases, next(iter(bases)))]
    own = tuple(entry for entry in reading.fields.entries if entry[0].text != "extends")
    return _merged(base, MappingNode(own, node.at))


def _read_extension(joined: MappingNode, name: str, folder: SourceFolder) -> ThemeSource:
    """Return a theme whose keys are `joined` with those of the one that it extends."""
    before = tuple(folder.findings)
    alone = SourceFolder(folder.path, [])
    theme = _read_theme(joined, name, alone)
    folder.findings.extend(found for found in alone.findings if found not in before)  # those of the base are known
    return theme


def _merged(base: MappingNode, own: MappingNode) -> MappingNode:
    """Return `base` with what `own` says in its place, key by key."""
    known = {key.text: (key, value) for key, value in base.entries}
    for key, value in own.entries:
        below = known.get(key.text, (key, value))[1]
        if isinstance(value, MappingNode) and isinstance(below, MappingNode):
            joined = _replaced(below, value) if key.text == _REPLACED_WHOLE else _merged(below, value)
            known[key.text] = (key, joined)
        else:
            known[key.text] = (key, value)
    return MappingNode(tuple(known.values()), own.at)


def _replaced(base: MappingNode, own: MappingNode) -> MappingNode:
    """Return `base` with the entries of `own`, each whole."""
    entries = {key.text: (key, value) for key, value in (*base.entries, *own.entries)}
    return MappingNode(tuple(entries.values()), own.at)
