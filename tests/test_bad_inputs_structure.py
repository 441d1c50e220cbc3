"""Bad inputs 27 to 41: names, references, content too large for a page or slide, dates, countries and themes."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdfium2
import pytest
from command_bench import (
    BUILD,
    CARD,
    COLD,
    COVER,
    DECK,
    EVERYONE,
    GIST,
    HANDOUT,
    HANDOUTS,
    LAST,
    PDF,
    SERVICE,
    THEME,
    TOPIC,
    Bench,
)
from conftest import FILES, Project, keep_default_templates
from PIL import Image
from pptx import Presentation

INCLUDE = '"parts/handout-" ~ section.kind ~ ".md.j2"'
OUTSIDE = [
    "../../secret.png",
    "../secret.png",
    "/etc/passwd",
    "C:\\secret.png",
    "C:secret.png",
    "\\\\host\\share\\secret.png",
    "//host/share/secret.png",
    "file:///etc/passwd",
    "..\\secret.png",
    "a/../../secret.png",
]


@pytest.fixture
def project(project: Project) -> Project:
    return keep_default_templates(project)


def pages_of(content: bytes) -> list[str]:
    """Return the text of each page of a PDF."""
    with pypdfium2.PdfDocument(content) as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_027_an_id_twice(bench: Bench) -> None:
    bench.project.replace(COLD, "#cold", "#cover")
    found = bench.assert_refused("duplicate-id", (COLD, 1, 1))
    assert f"the first is {COVER}:1:1" in found.message


@pytest.mark.parametrize(
    ("old", "new", "code", "meant"),
    [
        ("[@moss2019]", "[@¦moss2091]", "unknown-citation", "moss2019"),
        ('sign="left"', 'sign="left" see="¦sourcs"', "unknown-section", "sources"),
        ("[brood]{.term}.", "[¦broood]{.term}.", "unknown-term", "brood"),
    ],
)
def test_028_a_reference_to_something_unknown(bench: Bench, old: str, new: str, code: str, meant: str) -> None:
    bench.assert_refused(code, bench.plant(COLD, old, new))
    assert f"did you mean '{meant}'?" in bench.run().err


@pytest.mark.parametrize("circle", ["itself", "another"])
def test_029_templates_that_include_each_other(bench: Bench, circle: str) -> None:
    other = CARD if circle == "itself" else "templates/parts/handout-again.md.j2"
    if circle == "another":
        bench.project.write(other, '{% include "parts/handout-factor.md.j2" %}\n')
    name = Path(other).relative_to("templates").as_posix()
    bench.project.replace(CARD, "{{ section.claim }}", f'{{% include "{name}" %}}')
    found = bench.assert_refused("template", None, *PDF)
    assert found.file in (CARD, other)
    card = "parts/handout-factor.md.j2"
    chain = [card, card] if circle == "itself" else [card, name, card]
    assert " → ".join(chain) in found.message


def test_029_two_templates_may_include_the_same_part(bench: Bench) -> None:
    bench.project.write("templates/parts/line.md.j2", "")
    for name in (CARD, "templates/parts/handout-cover.md.j2"):
        bench.project.write(name, f'{bench.text(name)}{{% include "parts/line.md.j2" %}}')
    bench.build(*PDF)


@pytest.mark.parametrize("target", OUTSIDE)
def test_030_a_picture_outside_the_project(bench: Bench, target: str) -> None:
    fence = f'::: {{.picture file="¦{target.replace(chr(92), chr(92) * 2)}"}}\n::: {{.alt}}\nA hive.\n:::\n:::\n\n'
    bench.assert_refused("picture-path", bench.plant(COLD, EVERYONE, f"{fence}{EVERYONE}"))


@pytest.mark.parametrize("target", [*OUTSIDE, "%2e%2e/secret", "../content/service.yaml"])
def test_030_a_template_that_includes_an_unknown_file(bench: Bench, target: str) -> None:
    bench.project.replace(HANDOUT, INCLUDE, repr(target))
    found = bench.assert_refused("unknown-template", (*bench.place(HANDOUT, "{% include")[:2], 1), *PDF)
    assert target.replace("\\\\", "\\") in found.message


def test_030_percent_signs_are_not_decoded(bench: Bench) -> None:
    bench.put("content/secret.png", b"")
    fence = '::: {.picture file="¦%2e%2e/secret.png"}\n::: {.alt}\nA hive.\n:::\n:::\n\n'
    bench.assert_refused("missing-picture", bench.plant(COLD, EVERYONE, f"{fence}{EVERYONE}"))


@pytest.mark.parametrize("name", [COLD, TOPIC, "content/references.json", HANDOUT, "content/pictures/hive.png"])
def test_030_a_link_out_of_the_project(bench: Bench, tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    secret = tmp_path_factory.mktemp("outside") / "secret"
    place = name, 0, 0
    if name.endswith(".png"):
        buffer = io.BytesIO()
        Image.new("RGB", (40, 40)).save(buffer, "PNG")
        secret.write_bytes(buffer.getvalue())
        fence = '::: {.picture file="¦hive.png"}\n::: {.alt}\nA hive.\n:::\n:::\n\n'
        place = bench.plant(COLD, EVERYONE, f"{fence}{EVERYONE}")
    else:
        secret.write_bytes(bench.path(name).read_bytes())
        bench.path(name).unlink()
    bench.path(name).parent.mkdir(exist_ok=True)
    bench.path(name).symlink_to(secret)
    bench.assert_refused("outside-project", place)


def test_030_a_project_behind_a_link_works(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> None:
    link = tmp_path_factory.mktemp("elsewhere") / "link"
    link.symlink_to(bench.root, target_is_directory=True)
    bench.monkeypatch.setenv("PWD", str(link))
    plain = bench.build()
    inside = Bench(type(bench.project)(link), bench.monkeypatch, bench.capsys)
    assert inside.build() == plain


@pytest.mark.parametrize(
    ("old", "new"),
    [('{.claim for="growers"}', '{.claim for="¦growrs"}'), ('::: {for="growers"}', '::: {for="¦grower"}')],
)
def test_031_an_unknown_audience(bench: Bench, old: str, new: str) -> None:
    bench.assert_refused("unknown-audience", bench.plant(COLD, old, new))
    assert "did you mean 'growers'?" in bench.run().err


def test_031_an_unknown_audience_on_the_command_line(bench: Bench) -> None:
    ran = bench.run(*BUILD, "--audience", "growrs")
    found = ran.only("error")
    assert (ran.code, found.code, "did you mean 'growers'?" in ran.err) == (2, "usage", True)
    assert not bench.files()


def test_032_nothing_is_left_of_a_part(bench: Bench) -> None:
    bench.project.replace(COLD, "A quiet hive.", '[A quiet hive.]{for="growers"}')
    found = bench.assert_refused("empty-part", bench.place(COLD, "::: {.looks}"))
    assert "keepers" in found.message


def test_032_nothing_is_left_of_a_topic(bench: Bench) -> None:
    for name in (COVER, COLD, LAST):
        first, _, rest = bench.text(name).partition("\n")
        rest = rest.replace('::: {.claim for="keepers"}\nBelow ten degrees no bee flies [@moss2019].\n:::\n', "")
        rest = rest.replace(' [Only keepers read this.]{for="keepers"}', "").replace("::: {.sources}\n:::\n", "None.\n")
        rest = rest.replace('::: {.sources for="keepers"}\n:::\n', "")
        bench.project.write(name, first.replace("}", ' for="growers"}') + "\n" + rest)
    found = bench.assert_refused("nothing-to-read", (TOPIC, 0, 0))
    assert "'keepers'" in found.message


def test_033_text_for_no_audience(bench: Bench) -> None:
    place = bench.plant(COLD, '{for="growers"}\nOnly', '{for="growers"}\n[Nobody reads this.]{for="¦keepers"} Only')
    bench.assert_warned("never-shown", place)


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        (COLD, GIST, "¦" + "Wait for the sun. " * 90, "slide-text"),
        (COLD, "Cold keeps them in.", "¦" + "Cold keeps them in. " * 12, "slide-title"),
    ],
)
def test_034_too_much_for_a_slide(bench: Bench, name: str, old: str, new: str, code: str) -> None:
    found = bench.assert_refused(code, bench.plant(name, old, new), *DECK)
    assert re.search(r"\d+ points too high", found.message)


def test_034_text_that_can_be_divided_continues_on_the_next_slide(bench: Bench) -> None:
    bench.project.replace(LAST, "::: {.gist}\n::: {.sources}\n:::\n", "::: {.gist}\n" + "- Wait here.\n" * 30)
    bench.build(*DECK)
    slides = Presentation(str(bench.path("output/bees/bees-growers-slides.pptx"))).slides
    shown = [shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame]
    assert len(slides) > 4
    assert "\n".join(shown).count("Wait here.") == 30


def test_035_a_row_higher_than_a_page(bench: Bench) -> None:
    row = f"| a | b |\n|---|---|\n| c | d |\n| ¦{'word ' * 980}| e |\n\n"
    place = bench.plant(LAST, "::: {.body}\n", f"::: {{.body}}\n{row}")
    assert "higher than a page" in bench.assert_refused("too-high", place, *PDF).message


def test_036_headings_stay_with_their_text_without_widows_and_orphans(bench: Bench) -> None:
    nights = "of what they do in the long and quiet nights of winter "
    text = "".join(f"### Heading{n:02}\n\nBegin{n:02} {nights * (1 + n % 9)}end{n:02}.\n\n" for n in range(40))
    bench.project.replace(LAST, "::: {.body}\n", f"::: {{.body}}\n{text}")
    bench.build(*PDF)
    pages = pages_of(bench.files()[HANDOUTS.format("growers")])
    assert len(pages) > 5
    for number in range(40):
        (heading,) = (index for index, page in enumerate(pages) if f"Heading{number:02}" in page)
        (begin,) = (index for index, page in enumerate(pages) if f"Begin{number:02}" in page)
        (end,) = (index for index, page in enumerate(pages) if f"end{number:02}." in page)
        assert heading == begin
        if end > begin:
            above = pages[begin][pages[begin].index(f"Begin{number:02}") :].splitlines()
            below = pages[end][: pages[end].index(f"end{number:02}.")].splitlines()
            assert len([line for line in above if "nights" in line or "winter" in line]) >= 2
            assert len([line for line in below if "nights" in line or "winter" in line]) >= 2


def test_037_a_name_of_three_hundred_characters(bench: Bench) -> None:
    long = "Bees in winter " * 20
    place = bench.plant(TOPIC, "name: Bees in winter", f"name: ¦{long}")
    bench.assert_warned("long-property", place, *DECK)
    properties = Presentation(str(bench.path("output/bees/bees-growers-slides.pptx"))).core_properties
    assert len(properties.subject) <= 255
    assert properties.subject.endswith("…")


def test_037_many_authors_are_truncated_only_in_the_properties_of_a_deck(bench: Bench) -> None:
    names = ", ".join(f"Author Number{n}" for n in range(30))
    place = bench.plant(TOPIC, "authors: [The writers]", f"authors: ¦[{names}]")
    bench.assert_warned("long-property", place, *DECK)


def test_037_a_title_of_three_hundred_characters(bench: Bench) -> None:
    place = bench.plant(COVER, "Why do the bees stay in?", "¦" + "Why do the bees stay in all winter? " * 9)
    bench.assert_refused("slide-title", place, *DECK)


def test_039_a_due_review(bench: Bench) -> None:
    # Missing authors and sources are reported by the rules of `handouts check`.
    ran = bench.run("build", "--country", "UK", "--today", "2027-11-24", "--audience", "growers", "--format", "pdf")
    assert (ran.code, [each.code for each in ran.diagnostics if each.file == TOPIC]) == (0, ["review-due"])
    page = pages_of(bench.files()[HANDOUTS.format("growers")])[0]
    assert "not yet confirmed" in " ".join(page.split())  # a line may end between these words


def test_040_an_unknown_country(bench: Bench) -> None:
    bench.assert_refused("unknown-country", bench.plant(SERVICE, "country: UK", "country: ¦ZZ"), "build")
    assert bench.run("build", "--country", "ZZ").code == 1


def test_040_an_unknown_country_on_the_command_line(bench: Bench) -> None:
    ran = bench.run("build", "--country", "ZZ")
    assert (ran.code, ran.only("error").code) == (2, "usage")


def test_040_no_country(bench: Bench) -> None:
    # A warning: without a country, only international directories are printed, no national helplines.
    place = bench.plant(SERVICE, "country: UK", 'country: ¦""')
    bench.assert_warned("no-country", place, "build", "--today", "2026-11-24", "--audience", "growers")
    assert "findahelpline.com" in "".join(pages_of(bench.files()[HANDOUTS.format("growers")]))


def test_040_a_service_without_a_telephone_gets_a_blank_line(bench: Bench) -> None:
    assert 'phone: ""' in FILES[SERVICE]
    handout, _ = bench.texts()
    assert "\nLocal\n" in handout.replace("\r", "")


def test_041_an_unknown_theme(bench: Bench) -> None:
    bench.assert_refused("unknown-theme", bench.plant(SERVICE, "theme: settling-line", "theme: ¦setling-line"))
    assert "did you mean 'settling-line'?" in bench.run().err


@pytest.mark.parametrize(
    ("old", "new", "ratio"),
    [
        ('ink: "#000000"', 'ink: ¦"#A0A0A0"', "2."),
        ('harbour: {accent: "#0F4C5C"', 'harbour: {accent: ¦"#7FA0A8"', "2."),
        ('honey: "#F3C56B"', 'honey: ¦"#47193B"', "1."),
    ],
)
def test_041_colours_with_too_little_contrast(bench: Bench, old: str, new: str, ratio: str) -> None:
    place = bench.plant(THEME, old, new)
    assert f"a contrast of {ratio}" in bench.assert_refused("contrast", place).message
