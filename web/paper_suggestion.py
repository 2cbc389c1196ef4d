"""What our own extraction reads in a selected sentence or row: the fields of a record to add.

The models are those of ingest, loaded once by the first that asks. Time is bounded by the length
of a selection, which ``scmine.web.paper_selection`` limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scmine.database.layer_packing import DocumentLayers
from scmine.database.record import Record
from scmine.extractors.claim import Label, Mention
from scmine.extractors.document import Document, Passage, PassageKind, PlacedWord, Span, Table
from scmine.web.paper_selection import Selection
from scmine.web.record_fields import text_of

ASKED = (
    "raw_material",
    "formula",
    "raw_tc",
    "tc_K",
    "tc_kind",
    "superconducting",
    "raw_pressure",
    "pressure_GPa",
    "measurement_method",
    "tc_method",
    "lambda",
    "omega_log_K",
    "mu_star",
    "space_group",
    "evidence",
    "origin",
)
"""The columns that the form for a new record has; all others can be given on the record's page."""

_OF_LABEL = {
    Label.MATERIAL: "raw_material",
    Label.TC_VALUE: "raw_tc",
    Label.PRESSURE: "raw_pressure",
    Label.ME_METHOD: "measurement_method",
    Label.SPACE_GROUP: "space_group",
}
"""What a mention fills in where no whole claim is read."""


def suggested(
    doc_id: str, title: str, layers: DocumentLayers | None, selection: Selection
) -> list[dict[str, str]]:
    """The claims in a selection, best first, each as the texts of the fields of a form.

    ``title`` is the paper's, which may name the material. There is always one at least; it holds
    what was found, be it nothing.
    """
    from scmine.extractors.extract import extract

    table = None
    if layers is not None and selection.table is not None and selection.row is not None:
        table = _table_of_row(layers.tables[selection.table], selection.row)
    passages = [Passage(PassageKind.TITLE, title, sentences=((0, len(title)),))]
    if table is None:
        passages.append(_passage(layers, selection))
    document = Document(
        doc_id=doc_id,
        path="",
        reader="",
        passages=tuple(passages),
        tables=() if table is None else (table,),
    )
    extraction = extract(document)
    wanted = None if table is not None else 1
    records = [r for r in extraction.stated if any(p.passage == wanted for p in r.places)]
    if records:
        return [_texts(record) for record in records]
    return [_from_mentions(extraction.mentions[1] if table is None else [])]


def _table_of_row(table: Table, row: int) -> Table:
    """The table with its heads and no other row than this."""
    heads = table.header
    return replace(table, rows=(*heads, *(r for r in (table.rows[row],) if r not in heads)))


def _passage(layers: DocumentLayers | None, selection: Selection) -> Passage:
    """The selected characters as a passage of their own."""
    text, start, end = selection.sentence, selection.start, selection.end
    bare = Passage(
        PassageKind.PARAGRAPH, text, section=selection.section, sentences=((0, len(text)),)
    )
    if layers is None or selection.passage is None:
        return bare
    whole = layers.passages[selection.passage]
    inside = [(s, e) for s, e in whole.sentences if start <= s and e <= end]
    return replace(
        bare,
        kind=whole.kind,
        sentences=tuple((s - start, e - start) for s, e in inside) or bare.sentences,
        typography=tuple(
            Span(s.start - start, s.end - start, s.kind)
            for s in whole.typography
            if start <= s.start and s.end <= end
        ),
        words=tuple(
            PlacedWord(w.start - start, w.end - start, w.box)
            for w in whole.words
            if start <= w.start and w.end <= end
        ),
        citations=tuple(
            replace(c, offset=c.offset - start) for c in whole.citations if start < c.offset <= end
        ),
    )


def _texts(record: Record) -> dict[str, str]:
    row = record.to_row()
    return {name: text_of(name, row[name]) for name in ASKED}


def _from_mentions(mentions: Sequence[Mention]) -> dict[str, str]:
    """The first mention of each kind; what a record always says is what a bare one says."""
    texts = {n: t for n, t in _texts(Record(record_id="", doc_id="", raw_material="")).items() if t}
    for mention in mentions:
        column = next((c for label, c in _OF_LABEL.items() if label.value == mention.label), None)
        if column is not None:
            texts.setdefault(column, mention.text)
    return texts
