"""Annotated texts as UIMA CAS for INCEpTION, and back: XMI files and their type system in a zip.

Mentions are of INCEpTION's own layer ``custom.Span``, links of ``custom.Relation``, each with the
feature ``label``; a new project of the kind "Basic annotation" has both. A relation runs from its
``Governor``, our first mention, to its ``Dependent``. Both also have ``score`` and ``reason``:
INCEpTION shows them where the project's layers have these features, and drops them elsewhere.
Extractors have no place there. UIMA counts UTF-16 units; ``cassis`` converts. Characters that XML
cannot hold become U+FFFD.
Needs dkpro-cassis (the extra ``exchange``).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

from cassis import Cas, TypeSystem, load_cas_from_xmi, load_typesystem
from cassis.typesystem import (
    TYPE_NAME_ANNOTATION,
    TYPE_NAME_BOOLEAN,
    TYPE_NAME_DOUBLE,
    TYPE_NAME_STRING,
)

from scmine.corpora.exchange.annotated import AnnotatedText, Annotations, ordered
from scmine.corpora.types import Span
from scmine.extractors.claim import Link, Mention
from scmine.extractors.sentences import split_sentences
from scmine.extractors.words import split_words

SPAN, RELATION = "custom.Span", "custom.Relation"
SENTENCE = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"
TOKEN = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
TYPE_SYSTEM_FILE = "TypeSystem.xml"
BEFORE, AFTER = "before", "after"
TOOL = "inception"
"""The extractor of mentions that come from INCEpTION."""

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def type_system() -> TypeSystem:
    """The types of a project of INCEpTION with its basic layers."""
    types = TypeSystem(add_document_annotation_type=True)
    for name in (SENTENCE, TOKEN):
        types.create_type(name)
    metadata = types.create_type(METADATA, "uima.tcas.DocumentAnnotation")
    for feature in ("documentTitle", "documentId"):
        types.create_feature(metadata, feature, TYPE_NAME_STRING)
    types.create_feature(metadata, "isLastSegment", TYPE_NAME_BOOLEAN)
    span = types.create_type(SPAN)
    relation = types.create_type(RELATION)
    for feature in ("Dependent", "Governor"):
        types.create_feature(relation, feature, TYPE_NAME_ANNOTATION)
    for layer in (span, relation):
        types.create_feature(layer, "label", TYPE_NAME_STRING)
        types.create_feature(layer, "score", TYPE_NAME_DOUBLE)
        types.create_feature(layer, "reason", TYPE_NAME_STRING)
    return types


def to_cas(text: AnnotatedText, annotations: Annotations, types: TypeSystem) -> Cas:
    """One text with one set of annotations."""
    cas = Cas(typesystem=types)
    cas.sofa_string = _NOT_IN_XML.sub("\ufffd", text.text)
    cas.sofa_mime = "text/plain"
    whole = (0, len(text.text))
    cas.add(
        types.get_type(METADATA)(
            begin=0, end=whole[1], documentTitle=text.ident, documentId=text.ident
        )
    )
    for start, end in text.sentences or split_sentences(text.text) or (whole,):
        cas.add(types.get_type(SENTENCE)(begin=start, end=end))
    for start, end in _tokens(text.text, annotations):
        cas.add(types.get_type(TOKEN)(begin=start, end=end))
    spans = [
        types.get_type(SPAN)(
            begin=m.start,
            end=m.end,
            label=str(m.label),
            score=m.score,
            reason=_in_xml(annotations.reason(i)),
        )
        for i, m in enumerate(annotations.mentions)
    ]
    cas.add_all(spans)
    for i, link in enumerate(annotations.links):
        head, tail = spans[link.head], spans[link.tail]
        place = annotations.mentions[link.tail]  # a relation stands where its dependent does
        cas.add(
            types.get_type(RELATION)(
                begin=place.start,
                end=place.end,
                Governor=head,
                Dependent=tail,
                label=str(link.label),
                score=link.score,
                reason=_in_xml(annotations.link_reason(i)),
            )
        )
    return cas


def from_cas(cas: Cas) -> tuple[str, Annotations]:
    """The text and the annotations of a CAS.

    Raises
    ------
    ValueError
        If a relation lacks an end, or an end is no mention.
    """
    text = cas.sofa_string or ""
    spans = cas.select(SPAN) if cas.typesystem.contains_type(SPAN) else []
    places = {span.xmiID: i for i, span in enumerate(spans)}
    mentions = [
        Mention(s.begin, s.end, s.label or "", text[s.begin : s.end], _score(s), TOOL)
        for s in spans
    ]
    links = []
    link_reasons = []
    for relation in cas.select(RELATION) if cas.typesystem.contains_type(RELATION) else ():
        ends = (relation.Governor, relation.Dependent)
        if any(end is None or end.xmiID not in places for end in ends):
            raise ValueError("a relation without a mention at both ends")
        head, tail = (places[end.xmiID] for end in ends)
        links.append(Link(head, tail, relation.label or "", _score(relation)))
        link_reasons.append(_reason(relation))
    return text, ordered(mentions, links, [_reason(s) for s in spans], link_reasons)


def write_zip(texts: Iterable[AnnotatedText], target: Path | IO[bytes]) -> None:
    """Write texts as ``after/ID.xmi`` and ``before/ID.xmi``, with their type system."""
    types = type_system()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(TYPE_SYSTEM_FILE, types.to_xml())
        for text in texts:
            for folder, annotations in ((BEFORE, text.before), (AFTER, text.after)):
                if annotations is not None:
                    xmi = to_cas(text, annotations, types).to_xmi()
                    archive.writestr(f"{folder}/{text.ident}.xmi", xmi)


def read_zip(source: Path | IO[bytes]) -> list[AnnotatedText]:
    """The texts of a zip that `write_zip` wrote, or whose files were replaced by others.

    Raises
    ------
    ValueError
        If there is no type system, or a file is not as it should be.
    """
    found: dict[str, dict[str, tuple[str, Annotations]]] = {}
    with zipfile.ZipFile(source) as archive:
        if TYPE_SYSTEM_FILE not in archive.namelist():
            raise ValueError(f"no {TYPE_SYSTEM_FILE} in the archive")
        types = load_typesystem(archive.read(TYPE_SYSTEM_FILE).decode("utf-8"))
        for name in archive.namelist():
            folder, _, file = name.partition("/")
            if folder in (BEFORE, AFTER) and file.endswith(".xmi"):
                cas = load_cas_from_xmi(archive.read(name).decode("utf-8"), typesystem=types)
                found.setdefault(file.removesuffix(".xmi"), {})[folder] = from_cas(cas)
    texts = []
    for ident, parts in found.items():
        text = next(iter(parts.values()))[0]
        sides = {
            folder: parts[folder][1] if folder in parts else None for folder in (BEFORE, AFTER)
        }
        texts.append(AnnotatedText(ident, text, sides[BEFORE], sides[AFTER]))
    return texts


def _score(item: Any) -> float:
    """The score of a mention or relation; 1 where the layer has none or a person left it empty."""
    score = getattr(item, "score", None)
    return 1.0 if score is None else float(score)


def _reason(item: Any) -> str:
    return getattr(item, "reason", None) or ""


def _in_xml(text: str) -> str | None:
    """Text without what XML cannot hold; None for none."""
    return _NOT_IN_XML.sub("\ufffd", text) or None


def _tokens(text: str, annotations: Annotations) -> Iterator[Span]:
    """Words, cut where mentions begin and end: INCEpTION's mentions consist of whole tokens."""
    cuts = {at for m in annotations.mentions for at in (m.start, m.end)}
    for word in split_words(text):
        edges = sorted({word.start, word.end, *(c for c in cuts if word.start < c < word.end)})
        yield from pairwise(edges)
