"""Read Word files that reviewers have written in: their paragraphs with tracked changes, and their comments.

Bytes in; frozen values out, which say what each paragraph said before the changes and after them. Files come from
strangers: they are unpacked within bounds, nothing outside of them is fetched, and no macro is run. Knows nothing of
what the file was made of; must never open a file.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lxml import etree
from msgspec import Struct, field
from msgspec.structs import replace

from handouts.finding import Finding, HandoutError, Location, error, warning
from handouts.load.office_package import (
    BROKEN_PACKAGE,
    OLE_SIGNATURE,
    ZIP_SIGNATURE,
    OfficeFile,
    is_unsafe_xml,
    unpack_parts,
)

MAX_REVIEW_BYTES = 50_000_000  # of a file with pictures, of which only the words are unpacked
_MAX_TAGS = 1_000_000
_MAX_NAME = 80
# More than any reviewer writes: changes and comments in all, pieces and characters of a paragraph, ranges that are open
# at once.
_MAX_MARKS, _MAX_PIECES, _MAX_CHARACTERS, _MAX_OPEN = 5_000, 20_000, 100_000, 100
_SAVE_HINT = "open it in Word or LibreOffice, and save it as Word Document (.docx)"


class Mark(Struct, frozen=True):
    """Who has changed something, and when, as Word has written it down."""

    author: str
    date: str


class TrackedChange(Struct, frozen=True):
    """Words that somebody has put in the place of others: the `old` ones stand at `offset` of the paragraph before.

    A line end in the old words is the end of the paragraph, which was joined with the next one; in the new words, a
    paragraph begins there. `moved` words were taken from here, or put here, in one piece.
    """

    mark: Mark
    offset: int
    old: str
    new: str
    moved: bool = False

    @property
    def end(self) -> int:
        """Where the old words end in the paragraph as it was before."""
        return self.offset + len(self.old.removesuffix("\n"))


class ReviewedParagraph(Struct, frozen=True):
    """One paragraph as it was `before` the tracked changes, these in order, and the bookmarks around its words.

    Of each bookmark it is known where it begins and ends in the words before.
    """

    before: str
    changes: tuple[TrackedChange, ...]
    bookmarks: tuple[tuple[str, int, int], ...]


class ReviewComment(Struct, frozen=True):
    """What somebody has written beside words: at `offset` of a paragraph by its number, -1 if it is beside none.

    `answers` are what others, or they, have written below it; `done` says that it was marked so.
    """

    mark: Mark
    text: str
    paragraph: int
    offset: int
    words: str
    answers: tuple[tuple[Mark, str], ...] = ()
    done: bool = False


class ReviewedFile(Struct, frozen=True):
    """A Word file with what reviewers have written in it, and warnings for what is in it and is not read."""

    file: str
    paragraphs: tuple[ReviewedParagraph, ...]
    comments: tuple[ReviewComment, ...]
    findings: tuple[Finding, ...]


def read_reviewed_file(content: bytes, file: str) -> ReviewedFile:
    """Return what reviewers have written in a Word file. HandoutError if it is none, or not safe to read."""
    if not content.startswith(ZIP_SIGNATURE):
        raise HandoutError(_not_a_word_file(content, file))
    broken = error("not-a-review-copy", "This Word file is broken.", Location(file), _SAVE_HINT)
    word = OfficeFile(file, "Word file", "Word", "not-a-review-copy", "delete pictures and pages that nobody changed")
    try:
        pieces = dict(unpack_parts(content, word, (".xml", ".rels")))
    except BROKEN_PACKAGE:
        raise HandoutError(broken) from None
    try:
        return _read_pieces(pieces, word)
    except etree.XMLSyntaxError:
        raise HandoutError(broken) from None


def _not_a_word_file(content: bytes, file: str) -> Finding:
    """Return the finding for a file that is no package at all."""
    kinds = (
        (OLE_SIGNATURE, "This is protected with a password, or an old Word file (.doc).",
         "in Word: File, Info, Protect Document, take the password off; then Save As, Word Document (.docx)"),
        (b"%PDF", "This is a PDF.", "send the Word file that they have written in; comments in a PDF are not read"),
        (b"{\\rtf", "This is an RTF file.", _SAVE_HINT),
    )  # fmt: skip
    found = next((each for each in kinds if content.startswith(each[0])), None)
    message, hint = found[1:] if found else ("This is no Word file.", _SAVE_HINT)
    return error("not-a-review-copy", message, Location(file), hint)


# ---------------------------------------------------------------- the package

_RELATIONS = "_rels/.rels"
_MAIN_PART = "/officeDocument"
_READ_PARTS = ("/comments", "/commentsExtended", "/footnotes", "/endnotes")
_EDGE_PARTS = ("/header", "/footer")


def _read_pieces(pieces: Mapping[str, bytes], file: OfficeFile) -> ReviewedFile:
    """Return what stands in the pieces of a package. HandoutError if its main part is no text of Word."""
    path = file.path
    if _RELATIONS not in pieces:
        kind = "an OpenDocument file" if "content.xml" in pieces else "no Word file"
        raise HandoutError(error("not-a-review-copy", f"This is {kind}.", Location(path), _SAVE_HINT))
    trees = _Trees(pieces, file)
    main = next((target for kind, target, _ in trees.relations("") if kind.endswith(_MAIN_PART)), "")
    text = trees.get(main)
    if text is None or _local(text) != "document":
        raise HandoutError(error("not-a-review-copy", "This is no Word file.", Location(path), _SAVE_HINT))
    linked = {kind: target for kind, target, _ in trees.relations(main)}
    beside = {name: trees.get(target) for kind, target in linked.items() for name in _READ_PARTS if kind.endswith(name)}
    try:
        folded = _fold(_tokens(text, None))
    except OverflowError:
        raise HandoutError(file.too_large("holds more changes or longer paragraphs than anybody can review")) from None
    comments = (*_comments(beside, folded), *_notes(beside, folded))
    return ReviewedFile(path, tuple(folded.paragraphs), comments, tuple(_unread(trees, main, text, path)))


class _Trees(Struct, frozen=True):
    """The pieces of a package, which are parsed when they are asked for."""

    pieces: Mapping[str, bytes]
    file: OfficeFile

    def get(self, name: str) -> Any | None:
        """Return a piece as a tree, None if it is not there. HandoutError if Word writes no such XML."""
        content = self.pieces.get(name)
        if content is None:
            return None
        if is_unsafe_xml(content):
            raise HandoutError(self.file.not_written_so())
        if content.count(b"<") > _MAX_TAGS:
            raise HandoutError(self.file.too_large("holds more than a review copy does"))
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))

    def relations(self, name: str) -> Iterator[tuple[str, str, bool]]:
        """Yield kind and target of each piece that a piece names, and whether that is outside of the file."""
        folder, base = posixpath.split(name)
        tree = self.get(posixpath.join(folder, "_rels", f"{base}.rels"))
        for each in () if tree is None else tree.iter("{*}Relationship"):
            outside, target = each.get("TargetMode") == "External", each.get("Target", "")
            inside = posixpath.normpath(posixpath.join(f"/{folder}", target)).lstrip("/")
            yield each.get("Type", ""), target if outside else inside, outside


def _unread(trees: _Trees, main: str, text: Any, path: str) -> Iterator[Finding]:
    """Yield a warning for each kind of thing in a file that is not read."""
    relations = tuple(trees.relations(main))
    edges = [trees.get(target) for kind, target, _ in relations if kind.endswith(_EDGE_PARTS)]
    tags = {_local(each) for each in text.iter("{*}altChunk", "{*}object")}
    told = {
        "macros, which are not run": any("vbaProject" in kind for kind, _, _ in relations),
        "links to files outside of it, which are not fetched": any(
            outside and not kind.endswith("/hyperlink") for kind, _, outside in relations
        ),
        "other files inside of it": bool(tags),
        "changes at the head or foot of its pages": any(
            next(each.iter("{*}ins", "{*}del"), None) is not None for each in edges if each is not None
        ),
    }
    for what, there in told.items():
        if there:
            message = f"This file has {what}. They are not read."
            hint = "see whether somebody wanted to say something with that"
            yield warning("review-not-read", message, Location(path), hint)


# ---------------------------------------------------------------- the text as a row of tokens


class _Change(Struct, frozen=True):
    """What was done with a stretch of text: `inserted`, `deleted`, or both, by whom."""

    mark: Mark
    inserted: bool
    deleted: bool
    moved: bool


class _Token(Struct, frozen=True):
    """One thing in the order of the file: text, the end of a paragraph, or where a bookmark or a comment begins."""

    kind: str
    value: str
    change: _Change | None = None
    name: str = ""


_CHANGES = {"ins": (True, False), "moveTo": (True, False), "del": (False, True), "moveFrom": (False, True)}
_SPACES = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "\u2011", "ptab": " "}
_POINTS = frozenset(
    ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "commentReference",
     "footnoteReference", "endnoteReference")
)  # fmt: skip
_SILENT = frozenset(("pPr", "rPr", "sectPr", "tblPr", "trPr", "tcPr", "sdtPr", "instrText", "delInstrText", "Fallback"))


def _local(element: Any) -> str:
    """Return the name of an element without its namespace, of which Word has two for the same."""
    return str(element.tag).rpartition("}")[2]


def _value(element: Any, name: str) -> str:
    """Return the value of an attribute of any namespace, or ""."""
    found = next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
    return str(found)


def _mark(element: Any) -> Mark:
    """Return who has changed something, and when, to the minute."""
    author = " ".join(_value(element, "author").split())[:_MAX_NAME]
    date = re.match(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)", _value(element, "date"))
    return Mark(author or "somebody", f"{date[1]} {date[2]}" if date else "")


def _changed(element: Any, outer: _Change | None) -> _Change:
    """Return what an element for a change says of the text in it, which may have been changed before by another."""
    name = _local(element)
    inserted, deleted = _CHANGES[name]
    made = _Change(_mark(element), inserted, deleted, name.startswith("move"))
    return replace(made, inserted=inserted or outer.inserted, deleted=deleted or outer.deleted) if outer else made


def _tokens(element: Any, change: _Change | None) -> Iterator[_Token]:
    """Yield what stands in an element in order; boxes of text follow the paragraph that they hang on."""
    for child in element:
        name = _local(child)
        if name == "p" and _is_paragraph(child):
            boxes: list[Any] = []
            yield from _inside_paragraph(child, None, boxes)
            yield _Token("end", "", _end_change(child))
            for box in boxes:
                yield from _tokens(box, None)
        elif name in _POINTS:
            yield _point(child)
        elif name not in _SILENT:
            yield from _tokens(child, change)


def _is_paragraph(element: Any) -> bool:
    """True for a paragraph of text, and not for one in a drawing."""
    return "wordprocessingml" in element.tag


def _end_change(paragraph: Any) -> _Change | None:
    """Return what was done with the end of a paragraph, None if nothing was."""
    for properties in paragraph.iterchildren("{*}pPr"):
        for marks in properties.iterchildren("{*}rPr"):
            found = next((each for each in marks if _local(each) in _CHANGES), None)
            return None if found is None else _changed(found, None)
    return None


def _inside_paragraph(element: Any, change: _Change | None, boxes: list[Any]) -> Iterator[_Token]:
    """Yield what stands in a paragraph, and put aside the boxes of text that hang on it."""
    for child in element:
        name = _local(child)
        if name in ("t", "delText"):
            if "drawingml" not in child.tag:
                yield _Token("text", re.sub(r"[\t\r\n]", " ", child.text or ""), change)
        elif name in _SPACES:
            yield _Token("text", _SPACES[name], change)
        elif name == "sym":
            yield _Token("text", _symbol(child), change)
        elif name in _POINTS:
            yield _point(child, change)
        elif name in _CHANGES:
            yield from _inside_paragraph(child, _changed(child, change), boxes)
        elif name == "txbxContent":
            boxes.append(child)
        elif name not in _SILENT:
            yield from _inside_paragraph(child, change, boxes)


def _symbol(element: Any) -> str:
    """Return the character of a symbol, or a question mark for one of a typeface of signs."""
    code = _value(element, "char")
    value = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{2,4}", code) else 0
    return chr(value) if 0x20 <= value < 0xD800 else "?"


def _point(element: Any, change: _Change | None = None) -> _Token:
    """Return the token of a place in the text."""
    return _Token(_local(element), _value(element, "id"), change, _value(element, "name"))


# ---------------------------------------------------------------- paragraphs


class _Anchor(Struct):
    """Where a comment or a note stands, and the words it is about."""

    paragraph: int
    offset: int
    mark: Mark
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    def words(self) -> str:
        """Return the words on which a comment stands, those that are there now if there are any."""
        now, once = (" ".join("".join(each).split()) for each in (self.after, self.before))
        return now or once


class _Folded(Struct):
    """The paragraphs so far, and the one that is read."""

    paragraphs: list[ReviewedParagraph] = field(default_factory=list)
    anchors: dict[tuple[str, str], _Anchor] = field(default_factory=dict)
    pieces: list[tuple[str, _Change | None]] = field(default_factory=list)
    length: int = 0
    begun: dict[str, tuple[str, int]] = field(default_factory=dict)  # bookmarks that are open, and since where
    bookmarks: list[tuple[str, int, int]] = field(default_factory=list)
    commented: set[str] = field(default_factory=set)
    marks: int = 0


def _fold(tokens: Iterator[_Token]) -> _Folded:
    """Return the paragraphs that tokens make, and where comments and notes stand."""
    folded = _Folded()
    for token in tokens:
        match token.kind:
            case "text":
                _add_text(folded, token.value, token.change)
            case "end":
                _end_paragraph(folded, token.change)
            case "bookmarkStart" if len(folded.begun) < _MAX_OPEN:
                folded.begun[token.value] = token.name, folded.length
            case "bookmarkEnd" if token.value in folded.begun:
                name, start = folded.begun.pop(token.value)
                _add_bookmark(folded, name, start)
            case "commentRangeStart":
                _add_anchor(folded, "comment", token)
                if len(folded.commented) < _MAX_OPEN:
                    folded.commented.add(token.value)
            case "commentRangeEnd":
                folded.commented.discard(token.value)
            case "commentReference" if ("comment", token.value) not in folded.anchors:
                _add_anchor(folded, "comment", token)
            case "footnoteReference" | "endnoteReference":
                _add_anchor(folded, token.kind, token)
            case _:
                pass
    if folded.pieces:
        _close_paragraph(folded)
    return folded


def _add_text(folded: _Folded, text: str, change: _Change | None) -> None:
    """Put text behind what is there; what one has inserted and another deleted is nothing."""
    if change and change.inserted and change.deleted:
        return
    folded.pieces.append((text, change))
    if len(folded.pieces) > _MAX_PIECES:
        raise OverflowError
    for number in folded.commented:
        anchor = folded.anchors["comment", number]
        if not (change and change.inserted):
            anchor.before.append(text)
        if not (change and change.deleted):
            anchor.after.append(text)
    if not (change and change.inserted):
        folded.length += len(text)


def _add_anchor(folded: _Folded, kind: str, token: _Token) -> None:
    """Remember where a comment or a note stands."""
    mark = token.change.mark if token.change else Mark("somebody", "")
    folded.anchors[kind, token.value] = _Anchor(len(folded.paragraphs), folded.length, mark)


def _add_bookmark(folded: _Folded, name: str, start: int) -> None:
    """Remember a bookmark that ends here; one that began in an earlier paragraph and holds nothing of this is none."""
    if start >= 0 or folded.length:
        folded.bookmarks.append((name, max(0, start), folded.length))


def _end_paragraph(folded: _Folded, change: _Change | None) -> None:
    """End a paragraph, unless its end was put in: before that, the next one belonged to it."""
    if change and change.inserted:
        if not change.deleted:
            folded.pieces.append(("\n", change))
        return
    if change and change.deleted:
        folded.pieces.append(("\n", change))
    for number in folded.commented:
        folded.anchors["comment", number].before.append(" ")
        folded.anchors["comment", number].after.append(" ")
    _close_paragraph(folded)


def _close_paragraph(folded: _Folded) -> None:
    """Put what was read among the paragraphs; bookmarks that are open go on in the next one."""
    for name, start in folded.begun.values():
        _add_bookmark(folded, name, start)
    folded.begun = {number: (name, -1) for number, (name, _) in folded.begun.items()}
    if sum(len(text) for text, _ in folded.pieces) > _MAX_CHARACTERS:
        raise OverflowError
    kept = [piece for piece in folded.pieces if not (piece[1] and piece[1].inserted)]
    before = "".join(text for text, _ in kept).removesuffix("\n")
    changes = tuple(_widened(each, before) for each in _merged(_changes(folded.pieces), before))
    folded.marks += len(changes)
    if folded.marks + len(folded.anchors) > _MAX_MARKS:
        raise OverflowError
    folded.paragraphs.append(ReviewedParagraph(before, changes, tuple(folded.bookmarks)))
    folded.pieces, folded.length, folded.bookmarks = [], 0, []


# ---------------------------------------------------------------- changes


def _changes(pieces: list[tuple[str, _Change | None]]) -> Iterator[TrackedChange]:
    """Yield the changes in a row of pieces: what one person deleted and put in at one place is one."""
    offset = 0
    open_change: TrackedChange | None = None
    for text, change in pieces:
        if change is None:
            if text:
                yield from (open_change,) if open_change else ()
                open_change = None
                offset += len(text)
            continue
        same = open_change and (open_change.mark.author, open_change.moved) == (change.mark.author, change.moved)
        if open_change is None or not same:
            yield from (open_change,) if open_change else ()
            open_change = TrackedChange(change.mark, offset, "", "", change.moved)
        if change.deleted:
            open_change = replace(open_change, old=open_change.old + text)
            offset += len(text)
        else:
            open_change = replace(open_change, new=open_change.new + text)
    yield from (open_change,) if open_change else ()


def _widened(change: TrackedChange, before: str) -> TrackedChange:
    """Return a change of whole words: the rest of a word that was changed in part belongs to it on both sides."""
    start, end = change.offset, change.end
    if change.moved:
        return change
    if not _is_space(change.old[:1], change.new[:1]):
        while start > 0 and not before[start - 1].isspace():
            start -= 1
    if not _is_space(change.old[-1:], change.new[-1:]):
        while end < len(before) and not before[end].isspace():
            end += 1
    left, right = before[start : change.offset], before[change.end : end]
    return replace(change, offset=start, old=left + change.old + right, new=left + change.new + right)


def _is_space(*edges: str) -> bool:
    """True if words end here: there is nothing but spaces at an edge of a change."""
    return "".join(edges).isspace()


def _merged(changes: Iterable[TrackedChange], before: str) -> Iterator[TrackedChange]:
    """Yield changes, of which those that one person has made in the same word are one."""
    last: TrackedChange | None = None
    for each in changes:
        between = before[last.end : each.offset] if last else " "
        same = last and (last.mark.author, last.moved) == (each.mark.author, False) and last.old[-1:] != "\n"
        if last and same and not re.search(r"\s", between):
            last = replace(last, old=last.old + between + each.old, new=last.new + between + each.new)
            continue
        yield from (last,) if last else ()
        last = each
    yield from (last,) if last else ()


# ---------------------------------------------------------------- comments


def _comments(beside: Mapping[str, Any], folded: _Folded) -> Iterator[ReviewComment]:
    """Yield the comments in the order of the text, each with its answers; those beside no words stand last."""
    part = beside.get("/comments")
    read = [] if part is None else [(each, list(_paragraph_ids(each))) for each in part.iter("{*}comment")]
    above, done = _threads(beside.get("/commentsExtended"))
    number_of = {name: _value(each, "id") for each, names in read for name in names}
    parents = {
        _value(each, "id"): number_of[above[name]]
        for each, names in read
        for name in names
        if above.get(name) in number_of
    }
    answers: dict[str, list[tuple[Mark, str]]] = {}
    first: list[ReviewComment] = []
    for each, _ in read:
        number = _value(each, "id")
        if (top := _top_of_thread(number, parents)) != number:
            answers.setdefault(top, []).append((_mark(each), _text_of(each)))
    for each, names in read:
        number = _value(each, "id")
        if _top_of_thread(number, parents) != number:
            continue
        anchor = folded.anchors.get(("comment", number)) or _Anchor(-1, 0, Mark("", ""))
        told, is_done = tuple(answers.get(number, ())), any(name in done for name in names)
        first.append(
            ReviewComment(
                _mark(each), _text_of(each), anchor.paragraph, anchor.offset, anchor.words(), told, done=is_done
            )
        )
    yield from sorted(first, key=lambda each: (each.paragraph < 0, each.paragraph, each.offset))


def _top_of_thread(number: str, parents: Mapping[str, str]) -> str:
    """Return the comment that began a thread, also for an answer to an answer; one that answers itself is its own."""
    top = number
    for _ in range(_MAX_OPEN):
        if top not in parents:
            return top
        top = parents[top]
    return number


def _notes(beside: Mapping[str, Any], folded: _Folded) -> Iterator[ReviewComment]:
    """Yield the notes at the foot of pages that somebody has added: they say something, as comments do."""
    for part, kind in (("/footnotes", "footnote"), ("/endnotes", "endnote")):
        tree = beside.get(part)
        for each in () if tree is None else tree.iter(f"{{*}}{kind}"):
            anchor = folded.anchors.get((f"{kind}Reference", _value(each, "id")))
            if anchor and (text := _text_of(each)):
                yield ReviewComment(anchor.mark, text, anchor.paragraph, anchor.offset, "")


def _text_of(element: Any) -> str:
    """Return the words of a comment or a note, in one line."""
    tokens = _tokens(element, None)
    kept = (" " if each.kind == "end" else each.value for each in tokens if each.kind in ("text", "end"))
    return " ".join("".join(kept).split())


def _paragraph_ids(element: Any) -> Iterator[str]:
    """Yield the ids of the paragraphs of a comment, by which another part says what it answers."""
    return (name for each in element.iter("{*}p") if (name := _value(each, "paraId")))


def _threads(part: Any | None) -> tuple[dict[str, str], set[str]]:
    """Return the paragraph above that of each answer, and the paragraphs of comments that are done."""
    entries = () if part is None else tuple(part.iter("{*}commentEx"))
    above = {_value(each, "paraId"): _value(each, "paraIdParent") for each in entries if _value(each, "paraIdParent")}
    return above, {_value(each, "paraId") for each in entries if _value(each, "done") in ("1", "true")}
