"""A passage, what the machine found in it, and the records it made of that."""

from __future__ import annotations

from typing import Any

from scmine.corpora.corrections.deriving import derive
from scmine.corpora.corrections.judgement import Correction, Judgement
from scmine.corpora.exchange.annotated import Annotations, ordered
from scmine.database.record import Place, Record, RecordStatus, Source
from scmine.extractors.claim import Label, Link, LinkLabel, Mention
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.sentences import split_sentences

TEXT = "😀 MgB2 superconducts at 39 K and NbN at 16 K. The film of FeSe was kept at 300 K."
_LABELS = {"MgB2": Label.MATERIAL, "NbN": Label.MATERIAL, "FeSe": Label.MATERIAL}


def passage(text: str = TEXT) -> Passage:
    """A paragraph."""
    return Passage(PassageKind.PARAGRAPH, text, sentences=split_sentences(text))


def machine(
    words: list[str], pairs: list[tuple[str, str]], text: str = TEXT, labels: Any = None
) -> Annotations:
    """Mentions of the words given, in order, and links between pairs of them."""
    mentions, at = [], 0
    for word in words:
        start = text.index(word, at)
        at = start + len(word)
        label = (labels or {}).get(word) or _LABELS.get(word) or Label.TC_VALUE
        mentions.append(Mention(start, at, label, word, 0.9, "tagger@1"))
    links = []
    for head, tail in pairs:
        label = LinkLabel.MATERIAL_TC if _is_material(head) else LinkLabel.TC_PRESSURE
        links.append(Link(words.index(head), words.index(tail), label, 0.8))
    return ordered(mentions, links)


def _is_material(word: str) -> bool:
    return word in _LABELS


def record(material: str, tc: str | None, sentence: int = 0, **values: Any) -> Record:
    """A record as it was extracted from a sentence of `TEXT`, or of the ``text`` given."""
    text = values.pop("text", TEXT)
    start, end = split_sentences(text)[sentence]
    fields: dict[str, Any] = {
        "record_id": f"{material}-{tc}",
        "doc_id": "d" * 64,
        "raw_material": material,
        "formula": material,
        "raw_tc": tc,
        "tc_K": float(tc.split()[0]) if tc else None,
        "sentence": text[start:end],
        "extractor": "tagger@1",
    }
    made = Record(**fields | values)
    place = Place(
        id="p",
        source=Source.TEXT,
        passage=0,
        sentence=made.sentence,
        raw_material=made.raw_material,
        raw_tc=made.raw_tc,
        raw_pressure=made.raw_pressure,
    )
    return made.model_copy(update={"places": [place]})


def judged(before: Record | None, **changes: Any) -> Judgement:
    """A record with changes; ``validated`` if there are none, else ``curated``."""
    assert before is not None
    status = RecordStatus.CURATED if changes else RecordStatus.VALIDATED
    after = before.model_copy(update={"status": status, **changes})
    return Judgement(before=before, after=after, who="ada")


def unjudged(before: Record) -> Judgement:
    """A record that nobody has judged."""
    return Judgement(before=before, after=before)


def corrected(found: Annotations, *judgements: Judgement, text: str = TEXT) -> Correction:
    """The correction of the passage."""
    return derive("d" * 64, 0, passage(text), found, judgements)


def mentions_of(found: Annotations) -> list[tuple[str, str]]:
    """(words, label) of each mention."""
    return [(m.text, str(m.label)) for m in found.mentions]


def links_of(found: Annotations) -> set[tuple[str, str]]:
    """(words, words) of each link."""
    return {(found.mentions[k.head].text, found.mentions[k.tail].text) for k in found.links}


def known_of(correction: Correction) -> list[str]:
    """The words of the mentions that are known."""
    return [correction.after.mentions[i].text for i in sorted(correction.known)]


def linked_of(correction: Correction) -> set[tuple[str, str]]:
    """(label, words) of the values whose links are known."""
    return {(k, correction.after.mentions[i].text) for k, i in correction.linked}
