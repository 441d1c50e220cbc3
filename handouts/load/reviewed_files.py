"""Read Word files that reviewers have edited: their paragraphs with tracked changes, and their comments.

Takes bytes; returns frozen values with the text of each paragraph before and after the changes. Files come from
strangers: they are unpacked within bounds, nothing outside them is fetched, and no macro is run. Does not depend on the
content that a file was made from; must never open a file.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
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

MAX_REVIEW_BYTES = 50_000_000  # of the whole file with pictures; only the XML is unpacked
_MAX_TAGS = 1_000_000
_MAX_NAME = 80
# More than any reviewer writes: changes and comments in all, pieces and characters of a paragraph, open ranges.
_MAX_MARKS, _MAX_PIECES, _MAX_CHARACTERS, _MAX_OPEN = 5_000, 20_000, 100_000, 100
_SAVE_HINT = "open it in Word or LibreOffice, and save it as Word Document (.docx)"


class Mark(Struct, frozen=True):
    """The author and date of a change or comment, as recorded by Word."""

    author: str
    date: str


class TrackedChange(Struct, frozen=True):
    """A replacement of words: the `old` words are at `offset` of the paragraph before the change.

    A line end in the old words is the end of the paragraph, which was joined with the next one; in the new words, it
    begins a new paragraph. `moved` words were moved from or to here in one piece.
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
    """One paragraph as it was `before` the tracked changes, the changes in order, and the bookmarks in it.

    Each bookmark is its name, and where it begins and ends in the words before.
    """

    before: str
    changes: tuple[TrackedChange, ...]
    bookmarks: tuple[tuple[str, int, int], ...]


class ReviewComment(Struct, frozen=True):
    """A comment on words at `offset` of a `paragraph` (its number); the number is -1 if the comment is on no words.

    `answers` are the replies; `done` means that the comment was marked as resolved.
    """

    mark: Mark
    text: str
    paragraph: int
    offset: int
    words: str
    answers: tuple[tuple[Mark, str], ...] = ()
    done: bool = False


class ReviewedFile(Struct, frozen=True):
    """A Word file with the edits and comments of reviewers, and warnings about things in it that are not read."""

    file: str
    paragraphs: tuple[ReviewedParagraph, ...]
    comments: tuple[ReviewComment, ...]
    findings: tuple[Finding, ...]


def read_reviewed_file(content: bytes, file: str) -> ReviewedFile:
    """Return what reviewers have written in a Word file. HandoutError if it is not one, or not safe to read."""
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
    """Return the error for a file that is not a zip package."""
    kinds = (
        (OLE_SIGNATURE, "This is protected with a password, or an old Word file (.doc).",
         "in Word: File, Info, Protect Document, take the password off; then Save As, Word Document (.docx)"),
        (b"%PDF", "This is a PDF.", "send the Word file that they have written in; comments in a PDF are not read"),
        (b"{\\rtf", "This is an RTF file.", _SAVE_HINT),
    )  # fmt: skip
    found = next((each for each in kinds if content.startswith(each[0])), None)
    message, hint = found[1:] if found else ("This is not a Word file.", _SAVE_HINT)
    return error("not-a-review-copy", message, Location(file), hint)


# ---------------------------------------------------------------- the package

_RELATIONS = "_rels/.rels"
_MAIN_PART = "/officeDocument"
_READ_PARTS = ("/comments", "/commentsExtended", "/footnotes", "/endnotes")
_HEADER_PARTS = ("/header", "/footer")


def _read_pieces(pieces: Mapping[str, bytes], file: OfficeFile) -> ReviewedFile:
    """Return the content of the parts of a package. HandoutError if its main part is not a Word document."""
    path = file.path
    if _RELATIONS not in pieces:
        kind = "an OpenDocument file" if "content.xml" in pieces else "not a Word file"
        raise HandoutError(error("not-a-review-copy", f"This is {kind}.", Location(path), _SAVE_HINT))
    trees = _Trees(pieces, file)
    main = next((target for kind, target, _ in trees.relations("") if kind.endswith(_MAIN_PART)), "")
    text = trees.get(main)
    if text is None or _tag_name(text) != "document":
        raise HandoutError(error("not-a-review-copy", "This is not a Word file.", Location(path), _SAVE_HINT))
    linked = {kind: target for kind, target, _ in trees.relations(main)}
    beside = {name: trees.get(target) for kind, target in linked.items() for name in _READ_PARTS if kind.endswith(name)}
    try:
        builder = _build_paragraphs(_tokens(text))
    except OverflowError:
        raise HandoutError(file.too_large("holds more changes or longer paragraphs than anybody can review")) from None
    comments = (*_read_comments(beside, builder), *_read_notes(beside, builder))
    return ReviewedFile(path, tuple(builder.paragraphs), comments, tuple(_unread_warnings(trees, main, text, path)))


class _Trees(Struct, frozen=True):
    """The parts of a package, each parsed when it is needed."""

    pieces: Mapping[str, bytes]
    file: OfficeFile

    def get(self, name: str) -> Any | None:
        """Return a part as a tree, None if it is missing. HandoutError if Word does not write such XML."""
        content = self.pieces.get(name)
        if content is None:
            return None
        if is_unsafe_xml(content):
            raise HandoutError(self.file.not_written_so())
        if content.count(b"<") > _MAX_TAGS:
            raise HandoutError(self.file.too_large("holds more than a review copy does"))
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))

    def relations(self, name: str) -> Iterator[tuple[str, str, bool]]:
        """Yield the kind and target of each relationship of a part, and whether the target is outside the file."""
        folder, base = posixpath.split(name)
        tree = self.get(posixpath.join(folder, "_rels", f"{base}.rels"))
        for each in () if tree is None else tree.iter("{*}Relationship"):
            outside, target = each.get("TargetMode") == "External", each.get("Target", "")
            inside = posixpath.normpath(posixpath.join(f"/{folder}", target)).lstrip("/")
            yield each.get("Type", ""), target if outside else inside, outside


def _unread_warnings(trees: _Trees, main: str, text: Any, path: str) -> Iterator[Finding]:
    """Yield a warning for each kind of thing in a file that is not read."""
    relations = tuple(trees.relations(main))
    edges = [trees.get(target) for kind, target, _ in relations if kind.endswith(_HEADER_PARTS)]
    tags = {_tag_name(each) for each in text.iter("{*}altChunk", "{*}object")}
    unread = {
        "macros, which are not run": any("vbaProject" in kind for kind, _, _ in relations),
        "links to files outside of it, which are not fetched": any(
            outside and not kind.endswith("/hyperlink") for kind, _, outside in relations
        ),
        "other files inside of it": bool(tags),
        "changes at the head or foot of its pages": any(
            next(each.iter("{*}ins", "{*}del"), None) is not None for each in edges if each is not None
        ),
    }
    for what, there in unread.items():
        if there:
            message = f"This file has {what}. They are not read."
            hint = "see whether somebody wanted to say something with that"
            yield warning("review-not-read", message, Location(path), hint)


# ---------------------------------------------------------------- the text as a row of tokens


class _Change(Struct, frozen=True):
    """What was done to a stretch of text: `inserted`, `deleted`, or both; and by whom."""

    mark: Mark
    inserted: bool
    deleted: bool
    moved: bool


class _Token(Struct, frozen=True):
    """One item in document order: text, the end of a paragraph, or the start or end of a bookmark or comment."""

    kind: str
    value: str
    change: _Change | None = None
    name: str = ""


_CHANGE_TAGS = {"ins": (True, False), "moveTo": (True, False), "del": (False, True), "moveFrom": (False, True)}
_SPACE_TAGS = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "\u2011", "ptab": " "}
_POSITION_TAGS = frozenset(
    ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "commentReference",
     "footnoteReference", "endnoteReference")
)  # fmt: skip
_SKIPPED_TAGS = frozenset(
    ("pPr", "rPr", "sectPr", "tblPr", "trPr", "tcPr", "sdtPr", "instrText", "delInstrText", "Fallback")
)


def _tag_name(element: Any) -> str:
    """Return the tag of an element without its namespace; Word has two namespaces for the same tags."""
    return str(element.tag).rpartition("}")[2]


def _attribute(element: Any, name: str) -> str:
    """Return the value of an attribute in any namespace, or ""."""
    found = next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
    return str(found)


def _read_mark(element: Any) -> Mark:
    """Return the author and the date of a change, to the minute."""
    author = " ".join(_attribute(element, "author").split())[:_MAX_NAME]
    date = re.match(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)", _attribute(element, "date"))
    return Mark(author or "somebody", f"{date[1]} {date[2]}" if date else "")


def _read_change(element: Any, outer: _Change | None) -> _Change:
    """Return the change that an element makes to the text in it, combined with the change `outer` around it."""
    name = _tag_name(element)
    inserted, deleted = _CHANGE_TAGS[name]
    made = _Change(_read_mark(element), inserted, deleted, name.startswith("move"))
    return replace(made, inserted=inserted or outer.inserted, deleted=deleted or outer.deleted) if outer else made


def _tokens(element: Any) -> Iterator[_Token]:
    """Yield the tokens of an element in order; text boxes follow the paragraph that they are anchored to."""
    for child in element:
        name = _tag_name(child)
        if name == "p" and "wordprocessingml" in child.tag:  # not a paragraph of DrawingML
            boxes: list[Any] = []
            yield from _inside_paragraph(child, None, boxes)
            yield _Token("end", "", _end_change(child))
            for box in boxes:
                yield from _tokens(box)
        elif name in _POSITION_TAGS:
            yield _position_token(child)
        elif name not in _SKIPPED_TAGS:
            yield from _tokens(child)


def _end_change(paragraph: Any) -> _Change | None:
    """Return the change of a paragraph's end, or None."""
    for properties in paragraph.iterchildren("{*}pPr"):
        for marks in properties.iterchildren("{*}rPr"):
            found = next((each for each in marks if _tag_name(each) in _CHANGE_TAGS), None)
            return None if found is None else _read_change(found, None)
    return None


def _inside_paragraph(element: Any, change: _Change | None, boxes: list[Any]) -> Iterator[_Token]:
    """Yield the tokens in a paragraph, and add the text boxes anchored to it to `boxes`."""
    for child in element:
        name = _tag_name(child)
        if name in ("t", "delText"):
            if "drawingml" not in child.tag:
                yield _Token("text", re.sub(r"[\t\r\n]", " ", child.text or ""), change)
        elif name in _SPACE_TAGS:
            yield _Token("text", _SPACE_TAGS[name], change)
        elif name == "sym":
            yield _Token("text", _symbol(child), change)
        elif name in _POSITION_TAGS:
            yield _position_token(child, change)
        elif name in _CHANGE_TAGS:
            yield from _inside_paragraph(child, _read_change(child, change), boxes)
        elif name == "txbxContent":
            boxes.append(child)
        elif name not in _SKIPPED_TAGS:
            yield from _inside_paragraph(child, change, boxes)


def _symbol(element: Any) -> str:
    """Return the character of a symbol, or a question mark if it is from a symbol font."""
    code = _attribute(element, "char")
    value = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{2,4}", code) else 0
    return chr(value) if 0x20 <= value < 0xD800 else "?"


def _position_token(element: Any, change: _Change | None = None) -> _Token:
    """Return the token for a position in the text."""
    return _Token(_tag_name(element), _attribute(element, "id"), change, _attribute(element, "name"))


# ---------------------------------------------------------------- paragraphs


class _Anchor(Struct):
    """The position of a comment or note, and the words that it is about."""

    paragraph: int
    offset: int
    mark: Mark
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    def words(self) -> str:
        """Return the words that a comment is about: the current ones, or the deleted ones if there are no others."""
        now, once = (" ".join("".join(each).split()) for each in (self.after, self.before))
        return now or once


class _ParagraphBuilder(Struct):
    """The finished paragraphs, and the state of the current one."""

    paragraphs: list[ReviewedParagraph] = field(default_factory=list)
    anchors: dict[tuple[str, str], _Anchor] = field(default_factory=dict)
    pieces: list[tuple[str, _Change | None]] = field(default_factory=list)
    length: int = 0
    open_bookmarks: dict[str, tuple[str, int]] = field(default_factory=dict)  # the open bookmarks, and where each began
    bookmarks: list[tuple[str, int, int]] = field(default_factory=list)
    open_comments: set[str] = field(default_factory=set)
    marks: int = 0


def _build_paragraphs(tokens: Iterator[_Token]) -> _ParagraphBuilder:
    """Return the paragraphs that tokens form, and the positions of comments and notes."""
    builder = _ParagraphBuilder()
    for token in tokens:
        match token.kind:
            case "text":
                _add_text(builder, token.value, token.change)
            case "end":
                _end_paragraph(builder, token.change)
            case "bookmarkStart" if len(builder.open_bookmarks) < _MAX_OPEN:
                builder.open_bookmarks[token.value] = token.name, builder.length
            case "bookmarkEnd" if token.value in builder.open_bookmarks:
                name, start = builder.open_bookmarks.pop(token.value)
                _add_bookmark(builder, name, start)
            case "commentRangeStart":
                _add_anchor(builder, "comment", token)
                if len(builder.open_comments) < _MAX_OPEN:
                    builder.open_comments.add(token.value)
            case "commentRangeEnd":
                builder.open_comments.discard(token.value)
            case "commentReference" if ("comment", token.value) not in builder.anchors:
                _add_anchor(builder, "comment", token)
            case "footnoteReference" | "endnoteReference":
                _add_anchor(builder, token.kind, token)
            case _:
                pass
    if builder.pieces:
        _close_paragraph(builder)
    return builder


def _add_text(builder: _ParagraphBuilder, text: str, change: _Change | None) -> None:
    """Append text to the current paragraph; text inserted by one person and deleted by another is ignored."""
    if change and change.inserted and change.deleted:
        return
    builder.pieces.append((text, change))
    if len(builder.pieces) > _MAX_PIECES:
        raise OverflowError
    for number in builder.open_comments:
        anchor = builder.anchors["comment", number]
        if not (change and change.inserted):
            anchor.before.append(text)
        if not (change and change.deleted):
            anchor.after.append(text)
    if not (change and change.inserted):
        builder.length += len(text)


def _add_anchor(builder: _ParagraphBuilder, kind: str, token: _Token) -> None:
    """Record the position of a comment or a note."""
    mark = token.change.mark if token.change else Mark("somebody", "")
    builder.anchors[kind, token.value] = _Anchor(len(builder.paragraphs), builder.length, mark)


def _add_bookmark(builder: _ParagraphBuilder, name: str, start: int) -> None:
    """Record a bookmark that ends here, unless it began in an earlier paragraph and covers no text of this one."""
    if start >= 0 or builder.length:
        builder.bookmarks.append((name, max(0, start), builder.length))


def _end_paragraph(builder: _ParagraphBuilder, change: _Change | None) -> None:
    """End a paragraph, unless its end was inserted: before the change, the next paragraph was part of it."""
    if change and change.inserted:
        if not change.deleted:
            builder.pieces.append(("\n", change))
        return
    if change and change.deleted:
        builder.pieces.append(("\n", change))
    for number in builder.open_comments:
        builder.anchors["comment", number].before.append(" ")
        builder.anchors["comment", number].after.append(" ")
    _close_paragraph(builder)


def _close_paragraph(builder: _ParagraphBuilder) -> None:
    """Append the current paragraph to the finished ones; open bookmarks continue in the next one."""
    for name, start in builder.open_bookmarks.values():
        _add_bookmark(builder, name, start)
    builder.open_bookmarks = {number: (name, -1) for number, (name, _) in builder.open_bookmarks.items()}
    if sum(len(text) for text, _ in builder.pieces) > _MAX_CHARACTERS:
        raise OverflowError
    kept = [piece for piece in builder.pieces if not (piece[1] and piece[1].inserted)]
    before = "".join(text for text, _ in kept).removesuffix("\n")
    changes = tuple(_widen_change(each, before) for each in _merge_changes(_build_changes(builder.pieces), before))
    builder.marks += len(changes)
    if builder.marks + len(builder.anchors) > _MAX_MARKS:
        raise OverflowError
    builder.paragraphs.append(ReviewedParagraph(before, changes, tuple(builder.bookmarks)))
    builder.pieces, builder.length, builder.bookmarks = [], 0, []


# ---------------------------------------------------------------- changes


def _build_changes(pieces: list[tuple[str, _Change | None]]) -> list[TrackedChange]:
    """Return the changes in a row of pieces: what one person deleted and inserted at one place is one change."""
    found: list[TrackedChange] = []
    offset, goes_on = 0, False
    for text, change in pieces:
        if change is None:
            if text:
                goes_on = False
                offset += len(text)
            continue
        author = (change.mark.author, change.moved)
        if not goes_on or (found[-1].mark.author, found[-1].moved) != author:
            found.append(TrackedChange(change.mark, offset, "", "", change.moved))
            goes_on = True
        if change.deleted:
            found[-1] = replace(found[-1], old=found[-1].old + text)
            offset += len(text)
        else:
            found[-1] = replace(found[-1], new=found[-1].new + text)
    return found


def _widen_change(change: TrackedChange, before: str) -> TrackedChange:
    """Return a change widened to whole words: the rest of a partly changed word is added to both sides."""
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
    """Return whether the edges of a change are only white space."""
    return "".join(edges).isspace()


def _merge_changes(changes: Iterable[TrackedChange], before: str) -> list[TrackedChange]:
    """Return `changes`, with those that one person made in the same word of `before` joined into one."""
    merged: list[TrackedChange] = []
    for each in changes:
        last = merged[-1] if merged else None
        same = last and (last.mark.author, last.moved) == (each.mark.author, False) and last.old[-1:] != "\n"
        between = before[last.end : each.offset] if last else ""
        if last and same and not re.search(r"\s", between):
            merged[-1] = replace(last, old=last.old + between + each.old, new=last.new + between + each.new)
        else:
            merged.append(each)
    return merged


# ---------------------------------------------------------------- comments


def _read_comments(beside: Mapping[str, Any], builder: _ParagraphBuilder) -> list[ReviewComment]:
    """Return the comments in text order, each with its replies; those on no words are last."""
    part = beside.get("/comments")
    elements = [] if part is None else [(_attribute(each, "id"), each) for each in part.iter("{*}comment")]
    above, done = _read_threads(beside.get("/commentsExtended"))
    # Threads are linked by the ids of paragraphs, not of comments.
    paragraphs = [(name, number) for number, each in elements for name in _paragraph_ids(each)]
    number_of = dict(paragraphs)
    parents = {number: number_of[above[name]] for name, number in paragraphs if above.get(name) in number_of}
    answers: dict[str, list[tuple[Mark, str]]] = {}
    for number, each in elements:
        if (top := _top_of_thread(number, parents)) != number:
            answers.setdefault(top, []).append((_read_mark(each), _text_of(each)))
    first = [
        _read_comment(each, builder.anchors.get(("comment", number)), answers.get(number, ()), done)
        for number, each in elements
        if _top_of_thread(number, parents) == number
    ]
    return sorted(first, key=lambda each: (each.paragraph < 0, each.paragraph, each.offset))


def _read_comment(
    element: Any, anchor: _Anchor | None, answers: Iterable[tuple[Mark, str]], done: Collection[str]
) -> ReviewComment:
    """Return one comment with its answers; `done` are the ids of the paragraphs of resolved comments."""
    place = anchor or _Anchor(-1, 0, Mark("", ""))
    return ReviewComment(
        mark=_read_mark(element),
        text=_text_of(element),
        paragraph=place.paragraph,
        offset=place.offset,
        words=place.words(),
        answers=tuple(answers),
        done=any(name in done for name in _paragraph_ids(element)),
    )


def _top_of_thread(number: str, parents: Mapping[str, str]) -> str:
    """Return the comment that began a thread, also for a reply to a reply; a comment in a loop is its own thread."""
    top = number
    for _ in range(_MAX_OPEN):
        if top not in parents:
            return top
        top = parents[top]
    return number


def _read_notes(beside: Mapping[str, Any], builder: _ParagraphBuilder) -> Iterator[ReviewComment]:
    """Yield footnotes and endnotes that a reviewer has added, as comments."""
    for part, kind in (("/footnotes", "footnote"), ("/endnotes", "endnote")):
        tree = beside.get(part)
        for each in () if tree is None else tree.iter(f"{{*}}{kind}"):
            anchor = builder.anchors.get((f"{kind}Reference", _attribute(each, "id")))
            if anchor and (text := _text_of(each)):
                yield ReviewComment(anchor.mark, text, anchor.paragraph, anchor.offset, "")


def _text_of(element: Any) -> str:
    """Return the words of a comment or a note on one line."""
    kept = (" " if each.kind == "end" else each.value for each in _tokens(element) if each.kind in ("text", "end"))
    return " ".join("".join(kept).split())


def _paragraph_ids(element: Any) -> Iterator[str]:
    """Yield the ids of a comment's paragraphs, by which threads are linked."""
    return (name for each in element.iter("{*}p") if (name := _attribute(each, "paraId")))


def _read_threads(part: Any | None) -> tuple[dict[str, str], set[str]]:
    """Return the parent paragraph of each reply, and the paragraphs of resolved comments."""
    entries = () if part is None else tuple(part.iter("{*}commentEx"))
    links = ((_attribute(each, "paraId"), _attribute(each, "paraIdParent")) for each in entries)
    above = {name: parent for name, parent in links if parent}
    return above, {_attribute(each, "paraId") for each in entries if _attribute(each, "done") in ("1", "true")}
