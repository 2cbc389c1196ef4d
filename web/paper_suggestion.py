"""What our own extraction reads in a selected sentence or row: the fields of a record to add.

The models are those of ingest, loaded once by the first that asks. Time is bounded by the length
of a selection, which ``scmine.web.paper_selection`` limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scmine.database.layer_packing import DocumentLayers
from scmine.database.record import Record
from scmine.extractors.claim import Label, Mention
from scmine.extractors.document import Document, Passage, PassageKind, PlacedWord, Span, Table
from scmine.web.paper_selection import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column that can be given when a record is added, and what it is called in a form."""

    column: str
    name: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    number: bool = False


FIELDS = (
    Field(column="raw_material", name="Material as printed"),
    Field(column="formula", name="Formula"),
    Field(column="raw_tc", name="Tc as printed"),
    Field(column="tc_K", name="Tc", unit="K", number=True),
    Field(column="tc_kind", name="Tc is", choices=("unspecified", "onset", "midpoint", "zero")),
    Field(column="superconducting", name="Superconducting", choices=("", "true", "false")),
    Field(column="raw_pressure", name="Pressure as printed"),
    Field(column="pressure_GPa", name="Pressure", unit="GPa", number=True),
    Field(column="measurement_method", name="Measured by"),
    Field(column="tc_method", name="Calculated by"),
    Field(column="lambda", name="λ", number=True),
    Field(column="omega_log_K", name="ω_log", unit="K", number=True),
    Field(column="mu_star", name="μ*", number=True),
    Field(column="space_group", name="Space group"),
    Field(column="evidence", name="Evidence", choices=("unknown", "measured", "calculated")),
    Field(column="origin", name="Result of", choices=("", "this_work", "cited")),
)
"""The fields of the form, in its order."""

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
    return {f.column: _text(row[f.column]) for f in FIELDS if row[f.column] is not None}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _from_mentions(mentions: Sequence[Mention]) -> dict[str, str]:
    """The first mention of each kind."""
    texts: dict[str, str] = {}
    for mention in mentions:
        column = next((c for label, c in _OF_LABEL.items() if label.value == mention.label), None)
        if column is not None:
            texts.setdefault(column, mention.text)
    return texts
