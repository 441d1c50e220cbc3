"""Measures recipients: reading a table of them, and personalising a document, compared with composing it again.

python benchmarks/recipients.py [--rows 2000] [--rounds 10]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from openpyxl import Workbook
from timing import ROOT, interleaved_timings, print_line, report_line

from handouts.compose import compose_document
from handouts.compose.provider import personalise_document
from handouts.load import load_library
from handouts.load.recipients import read_recipients
from handouts.select import select_content

HEADINGS = ("name", "phone", "address", "hours", "line 1 name", "line 1 number")


def write_tables(folder: Path, count: int) -> tuple[Path, Path]:
    """Write the same table as CSV and as a workbook, and return their paths."""
    rows = [
        (f"Clinic {n}", f"0117 {n:06}", f"{n} High Street", "weekdays", "Night team", f"0118 {n:06}")
        for n in range(count)
    ]
    csv_file, workbook = folder / "clinics.csv", Workbook(write_only=True)
    csv_file.write_text("\n".join(",".join(row) for row in (HEADINGS, *rows)), encoding="utf-8")
    sheet = workbook.create_sheet()
    for row in (HEADINGS, *rows):
        sheet.append(row)
    workbook.save(folder / "clinics.xlsx")
    return csv_file, folder / "clinics.xlsx"


def report_reading(count: int, rounds: int) -> None:
    """Print the time to read each kind of table."""
    with tempfile.TemporaryDirectory() as folder:
        tables = write_tables(Path(folder), count)
        times = interleaved_timings([lambda path=path: read_recipients(path) for path in tables], rounds)
        for path, timings in zip(tables, times, strict=True):
            print_line(report_line(f"{count} rows", path.suffix, timings))


def report_addressing(rounds: int) -> None:
    """Print the times to personalise and to compose each document of the first audience."""
    library = load_library(ROOT / "content", ROOT / "templates")
    topic, reader = next(iter(library.topics)), next(iter(library.audiences))
    selection = select_content(library, topic, reader, "en")
    for name, template in library.templates.items():
        if reader not in template.audiences:
            continue
        document = compose_document(selection, name, country="UK").document
        builds = (
            lambda document=document: personalise_document(document, library.service, document.words),
            lambda name=name: compose_document(selection, name, country="UK"),
        )
        for name_of_build, timings in zip(("personal", "composed"), interleaved_timings(builds, rounds), strict=True):
            print_line(report_line(name, name_of_build, timings))


def main() -> None:
    """Measure, and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    report_reading(options.rows, options.rounds)
    report_addressing(options.rounds)


if __name__ == "__main__":
    main()
