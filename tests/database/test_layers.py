"""Layers of documents: what is packed comes back, damage is told, a new reading replaces them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from scmine.database.layer_packing import DocumentLayers, LayersError, pack, unpack
from scmine.database.layers import Layers
from scmine.database.results import DocumentResult
from scmine.database.store import Database, DatabaseError
from scmine.extractors.claim import Link, Mention
from scmine.extractors.document import (
    Box,
    Cell,
    Citation,
    Passage,
    PassageKind,
    PlacedWord,
    Span,
    Table,
    Typography,
)

SENTENCE = "MgB2 has Tc = 39 K."
PASSAGE = Passage(
    PassageKind.PARAGRAPH,
    SENTENCE,
    section="Results",
    typography=(Span(3, 4, Typography.SUBSCRIPT),),
    sentences=((0, len(SENTENCE)),),
    words=(
        PlacedWord(0, 4, Box(2, 72.0, 100.0, 98.5, 110.0)),
        PlacedWord(5, 8, Box(2, 101.0, 100.0, 118.2, 110.0)),
        PlacedWord(9, 19, Box(3, 72.0, 60.1, 120.0, 70.1)),
    ),
    citations=(Citation(18, "[3]"),),
)
LAYERS = DocumentLayers(
    passages=(Passage(PassageKind.HEADING, "Results"), PASSAGE),
    mentions=(
        (),
        (Mention(0, 4, "material", "MgB2", 0.9, "m"), Mention(14, 18, "tcValue", "39 K")),
    ),
    links=((), (Link(0, 1, "material-tcValue", 0.75),)),
    tables=(
        Table(
            rows=(
                (Cell("Tc (K)", is_header=True, columns=2), Cell("", is_header=True)),
                (
                    Cell("MgB2", typography=(Span(3, 4, Typography.SUBSCRIPT),)),
                    Cell("39", box=Box(3, 100.0, 200.0, 120.0, 210.0)),
                ),
            ),
            caption="TABLE I. Tc.",
            section="Results",
            box=Box(3, 72.0, 190.0, 130.0, 212.0),
        ),
    ),
)


def _words(passage_text: str) -> st.SearchStrategy[tuple[PlacedWord, ...]]:
    point = st.integers(-10_000, 10_000).map(lambda n: n / 10)
    box = st.builds(Box, st.integers(1, 2000), point, point, point, point)
    position = st.integers(0, len(passage_text))
    span = st.tuples(position, position).map(sorted)
    return st.lists(st.tuples(span, box), max_size=5).map(
        lambda found: tuple(PlacedWord(start, end, own) for (start, end), own in found)
    )


_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(_TEXTS.flatmap(lambda t: st.tuples(st.just(t), _words(t))))
def test_what_is_packed_comes_back(given_passage: tuple[str, tuple[PlacedWord, ...]]):
    own_text, words = given_passage
    layers = DocumentLayers(
        passages=(Passage(PassageKind.FOOTNOTE, own_text, words=words),),
        mentions=((),),
        links=((),),
    )
    assert unpack(pack(layers)) == layers


def test_all_fields_come_back_and_mentions_have_their_boxes():
    layers = unpack(pack(LAYERS))
    assert layers == LAYERS
    material, value = layers.mentions[1]
    assert layers.mention_boxes(1, material) == (Box(2, 72.0, 100.0, 98.5, 110.0),)
    assert layers.mention_boxes(1, value) == (Box(3, 72.0, 60.1, 120.0, 70.1),)


def test_boxes_are_kept_to_a_tenth_of_a_point():
    word = PlacedWord(0, 4, Box(1, 1.04, 1.06, 20.249, 20.251))
    layers = DocumentLayers(
        passages=(Passage(PassageKind.TITLE, "MgB2", words=(word,)),), mentions=((),), links=((),)
    )
    assert unpack(pack(layers)).passages[0].words[0].box == Box(1, 1.0, 1.1, 20.2, 20.3)


def test_characters_that_no_database_holds_leave_offsets_as_they_are():
    odd = Passage(PassageKind.PARAGRAPH, "a\ud800b\x00MgB2", sentences=((0, 8),))
    mention = Mention(4, 8, "material", "MgB2")
    layers = DocumentLayers(passages=(odd,), mentions=((mention,),), links=((),))
    back = unpack(pack(layers))
    assert back.passages[0].text == "a\ufffdb\ufffdMgB2"
    assert back.mentions == ((mention,),)


def _changed(change: Callable[[dict], None]) -> bytes:
    plain = json.loads(zlib.decompress(pack(LAYERS)))
    change(plain)
    return zlib.compress(json.dumps(plain).encode())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "cut off"),
        (b"no layers", "cannot be unpacked"),
        (pack(LAYERS)[:-9], "cut off"),
        (zlib.compress(b"[" * 100_000), "garbled"),
        (_changed(lambda p: p.update(format=2)), "form 2"),
        (_changed(lambda p: p["passages"][1].update(text="short")), r"characters 0 to 19 .* of 5"),
        (_changed(lambda p: p["passages"][1]["words"]["gaps"].pop()), "different length"),
        (_changed(lambda p: p["passages"][1]["words"]["lefts"].append(1)), "different length"),
        (
            _changed(lambda p: p["passages"][1]["links"].append([0, 9, "x", 1.0])),
            "mentions 0 and 9",
        ),
        (_changed(lambda p: p["passages"][1]["words"].update(tops=[1 << 40, 0, 0])), "garbled"),
        (_changed(lambda p: p["passages"][1].update(script="<script>")), "garbled"),
    ],
)
def test_what_is_no_layers_is_told(data: bytes, message: str):
    with pytest.raises(LayersError, match=message):
        unpack(data)


def test_a_blob_that_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch):
    data = pack(LAYERS)
    monkeypatch.setattr("scmine.database.layer_packing.MAX_UNPACKED_BYTES", 100)
    with pytest.raises(LayersError, match="too large"):
        unpack(data)
    with pytest.raises(LayersError, match="come to"):
        pack(LAYERS)


def test_each_passage_needs_its_mentions():
    with pytest.raises(LayersError, match="1 passages, 0 lists of mentions"):
        DocumentLayers(passages=(PASSAGE,))


def test_layers_are_saved_with_their_document(
    database: Database, make_result: Callable[..., DocumentResult]
):
    run = database.start_run("p1")
    database.save_document(run, make_result("a", layers=pack(LAYERS)))
    database.save_document(run, make_result("b"))
    a, b = (make_result(name).doc_id for name in "ab")
    layers = Layers(database)
    assert layers.of(a) == LAYERS
    assert layers.of(b) is None
    assert layers.of("unknown") is None


def test_a_new_reading_replaces_layers_and_leaves_records_of_persons(
    database: Database,
    make_result: Callable[..., DocumentResult],
    set_status: Callable[[str, str], None],
):
    run = database.start_run("p1")
    result = make_result("a", layers=pack(LAYERS))
    database.save_document(run, result)
    set_status("a-0", "validated")
    fewer = DocumentLayers(passages=(PASSAGE,), mentions=((),), links=((),))
    database.save_document(run, make_result("a", layers=pack(fewer)))
    assert Layers(database).of(result.doc_id) == fewer
    database.save_document(run, make_result("a"))
    assert Layers(database).of(result.doc_id) is None
    assert "a-0" in {r.record_id for r in database.records()}


def test_a_reading_that_failed_leaves_layers(
    database: Database, make_result: Callable[..., DocumentResult]
):
    run = database.start_run("p1")
    result = make_result("a", layers=pack(LAYERS))
    database.save_document(run, result)
    database.save_document(run, make_result("a", claims=0, reader="", status="timeout"))
    assert Layers(database).of(result.doc_id) == LAYERS


def test_damaged_layers_say_what_to_do(
    target: str, database: Database, make_result: Callable[..., DocumentResult]
):
    result = make_result("a", layers=pack(LAYERS))
    database.save_document(database.start_run("p1"), result)
    engine = create_engine(target if "://" in target else f"sqlite:///{target}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE document_layers SET layers = :x"), {"x": b"broken"})
    engine.dispose()
    with pytest.raises(DatabaseError, match=r"cannot be unpacked.*scmine ingest --force"):
        Layers(database).of(result.doc_id)


def test_the_pdf_of_a_source_is_known(
    database: Database, make_result: Callable[..., DocumentResult]
):
    run = database.start_run("p1")
    result = make_result("a", layers=pack(LAYERS), pdf_id="ab" * 32, pdf_path="/papers/a.pdf")
    database.save_document(run, result)
    database.save_document(run, make_result("b", layers=pack(LAYERS)))
    assert Layers(database).pdf_of(result.doc_id) == ("ab" * 32, "/papers/a.pdf")
    assert Layers(database).pdf_of(make_result("b").doc_id) is None
