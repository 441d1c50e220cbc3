"""Mistakes in each YAML file that writers edit, as replacements in the shipped files."""

from __future__ import annotations

from dataclasses import dataclass

from paths import ROOT


@dataclass(frozen=True)
class SettingMistake:
    """A mistake in a file: `new` replaces `old`, and the loader reports the finding `code`."""

    file: str
    old: str
    new: str
    code: str

    @property
    def text(self) -> str:
        """The text of the shipped file with the mistake."""
        text = (ROOT / self.file).read_text(encoding="utf-8")
        assert self.old in text, f"{self.file}: {self.old}"
        return text.replace(self.old, self.new, 1)


TOPIC = "content/bpd-contact/topic.yaml"
THEME = "templates/themes/settling-line.yaml"
OWN_THEME = "templates/themes/plain-meadow.yaml"
WORDS = "templates/words/en.yaml"
MISTAKES = (
    SettingMistake(OWN_THEME, "extends: settling-line", "extends: settlng-line", "unknown-theme"),
    SettingMistake(OWN_THEME, "line: straight ", "line: wavy ", "unknown-value"),
    SettingMistake(OWN_THEME, "bar: 7", "bar: 70", "out-of-range"),
    SettingMistake(OWN_THEME, "ground: oat", "grund: oat", "unknown-key"),
    SettingMistake("content/audiences.yaml", "  cover: Families", "  cuver: Families", "unknown-key"),
    SettingMistake("content/bpd-contact/topic.yaml", "family: touches", "family: crosses", "unknown-value"),
    SettingMistake("content/audiences.yaml", "  accent: plum", "  accent: pulm", "unknown-accent"),
    SettingMistake("content/audiences.yaml", "partners:\n", "Partners:\n", "bad-name"),
    SettingMistake("content/audiences.yaml", "  grades: [A, B, C]", "  grades: A", "wrong-type"),
    SettingMistake("content/audiences.yaml", "grade: 6,", "grade: six,", "wrong-type"),
    SettingMistake("content/build.yaml", "  format: pdf", "  formats: pdf", "unknown-key"),
    SettingMistake("content/build.yaml", "  fillable: yes", "  fillable: always", "wrong-type"),
    SettingMistake("content/contacts/UK.yaml", "- need: danger", "- need: dangers", "unknown-need"),
    SettingMistake("content/contacts/UK.yaml", '  number: "999"\n', "", "missing-key"),
    SettingMistake("content/contacts/UK.yaml", "  target: tel:101", "  target: call 101", "link-target"),
    SettingMistake("content/contacts/UK.yaml", '  confirmed_on: ""', '  confirmed_on: "last week"', "wrong-type"),
    SettingMistake("content/contacts/UK.yaml", "  crisis: true", "  crisis: always", "wrong-type"),
    SettingMistake("content/kinds.yaml", "title: {holds: line, ", "title: {holds: lines, ", "unknown-value"),
    SettingMistake("content/kinds.yaml", "title: {holds: line, ", "title: {", "missing-key"),
    SettingMistake("content/service.yaml", "paper: a4 ", "paper: a44 ", "unknown-value"),
    SettingMistake("content/service.yaml", 'country: "" ', 'country: "XX" ', "unknown-country"),
    SettingMistake("content/service.yaml", "lines: [] ", "lines: [{name: Night team}] ", "missing-key"),
    SettingMistake("content/service.yaml", 'phone: "" ', f'phone: "{"0" * 31}" ', "field-too-long"),
    SettingMistake("content/service.yaml", 'web: "" ', 'web: "http://harbour.example" ', "link-target"),
    SettingMistake("content/spellings.yaml", "ageing: aging", "ageing: [aging]", "wrong-type"),
    SettingMistake("content/terms.yaml", "  means:", "  meant:", "unknown-key"),
    SettingMistake("content/terms.yaml", "  for: [family,", "  for: [familly,", "unknown-audience"),
    SettingMistake(TOPIC, "published: 2026-11-23", "published: autumn", "wrong-type"),
    SettingMistake(TOPIC, "licence: CC BY 4.0", "license: CC BY 4.0", "unknown-key"),
    SettingMistake(TOPIC, "lengths: [30, 60, 90]", "lengths: [30, 60, 900]", "wrong-type"),
    SettingMistake(TOPIC, "must_show: [main-message, ", "must_show: [main, ", "unknown-value"),
    SettingMistake("content/wording/en.yaml", "  code: label", "  code: labels", "unknown-value"),
    SettingMistake("content/wording/en.yaml", "  severity: error", "  severity: grave", "unknown-value"),
    SettingMistake(THEME, '  ink: "#000000"', '  ink: "black"', "wrong-type"),
    SettingMistake(THEME, '  white: "#FFFFFF"\n', "", "missing-key"),
    SettingMistake(THEME, "body: {size: 13,", "body: {size: 1300,", "out-of-range"),
    SettingMistake(THEME, "    labels: above", "    labels: below", "wrong-type"),
    SettingMistake(WORDS, 'page: "Page {n} of {m}"', 'page: "Page {n}"', "word-places"),
    SettingMistake(WORDS, 'page: "Page {n} of {m}"', 'page: "Page {n} of {m} of {k}"', "word-places"),
    SettingMistake(WORDS, 'page: "Page {n} of {m}"', "page: [Page]", "wrong-type"),
)
