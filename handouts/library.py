"""The Library: everything that content and templates say, for all audiences and languages.

Holds topics with their sections and parts, audiences, sources, contacts, terms, templates and themes, each with the
location where it was written. `load` makes it; `select` and `compose` read it. Must never read a file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.document.nodes import FixedWords, Outlines, Pixels
from handouts.finding import NOWHERE, Finding, Location, Severity
from handouts.markdown.attributes import Word
from handouts.markdown.names import Allowance
from handouts.markdown.syntax_tree import Blocks
from handouts.service import Condition, Service
from handouts.theme import LineLook, ThemeSource

PartContent: TypeAlias = Literal["line", "blocks"]
RendererName: TypeAlias = Literal["pdf", "pptx"]
ANY_COUNTRY = "ANY"
DEFAULT_TEMPLATES = ("handout", "slides")  # built unless other templates are asked for
SAMPLE_MARK = "Replace this:"  # the start of each placeholder text in a new topic
NEED_WORDS, QUESTION_WORDS = "need_", "crisis_"  # the prefixes of the keys of fixed words about a need
# The needs of readers who are afraid of somebody they know: listed where the crisis box asks about that.
FEAR_NEEDS = frozenset({"police", "abuse", "stalking", "conduct"})
# The needs that the crisis box answers by default.
_DEFAULT_CRISIS = (Word("danger", NOWHERE), Word("suicide", NOWHERE))
_NO_NEEDS = ("local",)  # has words, but no contacts
_NO_QUESTIONS = ("short",)  # the words are for a slide, and are not a question
_SHARED_QUESTIONS = {"stalking": "abuse"}  # needs that share the question of another need
WORDING_CODES = ("label", "blame", "absolute", "suicide-wording", "harm", "jargon", "voice")


class ReadingLimits(Struct, frozen=True):
    """How hard the words in one place may be to read; 0 means no limit.

    A school grade above `grade` is a warning, above `grade_most` an error. `sentence` is the longest sentence and
    `mean` the average one, in words; `paragraph` counts sentences, `section` words between two headings, `list` items.
    `passive` is a percentage of sentences, `hard` a percentage of words.
    """

    grade: float = 0
    grade_most: float = 0
    sentence: float = 0
    mean: float = 0
    paragraph: float = 0
    section: float = 0
    list: float = 0
    passive: float = 0
    hard: float = 0


class Audience(Struct, frozen=True):
    """A group of readers: its names, its look in a theme, and its reading limits by where words are printed.

    Each sentence with a source names one of the `grades` of evidence; no grades are printed if there are none.
    """

    name: str
    title: str
    cover: str
    label: str
    accent: str
    density: str
    line: LineLook
    at: Location = NOWHERE
    reading: Mapping[str, ReadingLimits] = field(default_factory=dict)
    grades: tuple[str, ...] = ()


class PartKind(Struct, frozen=True):
    """One part that a kind of section may have: what it holds, and whether every reader must have it.

    Every audience of the part `goes_with` must have this part too. A `timed` part says how many minutes it takes. If
    `required_by` names a template, only topics made with that template need the part.
    """

    name: str
    holds: PartContent
    required: bool
    what: str
    goes_with: str = ""
    timed: bool = False
    required_by: str = ""

    def is_required(self, templates: Collection[str]) -> bool:
        """Return whether every reader must have the part in a topic that is made with `templates`."""
        return self.required and (not self.required_by or self.required_by in templates)


class SectionKind(Struct, frozen=True):
    """One kind of section: the attributes and the parts that it may have.

    Sections of a `numbered` kind are counted in the handout; their first part is their heading. `cards` are numbered
    among the sections of their kind, and belong to the numbered section before them.
    """

    name: str
    attributes: tuple[str, ...]
    parts: Mapping[str, PartKind]
    at: Location = NOWHERE
    numbered: bool = False
    cards: bool = False

    @property
    def timed(self) -> bool:
        """Whether the sections of this kind are slides of a talk."""
        return any(part.timed for part in self.parts.values())


class Part(Struct, frozen=True):
    """One text of a section, for some audiences; if `templates` is not empty, only these templates place it.

    `minutes` is how long a timed part takes; `makes` are the ids of the key points that it makes.
    """

    name: str
    holds: PartContent
    audiences: tuple[str, ...]
    templates: tuple[str, ...]
    blocks: Blocks
    at: Location
    minutes: float = 0.0
    makes: tuple[Word, ...] = ()


class Section(Struct, frozen=True):
    """One file of a topic: its kind, its id, and its parts for all audiences.

    A slide of `priority` 1 is in talks of every length, 2 from the middle length on, 3 only in the longest; a slide
    with `until` is only in talks of at most that many minutes. `see` is the section of the handout that belongs to a
    slide that has no handout text of its own. `text` is the file as written, in which places are looked up;
    `allowances` are the findings that it suppresses.
    """

    kind: str
    id: str
    audiences: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    at: Location
    priority: int = 1
    see: Word | None = None
    allowances: tuple[Allowance, ...] = ()
    text: str = ""
    until: int = 0


class KeyPoint(Struct, frozen=True):
    """A key point that every audience of a topic must read: its id, a sentence that says it, and where it is listed."""

    id: str
    sentence: str
    at: Location


# The roles in which reviewers sign by default; templates/words has words for them. A topic may list others.
REVIEWER_ROLES = ("clinician", "person", "carer", "safeguarding", "reader-test")


class SignOff(Struct, frozen=True):
    """A record that a reviewer in a `role` has read and approved what an audience reads in a language.

    `people` is the number of reviewers if `name` is empty. `words` is the hash of what they read, and `sections` holds
    the hash of each section of it.
    """

    role: str
    name: str
    people: int
    date: str
    audience: str
    language: str
    words: str
    sections: tuple[tuple[str, str], ...]
    at: Location
    date_at: Location = NOWHERE


# The other formats of a handout; each has words in templates/words.
OTHER_FORMATS = ("large-print", "easy-read", "braille", "web-page", "audio", "sign-language")


class OtherFormatEntry(Struct, frozen=True):
    """Another format of a handout, and its address if it has one; for some audiences and languages, or for all."""

    name: str
    address: str
    audiences: tuple[str, ...]
    languages: tuple[Word, ...]
    at: Location

    def is_for(self, audience: str, language: str) -> bool:
        """Return whether readers of an audience can get this format in a language."""
        languages = {word.text for word in self.languages}
        return (not self.audiences or audience in self.audiences) and (not languages or language in languages)


class Topic(Struct, frozen=True):
    """One explanation: its audiences, the facts about it, and its sections by language.

    Dates are YYYY-MM-DD or empty. `lengths` are the lengths of its talks in minutes. Every reader gets the sections
    with the ids `must_have`, a source in those of `must_cite`, and a handout that shows the kinds of block `must_show`.
    `places` is the location of the value of each key in topic.yaml. The templates `points_in` must make each of its
    `points`. `crisis` are the needs that the crisis box answers, by audience. `templates` are the templates that are
    built by default. If `reviews_at` is a place, `sign_offs` say who has reviewed the topic, and the `review_roles` are
    required; otherwise `reviewed_by` says it. `words` are the fixed words of the topic by language, and `own_needs` the
    needs that only these words name. `lines` and `accents` are the looks of audiences where the topic overrides them.
    `other_formats` are the other formats of its handout.
    """

    name: str
    title: str
    audiences: tuple[str, ...]
    version: str
    published: str
    authors: tuple[str, ...]
    reviewed_by: tuple[str, ...]
    reviewed_on: str
    next_review: str
    keywords: tuple[str, ...]
    licence: str
    condition: Condition | None
    languages: Mapping[str, tuple[Section, ...]]
    at: Location = NOWHERE
    lengths: tuple[int, ...] = ()
    must_have: tuple[Word, ...] = ()
    must_show: tuple[Word, ...] = ()
    must_cite: tuple[Word, ...] = ()
    places: Mapping[str, Location] = field(default_factory=dict)
    points: tuple[KeyPoint, ...] = ()
    points_in: tuple[Word, ...] = ()
    crisis: Mapping[str, tuple[Word, ...]] = field(default_factory=dict)
    templates: tuple[str, ...] = DEFAULT_TEMPLATES
    words: Mapping[str, FixedWords] = field(default_factory=dict)
    own_needs: tuple[Word, ...] = ()
    lines: Mapping[str, LineLook] = field(default_factory=dict)
    accents: Mapping[str, Word] = field(default_factory=dict)
    review_roles: tuple[Word, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    reviews_at: Location = NOWHERE
    other_formats: tuple[OtherFormatEntry, ...] = ()

    def sign_offs_of(self, audience: str, language: str) -> tuple[SignOff, ...]:
        """Return the sign-offs of what one audience reads in one language."""
        return tuple(each for each in self.sign_offs if (each.audience, each.language) == (audience, language))

    def place(self, key: str) -> Location:
        """Return where the value of a key in topic.yaml is, or topic.yaml itself."""
        return self.places.get(key, self.at)

    def with_looks(self, audience: Audience) -> Audience:
        """Return an audience with the line and the accent that it has in this topic."""
        accent = self.accents[audience.name].text if audience.name in self.accents else audience.accent
        return replace(audience, line=self.lines.get(audience.name, audience.line), accent=accent)

    def crisis_needs(self, audience: str) -> tuple[Word, ...]:
        """Return the needs that the crisis box of an audience answers, in order."""
        return self.crisis.get(audience, _DEFAULT_CRISIS)


class ContactEntry(Struct, frozen=True):
    """The contact for one need, such as a crisis line.

    If `crisis` is set, the number is in the crisis box, after the `label`. The contact is printed for these `audiences`
    of these `topics`, or for all if there are none.
    """

    need: str
    name: str
    number: str
    how: str
    target: str
    crisis: bool
    label: str
    confirmed_on: str
    at: Location
    audiences: tuple[str, ...] = ()
    topics: tuple[Word, ...] = ()
    need_at: Location = NOWHERE

    def is_of(self, topic: str) -> bool:
        """Return whether the contact belongs to a topic."""
        return not self.topics or topic in {word.text for word in self.topics}

    def is_for(self, audience: str, topic: str) -> bool:
        """Return whether the contact is printed for an audience of a topic."""
        return self.is_of(topic) and (not self.audiences or audience in self.audiences)


def needs_with_words(words: FixedWords) -> tuple[str, ...]:
    """Return the needs that contacts may have: those named by fixed words."""
    found = (key.removeprefix(NEED_WORDS) for key, _ in words.entries if key.startswith(NEED_WORDS))
    return tuple(need for need in found if need not in _NO_NEEDS)


def needs_with_question(words: FixedWords) -> tuple[str, ...]:
    """Return the needs that a crisis box may answer: those that have a question in the fixed words."""
    found = (key.removeprefix(QUESTION_WORDS) for key, _ in words.entries if key.startswith(QUESTION_WORDS))
    return (*(need for need in found if need not in _NO_QUESTIONS), *_SHARED_QUESTIONS)


def crisis_question(need: str, words: FixedWords) -> str:
    """Return the key of the question for a need in the crisis box, or "" if there is none."""
    keys = {key for key, _ in words.entries}
    names = (each for each in (need, _SHARED_QUESTIONS.get(need, need)) if each not in _NO_QUESTIONS)
    return next((f"{QUESTION_WORDS}{each}" for each in names if f"{QUESTION_WORDS}{each}" in keys), "")


class Term(Struct, frozen=True):
    """A word and its meaning, which is explained at its first use for some audiences."""

    name: str
    means: str
    audiences: tuple[str, ...]
    at: Location


class Phrase(Struct, frozen=True):
    """A phrase to search for: its regular expression, and `hooks`, of which each text that has the phrase has one."""

    pattern: str
    hooks: tuple[str, ...]

    def find(self, text: str, folded: str) -> Iterator[tuple[int, int]]:
        """Yield where the phrase begins and ends in `text`; `folded` is the text in small letters."""
        if any(hook in folded for hook in self.hooks):
            yield from (found.span() for found in re.finditer(self.pattern, text, re.IGNORECASE))


class WordingRule(Struct, frozen=True):
    """Phrases to avoid in texts for some audiences, of some topics or of all; `code` is the kind of rule.

    A longer phrase listed in `unless` is allowed. `say` is what to write instead, `why` the reason.
    """

    name: str
    code: str
    severity: Severity
    phrases: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]
    audiences: tuple[str, ...]
    say: str
    why: str
    topics: tuple[str, ...] = ()


class Reference(Struct, frozen=True):
    """A source that can be cited; `authors` are ready to print, `families` are the short form, `more` means unlisted
    authors.

    `kind` is the CSL type, such as article-journal; `target` is the address of the source, or "".
    """

    key: str
    kind: str
    title: str
    authors: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    more: bool = False
    year: str = ""
    container: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    town: str = ""
    edition: str = ""
    genre: str = ""
    number: str = ""
    target: str = ""
    at: Location = NOWHERE


class Template(Struct, frozen=True):
    """A way to lay out parts. In `text`, blank lines replace the front matter, so that line numbers stay the same.

    `sources_of` names the template whose sources it lists, or is "".
    """

    name: str
    renderer: RendererName
    audiences: tuple[str, ...]
    text: str
    at: Location
    sources_of: str = ""


class TemplateInclude(Struct, frozen=True):
    """A file that templates include, such as `parts/handout-factor.md.j2`."""

    name: str
    text: str
    at: Location


class BuildSet(Struct, frozen=True):
    """A named selection of what to build: the values chosen for each option; an option that is left out chooses all
    values."""

    name: str
    choices: Mapping[str, tuple[Word, ...]]
    at: Location


class Library(Struct, frozen=True):
    """Everything that content and templates say; `findings` are the warnings from loading."""

    topics: Mapping[str, Topic]
    audiences: Mapping[str, Audience]
    kinds: Mapping[str, SectionKind]
    terms: Mapping[str, Term]
    sources: Mapping[str, Reference]
    contacts: Mapping[str, tuple[ContactEntry, ...]]
    service: Service
    spellings: Mapping[str, str]
    templates: Mapping[str, Template]
    parts: Mapping[str, TemplateInclude]
    themes: Mapping[str, ThemeSource]
    words: Mapping[str, FixedWords]
    pictures: Mapping[str, Pixels | Outlines] = field(default_factory=dict)
    wording: Mapping[str, tuple[WordingRule, ...]] = field(default_factory=dict)
    sets: Mapping[str, BuildSet] = field(default_factory=dict)
    findings: tuple[Finding, ...] = field(default=())

    @property
    def countries(self) -> tuple[str, ...]:
        """The codes of the countries whose contacts are known."""
        return tuple(sorted(code for code in self.contacts if code != ANY_COUNTRY))
