"""A database with one paper, what the machine found in it, and what curators made of that."""

from __future__ import annotations

from dataclasses import replace

from scmine.database.layer_packing import DocumentLayers, pack
from scmine.database.record import Record, RecordStatus, Source
from scmine.database.results import DocumentResult, PassageRow
from scmine.database.revision import ErrorType
from scmine.database.store import Database
from scmine.extractors.document import Passage, PassageKind
from scmine.pipelines.curate import curation_of
from tests.corpora.corrections.judged_texts import TEXT, machine, passage, record

DOC_ID = "d" * 64
TITLE = "On the <Tc> of MgB2"
FOUND = machine(
    ["MgB2", "39 K", "NbN", "16 K", "FeSe", "300 K"],
    [("MgB2", "39 K"), ("MgB2", "16 K"), ("FeSe", "300 K")],
)


def records() -> list[Record]:
    """Three claims of the text, of which the second has the wrong material, and one of a table."""
    shared = {"path": "papers/d.pdf", "title": TITLE, "year": 2001}
    made = [
        record("MgB2", "39 K", **shared),
        record("MgB2", "16 K", **shared),
        record("FeSe", "300 K", 1, **shared),
        record("MgB2", "38 K", **shared, source=Source.TABLE, extractor="table-rules"),
    ]
    places = [r.places[0].model_copy(update={"passage": 1}) for r in made[:3]]
    table = made[3].places[0].model_copy(update={"source": Source.TABLE, "passage": None})
    return [
        r.model_copy(update={"places": [place]})
        for r, place in zip(made, [*places, table], strict=True)
    ]


def result(*, with_layers: bool = True) -> DocumentResult:
    """The paper as ingest saves it: a title, then the passage."""
    layers = DocumentLayers(
        passages=(Passage(PassageKind.TITLE, TITLE), passage()),
        mentions=((), FOUND.mentions),
        links=((), FOUND.links),
    )
    return DocumentResult(
        doc_id=DOC_ID,
        path="papers/d.pdf",
        reader="pdf",
        status="done",
        pipeline_version="5",
        title=TITLE,
        year=2001,
        page_count=1,
        passages=[PassageRow(position=1, kind="paragraph", text=TEXT, page=1)],
        records=records(),
        record_passages=[0, 0, 0, None],
        layers=pack(layers) if with_layers else None,
    )


def save(database: Database, *, with_layers: bool = True) -> None:
    """Put the paper into a database."""
    run = database.start_run("5")
    database.save_document(run, result(with_layers=with_layers))


def curate(database: Database) -> None:
    """Validate the first record, correct the second, reject the third, validate the table's."""
    curation = curation_of(database)
    curation.judge("MgB2-39 K", RecordStatus.VALIDATED, who="ada", expected=0)
    changes = {"raw_material": "NbN", "formula": "NbN"}
    curation.edit(
        "MgB2-16 K", changes, who="bob", why="it is NbN's", error_type=ErrorType.LINKING, expected=0
    )
    curation.judge(
        "FeSe-300 K", RecordStatus.INVALID, who="ada", error_type=ErrorType.EXTRACTION, expected=0
    )
    curation.judge("MgB2-38 K", RecordStatus.VALIDATED, who="ada", expected=0)


def save_other(database: Database, title: str) -> str:
    """Put another paper with the same text and another title beside it; its id."""
    doc_id = "e" * 64
    update = {"doc_id": doc_id, "path": "papers/e.pdf", "title": title}
    again = [r.model_copy(update=update | {"record_id": f"e-{r.record_id}"}) for r in records()]
    other = replace(result(), records=again, **update)
    database.save_document(database.start_run("5"), other)
    curation_of(database).judge("e-MgB2-39 K", RecordStatus.VALIDATED, who="ada", expected=0)
    return doc_id
