"""Runs external validators. A missing one skips the test with the reason; with CI=true it fails the test."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from itertools import takewhile
from pathlib import Path
from threading import Timer
from typing import NoReturn

import pytest

# The programs that tests run, and the packages that contain them.
TOOLS = {
    "bash": "bash",
    "chromium": "Chromium",
    "java": "a JDK",
    "node": "Node.js",
    "pdfinfo": "poppler-utils",
    "pdffonts": "poppler-utils",
    "pdftocairo": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "pdftotext": "poppler-utils",
    "qpdf": "qpdf",
    "soffice": "LibreOffice",
    "tesseract": "tesseract-ocr",
}
TOOLS_FOLDER = Path(__file__).parent / "tools"
VERAPDF = TOOLS_FOLDER / "verapdf"
TIMEOUT = 300


def assert_verapdf_passes(files: Iterable[Path], flavours: str = "ua1,2a") -> None:
    """Fail with the report of veraPDF unless each of `files` conforms to each of `flavours`."""
    require_verapdf()
    arguments, verapdf = [flavours, *map(str, files)], running_verapdf()
    assert verapdf.stdin
    assert verapdf.stdout
    timeout = Timer(TIMEOUT, verapdf.kill)
    timeout.start()
    verapdf.stdin.write("\t".join(arguments) + "\n")
    verapdf.stdin.flush()
    report = list(takewhile(lambda line: not line.startswith("DONE "), iter(verapdf.stdout.readline, "")))
    timeout.cancel()
    passed = [line for line in report if line.startswith("PASS ")]
    assert len(passed) == len(flavours.split(",")) * (len(arguments) - 1), "".join(report)
    assert not any(line.startswith(("FAIL ", "ERROR ")) for line in report), "".join(report)


@cache
def running_verapdf() -> subprocess.Popen[str]:
    """Return veraPDF, started once for all tests of a process: its first file takes as long as the next five."""
    command = [required_tool("bash"), str(VERAPDF)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")


def assert_page_validation_passes(content: bytes, profiles: Iterable[str] = ("ua1", "2a")) -> None:
    """Fail with the report of page-validation unless the PDF `content` conforms to each of `profiles`."""
    try:
        import page
    except ImportError:
        skip_or_fail("page-validation is not installed")
    for profile in profiles:
        report = page.validate_pdf_bytes(content, profile=profile)
        assert report.is_compliant, [f"{each.rule_id}: {each.message}" for each in report.failures]


def assert_qpdf_passes(file: Path) -> None:
    """Fail with the report of qpdf unless `file` is valid."""
    command = [required_tool("qpdf"), "--check", str(file)]
    completed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert completed.returncode == 0, f"{completed.stdout}\n{completed.stderr}"


def nu_findings(files: Iterable[Path]) -> list[str]:
    """Return the messages of the Nu HTML checker for pages, each with file name and line."""
    java_options = ("-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
    arguments = ("-jar", str(npm_file("vnu-jar/build/dist/vnu.jar")), "--format", "json", "--exit-zero-always")
    command = [required_tool("java"), *java_options, *arguments, *map(str, files)]
    completed = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=True)
    found = (
        f"{Path(each['url']).name}:{each['lastLine']}: {each['message']}"
        for each in json.loads(completed.stderr)["messages"]
    )
    # A false alarm: the checker takes long style sheets for forbidden by the page's own policy, Chromium does not.
    return [each for each in found if "violates Content Security Policy" not in each]


def npm_file(name: str) -> Path:
    """Return a file of the npm packages of tests/tools/package.json; skip or fail the test if it is missing."""
    path = TOOLS_FOLDER / "node_modules" / name
    if not path.is_file():
        skip_or_fail(f"{name} is not installed; to install it, run: npm install --no-package-lock --prefix tests/tools")
    return path


def require_verapdf() -> None:
    """Skip or fail the test unless veraPDF can run. It installs itself in CI; elsewhere it must be installed before."""
    home = Path(os.environ.get("VERAPDF_HOME", Path.home() / ".cache" / "verapdf"))
    required_tool("java")
    if not in_ci() and not (home / "Vera.class").is_file():
        skip_or_fail("veraPDF is not set up; to set it up, run: bash tests/tools/verapdf ua1 any.pdf")


def required_tool(name: str) -> str:
    """Return the path of one of `TOOLS`; skip or fail the test if it is missing."""
    path = shutil.which(name)
    if path is None:
        skip_or_fail(f"{name}, of {TOOLS[name]}, is not installed")
    return path


def skip_or_fail(reason: str) -> NoReturn:
    """Skip the test; fail it in CI."""
    if in_ci():
        pytest.fail(reason)
    pytest.skip(reason)


def in_ci() -> bool:
    """True in CI, where every validator must be installed."""
    return os.environ.get("CI") == "true"
