"""The files of a small first topic: two sections, two audiences, and a third audience of other topics only."""

from __future__ import annotations

from collections.abc import Mapping

AUDIENCES, TOPIC = "content/audiences.yaml", "content/sleep/topic.yaml"
COVER, NIGHT = "content/sleep/en/1-cover.md", "content/sleep/en/2-night.md"
TERMS, REFERENCES, SERVICE = "content/terms.yaml", "content/references.json", "content/service.yaml"
CONTACTS, THEME = "content/contacts/UK.yaml", "templates/themes/settling-line.yaml"
HANDOUT, SECTION = "templates/handout.md.j2", "templates/parts/handout-section.md.j2"

FILES: Mapping[str, str] = {
    AUDIENCES: """\
parents:
  name: Parents
  cover: Parents
  label: For parents
  accent: harbour
  reading: {handout: {sentence: 25, list: 7}}
teachers:
  name: Teachers
  cover: Teachers
  label: For teachers
  accent: plum
  reading: {handout: {sentence: 25, list: 7}}
nurses:
  name: Nurses
  cover: Nurses
  label: For nurses
  accent: clay
  reading: {}
""",
    TOPIC: """\
name: Sleep after a fright
audiences: [parents, teachers]
version: "1.0"
published: 2026-11-23
authors: [The writers]
reviewed_by: [A nurse]
reviewed_on: 2026-11-20
next_review: 2027-11-23
keywords: [sleep]
licence: CC BY 4.0
""",
    COVER: """\
# Cover {.cover #cover}

::: {.title}
Sleep after a fright
:::

::: {.subtitle}
What helps at night.
:::

::: {.short-title}
Sleep
:::

::: {.spoken minutes="2"}
Welcome them.
:::
""",
    NIGHT: """\
# Night {.section #night}

::: {.heading for="parents"}
At night, at home
:::

::: {.heading for="teachers"}
The morning after
:::

::: {.body for="parents"}
Many children wake up [@moss2019]. A [nightmare]{.term} passes.

::: {.figure name="fork"}
- question: Is it night?
- red: Call
- amber: Wait
- green: Sleep

::: {.alt}
The night goes three ways: call, wait or sleep.
:::

Begin above and go down.
:::

::: {.contacts needs="danger"}
:::

::: {.sources}
:::
:::

::: {.body for="teachers"}
Ask how the night was.
:::

::: {.claim}
Most bad nights pass
:::

::: {.gist}
- Stay near.
- Keep the light low.
:::

::: {.spoken minutes="2"}
Say it slowly.
:::
""",
    TERMS: """\
nightmare:
  means: a bad dream
  for: [parents]
""",
    REFERENCES: """\
[
 {
  "id": "moss2019",
  "type": "article-journal",
  "title": "Children at night",
  "author": [{"family": "Moss", "given": "A. B."}],
  "container-title": "J Sleep",
  "issued": {"date-parts": [[2019]]}
 }
]
""",
    SERVICE: """\
name: ""
phone: ""
country: UK
paper: a4
theme: settling-line
""",
}
