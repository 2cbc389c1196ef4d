"""Text cut into pieces: nothing is lost, each piece is what its characters are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scmine.database.layer_packing import DocumentLayers
from scmine.extractors.claim import Mention
from scmine.extractors.document import Cell, Passage, PassageKind, Span, Table, Typography
from scmine.web.paper_text import shown_passages, shown_tables

TEXT = "MgB2 has Tc = 39 K. It is simple."
_SPANS = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(sorted)


@given(st.lists(_SPANS, max_size=4), st.lists(_SPANS, max_size=4), st.lists(_SPANS, max_size=3))
def test_pieces_make_the_text_again(
    sentences: list[list[int]], scripts: list[list[int]], mentions: list[list[int]]
):
    passage = Passage(
        PassageKind.PARAGRAPH,
        TEXT,
        typography=tuple(Span(a, b, Typography.SUBSCRIPT) for a, b in scripts),
        sentences=tuple((a, b) for a, b in sentences),
    )
    found = tuple(Mention(a, b, "tc", TEXT[a:b]) for a, b in mentions)
    layers = DocumentLayers(passages=(passage,), mentions=(found,), links=((),))
    (shown,) = shown_passages(layers)
    pieces = [piece for sentence in shown.sentences for piece in sentence.pieces]
    assert "".join(piece.text for piece in pieces) == TEXT
    for piece in pieces:
        assert TEXT[piece.start :].startswith(piece.text)
        for number, mention in enumerate(found):
            inside = mention.start <= piece.start < mention.end
            assert (number in piece.mentions) is inside


def test_subscripts_mentions_and_sentences_are_told():
    passage = Passage(
        PassageKind.PARAGRAPH,
        TEXT,
        typography=(Span(3, 4, Typography.SUBSCRIPT),),
        sentences=((0, 19), (20, len(TEXT))),
    )
    mention = Mention(0, 4, "no label of ours", "MgB2")
    layers = DocumentLayers(passages=(passage,), mentions=((mention,),), links=((),))
    (shown,) = shown_passages(layers)
    first, between, second = shown.sentences
    assert [(p.text, p.script, p.labels) for p in first.pieces[:3]] == [
        ("MgB", "", ("other",)),
        ("2", "subscript", ("other",)),
        (" has Tc = 39 K.", "", ()),
    ]
    assert (between.is_sentence, second.is_sentence) == (False, True)


def test_cells_that_a_wide_one_covers_are_left_out():
    wide = (Cell("Tc (K)", is_header=True, columns=2), Cell("", is_header=True))
    table = Table(rows=(wide, (Cell("39"), Cell("38"))))
    (shown,) = shown_tables(DocumentLayers(tables=(table,)))
    assert [[(c.columns, c.number) for c in row] for row in shown.rows] == [
        [(2, 0)],
        [(1, 1), (1, 2)],
    ]
