"""The names that Markdown knows, by kind: classes of divs with their attributes, and what content and settings name.

A `Check` compares words with them and gathers findings, each with the nearest known name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct, field

from handouts.finding import Finding, Location, error, suggest_name
from handouts.markdown.attributes import Word

# The attributes that each class of a fenced div takes; those with a star are required.
CONTENT_CLASSES: Mapping[str, tuple[str, ...]] = {
    "callout": (),
    "labelled": (),
    "fork": (),
    "red": (),
    "amber": (),
    "green": (),
    "script": (),
    "comparison": (),
    "table": ("signs", "discs"),
    "figure": ("name*",),
    "chart": ("unit*", "most"),
    "alt": (),
    "qr": ("target*",),
    "contacts": ("needs",),
    "sources": (),
    "picture": ("file*",),
    "line": ("name*",),
    "lines": ("name*", "count*"),
    "box": ("name*", "count*"),
    "choices": ("name*",),
    "scale": ("name*",),
    "fill-table": ("name*", "count", "widths"),
}
TEMPLATE_CLASSES: Mapping[str, tuple[str, ...]] = {
    **CONTENT_CLASSES,
    "running-title": (),
    "cover": ("label*",),
    "outside": (),
    "main-message": ("label*",),
    "card": ("number*", "sign"),
    "row": ("label*",),
    "slide": ("kind*", "sign", "label", "minutes", "priority", "until", "section"),
    "length": (),
    "notes": (),
    "worksheet": (),
}
SECOND_CLASSES: Mapping[str, tuple[str, ...]] = {
    "row": ("acts",),
    "callout": ("cut",),
    "script": ("theirs",),
    "picture": ("decorative",),
    "sources": ("short",),
    "line": ("half", "follows"),
    "choices": ("one", "follows"),
    **dict.fromkeys(("lines", "box", "scale"), ("follows",)),
}
# What any div, part and stretch of content takes: who reads it, and which warnings it is allowed, for what reason.
READERS, ALLOW, BECAUSE = "for", "allow", "because"
EVERYWHERE = (READERS, ALLOW, BECAUSE)
NEEDS = ("danger", "police", "suicide", "abuse", "stalking", "conduct", "other")
MANY = 20


class Known(Struct, frozen=True):
    """The names that there are; `template` says that the blocks are a template's, which is for no audience.

    None where the file that lists the names cannot be read: then no name is held to be wrong.
    """

    audiences: Collection[str] = ()
    sources: Collection[str] | None = ()
    terms: Collection[str] | None = ()
    figures: Collection[str] = ()
    template: bool = False

    @property
    def classes(self) -> Mapping[str, tuple[str, ...]]:
        """The classes of divs, with their attributes."""
        return TEMPLATE_CLASSES if self.template else CONTENT_CLASSES


class Check(Struct, frozen=True):
    """What is known, and what was found out so far."""

    known: Known
    findings: list[Finding] = field(default_factory=list)

    def error(self, code: str, message: str, at: Location, hint: str) -> None:
        """Gather an error."""
        self.findings.append(error(code, message, at, hint))

    def unknown(self, code: str, what: str, word: Word, names: Collection[str]) -> None:
        """Gather an error for a name that there is not, with the nearest one."""
        hint = suggest_name(word.text, names)
        if len(names) > MANY and hint.startswith("known"):
            hint = "none is close"
        self.error(code, f"There is no {what} '{word.text}'.", word.at, hint)
