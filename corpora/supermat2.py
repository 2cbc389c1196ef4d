"""Reads SuperMat 2's training half, tables of relations, as papers for training the linker.

The tables give, for each passage, its text, the strings of its materials and one line a relation
(material, Tc, pressure, method), but no places in the text. Strings are looked up in the order in
which the tables give them; what is not found is left out. Mentions of other classes, and Tc values
without a relation, are taken from a tagger. Only papers that are not among ``known`` are read, so
that nothing is learnt of a paper that is kept for development. The corpora with places live in
``supermat`` and ``sc_comics``.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scmine.corpora.types import CorpusError, GoldLink, GoldMention, GoldPassage, Paper
from scmine.extractors.claim import Label, Tagger
from scmine.extractors.document import Passage, PassageKind

_TABLES = {
    "text": ("filename", "pid", "text"),
    "materials": ("filename", "pid", "material"),
    "relations": ("filename", "passage_id", "material", "tcValue", "pressure"),
}
_ENDINGS = (".superconductors.tei.xml", "-CC")
_TAGGED = (Label.CLASS, Label.TC, Label.TC_VALUE, Label.PRESSURE, Label.ME_METHOD)
_UNIT = re.compile(r"\s*K\b")

_Row = dict[str, str]
_Key = tuple[str, str]  # paper, passage


def load_supermat2(folder: Path, known: Iterable[str], tagger: Tagger) -> list[Paper]:
    """The papers of ``folder`` (``supermat2-*-train.csv``) that are not named in ``known``.

    Parameters
    ----------
    folder
        Where ``supermat2-text-train.csv``, ``…-materials-…`` and ``…-relations-…`` are.
    known
        Stems of papers to leave out; with and without ``-CC`` they count as the same.
    tagger
        What finds the mentions that the tables do not list.

    Raises
    ------
    FileNotFoundError
        If a table is missing.
    CorpusError
        If a table lacks a column.
    """
    rows = {name: _read(folder, name, columns) for name, columns in _TABLES.items()}
    left_out = {_stem(stem) for stem in known}
    texts = {_key(row, "pid"): row["text"] for row in rows["text"]}
    materials: dict[_Key, list[str]] = defaultdict(list)
    relations: dict[_Key, list[_Row]] = defaultdict(list)
    for row in rows["materials"]:
        materials[_key(row, "pid")].append(row["material"])
    for row in rows["relations"]:
        relations[_key(row, "passage_id")].append(row)
    keys = [k for k in texts if k[0] not in left_out and (k in materials or k in relations)]
    tagged = tagger.tag([Passage(PassageKind.PARAGRAPH, texts[key]) for key in keys])
    passages: dict[str, list[GoldPassage]] = defaultdict(list)
    links: dict[str, list[GoldLink]] = defaultdict(list)
    for key, found in zip(keys, tagged, strict=True):
        draft = _Draft(texts[key])
        draft.add_materials(materials[key])
        pairs = draft.add_relations(relations[key])
        draft.add_tagged([(m.start, m.end, m.label) for m in found if m.label in _TAGGED])
        passage, ends = draft.finished(pairs)
        at = len(passages[key[0]])
        links[key[0]] += [GoldLink((at, head), (at, tail)) for head, tail in ends]
        passages[key[0]].append(passage)
    return [Paper(stem, tuple(passages[stem]), tuple(links[stem])) for stem in sorted(passages)]


_Span = tuple[int, int, Label]


@dataclass
class _Draft:
    """A passage on which mentions are being placed; none may overlap another."""

    text: str
    spans: list[_Span] = field(default_factory=list)

    def add_materials(self, names: Sequence[str]) -> None:
        """Each name at its first free place behind the name before it."""
        done = 0
        for name in names:
            places = [p for p in self._places(name) if p[0] >= done and self._free(*p)]
            if places:
                start, done = places[0]
                self.spans.append((start, done, Label.MATERIAL))

    def add_relations(self, relations: Sequence[_Row]) -> list[tuple[_Span, _Span]]:
        """Place the values; the links found are (head, tail)."""
        pairs: list[tuple[_Span, _Span]] = []
        for row in relations:
            value = self._value(row["tcValue"].strip())
            if value is None:
                continue
            alike = [s for s in self.spans if self.text[s[0] : s[1]] == row["material"]]
            if alike:
                pairs.append((min(alike, key=lambda s: abs(s[0] - value[0])), value))
        return pairs

    def add_tagged(self, found: Sequence[_Span]) -> None:
        """Mentions of a tagger, where there is room."""
        for span in found:
            if self._free(span[0], span[1]):
                self.spans.append(span)

    def finished(
        self, pairs: Sequence[tuple[_Span, _Span]]
    ) -> tuple[GoldPassage, list[tuple[int, int]]]:
        """The passage, and the links as indices of its mentions."""
        spans = sorted(self.spans)
        place = {span: i for i, span in enumerate(spans)}
        mentions = tuple(GoldMention(*span) for span in spans)
        ends = sorted({(place[head], place[tail]) for head, tail in pairs})
        return GoldPassage("paragraph", self.text, mentions), ends

    def _value(self, words: str) -> _Span | None:
        """The first place of a Tc value, one with a unit if there is any; it may be taken."""
        taken = {s for s in self.spans if s[2] is Label.TC_VALUE}
        places = [
            p
            for p in self._places(words)
            if (*p, Label.TC_VALUE) in taken or self._free(*p)
        ]  # fmt: skip
        with_unit = [p for p in places if "K" in words or _UNIT.match(self.text, p[1])]
        for start, end in (with_unit or places)[:1]:
            span = (start, end, Label.TC_VALUE)
            if span not in taken:
                self.spans.append(span)
            return span
        return None

    def _places(self, words: str) -> Iterator[tuple[int, int]]:
        """Where ``words`` stand, digits not being parts of longer numbers."""
        if not words:
            return
        before = r"(?<![\d.])" if words[0].isdigit() else ""
        after = r"(?![.]?\d)" if words[-1].isdigit() else ""
        for match in re.finditer(before + re.escape(words) + after, self.text):
            yield match.span()

    def _free(self, start: int, end: int) -> bool:
        return all(end <= s or e <= start for s, e, _ in self.spans)


def _read(folder: Path, name: str, columns: Sequence[str]) -> list[_Row]:
    path = folder / f"supermat2-{name}-train.csv"
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a passage can be longer than the default
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = [c for c in columns if c not in (reader.fieldnames or ())]
        if missing:
            raise CorpusError(path, f"no column {missing[0]!r}", 1)
        return [{c: row[c] or "" for c in columns} for row in reader]


def _key(row: _Row, passage: str) -> _Key:
    return _stem(row["filename"]), row[passage]


def _stem(name: str) -> str:
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return name
