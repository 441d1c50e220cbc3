"""The styles, lists, fonts, settings and palette of a Word file, from the roles of the theme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from hashlib import sha256
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Document
from handouts.text.fonts import PRINT_FAMILY, load_font
from handouts.theme import Theme, TypeStyle
from handouts.units import twips
from handouts.word.runs import FALLBACK_FONT, KEEP_WITH_NEXT, list_indent
from handouts.word.word_markup import NOTHING, Wml, joined, markup, part_of_package, w

_TYPEFACE = "Atkinson Hyperlegible"
_LEVELS, _FORMATS = 9, 3
_SOURCE_INDENT = 480
WRITING_PITCH = 28.0  # of lines to write on
_COMPATIBLE = "http://schemas.microsoft.com/office/word"


def _font_name(theme: Theme) -> str:
    """Return the name of the typeface."""
    return theme.typeface.name if theme.typeface else _TYPEFACE


def fonts_part(theme: Theme) -> bytes:
    """Return the font table: the typeface, with its embedded fonts if it has them, and the fallback font."""
    kind = (w("charset", val="00"), w("pitch", val="variable"))
    embedded = (
        markup(f"w:{font.name}", attributes={"r:id": font.name, "w:fontKey": font.key})
        for font in embedded_fonts(theme)
    )
    typeface = w("font", w("altName", val=FALLBACK_FONT), *kind, *embedded, name=_font_name(theme))
    return part_of_package("w:fonts", typeface, w("font", *kind, name=FALLBACK_FONT))


class _EmbeddedFont(Struct, frozen=True):
    """An embedded font: the name of its element, the key with which it is obfuscated, and the obfuscated bytes."""

    name: str
    key: str
    content: bytes


@lru_cache(maxsize=1)  # these fonts come with the program and never change
def _program_fonts() -> tuple[_EmbeddedFont, ...]:
    """Return the fonts of the program, whose licence lets anybody embed them and edit with them."""
    faces = (("embedRegular", PRINT_FAMILY.regular[0]), ("embedBold", PRINT_FAMILY.bold[0]))
    return tuple(_obfuscated_font(name, load_font(face).content) for name, face in faces)


def _obfuscated_font(name: str, content: bytes) -> _EmbeddedFont:
    """Return a font with its first 32 bytes XORed with a key made from its hash (ISO/IEC 29500-1, 17.8.1)."""
    key = UUID(bytes=sha256(content).digest()[:16])
    start = bytes(one ^ other for one, other in zip(content, key.bytes[::-1] * 2, strict=False))
    return _EmbeddedFont(name, f"{{{key}}}".upper(), start + content[len(start) :])


def embedded_fonts(theme: Theme) -> tuple[_EmbeddedFont, ...]:
    """Return the fonts to embed: none for the user's own typeface, which is installed and may not be passed on."""
    return () if theme.typeface else _program_fonts()


def settings_part(document: Document, *, tracked: bool = False) -> bytes:
    """Return the settings: the language, the layout of Word 2013 and later, and change tracking if `tracked`."""
    mode = w("compatSetting", name="compatibilityMode", uri=_COMPATIBLE, val="15")
    return part_of_package(
        "w:settings",
        w("zoom", percent="100"),
        w("embedTrueTypeFonts"),
        w("trackRevisions") if tracked else NOTHING,
        w("defaultTabStop", val=720),
        w("compat", mode),
        w("themeFontLang", val=document.language),
    )


# ---------------------------------------------------------------- styles


def styles_part(document: Document, theme: Theme, *, tracked: bool = False) -> bytes:
    """Return all styles of a file; a `tracked` one has another for the lines that say where its texts belong."""
    name = _font_name(theme)
    body = theme.print["body"]
    fonts = w("rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=name)
    language = w("lang", val=document.language, eastAsia=document.language, bidi=document.language)
    size = joined((w("sz", val=_half_points(body)), w("szCs", val=_half_points(body))))
    ink = w("color", val=_colour("ink", theme))
    defaults = w("docDefaults", w("rPrDefault", w("rPr", fonts, ink, size, language)), w("pPrDefault", w("pPr")))
    paragraphs = (*_paragraph_styles(theme), *((_place_style(theme),) if tracked else ()))
    return part_of_package("w:styles", defaults, *paragraphs, *_character_styles(theme), *_tables(theme))


def _paragraph_styles(theme: Theme) -> tuple[Wml, ...]:
    """Return the styles of paragraphs."""
    styles, style = theme.print, partial(_style, theme)
    body, script, table, foot = styles["body"], styles["script"], styles["table"], styles["foot"]
    keep, lines = KEEP_WITH_NEXT, w("keepLines")
    rule = partial(w, val="single", sz=6, space=1, color=_colour("ink", theme))
    writing = w("pBdr", rule("bottom"), rule("between"))
    tinted, corner = w("shd", val="clear", color="auto", fill=_colour("tint", theme)), _colour("accent", theme)
    tabs = w("tabs", w("tab", val="right", pos=twips(theme.paper.width - 2 * theme.margin)))
    source = w("ind", left=_SOURCE_INDENT, hanging=_SOURCE_INDENT)
    source_tab = w("tabs", w("tab", val="left", pos=_SOURCE_INDENT))

    def bar(width: int) -> Wml:
        return w("pBdr", w("left", val="single", sz=width, space=10, color=corner))

    return (
        style("Normal", "Normal", body, default=1),
        style("Title", "Title", styles["h1"], keep, following="Normal"),
        style("Subtitle", "Subtitle", body, following="Normal"),
        style("CoverLabel", "Cover label", styles["label"], keep),
        style("CoverText", "Cover text", body),
        style("Heading1", "heading 1", styles["h2"], keep, lines, outline=0),
        style("Heading2", "heading 2", styles["h3"], keep, lines, outline=1),
        style("Heading3", "heading 3", styles["label"], keep, lines, outline=2),
        style("ListParagraph", "List Paragraph", body),
        style("Caption", "caption", styles["h3"], keep, following="Normal"),
        style("Label", "Label", styles["label"], keep, following="Normal", before=body.after),
        style("MainMessage", "Main message", styles["lead"], lines, before=0.0),
        style("Quote", "Quote", script, lines, bar(12), tinted, after=body.after),
        style("QuotedTheirs", "Quote of theirs", script, lines, bar(48), tinted, after=body.after),
        style("Explanation", "Explanation", styles["caption"], before=0.0, after=body.after),
        style("Picture", "Picture", body, keep),
        style("TableText", "Table text", table, before=2.0, after=2.0),
        style("TableHeading", "Table heading", table, bold=True, before=2.0, after=2.0),
        style("FieldLabel", "Field label", styles["label"], keep, lines, before=body.after, after=3.0),
        style("WritingLine", "Writing line", replace(body, leading=WRITING_PITCH), writing, after=0.0),
        style("Choice", "Choice", body, after=2.0),
        style("Source", "Source", styles["source"], lines, source_tab, indent=source, after=3.0),
        style("ShortSources", "Short sources", styles["source"]),
        style("Header", "header", foot, tabs, after=foot.leading),
        style("Footer", "footer", foot, tabs, before=4.0),
        style("CrisisQuestion", "Crisis question", foot, bold=True, colour="ink"),
        style("CrisisLine", "Crisis line", foot, colour="ink"),
        style("Gap", "Gap", TypeStyle(4.0, 6.0)),
    )


def _place_style(theme: Theme) -> Wml:
    """Return the style of a line, on tinted ground, that says where the words below it belong."""
    look, ground = theme.print["caption"], w("shd", val="clear", color="auto", fill=_colour("tint", theme))
    return _style(theme, "Place", "Place", look, KEEP_WITH_NEXT, ground, bold=True, before=look.leading, after=4.0)


def _style(
    theme: Theme,
    ident: str,
    name: str,
    look: TypeStyle,
    *properties: Wml,
    default: int | None = None,
    following: str = "",
    outline: int | None = None,
    bold: bool | None = None,
    before: float | None = None,
    after: float | None = None,
    colour: str = "",
    indent: Wml = NOTHING,
) -> Wml:
    """Return a paragraph style with the measures of `look`, except those given here.

    `properties` must be in the order of the schema; `following` is the style of the next paragraph, `outline` the level
    in Word's navigation.
    """
    is_bold = look.bold if bold is None else bold
    above, below = look.before if before is None else before, look.after if after is None else after
    spacing = w("spacing", before=twips(above), after=twips(below), line=twips(look.leading), lineRule="atLeast")
    level = w("outlineLvl", val=outline) if outline is not None else NOTHING
    letters = w(
        "rPr",
        w("b") if is_bold else NOTHING,
        w("color", val=_colour(colour or look.colour, theme)),
        w("sz", val=_half_points(look)),
        w("szCs", val=_half_points(look)),
    )
    return w(
        "style",
        w("name", val=name),
        w("basedOn", val="Normal") if ident != "Normal" else NOTHING,
        w("next", val=following or "Normal") if outline is not None or following else NOTHING,
        w("qFormat"),
        w("pPr", *properties, spacing, indent, level),
        letters,
        type="paragraph",
        default=default,
        styleId=ident,
    )


def _character_styles(theme: Theme) -> tuple[Wml, ...]:
    """Return the styles of words, and the default ones of words and lists."""
    number = joined(w(name, val=_half_points(theme.print["label"])) for name in ("sz", "szCs"))
    link = w("rPr", w("color", val=_colour("accent", theme)), w("u", val="single"))
    default = w("name", val="Default Paragraph Font")
    return (
        w("style", default, type="character", default=1, styleId="DefaultParagraphFont"),
        w("style", w("name", val="Hyperlink"), link, type="character", styleId="Hyperlink"),
        w("style", w("name", val="Heading number"), w("rPr", number), type="character", styleId="HeadingNumber"),
        w("style", w("name", val="No List"), type="numbering", default=1, styleId="NoList"),
    )


def _tables(theme: Theme) -> tuple[Wml, ...]:
    """Return the styles of tables."""
    ink, accent = _colour("ink", theme), _colour("accent", theme)
    around = dict.fromkeys(("top", "left", "bottom", "right"), 12)
    margins = w("tblCellMar", *(w(side, w=105, type="dxa") for side in ("left", "right")))
    cells = w("tblPr", w("tblInd", w=0, type="dxa"), margins)
    return (
        w("style", w("name", val="Normal Table"), cells, type="table", default=1, styleId="TableNormal"),
        _table_style("HandoutTable", "Handout table", {"top": 4, "bottom": 4, "insideH": 4}, "single", ink),
        _table_style("FillTable", "Fill table", dict.fromkeys(_BORDERS, 6), "single", ink),
        _table_style("CoverBox", "Cover box", {}, "nil", ink, room=160),
        _table_style("HandoutBox", "Handout box", {**around, "insideH": 4}, "single", accent, room=80),
        _table_style("CutOutBox", "Cut-out box", around, "dashed", ink, room=80),
    )


_BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")  # in the order of the schema


def _table_style(ident: str, name: str, widths: Mapping[str, int], line: str, colour: str, room: int = 0) -> Wml:
    """Return a table style: the widths of its borders in eighths of a point, and the padding of its cells in twips."""
    borders = (w(side, val=line, sz=widths[side], space=0, color=colour) for side in _BORDERS if side in widths)
    edges = (w(side, w=room, type="dxa") for side in ("top", "left", "bottom", "right"))
    looks = w("tblPr", w("tblBorders", *borders), w("tblCellMar", *edges) if room else NOTHING)
    based = w("basedOn", val="TableNormal")
    return w("style", w("name", val=name), based, looks, type="table", customStyle=1, styleId=ident)


def _half_points(look: TypeStyle) -> int:
    """Return a type size in half points."""
    return round(2 * look.size)


def _colour(role: str, theme: Theme) -> str:
    """Return the colour of a role as six hexadecimal digits."""
    return theme.colours[role].removeprefix("#")


# ---------------------------------------------------------------- lists


def lists_part(count: int, theme: Theme, starts: Mapping[int, int]) -> bytes:
    """Return `count` list definitions: the first with bullets, the others numbered from 1, or as `starts` says."""
    indent = list_indent(theme)
    bullets = (_level(level, "bullet", "•", indent) for level in range(_LEVELS))
    numbers = (_level(level, "decimal", f"%{level + 1}.", indent) for level in range(_LEVELS))
    kinds = [
        w("abstractNum", w("multiLevelType", val="hybridMultilevel"), *levels, abstractNumId=number)
        for number, levels in enumerate((bullets, numbers))
    ]
    first = w("num", w("abstractNumId", val=0), numId=1)
    others = (
        w("num", w("abstractNumId", val=1), *_begin_at(starts.get(number, 1)), numId=number)
        for number in range(2, count + 1)
    )
    return part_of_package("w:numbering", *kinds, first, *others)


def _begin_at(number: int) -> Iterator[Wml]:
    """Yield the start of each level of a list: `number` for the first, 1 for those below it."""
    for level in range(_LEVELS):
        yield w("lvlOverride", w("startOverride", val=1 if level else number), ilvl=level)


def _level(level: int, kind: str, sign: str, indent: int) -> Wml:
    """Return the definition of one level of a list."""
    return w(
        "lvl",
        w("start", val=1),
        w("numFmt", val=kind),
        w("lvlText", val=sign),
        w("lvlJc", val="left"),
        w("pPr", w("ind", left=indent * (level + 1), hanging=indent)),
        w("rPr", w("b")) if kind == "decimal" else NOTHING,
        ilvl=level,
    )


# ---------------------------------------------------------------- the palette


def theme_part(theme: Theme) -> bytes:
    """Return the palette and typefaces that Word offers for editing (ISO/IEC 29500-1, 20.1.6.9)."""
    roles = ("ink", "white", "deep", "tint", "accent", "stone", "red", "amber", "green", "honey", "accent", "stone")
    names = ("dk1", "lt1", "dk2", "lt2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
    colours = (
        markup(f"a:{name}", markup("a:srgbClr", attributes={"val": _colour(role, theme)}))
        for name, role in zip(names, roles, strict=True)
    )
    latin = markup("a:latin", attributes={"typeface": _font_name(theme)})
    others = (markup(f"a:{each}", attributes={"typeface": ""}) for each in ("ea", "cs"))
    letters = joined((latin, *others))
    fill = markup("a:solidFill", markup("a:schemeClr", attributes={"val": "phClr"}))
    line = markup("a:ln", fill)
    effect = markup("a:effectStyle", markup("a:effectLst"))
    named = {"name": theme.name}
    formats = markup(
        "a:fmtScheme",
        markup("a:fillStyleLst", *(fill,) * _FORMATS),
        markup("a:lnStyleLst", *(line,) * _FORMATS),
        markup("a:effectStyleLst", *(effect,) * _FORMATS),
        markup("a:bgFillStyleLst", *(fill,) * _FORMATS),
        attributes=named,
    )
    fonts = markup("a:fontScheme", markup("a:majorFont", letters), markup("a:minorFont", letters), attributes=named)
    elements = markup("a:themeElements", markup("a:clrScheme", *colours, attributes=named), fonts, formats)
    return part_of_package("a:theme", elements, name=theme.name)
