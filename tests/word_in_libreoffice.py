"""Edits Word files in LibreOffice itself, with a macro that uses its UNO interface."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from review_trial import PlannedEdit
from validators import required_tool, skip_or_fail
from validators_office import TIMEOUT

_MODULE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE script:module PUBLIC '
    '"-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">\n'
    '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" '
    'script:language="StarBasic">{code}</script:module>'
)
UNKNOWN_AUTHOR = "Unknown Author"  # the author of tracked changes in LibreOffice without a user name
_MACRO = """
Function Chosen(document, mark, start, count)
    anchor = document.Bookmarks.getByName(mark).Anchor
    cursor = anchor.Text.createTextCursorByRange(anchor.Start)
    cursor.goRight(start, False)
    cursor.goRight(count, True)
    Chosen = cursor
End Function

Sub Change(document, mark, start, count, words)
    cursor = Chosen(document, mark, start, count)
    cursor.setString(words)
End Sub

Sub Comment(document, mark, start, count, words, author)
    cursor = Chosen(document, mark, start, count)
    note = document.createInstance("com.sun.star.text.textfield.Annotation")
    note.Content = words
    note.Author = author
    cursor.Text.insertTextContent(cursor, note, True)
End Sub

Sub Main
    Dim hidden(0) As New com.sun.star.beans.PropertyValue
    hidden(0).Name = "Hidden"
    hidden(0).Value = True
    document = StarDesktop.loadComponentFromURL("{opened}", "_blank", 0, hidden())
    document.RecordChanges = True
{calls}
    Dim saved(0) As New com.sun.star.beans.PropertyValue
    saved(0).Name = "FilterName"
    saved(0).Value = "MS Word 2007 XML"
    document.storeToURL("{written}", saved())
    document.close(True)
    StarDesktop.terminate()
End Sub
"""


def edit_in_libreoffice(file: Path, edits: Sequence[PlannedEdit], folder: Path) -> Path:
    """Apply edits to a Word file in LibreOffice with change tracking, and return the saved file."""
    office = required_tool("soffice")
    result = folder / f"{file.stem}-edited.docx"
    calls = "\n".join(f"    {_call(edit)}" for edit in edits)
    code = _MACRO.format(opened=file.as_uri(), written=result.as_uri(), calls=calls)
    profile = folder / "profile"
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    for argument in ("--terminate_after_init", "macro:///Standard.Module1.Main"):  # the first run creates the profile
        if module.exists():
            module.write_text(_MODULE.format(code=escape(code)), encoding="utf-8")
        subprocess.run([*command, argument], check=True, timeout=TIMEOUT, capture_output=True)
    if not result.exists():
        skip_or_fail("LibreOffice wrote no Word file: its Writer or its Basic is missing")
    return result


def _call(edit: PlannedEdit) -> str:
    """Return the macro statement for an edit."""
    bookmark, words, count = edit.passage.key, _quoted(edit.words), edit.end - edit.start
    if edit.kind == "comment":
        return f'Comment(document, "{bookmark}", {edit.start}, {count}, {words}, {_quoted(edit.author)})'
    return f'Change(document, "{bookmark}", {edit.start}, {count}, {words})'


def _quoted(words: str) -> str:
    """Return `words` as a string literal of Basic."""
    return '"' + words.replace('"', '""') + '"'
