"""Corrupted input for each reader: a short run of the nightly test, and tests that it would report faults."""

from __future__ import annotations

from pathlib import Path

import corrupted_inputs
import pytest

from handouts.finding import HandoutError

RUN = 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("corrupted")
    corrupted_inputs.write_small_project(home)
    return home


@pytest.mark.nightly
@pytest.mark.parametrize("reader", corrupted_inputs.READERS)
def test_corrupted_input_is_read_or_answered_with_findings(reader: str, folder: Path) -> None:
    results = [corrupted_inputs.reading_faults(reader, number, folder) for number in range(RUN)]
    assert [fault for faults, _ in results for fault in faults] == []
    assert sum(bool(codes) for _, codes in results) >= RUN // 10


@pytest.mark.full
@pytest.mark.parametrize("reader", corrupted_inputs.READERS)
def test_intact_input_is_read(reader: str, folder: Path) -> None:
    for name, content in list(corrupted_inputs.valid_inputs()[reader].items())[:10]:
        corrupted_inputs.read_input(reader, name, content, folder)


def test_the_same_seed_gives_the_same_corruption() -> None:
    for reader in corrupted_inputs.READERS:
        assert corrupted_inputs.corrupted_input(reader, 3) == corrupted_inputs.corrupted_input(reader, 3)
        assert corrupted_inputs.corrupted_input(reader, 3) != corrupted_inputs.corrupted_input(reader, 4)


def test_a_crash_is_reported_with_its_seed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise KeyError("column")

    monkeypatch.setattr(corrupted_inputs, "read_input", crash)
    (fault,), codes = corrupted_inputs.reading_faults("csv", 7, folder)
    assert fault.startswith("csv 7 (clinics.csv): ")
    assert "KeyError" in fault
    assert not codes


def test_input_over_the_time_or_memory_limit_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrupted_inputs, "MAX_SECONDS", -1.0)
    monkeypatch.setattr(corrupted_inputs, "MAX_BYTES", -1)
    faults, _ = corrupted_inputs.reading_faults("csv", 7, folder)
    assert [fault.rsplit(" ", 1)[1] for fault in faults] == ["s", "MB"]


def test_refused_input_is_no_fault(folder: Path) -> None:
    with pytest.raises(HandoutError):
        corrupted_inputs.read_input("csv", "clinics.csv", b"", folder)
