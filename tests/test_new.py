"""`handouts new`: new projects and topics check and build at once, parts can be added, and wrong use is refused."""

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
from paths import ROOT
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
# The findings about a new topic, which remind of what is left to do.
REMINDERS = {"unreviewed", "unconfirmed", "sample-text"}


def codes(stderr: str) -> list[str]:
    return re.findall(r"(?:error|warning): ([a-z-]+):", stderr)


def run_new(folder: CommandFolder, *words: str) -> None:
    ran = folder.run("new", *words)
    assert ran.code == 0, ran.err


def read(folder: CommandFolder, name: str) -> str:
    return (folder.path / name).read_text(encoding="utf-8")


def built_files(folder: CommandFolder) -> list[str]:
    return [Path(name).name for name in folder.files if name.endswith((".pdf", ".pptx"))]


@pytest.fixture(scope="module")
def new_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one topic, made by `handouts new`, which tests must not change."""
    path = tmp_path_factory.mktemp("kept") / "project"
    assert command(["new", *ALL, "--project", str(path)]) == 0
    return path


@pytest.fixture
def project(new_project: Path, empty: CommandFolder) -> CommandFolder:
    """A copy of the new project, which a test may change."""
    copytree(new_project, empty.path)
    return empty


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str | type[BaseException]]]:
    """The answers that are typed at a terminal, line by line; an exception is raised instead."""
    typed: list[str | type[BaseException]] = []

    def answer(_: str = "") -> str:
        line = typed.pop(0) if typed else EOFError
        if isinstance(line, str):
            return line
        raise line

    monkeypatch.setattr(builtins, "input", answer)
    monkeypatch.setattr(new_verb, "at_terminal", lambda: True)
    yield typed
    assert typed == [], "not all answers were asked for"


# ---------------------------------------------------------------- a topic


def test_a_new_project_checks_without_errors_and_builds_for_both_audiences(empty: CommandFolder) -> None:
    run_new(empty, *ALL)
    ran = empty.run("check")
    assert (ran.code, sorted(codes(ran.err))) == (0, sorted(REMINDERS)), ran.err
    ran = empty.run("build")
    assert (ran.code, codes(ran.err)) == (0, ["sample-text"]), ran.err
    assert built_files(empty) == [
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
        text_of_deck = " ".join(word for part in words for word in part)
        assert "as you would tell it to a friend" in text_of_deck  # in the notes
        assert not SUBJECT.search(text_of_deck)
    codes_of_release = codes(empty.run("build", "--release").err)
    assert "sample-text" in codes_of_release


def test_the_discreet_cover_of_a_new_topic_is_checked_against_its_subject(empty: CommandFolder) -> None:
    run_new(empty, *ALL, "--kind", "leaflet")
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


def test_the_drawn_line_of_a_new_topic_is_plain(project: CommandFolder) -> None:
    library = load_library(project.path / "content", ROOT / "templates")
    assert {each.line for each in library.audiences.values()} == {"plain"}
    sections = [each for topic in library.topics.values() for each in topic.languages["en"]]
    assert {value for each in sections for key, value in each.attributes if key == "sign"} == {"body", "thought"}


def test_a_new_topic_does_not_mention_the_subject_of_the_shipped_one(project: CommandFolder) -> None:
    for name in (name for name in project.files if name.endswith((".md", "service.yaml"))):
        assert not SUBJECT.search(read(project, name)), name
    assert read(project, "content/service.yaml").count('"Harbour Team"') == 1


@pytest.mark.parametrize(
    ("kind", "ending", "never"),
    [("leaflet", "handout.pdf", "minutes="), ("talk", "slides.pptx", "## Heading\n")],
)
def test_a_leaflet_has_no_talk_and_a_talk_no_handout(empty: CommandFolder, kind: str, ending: str, never: str) -> None:
    run_new(empty, *ALL, "--kind", kind)
    assert not [name for name in empty.files if name.endswith(".md") and never in read(empty, name)]
    ran = empty.run("check")
    assert (ran.code, sorted(codes(ran.err))) == (0, sorted(REMINDERS)), ran.err
    ran = empty.run("build")
    assert ran.code == 0, ran.err
    assert len(built_files(empty)) == 2
    assert all(name.endswith(ending) for name in built_files(empty))


def test_text_for_a_talk_that_no_template_of_a_leaflet_shows_is_reported(project: CommandFolder) -> None:
    topic = project.path / "content/sleep-after-a-shock/topic.yaml"
    topic.write_text(topic.read_text("utf-8").replace("[handout, slides]", "[handout]"), encoding="utf-8")
    ran = project.run("check")
    assert ran.code == 1
    assert "templates: [handout]" in ran.err
    assert set(codes(ran.err)) - REMINDERS == {"unplaced-part"}


def test_a_topic_for_one_reader_without_a_country_builds(empty: CommandFolder) -> None:
    run_new(empty, "Panic", "--audiences", "Men")
    ran = empty.run("check")
    assert (ran.code, set(codes(ran.err))) == (0, REMINDERS | {"no-country"}), ran.err
    assert empty.run("build", "--quiet").code == 0


def test_a_country_brings_its_paper_and_spelling(empty: CommandFolder) -> None:
    run_new(empty, "Panic", "--country", "us")
    service = yaml.safe_load(read(empty, "content/service.yaml"))
    assert (service["country"], service["paper"], service["spelling"]) == ("US", "letter", "american")


def test_new_audiences_get_their_own_limits_accents_and_labels(empty: CommandFolder) -> None:
    run_new(empty, "Panic", "--audiences", "Parents, GP staff,nurses,Kids,  Young   carers ")
    readers = yaml.safe_load(read(empty, "content/audiences.yaml"))
    assert list(readers) == ["parents", "gp-staff", "nurses", "kids", "young-carers"]
    assert [each["label"] for each in readers.values()] == [
        *("For parents", "For GP staff", "For nurses", "For kids", "For young carers")
    ]
    assert len({each["accent"] for each in readers.values()}) == 4
    assert readers["parents"]["accent"] == readers["young-carers"]["accent"]
    assert readers["parents"]["reading"]["handout"]["grade"] < readers["nurses"]["reading"]["handout"]["grade"]


def test_a_second_topic_keeps_existing_files_and_adds_its_audiences(empty: CommandFolder) -> None:
    run_new(empty, *ALL)
    before = {name: read(empty, name) for name in empty.files if name.endswith((".md", ".yaml"))}
    inside = CommandFolder(empty.path / "content/sleep-after-a-shock/en", empty.monkeypatch, empty.capsys)
    run_new(inside, "Panic", "--audiences", "school staff,Siblings")
    assert "siblings:" in read(empty, "content/audiences.yaml")
    assert read(empty, "content/audiences.yaml").startswith(before.pop("content/audiences.yaml"))
    assert {name: read(empty, name) for name in before} == before
    assert "audiences: [school-staff, siblings]" in read(empty, "content/panic/topic.yaml")
    ran = empty.run("check")
    assert (ran.code, set(codes(ran.err))) == (0, REMINDERS), ran.err


def test_a_topic_next_to_one_with_its_own_needs_checks_without_findings(empty: CommandFolder) -> None:
    copytree(ROOT / "examples/after-a-shock/content", empty.path / "content")
    run_new(empty, "Panic", "--audiences", "Coaches")
    ran = empty.run("check", "panic")
    assert (ran.code, set(codes(ran.err))) == (0, REMINDERS | {"no-country"}), ran.err
    assert "content/panic/en/words.yaml" not in empty.files
    for file in (empty.path / "content/contacts").glob("*.yaml"):
        file.write_text(file.read_text("utf-8").replace("  topics: [after-a-shock]\n", ""), encoding="utf-8")
    rmtree(empty.path / "content/panic")
    run_new(empty, "Grief", "--audiences", "Coaches")
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
    run_new(empty, "Panic", "--audiences", "family, clinicians")
    assert read(empty, "content/terms.yaml").startswith(before)
    assert "who2020:" in read(empty, "content/references.yaml")
    ran = empty.run("check", "panic")
    assert (ran.code, set(codes(ran.err))) == (0, REMINDERS | {"no-country"}), ran.err
    run_new(empty, "Grief", "--audiences", "family")
    assert read(empty, "content/references.yaml").count("who2020:") == 1


def test_a_file_that_is_added_to_keeps_its_windows_line_ends(project: CommandFolder) -> None:
    file = project.path / "content/audiences.yaml"
    file.write_bytes(file.read_bytes().rstrip(b"\n").replace(b"\n", b"\r\n"))
    run_new(project, "audience", "Siblings")
    content = file.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert "siblings" in yaml.safe_load(content)


@pytest.mark.parametrize("title", ['Müde & "wach": 100 % {ja} [nein]', "# 1. *Stars* `and` _lines_ <b> ~x~", "Ψυχή"])
def test_a_title_is_printed_as_it_was_typed(empty: CommandFolder, title: str) -> None:
    run_new(empty, title, "--folder", "mine", "--kind", "leaflet", "--country", "UK")
    ran = empty.run("build")
    assert (ran.code, set(codes(ran.err)) - {"unmarked-language"}) == (0, {"sample-text"}), ran.err
    (handout,) = empty.path.glob("output/mine/*patients-handout.pdf")
    printed = painted_text(handout.read_bytes()).replace("“", '"').replace("”", '"')
    assert " ".join(title.split()) in " ".join(printed.replace("\xa0", " ").split())


def test_each_sample_text_is_marked_as_a_sample(empty: CommandFolder) -> None:
    run_new(empty, *ALL)
    sections = [name for name in empty.files if "/en/" in name]
    assert len(sections) == 14
    assert not [name for name in sections if SAMPLE_MARK not in read(empty, name)]


def test_remaining_sample_texts_are_counted_in_one_finding(project: CommandFolder) -> None:
    for file in (project.path / "content/sleep-after-a-shock/en").glob("*.md"):
        if file.name != "07-steps.md":
            file.write_text(file.read_text("utf-8").replace(SAMPLE_MARK, "Here:"), encoding="utf-8")
    ran = project.run("check")
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
def test_wrong_arguments_are_reported_and_nothing_is_written(empty: CommandFolder, words: list[str], says: str) -> None:
    ran = empty.run("new", *words)
    assert ran.code == 2, ran.err
    assert says in ran.err
    assert "nothing was written" in ran.err
    assert empty.files == []


def test_all_wrong_arguments_are_reported_at_once(empty: CommandFolder) -> None:
    ran = empty.run("new", "x" * 200, "--country", "Mars", "--kind", "book", "--language", "german")
    assert ran.code == 2
    assert codes(ran.err) == ["usage"] * 4


def test_a_topic_may_have_the_name_of_a_subcommand(empty: CommandFolder) -> None:
    run_new(empty, "topic", "audience")
    assert "content/audience/topic.yaml" in empty.files


def test_a_name_reserved_by_windows_gets_another_folder(empty: CommandFolder) -> None:
    run_new(empty, "CON")
    assert "content/con-1/topic.yaml" in empty.files


def test_an_existing_topic_is_not_overwritten(empty: CommandFolder) -> None:
    run_new(empty, *ALL)
    before = {name: (empty.path / name).stat().st_mtime_ns for name in empty.files}
    ran = empty.run("new", TITLE)
    assert ran.code == 2
    assert "content/sleep-after-a-shock: error: usage: This is there already" in ran.err
    assert {name: (empty.path / name).stat().st_mtime_ns for name in empty.files} == before


def test_a_folder_with_other_files_becomes_a_project_only_if_it_is_named(empty: CommandFolder) -> None:
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


def test_a_project_is_made_in_the_named_folder(empty: CommandFolder) -> None:
    run_new(empty, *ALL, "--project", "my handouts")
    assert "my handouts/content/audiences.yaml" in empty.files
    assert empty.run("check", "--project", "my handouts").code == 0


def test_a_file_called_content_is_left_alone(empty: CommandFolder) -> None:
    (empty.path / "content").mkdir(parents=True)
    ran = empty.run("new", TITLE, "--project", ".")
    assert ran.code == 2
    assert "content: error: usage: This is there already" in ran.err
    assert empty.files == ["content"]


def test_a_failed_write_leaves_no_files_behind(empty: CommandFolder, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_no_file_is_changed_if_one_of_them_cannot_be_written(
    empty: CommandFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_new(empty, "--example")
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


def test_a_project_is_created_even_if_its_schemas_cannot_be_written(empty: CommandFolder) -> None:
    (empty.path / ".vscode").mkdir(parents=True)
    (empty.path / ".vscode/schemas").write_text("mine", encoding="utf-8")
    run_new(empty, *ALL)
    assert read(empty, ".vscode/schemas") == "mine"
    assert empty.run("check").code == 0


def test_content_behind_a_link_can_be_added_to(
    project: CommandFolder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("drive") / "content"
    (project.path / "content").rename(elsewhere)
    try:
        (project.path / "content").symlink_to(elsewhere, target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links")
    run_new(project, "Panic", "--audiences", "Siblings")
    assert "siblings:" in (elsewhere / "audiences.yaml").read_text("utf-8")


def test_unreadable_content_has_to_be_corrected_first(project: CommandFolder) -> None:
    topic = project.path / "content/sleep-after-a-shock/topic.yaml"
    topic.write_text(topic.read_text("utf-8").replace("audiences:", "audinces:"), encoding="utf-8")
    before = project.files
    ran = project.run("new", "Panic")
    assert ran.code == 1
    assert "did you mean 'audiences'" in ran.err
    assert project.files == before


# ---------------------------------------------------------------- questions


def test_missing_arguments_are_asked_for(empty: CommandFolder, answers: list[str]) -> None:
    answers += ["  Sleep after  a shock", "Parents, Teachers", "england", "uk", "", "Leaflet"]
    ran = empty.run("new")
    assert ran.code == 0, ran.err
    assert "There is no country 'england'" in ran.out
    assert "[Patients, Relatives]" in ran.out
    assert "audiences: [parents, teachers]" in read(empty, "content/sleep-after-a-shock/topic.yaml")
    assert "templates: [handout]" in read(empty, "content/sleep-after-a-shock/topic.yaml")
    service = yaml.safe_load(read(empty, "content/service.yaml"))
    assert (service["country"], service["name"]) == ("UK", "")


def test_an_empty_answer_chooses_the_default(empty: CommandFolder, answers: list[str]) -> None:
    answers += ["", "Ψυχή", "psyche", "", "", "", ""]
    assert empty.run("new").code == 0
    assert "audiences: [patients, relatives]" in read(empty, "content/psyche/topic.yaml")


@pytest.mark.parametrize(
    ("audiences", "answer", "readers"),
    [
        ("friends and coaches", ["3", ""], "friends, coaches"),
        ("friends and coaches", ["1"], "friends-and-coaches"),
        ("Men, mums & dads / uncles", ["3"], "men, mums, dads, uncles"),
        ("Friends, Sandy", [], "friends, sandy"),
    ],
)
def test_audiences_joined_by_and_are_clarified_by_a_question(
    empty: CommandFolder, answers: list[str], audiences: str, answer: list[str], readers: str
) -> None:
    answers += ["Panic", audiences, *answer, "", "", "leaflet"]
    ran = empty.run("new")
    assert ran.code == 0, ran.err
    assert ("one kind of reader, or " in ran.out) is bool(answer)
    assert ("Type 1 or 2." in ran.out) is ("3" in answer[:-1])
    assert f"audiences: [{readers}]" in read(empty, "content/panic/topic.yaml")


def test_audiences_joined_by_and_in_an_argument_are_pointed_out(empty: CommandFolder) -> None:
    ran = empty.run("new", "Panic", "--audiences", "friends and coaches", "--kind", "leaflet")
    assert "“friends and coaches” is one kind of reader here; 2 kinds are written" in ran.out
    assert '--audiences "friends, coaches"' in ran.out
    ran = empty.run("new", "Grief", "--audiences", "Friends and coaches", "--kind", "leaflet")
    assert "one kind of reader" not in ran.out  # they exist already


@pytest.mark.parametrize(("end", "code", "says"), [(KeyboardInterrupt, 130, "interrupted"), (EOFError, 2, "too early")])
def test_aborting_the_questions_writes_nothing(
    empty: CommandFolder, answers: list[str | type[BaseException]], end: type[BaseException], code: int, says: str
) -> None:
    answers += ["Sleep", end]
    ran = empty.run("new")
    assert ran.code == code
    assert says in ran.err
    assert "nothing was written" in ran.err
    assert empty.files == []


def test_without_a_terminal_the_complete_command_is_shown(empty: CommandFolder) -> None:
    ran = empty.run("new")
    assert ran.code == 2
    assert 'handouts new "Sleep after a shock" --audiences "Parents, Teachers" --country UK' in ran.err


def test_the_guide_for_the_first_evening_shows_the_real_output(empty: CommandFolder, answers: list[str]) -> None:
    guide = (ROOT / "docs/starting.md").read_text("utf-8")
    blocks = [each.strip("\n") for each in re.findall(r"^```\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)]
    dialogue = blocks[1].split("\n")
    answers += [line.removeprefix(">").strip() for line in dialogue if line.startswith(">")]
    ran = empty.run("new")
    assert ran.code == 0, ran.err
    questions = "\n".join(line for line in dialogue if not line.startswith(">")).strip()
    assert ran.out.replace("> ", "").startswith(questions)
    assert read(empty, "content/sleep-after-a-shock/en/02-message.md").strip() == blocks[3]
    assert blocks[6] in empty.run("check").err


# ---------------------------------------------------------------- parts of a project


def test_one_more_section_of_each_kind_can_be_added(project: CommandFolder) -> None:
    kinds = [
        each
        for each in yaml.safe_load(read(project, "content/kinds.yaml"))
        if each not in ("cover", "message", "safety")
    ]
    for kind in (*kinds, "factor", "pause"):
        run_new(project, "section", kind)
    ran = project.run("check")
    assert ran.code == 0, ran.err
    assert set(codes(ran.err)) - {"thin-page"} == REMINDERS
    assert "#factor-2" in read(project, "content/sleep-after-a-shock/en/06b-factor.md")
    assert "reason 4, in one sentence" in read(project, "content/sleep-after-a-shock/en/06b-factor.md")


def test_a_new_section_is_placed_after_those_of_its_kind(project: CommandFolder) -> None:
    home = "content/sleep-after-a-shock/en"
    for words in (
        ["factor"],
        ["pause"],
        ["worksheet"],
        ["section", "--after", "6"],
        ["factor", "--after", "reason-one"],
    ):
        run_new(project, "section", *words)
    assert [Path(name).name for name in project.files if name.startswith(f"{home}/")] == [
        *("01-cover.md", "02-message.md", "03-safety.md", "04-why.md", "05-reason-one.md", "05a-factor.md"),
        *("06-reason-two.md", "06a-factor.md", "06b-section.md", "07-steps.md", "08-do-and-try-not.md", "09-words.md"),
        *("10-pause.md", "11-question.md", "11a-pause.md", "12-help.md", "13-sources.md", "14-worksheet.md"),
        "15-worksheet.md",
    ]
    assert "reason 3, in one sentence" in read(project, f"{home}/06a-factor.md")
    assert "reason 2, in one sentence" in read(project, f"{home}/05a-factor.md")
    run_new(project, "section", "factor", "--after", "05a-factor.md")
    assert "reason 4, in one sentence" in read(project, f"{home}/05b-factor.md")  # the third is in 06a
    assert project.run("check").code == 0
    (project.path / home / "07-steps.md").unlink()
    run_new(project, "section", "slide", "--after", "06b")
    assert f"{home}/07-slide.md" in project.files


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
        ("9-x", ["9-x.md"], "9a"),  # 10-… would be sorted before it
    ],
)
def test_the_number_of_a_new_file_is_between_its_neighbours(before: str, names: list[str], number: str) -> None:
    assert number_behind(before, names) == number
    assert f"{number}-new.md" > f"{before}.md"


def test_nothing_can_be_added_after_a_file_without_a_number() -> None:
    with pytest.raises(HandoutError, match="3steps"):
        number_behind("3steps", ["3steps.md"])


def test_a_section_of_a_custom_kind_begins_with_its_parts(project: CommandFolder) -> None:
    with (project.path / "content/kinds.yaml").open("a", encoding="utf-8") as file:
        file.write("\nrecipe:\n  parts:\n    body: {holds: blocks, required: true, what: How it is cooked.}\n")
    run_new(project, "section", "recipe")
    assert "## Body\nReplace this: How it is cooked." in read(project, "content/sleep-after-a-shock/en/11a-recipe.md")


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
def test_something_that_cannot_be_added_is_reported(project: CommandFolder, words: list[str], says: str) -> None:
    before = project.files
    ran = project.run("new", *words)
    assert ran.code == 2, ran.err
    assert says in ran.err
    assert project.files == before


def test_a_new_language_is_a_copy_to_translate(project: CommandFolder) -> None:
    ran = project.run("new", "language", "de")
    assert ran.code == 0, ran.err
    assert "translate templates/words/de.yaml" in ran.out
    ran = project.run("check")
    assert (ran.code, set(codes(ran.err))) == (0, REMINDERS | {"untranslated"}), ran.err
    assert codes(ran.err).count("untranslated") == 1
    assert "/de/" in next(line for line in ran.err.splitlines() if "untranslated" in line)
    for file in (project.path / "content/sleep-after-a-shock/de").glob("*.md"):
        file.write_text(file.read_text("utf-8").replace("Replace this", "Ersetzen Sie das"), encoding="utf-8")
    assert "untranslated" not in codes(project.run("check").err)
    assert project.run("build", "--quiet", "--language", "de", "--format", "pdf").code == 0
    assert "sleep-after-a-shock-parents-handout-de.pdf" in built_files(project)


def test_a_project_may_begin_in_another_language(empty: CommandFolder) -> None:
    run_new(empty, "Schlaf", "--language", "de", "--audiences", "Eltern")
    assert "templates/words/de.yaml" in empty.files
    assert empty.run("build", "--quiet").code == 0


def test_a_new_template_is_a_copy_to_change(project: CommandFolder) -> None:
    run_new(project, "template", "one-pager", "--from", "for-you")
    assert "name: one-pager" in read(project, "templates/one-pager.md.j2")
    ran = project.run("check")
    assert (ran.code, set(codes(ran.err))) == (0, REMINDERS), ran.err
    ran = project.run("new", "template", "handout")
    assert (ran.code, "templates/handout.md.j2" in ran.err) == (2, True)
