"""Names that are safe as file names on every system: check whether a text is one, and make one from a text.

Audiences, topics, templates and others need such names, since files are named after them. Must never open a file.
"""

from __future__ import annotations

import re
import unicodedata

from handouts.finding import Finding, error
from handouts.markdown.attributes import Word

NAME_PATTERN = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
# Windows reserves these for devices, also as names of folders.
_WINDOWS_PORTS = (f"{port}{number}" for port in ("com", "lpt") for number in range(10))
_WINDOWS_NAMES = frozenset({"con", "prn", "aux", "nul", *_WINDOWS_PORTS})
MAX_NAME_CHARACTERS = 60
NAME_HINT = (
    f"use small letters, digits and single hyphens, at most {MAX_NAME_CHARACTERS}, and no name of Windows such as con"
)
_MAX_SAFE_CHARACTERS = 40
# Letters that Unicode does not decompose into a Latin letter and a mark.
_PLAIN_LETTERS = str.maketrans({"ø": "o", "œ": "oe", "æ": "ae", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})


def check_name(name: Word, what: str, findings: list[Finding]) -> None:
    """Add an error if a name is not safe as a file name on every system."""
    if not is_name(name.text):
        message = f"'{name.text}' is not a name for {what}."
        better = safe_name(name.text)
        findings.append(error("bad-name", message, name.at, f"write {better}; {NAME_HINT}" if better else NAME_HINT))


def is_name(text: str) -> bool:
    """Return whether `text` is safe in a file name on every system: small letters, digits and single hyphens."""
    return NAME_PATTERN.fullmatch(text) is not None and len(text) <= MAX_NAME_CHARACTERS and text not in _WINDOWS_NAMES


def safe_name(text: str) -> str:
    """Return `text` made safe for file names on every system, at most 40 characters; "" if nothing is left."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN_LETTERS))
    words = re.findall("[a-z0-9]+", "".join(each for each in letters if not unicodedata.combining(each)))
    name = "-".join(words)[:_MAX_SAFE_CHARACTERS].strip("-")
    return f"{name}-1" if name in _WINDOWS_NAMES else name


def file_name_for(text: str) -> str:
    """Return a file or folder name for a title; "" if it has no Latin letter or digit."""
    name = safe_name(text)
    return name if not name or name[0].isalpha() else f"n-{name}"[:_MAX_SAFE_CHARACTERS].rstrip("-")
