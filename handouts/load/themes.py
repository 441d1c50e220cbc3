"""Read theme files: colours and type styles by role, papers and editions, checked for contrast and size.

Takes YAML nodes; returns a `ThemeSource`. Unknown roles and values, text too pale for its ground, and paper too narrow
for text are errors. An accent needs one colour; the others are computed so that text on them is readable.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Literal, TypeAlias, cast

from msgspec.structs import replace

from handouts.finding import Finding, HandoutError, Location, error, unknown_name_error
from handouts.load.field_reader import FieldReader, open_fields
from handouts.load.file_names import check_name
from handouts.load.files import SourceFolder, exists_exactly, list_files, read_bytes, suggest_file
from handouts.load.template_keys import (
    ACCENT,
    COLOUR_PATTERN,
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
from handouts.load.yaml_nodes import MappingNode, YamlNode, load_yaml
from handouts.markdown.attributes import Word
from handouts.text.font_files import MAX_FONT_BYTES, FontFacts, inspect_font, pinned_weight
from handouts.theme import (
    DARK_GROUND,
    GROUNDS_BY_TEXT,
    CoverBand,
    Edition,
    FontFile,
    Paper,
    StyleOverrides,
    ThemeSource,
    Typeface,
    TypeStyle,
    contrast_ratio,
    luminance,
    override_styles,
    rgb_channels,
)

_Colours: TypeAlias = Mapping[str, str]

_MIN_TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3. The shipped themes have at least 7, which a test checks.
_COLOUR_HINT = 'write it as "#0F4C5C", in quotation marks'
_ACCENT_GROUNDS = ("white", "oat")
# Computed grounds have these luminances, as in the shipped theme: two light ones, and a dark one for white text, which
# has at most this share of the luminance of the accent.
_TINT_LUMINANCE, _TINT2_LUMINANCE, _DEEP_LUMINANCE, _DEEP_SHARE = 0.85, 0.70, 0.03, 0.5
_LIGHTEST_TINT = 0.95
_STEPS = 256  # from a colour to black or white: as many as a screen can show


# ---------------------------------------------------------------- accents


def _read_colour(reading: FieldReader, key: str) -> str:
    """Return a colour in capital letters; anything else is an error, and returned unchanged."""
    colour = reading.text(key)
    if not _is_colour(colour):
        message = (
            f"'{colour}' is not a colour." if colour else "Here a colour is missing."
        )  # unquoted, # begins a comment
        reading.findings.append(error("wrong-type", message, reading.place(key), _COLOUR_HINT))
        return colour
    return colour.upper()


def _is_colour(text: str) -> bool:
    """Return whether a text is a colour."""
    return re.fullmatch(COLOUR_PATTERN, text) is not None


def _read_accent(reading: FieldReader, colours: _Colours) -> dict[str, str]:
    """Return the four colours of an accent, of which only `accent` is required; `colours` are those of the theme."""
    written = {role: _read_colour(reading, role) for role in ACCENT.known if reading.node(role)}
    accent = written.get("accent", "")
    if len(written) == len(ACCENT.known) or not _is_colour(accent):
        return written
    grounds = [colours[role] for role in _ACCENT_GROUNDS if _is_colour(colours.get(role, ""))]
    if not _can_be_read(accent, grounds):
        reading.findings.append(_too_pale_error(accent, grounds, reading.place("accent")))
        return {}
    return {**_computed_colours(accent), **written}


def _can_be_read(accent: str, grounds: list[str]) -> bool:
    """Return whether text in a colour is readable on all `grounds`."""
    return all(contrast_ratio(accent, ground) >= _MIN_TEXT_CONTRAST for ground in grounds)


def _too_pale_error(accent: str, grounds: list[str], at: Location) -> Finding:
    """Return the error for an accent too pale for text, with the nearest colour that is readable."""
    worst = min(contrast_ratio(accent, ground) for ground in grounds)
    message = (
        f"'{accent}' is too pale for words: its contrast to the page is {worst:.1f}:1, and {_MIN_TEXT_CONTRAST}:1 is "
        "the least."
    )
    found = _nearest_colour(accent, "#" + "0" * 6, lambda colour: _can_be_read(colour, grounds))
    hint = f'write "{found}", the nearest of the same hue that can be read' if found else "make the page lighter"
    return error("contrast", message, at, hint)


def _computed_colours(accent: str) -> dict[str, str]:
    """Return the colours of an accent, with grounds on which text in it, or white text, is readable."""
    black, white = "#" + "0" * 6, "#" + "F" * 6
    darkest = min(_DEEP_LUMINANCE, _DEEP_SHARE * luminance(accent))
    paler = min(_LIGHTEST_TINT, _MIN_TEXT_CONTRAST * (luminance(accent) + 0.05) - 0.05)
    lightest = max(_TINT_LUMINANCE, paler)
    return {
        "accent": accent,
        "deep": _nearest_colour(accent, black, lambda colour: luminance(colour) <= darkest) or black,
        "tint": _nearest_colour(accent, white, lambda colour: luminance(colour) >= lightest) or white,
        "tint2": _nearest_colour(accent, white, lambda colour: luminance(colour) >= _TINT2_LUMINANCE) or white,
    }


def _nearest_colour(start: str, end: str, is_right: Callable[[str], bool]) -> str:
    """Return the first colour from `start` towards `end`, which is black or white, that `is_right`; "" if none is."""
    return next((each for step in range(_STEPS + 1) if is_right(each := _mixed(start, end, step / _STEPS))), "")


def _mixed(start: str, end: str, share: float) -> str:
    """Return a mix of two colours with a `share` of the second."""
    channels = zip(rgb_channels(start), rgb_channels(end), strict=True)
    return "#" + "".join(f"{round(255 * (one + (other - one) * share)):02X}" for one, other in channels)


# ---------------------------------------------------------------- contrast


def _check_contrasts(
    colours: _Colours, accent: _Colours, places: Mapping[str, Location], accents: Collection[_Colours], file: str
) -> Iterator[Finding]:
    """Yield an error for each text colour with too little contrast to one of its grounds, at the colour to change.

    `accent` is one of `accents`. The error is at a colour of the theme's own `file`, not of the theme that it extends,
    and never at a computed colour.
    """
    all_colours = {**colours, **accent}
    for text, grounds in GROUNDS_BY_TEXT.items():
        there = [ground for ground in grounds if text in all_colours and ground in all_colours]
        ratios = {ground: contrast_ratio(all_colours[text], all_colours[ground]) for ground in there}
        poor = min(ratios, key=lambda ground: ratios[ground], default="")
        if poor and ratios[poor] < _MIN_TEXT_CONTRAST:
            message = f"'{text}' has a contrast of {ratios[poor]:.1f}:1 on '{poor}'; it needs {_MIN_TEXT_CONTRAST}:1."
            blamed, other = (
                (poor, text) if text in colours and _is_accent_at_fault(text, colours, accents) else (text, poor)
            )
            written = [role for role in (blamed, other) if role in places]
            role = next((role for role in written if places[role].file == file), written[0])
            darker = (role == text) is (poor != DARK_GROUND)
            yield error("contrast", message, places[role], f"make '{role}' {'darker' if darker else 'lighter'}")


def _is_accent_at_fault(text: str, colours: _Colours, accents: Collection[_Colours]) -> bool:
    """Return whether a text colour is readable on all grounds of the theme, and on all grounds of some accent."""
    own = [ground for ground in GROUNDS_BY_TEXT[text] if ground in colours]
    beside = [[ground for ground in GROUNDS_BY_TEXT[text] if ground in accent] for accent in accents]
    return all(_has_contrast(text, ground, colours) for ground in own) and any(
        all(_has_contrast(text, ground, {**colours, **accent}) for ground in grounds)
        for grounds, accent in zip(beside, accents, strict=True)
    )


def _has_contrast(text: str, ground: str, colours: _Colours) -> bool:
    """Return whether a text colour has enough contrast to a ground."""
    return contrast_ratio(colours[text], colours[ground]) >= _MIN_TEXT_CONTRAST


_MIN_TEXT_AREA_SIDE = 150.0  # points for text on a sheet, across and down


def _read_theme(node: YamlNode | None, name: str, folder: SourceFolder) -> ThemeSource:
    """Return the theme in a file of `folder`."""
    findings = folder.findings
    reading = open_fields(node, findings, THEME)
    palette = reading.nested("colours")
    colours = {key.text: _read_colour(palette, key.text) for key, _ in palette.entries()}
    written = {key.text: inside for key, inside in reading.nested("accents").inside()}
    accents = {name: _read_accent(inside, colours) for name, inside in written.items()}
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
    typeface = _read_typeface(reading.nested("typeface"), folder) if reading.node("typeface") else None
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
    """Return `styles` with a typeface, if there is one."""
    return {role: replace(style, typeface=typeface) for role, style in styles.items()} if typeface else styles


def _read_cover_band(reading: FieldReader) -> CoverBand:
    """Return the look of the band at the top of the first page."""
    usual = CoverBand()
    return CoverBand(reading.choice("ground"), reading.number("corner", usual.corner), reading.number("bar", usual.bar))


def _value_locations(node: YamlNode | None) -> dict[str, Location]:
    """Return the location of the value of each key."""
    return {key.text: value.at for key, value in node.entries} if isinstance(node, MappingNode) else {}


def _valid_colours(colours: Mapping[str, str]) -> dict[str, str]:
    """Return the valid ones of `colours`; the others have been reported."""
    return {role: colour for role, colour in colours.items() if _is_colour(colour)}


def _read_styles(reading: FieldReader, colours: Collection[str]) -> dict[str, TypeStyle]:
    """Return type styles by role."""
    return {
        key.text: TypeStyle(**{"size": 0.0, "leading": 0.0, **_read_style(inside, colours)})
        for key, inside in reading.inside()
    }


def _read_overrides(reading: FieldReader, styles: Collection[str], colours: Collection[str]) -> StyleOverrides:
    """Return the overridden values of some of `styles`."""
    result = {}
    for key, node in reading.entries():
        if key.text not in styles:
            reading.findings.append(unknown_name_error("unknown-key", "style", key.text, styles, key.at))
            continue
        result[key.text] = _read_style(open_fields(node, reading.findings, STYLE_OVERRIDE), colours)
    return result


def _read_style(reading: FieldReader, colours: Collection[str]) -> dict[str, Any]:
    """Return the values of a type style that the file sets."""
    values: dict[str, Any] = {key: reading.number(key) for key in STYLE_NUMBERS if reading.node(key)}
    values |= {key: reading.boolean(key) for key in STYLE_FLAGS if reading.node(key)}
    if reading.node("colour"):
        values["colour"] = reading.name("colour", colours, "ink")
    return values


def _read_paper(name: str, reading: FieldReader, styles: Collection[str], colours: Collection[str]) -> Paper:
    """Return one paper."""
    numbers = {key: reading.number(key) for key in PAPER_NUMBERS}
    overrides = _read_overrides(reading.nested("print"), styles, colours)
    paper = Paper(name, **numbers, labels_above=_read_label_place(reading), styles=overrides)
    _check_text_area(paper, reading.at, reading.findings)
    return paper


def _check_text_area(paper: Paper, at: Location, findings: list[Finding]) -> None:
    """Add an error if a paper leaves too little room for text."""
    across = paper.width - 2 * paper.margin - paper.rail - paper.gutter
    room = min(across, paper.height - 2 * paper.margin)
    if room < _MIN_TEXT_AREA_SIDE and paper.width and paper.height:
        message = f"{room:g} points are left for text on {paper.name}; {_MIN_TEXT_AREA_SIDE:g} are the least."
        hint = "make the sheet larger, or its margin, rail or gutter smaller"
        findings.append(error("out-of-range", message, at, hint))


def _read_label_place(reading: FieldReader) -> bool:
    """Return whether labels are above what they label."""
    return reading.choice("labels") == LABELS_ABOVE


def _read_editions(
    reading: FieldReader, papers: Mapping[str, Paper], styles: Collection[str], colours: Mapping[str, str]
) -> dict[str, Edition]:
    """Return the editions by name; there is always a standard one."""
    written = {key.text: _read_edition(key.text, inside, papers, styles, colours) for key, inside in reading.inside()}
    return {STANDARD_NAME: Edition(STANDARD_NAME, tuple(papers)), **written}


def _read_edition(
    name: str, reading: FieldReader, papers: Mapping[str, Paper], styles: Collection[str], colours: Mapping[str, str]
) -> Edition:
    """Return one edition, with its differences from the standard one."""
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
_REPLACED_WHOLE = "accents"  # an accent replaces the one with its name, and is not merged with it


def load_themes(templates: SourceFolder, content: SourceFolder | None = None) -> dict[str, ThemeSource]:
    """Return the themes by name: those of the templates, and the project's own ones in its content.

    A theme that `extends` another one contains only the differences; themes of the project may extend any theme of the
    templates.
    """
    folders = (templates, content) if content else (templates,)
    files = [(folder, path) for folder in folders for path in list_files(folder.path / THEMES_FOLDER, ".yaml")]
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


def _is_extension(node: MappingNode, *, own: bool) -> bool:
    """Return whether a theme extends another; an incomplete theme of the project (`own`) is taken as an extension."""
    keys = {key.text for key, _ in node.entries}
    return "extends" in keys or (own and not keys.issuperset(THEME.required))


def _joined_with_base(node: MappingNode, bases: Mapping[str, MappingNode], folder: SourceFolder) -> MappingNode:
    """Return the keys of the theme that a theme extends, overridden by its own."""
    reading = open_fields(node, folder.findings, EXTENDING_THEME)
    base = bases[reading.name("extends", bases, next(iter(bases)))]
    own = tuple(entry for entry in reading.fields.entries if entry[0].text != "extends")
    return _merged(base, MappingNode(own, node.at))


def _read_extension(joined: MappingNode, name: str, folder: SourceFolder) -> ThemeSource:
    """Return a theme from its keys `joined` with those of its base; errors of the base are not repeated."""
    before = tuple(folder.findings)
    alone = SourceFolder(folder.path, [])
    theme = _read_theme(joined, name, alone)
    folder.findings.extend(
        found for found in alone.findings if found not in before
    )  # the findings about the base are there already
    return theme


def _merged(base: MappingNode, own: MappingNode, *, whole: bool = False) -> MappingNode:
    """Return `base` with the entries of `own`: mappings are merged key by key, or replaced if entries are `whole`."""
    known = {key.text: (key, value) for key, value in base.entries}
    for key, value in own.entries:
        below = known[key.text][1] if key.text in known else None
        if isinstance(value, MappingNode) and isinstance(below, MappingNode) and not whole:
            known[key.text] = (key, _merged(below, value, whole=key.text == _REPLACED_WHOLE))
        else:
            known[key.text] = (key, value)
    return MappingNode(tuple(known.values()), own.at)


# ---------------------------------------------------------------- typefaces

FONTS_FOLDER = "fonts"
_PLAIN_NAME = re.compile(r"[^/\\:]+")
_NOT_IN_NAMES = re.compile("[^A-Za-z0-9]+")  # characters not allowed in font names in a PDF
_LEAST_BOLD = 600


def _read_typeface(reading: FieldReader, folder: SourceFolder) -> Typeface | None:
    """Return the typeface that a theme in `folder` names, or None after an error."""
    installed = reading.boolean("installed")
    regular = _read_font(reading, "regular", folder)
    bold = _read_font(reading, "bold", folder) if reading.node("bold") else regular
    if regular is None or bold is None:
        return None
    (file, facts), (bold_file, bold_facts) = regular, bold
    if not reading.node("bold") and not (facts.weights and facts.weights[1] >= _LEAST_BOLD):
        folder.error("missing-key", "'bold' is missing.", reading.at, "add bold: and the file of the bold letters")
        return None
    name = _NOT_IN_NAMES.sub("", facts.family) or "Own"
    return Typeface(
        name=facts.family,
        regular=_font_file(f"{name}-Regular", file, pinned_weight(facts, bold=False)),
        bold=_font_file(f"{name}-Bold", bold_file, pinned_weight(bold_facts, bold=True)),
        installed=installed,
        at=reading.place("regular"),
    )


def _font_file(name: str, content: bytes, weight: int) -> FontFile:
    """Return a font file with its name in PDFs and the hash of its bytes."""
    return FontFile(name, content, hashlib.sha256(content).hexdigest(), weight)


def _read_font(reading: FieldReader, key: str, folder: SourceFolder) -> tuple[bytes, FontFacts] | None:
    """Return the bytes of the font that a key names, and facts about it; None after an error."""
    shown = reading.text(key).removeprefix(f"{FONTS_FOLDER}/")
    at, home = reading.place(key), folder.path / FONTS_FOLDER
    if not shown or not isinstance(reading.node(key), Word):
        return None
    path = home / shown
    if not _PLAIN_NAME.fullmatch(shown) or shown in ("..", "."):
        hint = f"put the file into {home.as_posix()} and write its name alone"
        folder.error("font-path", f"'{shown}' is not a file in {home.as_posix()}.", at, hint)
        return None
    if not exists_exactly(path):
        folder.error("font-path", f"There is no file {path.as_posix()}.", at, suggest_file(home, shown))
        return None
    content = read_bytes(folder, path, at, MAX_FONT_BYTES)
    if content is None:
        return None
    try:
        return content, inspect_font(content, shown, at, bold=key == "bold")
    except HandoutError as refused:
        folder.findings.extend(refused.findings)
        return None
