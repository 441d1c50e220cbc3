"""Let LibreOffice itself write in a Word file, by a macro that calls its UNO interface as its own menus do."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from review_trial import PlannedEdit
from validators import absent, required_tool
from validators_office import SECONDS

_MODULE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE script:module PUBLIC '
    '"-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">\n'
    '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" '
    'script:language="StarBasic">{code}</script:module>'
)
NOBODY = "Unknown Author"  # whom LibreOffice names where nobody has told it who writes
_EDITING = """
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


def edited_in_libreoffice(file: Path, edits: Sequence[PlannedEdit], folder: Path) -> Path:
    """Return a Word file in which LibreOffice has made edits, with tracking, and saved it."""
    office = required_tool("soffice")
    made = folder / f"{file.stem}-edited.docx"
    calls = "\n".join(f"    {_call(edit)}" for edit in edits)
    code = _EDITING.format(opened=file.as_uri(), written=made.as_uri(), calls=calls)
    profile = folder / "profile"
    start = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    for last in ("--terminate_after_init", "macro:///Standard.Module1.Main"):  # the first start makes the profile
        if module.exists():
            module.write_text(_MODULE.format(code=escape(code)), encoding="utf-8")
        subprocess.run([*start, last], check=True, timeout=SECONDS, capture_output=True)
    if not made.exists():
        absent("LibreOffice wrote no Word file: its Writer or its Basic is missing")
    return made


def _call(edit: PlannedEdit) -> str:
    """Return the line of a macro that makes an edit."""
    mark, words, count = edit.passage.key, _quoted(edit.words), edit.end - edit.start
    if edit.kind == "comment":
        return f'Comment(document, "{mark}", {edit.start}, {count}, {words}, {_quoted(edit.author)})'
    return f'Change(document, "{mark}", {edit.start}, {count}, {words})'


def _quoted(words: str) -> str:
    """Return words as a macro has them."""
    return '"' + words.replace('"', '""') + '"'
