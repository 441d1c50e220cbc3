"""Find out whether what a reader reads was reviewed, by whom and when, from sign-offs on the hash of its words.

A role has signed while one of its sign-offs is on the current words; it is stale if all are on other words. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.document.nodes import FixedWords
from handouts.document.seen_words import changed_sections, hash_words
from handouts.finding import Finding, Location, error, first_named, warning
from handouts.library import SignOff, Topic
from handouts.select import Selection

_PLAIN_PERSON = "person_plain"  # who has the condition, where that has no name
_MOST_NAMED = 6
_SeenSections = tuple[tuple[str, str], ...]
RoleState: TypeAlias = Literal["signed", "stale", "missing"]
ReviewState: TypeAlias = Literal["reviewed", "changed", "incomplete", "not reviewed"]
_MISSING_WORDS: Mapping[ReviewState, str] = {
    "changed": "review_changed",
    "incomplete": "review_incomplete",
    "not reviewed": "not_reviewed",
}


class Review(Struct, frozen=True):
    """Whether a document was reviewed: `missing` is the key of the words that say why it is not `complete`.

    `people` names the reviewers in words; `day` is that of the last review.
    """

    complete: bool
    missing: str = ""
    people: str = ""
    day: str = ""
    findings: tuple[Finding, ...] = ()


class _SignedRole(Struct, frozen=True):
    """One role of reviewers: its sign-offs on the current words (`valid`), and those on earlier words (`stale`).

    `at` is where the topic asks for the role, None if it does not.
    """

    role: str
    valid: tuple[SignOff, ...]
    stale: tuple[SignOff, ...]
    at: Location | None = None

    @property
    def state(self) -> RoleState:
        """Whether the role has signed; "stale" if all of its sign-offs are on earlier words."""
        return "signed" if self.valid else "stale" if self.stale else "missing"


def review_by_topic(topic: Topic) -> Review:
    """Return the review that the settings of a topic name."""
    return Review(bool(topic.reviewed_by), "not_reviewed", day=topic.reviewed_on if topic.reviewed_by else "")


def signed_roles(topic: Topic, signed: Iterable[SignOff], seen: _SeenSections) -> tuple[_SignedRole, ...]:
    """Return each role that a topic asks for or that has signed; `seen` are the hashes of what the reader sees now."""
    asked = {word.text: word.at for word in reversed(topic.review_roles)}
    roles: dict[str, list[SignOff]] = {word.text: [] for word in topic.review_roles}
    for each in signed:
        roles.setdefault(each.role, []).append(each)
    words = hash_words(seen)
    return tuple(
        _SignedRole(
            role,
            tuple(each for each in given if each.words == words),
            tuple(each for each in given if each.words != words),
            asked.get(role),
        )
        for role, given in roles.items()
    )


def review_by_sign_offs(selection: Selection, seen: _SeenSections, today: date | None) -> Review:
    """Return the review of a selection by its sign-offs; `seen` are the hashes of what the reader sees now."""
    topic = selection.topic
    roles = signed_roles(topic, topic.sign_offs, seen)
    findings = (*_future_sign_offs(topic.sign_offs, today), *_role_findings(selection, roles, seen))
    state = state_of_roles(roles)
    if state != "reviewed":
        return Review(complete=False, missing=_MISSING_WORDS[state], findings=findings)
    day = max(each.date for role in roles for each in role.valid)
    return Review(complete=True, people=_list_people(roles, selection), day=day, findings=findings)


def state_of_roles(roles: Iterable[_SignedRole]) -> ReviewState:
    """Return the state of a review from its roles."""
    states = {each.state for each in roles}
    if "stale" in states:
        return "changed"
    if "signed" not in states:
        return "not reviewed"
    return "incomplete" if "missing" in states else "reviewed"


def _future_sign_offs(signed: Iterable[SignOff], today: date | None) -> Iterator[Finding]:
    """Yield an error for each sign-off with a date in the future."""
    for each in signed:
        if today is not None and date.fromisoformat(each.date) > today:
            message = f"This is signed on {each.date}, which is still to come."
            yield error("future-review", message, each.date_at, "write the day on which they agreed")


def _role_findings(selection: Selection, roles: Iterable[_SignedRole], seen: _SeenSections) -> Iterator[Finding]:
    """Yield a warning for each role that is stale, and for each that nobody has signed."""
    topic, reader = selection.topic, selection.audience.name
    command = f"handouts review sign {topic.name} --audience {reader} --language {selection.language}"
    for each in roles:
        if each.state == "stale":
            last = each.stale[-1]
            message = (
                f"The words for '{reader}' have changed since {each.role} signed them on {last.date}: "
                f"{_changed_words(last, seen)}."
            )
            yield warning(
                "stale-review", message, last.at, f"let them read it again, then: {command} --role {each.role}"
            )
        elif each.state == "missing" and each.at:
            message = f"Nobody has signed the words for '{reader}' as {each.role}."
            yield warning("unreviewed", message, each.at, f"let them read it, then: {command} --role {each.role}")
    if not any(each.valid or each.stale or each.at for each in roles):
        message = f"Nobody has signed the words for '{reader}'."
        yield warning(
            "unreviewed", message, topic.reviews_at, f"let somebody read it, then: {command} --role clinician"
        )


def _changed_words(signed: SignOff, seen: _SeenSections) -> str:
    """Return a list of the sections that changed since a sign-off, or words that say that only their order did."""
    changed = changed_sections(signed.sections, seen)
    return first_named(changed, _MOST_NAMED) if changed else "the order of the sections"


def _list_people(roles: Iterable[_SignedRole], selection: Selection) -> str:
    """Return who has signed: "a clinician and two carers"."""
    said = [_count_people(each, selection) for each in roles if each.valid]
    words = selection.words
    return said[0] if len(said) == 1 else words.say("review_list", people=", ".join(said[:-1]), last=said[-1])


def _count_people(signed: _SignedRole, selection: Selection) -> str:
    """Return how many have signed in one role, in words; a person who has signed twice counts once."""
    words, condition = selection.words, selection.condition
    known = {each.name for each in signed.valid if each.name}
    number = len(known) + sum(each.people for each in signed.valid if not each.name)
    role = _PLAIN_PERSON if signed.role == "person" and not condition else signed.role
    keys = dict(words.entries)
    if f"reviewer_{role}" not in keys:
        said = signed.role.replace("-", " ")
        return said if number == 1 else words.say("reviewers_other", role=said, n=_count_word(number, words))
    key = f"reviewer_{role}" if number == 1 else f"reviewers_{role}"
    return words.say(key, n=_count_word(number, words), condition=condition.short if condition else "")


def _count_word(number: int, words: FixedWords) -> str:
    """Return a number from 2 up as a word if the language file has one for it, otherwise in digits."""
    counts = words.say("review_counts").split()
    return counts[number - 2] if number - 2 < len(counts) else str(number)
