"""Each file that can be asked for is the same and is read back alike, whatever else is asked for.

Each is asked for alone and among all others; no false alarm keeps it back, and words of others are found in it.
"""

from __future__ import annotations

import pytest
from single_files import ROOT, faults_of, planned, planned_together, requests_for

from handouts.library import Library
from handouts.load import load_library
from handouts.pipeline.phrase_index import PhraseIndex
from handouts.render_cache import RenderCache


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


@pytest.mark.full
@pytest.mark.parametrize("country", [pytest.param("", marks=pytest.mark.nightly), "UK"])
def test_what_only_others_are_told_is_the_same_whatever_is_asked_for(library: Library, country: str) -> None:
    cache, others = RenderCache(), PhraseIndex(library)
    together = planned_together(library, country, cache)
    seen = set()
    for request in requests_for(library, country):
        for each in planned(library, request, cache, others):
            assert each.foreign
            file = each.deliverable.file
            assert each == together[file], request
            seen.add(file)
    assert seen == set(together)


@pytest.mark.nightly
@pytest.mark.full
@pytest.mark.parametrize("country", ["", "UK"])
def test_no_single_file_raises_a_false_alarm_and_none_hides_the_words_of_others(library: Library, country: str) -> None:
    faults = [fault for each in planned_together(library, country, RenderCache()).values() for fault in faults_of(each)]
    assert not faults, "\n".join(faults)
