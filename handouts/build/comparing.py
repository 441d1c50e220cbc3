"""Options in, what readers are told beside each other out: two of them sentence by sentence, all of them in numbers.

Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handouts.build.gathering import chosen
from handouts.build.keeping import keeping
from handouts.build.options import Options, check_options
from handouts.compare import AudienceComparison, Balance, compare_selections, measure_balance
from handouts.finding import Finding, Location, error, raise_errors
from handouts.library import Library, Topic
from handouts.load import load_library
from handouts.select import Selection, select_content


def compare_readers(options: Options) -> tuple[AudienceComparison, ...]:
    """Return what the two audiences of `options` read alike and what each alone, by topic and language.

    HandoutError if content cannot be read, or if there are not two audiences that a topic is for.
    """
    with keeping(options) as kept:
        library = load_library(options.content, options.templates, kept)
    raise_errors((*check_options(library, options), *check_pair(library, options)))
    both = set(options.audiences)
    return tuple(
        compare_selections(*selections_of(library, topic, language, options.audiences))
        for topic, language in topics_in(library, options)
        if both <= set(topic.audiences)
    )


def check_pair(library: Library, options: Options) -> Iterator[Finding]:
    """Yield what is wrong with the two audiences that are to be compared."""
    first, second = options.audiences
    if first == second:
        others = [name for name in library.audiences if name != first]
        yield error("usage", f"'{first}' is named twice.", Location("diff"), f"name another: {', '.join(others)}")
    both = set(options.audiences) & set(library.audiences)
    for topic in (library.topics[name] for name in options.topics if name in library.topics):
        for name in sorted(both - set(topic.audiences)):
            message = f"'{topic.name}' is not for '{name}'."
            yield error("usage", message, Location("diff"), f"it is for {', '.join(topic.audiences)}")
    if not options.topics and not any(both <= set(topic.audiences) for topic in library.topics.values()):
        message = f"No topic is for both '{first}' and '{second}'."
        yield error("usage", message, Location("diff"), "handouts list shows for whom there is one")


def balances_of(library: Library, options: Options) -> tuple[Balance, ...]:
    """Return how many words of each section every audience reads, by topic and language."""
    balances = []
    for topic, language in topics_in(library, options):
        audiences = [name for name in options.audiences or topic.audiences if name in topic.audiences]
        if audiences:
            balances.append(measure_balance(selections_of(library, topic, language, audiences)))
    return tuple(balances)


def topics_in(library: Library, options: Options) -> Iterator[tuple[Topic, str]]:
    """Yield each topic that is asked for with each of its languages that is."""
    for topic in chosen(library.topics, options.topics):
        for language in topic.languages:
            if not options.languages or language in options.languages:
                yield topic, language


def selections_of(library: Library, topic: Topic, language: str, audiences: Iterable[str]) -> tuple[Selection, ...]:
    """Return what each of the audiences reads of a topic."""
    return tuple(select_content(library, topic.name, audience, language) for audience in audiences)
