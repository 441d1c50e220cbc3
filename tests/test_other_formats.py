"""The last line of a handout lists its other formats, whom to ask, and the web page: exactly what was set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pytest
from command_bench import Bench
from conftest import Project
from msgspec.structs import replace
from paths import ROOT
from pdf_text import elements, read_tags, tagged_text
from test_nothing_lost_or_leaked import everything_in, squeezed

from handouts.compose import compose_discreet_edition, compose_document
from handouts.compose.provider import personalise_document
from handouts.document.nodes import Document, Labelled, QrCode
from handouts.document.text import dump, walk, words_of
from handouts.finding import HandoutError
from handouts.layout.handout_pages import plan_document
from handouts.library import Library, OtherFormatEntry
from handouts.load import load_library
from handouts.pdf import render_pdf
from handouts.select import select_content
from handouts.service import Recipient, Service
from handouts.theme import Theme, resolve_theme
from handouts.verify import verify_file
from handouts.web import render_html
from handouts.word import render_docx

TOPIC, SERVICE, COVER = "content/bees/topic.yaml", "content/service.yaml", "content/bees/en/1-cover.md"
WEB = "https://www.harbour.example/bees/"
FORMATS = """other_formats:
  - large-print
  - {format: audio, address: https://www.harbour.example/listen, for: [growers]}
  - {format: sign-language, languages: [en]}
"""


def set_formats(project: Project, formats: str = "", web: str = "", phone: str = "") -> None:
    """Set other formats, web page and telephone number."""
    path = project.root / TOPIC
    project.write(TOPIC, path.read_text(encoding="utf-8") + formats)
    for key, value in (("web", web), ("phone", phone)):
        text = (project.root / SERVICE).read_text(encoding="utf-8")
        other_lines = re.sub(rf"^{key}:.*\n", "", text, flags=re.MULTILINE)
        project.write(SERVICE, f'{other_lines.rstrip()}\n{key}: "{value}"\n')


def closing_line(document: Document) -> str:
    """Return the text of the last block if it is the line on other formats, else ""."""
    last = document.blocks[-1]
    return " ".join(words_of(last)) if isinstance(last, Labelled) and last.own else ""


def line_of(project: Project, audience: str = "growers") -> str:
    return closing_line(project.compose(audience).document).replace("\u00a0", " ")


def look(library: Library, audience: str, edition: str = "standard") -> Theme:
    reader = library.audiences[audience]
    return resolve_theme(
        library.themes[library.service.theme], accent=reader.accent, density=reader.density, edition=edition
    )


# ---------------------------------------------------------------- what it says


def test_without_other_formats_or_a_web_page_there_is_no_line(project: Project) -> None:
    assert line_of(project) == ""
    set_formats(project, phone="0117 496 0000")
    assert line_of(project) == ""


@pytest.mark.parametrize(
    ("formats", "web", "phone", "line"),
    [
        ("other_formats: [large-print]\n", "", "", "You can have this as: large print. Please ask us."),
        ("", WEB, "0117 496 0000", "On the web: www.harbour.example/bees"),
        (
            FORMATS,
            WEB,
            "0117 496 0000",
            "You can have this as: large print, audio (www.harbour.example/listen), sign language."
            " Ask us: 0117 496 0000. On the web: www.harbour.example/bees",
        ),
        (
            "other_formats: [{format: web-page, address: https://a.example/b}]\n",
            "",
            "",
            "You can have this as: a web page (a.example/b).",
        ),
        (
            "other_formats: [easy-read, braille]\n",
            "",
            "at the desk",
            "You can have this as: Easy Read, braille. Ask us: at the desk.",
        ),
    ],
)
def test_the_line_lists_formats_telephone_and_web_page(
    project: Project, formats: str, web: str, phone: str, line: str
) -> None:
    set_formats(project, formats, web, phone)
    assert line_of(project) == f"Other formats {line}"


def test_a_format_is_listed_only_for_its_audiences_and_language_and_only_in_the_handout(project: Project) -> None:
    set_formats(project, FORMATS)
    assert (
        line_of(project, "keepers") == "Other formats You can have this as: large print, sign language. Please ask us."
    )
    for template in ("slides", "sources"):
        document = project.compose("keepers", template).document
        assert (document.other_formats, "large print" in dump((document.blocks, document.slides))) == (None, False)
    signed = project.load().topics["bees"].other_formats[2]
    assert (signed.is_for("keepers", "en"), signed.is_for("keepers", "es")) == (True, False)


def test_the_line_does_not_change_the_reviewed_words(project: Project) -> None:
    from handouts.compose import hash_seen_words
    from handouts.render_cache import RenderCache

    before = hash_seen_words(select_content(project.load(), "bees", "growers", "en"), RenderCache())
    set_formats(project, FORMATS, WEB)
    assert hash_seen_words(select_content(project.load(), "bees", "growers", "en"), RenderCache()) == before


# ---------------------------------------------------------------- copies, and the discreet edition


def test_a_copy_has_only_the_number_and_web_page_of_its_recipient(project: Project) -> None:
    set_formats(project, "other_formats: [large-print]\n", WEB, "0117 496 0000")
    document = project.compose("growers").document
    hill = Recipient(2, "Hill", phone="0117 496 0009", web="https://hill.example")
    known = project.load()
    for provider in (hill, Recipient(3, "Nobody"), Service()):
        copy = personalise_document(document, provider, document.words)
        library = replace(known, service=replace(known.service, phone=provider.phone, web=provider.web))
        own = compose_document(select_content(library, "bees", "growers", "en"), "handout").document
        assert copy.blocks[-1] == own.blocks[-1]
        assert "harbour" not in dump(copy.blocks[-1])
    assert "hill.example" in closing_line(personalise_document(document, hill, document.words))


def test_a_copy_of_a_handout_without_formats_has_the_web_page_of_its_recipient(project: Project) -> None:
    document = project.compose("growers").document
    copy = personalise_document(document, Recipient(2, "Hill", web="https://hill.example"), document.words)
    assert closing_line(copy) == "Other formats On the web: hill.example"
    assert personalise_document(copy, Service(), document.words).blocks == document.blocks


def test_a_discreet_handout_has_no_web_address(project: Project) -> None:
    set_formats(project, FORMATS, "https://winter-rest.example", "0117 496 0000")
    outside = "\n::: {.outside-title}\nNotes\n:::\n\n::: {.outside-subtitle}\nTo keep.\n:::\n"
    project.write(COVER, (project.root / COVER).read_text(encoding="utf-8") + outside)
    hidden = compose_discreet_edition(project.compose("growers"))
    line = "Other formats You can have this as: large print, audio, sign language. Ask us: 0117 496 0000."
    assert closing_line(hidden).replace("\u00a0", " ") == line
    copy = personalise_document(hidden, Recipient(2, "Hill", web="https://winter-rest.example/2"), hidden.words)
    assert closing_line(copy) == "Other formats You can have this as: large print, audio, sign language. Please ask us."
    finished = render_pdf(hidden, look(project.load(), "growers")).content
    for content in (dump(hidden), dump(copy), everything_in(finished)):
        assert "winter-rest.example" not in content
        assert "harbour.example" not in content


# ---------------------------------------------------------------- the finished files


@pytest.mark.parametrize("edition", ["standard", "large-print", "photocopy"])
def test_each_file_has_the_line_with_links_and_a_described_qr_code(project: Project, edition: str) -> None:
    set_formats(project, FORMATS, WEB, "0117 496 0000")
    document, theme = project.compose("growers").document, look(project.load(), "growers", edition)
    files = {
        "pdf": render_pdf(document, theme),
        "html": render_html(document, theme),
        "docx": render_docx(document, theme),
    }
    for renderer, made in files.items():
        assert not made.findings
        assert not verify_file(made.content, document, renderer)
        inside = everything_in(made.content)
        for target in (WEB, "https://www.harbour.example/listen", "tel:01174960000"):
            assert target in inside, (renderer, target)
        assert f"Code that opens {WEB}" in inside
    text = squeezed(tagged_text(files["pdf"].content))
    assert squeezed(" ".join(words_of(document.blocks[-1]))) in text
    pages = read_tags(files["pdf"].content)
    links = [squeezed(each.text) for page in pages for each in elements(page, "Link")]
    assert "audio(www.harbour.example/listen)" in links


def test_a_changed_address_is_found_when_the_file_is_read_back(project: Project) -> None:
    set_formats(project, FORMATS, WEB)
    document = project.compose("growers").document
    content = render_html(document, look(project.load(), "growers")).content
    damaged = content.replace(b"large print, ", b"").replace(b"On the web: ", b"")
    assert {each.code for each in verify_file(damaged, document, "html")} >= {"lost-words"}


# ---------------------------------------------------------------- the shipped handouts


@pytest.fixture(scope="module")
def shipped() -> Library:
    """The shipped library with large print on request and a web page."""
    library = load_library(ROOT / "content", ROOT / "templates")
    topic = library.topics["bpd-contact"]
    large = OtherFormatEntry("large-print", "", (), (), topic.at)
    service = replace(library.service, web="https://harbour.example/leaflets")
    topics = {**library.topics, topic.name: replace(topic, other_formats=(large,))}
    return replace(library, service=service, topics=topics)


@pytest.mark.parametrize("country", ["", "AU", "EU", "UK", "US"])
@pytest.mark.parametrize("audience", ["family", "clinicians"])
def test_the_line_adds_at_most_a_page_to_a_shipped_handout(shipped: Library, audience: str, country: str) -> None:
    selection, theme = select_content(shipped, "bpd-contact", audience, "en"), look(shipped, audience)
    document = compose_document(selection, "handout", country=country).document
    before = replace(document, blocks=document.blocks[:-1])
    pages = [len(plan_document(each, theme).pages) for each in (before, document)]
    assert pages[0] == 8
    full = {("", "family"), ("UK", "family"), ("UK", "clinicians")}  # the last page of these is full
    assert pages[1] == (9 if (country, audience) in full else 8)
    (code,) = (each for each in walk(document.blocks[-1]) if isinstance(each, QrCode))
    assert code.target == "https://harbour.example/leaflets"


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("written", "code", "hint"),
    [
        ("[lage-print]", "unknown-value", "did you mean 'large-print'?"),
        ("large-print", "wrong-type", "write [large-print]"),
        ("{audio: https://a.example}", "wrong-type", "begin each one with - format:"),
        ("[{format: audio, adress: https://a.example}]", "unknown-key", "did you mean 'address'?"),
        ("[{format: audio, address: http://a.example/x}]", "link-target", "write https://a.example/x, and try it"),
        ("[{format: audio, address: a.example/x}]", "link-target", "write https://a.example/x, and try it"),
        ('[{format: audio, address: "javascript:alert(1)"}]', "link-target", "write https://…"),
        ('[{format: audio, address: "https://a.example/<script>"}]', "link-target", "write https://…"),
        ("[{format: audio, address: tel:0117}]", "link-target", "write https://…"),
        ("[web-page]", "missing-key", "add address: https://…"),
        ("[{address: https://a.example}]", "missing-key", "add format: and its value"),
        ("[{format: audio, for: [growrs]}]", "unknown-audience", "did you mean 'growers'?"),
        ("[{format: audio, languages: [ne]}]", "unknown-language", "known: en"),
        (f"[{{format: audio, address: https://a.example/{'x' * 80}}}]", "field-too-long", ""),
        (f"[{', '.join(['audio'] * 101)}]", "too-many", "100 are the most"),
    ],
)
def test_an_error_in_other_formats_is_reported_with_its_place(
    project: Project, written: str, code: str, hint: str
) -> None:
    set_formats(project, f"other_formats: {written}\n")
    with pytest.raises(HandoutError) as raised:
        project.load()
    (found,) = raised.value.findings
    lines: Sequence[str] = (project.root / TOPIC).read_text(encoding="utf-8").splitlines()
    assert (found.code, found.at.line) == (code, len(lines))
    assert found.hint.startswith(hint)


@pytest.mark.parametrize("address", ["http://harbour.example", "harbour.example", "https://", "mailto:a@b.example"])
def test_the_web_page_of_a_service_must_begin_with_https(project: Project, address: str) -> None:
    set_formats(project, web=address)
    with pytest.raises(HandoutError) as raised:
        project.load()
    (found,) = raised.value.findings
    assert (found.code, Path(found.at.file).name) == ("link-target", "service.yaml")


def test_markup_in_an_address_is_escaped(bench: Bench) -> None:
    set_formats(bench.project, web="https://a.example/'onclick=x&amp;{{7*7}}%0a")
    assert bench.run("build", "--format", "html", "--template", "handout").code == 0
    page = bench.text("output/bees/bees-growers-handout.html")
    assert 'href="https://a.example/&#x27;onclick=x&amp;amp;{{7*7}}%0a"' in page
    assert "https://a.example/'onclick=x&amp;{{7*7}}%0a" in unescape(page)
