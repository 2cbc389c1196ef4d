"""Brat's files: what is read, what is refused, and what is written."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.brat import Scheme, load_brat, write_brat
from scmine.corpora.ordering import ordered
from scmine.corpora.types import (
    CorpusError,
    GoldEvent,
    GoldLink,
    GoldMention,
    GoldPassage,
    Paper,
)

SCHEME = Scheme(
    frozenset({"SC", "Element", "Doping"}),
    frozenset({"Target", "Condition"}),
    {"Doping": frozenset({"Dopant", "Site"})},
)
TEXT = "Sr doping of La2CuO4\nand Tc δ."
LINES = [
    "T3\tDoping 3 9\tdoping",
    "T1\tElement 0 2\tSr",
    "E1\tDoping:T3 Site:T4 Dopant:T1",
    "R7\tTarget Arg1:E1 Arg2:T4\t",
    "T4\tElement 13 20\tLa2CuO4",
    "T5\tSC 13 15;25 27\tLa Tc",
    "R8\tCondition Arg1:T5 Arg2:T1",
    "E2\tDoping:T3",
    "#1\tAnnotatorNotes A1\tnot sure",
    "A1\tHedged T5",
    "",
]


def save(folder: Path, lines: list[str], text: str = TEXT, end: str = "") -> None:
    (folder / "1.txt").write_bytes(text.encode("utf-8"))
    (folder / "1.ann").write_bytes(("\n".join(lines) + end).encode("utf-8"))


def load(folder: Path) -> Paper:
    return load_brat(folder, "1", SCHEME, "abstract")


def read(folder: Path, *lines: str) -> Paper:
    save(folder, list(lines))
    return load(folder)


def lines_of(folder: Path) -> list[str]:
    return (folder / "1.ann").read_bytes().decode("utf-8").split("\n")


def test_all_that_brat_marks_is_read_in_the_order_of_the_text(tmp_path: Path) -> None:
    paper = read(tmp_path, *LINES)
    assert paper == Paper(
        "1",
        (
            GoldPassage(
                "abstract",
                TEXT,
                (
                    GoldMention(0, 2, "Element", "T1"),
                    GoldMention(3, 9, "Doping", "T3"),
                    GoldMention(13, 20, "Element", "T4"),
                    GoldMention(13, 27, "SC", "T5", ((13, 15), (25, 27))),
                ),
            ),
        ),
        (
            GoldLink((0, 3), (0, 0), "Condition", "R8"),
            GoldLink((0, 1), (0, 2), "Target", "R7", head_event=1),
        ),
        (
            GoldEvent("Doping", (0, 1), (), "E2"),
            GoldEvent("Doping", (0, 1), (("Site", (0, 2)), ("Dopant", (0, 0))), "E1"),
        ),
    )


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_an_unchanged_paper_is_written_as_it_was(tmp_path: Path, end: str) -> None:
    save(tmp_path, [line + "\r" for line in LINES], end=end)
    before = (tmp_path / "1.ann").read_bytes()
    assert write_brat(load(tmp_path), tmp_path, SCHEME) == load(tmp_path)
    assert (tmp_path / "1.ann").read_bytes() == before
    assert (tmp_path / "1.txt").read_bytes() == TEXT.encode("utf-8")


def test_only_lines_that_change_are_touched(tmp_path: Path) -> None:
    paper = read(tmp_path, *LINES)
    [passage] = paper.passages
    mentions = (*passage.mentions[:3], GoldMention(28, 29, "SC"))  # T5 goes, another comes
    changed = replace(
        paper,
        passages=(replace(passage, mentions=mentions),),
        links=(replace(paper.links[1], label="Condition"), GoldLink((0, 3), (0, 0), "Target")),
        events=(replace(paper.events[0], arguments=(("Dopant2", (0, 0)),)), paper.events[1]),
    )
    write_brat(changed, tmp_path, SCHEME)
    assert lines_of(tmp_path) == [
        *LINES[:3],
        "R7\tCondition Arg1:E1 Arg2:T4",
        LINES[4],
        "E2\tDoping:T3 Dopant2:T1",
        "T2\tSC 28 29\tδ",
        "R1\tTarget Arg1:T2 Arg2:T1",
        "",
    ]


def test_a_paper_made_here_is_written_from_scratch(tmp_path: Path) -> None:
    passage = GoldPassage("abstract", "Tc\n", (GoldMention(0, 2, "SC"),))
    paper = Paper("1", (passage,), events=())
    assert write_brat(paper, tmp_path, SCHEME) == load(tmp_path)
    assert (tmp_path / "1.ann").read_bytes() == b"T1\tSC 0 2\tTc\n"
    bare = replace(paper, passages=(GoldPassage("abstract", "Tc\n"),))
    write_brat(bare, tmp_path, SCHEME)
    assert (tmp_path / "1.ann").read_bytes() == b""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("T2 SC 0 2 Sr", "not a line of brat's: 'T2 SC 0 2 Sr'"),
        ("T2\tColour 0 2\tSr", "unknown mention type 'Colour'"),
        ("T2\tSC 29 31\t..", "no characters 29 to 31 in a text of 30"),
        ("T2\tSC 2 2\t", "no characters 2 to 2"),
        ("T2\tSC 0 2\tLa", "says 'La' where the text has 'Sr'"),
        ("T1\tSC 0 2\tSr", "'T1' is defined twice"),
        ("R1\tNear Arg1:T1 Arg2:T1", "unknown relation type 'Near'"),
        ("R1\tTarget Arg1:T1 Arg2:T9", "'R1' refers to unknown 'T9'"),
        ("R1\tTarget Arg1:E9 Arg2:T1", "'R1' refers to unknown 'E9'"),
        ("E1\tMelting:T1", "unknown event type 'Melting'"),
        ("E1\tDoping:T1 Agent:T1", "unknown role 'Agent'"),
        ("E1\tDoping:T1 Site:E1", "'E1' takes part in an event but is no mention"),
        ("E1\tDoping:T9", "'E1' refers to unknown 'T9'"),
        ("#1\tAnnotatorNotes T9\tx", "'#1' refers to unknown 'T9'"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(CorpusError) as caught:
        read(tmp_path, LINES[1], "", line)
    assert f"1.ann, line 3: {reason}" in str(caught.value)
    assert caught.value.line == 3


@pytest.mark.parametrize("name", ["1.txt", "1.ann"])
def test_a_missing_or_undecodable_half_is_named(tmp_path: Path, name: str) -> None:
    save(tmp_path, LINES)
    (tmp_path / name).write_bytes(b"a\n\xff")
    with pytest.raises(CorpusError, match=rf"{name}, line 2: not UTF-8"):
        load(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(CorpusError, match=rf"{name}: is missing, though there is 1\."):
        load(tmp_path)


def test_what_brat_or_the_scheme_cannot_say_is_refused(tmp_path: Path) -> None:
    a, b = GoldMention(0, 1, "SC", "T1"), GoldMention(1, 2, "SC", "T1")
    for mentions, reason in (
        ((a, b), "used twice"),
        ((replace(a, label="Colour"),), "unknown mention type"),
        ((replace(a, ident="X1"),), "not a line"),
        ((replace(a, end=9),), "no characters"),
        ((replace(a, fragments=((0, 1),)),), "cannot say this"),
    ):
        with pytest.raises(ValueError, match=reason):
            write_brat(Paper("2", (GoldPassage("abstract", "ab", mentions),)), tmp_path, SCHEME)
    with pytest.raises(ValueError, match="is one passage, not 0"):
        write_brat(Paper("2", ()), tmp_path, SCHEME)
    assert not list(tmp_path.iterdir())


@given(
    st.lists(
        st.sampled_from([*LINES, "R1\tTarget Arg1:E2 Arg2:T9", "T3\tSC 0 2\tSr", "T9\tSC 0 2\tSr"])
        | st.binary(max_size=20).map(lambda raw: raw.decode("latin-1")),
        max_size=8,
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_lines_are_read_and_kept_or_named(lines: list[str], newline: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = newline.join(lines).encode("utf-8")
        save(folder, [])
        (folder / "1.ann").write_bytes(data)
        try:
            paper = load(folder)
        except CorpusError as error:
            line = error.line
        else:
            line = 1
            write_brat(paper, folder, SCHEME)
            assert (folder / "1.ann").read_bytes() == data
        assert line is not None


@st.composite
def mentions_of(draw: st.DrawFn, text: str) -> GoldMention:
    """Any mention of ``text``, one in three in pieces."""
    bounds = st.integers(0, len(text))
    pieces = draw(st.sampled_from([1, 1, 2]))
    cuts = sorted(draw(st.lists(bounds, min_size=2 * pieces, max_size=2 * pieces, unique=True)))
    spans = tuple(zip(cuts[::2], cuts[1::2], strict=True))
    label = draw(st.sampled_from(sorted(SCHEME.mentions)))
    fragments = spans if pieces > 1 else ()
    return GoldMention(spans[0][0], spans[-1][1], label, "", fragments)


@st.composite
def papers(draw: st.DrawFn, old: Paper | None = None) -> Paper:
    """A paper, made anew or with parts of an old one kept; in any order."""
    alphabet = st.characters(codec="utf-8")
    text = old.passages[0].text if old else draw(st.text(alphabet, min_size=4, max_size=12))
    kept = [m for m in (old.passages[0].mentions if old else ()) if draw(st.booleans())]
    new = draw(st.lists(mentions_of(text), max_size=4))
    mentions = draw(st.permutations([*kept, *new]))
    if not mentions:
        return Paper("1", (GoldPassage("abstract", text),), source=old.source if old else b"")
    places = st.integers(0, len(mentions) - 1).map(lambda j: (0, j))
    arguments = st.lists(
        st.tuples(st.sampled_from(["Dopant", "Site", "Site2"]), places), max_size=3
    )
    events = draw(
        st.lists(st.builds(GoldEvent, st.just("Doping"), places, arguments.map(tuple)), max_size=3)
    )
    ends = [((0, j), None) for j in range(len(mentions))]
    ends += [(event.trigger, k) for k, event in enumerate(events)]
    links = [
        GoldLink(head, tail, draw(st.sampled_from(["Target", "Condition"])), "", one, other)
        for (head, one), (tail, other) in draw(
            st.lists(st.tuples(st.sampled_from(ends), st.sampled_from(ends)), max_size=3)
        )
    ]
    return Paper(
        "1",
        (GoldPassage("abstract", text, tuple(mentions)),),
        tuple(links),
        tuple(events),
        old.source if old else b"",
    )


def in_words(paper: Paper) -> list[str]:
    """What a paper says, identifiers and order left out."""
    passage = paper.passages[0]

    def name(at: tuple[int, int], event: int | None = None) -> str:
        mention = paper.mention(at)
        words = f"{mention.label}{mention.spans}"
        if event is None:
            return words
        found = paper.events[event]
        arguments = [(role, name(place)) for role, place in found.arguments]
        return f"{found.label} {name(found.trigger)} {arguments}"

    return sorted(
        [
            *(name((0, j)) for j in range(len(passage.mentions))),
            *(name(event.trigger, k) for k, event in enumerate(paper.events)),
            *(
                f"{k.label} {name(k.head, k.head_event)} -> {name(k.tail, k.tail_event)}"
                for k in paper.links
            ),
        ]
    )


@given(st.data())
def test_changes_are_read_as_they_were_made(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paper: Paper | None = None
        for _ in range(3):
            wanted = data.draw(papers(paper))
            paper = write_brat(wanted, folder, SCHEME)
            assert paper == load(folder) == ordered(paper)
            assert in_words(paper) == in_words(wanted)
            before = (folder / "1.ann").read_bytes()
            write_brat(load(folder), folder, SCHEME)
            assert (folder / "1.ann").read_bytes() == before
