"""The foot of every slide: whom to call in a crisis, and what does not fit there of that and of the mark of a draft."""

from __future__ import annotations

from collections.abc import Iterator

from handouts.deck.areas import FOOT, FOOT_BETWEEN, NUMBER
from handouts.deck.fit import NO_BREAK_SPACE, lines_of
from handouts.deck.planned import Paragraph, TextRun
from handouts.document import Crisis, Document
from handouts.finding import Finding, error
from handouts.theme import Theme

LINE_TO_WRITE_ON = "_" * 12
NUMBER_ROOM = "000"


def foot_paragraph(crisis: Crisis) -> Paragraph:
    """Return the crisis line of every slide, its numbers bold; its lines end between two of them."""
    runs: list[TextRun] = []
    for line in crisis.short:
        runs += [TextRun(f"{NO_BREAK_SPACE}· ")] if runs else []
        number = TextRun(whole(line.number) or LINE_TO_WRITE_ON, bold=bool(line.number))
        runs += [TextRun(f"{whole(line.label)}{NO_BREAK_SPACE}"), number]
    return Paragraph(tuple(runs))


def whole(words: str) -> str:
    """Return `words` so that no line ends between them."""
    return words.replace(" ", NO_BREAK_SPACE)


def foot_findings(foot: Paragraph, document: Document, theme: Theme) -> Iterator[Finding]:
    """Yield a finding for each part of the foot that has no room: the crisis line may have two lines, all else one."""
    draft = Paragraph((TextRun(f"{document.draft}{FOOT_BETWEEN}"), TextRun(NUMBER_ROOM, bold=True)))
    short_lines = "use shorter labels, or fewer lines"
    parts = ((foot, FOOT, "foot", short_lines), (draft, NUMBER, "slide-number", "use a shorter version"))
    for paragraph, place, role, hint in parts:
        style = theme.slides[role]
        lines = lines_of(paragraph.runs, style, place.width)
        excess = len(lines) * style.leading - place.height
        if excess > 0:
            fitting = int(place.height // style.leading)
            message = (
                f"The foot of the slides “{paragraph.text}” is {excess:.0f} points too high for its place: "
                f"it has {len(lines)} lines, of which {fitting} fit{'s' if fitting == 1 else ''}."
            )
            yield error("slide-foot", message, hint=hint)
