"""``scmine annotate import``: from what annotators gave back to a corpus and a trained model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scmine.corpora.exchange.annotated import AnnotatedText, Annotations, ordered
from scmine.corpora.exchange.json_lines import to_line
from scmine.corpora.loading import load_corpus
from scmine.corpora.types import Paper
from scmine.extractors.claim import Link
from scmine.extractors.link_model import load_models
from scmine.pipelines.cli import app
from tests.corpora.annotation.tool_files import (
    GOLD,
    TEXT,
    brat_files,
    doccano_line,
    label_studio_task,
    mention,
)
from tests.corpora.corrections.test_retraining import write_supermat

SENTENCE = "Under 5 GPa the film of LaFeAsO number {} becomes superconducting at 43 K."


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


def sentence(number: int) -> tuple[str, Annotations]:
    text = SENTENCE.format(number)
    mentions = [
        mention(text, "5 GPa", "pressure"),
        mention(text, "LaFeAsO", "material"),
        mention(text, "43 K", "tcValue"),
    ]
    return text, ordered(mentions, [Link(1, 2, "material-tcValue"), Link(2, 0, "tcValue-pressure")])


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """A folder with units of two papers as they were given to annotators, and two that differ."""
    folder = tmp_path / "given"
    folder.mkdir()
    units = []
    for number in range(12):
        text, _ = sentence(number)
        about = {"doc_id": f"paper{number % 2}", "kind": "paragraph", "passage": f"p{number}"}
        units.append(AnnotatedText(f"u-{number}", text, None, None, about=about))
    lines = "".join(to_line(unit) + "\n" for unit in units)
    (folder / "units.jsonl").write_text(lines, encoding="utf-8")
    return folder


def corrected(folder: Path, *, differ: int = 0) -> Path:
    """What two annotators made in Label Studio; they differ on the first ``differ`` units."""
    tasks = []
    for number in range(12):
        text, gold = sentence(number)
        second = Annotations(gold.mentions[1:]) if number < differ else gold
        tasks.append(label_studio_task(f"u-{number}", text, {"anna": gold, "ben": second}))
    path = folder / "export.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


def papers_in(folder: Path) -> list[Paper]:
    return list(load_corpus("supermat", folder).papers)


def test_a_corpus_comes_out(exported: Path, tmp_path: Path) -> None:
    out = tmp_path / "annotated"
    code, output = run("annotate", "import", corrected(exported), "-o", out)
    assert code == 0, output
    assert "12 units, 24 versions by anna, ben" in output
    assert "12  agreed" in output
    first, second = papers_in(out)
    assert (first.stem, second.stem) == ("paper0", "paper1")
    assert [p.text for p in first.passages if p.text] == [
        SENTENCE.format(n) for n in range(0, 12, 2)
    ]
    words = {p.text[m.start : m.end] + "/" + m.label for p in first.passages for m in p.mentions}
    assert words == {"5 GPa/pressure", "LaFeAsO/material", "43 K/tcValue"}
    assert len(first.links) == 12


def test_the_same_folder_is_not_written_twice(exported: Path, tmp_path: Path) -> None:
    path = corrected(exported)
    assert run("annotate", "import", path, "-o", tmp_path / "out")[0] == 0
    code, output = run("annotate", "import", path, "-o", tmp_path / "out")
    assert code == 1
    assert "is not empty" in output


def test_units_in_doubt_wait_for_a_decision(exported: Path, tmp_path: Path) -> None:
    path = corrected(exported, differ=3)
    code, output = run("annotate", "import", path, "-o", tmp_path / "a", "--json")
    assert code == 0
    told = json.loads(next(line for line in output.splitlines() if line.startswith("{")))
    assert (told["undecided"], told["decided"]) == (3, {"agreed": 9})
    follow = ("annotate", "import", path, "--follow", "ben", "-o", tmp_path / "b")
    assert "3  followed" in run(*follow)[1]
    text, gold = sentence(0)
    settled = tmp_path / "settled.jsonl"
    settled.write_text(to_line(AnnotatedText("u-0", text, None, gold)) + "\n", encoding="utf-8")
    more = ("annotate", "import", path, "--adjudicated", settled, "-o", tmp_path / "c")
    code, output = run(*more)
    assert "1  adjudicated" in output
    assert "2  undecided" in output
    code, output = run("annotate", "import", path, "--follow", "carl", "-o", tmp_path / "d")
    assert code == 1
    assert "no annotator 'carl' to follow; there are: anna, ben" in output


def test_the_majority_decides_if_asked(tmp_path: Path) -> None:
    for name, found in (("a", GOLD), ("b", GOLD), ("c", Annotations())):
        brat_files(tmp_path / "brat" / name, "p-1", TEXT, found)
    words = ("annotate", "import", tmp_path / "brat", "-o")
    assert "1  undecided" in run(*words, tmp_path / "out1")[1]
    code, output = run(*words, tmp_path / "out2", "--majority")
    assert code == 0, output
    assert "1  majority" in output
    [paper] = papers_in(tmp_path / "out2")
    assert sum(len(p.mentions) for p in paper.passages) == len(GOLD.mentions)


def test_refused_units_are_named_and_the_rest_is_written(exported: Path, tmp_path: Path) -> None:
    path = corrected(exported)
    tasks = json.loads(path.read_text("utf-8"))
    tasks[0]["data"]["text"] += " And more."
    path.write_text(json.dumps(tasks), encoding="utf-8")
    out = tmp_path / "out"
    code, output = run("annotate", "import", path, "-o", out)
    assert code == 1
    assert "unit u-0: its text is not that of the export" in output
    assert "11 units" in output
    rows = [json.loads(line) for line in (out / "problems.jsonl").read_text("utf-8").splitlines()]
    assert {row["fault"] for row in rows} == {"text_changed"}


def test_what_an_import_wrote_can_be_imported_again(exported: Path, tmp_path: Path) -> None:
    run("annotate", "import", corrected(exported, differ=2), "-o", tmp_path / "a")
    again = ("annotate", "import", tmp_path / "a" / "annotations.jsonl", "-o", tmp_path / "b")
    code, output = run(*again)
    assert code == 0, output
    names = {p.name for p in (tmp_path / "a").iterdir()} - {"problems.jsonl"}
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_what_the_form_cannot_hold_is_counted_and_kept(tmp_path: Path) -> None:
    text = "\x0cLaH10 is\r\nFm-3m."
    found = ordered(
        [
            mention(text, "LaH10", "material"),
            mention(text, "H10", "class"),
            mention(text, "Fm-3m", "space_group"),
        ],
        [],
    )
    path = tmp_path / "anna.jsonl"
    path.write_text(to_line(AnnotatedText("p-1", text, None, found)), encoding="utf-8")
    code, output = run("annotate", "import", path, "-o", tmp_path / "out")
    assert code == 0, output
    assert "1  class: no place for it" in output
    assert "1  space_group: no place for it" in output
    kept = json.loads((tmp_path / "out" / "annotations.jsonl").read_text("utf-8"))
    assert [e["text"] for e in kept["decided"]["entities"]] == ["LaH10", "H10", "Fm-3m"]


def test_agreement_is_told(exported: Path) -> None:
    path = corrected(exported, differ=4)
    code, output = run("annotate", "agreement", path, "--rounds", "50")
    assert code == 0, output
    assert "12 units by anna, ben; 12 by more than one" in output
    assert "Cohen's kappa, words: anna, ben" in output
    assert "Words by label: anna in rows, ben in columns" in output
    code, output = run("annotate", "agreement", path, "--rounds", "50", "--json")
    told = json.loads(next(line for line in output.splitlines() if line.startswith("{")))
    found = {(f["name"], f["label"]): f for f in told["figures"]}
    assert found["f1_exact", None]["value"] == pytest.approx(2 * 32 / (36 + 32), abs=1e-4)
    assert found["f1_exact", "material"]["value"] == 1
    assert told["confusion"][0]["annotators"] == ["anna", "ben"]


def test_one_annotator_agrees_with_nobody(tmp_path: Path) -> None:
    folder = brat_files(tmp_path / "anna", "p-1", TEXT, GOLD)
    code, output = run("annotate", "agreement", folder)
    assert code == 0
    assert "there is one annotator only" in output


def test_differences_go_to_an_adjudicator_and_what_is_decided_wins(
    exported: Path, tmp_path: Path
) -> None:
    path = corrected(exported, differ=3)
    code, output = run("annotate", "adjudicate", path)
    assert code == 0
    assert output.count(",missing,") == 3
    assert "3 of 12 units differ" in output
    tasks = tmp_path / "tasks.json"
    run("annotate", "adjudicate", path, "--to", "label-studio", "-o", tasks)
    decided = json.loads(tasks.read_text("utf-8"))
    for task in decided[:2]:
        shown = {p["model_version"]: p["result"] for p in task["predictions"]}
        task["annotations"] = [{"id": 1, "completed_by": 9, "result": shown["ben"]}]
    tasks.write_text(json.dumps(decided[:2]), encoding="utf-8")
    out = tmp_path / "out"
    code, output = run("annotate", "import", path, "--adjudicated", tasks, "-o", out)
    assert code == 0, output
    assert "2  adjudicated" in output
    assert "1  undecided" in output
    left = ("annotate", "adjudicate", path, "--adjudicated", tasks)
    assert "1 of 12 units differ" in run(*left)[1]


def test_sc_comics(tmp_path: Path) -> None:
    folder = tmp_path / "anna"
    folder.mkdir()
    text = "Zn doping of Y\r\nlowers Tc."
    (folder / "a-1.txt").write_bytes(text.encode())
    lines = (
        "T1\tElement 0 2\tZn\nT2\tDoping 3 9\tdoping\nT3\tElement 13 14\tY\nT4\tSC 23 25\tTc\n"
        "E1\tDoping:T2 Dopant:T1 Site:T3\nR1\tTarget Arg1:E1 Arg2:T4\n"
    )
    (folder / "a-1.ann").write_text(lines, encoding="utf-8")
    out = tmp_path / "out"
    code, output = run("annotate", "import", folder, "--schema", "sc-comics", "-o", out)
    assert code == 0, output
    [paper] = load_corpus("sc-comics", out).papers
    assert paper.passages[0].text == text
    [event] = paper.events
    assert [role for role, _ in event.arguments] == ["Dopant", "Site"]
    [link] = paper.links
    assert (link.label, link.head_event) == ("Target", 0)


def test_the_linker_learns_what_annotators_gave_back(exported: Path, tmp_path: Path) -> None:
    out = tmp_path / "annotated"
    run("annotate", "import", corrected(exported), "-o", out)
    supermat = write_supermat(tmp_path / "supermat")
    words = ("train", "linker", supermat, "-o")
    code, output = run(*words, tmp_path / "with", "--with-annotations", out, "--upsample", "3")
    assert code == 0, output
    assert "annotations: 2 papers with 36 mentions; 2 of them with known links; 0 papers" in output
    assert run(*words, tmp_path / "without")[0] == 0
    # Only the annotated papers state a pressure.
    assert set(load_models(tmp_path / "with")) > set(load_models(tmp_path / "without"))


def test_links_that_a_format_cannot_say_are_not_learnt_as_absent(
    exported: Path, tmp_path: Path
) -> None:
    lines = []
    for number in range(12):
        text, gold = sentence(number)
        data = json.loads(doccano_line(text, gold, unit=f"u-{number}"))
        del data["relations"]
        lines.append(json.dumps(data) + "\n")
    path = exported / "anna.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    out = tmp_path / "annotated"
    assert run("annotate", "import", path, "-o", out)[0] == 0
    words = ("train", "linker", write_supermat(tmp_path / "supermat"), "-o", tmp_path / "with")
    code, output = run(*words, "--with-annotations", out)
    assert code == 0, output
    assert "2 papers with 36 mentions; 0 of them with known links" in output


def test_papers_that_are_scored_on_are_left_out(tmp_path: Path) -> None:
    supermat = write_supermat(tmp_path / "supermat")
    quoted = sentence(7)[0]
    path = supermat / "JP01103169-CC.tei.xml"  # a paper for development
    body = path.read_text("utf-8").replace(
        "<body>", f"<body><p>{quoted} It was grown by pulsed laser deposition.</p>"
    )
    path.write_text(body, encoding="utf-8")
    lines = [
        to_line(AnnotatedText(f"{doc}-{i}", text, None, Annotations(), about={"doc_id": doc}))
        for doc, text in (("dev", quoted), ("dev", "Short."), ("other", sentence(1)[0] + " No."))
        for i in (len(text),)
    ]
    path = tmp_path / "anna.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "annotated"
    assert run("annotate", "import", path, "-o", out)[0] == 0
    words = ("train", "linker", supermat, "-o", tmp_path / "m", "--with-annotations", out)
    code, output = run(*words)
    assert code == 0, output
    assert "1 papers with 0 mentions; 1 of them with known links; 1 papers left out" in output


def test_the_tagger_learns_what_annotators_gave_back(exported: Path, tmp_path: Path) -> None:
    for name in ("torch", "scipy", "onnx"):
        pytest.importorskip(name)
    from tests.corpora.test_train_tagger import write_corpora

    annotated = tmp_path / "annotated"
    run("annotate", "import", corrected(exported), "-o", annotated)
    words = ("train", "tagger", *write_corpora(tmp_path), "-o", tmp_path / "model")
    code, output = run(*words, "--seed", "0", "--epochs", "1", "--with-annotations", annotated)
    assert code == 0, output
    assert "annotations: 2 papers with 36 mentions" in output
    assert "before: the packaged model" in output


def test_a_folder_without_annotations_is_named(tmp_path: Path) -> None:
    supermat = write_supermat(tmp_path / "supermat")
    words = ("train", "linker", supermat, "-o", tmp_path / "m", "--with-annotations", tmp_path)
    code, output = run(*words)
    assert code == 1
    assert "scmine annotate import writes them" in output


def test_a_corpus_that_cannot_be_written_leaves_no_folder(tmp_path: Path) -> None:
    lines = [
        to_line(AnnotatedText(f"u-{i}", TEXT, None, GOLD, about={"doc_id": doc}))
        for i, doc in enumerate(("a/b", "a.b"))
    ]
    path = tmp_path / "anna.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "deep" / "out"
    code, output = run("annotate", "import", path, "-o", out)
    assert code == 1
    assert "two papers would have this name" in output
    assert list((tmp_path / "deep").iterdir()) == []


def test_names_in_files_do_not_steer_the_terminal(tmp_path: Path) -> None:
    data = {"id": "p-1", "text": "MgB2", "entities": [], "links": [], "annotator": "a\x1b[2J"}
    path = tmp_path / "anna.jsonl"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert "\x1b" not in run("annotate", "agreement", path)[1]
    code, output = run("annotate", "import", path, "-o", tmp_path / "out")
    assert code == 0
    assert "\x1b" not in output
