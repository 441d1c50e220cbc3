"""The style sheet of a page: the theme's colours, sizes and fonts, for light and dark screens and for paper.

Sizes are in rem, to follow the reader's own setting; 12 points of the theme are one rem. For dark screens every light
role becomes dark and every dark one light, by luminance; text and its ground keep a contrast of 7 or more. Fonts are
embedded as WOFF 1.0 (W3C, 2012) with only the letters of the page. WOFF2 would be a quarter smaller, but needs one
more library.
"""

from __future__ import annotations

import re
import struct
import zlib
from base64 import b64encode
from collections.abc import Collection, Iterable
from colorsys import hls_to_rgb, rgb_to_hls
from string import Template

from handouts.render_cache import RenderCache
from handouts.text.fonts import PRINT_FAMILY, FontFace, faces_of_characters, family_in, subset_characters
from handouts.theme import Theme, luminance, rgb_channels

_POINTS_PER_REM = 12.0
_SMALLEST_REM = 1.0  # on a screen, also where paper has smaller type
_LIGHT = 0.3  # colours of more luminance are grounds
_SIZED_ROLES = ("h1", "h2", "h3", "lead", "label", "body", "script", "caption", "table", "foot", "source")
_SEARCH_STEPS = 24
_ROLE_NAME = re.compile(r"[a-z0-9-]+")  # roles with other names cannot be written in a style sheet

_RULES = Template(
    """\
$fonts
:root{color-scheme:light dark;
$light
$sizes}
@media screen and (prefers-color-scheme:dark){:root{
$dark}}
*{box-sizing:border-box}
html{scroll-padding-top:4rem;text-size-adjust:100%;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--white);color:var(--ink);font:var(--body)/1.45 $families;overflow-wrap:break-word}
main,.top,.foot{max-width:46rem;margin:0 auto;padding:0 1rem}
h1,h2,h3,h4,.title{font-weight:700;line-height:1.2;text-wrap:balance;margin:1.4em 0 .4em}
h1,.title{font-size:clamp(max(1.7rem,var(--body)*1.35),1.1rem + 3vw,var(--h1));color:var(--accent);
letter-spacing:-.012em}
h2{font-size:clamp(max(1.4rem,var(--body)*1.2),1.1rem + 1.5vw,var(--h2));color:var(--accent)}
h3,h4{font-size:clamp(var(--body)*1.1,1rem + 1vw,var(--h3))}
p,ul,ol,dl,figure,blockquote,table{margin:0 0 .8em}
li{margin:.3em 0}
strong,.label,.lead,th,legend,label.named,dt{font-weight:700}
a{color:var(--accent);text-decoration-thickness:.08em;text-underline-offset:.15em}
a:hover{text-decoration-thickness:.16em}
:focus-visible{outline:.2rem solid var(--ink);outline-offset:.15rem}
abbr{text-decoration:none}
.skip{position:absolute;left:-100vw;padding:.6rem 1rem;background:var(--white)}
.skip:focus{left:0;z-index:3}
.leave{position:sticky;top:0;z-index:2;text-align:right}
.leave a{display:inline-block;padding:.6rem 1rem;background:var(--accent);color:var(--white);font-weight:700;
border-radius:0 0 0 .4rem;text-decoration:none}
.leave a:hover{text-decoration:underline}
.crisis{border:.12rem solid var(--ink);border-radius:.4rem;padding:.7rem 1rem;margin:1rem 0}
.crisis p{font-weight:700;margin:0}
.crisis ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;column-gap:1.5rem}
.crisis li{margin:0}
.crisis a,.number a{display:inline-block;min-height:2.75rem;padding:.55rem 0;font-weight:700}
.crisis .columns{display:grid;gap:.4rem 1.5rem}
.state{font-size:var(--foot);color:var(--stone);margin:.8rem 0}
summary{min-height:2.75rem;padding:.6rem 0;font-weight:700;color:var(--accent);cursor:pointer}
nav ul{list-style:none;padding:0;margin:0}
nav a{display:inline-block;min-height:2.75rem;padding:.55rem 0}
.cover{background:var(--$ground);border-left:$bar solid var(--accent);border-radius:$corner;padding:1.2rem;
margin:1rem 0}
.cover h1,.cover h2,.cover .title{margin:.3em 0}
.cover p{margin:.3em 0}
.cover.alone{min-height:100vh;display:flex;flex-direction:column;justify-content:center}
.logo{display:block;max-width:9rem;max-height:5rem;background:var(--paper);padding:.3rem;border-radius:.3rem}
.label{font-size:var(--label);color:var(--accent)}
.lead{font-size:var(--lead);line-height:1.35;text-wrap:balance}
.labelled{margin:1.2em 0}
.labelled>.label{margin:0 0 .2em}
.heading-number{display:block;font-size:var(--label);color:var(--accent);margin-bottom:.2em}
.steps{list-style:none;padding:0;counter-reset:step}
.steps>li{counter-increment:step;position:relative;padding-left:2.8rem;min-height:2.2rem;margin:.7em 0}
.steps>li::before{content:counter(step);position:absolute;left:0;top:0;width:2rem;height:2rem;line-height:1.7rem;padding-top:.1rem;
border:.15rem solid var(--accent);border-radius:50%;text-align:center;font-weight:700;color:var(--accent)}
.callout{border:.15rem solid var(--accent);border-radius:.5rem;padding:.2rem 1rem .4rem;margin:1.2em 0}
.callout>:first-child,.branch>:first-child{margin:.4em 0;color:var(--accent)}
.fork ul.branches{list-style:none;padding:0 0 0 1rem;border-left:.18rem solid var(--ink)}
.branch{border:.15rem solid;border-left-width:.75rem;border-radius:.4rem;padding:.2rem 1rem .3rem;margin:.8em 0}
.branch.red{border-color:var(--red);background:var(--red-tint)}
.branch.amber{border-color:var(--amber);border-left-style:double}
.branch.green{border-color:var(--green)}
.branch.red>:first-child{color:var(--red)}
.branch.amber>:first-child{color:var(--amber)}
.branch.green>:first-child{color:var(--green)}
.sign{width:1.3em;height:1.3em;vertical-align:-.25em;margin-right:.4em;overflow:visible}
.card{border-top:.15rem solid var(--ink);padding-top:.2rem;margin:1.2em 0}
.card>:first-child{display:flex;align-items:center;gap:.7rem}
.card .sign{width:2.4rem;height:2.4rem;margin:0;flex:none}
.card .count{color:var(--accent);font-size:var(--h2)}
.rows dt{color:var(--stone);font-weight:400}
.rows dt.acts{color:var(--accent);font-weight:700}
.rows dd{margin:0 0 .5em}
.script blockquote{background:var(--tint);border:.12rem solid var(--accent);border-radius:.6rem;padding:.5rem .9rem;
margin:.2em 0 .4em}
.script blockquote p{margin:0;font-size:var(--script)}
.script.theirs blockquote{border-left-width:.5rem}
.advice,.hint,.how{color:var(--stone)}
figure .how{margin-top:.6rem}
table{width:100%;border-collapse:collapse;font-size:var(--table)}
caption{text-align:left;font-weight:700;font-size:var(--h3);padding:.3em 0}
th,td{text-align:left;vertical-align:top;padding:.4em .6em .4em .4em;border-bottom:.06rem solid var(--ink)}
thead th{background:var(--tint);vertical-align:bottom}
thead tr:first-child th{border-top:.12rem solid var(--ink)}
.wide{overflow-x:auto;margin:1em 0}
.compare{table-layout:fixed;overflow-wrap:anywhere}
.compare td:first-child{background:var(--tint)}
.discs{width:3.2em;height:1em;vertical-align:-.1em;margin-left:.4em}
.figure,.picture{margin:1.5em 0}
.drawing{display:block;width:100%;height:auto}
.drawing text{font-family:inherit}
.narrow{max-width:26rem;width:calc(100% + 1.5rem);margin:0 -.75rem}
.wide-only{display:none}
.picture img,.picture svg{display:block;max-width:100%;max-height:70vh;height:auto;background:var(--paper)}
.contacts dt{color:var(--accent);border-top:.06rem solid var(--ink);padding-top:.4em}
.contacts dd{margin:0 0 .6em}
.contacts .name{font-weight:700}
.contacts .number{display:block;font-size:var(--h3)}
.art{display:block;width:100%;height:auto;margin-top:.8rem}
.sources{padding-left:2.4em;font-size:var(--source)}
.back{display:inline-block;min-width:1.75rem;min-height:1.75rem;text-align:center}
.sources li:target{background:var(--tint)}
.code svg{--ink:$ink;width:8rem;height:8rem;background:var(--paper);padding:1rem;box-sizing:content-box;
forced-color-adjust:none}
fieldset{border:0;margin:0 0 1em;padding:0;min-width:0}
legend,label.named{display:block;padding:0;margin-bottom:.3em}
.field{margin:0 0 1.2em}
.fields{padding-left:2.2em;list-style:none}
.fields>li{position:relative}
.fields>li::before{content:counter(list-item)".";position:absolute;left:-2.2em;width:1.8em;text-align:right;font-weight:700;
color:var(--accent)}
.choice{display:inline-flex;gap:.5em;align-items:center;min-height:2.75rem;margin-right:1.2em}
.choice input{width:1.4rem;height:1.4rem;flex:none;accent-color:var(--accent)}
.scale{display:flex;flex-wrap:wrap;gap:.1rem .8rem;align-items:center}
.scale .end{flex-basis:100%;color:var(--stone)}
textarea,input[type=text]{width:100%;font:inherit;color:inherit;background:var(--white);border:.1rem solid var(--ink);
border-radius:.2rem;padding:.4rem;min-height:2.75rem}
td textarea{min-width:6rem}
.foot{border-top:.12rem solid var(--ink);margin-top:2.5rem;padding-top:1rem;padding-bottom:2rem}
@media (min-width:40rem){.narrow{display:none}.wide-only{display:block}
.crisis .columns{grid-template-columns:repeat(auto-fit,minmax(10em,1fr))}
.rows{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.2rem 1rem}.rows dd{margin:0}
.contacts>div{display:grid;grid-template-columns:9rem 1fr;column-gap:1rem;border-top:.06rem solid var(--ink)}
.contacts dt{border:0;grid-row:1/span 9}.contacts dd{grid-column:2;padding-top:.4em;display:grid;
grid-template-columns:1fr auto;column-gap:1rem}
.contacts .number{grid-row:1/span 2;grid-column:2;text-align:right}
.contacts .number a{min-height:1.75rem;padding:0}.contacts .how{grid-column:1}}
@media screen{.to-write,.line{display:none!important}}
.listed{border-left:.25rem solid var(--accent);padding-left:1rem;margin:1.2em 0}
.listed h4,.listed .state{margin:0 0 .3em}
.listed ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:0 1.5rem}
.listed li{margin:0}
.listed .how{white-space:nowrap}
.listed a{display:inline-block;min-height:2.75rem;padding:.55rem 0;font-weight:700}
$roles
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{@page{margin:$margin}
body{font-size:$print_body;line-height:1.35}
main,.top,.foot{max-width:none;padding:0}
.skip,.leave,.leaving,nav,.to-top,.back{display:none}
h1,h2,h3,h4,.label,caption,.heading-number{break-after:avoid}
h1,h2,h3,.branch,.script,.figure,.card,.wide,tr,li,.crisis,.foot{break-inside:avoid}
.foot{margin-top:1rem;padding-bottom:0}
.narrow{display:none}.wide-only{display:block}
.crisis .columns{grid-template-columns:repeat(auto-fit,minmax(10em,1fr))}
.line{display:inline-block;min-width:9rem;height:1.6em;border-bottom:.06rem solid var(--ink)}
.cover,.script blockquote,thead th,.branch.red,.compare td:first-child{print-color-adjust:exact;
-webkit-print-color-adjust:exact}
textarea,input[type=text]{min-height:5rem;border-color:var(--stone);resize:none}
td textarea{min-height:3rem}
a{color:inherit;text-decoration:none}}
"""
)


def page_rules(theme: Theme, words: str, cache: RenderCache) -> str:
    """Return the style sheet of a page that has the letters of `words`, with its fonts if the theme embeds them."""
    fonts, families = _font_rules(words, theme, cache) if theme.web_letters else ("", "")
    named = {role: colour for role, colour in theme.colours.items() if _ROLE_NAME.fullmatch(role)}
    colours = {**named, "paper": named["white"]}
    dark = {role: dark_colour(colour) for role, colour in named.items()}
    body = theme.print["body"].size
    return _RULES.substitute(
        fonts=fonts,
        light="".join(f"--{role}:{colour};" for role, colour in colours.items()),
        dark="".join(f"--{role}:{colour};" for role, colour in dark.items()),
        sizes="".join(f"--{role}:{_rem(theme.print[role].size)}rem;" for role in _SIZED_ROLES),
        families=f"{families},system-ui,sans-serif".lstrip(","),
        roles="\n".join(_role_rules(named, theme.edition.hatched)),
        ground=theme.cover.ground,
        ink=named["ink"],
        corner=f"{theme.cover.corner / _POINTS_PER_REM:g}rem",
        bar=f"{theme.cover.bar / _POINTS_PER_REM:g}rem",
        margin=f"{theme.paper.margin:g}pt",
        print_body=f"{body:g}pt",
    )


def _rem(points: float) -> str:
    """Return a type size in rem."""
    return f"{max(_SMALLEST_REM, points / _POINTS_PER_REM):.3f}".rstrip("0").rstrip(".")


def _role_rules(roles: Iterable[str], hatched: Collection[str]) -> list[str]:
    """Return the rules for the fills and strokes of drawings; `hatched` roles are filled with lines."""
    rules = []
    for role in roles:
        fill = f"url(#{HATCH_ID})" if role in hatched else f"var(--{role})"
        rules.append(f".f-{role}{{fill:{fill}}}.s-{role}{{stroke:var(--{role})}}")
    return rules


HATCH_ID = "page-hatch"  # the pattern of lines that replaces a colour in an edition for copiers


def dark_colour(colour: str) -> str:
    """Return a colour for dark screens: a light one becomes dark and a dark one light, with the same hue."""
    light = luminance(colour)
    if light > _LIGHT:
        return _with_luminance(colour, min(0.008 + 0.09 * (1 - light), 0.036))
    return _with_luminance(colour, max(0.66, 0.84 - 2.5 * light))


def _with_luminance(colour: str, wanted: float) -> str:
    """Return a colour of the same hue with the luminance `wanted`, or the nearest one that has more contrast."""
    hue, _, saturation = rgb_to_hls(*rgb_channels(colour))
    low, high = 0.0, 1.0
    for _ in range(_SEARCH_STEPS):
        middle = (low + high) / 2
        if luminance(_hex(hls_to_rgb(hue, middle, saturation))) < wanted:
            low = middle
        else:
            high = middle
    return _hex(hls_to_rgb(hue, low if wanted < _LIGHT else high, saturation))


def _hex(channels: tuple[float, float, float]) -> str:
    """Return red, green and blue, from 0 to 1, as a hexadecimal colour."""
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, each))):02X}" for each in channels)


# ---------------------------------------------------------------- fonts

_ENTRY, _WOFF_HEADER, _WOFF_ENTRY = ">4s3I", ">4s2I2HI2H5I", ">4s4I"
_WEIGHTS = ((False, 400), (True, 700))


def _font_rules(words: str, theme: Theme, cache: RenderCache) -> tuple[str, str]:
    """Return the font rules that embed the letters of `words`, and the names of the fonts in the order to try them."""
    family = family_in(theme.typeface, PRINT_FAMILY)
    rules, names = [], dict[str, None]()
    for bold, weight in _WEIGHTS:
        for face, characters in faces_of_characters(words, family, bold=bold):
            key = ("web font", face.name, id(face), characters)
            content = cache.get_or_compute(key, lambda face=face, shown=characters: _encoded_face(face, shown))  # type: ignore[misc]
            name = f"page{family.faces(bold).index(face) + 1}"
            names[name] = None
            rules.append(
                f"@font-face{{font-family:{name};font-weight:{weight};"
                f"src:url(data:font/woff;base64,{content}) format('woff')}}"
            )
    return "\n".join(rules), ",".join(names)


def _encoded_face(face: FontFace, characters: Iterable[str]) -> str:
    """Return the font file of a face with only some characters, in base64."""
    return b64encode(woff_of(subset_characters(face, characters, shaped=True))).decode("ascii")


def woff_of(font: bytes) -> bytes:
    """Return a TrueType or OpenType file as WOFF 1.0, in which each table is compressed."""
    flavour, count = struct.unpack_from(">4sH", font)
    entries, tables = [], b""
    place = struct.calcsize(_WOFF_HEADER) + count * struct.calcsize(_WOFF_ENTRY)
    size = 12 + 16 * count
    for number in range(count):
        tag, checksum, offset, length = struct.unpack_from(_ENTRY, font, 12 + 16 * number)
        table = font[offset : offset + length]
        packed = zlib.compress(table, 9)
        stored = packed if len(packed) < length else table
        entries.append(struct.pack(_WOFF_ENTRY, tag, place + len(tables), len(stored), length, checksum))
        tables += stored + bytes(-len(stored) % 4)
        size += length + -length % 4
    whole = place + len(tables)
    header = struct.pack(_WOFF_HEADER, b"wOFF", int.from_bytes(flavour, "big"), whole, count, 0, size, 1, 0, *(0,) * 5)
    return header + b"".join(entries) + tables
