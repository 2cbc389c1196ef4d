"""The data set: files and card are as Hugging Face's ``datasets`` reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from scmine.database.columns import column_types, describe_columns
from scmine.database.dataset import SPLITS, split_of, write_dataset
from scmine.database.record import COLUMNS, Record


def records_of(number: int) -> list[Record]:
    """One record each of ``number`` papers."""
    return [
        Record(
            record_id=f"r{n}",
            doc_id=f"d{n}",
            doi=f"10.1/{n}",
            raw_material="MgB2",
            composition={"Mg": 1.0},
            tc_K=39.0,
        )
        for n in range(number)
    ]


def front_matter(folder: Path) -> dict[str, Any]:
    """The card's YAML."""
    yaml = pytest.importorskip("yaml")
    _, matter, _ = (folder / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    found: dict[str, Any] = yaml.safe_load(matter)
    return found


def test_one_file_holds_all(tmp_path: Path):
    done = write_dataset(records_of(3), tmp_path / "set", title='Our "set": 1')
    assert (done.records, done.splits, len(done.documents)) == (3, {"train": 3}, 3)
    [path] = (tmp_path / "set" / "data").iterdir()
    table = pq.read_table(path)
    assert tuple(table.column_names) == COLUMNS
    assert json.loads(table.to_pylist()[0]["composition"]) == {"Mg": 1.0}
    matter = front_matter(tmp_path / "set")
    assert "license" not in matter
    assert matter["pretty_name"] == 'Our "set": 1'
    assert matter["size_categories"] == ["n<1K"]
    [config] = matter["configs"]
    assert config["data_files"] == [{"split": "train", "path": f"data/{path.name}"}]
    [split] = matter["dataset_info"]["splits"]
    assert (split["num_examples"], split["num_bytes"] > 0) == (3, True)
    card = (tmp_path / "set" / "README.md").read_text(encoding="utf-8")
    assert "None is stated" in card
    assert "rights stay with" in card
    for column in describe_columns():
        assert f"| `{column.name}` | {column.type} | {column.unit} | {column.meaning} |" in card


def test_the_features_are_the_types_of_the_files(tmp_path: Path):
    write_dataset(records_of(1), tmp_path / "set")
    matter = front_matter(tmp_path / "set")
    schema = pq.read_schema(next((tmp_path / "set" / "data").iterdir()))
    arrow = {"double": "float64"}
    assert {f["name"]: f["dtype"] for f in matter["dataset_info"]["features"]} == {
        name: arrow.get(str(schema.field(name).type), str(schema.field(name).type))
        for name in column_types()
    }


def test_a_paper_is_in_one_split(tmp_path: Path):
    records = records_of(300)
    # Two versions of a paper have one DOI.
    records += [record.model_copy(update={"doc_id": f"v2-{record.doc_id}"}) for record in records]
    done = write_dataset(records, tmp_path / "set", split=True, license="CC-BY-4.0", filters="x 1")
    assert sum(done.splits.values()) == 600
    papers: dict[str, set[str]] = {}
    for name, share in SPLITS:
        [path] = (tmp_path / "set" / "data").glob(f"{name}-*.parquet")
        rows = pq.read_table(path).to_pylist()
        assert len(rows) == done.splits[name]
        assert len(rows) / 600 == pytest.approx(share, abs=0.08)
        papers[name] = {row["doi"] for row in rows}
    assert not papers["train"] & papers["test"]
    assert not papers["train"] & papers["validation"]
    matter = front_matter(tmp_path / "set")
    assert matter["license"] == "cc-by-4.0"
    assert [split["name"] for split in matter["dataset_info"]["splits"]] == [n for n, _ in SPLITS]
    card = (tmp_path / "set" / "README.md").read_text(encoding="utf-8")
    assert "only records with x 1" in card
    assert split_of(records[0]) == split_of(records[300])


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path):
    (tmp_path / "set").mkdir()
    write_dataset(records_of(1), tmp_path / "set")
    before = (tmp_path / "set" / "README.md").read_bytes()
    with pytest.raises(FileExistsError, match="name a new folder"):
        write_dataset(records_of(2), tmp_path / "set")
    assert (tmp_path / "set" / "README.md").read_bytes() == before
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        write_dataset(records_of(1), tmp_path / "gone" / "set")
    with pytest.raises(ValueError, match="no name of a licence"):
        write_dataset(records_of(1), tmp_path / "x", license="any\nthing: at all")


def test_a_data_set_is_whole_or_not_there(tmp_path: Path):
    def broken() -> Any:
        yield from records_of(2)
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError):
        write_dataset(broken(), tmp_path / "set")
    assert list(tmp_path.iterdir()) == []


def test_datasets_loads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    datasets = pytest.importorskip("datasets")
    write_dataset(records_of(40), tmp_path / "set", split=True)
    loaded = datasets.load_dataset(str(tmp_path / "set"), cache_dir=str(tmp_path / "cache"))
    assert set(loaded) == {name for name, _ in SPLITS}
    assert loaded["train"][0]["tc_K"] == 39.0
