"""Real processing of small and broken PDFs, through real workers."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scmine.database.layer_packing import unpack
from scmine.database.layers import Layers
from scmine.database.store import open_database
from scmine.extractors import PIPELINE_VERSION
from scmine.extractors.document import Status
from scmine.pipelines import ingest
from scmine.pipelines.process import make_processor, process_file

LINES = (
    "Superconductivity of magnesium diboride",
    "We report superconductivity in MgB2 with a critical temperature Tc = 39 K.",
    "The transition of LaH10 was seen at Tc = 250 K under a pressure of 170 GPa.",
)


@pytest.fixture
def good(own_folder: Path, tiny_pdf: Callable[..., bytes]) -> Path:
    """A paper that can be read."""
    path = own_folder / "good.pdf"
    path.write_bytes(tiny_pdf(*LINES))
    return path


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_paper_becomes_a_result(good: Path) -> None:
    result = process_file(str(good), _sha256(good))
    assert result.status == Status.DONE
    assert result.doc_id == _sha256(good)
    assert result.pipeline_version == PIPELINE_VERSION
    assert result.page_count == 1
    assert {(r.formula, r.tc_K) for r in result.records} >= {("MgB2", 39.0), ("LaH10", 250.0)}
    assert result.steps["read"] > 0
    for record, index in zip(result.records, result.record_passages, strict=True):
        assert index is not None
        assert record.sentence in result.passages[index].text


def test_the_processor_returns_plain_data(good: Path) -> None:
    plain = make_processor()(str(good), _sha256(good))
    assert json.loads(json.dumps(plain)) == plain


def test_a_result_holds_what_was_found_besides_records(good: Path) -> None:
    result = process_file(str(good), _sha256(good))
    assert result.layers is not None
    layers = unpack(result.layers)
    found = {
        (mention.label, mention.text)
        for passage, mentions in zip(layers.passages, layers.mentions, strict=True)
        for mention in mentions
        if passage.text[mention.start : mention.end] == mention.text
    }
    assert found >= {("material", "LaH10"), ("tcValue", "250 K"), ("pressure", "170 GPa")}
    assert {link.label for links in layers.links for link in links} >= {"material-tcValue"}
    for record in result.records:
        assert record.sentence in layers.passages[record.places[0].passage].text
    assert process_file(str(good), _sha256(good), store_layers=False).layers is None


@pytest.mark.parametrize("store_layers", [True, False])
def test_a_run_stores_layers_unless_told_not_to(good: Path, store_layers: bool) -> None:
    ingest(good, db="a.db", workers=1, store_layers=store_layers)
    with open_database("a.db") as database:
        layers = Layers(database).of(_sha256(good))
    assert (layers is not None) is store_layers


def test_a_processor_has_its_models_loaded_and_no_slow_libraries() -> None:
    code = (
        "import sys\nfrom scmine.extractors import sequence_model\n"
        "from scmine.pipelines.process import make_processor\nmake_processor()\n"
        "assert sequence_model.load.cache_info().currsize == 1\n"
        "slow = ('spacy', 'torch', 'pandas', 'pymatgen', 'sqlalchemy')\n"
        "print([m for m in slow if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_file_that_vanished_is_failed(own_folder: Path) -> None:
    result = process_file("gone.pdf", "0" * 64)
    assert result.status == Status.FAILED
    assert "no such file" in result.reason.lower()


def test_broken_files_end_in_a_status_beside_a_good_one(
    good: Path, own_folder: Path, tiny_pdf: Callable[..., bytes]
) -> None:
    data = good.read_bytes()
    noise = random.Random(1).randbytes(5000)
    folder = own_folder / "papers"
    (folder / "folder.pdf").mkdir(parents=True)
    files = {
        "empty.pdf": b"",
        "text.pdf": b"This is no PDF at all.\n" * 40,
        "noise.pdf": noise,
        "header_only.pdf": b"%PDF-1.7\n" + noise,
        "half.pdf": data[: len(data) // 2],
        "no_trailer.pdf": data[: data.index(b"xref")],
        "blank.pdf": tiny_pdf(),
        "folder.pdf/good.pdf": data,
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    summary = ingest(folder, db="t.db", workers=2)
    with open_database("t.db", create=False) as database:
        states = {
            str(Path(d.path).relative_to(folder)): (d.status, d.reason)
            for d in database.documents()
        }
        materials = {
            r.formula for r in database.records() if r.path.endswith("folder.pdf/good.pdf")
        }
    assert set(states) == set(files)
    assert summary.found == len(files)
    for name in ("empty.pdf", "text.pdf", "noise.pdf"):
        assert states[name][0] == Status.NOT_A_PDF, name
    for name in ("header_only.pdf", "half.pdf", "blank.pdf"):
        assert states[name][0] != Status.DONE, name
    assert all(reason for status, reason in states.values() if status != Status.DONE)
    assert states["folder.pdf/good.pdf"][0] == Status.DONE
    assert {"MgB2", "LaH10"} <= materials
    assert summary.exit_code == 0
