"""Each file that can be asked for is the same and is read back alike, whatever else is asked for.

Each is asked for alone and among all others; no false alarm keeps it back, and words of others are found in it.
"""

from __future__ import annotations

import pytest
from single_files import ROOT, files_of_country, files_of_request, single_file_requests, verification_faults

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
    together = files_of_country(library, country, cache)
    seen = set()
    for request in single_file_requests(library, country):
        for each in files_of_request(library, request, cache, others):
            assert each.forbidden
            file = each.deliverable.file
            assert each == together[file], request
            seen.add(file)
    assert seen == set(together)


@pytest.mark.nightly
@pytest.mark.full
@pytest.mark.parametrize("country", ["", "UK"])
def test_no_single_file_raises_a_false_alarm_and_none_hides_the_words_of_others(library: Library, country: str) -> None:
    faults = [
        fault
        for each in files_of_country(library, country, RenderCache()).values()
        for fault in verification_faults(each)
    ]
    assert not faults, "\n".join(faults)
