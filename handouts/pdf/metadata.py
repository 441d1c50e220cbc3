"""Document metadata: information, XMP packet, output intent, and the standards that a file claims to conform to.

A tagged file claims PDF/UA-1 and PDF/A-2a, an untagged one PDF/A-2b, and one with a form PDF/UA-1 alone. The date is
that of the content, at noon; the clock is never read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from html import escape

from reportlab.pdfgen.canvas import Canvas

from handouts.document.nodes import Document
from handouts.pdf.objects import PdfFile, stream_object, text_string
from handouts.version import VERSION

PRODUCER = f"handouts {VERSION}"

# The last block declares the property pdfuaid:part, as ISO 19005-2, 6.6.2.3 requires for every extension schema.
_XMP_TEMPLATE = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
{claims}<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Keywords>{keywords}</pdf:Keywords>
<pdf:Producer>{maker}</pdf:Producer>
<xmp:CreatorTool>{maker}</xmp:CreatorTool>
<xmp:CreateDate>{date}T12:00:00Z</xmp:CreateDate>
<xmp:ModifyDate>{date}T12:00:00Z</xmp:ModifyDate>
<xmp:MetadataDate>{date}T12:00:00Z</xmp:MetadataDate>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""

_PDFA_CLAIM = "<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>{level}</pdfaid:conformance>\n"
_PDFUA_CLAIM = "<pdfuaid:part>1</pdfuaid:part>\n"

# sRGB (IEC 61966-2-1): its primaries adapted to _D50, the matrix that adapts them, and its curve (ICC.1, type 3).
_D50 = (0.9642, 1.0, 0.8249)
_PRIMARIES = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
_ADAPTATION = (1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168)
_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_PROFILE_NAME = "sRGB IEC61966-2.1"


def set_information(document: Document, canvas: Canvas) -> None:
    """Set the document information (ISO 32000-1, 14.3.3), the viewer preferences and the page labels."""
    date = f"D:{document.modified.replace('-', '')}120000Z"
    canvas.setTitle(document.title)
    canvas.setAuthor(document.author)
    canvas.setSubject(document.subject)
    canvas.setKeywords(_keywords(document))
    canvas.setCreator(PRODUCER)
    canvas.setProducer(PRODUCER)
    canvas.setDateFormatter(lambda *_: date)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.addPageLabel(0, style="ARABIC")


def _keywords(document: Document) -> str:
    """Return the keywords as the information dictionary and the XMP packet write them."""
    return ", ".join(document.keywords)


def add_metadata(document: Document, file: PdfFile, *, tagged: bool, fillable: bool) -> None:
    """Write the XMP packet and the output intent, and let the catalogue refer to them.

    A tagged file claims PDF/UA; a file with a form does not claim PDF/A, because it is meant to be changed.
    """
    archived = "" if fillable else _PDFA_CLAIM.format(level="A" if tagged else "B")
    packet = _xmp_packet(document, f"{archived}{_PDFUA_CLAIM if tagged else ''}")
    metadata = file.add(stream_object(packet, "/Type/Metadata/Subtype/XML", compress=False))
    file.add_catalog_entry("Metadata", metadata)
    file.add_catalog_entry("OutputIntents", file.add(f"[{_output_intent(file)}]"))


def _xmp_packet(document: Document, claims: str) -> bytes:
    """Return the XMP packet, which agrees with the information dictionary."""
    texts = {
        "title": document.title,
        "author": document.author,
        "subject": document.subject,
        "language": document.language,
        "keywords": _keywords(document),
        "maker": PRODUCER,
        "date": document.modified,
    }
    escaped = {key: escape(text, quote=False) for key, text in texts.items()}
    return _XMP_TEMPLATE.format(**escaped, claims=claims).encode("utf-8")


def _output_intent(file: PdfFile) -> str:
    """Write the colour profile, and return the output intent that refers to it (ISO 19005-2, 6.2.3)."""
    profile = file.add(stream_object(srgb_profile(), "/N 3"))
    name = text_string(_PROFILE_NAME)
    return (
        f"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier{name}/Info{name}"
        f"/RegistryName(http://www.color.org)/DestOutputProfile {profile}>>"
    )


def srgb_profile() -> bytes:
    """Return an ICC profile of sRGB, version 4 (ICC.1:2010, 7 to 10)."""
    curve = b"para" + struct.pack(">4xH2x", 3) + _fixed_point_numbers(_CURVE)
    tags = {
        b"desc": _localized_text(_PROFILE_NAME),
        b"cprt": _localized_text("CC0"),
        b"wtpt": b"XYZ \0\0\0\0" + _fixed_point_numbers(_D50),
        b"chad": b"sf32\0\0\0\0" + _fixed_point_numbers(_ADAPTATION),
        **{tag: b"XYZ \0\0\0\0" + _fixed_point_numbers(values) for tag, values in _PRIMARIES.items()},
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, data = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for tag, value in tags.items():
        table += tag + struct.pack(">2I", start + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    return _profile_header(start + len(data)) + struct.pack(">I", len(tags)) + table + data


def _profile_header(size: int) -> bytes:
    """Return the header, 128 bytes long, of a profile of `size` bytes; its date is that of the ICC standard."""
    start = struct.pack(">I4xI", size, 0x04300000) + b"mntrRGB XYZ " + struct.pack(">6H", 2010, 12, 1, 0, 0, 0)
    return start + b"acsp" + bytes(28) + _fixed_point_numbers(_D50) + bytes(48)


def _fixed_point_numbers(values: Iterable[float]) -> bytes:
    """Return numbers as s15Fixed16Number."""
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _localized_text(text: str) -> bytes:
    """Return `text` as a multiLocalizedUnicodeType."""
    content = text.encode("utf-16-be")
    return b"mluc" + struct.pack(">4x2I", 1, 12) + b"enUS" + struct.pack(">2I", len(content), 28) + content
