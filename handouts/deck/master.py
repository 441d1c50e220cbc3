"""Build the theme, the slide master, its layouts, the notes and handout masters, the presentation and the table style.

Geometry, sizes and spacing are set here, so that slides inherit them and another design can replace them. python-pptx
reads masters and layouts but cannot make them: they are elements from `ooxml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from handouts.deck.drawingml import (
    BODY_FACE,
    TABLE_STYLE,
    THEME_COLOURS,
    DrawingContext,
    colour_element,
    exact_spacing,
    fill_element,
    group_element,
    line_element,
    number_field,
    number_shapes,
    placeholder_element,
    placeholder_shape,
    preset_geometry,
    shape_tree,
    slide_picture_shape,
    text_properties,
    transform_element,
)
from handouts.deck.layouts import (
    FIRST_INDEX,
    FOOT_AREA,
    NUMBER_AREA,
    SLIDE_HEIGHT,
    SLIDE_WIDTH,
    Placeholder,
    SlideArea,
    layout_named,
)
from handouts.deck.ooxml import Markup, element, part_element
from handouts.deck.planned_slides import TEXT_LEVELS, LayoutVariant, PlacedDrawing, TextLevel
from handouts.deck.slide_ornaments import layout_ornaments, page_mark
from handouts.deck.styles import STRONG_RULE, THIN_RULE, LevelStyle, placeholder_levels, text_levels
from handouts.document.nodes import FixedWords
from handouts.render_cache import RenderCache
from handouts.theme import Theme, TypeStyle
from handouts.units import emu

FOOT_INDEX, NUMBER_INDEX = 11, 12  # of placeholders that all layouts have
NOTES_TEXT_INDEX, NOTES_NUMBER_INDEX = 3, 5
_TITLE_FACE = "+mj-lt"  # the theme's typeface for titles, so that another theme changes it
_FACE_NAME = "Arial"
_NUMBERINGS = {"number": "arabicPeriod", "node": "arabicPlain"}
_NO_INSET = {"lIns": 0, "tIns": 0, "rIns": 0, "bIns": 0}
_FIRST_LAYOUT_ID = 2147483649  # a master has the id before it
# The theme's colours in the order of the format, and the role of each.
_THEME_COLOUR_SLOTS = (
    ("dk1", "screen-ink"),
    ("lt1", "oat"),
    ("dk2", "deep"),
    ("lt2", "white"),
    ("accent1", "accent"),
    ("accent2", "tint"),
    ("accent3", "tint2"),
    ("accent4", "honey"),
    ("accent5", "stone"),
    ("accent6", "screen-rule"),
    ("hlink", "accent"),
    ("folHlink", "deep"),
)
_COLOUR_MAP = {
    "bg1": "lt1",
    "tx1": "dk1",
    "bg2": "lt2",
    "tx2": "dk2",
    **{name: name for name, _ in _THEME_COLOUR_SLOTS[4:]},
}
_NOTES_WIDTH, _NOTES_HEIGHT = 540.0, 720.0
_NOTES_PICTURE_AREA, _NOTES_TEXT_AREA = SlideArea(54, 48, 432, 243), SlideArea(54, 315, 432, 360)
_PAGE_NUMBER_AREA = SlideArea(306, 684, 180, 18)
_PAGE_NUMBER_STYLE = TypeStyle(11, 14, colour="stone")
_NOTES_STYLE = TypeStyle(12, 16, after=6)
_NOTES_LEVELS: Mapping[TextLevel, LevelStyle] = {
    "text": LevelStyle(_NOTES_STYLE),
    "step": LevelStyle(_NOTES_STYLE, 18, 18, "number", "screen-ink"),
    "bullet": LevelStyle(_NOTES_STYLE, 14, 14, "disc", "screen-ink"),
    "bullet2": LevelStyle(_NOTES_STYLE, 28, 14, "disc", "screen-ink"),
    "bullet3": LevelStyle(_NOTES_STYLE, 42, 14, "disc", "screen-ink"),
    "within": LevelStyle(_NOTES_STYLE, 18),
    "label": LevelStyle(TypeStyle(12, 16, bold=True, before=6, after=2)),
    "note": LevelStyle(_NOTES_STYLE),
    "step2": LevelStyle(_NOTES_STYLE, 18, 18, "number", "screen-ink"),
}


# ---------------------------------------------------------------- levels of text


def _level_element(tag: str, level: LevelStyle, colours: Mapping[str, str], face: str, align: str = "l") -> Markup:
    """Return the properties of one level: indents, exact line height, space around, bullet, size, colour."""
    style = level.style
    others = element("a:ea", typeface="+mn-ea"), element("a:cs", typeface="+mn-cs")
    look = text_properties("a:defRPr", style, colours, *others, face=face, i=0, u="none", kern=1200, baseline=0)
    return element(
        tag,
        *exact_spacing(style.leading, style.before, style.after),
        *_bullet_elements(level, colours),
        look,
        marL=emu(level.left),
        indent=emu(-level.hanging),
        algn=align,
        rtl=0,
        eaLnBrk=1,
        hangingPunct=1,
    )


def _bullet_elements(level: LevelStyle, colours: Mapping[str, str]) -> tuple[Markup, ...]:
    """Return the mark before a paragraph."""
    if not level.bullet:
        return (element("a:buNone"),)
    numbering = _NUMBERINGS.get(level.bullet)
    mark = element("a:buAutoNum", type=numbering) if numbering else element("a:buChar", char="•")
    tint = element("a:buClr", colour_element(level.bullet_colour, colours))
    return tint, element("a:buFontTx"), mark


def _levels(tag: str, levels: Sequence[LevelStyle], colours: Mapping[str, str], face: str = BODY_FACE) -> Markup:
    """Return a list of levels, such as a:lstStyle, with the properties of each."""
    numbered = enumerate(levels, 1)
    return element(tag, *(_level_element(f"a:lvl{number}pPr", level, colours, face) for number, level in numbered))


def _default_levels(tag: str, theme: Theme, *before: Any) -> Markup:
    """Return the default look of text outside placeholders: in text boxes and tables made by hand.

    Both the master and the presentation have it, because programs look for it in different places.
    """
    level = LevelStyle(theme.slides["table"])
    return element(tag, *before, _level_element("a:lvl1pPr", level, theme.colours, BODY_FACE))


# ---------------------------------------------------------------- placeholders


def _text_shape(name: str, placeholder: Markup, area: SlideArea, levels: Any, *inside: Any, **body: Any) -> Markup:
    """Return a placeholder with text: its p:ph, its place, the looks of its levels, and what is in its paragraph.

    `body` are attributes of its text box, which has no inset unless they give one.
    """
    properties = transform_element(area.corners), preset_geometry("rect"), element("a:noFill")
    frame = {"vert": "horz", "wrap": "square", "rtlCol": 0, **_NO_INSET, **body}
    text = element("a:bodyPr", element("a:noAutofit"), **frame), levels, element("a:p", *inside)
    return placeholder_shape(name, placeholder, properties, element("p:txBody", *text))


def _one_line_shape(
    kind: str, index: int, area: SlideArea, align: str, anchor: str, style: TypeStyle, context: DrawingContext
) -> Markup:
    """Return a placeholder of one line: "ftr" for the foot of slides, "sldNum" for the number of a slide or page."""
    level = _level_element("a:lvl1pPr", LevelStyle(style), context.colours, BODY_FACE, align)
    text = number_field("‹#›", context.language) if kind == "sldNum" else element("a:endParaRPr", lang=context.language)
    placeholder = placeholder_element(kind, index)
    return _text_shape(kind, placeholder, area, element("a:lstStyle", level), text, anchor=anchor)


def _foot_shapes(theme: Theme, context: DrawingContext, *, dark: bool) -> tuple[Markup, Markup]:
    """Return the placeholders of the foot and of the slide number."""
    foot, number = theme.slides["foot"], theme.slides["slide-number"]
    if dark:
        foot, number = replace(foot, colour="white"), replace(number, colour="white")
    return (
        _one_line_shape("ftr", FOOT_INDEX, FOOT_AREA, "l", "b", foot, context),
        _one_line_shape("sldNum", NUMBER_INDEX, NUMBER_AREA, "r", "b", number, context),
    )


def _layout_placeholder(
    placeholder: Placeholder, index: int, levels: Any, words: FixedWords, language: str, *, master: bool = False
) -> Markup:
    """Return a placeholder of a layout, which prompts with its name, or the one of the master that it inherits from."""
    name = words.say(f"slot_{placeholder.name}")
    place = {} if placeholder.kind == "title" else {"idx": index} if master else {"sz": "quarter", "idx": index}
    marked = element("p:ph", type=placeholder.kind, **place, hasCustomPrompt=None if master else 1)
    prompt = element("a:r", element("a:rPr", lang=language), element("a:t", text=name))
    body = {"lIns": emu(placeholder.inset), "rIns": emu(placeholder.inset), "anchor": placeholder.anchor}
    return _text_shape(name, marked, placeholder.area, levels, prompt, **body)


# ---------------------------------------------------------------- master and layouts


def _background(role: str, colours: Mapping[str, str]) -> Markup:
    """Return the background of a slide or page."""
    return element("p:bg", element("p:bgPr", fill_element(role, colours), element("a:effectLst")))


def layout_elements(
    variants: Iterable[LayoutVariant], theme: Theme, words: FixedWords, language: str
) -> tuple[list[Any], Any]:
    """Return the layouts in the order of `variants`, and the slide master, whose layouts have the ids rId1 and so on.

    The layouts of a deck have 23,000 elements, but few different lists of levels and ornaments: each is built once.
    """
    context, built, mark = DrawingContext(theme, language), RenderCache(), page_mark(theme)

    def levels(placeholder: Placeholder, variant: LayoutVariant) -> Any:
        look = placeholder_levels(placeholder, variant, theme)
        face = _TITLE_FACE if placeholder.kind == "title" else BODY_FACE
        return built.get_or_compute((look, face), lambda: _built(_levels("a:lstStyle", look, theme.colours, face)))

    def group(each: PlacedDrawing) -> Any:
        return built.get_or_compute(
            each, lambda: _built(group_element(each.drawing, each.x, each.y, each.name, each.alt, context))
        )

    feet = {dark: [*map(_built, _foot_shapes(theme, context, dark=dark))] for dark in (False, True)}
    layouts = []
    for variant in variants:
        layout = layout_named(variant.name)
        shapes = [group(each) for each in layout_ornaments(layout, theme, mark)]
        shapes += (
            _layout_placeholder(placeholder, index, levels(placeholder, variant), words, language)
            for index, placeholder in enumerate(layout.placeholders, FIRST_INDEX)
        )
        layouts.append(_layout(variant, [*shapes, *feet[layout.is_dark]], theme, words))
    text = LayoutVariant("text")
    inherited = (
        _layout_placeholder(placeholder, index, levels(placeholder, text), words, language, master=True)
        for index, placeholder in enumerate(layout_named(text.name).placeholders)
    )
    return layouts, _slide_master([*inherited, *feet[False]], len(layouts), theme)


def _built(described: Markup) -> Any:
    """Build an element; where it is used more than once, it is copied."""
    return part_element(described[0], *described[1], **described[3])


def _layout(variant: LayoutVariant, shapes: Sequence[Any], theme: Theme, words: FixedWords) -> Any:
    """Return one layout with these shapes."""
    layout = layout_named(variant.name)
    root = part_element(
        "p:sldLayout",
        element(
            "p:cSld", _background(layout.ground, theme.colours), shape_tree(*shapes), name=_layout_name(variant, words)
        ),
        element("p:clrMapOvr", element("a:masterClrMapping")),
        **({"type": layout.kind} if layout.kind else {"userDrawn": 1}),
        preserve=1,
    )
    number_shapes(root)
    return root


def _layout_name(variant: LayoutVariant, words: FixedWords) -> str:
    """Return the name of a layout, with the size of smaller text or of a smaller title."""
    name = words.say(f"layout_{variant.name}")
    layout = layout_named(variant.name)
    if variant.text_step:
        sizes = [each.size(variant.text_step) for each in layout.placeholders if each.kind == "body"]
        name = words.say("layout_smaller", name=name, size=f"{max(sizes, default=0.0):.0f}")
    if variant.title_step:
        title = layout.placeholder("title")
        name = words.say("layout_smaller", name=name, size=f"{title.size(variant.title_step):.0f}")
    return name


def _slide_master(shapes: Sequence[Any], layouts: int, theme: Theme) -> Any:
    """Return the slide master with these shapes, for a number of `layouts`."""
    text, colours = layout_named("text"), theme.colours
    ids = (
        element("p:sldLayoutId", id=_FIRST_LAYOUT_ID + number, **{"r:id": f"rId{number + 1}"})
        for number in range(layouts)
    )
    title = placeholder_levels(text.placeholder("title"), LayoutVariant("text"), theme)
    root = part_element(
        "p:sldMaster",
        element("p:cSld", _background("oat", colours), shape_tree(*shapes)),
        element("p:clrMap", **_COLOUR_MAP),
        element("p:sldLayoutIdLst", *ids),
        element(
            "p:txStyles",
            _levels("p:titleStyle", title, colours, _TITLE_FACE),
            _levels("p:bodyStyle", text_levels(theme, text.placeholder("body").size(0)), colours),
            _default_levels("p:otherStyle", theme),
        ),
        preserve=1,
    )
    number_shapes(root)
    return root


# ---------------------------------------------------------------- theme


def _face_name(theme: Theme) -> str:
    """Return the name of the typeface of all text: the theme's own, or one that every program has."""
    return theme.typeface.name if theme.typeface else _FACE_NAME


def theme_element(theme: Theme) -> Any:
    """Return the theme part: colours by role, one face, and no effects."""

    def colour(role: str) -> Markup:
        return element("a:srgbClr", val=theme.colours[role].removeprefix("#").upper())

    scheme = (element(f"a:{slot}", colour(role)) for slot, role in _THEME_COLOUR_SLOTS)
    others = (element("a:custClr", colour(role), name=role) for role in theme.colours if role not in THEME_COLOURS)
    name = _face_name(theme)
    face = [element(f"a:{tag}", typeface=face) for tag, face in (("latin", name), ("ea", ""), ("cs", ""))]
    fill = element("a:solidFill", element("a:schemeClr", val="phClr"))
    line = element("a:ln", fill, element("a:prstDash", val="solid"), element("a:round"), w=9525, cap="rnd")
    effect = element("a:effectStyle", element("a:effectLst"))
    return part_element(
        "a:theme",
        element(
            "a:themeElements",
            element("a:clrScheme", *scheme, name=theme.name),
            element("a:fontScheme", element("a:majorFont", *face), element("a:minorFont", *face), name=name),
            element(
                "a:fmtScheme",
                element("a:fillStyleLst", fill, fill, fill),
                element("a:lnStyleLst", line, line, line),
                element("a:effectStyleLst", effect, effect, effect),
                element("a:bgFillStyleLst", fill, fill, fill),
                name=theme.name,
            ),
        ),
        element("a:objectDefaults"),
        element("a:extraClrSchemeLst"),
        element("a:custClrLst", *others),
        prefixes="a",
        name=theme.name,
    )


# ---------------------------------------------------------------- notes and handouts


def notes_master_element(theme: Theme, language: str) -> Any:
    """Return the notes master: the slide above, what is said below, and the page number.

    The placeholder has the levels of notes too, with the name of the typeface: LibreOffice looks for levels only there,
    and does not use themes on notes.
    """
    colours = theme.colours
    picture = slide_picture_shape(
        "sldImg",
        transform_element(_NOTES_PICTURE_AREA.corners),
        preset_geometry("rect"),
        element("a:noFill"),
        element("a:ln", fill_element("screen-rule", colours), w=9525),
    )
    looks = [_NOTES_LEVELS[level] for level in TEXT_LEVELS]
    levels = _levels("a:lstStyle", looks, colours, _face_name(theme))
    end = element("a:endParaRPr", lang=language)
    text = _text_shape("body", placeholder_element("body", NOTES_TEXT_INDEX), _NOTES_TEXT_AREA, levels, end)
    styles = _levels("p:notesStyle", looks, colours)
    return _page_master("p:notesMaster", theme, language, (picture, text), NOTES_NUMBER_INDEX, styles)


def handout_master_element(theme: Theme, language: str) -> Any:
    """Return the handout master, which has only a page number."""
    return _page_master("p:handoutMaster", theme, language, (), index=3)


def _page_master(tag: str, theme: Theme, language: str, shapes: tuple[Markup, ...], index: int, *styles: Markup) -> Any:
    """Return the master of a white page with these shapes and a page number, whose placeholder has this index."""
    context = DrawingContext(theme, language)
    number = _one_line_shape("sldNum", index, _PAGE_NUMBER_AREA, "r", "ctr", _PAGE_NUMBER_STYLE, context)
    data = element("p:cSld", _background("white", theme.colours), shape_tree(*shapes, number))
    root = part_element(tag, data, element("p:clrMap", **_COLOUR_MAP), *styles)
    number_shapes(root)
    return root


# ---------------------------------------------------------------- presentation and tables


def presentation_element(theme: Theme, language: str, masters: tuple[str, str, str]) -> Any:
    """Return the presentation without slides; `masters` are the relation ids of slide, notes and handout master."""
    slide, notes, handout = masters
    master_id = element("p:sldMasterId", id=_FIRST_LAYOUT_ID - 1, **{"r:id": slide})
    default = element("a:defPPr", element("a:defRPr", lang=language))
    return part_element(
        "p:presentation",
        element("p:sldMasterIdLst", master_id),
        element("p:notesMasterIdLst", element("p:notesMasterId", **{"r:id": notes})),
        element("p:handoutMasterIdLst", element("p:handoutMasterId", **{"r:id": handout})),
        element("p:sldIdLst"),
        element("p:sldSz", cx=emu(SLIDE_WIDTH), cy=emu(SLIDE_HEIGHT)),
        element("p:notesSz", cx=emu(_NOTES_WIDTH), cy=emu(_NOTES_HEIGHT)),
        _default_levels("p:defaultTextStyle", theme, default),
        saveSubsetFonts=1,
        autoCompressPictures=0,
    )


def table_styles_element(theme: Theme) -> Any:
    """Return the list of table styles, with one style for all tables, also those made by hand.

    It draws rules between rows, strong ones below the head and at the end. It does not style text, because that would
    override the levels.
    """

    def side(name: str, role: str = "", width: float = 0.0) -> Markup:
        if not role:
            return element(f"a:{name}", line_element("", 0.0, theme.colours))
        line = element("a:ln", fill_element(role, theme.colours), w=emu(width), cap="flat", cmpd="sng")
        return element(f"a:{name}", line)

    below = side("bottom", "accent", STRONG_RULE), side("insideH", "screen-rule", THIN_RULE), side("insideV")
    borders = element("a:tcBdr", *map(side, ("left", "right", "top")), *below)
    whole = element("a:tcStyle", borders, element("a:fill", element("a:noFill")))
    head = element("a:tcStyle", element("a:tcBdr", side("bottom", "accent", STRONG_RULE)))
    style = element(
        "a:tblStyle",
        element("a:wholeTbl", whole),
        element("a:firstRow", head),
        styleId=TABLE_STYLE,
        styleName=theme.name,
    )
    return part_element("a:tblStyleLst", style, prefixes="a", **{"def": TABLE_STYLE})
