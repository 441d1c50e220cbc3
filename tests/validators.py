"""Real validators on real files. One that is absent skips the test, with the reason; where CI=true it fails it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import pytest

# The programs beside Python that tests start, and what each of them is a part of.
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
MINUTES = 300


def assert_verapdf_passes(files: Iterable[Path], flavours: str = "ua1,2a") -> None:
    """Fail with veraPDF's own words unless each of `files` conforms to each of `flavours`."""
    require_verapdf()
    command = [required_tool("bash"), str(VERAPDF), flavours, *(str(file) for file in files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=MINUTES, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert done.stdout.count("PASS ") == len(flavours.split(",")) * (len(command) - 3), done.stdout


def assert_page_validation_passes(content: bytes, profiles: Iterable[str] = ("ua1", "2a")) -> None:
    """Fail with the validator's own words unless the PDF `content` conforms to each of `profiles`."""
    try:
        import page
    except ImportError:
        absent("page-validation is not installed")
    for profile in profiles:
        report = page.validate_pdf_bytes(content, profile=profile)
        assert report.is_compliant, [f"{each.rule_id}: {each.message}" for each in report.failures]


def assert_qpdf_passes(file: Path) -> None:
    """Fail with qpdf's own words unless it finds `file` sound."""
    command = [required_tool("qpdf"), "--check", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def nu_findings(files: Iterable[Path]) -> list[str]:
    """Return what the Nu HTML checker finds in pages, or remarks, each with the name and line of its file."""
    quick = ("-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
    program = ("-jar", str(npm_file("vnu-jar/build/dist/vnu.jar")), "--format", "json", "--exit-zero-always")
    command = [required_tool("java"), *quick, *program, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=MINUTES, check=True)
    found = (
        f"{Path(each['url']).name}:{each['lastLine']}: {each['message']}"
        for each in json.loads(done.stderr)["messages"]
    )
    # It takes every long style sheet for one that the page's own policy forbids; Chromium, which obeys it, does not.
    return [each for each in found if "violates Content Security Policy" not in each]


def npm_file(name: str) -> Path:
    """Return a file of the npm packages of tests/tools/package.json, and go on only where they are installed."""
    path = TOOLS_FOLDER / "node_modules" / name
    if not path.is_file():
        absent(f"{name} is not installed; to install it, run: npm install --no-package-lock --prefix tests/tools")
    return path


def require_verapdf() -> None:
    """Go on only where veraPDF can run: it sets itself up in CI, elsewhere only when somebody has asked it to."""
    home = Path(os.environ.get("VERAPDF_HOME", Path.home() / ".cache" / "verapdf"))
    required_tool("java")
    if not in_ci() and not (home / "Vera.class").is_file():
        absent("veraPDF is not set up; to set it up, run: bash tests/tools/verapdf ua1 any.pdf")


def required_tool(name: str) -> str:
    """Return the path of one of `TOOLS`, and go on only where it is installed."""
    path = shutil.which(name)
    if path is None:
        absent(f"{name}, of {TOOLS[name]}, is not installed")
    return path


def absent(reason: str) -> NoReturn:
    """Skip the test, or fail it in CI."""
    if in_ci():
        pytest.fail(reason)
    pytest.skip(reason)


def in_ci() -> bool:
    """True where every validator has to be there."""
    return os.environ.get("CI") == "true"
