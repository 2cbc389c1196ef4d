"""Reads SuperMat, papers on superconductors annotated in TEI XML, into the types of ``types``.

SuperMat (Foppiano et al., Sci. Technol. Adv. Mater. Methods 1, 34 (2021),
doi:10.1080/27660400.2021.1918396) marks mentions as ``<rs type="…">`` and links as ``corresp``, a
list of ``#id`` in the same file. A few mentions stand in misspelt elements (``<rc type="tc">``,
``<tc type="class">``): whatever carries a known ``type`` inside a passage is a mention. Nothing is
corrected here: bounds and labels are the annotators'.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from scmine.corpora.edits import Edit, apply_edits
from scmine.corpora.types import CorpusError, GoldLink, GoldMention, GoldPassage, Paper
from scmine.extractors.claim import Label

_TEI = "{http://www.tei-c.org/ns/1.0}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_SUFFIX = ".tei.xml"
_AB_KINDS = {
    "keywords": "keywords",
    "figurecaption": "figure_caption",
    "tablecaption": "table_caption",
}
_LABELS = {
    str(label): label
    for label in (
        Label.MATERIAL,
        Label.CLASS,
        Label.TC,
        Label.TC_VALUE,
        Label.PRESSURE,
        Label.ME_METHOD,
    )
}

_Pending = dict[tuple[int, int], str]  # mention -> its corresp attribute


def load_supermat(folder: Path) -> list[Paper]:
    """All papers of ``folder`` (``*.tei.xml``), sorted by stem.

    Raises
    ------
    FileNotFoundError
        If the folder holds no such file.
    CorpusError
        If a file is not well-formed or a link points nowhere.
    """
    paths = sorted(folder.glob(f"*{_SUFFIX}"))
    if not paths:
        raise FileNotFoundError(f"{folder}: no {_SUFFIX} files here")
    return [load_paper(path) for path in paths]


def load_paper(path: Path) -> Paper:
    """One annotated paper.

    Raises
    ------
    CorpusError
        If the XML is not well-formed (with the line), has nested or unknown mentions, or has a
        link to an identifier that the file does not define.
    """
    try:
        root = ET.parse(path).getroot()
    except ET.ParseError as error:
        raise CorpusError(path, f"not well-formed XML: {error}", error.position[0]) from error
    passages: list[GoldPassage] = []
    pending: _Pending = {}
    for kind, element in _passage_elements(root):
        passage, links = _read_passage(path, kind, element)
        pending.update({(len(passages), i): target for i, target in links.items()})
        passages.append(passage)
    stem = path.name.removesuffix(_SUFFIX)
    return Paper(stem, tuple(passages), tuple(_resolve(path, passages, pending)))


def _passage_elements(root: ET.Element) -> Iterator[tuple[str, ET.Element]]:
    """The elements that hold annotated text, with their kind, in document order."""
    for title in root.iterfind(f".//{_TEI}titleStmt/{_TEI}title"):
        yield "title", title
    for parent, kind in ((f".//{_TEI}profileDesc", "abstract"), (f".//{_TEI}body", "paragraph")):
        for holder in root.iterfind(parent):
            for element in holder.iter():
                if element.tag == f"{_TEI}p":
                    yield kind, element
                elif element.tag == f"{_TEI}ab":
                    yield _AB_KINDS.get(element.get("type", "").lower(), kind), element


def _read_passage(path: Path, kind: str, element: ET.Element) -> tuple[GoldPassage, dict[int, str]]:
    """The passage, and the ``corresp`` attribute of those of its mentions that have one."""
    pieces: list[str] = [element.text or ""]
    length = len(pieces[0])
    raw: list[tuple[int, int, ET.Element]] = []
    for child in element:
        content = "".join(child.itertext())
        if child.get("type") is not None:
            if len(child):
                raise CorpusError(path, f"mention inside a mention: {content!r}")
            raw.append((length, length + len(content), child))
        pieces += (content, child.tail or "")
        length += len(pieces[-2]) + len(pieces[-1])
    text, spans = normalise_blanks("".join(pieces), [(s, e) for s, e, _ in raw])
    mentions: list[GoldMention] = []
    links: dict[int, str] = {}
    for (start, end), (_, _, child) in zip(spans, raw, strict=True):
        label = _LABELS.get(child.get("type", ""))
        if label is None:
            raise CorpusError(path, f"unknown mention type {child.get('type')!r}")
        if end <= start:
            continue
        if "corresp" in child.attrib:
            links[len(mentions)] = child.attrib["corresp"]
        mentions.append(GoldMention(start, end, label, child.get(_ID, "")))
    return GoldPassage(kind, text, tuple(mentions)), links


def normalise_blanks(text: str, spans: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """Runs of white space become one blank and go at the ends; spans shed blanks at their edges.

    >>> normalise_blanks("\\n  Tc  of LaH10 \\n", [(3, 5), (6, 15)])
    ('Tc of LaH10', [(0, 2), (3, 11)])
    """
    trimmed = []
    for start, end in spans:
        inner = text[start:end]
        lead = len(inner) - len(inner.lstrip())
        trimmed.append((start + lead, max(start + lead, start + len(inner.rstrip()))))
    edits = [
        Edit(m.start(), m.end(), " " if m.start() > 0 and m.end() < len(text) else "")
        for m in re.finditer(r"\s+", text)
    ]
    return apply_edits(text, edits, trimmed)


def _resolve(path: Path, passages: list[GoldPassage], pending: _Pending) -> Iterator[GoldLink]:
    by_ident = {
        mention.ident: (i, j)
        for i, passage in enumerate(passages)
        for j, mention in enumerate(passage.mentions)
        if mention.ident
    }
    for tail, attribute in pending.items():
        for target in re.findall(r"[^\s,]+", attribute):
            head = by_ident.get(target.removeprefix("#"))
            if head is None:
                raise CorpusError(path, f"a link points to {target!r}, which is not defined")
            yield GoldLink(head, tail)
