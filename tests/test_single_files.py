"""Each file is the same and verified alike, whichever other files are requested.

Each is requested alone and with all others, passes, and leaked words are found in it.
"""

from __future__ import annotations

import pytest
from paths import ROOT
from single_files import files_of_country, files_of_request, single_file_requests, verification_faults

from handouts.library import Library
from handouts.load import load_library
from handouts.pipeline.phrase_index import PhraseIndex
from handouts.render_cache import RenderCache


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


@pytest.mark.full
@pytest.mark.parametrize("country", [pytest.param("", marks=pytest.mark.nightly), "UK"])
def test_forbidden_phrases_do_not_depend_on_the_request(library: Library, country: str) -> None:
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
def test_each_single_file_passes_and_leaks_in_it_are_found(library: Library, country: str) -> None:
    faults = [
        fault
        for each in files_of_country(library, country, RenderCache()).values()
        for fault in verification_faults(each)
    ]
    assert not faults, "\n".join(faults)
