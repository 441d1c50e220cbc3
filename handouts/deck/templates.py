"""The rest of a deck's template as XML: theme, notes master, handout master, presentation, and the small parts.

Takes the theme and the fixed words; the colours stand in the theme by role, so that a brand can change them. No file
is read.
"""

from __future__ import annotations

from collections.abc import Sequence

from handouts.deck.layouts import HEIGHT, WIDTH
from handouts.deck.markup import (
    DECLARATION,
    NAMESPACES,
    SCHEME,
    STRONG_RULE,
    TABLE_STYLE,
    THIN_RULE,
    Ink,
    attribute,
    fill,
    name_xml,
)
from handouts.deck.masters import (
    EMPTY_TREE,
    MAP,
    NO_INSET,
    ink_of,
    levels_xml,
    other_levels,
    small_slot,
    transform_xml,
)
from handouts.deck.planned import LEVELS, Level
from handouts.deck.slots import Area
from handouts.deck.styles import LevelStyle
from handouts.theme import Theme, TypeStyle
from handouts.units import emu

FACE_NAME = "Arial"
# Theme slots in the order of the format, and the role of the colour in each.
COLOURS = (
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
NOTES_PICTURE, NOTES_TEXT = Area(54, 48, 432, 243), Area(54, 315, 432, 360)
NOTES_NUMBER = Area(306, 684, 180, 18)
NOTES_STYLE = TypeStyle(12, 16, after=6)
PICTURE = (
    '<p:nvPr><p:ph type="sldImg" idx="2"/></p:nvPr></p:nvSpPr><p:spPr>{place}<a:prstGeom prst="rect"><a:avLst/>'
    '</a:prstGeom><a:noFill/><a:ln w="9525">{line}</a:ln></p:spPr></p:sp>'
)


def theme_xml(theme: Theme) -> str:
    """Return the theme part: colours by role, one face, and no effects."""
    colours = "".join(f'<a:{slot}><a:srgbClr val="{hexadecimal(theme, role)}"/></a:{slot}>' for slot, role in COLOURS)
    others = "".join(
        f'<a:custClr name="{attribute(role)}"><a:srgbClr val="{hexadecimal(theme, role)}"/></a:custClr>'
        for role in theme.colours
        if role not in SCHEME
    )
    face = f'<a:latin typeface="{FACE_NAME}"/><a:ea typeface=""/><a:cs typeface=""/>'
    solid = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525" cap="rnd">{solid}<a:prstDash val="solid"/><a:round/></a:ln>'
    name = attribute(theme.name)
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


def hexadecimal(theme: Theme, role: str) -> str:
    """Return the colour of a role as the format writes it."""
    return theme.colours[role].removeprefix("#").upper()


def notes_levels() -> tuple[LevelStyle, ...]:
    """Return the look of each level of speaker notes."""
    return tuple(notes_level(level) for level in LEVELS)


def notes_level(level: Level) -> LevelStyle:
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
    ink = ink_of(theme, language)
    line = fill("screen-rule", theme.colours)
    picture = (
        f'<p:sp><p:nvSpPr>{name_xml(ink, "sldImg")}<p:cNvSpPr><a:spLocks noGrp="1" noRot="1" noChangeAspect="1"/>'
        f"</p:cNvSpPr>{PICTURE.format(place=transform_xml(NOTES_PICTURE), line=line)}"
    )
    text = (
        f'<p:sp><p:nvSpPr>{name_xml(ink, "body")}<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        '<p:nvPr><p:ph type="body" sz="quarter" idx="3"/></p:nvPr></p:nvSpPr>'
        f'<p:spPr>{transform_xml(NOTES_TEXT)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr vert="horz" {NO_INSET} rtlCol="0"/>'
        f"<a:lstStyle>{levels_xml(notes_levels(), theme, FACE_NAME)}</a:lstStyle>"
        f'<a:p><a:endParaRPr lang="{attribute(language)}"/></a:p></p:txBody></p:sp>'
    )
    return (
        f"{DECLARATION}<p:notesMaster {NAMESPACES}><p:cSld>{white_ground(theme)}<p:spTree>{EMPTY_TREE}{picture}{text}"
        f"{page_number(theme, ink, 5)}</p:spTree></p:cSld><p:clrMap {MAP}/>"
        f"<p:notesStyle>{levels_xml(notes_levels(), theme)}</p:notesStyle></p:notesMaster>"
    )


def handout_master_xml(theme: Theme, language: str) -> str:
    """Return the handout master: room for slides, and the page number."""
    ink = ink_of(theme, language)
    return (
        f"{DECLARATION}<p:handoutMaster {NAMESPACES}><p:cSld>{white_ground(theme)}<p:spTree>{EMPTY_TREE}"
        f"{page_number(theme, ink, 3)}</p:spTree></p:cSld><p:clrMap {MAP}/></p:handoutMaster>"
    )


def white_ground(theme: Theme) -> str:
    """Return the ground of paper."""
    return f"<p:bg><p:bgPr>{fill('white', theme.colours)}<a:effectLst/></p:bgPr></p:bg>"


def page_number(theme: Theme, ink: Ink, index: int) -> str:
    """Return the placeholder of a page number on paper."""
    look = LevelStyle(TypeStyle(11, 14, colour="stone"))
    return small_slot("sldNum", index, NOTES_NUMBER, "r", look, theme, ink)


def presentation_xml(theme: Theme, language: str, masters: Sequence[str]) -> str:
    """Return the presentation part; `masters` are the ids of slide master, notes master and handout master."""
    slide, notes, handout = masters
    return (
        f'{DECLARATION}<p:presentation {NAMESPACES} saveSubsetFonts="1" autoCompressPictures="0">'
        f'<p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="{slide}"/></p:sldMasterIdLst>'
        f'<p:notesMasterIdLst><p:notesMasterId r:id="{notes}"/></p:notesMasterIdLst>'
        f'<p:handoutMasterIdLst><p:handoutMasterId r:id="{handout}"/></p:handoutMasterIdLst>'
        f'<p:sldSz cx="{emu(WIDTH)}" cy="{emu(HEIGHT)}"/>'
        f'<p:notesSz cx="{emu(NOTES_WIDTH)}" cy="{emu(NOTES_HEIGHT)}"/>'
        f'<p:defaultTextStyle><a:defPPr><a:defRPr lang="{attribute(language)}"/></a:defPPr>{other_levels(theme)}'
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
        f' def="{TABLE_STYLE}"><a:tblStyle styleId="{TABLE_STYLE}" styleName="{attribute(theme.name)}">'
        f"<a:wholeTbl><a:tcStyle><a:tcBdr>{nothing}<a:bottom>{strong}</a:bottom><a:insideH>{thin}</a:insideH>"
        "<a:insideV><a:ln><a:noFill/></a:ln></a:insideV></a:tcBdr><a:fill><a:noFill/></a:fill></a:tcStyle></a:wholeTbl>"
        f"<a:firstRow><a:tcStyle><a:tcBdr><a:bottom>{strong}</a:bottom></a:tcBdr></a:tcStyle></a:firstRow>"
        "</a:tblStyle></a:tblStyleLst>"
    )


def rule_xml(role: str, width: float, theme: Theme) -> str:
    """Return the line of a rule."""
    return f'<a:ln w="{emu(width)}" cap="flat" cmpd="sng">{fill(role, theme.colours)}</a:ln>'
