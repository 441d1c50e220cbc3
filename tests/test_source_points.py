"""Each point of the source explanation is in each audience's handout and in each talk, also in that of 30 minutes.

The points are data: alternative wordings of what must be said. `handouts check --points` proves that
a part makes each point; this test searches for the words whatever the parts claim.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest
from paths import ROOT

from handouts.compose import compose_document
from handouts.document.text import words_of
from handouts.library import Library
from handouts.load import load_library
from handouts.select import select_content

AUDIENCES = ("family", "partners", "clinicians")
LENGTHS: Mapping[str, int] = {"handout": 0, "slides": 0, "slides of 30 minutes": 30}
POINTS: Mapping[str, tuple[str, ...]] = {
    "unstable-emotions": (r"intense", r"(above all in|in close) (close )?relationships", r"unstable|change fast"),
    "emotions-lead-to-contact": (
        r"(why|lead to|led to).{0,90}wanting contact|why some people with BPD still want contact",
    ),
    "several-reasons": (r"several (things|reasons|factors)|six (reasons|factors)|not one reason",),
    "fear-of-abandonment": (
        r"fear of (being (left( \(abandonment\))?|abandoned) or rejected|abandonment (or|and) rejection)",
        r"intense",
    ),
    "fear-leads-to-contact": (
        r"desperate(ly)? (try |attempt |to )?(to )?(keep contact|stop the alarm)|desperately to",
    ),
    "hard-to-manage": (r"strong (feelings|emotions)[^.]{0,30} (hard|struggle)|struggle to manage strong emotions",),
    "impulsive-relief": (r"impuls", r"ease|relief|lowers distress", r"long run|long-term interest"),
    "idealise-devalue": (r"pedestal", r"all bad"),
    "holds-the-positive": (
        r"hold on to the (good|positive)",
        r"lose sight of the bad|ignore the negative|while they ignore the negative",
    ),
    "worth-from-relationships": (
        r"worth\)? (depends? a great deal on one |(are|may be) heavily influenced by (the |their )?)relationship",
    ),
    "loss-is-crisis": (r"crisis", r"desperate to keep"),
    "cannot-accept": (
        r"accept(ing)? (the end|that it is over)",
        r"not healthy|unhealthy|was not good|did harm|good for neither",
    ),
    "hope": (r"things (will )?change", r"come(s)? back"),
    "validation-drives": (r"validation", r"attention", r"worth", r"(can|may) (drive|be driven)"),
    "not-everyone": (r"not everyone with BPD",),
    "not-malicious": (r"not (inherently )?manipulative or malicious",),
    "complex": (r"complex",),
    "distress": (r"(great|significant) distress", r"manag"),
    "boundaries-honesty": (r"boundar", r"clear", r"open(ly)?(,)? (and )?honest"),
    "challenging": (r"challenging",),
    "professional-help": (r"seek professional guidance|need guidance ourselves",),
    "dbt-skills": (
        r"Dialectical Behaviour Therapy",
        r"DBT",
        r"healthier (ways to cope|coping)",
        r"skills for getting on|interpersonal skills",
    ),
}


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


def text_of(library: Library, audience: str, where: str) -> str:
    """Return all words of an audience in one document."""
    selection = select_content(library, "bpd-contact", audience, "en")
    template = where.split(maxsplit=1)[0]
    composed = compose_document(
        selection, template, country="UK", today=date(2026, 11, 23), minutes=LENGTHS[where]
    ).document
    return " ".join(" ".join(words_of((composed, tuple(slide.notes for slide in composed.slides)))).split())


@pytest.mark.parametrize("where", LENGTHS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_each_point_of_the_source_is_made_to_each_audience(library: Library, audience: str, where: str) -> None:
    text = text_of(library, audience, where)
    missing = [
        (point, words) for point, all_of in POINTS.items() for words in all_of if not re.search(words, text, re.I)
    ]
    assert missing == []


def test_the_topic_lists_the_same_points_as_this_test(library: Library) -> None:
    assert [point.id for point in library.topics["bpd-contact"].points] == list(POINTS)
