"""Edits Word files as Word does: tracked changes, comments with replies, and runs split by typing.

Each edit changes the XML as in Word: runs are split and get session ids, deleted text moves to `w:delText`, inserted
text is in runs of its own, and a comment starts and ends between runs.
"""

from __future__ import annotations

import copy
import io
import random
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_COMMENTS = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
DAY = "2026-11-02T10:15:00Z"


def w(name: str) -> str:
    """Return a qualified name of WordprocessingML."""
    return f"{{{W}}}{name}"


def word_file(paragraphs: Iterable[tuple[str, str]], extra_parts: Mapping[str, bytes] | None = None) -> bytes:
    """Return a small Word file with paragraphs of key and text; a key that is not empty becomes a bookmark."""
    body = etree.Element(w("body"), nsmap={"w": W, "w14": W14})
    for number, (key, words) in enumerate(paragraphs):
        paragraph = etree.SubElement(body, w("p"))
        run = etree.SubElement(paragraph, w("r"))
        _text(run, "t", words)
        if key:
            start = etree.Element(w("bookmarkStart"), {w("id"): str(number), w("name"): key})
            paragraph.insert(0, start)
            etree.SubElement(paragraph, w("bookmarkEnd"), {w("id"): str(number)})
    document = etree.Element(w("document"), nsmap={"w": W, "w14": W14})
    document.append(body)
    etree.SubElement(body, w("sectPr"))
    parts = {
        "[Content_Types].xml": b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        b'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
        "word/document.xml": etree.tostring(document, xml_declaration=True, encoding="UTF-8", standalone=True),
        "word/_rels/document.xml.rels": _relations(),
    }
    return zip_parts({**parts, **(extra_parts or {})})


def zip_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return a ZIP package of `parts`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def read_parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of a ZIP package by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _relations(*targets: tuple[str, str]) -> bytes:
    root = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
    for kind, target in targets:
        etree.SubElement(
            root,
            f"{{{_RELATIONS}}}Relationship",
            {"Id": f"rId{kind}", "Type": f"{_OFFICE}/{kind}", "Target": target},
        )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _text(run: Any, name: str, words: str) -> None:
    """Add a text element to a run, with spaces preserved."""
    element = etree.SubElement(run, w(name))
    element.text = words
    element.set(_SPACE, "preserve")


@dataclass
class WordEditor:
    """A Word file and the edits made to it by `author`; the seed decides session ids and how insertions are split."""

    content: bytes
    seed: int = 0
    author: str = "Dr A. Keeper"
    comments: list[Any] = field(default_factory=list)
    threads: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parts = read_parts(self.content)
        self.document = etree.fromstring(self.parts["word/document.xml"])
        self.rng = random.Random(self.seed)
        self.number = 1000

    # -------------------------------------------------------- finding

    def paragraph(self, key: str) -> Any:
        """Return the paragraph with the bookmark `key`."""
        (start,) = self.document.xpath("//w:bookmarkStart[@w:name=$key]", key=key, namespaces={"w": W})
        return next(each for each in start.iterancestors(w("p")))

    def paragraph_containing(self, words: str) -> Any:
        """Return the first paragraph that contains `words`."""
        return next(each for each in self.document.iter(w("p")) if words in self.words(each))

    @staticmethod
    def words(paragraph: Any) -> str:
        """Return the text of a paragraph before tracked changes, to which offsets refer."""
        return "".join(
            each.text or ""
            for each in paragraph.iter(w("t"), w("delText"))
            if not any(up.tag == w("ins") for up in each.iterancestors(w("ins")))
        )

    # -------------------------------------------------------- typing

    def _session(self) -> str:
        return f"{self.rng.randrange(16**8):08X}"

    def _revision(self, name: str) -> Any:
        self.number += 1
        return etree.Element(w(name), {w("id"): str(self.number), w("author"): self.author, w("date"): DAY})

    def split(self, paragraph: Any, offset: int) -> None:
        """Split the run at an offset, as typing there does."""
        position = 0
        for run in list(paragraph.iter(w("r"))):
            if any(True for _ in run.iterancestors(w("ins"))):
                continue
            text = next(iter(run.iter(w("t"), w("delText"))), None)
            if text is None:
                continue
            words = text.text or ""
            if position < offset < position + len(words):
                second = copy.deepcopy(run)
                run.addnext(second)
                run.set(w("rsidR"), self._session())
                second.set(w("rsidRPr"), self._session())
                text.text = words[: offset - position]
                second_text = next(iter(second.iter(w("t"), w("delText"))))
                second_text.text = words[offset - position :]
                for each in (text, second_text):
                    each.set(_SPACE, "preserve")
                return
            position += len(words)

    def _runs(self, paragraph: Any, start: int, end: int) -> list[Any]:
        """Split runs at `start` and `end`, and return those between."""
        self.split(paragraph, start)
        self.split(paragraph, end)
        found, position = [], 0
        for run in paragraph.iter(w("r")):
            if any(True for _ in run.iterancestors(w("ins"))):
                continue
            length = sum(len(each.text or "") for each in run.iter(w("t"), w("delText")))
            if length and start <= position and position + length <= end:
                found.append(run)
            position += length
        return found

    def _run_before(self, paragraph: Any, offset: int) -> Any:
        """Split the run at an offset, and return the run before it; None at the start of the paragraph."""
        self.split(paragraph, offset)
        position, last = 0, None
        for run in paragraph.iter(w("r")):
            if any(True for _ in run.iterancestors(w("ins"))):
                continue
            if position >= offset:
                break
            position += sum(len(each.text or "") for each in run.iter(w("t"), w("delText")))
            last = run
        return last

    def insert(self, paragraph: Any, offset: int, words: str, name: str = "ins") -> None:
        """Insert `words` at an offset as a tracked change of one or two runs."""
        last = self._run_before(paragraph, offset)
        revision = self._revision(name)
        middle = self.rng.randrange(len(words) + 1)
        for piece in (words[:middle], words[middle:]):
            if piece:
                run = etree.SubElement(revision, w("r"), {w("rsidR"): self._session()})
                _text(run, "t", piece)
        if last is None:
            first = next(each for each in paragraph.iter(w("r")))
            first.addprevious(revision)
        else:
            (last.getparent() if last.getparent().tag == w("del") else last).addnext(revision)

    def delete(self, paragraph: Any, start: int, end: int, name: str = "del") -> None:
        """Delete the text between two offsets as a tracked change."""
        for run in self._runs(paragraph, start, end):
            revision = self._revision(name)
            run.addprevious(revision)
            revision.append(run)
            run.set(w("rsidDel"), self._session())
            for text in run.iter(w("t")):
                text.tag = w("delText")

    def replace(self, paragraph: Any, start: int, end: int, words: str) -> None:
        """Replace the text between two offsets as a tracked change."""
        self.delete(paragraph, start, end)
        self.insert(paragraph, end, words)

    def mark_paragraph_end(self, paragraph: Any, name: str) -> None:
        """Mark the end of a paragraph as inserted or deleted."""
        properties = paragraph.find(w("pPr"))
        if properties is None:
            properties = etree.Element(w("pPr"))
            paragraph.insert(0, properties)
        etree.SubElement(etree.SubElement(properties, w("rPr")), w(name), self._revision(name).attrib)

    def replace_untracked(self, paragraph: Any, words: str) -> None:
        """Replace the text of a paragraph without tracking."""
        texts = list(paragraph.iter(w("t")))
        texts[0].text = words
        for each in texts[1:]:
            each.text = ""

    def comment(self, paragraph: Any, start: int, end: int, words: str, *, reply: str = "", done: bool = False) -> None:
        """Comment on the text between two offsets, with a reply if `reply` is not empty."""
        runs = self._runs(paragraph, start, end)
        numbers = [str(len(self.comments) + each) for each in range(2 if reply else 1)]
        last = runs[-1]
        for number in numbers:
            runs[0].addprevious(etree.Element(w("commentRangeStart"), {w("id"): number}))
            range_end = etree.Element(w("commentRangeEnd"), {w("id"): number})
            last.addnext(range_end)
            run = etree.Element(w("r"))
            etree.SubElement(run, w("commentReference"), {w("id"): number})
            range_end.addnext(run)
            last = run
        parent = ""
        for number, text in zip(numbers, (words, reply), strict=False):
            comment = etree.Element(
                w("comment"),
                {w("id"): number, w("author"): self.author, w("date"): DAY, w("initials"): "AK"},
                nsmap={"w": W, "w14": W14},
            )
            name = f"{int(number) + 0x10000000:08X}"
            body = etree.SubElement(comment, w("p"), {f"{{{W14}}}paraId": name})
            _text(etree.SubElement(body, w("r")), "t", text)
            self.comments.append(comment)
            thread = etree.Element(f"{{{W15}}}commentEx", {f"{{{W15}}}paraId": name, f"{{{W15}}}done": str(int(done))})
            if parent:
                thread.set(f"{{{W15}}}paraIdParent", parent)
            parent = parent or name
            self.threads.append(thread)

    def strip_bookmarks(self) -> None:
        """Remove all bookmarks, as Google Docs does."""
        for name in ("bookmarkStart", "bookmarkEnd"):
            for each in list(self.document.iter(w(name))):
                each.getparent().remove(each)

    def to_bytes(self) -> bytes:
        """Return the edited file."""
        parts = dict(self.parts)
        options = {"xml_declaration": True, "encoding": "UTF-8", "standalone": True}
        parts["word/document.xml"] = etree.tostring(self.document, **options)
        relations = etree.fromstring(parts["word/_rels/document.xml.rels"])
        for kind, name, rows, root in (
            (f"{_OFFICE}/comments", "comments", self.comments, etree.Element(w("comments"), nsmap={"w": W})),
            ("http://schemas.microsoft.com/office/2011/relationships/commentsExtended", "commentsExtended",
             self.threads, etree.Element(f"{{{W15}}}commentsEx", nsmap={"w15": W15})),
        ):  # fmt: skip
            if not rows:
                continue
            root.extend(rows)
            parts[f"word/{name}.xml"] = etree.tostring(root, **options)
            values = {"Id": f"rv{name}", "Type": kind, "Target": f"{name}.xml"}
            etree.SubElement(relations, f"{{{_RELATIONS}}}Relationship", values)
        parts["word/_rels/document.xml.rels"] = etree.tostring(relations, **options)
        kinds = parts["[Content_Types].xml"].replace(
            b"</Types>", f'<Override PartName="/word/comments.xml" ContentType="{_COMMENTS}"/></Types>'.encode()
        )
        parts["[Content_Types].xml"] = kinds if self.comments else parts["[Content_Types].xml"]
        return zip_parts(parts)
