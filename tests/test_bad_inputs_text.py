"""Bad inputs 42 to 57: characters, long and deep text, markup of other formats, links, unclosed emphasis."""

from __future__ import annotations

import re
import time
import unicodedata

import pypdfium2
import pytest
from command_bench import BUILD, COLD, COVER, EVERYONE, GIST, HANDOUTS, PDF, TOPIC, Bench
from conftest import Project, keep_default_templates
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pptx import Presentation

from handouts.markdown import syntax_tree as tree
from handouts.markdown.block_parser import parse_markdown
from handouts.markdown.syntax_tree import source_from_text
from handouts.text.fonts import character_problem

QUIET = "A quiet hive."  # shown on pages and on slides
SPACES = re.compile(r"\s+")
WORDS = "templates/words/en.yaml"
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


@pytest.fixture
def project(project: Project) -> Project:
    return keep_default_templates(project)


def shown_text(bench: Bench, typed: str) -> tuple[str, str]:
    """Build with these words, and return the text of page and slide between two markers, without spaces."""
    bench.project.replace(COLD, QUIET, f"Begin {typed} end.")
    return tuple(between(text) for text in bench.texts())  # type: ignore[return-value]


def between(text: str) -> str:
    """Return the text between our two words, without spaces."""
    bare = SPACES.sub("", text)
    return bare[bare.index("Begin") + len("Begin") : bare.index("end.", bare.index("Begin"))]


@pytest.mark.parametrize("sign", ["\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "✓", "你好"])
@pytest.mark.parametrize(("name", "old"), [(COLD, GIST), (TOPIC, "Bees in winter")])
def test_042_a_character_that_no_font_has(bench: Bench, name: str, old: str, sign: str) -> None:
    found = bench.assert_refused("no-glyph", bench.plant(name, old, f"Wait ¦{sign} wait {sign}."))
    assert f"U+{ord(sign[0]):04X}" in found.message


@pytest.mark.parametrize("word", ["مرحبا", "שלום", "ש 12 a"])
def test_043_text_from_right_to_left(bench: Bench, word: str) -> None:
    # Refused until right-to-left layout is supported.
    place = bench.plant(COLD, GIST, f"They wait ¦{word}.")
    bench.assert_refused("direction", place)


def test_044_letters_that_join(bench: Bench) -> None:
    bench.project.replace(COLD, GIST, "A café, naïvely Åland.")
    plain = bench.build()
    bench.project.write(COLD, unicodedata.normalize("NFD", bench.text(COLD)))
    assert "cafe\u0301" in bench.text(COLD)
    assert bench.build() == plain


@pytest.mark.parametrize("sign", ["\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff", "\u200e"])
def test_045_invisible_characters(bench: Bench, sign: str) -> None:
    # An error rather than dropped silently: nobody can proof-read what is invisible.
    found = bench.assert_refused("invisible-character", bench.plant(COLD, GIST, f"They¦{sign}wait."))
    assert f"U+{ord(sign):04X}" in found.message


@pytest.mark.parametrize(
    ("sign", "shown_as"), [("\u00a0", " "), ("\u2011", "\u2011-"), ("\u202f", " \u202f"), ("→", "→")]
)
def test_045_special_spaces_hyphens_and_arrows_are_kept(bench: Bench, sign: str, shown_as: str) -> None:
    bench.project.replace(COLD, QUIET, f"Begin{sign}end.")
    for text in bench.texts():
        assert re.search(f"Begin[{re.escape(shown_as)}{sign}]end", text)


@pytest.mark.full
@pytest.mark.parametrize("letters", ["ﬁ", "ﬂ", "ﬀ", "ﬃ", "ﬄ", "ﬆ"])
def test_045_joined_letters_are_printed_or_refused(bench: Bench, letters: str) -> None:
    bench.project.replace(COLD, QUIET, f"Begin {letters}nd end.")
    ran = bench.run()
    assert (ran.code == 0) or {each.code for each in ran.diagnostics} == {"no-glyph"}, ran.err


@pytest.mark.parametrize("sign", ["\u202a", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"])
def test_046_a_change_of_direction(bench: Bench, sign: str) -> None:
    bench.assert_refused("direction", bench.plant(COLD, GIST, f"They wait¦{sign}for."))


@pytest.mark.parametrize("word", ["w" * 4_900, "https://a.org/" + "w" * 4_800])
def test_047_a_word_of_five_thousand_characters(bench: Bench, word: str) -> None:
    place = bench.plant(COLD, EVERYONE, f"They ¦{word}")
    bench.assert_warned("long-word", place, *PDF)
    with pypdfium2.PdfDocument(bench.files()[HANDOUTS.format("growers")]) as document:
        count = 0
        for page in document:
            text = page.get_textpage()
            for index in range(text.count_chars()):
                left, _, right, _ = text.get_charbox(index)
                count += text.get_text_range(index, 1) == "w"
                assert left >= 0
                assert right <= page.get_width() - 20
    assert count >= 4_800


@pytest.mark.parametrize("count", [2, 4, 8, 40])
def test_047_a_long_label_is_above_its_text(bench: Bench, count: int) -> None:
    label = " ".join(["How you can see it"] * count)[:490]
    old = next(line for line in bench.text(WORDS).split("\n") if line.startswith("looks:"))
    bench.project.replace(WORDS, old, f"looks: {label}")
    ran = bench.run(*PDF)
    assert ran.code == 0, ran.err


def test_047_a_long_word_in_a_further_line(bench: Bench) -> None:
    place = bench.plant(COLD, EVERYONE, f'They wait for the sun,\nand **they** [say ¦{"w" * 200}]{{for="growers"}}.')
    bench.assert_warned("long-word", place, *PDF)


def test_047_a_word_of_ten_thousand_characters(bench: Bench) -> None:
    bench.assert_refused("long-paragraph", bench.plant(COLD, EVERYONE, "¦" + "w" * 10_000))


@pytest.mark.parametrize(("old", "new"), [(EVERYONE, "¦{}"), (GIST, "¦{}"), (EVERYONE, "- ¦{}\n")])
def test_048_a_paragraph_of_a_million_characters(bench: Bench, old: str, new: str) -> None:
    place = bench.plant(COLD, old, new.format("word " * 200_000))
    start = time.perf_counter()
    bench.assert_refused("long-paragraph", place)
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    "typed", ["& < > ]]>", "&amp; &nbsp; &#0; &#xD800; &#1114112; &xxe;", "\\(a\\) %d {0} $x", "--><!--", "a=b+c"]
)
def test_049_markup_characters_of_other_formats_are_plain_text(bench: Bench, typed: str) -> None:
    expected = SPACES.sub("", typed)
    assert shown_text(bench, PUNCTUATION.sub(r"\\\1", typed)) == (expected, expected)


# Straight quotation marks are set as the language requires, and so they differ.
TYPED = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_characters="'\"").filter(
        lambda c: not character_problem(c)
    ),
    min_size=1,
    max_size=60,
).filter(lambda text: bool(text.strip()) and unicodedata.is_normalized("NFC", text))


@pytest.mark.full
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TYPED)
def test_049_any_text_is_shown_as_typed(bench: Bench, typed: str) -> None:
    text = bench.text(COLD)
    try:
        expected = SPACES.sub("", typed)
        assert shown_text(bench, PUNCTUATION.sub(r"\\\1", typed)) == (expected, expected)
    finally:
        bench.project.write(COLD, text)


@pytest.mark.parametrize("typed", ["_x000D_", "_x0007_", "_x005F_"])
def test_050_escapes_of_office_are_shown_as_typed(bench: Bench, typed: str) -> None:
    # They are written as typed. Whether PowerPoint itself decodes them has not been tried.
    assert shown_text(bench, typed.replace("_", "\\_")) == (typed, typed)


@pytest.mark.full
@pytest.mark.parametrize("sign", ["\x07", "\x1b", "\x0b", "\x85", "\u2028"])
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (
            COLD,
            EVERYONE,
            '::: {{.figure name="array"}}\n- filled: 3\n- of: in 100\n- words: A\n\n::: {{.alt}}\nR{}.\n:::\n:::\n\n',
        ),
        (TOPIC, "authors: [The writers]", "authors: [The writers{}]"),
        (TOPIC, "keywords: [bees]", "keywords: [bees{}]"),
        (COLD, "Say it slowly.", "Say it{}."),
    ],
    ids=["alt text", "author", "keywords", "notes"],
)
def test_051_control_characters_in_metadata(bench: Bench, name: str, old: str, new: str, sign: str) -> None:
    bench.assert_refused("control-character", bench.plant(name, old, new.format(f"¦{sign}")))


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\ufdd0", "\U0001ffff", "\ue000"])
def test_052_codes_that_are_no_characters(bench: Bench, sign: str) -> None:
    bench.assert_refused("noncharacter", bench.plant(COLD, GIST, f"They wait¦{sign}."))


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("".join("  " * n + ("¦" if n == 3 else "") + "- a\n" for n in range(10)) + "\n", "deep-list"),
        ("".join("   " * n + ("¦" if n == 3 else "") + "1. a\n" for n in range(10)) + "\n", "deep-list"),
        ("¦" + ">" * 30 + " a\n\n", "quotation"),
        ("¦" + "> " * 5_000 + " a\n\n", "quotation"),
    ],
    ids=["lists", "steps", "quotations", "very many quotations"],
)
def test_053_deep_nesting(bench: Bench, new: str, code: str) -> None:
    bench.assert_refused(code, bench.plant(COLD, EVERYONE, new))


def test_053_fences_in_fences(bench: Bench) -> None:
    # The fence of the part is the first; a part may hold nineteen.
    deep = ['::: {for="growers"}\n'] * 400
    deep[19] = f"¦{deep[19]}"
    opened, closed = "".join(deep), ":::\n" * 400
    place = bench.plant(COLD, EVERYONE, f"{EVERYONE}\n\n{opened}Deep.\n\n{closed}\n")
    start = time.perf_counter()
    bench.assert_refused("too-deep", place)
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("html", ["<b>", "<script>", "<!-- words -->", "<div>", "<img src='x'>", "</p>", "<?php 1 ?>"])
@pytest.mark.parametrize("where", ["in a sentence", "alone"])
def test_054_html(bench: Bench, html: str, where: str) -> None:
    typed = f"They ¦{html} wait. " if where == "in a sentence" else f"¦{html}\n\n"
    bench.assert_refused("html", bench.plant(COLD, EVERYONE, f"{typed}{EVERYONE}"))


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,words",
        "vbscript:a",
        "ftp://a.org",
        "//a.org",
        "#cold",
        "../secret",
        "mailto:",
        "https://",
    ],
)
def test_055_a_link_with_a_forbidden_target(bench: Bench, target: str) -> None:
    bench.assert_refused("link-target", bench.plant(COLD, GIST, f"[Sun](¦{target}) rises."))


@pytest.mark.parametrize("target", ["https://a.org/(x)?y=1&z", "mailto:a@b.org", "tel:+44123"])
def test_055_a_link_with_an_allowed_target(bench: Bench, target: str) -> None:
    bench.project.replace(COLD, QUIET, f"[Sun]({target}) rises.")
    files = bench.build(*BUILD, "--audience", "growers")
    assert target.encode() in files[HANDOUTS.format("growers")].replace(b"\\(", b"(").replace(b"\\)", b")")
    slides = Presentation(str(bench.path("output/bees/bees-growers-slides.pptx"))).slides
    assert target in [each.target_ref for slide in slides for each in slide.part.rels.values() if each.is_external]


def test_055_an_insecure_link(bench: Bench) -> None:
    bench.assert_warned("insecure-link", bench.plant(COLD, QUIET, "[Sun](¦http://a.org) rises."))
    assert b"https://a.org" in bench.files()[HANDOUTS.format("growers")]


@pytest.mark.parametrize("new", ["Stars ¦**without end.", "A ¦* alone.", "A ¦*star.", "Two ¦** alone."])
def test_056_emphasis_that_is_not_closed(bench: Bench, new: str) -> None:
    bench.assert_warned("unmatched", bench.plant(COLD, GIST, new))


def test_057_quotes_dashes_and_dots(bench: Bench) -> None:
    handout, deck = shown_text(bench, '"I don\'t -- know..." – “right” …')
    assert handout == deck == "“Idon’t--know...”–“right”…"


@pytest.mark.parametrize(
    "accents", ["\u0316" * 5, "\u0316" * 78, "\u0300\u0301\u0302\u0303\u0304" * 40, "\u034f" * 9, "\u0488" * 9]
)
@pytest.mark.parametrize(
    ("name", "old"), [(COLD, EVERYONE), (COLD, GIST), (TOPIC, "Bees in winter"), (COVER, "Ten minutes")]
)
def test_052_too_many_stacked_accents(bench: Bench, name: str, old: str, accents: str) -> None:
    bench.project.replace(name, old, f"x{accents} {old}")
    ran = bench.run()
    assert ran.code == 1
    codes = {each.code for each in ran.diagnostics}
    assert "stacked-accents" in codes <= {"stacked-accents", "no-glyph", "long-word", "long-property"}
    assert not bench.files()


@pytest.mark.parametrize("accents", ["\u0316", "\u0316\u0317\u0301\u0302"])
def test_052_accents_that_languages_use(bench: Bench, accents: str) -> None:
    letters = unicodedata.normalize("NFC", "".join(f"{letter}{accents}" for letter in "xyzwvu"))
    texts = [each.replace("\u200b", "") for each in shown_text(bench, " ".join([letters] * 8))]
    assert texts == [letters * 8] * 2


@pytest.mark.full
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Caf&eacute; &amp; t&#233;&#xE9;", "Café&téé"),
        ("&lt;b&gt; &#42;&#42;a&#42;&#42; &lbrack;x&rbrack;", "<b>**a**[x]"),
        ("AT&T &nosuch; &amp &; &#; &#x; &#99999999;", "AT&T&nosuch;&amp&;&#;&#x;&#99999999;"),
        (r"\&amp; &amp;amp;", "&amp;&amp;"),
        ("**&frac12;**", "½"),
        ("[a&deg;](https://a.org/?a=1&amp;b=2)", "a°"),
    ],
)
def test_049_characters_written_as_entities(bench: Bench, typed: str, expected: str) -> None:
    assert shown_text(bench, typed) == (expected, expected)


def test_049_a_no_break_space_written_as_an_entity() -> None:
    blocks, findings = parse_markdown(source_from_text("3&nbsp;hours&#xa0;long", "x.md"))
    words = [each.text for each in tree.walk_tree(blocks) if isinstance(each, tree.TextNode)]
    assert (words, findings) == (["3\u00a0hours\u00a0long"], ())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((f"&#{number};", "noncharacter") for number in (0xE000, 0xFFFE, 0xF0000, 0, 0xD800, 0x110000)),
        *((typed, "control-character") for typed in ("&#7;", "&#x1b;", "&#10;", "&NewLine;", "&#x2028;")),
        *((typed, "invisible-character") for typed in ("&shy;", "&zwj;", "&ZeroWidthSpace;")),
        *((typed, "direction") for typed in ("&rlm;", "&#x202e;", "&#x5d0;")),
        ("e&#x301;", "stacked-accents"),
        ("&Tab;", "tab"),
        ("&#x1F600;", "no-glyph"),
    ],
)
def test_049_forbidden_characters_written_as_entities(bench: Bench, typed: str, code: str) -> None:
    at = typed.index("&")
    bench.assert_refused(code, bench.plant(COLD, GIST, f"They wait {typed[:at]}¦{typed[at:]}."))


@pytest.mark.parametrize("typed", ["[a](https://a.org/¦&#7;b)", '[a](https://a.org "b ¦&#10;")'])
def test_049_forbidden_characters_written_as_entities_in_a_link(bench: Bench, typed: str) -> None:
    bench.assert_refused("control-character", bench.plant(COLD, GIST, typed))
