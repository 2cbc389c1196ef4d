"""Behaviour of the SuperMat loader, on papers written here."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.supermat import load_paper, load_supermat, normalise_blanks
from scmine.corpora.types import CorpusError, GoldLink, Paper
from scmine.extractors.claim import Label

HEAD = (
    '<tei xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>'
    '<title>On <rs type="material">MgB 2</rs></title></titleStmt><publicationStmt><availability>'
    "<licence><p>CC BY</p></licence></availability></publicationStmt></fileDesc>"
    "<profileDesc><abstract><p>We\n   cool.</p></abstract>"
    '<ab type="keywords">cold</ab></profileDesc></teiHeader><text><body>'
)
TAIL = "</body></text></tei>"


def write(folder: Path, body: str, name: str = "a.tei.xml") -> Path:
    path = folder / name
    path.write_text(HEAD + body + TAIL, encoding="utf-8")
    return path


def read(folder: Path, body: str) -> Paper:
    return load_paper(write(folder, body))


def test_kinds_in_document_order_without_the_licence(tmp_path: Path) -> None:
    paper = read(
        tmp_path, '<p>One.</p><ab type="figureCAption">Two.</ab><ab type="tableCaption">Three.</ab>'
    )
    assert [(p.kind, p.text) for p in paper.passages] == [
        ("title", "On MgB 2"),
        ("abstract", "We cool."),
        ("keywords", "cold"),
        ("paragraph", "One."),
        ("figure_caption", "Two."),
        ("table_caption", "Three."),
    ]
    assert paper.stem == "a"


def test_mentions_are_trimmed_and_stray_elements_kept(tmp_path: Path) -> None:
    body = (
        '<p> A <rs type="tcValue"> 39\n K </rs>, <rc type="tc">T  c</rc> '
        '<tc type="class">x</tc></p>'
    )
    passage = read(tmp_path, body).passages[-1]
    assert passage.text == "A 39 K , T c x"
    assert [(passage.surface(m), m.label) for m in passage.mentions] == [
        ("39 K", Label.TC_VALUE),
        ("T c", Label.TC),
        ("x", Label.CLASS),
    ]


def test_links_are_many_to_many_and_cross_passages(tmp_path: Path) -> None:
    body = (
        '<p><rs type="material" xml:id="m1">A</rs> <rs type="material" xml:id="m2">B</rs></p>'
        '<p><rs type="tcValue" xml:id="t" corresp="#m1, #m2">1 K</rs>'
        '<rs type="pressure" corresp="#t">2 GPa</rs></p>'
    )
    paper = read(tmp_path, body)
    assert paper.links == (
        GoldLink((3, 0), (4, 0)),
        GoldLink((3, 1), (4, 0)),
        GoldLink((4, 0), (4, 1)),
    )
    assert paper.mention((3, 1)).ident == "m2"


def test_malformed_xml_names_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"a\.tei\.xml, line 4: not well-formed") as caught:
        read(tmp_path, "\n\n<p>broken</q>")
    assert caught.value.line == 4


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<p><rs type="tcValue" corresp="#gone">1 K</rs></p>', "'#gone', which is not defined"),
        ('<p xml:id="p"><rs type="tcValue" corresp="#p">1 K</rs></p>', "'#p', which is not"),
        ('<p><rs type="colour">red</rs></p>', "unknown mention type 'colour'"),
        ('<p><rs type="tc">a <rs type="tc">b</rs></rs></p>', "mention inside a mention"),
        ('<p><rs type="tc">a <hi><rs type="tc">b</rs></hi></rs></p>', "mention inside a mention"),
        ('<p xml:id="a"><rs type="tc" xml:id="a">b</rs></p>', "xml:id 'a' is used twice"),
        ("<p>&nbsp;</p>", "not well-formed XML: undefined entity"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, body: str, reason: str) -> None:
    with pytest.raises(CorpusError, match=reason) as caught:
        read(tmp_path, f"\n\n{body}")
    assert str(caught.value).startswith(f"{tmp_path / 'a.tei.xml'}, line 4: ")
    assert caught.value.line == 4


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ('<!DOCTYPE tei [\n<!ENTITY a "b">]>', "line 2: declares the entity 'a'"),
        ('<!DOCTYPE tei [\n<!ENTITY a SYSTEM "/etc/hostname">]>', "line 2: declares the entity"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "line 1: encoding 'ISO-8859-1'"),
    ],
)
def test_entities_and_other_encodings_are_refused(tmp_path: Path, start: str, reason: str) -> None:
    path = tmp_path / "a.tei.xml"
    path.write_text(f"{start}{HEAD}<p>&a;</p>{TAIL}", encoding="utf-8")
    with pytest.raises(CorpusError, match=reason):
        load_paper(path)


def test_an_entity_of_a_dtd_elsewhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tei.xml"
    path.write_text(f'<!DOCTYPE tei SYSTEM "tei.dtd">\n{HEAD}<p>&a;</p>{TAIL}', encoding="utf-8")
    with pytest.raises(CorpusError, match="line 3: entity 'a' is not defined in the file"):
        load_paper(path)


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.tei.xml"
    path.write_bytes(f"{HEAD}\n<p>".encode() + b"\xe9</p>" + TAIL.encode())
    with pytest.raises(CorpusError, match="line 3: not UTF-8"):
        load_paper(path)


def test_text_is_read_whole_however_it_is_spelt(tmp_path: Path) -> None:
    body = (
        '<p>a&lt;b <!-- no --><![CDATA[<c> &amp;]]><?no no?> <hi rend="sub">d</hi>'
        '<note><p>e</p></note> <rs type="tc">T<hi>c</hi></rs><rs type="tc"/>&#x3b4;</p>'
    )
    passage = read(tmp_path, body).passages[-1]
    assert passage.text == "a<b <c> &amp; de Tcδ"
    assert [passage.surface(m) for m in passage.mentions] == ["Tc"]


def test_a_folder_is_read_in_order_and_an_empty_one_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no \.tei\.xml files"):
        load_supermat(tmp_path)
    for name in ("b.tei.xml", "a.tei.xml"):
        write(tmp_path, "<p>x</p>", name)
    write(tmp_path, "<p>x</p>", "c.superconductors.tei.xml")
    assert [p.stem for p in load_supermat(tmp_path)] == ["a", "b", "c"]


@given(st.lists(st.sampled_from(["Tc", "39", " ", "\n", "\t ", "K"]), max_size=12), st.data())
def test_blanks_are_normalised_and_spans_follow(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    clean, [(s, e)] = normalise_blanks(text, [(start, end)])
    assert clean == " ".join(text.split())
    assert clean[s:e] == " ".join(text[start:end].split())


@pytest.mark.shared
def test_all_of_supermat(shared: Path) -> None:
    papers = load_supermat(shared / "corpora" / "supermat")
    mentions = [m for p in papers for q in p.passages for m in q.mentions]
    assert len(papers) == 107
    assert len(mentions) == 11_703
    assert sum(len(p.links) for p in papers) == 1038
