"""The theme file: every text can be read on its ground, whatever the accent."""

from pathlib import Path

import pytest
import yaml

from handouts.theme import MINIMUM_CONTRAST, contrast_ratio

THEME = yaml.safe_load((Path(__file__).parents[1] / "templates/themes/settling-line.yaml").read_text(encoding="utf-8"))
PAIRS = [
    ("ink", "white"),
    ("ink", "tint"),
    ("ink", "red-tint"),
    ("stone", "white"),
    ("stone", "oat"),
    ("stone", "tint"),
    ("accent", "white"),
    ("accent", "tint"),
    ("accent", "oat"),
    ("white", "accent"),
    ("white", "deep"),
    ("honey", "deep"),
    ("deep", "oat"),
    ("deep", "white"),
    ("deep", "tint"),
    ("screen-ink", "oat"),
    ("screen-ink", "tint"),
    ("screen-ink", "white"),
    ("red", "red-tint"),
    ("red", "oat"),
    ("amber", "white"),
    ("amber", "oat"),
    ("green", "white"),
    ("green", "oat"),
]


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast_ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast_ratio("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("accent", THEME["accents"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_has_enough_contrast_on_its_ground(accent: str, text: str, ground: str) -> None:
    colours = {**THEME["colours"], **THEME["accents"][accent]}
    assert contrast_ratio(colours[text], colours[ground]) >= MINIMUM_CONTRAST


def test_no_text_is_smaller_than_people_can_read() -> None:
    assert min(style["size"] for style in THEME["print"].values()) >= 10
    assert THEME["print"]["card"]["size"] >= 11
    assert THEME["print"]["card-number"]["size"] >= 14
    assert min(style["size"] for style in THEME["slides"].values()) >= 14
