"""Decks and Word files before who opens them: the Open XML schemas, and LibreOffice. In CI neither may be absent."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from validators import absent, required_tool

SECONDS = 240


def assert_open_xml_audit_passes(file: Path) -> None:
    """Fail with the audit's own words unless `file` follows the Open XML schemas."""
    try:
        from openxml_audit import validate_pptx
    except ImportError:
        absent("openxml-audit is not installed")
    result = validate_pptx(file)
    assert result.is_valid, [str(each) for each in result.errors]
    assert not result.errors, [str(each) for each in result.errors]


def shown_by_libreoffice(files: Iterable[Path], folder: Path) -> list[Path]:
    """Return the PDFs that LibreOffice makes of decks or Word files, all in one process with a profile of its own."""
    given = list(files)
    office = required_tool("soffice")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, given)]
    subprocess.run(command, check=True, timeout=SECONDS, capture_output=True)
    made = [folder / f"{each.stem}.pdf" for each in given]
    if not any(each.exists() for each in made):
        absent("LibreOffice opens no such file: its Writer or Impress is missing")
    return made


def assert_open_xml_is_valid(files: Iterable[Path]) -> None:
    """Fail with the audit's own words unless each of the Word `files` follows the Open XML schemas."""
    try:
        from openxml_audit import OpenXmlValidator
    except ImportError:
        absent("openxml-audit is not installed")
    validator = OpenXmlValidator()
    for file in files:
        result = validator.validate(file)
        assert result.is_valid, (file.name, [str(each) for each in result.errors])
