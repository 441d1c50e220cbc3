"""Select from the Library what one audience reads of one topic in one language.

Returns a `Selection` in which every condition is resolved and nothing for other audiences is left; an unknown name
raises `HandoutError` with the closest known one. Pure; must never lay anything out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import FixedWords
from handouts.finding import HandoutError, Location, error, unknown_name_error
from handouts.library import Audience, Library, Part, PartContent, Section, SectionKind, Topic
from handouts.markdown.audience_filter import for_audience
from handouts.markdown.syntax_tree import Blocks
from handouts.service import Condition


class SelectedPart(Struct, frozen=True):
    """One text as one audience reads it; if `templates` is not empty, only these templates place it.

    `makes` holds the ids of the key points that the part makes.
    """

    name: str
    holds: PartContent
    templates: tuple[str, ...]
    blocks: Blocks
    at: Location
    minutes: float = 0.0
    makes: tuple[str, ...] = ()


class SelectedSection(Struct, frozen=True):
    """One section as one audience reads it; `number` counts the sections of its kind from 1.

    `place` counts sections of all numbered kinds; a section of another kind has the place of the numbered section
    before it.
    """

    kind: str
    id: str
    number: int
    attributes: tuple[tuple[str, str], ...]
    parts: tuple[SelectedPart, ...]
    at: Location
    priority: int = 1
    see: str = ""
    place: int = 0
    until: int = 0

    @property
    def minutes(self) -> float:
        """How long the slide of this section takes, in minutes."""
        return sum(part.minutes for part in self.parts)


class Selection(Struct, frozen=True):
    """What one audience reads of one topic in one language; everything else comes from `library` and `topic`.

    Text for readers is left out of both, so that two equal selections are composed alike. `texts` are the section files
    as written, which are used only to look up places.
    """

    library: Library
    topic: Topic
    audience: Audience
    language: str
    words: FixedWords
    sections: tuple[SelectedSection, ...]
    texts: Mapping[str, str]

    @property
    def condition(self) -> Condition | None:
        """The condition that the topic is about, under the name that the service uses for it."""
        return self.topic.condition and (self.library.service.condition or self.topic.condition)


def select_content(library: Library, topic: str, audience: str, language: str) -> Selection:
    """Return what `audience` reads of `topic`. HandoutError if a name is unknown."""
    _require_known_name(topic, library.topics, "unknown-topic", "topic")
    _require_known_name(audience, library.audiences, "unknown-audience", "audience")
    chosen = library.topics[topic]
    _require_known_name(audience, chosen.audiences, "unknown-audience", f"audience of '{topic}'")
    _require_known_name(language, chosen.languages, "unknown-language", f"language of '{topic}'")
    written = [section for section in chosen.languages[language] if audience in section.audiences]
    if not written:
        message = f"'{topic}' has nothing for '{audience}'."
        raise HandoutError(error("nothing-to-read", message, chosen.place("audiences"), 'name it in a for="…"'))
    return Selection(
        library=replace(library, service=library.service.for_topic(topic), topics={}, sets={}, findings=()),
        topic=replace(chosen, languages={}, words={}, sign_offs=chosen.sign_offs_of(audience, language)),
        audience=chosen.with_looks(library.audiences[audience]),
        language=language,
        words=chosen.words.get(language, library.words[language]),
        sections=_select_sections(written, audience, library.kinds),
        texts={section.at.file: section.text for section in written},
    )


def _require_known_name(name: str, known: Collection[str], code: str, what: str) -> None:
    """Raise HandoutError if `name` is not one of `known`."""
    if name not in known:
        raise HandoutError(unknown_name_error(code, what, name, known))


def _select_sections(
    sections: Collection[Section], audience: str, kinds: Mapping[str, SectionKind]
) -> tuple[SelectedSection, ...]:
    """Return sections as `audience` reads them, each numbered among those of its kind."""
    counts: dict[str, int] = {}
    selected: list[SelectedSection] = []
    place = 0
    for section in sections:
        counts[section.kind] = counts.get(section.kind, 0) + 1
        chosen = _select_section(section, audience, counts)
        place += _starts_numbered_place(chosen, kinds[section.kind])
        selected.append(replace(chosen, place=place))
    return tuple(selected)


def _starts_numbered_place(section: SelectedSection, kind: SectionKind) -> bool:
    """Return whether a section is counted: its kind is numbered, and it has its heading, the first part of the kind.

    A section without its heading continues the section before it.
    """
    return kind.numbered and any(part.name == next(iter(kind.parts)) for part in section.parts)


def _select_section(section: Section, audience: str, counts: Mapping[str, int]) -> SelectedSection:
    """Return one section as `audience` reads it."""
    parts = tuple(_select_part(part, audience) for part in section.parts if audience in part.audiences)
    return SelectedSection(
        kind=section.kind,
        id=section.id,
        number=counts[section.kind],
        attributes=section.attributes,
        parts=parts,
        at=section.at,
        priority=section.priority,
        see=section.see.text if section.see else "",
        until=section.until,
    )


def _select_part(part: Part, audience: str) -> SelectedPart:
    """Return one part as `audience` reads it."""
    blocks, makes = for_audience(part.blocks, audience), tuple(word.text for word in part.makes)
    return SelectedPart(part.name, part.holds, part.templates, blocks, part.at, part.minutes, makes)
