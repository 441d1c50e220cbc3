"""The slide master and the layouts as XML, written from the layouts' data and the theme.

Geometry, size and spacing stand here, so that slides need none of their own and follow any other design. Colours go by
role. No file is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec.structs import replace

from handouts.deck.areas import FOOT, NUMBER
from handouts.deck.layouts import layout_named
from handouts.deck.markup import DECLARATION, FACE, NAMESPACES, Ink, References, attribute, colour, fill, name_xml
from handouts.deck.pen import Extent, group_xml, place_xml
from handouts.deck.planned import LayoutKey
from handouts.deck.signs import ornaments
from handouts.deck.slots import Area, Slot
from handouts.deck.styles import LevelStyle, slot_levels, text_levels
from handouts.document import Words
from handouts.theme import Theme, TypeStyle
from handouts.units import emu

FOOT_INDEX, NUMBER_INDEX, FIRST_INDEX = 11, 12, 13
NUMBER_FIELD = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"
EMPTY_TREE = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
    '<p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/>'
    "</a:xfrm></p:grpSpPr>"
)
MAP = (
    'bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3"'
    ' accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"'
)
TITLE_FACE, BODY_FACE = "+mj-lt", "+mn-lt"  # by their roles, so that another theme changes them
NUMBERINGS = {"number": "arabicPeriod", "node": "arabicPlain"}
NO_INSET = 'lIns="0" tIns="0" rIns="0" bIns="0"'


def ink_of(theme: Theme, language: str) -> Ink:
    """Return what the markup of a template is written with: it refers to nothing outside."""
    return Ink(theme.colours, language, References(first=1))


# ---------------------------------------------------------------- looks


def level_properties(tag: str, level: LevelStyle, theme: Theme, face: str = BODY_FACE) -> str:
    """Return the properties of one level: indents, exact line height, space around, bullet, size, colour."""
    style = level.style
    return (
        f'<a:{tag} marL="{emu(level.left)}" indent="{emu(-level.hanging)}" algn="l" rtl="0" eaLnBrk="1"'
        f' hangingPunct="1">'
        f"{spacing('lnSpc', style.leading)}{spacing('spcBef', style.before)}{spacing('spcAft', style.after)}"
        f"{bullet_xml(level, theme)}{look_xml(style, theme, face)}</a:{tag}>"
    )


def spacing(tag: str, points: float) -> str:
    """Return an exact distance."""
    return f'<a:{tag}><a:spcPts val="{round(100 * points)}"/></a:{tag}>'


def bullet_xml(level: LevelStyle, theme: Theme) -> str:
    """Return the mark before a paragraph."""
    if not level.bullet:
        return "<a:buNone/>"
    tinted = f"<a:buClr>{colour(level.bullet_colour, theme.colours)}</a:buClr>"
    if level.bullet in NUMBERINGS:
        return f'{tinted}<a:buFontTx/><a:buAutoNum type="{NUMBERINGS[level.bullet]}"/>'
    return f'{tinted}<a:buFontTx/><a:buChar char="•"/>'


def look_xml(style: TypeStyle, theme: Theme, face: str) -> str:
    """Return size, weight, tracking, colour and face of text."""
    track = f' spc="{round(100 * style.size * style.track)}"' if style.track else ""
    return (
        f'<a:defRPr sz="{round(100 * style.size)}" b="{int(style.bold)}" i="0" u="none" kern="1200"{track}'
        f' baseline="0">'
        f'{fill(style.colour, theme.colours)}<a:latin typeface="{face}"/><a:ea typeface="+mn-ea"/>'
        f'<a:cs typeface="+mn-cs"/></a:defRPr>'
    )


def levels_xml(levels: Sequence[LevelStyle], theme: Theme, face: str = BODY_FACE) -> str:
    """Return the properties of each level."""
    return "".join(level_properties(f"lvl{index}pPr", level, theme, face) for index, level in enumerate(levels, 1))


def other_levels(theme: Theme) -> str:
    """Return the look of text outside placeholders that says none of its own: in text boxes and tables made by hand.

    It stands in the master and in the presentation: programs differ in where they look for it.
    """
    return levels_xml([LevelStyle(theme.slides["table"])], theme)


# ---------------------------------------------------------------- places


def slot_xml(slot: Slot, index: int, key: LayoutKey, theme: Theme, words: Words, ink: Ink) -> str:
    """Return one placeholder of a layout, with the look of all its levels."""
    name = words.say(f"slot_{slot.name}")
    numbered = "" if slot.kind == "title" else f' sz="quarter" idx="{index}"'
    kind = f'<p:ph type="{slot.kind}"{numbered} hasCustomPrompt="1"/>'
    inset = f'lIns="{emu(slot.inset)}" tIns="0" rIns="{emu(slot.inset)}" bIns="0"'
    levels, face = slot_levels(slot, key, theme), TITLE_FACE if slot.kind == "title" else BODY_FACE
    return (
        f'<p:sp><p:nvSpPr>{name_xml(ink, name)}<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr>{kind}</p:nvPr>'
        f'</p:nvSpPr><p:spPr>{transform_xml(slot.area)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/>'
        "</p:spPr>"
        f'<p:txBody><a:bodyPr vert="horz" wrap="square" {inset} rtlCol="0" anchor="{slot.anchor}">'
        "<a:noAutofit/></a:bodyPr>"
        f"<a:lstStyle>{levels_xml(levels, theme, face)}</a:lstStyle>{prompt(name, ink)}</p:txBody></p:sp>"
    )


def prompt(text: str, ink: Ink) -> str:
    """Return what an empty placeholder shows while slides are made."""
    return f'<a:p><a:r><a:rPr lang="{attribute(ink.language)}"/><a:t>{attribute(text)}</a:t></a:r></a:p>'


def transform_xml(place: Area) -> str:
    """Return where a placeholder stands."""
    off, ext = place_xml(Extent(place.x, place.y, place.x + place.width, place.y + place.height))
    return f"<a:xfrm>{off}{ext}</a:xfrm>"


def foot_slots(theme: Theme, ink: Ink, *, deep: bool) -> str:
    """Return the placeholders of the foot and of the slide number."""
    foot, number = (
        LevelStyle(replace(style, colour="white" if deep else style.colour))
        for style in (theme.slides["foot"], theme.slides["slide-number"])
    )
    shown = small_slot("ftr", FOOT_INDEX, FOOT, "l", foot, theme, ink, "b")
    return shown + small_slot("sldNum", NUMBER_INDEX, NUMBER, "r", number, theme, ink, "b")


def small_slot(
    kind: str, index: int, place: Area, align: str, look: LevelStyle, theme: Theme, ink: Ink, anchor: str = "ctr"
) -> str:
    """Return a placeholder for one line that every slide or page has."""
    level = level_properties("lvl1pPr", look, theme).replace('algn="l"', f'algn="{align}"', 1)
    return (
        f'<p:sp><p:nvSpPr>{name_xml(ink, kind)}<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="{kind}" sz="quarter" idx="{index}"/></p:nvPr></p:nvSpPr>'
        f'<p:spPr>{transform_xml(place)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr vert="horz" wrap="square" {NO_INSET} rtlCol="0" anchor="{anchor}">'
        "<a:noAutofit/></a:bodyPr>"
        f"<a:lstStyle>{level}</a:lstStyle><a:p>{field_xml(kind, ink)}</a:p></p:txBody></p:sp>"
    )


def field_xml(kind: str, ink: Ink) -> str:
    """Return the number of a slide or page as a field; nothing for other kinds."""
    language = attribute(ink.language)
    if kind != "sldNum":
        return f'<a:endParaRPr lang="{language}"/>'
    return (
        f'<a:fld id="{NUMBER_FIELD}" type="slidenum"><a:rPr lang="{language}" b="1">{FACE}'
        "</a:rPr><a:t>‹#›</a:t></a:fld>"
    )


# ---------------------------------------------------------------- parts


# A layout names colours by their places in the theme, so decks that differ in these alone share it.
@lru_cache(maxsize=128)
def layout_xml(key: LayoutKey, theme: Theme, words: Words, language: str) -> str:
    """Return one layout: its ground, what it shows behind the text, and its placeholders."""
    layout, ink = layout_named(key.name), ink_of(theme, language)
    shown = "".join(
        group_xml(each.drawing, each.x, each.y, each.name, each.alt, ink) for each in ornaments(layout, theme)
    )
    slots = "".join(
        slot_xml(slot, FIRST_INDEX + index, key, theme, words, ink) for index, slot in enumerate(layout.slots)
    )
    kind = f' type="{layout.kind}"' if layout.kind else ' userDrawn="1"'
    name = attribute(layout_name(key, words))
    return (
        f'{DECLARATION}<p:sldLayout {NAMESPACES}{kind} preserve="1"><p:cSld name="{name}">'
        f"{background(layout.ground, theme)}<p:spTree>{EMPTY_TREE}{shown}{slots}"
        f"{foot_slots(theme, ink, deep=layout.deep)}</p:spTree></p:cSld>"
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    )


def layout_name(key: LayoutKey, words: Words) -> str:
    """Return what a layout is called; one with smaller text or a smaller title says their sizes."""
    name = words.say(f"layout_{key.name}")
    layout = layout_named(key.name)
    if key.text_step:
        sizes = [slot.size(key.text_step) for slot in layout.slots if slot.kind == "body"]
        name = words.say("layout_smaller", name=name, size=f"{max(sizes, default=0.0):.0f}")
    if key.title_step:
        name = words.say("layout_smaller", name=name, size=f"{layout.slot('title').size(key.title_step):.0f}")
    return name


def background(role: str, theme: Theme) -> str:
    """Return the ground of a slide."""
    return f"<p:bg><p:bgPr>{fill(role, theme.colours)}<a:effectLst/></p:bgPr></p:bg>"


def master_xml(layouts: Iterable[int], theme: Theme, words: Words, language: str) -> str:
    """Return the slide master; `layouts` are the numbers of its layouts, from 1."""
    ink = ink_of(theme, language)
    text = layout_named("text")
    key = LayoutKey("text")
    slots = "".join(master_slot(slot, index, key, theme, words, ink) for index, slot in enumerate(text.slots))
    numbers = "".join(f'<p:sldLayoutId id="{2147483648 + number}" r:id="rId{number}"/>' for number in layouts)
    title = slot_levels(text.slot("title"), key, theme)
    plain = text_levels(theme, text.slot("body").size(0))
    return (
        f'{DECLARATION}<p:sldMaster {NAMESPACES} preserve="1"><p:cSld>{background("oat", theme)}'
        f"<p:spTree>{EMPTY_TREE}{slots}{foot_slots(theme, ink, deep=False)}</p:spTree></p:cSld><p:clrMap {MAP}/>"
        f"<p:sldLayoutIdLst>{numbers}</p:sldLayoutIdLst><p:txStyles>"
        f"<p:titleStyle>{levels_xml(title, theme, TITLE_FACE)}</p:titleStyle>"
        f"<p:bodyStyle>{levels_xml(plain, theme)}</p:bodyStyle><p:otherStyle>{other_levels(theme)}"
        "</p:otherStyle></p:txStyles></p:sldMaster>"
    )


def master_slot(slot: Slot, index: int, key: LayoutKey, theme: Theme, words: Words, ink: Ink) -> str:
    """Return a placeholder of the master: like that of a layout, without a prompt of its own."""
    found = slot_xml(slot, index, key, theme, words, ink)
    return found.replace(' hasCustomPrompt="1"', "").replace(' sz="quarter"', "")
