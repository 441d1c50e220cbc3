"""On a machine without LibreOffice, poppler, Java or tesseract the tests that need them are skipped, and none fails.

A test requests a program by `validators.required_tool` only. In CI an absent one fails the test.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from validators import TOOLS, required_tool

TESTS = sorted(Path(__file__).parent.glob("*.py"))
THE_WAY = "required_tool"


def bare_names(source: str) -> Iterator[str]:
    """Yield each program that a source starts or looks for without `required_tool`."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.List(elts=[ast.Constant(value=str(name)), *_]) if name in TOOLS:
                yield name
            case ast.Call(func=ast.Attribute(attr="which"), args=[ast.Constant(value=str(name)), *_]) if name in TOOLS:
                yield name


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a PATH without programs."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("tool", TOOLS)
def test_a_test_that_needs_an_absent_program_is_skipped_and_fails_in_ci(
    tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=f"{tool}, of .+, is not installed"):
        required_tool(tool)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=f"{tool}, of .+, is not installed"):
        required_tool(tool)


def test_every_test_requests_its_programs_by_required_tool() -> None:
    assert not {file.name: names for file in TESTS if (names := list(bare_names(file.read_text(encoding="utf-8"))))}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('run(["pdfinfo", "a.pdf"])', ("pdfinfo",)),
        ('command = ["soffice", profile]', ("soffice",)),
        ('shutil.which("java")', ("java",)),
        (f'run([{THE_WAY}("pdfinfo"), "a.pdf"])', ()),
        ('run(["true"])', ()),
    ],
)
def test_a_program_started_without_required_tool_is_noticed(source: str, names: tuple[str, ...]) -> None:
    assert tuple(bare_names(source)) == names
