"""The theme file: every text can be read on its ground, whatever the accent."""

import re
from pathlib import Path

import pytest
import yaml

from handouts.finding import Finding
from handouts.load.files import SourceFolder
from handouts.load.themes import load_themes
from handouts.theme import MINIMUM_CONTRAST, ThemeSource, contrast_ratio

THEME_FILE = Path(__file__).parents[1] / "templates/themes/settling-line.yaml"
THEME = yaml.safe_load(THEME_FILE.read_text(encoding="utf-8"))
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


def loaded(folder: Path, accent: str) -> tuple[ThemeSource, list[Finding]]:
    """Return the shipped theme with another accent instead of harbour, and what is found in it."""
    (folder / "themes").mkdir()
    written = THEME_FILE.read_text(encoding="utf-8")
    changed = re.sub(r"harbour: .*", lambda _: f"harbour: {accent}", written)
    assert changed != written
    (folder / "themes/settling-line.yaml").write_text(changed, encoding="utf-8")
    findings: list[Finding] = []
    return load_themes(SourceFolder(folder, findings))["settling-line"], findings


@pytest.mark.parametrize("accent", ["#005EB8", "#0f4c5c", "#C00000", "#000000", "#4F7D15", "#6A1B9A", "#717171"])
def test_an_accent_needs_one_colour(tmp_path: Path, accent: str) -> None:
    source, findings = loaded(tmp_path, f'"{accent}"')
    assert not findings
    colours = {**source.colours, **source.accents["harbour"]}
    assert colours["accent"] == accent.upper()
    assert min(contrast_ratio(colours["accent"], colours[ground]) for ground in ("white", "tint", "oat")) >= 4.5
    for text, ground in PAIRS:
        if "accent" not in (text, ground):
            assert contrast_ratio(colours[text], colours[ground]) >= MINIMUM_CONTRAST, (text, ground)


def test_colours_of_an_accent_may_be_left_out(tmp_path: Path) -> None:
    source, findings = loaded(tmp_path, '{accent: "#6B2C5A", tint: "#EEEEEE"}')
    assert not findings
    assert source.accents["harbour"] == {"accent": "#6B2C5A", "tint": "#EEEEEE", "deep": "#4A1F3F", "tint2": "#E3D7DF"}


@pytest.mark.parametrize(
    ("accent", "said"),
    [
        ('"#F3C56B"', ("'#F3C56B' is too pale for words", "1.5:1", 'write "#876D3B"')),
        ('"#FFFFFF"', ('write "#717171"',)),
        ("#0F4C5C", ("Here a colour is missing", "in quotation marks")),
        ("blue", ("'blue' is no colour", '"#0F4C5C"')),
        ('{tint: "#EEEEEE"}', ("'accent' is missing",)),
        ('{accent: "#0F4C5C", tnt: "#EEEEEE"}', ("did you mean 'tint'?",)),
        ('{accent: "#0F4C5C", deep: "#8FB3BD"}', ("'deep'", "make 'deep' darker")),
    ],
)
def test_an_accent_that_is_wrong_is_named_with_what_to_write(tmp_path: Path, accent: str, said: tuple[str]) -> None:
    (found,) = loaded(tmp_path, accent)[1]
    assert all(each in str(found) for each in said), found
    assert not any(f"'{role}'" in found.message for role in ("honey", "tint2", "oat", "white") if said[0] != "'deep'")


def test_the_colour_that_is_offered_passes(tmp_path: Path) -> None:
    for number, pale in enumerate(("#F3C56B", "#78BE20", "#FFFFFF", "#00FFFF", "#FF6699")):
        folder = tmp_path / str(number)
        (folder / "first").mkdir(parents=True)
        (folder / "second").mkdir()
        (found,) = loaded(folder / "first", f'"{pale}"')[1]
        offered = re.findall(r'write "(#[0-9A-F]{6})"', found.hint)[0]
        assert not loaded(folder / "second", f'"{offered}"')[1]
