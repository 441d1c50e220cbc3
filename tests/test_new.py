"""What `handouts new` begins: a project and topics that check and build at once, their pieces, and what it refuses."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree, rmtree
from zipfile import ZipFile

import pytest
import yaml
from command_folder import CommandFolder
from conftest import ROOT
from pdf_text import painted_text

from handouts.cli import command, new_verb
from handouts.finding import HandoutError
from handouts.library import SAMPLE_MARK
from handouts.load import load_library
from handouts.pipeline.scaffold_pieces import number_behind

TITLE = "Sleep after a shock"
ALL = (TITLE, "--audiences", "Parents, School staff", "--country", "UK", "--service", "Harbour Team")
DRAWN = re.compile(r"<a:t>([^<]*)</a:t>")
SUBJECT = re.compile(r"bpd|borderline|partner|stalk|\bex\b", re.IGNORECASE)
# What stays to do in a topic that was just begun.
REMINDERS = {"unreviewed", "unconfirmed", "sample-text"}


def codes(said: str) -> list[str]:
    return re.findall(r"(?:error|warning): ([a-z-]+):", said)


def begin(folder: CommandFolder, *words: str) -> None:
    ran = folder.run("new", *words)
    assert ran.code == 0, ran.err


def read(folder: CommandFolder, name: str) -> str:
    return (folder.path / name).read_text(encoding="utf-8")


def made(folder: CommandFolder) -> list[str]:
    return [Path(name).name for name in folder.files if name.endswith((".pdf", ".pptx"))]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one topic, as `handouts new` has begun it."""
    path = tmp_path_factory.mktemp("kept") / "project"
    assert command(["new", *ALL, "--project", str(path)]) == 0
    return path


@pytest.fixture
def begun(kept: Path, empty: CommandFolder) -> CommandFolder:
    """A project with one topic, to go on with."""
    copytree(kept, empty.path)
    return empty


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str | type[BaseException]]]:
    """What somebody types at a terminal, line by line."""
    typed: list[str | type[BaseException]] = []

    def answer(_: str = "") -> str:
        line = typed.pop(0) if typed else EOFError
        if isinstance(line, str):
            return line
        raise line

    monkeypatch.setattr(builtins, "input", answer)
    monkeypatch.setattr(new_verb, "at_terminal", lambda: True)
    yield typed
    assert typed == [], "not all that was typed was asked for"


# ---------------------------------------------------------------- a topic


def test_a_new_project_checks_without_an_error_and_builds_for_both_readers(empty: CommandFolder) -> None:
    begin(empty, *ALL)
    ran = empty.run("check")
    assert (ran.code, sorted(codes(ran.err))) == (0, sorted(REMINDERS)), ran.err
    ran = empty.run("build")
    assert (ran.code, codes(ran.err)) == (0, ["sample-text"]), ran.err
    assert made(empty) == [
        "sleep-after-a-shock-parents-handout.pdf",
        "sleep-after-a-shock-parents-slides.pptx",
        "sleep-after-a-shock-school-staff-handout.pdf",
        "sleep-after-a-shock-school-staff-slides.pptx",
    ]
    (handout,) = empty.path.glob("output/*/*parents-handout.pdf")
    text = painted_text(handout.read_bytes())
    assert TITLE in text
    assert "For parents" in text
    assert "the one thing that parents should keep" in text
    assert "school staff" not in text
    assert not SUBJECT.search(text)
    for deck in empty.path.glob("output/*/*.pptx"):
        with ZipFile(deck) as parts:
            words = [DRAWN.findall(parts.read(name).decode()) for name in parts.namelist() if name.endswith(".xml")]
        said = " ".join(word for part in words for word in part)
        assert "as you would tell it to a friend" in said  # the notes are among them
        assert not SUBJECT.search(said)
    codes_of_release = codes(empty.run("build", "--release").err)
    assert "sample-text" in codes_of_release


def test_a_new_topic_has_an_outside_that_the_check_holds_to_its_subject(empty: CommandFolder) -> None:
    begin(empty, *ALL, "--kind", "leaflet")
    assert "discreet/notes-to-keep-1.pdf (handout, parents)" in empty.run("build", "--edition", "discreet").out
    assert "handout.pdf (" not in empty.run("build").out
    cover = empty.path / "content/sleep-after-a-shock/en/01-cover.md"
    cover.write_text(cover.read_text("utf-8").replace("Notes to keep", "On sleep after a shock"), encoding="utf-8")
    assert "says 'sleep'" in empty.run("check").err
    cover.write_text(cover.read_text("utf-8").replace("On sleep after a shock", "On anxiety"), encoding="utf-8")
    assert empty.run("check").code == 0
    topic = empty.path / "content/sleep-after-a-shock/topic.yaml"
    lines = topic.read_text("utf-8").replace("# condition:", "condition:").replace("#   ", "  ")
    topic.write_text(lines, encoding="utf-8")
    assert "says 'anxiety'" in empty.run("check").err


def test_no_line_of_a_new_topic_says_that_contact_has_ended(begun: CommandFolder) -> None:
    library = load_library(begun.path / "content", ROOT / "templates")
    assert {each.line for each in library.audiences.values()} == {"plain"}
    sections = [each for topic in library.topics.values() for each in topic.languages["en"]]
    assert {value for each in sections for key, value in each.attributes if key == "sign"} == {"body", "thought"}


def test_what_is_printed_of_a_new_topic_names_no_other_subject(begun: CommandFolder) -> None:
    for name in (name for name in begun.files if name.endswith((".md", "service.yaml"))):
        assert not SUBJECT.search(read(begun, name)), name
    assert read(begun, "content/service.yaml").count('"Harbour Team"') == 1


@pytest.mark.parametrize(
    ("kind", "ending", "never"),
    [("leaflet", "handout.pdf", "minutes="), ("talk", "slides.pptx", "## Heading\n")],
)
def test_a_leaflet_has_no_talk_and_a_talk_no_handout(empty: CommandFolder, kind: str, ending: str, never: str) -> None:
    begin(empty, *ALL, "--kind", kind)
    assert not [name for name in empty.files if name.endswith(".md") and never in read(empty, name)]
    ran = empty.run("check")
    assert (ran.code, sorted(codes(ran.err))) == (0, sorted(REMINDERS)), ran.err
    ran = empty.run("build")
    assert ran.code == 0, ran.err
    assert len(made(empty)) == 2
    assert all(name.endswith(ending) for name in made(empty))


def test_text_for_a_talk_that_a_leaflet_does_not_show_is_told(begun: CommandFolder) -> None:
    topic = begun.path / "content/sleep-after-a-shock/topic.yaml"
    topic.write_text(topic.read_text("utf-8").replace("[handout, slides]", "[handout]"), encoding="utf-8")
    ran = begun.run("check")
    assert ran.code == 1
    assert "templates: [handout]" in ran.err
    assert set(codes(ran.err)) - REMINDERS == {"unplaced-part"}


def test_a_topic_for_one_reader_without_a_country_builds(empty: CommandFolder) -> None:
    begin(empty, "Panic", "--audiences", "Men")
    ran = empty.run("check")
    assert (ran.code, set(codes(ran.err))) == (0, REMINDERS | {"no-country"}), ran.err
    assert empty.run("build", "--quiet").code == 0


def test_a_country_brings_its_paper_and_spelling(empty: CommandFolder) -> None:
    begin(empty, "Panic", "--country", "us")
    service = yaml.safe_load(read(empty, "content/service.yaml"))
    assert (service["country"], service["paper"], service["spelling"]) == ("US", "letter", "american")


def test_readers_get_limits_accents_and_labels_of_their_own(empty: CommandFolder) -> None:
    begin(empty, "Panic", "--audiences", "Parents, GP staff,nurses,Kids,  Young   carers ")
    readers = yaml.safe_load(read(empty, "content/audiences.yaml"))
    assert list(readers) == ["parents", "gp-staff", "nurses", "kids", "young-carers"]
    assert [each["label"] for each in readers.values()] == [
        *("For parents", "For GP staff", "For nurses", "For kids", "For young carers")
    ]
    assert len({each["accent"] for each in readers.values()}) == 4
    assert readers["parents"]["accent"] == readers["young-carers"]["accent"]
    assert readers["parents"]["reading"]["handout"]["grade"] < readers["nurses"]["reading"]["handout"]["grade"]


def test_a_second_topic_keeps_what_is_there_and_adds_readers(empty: CommandFolder) -> None:
    begin(empty, *ALL)
    before = {name: read(empty, name) for name in empty.files if name.endswith((".md", ".yaml"))}
    inside = CommandFolder(empty.path / "content/sleep-after-a-shock/en", empty.monkeypatch, empty.capsys)
    begin(inside, "Panic", "--audiences", "school staff,Siblings")
    assert "siblings:" in read(empty, "content/audiences.yaml")
    assert read(empty, "content/audiences.yaml").startswith(before.pop("content/audiences.yaml"))
    assert {name: read(empty, name) for name in before} == before
    assert "audiences: [school-staff, siblings]" in read(empty, "content/panic/topic.yaml")
    ran = empty.run("check")
    assert (ran.code, set(codes(ran.err))) == (0, REMINDERS), ran.err


def test_a_topic_beside_one_with_needs_of_its_own_checks_clean(empty: CommandFolder) -> None:
    copytree(ROOT / "examples/after-a-shock/content", empty.path / "content")
    begin(empty, "Panic", "--audiences", "Coaches")
    ran = empty.run("check", "panic")
    assert (ran.code, set(codes(ran.err))) == (0, REMINDERS | {"no-country"}), ran.err
    assert "content/panic/en/words.yaml" not in empty.files
    for file in (empty.path / "content/contacts").glob("*.yaml"):
        file.write_text(file.read_text("utf-8").replace("  topics: [after-a-shock]\n", ""), encoding="utf-8")
    rmtree(empty.path / "content/panic")
    begin(empty, "Grief", "--audiences", "Coaches")
    words = yaml.safe_load(read(empty, "content/grief/en/words.yaml"))
    assert words == {
        "need_child": "Children",
        "crisis_child": "A child who needs to talk, or is being hurt?",
        "need_school": "School staff",
    }
    ran = empty.run("check")
    assert (ran.code, set(codes(ran.err))) == (0, REMINDERS | {"no-country"}), ran.err


def test_a_topic_brings_the_source_and_the_term_of_its_samples(empty: CommandFolder) -> None:
    assert empty.run("new", "--example").code == 0
    before = read(empty, "content/terms.yaml")
    begin(empty, "Panic", "--audiences", "family, clinicians")
    assert read(empty, "content/terms.yaml").startswith(before)
    assert "who2020:" in read(empty, "content/references.yaml")
    ran = empty.run("check", "panic")
    assert (ran.code, set(codes(ran.err))) == (0, REMINDERS | {"no-country"}), ran.err
    begin(empty, "Grief", "--audiences", "family")
    assert read(empty, "content/references.yaml").count("who2020:") == 1


def test_a_file_that_grows_keeps_its_windows_lines(begun: CommandFolder) -> None:
    file = begun.path / "content/audiences.yaml"
    file.write_bytes(file.read_bytes().rstrip(b"\n").replace(b"\n", b"\r\n"))
    begin(begun, "audience", "Siblings")
    content = file.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert "siblings" in yaml.safe_load(content)


@pytest.mark.parametrize("title", ['Müde & "wach": 100 % {ja} [nein]', "# 1. *Stars* `and` _lines_ <b> ~x~", "Ψυχή"])
def test_a_title_is_printed_as_it_was_typed(empty: CommandFolder, title: str) -> None:
    begin(empty, title, "--folder", "mine", "--kind", "leaflet", "--country", "UK")
    ran = empty.run("build")
    assert (ran.code, set(codes(ran.err)) - {"unmarked-language"}) == (0, {"sample-text"}), ran.err
    (handout,) = empty.path.glob("output/mine/*patients-handout.pdf")
    printed = painted_text(handout.read_bytes()).replace("“", '"').replace("”", '"')
    assert " ".join(title.split()) in " ".join(printed.replace("\xa0", " ").split())


def test_each_sample_says_that_it_is_one(empty: CommandFolder) -> None:
    begin(empty, *ALL)
    sections = [name for name in empty.files if "/en/" in name]
    assert len(sections) == 14
    assert not [name for name in sections if SAMPLE_MARK not in read(empty, name)]


def test_what_is_left_of_samples_is_counted_in_one_line(begun: CommandFolder) -> None:
    for file in (begun.path / "content/sleep-after-a-shock/en").glob("*.md"):
        if file.name != "07-steps.md":
            file.write_text(file.read_text("utf-8").replace(SAMPLE_MARK, "Here:"), encoding="utf-8")
    ran = begun.run("check")
    assert codes(ran.err).count("sample-text") == 1
    assert "07-steps.md:" in ran.err
    assert "in 1 file of" in ran.err


# ---------------------------------------------------------------- what is refused


REFUSED = [
    ("that runs from right to left", ["العربية"], "written from right to left"),
    ("without a letter of a file name", ["Ψυχή"], "--folder sleep"),
    ("of 200 letters", ["x" * 200], "200 characters"),
    ("that is empty", [" "], "A name is empty"),
    ("that is a path", ["../sleep"], "is a folder"),
    ("of three words", ["Sleep", "and", "dreams"], 'handouts new "Sleep and dreams"'),
    ("of what all topics share", ["Contacts"], "--folder contacts-topic"),
    ("of a piece", ["audience"], "handouts new topic audience"),
    ("of nothing", ["topic"], 'write handouts new topic "Sleep after a shock"'),
    ("folder of Windows", ["Sleep", "--folder", "CON"], "--folder con-1"),
    ("folder with a slash", ["Sleep", "--folder", "a/b"], "--folder a-b"),
    ("country that there is not", ["Sleep", "--country", "England"], "There is no country 'England'"),
    ("country by another name", ["Sleep", "--country", "gb"], "write UK"),
    ("kind that there is not", ["Sleep", "--kind", "leaflets"], "did you mean 'leaflet'"),
    ("language that is a word", ["Sleep", "--language", "german"], "such as en, de"),
    ("language from right to left", ["Sleep", "--language", "ar"], "right to left"),
    ("readers without a letter of a name", ["Sleep", "--audiences", "Γονείς"], "no letter from a to z"),
    ("service that is too long", ["Sleep", "--service", "x" * 100], "at most 80 characters"),
    ("piece without a project", ["audience", "Parents"], "no folder 'content' here"),
]


@pytest.mark.parametrize(("words", "says"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_what_cannot_be_begun_is_told_and_nothing_is_written(empty: CommandFolder, words: list[str], says: str) -> None:
    ran = empty.run("new", *words)
    assert ran.code == 2, ran.err
    assert says in ran.err
    assert "nothing was written" in ran.err
    assert empty.files == []


def test_all_that_is_wrong_is_told_at_once(empty: CommandFolder) -> None:
    ran = empty.run("new", "x" * 200, "--country", "Mars", "--kind", "book", "--language", "german")
    assert ran.code == 2
    assert codes(ran.err) == ["usage"] * 4


def test_a_topic_may_be_called_as_a_piece_is(empty: CommandFolder) -> None:
    begin(empty, "topic", "audience")
    assert "content/audience/topic.yaml" in empty.files


def test_a_name_of_windows_becomes_another_folder(empty: CommandFolder) -> None:
    begin(empty, "CON")
    assert "content/con-1/topic.yaml" in empty.files


def test_a_topic_that_is_there_is_not_written_over(empty: CommandFolder) -> None:
    begin(empty, *ALL)
    before = {name: (empty.path / name).stat().st_mtime_ns for name in empty.files}
    ran = empty.run("new", TITLE)
    assert ran.code == 2
    assert "content/sleep-after-a-shock: error: usage: This is there already" in ran.err
    assert {name: (empty.path / name).stat().st_mtime_ns for name in empty.files} == before


def test_a_folder_with_other_files_becomes_no_project_by_mistake(empty: CommandFolder) -> None:
    empty.path.mkdir()
    for name in ("letter.docx", ".gitignore", "README.md", "LICENSE"):
        (empty.path / name).write_text("mine", encoding="utf-8")
    ran = empty.run("new", TITLE)
    assert ran.code == 2
    assert "holds other files: letter.docx." in ran.err
    assert len(empty.files) == 4
    ran = empty.run("new", TITLE, "--project", ".")
    assert ran.code == 0, ran.err
    assert "was there, and stays: .gitignore, README.md" in ran.out
    assert read(empty, "README.md") == read(empty, ".gitignore") == "mine"


def test_a_project_is_made_in_a_folder_that_is_named(empty: CommandFolder) -> None:
    begin(empty, *ALL, "--project", "my handouts")
    assert "my handouts/content/audiences.yaml" in empty.files
    assert empty.run("check", "--project", "my handouts").code == 0


def test_content_that_is_something_else_stays(empty: CommandFolder) -> None:
    (empty.path / "content").mkdir(parents=True)
    ran = empty.run("new", TITLE, "--project", ".")
    assert ran.code == 2
    assert "content: error: usage: This is there already" in ran.err
    assert empty.files == ["content"]


def test_nothing_is_left_of_what_could_not_be_written(empty: CommandFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    empty.path.mkdir()
    rename, seen = Path.rename, []

    def refuse(path: Path, target: Path) -> Path:
        seen.append(target)
        if len(seen) == 9:
            raise PermissionError(13, "Permission denied", str(target))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    ran = empty.run("new", *ALL)
    assert ran.code == 1
    assert "Cannot write here: Permission denied" in ran.err
    assert len(seen) == 9
    assert empty.files == []


def test_no_file_grows_if_one_of_them_cannot(empty: CommandFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(empty, "--example")
    before = {name: read(empty, name) for name in empty.files if name.endswith((".md", ".yaml"))}
    move, moved = Path.replace, []

    def refuse(path: Path, target: Path) -> Path:
        if target.name == "audiences.yaml":
            raise PermissionError(13, "Permission denied", str(target))
        moved.append(target.name)
        return move(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    ran = empty.run("new", "Panic", "--audiences", "Siblings")
    assert ran.code == 1
    assert "content/audiences.yaml: error: cannot-write: Cannot write here: Permission denied" in ran.err
    assert moved[:1] == ["terms.yaml"]
    assert {name: read(empty, name) for name in empty.files if name.endswith((".md", ".yaml"))} == before


def test_a_project_is_begun_where_its_schemas_cannot_be_written(empty: CommandFolder) -> None:
    (empty.path / ".vscode").mkdir(parents=True)
    (empty.path / ".vscode/schemas").write_text("mine", encoding="utf-8")
    begin(empty, *ALL)
    assert read(empty, ".vscode/schemas") == "mine"
    assert empty.run("check").code == 0


def test_content_behind_a_link_grows_too(begun: CommandFolder, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("drive") / "content"
    (begun.path / "content").rename(elsewhere)
    try:
        (begun.path / "content").symlink_to(elsewhere, target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links")
    begin(begun, "Panic", "--audiences", "Siblings")
    assert "siblings:" in (elsewhere / "audiences.yaml").read_text("utf-8")


def test_content_that_cannot_be_read_is_corrected_first(begun: CommandFolder) -> None:
    topic = begun.path / "content/sleep-after-a-shock/topic.yaml"
    topic.write_text(topic.read_text("utf-8").replace("audiences:", "audinces:"), encoding="utf-8")
    before = begun.files
    ran = begun.run("new", "Panic")
    assert ran.code == 1
    assert "did you mean 'audiences'" in ran.err
    assert begun.files == before


# ---------------------------------------------------------------- questions


def test_what_is_not_said_is_asked_for(empty: CommandFolder, answers: list[str]) -> None:
    answers += ["  Sleep after  a shock", "Parents, Teachers", "england", "uk", "", "Leaflet"]
    ran = empty.run("new")
    assert ran.code == 0, ran.err
    assert "There is no country 'england'" in ran.out
    assert "[Patients, Relatives]" in ran.out
    assert "audiences: [parents, teachers]" in read(empty, "content/sleep-after-a-shock/topic.yaml")
    assert "templates: [handout]" in read(empty, "content/sleep-after-a-shock/topic.yaml")
    service = yaml.safe_load(read(empty, "content/service.yaml"))
    assert (service["country"], service["name"]) == ("UK", "")


def test_what_has_a_default_needs_no_answer(empty: CommandFolder, answers: list[str]) -> None:
    answers += ["", "Ψυχή", "psyche", "", "", "", ""]
    assert empty.run("new").code == 0
    assert "audiences: [patients, relatives]" in read(empty, "content/psyche/topic.yaml")


@pytest.mark.parametrize(
    ("said", "answer", "readers"),
    [
        ("friends and coaches", ["3", ""], "friends, coaches"),
        ("friends and coaches", ["1"], "friends-and-coaches"),
        ("Men, mums & dads / uncles", ["3"], "men, mums, dads, uncles"),
        ("Friends, Sandy", [], "friends, sandy"),
    ],
)
def test_readers_that_are_joined_are_asked_about(
    empty: CommandFolder, answers: list[str], said: str, answer: list[str], readers: str
) -> None:
    answers += ["Panic", said, *answer, "", "", "leaflet"]
    ran = empty.run("new")
    assert ran.code == 0, ran.err
    assert ("one kind of reader, or " in ran.out) is bool(answer)
    assert ("Type 1 or 2." in ran.out) is ("3" in answer[:-1])
    assert f"audiences: [{readers}]" in read(empty, "content/panic/topic.yaml")


def test_readers_that_are_joined_in_the_command_are_told_about(empty: CommandFolder) -> None:
    ran = empty.run("new", "Panic", "--audiences", "friends and coaches", "--kind", "leaflet")
    assert "“friends and coaches” is one kind of reader here; 2 kinds are written" in ran.out
    assert '--audiences "friends, coaches"' in ran.out
    ran = empty.run("new", "Grief", "--audiences", "Friends and coaches", "--kind", "leaflet")
    assert "one kind of reader" not in ran.out  # they are there


@pytest.mark.parametrize(("end", "code", "says"), [(KeyboardInterrupt, 130, "interrupted"), (EOFError, 2, "too early")])
def test_questions_may_be_left_and_nothing_is_written(
    empty: CommandFolder, answers: list[str | type[BaseException]], end: type[BaseException], code: int, says: str
) -> None:
    answers += ["Sleep", end]
    ran = empty.run("new")
    assert ran.code == code
    assert says in ran.err
    assert "nothing was written" in ran.err
    assert empty.files == []


def test_without_a_terminal_the_whole_command_is_shown(empty: CommandFolder) -> None:
    ran = empty.run("new")
    assert ran.code == 2
    assert 'handouts new "Sleep after a shock" --audiences "Parents, Teachers" --country UK' in ran.err


def test_the_first_evening_is_as_its_guide_tells_it(empty: CommandFolder, answers: list[str]) -> None:
    guide = (ROOT / "docs/starting.md").read_text("utf-8")
    blocks = [each.strip("\n") for each in re.findall(r"^```\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)]
    asked = blocks[1].split("\n")
    answers += [line.removeprefix(">").strip() for line in asked if line.startswith(">")]
    ran = empty.run("new")
    assert ran.code == 0, ran.err
    said = "\n".join(line for line in asked if not line.startswith(">")).strip()
    assert ran.out.replace("> ", "").startswith(said)
    assert read(empty, "content/sleep-after-a-shock/en/02-message.md").strip() == blocks[3]
    assert blocks[6] in empty.run("check").err


# ---------------------------------------------------------------- a piece of a project


def test_one_more_section_of_each_kind_fits_in(begun: CommandFolder) -> None:
    kinds = [
        each for each in yaml.safe_load(read(begun, "content/kinds.yaml")) if each not in ("cover", "message", "safety")
    ]
    for kind in (*kinds, "factor", "pause"):
        begin(begun, "section", kind)
    ran = begun.run("check")
    assert ran.code == 0, ran.err
    assert set(codes(ran.err)) - {"thin-page"} == REMINDERS
    assert "#factor-2" in read(begun, "content/sleep-after-a-shock/en/06b-factor.md")
    assert "reason 4, in one sentence" in read(begun, "content/sleep-after-a-shock/en/06b-factor.md")


def test_a_section_stands_where_a_reader_would_look_for_it(begun: CommandFolder) -> None:
    home = "content/sleep-after-a-shock/en"
    for words in (
        ["factor"],
        ["pause"],
        ["worksheet"],
        ["section", "--after", "6"],
        ["factor", "--after", "reason-one"],
    ):
        begin(begun, "section", *words)
    assert [Path(name).name for name in begun.files if name.startswith(f"{home}/")] == [
        *("01-cover.md", "02-message.md", "03-safety.md", "04-why.md", "05-reason-one.md", "05a-factor.md"),
        *("06-reason-two.md", "06a-factor.md", "06b-section.md", "07-steps.md", "08-do-and-try-not.md", "09-words.md"),
        *("10-pause.md", "11-question.md", "11a-pause.md", "12-help.md", "13-sources.md", "14-worksheet.md"),
        "15-worksheet.md",
    ]
    assert "reason 3, in one sentence" in read(begun, f"{home}/06a-factor.md")
    assert "reason 2, in one sentence" in read(begun, f"{home}/05a-factor.md")
    begin(begun, "section", "factor", "--after", "05a-factor.md")
    assert "reason 4, in one sentence" in read(begun, f"{home}/05b-factor.md")  # the third says what 06a says
    assert begun.run("check").code == 0
    (begun.path / home / "07-steps.md").unlink()
    begin(begun, "section", "slide", "--after", "06b")
    assert f"{home}/07-slide.md" in begun.files


@pytest.mark.parametrize(
    ("before", "names", "number"),
    [
        ("", ["01-a.md", "02-b.md"], "03"),
        ("", [], "01"),
        ("06-x", ["06-x.md", "07-y.md"], "06a"),
        ("06-x", ["06-x.md", "06a-y.md", "07-y.md"], "06b"),
        ("06a-y", ["06-x.md", "06a-y.md", "06b-y.md", "07-y.md"], "06aa"),
        ("04-x", ["04-x.md", "04b-y.md", "05-y.md"], "04a"),
        ("06-x", ["06-x.md", "08-y.md"], "07"),
        ("9-x", ["9-x.md"], "9a"),  # 10-… would stand before it
    ],
)
def test_a_number_stands_behind_one_and_before_the_next(before: str, names: list[str], number: str) -> None:
    assert number_behind(before, names) == number
    assert f"{number}-new.md" > f"{before}.md"


def test_a_file_without_a_number_of_its_own_has_nothing_behind_it() -> None:
    with pytest.raises(HandoutError, match="3steps"):
        number_behind("3steps", ["3steps.md"])


def test_a_kind_of_ones_own_begins_with_its_parts(begun: CommandFolder) -> None:
    with (begun.path / "content/kinds.yaml").open("a", encoding="utf-8") as file:
        file.write("\nrecipe:\n  parts:\n    body: {holds: blocks, required: true, what: How it is cooked.}\n")
    begin(begun, "section", "recipe")
    assert "## Body\nReplace this: How it is cooked." in read(begun, "content/sleep-after-a-shock/en/11a-recipe.md")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["section", "factr"], "did you mean 'factor'"),
        (["section", "cover"], "has a section of the kind 'cover' already"),
        (["section", "factor", "--topic", "slep"], "There is no topic 'slep'"),
        (["section", "factor", "--language", "de"], "is written in en"),
        (["section", "factor", "--after", "reason-tow"], "did you mean 'reason-two'"),
        (["section", "factor", "--after", "33"], "no section '33' to stand behind"),
        (["section"], "handouts new section factor"),
        (["audience", "Parents"], "readers called 'parents' already"),
        (["audience", "العربية"], "right to left"),
        (["language", "en"], "is there already"),
        (["language", "he"], "right to left"),
        (["template", "My page"], "write my-page"),
        (["template", "mine", "--from", "handouts"], "did you mean 'handout'"),
    ],
)
def test_a_piece_that_cannot_be_added_is_told(begun: CommandFolder, words: list[str], says: str) -> None:
    before = begun.files
    ran = begun.run("new", *words)
    assert ran.code == 2, ran.err
    assert says in ran.err
    assert begun.files == before


def test_a_language_is_there_to_be_translated(begun: CommandFolder) -> None:
    ran = begun.run("new", "language", "de")
    assert ran.code == 0, ran.err
    assert "translate templates/words/de.yaml" in ran.out
    ran = begun.run("check")
    assert (ran.code, set(codes(ran.err))) == (0, REMINDERS | {"untranslated"}), ran.err
    assert codes(ran.err).count("untranslated") == 1
    assert "/de/" in next(line for line in ran.err.splitlines() if "untranslated" in line)
    for file in (begun.path / "content/sleep-after-a-shock/de").glob("*.md"):
        file.write_text(file.read_text("utf-8").replace("Replace this", "Ersetzen Sie das"), encoding="utf-8")
    assert "untranslated" not in codes(begun.run("check").err)
    assert begun.run("build", "--quiet", "--language", "de", "--format", "pdf").code == 0
    assert "sleep-after-a-shock-parents-handout-de.pdf" in made(begun)


def test_a_project_may_begin_in_another_language(empty: CommandFolder) -> None:
    begin(empty, "Schlaf", "--language", "de", "--audiences", "Eltern")
    assert "templates/words/de.yaml" in empty.files
    assert empty.run("build", "--quiet").code == 0


def test_a_template_of_ones_own_is_a_copy_to_change(begun: CommandFolder) -> None:
    begin(begun, "template", "one-pager", "--from", "for-you")
    assert "name: one-pager" in read(begun, "templates/one-pager.md.j2")
    ran = begun.run("check")
    assert (ran.code, set(codes(ran.err))) == (0, REMINDERS), ran.err
    ran = begun.run("new", "template", "handout")
    assert (ran.code, "templates/handout.md.j2" in ran.err) == (2, True)
