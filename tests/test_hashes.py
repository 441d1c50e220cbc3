"""The same content gives the same bytes as before: a sample of the table of `hashes.py`; the nightly run checks all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hashes import all_hashes, differences, read_table, versions


@pytest.mark.full
@pytest.mark.parametrize(
    "without_caches",
    [pytest.param(False, id="as it runs"), pytest.param(True, id="without any cache", marks=pytest.mark.nightly)],
)
def test_every_file_has_its_recorded_hash(tmp_path: Path, without_caches: bool) -> None:
    if read_table()[0] != versions():
        pytest.skip(f"the table holds for other versions of libraries, {read_table()[0]}, not for {versions()}")
    assert differences(all_hashes(tmp_path, sample=True, without_caches=without_caches), sample=True) == []
