"""Validates decks and Word files against the Open XML schemas, and converts them with LibreOffice."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from validators import required_tool, skip_or_fail

TIMEOUT = 240


def assert_open_xml_audit_passes(file: Path) -> None:
    """Fail with the errors of openxml-audit unless the deck `file` follows the Open XML schemas."""
    try:
        from openxml_audit import validate_pptx
    except ImportError:
        skip_or_fail("openxml-audit is not installed")
    result = validate_pptx(file)
    assert result.is_valid, [str(each) for each in result.errors]
    assert not result.errors, [str(each) for each in result.errors]


def convert_to_pdf(files: Iterable[Path], folder: Path, timeout: int = TIMEOUT) -> list[Path]:
    """Convert decks or Word files to PDF with one run of LibreOffice in a new profile, and return the PDFs."""
    sources = list(files)
    office = required_tool("soffice")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, sources)]
    subprocess.run(command, check=True, timeout=timeout, capture_output=True)
    pdfs = [folder / f"{each.stem}.pdf" for each in sources]
    if not any(each.exists() for each in pdfs):
        skip_or_fail("LibreOffice converted no file: its Writer or Impress is missing")
    return pdfs


def assert_open_xml_is_valid(files: Iterable[Path]) -> None:
    """Fail with the errors of openxml-audit unless each of the Word `files` follows the Open XML schemas."""
    try:
        from openxml_audit import OpenXmlValidator
    except ImportError:
        skip_or_fail("openxml-audit is not installed")
    validator = OpenXmlValidator()
    for file in files:
        result = validator.validate(file)
        assert result.is_valid, (file.name, [str(each) for each in result.errors])
