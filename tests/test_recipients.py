"""Tables of recipients as written in Excel: read row by row, and every error is reported at its cell."""

from __future__ import annotations

import datetime as dt
import io
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image

from handouts.finding import Finding, HandoutError
from handouts.load.file_names import is_name, safe_name
from handouts.load.recipients import read_recipients
from handouts.service import LocalLine, RecipientTable

HEADINGS = "Clinic name,Telephone,Address,Opening hours"
ROW = 'Harbour Team,0117 496 0000,"12 High Street, Bristol","weekdays, 9 am to 5 pm"'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40"><rect width="80" height="40"/></svg>'
DOCTYPE = '<!DOCTYPE x [<!ENTITY e "aaaaaaaaaa">]>'


def table(folder: Path, *rows: str, name: str = "clinics.csv", encoding: str = "utf-8") -> Path:
    """Write a CSV file and return its path."""
    path = folder / name
    path.write_bytes("\r\n".join(rows).encode(encoding))
    return path


def workbook(folder: Path, *rows: tuple[object, ...], name: str = "clinics.xlsx") -> Path:
    """Write a workbook as Excel does and return its path."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    book.save(folder / name)
    return folder / name


def findings(path: Path) -> tuple[Finding, ...]:
    """Return the findings about a table."""
    try:
        return read_recipients(path).findings
    except HandoutError as raised:
        return raised.findings


def only_finding(path: Path) -> Finding:
    """Return the only finding about a table."""
    (found,) = findings(path)
    return found


def place(found: Finding) -> tuple[str, int, int]:
    return found.code, found.at.line, found.at.column


def picture(path: Path, size: tuple[int, int] = (80, 40)) -> None:
    Image.new("RGB", size, (10, 60, 90)).save(path)


# ---------------------------------------------------------------- what is right


def test_each_row_is_one_recipient_with_the_fields_of_its_columns(tmp_path: Path) -> None:
    read = read_recipients(table(tmp_path, HEADINGS, ROW))
    (row,) = read.rows
    assert (row.row, row.name, row.phone) == (2, "Harbour Team", "0117 496 0000")
    assert (row.address, row.hours) == ("12 High Street, Bristol", "weekdays, 9 am to 5 pm")
    assert (row.logo, row.lines) == (None, ())
    assert read.columns[0] == ("Clinic name", "name")
    assert read.columns[1:] == (("Telephone", "phone"), ("Address", "address"), ("Opening hours", "hours"))


def test_a_web_page_must_begin_with_https(tmp_path: Path) -> None:
    read = read_recipients(table(tmp_path, "name,website", "A,https://a.example/b"))
    assert read.rows[0].web == "https://a.example/b"
    for cell in ("http://a.example", "www.a.example", "javascript:alert(1)", "see our site"):
        assert place(only_finding(table(tmp_path, "name,website", f"A,{cell}"))) == ("link-target", 2, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_files_of_excel_are_read_in_every_locale(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = (delimiter.join(row) for row in (("Name", "Phone"), ("Café d’Été", "+44 117 496 0000"), ("B", "020")))
    read = read_recipients(table(tmp_path, *rows, encoding=encoding))
    assert [(row.row, row.name, row.phone) for row in read.rows] == [
        (2, "Café d’Été", "+44 117 496 0000"),
        (3, "B", "020"),
    ]


def test_the_delimiter_is_found_in_the_header_only(tmp_path: Path) -> None:
    read = read_recipients(table(tmp_path, "name;hours", "A;1,2,3,4,5,6,7,8,9"))
    assert read.rows[0].hours == "1,2,3,4,5,6,7,8,9"


def test_a_leading_zero_is_kept(tmp_path: Path) -> None:
    for path in (table(tmp_path, "name,phone", "A,007"), workbook(tmp_path, ("name", "phone"), ("A", "007"))):
        assert read_recipients(path).rows[0].phone == "007"


def test_a_workbook_is_read_like_a_csv_file(tmp_path: Path) -> None:
    rows = (("Clinic", "Tel", "Night"), ("Harbour", "0117", "x"), (None, None, None), ("Zoë’s", "0118", None))
    path = workbook(tmp_path, *(row for row in rows if any(row)))
    text = table(tmp_path, "Clinic,Tel,Night", "Harbour,0117,x", "Zoë’s,0118,")
    assert [(row.name, row.phone, row.row) for row in read_recipients(path).rows] == [
        (row.name, row.phone, row.row) for row in read_recipients(text).rows
    ]


def test_a_line_break_in_an_address_becomes_a_comma(tmp_path: Path) -> None:
    path = table(tmp_path, "name,address", 'A,"12 High Street,\r\nBristol\nBS1"')
    assert read_recipients(path).rows[0].address == "12 High Street, Bristol, BS1"
    path = workbook(tmp_path, ("name", "address"), ("A", "12 High Street\nBristol"))
    assert read_recipients(path).rows[0].address == "12 High Street, Bristol"


def test_row_numbers_are_those_of_excel_despite_line_breaks_in_cells(tmp_path: Path) -> None:
    path = table(tmp_path, "name,address", 'A,"1\n2\n3"', "B,4")
    assert [row.row for row in read_recipients(path).rows] == [2, 3]


def test_lines_can_be_in_separate_columns_or_in_one_cell(tmp_path: Path) -> None:
    lines = (LocalLine("Night team", "0117 1"), LocalLine("Crisis house", "0117 2"))
    path = table(
        tmp_path,
        "name,line 1 name,line 1 number,Line 2 name,LINE_2_NUMBER",
        "A,Night team,0117 1,Crisis house,0117 2",
    )
    assert read_recipients(path).rows[0].lines == lines
    path = table(tmp_path, "name,lines", "A,Night team: 0117 1; Crisis house: 0117 2")
    assert read_recipients(path).rows[0].lines == lines


@pytest.mark.parametrize("file", ["hive.png", "hive.jpg", "hive.svg", "logos/hive.png"])
def test_a_logo_is_next_to_the_table(tmp_path: Path, file: str) -> None:
    (tmp_path / "logos").mkdir()
    if file.endswith(".svg"):
        (tmp_path / file).write_text(SVG, encoding="utf-8")
    else:
        picture(tmp_path / file)
    read = read_recipients(table(tmp_path, "name,logo", f"A,{file}", f"B,{file}", "C,"))
    first, second, third = (row.logo for row in read.rows)
    assert first is not None
    assert (first.width, first.height) == (80, 40)
    assert first is second
    assert third is None


def test_empty_rows_and_trailing_cells_are_ignored(tmp_path: Path) -> None:
    path = table(tmp_path, "name,phone", "A,01,,,", ",", "", "")
    assert len(read_recipients(path).rows) == 1
    path = workbook(tmp_path, ("name", "phone"), ("A", "01", "", None), ("", None), (None,))
    assert len(read_recipients(path).rows) == 1


def test_a_name_that_looks_like_a_path_is_an_ordinary_name(tmp_path: Path) -> None:
    names = ("../../etc/passwd", "C:\\x", "CON", "a/b", "-rf", "~root")
    read = read_recipients(table(tmp_path, "name", *names))
    assert tuple(row.name for row in read.rows) == names


def test_two_thousand_rows_are_read_quickly(tmp_path: Path) -> None:
    rows = [(f"Clinic {number}", f"0117 {number:05}", f"{number} High Street", "weekdays") for number in range(2000)]
    paths = (
        table(tmp_path, "name,phone,address,hours", *map(",".join, rows)),
        workbook(tmp_path, ("name", "phone", "address", "hours"), *rows),
    )
    for path in paths:
        start = time.perf_counter()
        assert len(read_recipients(path).rows) == 2000
        assert time.perf_counter() - start < 20  # a generous limit; the benchmarks measure the time


# ---------------------------------------------------------------- what is wrong

CASES: Mapping[str, tuple[tuple[str, ...], tuple[tuple[str, int, int], ...]]] = {
    "no column for the name": (("phone,hours", "01,x"), (("missing-column", 1, 1),)),
    "a misspelt column for the name": (
        ("Clinc name,phone", "A,01"),
        (("missing-column", 1, 1), ("unknown-column", 1, 1)),
    ),
    "no headings": (("Harbour,0117 496 0000", "Hill,0117 496 0001"), (("missing-column", 1, 1),)),
    "another delimiter": (("name|phone", "A|01"), (("missing-column", 1, 1),)),
    "a column that is not known": (("name,colour", "A,red"), (("unknown-column", 1, 2),)),
    "a column without a heading": (("name,,phone", "A,x,01"), (("unknown-column", 1, 2),)),
    "two columns for one field": (("name,phone,Tel", "A,01,02"), (("duplicate-column", 1, 3),)),
    "an empty row": (("name,phone", "A,01", ",", "B,02"), (("empty-row", 3, 1),)),
    "a blank line": (("name,phone", "A,01", "", "B,02"), (("empty-row", 3, 1),)),
    "a row without a name": (("phone,name", "01, "), (("empty-value", 2, 2),)),
    "no row at all": (("name,phone",), (("empty-file", 1, 1),)),
    "a name that is too long": (("name", "x" * 81), (("field-too-long", 2, 1),)),
    "an address that is too long": (("name,address", "A," + "x" * 141), (("field-too-long", 2, 2),)),
    "a cell without an end": (("name", "x" * 200_000), (("field-too-long", 2, 1),)),
    "a phone without a digit": (("name,phone", "A,none"), (("no-digits", 2, 2),)),
    "a phone that Excel has rounded": (("name,phone", "A,1.17496E+09"), (("cell-type", 2, 2),)),
    "a formula": (("name,phone", "A,=1+1"), (("cell-formula", 2, 2),)),
    "a formula in a name": (("name", "=cmd|'/c calc'!A0"), (("cell-formula", 2, 1),)),
    "a quotation mark that is not closed": (("name,phone", "A,01", 'B,"02', "C,03"), (("table-quote", 3, 2),)),
    "a quotation mark in a cell": (("name,phone", '"A" team,01'), (("table-quote", 2, 1),)),
    "a comma without quotation marks": (("name,address", "A,12 High Street, Bristol"), (("row-cells", 2, 3),)),
    "a row that is too short": (("name,phone,hours", "A,01"), (("row-cells", 2, 2),)),
    "a character that nobody sees": (("name", "A\u200bB"), (("invisible-character", 2, 1),)),
    "a NUL": (("name,phone", "A,0\x001"), (("control-character", 2, 2),)),
    "a letter that no font has": (("name", "診療所"), (("no-glyph", 2, 1),)),
    "letters from right to left": (("name", "מרפאה"), (("direction", 2, 1),)),
    "a line without a number": (("name,lines", "A,Night team"), (("local-line", 2, 2),)),
    "a line with a name alone": (("name,line 1 name,line 1 number", "A,Night,"), (("local-line", 2, 2),)),
    "six lines": (("name,lines", "A," + ";".join(f"L: {n}" for n in range(6))), (("too-many", 2, 2),)),
    "the same row twice": (("name,phone", "A,01", "B,02", "A,01"), (("same-row", 4, 1),)),
    "a logo that is not there": (("name,logo", "A,hive.png"), (("missing-picture", 2, 2),)),
    "a logo elsewhere": (("name,logo", "A,../hive.png"), (("picture-path", 2, 2),)),
    "a logo on the disc": (("name,logo", "A,/etc/passwd"), (("picture-path", 2, 2),)),
    "a logo on Windows": (("name,logo", "A,C:\\hive.png"), (("picture-path", 2, 2),)),
    "a logo in the web": (("name,logo", "A,https://example.org/x.png"), (("picture-path", 2, 2),)),
    "ten thousand columns": ((",".join(["name"] + [f"c{n}" for n in range(9_999)]), "A"), (("too-many", 1, 101),)),
    "too many rows": (("name", *["A"] * 10_001), (("too-many", 10_002, 1),)),
}


@pytest.mark.parametrize("what", CASES)
def test_an_error_is_reported_at_its_row_and_column(tmp_path: Path, what: str) -> None:
    rows, expected = CASES[what]
    found = findings(table(tmp_path, *rows))
    assert tuple(map(place, found)) == expected
    for each in found:
        assert each.hint
        assert each.message.endswith(".")


def test_all_errors_are_reported_at_once_up_to_a_limit(tmp_path: Path) -> None:
    found = findings(table(tmp_path, "name,phone", "A,none", ",01", "B,=1"))
    assert [place(each) for each in found] == [("no-digits", 2, 2), ("empty-value", 3, 1), ("cell-formula", 4, 2)]
    found = findings(table(tmp_path, "name,phone", *["A,none"] * 500))
    assert len(found) == 101
    assert found[-1].code == "too-many"


def test_a_misspelt_heading_is_answered_with_the_right_one(tmp_path: Path) -> None:
    missing, unknown = findings(table(tmp_path, "Clinc name,phone,adress", "A,01,x"))[:2]
    assert "'clinic name' instead of 'Clinc name'" in missing.hint
    assert unknown.message == "The column 'Clinc name' is not printed."
    assert "did you mean 'address'?" in findings(table(tmp_path, "name,adress", "A,x"))[0].hint


def test_too_many_stacked_accents_are_an_error(tmp_path: Path) -> None:
    found = only_finding(table(tmp_path, "name", "Harbo\u0316" + "\u0317" * 9 + "ur"))
    assert (found.code, found.at.line, found.at.column) == ("stacked-accents", 2, 1)
    assert "Harbo" not in str(found)


def test_no_message_contains_text_of_a_row(tmp_path: Path) -> None:
    secret = "Quillfeather"
    picture(tmp_path / "other.gif")
    (tmp_path / f"{secret}.png").write_bytes(b"no picture")
    rows = list(dict.fromkeys(row for rows, _ in CASES.values() for row in rows[1:] if len(row) < 500))
    rows += [f"{secret},none", f'"{secret}" x,1', f"={secret}", f"{secret}\u200b,{secret},{secret}"]
    for headings in ("name,phone", "name,logo,lines", "name,hours,address", "phone,name", "lines,name"):
        for row in rows:
            text = row.replace("A,", f"{secret},").replace("hive", secret)
            for found in findings(table(tmp_path, headings, text)):
                assert secret not in f"{found.message}{found.hint}"
    for name in (f"{secret}.png", f"{secret}.jpg", f"../{secret}.png"):
        for found in findings(table(tmp_path, "name,logo", f"A,{name}")):
            assert secret not in f"{found.message}{found.hint}"
    assert all(secret not in str(each) for each in findings(table(tmp_path, f"{secret},0117", "x,0118")))


@pytest.mark.parametrize(("encoding", "code"), [("cp1252", "not-utf-8"), ("utf-16", "not-utf-8")])
def test_the_hint_for_another_encoding_says_how_to_save_the_file(tmp_path: Path, encoding: str, code: str) -> None:
    found = only_finding(table(tmp_path, "name", "A", "Café", encoding=encoding))
    assert found.code == code
    assert found.at.line == (3 if encoding == "cp1252" else 1)
    assert "CSV UTF-8" in found.hint


@pytest.mark.parametrize("name", ["clinics.xls", "clinics.ods", "clinics.numbers", "clinics.docx", "clinics"])
def test_the_hint_for_another_kind_of_file_says_how_to_save_it(tmp_path: Path, name: str) -> None:
    found = only_finding(table(tmp_path, "name", "A", name=name))
    assert found.code == "table-kind"
    assert ".xlsx" in found.hint


def test_a_missing_or_irregular_file_is_an_error(tmp_path: Path) -> None:
    assert only_finding(tmp_path / "clinics.csv").code == "unreadable"
    (tmp_path / "folder.csv").mkdir()
    assert only_finding(tmp_path / "folder.csv").code == "not-a-file"
    assert only_finding(table(tmp_path, "")).code == "missing-column"


def test_a_link_to_another_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    picture(tmp_path / "hive.png")
    table(tmp_path, "name", "A")
    try:
        (tmp_path / "in" / "hive.png").symlink_to(tmp_path / "hive.png")
        (tmp_path / "in" / "clinics.csv").symlink_to(tmp_path / "clinics.csv")
    except OSError:
        pytest.skip("no links here")
    assert only_finding(tmp_path / "in" / "clinics.csv").code == "outside-project"
    found = only_finding(table(tmp_path / "in", "name,logo", "A,hive.png", name="own.csv"))
    assert place(found) == ("outside-project", 2, 2)


def test_an_invalid_logo_is_reported_in_each_row_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "hive.png").write_bytes(b"GIF89a, and no picture")
    found = findings(table(tmp_path, "name,logo", "A,hive.png", "B,hive.png"))
    assert [place(each) for each in found] == [("picture-kind", 2, 2), ("picture-kind", 3, 2)]
    assert "hive" not in found[0].message
    (tmp_path / "hive.svg").write_text(SVG.replace("<rect", "<script/><rect"), encoding="utf-8")
    assert place(only_finding(table(tmp_path, "name,logo", "A,hive.svg"))) == ("picture-svg", 2, 2)


# ---------------------------------------------------------------- workbooks


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1174960000, "cell-type"),
        (117.5, "cell-type"),
        (True, "cell-type"),
        (dt.date(2026, 11, 27), "cell-type"),
        ("#N/A", "cell-type"),
        ("=1+1", "cell-formula"),
        ('=HYPERLINK("https://example.org","x")', "cell-formula"),
        ("none", "no-digits"),
        ("0117\x7f", "control-character"),
    ],
)
def test_a_cell_that_is_not_text_is_reported_at_its_row_and_column(tmp_path: Path, value: object, code: str) -> None:
    path = workbook(tmp_path, ("name", "hours", "phone"), ("A", "x", "01"), ("B", "x", value))
    found = only_finding(path)
    assert place(found) == (code, 3, 3)
    assert "'phone'" in found.message


def test_a_workbook_with_shared_strings_is_read(tmp_path: Path) -> None:
    path = tmp_path / "clinics.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for row, (name, phone) in enumerate((("Clinic", "Phone"), ("A", "007"), ("A", "007 8"), ("C\r\nD", "01"))):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, phone)
    sheet.write_rich_string(4, 0, "Rich ", bold, "text")
    sheet.write_string(4, 1, "02")
    book.close()
    with zipfile.ZipFile(path) as package:
        assert "xl/sharedStrings.xml" in package.namelist()
    rows = read_recipients(path).rows
    assert [(row.name, row.phone) for row in rows] == [
        ("A", "007"),
        ("A", "007 8"),
        ("C, D", "01"),
        ("Rich text", "02"),
    ]
    with_part(path, "xl/sharedStrings.xml", "<sst", DOCTYPE + "<sst")
    assert only_finding(path).code == "not-a-workbook"


def test_cells_of_columns_that_are_not_printed_are_not_checked(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("name", "id"), ("A", 12), ("B", "=A1"))
    assert [each.code for each in findings(path)] == ["unknown-column"]


def test_other_sheets_are_reported(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("name",), ("A",))
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(("name",))
    sheet.append(("A",))
    book.create_sheet("Secret").sheet_state = "hidden"
    book.save(path)
    assert (only_finding(path).code, only_finding(path).severity) == ("other-sheets", "warning")
    assert len(read_recipients(path).rows) == 1


def test_a_workbook_with_too_much_in_it_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("name", *[f"c{n}" for n in range(9_999)]), ("A",))
    assert place(only_finding(path)) == ("too-many", 1, 101)
    path = workbook(tmp_path, ("name",), *[("A",)] * 10_001)
    assert place(only_finding(path)) == ("too-many", 10_002, 1)


def with_part(path: Path, name: str, old: str, new: str) -> Path:
    """Change one part of a workbook."""
    with zipfile.ZipFile(path) as package:
        pieces = {each: package.read(each) for each in package.namelist()}
    pieces[name] = pieces[name].decode("utf-8").replace(old, new, 1).encode("utf-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for each, content in pieces.items():
            package.writestr(each, content)
    return path


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("name",), ("A",))
    with_part(path, "xl/worksheets/sheet1.xml", "<sheetData>", "<sheetData>" + " " * 40_000_000)
    assert path.stat().st_size < 200_000
    assert only_finding(path).code == "too-large"


@pytest.mark.parametrize("piece", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"])
def test_a_workbook_that_declares_entities_is_refused(tmp_path: Path, piece: str) -> None:
    path = workbook(tmp_path, ("name",), ("A",))
    root = {"sheet1.xml": "<worksheet", "workbook.xml": "<workbook"}.get(piece.rsplit("/", 1)[1], "<styleSheet")
    with_part(path, piece, root, DOCTYPE + root)
    assert only_finding(path).code == "not-a-workbook"


def test_a_far_away_cell_is_handled_quickly(tmp_path: Path) -> None:
    for old, new in (('<c r="A2"', '<c r="ZZZZZZ2"'), ('<row r="2"', '<row r="99999999999"')):
        path = workbook(tmp_path, ("name",), ("A",))
        start = time.perf_counter()
        assert findings(with_part(path, "xl/worksheets/sheet1.xml", old, new))
        assert time.perf_counter() - start < 20


@pytest.mark.parametrize(
    "content", [b"", b"name,phone\nA,01\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_a_file_that_is_no_workbook_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clinics.xlsx"
    path.write_bytes(content)
    assert only_finding(path).code == "not-a-workbook"
    path.rename(tmp_path / "clinics.csv")
    if content.startswith(b"PK"):
        assert only_finding(tmp_path / "clinics.csv").code == "table-kind"


def test_a_workbook_broken_anywhere_is_an_error(tmp_path: Path) -> None:
    whole = workbook(tmp_path, ("name", "phone"), ("A", "01")).read_bytes()
    path = tmp_path / "broken.xlsx"
    for cut in range(4, len(whole), 97):
        path.write_bytes(whole[:cut])
        findings(path)
        changed = bytearray(whole)
        changed[cut] ^= 0x55
        path.write_bytes(bytes(changed))
        findings(path)


def test_a_package_of_another_kind_is_no_workbook(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    (tmp_path / "clinics.xlsx").write_bytes(buffer.getvalue())
    assert only_finding(tmp_path / "clinics.xlsx").code == "not-a-workbook"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=300), st.text(alphabet='name,phone;"\t\r\n=0A\x00\u200bé', max_size=80)))
def test_any_file_gives_rows_or_findings(tmp_path: Path, content: bytes | str) -> None:
    whole = content if isinstance(content, bytes) else f"name,phone,lines,logo\n{content}".encode()
    for name in ("clinics.csv", "clinics.xlsx"):
        (tmp_path / name).write_bytes(whole)
        for found in findings(tmp_path / name):
            assert found.hint
            assert found.at.file


# ---------------------------------------------------------------- names of files


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Harbour Community Mental Health Team", "harbour-community-mental-health-team"),
        ("Zoë’s Größe & Øre", "zoe-s-grosse-ore"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\x", "c-x"),
        ("CON", "con-1"),
        ("LPT1", "lpt1-1"),
        ("-rf ~x", "rf-x"),
        ("a" * 100, "a" * 40),
        ("診療所", ""),
        ("", ""),
        ("…/…", ""),
    ],
)
def test_any_text_becomes_a_portable_file_name(text: str, name: str) -> None:
    assert safe_name(text) == name
    assert not name or (len(name) <= 42 and not name.startswith("-"))
    assert name == "" or is_name(name) or name[0].isdigit()


def test_the_table_of_recipients_is_a_value(tmp_path: Path) -> None:
    path = table(tmp_path, HEADINGS, ROW)
    assert read_recipients(path) == read_recipients(path)
    assert isinstance(read_recipients(path), RecipientTable)
