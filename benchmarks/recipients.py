"""What recipients cost: reading a table of them, and addressing each document to one, beside composing it anew.

python benchmarks/recipients.py [--rows 2000] [--rounds 10]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from openpyxl import Workbook
from timing import line, measured, say

from handouts.compose import compose_document
from handouts.compose.provider import personalise_document
from handouts.load import load_library
from handouts.load.recipients import read_recipients
from handouts.select import select_content

ROOT = Path(__file__).parents[1]
HEADINGS = ("name", "phone", "address", "hours", "line 1 name", "line 1 number")


def write_tables(folder: Path, count: int) -> tuple[Path, Path]:
    """Write the same table as CSV and as a workbook, and return where they are."""
    rows = [
        (f"Clinic {n}", f"0117 {n:06}", f"{n} High Street", "weekdays", "Night team", f"0118 {n:06}")
        for n in range(count)
    ]
    text, book = folder / "clinics.csv", Workbook(write_only=True)
    text.write_text("\n".join(",".join(row) for row in (HEADINGS, *rows)), encoding="utf-8")
    sheet = book.create_sheet()
    for row in (HEADINGS, *rows):
        sheet.append(row)
    book.save(folder / "clinics.xlsx")
    return text, folder / "clinics.xlsx"


def report_reading(count: int, rounds: int) -> None:
    """Say how long each kind of table takes."""
    with tempfile.TemporaryDirectory() as folder:
        tables = write_tables(Path(folder), count)
        times = measured([lambda path=path: read_recipients(path) for path in tables], rounds)
        for path, timings in zip(tables, times, strict=True):
            say(line(f"{count} rows", path.suffix, timings))


def report_addressing(rounds: int) -> None:
    """Say how long it takes to address each document of the first reader, and to compose it."""
    library = load_library(ROOT / "content", ROOT / "templates")
    topic, reader = next(iter(library.topics)), next(iter(library.audiences))
    selection = select_content(library, topic, reader, "en")
    for name, template in library.templates.items():
        if reader not in template.audiences:
            continue
        document = compose_document(selection, name, country="UK").document
        ways = (
            lambda document=document: personalise_document(document, library.service, document.words),
            lambda name=name: compose_document(selection, name, country="UK"),
        )
        for way, timings in zip(("addressed", "composed"), measured(ways, rounds), strict=True):
            say(line(name, way, timings))


def main() -> None:
    """Measure, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    report_reading(options.rows, options.rounds)
    report_addressing(options.rounds)


if __name__ == "__main__":
    main()
