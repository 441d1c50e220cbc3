"""Ordinary Jinja2 in templates works, or is refused at its line; values without words are never printed."""

from __future__ import annotations

import pytest
from command_bench import Bench
from conftest import Project

from handouts.document.text import words_of
from handouts.finding import Finding, HandoutError

EXTRA = "templates/extra.md.j2"
HEAD = "---\nrenderer: pdf\nname: extra\n---\n\n"
PARTS = {
    "templates/parts/greeting.md.j2": "{% macro hello(x) %}Hello **{{ x }}**{% endmacro %}\n",
    "templates/parts/frame.md.j2": "Before\n\n{% block middle %}x{% endblock %}\n\nAfter",
    "templates/parts/fenced.md.j2": "::: {.labelled}\n### Label\n\nWords.\n:::",
}
COLD = 'sections.of("factor")[0]'


def words_made(project: Project, body: str) -> str:
    """Return the words of a document made by a template with this body."""
    for name, text in {**PARTS, EXTRA: f"{HEAD}{body}\n"}.items():
        project.write(name, text)
    composition = project.compose("growers", "extra")
    assert not [found for found in composition.findings if found.at.file.endswith("extra.md.j2")]
    return " ".join(words_of(composition.document.blocks))


def refused(project: Project, body: str) -> Finding:
    """Return the first finding for a template with this body."""
    with pytest.raises(HandoutError) as raised:
        words_made(project, body)
    return raised.value.findings[0]


@pytest.mark.full
@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{% set x = "a*b*" %}{{ x }}', "a*b*"),
        ("{% set x %}Some **words**{% endset %}\n{{ x }}", "Some words"),
        ('{% set x %}ab{% endset %}{{ "same" if x == "ab" and x|length == 2 else "other" }}', "same"),
        ("{% set x | upper %}Some words{% endset %}\n{{ x }}", "SOME WORDS"),
        ("{% macro m(a) %}**Hello** {{ a }}{% endmacro %}\n{{ m('*a*') }} {{ m('I')|upper }}", "Hello *a* HELLO I"),
        ("{% macro m() %}\n- one\n- two\n{% endmacro %}\n{{ m() }}", "one two"),
        ("{% macro m(s) %}\n{{ s.claim }}\n{% endmacro %}\n{{ m(" + COLD + ") }}", "Cold keeps them in."),
        ("{% macro m() %}Say {{ caller() }} now{% endmacro %}\n{% call m() %}**this**{% endcall %}", "Say this now"),
        ("{% set x %}\n{{ " + COLD + ".claim }}\n{% endset %}\n{{ x }}", "Cold keeps them in."),
        ("{% filter upper %}some **words**{% endfilter %}", "SOME WORDS"),
        ("{% filter replace('a', 'o') %}one cat{% endfilter %}", "one cot"),
        ("{% filter truncate(11) %}some words and more of them{% endfilter %}", "some..."),
        ("{% filter reverse %}abc{% endfilter %}", "cba"),
        ("{% filter length %}abc{% endfilter %}", "3"),
        ("{{ topic.title|truncate(8) }}", "Bees..."),
        ("{% for s in sections %}{{ loop.index }} of {{ loop.length }} {% endfor %}", "1 of 3 2 of 3 3 of 3"),
        ('{% import "parts/greeting.md.j2" as lib %}\n{{ lib.hello("x") }}', "Hello x"),
        ('{% from "parts/greeting.md.j2" import hello %}\n{{ hello("*x*") ~ " & <*y*>" }}', "Hello *x* & <*y*>"),
        ('{% extends "parts/frame.md.j2" %}{% block middle %}{{ super() }}y{% endblock %}', "Before xy After"),
        ('{% include "parts/fenced.md.j2" %}\n' * 2 + "End.", "Label Words. Label Words. End."),
        ("{% set n = namespace(x=0) %}{% for s in sections %}{% set n.x = n.x + 1 %}{% endfor %}{{ n.x }}", "3"),
        ("{{ 7 / 2 }} {{ 4 / 2 }} {{ none }} {{ sections[0].id }}", "3.5 2 cover"),
        ('{{ sections|map(attribute="id")|join(" & ") }}', "cover & cold & sources"),
        ("{% with a = 'x' %}{{ a }}{% endwith %}", "x"),
        ("{% if topic.title is string and 3 is odd and sections is iterable %}yes{% endif %}", "yes"),
        ('{{ "<b>" ~ 1 ~ "&" }}', "<b>1&"),
    ],
)  # fmt: skip
def test_ordinary_jinja_works(project: Project, body: str, words: str) -> None:
    assert words_made(project, body) == words


@pytest.mark.parametrize(
    "value",
    [
        *("(sections|list)|string", "sections|string", '"a" ~ sections', '"%s"|format(sections)', '"%s" % sections'),
        *('"{}".format(sections)', 'sections|join(", ")', "sections|list", 'sections|map(attribute="id")'),
        *('sections|map(attribute="id")|string', 'cycler("a")|string', '"%s"|format(cycler("a"))', "[topic]|string"),
        *("sections.of", "sections.of|string", "[1, 2]", "[1, 2]|string", "true", "topic", "{'a': 1}", "range(3)"),
    ],
)
def test_printing_a_value_without_words_is_an_error(project: Project, value: str) -> None:
    found = refused(project, f"a\n{{{{ {value} }}}}")
    assert (found.code, found.at.line) == ("template", 7)
    assert found.hint
    assert "0x" not in found.message


@pytest.mark.parametrize(
    "body",
    [
        *("{{ P|upper }}", '{{ P ~ "a" }}', "{{ P|list }}", "{% for x in P %}{% endfor %}", '{{ "a" in P }}'),
        *("{{ P.name }}", "{{ P|length }}", "{% filter upper %}{{ P }}{% endfilter %}"),
        *("{% set x %}{{ P }}{% endset %}{{ x|truncate(3) }}", "{% set x | title %}{{ P }}{% endset %}{{ x }}"),
        "{% macro m() %}{{ P }}{% endmacro %}{{ m()|replace('a', 'b') }}",
    ],
)
def test_using_a_part_as_text_is_an_error(project: Project, body: str) -> None:
    found = refused(project, body.replace("P", f"{COLD}.claim"))
    assert (found.code, found.at.line) == ("part-as-text", 6)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("a\n\n{% macro m() %}\n::: {.nobody}\nx\n:::\n{% endmacro %}\n\n{{ m() }}", 14),
        ("a\n\n{% include 'parts/none.md.j2' %}", 8),
        ("a\n\n{{ 1 / 0 }}", 8),
        ("a\n\n{{ 'a' * 10 ** 14 }}", 8),
        ("a\n\n{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 8),
        ("a\n\n{{ sections.get('none').claim }}", 8),
        ("a\n{% do x %}", 7),
    ],
)
def test_jinja_that_fails_is_refused_at_its_line(project: Project, body: str, line: int) -> None:
    found = refused(project, body)
    assert (found.at.file.rpartition("/")[2], found.at.line) == ("extra.md.j2", line)
    assert "object" not in found.message


def test_places_are_right_after_buffered_blocks(bench: Bench) -> None:
    body = (
        "{% set x %}\na\nb\n{% endset %}\n{{ x }}\n\n{% filter upper %}\nc\n{% endfilter %}\n\n::: {.nobody}\nd\n:::\n"
    )
    bench.project.write(EXTRA, HEAD + body)
    bench.assert_refused("unknown-class", (EXTRA, 16, 7), "build", "--template", "extra", "--audience", "growers")
