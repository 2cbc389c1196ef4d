"""``scmine corrections``: what it lists, what it writes, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from scmine.corpora.exchange.json_lines import from_line
from scmine.corpora.supermat import load_supermat
from scmine.database.store import open_database
from scmine.pipelines.cli import app
from tests.corpora.corrections.corrected_database import curate, save

pytestmark = pytest.mark.usefixtures("own_folder")


@pytest.fixture
def db() -> str:
    """A database with four judged records of one paper."""
    with open_database("c.db") as opened:
        save(opened)
        curate(opened)
    return "c.db"


def corrections(*words: str) -> Result:
    return CliRunner().invoke(app, ["corrections", *words])


def test_judged_records_are_listed_with_what_they_teach(db: str) -> None:
    lines = corrections("--db", db).stdout.splitlines()
    assert lines[0].endswith("MgB2, 38 K  no example (table)")
    assert "bob" in lines[2]
    assert "linking" in lines[2]
    assert lines[2].endswith("NbN, 16 K  example")
    assert "4 judged records, 3 give examples, in 1 passages" in lines
    assert "      1  invalid, extraction, tagger@1" in lines


def test_the_list_as_json_has_the_sums(db: str) -> None:
    data = json.loads(corrections("--db", db, "--json").stdout)
    assert (data["judged"], data["examples"], data["reasons"]) == (4, 3, {"table": 1})
    row = {"status": "curated", "error_type": "linking", "extractor": "tagger@1", "records": 1}
    assert row in data["by_error_type_and_extractor"]
    assert len(data["records"]) == 4


def test_filters(db: str) -> None:
    def shown(*words: str) -> list[str]:
        data = json.loads(corrections("--db", db, "--json", *words).stdout)
        return [r["record_id"] for r in data["records"]]

    assert shown("--user", "bob") == ["MgB2-16 K"]
    assert shown("--error-type", "extraction") == ["FeSe-300 K"]
    assert shown("--until", "2001-01-31") == []
    assert len(shown("--since", "2001-01-31")) == 4


def test_nothing_judged_is_said() -> None:
    open_database("empty.db").close()
    assert "nothing was corrected yet" in corrections("--db", "empty.db").stdout


def test_json_lines_go_to_standard_output(db: str) -> None:
    run = corrections("--db", db, "--to", "jsonl")
    text = from_line(run.stdout)
    assert text.about["curators"] == "ada, bob"
    assert "1 passages from 3 of 4 judged records" in run.stderr


def test_tools_get_files(db: str) -> None:
    assert corrections("--db", db, "--to", "label-studio", "-o", "tasks").exit_code == 0
    (task,) = json.loads(Path("tasks/tasks.json").read_text("utf-8"))
    assert task["data"]["text"].startswith("😀 MgB2")
    assert Path("tasks/labelling.xml").is_file()
    assert corrections("--db", db, "--to", "corpus", "-o", "tei").exit_code == 0
    (paper,) = load_supermat(Path("tei"))
    assert {paper.mention(link.head).label for link in paper.links} == {"material"}


def test_inception_gets_a_zip(db: str) -> None:
    pytest.importorskip("cassis")
    from scmine.corpora.exchange.inception import read_zip

    assert corrections("--db", db, "--to", "inception", "-o", "i.zip").exit_code == 0
    (text,) = read_zip(Path("i.zip"))
    assert text.before is not None
    assert text.after is not None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--json", "--to", "jsonl"), "--json lists"),
        (("-o", "x"), "add --to"),
        (("--to", "inception"), "needs -o OUT"),
    ],
)
def test_slips_of_usage(db: str, words: tuple[str, ...], said: str) -> None:
    run = corrections("--db", db, *words)
    assert run.exit_code == 2
    assert said in run.stderr


def test_a_missing_database_is_named() -> None:
    run = corrections("--db", "nowhere.db")
    assert run.exit_code == 1
    assert "nowhere.db" in run.stderr
