"""Options in, the single requests that they are made of out: one for each set that is named, and for each country.

What the command line chooses narrows what a set chooses. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from handouts.build.options import Options, choices_of
from handouts.finding import Finding, Location, error, raise_errors, suggest_name
from handouts.library import BuildSet, Library

# What a set calls an option, and where it is among ours; the country is none of them, as a request has only one.
FIELDS = {
    "topic": "topics",
    "audience": "audiences",
    "language": "languages",
    "template": "template_names",
    "format": "formats",
    "edition": "editions",
    "paper": "papers",
    "minutes": "minutes",
}
FLAGS = ("fillable", "booklet", "builds")


def requests_of(library: Library, options: Options) -> tuple[Options, ...]:
    """Return what is asked for, a request for each set and country. HandoutError if a set is not there, or is wrong."""
    raise_errors(check_sets(library, options))
    requests: list[Options] = []
    for each in narrowed(library, options) if options.sets else (options,):
        countries = each.countries or (each.country,)
        requests.extend(replace(each, country=country, countries=(), sets=()) for country in countries)
    return tuple(requests)


def check_sets(library: Library, options: Options) -> Iterator[Finding]:
    """Yield what is wrong with the sets that are named: one that is not there, a choice of something that is not."""
    for name in options.sets:
        if name not in library.sets:
            hint = suggest_name(name, library.sets) if library.sets else "write sets into content/build.yaml"
            yield error("usage", f"There is no set '{name}'.", Location("--set"), hint)
            continue
        for option, known in choices_of(library).items():
            there = tuple(known)
            for word in library.sets[name].choices.get(option, ()):
                if word.text not in there:
                    message = f"There is no {option} '{word.text}'."
                    yield error("unknown-value", message, word.at, suggest_name(word.text, there))


def narrowed(library: Library, options: Options) -> Iterator[Options]:
    """Yield what each set asks for of what the options let through; a set of which nothing is left is left out."""
    for name in dict.fromkeys(options.sets):
        chosen = library.sets[name]
        both: dict[str, Any] = {
            field: common(texts_of(chosen, option), getattr(options, field)) for option, field in FIELDS.items()
        }
        asked = (options.country,) if options.country else options.countries
        countries = common(texts_of(chosen, "country"), asked)
        if None not in both.values() and countries is not None:
            flags: dict[str, Any] = {name: getattr(options, name) or name in chosen.choices for name in FLAGS}
            yield replace(options, **both, **flags, countries=countries, country="")


def texts_of(chosen: BuildSet, option: str) -> tuple[str, ...]:
    """Return what a set chooses for an option."""
    return tuple(word.text for word in chosen.choices.get(option, ()))


def common(one: Sequence[str], other: Iterable[str]) -> tuple[str, ...] | None:
    """Return what both choose, or what one does if the other leaves it open; None if that is nothing."""
    wanted = tuple(other)
    if not one or not wanted:
        return tuple(one) or wanted
    return tuple(each for each in one if each in wanted) or None
