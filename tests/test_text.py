"""The text engine: what is measured is what is drawn, nothing is lost, nothing leaves its box."""

from hypothesis import given
from hypothesis import strategies as st

from handouts.text import PRINT, SCREEN, Line, Run, break_lines, missing_characters, text_width, wrong_way_characters
from handouts.theme import TypeStyle

BODY = TypeStyle(size=13, leading=18)
TITLE = TypeStyle(size=32, leading=36, bold=True, track=-0.012, words=-0.07, balance=True)
PRINTABLE = st.text(st.characters(codec="latin-1", categories=("L", "N", "P", "Zs")), max_size=120)


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [line.text for line in lines]


def test_a_line_breaks_at_spaces_and_keeps_the_space_for_those_who_copy_the_text() -> None:
    lines = break_lines([Run("Your no is enough. You can understand the reasons.")], BODY, 150)
    assert "".join(texts(lines)) == "Your no is enough. You can understand the reasons."
    assert all(line.text.endswith(" ") for line in lines[:-1])


def test_words_of_different_weight_that_touch_stay_together() -> None:
    lines = break_lines([Run("a long enough beginning "), Run("break", bold=True), Run("-up.")], BODY, 165)
    assert texts(lines)[-1] in ("break-up.", "up.")


def test_words_stay_together_over_a_run_without_words_and_take_the_space_of_the_next() -> None:
    (line,) = break_lines([Run("break"), Run(""), Run("-up", key="up"), Run(" "), Run(" now")], BODY, 300)
    assert line.text == "break-up now"
    assert texts(break_lines([Run("to break"), Run(""), Run("up", key="up")], BODY, 60)) == ["to ", "breakup"]


def test_a_hyphen_between_letters_may_end_a_line_and_one_between_digits_may_not() -> None:
    assert texts(break_lines([Run("call 1-800-799-7233")], BODY, 115)) == ["call ", "1-800-799-7233"]
    assert texts(break_lines([Run("ex-partners")], BODY, 50)) == ["ex-", "partners"]


def test_a_hyphen_before_a_space_keeps_its_space() -> None:
    assert texts(break_lines([Run("pre- and post-test")], BODY, 300)) == ["pre- and post-test"]


def test_a_phone_number_with_no_break_spaces_stays_on_one_line() -> None:
    number = "0808\u00a02000\u00a0247"
    assert texts(break_lines([Run(f"Call {number}")], BODY, text_width(number, BODY) + 1)) == ["Call ", number]


def test_balanced_lines_leave_no_lone_last_word() -> None:
    lines = break_lines([Run("You said it is over. Why do they keep reaching out?")], TITLE, 470)
    assert len(lines) == 2
    assert min(line.width for line in lines) > 0.6 * max(line.width for line in lines)


def test_a_word_wider_than_the_line_is_cut_and_nothing_of_it_is_lost() -> None:
    lines = break_lines([Run("x" * 100 + " end")], BODY, 200)
    assert "".join(texts(lines)) == "x" * 100 + " end"
    assert all(line.width <= 200 for line in lines)


def test_a_sign_that_the_typeface_lacks_comes_from_the_fallback_face() -> None:
    (line,) = break_lines([Run("rise → fall")], BODY, 300)
    assert [run.face.name for run in line.runs] == [
        "AtkinsonHyperlegible-Regular",
        "Arimo-Regular",
        "AtkinsonHyperlegible-Regular",
    ]


def test_kerning_narrows_a_pair() -> None:
    assert text_width("AV", BODY) < text_width("A", BODY) + text_width("V", BODY)


def test_a_character_that_no_face_has_is_named() -> None:
    assert missing_characters("a ✓ b ✓ é", PRINT) == ("✓",)
    assert missing_characters("plain “words”", SCREEN) == ()


def test_text_that_runs_from_right_to_left_is_named() -> None:
    assert wrong_way_characters("abc ש\u202e 12") == ("ש", "\u202e")


def test_letter_and_word_spacing_count_in_the_width() -> None:
    loose = TypeStyle(size=10, leading=12, track=0.1, words=0.5)
    plain = TypeStyle(size=10, leading=12)
    assert abs(text_width("a b", loose) - text_width("a b", plain) - 3 - 5) < 1e-6


@given(PRINTABLE, st.floats(40, 400), st.booleans())
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: float, balance: bool) -> None:
    style = TypeStyle(size=13, leading=18, balance=balance)
    lines = break_lines([Run(text)], style, width)
    assert [word for word in "".join(texts(lines)).split(" ") if word] == [word for word in text.split(" ") if word]
    assert all(line.width <= width + 1e-6 for line in lines)
