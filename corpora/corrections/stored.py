"""The corrections of a database: judged records put together with the text they are about.

Text, mentions and links are those stored at ingest. Where a database has none of a document, its
passages are tagged and linked again by the packaged models, which is what ingest would do today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from scmine.corpora.corrections.deriving import derive
from scmine.corpora.corrections.judgement import Correction, Judgement, NoExample
from scmine.corpora.corrections.places import sentences_of
from scmine.corpora.exchange.annotated import AnnotatedText, Annotations
from scmine.database.judged import Judged, JudgedFilter, RecordHistory
from scmine.database.layers import Layers
from scmine.database.record import Place, Record, Source
from scmine.database.revision import ChangeKind
from scmine.database.store import Database
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.linking import TrainedLinker
from scmine.extractors.sentences import split_sentences
from scmine.extractors.tagging import default_tagger

_KEPT = 64
"""Documents without stored layers whose annotations are kept in memory: those of a few pages."""

Texts = Mapping[int, tuple[Passage, Annotations]]
"""The passages of a document by their position, each with what the machine found."""


@dataclass(frozen=True, slots=True)
class DocumentCorrections:
    """What persons' judgements of one document's records teach.

    ``without_text`` are judged records that no passage carries, with the reason.
    """

    doc_id: str
    corrections: tuple[Correction, ...] = ()
    without_text: tuple[tuple[Judgement, NoExample], ...] = ()
    passages: tuple[str, ...] = field(default=(), repr=False)


def stored_corrections(
    database: Database, wanted: JudgedFilter | None = None
) -> Iterator[DocumentCorrections]:
    """The corrections of all documents that have a judged record that is wanted.

    Of these documents all judgements are taken, since one record's bears on the others'.

    Raises
    ------
    DatabaseError
        If the database cannot be read.
    """
    for doc_id in Judged(database).documents(wanted):
        yield corrections_of(database, doc_id)


def corrections_of(database: Database, doc_id: str) -> DocumentCorrections:
    """The corrections of one document.

    Raises
    ------
    DatabaseError
        If the database cannot be read.
    """
    histories = list(Judged(database).of_document(doc_id))
    texts = _texts(database, doc_id)
    by_passage: dict[int, list[Judgement]] = {}
    left: list[tuple[Judgement, NoExample]] = []
    for history in histories:
        judgement = _placed(_judgement(history), texts)
        positions = _positions(judgement)
        for position in positions:
            by_passage.setdefault(position, []).append(judgement)
        if not positions and judgement.is_judged:
            is_table = judgement.after.source is Source.TABLE
            left.append((judgement, NoExample.TABLE if is_table else NoExample.NO_TEXT))
    corrections = [
        derive(doc_id, position, *texts[position], judgements)
        for position, judgements in sorted(by_passage.items())
        if any(j.is_judged for j in judgements)
    ]
    passages = tuple(passage.text for passage, _ in texts.values())
    return DocumentCorrections(doc_id, tuple(corrections), tuple(left), passages)


def annotated(correction: Correction) -> AnnotatedText:
    """A correction as the formats of ``scmine.corpora.exchange`` take it."""
    first = correction.judgements[0].after
    about = {
        "document": correction.doc_id,
        "title": first.title or "",
        "doi": first.doi or "",
        "kind": str(correction.passage.kind),
        "passage": str(correction.position),
        "records": " ".join(j.record_id for j in correction.judgements),
        "curators": ", ".join(sorted({j.who for j in correction.judgements if j.who})),
    }
    return AnnotatedText(
        correction.ident,
        correction.passage.text,
        correction.before,
        correction.after,
        correction.passage.sentences,
        about,
    )


def _judgement(history: RecordHistory) -> Judgement:
    """The record as extracted and as it is; one that a person added was never extracted."""
    revisions = history.revisions
    if not revisions:
        return Judgement(before=history.record, after=history.record)
    first, last = revisions[0], revisions[-1]
    before = first.record if first.kind is ChangeKind.EXTRACTED else None
    return Judgement(
        before=before, after=history.record, who=last.who, when=last.when, why=last.why
    )


def _placed(judgement: Judgement, texts: Texts) -> Judgement:
    """The judgement with each place at the passage that its sentence stands in now.

    A later reading may have cut the paper into other passages; places that are in none are gone.
    """
    own = judgement.before or judgement.after
    stated = own.places or [_own_place(own)]
    places = []
    for place in stated:
        if place.source is Source.TABLE:
            continue
        here = own.model_copy(update={"sentence": place.sentence})
        order = sorted(texts, key=lambda position: position != place.passage)
        position = next((p for p in order if sentences_of(texts[p][0], here)), None)
        if position is not None:
            places.append(place.model_copy(update={"passage": position}))
    placed = own.model_copy(update={"places": places})
    if judgement.before is None:
        return replace(judgement, after=placed)
    return replace(judgement, before=placed)


def _own_place(record: Record) -> Place:
    return Place(
        id=record.record_id,
        source=record.source,
        sentence=record.sentence,
        raw_material=record.raw_material,
        raw_tc=record.raw_tc,
        raw_pressure=record.raw_pressure,
    )


def _positions(judgement: Judgement) -> list[int]:
    places = (judgement.before or judgement.after).places
    return sorted({p.passage for p in places if p.passage is not None})


def _texts(database: Database, doc_id: str) -> Texts:
    layers = Layers(database).of(doc_id)
    if layers is not None:
        found = zip(layers.passages, layers.mentions, layers.links, strict=True)
        return {
            position: (passage, Annotations(tuple(mentions), tuple(links)))
            for position, (passage, mentions, links) in enumerate(found)
        }
    rows = database.passages(doc_id)
    tagged = _tagged(tuple((row.kind, row.text, row.section) for row in rows))
    return {row.position: pair for row, pair in zip(rows, tagged, strict=True)}


@lru_cache(maxsize=_KEPT)
def _tagged(
    texts: tuple[tuple[str, str, str], ...],
) -> tuple[tuple[Passage, Annotations], ...]:
    """Passages (kind, text, section) as the packaged models annotate them, kept for a while."""
    passages = [
        Passage(PassageKind(kind), text, section, sentences=split_sentences(text))
        for kind, text, section in texts
    ]
    tagger, linker = default_tagger(), TrainedLinker()
    return tuple(
        (passage, Annotations(tuple(mentions), tuple(linker.link(passage, mentions))))
        for passage, mentions in zip(passages, tagger.tag(passages), strict=True)
    )
