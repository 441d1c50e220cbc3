"""Each point of the source explanation is in each audience's handout. The points are data: what must be said, in words
that each voice may choose from.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from two_readers import ROOT

from handouts import compose_document, load_library, select_content
from handouts.document import Document, words_of

POINTS: dict[str, tuple[str, ...]] = {
    "intense and unstable emotions, in relationships above all": (
        r"intense",
        r"relationships",
        r"unstable|change fast",
    ),
    "seeking contact after being told that it is over": (
        r"(keep|seeking|wanting|go on) .{0,20}contact",
        r"ending|over",
    ),
    "fear of abandonment": (
        r"fear of (being left \()?abandonment|deep fear of being left",
        r"pulls away|it is over|loss",
    ),
    "emotional dysregulation": (r"dysregulat|hard to (steer|manage)", r"impuls", r"relief"),
    "not in the long-term interest": (r"regret|long run|shame",),
    "idealisation": (r"idealis", r"pedestal|idealised"),
    "devaluation": (r"devalu", r"all bad"),
    "holding on to the good side": (r"good (side|times)|idealised picture",),
    "identity and self-worth": (r"identity", r"worth|self-esteem", r"crisis|painful incoherence"),
    "difficulty letting go": (r"letting go", r"accept an ending|outlive", r"hope"),
    "things may change or the person may come back": (r"come back|change their mind|one last talk",),
    "need for validation and attention": (r"validation and attention", r"reassurance|worth|matter"),
    "not everyone behaves the same": (r"not everyone with",),
    "not inherently manipulative or malicious": (r"not (inherently )?manipulative or (malicious|cruel)",),
    "significant distress": (r"deep distress|distress is real",),
    "clear boundaries": (r"boundar", r"clear"),
    "open and honest communication": (r"open(ly)?(,)? (and )?honest",),
    "professional guidance and support": (r"professional|specialist|supervisor",),
    "support is challenging": (r"tired|carry a lot|strain",),
    "therapy such as DBT": (r"Dialectical Behaviour Therapy \(DBT\)|DBT is well supported",),
    "coping and interpersonal skills": (
        r"cope with strong feelings and to get on with others|general psychiatric management",
    ),
}


@pytest.fixture(scope="module")
def handouts() -> dict[str, str]:
    library = load_library(ROOT / "content", ROOT / "templates")
    return {name: text_of(handout(library, name)) for name in library.audiences}


def handout(library: object, audience: str) -> Document:
    selection = select_content(library, "bpd-contact", audience, "en")  # type: ignore[arg-type]
    return compose_document(selection, "handout", country="UK", today=date(2026, 11, 23)).document


def text_of(document: Document) -> str:
    return " ".join(" ".join(words_of(document.blocks)).split())


@pytest.mark.parametrize("audience", ["family", "partners", "clinicians"])
@pytest.mark.parametrize("point", POINTS)
def test_each_point_of_the_source_is_in_each_handout(handouts: dict[str, str], audience: str, point: str) -> None:
    missing = [words for words in POINTS[point] if not re.search(words, handouts[audience], re.IGNORECASE)]
    assert not missing
