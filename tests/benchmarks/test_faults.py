"""Mutated PDFs and bombs, and what the benchmark of faults sees in a run over them."""

from __future__ import annotations

import doctest
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.extractors import read
from scmine.extractors.document import ReadError

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import fault_mutations
import fault_runs
import faults
from fault_mutations import BOMBS, MUTATIONS, mutated
from fault_runs import Ended, Verdict

from tests.raw_pdf import make_pdf

PAPER = make_pdf("BT /F1 12 Tf 72 700 Td (The Tc of MgB2 is 39 K.) Tj ET")
SMALL = [name for name in BOMBS if "zip" not in name and "count" not in name]


def test_examples_of_the_documentation_hold() -> None:
    assert doctest.testmod(fault_mutations).failed == 0


@given(st.sampled_from(sorted(MUTATIONS)), st.integers(0, 10_000))
@settings(max_examples=60)
def test_a_seed_names_a_damage_for_good(kind: str, seed: int) -> None:
    assert mutated(PAPER, kind, seed) == mutated(PAPER, kind, seed)


@given(st.sampled_from(sorted(MUTATIONS)), st.binary(min_size=2, max_size=300), st.integers(0, 99))
@settings(max_examples=100)
def test_anything_can_be_damaged(kind: str, data: bytes, seed: int) -> None:
    assert isinstance(mutated(data, kind, seed), bytes)


def test_streams_are_damaged_inside_and_keep_their_length() -> None:
    content = b"".join(b"%d 0 m 9 9 l S\n" % n for n in range(500))
    packed = zlib.compress(content, 0)
    data = b"stream\n" + packed + b"\nendstream"
    damaged = mutated(data, "damaged streams", 3)
    assert len(damaged) == len(data)
    inside = zlib.decompressobj().decompress(damaged[7:])
    assert len(inside) == len(content)
    assert inside != content


@pytest.mark.parametrize("name", SMALL)
def test_a_bomb_is_refused_by_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    path.write_bytes(BOMBS[name]())
    with pytest.raises(ReadError):
        read(path)


def test_a_run_over_broken_papers_ends_with_a_status_for_each(tmp_path: Path) -> None:
    papers = [tmp_path / "paper.pdf"]
    papers[0].write_bytes(PAPER)
    folder = tmp_path / "mutated"
    folder.mkdir()
    for n, kind in enumerate(MUTATIONS):
        (folder / f"{n}.pdf").write_bytes(mutated(PAPER, kind, 1))
    verdict = Verdict("all kinds", len(MUTATIONS))
    db = tmp_path / "faults.db"
    fault_runs.check_statuses(fault_runs.run(fault_runs.ingest_command([folder], db)), db, verdict)
    assert verdict.wrong == []
    assert sum(verdict.statuses.values()) == len(MUTATIONS)


def test_what_goes_wrong_is_seen() -> None:
    verdict = Verdict("refusal")
    fault_runs.clear_refusal(Ended(0, "", "", 1.0), verdict, "full")
    fault_runs.clear_refusal(Ended(1, "", "Traceback: disk full", 1.0), verdict, "full")
    fault_runs.clear_refusal(Ended(1, "", "scmine: the disk is full", 1.0), verdict, "full")
    assert verdict.wrong == ["exit code 0, not 1", "no clear message", "no clear message"]
    assert "exit code 0" in faults.table([verdict])
