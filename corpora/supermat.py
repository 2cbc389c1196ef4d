"""Reads SuperMat, papers on superconductors annotated in TEI XML, and writes it back.

SuperMat (Foppiano et al., Sci. Technol. Adv. Mater. Methods 1, 34 (2021),
doi:10.1080/27660400.2021.1918396) marks mentions as ``<rs type="…">`` and links as ``corresp``, a
list of ``#id`` in the same file. A few mentions stand in misspelt elements (``<rc type="tc">``,
``<tc type="class">``): whatever carries a known ``type`` inside a passage is a mention. Nothing is
corrected here: bounds and labels are the annotators'. Where things stand in the file is found by
``tei``, how bytes change by ``tei_edits``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from scmine.corpora.edits import Edit, apply_edits
from scmine.corpora.ordering import ordered
from scmine.corpora.tei import TeiDocument, TeiMention, TeiPassage, scan
from scmine.corpora.tei_edits import WantedMention, rewrite
from scmine.corpora.types import (
    CorpusError,
    GoldLink,
    GoldMention,
    GoldPassage,
    Paper,
    Place,
)
from scmine.extractors.claim import Label

LINK_LABEL = "corresp"
_SUFFIX = ".tei.xml"
_REPOSITORY_SUFFIX = ".superconductors"  # before the other one, in the authors' repository
LABELS = {
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
"""The types of mentions as the files have them."""


def load_supermat(folder: Path) -> list[Paper]:
    """All papers of ``folder`` (``*.tei.xml``), sorted by stem.

    Raises
    ------
    FileNotFoundError
        If the folder holds no such file.
    CorpusError
        As ``load_paper``.
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
        If the file is no well-formed XML in UTF-8, declares entities, has nested or unknown
        mentions, uses an ``xml:id`` twice, or has a link to an identifier that no mention of the
        file has; the error names the line.
    """
    return _read(path, path.read_bytes())


def write_supermat(paper: Paper, path: Path) -> Paper:
    """Write ``paper`` to ``path`` as the file it was loaded from, with its mentions and links.

    Every byte that no change concerns stays as it was. Mentions and links may come in any order;
    the head of a link is given an ``xml:id`` if it has none.

    Returns
    -------
    Paper
        What loading the file written gives: ``paper`` in order and with all identifiers.

    Raises
    ------
    ValueError
        If the paper was not loaded from a TEI file, if its passages are not those of that file, or
        if it holds what the format cannot say (overlapping mentions, mentions in several pieces or
        with blanks at their edges, unknown labels, events). Nothing is written then.
    """
    if not paper.source:
        raise ValueError(f"{paper.stem}: only a paper loaded from a TEI file can be written as one")
    old = scan(path, paper.source, LABELS)
    new = ordered(_with_idents(paper, old))
    _check(new, old)
    data = rewrite(paper.source, old.passages, _wanted(new, old))
    try:
        again = replace(_read(path, data), stem=paper.stem)
    except CorpusError as error:
        raise ValueError(f"{paper.stem}: cannot be written as TEI: {error}") from error
    if again != new:
        raise ValueError(f"{paper.stem}: TEI cannot say this; a mention may cross an element")
    path.write_bytes(data)
    return again


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


def _read(path: Path, data: bytes) -> Paper:
    document = scan(path, data, LABELS)
    passages: list[GoldPassage] = []
    tails: dict[Place, TeiMention] = {}
    for passage in document.passages:
        text, spans = normalise_blanks(passage.text, [(m.start, m.end) for m in passage.mentions])
        mentions: list[GoldMention] = []
        for (start, end), found in zip(spans, passage.mentions, strict=True):
            if end > start:
                tails[len(passages), len(mentions)] = found
                mentions.append(GoldMention(start, end, LABELS[found.label], found.ident))
        passages.append(GoldPassage(passage.kind, text, tuple(mentions)))
    links = tuple(_resolve(path, passages, tails))
    stem = path.name.removesuffix(_SUFFIX).removesuffix(_REPOSITORY_SUFFIX)
    return ordered(Paper(stem, tuple(passages), links, source=data))


def _resolve(
    path: Path, passages: list[GoldPassage], tails: dict[Place, TeiMention]
) -> Iterator[GoldLink]:
    by_ident = {
        mention.ident: (i, j)
        for i, passage in enumerate(passages)
        for j, mention in enumerate(passage.mentions)
        if mention.ident
    }
    for tail, found in tails.items():
        for target in found.targets:
            head = by_ident.get(target)
            if head is None:
                reason = f"a link points to {f'#{target}'!r}, which is not defined"
                raise CorpusError(path, reason, found.line)
            yield GoldLink(head, tail, LINK_LABEL)


def _with_idents(paper: Paper, old: TeiDocument) -> Paper:
    """``paper`` with a new identifier for each head of a link that has none."""
    taken = set(old.idents) | {m.ident for passage in paper.passages for m in passage.mentions}
    heads = {link.head for link in paper.links}
    number = 0
    passages = []
    for i, passage in enumerate(paper.passages):
        mentions = list(passage.mentions)
        for j, mention in enumerate(mentions):
            if (i, j) in heads and not mention.ident:
                while (ident := f"x{number}") in taken:
                    number += 1
                taken.add(ident)
                mentions[j] = replace(mention, ident=ident)
        passages.append(replace(passage, mentions=tuple(mentions)))
    return replace(paper, passages=tuple(passages))


def _check(paper: Paper, old: TeiDocument) -> None:
    """Raise a ``ValueError`` for what TEI cannot say, or not about this file."""
    texts = [(p.kind, normalise_blanks(p.text, [])[0]) for p in old.passages]
    if [(p.kind, p.text) for p in paper.passages] != texts:
        raise ValueError(f"{paper.stem}: its passages are not those of the file it came from")
    if paper.events or any(link.label != LINK_LABEL or link.ident for link in paper.links):
        raise ValueError(f"{paper.stem}: SuperMat has no events and no named links")
    for passage in paper.passages:
        for mention in passage.mentions:
            words = passage.text[mention.start : mention.end]
            is_inside = 0 <= mention.start < mention.end <= len(passage.text)
            if not is_inside or words != words.strip() or mention.fragments:
                raise ValueError(f"{paper.stem}: SuperMat cannot mark {words!r} ({mention})")
        for first, second in pairwise(passage.mentions):
            if second.start < first.end:
                raise ValueError(f"{paper.stem}: mentions overlap: {first} and {second}")


def _wanted(paper: Paper, old: TeiDocument) -> list[list[WantedMention]]:
    """The mentions of each passage in the file's own characters, with what their links point to."""
    targets: dict[Place, list[str]] = {}
    for link in paper.links:
        targets.setdefault(link.tail, []).append(paper.mention(link.head).ident)
    wanted: list[list[WantedMention]] = []
    for i, (passage, raw) in enumerate(zip(paper.passages, old.passages, strict=True)):
        at = _raw_characters(raw)
        wanted.append(
            [
                WantedMention(
                    at[m.start], at[m.end - 1] + 1, m.label, m.ident, tuple(targets.get((i, j), ()))
                )
                for j, m in enumerate(passage.mentions)
            ]
        )
    return wanted


def _raw_characters(passage: TeiPassage) -> list[int]:
    """For each character of the normalised text, where it stands in the raw one."""
    at: list[int] = []
    for word in re.finditer(r"\S+", passage.text):
        if at:
            at.append(at[-1] + 1)
        at += range(word.start(), word.end())
    return at
