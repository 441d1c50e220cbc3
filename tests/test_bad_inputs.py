"""The list of a hundred bad inputs and faults: each number has a test, or waits for a feature.

A test is called test_NUMBER_name and is in one of the files below, one for each group.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

GROUPS = ("files", "structure", "text", "pictures", "system")
TESTED = re.compile(r"test_(\d{3})_\w+")

SCALE, BRANDS, PREVIEW, TRANSLATIONS = "building at scale", "brand templates", "preview", "translations"
# The number of a case, and the part of the program that it waits for.
WAITING = {
    38: TRANSLATIONS,  # how old a translation is
    58: TRANSLATIONS,  # whether a text is in the language of its folder
    70: BRANDS,  # a .potx, .ppt or .odp, a broken one, one with a password
    71: BRANDS,  # a zip bomb as a template
    72: BRANDS,  # a template without the layouts that are needed
    73: BRANDS,  # macros, embedded objects, external links
    81: SCALE,  # a worker that is killed
    82: SCALE,  # a job that hangs
    83: SCALE,  # two builds at once
    84: SCALE,  # a manifest that is corrupt, old or from elsewhere
    85: SCALE,  # an output that was edited or deleted by hand
    86: SCALE,  # a clock that jumps; today nothing is skipped, so no time of a file matters
    87: SCALE,  # a power cut between file and manifest
    91: SCALE,  # files of a topic that was renamed
    95: SCALE,  # a worker on another system with other fonts
    97: PREVIEW,  # what the preview server answers
    98: PREVIEW,  # watching files
    99: SCALE,  # a table of recipients
    100: SCALE,  # names of patients; today the program is given none
}


def numbers() -> set[int]:
    """Return the numbers of the cases that have a test."""
    files = (Path(__file__).parent / f"test_bad_inputs_{group}.py" for group in GROUPS)
    names = (
        node.name
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    )
    return {int(found[1]) for name in names if (found := TESTED.fullmatch(name))}


def test_each_of_the_hundred_cases_is_tested_or_waits_for_something() -> None:
    assert numbers() | set(WAITING) == set(range(1, 101))
    assert not numbers() & set(WAITING)
