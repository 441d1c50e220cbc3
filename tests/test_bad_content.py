"""Errors in content, settings and templates: each is one clear finding at its exact place, and all come in one run.

In a case, ¦ stands before the character at which the finding has to point; it is taken out before the file is written.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from command_bench import place_of
from conftest import FILES, Project
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT

from handouts.compose import compose_document, unplaced_parts
from handouts.deck import layouts
from handouts.document.text import words_of
from handouts.finding import Finding, HandoutError, is_error
from handouts.load.files import SourceFolder
from handouts.load.template_keys import REQUIRED_WORDS
from handouts.load.templates import load_fixed_words
from handouts.markdown.audience_filter import for_audience
from handouts.markdown.block_parser import parse_markdown
from handouts.markdown.document_blocks import blocks_of
from handouts.markdown.document_inlines import ConversionContext, Facts
from handouts.markdown.names import KnownNames, check_names
from handouts.markdown.syntax_tree import source_from_text
from handouts.select import select_content

COLD = "content/bees/en/2-cold.md"
COVER = "content/bees/en/1-cover.md"
LAST = "content/bees/en/3-sources.md"
AUDIENCES = "content/audiences.yaml"
SERVICE = "content/service.yaml"
TOPIC = "content/bees/topic.yaml"
KINDS = "content/kinds.yaml"
TERMS = "content/terms.yaml"
REFERENCES = "content/references.json"
WORDS = "templates/words/en.yaml"
THEME = "templates/themes/settling-line.yaml"
HANDOUT = "templates/handout.md.j2"
GIST = "They wait for the sun."

CYCLE = "".join(f"- step-{number}: Step\n" for number in range(1, 7)) + "- way-out-1: Pause\n"


def wheel(factors: str, hub: str = "- hub: Worry\n", more: str = "", start: str = "") -> str:
    """Return a wheel with these lines, and `start` before its fence."""
    return f'{start}::: {{.figure name="wheel"{more}}}\n{hub}{factors}\n::: {{.alt}}\nB\n:::\n:::\n'


# (description, file, old text, new text, codes of the findings in the order of the marks)
NAMES = [
    ("audience of a part", COLD, '{.claim for="growers"}', '{.claim for="¦growrs"}', "unknown-audience"),
    ("audience that appears twice", COLD, GIST, 'Sun. [growrs growrs]{for="keepers ¦growrs"}', "unknown-audience"),
    (
        "audience of a span",
        COLD,
        '[Only keepers read this.]{for="keepers"}',
        '[No.]{for="¦keeper"}',
        "unknown-audience",
    ),
    ("audience of a stretch", COLD, '::: {for="growers"}', '::: {for="¦grower"}', "unknown-audience"),
    ("audience of a section", COLD, 'sign="left"}', 'sign="left" for="growers ¦keeprs"}', "unknown-audience"),
    ("comma between audiences", COLD, '::: {for="growers"}', '::: {for="¦growers, keepers"}', "unknown-audience"),
    ("nobody named", COLD, '::: {for="growers"}', '::: ¦{for=""}', "unknown-audience"),
    (
        "audience of a topic",
        TOPIC,
        'version: "0.1"\n',
        'audiences: [growers, ¦keeprs]\nversion: "0.1"\n',
        "unknown-audience",
    ),
    ("kind", COLD, "{.factor #cold", "{.¦facter #cold", "unknown-kind"),
    ("attribute of a section", COLD, 'sign="left"', '¦sgn="left"', "unknown-attribute"),
    ("part", COLD, "::: {.gist}", "::: {.¦gists}", "unknown-part"),
    ("attribute of a part", COLD, "::: {.gist}", '::: {.gist ¦fro="growers"}', "unknown-attribute"),
    ("template of a part", COLD, "::: {.name}", '::: {.name template="handout ¦handot"}', "unknown-template"),
    ("class", COLD, '::: {for="growers"}', "::: {.¦calout}", "unknown-class"),
    ("class of a span", COLD, GIST, "The [term]{.¦trem} is.", "unknown-class"),
    ("attribute of a span", COLD, GIST, 'The [for]{¦four="growers"} is.', "unknown-attribute"),
    ("term", COLD, "of the [brood]{.term}.", "of the brod [¦brod]{.term}.", "unknown-term"),
    ("name of a term", COLD, "of the [brood]{.term}.", '[broods]{.term name="¦broods"}', "unknown-term"),
    ("citation", COLD, "[@moss2019]", "[@moss2019; @¦moss2018]", "unknown-citation"),
    ("citation that appears twice", COLD, "flies [@moss2019]", "flies moss1 [@¦moss1]", "unknown-citation"),
    ("need", LAST, 'needs="danger"', 'needs="danger ¦dangr"', "unknown-need"),
    ("language of a span", COLD, GIST, 'A [mot]{language="¦not a tag"}.', "unknown-value"),
]
FENCES = [
    ("unclosed fence", COLD, "They wait for the sun.\n:::\n", "They wait for the sun.\n", "unclosed-fence"),
    ("stray fence", COLD, ":::\n\n::: {.spoken", ":::\n\n¦:::\n\n::: {.spoken", "stray-fence"),
    ("two colons", COLD, "::: {.gist}", "¦:: {.gist}", "near-miss-fence"),
    ("two colons to close", COLD, "They wait for the sun.\n:::", "They wait for the sun.\n¦::", "near-miss-fence"),
    ("no brace", COLD, "::: {.gist}", "::: ¦gist", "near-miss-fence"),
    ("a dot and no brace", COLD, "::: {.gist}", "::: ¦.gist", "near-miss-fence"),
    ("no dot", COLD, "::: {.gist}", "::: {¦gist}", "attributes"),
    ("no closing brace", COLD, "::: {.gist}", ":::¦{.gist", "attributes"),
    ("words after a fence", COLD, "::: {.gist}", "::: {.gist} ¦They wait", "near-miss-fence"),
    ("a fence in a sentence", COLD, GIST, "They wait ¦::: {.callout} for the sun.", "near-miss-fence"),
    ("an indented fence", COLD, "::: {.gist}", "    ¦::: {.gist}", "near-miss-fence"),
    ("a value without quotes", COLD, '::: {for="growers"}', "::: {¦for=growers}", "attributes"),
    ("a quote that is not closed", COLD, '::: {for="growers"}', '::: {¦for="growers}', "attributes"),
    ("an attribute twice", COLD, '::: {for="growers"}', '::: {for="growers" ¦for="keepers"}', "repeated-attribute"),
    ("a class twice", LAST, '::: {.sources for="keepers"}', "::: {.sources .¦sources}", "repeated-attribute"),
    ("empty braces", COLD, '::: {for="growers"}', "::: ¦{}", "attributes"),
]
SENTENCES = [
    ("a span whose quote is open", COLD, GIST, '[y]{¦for="growers} z', "attributes"),
    ("a span with a space", COLD, GIST, '[y]¦ {for="growers"} z', "near-miss-span"),
    ("braces in a text", COLD, GIST, "They ¦{wait} for the sun.", "leftover-braces"),
    ("braces of a template", COLD, GIST, "They ¦{{ wait }} for the sun.", "leftover-braces"),
    ("brackets in a text", COLD, GIST, "They ¦[wait] for the sun.", "leftover-brackets"),
    ("a bracket that is open", COLD, GIST, "They ¦[wait for the sun.", "leftover-brackets"),
    ("a citation without brackets", COLD, GIST, "They wait ¦@moss2019.", "leftover-brackets"),
    ("HTML", COLD, GIST, "They ¦<b>wait for the sun.", "html"),
    ("an image", COLD, GIST, "They ¦![wait](https://a.org/b.png).", "image"),
    ("code", COLD, GIST, "They ¦`wait` for the sun.", "code"),
    ("emphasis", COLD, GIST, "They ¦*wait* for the sun.", "emphasis"),
    ("emphasis with underscores", COLD, GIST, "They ¦_wait_ for the sun.", "emphasis"),
    ("a hard break", COLD, GIST, "They wait¦  \nfor the sun.", "hard-break"),
    ("a backslash at the end", COLD, GIST, "They wait¦\\\nfor the sun.", "hard-break"),
    ("a script as address", COLD, GIST, "[Sun](¦javascript:alert(1)) rises.", "link-target"),
    ("a file as address", COLD, GIST, "[Sun](¦file:///etc/hosts) rises.", "link-target"),
    ("an address that is open", COLD, GIST, "[Sun]¦(https://a.org rises.", "link-target"),
]
BLOCKS = [
    ("a long paragraph", COLD, "Everyone reads this.", "¦" + "Words. " * 800, "long-paragraph"),
    ("a deep list", COLD, "Everyone reads this.", "- a\n  - b\n    - c\n      ¦- d\n        - e\n\n", "deep-list"),
    ("deep quotations", COLD, "Everyone reads this.", "¦" + ">" * 400 + " a\n\n", "quotation"),
    ("a quotation alone", COLD, "Everyone reads this.", "¦> a\n\n", "structure"),
    ("a line across", COLD, "Everyone reads this.", "¦---\n\n", "thematic-break"),
    ("code by spaces", COLD, "Everyone reads this.", "    ¦Everyone.\n\n", "code"),
    ("code by backticks", COLD, "Everyone reads this.", "¦```\na\n```\n\n", "code"),
    ("steps from two", COLD, "Everyone reads this.", "¦2. a\n3. b\n\n", "list-start"),
    ("a table row too long", COLD, "Everyone reads this.", "| a | b |\n|---|---|\n¦| c | d | e |\n\n", "table-row"),
    ("a table without its line", COLD, "Everyone reads this.", "¦| a | b |\n| c | d |\n\n", "table-shape"),
    ("a table too wide", COLD, "Everyone reads this.", "|a|b|c|d|¦e|\n|-|-|-|-|-|\n|1|2|3|4|5|\n\n", "structure"),
    ("a heading too high", COLD, "Everyone reads this.", "¦## Words\n\n", "structure"),
    ("an answer without a fork", COLD, "Everyone reads this.", "¦::: {.red}\nA\n:::\n", "structure"),
    ("a script without words", COLD, "Everyone reads this.", "¦::: {.script}\n### When\n\nA\n:::\n", "structure"),
    ("a figure without alt", COLD, "Everyone reads this.", '¦::: {.figure name="cycle"}\n### A\n:::\n', "structure"),
    (
        "a figure without name",
        COLD,
        "Everyone reads this.",
        "::: ¦{.figure}\n### A\n\n::: {.alt}\nB\n:::\n:::\n",
        "missing-attribute",
    ),
    (
        "a count of people that is none",
        COLD,
        "Everyone reads this.",
        '::: {.figure name="array"}\n- filled: ¦many\n- of: in 100\n- words: A\n\n::: {.alt}\nB\n:::\n:::\n',
        "structure",
    ),
    (
        "a count of more people than there are",
        COLD,
        "Everyone reads this.",
        '::: {.figure name="array"}\n- of: in 100\n- words: A\n- filled: ¦101\n\n::: {.alt}\nB\n:::\n:::\n',
        "structure",
    ),
    (
        "a range of people from the more to the less",
        COLD,
        "Everyone reads this.",
        '::: {.figure name="array-rows"}\n- filled: ¦3-1\n- of: in 100\n- words: A\n\n::: {.alt}\nB\n:::\n:::\n',
        "structure",
    ),
    ("a wheel of two", COLD, "Everyone reads this.", wheel("- 1: A\n- 2: B\n", start="¦"), "structure"),
    ("a wheel of nine", COLD, "Everyone reads this.", wheel("- Word\n" * 9, start="¦"), "structure"),
    ("a wheel without its hub", COLD, "Everyone reads this.", wheel("- A\n- B\n- C\n", hub="", start="¦"), "structure"),
    ("a wheel out of order", COLD, "Everyone reads this.", wheel("- 1: A\n- ¦3: B\n- ¦2: C\n"), "structure structure"),
    ("a factor twice", COLD, "Everyone reads this.", wheel("- time: A\n- sleep: B\n- ¦time: C\n"), "structure"),
    (
        "a sign of a factor misspelt",
        COLD,
        "Everyone reads this.",
        wheel("- time: A\n- ¦slep: B\n- body: C\n"),
        "structure",
    ),
    (
        "a sign of a wheel that there is not",
        COLD,
        "Everyone reads this.",
        wheel("- A\n- B\n- C\n", more=' signs="time ¦slumber body"'),
        "unknown-sign",
    ),
    (
        "a wheel with too few signs",
        COLD,
        "Everyone reads this.",
        wheel("- A\n- B\n- C\n", more=' signs="¦time body"'),
        "structure",
    ),
    (
        "a sign of one's own that is not there",
        COLD,
        "Everyone reads this.",
        wheel("- A\n- B\n- C\n", more=' signs="time ¦bed.svg body"'),
        "missing-picture",
    ),
    (
        "a sign outside of the folder of pictures",
        COLD,
        "Everyone reads this.",
        wheel("- A\n- B\n- C\n", more=' signs="time ¦../../bed.svg body"'),
        "picture-path",
    ),
    (
        "signs of a cycle",
        COLD,
        "Everyone reads this.",
        f'::: {{.figure name="cycle" signs="¦time"}}\n{CYCLE}\n::: {{.alt}}\nB\n:::\n:::\n',
        "structure",
    ),
    (
        "the text of a step that is not there",
        COLD,
        "Everyone reads this.",
        '::: {.figure name="timeline"}\n- step-1: A\n- step-2: B\n- step-3: C\n- ¦step-4-text: D\n\n'
        "::: {.alt}\nB\n:::\n:::\n",
        "structure",
    ),
    (
        "a step under two names",
        COLD,
        "Everyone reads this.",
        f'::: {{.figure name="cycle"}}\n{CYCLE}- ¦rise: C\n\n::: {{.alt}}\nB\n:::\n:::\n',
        "structure",
    ),
    ("a code without address", COLD, "Everyone reads this.", '::: {.qr target="¦a.org"}\nB\n:::\n', "link-target"),
]
TWO_ROWS = "|a|b|\n|-|-|\n|1|2|\n|3|4|\n"
ALL = "Everyone reads this."
TABLES = [
    ("too few signs", COLD, ALL, f'¦::: {{.table signs="left"}}\n{TWO_ROWS}:::\n', "structure"),
    ("too many discs", COLD, ALL, f'¦::: {{.table discs="1 2 3"}}\n{TWO_ROWS}:::\n', "structure"),
    ("a sign of a row", COLD, ALL, f'::: {{.table signs="left ¦rsie"}}\n{TWO_ROWS}:::\n', "unknown-sign"),
    ("four discs", COLD, ALL, f'::: {{.table discs="3 ¦4"}}\n{TWO_ROWS}:::\n', "unknown-value"),
]
FIELDS = [
    ("a field without name", COLD, ALL, "::: ¦{.line}\nHow\n:::\n", "missing-attribute"),
    ("a bad name of a field", COLD, ALL, '::: {.line name="¦How many"}\nHow\n:::\n', "bad-name"),
    ("a field without label", COLD, ALL, '¦::: {.line name="how"}\n:::\n', "structure"),
    ("a field with three texts", COLD, ALL, '::: {.line name="how"}\nA\n\nB\n\n¦C\n:::\n', "structure"),
    ("no number of lines", COLD, ALL, '::: {.lines name="how" count="¦some"}\nHow\n:::\n', "unknown-value"),
    (
        "a number of lines with 5000 digits",
        COLD,
        ALL,
        f'::: {{.box name="how" count="¦{"9" * 5000}"}}\nHow\n:::\n',
        "unknown-value",
    ),
    (
        "very many rows",
        COLD,
        ALL,
        '::: {.fill-table name="a" count="¦999999999999"}\n### T\n\n|a|\n|-|\n:::\n',
        "unknown-value",
    ),
    (
        "widths of 5000 digits",
        COLD,
        ALL,
        f'::: {{.fill-table name="a" count="2" widths="¦{"9" * 5000}"}}\n### T\n\n|a|\n|-|\n:::\n',
        "unknown-value",
    ),
    (
        "discs of 5000 digits",
        COLD,
        ALL,
        f'::: {{.table discs="¦{"9" * 5000}"}}\n|a|b|\n|-|-|\n|c|d|\n:::\n',
        "unknown-value",
    ),
    ("too many lines", COLD, ALL, '::: {.box name="how" count="¦31"}\nHow\n:::\n', "unknown-value"),
    (
        "widths in words",
        COLD,
        ALL,
        '::: {.fill-table name="a" widths="¦wide"}\n### T\n\n|a|b|\n|-|-|\n|c| |\n:::\n',
        "unknown-value",
    ),
    (
        "more widths than columns",
        COLD,
        ALL,
        '¦::: {.fill-table name="a" widths="1 2 3"}\n### T\n\n|a|b|\n|-|-|\n|c| |\n:::\n',
        "structure",
    ),
    ("list in a line", COLD, ALL, '::: {.line name="how"}\nHow\n\n¦- One\n:::\n', "structure"),
    ("nothing to tick", COLD, ALL, '¦::: {.choices name="how"}\nHow\n:::\n', "structure"),
    ("a scale with one end", COLD, ALL, '¦::: {.scale name="how"}\nHow\n\n- low\n:::\n', "structure"),
    ("an unknown field", COLD, ALL, '::: {.¦boxes name="how"}\nHow\n:::\n', "unknown-class"),
    ("a second class", COLD, ALL, '::: {.box .¦half name="a" count="2"}\nHow\n:::\n', "unknown-class"),
    ("a misspelt short list", LAST, '::: {.sources for="keepers"}', "::: {.sources .¦shrot}", "unknown-class"),
    (
        "a table to fill in that is too wide",
        COLD,
        ALL,
        '::: {.fill-table name="a" count="2"}\n### T\n\n¦|a|b|c|d|e|f|\n|-|-|-|-|-|-|\n:::\n',
        "structure",
    ),
    (
        "a table without rows",
        COLD,
        ALL,
        '¦::: {.fill-table name="a"}\n### T\n\n|a|b|\n|-|-|\n:::\n',
        "structure",
    ),
]
HEAD, BELOW = '::: {.chart unit="%" most="100"}\n### T\n\n', "\n::: {.alt}\nB\n:::\n:::\n"
GRID = "| | a |\n|-|-|\n"


def chart_with(rows: str) -> str:
    """Return a chart with these rows of its table."""
    return f"{HEAD}{rows}{BELOW}"


CHARTS = [
    ("a range in a chart", COLD, ALL, chart_with(f"{GRID}| b | ¦78 to 99 |\n"), "structure"),
    ("a number with its unit in a chart", COLD, ALL, chart_with(f"{GRID}| b | ¦78% |\n"), "structure"),
    ("a number with a sign for thousands", COLD, ALL, chart_with(f"{GRID}| b | ¦1,000 |\n"), "structure"),
    ("no number at all", COLD, ALL, chart_with(f"{GRID}| b | ¦nan |\n"), "structure"),
    ("a number without end", COLD, ALL, chart_with(f"{GRID}| b | ¦inf |\n"), "structure"),
    ("a huge number", COLD, ALL, chart_with(f"{GRID}| b | ¦1e9 |\n| c | ¦12345678901 |\n"), "structure structure"),
    ("a negative number", COLD, ALL, chart_with(f"{GRID}| b | ¦-1 |\n| c | ¦−2,5 |\n"), "structure structure"),
    ("more than the scale has", COLD, ALL, chart_with(f"{GRID}| b | ¦100.5 |\n| c | 100 |\n"), "structure"),
    ("an empty cell in a chart", COLD, ALL, chart_with(f"{GRID}| b | ¦|\n"), "structure"),
    ("two rows of the same name", COLD, ALL, chart_with(f"{GRID}| b | 1 |\n| ¦b | 2 |\n"), "structure"),
    ("a row without a name", COLD, ALL, chart_with(f"{GRID}| ¦| 1 |\n"), "structure"),
    ("two columns of the same name", COLD, ALL, chart_with("| | a | ¦a |\n|-|-|-|\n| b | 1 | 2 |\n"), "structure"),
    ("a column without a name", COLD, ALL, chart_with("| | a | ¦|\n|-|-|-|\n| b | 1 | 2 |\n"), "structure"),
    ("four columns of numbers", COLD, ALL, chart_with("| |a|b|c|¦d|\n|-|-|-|-|-|\n|x|1|2|3|4|\n"), "structure"),
    ("no column of numbers", COLD, ALL, chart_with("| ¦a |\n|-|\n| b |\n"), "structure"),
    ("a chart without a row", COLD, ALL, chart_with(f"¦{GRID}"), "structure"),
    (
        "nine rows",
        COLD,
        ALL,
        chart_with(GRID + "".join(f"| {'¦' if row == 9 else ''}row {row} | {row} |\n" for row in range(1, 10))),
        "structure",
    ),
    ("a chart without a table", COLD, ALL, f"¦{HEAD}Words.\n{BELOW}", "structure"),
    ("two tables in a chart", COLD, ALL, chart_with(f"{GRID}| b | 1 |\n\n¦{GRID}| b | 1 |\n"), "structure"),
    ("a link in a chart", COLD, ALL, chart_with(f"{GRID}| ¦**b** | 1 |\n"), "structure"),
    ("a chart without alt", COLD, ALL, f"¦{HEAD}{GRID}| b | 1 |\n:::\n", "structure"),
    ("a chart without title", COLD, ALL, f'::: {{.chart unit="%"}}\n¦{GRID}| b | 1 |\n{BELOW}', "structure"),
    (
        "a chart without unit",
        COLD,
        ALL,
        f"::: ¦{{.chart}}\n### T\n\n{GRID}| b | 1 |\n{BELOW}",
        "missing-attribute",
    ),
    (
        "an unknown attribute of a chart",
        COLD,
        ALL,
        chart_with(f"{GRID}| b | 1 |\n").replace("most", "¦max"),
        "unknown-attribute",
    ),
    (
        "no end of a scale",
        COLD,
        ALL,
        chart_with(f"{GRID}| b | 1 |\n").replace('"100"', '"¦about 100"'),
        "unknown-value",
    ),
    ("a scale that ends at zero", COLD, ALL, chart_with(f"{GRID}| b | 1 |\n").replace("100", "¦0"), "unknown-value"),
]
ALT = "::: {.alt}\nA hive.\n:::\n:::\n"
PICTURES = [
    ("a picture that is missing", COLD, ALL, f'::: {{.picture file="¦hive.png"}}\n{ALT}', "missing-picture"),
    ("a picture elsewhere", COLD, ALL, f'::: {{.picture file="¦../hive.png"}}\n{ALT}', "picture-path"),
    ("a picture at an absolute place", COLD, ALL, f'::: {{.picture file="¦/etc/hive.png"}}\n{ALT}', "picture-path"),
    ("a picture on a drive", COLD, ALL, f'::: {{.picture file="¦C:hive.png"}}\n{ALT}', "picture-path"),
    ("a picture on the web", COLD, ALL, f'::: {{.picture file="¦https://a.org/h.png"}}\n{ALT}', "picture-path"),
    ("a picture without a file", COLD, ALL, f"::: ¦{{.picture}}\n{ALT}", "missing-attribute"),
]
PARTS = [
    ("a part that is missing", COLD, "::: {.looks}\nA quiet hive.\n:::\n", "", "missing-part"),
    ("a part twice", COLD, "::: {.looks}", "::: {.gist}\nAgain.\n:::\n\n::: {.looks}", "repeated-part"),
    ("a part that is empty", COLD, "A quiet hive.\n", "", "empty-part"),
    ("a part with nothing for one", COLD, "A quiet hive.", '[A quiet hive.]{for="growers"}', "empty-part"),
    ("two paragraphs in a line", COLD, GIST, f"{GIST}\n\n¦And more.", "not-a-line"),
    ("text outside a part", COLD, ":::\n\n::: {.spoken", ":::\n\n¦Lost words.\n\n::: {.spoken", "outside-part"),
    ("no first line", COLD, '# Cold {.factor #cold sign="left"}', "¦Cold", "section-heading"),
    ("no id", COLD, "{.factor #cold", "{.factor", "section-heading"),
    ("a bad id", COLD, "#cold", "#¦Cold_one", "bad-name"),
    ("an id twice", COLD, "#cold", "#cover", "duplicate-id"),
    ("minutes in words", COLD, 'minutes="2"', 'minutes="¦two"', "unknown-value"),
    ("no minutes at all", COLD, 'minutes="2"', 'minutes="¦0"', "unknown-value"),
    ("too many minutes", COLD, 'minutes="2"', 'minutes="¦61"', "unknown-value"),
    ("a third of a minute", COLD, 'minutes="2"', 'minutes="¦1.3"', "unknown-value"),
    ("minutes that are missing", COLD, '::: {.spoken minutes="2"}', "¦::: {.spoken}", "no-minutes"),
    ("minutes of what is not said", COLD, "::: {.gist}", '::: {.gist ¦minutes="2"}', "unknown-attribute"),
    (
        "a slide without notes",
        LAST,
        "::: {.claim}\nSources of this talk\n:::\n\n::: {.gist}\n::: {.sources}\n:::\n:::\n\n"
        '::: {.spoken minutes="2"}\nThey are in the handout.\n:::\n',
        "¦::: {.claim}\nSources of this talk\n:::\n",
        "no-notes",
    ),
    ("a length of talk that is none", COLD, 'sign="left"', 'sign="left" until="¦half"', "unknown-value"),
    ("a priority that there is not", COLD, 'sign="left"', 'sign="left" priority="¦4"', "unknown-value"),
    ("a section of the handout", COLD, 'sign="left"', 'sign="left" see="¦sourcs"', "unknown-section"),
]
# If a finding points at a line that the case does not change, these words identify it.
ELSEWHERE = {
    ("unclosed fence", "unclosed-fence"): "::: {.gist}",
    ("a part that is missing", "missing-part"): "# Cold",
    ("a part twice", "repeated-part"): "::: {.gist}\nAgain",
    ("a part that is empty", "empty-part"): "::: {.looks}",
    ("a part with nothing for one", "empty-part"): "::: {.looks}",
    ("no id", "section-heading"): "# Cold",
    ("an id twice", "duplicate-id"): "# Cold",
}
SETTINGS = [
    ("a tab", SERVICE, "paper: a4", "paper:¦\ta4", "tab"),
    ("a key twice", SERVICE, "paper: a4", "paper: a4\n¦paper: letter", "duplicate-key"),
    ("an anchor", SERVICE, "paper: a4", "paper: ¦&p a4", "anchor"),
    ("an alias", SERVICE, "paper: a4", "paper: ¦*p", "anchor"),
    ("a merge key", SERVICE, "paper: a4", "¦<<: {paper: a4}", "anchor"),
    ("a tag", SERVICE, "paper: a4", "paper: ¦!!python/object/apply:os.system [a]", "tag"),
    ("a list for a text", SERVICE, "paper: a4", "paper: ¦[a4]", "wrong-type"),
    ("a text for keys", SERVICE, "condition: {name: winter rest, short: WR}", "condition: ¦rest", "wrong-type"),
    ("an unknown key", SERVICE, "paper: a4", "¦papr: a4", "unknown-key"),
    ("an unknown value", SERVICE, "paper: a4", "paper: ¦a6", "unknown-value"),
    ("an unknown country", SERVICE, "country: UK", "country: ¦uk", "unknown-country"),
    ("an unknown theme", SERVICE, "theme: settling-line", "theme: ¦setling-line", "unknown-theme"),
    ("a colon", TOPIC, "name: Bees in winter", "name: Bees¦: in winter", "yaml"),
    ("a brace", TOPIC, "name: Bees in winter", "name: {¦{ name }}", "yaml"),
    ("an at sign", TOPIC, "name: Bees in winter", "name: ¦@bees", "yaml"),
    ("a second document", TOPIC, "keywords: [bees]", "¦---\nkeywords: [bees]", "yaml"),
    ("deep nesting", TOPIC, "keywords: [bees]", "keywords: " + "[" * 20 + "¦[" + "[" * 2000 + "]" * 2021, "too-deep"),
    ("a missing key", TOPIC, 'version: "0.1"\n', "", "missing-key"),
    ("an empty value", TOPIC, 'version: "0.1"', 'version: ¦""', "empty-value"),
    ("no date", TOPIC, "published: 2026-11-23", "published: ¦23 November", "wrong-type"),
    ("no such date", TOPIC, "next_review: 2027-11-23", "next_review: ¦2027-02-30", "wrong-type"),
    ("no length", TOPIC, "keywords: [bees]", "keywords: [bees]\nlengths: [30, ¦long]", "wrong-type"),
    ("a length of no minutes", TOPIC, "keywords: [bees]", "keywords: [bees]\nlengths: [¦0]", "wrong-type"),
    ("an unknown accent", AUDIENCES, "accent: plum", "accent: ¦plumb", "unknown-accent"),
    ("a bad name", AUDIENCES, "keepers:\n  name", "keepers:\n  ¦nam", "unknown-key"),
    ("an audience of a term", TERMS, "for: [growers]", "for: [growers, ¦growrs]", "unknown-audience"),
    (
        "what a part holds",
        KINDS,
        "{holds: line, required: true, what: The title of",
        "{holds: ¦lines, required: true, what: The title of",
        "unknown-value",
    ),
    (
        "a part that goes with another",
        KINDS,
        "holds: blocks, with: claim",
        "holds: blocks, with: ¦clame",
        "unknown-part",
    ),
    ("JSON", REFERENCES, '"id": "moss2019", "type"', '"id": "moss2019"¦ "type"', "json"),
    ("a source twice", REFERENCES, '"id": "reed2001"', '"id": "¦moss2019"', "duplicate-key"),
    ("words that are missing", WORDS, "not_reviewed:", "¦not_reviewd:", "missing-key"),
    ("a place to fill", WORDS, 'draft: "Draft {version}"', 'draft: ¦"Draft {verson}"', "word-places"),
    ("a colour", THEME, 'ink: "#000000"', 'ink: ¦"black"', "wrong-type"),
    ("a role of a colour", THEME, "after: 7, colour: accent", "after: 7, colour: ¦acent", "unknown-colour"),
    ("a paper of an edition", THEME, "papers: [a4, letter]", "papers: [a4, ¦leter]", "unknown-paper"),
    ("a style of an edition", THEME, "      h1: {size: 36", "      ¦h0: {size: 36", "unknown-key"),
    ("a colour of an edition", THEME, "hatched: [tint2]", "hatched: [¦tint3]", "unknown-colour"),
    ("a value of a sheet", THEME, "sheet: {rail: 88,", "sheet: {¦rial: 88,", "unknown-key"),
    ("no front matter", HANDOUT, "---\nrenderer: pdf", "¦renderer: pdf", "front-matter"),
    ("an unknown renderer", HANDOUT, "renderer: pdf", "renderer: ¦pdff", "unknown-renderer"),
    ("a key of front matter", HANDOUT, "renderer: pdf", "renderer: pdf\n¦audience: ¦keepers", "unknown-key wrong-type"),
]
ELSEWHERE |= {
    ("a missing key", "missing-key"): "name: Bees",
    ("words that are missing", "missing-key"): "month_1: ",
}
CHARACTERS = [
    ("an emoji", COLD, GIST, "They wait ¦\U0001f600 for the sun.", "no-glyph"),
    ("a sign that no font has", COLD, GIST, "They ¦✓ wait ✓ for the sun.", "no-glyph"),
    ("text from right to left", COLD, GIST, "They wait ¦ש.", "direction"),
    ("a change of direction", COLD, GIST, "They wait ¦\u202efor.", "direction"),
    ("a bell", COLD, GIST, "They wait¦\u0007.", "control-character"),
    ("a character that nobody sees", COLD, GIST, "They wait¦\u200b.", "invisible-character"),
    ("no character", COLD, GIST, "They wait¦\ufffe.", "noncharacter"),
    ("a private character", COLD, GIST, "They wait¦\ue000.", "noncharacter"),
    ("a tab in a text", COLD, GIST, "They¦\twait.", "tab"),
    ("an emoji in a setting", TOPIC, "name: Bees in winter", "name: Bees ¦\U0001f600", "no-glyph"),
    ("an emoji in a source", REFERENCES, '"title": "', '"title": "¦\U0001f600', "no-glyph"),
    ("a tab in a source", REFERENCES, '"id": "moss2019"', '"id": "¦moss2019", "publisher": "A\\tB"', "tab"),
    ("an escape in a setting", TOPIC, "name: Bees in winter", 'name: ¦"Bees \\u0007"', "control-character"),
    ("an emoji in a template", HANDOUT, "{% for", "¦\U0001f600{% for", "no-glyph"),
]
CASES = NAMES + FENCES + SENTENCES + BLOCKS + TABLES + FIELDS + CHARTS + PICTURES + PARTS + SETTINGS + CHARACTERS


def plant(project: Project, name: str, old: str, new: str) -> list[tuple[int, int]]:
    """Put an error into a file, and return the marked places."""
    project.replace(name, old, new)
    text = (project.root / name).read_text(encoding="utf-8")
    places = []
    while "¦" in text:
        places.append(place_of(text, text.index("¦")))
        text = text.replace("¦", "", 1)
    project.write(name, text)
    return places


def found_by(project: Project) -> tuple[Finding, ...]:
    """Return the findings of loading."""
    with pytest.raises(HandoutError) as raised:
        project.load()
    return raised.value.findings


def places_found(project: Project, findings: tuple[Finding, ...]) -> list[tuple[str, str, int, int]]:
    """Return code, file, line and column of each finding."""
    return sorted(
        (each.code, Path(each.at.file).relative_to(project.root).as_posix(), each.at.line, each.at.column)
        for each in findings
    )


@pytest.mark.full
@pytest.mark.parametrize(("what", "name", "old", "new", "codes"), CASES, ids=[case[0] for case in CASES])
def test_each_error_is_reported_at_its_place_and_all_in_one_run(
    project: Project, what: str, name: str, old: str, new: str, codes: str
) -> None:
    marked = iter(plant(project, name, old, new))
    other = COVER if name != COVER else COLD
    other_place = plant(project, other, "::: {.spoken minutes=", "::: {.¦spokn minutes=")[0]
    text = (project.root / name).read_text(encoding="utf-8")
    expected = [("unknown-part", other, *other_place)]
    for code in codes.split():
        elsewhere = ELSEWHERE.get((what, code))
        expected.append((code, name, *(place_of(text, text.index(elsewhere)) if elsewhere else next(marked))))
    findings = found_by(project)
    assert places_found(project, findings) == sorted(expected), "\n".join(map(str, findings))
    assert all(each.message for each in findings)


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("content", "code", "line", "column"),
    [
        (b"\xff\xfe#\x00", "not-utf-8", 1, 1),
        (b"# Caf\xc3\xa9\n\nCaf\xe9\n", "not-utf-8", 3, 4),
        (b"", "empty-file", 1, 1),
        (b"# " + b"a" * 5_000_001, "too-large", 0, 0),
    ],
)
def test_a_file_that_is_not_utf8_text_is_reported(
    project: Project, content: bytes, code: str, line: int, column: int
) -> None:
    (project.root / COLD).write_bytes(content)
    assert places_found(project, found_by(project)) == [(code, COLD, line, column)]


def test_a_link_out_of_the_project_is_not_read(project: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.md"
    outside.write_text("# Secret {.note #secret}\n", encoding="utf-8")
    (project.root / COLD).unlink()
    (project.root / COLD).symlink_to(outside)
    (found,) = found_by(project)
    assert (found.code, "Secret" in str(found)) == ("outside-project", False)


def test_a_named_pipe_is_refused_without_waiting(project: Project) -> None:
    (project.root / COLD).unlink()
    os.mkfifo(project.root / COLD)
    assert [found.code for found in found_by(project)] == ["not-a-file"]


@pytest.mark.parametrize("name", [AUDIENCES, SERVICE, TOPIC, KINDS, "content/contacts/ANY.yaml"])
def test_a_missing_file_is_one_finding(project: Project, name: str) -> None:
    (project.root / name).unlink()
    assert places_found(project, found_by(project)) == [("missing-file", name, 0, 0)]


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
@pytest.mark.parametrize("name", [AUDIENCES, SERVICE, TOPIC, KINDS, TERMS, WORDS, THEME])
def test_an_empty_settings_file_is_one_finding(project: Project, name: str, text: str) -> None:
    project.write(name, text)
    findings = [found for found in found_by(project) if found.code not in {"unknown-term", "unknown-theme"}]
    assert places_found(project, tuple(findings)) == [("empty-file", name, 1, 1)]


def test_a_topic_in_a_language_without_fixed_words_is_an_error(project: Project) -> None:
    (project.content / "bees/en").rename(project.content / "bees/xx")
    assert [found.code for found in found_by(project)] == ["unknown-language"]


def test_findings_about_many_bad_characters_are_limited(project: Project) -> None:
    project.replace(COLD, GIST, "\n".join(["✓ " * 3] * 300))
    assert len(found_by(project)) <= 102


# ---------------------------------------------------------------- what is almost a mistake, and is none


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (COLD, "\n", "\r\n"),
        (COLD, "# Cold", "\ufeff# Cold"),
        (COLD, "::: {.gist}", ":::::: {.gist}"),
        (COLD, "::: {.gist}", "  :::  {.gist}  "),
        (COLD, GIST, r"A \{brace\}, a \[bracket\], a \* star, \:\:\: and snake_case_words."),
        (COLD, GIST, "5 < 6 & 7 > 6; &amp; is one, AT&T and &nosuch; stay, me@example.org too, 10:30."),
        (COLD, GIST, "A **strong** and a [link](https://a.org/(x)?y=1) and [mail](mailto:a@b.org)."),
        (COLD, GIST, "One line\nand another: 2 items."),
        (COLD, GIST, 'Both [of]{for="growers"} [them]{for="keepers"}.'),
        (COLD, GIST, "Cafe\u0301 by letters that join."),
        (COLD, "Everyone reads this.", "| a | b |\n|---|---|\n| c \\| d | e |\n\n"),
        (COLD, "Everyone reads this.", "- a\n  - b\n    - c\n\n1. d\n2. e\n\n#### f\n\n"),
        (SERVICE, 'phone: ""', "phone: 0123 456"),
        (TOPIC, "authors: [The writers]", "authors: [no, 'yes: both', \"0123\"]"),
        (REFERENCES, " {", "\t{"),
    ],
)
def test_unusual_but_valid_content_has_no_findings(project: Project, name: str, old: str, new: str) -> None:
    text = (project.root / name).read_text(encoding="utf-8")
    project.write(name, text.replace(old, new) if old == "\n" else text.replace(old, new, 1))
    assert project.load().findings == ()


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("Stars **without end.", "unmatched"),
        ("A * alone.", "unmatched"),
        ("[Sun](http://example.org) rises.", "insecure-link"),
    ],
)
def test_content_that_may_be_intended_is_only_a_warning(project: Project, new: str, code: str) -> None:
    project.replace(COLD, GIST, new)
    assert [(found.severity, found.code) for found in project.load().findings] == [("warning", code)]


def test_text_for_no_audience_is_a_warning(project: Project) -> None:
    project.replace(COLD, "Only growers read of", '[Nobody]{for="keepers"} Only growers read of')
    (found,) = project.load().findings
    assert (found.code, found.at.line, found.at.column) == ("never-shown", 23, 15)


def test_an_unknown_file_next_to_the_sections_is_a_warning(project: Project) -> None:
    project.write("content/bees/en/notes.txt", "Lost words")
    (found,) = project.load().findings
    assert found.code == "not-read"
    assert "rename it to notes.md; Windows shows endings where" in found.hint
    (project.root / "content/bees/en/notes.txt").unlink()
    project.write("content/bees/en/notes.md.TXT", "Lost words")
    assert "rename it to notes.md;" in project.load().findings[0].hint


def test_yaml_values_are_kept_as_typed(project: Project) -> None:
    project.replace(SERVICE, 'phone: ""', "phone: 0123")
    project.replace(TOPIC, "authors: [The writers]", "authors: [no, 1.10, 12:30]")
    library = project.load()
    assert library.service.phone == "0123"
    assert library.topics["bees"].authors == ("no", "1.10", "12:30")


# ---------------------------------------------------------------- templates, names, and what nothing places

CARD = "templates/parts/handout-factor.md.j2"
LAYOUTS = [
    ("undefined name", CARD, "{{ section.claim }}", "{{ ¦sektion.claim }}", "unknown-name"),
    ("undefined part", CARD, "{{ section.claim }}", "{{ section.¦clam }}", "unknown-name"),
    ("undefined words", CARD, "{{ words.looks }}", "{{ words.¦lookes }}", "unknown-name"),
    ("part of another kind", CARD, "{{ section.explanation }}", "¦{{ section.body }}", "unknown-name"),
    ("file to include", HANDOUT, '¦"parts/handout-" ~', '"parts/handuot-" ~', "unknown-template"),
    ("not closed", CARD, "{{ section.claim }}", "¦{{ section.claim }", "template"),
    ("part joined", CARD, "{{ section.claim }}", '¦{{ section.claim ~ "!" }}', "part-as-text"),
    ("part in capitals", CARD, "{{ section.claim }}", "¦{{ section.claim|upper }}", "part-as-text"),
    ("parts joined", CARD, "{{ section.claim }}", '¦{{ [section.claim, section.gist]|join(", ") }}', "part-as-text"),
    ("length of a part", CARD, "{{ section.claim }}", "¦{{ section.claim|length }}", "part-as-text"),
    ("part formatted", CARD, "{{ section.claim }}", '¦{{ "%s"|format(section.claim) }}', "part-as-text"),
    ("list", CARD, "{{ section.claim }}", "¦{{ [1, 2] }}", "template"),
    ("code", CARD, "{{ section.claim }}", '¦{{ "".__class__.__mro__ }}', "template"),
    ("part in an attribute", CARD, 'label="{{ words.looks }}"', 'label="¦{{ section.gist }}"', "part-in-attribute"),
    ("part in an address", CARD, "{{ section.looks }}", "[a](¦{{ section.looks }})", "part-in-attribute"),
    ("blocks in a sentence", CARD, "{{ section.looks }}", "Look: ¦{{ section.explanation }}", "part-in-sentence"),
    ("blocks in a heading", CARD, "### {{ section.claim }}", "### ¦{{ section.explanation }}", "part-in-sentence"),
    ("class", CARD, "::: {.row label", "::: {.¦rwo label", "unknown-class"),
    ("required attribute", CARD, '::: {.row label="{{ words.looks }}"}', "::: ¦{.row}", "missing-attribute"),
    ("sign of a card", CARD, 'sign="{{ section.sign }}"', 'sign="¦lefty"', "unknown-sign"),
    ("unclosed", CARD, "{{ section.explanation }}\n:::\n", "{{ section.explanation }}\n", "unclosed-fence"),
    ("code by spaces", CARD, "{{ section.explanation }}", "    ¦{{ section.explanation }}", "code"),
    ("range", HANDOUT, "in sections", "in range(1000000000)", "template"),
]


@pytest.mark.full
@pytest.mark.parametrize(
    ("name", "old", "new", "code"), [case[1:] for case in LAYOUTS], ids=[case[0] for case in LAYOUTS]
)
def test_an_error_in_a_template_is_reported_at_its_line(
    project: Project, name: str, old: str, new: str, code: str
) -> None:
    marked = plant(project, name, old.replace("¦", ""), new)
    with pytest.raises(HandoutError) as raised:
        project.compose("growers")
    found = next(each for each in raised.value.findings if each.code == code)
    assert Path(found.at.file) == project.root / name, found
    if marked and "{{" not in new[new.index("¦") + 1 :][:2]:
        assert (found.at.line, found.at.column) == marked[0]
    elif marked:
        assert found.at.line == marked[0][0]
    assert found.message


def test_errors_in_several_templates_are_reported_in_one_run(project: Project) -> None:
    project.replace(CARD, "{{ section.claim }}", "{{ section.clam }}")
    project.replace("templates/parts/slides-factor.md.j2", "{{ words.looks }}", "{{ words.lookes }}")
    with pytest.raises(HandoutError) as raised:
        project.compose("growers")
    assert [found.code for found in raised.value.findings] == ["unknown-name", "unknown-name"]


def test_a_part_that_is_not_placed_is_reported_at_its_line(project: Project) -> None:
    project.replace(CARD, "{{ section.explanation }}", "")
    selection = select_content(project.load(), "bees", "growers", "en")
    made = [compose_document(selection, name) for name in ("handout", "slides")]
    (found,) = unplaced_parts(selection, made)
    assert (found.code, Path(found.at.file), found.at.line) == ("unplaced-part", project.root / COLD, 19)


def test_a_part_for_another_template_need_not_be_placed(project: Project) -> None:
    project.replace(CARD, "{{ section.explanation }}", "")
    project.replace(HANDOUT, "name: handout", "name: flyer")
    project.write("templates/other.md.j2", (project.root / HANDOUT).read_text().replace("name: flyer", "name: handout"))
    project.replace(COLD, "::: {.explanation}", '::: {.explanation template="flyer"}')
    selection = select_content(project.load(), "bees", "growers", "en")
    assert unplaced_parts(selection, [compose_document(selection, name) for name in ("handout", "slides")]) == ()
    (found,) = unplaced_parts(selection, [compose_document(selection, "flyer")])[:1]
    assert found.code == "unplaced-part"


@pytest.mark.parametrize(
    ("topic", "audience", "language", "code"),
    [
        ("bee", "growers", "en", "unknown-topic"),
        ("bees", "growrs", "en", "unknown-audience"),
        ("bees", "growers", "de", "unknown-language"),
    ],
)
def test_an_unknown_name_is_one_finding_with_the_nearest_name(
    project: Project, topic: str, audience: str, language: str, code: str
) -> None:
    with pytest.raises(HandoutError) as raised:
        select_content(project.load(), topic, audience, language)
    (found,) = raised.value.findings
    assert (found.code, bool(found.hint)) == (code, True)


def test_an_unknown_country_or_template_is_one_finding(project: Project) -> None:
    for template, country, code in (("handuot", "", "unknown-template"), ("handout", "uk", "unknown-country")):
        with pytest.raises(HandoutError) as raised:
            project.compose("growers", template, country)
        assert [(found.code, found.hint.startswith("did you mean")) for found in raised.value.findings] == [
            (code, True)
        ]


def test_slides_without_notes_and_duplicate_titles_are_reported_in_content(project: Project) -> None:
    project.replace("templates/parts/slides-factor.md.j2", '{% include "parts/notes.md.j2" %}', "")
    project.replace(COLD, "Cold keeps them in.", "Why do the bees stay in?")
    with pytest.raises(HandoutError) as raised:
        project.compose("growers", "slides")
    found = {each.code: (Path(each.at.file).name, each.at.line) for each in raised.value.findings}
    assert found["repeated-title"] == ("2-cold.md", 8)
    assert found["no-notes"] == ("2-cold.md", 8)


def test_sources_that_are_cited_but_not_listed_are_an_error(project: Project) -> None:
    project.replace(LAST, '::: {.sources for="keepers"}\n:::\n', "")
    with pytest.raises(HandoutError) as raised:
        project.compose("keepers")
    (found,) = raised.value.findings
    assert (found.code, found.at.line, found.at.column) == ("no-sources", 12, 32)


def test_a_second_cover_is_an_error(project: Project) -> None:
    project.write("content/bees/en/1-more.md", FILES[COVER].replace("#cover", "#second"))
    with pytest.raises(HandoutError) as raised:
        project.compose("growers")
    found = next(each for each in raised.value.findings if each.code == "repeated-cover")
    assert found.at.file.endswith("1-more.md")
    assert "1-cover.md" in found.message


def test_a_second_list_of_sources_is_an_error(project: Project) -> None:
    project.replace(COLD, "Everyone reads this.", "::: {.sources}\n:::\n\nEveryone reads this.")
    with pytest.raises(HandoutError) as raised:
        project.compose("keepers")
    (found,) = raised.value.findings
    assert (found.code, Path(found.at.file).name) == ("repeated-place", Path(LAST).name)


@pytest.mark.parametrize("name", ["top", "source-1", "cite-1"])
def test_a_section_with_a_reserved_id_is_an_error(project: Project, name: str) -> None:
    project.replace(LAST, "#sources", f"#{name}")
    with pytest.raises(HandoutError) as raised:
        project.compose("keepers")
    (found,) = raised.value.findings
    assert (found.code, Path(found.at.file).name) == ("repeated-place", Path(LAST).name)


@pytest.mark.full
def test_each_missing_fixed_word_is_reported(project: Project) -> None:
    text = (project.root / WORDS).read_text(encoding="utf-8")
    for key in REQUIRED_WORDS:
        text = text.replace(f"\n{key}:", f"\nx{key}:")
    project.write(WORDS, text)
    folder = SourceFolder(project.templates, [])
    load_fixed_words(folder)
    found = [(each.code, each.message) for each in folder.findings]
    assert found == [("missing-key", f"The words '{key}' are missing.") for key in REQUIRED_WORDS]


def test_every_fixed_word_is_used_by_the_program_or_a_template(project: Project) -> None:
    laid_out = "\n".join(path.read_text(encoding="utf-8") for path in project.templates.rglob("*.j2"))
    for key, _ in project.load().words["en"].entries:
        assert key in REQUIRED_WORDS or f"words.{key}" in laid_out, key


def test_the_program_uses_only_required_fixed_words() -> None:
    used = set()
    for path in (ROOT / "handouts").rglob("*.py"):
        used |= set(re.findall(r"\bsay\(\s*[\"']([a-z_]+)[\"']", path.read_text(encoding="utf-8")))
    shown = {f"layout_{each.name}" for each in layouts.LAYOUTS}
    shown |= {f"slot_{slot.name}" for each in layouts.LAYOUTS for slot in each.placeholders}
    assert used | shown <= set(REQUIRED_WORDS)


# ---------------------------------------------------------------- whatever is typed

SIGNS = ("**", ":::", " ", "  ", "\n", "\n\n", "- ", "1. ", "> ", "### ", "word", "two words")
THINGS = ("::: {.callout}", "{.term}", '{for="growers"}', "[a](https://a.org)", "[@moss2019]", "| a | b |", "|---|---|")
PIECES = st.lists(st.sampled_from((*'*_[]{}()<>!@:|#-\\`"~', *SIGNS, *THINGS)), max_size=40)


@given(PIECES)
def test_no_text_crashes_the_parser_and_text_without_errors_loses_no_word(pieces: list[str]) -> None:
    text = "".join(pieces)
    blocks, findings = parse_markdown(source_from_text(text, "x.md"))
    check_names(blocks, KnownNames(("growers",), ("moss2019",), ()), ("growers",))
    making = ConversionContext(Facts(), [])
    made = blocks_of(for_audience(blocks, "growers"), making)
    if not any(is_error(found) for found in (*findings, *making.findings)):
        assert text.count("word") == sum(words.count("word") for words in words_of(made))


def test_a_template_that_includes_itself_is_one_finding(project: Project) -> None:
    project.replace(CARD, "{{ section.claim }}", '{% include "parts/handout-factor.md.j2" %}')
    with pytest.raises(HandoutError) as raised:
        project.compose("growers")
    (found,) = raised.value.findings
    assert (found.code, Path(found.at.file)) == ("template", project.root / CARD)
