"""``scmine annotate`` gives annotators what teaches most, and what comes back fits."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scmine.corpora.annotation.exporting import Tool, files_of, how_to_load, numbered
from scmine.corpora.annotation.importing import collect
from scmine.corpora.annotation.reading import Given, read_all
from scmine.corpora.annotation.schema import schema_of
from scmine.corpora.exchange.annotated import AnnotatedText
from scmine.corpora.exchange.json_lines import from_line
from scmine.extractors.schemes import Scheme
from scmine.pipelines.cli import app

FIRST = """# Superconductivity in MgB2

## Abstract

We report superconductivity in MgB2 with a Tc of 39 K at ambient pressure 😀.

## Results

Under a pressure of 5 GPa the transition temperature of MgB2 falls to 30 K, as resistivity shows.
The lattice parameters were refined from powder diffraction data of high quality.
LaFeAsO0.89F0.11 superconducts below 26 K, which susceptibility measurements confirm.
"""
SECOND = """# Iron-based superconductors

## Abstract

LaFeAsO0.89F0.11  superconducts below 26\u2009K, which susceptibility measurements confirm.

## Results

The critical temperature of SmFeAsO0.9F0.1 reaches 55 K, the highest of this class.
"""
TOOLS = list(Tool)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "first.md").write_text(FIRST, encoding="utf-8")
    (folder / "second.md").write_text(SECOND, encoding="utf-8")
    return folder


def _run(*words: object) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["annotate", *map(str, words), "--workers", "1"])
    return found.exit_code, found.output


def _units(out: Path) -> list[AnnotatedText]:
    return [from_line(line) for line in (out / "units.jsonl").read_text("utf-8").splitlines()]


def test_units_come_ordered_without_duplicates_and_it_is_said_which(
    papers: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    code, said = _run(papers, "--to", "label-studio", "-o", out)
    assert code == 0, said
    units = _units(out)
    assert "1 duplicates left out (1 exact)" in said
    assert sum("LaFeAsO0.89F0.11" in u.text for u in units) == 1
    lines = (out / "duplicates.csv").read_text("utf-8").splitlines()
    left_out, kept, how, likeness = lines[1].split(",")
    assert (how, likeness) == ("exact", "1.0")
    assert kept in {u.ident for u in units}
    assert left_out not in {u.ident for u in units}
    tasks = json.loads((out / "tasks.json").read_text("utf-8"))
    assert [t["data"]["id"] for t in tasks] == [u.ident for u in units]
    assert [u.about["rank"] for u in units] == [str(i + 1) for i in range(len(units))]
    assert float(units[0].about["doubt"]) > float(units[-1].about["doubt"])
    assert all(t["data"][k] for t in tasks for k in ("place", "look_at", "reasons", "left"))
    assert "Sequential" in (out / "README.md").read_text("utf-8")
    assert {p.name for p in tmp_path.iterdir()} == {"papers", "out"}  # nothing half made is left


def test_what_is_there_is_not_written_over(papers: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine").write_text("kept", encoding="utf-8")
    code, said = _run(papers, "--to", "jsonl", "-o", out)
    assert code == 2
    assert "nothing is written over" in said
    assert [p.name for p in out.iterdir()] == ["mine"]


def test_what_was_annotated_is_left_out_and_orders_differ(papers: Path, tmp_path: Path) -> None:
    first, second, plain = (tmp_path / name for name in ("first", "second", "plain"))
    assert _run(papers, "--to", "jsonl", "-o", first, "--limit", 3)[0] == 0
    code, said = _run(papers, "--to", "jsonl", "-o", second, "--exclude", first, "--json")
    assert code == 0
    assert json.loads(said)["excluded"] >= 3
    done, left = ({u.text for u in _units(out)} for out in (first, second))
    assert len(done) == 3
    assert not done & left
    assert _run(papers, "--to", "jsonl", "-o", plain, "--order", "paper")[0] == 0
    every = _units(plain)
    assert {u.text for u in every} == done | left
    places = [(u.about["file"], u.about["passage"], int(u.about["start"])) for u in every]
    assert places == sorted(places, key=lambda p: (p[0], int(p[1][1:]), p[2]))


def test_annotators_share_some_units_and_get_the_rest_dealt(papers: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    names = ["--annotators", "ann,ben", "--overlap", 2]
    code, said = _run(papers, "--to", "brat", "-o", out, "--unit", "passage", *names)
    assert code == 0, said
    given = {
        name: {p.stem.partition("-")[2] for p in (out / name).glob("*.ann")}
        for name in ("ann", "ben")
    }
    units = _units(out)
    assert len(given["ann"] & given["ben"]) == 2
    assert given["ann"] | given["ben"] == {u.ident for u in units}
    for unit in units:
        assert set(unit.about["annotators"].split(",")) == {
            name for name, idents in given.items() if unit.ident in idents
        }
    assert (out / "ann" / "annotation.conf").exists()


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--to", "brat", "--overlap", "2"], "--annotators"),
        (["--to", "brat", "--annotators", "ann,ann"], "different names"),
        (["--to", "brat", "--annotators", "../x,y"], "different names"),
        (["--to", "word"], "word"),
    ],
)
def test_wrong_usage_is_told(papers: Path, tmp_path: Path, words: list[str], what: str) -> None:
    code, said = _run(papers, "-o", tmp_path / "out", *words)
    assert code == 2
    assert what in said
    assert not (tmp_path / "out").exists()


def test_a_paper_that_gives_nothing_is_named_and_the_rest_is_written(
    papers: Path, tmp_path: Path
) -> None:
    (papers / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    out = tmp_path / "out"
    code, said = _run(papers, tmp_path / "missing", "--to", "jsonl", "-o", out)
    assert code == 1
    assert "broken.pdf" in said
    assert f"{tmp_path / 'missing'}: no such file" in said
    assert _units(out)


@pytest.mark.parametrize("tool", TOOLS)
def test_what_comes_back_untouched_is_what_was_proposed(
    papers: Path, tmp_path: Path, tool: Tool
) -> None:
    if tool is Tool.INCEPTION:
        pytest.importorskip("cassis")
    out = tmp_path / "out"
    assert _run(papers, "--to", "jsonl", "-o", out)[0] == 0
    units = _units(out)
    text = units[0]
    units[0] = AnnotatedText(  # what readers of papers never give, but other texts have
        text.ident,
        f"{text.text}\r\n\r\n𝑇c e\u0301 Å",
        text.before,
        None,
        text.sentences,
        text.about,
    )
    back = _given_back(tool, units, tmp_path / "back")
    found = collect(read_all([Given(path, "ann") for path in back]), "supermat", units)
    assert found.problems == ()
    versions = {unit.ident: unit.versions[0] for unit in found.units}
    assert versions.keys() == {u.ident for u in units}
    for unit in units:
        assert unit.before is not None
        version = versions[unit.ident]
        assert [(m.start, m.end, m.label) for m in version.mentions] == [
            (m.start, m.end, str(m.label)) for m in unit.before.mentions
        ]
        assert Counter((k.head, k.tail, k.label) for k in version.links or ()) == Counter(
            (k.head, k.tail, str(k.label)) for k in unit.before.links
        )


def _given_back(tool: Tool, units: list[AnnotatedText], folder: Path) -> Iterable[Path]:
    """The files as an annotator gives them back who changed nothing."""
    for name, content in files_of(tool, units, schema_of(Scheme.SUPERMAT)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if tool is Tool.LABEL_STUDIO:
        path = folder / "tasks.json"
        tasks = json.loads(path.read_text("utf-8"))
        for task in tasks:
            task["annotations"] = [{"result": task.pop("predictions")[0]["result"]}]
        path.write_text(json.dumps(tasks), encoding="utf-8")
        return [path]
    if tool is Tool.JSONL:
        path = folder / "tasks.jsonl"
        lines = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
        for line in lines:
            line["after"] = line["before"]
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
        return [path]
    if tool is Tool.DOCCANO:
        return [folder / "tasks.jsonl"]
    if tool is Tool.INCEPTION:
        return [_project(folder)]
    return [folder]


def _project(folder: Path) -> Path:
    """The documents as INCEpTION exports a project: a zip of a zip for each user of each."""
    path = folder / "project.zip"
    with zipfile.ZipFile(path, "w") as project:
        for document in sorted((folder / "documents").iterdir()):
            inner = io.BytesIO()
            with zipfile.ZipFile(inner, "w") as archive:
                archive.write(document, "ann.xmi")
                archive.write(folder / "TypeSystem.xml", "TypeSystem.xml")
            project.writestr(f"annotation/{document.name}/ann.zip", inner.getvalue())
    return path


def test_each_tool_has_its_instructions_and_names_sort_in_order() -> None:
    assert all(how_to_load(tool).startswith("## ") for tool in Tool)
    names = [name for name, _ in numbered([AnnotatedText(f"u{i}", "x") for i in range(12)])]
    assert names == sorted(names)
    assert names[0] == "01-u0"
