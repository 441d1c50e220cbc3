"""Sources in their three formats: CSL-JSON, YAML and BibTeX.

In a case, ¦ stands before the character at which the finding has to point; it is taken out before the file is written.
"""

from __future__ import annotations

import json

import pytest
from command_bench import place_of
from conftest import Project
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from paths import ROOT

from handouts.compose.assembly import full_reference, short_reference
from handouts.finding import NOWHERE, Finding, HandoutError
from handouts.library import Reference
from handouts.load.bibtex import MAX_VALUE_CHARACTERS, read_bibtex, words_of_latex
from handouts.load.csl import MAX_SOURCES, reference_from_csl
from handouts.load.files import SourceFolder
from handouts.load.references import load_references
from handouts.load.templates import load_fixed_words

JSON, YAML, BIB = "content/references.json", "content/references.yaml", "content/references.bib"
WORDS = load_fixed_words(SourceFolder(ROOT / "templates", []))["en"]
IN_YAML = """\
moss2019:
  type: article-journal
  title: Bees in winter
  author: Moss, A. B.; Reed, C.; Vale, D.; Wood, E.
  container-title: J Hives
  year: 2019
  volume: 58
  issue: 3
  page: 289-326
  DOI: 10.1000/bees
reed2001:
  type: book
  title: Hives
  author: Reed, C.
  publisher: Field
  publisher-place: Leeds
  edition: 2nd
  year: 2001
"""
IN_BIB = """\
% Encoding: UTF-8
@string{jh = "J Hives"}
@comment{A remark with {braces}.}

@Article{moss2019,
  author  = {Moss, A. B. and Reed, C. and D. Vale and Wood, E.},
  title   = {Bees in {Winter}},
  journal = jh,
  year    = 2019,
  month   = jan,
  volume  = {58},
  number  = "3",
  pages   = {289--326},
  doi     = {https://doi.org/10.1000/bees},
  abstract = {Long words, {with braces}, are passed over.},
}
 @book{reed2001, title={Hives}, author={Reed, C.}, publisher={Field}, address={Leeds}, edition={2nd}, year={2001} }
"""


ENTRIES = r"""
 @article{Gunderson_2011, title={Ten-Year Course of Borderline Personality Disorder: Psychopathology &amp; Function},
  volume={68}, ISSN={0003-990X}, url={http://dx.doi.org/10.1001/archgenpsychiatry.2011.37}, number={8}, month=aug,
  DOI={10.1001/archgenpsychiatry.2011.37}, journal={Archives of General Psychiatry}, author={Gunderson, John G.},
  publisher={American Medical Association (AMA)}, year={2011}, pages={827} }
@incollection{smet, author={{\O}stby, {\AA}sa and van der Berg, J. and King, Jr, Martin L.}, title={On \emph{hope}},
  booktitle={A {B}ook}, editor={Somebody, Else}, publisher={Press \& Co}, address={Z{\"u}rich}, year=1999, pages={1--9}}
@techreport(nice2009, title={Guideline}, author={{National Institute for Health and Care Excellence}},
  institution={NICE}, number={CG78}, type={Clinical guideline}, date={2009-01-28})
@online{who, author={WHO and others}, title="Fact sheet: ``sleep''", howpublished={\url{https://who.int/a_b}},
  year={in press}}
@phdthesis{gar, author={Garc{\'\i}a M{\'a}rquez, Jos\'e}, title={\'Etude}, school={Universit\'e}, year={2001}}
"""


def sources(project: Project) -> dict[str, Reference]:
    """Return the sources of a project, which must load, without their places."""
    folder = SourceFolder(project.content, [])
    found = load_references(folder)
    assert not folder.findings, folder.findings
    assert found is not None
    return {key: replace(each, at=NOWHERE) for key, each in found.items()}


def write_only_sources(project: Project, name: str, text: str) -> None:
    """Write the only file of sources of a project."""
    (project.root / JSON).unlink()
    project.write(name, text)


def test_a_source_is_the_same_in_all_three_forms(project: Project) -> None:
    in_json = sources(project)
    write_only_sources(project, YAML, IN_YAML)
    assert sources(project) == in_json
    (project.root / YAML).unlink()
    project.write(BIB, IN_BIB.replace("{Winter}", "winter"))
    assert sources(project) == in_json
    project.load()


def test_several_files_of_sources_can_be_used_together(project: Project) -> None:
    project.write(YAML, "hall2020:\n  title: Hall\n")
    project.write(BIB, "@misc{king2021, title={King}, url={https://a.org/~x_y--z}}")
    found = sources(project)
    assert list(found) == ["moss2019", "reed2001", "hall2020", "king2021"]
    assert found["king2021"].target == "https://a.org/~x_y--z"
    project.replace("content/bees/en/2-cold.md", "[@moss2019]", "[@moss2019; @hall2020; @king2021]")
    assert "King." in str(project.compose("keepers").document)


def test_each_kind_of_entry_is_printed_in_its_form(project: Project) -> None:
    write_only_sources(project, BIB, ENTRIES)
    printed = {
        key: (full_reference(each, WORDS), short_reference(each, WORDS)) for key, each in sources(project).items()
    }
    assert printed == {
        "Gunderson_2011": (
            "Gunderson JG. Ten-Year Course of Borderline Personality Disorder: Psychopathology & Function. "
            "Archives of General Psychiatry. 2011;68(8):827.",
            "Gunderson 2011",
        ),
        "smet": (
            "Østby Å, van der Berg J, King ML Jr. On hope. A Book. Zürich: Press & Co; 1999.",
            "Østby et al. 1999",
        ),
        "nice2009": (
            "National Institute for Health and Care Excellence. Guideline. Clinical guideline CG78. NICE; 2009.",
            "National Institute for Health and Care Excellence 2009",
        ),
        "who": ("WHO, et al. Fact sheet: “sleep”. in press.", "WHO et al. in press"),
        "gar": ("García Márquez J. Étude. Université; 2001.", "García Márquez 2001"),
    }  # fmt: skip
    assert sources(project)["Gunderson_2011"].target == "https://doi.org/10.1001/archgenpsychiatry.2011.37"
    assert sources(project)["who"].target == "https://who.int/a_b"


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"M{\"u}ller", "Müller"), (r"M\"uller", "Müller"), (r'M{\"{u}}ller', "Müller"), (r"Fran\c{c}ois", "François"),
        (r"Fran\c cois", "François"), (r"{\v S}koda", "Škoda"), (r"\'{\i}", "í"), (r"\^\i le", "île"),
        (r"Erd\H{o}s", "Erdős"), (r"\L{}ukasz", "Łukasz"), (r"Stra\ss e", "Straße"), (r"\ae\o\aa", "æøå"),
        (r"A \& B, 10\% of \$5 \#1 \_x", "A & B, 10% of $5 #1 _x"), (r"a\{b\}", "a{b}"), ("1--2 --- 3", "1–2 — 3"),
        ("{{A}}  {b}\n c~d", "A b c d"), (r"$\alpha$-amylase", "α-amylase"), (r"\textit{DSM}-5", "DSM-5"),
        ("<i>DSM</i> &amp; ICD", "DSM & ICD"), (r"Garc\'{i}a", "García"), (r"\k{a}\u{g}\r{u}\.z\d{s}", "ąğůżṣ"),
    ],
)  # fmt: skip
def test_latex_accents_and_symbols_become_characters(latex: str, words: str) -> None:
    assert words_of_latex(latex) == (words, ())


YAML_MISTAKES = [
    ("no title", "  title: Hives\n", "", "missing-key", "reed2001:\n  ¦type", "'title' is missing"),
    ("a misspelt field", "  publisher: Field", "  ¦publischer: Field", "unknown-key", "", "publisher"),
    ("a misspelt type", "type: book", "type: ¦bok", "unknown-value", "", "book"),
    ("names without a divider", "author: Reed, C.", "author: ¦Reed, C., Vale, D.", "wrong-type", "", "Family, Given;"),
    ("a list of names", "author: Reed, C.", "author: ¦[Reed, C.]", "wrong-type", "", "a text"),
    ("an address that is none", "  publisher: Field", "  URL: ¦www.a.org", "link-target", "", "https://"),
    ("a key with a space", "reed2001:", "¦reed 2001:", "bad-name", "", "yen2021"),
    ("a source twice", "reed2001:", "¦moss2019:", "duplicate-key", "", "line 1"),
    ("a DOI alone", "reed2001:\n", "reed2001: ¦10.1000/abc\nhall:\n", "bare-doi", "", "citation.doi.org 10.1000/abc"),
    ("an address of a DOI alone", "reed2001:\n", "reed2001: ¦https://doi.org/10.1000/abc\nhall:\n", "bare-doi", "",
     "citation.doi.org 10.1000/abc references.bib"),
]  # fmt: skip
BIB_MISTAKES = [
    ("a DOI alone", "@book", "¦10.1000/abc.d(1)\n@book", "bare-doi", "citation.doi.org 10.1000/abc.d(1) bibtex @"),
    ("an address of a DOI", "@book", "¦https://doi.org/10.1000/abc\n@book", "bare-doi", "10.1000/abc"),
    ("doi: before it", "@book", "¦doi: 10.1000/abc\n@book", "bare-doi", "10.1000/abc"),
    ("a pasted line", "@book", "¦Reed C. Hives. Leeds: Field; 2001.\n@book", "bibtex", "is not in a source paste"),
    ("no title", "title={Hives}, ", "", "missing-key", "'reed2001' has no title add title = {…}"),
    ("a misspelt title", "title={Hives}", "titel={¦Hives}", "missing-key", "write title for titel"),
    ("an unknown type", "@book", "@¦bok", "unknown-value", "'book' misc"),
    ("no key", "@book{reed2001, title", "@book{¦title", "bibtex", "no key write @book{yen2021,"),
    ("no comma", "title={Hives},", "title={Hives}", "bibtex", "comma is missing 'title'"),
    ("a brace that stays open", "@book{reed2001, title={Hives}", "¦@book{reed2001, title={Hives", "bibtex",
     "never closed"),
    ("an entry that stays open", "year={2001} }", "year={2001}", "bibtex", "never closed"),
    ("a value without braces", "title={Hives}", "title=¦Hives", "bibtex", "no braces write title = {Hives"),
    ("an unknown command", "title={Hives}", r"title={¦\foo{Hives}}", "bibtex", r"\foo is not understood"),
    ("an unknown command in a name", "author={Reed, C.}", r"author={Carl ¦\foo{Reed}}", "bibtex", r"\foo is not"),
    ("a field twice", "title={Hives}", "title={Hives}, title={¦Hives}", "duplicate-key", "twice"),
    ("initials behind a name", "author={Reed, C.}", "author={¦Reed C}", "bibtex", "which of both write Reed, C"),
    ("names between commas", "author={Reed, C.}", "author={¦Reed, C., Vale, D.}", "bibtex", "more than one name and"),
    ("an address that is none", "publisher={Field}", "url={¦www.a.org}", "link-target", "https://"),
    ("a source twice", "@book{reed2001", "@book{¦moss2019", "duplicate-key", "twice first is"),
    ("a character that cannot be printed", "title={Hives}", "title={¦\u05d0}", "direction", "U+05D0"),
]  # fmt: skip


def failures(project: Project) -> tuple[Finding, ...]:
    with pytest.raises(HandoutError) as raised:
        project.load()
    return raised.value.findings


@pytest.mark.parametrize("case", YAML_MISTAKES, ids=lambda case: case[0])
def test_an_error_in_references_yaml_is_reported_once_at_its_place(
    project: Project, case: tuple[str, str, str, str, str, str]
) -> None:
    _, old, new, code, marked, message = case
    assert old in IN_YAML
    text = IN_YAML.replace(old, new, 1)
    text = text.replace(marked.replace("¦", ""), marked, 1) if marked else text
    write_only_sources(project, YAML, text.replace("¦", ""))
    (found,) = failures(project)
    assert (found.code, (found.at.line, found.at.column)) == (code, place_of(text, text.index("¦"))), found
    assert all(word in str(found) for word in message.split()), found


@pytest.mark.parametrize("case", BIB_MISTAKES, ids=lambda case: case[0])
def test_an_error_in_references_bib_is_reported_once_at_its_place(
    project: Project, case: tuple[str, str, str, str, str]
) -> None:
    _, old, new, code, message = case
    assert old in IN_BIB
    text = IN_BIB.replace(old, new, 1)
    write_only_sources(project, BIB, text.replace("¦", ""))
    (found,) = failures(project)
    assert found.code == code, found
    if "¦" in text:
        assert (found.at.line, found.at.column) == place_of(text, text.index("¦")), found
    assert all(word in str(found) for word in message.split()), found


def test_a_key_in_two_files_is_reported_with_both_places(project: Project) -> None:
    project.write(YAML, "hall2020:\n  title: Hall\nmoss2019:\n  title: Bees\n")
    project.write(BIB, "@misc{hall2020, title={Hall}}")
    assert [(found.code, str(found.at).rsplit("/", 1)[1]) for found in failures(project)] == [
        ("duplicate-key", "references.bib:1:7"),
        ("duplicate-key", "references.yaml:3:1"),
    ]
    first, second = failures(project)
    assert "references.yaml:1:1" in first.hint
    assert "references.json:2:10" in second.hint


def test_a_json_source_with_only_a_doi_is_reported(project: Project) -> None:
    project.write(JSON, '[\n "10.1000/abc"\n]\n')
    (found,) = failures(project)
    assert (found.code, found.at.line, found.at.column) == ("bare-doi", 2, 3)


def test_citations_of_a_source_with_only_a_doi_are_not_reported_as_well(project: Project) -> None:
    project.write(BIB, "10.1000/abc\n")
    project.replace("content/bees/en/2-cold.md", "[@moss2019]", "[@abc2020]")
    assert [found.code for found in failures(project)] == ["bare-doi"]


def test_the_hint_for_an_unknown_source_names_the_files(project: Project) -> None:
    (project.root / JSON).unlink()
    assert {found.hint for found in failures(project)} == {"list it in content/references.yaml, .bib or .json"}


def test_excessive_bibtex_is_refused_quickly() -> None:
    findings: list[Finding] = []
    assert read_bibtex("".join(f"@misc{{a{n}, title={{A}}}}\n" for n in range(MAX_SOURCES + 1)), "a", findings) is None
    assert [found.code for found in findings] == ["too-many"]
    doubled = "@string{a0={x}}" + "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(60))
    for text in (
        doubled,
        "@misc{a, title=" + "{" * 1_000_000,
        "@misc{a, title={" + "a" * (MAX_VALUE_CHARACTERS + 1) + "}}",
        "@" * 500_000,
        "@misc{a" + " " * 1_000_000,
        "@misc{a, author={" + " and " * 9_000 + "}, title={" + "\\'" * 20_000 + "}}",
        "@a {" * 20_000,
    ):
        findings.clear()
        read_bibtex(text, "a.bib", findings)
        assert findings


@given(st.text(alphabet="@{}\"'\\,=#% \n\tabcäandtitle10./()-", max_size=200))
def test_no_text_crashes_the_bibtex_reader(text: str) -> None:
    findings: list[Finding] = []
    read_bibtex(text, "a.bib", findings)
    read_bibtex(f"@misc{{a, author={{{text}}}, title={{{text}}}}}", "a.bib", findings)
    for found in findings:
        assert found.at.line >= 1


@given(st.lists(st.sampled_from(json.loads((ROOT / JSON).read_text(encoding="utf-8"))), max_size=5))
def test_shipped_sources_survive_bibtex(entries: list[dict[str, object]]) -> None:
    for entry in entries:
        if entry["type"] != "article-journal":
            continue
        names = " and ".join(
            f"{{{each['literal']}}}" if "literal" in each else f"{each['family']}, {each['given']}"
            for each in entry["author"]  # type: ignore[attr-defined]
        )
        fields = {"author": names, "title": entry["title"], "journal": entry["container-title"],
                  "year": entry["issued"]["date-parts"][0][0], "volume": entry.get("volume", ""),  # type: ignore[index]
                  "number": entry.get("issue", ""), "pages": str(entry.get("page", "")).replace("-", "--"),
                  "doi": entry.get("DOI", "")}  # fmt: skip
        text = (
            f"@article{{{entry['id']},\n"
            + ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
            + "}"
        )
        findings: list[Finding] = []
        made = read_bibtex(text, "a.bib", findings)
        assert not findings, findings
        expected = reference_from_csl(str(entry["id"]), entry, NOWHERE)
        assert made is not None
        got = replace(made[expected.key], at=NOWHERE)
        if "custom" not in entry and "URL" not in entry:
            assert got == expected
