"""Draw figures, signs and codes as PNG, and put pictures with their alt texts into a Word file.

A drawing and its letters become paths on a PDF page of their own, which PDFium turns into pixels.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from io import BytesIO

import pypdfium2
from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Chart, Figure, Outlines, Pixels, QrCode
from handouts.document.text import fingerprint, texts_of
from handouts.figures import block_drawing
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
# A palette is enough for drawings, and halves the time and the bytes; method 2 of Pillow is the fast octree.
_COLOURS, _OCTREE, _COMPRESSION = 256, 2, 4
_WHITE, _NEARLY_WHITE = 255, 254  # the octree turns white into nearly white
_CODE_SIZE = 96.0
_HIGHEST_PICTURE_SHARE = 0.6  # of a page
_JPEG = b"\xff\xd8"
_DECORATIVE_URI = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"
_DECORATIVE_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2017/decorative"


# ---------------------------------------------------------------- pictures of a Document


def figure_picture(block: Figure | Chart, width: float, context: WordContext) -> Wml:
    """Return a figure or chart as a picture whose alt text ends with the words in the drawing."""
    theme, scale = context.theme, context.figure_scale
    key = ("word drawing", fingerprint(replace(block, at=NOWHERE)), width, theme, scale)
    drawing, content = context.cache.get_or_compute(key, lambda: _drawn_block(block, width, theme, scale))
    context.findings.extend(replace(found, at=block.at) for found in drawing.findings)
    words = "; ".join(each.text for each in texts_of(block) if each.role == "words")
    alt = f"{block.alt} {context.words.say('words_in_picture', words=words)}"
    return _picture_run(PictureFile(content, "png"), scale * drawing.width, scale * drawing.height, alt, context)


def _drawn_block(block: Figure | Chart, width: float, theme: Theme, scale: float) -> tuple[Drawing, bytes]:
    """Return the drawing of a figure or chart, and its PNG at `scale`."""
    style = theme.print["figure"]
    family = family_in(style.typeface, PRINT_FAMILY)
    drawing = block_drawing(block, width, style, family)
    return drawing, _png(drawing, theme, "white", family, scale)


def sign_picture(drawing: Drawing, size: float, context: WordContext, ground: str = "white") -> Wml:
    """Return a sign, `size` high, on the colour role `ground`, without alt text, as words beside it say the same."""
    theme = context.theme
    key = ("word sign", drawing, theme, ground)
    content = context.cache.get_or_compute(key, lambda: _png(drawing, theme, ground, PRINT_FAMILY))
    return _picture_run(PictureFile(content, "png"), size * drawing.width / drawing.height, size, "", context)


def code_picture(code: QrCode, context: WordContext) -> Wml:
    """Return a QR code with its alt text."""
    drawing = qr_code_drawing(code.target, _CODE_SIZE)
    content = _png(drawing, context.theme, "white", PRINT_FAMILY)
    alt = context.words.say("qr_alt", target=code.target)
    return _picture_run(PictureFile(content, "png"), drawing.width, drawing.height, alt, context)


def image_picture(
    image: Pixels | Outlines, alt: str, widest: float, context: WordContext, highest: float | None = None
) -> Wml:
    """Return an image of content, as large as `widest` and `highest` allow; one without alt text is decoration."""
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
    size = {"cx": emu(width), "cy": emu(height)}
    named: dict[str, str | int] = {"id": number, "name": f"Picture {number}"}
    described = {**named, "descr": alt} if alt else named
    properties = markup("wp:docPr", NOTHING if alt else _decorative_mark(), attributes=described)
    frame = markup("a:xfrm", markup("a:off", attributes={"x": 0, "y": 0}), markup("a:ext", attributes=size))
    shape = markup("a:prstGeom", markup("a:avLst"), attributes={"prst": "rect"})
    stretched = markup("a:stretch", markup("a:fillRect"))
    inside = markup(
        "pic:pic",
        markup("pic:nvPicPr", markup("pic:cNvPr", attributes=named), markup("pic:cNvPicPr")),
        markup("pic:blipFill", markup("a:blip", attributes={"r:embed": relation}), stretched),
        markup("pic:spPr", frame, shape),
    )
    graphic = markup("a:graphic", markup("a:graphicData", inside, attributes={"uri": PICTURE_NAMESPACE}))
    edges = {"distT": 0, "distB": 0, "distL": 0, "distR": 0}
    inline = markup("wp:inline", markup("wp:extent", attributes=size), properties, graphic, attributes=edges)
    return w("r", w("drawing", inline))


def _decorative_mark() -> Wml:
    """Return the extension that marks a picture as decoration, which screen readers skip."""
    mark = markup("adec:decorative", attributes={"xmlns:adec": _DECORATIVE_NAMESPACE, "val": 1})
    return markup("a:extLst", markup("a:ext", mark, attributes={"uri": _DECORATIVE_URI}))


# ---------------------------------------------------------------- pixels


class _Pen(Struct, frozen=True):
    """The state of drawing a page: colours by role, hatched roles, the height, and the outlines of glyphs so far."""

    colours: Mapping[str, str]
    hatched: Collection[str]
    top: float
    glyphs: dict[tuple[int, int], str]

    def colour(self, role: str, operator: str) -> str:
        """Return the PDF command that sets a colour; `operator` is "rg" for fills, "RG" for strokes."""
        channels = rgb_channels(role if role.startswith("#") else self.colours[role])
        return f"{' '.join(map(_number, channels))} {operator}"


def _png(drawing: Drawing, theme: Theme, ground: str, family: FontFamily, scale: float = 1.0) -> bytes:
    """Return a drawing as a PNG."""
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
    """Return a PDF of one page with this content stream."""
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
    """Yield the commands that draw a shape; a label is drawn as the outlines of its letters."""
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
    """Yield the commands that fill and stroke a path; hatched roles are filled with lines."""
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
    if not (fill or stroked):
        return
    paint = ("B" if stroked else "f") if fill else "S"
    looks = [pen.colour(fill, "rg")] if fill else []
    if stroked:
        dash = " ".join(map(_number, path.dash))
        cap = int(path.cap == "round")
        looks += [pen.colour(path.stroke, "RG"), f"{_number(path.width)} w {cap} J [{dash}] 0 d"]
    yield f"q {' '.join(looks)} {drawn} {paint} Q"


_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}


def _path_data(path: Path, top: float) -> str:
    """Return the commands of a path in PDF syntax, with y growing upward from the foot of the page."""
    commands = []
    for verb, values in path.commands:
        flipped = (top - value if index % 2 else value for index, value in enumerate(values))
        commands.append(" ".join((*map(_number, flipped), _OPERATORS[verb])))
    return " ".join(commands)


def _letter_commands(item: TextItem, pen: _Pen) -> Iterator[str]:
    """Yield the commands that draw the letters of a text."""
    size, x = item.run.size, item.x
    yield f"q {pen.colour(item.colour, 'rg')}"
    for piece in item.run.pieces:
        for glyph, advance in zip(piece.glyphs, piece.advances, strict=True):
            key = (id(piece.face), glyph.id)
            if key not in pen.glyphs:
                outline = glyph_outline(piece.face, glyph.id)
                commands = (" ".join((*map(_number, values), _OPERATORS[verb])) for verb, values in outline)
                pen.glyphs[key] = " ".join(commands)
            if pen.glyphs[key]:
                place = f"{_number(size)} 0 0 {_number(size)} {_number(x)} {_number(pen.top - item.baseline)} cm"
                yield f"q {place} {pen.glyphs[key]} f Q"
            x += advance
    yield "Q"


def _number(value: float) -> str:
    """Return a number with four decimals."""
    return f"{value:.4f}"
