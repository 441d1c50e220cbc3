"""Write the words of a BibTeX value as they are meant: accents and signs of LaTeX become letters, braces go.

A text in; the words, and each command that is not known, out. Nothing is run.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping

_COMBINING: Mapping[str, str] = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331",
}  # fmt: skip
_LETTERS: Mapping[str, str] = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł",
    "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "i": "ı", "j": "ȷ", "textendash": "–",
    "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”",
    "textquotesingle": "'", "textasciitilde": "~", "textunderscore": "_", "textampersand": "&", "ldots": "…",
    "dots": "…", "textellipsis": "…", "pounds": "£", "textdegree": "°", "alpha": "α", "beta": "β", "gamma": "γ",
    "delta": "δ", "kappa": "κ", "mu": "μ", "times": "×", "pm": "±", "leq": "≤", "geq": "≥", "S": "§",
}  # fmt: skip
# Commands that only say how their words look.
_LOOKS = frozenset(
    (
        *("textit", "textbf", "textsc", "textrm", "textsf", "texttt", "textup", "textnormal", "textsl", "emph", "mbox"),
        *("text", "url", "path", "it", "bf", "em", "sc", "rm", "sl", "itshape", "bfseries", "scshape", "upshape"),
        *("textsuperscript", "textsubscript", "mathrm", "ensuremath", "relax", "protect", "newblock"),
    )
)
_LINE_BREAK = re.compile(r"\\\\")
_ACCENT = re.compile(
    r"\\(?P<sign>[`'^\"~=.]|[uvHckrdb](?![A-Za-z]))\s*"
    r"(?:\{\s*(?P<inside>\\?[^\W\d_])\s*\}|(?P<bare>\\[ij](?![A-Za-z])[ ]*|[^\W\d_]))"
)
_COMMAND = re.compile(r"\\(?P<name>[A-Za-z]+)[ ]*")
_ESCAPED = re.compile(r"\\([^A-Za-z\s])")
_TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|scp|jats:[a-z-]+)>", re.IGNORECASE)
_GAP = re.compile(r"\s+")
_DASHES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"))
# What must not be taken for a sign of LaTeX any more; characters of no language, taken back at the end.
_KEPT = {"{": "\ufdd0", "}": "\ufdd1", "$": "\ufdd2", "~": "\ufdd3", "\\": "\ufdd4"}


def words_of_latex(text: str) -> tuple[str, tuple[str, ...]]:
    """Return what a value says, and the commands in it that are not known."""
    unknown: list[str] = []
    text = _LINE_BREAK.sub(" ", text)
    text = _ACCENT.sub(_accented, text)
    text = _COMMAND.sub(lambda found: _letter(found["name"], unknown), text)
    text = _ESCAPED.sub(lambda found: "" if found[1] in "-/," else _KEPT.get(found[1], found[1]), text)
    for written, meant in _DASHES:
        text = text.replace(written, meant)
    text = re.sub(r"[{}$]", "", text.replace("~", " "))
    for sign, kept in _KEPT.items():
        text = text.replace(kept, sign)
    text = _TAG.sub("", html.unescape(text)) if "&" in text or "<" in text else text
    return unicodedata.normalize("NFC", _GAP.sub(" ", text).strip()), tuple(unknown)


def address_of_latex(text: str) -> str:
    """Return an address or a DOI without the signs that LaTeX needs in it."""
    plain = text.replace("\\textunderscore", "_").replace("\\url", "")
    return re.sub(r"[{}\s]", "", re.sub(r"\\([_%&#$~])", r"\1", plain))


def _accented(found: re.Match[str]) -> str:
    """Return the letter with an accent that a command writes."""
    letter = (found["inside"] or found["bare"]).strip("\\ ")
    return unicodedata.normalize("NFC", letter + _COMBINING[found["sign"]])


def _letter(name: str, unknown: list[str]) -> str:
    """Return the letter or sign that a command writes; one that is not known is gathered."""
    if name not in _LETTERS and name not in _LOOKS:
        unknown.append(name)
    return _LETTERS.get(name, "")
