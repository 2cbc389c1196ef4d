"""brat's files say what was annotated, and brat's reader reads them back."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings

from scmine.corpora.brat import Scheme, load_brat
from scmine.corpora.exchange.annotated import AnnotatedText, Annotations, ordered
from scmine.corpora.exchange.brat_files import annotation_lines, configuration
from scmine.corpora.sc_comics import SCHEME, load_sc_comics
from scmine.extractors.claim import Label, Link, LinkLabel, Mention
from tests.corpora.exchange.annotated_texts import annotated_texts

ALL = Scheme(frozenset(map(str, Label)), frozenset(map(str, LinkLabel)), {})


def _written(folder: Path, name: str, text: str, annotations: Annotations) -> str:
    lines = annotation_lines(text, annotations, SCHEME.events)
    (folder / f"{name}.txt").write_bytes(text.encode("utf-8"))
    (folder / f"{name}.ann").write_bytes(lines.encode("utf-8"))
    return lines


@settings(deadline=None)
@given(annotated_texts())
def test_what_was_written_is_read(text: AnnotatedText) -> None:
    wanted = text.after
    assert wanted is not None
    with TemporaryDirectory() as folder:
        _written(Path(folder), "a", text.text, wanted)
        paper = load_brat(Path(folder), "a", ALL, "paragraph")
    [passage] = paper.passages
    assert passage.text == text.text
    assert [(m.start, m.end, m.label) for m in passage.mentions] != [] or not wanted.mentions
    found = {(m.start, m.end, m.label) for m in passage.mentions}
    whole = {(m.start, m.end, str(m.label)) for m in wanted.mentions if "\n" not in m.text}
    assert whole <= found
    assert len(passage.mentions) == len(wanted.mentions)
    assert len(paper.links) == len(wanted.links)
    for mention in passage.mentions:
        assert all(
            "\n" not in text.text[a:b] or not text.text[a:b].strip("\r\n") for a, b in mention.spans
        )


def test_offsets_count_code_points_and_line_ends_cut_mentions() -> None:
    text = "😀 e\u0301 MgB2\r\nfilms at 39 K"
    found = ordered([Mention(5, 16, "material", text[5:16])], [])
    assert annotation_lines(text, found, {}) == "T1\tmaterial 5 9;11 16\tMgB2 films\n"


def test_reasons_are_notes_and_nothing_else_is() -> None:
    mentions = [Mention(0, 4, "material", "MgB2", 0.4), Mention(5, 9, "tcValue", "39 K", 0.4)]
    found = ordered(
        mentions, [Link(0, 1, "material-tcValue", 0.7)], ["two\nlines", ""], ["only me"]
    )
    assert annotation_lines("MgB2 39 K", found, {}).splitlines() == [
        "T1\tmaterial 0 4\tMgB2",
        "T2\ttcValue 5 9\t39 K",
        "R1\tmaterial-tcValue Arg1:T1 Arg2:T2",
        "#1\tAnnotatorNotes T1\ttwo lines; score 0.40",
        "#2\tAnnotatorNotes R1\tonly me; score 0.70",
    ]


def test_a_doping_is_an_event_with_its_roles(tmp_path: Path) -> None:
    text = "Zn and Ni doped for Cu in YBCO at 5 %"
    mentions = [
        Mention(0, 2, "Element", "Zn"),
        Mention(7, 9, "Element", "Ni"),
        Mention(10, 15, "Doping", "doped"),
        Mention(20, 22, "Element", "Cu"),
        Mention(26, 30, "Main", "YBCO"),
        Mention(34, 37, "Value", "5 %"),
    ]
    links = [
        Link(2, 0, "Dopant"),
        Link(2, 1, "Dopant"),
        Link(2, 3, "Site"),
        Link(2, 4, "Target"),
        Link(5, 2, "Condition"),
    ]
    lines = _written(tmp_path, "a", text, ordered(mentions, links))
    assert "E1\tDoping:T3 Dopant:T1 Dopant2:T2 Site:T4" in lines
    [paper] = load_sc_comics(tmp_path)
    [event] = paper.events
    assert [role for role, _ in event.arguments] == ["Dopant", "Dopant2", "Site"]
    assert {(k.label, k.head_event, k.tail_event) for k in paper.links} == {
        ("Target", 0, None),
        ("Condition", None, 0),
    }


def test_the_configuration_names_what_may_be_drawn() -> None:
    files = configuration(
        ["Doping", "Element"], {"Target": (("Doping",), ("Element",))}, {"Doping": ("Dopant",)}
    )
    lines = files["annotation.conf"].splitlines()
    at = {name: lines.index(f"[{name}]") for name in ("entities", "relations", "events")}
    assert "Element" in lines[at["entities"] : at["relations"]]
    assert "Doping" not in lines[at["entities"] : at["relations"]]
    assert "Target\tArg1:Doping, Arg2:Element" in lines[at["relations"] : at["events"]]
    assert "Doping\tDopant*:<ENTITY>" in lines[at["events"] :]
    assert files["visual.conf"].count("bgColor") == 2
