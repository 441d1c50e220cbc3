"""Themes: text has enough contrast with every accent, and a project can have its own theme."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from command_bench import BUILD, DECK, DECKS, HANDOUTS, PDF, Bench, place_of
from msgspec.structs import replace
from paths import ROOT
from pdf_text import painted_text
from samples import MINIMUM_CONTRAST

from handouts.finding import Finding
from handouts.load.files import SourceFolder
from handouts.load.themes import load_themes
from handouts.theme import ThemeSource, contrast_ratio

TEMPLATES = ROOT / "templates"
THEME_FILE = TEMPLATES / "themes/settling-line.yaml"
SHIPPED = load_themes(SourceFolder(TEMPLATES, []))
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


def test_contrast_is_computed_as_in_wcag() -> None:
    assert contrast_ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast_ratio("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("name", "accent"), [(name, each) for name, it in SHIPPED.items() for each in it.accents])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_has_enough_contrast_on_its_background(name: str, accent: str, text: str, ground: str) -> None:
    colours = {**SHIPPED[name].colours, **SHIPPED[name].accents[accent]}
    assert contrast_ratio(colours[text], colours[ground]) >= MINIMUM_CONTRAST


@pytest.mark.parametrize("name", SHIPPED)
def test_no_text_is_too_small_to_read(name: str) -> None:
    for styles in SHIPPED[name].densities.values():
        assert min(style.size for style in styles.values()) >= 10
        assert styles["card"].size >= 11
        assert styles["card-number"].size >= 14
    assert min(style.size for style in SHIPPED[name].slides.values()) >= 14


def test_shipped_themes_have_the_same_accents_and_look_different() -> None:
    assert list(SHIPPED) == ["plain-meadow", "settling-line"]
    plain, settling = SHIPPED.values()
    assert plain.accents.keys() == settling.accents.keys()
    assert plain.editions == settling.editions
    assert (plain.line, settling.line) == ("straight", "")
    assert plain.cover != settling.cover
    assert not any(plain.accents[name] == settling.accents[name] for name in plain.accents)


def load_with_accent(folder: Path, accent: str) -> tuple[ThemeSource, list[Finding]]:
    """Return the shipped theme with another accent instead of harbour, and the findings about it."""
    (folder / "themes").mkdir()
    written = THEME_FILE.read_text(encoding="utf-8")
    changed = re.sub(r"harbour: .*", lambda _: f"harbour: {accent}", written)
    assert changed != written
    (folder / "themes/settling-line.yaml").write_text(changed, encoding="utf-8")
    findings: list[Finding] = []
    return load_themes(SourceFolder(folder, findings))["settling-line"], findings


@pytest.mark.parametrize("accent", ["#005EB8", "#0f4c5c", "#C00000", "#000000", "#4F7D15", "#6A1B9A", "#717171"])
def test_an_accent_needs_one_colour(tmp_path: Path, accent: str) -> None:
    source, findings = load_with_accent(tmp_path, f'"{accent}"')
    assert not findings
    colours = {**source.colours, **source.accents["harbour"]}
    assert colours["accent"] == accent.upper()
    assert min(contrast_ratio(colours["accent"], colours[ground]) for ground in ("white", "tint", "oat")) >= 4.5
    for text, ground in PAIRS:
        if "accent" not in (text, ground):
            assert contrast_ratio(colours[text], colours[ground]) >= MINIMUM_CONTRAST, (text, ground)


def test_colours_of_an_accent_may_be_left_out(tmp_path: Path) -> None:
    source, findings = load_with_accent(tmp_path, '{accent: "#6B2C5A", tint: "#EEEEEE"}')
    assert not findings
    assert source.accents["harbour"] == {"accent": "#6B2C5A", "tint": "#EEEEEE", "deep": "#4A1F3F", "tint2": "#E3D7DF"}


@pytest.mark.parametrize(
    ("accent", "messages"),
    [
        ('"#F3C56B"', ("'#F3C56B' is too pale for words", "1.5:1", 'write "#876D3B"')),
        ('"#FFFFFF"', ('write "#717171"',)),
        ("#0F4C5C", ("Here a colour is missing", "in quotation marks")),
        ("blue", ("'blue' is not a colour", '"#0F4C5C"')),
        ('{tint: "#EEEEEE"}', ("'accent' is missing",)),
        ('{accent: "#0F4C5C", tnt: "#EEEEEE"}', ("did you mean 'tint'?",)),
        ('{accent: "#0F4C5C", deep: "#8FB3BD"}', ("'deep'", "make 'deep' darker")),
    ],
)
def test_an_invalid_accent_is_reported_with_a_hint(tmp_path: Path, accent: str, messages: tuple[str]) -> None:
    (found,) = load_with_accent(tmp_path, accent)[1]
    assert all(each in str(found) for each in messages), found
    assert not any(
        f"'{role}'" in found.message for role in ("honey", "tint2", "oat", "white") if messages[0] != "'deep'"
    )


def test_the_suggested_colour_has_enough_contrast(tmp_path: Path) -> None:
    for number, pale in enumerate(("#F3C56B", "#78BE20", "#FFFFFF", "#00FFFF", "#FF6699")):
        folder = tmp_path / str(number)
        (folder / "first").mkdir(parents=True)
        (folder / "second").mkdir()
        (found,) = load_with_accent(folder / "first", f'"{pale}"')[1]
        offered = re.findall(r'write "(#[0-9A-F]{6})"', found.hint)[0]
        assert not load_with_accent(folder / "second", f'"{offered}"')[1]


# ---------------------------------------------------------------- a theme of one's own

SHEET, SLIDES_SHEET = "output/theme-brand.pdf", "output/theme-brand-slides.pdf"
SERVICE, OWN = "content/service.yaml", "content/themes/brand.yaml"
TEN_LINES = """\
extends: settling-line
line: none
cover: {ground: white, corner: 0, bar: 4}
colours:
  oat: "#FFFFFF"
accents:
  harbour: "#005EB8"
  plum: "#7C2855"
print:
  body: {leading: 18}
"""


def choose_own(bench: Bench, text: str = TEN_LINES) -> None:
    """Add a theme to the project and choose it; ¦ marks a place, and is not written."""
    bench.project.write(OWN, text.replace("¦", ""))
    bench.plant(SERVICE, "theme: settling-line", "theme: brand")


def marked_place(text: str) -> tuple[str, int, int]:
    """Return the place that is marked in a theme of the project."""
    return OWN, *place_of(text, text.index("¦"))


def test_a_custom_theme_defines_only_the_differences(bench: Bench) -> None:
    usual = bench.build(*BUILD, "--audience", "growers")
    choose_own(bench)
    made = bench.build(*BUILD, "--audience", "growers")
    assert made.keys() == {*usual, SHEET, SLIDES_SHEET}
    theme, shipped = (bench.project.load().themes[name] for name in ("brand", "settling-line"))
    assert theme.accents["harbour"]["accent"] == "#005EB8"
    assert theme.accents["harbour"]["deep"] != shipped.accents["harbour"]["deep"]  # an accent is replaced whole
    assert theme.accents["clay"] == shipped.accents["clay"]
    assert theme.densities["standard"]["body"] == replace(shipped.densities["standard"]["body"], leading=18)
    assert (theme.line, theme.papers, theme.editions) == ("none", shipped.papers, shipped.editions)
    assert all(made[name] != content for name, content in usual.items())


def test_a_project_with_shipped_templates_can_have_its_own_theme(bench: Bench) -> None:
    choose_own(bench)
    findings: list[Finding] = []
    themes = load_themes(SourceFolder(TEMPLATES, findings), SourceFolder(bench.path("content"), findings))
    assert list(themes) == ["brand", "plain-meadow", "settling-line"]
    assert not findings


def test_a_custom_theme_can_extend_each_shipped_one(bench: Bench) -> None:
    for base, shipped in SHIPPED.items():
        choose_own(bench, f"extends: {base}\ncolours: {{sand: '#EEEEEE'}}\n")
        theme = bench.project.load().themes["brand"]
        assert theme == replace(shipped, name="brand", own=True, colours={**shipped.colours, "sand": "#EEEEEE"})
        bench.plant(SERVICE, "theme: brand", "theme: settling-line")


@pytest.mark.parametrize("look", ["settling", "straight", "none"])
@pytest.mark.parametrize("edition", ["standard", "photocopy", "large-print"])
def test_each_line_can_be_drawn_in_each_edition(bench: Bench, look: str, edition: str) -> None:
    choose_own(bench, f"extends: settling-line\nline: {look}\n")
    for paper in ("a4",) if edition == "large-print" else ("a4", "a5"):
        bench.build(*BUILD, "--format", "pdf", "--edition", edition, "--paper", paper)


def test_a_line_that_a_theme_leaves_out_is_on_no_slide(bench: Bench) -> None:
    shapes = {}
    for look in ("settling", "none"):
        choose_own(bench, f"extends: settling-line\nline: {look}\n")
        deck = bench.build(*DECK, "--force")[DECKS.format("growers")]
        bench.plant(SERVICE, "theme: brand", "theme: settling-line")
        with zipfile.ZipFile(io.BytesIO(deck)) as package:
            layouts = [name for name in package.namelist() if name.startswith("ppt/slideLayouts/slideLayout")]
            shapes[look] = sum(package.read(name).count(b"<a:cubicBezTo>") for name in layouts)
    assert shapes["none"] < shapes["settling"] / 2


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("¦line: none\n", "missing-key", "'extends' is missing"),
        ("extends: ¦settling-lin\n", "unknown-theme", "settling-lin"),
        ("extends: settling-line\nlne: none\n", "unknown-key", "'lne'"),
        ("extends: settling-line\nline: ¦wavy\n", "unknown-value", "'wavy'"),
        ("extends: settling-line\ncover: {ground: ¦red}\n", "unknown-value", "'red'"),
        ("extends: settling-line\ncover: {bar: ¦90}\n", "out-of-range", "'bar' is 90"),
        ('extends: settling-line\ncolours: {oat: ¦"#777777"}\n', "contrast", "on 'oat'"),
        ('extends: settling-line\ncolours: {stone: ¦"#AAAAAA"}\n', "contrast", "'stone'"),
        ('extends: settling-line\naccents: {harbour: ¦"#FFCC00"}\n', "contrast", "'#FFCC00' is too pale"),
        ("extends: settling-line\nprint: {body: {size: ¦2}}\n", "out-of-range", "'size' is 2"),
    ],
)
def test_an_error_in_a_custom_theme_is_reported_in_its_file(bench: Bench, text: str, code: str, message: str) -> None:
    choose_own(bench, text)
    place = marked_place(text) if "¦" in text else None
    assert message in bench.assert_refused(code, place, *PDF).message


@pytest.mark.parametrize("name", ["settling-line", "My Brand", "con", "brand_two"])
def test_a_custom_theme_with_a_shipped_or_invalid_name_is_refused(bench: Bench, name: str) -> None:
    bench.project.write(f"content/themes/{name}.yaml", TEN_LINES)
    assert bench.assert_refused("bad-name", (f"content/themes/{name}.yaml", 0, 0), *PDF).message


def test_a_custom_theme_is_shown_on_a_sheet_with_the_contrast_of_its_colours(bench: Bench) -> None:
    choose_own(bench)
    files = bench.build(*PDF)
    assert files.keys() == {HANDOUTS.format("growers"), SHEET}
    text = " ".join(painted_text(files[SHEET]).split())
    for words in ("Growers", "brand", "ink on white 21.0:1", "harbour: ", "plum: ", "accent on white 6.4:1"):
        assert words in text, words
    assert "clay: " not in text  # no audience uses it
    assert bench.run("clean", "--stale").out.strip() == "0 files deleted"
    assert bench.build(*PDF) == files


def test_a_shipped_theme_and_copies_for_recipients_have_no_sheet(bench: Bench) -> None:
    assert SHEET not in bench.build(*PDF)
    choose_own(bench)
    bench.put("who.csv", b"Name\nTeam A\nTeam B\n")
    assert bench.run(*PDF, "--recipients", "who.csv").code == 0
    assert len(bench.files()) > 1
    assert not [name for name in bench.files() if "theme" in name]
