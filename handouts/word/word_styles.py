"""The styles, lists and settings of a Word file, from the roles of the theme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Document
from handouts.text.fonts import PRINT_FAMILY, load_font
from handouts.theme import Theme, TypeStyle
from handouts.units import twips
from handouts.word.runs import FALLBACK_FONT, list_indent
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
    """Return the typeface of a file, with the one to take where it is missing, and the letters that the file brings."""
    named = _font_name(theme)
    kind = (w("charset", val="00"), w("pitch", val="variable"))
    letters = (
        markup(f"w:{font.name}", attributes={"r:id": font.name, "w:fontKey": font.key})
        for font in embedded_fonts(theme)
    )
    named_font = w("font", w("altName", val=FALLBACK_FONT), *kind, *letters, name=named)
    return part_of_package("w:fonts", named_font, w("font", *kind, name=FALLBACK_FONT))


class _EmbeddedFont(Struct, frozen=True):
    """A font file as Word holds it: the name of its element, the key that it is mixed with, and its bytes."""

    name: str
    key: str
    content: bytes


@lru_cache(maxsize=2)  # two fonts that are never others, as they come with the program
def _program_fonts() -> tuple[_EmbeddedFont, ...]:
    """Return the typeface of the program, which its licence lets anybody embed and edit with."""
    faces = (("embedRegular", PRINT_FAMILY.regular[0]), ("embedBold", PRINT_FAMILY.bold[0]))
    return tuple(_mixed_font(name, load_font(face).content) for name, face in faces)


def _mixed_font(name: str, content: bytes) -> _EmbeddedFont:
    """Return a font whose first 32 bytes are mixed with a key (ISO/IEC 29500-1, 17.8.1), made of its bytes."""
    key = UUID(bytes=sha256(content).digest()[:16])
    start = bytes(one ^ other for one, other in zip(content, key.bytes[::-1] * 2, strict=False))
    return _EmbeddedFont(name, f"{{{key}}}".upper(), start + content[len(start) :])


def embedded_fonts(theme: Theme) -> tuple[_EmbeddedFont, ...]:
    """Return the fonts that a file brings; who has a typeface of one's own has it installed, and may not pass it on."""
    return () if theme.typeface else _program_fonts()


def settings_part(document: Document, *, tracked: bool = False) -> bytes:
    """Return the settings of a file: its language, that it is laid out as by a Word of today, and if changes are kept
    apart from what was there.
    """
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
    """Return all styles of a file; one whose changes are kept apart has a style for what is not part of its text."""
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
    keep, lines = w("keepNext"), w("keepLines")
    styles = theme.print
    rule = w("bottom", val="single", sz=6, space=1, color=_colour("ink", theme))
    writing = w("pBdr", rule, w("between", val="single", sz=6, space=1, color=_colour("ink", theme)))
    tinted, corner = w("shd", val="clear", color="auto", fill=_colour("tint", theme)), _colour("accent", theme)
    tabs = w("tabs", w("tab", val="right", pos=twips(theme.paper.width - 2 * theme.margin)))
    source = w("ind", left=_SOURCE_INDENT, hanging=_SOURCE_INDENT)
    source_tab = w("tabs", w("tab", val="left", pos=_SOURCE_INDENT))
    foot = styles["foot"]

    def quote(width: int) -> tuple[Wml, ...]:
        bar = w("pBdr", w("left", val="single", sz=width, space=10, color=corner))
        return lines, bar, tinted

    return (
        _style("Normal", "Normal", styles["body"], theme, default=1),
        _style("Title", "Title", styles["h1"], theme, keep, following="Normal"),
        _style("Subtitle", "Subtitle", styles["body"], theme, following="Normal"),
        _style("CoverLabel", "Cover label", styles["label"], theme, keep),
        _style("CoverText", "Cover text", styles["body"], theme),
        *(
            _style(f"Heading{level}", f"heading {level}", styles[role], theme, keep, lines, outline=level - 1)
            for level, role in ((1, "h2"), (2, "h3"), (3, "label"))
        ),
        _style("ListParagraph", "List Paragraph", styles["body"], theme),
        _style("Caption", "caption", styles["h3"], theme, keep, following="Normal"),
        _style("Label", "Label", styles["label"], theme, keep, following="Normal", before=styles["body"].after),
        _style("MainMessage", "Main message", styles["lead"], theme, lines, before=0.0),
        _style("Quote", "Quote", styles["script"], theme, *quote(12), after=styles["body"].after),
        _style("QuotedTheirs", "Quote of theirs", styles["script"], theme, *quote(48), after=styles["body"].after),
        _style("Explanation", "Explanation", styles["caption"], theme, before=0.0, after=styles["body"].after),
        _style("Picture", "Picture", styles["body"], theme, keep),
        _style("TableText", "Table text", styles["table"], theme, before=2.0, after=2.0),
        _style("TableHeading", "Table heading", styles["table"], theme, bold=True, before=2.0, after=2.0),
        _style(
            "FieldLabel", "Field label", styles["label"], theme, keep, lines, before=styles["body"].after, after=3.0
        ),
        _style(
            "WritingLine", "Writing line", replace(styles["body"], leading=WRITING_PITCH), theme, writing, after=0.0
        ),
        _style("Choice", "Choice", styles["body"], theme, after=2.0),
        _style("Source", "Source", styles["source"], theme, lines, source_tab, indent=source, after=3.0),
        _style("ShortSources", "Short sources", styles["source"], theme),
        _style("Header", "header", foot, theme, tabs, after=foot.leading),
        _style("Footer", "footer", foot, theme, tabs, before=4.0),
        _style("CrisisQuestion", "Crisis question", foot, theme, bold=True, colour="ink"),
        _style("CrisisLine", "Crisis line", foot, theme, colour="ink"),
        _style("Gap", "Gap", TypeStyle(4.0, 6.0), theme),
    )


def _place_style(theme: Theme) -> Wml:
    """Return the style of a line that says where the words below it stand, on a ground of its own."""
    look, ground = theme.print["caption"], w("shd", val="clear", color="auto", fill=_colour("tint", theme))
    return _style("Place", "Place", look, theme, w("keepNext"), ground, bold=True, before=look.leading, after=4.0)


def _style(
    ident: str,
    name: str,
    look: TypeStyle,
    theme: Theme,
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
    """Return a style of paragraphs from a type style; `properties` are in the order of their schema."""
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
    """Return the styles of words."""
    number = joined(w(name, val=_half_points(theme.print["label"])) for name in ("sz", "szCs"))
    link = w("rPr", w("color", val=_colour("accent", theme)), w("u", val="single"))
    return (
        w(
            "style",
            w("name", val="Default Paragraph Font"),
            type="character",
            default=1,
            styleId="DefaultParagraphFont",
        ),
        w("style", w("name", val="Hyperlink"), link, type="character", styleId="Hyperlink"),
        w("style", w("name", val="Heading number"), w("rPr", number), type="character", styleId="HeadingNumber"),
        w("style", w("name", val="No List"), type="numbering", default=1, styleId="NoList"),
    )


def _tables(theme: Theme) -> tuple[Wml, ...]:
    """Return the styles of tables."""
    ink, accent = _colour("ink", theme), _colour("accent", theme)
    thin = (("top", 4), ("bottom", 4), ("insideH", 4))
    around = tuple((side, 12) for side in ("top", "left", "bottom", "right"))
    grid = tuple((side, 6) for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    usual = w("style", w("name", val="Normal Table"), _cells(), type="table", default=1, styleId="TableNormal")
    return (
        usual,
        _table_style("HandoutTable", "Handout table", thin, "single", ink),
        _table_style("FillTable", "Fill table", grid, "single", ink),
        _table_style("CoverBox", "Cover box", (), "nil", ink, room=160),
        _table_style("HandoutBox", "Handout box", (*around, ("insideH", 4)), "single", accent, room=80),
        _table_style("CutOutBox", "Cut-out box", around, "dashed", ink, room=80),
    )


def _cells() -> Wml:
    """Return the room around the words of a cell."""
    margins = (w(side, w=105, type="dxa") for side in ("left", "right"))
    return w("tblPr", w("tblInd", w=0, type="dxa"), w("tblCellMar", *margins))


def _table_style(
    ident: str, name: str, sides: tuple[tuple[str, int], ...], line: str, colour: str, room: int = 0
) -> Wml:
    """Return a style of tables by its lines, in eighths of a point, and the room in its cells, in twentieths."""
    order = ("top", "left", "bottom", "right", "insideH", "insideV")
    widths = dict(sides)
    borders = w(
        "tblBorders", *(w(side, val=line, sz=widths[side], space=0, color=colour) for side in order if side in widths)
    )
    based = w("basedOn", val="TableNormal")
    edges = (w(side, w=room, type="dxa") for side in ("top", "left", "bottom", "right"))
    margins = w("tblCellMar", *edges) if room else NOTHING
    return w(
        "style", w("name", val=name), based, w("tblPr", borders, margins), type="table", customStyle=1, styleId=ident
    )


def _half_points(look: TypeStyle) -> int:
    """Return a size as Word has it."""
    return round(2 * look.size)


def _colour(role: str, theme: Theme) -> str:
    """Return the colour of a role as Word has it."""
    return theme.colours[role].removeprefix("#")


# ---------------------------------------------------------------- lists


def lists_part(count: int, theme: Theme, starts: Mapping[int, int]) -> bytes:
    """Return the lists of a file: the first has bullets, the others numbers, from 1 on or as `starts` says."""
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
    """Yield where the levels of a list begin: the first with a number, those below it with 1."""
    for level in range(_LEVELS):
        yield w("lvlOverride", w("startOverride", val=1 if level else number), ilvl=level)


def _level(level: int, kind: str, sign: str, indent: int) -> Wml:
    """Return how an item at one level of a list looks."""
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
    """Return the palette and typefaces that Word offers to who edits the file (ISO/IEC 29500-1, 20.1.6.9)."""
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
