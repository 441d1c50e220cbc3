"""Issued files are logged, and `handouts verify` shows the version of a file and whether it was altered."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_bench import AUDIENCES, COLD, HANDOUTS, Bench, CommandResult, run_successfully, texts_in
from command_folder import CommandFolder
from conftest import write_project
from pdf_text import painted_text

from handouts.document.document_number import number_in, with_number
from handouts.verify.stated_number import stated_number

pytestmark = pytest.mark.full

LOG = "content/issued.jsonl"
UK = "content/contacts/UK.yaml"
OUTSIDE = "::: {.outside-title}\nA note\n:::\n\n::: {.outside-subtitle}\nTo keep\n:::\n\n::: {.talk}"
DAY, LATER = ("--today", "2026-11-24"), ("--today", "2026-12-24")
PDF_OF_GROWERS = HANDOUTS.format("growers")
OURS = "Cold keeps them in."  # for growers only
NUMBER_IN_DRAFT = "HO-1AAA-2BBB"


SIGN = ("review", "sign", "bees", "--audience", "growers", "--role", "clinician", *DAY)
RELEASE = ("build", "--release", "--template", "handout,slides", "--audience", "growers")


@pytest.fixture(scope="module")
def signed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = write_project(tmp_path_factory.mktemp("signed"))
    contacts = (project.root / UK).read_text(encoding="utf-8")
    project.write(UK, contacts.replace('confirmed_on: ""', "confirmed_on: 2026-11-01"))
    project.replace("content/bees/en/1-cover.md", "::: {.talk}", OUTSIDE)
    run_successfully(project.root, *SIGN)
    return project.root


@pytest.fixture(scope="module")
def issued_once(tmp_path_factory: pytest.TempPathFactory, signed_once: Path) -> Path:
    folder = tmp_path_factory.mktemp("issued")
    shutil.copytree(signed_once, folder, dirs_exist_ok=True)
    run_successfully(folder, *RELEASE, "--format", "pdf", *DAY)
    return folder


@pytest.fixture
def ready(bench: Bench, signed_once: Path) -> Bench:
    """A project with reviewed words for growers and confirmed contacts."""
    shutil.copytree(signed_once, bench.root, dirs_exist_ok=True)
    return bench


@pytest.fixture
def issued(bench: Bench, issued_once: Path) -> Bench:
    """The same project, after the growers' handout was issued."""
    shutil.copytree(issued_once, bench.root, dirs_exist_ok=True)
    return bench


def sign(bench: Bench) -> None:
    ran = bench.run(*SIGN)
    assert ran.code == 0, ran.err


def release(bench: Bench, *more: str, formats: str = "pdf", day: tuple[str, ...] = DAY) -> CommandResult:
    return bench.run(*RELEASE, "--format", formats, *day, *more)


def issue(bench: Bench, *more: str, formats: str = "pdf", day: tuple[str, ...] = DAY) -> list[dict[str, Any]]:
    """Issue files for growers, and return the lines of the log."""
    ran = release(bench, *more, formats=formats, day=day)
    assert ran.code == 0, ran.err
    return log_lines(bench)


def log_lines(bench: Bench) -> list[dict[str, Any]]:
    return [json.loads(line) for line in bench.text(LOG).splitlines() if line]


def verify(bench: Bench, *words: str) -> list[tuple[str, str, bool]]:
    """Return the state of each file, its number, and whether it is current."""
    ran = bench.run("verify", "--json", *words, *DAY)
    data = json.loads(ran.out)
    found = [(each["state"], each["number"], each["current"]) for each in (*data["files"], *data["numbers"])]
    assert ran.code == (0 if all(state == "issued" for state, *_ in found) else 1)
    return found


def edited_package(content: bytes, name: str) -> bytes:
    """Return an Office file in which one part ends with a space."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, old.read(each) + (b" " if each == name else b""))
    return made.getvalue()


# ---------------------------------------------------------------- what is written down


def test_a_release_is_logged_once_and_each_file_shows_its_number(ready: Bench) -> None:
    log = issue(ready, formats="pdf,html,docx,pptx,notes-pdf", day=DAY)
    files = ready.files()
    assert {f"output/{each['file']}" for each in log} == set(files)
    assert {each["template"]: each["number"] for each in log}.keys() == {"handout", "slides"}
    assert len({each["number"] for each in log}) == 2
    for each in log:
        content = files[f"output/{each['file']}"]
        assert stated_number(content) == each["number"]
        if each["format"] in ("pdf", "notes-pdf", "lines-pdf"):
            assert each["number"] in painted_text(content)
        assert (each["issued"], each["audience"], each["country"], each["version"]) == (
            "2026-11-24",
            "growers",
            "UK",
            "0.1",
        )
    page = next(content for name, content in files.items() if name.endswith(".html")).decode()
    assert f"Nov 2026\u00a0· {log[0]['number']}</p>" in page
    assert set(verify(ready, *files)) == {("issued", each["number"], True) for each in log}
    before = ready.text(LOG)
    assert issue(ready, formats="pdf,html,docx,pptx,notes-pdf", day=LATER) == log
    assert ready.text(LOG) == before


def test_a_draft_has_no_number_and_is_not_logged(ready: Bench) -> None:
    ready.build("build", "--audience", "growers", "--format", "pdf", "--template", "handout", *DAY)
    assert not ready.path(LOG).exists()
    assert stated_number(ready.files()[PDF_OF_GROWERS]) == ""
    ran = ready.run("verify", PDF_OF_GROWERS)
    assert (ran.code, ran.only("error").code, ran.only("error").file) == (1, "nothing-issued", LOG)
    ready.path(PDF_OF_GROWERS).rename(ready.path("old.pdf"))
    issue(ready)
    ready.build("build", "--audience", "growers", "--format", "html", "--template", "handout", *DAY)
    page = PDF_OF_GROWERS.replace(".pdf", ".html")
    assert [state for state, *_ in verify(ready, PDF_OF_GROWERS, page, "old.pdf")] == ["issued", "draft", "unknown"]


def test_a_failed_release_logs_nothing(ready: Bench) -> None:
    ready.build("build", "--audience", "growers", "--format", "pdf", "--template", "handout", *DAY)
    ready.put(PDF_OF_GROWERS, b"somebody's own")
    assert release(ready, formats="pdf,html").code == 1
    assert PDF_OF_GROWERS.replace(".pdf", ".html") in ready.files()
    assert not ready.path(LOG).exists()
    refused = release(ready, "--no-verify")
    assert (refused.code, refused.only("error").file) == (2, "--no-verify")
    ready.project.replace(COLD, OURS, "Cold makes them stay in.")
    assert release(ready, "--force").only("error").code == "stale-review"
    assert not ready.path(LOG).exists()


def test_the_log_names_a_copy_by_its_row_number_only(ready: Bench) -> None:
    ready.put("clinics.csv", b"name,phone\nQuillfeather House,0117 496 0001\nVale Clinic,0117 496 0002\n")
    log = issue(ready, "--recipients", "clinics.csv", "--copies", "{row}-{name}", "--combined", "--template", "handout")
    assert [each["row"] for each in log if each["row"]] == [2, 3]
    assert "uillfeather" not in ready.text(LOG)
    assert "0117" not in ready.text(LOG)
    copies = [name for name in ready.files() if "quillfeather" in name]
    assert copies
    assert verify(ready, *copies) == [("issued", log[0]["number"], True)]
    assert "the copy for row 2 of a table" in ready.run("verify", *copies).out
    combined = [name for name in ready.files() if name.endswith("-copies-print.pdf")]
    assert [state for state, *_ in verify(ready, *combined)] == ["issued"]


# ---------------------------------------------------------------- which version a file is


def test_a_file_is_superseded_when_other_words_are_issued_under_its_name(issued: Bench) -> None:
    first = log_lines(issued)[0]
    issued.path(PDF_OF_GROWERS).rename(issued.path("from the drawer.pdf"))
    issued.project.replace(COLD, OURS, "Cold makes them stay in.")
    sign(issued)
    second = issue(issued, day=LATER)[-1]
    assert first["number"] != second["number"]
    assert verify(issued, "from the drawer.pdf", PDF_OF_GROWERS) == [
        ("issued", first["number"], False),
        ("issued", second["number"], True),
    ]
    ran = issued.run("verify", "from the drawer.pdf", "--today", "2027-11-23")
    assert ran.out.splitlines() == [
        "from the drawer.pdf: issued, and unaltered",
        f"  {first['number']}: “{first['title']}”, version 0.1, dated 2026-11-23",
        "  handout of bees for growers (en, UK)",
        f"  issued on 2026-11-24 as {first['file']} (pdf, standard, a4)",
        f"  superseded: {second['number']}, version 0.1, was issued in its place on 2026-12-24",
        "  its next review was due on 2027-11-23",
    ]
    issued.project.replace(COLD, "Cold makes them stay in.", OURS)
    log = issue(issued, day=("--today", "2026-12-25"))
    assert (len(log), log[-1]["sha256"]) == (3, first["sha256"])
    assert verify(issued, "from the drawer.pdf") == [("issued", first["number"], True)]


def test_the_same_words_in_another_theme_are_current(issued: Bench) -> None:
    issued.path(PDF_OF_GROWERS).rename(issued.path("old.pdf"))
    issued.project.replace("content/service.yaml", "theme: settling-line", "theme: brand")
    issued.project.write("content/themes/brand.yaml", "extends: settling-line\nprint:\n  body: {leading: 18}\n")
    log = issue(issued, day=LATER)
    assert [each["file"] for each in log] == [log[0]["file"]] * 2  # the sheet that shows the theme is not issued
    assert len({each["number"] for each in log}) == 1
    sheet = issued.files()["output/theme-brand.pdf"]
    assert (stated_number(sheet), log[0]["number"] in painted_text(sheet)) == ("", False)
    assert verify(issued, "old.pdf") == [("issued", log[0]["number"], True)]


def test_an_altered_file_is_identified_by_its_number(ready: Bench) -> None:
    formats = {"pdf": "", "html": "", "docx": "word/document.xml", "pptx": "ppt/slides/slide1.xml"}
    log = issue(ready, formats=",".join(formats))
    for each in log:
        name = f"output/{each['file']}"
        content = ready.path(name).read_bytes()
        part = formats[each["file"].rpartition(".")[2]]
        other = edited_package(content, part) if part else content.replace(b"Nov 2026", b"Nov 2027") + b"\n"
        ready.put(name, other)
        assert verify(ready, name) == [("other", each["number"], True)]
    ran = ready.run("verify", *(f"output/{each['file']}" for each in log))
    assert (ran.code, ran.out.count("not as it was issued\n")) == (1, len(log))
    assert ran.out.count("  the one that was issued is current: ") == len(log)


def test_the_number_on_a_printout_is_found_in_any_spelling(ready: Bench) -> None:
    log = issue(ready, formats="pdf,html")
    number = log[0]["number"]
    typed = number.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert verify(ready, "--number", typed.replace("ho", "HO", 1)) == [("issued", number, True)]
    ran = ready.run("verify", "--number", number)
    assert [line.split()[4] for line in ran.out.splitlines() if "issued on" in line] == [each["file"] for each in log]
    assert verify(ready, "--number", NUMBER_IN_DRAFT) == [("unlisted", NUMBER_IN_DRAFT, False)]
    assert ready.run("verify", "--number", "12").code == 2


def test_a_discreet_edition_has_its_own_number(ready: Bench) -> None:
    log = issue(ready, "--edition", "standard,discreet", "--template", "handout")
    assert {each["edition"] for each in log} == {"standard", "discreet"}
    assert len({each["number"] for each in log}) == 2
    discreet = next(f"output/{each['file']}" for each in log if each["edition"] == "discreet")
    assert [state for state, *_ in verify(ready, discreet)] == ["issued"]


def test_numbers_depend_on_the_words_only(ready: Bench) -> None:
    made = ready.project.compose("growers").document
    number = with_number(made).keywords[0]
    assert number_in(number) == number
    assert with_number(made).foot.endswith(f" {number}")
    ready.project.replace(AUDIENCES, "accent:", "accent: ")
    assert with_number(ready.project.compose("growers").document).keywords[0] == number
    ready.project.replace(COLD, OURS, "Cold keeps them in!")
    assert with_number(ready.project.compose("growers").document).keywords[0] != number


# ---------------------------------------------------------------- what is wrong with the log, or with a file


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"issued"', '¦<<<<<<< HEAD\n{"issued"'),
        ('"issued":"2026-11-24"', '¦"issued":"24 November"'),
        ('"size":', '¦"size":-'),
        ('"row":0', '¦"row":"zero"'),
        ('"sha256":"', '¦"sha256":"x'),
        ('"row":0,', '¦"raw":0,'),
        ('"paper":"a4",', '"paper":¦a4,'),
    ],
)
def test_an_unreadable_line_of_the_log_is_an_error_at_its_place(issued: Bench, old: str, new: str) -> None:
    place = issued.plant(LOG, old, new)
    before, files = issued.text(LOG), issued.files()
    for ran in (release(issued, "--force"), issued.run("verify", PDF_OF_GROWERS)):
        found = ran.only("error")
        assert (ran.code, found.code, found.place) == (1, "issued-log", place)
    assert (issued.text(LOG), issued.files()) == (before, files)


def test_two_logs_merged_by_git_are_one(issued: Bench) -> None:
    first = log_lines(issued)[0]
    issued.project.replace(COLD, OURS, "Cold makes them stay in.")
    sign(issued)
    issue(issued, day=LATER)
    lines = issued.text(LOG).splitlines()
    issued.put(LOG, "\r\n".join([lines[1], "", lines[0]]).encode())  # without a final line break
    assert verify(issued, "--number", first["number"]) == [("issued", first["number"], False)]
    issue(issued, formats="html", day=LATER)
    assert [bool(line) for line in issued.text(LOG).splitlines()] == [True, False, True, True]


def test_a_log_linked_to_outside_the_project_is_neither_read_nor_written(ready: Bench, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.jsonl"
    outside.write_text("", encoding="utf-8")
    ready.path(LOG).symlink_to(outside)
    assert release(ready).only("error").code == "outside-project"
    assert outside.read_text(encoding="utf-8") == ""


def hostile_files() -> Iterator[tuple[str, bytes]]:
    def package(properties: bytes, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", packed) as new:
            new.writestr("docProps/core.xml", properties)
        return made.getvalue()

    whole = package(f"<a>{NUMBER_IN_DRAFT}</a>".encode())
    yield "bomb.docx", package(b" " * 60_000_000 + NUMBER_IN_DRAFT.encode())
    yield "entity.docx", package(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')
    yield "lzma.docx", package(NUMBER_IN_DRAFT.encode() * 9, zipfile.ZIP_LZMA).replace(b"\x5d\x00\x00", b"\xff\x00\x00")
    yield "cut.docx", whole[: len(whole) // 2]
    yield "password.docx", whole.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    yield "none.pptx", b"PK\x03\x04"
    yield "none.pdf", b"%PDF-1.7\n"
    yield "words.html", b"Homosexual people, HO-1AAA and HO-1AAA-2BBBB\xff"
    yield "empty.pdf", b""


def test_arbitrary_files_are_reported_as_unknown(issued: Bench) -> None:
    names = [name for name, _ in hostile_files()]
    for name, content in hostile_files():
        issued.put(name, content)
    assert verify(issued, *names) == [("unknown", "", False)] * len(names)
    issued.put("other.html", f"<p>{NUMBER_IN_DRAFT}</p>".encode())
    assert verify(issued, "other.html") == [("unlisted", NUMBER_IN_DRAFT, False)]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ((), 2, "write handouts verify FILE"),
        (("nowhere.pdf",), 2, "There is no such file"),
        (("content",), 1, "This is not a file"),
        (("--nummer", "HO-1AAA-2BBB"), 2, "did you mean '--number'"),
    ],
)
def test_wrong_arguments_are_reported(issued: Bench, words: tuple[str, ...], code: int, message: str) -> None:
    ran = issued.run("verify", *words)
    assert (ran.code, message in ran.err) == (code, True), ran.err


def test_without_a_project_there_is_nothing_to_compare_with(empty: CommandFolder) -> None:
    ran = empty.run("verify", "some.pdf")
    assert (ran.code, "There is no folder 'content'" in ran.err) == (2, True)


# ---------------------------------------------------------------- what pages say after an edit


def test_files_of_each_format_show_that_they_have_changed_since_their_review(ready: Bench) -> None:
    ready.run("review", "sign", "bees", "--audience", "keepers", "--role", "clinician", *DAY)
    ready.project.replace(COLD, "Below ten degrees no bee flies", "Below nine degrees no bee flies")
    every = ("--template", "handout,slides", "--format", "pdf,html,docx,pptx,notes-pdf", *DAY)
    refused = ready.run("build", "--release", *every)
    assert (refused.code, {each.code for each in refused.diagnostics}) == (1, {"stale-review"})
    assert all("'keepers'" in each.message for each in refused.diagnostics)
    assert not ready.path(LOG).exists()
    log = issue(ready, formats="pdf,html,docx,pptx,notes-pdf")
    assert {each["audience"] for each in log} == {"growers"}
    assert ready.run("build", *every, "--audience", "keepers").code == 0
    files = ready.files()
    for name, content in files.items():
        text = shown_text(name, content)
        changed = "Draft 0.1" in text if name.endswith(".pptx") else "changed since its review" in text
        assert changed == ("keepers" in name), name


def shown_text(name: str, content: bytes) -> str:
    if name.endswith(".pdf"):
        return painted_text(content).replace("\r\n", " ")
    if name.endswith(".html"):
        return content.decode()
    if name.endswith(".pptx"):
        return "\n".join(texts_in(content))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read("word/footer1.xml").decode()
