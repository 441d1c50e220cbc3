"""The text engine: measured widths are the drawn ones, no text is lost, and no line is too wide."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.text.fonts import (
    PHONE_NUMBER_FAMILY,
    PRINT_FAMILY,
    SCREEN_FAMILY,
    character_problem,
    missing_characters,
)
from handouts.text.line_breaking import StyledRun, TextLine, break_lines, text_width
from handouts.theme import TypeStyle

BODY = TypeStyle(size=13, leading=18)
TITLE = TypeStyle(size=32, leading=36, bold=True, track=-0.012, words=-0.07, balance=True)
PRINTABLE = st.text(st.characters(codec="latin-1", categories=("L", "N", "P", "Zs")), max_size=120)


def texts(lines: tuple[TextLine, ...]) -> list[str]:
    return [line.text for line in lines]


def test_a_line_breaks_at_spaces_and_keeps_the_space_for_copying() -> None:
    lines = break_lines([StyledRun("Your no is enough. You can understand the reasons.")], BODY, 150)
    assert "".join(texts(lines)) == "Your no is enough. You can understand the reasons."
    assert all(line.text.endswith(" ") for line in lines[:-1])


def test_words_of_different_weight_that_touch_stay_together() -> None:
    lines = break_lines(
        [StyledRun("a long enough beginning "), StyledRun("break", bold=True), StyledRun("-up.")], BODY, 165
    )
    assert texts(lines)[-1] in ("break-up.", "up.")


def test_words_stay_together_across_an_empty_run() -> None:
    (line,) = break_lines(
        [StyledRun("break"), StyledRun(""), StyledRun("-up", key="up"), StyledRun(" "), StyledRun(" now")], BODY, 300
    )
    assert line.text == "break-up now"
    assert texts(break_lines([StyledRun("to break"), StyledRun(""), StyledRun("up", key="up")], BODY, 60)) == [
        "to ",
        "breakup",
    ]


def test_lines_break_after_hyphens_between_letters_but_not_between_digits() -> None:
    assert texts(break_lines([StyledRun("call 1-800-799-7233")], BODY, 115)) == ["call ", "1-800-799-7233"]
    assert texts(break_lines([StyledRun("ex-partners")], BODY, 50)) == ["ex-", "partners"]


def test_a_hyphen_before_a_space_keeps_its_space() -> None:
    assert texts(break_lines([StyledRun("pre- and post-test")], BODY, 300)) == ["pre- and post-test"]


def test_a_phone_number_with_no_break_spaces_stays_on_one_line() -> None:
    number = "0808\u00a02000\u00a0247"
    assert texts(break_lines([StyledRun(f"Call {number}")], BODY, text_width(number, BODY) + 1)) == ["Call ", number]


def ended(text: str, width: float, style: TypeStyle = TITLE) -> list[str]:
    """Return the lines of a text without the spaces at their ends."""
    return [line.text.strip() for line in break_lines([StyledRun(text)], style, width)]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (480, ["You said it is over.", "Why do they keep reaching out?"]),
        (420, ["You said it is over. Why do", "they keep reaching out?"]),
        (900, ["You said it is over. Why do they keep reaching out?"]),
    ],
)
def test_balanced_lines_end_after_a_sentence_if_possible(width: float, lines: list[str]) -> None:
    assert ended("You said it is over. Why do they keep reaching out?", width) == lines


@pytest.mark.parametrize(
    "lines",
    [
        ["“They keep contacting me”:", "what you can do"],
        ["Same answer,", "or none"],
        ["What you can do,", "and what you do not have to do"],
        ["Fear — or what", "looks like fear"],
        ["They may well say", "“I cannot live without you”"],
        [
            "Your no is enough. You can understand",
            "the reasons and still not answer.",
            "If you are afraid, get help first.",
        ],
        ["Both are true,", "for e.g. you and me"],
        ["One", "abandonment"],
    ],
)
def test_balanced_lines_end_at_the_sense(lines: list[str]) -> None:
    widest = max(text_width(line, TITLE) for line in lines)
    assert ended(" ".join(lines), widest + 1) == lines


def test_balanced_lines_without_punctuation_are_even() -> None:
    assert ended("one two three four five six seven eight", 400) == ["one two three four", "five six seven eight"]


WORDS = st.lists(
    st.sampled_from(["a", "be", "the", "word", "longer,", "over.", "why?", "“no”:", "ex-partner"]), min_size=2
)


@given(WORDS, st.integers(90, 600))
def test_balanced_lines_are_no_more_and_no_wider_than_filled_ones(words: list[str], width: int) -> None:
    text = " ".join(words)
    balanced = break_lines([StyledRun(text)], TITLE, width)
    filled = break_lines([StyledRun(text)], TITLE, width, filled=True)
    assert len(balanced) == len(filled)
    assert "".join(texts(balanced)) == "".join(texts(filled)) == text
    assert all(line.width <= width + 0.001 for line in balanced)
    assert texts(balanced) == texts(break_lines([StyledRun(text)], TITLE, width))


@given(WORDS, st.integers(200, 600))
def test_a_balanced_text_ends_with_a_lone_word_only_if_unavoidable(words: list[str], width: int) -> None:
    lines = ended(" ".join(words), width)
    mean = sum(text_width(line, TITLE) for line in lines) / len(lines)
    if len(lines) > 1 and " " not in lines[-1] and "-" not in lines[-1] and text_width(lines[-1], TITLE) < 0.9 * mean:
        *_, before, last = words
        others = ended(" ".join(words[:-2]), width)
        assert text_width(f"{before} {last}", TITLE) > width or len(others) >= len(lines)


def test_a_long_balanced_text_is_broken_quickly() -> None:
    text = "You said it is over, and they keep reaching out. " * 2000
    flow = [StyledRun(text)]
    break_lines(flow, TITLE, 470)
    start = time.process_time()
    break_lines(flow, TITLE, 470)
    assert time.process_time() - start < 2


def test_a_lone_last_word_gets_company_if_this_leaves_no_gap() -> None:
    text = "Limits that stay the same help both people, on good days and bad days too"
    width = text_width("Limits that stay the same help both people, on good days and bad days", BODY) + 1
    assert ended(text, width, BODY) == ["Limits that stay the same help both people, on good days and bad", "days too"]
    assert ended("good and relationships too", text_width("good and relationships", BODY) + 1, BODY) == [
        "good and relationships",
        "too",
    ]
    assert (
        ended("Some words before 12\u00a0weeks", text_width("Some words before", BODY) + 1, BODY)[-1] == "12\u00a0weeks"
    )
    filled = break_lines([StyledRun(text)], BODY, width, filled=True)
    assert filled[-1].text == "too"


def test_a_number_in_another_typeface_is_no_higher_than_the_words_around_it() -> None:
    runs = [StyledRun("call "), StyledRun("0808\u00a02000\u00a0247", family=PHONE_NUMBER_FAMILY), StyledRun(" now")]
    (line,) = break_lines(runs, BODY, 300)
    assert line.text == "call 0808\u00a02000\u00a0247 now"
    words, number, _ = line.runs
    assert words.face is PRINT_FAMILY.regular[0]
    assert number.face is PHONE_NUMBER_FAMILY.regular[0]
    assert number.size < words.size == BODY.size
    assert number.x == words.width
    assert number.width == text_width("0808\u00a02000\u00a0247", BODY, PHONE_NUMBER_FAMILY)


def test_a_tied_run_moves_with_its_word_unless_the_line_becomes_too_short() -> None:
    def broken(words: str, room: str) -> list[str]:
        return texts(
            break_lines(
                [StyledRun(f"{words} "), StyledRun("[26]", tied=True), StyledRun(" more")], BODY, text_width(room, BODY)
            )
        )

    assert broken("one two three four five six seven or so", "one two three four five six seven or so [2") == [
        "one two three four five six seven or ",
        "so [26] more",
    ]
    assert broken("drugs and management", "drugs and management [2") == ["drugs and management ", "[26] more"]
    assert broken("management", "management [2") == ["management ", "[26] more"]


def test_a_word_wider_than_the_line_is_broken_without_loss() -> None:
    lines = break_lines([StyledRun("x" * 100 + " end")], BODY, 200)
    assert "".join(texts(lines)) == "x" * 100 + " end"
    assert all(line.width <= 200 for line in lines)


def test_a_character_that_the_typeface_lacks_comes_from_the_fallback() -> None:
    (line,) = break_lines([StyledRun("rise → fall")], BODY, 300)
    assert [run.face.name for run in line.runs] == [
        "AtkinsonHyperlegible-Regular",
        "Arimo-Regular",
        "AtkinsonHyperlegible-Regular",
    ]


def test_kerning_narrows_a_pair() -> None:
    assert text_width("AV", BODY) < text_width("A", BODY) + text_width("V", BODY)


def test_a_character_that_no_font_has_is_reported() -> None:
    assert missing_characters("a ✓ b ✓ é", PRINT_FAMILY) == ("✓",)
    assert missing_characters("plain “words”", SCREEN_FAMILY) == ()


def test_right_to_left_text_is_reported() -> None:
    problems = {each: character_problem(each) for each in "abc ש\u202e 12"}
    assert [each for each, found in problems.items() if found and found[0] == "direction"] == ["ש", "\u202e"]


def test_letter_and_word_spacing_are_part_of_the_width() -> None:
    loose = TypeStyle(size=10, leading=12, track=0.1, words=0.5)
    plain = TypeStyle(size=10, leading=12)
    assert abs(text_width("a b", loose) - text_width("a b", plain) - 3 - 5) < 1e-6


@given(PRINTABLE, st.floats(40, 400), st.booleans())
def test_no_character_is_lost_and_no_line_is_too_wide(text: str, width: float, balance: bool) -> None:
    style = TypeStyle(size=13, leading=18, balance=balance)
    lines = break_lines([StyledRun(text)], style, width)
    assert [word for word in "".join(texts(lines)).split(" ") if word] == [word for word in text.split(" ") if word]
    assert all(line.width <= width + 1e-6 for line in lines)
