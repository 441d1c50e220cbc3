"""The Document: walking, words, dump, and equality without places."""

import pickle

from handouts.document.nodes import Branch, BulletList, Citation, FixedWords, Fork, Paragraph, Strong, Text
from handouts.document.text import dump, plain, walk, words_of
from handouts.finding import HandoutError, Location, error, sorted_findings, suggest_name

HERE = Location("content/x.md", 3, 7)
SENTENCE = (Text("Your no is "), Strong((Text("enough"),)), Text(" "), Citation(("yen2021", "yen2005"), (2, 3)))
FORK = Fork((Text("Which is you?"),), (Branch("red", (Text("Red: help first"),), (Paragraph(SENTENCE),)),))


def test_words_come_in_reading_order_with_citations_as_numbers() -> None:
    assert plain(SENTENCE) == "Your no is enough [2, 3]"
    assert list(words_of(FORK)) == ["Which is you?", "Red: help first", "Your no is enough [2, 3]"]


def test_equality_of_blocks_ignores_their_places() -> None:
    assert Paragraph(SENTENCE, at=HERE) == Paragraph(SENTENCE)
    assert dump(Paragraph(SENTENCE, at=HERE)) == dump(Paragraph(SENTENCE))


def test_the_dump_shows_every_field_that_is_not_empty() -> None:
    assert dump(FORK).splitlines()[:4] == ["Fork", "  .question", "    Text text='Which is you?'", "  .branches"]
    assert "'yen2021'" in dump(FORK)


def test_lists_with_different_items_have_different_dumps() -> None:
    one, two, three = (Paragraph((Text(word),)) for word in ("one", "two", "three"))
    assert dump(BulletList(((one,), (two, three)))) != dump(BulletList(((one, two), (three,))))


def test_walking_visits_each_node_once_before_its_children() -> None:
    assert [type(node).__name__ for node in walk(Paragraph(SENTENCE))] == [
        "Paragraph",
        "Text",
        "Strong",
        "Text",
        "Text",
        "Citation",
    ]


def test_words_accept_only_their_own_placeholders() -> None:
    words = FixedWords((("page", "Page {n} of {m}"), ("odd", "{n.__class__} {0} {n!r} {more} {")))
    assert words.say("page", n=1, m=2) == "Page 1 of 2"
    assert words.say("odd", n=1) == "{n.__class__} {0} {n!r} {more} {"


def test_findings_survive_pickling_and_come_sorted_by_place() -> None:
    late, early = error("x", "late", Location("b.md", 1, 1)), error("x", "early", Location("a.md", 9, 1))
    raised = pickle.loads(pickle.dumps(HandoutError(late)))
    assert raised.findings == (late,)
    assert sorted_findings([late, early, late]) == (early, late)
    assert str(error("x", "No.", HERE, "say yes")) == "content/x.md:3:7: error: x: No. (say yes)"


def test_the_hint_names_the_nearest_name_or_all() -> None:
    assert suggest_name("famly", ["family", "partners"]) == "did you mean 'family'?"
    assert suggest_name("zzz", ["family", "partners"]) == "known: family, partners"
