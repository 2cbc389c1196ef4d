"""Reads what annotators made in INCEpTION: an export of a project, or of single documents.

In a project's zip ``annotation/DOCUMENT/USER.zip`` holds what each user made of each document, and
``curation/DOCUMENT/CURATION_USER.zip`` what the curator decided; both as UIMA CAS in XMI or JSON.
A zip with CAS files at the top, as ``scmine annotate`` writes it, is one annotator's. Mentions are
of ``custom.Span`` or DKPro's ``NamedEntity``, links of ``custom.Relation``. UIMA counts UTF-16
units, which ``cassis`` turns into code points. Needs dkpro-cassis (the extra ``exchange``).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from keyword import iskeyword
from pathlib import Path, PurePosixPath

from cassis import Cas, load_cas_from_json, load_cas_from_xmi, load_typesystem
from cassis.typesystem import AnnotationHasNoSofa, TypeCheckError, TypeNotFoundError
from lxml.etree import LxmlError

from scmine.corpora.annotation.plain import Unpackable, load_json, unpacked
from scmine.corpora.annotation.versions import Fault, Note, Problem, RawVersion, Read
from scmine.corpora.exchange.inception import (
    BEFORE,
    METADATA,
    RELATION,
    SENTENCE,
    SPAN,
    TYPE_SYSTEM_FILE,
)
from scmine.corpora.types import GoldMention
from scmine.extractors.claim import Link

_ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
_LABELS = {SPAN: "label", _ENTITY: "value"}
_ENDINGS = (".xmi", ".json", ".txt", ".xml", ".zip")
_INITIAL, _CURATOR = "INITIAL_CAS", "CURATION_USER"
_PROJECT_FILE = "exportedproject.json"
_FINISHED, _IN_PROGRESS, _IGNORED = "FINISHED", "IN_PROGRESS", "IGNORE"
_LARGEST = 64 * 2**20  # bytes that one file of an archive may unpack to
_REMEDY = "Export the project again with format UIMA CAS XMI 1.0 (XML 1.0) or UIMA CAS JSON"
_CAS_ERRORS = (
    LxmlError,
    AnnotationHasNoSofa,
    TypeCheckError,
    TypeNotFoundError,
    *(ValueError, KeyError, TypeError, AttributeError, IndexError),
    *(RuntimeError, AssertionError, zipfile.BadZipFile),
)
"""What cassis makes of a damaged CAS; it tells damage apart from use in no way."""
_Found = tuple[str, str, bool, str, bytes, bytes | None]
"""Place in the archive, unit, whether curated, user, CAS and type system."""


def read_inception(path: Path, annotator: str) -> Iterator[Read]:
    """The versions of a zip; ``annotator`` made those of one without users."""
    try:
        with zipfile.ZipFile(path) as archive:
            states = _states(archive)
            for place, ident, curated, user, data, types in _files(archive, annotator):
                file = f"{path}/{place}"
                state = states.get((PurePosixPath(place).parent.name, user), _FINISHED)
                if state == _IGNORED and not curated:
                    what, todo = f"{user} has skipped it", "Annotate it, or leave it out"
                    yield Problem(file, ident, Fault.NOT_DONE, what, todo)
                    continue
                read = _read(file, ident, user, curated, data, types)
                if isinstance(read, RawVersion) and state == _IN_PROGRESS and not curated:
                    read = replace(read, notes=(*read.notes, Note.UNFINISHED))
                yield read
    except (zipfile.BadZipFile, Unpackable) as error:
        yield Problem(str(path), "", Fault.NOT_READ, str(error), _REMEDY)


def _states(archive: zipfile.ZipFile) -> dict[tuple[str, str], str]:
    """How far each (document, user) is, as the project's own file says."""
    if _PROJECT_FILE not in archive.namelist():
        return {}
    try:
        rows = (
            load_json(_bytes(archive, _PROJECT_FILE).decode("utf-8")).get("annotation_documents")
            or []
        )
        return {(row["name"], row["user"]): row["state"] for row in rows}
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}  # it says nothing that we need to understand


def _files(archive: zipfile.ZipFile, annotator: str) -> Iterator[_Found]:
    names = [n for n in archive.namelist() if not n.endswith("/")]
    types = _bytes(archive, TYPE_SYSTEM_FILE) if TYPE_SYSTEM_FILE in names else None
    # Before 2.0.8 names began with a slash.
    has_project = any(n.lstrip("/").startswith(("annotation/", "curation/")) for n in names)
    for name in names:
        parts = PurePosixPath(name.lstrip("/")).parts
        if has_project:
            if len(parts) != 3 or parts[0] not in ("annotation", "curation"):
                continue
            user = _stem(parts[2])
            if user == _INITIAL or (user == _CURATOR) != (parts[0] == "curation"):
                continue
            curated = parts[0] == "curation"
            yield name, _stem(parts[1]), curated, user, _bytes(archive, name), types
        elif parts[0] != BEFORE and parts[-1].lower().endswith((".xmi", ".json")):
            yield name, _stem(parts[-1]), False, annotator, _bytes(archive, name), types


def _inner(data: bytes) -> tuple[bytes, bytes | None]:
    """The CAS of a user's file, which may be a zip with its type system."""
    if not data.startswith(b"PK"):
        return data, None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        types = _bytes(archive, TYPE_SYSTEM_FILE) if TYPE_SYSTEM_FILE in names else None
        found = [n for n in names if n.lower().endswith((".xmi", ".json"))]
        if len(found) != 1:
            raise ValueError(f"{len(found)} CAS files in it where one is expected")
        return _bytes(archive, found[0]), types


def _bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    return unpacked(archive, name, _LARGEST)


def _stem(name: str) -> str:
    """The name of a document without the endings that tools add."""
    while name.lower().endswith(_ENDINGS):
        name = name[: name.rindex(".")]
    return name


def _read(
    file: str, ident: str, user: str, curated: bool, data: bytes, types: bytes | None
) -> Read:
    try:
        inside, own = _inner(data)
        return _version(file, ident, user, curated, _cas(inside, own or types))
    except _Incomplete as error:
        return Problem(file, ident, Fault.BAD_LINK, str(error), "Complete or delete it")
    except _CAS_ERRORS as error:
        return Problem(file, ident, Fault.NOT_READ, f"no CAS can be read: {error!r}", _REMEDY)


class _Incomplete(ValueError):
    pass


def _cas(data: bytes, types: bytes | None) -> Cas:
    for part in (data, types or b""):
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise ValueError("it declares entities")
    if data.lstrip()[:1] == b"{":
        text = data.decode("utf-8")
        declared = load_json(text).get("%TYPES") or {}
        _refuse_code(k for one in declared.values() for k in one if not k.startswith("%"))
        return load_cas_from_json(text)
    if types is None:
        raise ValueError(f"there is no {TYPE_SYSTEM_FILE} beside it")
    system = load_typesystem(types.decode("utf-8"))
    _refuse_code(f.name for one in system.get_types() for f in one.all_features)
    return load_cas_from_xmi(data.decode("utf-8"), typesystem=system)


def _refuse_code(features: Iterable[str]) -> None:
    """Refuse features that are no names: cassis makes classes of them, by source code."""
    for name in features:
        if not name.isidentifier() or iskeyword(name):
            raise ValueError(f"a feature has the name {name!r}")


def _version(file: str, ident: str, user: str, curated: bool, cas: Cas) -> RawVersion:
    text = cas.sofa_string
    if not isinstance(text, str):
        raise ValueError("it has no text")
    mentions: list[GoldMention] = []
    places: dict[int, int] = {}
    for name, feature in _LABELS.items():
        for span in cas.select(name) if cas.typesystem.contains_type(name) else ():
            places[span.xmiID] = len(mentions)
            mentions.append(GoldMention(span.begin, span.end, getattr(span, feature) or ""))
    links = []
    for relation in cas.select(RELATION) if cas.typesystem.contains_type(RELATION) else ():
        ends = (relation.Governor, relation.Dependent)
        if any(end is None or end.xmiID not in places for end in ends):
            raise _Incomplete("a relation without a mention at both ends")
        head, tail = (places[end.xmiID] for end in ends)
        links.append(Link(head, tail, relation.label or ""))
    sentences = cas.select(SENTENCE) if cas.typesystem.contains_type(SENTENCE) else ()
    return RawVersion(
        file,
        ident or _title(cas),
        text,
        user,
        tuple(mentions),
        tuple(links),
        # The words follow from the offsets that cassis gives: they are in code points.
        tuple(text[m.start : m.end] for m in mentions),
        adjudicated=curated,
        sentences=tuple((s.begin, s.end) for s in sentences),
    )


def _title(cas: Cas) -> str:
    """The document's own name."""
    for metadata in cas.select(METADATA) if cas.typesystem.contains_type(METADATA) else ():
        return _stem(metadata.documentId or metadata.documentTitle or "")
    return ""
