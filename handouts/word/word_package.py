"""Put a Word file together: the text, the crisis numbers in the footer, properties, pictures, links.

Nothing comes from the clock or from chance, and the dates in the package are fixed, so the same document always gives
the same bytes.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO

from handouts.document.nodes import CrisisColumn, CrisisLine, Document, begins_with_title, covers_alone
from handouts.finding import Finding
from handouts.render_cache import RenderCache
from handouts.theme import Theme
from handouts.units import twips
from handouts.word.runs import SEPARATOR, WordContext, linked_words, paragraph, run
from handouts.word.word_blocks import blocks_xml, slide_xml
from handouts.word.word_markup import NOTHING, Wml, characters, joined, markup, part_of_package, w, xml_part
from handouts.word.word_styles import embedded_fonts, fonts_part, lists_part, settings_part, styles_part, theme_part
from handouts.word.word_tables import WordCell, table_xml

_EPOCH = (1980, 1, 1, 0, 0, 0)
_PERMISSIONS = 0o600 << 16
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD_SHARE = 0.5
_MOST_COLUMNS, _MOST_CRISIS_LINES = 4, 2
TEXT_HASH = "handouts-text"  # the name of the property that holds the hash of the text
_CUSTOM_PROPERTIES, _FIRST_PROPERTY = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}", 2
_PARTS = ("styles", "numbering", "settings", "fontTable", "header1", "header2", "footer1", "footer2")
_PAGE_FIELDS = {"{n}": "PAGE", "{m}": "NUMPAGES"}
_PROPERTY_NAMESPACES = {
    "cp": f"{_PACKAGE}/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


def docx_bytes(document: Document, theme: Theme, cache: RenderCache) -> tuple[bytes, tuple[Finding, ...]]:
    """Return a document as the bytes of a Word file, and a finding for each thing that has no room in it."""
    context = WordContext(document, theme, cache)
    body = _body_xml(context)
    return package_bytes(context, body), tuple(context.findings)


def package_bytes(context: WordContext, body: Wml, properties: tuple[tuple[str, str], ...] = ()) -> bytes:
    """Return the bytes of a Word file with this body, which was made with `context`.

    A file with custom `properties` is for reviewers: Word tracks changes in it, and a further property holds the hash
    of its text, which shows later whether the file was saved again.
    """
    document, theme, tracked = context.document, context.theme, bool(properties)
    around = WordContext(document, theme, context.cache)
    footer = _footer_xml(around)
    has_blank = covers_alone(document)
    text = part_of_package("w:document", w("body", body, section_xml(theme)))
    parts = {
        "_rels/.rels": _package_relations(custom=tracked),
        "word/document.xml": text,
        "word/_rels/document.xml.rels": _relations((*_part_relations(), *_own_relations(context))),
        "word/styles.xml": styles_part(document, theme, tracked=tracked),
        "word/numbering.xml": lists_part(context.lists, theme, context.starts),
        "word/settings.xml": settings_part(document, tracked=tracked),
        "word/fontTable.xml": fonts_part(theme),
        "word/theme/theme1.xml": theme_part(theme),
        "word/header1.xml": part_of_package("w:hdr", _header_xml(context)),
        "word/header2.xml": part_of_package("w:hdr", paragraph("Header", NOTHING, context)),
        "word/footer1.xml": part_of_package("w:ftr", footer),
        "word/footer2.xml": part_of_package("w:ftr", paragraph("Footer", NOTHING, context) if has_blank else footer),
        "docProps/core.xml": _core_properties(document),
        "docProps/app.xml": _app_properties(),
    }
    if tracked:
        hashed = (TEXT_HASH, hashlib.sha256(text).hexdigest())
        parts["docProps/custom.xml"] = _custom_properties((*properties, hashed))
    if around.targets:
        relations = _relations(_own_relations(around))
        parts |= {f"word/_rels/footer{number}.xml.rels": relations for number in (1, 2)}
    fonts = embedded_fonts(theme)
    if fonts:
        parts["word/_rels/fontTable.xml.rels"] = _relations(
            _relation(font.name, f"{_OFFICE}/relationships/font", f"fonts/{font.name}.odttf") for font in fonts
        )
    parts |= {f"word/fonts/{font.name}.odttf": font.content for font in fonts}
    pictures = {f"word/media/{name}.{picture.ending}": picture.content for picture, name in context.pictures.items()}
    return _zipped({"[Content_Types].xml": _content_types(parts), **parts, **pictures})


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return parts as a zip file; pictures are stored, as they are compressed already."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr = 0, _PERMISSIONS
            entry.compress_type = zipfile.ZIP_STORED if name.startswith("word/media/") else zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return written.getvalue()


# ---------------------------------------------------------------- the text


def _body_xml(context: WordContext) -> Wml:
    """Return all blocks and slides, below a title if they do not begin with one."""
    document, width = context.document, context.text_width
    title = NOTHING if begins_with_title(document) else paragraph("Title", run(document.title), context)
    blocks = blocks_xml(document.blocks, width, context)
    return joined((title, blocks, *(slide_xml(slide, width, context) for slide in document.slides)))


def section_xml(theme: Theme, *, columns: int = 0, goes_on: bool = False) -> Wml:
    """Return the properties of a section: paper, margins, and headers and footers, with their own on the first page.

    A section that `goes_on` starts on the same page; `columns` is the number of text columns, 0 for the usual one.
    """
    paper = theme.paper
    margin, foot = twips(paper.margin), twips(_HEAD_SHARE * paper.margin)
    orient = "landscape" if paper.width > paper.height else None
    references = (
        markup(f"w:{kind}Reference", attributes={"w:type": when, "r:id": f"r{kind}{number}"})
        for kind in ("header", "footer")
        for number, when in ((1, "default"), (2, "first"))
    )
    return w(
        "sectPr",
        *references,
        w("type", val="continuous") if goes_on else NOTHING,
        w("pgSz", w=twips(paper.width), h=twips(paper.height), orient=orient),
        w("pgMar", top=margin, right=margin, bottom=margin, left=margin, header=foot, footer=foot, gutter=0),
        w("cols", num=columns, space=margin) if columns else NOTHING,
        w("titlePg"),
    )


# ---------------------------------------------------------------- on every page


def _header_xml(context: WordContext) -> Wml:
    """Return the header of all pages but the first: the short title, and the audience."""
    document = context.document
    return paragraph("Header", joined((run(document.running_title), w("r", w("tab")), run(document.label))), context)


def _footer_xml(context: WordContext) -> Wml:
    """Return the footer of a page: the crisis numbers, the state of the document, and the page number."""
    document = context.document
    state = joined((run(document.foot), w("r", w("tab")), _page_number(document)))
    return joined((*_crisis_xml(context), paragraph("Footer", state, context)))


def _page_number(document: Document) -> Wml:
    """Return the numbers of the page and of all pages, as fields that Word fills in."""
    pieces = re.split(r"(\{[nm]\})", document.words.say("page"))
    return joined(
        w("fldSimple", run("1"), instr=f" {_PAGE_FIELDS[each]} ") if each in _PAGE_FIELDS else run(each)
        for each in pieces
    )


def _crisis_xml(context: WordContext) -> Iterator[Wml]:
    """Yield the crisis box: a column for each need."""
    columns = context.document.crisis.columns[:_MOST_COLUMNS]
    if columns:
        widths = (context.text_width / len(columns),) * len(columns)
        cells = [WordCell(_crisis_column(column, context)) for column in columns]
        yield table_xml((cells,), widths, context, style="HandoutBox", gap_after=False)


def _crisis_column(column: CrisisColumn, context: WordContext) -> Wml:
    """Return one question with the numbers that answer it; more than two share one paragraph, to keep footers low."""
    question = paragraph("CrisisQuestion", run(column.question), context)
    numbers = [line for line in column.lines if line.number]
    together = len(numbers) > _MOST_CRISIS_LINES
    lines = [_crisis_number(line, "\u00a0" if together else " ", context) for line in numbers]
    lines = [Wml(run(SEPARATOR).join(lines))] if together else lines
    blanks = (run(f"{line.label} {'_' * 12}") for line in column.lines if not line.number)
    return joined((question, *(paragraph("CrisisLine", each, context) for each in (*lines, *blanks))))


def _crisis_number(line: CrisisLine, between: str, context: WordContext) -> Wml:
    """Return a label and its number, with `between` between them."""
    return joined((run(f"{line.label}{between}"), linked_words(line.number, line.target, context, called=True)))


# ---------------------------------------------------------------- the package (ISO/IEC 29500-2)


def _relation(ident: str, kind: str, target: str, *, outside: bool = False) -> Wml:
    """Return a relation to a part of the package, or to an address `outside` of it."""
    attributes = {"Id": ident, "Type": kind, "Target": target} | ({"TargetMode": "External"} if outside else {})
    return markup("Relationship", attributes=attributes)


def _relations(relations: Iterable[Wml]) -> bytes:
    """Return a part that holds relations."""
    return xml_part(markup("Relationships", *relations, attributes={"xmlns": f"{_PACKAGE}/relationships"}))


def _package_relations(*, custom: bool) -> bytes:
    """Return the relations of the package, to `custom` properties only if there are any."""
    kinds = (
        (f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        (f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
        *(((f"{_OFFICE}/relationships/custom-properties", "docProps/custom.xml"),) if custom else ()),
    )
    return _relations(_relation(f"r{number}", *each) for number, each in enumerate(kinds, 1))


def _part_relations() -> Iterator[Wml]:
    """Yield the relations from the text to the other parts."""
    yield _relation("rtheme", f"{_OFFICE}/relationships/theme", "theme/theme1.xml")
    for name in _PARTS:
        yield _relation(f"r{name}", f"{_OFFICE}/relationships/{name.rstrip('12')}", f"{name}.xml")


def _own_relations(context: WordContext) -> Iterator[Wml]:
    """Yield the relations from a part to its link addresses and pictures."""
    for target, ident in context.targets.items():
        yield _relation(ident, f"{_OFFICE}/relationships/hyperlink", target, outside=True)
    for picture, ident in context.pictures.items():
        yield _relation(ident, f"{_OFFICE}/relationships/image", f"media/{ident}.{picture.ending}")


def _content_types(parts: Mapping[str, bytes]) -> bytes:
    """Return the part that lists the content type of each part."""
    kinds = {
        "word/document.xml": f"{_WORD_TYPE}.document.main+xml",
        "word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    }
    if "docProps/custom.xml" in parts:
        kinds["docProps/custom.xml"] = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    kinds |= {
        name: f"{_WORD_TYPE}.{re.sub('[0-9]', '', name.removeprefix('word/').removesuffix('.xml'))}+xml"
        for name in parts
        if name.startswith("word/") and name.count("/") == 1 and name not in kinds
    }
    endings = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "png": "image/png",
        "jpeg": "image/jpeg",
        "odttf": "application/vnd.openxmlformats-officedocument.obfuscatedFont",
    }
    defaults = (
        markup("Default", attributes={"Extension": ending, "ContentType": kind}) for ending, kind in endings.items()
    )
    overrides = (
        markup("Override", attributes={"PartName": f"/{name}", "ContentType": kind}) for name, kind in kinds.items()
    )
    return xml_part(markup("Types", *defaults, *overrides, attributes={"xmlns": f"{_PACKAGE}/content-types"}))


def _core_properties(document: Document) -> bytes:
    """Return the metadata of a file: title, subject, language, author, state, and the date of the content."""
    date = characters(f"{document.modified}T00:00:00Z")
    named = {
        "dc:title": document.title,
        "dc:subject": document.subject,
        "dc:creator": document.author,
        "cp:keywords": ", ".join(document.keywords),
        "dc:language": document.language,
        "cp:lastModifiedBy": document.author,
        "cp:contentStatus": document.draft,
    }
    when = {"xsi:type": "dcterms:W3CDTF"}
    dates = [markup(f"dcterms:{name}", date, attributes=when) for name in ("created", "modified")]
    properties = (markup(name, characters(words)) for name, words in named.items() if words)
    spaces = {f"xmlns:{prefix}": address for prefix, address in _PROPERTY_NAMESPACES.items()}
    return xml_part(markup("cp:coreProperties", *properties, *dates, attributes=spaces))


def _app_properties() -> bytes:
    """Return the part that names the program that made the file."""
    name = markup("Application", characters("handouts"))
    return xml_part(markup("Properties", name, attributes={"xmlns": f"{_OFFICE}/extended-properties"}))


def _custom_properties(named: Iterable[tuple[str, str]]) -> bytes:
    """Return the part with custom properties, given as names and values (ISO/IEC 29500-1, 15.2.12.2)."""
    properties = []
    for number, (name, value) in enumerate(named, _FIRST_PROPERTY):
        attributes: dict[str, str | int] = {"fmtid": _CUSTOM_PROPERTIES, "pid": number, "name": name}
        properties.append(markup("property", markup("vt:lpwstr", characters(value)), attributes=attributes))
    spaces = {"xmlns": f"{_OFFICE}/custom-properties", "xmlns:vt": f"{_OFFICE}/docPropsVTypes"}
    return xml_part(markup("Properties", *properties, attributes=spaces))
