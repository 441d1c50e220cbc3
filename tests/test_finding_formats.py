"""Findings for other programs: GitHub annotations, SARIF and JSON; hostile text stays text."""

from __future__ import annotations

import json
import re

import pytest
from command_bench import AUDIENCES, COLD, PDF, SERVICE, Bench

from handouts.cli.finding_formats import FINDING_FORMATS, github_lines, sarif_log
from handouts.explain import explanations
from handouts.finding import Location, error, warning

HOSTILE = (
    "two\nlines\n::add-mask::secret",
    "\r::stop-commands::x",
    "100% %0A::error::x",
    "##[add-mask]secret",
    "a::b, c: d",
    "\x1b[2J\x07",
    "line\u2028::warning::x",
)
COMMAND = re.compile(r"::(?P<name>\w+) (?P<properties>[^:]*)::(?P<said>.*)")


def read_as_github(line: str) -> tuple[str, dict[str, str], str]:
    """Return the name, the properties and the words of a workflow command, as GitHub's runner reads them."""

    def meant(text: str) -> str:
        for sign, code in ((",", "%2C"), (":", "%3A"), ("\n", "%0A"), ("\r", "%0D"), ("%", "%25")):
            text = text.replace(code, sign)
        return text

    found = COMMAND.fullmatch(line)
    assert found, line
    pairs = (each.partition("=") for each in found["properties"].split(","))
    return found["name"], {name: meant(value) for name, _, value in pairs}, meant(found["said"])


@pytest.mark.parametrize("words", HOSTILE)
def test_a_finding_is_one_workflow_command(words: str) -> None:
    found = warning("long-sentence", words, Location(f"content/{words}.md", 3, 7), f"write {words}")
    (line,) = github_lines([found])
    assert "\n" not in line
    assert "\r" not in line
    place = {"file": f"content/{words}.md", "line": "3", "col": "7", "title": "long-sentence"}
    assert read_as_github(line) == ("warning", place, f"{words}\nhelp: write {words}")


def test_a_finding_about_a_whole_file_or_an_option_has_no_line() -> None:
    whole, option = error("empty-file", "Empty.", Location("a.md")), error("usage", "None.", Location("--project"))
    assert list(github_lines([whole])) == ["::error file=a.md,title=empty-file::Empty."]
    assert list(github_lines([option])) == ["::error title=usage::--project: None."]
    results = sarif_log([whole, option])["runs"][0]["results"]
    assert [each.get("locations") for each in results] == [
        None,
        [{"physicalLocation": {"artifactLocation": {"uri": "a.md"}}}],
    ]


def test_every_code_is_a_rule_in_sarif() -> None:
    run = sarif_log([warning(code, "x", Location("a.md", 1, 1)) for code in explanations()])["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert {each["id"] for each in rules} == set(explanations())
    assert all(each["shortDescription"]["text"] and each["help"]["text"] for each in rules)
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])


def test_sarif_encodes_file_names_and_contains_no_link_from_content() -> None:
    at = Location("content/why so/ä#1.md", 2, 5)
    (result,) = sarif_log([error("link-target", "See [here](https://example.org).", at)])["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "content/why%20so/%C3%A4%231.md"},
        "region": {"startLine": 2, "startColumn": 5},
    }
    assert "](" not in result["message"]["text"]
    (outside,) = sarif_log([error("yaml", "x", Location("/a b/c.yaml"))])["runs"][0]["results"]
    assert outside["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "file:///a%20b/c.yaml"


# ---------------------------------------------------------------- the command


WORDING = """\
never:
  code: absolute
  severity: warning
  find: [never]
  say: seldom
  why: Nothing is never.
"""


def test_errors_in_content_are_annotated_at_their_lines_on_github(bench: Bench) -> None:
    file, line, column = bench.plant(SERVICE, "paper: a4", "paper: ¦a44")
    ran = bench.run("check", "--format-findings", "github")
    assert ran.code == 1
    place = f"file={file},line={line},col={column},title=unknown-value"
    assert ran.out == f"::error {place}::There is no paper 'a44'.%0Ahelp: did you mean 'a4'?\n"
    assert ran.err.strip() == "handouts: 1 error; nothing was written"


def test_findings_as_json_equal_those_in_the_complete_report(bench: Bench) -> None:
    bench.plant(COLD, "They wait for the sun.", "They wait for the [sun.")
    ran = bench.run("check", "--country", "UK", "--format-findings", "json")
    whole = json.loads(bench.run("check", "--country", "UK", "--json").out)
    assert ran.code == 1
    assert json.loads(ran.out) == {"findings": whole["findings"]}


def test_sarif_columns_are_those_of_the_program(bench: Bench) -> None:
    place = bench.plant(COLD, "A quiet hive.", "🐝🐝 A ¦[quiet hive.")
    ran = bench.run("check", "--country", "UK", "--format-findings", "sarif")
    run = json.loads(ran.out)["runs"][0]
    (result,) = (each for each in run["results"] if each["ruleId"] == "leftover-brackets")
    region = result["locations"][0]["physicalLocation"]["region"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert (region["startLine"], region["startColumn"]) == place[1:]


def test_reasons_in_content_cannot_become_github_commands(bench: Bench) -> None:
    bench.put("content/wording/en.yaml", WORDING.encode())
    reason = "::add-mask::x ##[add-mask]y"
    bench.plant(COLD, "A quiet hive.", f'[They will never fly.]{{allow="absolute" because="{reason}"}}')
    assert reason in bench.run("check", "--country", "UK").out
    ran = bench.run("check", "--country", "UK", "--format-findings", "github")
    assert "add-mask" not in ran.out + ran.err
    assert re.fullmatch(r"\d+ documents checked: 0 errors, \d+ warnings?, \d+ allowed", ran.out.splitlines()[-1])


@pytest.mark.parametrize("form", FINDING_FORMATS)
@pytest.mark.parametrize("words", [("check", "--strict"), ("build", "--dry-run"), ("build", "--template", "card")])
def test_exit_codes_are_the_same_in_each_format(bench: Bench, words: tuple[str, ...], form: str) -> None:
    options = (*words, "--audience", "growers", "--country", "UK", "--today", "2026-11-24")
    assert bench.run(*options, "--format-findings", form).code == bench.run(*options).code


def test_a_build_can_report_its_findings_as_sarif(bench: Bench) -> None:
    bench.plant(AUDIENCES, "  reading: {}\n", "")
    ran = bench.run(*PDF, "--format-findings", "sarif")
    assert ran.code == 0
    codes = [each["ruleId"] for each in json.loads(ran.out)["runs"][0]["results"]]
    assert "not-judged" in codes


def test_wrong_usage_is_reported_in_the_requested_format(bench: Bench) -> None:
    ran = bench.run("check", "--audience", "grower", "--format-findings", "github")
    assert ran.code == 2
    assert ran.out.startswith("::error title=usage::")


def test_only_one_format_can_be_requested(bench: Bench) -> None:
    assert bench.run("check", "--json", "--format-findings", "sarif").code == 2
    ran = bench.run("check", "--format-findings", "sarf")
    assert ran.code == 2
    assert "did you mean 'sarif'?" in ran.err
    assert bench.run("list", "--format-findings", "json").code == 2
