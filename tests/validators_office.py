"""Decks before programs that open them: the Open XML schemas, and LibreOffice. In CI neither may be absent."""

from __future__ import annotations

import subprocess
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


def shown_by_libreoffice(file: Path, folder: Path) -> Path:
    """Return the PDF that LibreOffice makes of a deck, with a profile of its own."""
    office = required_tool("soffice")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, timeout=SECONDS, capture_output=True)
    return folder / f"{file.stem}.pdf"


def assert_open_xml_is_valid(file: Path) -> None:
    """Fail with the audit's own words unless a Word file follows the Open XML schemas."""
    try:
        from openxml_audit import OpenXmlValidator
    except ImportError:
        absent("openxml-audit is not installed")
    result = OpenXmlValidator().validate(file)
    assert result.is_valid, [str(each) for each in result.errors]
