"""Draw figures, signs and codes as PNG, and put pictures into a file with what they show in words.

A drawing becomes paths, its letters too, on a PDF page of its own, which PDFium turns into pixels.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from io import BytesIO

import pypdfium2
from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Chart, Figure, Outlines, Pixels, QrCode
from handouts.document.text import fingerprint, texts_of
from handouts.figures import figure_drawing
from handouts.figures.bar_chart import bar_chart_drawing
from handouts.figures.qr_code import qr_code_drawing
from handouts.figures.shapes import Drawing, Path, Shape, TextLabel, outline_paths
from handouts.figures.signs import hatch_paths
from handouts.finding import NOWHERE
from handouts.layout.illustrations import image_size, shape_items
from handouts.layout.page_model import ShapeItem, TextItem, shape_bounds, shape_path
from handouts.text.fonts import PRINT_FAMILY, FontFamily, family_in, glyph_outline
from handouts.theme import Theme, rgb_channels
from handouts.units import emu
from handouts.word.runs import PictureFile, WordContext
from handouts.word.word_markup import NOTHING, PICTURE_NAMESPACE, Wml, markup, w

_PIXELS_PER_POINT = 200 / 72
# Few colours are all that edges need, in half the time and half the bytes; a fast octree chooses them (2 in Pillow).
_COLOURS, _OCTREE, _COMPRESSION = 256, 2, 4
_WHITE, _NEARLY_WHITE = 255, 254  # what few colours make of white
_CODE_SIZE = 96.0
_HIGHEST_PICTURE_SHARE = 0.6  # of a page
_JPEG = b"\xff\xd8"
_DECORATIVE_URI = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"
_DECORATIVE_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2017/decorative"


# ---------------------------------------------------------------- what is shown


def figure_picture(block: Figure | Chart, width: float, context: WordContext) -> Wml:
    """Return a figure or chart as a picture; its alt text ends with the words that stand in the drawing."""
    theme, scale = context.theme, context.figure_scale
    key = ("word drawing", fingerprint(replace(block, at=NOWHERE)), width, theme, scale)
    drawing, content = context.cache.get_or_compute(key, lambda: _drawn_block(block, width, theme, scale))
    context.findings.extend(replace(found, at=block.at) for found in drawing.findings)
    told = context.words.say("words_in_picture", words="; ".join(_words_in_drawing(block)))
    picture, size = PictureFile(content, "png"), (scale * drawing.width, scale * drawing.height)
    return _picture_run(picture, *size, f"{block.alt} {told}", context)


def _words_in_drawing(block: Figure | Chart) -> Iterator[str]:
    """Yield the words that stand in the drawing of a figure."""
    return (each.text for each in texts_of(block) if each.role == "words")


def _drawn_block(block: Figure | Chart, width: float, theme: Theme, scale: float) -> tuple[Drawing, bytes]:
    """Return the drawing of a figure or chart, and its pixels at a scale."""
    style = theme.print["figure"]
    family = family_in(style.typeface, PRINT_FAMILY)
    if isinstance(block, Chart):
        drawing = bar_chart_drawing(block, width, style, family, "print")
    else:
        drawing = figure_drawing(block.name, dict(block.labels), width, style, family, "print", block.signs)
    return drawing, _png(drawing, theme, "white", family, scale)


def sign_picture(drawing: Drawing, size: float, context: WordContext, ground: str = "white") -> Wml:
    """Return a sign as high as `size` on the role of its `ground`, which repeats what the words beside it say."""
    theme = context.theme
    key = ("word sign", drawing, theme, ground)
    content = context.cache.get_or_compute(key, lambda: _png(drawing, theme, ground, PRINT_FAMILY))
    return _picture_run(PictureFile(content, "png"), size * drawing.width / drawing.height, size, "", context)


def code_picture(code: QrCode, context: WordContext) -> Wml:
    """Return a code to point a phone at."""
    drawing = qr_code_drawing(code.target, _CODE_SIZE)
    content = _png(drawing, context.theme, "white", PRINT_FAMILY)
    alt = context.words.say("qr_alt", target=code.target)
    return _picture_run(PictureFile(content, "png"), drawing.width, drawing.height, alt, context)


def image_picture(
    image: Pixels | Outlines, alt: str, widest: float, context: WordContext, highest: float | None = None
) -> Wml:
    """Return an image of content at most so large; one without alt text is decoration."""
    theme = context.theme
    high = _HIGHEST_PICTURE_SHARE * theme.paper.height if highest is None else highest
    width, height = image_size(image, widest, high)
    one_bit = theme.edition.one_bit
    if isinstance(image, Outlines):
        drawing = Drawing(width, height, outline_paths(image, width, one_bit))
        content = _png(drawing, theme, "white", PRINT_FAMILY)
    else:
        content = image.copied if one_bit else image.printed
    ending = "jpeg" if content.startswith(_JPEG) else "png"
    return _picture_run(PictureFile(content, ending), width, height, alt, context)


# ---------------------------------------------------------------- in the file


def _picture_run(picture: PictureFile, width: float, height: float, alt: str, context: WordContext) -> Wml:
    """Return a picture in line with the text (ISO/IEC 29500-1, 20.4.2.8)."""
    relation = context.pictures.setdefault(picture, f"rPicture{len(context.pictures) + 1}")
    number = context.next_mark()
    size: dict[str, str | int] = {"cx": emu(width), "cy": emu(height)}
    named: dict[str, str | int] = {"id": number, "name": f"Picture {number}"}
    said = markup(
        "wp:docPr", NOTHING if alt else _decorative(), attributes={**named, **({"descr": alt} if alt else {})}
    )
    frame = markup("a:xfrm", markup("a:off", attributes={"x": 0, "y": 0}), markup("a:ext", attributes=size))
    shape = markup("a:prstGeom", markup("a:avLst"), attributes={"prst": "rect"})
    inside = markup(
        "pic:pic",
        markup("pic:nvPicPr", markup("pic:cNvPr", attributes=named), markup("pic:cNvPicPr")),
        markup(
            "pic:blipFill",
            markup("a:blip", attributes={"r:embed": relation}),
            markup("a:stretch", markup("a:fillRect")),
        ),
        markup("pic:spPr", frame, shape),
    )
    graphic = markup("a:graphic", markup("a:graphicData", inside, attributes={"uri": PICTURE_NAMESPACE}))
    edges: dict[str, str | int] = {"distT": 0, "distB": 0, "distL": 0, "distR": 0}
    return w(
        "r", w("drawing", markup("wp:inline", markup("wp:extent", attributes=size), said, graphic, attributes=edges))
    )


def _decorative() -> Wml:
    """Return the mark of a picture that is not read."""
    mark = markup("adec:decorative", attributes={"xmlns:adec": _DECORATIVE_NAMESPACE, "val": 1})
    return markup("a:extLst", markup("a:ext", mark, attributes={"uri": _DECORATIVE_URI}))


# ---------------------------------------------------------------- pixels


class _Pen(Struct, frozen=True):
    """What a page is drawn with: colours by role, the roles that are drawn as lines, the height, and known glyphs."""

    colours: Mapping[str, str]
    hatched: Collection[str]
    top: float
    glyphs: dict[tuple[int, int], str]

    def colour(self, role: str, operator: str) -> str:
        """Return the operator that sets a colour."""
        channels = rgb_channels(role if role.startswith("#") else self.colours[role])
        return f"{' '.join(map(_number, channels))} {operator}"


def _png(drawing: Drawing, theme: Theme, ground: str, family: FontFamily, scale: float = 1.0) -> bytes:
    """Return a drawing as the pixels of a PNG."""
    width, height = drawing.width, drawing.height
    pen = _Pen(theme.colours, theme.edition.hatched, height, {})
    page = f"{pen.colour(ground, 'rg')} 0 0 {_number(width)} {_number(height)} re f"
    commands = [page, "1 j", *(each for shape in drawing.shapes for each in _shape_commands(shape, pen, family))]
    document = pypdfium2.PdfDocument(_pdf_page("\n".join(commands), width, height))
    try:
        picture = document[0].render(scale=scale * _PIXELS_PER_POINT).to_pil()
    finally:
        document.close()
    few = picture.quantize(_COLOURS, method=_OCTREE)
    few.putpalette([_WHITE if value == _NEARLY_WHITE else value for value in few.getpalette() or ()])
    written = BytesIO()
    few.save(written, "PNG", dpi=(200, 200), compress_level=_COMPRESSION)
    return written.getvalue()


def _pdf_page(commands: str, width: float, height: float) -> bytes:
    """Return a PDF of one page with these commands."""
    content = commands.encode("ascii")
    box = f"[0 0 {_number(width)} {_number(height)}]"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Resources<<>>/Contents 4 0 R>>".encode("ascii"),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    )
    written, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(written))
    return b"%sxref\n0 %d\n0000000000 65535 f \n%s%s" % (written, len(objects) + 1, table, trailer)


def _shape_commands(shape: Shape, pen: _Pen, family: FontFamily) -> Iterator[str]:
    """Yield what draws a shape, a label as the outlines of its letters."""
    if not isinstance(shape, TextLabel):
        yield from _path_commands(shape_path(shape), pen)
        return
    for item in shape_items(shape, None, family):
        match item:
            case TextItem():
                yield from _letter_commands(item, pen)
            case ShapeItem():
                yield from _path_commands(shape_path(item.shape), pen)


def _path_commands(path: Path, pen: _Pen) -> Iterator[str]:
    """Yield what fills and strokes a path; a role that copiers lose is drawn as lines."""
    stroked = bool(path.stroke) and path.width > 0
    fill = path.fill
    if not path.commands or not (fill or stroked):
        return
    drawn = _path_data(path, pen.top)
    if fill in pen.hatched:
        inside = shape_bounds(replace(path, stroke=""), 0.0, 0.0)
        size = inside.right - inside.left, inside.bottom - inside.top
        yield f"q {drawn} W n"
        for line in hatch_paths(inside.left, inside.top, *size, "ink"):
            yield from _path_commands(line, replace(pen, hatched=()))
        yield "Q"
        fill = ""
    paint = {(True, True): "B", (True, False): "f", (False, True): "S"}.get((bool(fill), stroked))
    if paint is None:
        return
    looks = [pen.colour(fill, "rg")] if fill else []
    if stroked:
        dash = " ".join(map(_number, path.dash))
        cap = int(path.cap == "round")
        looks += [pen.colour(path.stroke, "RG"), f"{_number(path.width)} w {cap} J [{dash}] 0 d"]
    yield f"q {' '.join(looks)} {drawn} {paint} Q"


_OPERATORS = {"M": "m", "L": "l", "C": "c"}


def _path_data(path: Path, top: float) -> str:
    """Return the commands of a path, y growing upward."""
    told = []
    for verb, values in path.commands:
        if verb == "Z":
            told.append("h")
        else:
            turned = (top - value if index % 2 else value for index, value in enumerate(values))
            told.append(f"{' '.join(map(_number, turned))} {_OPERATORS[verb]}")
    return " ".join(told)


def _letter_commands(item: TextItem, pen: _Pen) -> Iterator[str]:
    """Yield what draws the letters of a text."""
    size, x = item.run.size, item.x
    yield f"q {pen.colour(item.colour, 'rg')}"
    for piece in item.run.pieces:
        for glyph, advance in zip(piece.glyphs, piece.advances, strict=True):
            key = (id(piece.face), glyph.id)
            if key not in pen.glyphs:
                outline = glyph_outline(piece.face, glyph.id)
                told = (f"{' '.join(map(_number, values))} {_OPERATORS.get(verb, 'h')}" for verb, values in outline)
                pen.glyphs[key] = " ".join(told)
            if pen.glyphs[key]:
                place = f"{_number(size)} 0 0 {_number(size)} {_number(x)} {_number(pen.top - item.baseline)} cm"
                yield f"q {place} {pen.glyphs[key]} f Q"
            x += advance
    yield "Q"


def _number(value: float) -> str:
    """Return a number with four decimals."""
    return f"{value:.4f}"
