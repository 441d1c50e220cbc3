"""Templates with their front matter, the files that they include, and the fixed words of each language.

Takes texts of files, gives values of the library and gathers findings. What is wrong inside a template is for
`compose`, which lays it out; nothing is run here.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Iterable, Mapping
from typing import cast

from handouts.document import Words
from handouts.finding import Finding, Span, error, nearest
from handouts.library import Renderer, Template
from handouts.load.reading import Reading, check_name, open_fields
from handouts.load.settings import Node, Scalar, read_settings

LINE = "---"
LONGEST_WORDS = 500  # of what stands in one place of a page
RENDERERS = ("pdf", "pptx")

# The words that composing needs, and what is put into them; renderers and templates need others.
NEEDED: Mapping[str, tuple[str, ...]] = {
    **{f"month_{number}": () for number in range(1, 13)},
    "date": ("month", "year"),
    "foot": ("label", "state"),
    "state": ("state", "date"),
    "draft": ("version",),
    "draft_because": ("draft", "reasons"),
    "reviewed": ("version", "date"),
    "not_reviewed": (),
    "lines_not_confirmed": (),
    "not_confirmed": (),
    "confirmed_long_ago": (),
    "crisis_danger": (),
    "crisis_suicide": (),
    "crisis_abuse": (),
    "crisis_short": ("label",),
    "need_danger": (),
    "need_suicide": (),
    "need_abuse": (),
    "need_stalking": (),
    "need_other": (),
    "need_local": (),
    "local": (),
    "explained": ("word", "meaning"),
    "et_al": (),
    "open_quote": (),
    "close_quote": (),
    "open_inner_quote": (),
    "close_inner_quote": (),
    "apostrophe": (),
    "units": (),
    "before_numbers": (),
    "edition": ("edition",),
    "two_authors": ("one", "two"),
    "handout_section": ("n",),
    "handout_place": ("section", "heading"),
    "handout_card": ("place", "n"),
    "notes_handout_place": (),
    "notes_sources": (),
    "talk_length": ("n",),
    "minutes_one": ("n",),
    "minutes_many": ("n",),
    "notes_time": ("minutes", "start", "end"),
    "plan": (),
    "plan_first": (),
    "plan_line": ("start", "end", "part", "minutes"),
    "plan_total": ("minutes",),
    "plan_left_out": (),
}


def read_template(text: str, file: str, audiences: Collection[str], findings: list[Finding]) -> Template | None:
    """Return a template, or None after a finding if its front matter cannot be used."""
    lines = text.split("\n")
    if lines[0].rstrip() != LINE or LINE not in [line.rstrip() for line in lines[1:]]:
        hint = "begin with ---, renderer: pdf, name: handout, ---"
        findings.append(error("front-matter", "A template begins with its front matter.", Span(file, 1, 1), hint))
        return None
    end = [line.rstrip() for line in lines].index(LINE, 1)
    node = read_settings("\n".join(lines[1:end]), file, findings, first_line=2)
    if node is None:
        return None
    reading = open_fields(node, findings, ("renderer", "name"), ("audiences",))
    name = reading.node("name")
    if isinstance(name, Scalar):
        check_name(name, "a template", findings)
    readers = reading.names("audiences", audiences, "unknown-audience", "audience")
    renderer = reading.choice("renderer", RENDERERS, "unknown-renderer", "renderer", "pdf")
    body = "\n".join([*[""] * (end + 1), *lines[end + 1 :]])
    return Template(reading.needed("name"), cast(Renderer, renderer), readers or tuple(audiences), body, reading.at)


# ---------------------------------------------------------------- words


def read_words(node: Node | None, findings: list[Finding]) -> Words:
    """Return the fixed words of one language."""
    if node is None:
        return Words(())
    reading = open_fields(node, findings, optional=None)
    for key, needed in NEEDED.items():
        value = reading.node(key)
        if value is None:
            close = nearest(key, [name.text for name, _ in reading.each() if name.text not in NEEDED])
            hint = close if close.startswith("did") else f"add {key}: and its words"
            findings.append(error("missing-key", f"The words '{key}' are missing.", reading.at, hint))
        elif isinstance(value, Scalar):
            check_places(reading, key, needed)
    for name, words in reading.each():
        if isinstance(words, Scalar) and len(words.text) > LONGEST_WORDS:
            message = f"The words '{name.text}' have {len(words.text)} characters."
            findings.append(error("long-text", message, words.at, f"{LONGEST_WORDS} are the most"))
    return Words(tuple((key.text, reading.text(key.text)) for key, _ in reading.each()))


def check_places(reading: Reading, key: str, needed: Iterable[str]) -> None:
    """Gather a finding if words have other places to fill than those that are filled."""
    names = places_in(reading.text(key))
    if names is None or set(names) != set(needed):
        wanted = ", ".join(f"{{{name}}}" for name in needed) or "none"
        message = f"The places to fill in '{key}' are not right."
        reading.findings.append(error("word-places", message, reading.place(key), f"they are: {wanted}"))


def places_in(text: str) -> tuple[str, ...] | None:
    """Return the names of the places to fill in `text`, such as n in "Page {n}"; None if its braces are not closed."""
    try:
        return tuple(dict.fromkeys(name for _, name, _, _ in string.Formatter().parse(text) if name is not None))
    except ValueError:
        return None


def compare_words(words: Mapping[str, Words], places: Mapping[str, Span], findings: list[Finding]) -> None:
    """Gather a finding for each key that one language has and another has not, or whose places to fill differ."""
    entries = {language: dict(each.entries) for language, each in words.items() if each.entries}
    for language, mine in entries.items():
        for other, theirs in entries.items():
            for key in theirs:
                if key not in mine:
                    message = f"The words '{key}' are missing; {other} has them."
                    findings.append(error("missing-key", message, places[language], f"add {key}: and its words"))
                elif language != other and set(places_in(mine[key]) or ()) != set(places_in(theirs[key]) or ()):
                    message = f"The places to fill in '{key}' are not those of {other}."
                    findings.append(error("word-places", message, places[language], f"{other} has: {theirs[key]}"))
