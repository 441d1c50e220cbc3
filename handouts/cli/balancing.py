"""How much each audience is told in, a table for a terminal or data for JSON out. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handouts.compare import Balance, Coverage


def balance_lines(balance: Balance) -> Iterator[str]:
    """Yield a table of the words that each audience reads: each section, and each part that not all of them have."""
    rows: list[tuple[str, Sequence[int]]] = []
    for section in balance.sections:
        rows.append((section.name, section.words))
        rows.extend((f"  {part.name}", part.words) for part in uneven(section))
    rows.append(("all", balance.whole))
    first = max(len(name) for name, _ in rows)
    widths = [max(len(name), 7) for name in balance.audiences]
    head = "".join(f"  {name:>{width}}" for name, width in zip(balance.audiences, widths, strict=True))
    yield f"{balance.topic} ({balance.language}): the words that each audience reads, by section"
    yield "(a part is named if one of them has it and another has not)"
    yield ""
    yield f"{'':{first}}{head}"
    for name, words in rows:
        if name == "all":
            yield "-" * (first + len(head))
        cells = (f"  {count or '-':>{width}}" for count, width in zip(words, widths, strict=True))
        yield f"{name:<{first}}{''.join(cells)}"


def uneven(section: Coverage) -> Iterable[Coverage]:
    """Return the parts with words that one audience of a section has and another has not."""
    readers = [index for index, count in enumerate(section.words) if count]
    return [part for part in section.parts if any(part.words) and not all(part.words[index] for index in readers)]


def balance_as_data(balance: Balance) -> dict[str, object]:
    """Return how much each audience is told as JSON has it."""

    def covered(coverage: Coverage) -> dict[str, object]:
        words = dict(zip(balance.audiences, coverage.words, strict=True))
        return {"name": coverage.name, "words": words, "parts": [covered(part) for part in coverage.parts]}

    return {
        "topic": balance.topic,
        "language": balance.language,
        "words": dict(zip(balance.audiences, balance.whole, strict=True)),
        "sections": [covered(section) for section in balance.sections],
    }
