"""What is written as TEI is read again as it was meant, and nothing else of the file changes."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.ordering import ordered
from scmine.corpora.supermat import load_paper, load_supermat, write_supermat
from scmine.corpora.types import GoldEvent, GoldLink, GoldMention, GoldPassage, Paper
from scmine.extractors.claim import Label

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by hand -->\n'
    '<tei xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc xml:id="_0"><titleStmt>'
    "<title>A\n title</title></titleStmt></fileDesc></teiHeader><text><body>\n"
)
TAIL = "</body></text>\n</tei>\n"
LABELS = ["material", "class", "tc", "tcValue", "pressure", "me_method"]
PIECES = ["Tc", "K", " ", "  ", "\n", "\r\n", "&lt;", "&#x3b4;", "δ", "\u00a0", "<!-- c -->"]
PIECES += ["<?p i?>", "<![CDATA[a & b]]>", "𝑇"]


def paper_of(folder: Path, body: str) -> Paper:
    path = folder / "a.tei.xml"
    path.write_bytes((HEAD + body + TAIL).encode("utf-8"))
    return load_paper(path)


def written(paper: Paper, folder: Path) -> str:
    """What stands in the body after ``paper`` was written."""
    path = folder / "b.tei.xml"
    assert write_supermat(paper, path) == replace(load_paper(path), stem=paper.stem)
    text = path.read_bytes().decode("utf-8")
    assert text.startswith(HEAD)
    assert text.endswith(TAIL)
    return text[len(HEAD) : -len(TAIL)]


def with_mentions(paper: Paper, *mentions: GoldMention) -> Paper:
    """``paper`` with other mentions in its last passage."""
    last = replace(paper.passages[-1], mentions=mentions)
    return replace(paper, passages=(*paper.passages[:-1], last))


def test_attributes_are_changed_in_place(tmp_path: Path) -> None:
    body = "<p><rc cert='low'  type='tc' >T c</rc> of <rs n='a>b' type=\"material\">FeSe</rs></p>"
    paper = paper_of(tmp_path, body)
    tc, material = paper.passages[-1].mentions
    changed = with_mentions(paper, replace(tc, label=Label.TC_VALUE), material)
    changed = replace(changed, links=(GoldLink((1, 1), (1, 0)),))
    assert written(changed, tmp_path) == (
        '<p><rc cert=\'low\'  type="tcValue" corresp="#x0" >T c</rc> of '
        '<rs n=\'a>b\' type="material" xml:id="x0">FeSe</rs></p>'
    )
    unlinked = replace(changed, links=())
    assert "corresp" not in written(unlinked, tmp_path)


def test_mentions_come_go_and_move_with_their_element(tmp_path: Path) -> None:
    body = '<p>a &lt; <rs type="tc" n="1">b c</rs><rs type="class">d</rs>\r\n e</p>'
    paper = paper_of(tmp_path, body)
    tc, _ = paper.passages[-1].mentions
    assert paper.passages[-1].text == "a < b cd e"
    changed = with_mentions(
        paper, replace(tc, start=6, end=10), GoldMention(0, 3, "class"), GoldMention(4, 5, "class")
    )
    assert written(changed, tmp_path) == (
        '<p><rs type="class">a &lt;</rs> <rs type="class">b</rs> '
        '<rs type="tc" n="1">cd\r\n e</rs></p>'
    )


def test_a_new_identifier_is_one_that_nothing_has(tmp_path: Path) -> None:
    paper = paper_of(tmp_path, '<p xml:id="x0"><rs type="tc" xml:id="x1">a</rs> b c</p>')
    changed = with_mentions(
        paper,
        *paper.passages[-1].mentions,
        GoldMention(2, 3, "material"),
        GoldMention(4, 5, "tcValue"),
    )
    changed = replace(changed, links=(GoldLink((1, 1), (1, 2)), GoldLink((1, 0), (1, 2))))
    assert '<rs corresp="#x1,#x2" type="tcValue">c</rs>' in written(changed, tmp_path)


def test_tags_inside_cdata_interrupt_it_and_prefixes_are_kept(tmp_path: Path) -> None:
    body = '<t:p xmlns:t="http://www.tei-c.org/ns/1.0"><![CDATA[a & b]]></t:p>'
    paper = with_mentions(paper_of(tmp_path, body), GoldMention(2, 3, "tc"))
    assert '<![CDATA[a ]]><t:rs type="tc"><![CDATA[&]]></t:rs><![CDATA[ b]]>' in written(
        paper, tmp_path
    )


@pytest.mark.parametrize(
    ("mentions", "reason"),
    [
        ([GoldMention(0, 3, "tc"), GoldMention(2, 5, "tc")], "overlap"),
        ([GoldMention(0, 2, "tc")], "cannot mark 'a '"),
        ([GoldMention(4, 9, "tc")], "cannot mark"),
        ([GoldMention(0, 5, "tc", fragments=((0, 1), (4, 5)))], "cannot mark"),
        ([GoldMention(0, 1, "colour")], "unknown mention type 'colour'"),
        ([GoldMention(0, 3, "tc")], "not well-formed"),
        ([GoldMention(0, 1, "tc", "_0")], "'_0' is used twice"),
    ],
)
def test_what_tei_cannot_say_is_refused(
    tmp_path: Path, mentions: list[GoldMention], reason: str
) -> None:
    paper = with_mentions(paper_of(tmp_path, "<p>a <hi>b c</hi></p>"), *mentions)
    path = tmp_path / "b.tei.xml"
    with pytest.raises(ValueError, match=reason):
        write_supermat(paper, path)
    assert not path.exists()


def test_a_paper_from_elsewhere_is_refused(tmp_path: Path) -> None:
    paper = with_mentions(paper_of(tmp_path, "<p>a</p>"), GoldMention(0, 1, "tc"))
    title = paper.passages[0]
    for wrong, reason in (
        (replace(paper, source=b""), "only a paper loaded"),
        (replace(paper, passages=(title, GoldPassage("paragraph", "b"))), "not those of the file"),
        (replace(paper, events=(GoldEvent("Doping", (1, 0)),)), "no events"),
        (replace(paper, links=(GoldLink((1, 0), (1, 0), "Target"),)), "no named links"),
        (replace(paper, links=(GoldLink((1, 0), (1, 7)),)), r"no mention or event at \(1, 7\)"),
    ):
        with pytest.raises(ValueError, match=reason):
            write_supermat(wrong, tmp_path / "b.tei.xml")


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Paragraphs of words, blanks, references, comments and mentions, without links."""
    paragraphs = []
    for _ in range(draw(st.integers(1, 3))):
        parts = []
        for content in draw(st.lists(st.lists(st.sampled_from(PIECES), max_size=4), max_size=5)):
            words = "".join(content)
            if draw(st.booleans()):
                words = f'<rs type="{draw(st.sampled_from(LABELS))}" n="1">{words}</rs>'
            parts.append(words)
        paragraphs.append(f"<p>{''.join(parts)}</p>\n")
    return "".join(paragraphs)


@st.composite
def annotated(draw: st.DrawFn, passage: GoldPassage) -> GoldPassage:
    """``passage`` with some mentions kept, relabelled or gone, and others new, in any order."""
    text = passage.text
    free = [True] * len(text)
    mentions = []
    for mention in draw(st.permutations(passage.mentions)):
        if draw(st.booleans()):
            label = draw(st.sampled_from([mention.label, *LABELS]))
            mentions.append(replace(mention, label=label))
            free[mention.start : mention.end] = [False] * (mention.end - mention.start)
    for _ in range(draw(st.integers(0, 3)) if text else 0):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        if all(free[start:end]) and text[start:end] == text[start:end].strip():
            mentions.append(GoldMention(start, end, draw(st.sampled_from(LABELS))))
            free[start:end] = [False] * (end - start)
    return replace(passage, mentions=tuple(mentions))


@st.composite
def changed_papers(draw: st.DrawFn, paper: Paper) -> Paper:
    passages = tuple(draw(annotated(passage)) for passage in paper.passages)
    places = [(i, j) for i, passage in enumerate(passages) for j in range(len(passage.mentions))]
    ends = st.sampled_from(places) if places else st.nothing()
    links = draw(st.lists(st.builds(GoldLink, ends, ends), max_size=4)) if places else []
    return replace(paper, passages=passages, links=tuple(links))


def nameless(paper: Paper) -> Paper:
    """``paper`` without the identifiers of its mentions."""
    return replace(
        paper,
        passages=tuple(
            replace(p, mentions=tuple(replace(m, ident="") for m in p.mentions))
            for p in paper.passages
        ),
    )


def untagged(data: bytes) -> bytes:
    """A file without the tags of its mentions."""
    return re.sub(rb"</?rs[^>]*>", b"", data).replace(b"]]><![CDATA[", b"")


@given(bodies(), st.data())
def test_changes_are_read_as_they_were_made(body: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paper = paper_of(folder, body)
        unchanged = folder / "same.tei.xml"
        write_supermat(paper, unchanged)
        assert unchanged.read_bytes() == paper.source
        for _ in range(2):
            wanted = data.draw(changed_papers(paper))
            path = folder / "a.tei.xml"
            assert write_supermat(wanted, path) == load_paper(path)
            again = load_paper(path)
            assert nameless(again) == ordered(nameless(wanted))
            assert untagged(again.source) == untagged(paper.source)
            paper = again


@pytest.mark.shared
def test_every_file_of_supermat_comes_back_byte_by_byte(shared: Path, tmp_path: Path) -> None:
    folder = shared / "corpora" / "supermat"
    papers = load_supermat(folder)
    assert len(papers) == 107
    for paper in papers:
        path = tmp_path / f"{paper.stem}.tei.xml"
        assert write_supermat(paper, path) == paper
        assert path.read_bytes() == (folder / path.name).read_bytes()


@pytest.mark.shared
def test_all_mentions_of_supermat_can_be_taken_out_and_put_back(
    shared: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.tei.xml"
    for paper in load_supermat(shared / "corpora" / "supermat")[::10]:
        bare = replace(
            paper, passages=tuple(replace(p, mentions=()) for p in paper.passages), links=()
        )
        bare = write_supermat(bare, path)
        assert not any(p.mentions for p in load_paper(path).passages)
        back = replace(bare, passages=paper.passages, links=paper.links)
        assert write_supermat(back, path) == paper
