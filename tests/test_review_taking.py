"""Changes and comments that reviewers made in Word are found, and written only where the effect is certain."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from command_bench import COLD, Bench, CommandResult
from conftest import Project
from lxml import etree
from word_edits import W15, WordEditor, read_parts, w, word_file, zip_parts

from handouts.compare.passages import ReviewPassage
from handouts.load import load_library
from handouts.load.reviewed_files import read_reviewed_file
from handouts.pipeline.review_edits import ReviewEditor
from handouts.pipeline.review_taking import TakenReview, take_reviews, topic_passages

EVERYONE, LEAVE, SUN, QUIET = "Everyone reads this.", "Leave it closed.", "They wait for the sun.", "A quiet hive."
BROOD = "Only growers read of the brood. The brood is warm."
KEEPERS = "Everyone reads this. Only keepers read this."
TEN = "Below ten degrees no bee flies [Moss et al. 2019]."
COPY = "review.docx"


@pytest.fixture
def passages(project: Project) -> tuple[ReviewPassage, ...]:
    return topic_passages(project.load(), "bees", "en").passages


def editor(passages: tuple[ReviewPassage, ...], author: str = "Dr A. Keeper") -> WordEditor:
    """Return an editor of a review copy of all passages, which records changes of this author."""
    own = (("", "To review: Bees in winter"), ("section_1", "1. Cold"), ("section_2", "2. Only growers read of the…"))
    rows = [*own, *((each.key, each.words) for each in passages)]
    return WordEditor(word_file(rows), author=author)


def change(word: WordEditor, paragraph: str, old: str, new: str) -> None:
    """Replace words of a paragraph; a plus sign inserts the new ones after them, no new ones delete them."""
    element = word.paragraph_containing(paragraph)
    start = word.words(element).index(old)
    if new.startswith("+"):
        word.insert(element, start + len(old), new[1:])
    elif new:
        word.replace(element, start, start + len(old), new)
    else:
        word.delete(element, start, start + len(old))


def take(project: Project, *files: WordEditor | bytes) -> TakenReview:
    """Return the changes and comments in some files, judged."""
    paths = []
    for number, file in enumerate(files):
        paths.append(project.root / f"{number}.docx")
        paths[-1].write_bytes(file if isinstance(file, bytes) else file.to_bytes())
    library = load_library(project.content, project.templates)
    return ReviewEditor(project.content, project.templates, library).judge(take_reviews(library, paths))


def changes_in(review: TakenReview) -> list[tuple[str, str, str, str]]:
    """Return old words, new words, state and reason of each change."""
    return [(each.old, each.new, each.state, each.reason) for each in review.changes]


def run_take(bench: Bench, word: WordEditor, *more: str) -> CommandResult:
    bench.put(COPY, word.to_bytes())
    return bench.run("review", "take", COPY, *more)


# ---------------------------------------------------------------- reading


def test_a_change_and_a_comment_are_reported_with_place_author_and_audiences(
    bench: Bench, passages: tuple[ReviewPassage, ...]
) -> None:
    word = editor(passages)
    change(word, LEAVE, "closed", "shut")
    word.comment(word.paragraph_containing(SUN), 5, 9, "Is it so?", reply="Yes, it is.", done=True)
    ran = run_take(bench, word)
    assert ran.code == 0
    line, column = bench.place(COLD, "closed")[1:]
    assert (
        f"{COLD}:{line}:{column}: warning: review-change: Dr A. Keeper, 2026-11-02 10:15: “closed.” → “shut.”. "
        f"Read by growers, keepers.\n  {line} | Leave it closed.\n  {' ' * len(str(line))} | {' ' * (column - 1)}^\n"
        "  help: --apply writes it\n"
    ) in ran.out
    assert (
        "Dr A. Keeper, 2026-11-02 10:15 on “wait” (marked as done): Is it so? Dr A. Keeper, 2026-11-02 10:15, "
        "answers: Yes, it is. Read by growers, keepers.\n"
    ) in ran.out
    assert f"== Cold: {COLD}\n" in ran.out
    assert f"Cold: {COLD}: 1 change, 1 comment\n--apply can write 1 of the changes\n" in ran.out
    assert "Leave it closed." in bench.text(COLD)


def test_replies_to_replies_and_circular_replies_are_reported(
    bench: Bench, passages: tuple[ReviewPassage, ...]
) -> None:
    word = editor(passages)
    word.comment(word.paragraph_containing(SUN), 5, 9, "Is it so?", reply="Yes, it is.")
    for words in ("Who says?", "One of a circle", "the other of it", "An answer to itself"):
        word.comment(word.paragraph_containing(SUN), 5, 9, words)
    name, above = (f"{{{W15}}}{each}" for each in ("paraId", "paraIdParent"))
    for number, parent in ((2, 1), (3, 4), (4, 3), (5, 5)):
        word.threads[number].set(above, str(word.threads[parent].get(name)))
    out = run_take(bench, word).out
    mark = "Dr A. Keeper, 2026-11-02 10:15"
    assert f"Is it so? {mark}, answers: Yes, it is. {mark}, answers: Who says?" in out
    assert all(f"{mark} on “wait”: {each}" in out for each in ("One of a circle", "the other", "An answer to itself"))


def test_the_review_can_be_printed_as_json(bench: Bench, passages: tuple[ReviewPassage, ...]) -> None:
    word = editor(passages)
    change(word, LEAVE, "closed", "shut")
    word.comment(word.paragraph_containing(SUN), 5, 9, "Is it so?")
    data = json.loads(run_take(bench, word, "--json").out)
    (made,), (comment,) = data["changes"], data["comments"]
    assert (made["file"], made["line"], made["column"]) == bench.place(COLD, "closed")
    assert (made["old"], made["new"], made["state"], made["audiences"]) == (
        "closed.", "shut.", "wording", ["growers", "keepers"]
    )  # fmt: skip
    assert made["by"] == [{"who": "Dr A. Keeper", "when": "2026-11-02 10:15"}]
    assert (comment["words"], comment["text"], comment["line"]) == ("wait", "Is it so?", bench.place(COLD, SUN)[1])
    assert (data["findings"], data["written"]) == ([], [])


def test_edits_in_one_sentence_are_one_change_of_whole_words(
    project: Project, passages: tuple[ReviewPassage, ...]
) -> None:
    word = editor(passages)
    change(word, SUN, "hey", "he bees")
    change(word, SUN, "sun", "spring")
    assert changes_in(take(project, word)) == [(SUN, "The bees wait for the spring.", "wording", "")]


def test_reverted_insertions_and_formatting_are_no_changes(
    project: Project, passages: tuple[ReviewPassage, ...]
) -> None:
    word = editor(passages)
    element = word.paragraph_containing(SUN)
    word.insert(element, 4, " all")
    (inserted,) = element.iter(w("ins"))
    run = inserted[0]
    run[0].tag = w("delText")
    inserted.remove(run)
    etree.SubElement(inserted, w("del"), {w("author"): "B"}).append(run)
    for each in inserted.findall(w("r")):
        inserted.remove(each)
    properties = etree.Element(w("rPr"))
    etree.SubElement(etree.SubElement(properties, w("b")).getparent(), w("rPrChange"), {w("author"): "B"})
    next(element.iter(w("r"))).insert(0, properties)
    assert take(project, word).changes == ()


def test_moved_text_and_new_paragraphs_are_reported_and_not_written(
    project: Project, passages: tuple[ReviewPassage, ...]
) -> None:
    word = editor(passages)
    word.delete(word.paragraph_containing(SUN), 0, 9, "moveFrom")
    word.insert(word.paragraph_containing(LEAVE), 0, "They wait", "moveTo")
    quiet = word.paragraph_containing(QUIET)
    word.insert(quiet, len(QUIET), " It sleeps.")
    new = etree.Element(w("p"))
    quiet.addnext(new)
    new.append(next(quiet.iter(w("ins"))))
    word.mark_paragraph_end(quiet, "ins")
    states = {(old, new): (state, reason) for old, new, state, reason in changes_in(take(project, word))}
    moved = ("by hand", "words were moved in one piece")
    assert states["They wait", ""] == states["", "They wait"] == moved
    assert states["", "\n It sleeps."] == ("by hand", "a paragraph begins or ends there")


def test_an_inserted_paragraph_is_reported_at_the_one_before_it(
    project: Project, passages: tuple[ReviewPassage, ...]
) -> None:
    word = editor(passages)
    new = etree.Element(w("p"))
    word.paragraph_containing(QUIET).addnext(new)
    etree.SubElement(new, w("r"))
    word.insert(new, 0, "All of them sleep.")
    (inserted,) = take(project, word).changes
    assert (inserted.new, inserted.state, inserted.reason) == (
        "All of them sleep.",
        "by hand",
        "it is a paragraph of its own",
    )
    assert inserted.passage is not None
    assert inserted.passage.words == QUIET


def test_changes_that_were_not_tracked_are_noticed(project: Project, passages: tuple[ReviewPassage, ...]) -> None:
    word = editor(passages)
    word.replace_untracked(word.paragraph_containing(LEAVE), "Leave it open.")
    word.replace_untracked(word.paragraph_containing(BROOD), "Only some growers read of a brood. The brood is warm.")
    (_, new, _, _), (old, *_) = changes_in(take(project, word))
    assert (old, new) == ("closed.", "some growers read of a")
    word.replace_untracked(word.paragraph_containing("some growers"), BROOD)
    ((old, new, state, reason),) = changes_in(take(project, word))
    assert (old, new, state) == ("closed.", "open.", "by hand")
    assert reason.startswith("it was changed without a mark")


def test_a_copy_without_changes_is_reported_as_such(bench: Bench, passages: tuple[ReviewPassage, ...]) -> None:
    ran = run_take(bench, editor(passages))
    assert (ran.code, ran.out) == (0, "nothing was commented or changed\n")


def test_a_file_of_another_topic_is_no_review_copy(bench: Bench, passages: tuple[ReviewPassage, ...]) -> None:
    rows = [("", f"{number} is said elsewhere.") for number in range(200)]
    bench.put(COPY, word_file([*rows, *(("", each.words) for each in passages)]))
    assert bench.run("review", "take", COPY).only("error").code == "review-of-nothing"


def test_a_paragraph_deleted_without_tracking_is_reported_as_missing(
    project: Project, passages: tuple[ReviewPassage, ...]
) -> None:
    word = editor(passages)
    gone = word.paragraph_containing(LEAVE)
    gone.getparent().remove(gone)
    ((old, new, state, reason),) = changes_in(take(project, word))
    assert (old, new, state) == (LEAVE, "", "unsure")
    assert reason.startswith("its paragraph is not in the file")


def test_later_changes_of_the_content_are_no_changes_of_the_reviewer(
    project: Project, passages: tuple[ReviewPassage, ...]
) -> None:
    word = editor(passages)
    project.replace(COLD, "Only growers read of the [brood]{.term}.", "Growers alone read of the [brood]{.term}.")
    assert changes_in(take(project, word)) == []
    word.replace_untracked(word.paragraph_containing(BROOD), "Only growers read of the brood. The brood is hot.")
    ((old, new, state, _),) = changes_in(take(project, word))
    assert (old.split()[0], new.split()[0], state) == ("Growers", "Only", "unsure")


def test_changes_to_content_that_has_been_edited_since_are_not_guessed(
    project: Project, passages: tuple[ReviewPassage, ...]
) -> None:
    word = editor(passages)
    change(word, BROOD, "warm", "hot")
    change(word, LEAVE, "closed", "shut")
    project.replace(COLD, "Only growers read of the [brood]{.term}.", "Growers alone read of the [brood]{.term}.")
    project.replace(COLD, LEAVE, "No hive is opened in frost.")
    states = {(old, new): state for old, new, state, _ in changes_in(take(project, word))}
    assert states["warm.", "hot."] == "by hand"
    assert states["closed.", "shut."] == "no place"
    assert not take(project, word).is_certain


def test_different_changes_of_one_sentence_conflict_and_equal_ones_do_not(
    project: Project, passages: tuple[ReviewPassage, ...]
) -> None:
    one, other = editor(passages), editor(passages, "M. Reed")
    change(one, LEAVE, "closed", "shut")
    change(other, LEAVE, "Leave", "Keep")
    for each in (one, other):
        change(each, QUIET, "quiet", "silent")
    review = take(project, one, other)
    states = {(old, new): (state, reason) for old, new, state, reason in changes_in(review)}
    assert states["closed.", "shut."] == (
        "conflict", "the same sentence was changed otherwise by M. Reed: “Leave” → “Keep”"
    )  # fmt: skip
    assert states["Leave", "Keep"][0] == "conflict"
    (agreed,) = (each for each in review.changes if each.old == "quiet")
    assert (agreed.state, [each.author for each in agreed.marks]) == ("wording", ["Dr A. Keeper", "M. Reed"])
    assert not review.is_certain


def test_changes_of_the_copys_own_headings_have_no_place(bench: Bench, passages: tuple[ReviewPassage, ...]) -> None:
    word = editor(passages)
    word.comment(word.paragraph_containing("1. Cold"), 3, 7, "Too long.")
    assert run_take(bench, word).code == 0
    change(word, "To review", "review", "read")
    change(word, "2. Only", "Only", "Alone")
    ran = run_take(bench, word)
    assert ran.code == 1
    assert f"{COPY}: error: review-no-place: " in ran.out
    assert ":".join(map(str, bench.place(COLD, "Only growers"))) + ": error: review-no-place: " in ran.out
    assert "help: look it up in the Word file: it stands in a heading, a list of contents or a grey line" in ran.out


def test_without_bookmarks_places_are_found_by_their_words(
    project: Project, passages: tuple[ReviewPassage, ...]
) -> None:
    word = editor(passages)
    change(word, LEAVE, "closed", "shut")
    word.comment(word.paragraph_containing(TEN), 0, 5, "At ten?")
    word.strip_bookmarks()
    review = take(project, word)
    assert changes_in(review) == [("closed.", "shut.", "wording", "")]
    (comment,) = review.comments
    assert comment.passage is not None
    assert (comment.passage.words, comment.audiences) == (TEN, ("keepers",))


# ---------------------------------------------------------------- writing


def test_accepted_changes_are_written_and_no_other_byte_changes(
    bench: Bench, passages: tuple[ReviewPassage, ...]
) -> None:
    windows = b"\xef\xbb\xbf" + bench.text(COLD).replace("\n", "\r\n").encode()
    bench.put(COLD, windows)
    word = editor(passages)
    change(word, LEAVE, "closed", "shut")
    change(word, QUIET, "quiet", "+ and warm")
    change(word, SUN, " for the sun", "")
    ran = run_take(bench, word, "--apply", "--yes")
    assert ran.code == 0
    expected = windows.replace(b"it closed.", b"it shut.").replace(b"A quiet hive", b"A quiet and warm hive")
    assert bench.path(COLD).read_bytes() == expected.replace(b"They wait for the sun.", b"They wait.")
    assert f"written to {COLD}\n3 of 3 changes written\n" in ran.out


def test_changes_across_line_breaks_are_found_and_written(project: Project) -> None:
    project.replace(COLD, QUIET, "A quiet\nhive that sleeps\nin winter. All of **it\nsleeps** long.")
    word = editor(topic_passages(project.load(), "bees", "en").passages)
    change(word, "A quiet", "sleeps in winter", "is still")
    change(word, "A quiet", "long", "well")
    review = take(project, word)
    first, second = review.changes
    assert [(each.state, each.at.line, each.at.column) for each in (first, second)] == [
        ("wording", 29, 11), ("wording", 31, 10)
    ]  # fmt: skip
    ReviewEditor(project.content, project.templates, project.load()).write(review, review.changes)
    written = (project.root / COLD).read_text(encoding="utf-8")
    assert "A quiet\nhive that is still. All of **it\nsleeps** well.\n" in written


@pytest.mark.parametrize(
    ("paragraph", "old", "new", "reason"),
    [
        (BROOD, "brood. The", "larvae. The", "bold words, a link, a source or an explained word stand among these"),
        (BROOD, "the brood.", "all brood.", "bold words, a link, a source or an explained word stand among these"),
        (TEN, "Moss", "Reed", "bold words, a link, a source or an explained word stand among these"),
        (KEEPERS, "Only keepers", "Keepers", "the words stand in a link, or are explained"),
        (LEAVE, "closed", "*closed*", "'*' has a meaning in the content"),
        (LEAVE, "closed", "closed for 300 days", "it changes a number: look at its source first"),
        (LEAVE, LEAVE, "", "it would change what else is read"),
        (SUN, "sun", "s\U0001f41d", "the new words are very long, or have a sign that cannot be printed"),
        ("the young of a hive", "young", "youth", "it is written in terms.yaml"),
    ],
)
def test_an_uncertain_change_is_left_to_the_user(
    bench: Bench, passages: tuple[ReviewPassage, ...], paragraph: str, old: str, new: str, reason: str
) -> None:
    before = {path: path.read_bytes() for path in bench.root.glob("content/**/*.*")}
    word = editor(passages)
    change(word, paragraph, old, new)
    ran = run_take(bench, word, "--apply", "--yes")
    assert f"help: change it by hand: {reason}" in ran.out
    assert "0 of 0 changes written" in ran.out
    assert {path: path.read_bytes() for path in bench.root.glob("content/**/*.*")} == before


def test_a_change_that_would_alter_another_passage_is_left_to_the_user(
    project: Project, passages: tuple[ReviewPassage, ...]
) -> None:
    word = editor(passages)
    element = word.paragraph(next(each.key for each in passages if each.words == EVERYONE))
    word.replace(element, 0, 8, "All")
    (taken,) = take(project, word).changes
    assert (taken.state, taken.reason) == ("by hand", "it would change what else is read")
    assert taken.audiences == ("growers", "keepers")


@pytest.mark.parametrize("sun", ["sun", "lazy sun"], ids=["none before", "one before"])
def test_only_the_change_that_would_cause_an_error_is_left_to_the_user(project: Project, sun: str) -> None:
    rule = 'lazy:\n  code: label\n  severity: error\n  find: ["lazy"]\n  say: tired\n  why: Nobody is lazy.\n'
    project.write("content/wording/en.yaml", rule)
    project.replace(COLD, SUN, SUN.replace("sun", sun))
    word = editor(topic_passages(project.load(), "bees", "en").passages)
    change(word, LEAVE, "closed", "lazy")
    change(word, QUIET, "quiet", "silent")
    assert [(new, state, reason) for _, new, state, reason in changes_in(take(project, word))] == [
        ("silent", "wording", ""),
        ("lazy.", "by hand", "it would be an error: label"),
    ]


def test_each_change_is_shown_and_has_to_be_confirmed(
    bench: Bench, passages: tuple[ReviewPassage, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    word = editor(passages)
    change(word, LEAVE, "closed", "shut")
    change(word, QUIET, "quiet", "silent")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    answers = iter(["n", "y"])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    ran = run_take(bench, word, "--apply")
    assert ran.out.count("Write this? [y/N]") == 2
    assert "A quiet hive." in bench.text(COLD)
    assert "Leave it shut." in bench.text(COLD)
    assert "1 of 2 changes written" in ran.out


@pytest.mark.parametrize("more", [("--apply",), ("--yes",), ("--apply", "--json")])
def test_nothing_is_written_if_nobody_can_confirm_it(
    bench: Bench, passages: tuple[ReviewPassage, ...], more: tuple[str, ...]
) -> None:
    word = editor(passages)
    change(word, LEAVE, "closed", "shut")
    assert run_take(bench, word, *more).code == 2
    assert "Leave it closed." in bench.text(COLD)


def test_nothing_is_written_if_one_of_the_files_is_unreadable(
    bench: Bench, passages: tuple[ReviewPassage, ...]
) -> None:
    word = editor(passages)
    change(word, LEAVE, "closed", "shut")
    bench.put(COPY, word.to_bytes())
    bench.put("other.docx", b"%PDF-1.7")
    ran = bench.run("review", "take", COPY, "other.docx", "--apply", "--yes")
    assert ran.code == 1
    assert {each.code for each in ran.diagnostics} == {"not-a-review-copy", "review-not-whole"}
    assert "Leave it closed." in bench.text(COLD)


# ---------------------------------------------------------------- files that are no review copies


def small(**parts: bytes) -> bytes:
    return word_file(
        [("", EVERYONE)], {name.replace("__", "/").replace("_xml", ".xml"): each for name, each in parts.items()}
    )


BODY = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
RUN = b"<w:r><w:t>a</w:t></w:r>"
LONG_RUN = RUN.replace(b"a<", b"a" * 100_001 + b"<")
INSERTED = b"<w:p><w:ins>" + RUN + b"</w:ins></w:p>"
DOCTYPE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "not-a-review-copy", "This is not a Word file."),
        (b"words", "not-a-review-copy", "This is not a Word file."),
        (b"%PDF-1.7", "not-a-review-copy", "This is a PDF."),
        (b"{\\rtf1", "not-a-review-copy", "This is an RTF file."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "not-a-review-copy", "This is protected with a password, or an old Word file"),
        (b"PK\x03\x04broken", "not-a-review-copy", "This Word file is broken."),
        (word_file([("", "a")])[:-30], "not-a-review-copy", "This Word file is broken."),
        (zip_parts({"mimetype": b"x", "content.xml": b"<x/>"}), "not-a-review-copy", "This is an OpenDocument file."),
        (zip_parts({"xl/workbook.xml": b"<x/>"}), "not-a-review-copy", "This is not a Word file."),
        (small(word__document_xml=b"<a/>"), "not-a-review-copy", "This is not a Word file."),
        (small(word__document_xml=BODY), "not-a-review-copy", "This Word file is broken."),
        (small(word__document_xml=DOCTYPE + BODY + b"&e;</w:body></w:document>"), "not-a-review-copy", "Word has not"),
        (small(word__document_xml=BODY + b"<w:p>" * 5000), "not-a-review-copy", "This Word file is broken."),
        (small(word__document_xml=b"<w/>" * 1_100_000), "too-large", "This Word file holds more"),
        (small(word__document_xml=BODY + INSERTED * 5_001 + b"</w:body></w:document>"), "too-large", "This Word file"),
        (small(word__document_xml=BODY + b"<w:p>" + RUN * 20_001 + b"</w:p></w:body></w:document>"),
         "too-large", "This Word file holds more changes or"),
        (small(word__document_xml=BODY + b"<w:p>" + LONG_RUN + b"</w:p></w:body></w:document>"),
         "too-large", "This Word file holds more changes or"),
        (small(bomb_xml=b" " * 31_000_000), "too-large", "This Word file unpacks to more than 30 MB."),
        (small(), "review-of-nothing", "No text of this project is in this file."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_review_copy_is_refused(bench: Bench, content: bytes, code: str, words: str) -> None:
    bench.project.replace(COLD, EVERYONE, "All read this.")
    bench.put(COPY, content)
    ran = bench.run("review", "take", COPY)
    assert ran.code == 1
    found = ran.only("error")
    assert (found.file, found.code) == (COPY, code)
    assert found.message.startswith(words)


def test_a_huge_file_is_not_opened(bench: Bench) -> None:
    bench.put(COPY, b"PK")
    os.truncate(bench.path(COPY), 200_000_000)
    assert bench.run("review", "take", COPY).only("error").code == "too-large"
    assert bench.run("review", "take", "missing.docx").only("error").code == "unreadable"


def test_parts_of_a_file_that_are_not_read_are_named(bench: Bench, passages: tuple[ReviewPassage, ...]) -> None:
    parts = read_parts(editor(passages).to_bytes())
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    more = (
        '<Relationship Id="a" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="v.bin"/>'
        f'<Relationship Id="b" Type="{office}/attachedTemplate" Target="https://e.org/x.dotm" TargetMode="External"/>'
        f'<Relationship Id="c" Type="{office}/hyperlink" Target="https://e.org" TargetMode="External"/>'
        f'<Relationship Id="d" Type="{office}/header" Target="header1.xml"/></Relationships>'
    )
    name = "word/_rels/document.xml.rels"
    parts[name] = parts[name].replace(b"/>", b">" + more.encode())
    parts["word/header1.xml"] = BODY.replace(b"document", b"hdr").replace(b"<w:body>", b"<w:p><w:ins/></w:p></w:hdr>")
    bench.put(COPY, zip_parts(parts))
    ran = bench.run("review", "take", COPY)
    assert ran.code == 0
    assert [each.message for each in ran.diagnostics] == [
        "This file has changes at the head or foot of its pages. They are not read.",
        "This file has links to files outside of it, which are not fetched. They are not read.",
        "This file has macros, which are not run. They are not read.",
    ]


def test_control_characters_of_a_reviewer_do_not_reach_the_terminal(
    bench: Bench, passages: tuple[ReviewPassage, ...]
) -> None:
    word = editor(passages, "Dr\u202e\u009b2J")
    word.comment(word.paragraph_containing(SUN), 5, 9, "\u009b2J\u202eIs it?")
    ran = run_take(bench, word)
    assert ran.code == 0
    assert "\u009b" not in ran.out
    assert "\u202e" not in ran.out


def test_footnotes_and_text_boxes_are_read(tmp_path: Path) -> None:
    box = (
        "<w:p><w:r><w:t>Before</w:t></w:r><w:r><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p>"
        '</w:txbxContent></w:r><w:ins w:author="A"><w:r><w:footnoteReference w:id="2"/></w:r></w:ins></w:p>'
    )
    parts = read_parts(word_file([("", "x")]))
    parts["word/document.xml"] = BODY + box.encode() + b"</w:body></w:document>"
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>See page 3.</w:t></w:r></w:p></w:footnote>'
    notes = f'<w:footnotes xmlns:w="{{}}">{note}</w:footnotes>'
    parts["word/footnotes.xml"] = notes.format("http://schemas.openxmlformats.org/wordprocessingml/2006/main").encode()
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    name = "word/_rels/document.xml.rels"
    row = f'><Relationship Id="f" Type="{office}/footnotes" Target="footnotes.xml"/></Relationships>'
    parts[name] = parts[name].replace(b"/>", row.encode())
    read = read_reviewed_file(zip_parts(parts), (tmp_path / COPY).as_posix())
    assert [each.before for each in read.paragraphs] == ["Before", "In a box"]
    assert [(each.mark.author, each.text, each.paragraph) for each in read.comments] == [("A", "See page 3.", 0)]
