"""Write in a Word file as people do in Word: changes that are tracked, comments with answers, and traces of typing.

Each edit changes the XML as Word does it: runs are split and get marks of the session, deleted words stay in
`w:delText`, what is put in is a run of its own, and a comment begins and ends between runs.
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
    """Return a name of WordprocessingML."""
    return f"{{{W}}}{name}"


def word_file(paragraphs: Iterable[tuple[str, str]], more: Mapping[str, bytes] | None = None) -> bytes:
    """Return a small Word file: each paragraph has the bookmark of its key around its words, or none."""
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
    return packed({**parts, **(more or {})})


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a package."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return made.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the parts of a package."""
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
    """Put words into a run, with the mark that its spaces count."""
    element = etree.SubElement(run, w(name))
    element.text = words
    element.set(_SPACE, "preserve")


@dataclass
class WordEditor:
    """A Word file in which somebody writes."""

    content: bytes
    seed: int = 0
    author: str = "Dr A. Keeper"
    comments: list[Any] = field(default_factory=list)
    threads: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parts = unpacked(self.content)
        self.document = etree.fromstring(self.parts["word/document.xml"])
        self.random = random.Random(self.seed)
        self.number = 1000

    # -------------------------------------------------------- finding

    def paragraph(self, key: str) -> Any:
        """Return the paragraph with the bookmark of a key."""
        (start,) = self.document.xpath("//w:bookmarkStart[@w:name=$key]", key=key, namespaces={"w": W})
        return next(each for each in start.iterancestors(w("p")))

    def containing(self, words: str) -> Any:
        """Return the first paragraph that says some words."""
        return next(each for each in self.document.iter(w("p")) if words in self.words(each))

    @staticmethod
    def words(paragraph: Any) -> str:
        """Return the words of a paragraph before changes, as `span` counts them."""
        return "".join(
            each.text or ""
            for each in paragraph.iter(w("t"), w("delText"))
            if not any(up.tag == w("ins") for up in each.iterancestors(w("ins")))
        )

    # -------------------------------------------------------- typing

    def _session(self) -> str:
        return f"{self.random.randrange(16**8):08X}"

    def _mark(self, name: str) -> Any:
        self.number += 1
        return etree.Element(w(name), {w("id"): str(self.number), w("author"): self.author, w("date"): DAY})

    def split(self, paragraph: Any, offset: int) -> None:
        """Split the run that holds an offset of the words before changes, as typing beside it does."""
        seen = 0
        for run in list(paragraph.iter(w("r"))):
            if any(True for _ in run.iterancestors(w("ins"))):
                continue
            text = next(iter(run.iter(w("t"), w("delText"))), None)
            if text is None:
                continue
            words = text.text or ""
            if seen < offset < seen + len(words):
                second = copy.deepcopy(run)
                run.addnext(second)
                run.set(w("rsidR"), self._session())
                second.set(w("rsidRPr"), self._session())
                text.text = words[: offset - seen]
                later = next(iter(second.iter(w("t"), w("delText"))))
                later.text = words[offset - seen :]
                for each in (text, later):
                    each.set(_SPACE, "preserve")
                return
            seen += len(words)

    def _runs(self, paragraph: Any, start: int, end: int) -> list[Any]:
        """Return the runs of a stretch of words, which were split for it."""
        self.split(paragraph, start)
        self.split(paragraph, end)
        found, seen = [], 0
        for run in paragraph.iter(w("r")):
            if any(True for _ in run.iterancestors(w("ins"))):
                continue
            length = sum(len(each.text or "") for each in run.iter(w("t"), w("delText")))
            if length and start <= seen and seen + length <= end:
                found.append(run)
            seen += length
        return found

    def _place(self, paragraph: Any, offset: int) -> Any:
        """Return the element of a paragraph behind which words at an offset are put in; None at its beginning."""
        self.split(paragraph, offset)
        seen, last = 0, None
        for run in paragraph.iter(w("r")):
            if any(True for _ in run.iterancestors(w("ins"))):
                continue
            if seen >= offset:
                break
            seen += sum(len(each.text or "") for each in run.iter(w("t"), w("delText")))
            last = run
        return last

    def insert(self, paragraph: Any, offset: int, words: str, name: str = "ins") -> None:
        """Type words at an offset, in one to three runs."""
        last = self._place(paragraph, offset)
        mark = self._mark(name)
        cut = self.random.randrange(len(words) + 1)
        for piece in (words[:cut], words[cut:]):
            if piece:
                run = etree.SubElement(mark, w("r"), {w("rsidR"): self._session()})
                _text(run, "t", piece)
        if last is None:
            first = next(each for each in paragraph.iter(w("r")))
            first.addprevious(mark)
        else:
            (last.getparent() if last.getparent().tag == w("del") else last).addnext(mark)

    def delete(self, paragraph: Any, start: int, end: int, name: str = "del") -> None:
        """Delete a stretch of words."""
        for run in self._runs(paragraph, start, end):
            mark = self._mark(name)
            run.addprevious(mark)
            mark.append(run)
            run.set(w("rsidDel"), self._session())
            for text in run.iter(w("t")):
                text.tag = w("delText")

    def replace(self, paragraph: Any, start: int, end: int, words: str) -> None:
        """Type words over others."""
        self.delete(paragraph, start, end)
        self.insert(paragraph, end, words)

    def end_mark(self, paragraph: Any, name: str) -> None:
        """Mark the end of a paragraph as put in or deleted."""
        properties = paragraph.find(w("pPr"))
        if properties is None:
            properties = etree.Element(w("pPr"))
            paragraph.insert(0, properties)
        etree.SubElement(etree.SubElement(properties, w("rPr")), w(name), self._mark(name).attrib)

    def retype(self, paragraph: Any, words: str) -> None:
        """Change a paragraph without tracking."""
        texts = list(paragraph.iter(w("t")))
        texts[0].text = words
        for each in texts[1:]:
            each.text = ""

    def comment(
        self, paragraph: Any, start: int, end: int, words: str, *, answer: str = "", done: bool = False
    ) -> None:
        """Comment on a stretch of words; somebody may answer."""
        runs = self._runs(paragraph, start, end)
        numbers = [str(len(self.comments) + each) for each in range(2 if answer else 1)]
        last = runs[-1]
        for number in numbers:
            runs[0].addprevious(etree.Element(w("commentRangeStart"), {w("id"): number}))
            ended = etree.Element(w("commentRangeEnd"), {w("id"): number})
            last.addnext(ended)
            run = etree.Element(w("r"))
            etree.SubElement(run, w("commentReference"), {w("id"): number})
            ended.addnext(run)
            last = run
        parent = ""
        for number, text in zip(numbers, (words, answer), strict=False):
            comment = etree.Element(
                w("comment"),
                {w("id"): number, w("author"): self.author, w("date"): DAY, w("initials"): "AK"},
                nsmap={"w": W, "w14": W14},
            )
            name = f"{int(number) + 0x10000000:08X}"
            inside = etree.SubElement(comment, w("p"), {f"{{{W14}}}paraId": name})
            _text(etree.SubElement(inside, w("r")), "t", text)
            self.comments.append(comment)
            thread = etree.Element(f"{{{W15}}}commentEx", {f"{{{W15}}}paraId": name, f"{{{W15}}}done": str(int(done))})
            if parent:
                thread.set(f"{{{W15}}}paraIdParent", parent)
            parent = parent or name
            self.threads.append(thread)

    def strip_bookmarks(self) -> None:
        """Take all bookmarks away, as Google Docs does."""
        for name in ("bookmarkStart", "bookmarkEnd"):
            for each in list(self.document.iter(w(name))):
                each.getparent().remove(each)

    def saved(self) -> bytes:
        """Return the file with all that was written in it."""
        parts = dict(self.parts)
        whole = {"xml_declaration": True, "encoding": "UTF-8", "standalone": True}
        parts["word/document.xml"] = etree.tostring(self.document, **whole)
        relations = etree.fromstring(parts["word/_rels/document.xml.rels"])
        for kind, name, rows, root in (
            (f"{_OFFICE}/comments", "comments", self.comments, etree.Element(w("comments"), nsmap={"w": W})),
            ("http://schemas.microsoft.com/office/2011/relationships/commentsExtended", "commentsExtended",
             self.threads, etree.Element(f"{{{W15}}}commentsEx", nsmap={"w15": W15})),
        ):  # fmt: skip
            if not rows:
                continue
            root.extend(rows)
            parts[f"word/{name}.xml"] = etree.tostring(root, **whole)
            values = {"Id": f"rv{name}", "Type": kind, "Target": f"{name}.xml"}
            etree.SubElement(relations, f"{{{_RELATIONS}}}Relationship", values)
        parts["word/_rels/document.xml.rels"] = etree.tostring(relations, **whole)
        kinds = parts["[Content_Types].xml"].replace(
            b"</Types>", f'<Override PartName="/word/comments.xml" ContentType="{_COMMENTS}"/></Types>'.encode()
        )
        parts["[Content_Types].xml"] = kinds if self.comments else parts["[Content_Types].xml"]
        return packed(parts)
