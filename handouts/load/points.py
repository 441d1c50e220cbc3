"""What a topic must have: the points that topic.yaml lists, which of them a part makes, and sections that it names.

Takes settings and attributes as they were written, gives points and their ids, and gathers findings. Reads no file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from handouts.finding import Finding, error, is_error, nearest
from handouts.library import Point, Topic
from handouts.load.reading import Reading, check_name, open_fields
from handouts.load.timing import check_see, check_until
from handouts.markdown.attributes import Attributes, Word

MAKES = "makes"
MOST_POINTS = 100


def read_points(topic: Reading) -> tuple[Point, ...]:
    """Return the points that a topic lists, in their order."""
    reading = open_fields(topic.node("points"), topic.findings, optional=None)
    points = []
    for key, _ in reading.each():
        check_name(key, "a point", topic.findings)
        points.append(Point(key.text, reading.needed(key.text), key.at))
    for extra in points[MOST_POINTS : MOST_POINTS + 1]:
        topic.findings.append(error("too-many", f"There are more than {MOST_POINTS} points.", extra.at, "join some"))
    return tuple(points)


def read_makes(attributes: Attributes, findings: list[Finding]) -> tuple[Word, ...]:
    """Return the ids of the points that a part makes, each once and with its place."""
    made: dict[str, Word] = {}
    for word in attributes.words(MAKES):
        if word.text in made:
            findings.append(error("repeated-attribute", f"'{word.text}' is there twice.", word.at, "write it once"))
        made.setdefault(word.text, word)
    if attributes.has(MAKES) and not made:
        hint = f'write the id of a point from topic.yaml, or delete {MAKES}=""'
        findings.append(error("unknown-point", f"'{MAKES}' names no point.", attributes.at, hint))
    return tuple(made.values())


def check_topic(topic: Topic, templates: Collection[str] | None, found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield a finding for each section, point and template that a topic or a part of it names and that is not there.

    `templates` are None where one of them cannot be read, and `found` is what was found before.
    """
    broken = any(each.at.file == topic.at.file and is_error(each) for each in found)
    for sections in topic.languages.values():
        yield from check_see(sections)
        yield from () if broken and not topic.lengths else check_until(sections, topic.lengths)
    yield from check_must_have(topic)
    for word in topic.points_in:
        if templates is not None and word.text not in templates:
            message = f"There is no template '{word.text}'."
            yield error("unknown-template", message, word.at, nearest(word.text, templates))
    # After a mistake in topic.yaml it may not be known which points there are: one mistake gives one finding.
    if not broken:
        yield from check_makes(topic)


def check_must_have(topic: Topic) -> Iterator[Finding]:
    """Yield a finding for each section that a topic says something about, and that a language does not have."""
    for sections in topic.languages.values():
        known = [section.id for section in sections]
        for word in (*topic.must_have, *topic.must_cite):
            if word.text not in known:
                message = f"There is no section '{word.text}'."
                yield error("unknown-section", message, word.at, nearest(word.text, known))


def check_makes(topic: Topic) -> Iterator[Finding]:
    """Yield a finding for each point that a part makes and that its topic does not list."""
    known = [point.id for point in topic.points]
    for sections in topic.languages.values():
        for word in (word for section in sections for part in section.parts for word in part.makes):
            if word.text not in known:
                hint = nearest(word.text, known)
                hint = hint if hint.startswith("did") else "list it under points: in topic.yaml"
                yield error("unknown-point", f"There is no point '{word.text}'.", word.at, hint)
