"""Builds docs/gallery.md: the text to paste and a picture of each block, from one composed project.

Pictures are cropped from the pages of a handout. Each stores a hash of its content, so that a test finds outdated
pictures. Signs are drawn as SVG.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml
from conftest import Project, copy_templates_and_contacts
from msgspec.structs import replace
from newcomer_project import FILES, NIGHT, REFERENCES
from paths import ROOT
from PIL import Image, ImageChops, PngImagePlugin
from samples import sample_theme
from validators import required_tool

from handouts.compose import compose_document
from handouts.deck.deck_plan import plan_deck
from handouts.document.nodes import Block, Blocks, Citation, Document, Heading, Sources
from handouts.document.text import walk
from handouts.explain import BLOCK_GROUPS, BlockEntry, block_entries, sign_words
from handouts.figures.shapes import Circle
from handouts.figures.shapes import Path as Outline
from handouts.figures.signs import sign_drawing
from handouts.layout.handout_pages import plan_document
from handouts.layout.page_model import GroupItem, ImageItem, PageItem, ShapeItem, TextItem
from handouts.pdf import render_pdf
from handouts.select import select_content
from handouts.slides_pdf import render_notes_pdf

GALLERY = ROOT / "docs" / "gallery.md"
PICTURES = ROOT / "docs" / "pictures" / "gallery"
ENTRIES = block_entries()
READER = "parents"
_RESOLUTION, _COLOURS, _MARGIN = 110, 24, 12
_HASH_KEY = "sample"
BEDROOM = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 90"><rect width="240" height="90" fill="#E4F0F1"/>'
    '<rect x="120" y="10" width="60" height="40" fill="#0F4C5C"/><circle cx="150" cy="30" r="11" fill="#FFFFFF"/>'
    '<rect x="20" y="62" width="200" height="16" fill="#0F4C5C"/><rect x="28" y="48" width="46" height="14" '
    'fill="#FFFFFF"/><rect x="20" y="40" width="6" height="46" fill="#0B3641"/><rect x="214" y="56" width="6" '
    'height="30" fill="#0B3641"/>'
    "</svg>"
)
SOURCES = """\
[
 {"id": "nice2018", "type": "report", "title": "Sleep after a fright", "author": [{"literal": "Sleep Group"}],
  "publisher": "Sleep Group", "issued": {"date-parts": [[2018]]}, "URL": "https://www.example.org/fright"},
 {"id": "moss2019", "type": "article-journal", "title": "Children at night",
  "author": [{"family": "Moss", "given": "A. B."}], "container-title": "J Sleep", "issued": {"date-parts": [[2019]]}}
]
"""


def identity(entry: BlockEntry) -> str:
    """Return group and name of an entry, which name its section and its picture."""
    return f"{entry.group}-{entry.name}"


def write_small_topic(root: Path) -> Project:
    """Write the small topic without samples."""
    project = Project(root)
    copy_templates_and_contacts(root)
    shutil.copy(ROOT / "content" / "kinds.yaml", project.content / "kinds.yaml")
    for name, text in FILES.items():
        project.write(name, text)
    return project


def write_project(root: Path) -> Project:
    """Write the small topic with a section, and if possible a slide, for each sample."""
    project = write_small_topic(root)
    project.replace(NIGHT, "::: {.sources}\n:::\n", "")  # the sample is the only list of sources
    rules = yaml.safe_load((ROOT / "content/wording/en.yaml").read_text(encoding="utf-8"))
    general = {name: rule for name, rule in rules.items() if not rule.keys() & {"for", "topics"}}
    project.write("content/wording/en.yaml", yaml.safe_dump(general, allow_unicode=True))
    project.write(REFERENCES, SOURCES)
    project.write("content/pictures/bedroom.svg", BEDROOM)
    for number, entry in enumerate(ENTRIES, 10):
        project.write(f"content/sleep/en/{number}-{identity(entry)}.md", section_of(entry))
    return project


def section_of(entry: BlockEntry) -> str:
    """Return a section with a sample: fields on a worksheet, all others on a slide too."""
    name = identity(entry)
    if entry.group == "fields":
        return f"# Sample {{.worksheet #{name}}}\n\n## Heading\n{entry.name}\n\n## Body\n{entry.paste}"
    slide = f'## Claim\nSample {name}\n\n## Gist\n{entry.paste}\n## Spoken {{minutes="1"}}\nSay it slowly.\n'
    return f"# Sample {{.section #{name}}}\n\n## Heading\n{entry.name}\n\n## Body\n{entry.paste}\n{slide}"


def compose_samples(project: Project, *templates: str) -> Mapping[str, Document]:
    """Return the documents of the small topic by template; by default those that contain the samples."""
    selection = select_content(project.load(), "sleep", READER, "en")
    return {
        name: compose_document(selection, name).document for name in templates or ("handout", "worksheets", "slides")
    }


def sample_of(entry: BlockEntry, documents: Mapping[str, Document]) -> Document:
    """Return a document with one sample only."""
    document = documents["worksheets" if entry.group == "fields" else "handout"]
    found = tuple(_blocks_of_section(identity(entry), document.blocks))
    nodes = tuple(walk(found))
    if any(isinstance(node, Citation) for node in nodes) and not any(isinstance(node, Sources) for node in nodes):
        found = (*found, *(node for node in document.blocks if isinstance(node, Sources)))  # the targets of citations
    return replace(document, blocks=found, crisis=replace(document.crisis, columns=()))


def _blocks_of_section(anchor: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks below the heading with an anchor, up to the next heading of its level."""
    inside = False
    for block in _without_sheets(blocks):
        if isinstance(block, Heading) and block.level == 2:
            inside = block.anchor == anchor
        elif inside:
            yield block


def _without_sheets(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield blocks, with each worksheet replaced by its blocks."""
    for block in blocks:
        inside: Blocks = getattr(block, "blocks", ()) if type(block).__name__ == "Worksheet" else ()
        yield from inside or (block,)


# ---------------------------------------------------------------- pictures


def fingerprint(paste: str, document: Document) -> str:
    """Return a hash of the text to paste and of the items on its page, rounded to a tenth of a point."""
    page = plan_document(document, sample_theme()).pages[0]
    lines = [paste, *(line for item in page.items for line in _item_lines(item))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def slide_fingerprint(paste: str, talk: Document) -> str:
    """Return a hash of the text to paste, of its slide and of the notes."""
    slides = plan_deck(talk, sample_theme()).slides
    lines = [paste, *(re.sub(r"Location\([^)]*\)", "", _rounded(repr(slide))) for slide in slides)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _item_lines(item: PageItem) -> Iterator[str]:
    """Yield the content and position of an item as text."""
    match item:
        case TextItem():
            yield f"{item.run.text} {item.x:.1f} {item.baseline:.1f} {item.run.size:.1f} {item.colour}"
        case ShapeItem():
            yield f"{_rounded(repr(item.shape))} {item.x:.1f} {item.y:.1f}"
        case ImageItem():
            yield f"{hashlib.sha256(item.content).hexdigest()} {item.x:.1f} {item.y:.1f} {item.width:.1f}"
        case GroupItem():
            yield from (line for each in item.items for line in _item_lines(each))
        case _:
            yield type(item).__name__


def _rounded(text: str) -> str:
    """Return `text` with its decimal numbers rounded to a tenth."""
    return re.sub(r"-?\d+\.\d+(?:e-?\d+)?", lambda found: f"{float(found[0]) + 0.0:.1f}".replace("-0.0", "0.0"), text)


def draw_picture(paste: str, document: Document, folder: Path) -> bytes:
    """Return a cropped PNG of a sample on paper. Needs pdftoppm."""
    page = _page_image(render_pdf(document, sample_theme()).content, folder)
    top, bottom = (round(row * _RESOLUTION / 72) for row in _text_rows(document))
    return _png_bytes(_cropped(page.crop((0, top, page.width, bottom)), _MARGIN), fingerprint(paste, document))


def draw_slide(paste: str, talk: Document, folder: Path) -> bytes:
    """Return a cropped PNG of a sample on its slide with the notes below. Needs pdftoppm."""
    page = _page_image(render_notes_pdf(talk, sample_theme()).content, folder)
    return _png_bytes(
        _cropped(page.crop((0, 0, page.width, page.height * 3 // 4)), _MARGIN), slide_fingerprint(paste, talk)
    )


def _page_image(content: bytes, folder: Path) -> Image.Image:
    """Return the first page of a PDF as an image."""
    file = folder / "sample.pdf"
    file.write_bytes(content)
    tool = required_tool("pdftoppm")
    command = [tool, "-r", str(_RESOLUTION), "-png", "-f", "1", "-l", "1", "-singlefile", str(file), str(file)]
    subprocess.run(command, check=True)
    with Image.open(f"{file}.png") as opened:
        return opened.convert("RGB")


def _cropped(page: Image.Image, margin: int) -> Image.Image:
    """Return a page cropped to its content with a margin."""
    extent = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
    assert extent, "the page is empty"
    return page.crop((extent[0] - margin, extent[1] - margin, extent[2] + margin, extent[3] + margin))


def _text_rows(document: Document) -> tuple[float, float]:
    """Return top and bottom of the text on the first page, between header and footer."""
    page = plan_document(document, sample_theme()).pages[0]
    running = [
        item
        for item in page.items
        if isinstance(item, TextItem) and item.element is not None and item.element.role == "Artifact"
    ]
    head = [item.baseline + item.run.size / 2 for item in running if item.baseline < page.height / 2]
    foot = [item.baseline - item.run.size for item in running if item.baseline > page.height / 2]
    return max(head, default=0.0), min(foot, default=page.height)


def _png_bytes(picture: Image.Image, mark: str) -> bytes:
    """Return a picture as a small PNG with a hash in its metadata."""
    metadata = PngImagePlugin.PngInfo()
    metadata.add_text(_HASH_KEY, mark)
    buffer = io.BytesIO()
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True, pnginfo=metadata)
    return buffer.getvalue()


def mark_of(picture: Path) -> str:
    """Return the hash in the metadata of a picture."""
    with Image.open(picture) as opened:
        return str(opened.info.get(_HASH_KEY, ""))


def sign_svg(name: str) -> str:
    """Return a sign as an SVG."""
    drawing = sign_drawing(name, 48, "#0F4C5C")
    shapes = "".join(_svg_shape(shape) for shape in drawing.shapes if isinstance(shape, Circle | Outline))
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48" viewBox="0 0 48 48">{shapes}</svg>\n'


def _svg_shape(shape: Circle | Outline) -> str:
    """Return a circle or a path of a sign in SVG."""
    look = f'fill="{shape.fill or "none"}"' + (
        f' stroke="{shape.stroke}" stroke-width="{shape.width:g}"' if shape.stroke else ""
    )
    if isinstance(shape, Circle):
        return f'<circle cx="{shape.x:g}" cy="{shape.y:g}" r="{shape.radius:g}" {look}/>'
    path = "".join(f"{verb}{' '.join(f'{value:g}' for value in values)}" for verb, values in shape.commands)
    dash = f' stroke-dasharray="{" ".join(f"{each:g}" for each in shape.dash)}"' if shape.dash else ""
    return f'<path d="{path}" {look} stroke-linecap="{shape.cap}" stroke-linejoin="round"{dash}/>'


# ---------------------------------------------------------------- the page

_INTRODUCTION = """\
# Gallery

This page shows everything that you can write, how it looks on paper, and the text to copy and paste. The program makes
the page and its pictures (`python -m pytest tests/test_gallery.py --accept`), so they are always true. In the terminal,
`handouts explain wheel` tells you the same. [writing.md](writing.md) explains how to put together the text of a
section.

The samples are about sleep and school. Their numbers are made up.
"""


def gallery_text() -> str:
    """Return the text of docs/gallery.md."""
    groups = "".join(f"\n## {title}\n{''.join(_entries_of(group))}" for group, title in BLOCK_GROUPS.items())
    return f"{_INTRODUCTION}{groups}\n## Signs\n{_signs()}"


def _entries_of(group: str) -> Iterator[str]:
    """Yield the text of each block of a group: description, picture, text to paste, keys and attributes."""
    for entry in ENTRIES:
        if entry.group != group:
            continue
        fence = "````" if "```" in entry.paste else "```"
        yield f"\n### `{entry.name}`\n\n{entry.what}\n"
        yield f"\n![{entry.name}, as it looks on paper](pictures/gallery/{identity(entry)}.png)\n"
        yield f"\n{fence}markdown\n{entry.paste}{fence}\n"
        yield from _description_table("Key", entry.keys)
        yield from _description_table("In the braces", entry.takes)
        if entry.limits:
            yield "\n" + "".join(f"- {limit}\n" for limit in entry.limits)


def _description_table(title: str, named: Mapping[str, str]) -> Iterator[str]:
    """Yield a table of names and descriptions."""
    if named:
        yield f"\n| {title} | |\n| --- | --- |\n" + "".join(f"| `{name}` | {what} |\n" for name, what in named.items())


def _signs() -> str:
    """Return the table of signs, and where they can be used."""
    rows = "".join(
        f"| ![{words}](pictures/gallery/sign-{name}.svg) | `{name}` | {words} |\n"
        for name, words in sign_words().items()
    )
    use = """
You can use signs in these places:

- on a card and its slide: write `sign="sleep"` in the first line of the factor
- in a wheel: use the sign as the key of a factor, or write `signs="sleep time"`
- on slides, before the rows of a table: write `signs="sleep time"`

You can also draw your own sign. Save it as a plain SVG in `content/pictures`, and write `sign="bicycle.svg"`. You
can use the words below in an alt text.
"""
    return f"{use}\n| | Name | What it shows |\n| --- | --- | --- |\n{rows}"
