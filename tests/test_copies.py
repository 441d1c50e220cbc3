"""Copies for recipients: each has only its own name and number, and no text of a row is printed anywhere."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from command_bench import BUILD, COLD, EVERYONE, Bench, CommandResult, output_files, run_successfully, texts_in
from conftest import write_project
from openpyxl import Workbook
from paths import ROOT
from pdf_text import painted_text
from pypdfium2 import PdfDocument

from handouts.document.nodes import Document, Rendered
from handouts.document.text import dump
from handouts.layout.page_model import PagePlan
from handouts.pipeline.manifest import MANIFEST_FILE
from handouts.theme import Theme

TABLE = "clinics.csv"
MANY = 2_000 if os.environ.get("HANDOUTS_NIGHTLY") else 3
COPIES = (*BUILD, "--audience", "growers", "--recipients", TABLE)
ROWS = (
    ("Harbour Team", "0117 496 0001", "1 Quay Street", "Mon to Fri"),
    ("Meadow House", "0117 496 0002", "2 Field Lane", ""),
    ("Tall Oak Surgery", "0117 496 0003", "", "Day and night"),
)
PDF, PPTX = "output/bees/copies/bees-growers-handout-{}.pdf", "output/bees/copies/bees-growers-slides-{}.pptx"
PRINT = "output/bees/bees-growers-handout-copies-print.pdf"


def table(rows: tuple[tuple[str, ...], ...] = ROWS) -> bytes:
    """Return a table of recipients."""
    lines = (("name", "phone", "address", "hours"), *rows)
    return "".join(";".join(line) + "\n" for line in lines).encode()


@pytest.fixture
def clinics(bench: Bench) -> Bench:
    """A project with a table of three recipients."""
    bench.put(TABLE, table())
    return bench


def built_with_table(folder: Path, *words: str) -> Path:
    """Return the folder of a project in which copies were made, which tests must not change."""
    write_project(folder)
    (folder / TABLE).write_bytes(table())
    run_successfully(folder, *COPIES, *words)
    return folder


@pytest.fixture(scope="module")
def copied_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_with_table(tmp_path_factory.mktemp("copied"))


@pytest.fixture(scope="module")
def combined_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_with_table(tmp_path_factory.mktemp("combined"), "--combined")


@pytest.fixture
def with_copies(clinics: Bench, copied_once: Path) -> Bench:
    """A project with built copies."""
    shutil.copytree(copied_once / "output", clinics.path("output"))
    return clinics


@pytest.fixture
def with_combined_file(clinics: Bench, combined_once: Path) -> Bench:
    """A project with built copies and their combined file."""
    shutil.copytree(combined_once / "output", clinics.path("output"))
    return clinics


def events(ran: CommandResult) -> list[dict[str, object]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def statuses(ran: CommandResult) -> dict[tuple[object, object], tuple[object, object]]:
    """Return the state of each copy and the reason, by row and template."""
    return {
        (each.get("row", 0), each["template"]): (each["status"], each["reason"])
        for each in events(ran)
        if each["event"] == "file"
    }


def words_of(content: bytes) -> str:
    """Return the words of a handout or of a deck."""
    text = painted_text(content) if content.startswith(b"%PDF") else "\n".join(texts_in(content))
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


def test_each_copy_has_only_the_name_and_number_of_its_recipient(clinics: Bench) -> None:
    files = clinics.build(*COPIES)
    assert sorted(files) == sorted(name.format(f"{row:04}") for name in (PDF, PPTX) for row in (2, 3, 4))
    for name in (PDF, PPTX):
        for row, own in enumerate(ROWS, 2):
            words = words_of(files[name.format(f"{row:04}")])
            assert own[0] in words
            assert (own[1] in words) == (name == PDF)  # the talk of this project shows no numbers
            assert not [field for other in ROWS if other is not own for field in other if field and field in words]


@pytest.mark.full
def test_fifty_recipients_from_a_workbook_get_their_own_copies(bench: Bench) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Clinic name", "Telephone"])
    rows = [(f"Clinic {chr(65 + number % 26)}{number:02}", f"0{1_174_960_000 + number}") for number in range(50)]
    for row in rows:
        sheet.append(row)
    book.save(bench.path("clinics.xlsx"))
    files = bench.build(*BUILD, "--audience", "growers", "--recipients", "clinics.xlsx")
    assert len(files) == 100
    every = re.compile(r"Clinic [A-Z]\d\d|0117496\d{4}")
    for number, own in enumerate(rows, 2):
        for name in (PDF, PPTX):
            shown = own if name == PDF else own[:1]
            assert set(every.findall(words_of(files[name.format(f"{number:04}")]))) == set(shown)


@pytest.mark.full
def test_many_recipients_of_the_shipped_topic_get_their_own_copies(bench: Bench) -> None:
    shutil.rmtree(bench.path("content"))
    shutil.copytree(ROOT / "content", bench.path("content"))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Clinic name", "Phone", "Contact hours"])
    rows = [(f"Clinic Q{number:04}Z", f"0117 {4_960_000 + number}", "weekdays") for number in range(MANY)]
    for row in rows:
        sheet.append(row)
    book.save(bench.path("clinics.xlsx"))
    words = ("--audience", "family", "--recipients", "clinics.xlsx", "--jobs", "2", "--quiet")
    bench.build("build", "--country", "UK", "--today", "2026-11-24", *words)
    every = re.compile(r"Clinic Q\d{4}Z|0117 496\d{4}")
    made = sorted(bench.path("output/bpd-contact/copies").iterdir())
    assert len(made) == 2 * MANY
    for path in made:
        number = int(path.stem[-4:]) - 2
        assert set(every.findall(words_of(path.read_bytes()))) == set(rows[number][:2])


def test_a_bug_in_the_program_costs_one_copy_and_no_other(
    clinics: Bench, copied_once: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = output_files(copied_once)
    from handouts.pdf import plan_writer

    def broken(plan: PagePlan, document: Document, theme: Theme, **more: object) -> Rendered:
        if "Meadow House" in dump(document):
            raise ZeroDivisionError("Meadow House, 0117 496 0002")
        return made(plan, document, theme, **more)

    made: Callable[..., Rendered] = plan_writer.write_plan
    with monkeypatch.context() as patched:
        patched.setattr(plan_writer, "write_plan", broken)
        ran = clinics.run(*COPIES, internal_error=True)
    (found,) = ran.diagnostics
    assert (found.file, found.line, found.code) == (TABLE, 3, "our-mistake")
    assert "ZeroDivisionError in " in found.message
    assert "test_copies.py" in found.message
    assert not re.search("Meadow|0117", ran.out + ran.err)
    lost = PDF.format("0003")
    assert clinics.files() == {name: content for name, content in whole.items() if name != lost}
    assert clinics.run(*COPIES).code == 0
    assert clinics.files() == whole


@pytest.mark.full
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_no_text_of_a_row_is_printed_or_remembered(clinics: Bench, jobs: str) -> None:
    named = (*COPIES, "--copies", "{row}-{name}", "--jobs", jobs)
    runs = [clinics.run(*named, *words) for words in ((), ("--json",), ("--dry-run", "--json"), ("--quiet",))]
    clinics.put(PDF.format("0003-meadow-house"), b"my notes")
    clinics.path(PDF.format("0002-harbour-team")).unlink()
    clinics.path(PDF.format("0002-harbour-team")).mkdir()
    runs += [clinics.run(*named, *words) for words in ((), ("--json",))]
    assert {each.code for each in runs[-2].diagnostics} == {"edited", "cannot-write"}
    clinics.put(TABLE, table((*ROWS, ROWS[0], ("Harbour Team", "call us", "1 Quay Street" * 99, ""))))
    runs += [clinics.run(*named, *words) for words in ((), ("--json",))]
    assert len(runs[-2].diagnostics) > 2
    outputs = [ran.out + ran.err for ran in runs]
    outputs.append((clinics.path("output") / MANIFEST_FILE).read_text(encoding="utf-8"))
    for field in (field for row in ROWS for field in row if field):
        for part in (field, field.lower().replace(" ", "-")):
            assert not [text for text in outputs if part in text], part


def test_a_copy_is_named_by_its_row_or_a_safe_form_of_the_name(clinics: Bench) -> None:
    clinics.put(TABLE, table((("../../etc/Ä & Ö GmbH", "1", "", ""), ("C:\\CON", "2", "", ""))))
    files = clinics.build(*COPIES, "--format", "pdf", "--copies", "{name}")
    assert sorted(files) == [PDF.format("c-con"), PDF.format("etc-a-o-gmbh")]


@pytest.mark.parametrize(
    "pattern", ["", "x", "{name}/{row}", "{row}.pdf", "{phone}", "../{row}", "{ROW}", "{row} {name}"]
)
def test_an_invalid_pattern_for_names_is_wrong_usage(clinics: Bench, pattern: str) -> None:
    ran = clinics.run(*COPIES, "--copies", pattern)
    assert (ran.code, ran.only("error").code) == (2, "usage")
    assert not clinics.files()


def test_two_rows_with_one_file_name_are_reported_at_the_second(clinics: Bench) -> None:
    clinics.put(TABLE, table((*ROWS, ("Harbour  team!", "1", "", ""))))
    ran = clinics.run(*COPIES, "--copies", "{name}")
    assert (ran.code, ran.only("error").code, ran.only("error").line) == (1, "same-file", 5)
    assert "Rows 2 and 5" in ran.only("error").message
    assert clinics.run(*COPIES, "--copies", "{name}-{row}").code == 0


def test_a_name_without_usable_characters_is_reported_at_its_row(clinics: Bench) -> None:
    clinics.put(TABLE, table((*ROWS, ("!?", "1", "", ""))))
    ran = clinics.run(*COPIES, "--copies", "{name}")
    assert (ran.code, ran.only("error").code, ran.only("error").line) == (1, "file-name", 5)


@pytest.mark.full
def test_a_changed_row_rebuilds_only_its_copies(with_copies: Bench) -> None:
    with_copies.put(TABLE, table((ROWS[0], ("Meadow House", "0117 496 9999", "", ""), ROWS[2])))
    ran = with_copies.run(*COPIES, "--json")
    again = ("made", "changed content")
    assert statuses(ran) == {
        (row, template): again if row == 3 else ("fresh", "fresh")
        for row in (2, 3, 4)
        for template in ("handout", "slides")
    }


@pytest.mark.full
def test_a_deleted_or_edited_copy_is_noticed(with_copies: Bench) -> None:
    with_copies.path(PDF.format("0002")).unlink()
    with_copies.put(PDF.format("0003"), b"my notes")
    ran = with_copies.run(*COPIES)
    found = ran.only("error")
    assert (ran.code, found.code, found.file, found.line) == (1, "edited", TABLE, 3)
    assert with_copies.path(PDF.format("0002")).is_file()
    assert with_copies.path(PDF.format("0003")).read_bytes() == b"my notes"


def test_a_dry_run_shows_how_each_column_is_read(clinics: Bench) -> None:
    ran = clinics.run(*COPIES, "--dry-run")
    assert "column 'phone' is read as: phone" in ran.out
    assert "6 files to make, 0 fresh" in ran.out
    assert not clinics.files()


@pytest.mark.full
def test_clean_deletes_the_copies_of_a_row_that_is_gone(with_combined_file: Bench) -> None:
    with_combined_file.put(TABLE, table(ROWS[:2]))
    ran = with_combined_file.run("clean", "--stale", "--today", "2026-11-24")
    assert (ran.code, "2 files deleted" in ran.out) == (0, True)
    left = [name.format(f"{row:04}") for name in (PDF, PPTX) for row in (2, 3)]
    assert sorted(with_combined_file.files()) == sorted([*left, PRINT])


def test_clean_deletes_all_copies_when_their_table_is_gone(with_copies: Bench) -> None:
    with_copies.path(TABLE).unlink()
    assert "6 files deleted" in with_copies.run("clean", "--stale", "--today", "2026-11-24").out


# ---------------------------------------------------------------- all in one file


def pages_of(content: bytes) -> list[str]:
    document = PdfDocument(content)
    return [page.get_textpage().get_text_bounded() for page in document]


def test_each_copy_in_the_combined_file_starts_on_the_front_of_a_sheet(combined_once: Path) -> None:
    files = output_files(combined_once)
    pages = pages_of(files[PRINT])
    copies = [pages_of(files[PDF.format(f"{row:04}")]) for row in (2, 3, 4)]
    position = 0
    for copy in copies:
        assert position % 2 == 0
        assert pages[position : position + len(copy)] == copy
        position += len(copy) + len(copy) % 2
    assert len(pages) == position - len(copies[-1]) % 2


def pictures_of(content: bytes) -> list[bytes]:
    return [page.render(scale=0.5).to_pil().tobytes() for page in PdfDocument(content)]


def test_copies_in_the_combined_file_look_the_same_and_share_objects(clinics: Bench) -> None:
    clinics.put(TABLE, table(tuple((f"Clinic {number}", f"0117 496 {number:04}", "", "") for number in range(8))))
    files = clinics.build(*COPIES, "--combined")
    copies = [files[PDF.format(f"{row:04}")] for row in range(2, 10)]
    separate = [pictures_of(copy) for copy in copies]
    shown = pictures_of(files[PRINT])
    turned = len(separate[0]) + len(separate[0]) % 2
    assert [shown[start : start + len(separate[0])] for start in range(0, len(shown), turned)] == separate
    assert len(files[PRINT]) < sum(map(len, copies)) / 2
    with pikepdf.open(io.BytesIO(files[PRINT])) as whole:
        filled = [page.obj for page in whole.pages if page.obj.get("/Contents") is not None]
        assert len({page.MediaBox.objgen for page in filled}) == 1
        assert {page.Resources.is_indirect for page in filled} == {True}
        assert len({page.Resources.objgen for page in filled}) <= len(separate[0]) + len(copies)


def test_the_combined_file_is_rebuilt_only_if_a_copy_is(with_combined_file: Bench) -> None:
    before = with_combined_file.files()
    assert statuses(with_combined_file.run(*COPIES, "--combined", "--json"))[0, "handout"] == ("fresh", "fresh")
    with_combined_file.path(PDF.format("0002")).unlink()
    assert statuses(with_combined_file.run(*COPIES, "--combined", "--json"))[0, "handout"] == ("fresh", "fresh")
    assert with_combined_file.files() == before
    with_combined_file.put(TABLE, table((("Harbour Crew", *ROWS[0][1:]), *ROWS[1:])))
    assert statuses(with_combined_file.run(*COPIES, "--combined", "--json"))[0, "handout"] == (
        "made",
        "changed content",
    )
    assert "Harbour Crew" in words_of(with_combined_file.path(PRINT).read_bytes())


@pytest.mark.full
def test_the_combined_file_is_reproducible(clinics: Bench, combined_once: Path) -> None:
    assert clinics.build(*COPIES, "--combined", "--jobs", "2") == output_files(combined_once)


def test_a_missing_copy_prevents_the_combined_file(clinics: Bench) -> None:
    clinics.path(PDF.format("0003")).mkdir(parents=True)
    ran = clinics.run(*COPIES, "--combined")
    assert (ran.code, {each.code for each in ran.diagnostics}) == (1, {"cannot-write", "incomplete"})
    assert not clinics.path(PRINT).exists()


def test_combining_without_recipients_is_wrong_usage(bench: Bench) -> None:
    ran = bench.run(*BUILD, "--combined")
    assert (ran.code, ran.only("error").code) == (2, "usage")


# ---------------------------------------------------------------- what is wrong


def test_a_missing_table_is_one_finding(bench: Bench) -> None:
    ran = bench.run(*COPIES)
    assert (ran.code, ran.only("error").file) == (1, TABLE)
    assert not bench.files()


def test_a_mistake_in_the_table_writes_nothing(clinics: Bench) -> None:
    clinics.put(TABLE, table((*ROWS, ("", "1", "", ""))))
    ran = clinics.run(*COPIES)
    assert (ran.code, ran.only("error").code, ran.only("error").place) == (1, "empty-value", (TABLE, 5, 1))
    assert not clinics.files()


def test_changed_content_rebuilds_all_copies(clinics: Bench) -> None:
    clinics.run(*COPIES, "--format", "pdf")
    clinics.project.replace(COLD, EVERYONE, "Nobody reads this.")
    ran = clinics.run(*COPIES, "--format", "pdf", "--json")
    assert set(statuses(ran).values()) == {("made", "changed content")}


def test_a_changed_logo_rebuilds_its_copies(clinics: Bench) -> None:
    from PIL import Image

    def draw(colour: str) -> None:
        Image.new("RGB", (400, 200), colour).save(clinics.path("logo.png"))

    draw("navy")
    clinics.put(TABLE, b"name;phone;logo\nHarbour Team;1;logo.png\nMeadow House;2;\n")
    clinics.run(*COPIES, "--format", "pdf")
    draw("teal")
    ran = clinics.run(*COPIES, "--format", "pdf", "--json")
    assert statuses(ran) == {(2, "handout"): ("made", "changed content"), (3, "handout"): ("fresh", "fresh")}


def test_a_template_that_names_the_service_makes_no_copies(clinics: Bench) -> None:
    """It would name the service in every copy."""
    place = clinics.plant("templates/parts/opening.md.j2", "{", "¦{{ service.name }}\n\n{")
    ran = clinics.run(*COPIES)
    assert (ran.code, {each.file for each in ran.diagnostics}) == (1, {place[0]})
    assert not clinics.files()
