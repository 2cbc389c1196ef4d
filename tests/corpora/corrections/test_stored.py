"""Corrections of a database: text as stored at ingest, else tagged again."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from scmine.corpora.corrections.choosing import chosen, corrections_in, entries_of, wanted_of
from scmine.corpora.corrections.exporting import ExportFormat, as_zip, files_of
from scmine.corpora.corrections.judgement import NoExample
from scmine.corpora.corrections.listing import as_plain, passage_as_plain
from scmine.corpora.corrections.stored import annotated, corrections_of
from scmine.corpora.exchange.json_lines import from_line
from scmine.corpora.exchange.label_studio import from_task
from scmine.corpora.supermat import load_paper
from scmine.database.judged import Judged, JudgedFilter
from scmine.database.record import RecordStatus
from scmine.database.store import Database, open_database
from scmine.pipelines.curate import curation_of
from tests.corpora.corrections.corrected_database import DOC_ID, FOUND, curate, save
from tests.corpora.corrections.judged_texts import TEXT, known_of, linked_of, links_of
from tests.corpora.exchange.annotated_texts import bare


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "corrections.db") as opened:
        save(opened)
        curate(opened)
        yield opened


def test_judgements_meet_the_stored_text(database: Database) -> None:
    document = corrections_of(database, DOC_ID)
    (correction,) = document.corrections
    assert correction.position == 1
    assert correction.passage.text == TEXT
    assert correction.before == FOUND
    assert links_of(correction.after) == {("MgB2", "39 K"), ("NbN", "16 K")}
    assert known_of(correction) == ["MgB2", "39 K", "NbN", "16 K"]
    assert ("material-tcValue", "16 K") in linked_of(correction)
    assert {w[2] for w in correction.wrong} == {"tcValue"}
    assert len(correction.whole) == 2
    ((judgement, why),) = document.without_text
    assert (judgement.record_id, why) == ("MgB2-38 K", NoExample.TABLE)


def test_a_record_that_a_person_added_is_found_by_its_sentence(database: Database) -> None:
    added = curation_of(database).add(
        DOC_ID,
        {"raw_material": "FeSe", "raw_tc": "16 K", "tc_K": 16.0, "sentence": "and NbN at 16 K"},
        who="ada",
    )
    (correction,) = corrections_of(database, DOC_ID).corrections
    assert ("FeSe", "16 K") in links_of(correction.after)
    assert added.record_id in {j.record_id for j in correction.judgements}


def test_text_that_was_not_stored_is_tagged_again(tmp_path: Path) -> None:
    with open_database(tmp_path / "bare.db") as bare_database:
        save(bare_database, with_layers=False)
        curate(bare_database)
        (correction,) = corrections_of(bare_database, DOC_ID).corrections
    assert {m.extractor for m in correction.before.mentions} <= {"tagger@1", "rules"}
    assert {"MgB2", "39 K"} <= {m.text for m in correction.before.mentions}
    assert ("NbN", "16 K") in links_of(correction.after)


def test_undoing_takes_the_example_back(database: Database) -> None:
    curation_of(database).undo("MgB2-16 K", who="bob", expected=1)
    (correction,) = corrections_of(database, DOC_ID).corrections
    assert ("MgB2", "16 K") in links_of(correction.after)
    assert "NbN" not in known_of(correction)


def test_entries_are_chosen_and_in_order(database: Database) -> None:
    found = chosen(database, wanted_of("bob", None, None, None))
    assert [e.judgement.record_id for e in found] == ["MgB2-16 K"]
    assert found[0].judgement.why == "it is NbN's"
    assert len(corrections_in(found)) == 1
    every = entries_of(database, Judged(database).records())
    assert [(e.judgement.record_id, e.teaches) for e in every] == [
        ("MgB2-38 K", False),
        ("FeSe-300 K", True),
        ("MgB2-16 K", True),
        ("MgB2-39 K", True),
    ]
    plain = as_plain(every[0])
    assert (plain["reason"], plain["example"], plain["who"]) == ("table", False, "ada")


def test_a_record_judged_without_a_revision_counts(database: Database) -> None:
    curation_of(database).judge("MgB2-38 K", RecordStatus.REMOVED, who="ada", expected=1)
    (entry,) = [e for e in chosen(database, JudgedFilter()) if e.judgement.record_id == "MgB2-38 K"]
    assert entry.reason is NoExample.TABLE


def test_every_format_says_the_same(database: Database, tmp_path: Path) -> None:
    (correction,) = corrections_of(database, DOC_ID).corrections
    wanted = bare(correction.after)

    line = files_of(ExportFormat.JSONL, [correction])["corrections.jsonl"].decode("utf-8")
    assert bare(from_line(line).after) == wanted
    data = json.loads(line)
    assert data == passage_as_plain(correction)
    assert data["judged"]["known"] == sorted(correction.known)
    assert [r["record_id"] for r in data["records"]] == ["MgB2-39 K", "MgB2-16 K", "FeSe-300 K"]

    studio = files_of(ExportFormat.LABEL_STUDIO, [correction])
    assert set(studio) == {"tasks.json", "labelling.xml"}
    task = from_task(json.loads(studio["tasks.json"])[0])
    assert (bare(task.before), bare(task.after)) == (bare(correction.before), wanted)
    with zipfile.ZipFile(BytesIO(as_zip(studio))) as archive:
        assert archive.read("labelling.xml") == studio["labelling.xml"]

    ((name, tei),) = files_of(ExportFormat.CORPUS, [correction]).items()
    (tmp_path / name).write_bytes(tei)
    paper = load_paper(tmp_path / name)
    (passage,) = [p for p in paper.passages if p.text]
    assert passage.text == TEXT
    assert {(m.start, m.end, str(m.label)) for m in passage.mentions} == wanted[0]  # type: ignore[index]


def test_inception_says_the_same(database: Database) -> None:
    pytest.importorskip("cassis")
    from scmine.corpora.exchange.inception import read_zip

    (correction,) = corrections_of(database, DOC_ID).corrections
    ((_, data),) = files_of(ExportFormat.INCEPTION, [correction]).items()
    (text,) = read_zip(BytesIO(data))
    assert text.ident == annotated(correction).ident
    assert (bare(text.before), bare(text.after)) == (
        bare(correction.before),
        bare(correction.after),
    )
