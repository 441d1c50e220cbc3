"""Write the theme, the slide master, its layouts, the notes and handout masters and the table style as XML.

Geometry, size and spacing stand here, so that slides inherit them and another design can replace them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec.structs import replace

from handouts.deck.drawingml import (
    DECLARATION,
    FACE_XML,
    NAMESPACES,
    TABLE_STYLE,
    THEME_COLOURS,
    MarkupContext,
    ShapeBounds,
    SlideReferences,
    colour_xml,
    escape_attribute,
    fill_xml,
    group_xml,
    name_xml,
    place_xml,
)
from handouts.deck.layouts import (
    FOOT_AREA,
    NUMBER_AREA,
    SLIDE_HEIGHT,
    SLIDE_WIDTH,
    Placeholder,
    SlideArea,
    layout_named,
)
from handouts.deck.planned_slides import TEXT_LEVELS, LayoutVariant, TextLevel
from handouts.deck.slide_ornaments import layout_ornaments
from handouts.deck.styles import STRONG_RULE, THIN_RULE, LevelStyle, placeholder_levels, text_levels
from handouts.document.nodes import FixedWords
from handouts.theme import Theme, TypeStyle
from handouts.units import emu

FOOT_INDEX, NUMBER_INDEX, FIRST_INDEX = 11, 12, 13
NUMBER_FIELD = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"
EMPTY_TREE = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
    '<p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/>'
    "</a:xfrm></p:grpSpPr>"
)
COLOUR_MAP = (
    'bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3"'
    ' accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"'
)
TITLE_FACE, BODY_FACE = "+mj-lt", "+mn-lt"  # by their roles, so that another theme changes them
NUMBERINGS = {"number": "arabicPeriod", "node": "arabicPlain"}
NO_INSET = 'lIns="0" tIns="0" rIns="0" bIns="0"'


def template_context(theme: Theme, language: str) -> MarkupContext:
    """Return what the markup of a template is written with: it refers to nothing outside."""
    return MarkupContext(theme.colours, language, SlideReferences(first=1))


# ---------------------------------------------------------------- looks


def level_properties_xml(tag: str, level: LevelStyle, theme: Theme, face: str = BODY_FACE) -> str:
    """Return the properties of one level: indents, exact line height, space around, bullet, size, colour."""
    style = level.style
    return (
        f'<a:{tag} marL="{emu(level.left)}" indent="{emu(-level.hanging)}" algn="l" rtl="0" eaLnBrk="1"'
        f' hangingPunct="1">'
        f"{spacing_xml('lnSpc', style.leading)}{spacing_xml('spcBef', style.before)}{spacing_xml('spcAft', style.after)}"
        f"{bullet_xml(level, theme)}{look_xml(style, theme, face)}</a:{tag}>"
    )


def spacing_xml(tag: str, points: float) -> str:
    """Return an exact distance."""
    return f'<a:{tag}><a:spcPts val="{round(100 * points)}"/></a:{tag}>'


def bullet_xml(level: LevelStyle, theme: Theme) -> str:
    """Return the mark before a paragraph."""
    if not level.bullet:
        return "<a:buNone/>"
    tinted = f"<a:buClr>{colour_xml(level.bullet_colour, theme.colours)}</a:buClr>"
    if level.bullet in NUMBERINGS:
        return f'{tinted}<a:buFontTx/><a:buAutoNum type="{NUMBERINGS[level.bullet]}"/>'
    return f'{tinted}<a:buFontTx/><a:buChar char="•"/>'


def look_xml(style: TypeStyle, theme: Theme, face: str) -> str:
    """Return size, weight, tracking, colour and face of text."""
    track = f' spc="{round(100 * style.size * style.track)}"' if style.track else ""
    return (
        f'<a:defRPr sz="{round(100 * style.size)}" b="{int(style.bold)}" i="0" u="none" kern="1200"{track}'
        f' baseline="0">'
        f'{fill_xml(style.colour, theme.colours)}<a:latin typeface="{face}"/><a:ea typeface="+mn-ea"/>'
        f'<a:cs typeface="+mn-cs"/></a:defRPr>'
    )


def levels_xml(levels: Sequence[LevelStyle], theme: Theme, face: str = BODY_FACE) -> str:
    """Return the properties of each level."""
    return "".join(level_properties_xml(f"lvl{index}pPr", level, theme, face) for index, level in enumerate(levels, 1))


def default_levels_xml(theme: Theme) -> str:
    """Return the look of text outside placeholders that says none of its own: in text boxes and tables made by hand.

    It stands in the master and in the presentation: programs differ in where they look for it.
    """
    return levels_xml([LevelStyle(theme.slides["table"])], theme)


# ---------------------------------------------------------------- places


def layout_placeholder_xml(
    slot: Placeholder, index: int, key: LayoutVariant, theme: Theme, words: FixedWords, ink: MarkupContext
) -> str:
    """Return one placeholder of a layout, with the look of all its levels."""
    name = words.say(f"slot_{slot.name}")
    numbered = "" if slot.kind == "title" else f' sz="quarter" idx="{index}"'
    kind = f'<p:ph type="{slot.kind}"{numbered} hasCustomPrompt="1"/>'
    inset = f'lIns="{emu(slot.inset)}" tIns="0" rIns="{emu(slot.inset)}" bIns="0"'
    levels, face = placeholder_levels(slot, key, theme), TITLE_FACE if slot.kind == "title" else BODY_FACE
    return (
        f'<p:sp><p:nvSpPr>{name_xml(ink, name)}<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr>{kind}</p:nvPr>'
        f'</p:nvSpPr><p:spPr>{transform_xml(slot.area)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/>'
        "</p:spPr>"
        f'<p:txBody><a:bodyPr vert="horz" wrap="square" {inset} rtlCol="0" anchor="{slot.anchor}">'
        "<a:noAutofit/></a:bodyPr>"
        f"<a:lstStyle>{levels_xml(levels, theme, face)}</a:lstStyle>{prompt_xml(name, ink)}</p:txBody></p:sp>"
    )


def prompt_xml(text: str, ink: MarkupContext) -> str:
    """Return what an empty placeholder shows while slides are made."""
    return f'<a:p><a:r><a:rPr lang="{escape_attribute(ink.language)}"/><a:t>{escape_attribute(text)}</a:t></a:r></a:p>'


def transform_xml(place: SlideArea) -> str:
    """Return where a placeholder stands."""
    off, ext = place_xml(ShapeBounds(place.x, place.y, place.x + place.width, place.y + place.height))
    return f"<a:xfrm>{off}{ext}</a:xfrm>"


def foot_placeholders_xml(theme: Theme, ink: MarkupContext, *, deep: bool) -> str:
    """Return the placeholders of the foot and of the slide number."""
    foot, number = (
        LevelStyle(replace(style, colour="white" if deep else style.colour))
        for style in (theme.slides["foot"], theme.slides["slide-number"])
    )
    shown = one_line_placeholder_xml("ftr", FOOT_INDEX, FOOT_AREA, "l", foot, theme, ink, "b")
    return shown + one_line_placeholder_xml("sldNum", NUMBER_INDEX, NUMBER_AREA, "r", number, theme, ink, "b")


def one_line_placeholder_xml(
    kind: str,
    index: int,
    place: SlideArea,
    align: str,
    look: LevelStyle,
    theme: Theme,
    ink: MarkupContext,
    anchor: str = "ctr",
) -> str:
    """Return a placeholder for one line that every slide or page has."""
    level = level_properties_xml("lvl1pPr", look, theme).replace('algn="l"', f'algn="{align}"', 1)
    return (
        f'<p:sp><p:nvSpPr>{name_xml(ink, kind)}<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="{kind}" sz="quarter" idx="{index}"/></p:nvPr></p:nvSpPr>'
        f'<p:spPr>{transform_xml(place)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr vert="horz" wrap="square" {NO_INSET} rtlCol="0" anchor="{anchor}">'
        "<a:noAutofit/></a:bodyPr>"
        f"<a:lstStyle>{level}</a:lstStyle><a:p>{field_xml(kind, ink)}</a:p></p:txBody></p:sp>"
    )


def field_xml(kind: str, ink: MarkupContext) -> str:
    """Return the number of a slide or page as a field; nothing for other kinds."""
    language = escape_attribute(ink.language)
    if kind != "sldNum":
        return f'<a:endParaRPr lang="{language}"/>'
    return (
        f'<a:fld id="{NUMBER_FIELD}" type="slidenum"><a:rPr lang="{language}" b="1">{FACE_XML}'
        "</a:rPr><a:t>‹#›</a:t></a:fld>"
    )


# ---------------------------------------------------------------- parts


# A layout names colours by their places in the theme, so decks that differ in these alone share it.
@lru_cache(maxsize=128)
def layout_xml(key: LayoutVariant, theme: Theme, words: FixedWords, language: str) -> str:
    """Return one layout: its ground, what it shows behind the text, and its placeholders."""
    layout, ink = layout_named(key.name), template_context(theme, language)
    shown = "".join(
        group_xml(each.drawing, each.x, each.y, each.name, each.alt, ink) for each in layout_ornaments(layout, theme)
    )
    slots = "".join(
        layout_placeholder_xml(slot, FIRST_INDEX + index, key, theme, words, ink)
        for index, slot in enumerate(layout.slots)
    )
    kind = f' type="{layout.kind}"' if layout.kind else ' userDrawn="1"'
    name = escape_attribute(layout_name(key, words))
    return (
        f'{DECLARATION}<p:sldLayout {NAMESPACES}{kind} preserve="1"><p:cSld name="{name}">'
        f"{background_xml(layout.ground, theme)}<p:spTree>{EMPTY_TREE}{shown}{slots}"
        f"{foot_placeholders_xml(theme, ink, deep=layout.deep)}</p:spTree></p:cSld>"
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    )


def layout_name(key: LayoutVariant, words: FixedWords) -> str:
    """Return what a layout is called; one with smaller text or a smaller title says their sizes."""
    name = words.say(f"layout_{key.name}")
    layout = layout_named(key.name)
    if key.text_step:
        sizes = [slot.size(key.text_step) for slot in layout.slots if slot.kind == "body"]
        name = words.say("layout_smaller", name=name, size=f"{max(sizes, default=0.0):.0f}")
    if key.title_step:
        name = words.say("layout_smaller", name=name, size=f"{layout.slot('title').size(key.title_step):.0f}")
    return name


def background_xml(role: str, theme: Theme) -> str:
    """Return the ground of a slide."""
    return f"<p:bg><p:bgPr>{fill_xml(role, theme.colours)}<a:effectLst/></p:bgPr></p:bg>"


def master_xml(layouts: Iterable[int], theme: Theme, words: FixedWords, language: str) -> str:
    """Return the slide master; `layouts` are the numbers of its layouts, from 1."""
    ink = template_context(theme, language)
    text = layout_named("text")
    key = LayoutVariant("text")
    slots = "".join(
        master_placeholder_xml(slot, index, key, theme, words, ink) for index, slot in enumerate(text.slots)
    )
    numbers = "".join(f'<p:sldLayoutId id="{2147483648 + number}" r:id="rId{number}"/>' for number in layouts)
    title = placeholder_levels(text.slot("title"), key, theme)
    plain = text_levels(theme, text.slot("body").size(0))
    return (
        f'{DECLARATION}<p:sldMaster {NAMESPACES} preserve="1"><p:cSld>{background_xml("oat", theme)}'
        f"<p:spTree>{EMPTY_TREE}{slots}{foot_placeholders_xml(theme, ink, deep=False)}</p:spTree></p:cSld><p:clrMap {COLOUR_MAP}/>"
        f"<p:sldLayoutIdLst>{numbers}</p:sldLayoutIdLst><p:txStyles>"
        f"<p:titleStyle>{levels_xml(title, theme, TITLE_FACE)}</p:titleStyle>"
        f"<p:bodyStyle>{levels_xml(plain, theme)}</p:bodyStyle><p:otherStyle>{default_levels_xml(theme)}"
        "</p:otherStyle></p:txStyles></p:sldMaster>"
    )


def master_placeholder_xml(
    slot: Placeholder, index: int, key: LayoutVariant, theme: Theme, words: FixedWords, ink: MarkupContext
) -> str:
    """Return a placeholder of the master: like that of a layout, without a prompt of its own."""
    found = layout_placeholder_xml(slot, index, key, theme, words, ink)
    return found.replace(' hasCustomPrompt="1"', "").replace(' sz="quarter"', "")


FACE_NAME = "Arial"
# Theme slots in the order of the format, and the role of the colour in each.
THEME_COLOUR_SLOTS = (
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
NOTES_WIDTH, NOTES_HEIGHT = 540.0, 720.0
NOTES_PICTURE_AREA, NOTES_TEXT_AREA = SlideArea(54, 48, 432, 243), SlideArea(54, 315, 432, 360)
NOTES_NUMBER_AREA = SlideArea(306, 684, 180, 18)
NOTES_STYLE = TypeStyle(12, 16, after=6)
NOTES_PICTURE_XML = (
    '<p:nvPr><p:ph type="sldImg" idx="2"/></p:nvPr></p:nvSpPr><p:spPr>{place}<a:prstGeom prst="rect"><a:avLst/>'
    '</a:prstGeom><a:noFill/><a:ln w="9525">{line}</a:ln></p:spPr></p:sp>'
)


def theme_xml(theme: Theme) -> str:
    """Return the theme part: colours by role, one face, and no effects."""
    colours = "".join(
        f'<a:{slot}><a:srgbClr val="{hex_colour(theme, role)}"/></a:{slot}>' for slot, role in THEME_COLOUR_SLOTS
    )
    others = "".join(
        f'<a:custClr name="{escape_attribute(role)}"><a:srgbClr val="{hex_colour(theme, role)}"/></a:custClr>'
        for role in theme.colours
        if role not in THEME_COLOURS
    )
    face = f'<a:latin typeface="{FACE_NAME}"/><a:ea typeface=""/><a:cs typeface=""/>'
    solid = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525" cap="rnd">{solid}<a:prstDash val="solid"/><a:round/></a:ln>'
    name = escape_attribute(theme.name)
    return (
        f'{DECLARATION}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="{name}">'
        f'<a:themeElements><a:clrScheme name="{name}">{colours}</a:clrScheme><a:fontScheme name="{FACE_NAME}">'
        f"<a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="{name}"><a:fillStyleLst>{solid * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{solid * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements>"
        f"<a:objectDefaults/><a:extraClrSchemeLst/><a:custClrLst>{others}</a:custClrLst></a:theme>"
    )


def hex_colour(theme: Theme, role: str) -> str:
    """Return the colour of a role as the format writes it."""
    return theme.colours[role].removeprefix("#").upper()


def notes_levels() -> tuple[LevelStyle, ...]:
    """Return the look of each level of speaker notes."""
    return tuple(notes_level(level) for level in TEXT_LEVELS)


def notes_level(level: TextLevel) -> LevelStyle:
    """Return the look of one level of speaker notes: the same levels as on slides, small."""
    style = NOTES_STYLE
    match level:
        case "step" | "step2":
            return LevelStyle(style, 18, 18, "number", "screen-ink")
        case "bullet" | "bullet2" | "bullet3":
            left = {"bullet": 14.0, "bullet2": 28.0, "bullet3": 42.0}[level]
            return LevelStyle(style, left, 14, "disc", "screen-ink")
        case "within":
            return LevelStyle(style, 18)
        case "label":
            return LevelStyle(TypeStyle(style.size, style.leading, bold=True, before=6, after=2))
        case "text" | "note":
            return LevelStyle(style)


def notes_master_xml(theme: Theme, language: str) -> str:
    """Return the notes master: the slide above, what is said below, and the page number.

    The levels of notes stand in their placeholder too, with the face by its name: LibreOffice looks for them only there
    and knows no theme on notes.
    """
    ink = template_context(theme, language)
    line = fill_xml("screen-rule", theme.colours)
    picture = (
        f'<p:sp><p:nvSpPr>{name_xml(ink, "sldImg")}<p:cNvSpPr><a:spLocks noGrp="1" noRot="1" noChangeAspect="1"/>'
        f"</p:cNvSpPr>{NOTES_PICTURE_XML.format(place=transform_xml(NOTES_PICTURE_AREA), line=line)}"
    )
    text = (
        f'<p:sp><p:nvSpPr>{name_xml(ink, "body")}<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        '<p:nvPr><p:ph type="body" sz="quarter" idx="3"/></p:nvPr></p:nvSpPr>'
        f'<p:spPr>{transform_xml(NOTES_TEXT_AREA)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr vert="horz" {NO_INSET} rtlCol="0"/>'
        f"<a:lstStyle>{levels_xml(notes_levels(), theme, FACE_NAME)}</a:lstStyle>"
        f'<a:p><a:endParaRPr lang="{escape_attribute(language)}"/></a:p></p:txBody></p:sp>'
    )
    return (
        f"{DECLARATION}<p:notesMaster {NAMESPACES}><p:cSld>{white_background_xml(theme)}<p:spTree>{EMPTY_TREE}{picture}{text}"
        f"{page_number_xml(theme, ink, 5)}</p:spTree></p:cSld><p:clrMap {COLOUR_MAP}/>"
        f"<p:notesStyle>{levels_xml(notes_levels(), theme)}</p:notesStyle></p:notesMaster>"
    )


def handout_master_xml(theme: Theme, language: str) -> str:
    """Return the handout master: room for slides, and the page number."""
    ink = template_context(theme, language)
    return (
        f"{DECLARATION}<p:handoutMaster {NAMESPACES}><p:cSld>{white_background_xml(theme)}<p:spTree>{EMPTY_TREE}"
        f"{page_number_xml(theme, ink, 3)}</p:spTree></p:cSld><p:clrMap {COLOUR_MAP}/></p:handoutMaster>"
    )


def white_background_xml(theme: Theme) -> str:
    """Return the ground of paper."""
    return f"<p:bg><p:bgPr>{fill_xml('white', theme.colours)}<a:effectLst/></p:bgPr></p:bg>"


def page_number_xml(theme: Theme, ink: MarkupContext, index: int) -> str:
    """Return the placeholder of a page number on paper."""
    look = LevelStyle(TypeStyle(11, 14, colour="stone"))
    return one_line_placeholder_xml("sldNum", index, NOTES_NUMBER_AREA, "r", look, theme, ink)


def presentation_xml(theme: Theme, language: str, masters: Sequence[str]) -> str:
    """Return the presentation part; `masters` are the ids of slide master, notes master and handout master."""
    slide, notes, handout = masters
    return (
        f'{DECLARATION}<p:presentation {NAMESPACES} saveSubsetFonts="1" autoCompressPictures="0">'
        f'<p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="{slide}"/></p:sldMasterIdLst>'
        f'<p:notesMasterIdLst><p:notesMasterId r:id="{notes}"/></p:notesMasterIdLst>'
        f'<p:handoutMasterIdLst><p:handoutMasterId r:id="{handout}"/></p:handoutMasterIdLst>'
        f'<p:sldSz cx="{emu(SLIDE_WIDTH)}" cy="{emu(SLIDE_HEIGHT)}"/>'
        f'<p:notesSz cx="{emu(NOTES_WIDTH)}" cy="{emu(NOTES_HEIGHT)}"/>'
        f'<p:defaultTextStyle><a:defPPr><a:defRPr lang="{escape_attribute(language)}"/></a:defPPr>{default_levels_xml(theme)}'
        "</p:defaultTextStyle>"
        "</p:presentation>"
    )


def properties_xml() -> str:
    """Return the properties of the presentation: nothing but that it has some."""
    return f"{DECLARATION}<p:presentationPr {NAMESPACES}/>"


def view_xml() -> str:
    """Return how the presentation is opened: as PowerPoint does it."""
    return f"{DECLARATION}<p:viewPr {NAMESPACES}/>"


def table_styles_xml(theme: Theme) -> str:
    """Return the list of table styles: that of all tables, for those made by hand as well.

    It draws rules between rows, strong ones below the head and at the end. It says nothing of text, whose looks the
    levels give: a table style would stand over them.
    """
    strong, thin = rule_xml("accent", STRONG_RULE, theme), rule_xml("screen-rule", THIN_RULE, theme)
    nothing = "".join(f"<a:{side}><a:ln><a:noFill/></a:ln></a:{side}>" for side in ("left", "right", "top"))
    return (
        f'{DECLARATION}<a:tblStyleLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        f' def="{TABLE_STYLE}"><a:tblStyle styleId="{TABLE_STYLE}" styleName="{escape_attribute(theme.name)}">'
        f"<a:wholeTbl><a:tcStyle><a:tcBdr>{nothing}<a:bottom>{strong}</a:bottom><a:insideH>{thin}</a:insideH>"
        "<a:insideV><a:ln><a:noFill/></a:ln></a:insideV></a:tcBdr><a:fill><a:noFill/></a:fill></a:tcStyle></a:wholeTbl>"
        f"<a:firstRow><a:tcStyle><a:tcBdr><a:bottom>{strong}</a:bottom></a:tcBdr></a:tcStyle></a:firstRow>"
        "</a:tblStyle></a:tblStyleLst>"
    )


def rule_xml(role: str, width: float, theme: Theme) -> str:
    """Return the line of a rule."""
    return f'<a:ln w="{emu(width)}" cap="flat" cmpd="sng">{fill_xml(role, theme.colours)}</a:ln>'
