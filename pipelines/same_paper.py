"""The same paper: which of the files found are one paper in several formats, and which is read.

Two files are the same paper if they have the same number of arXiv, and the same version as far as
both name one, or the same name in the same folder but for their endings.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scmine.extractors.formats.identifiers import arxiv_id_in
from scmine.pipelines.candidates import Candidate, Form

_ARXIV = re.compile(
    r"(?:arxiv[-_. :]?)?(?P<id>\d{4}\.\d{4,5}|[a-z-]{4,10}(?:\.[a-z]{2})?[_/-]?\d{7})"
    r"(?:v(?P<version>\d{1,3}))?",
    re.I,
)
_SOURCES = (Form.LATEX, Form.HTML, Form.JATS)


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of a file: it is read, with ``pdf`` for its places, or ``instead`` is."""

    path: Path
    pdf: Path | None = None
    instead: Path | None = None


def choose(candidates: Sequence[Candidate], *, named: bool = False) -> list[Choice]:
    """What becomes of each candidate, in their order; parts and figures of others are left out.

    Of each paper the format that says most is read. Where that is a source, a PDF gives the places.
    If the files were ``named`` by the user, all are read but PDFs that give places to a source.
    """
    kept = list(candidates) if named else _without_parts(candidates)
    # The structures of a paper say other things than the paper, whatever they are called.
    choices = {c.path: Choice(c.path) for c in kept if c.form is Form.CRYSTAL}
    for group in _groups([c for c in kept if c.form is not Form.CRYSTAL]):
        best = min(group, key=lambda c: (c.form, not c.packed, str(c.path)))
        pdfs = [c.path for c in group if c.form is Form.PDF]
        pdf = pdfs[0] if pdfs and best.form in _SOURCES else None
        for found in group:
            if found is best:
                choices[found.path] = Choice(found.path, pdf)
            elif named and found.path != pdf:
                choices[found.path] = Choice(found.path)
            else:
                choices[found.path] = Choice(found.path, instead=best.path)
    return [choices[c.path] for c in kept]


def arxiv_version(stem: str) -> tuple[str, int | None] | None:
    """The arXiv number and version that a whole name consists of.

    >>> arxiv_version("2001.01234v2"), arxiv_version("arXiv_cond-mat_0607345")
    (('2001.01234', 2), ('cond-mat/0607345', None))
    >>> arxiv_version("2001.01234_supplement") is None
    True
    """
    match = _ARXIV.fullmatch(stem)
    if match is None:
        return None
    plain = re.sub(r"(?<=[a-z])[_/-]?(?=\d{7}$)", "/", match["id"].lower())
    number = arxiv_id_in(f"arXiv:{plain}")
    return (number, int(match["version"]) if match["version"] else None) if number else None


def _without_parts(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without files that another includes: chapters and pictures of a source."""
    parts: dict[Path, set[str]] = defaultdict(set)
    figures: dict[Path, set[str]] = defaultdict(set)
    for found in candidates:
        parts[found.path.parent] |= found.parts - {found.stem}
        figures[found.path.parent] |= found.figures - {found.stem}
    kept: list[Candidate] = []
    for found in candidates:
        names = parts if found.form is Form.LATEX else figures if found.form is Form.PDF else {}
        above = found.path.parents
        if found.packed or not any(found.stem in names.get(folder, ()) for folder in above):
            kept.append(found)
    return kept


def _groups(candidates: Sequence[Candidate]) -> Iterable[list[Candidate]]:
    """The candidates, those together that are one paper."""
    joined = _Joined(len(candidates))
    for indices in (*_by_name(candidates), *_by_number(candidates), *_unpacked(candidates)):
        for index in indices[1:]:
            joined.join(indices[0], index)
    groups: dict[int, list[Candidate]] = defaultdict(list)
    for i, found in enumerate(candidates):
        groups[joined.root(i)].append(found)
    return groups.values()


def _by_name(candidates: Sequence[Candidate]) -> list[list[int]]:
    """Files of one name in one folder; of each format only the first, but for sources."""
    found: dict[tuple[Path, str], list[int]] = defaultdict(list)
    for i, own in enumerate(candidates):
        found[own.path.parent, own.stem].append(i)
    result: list[list[int]] = []
    for indices in found.values():
        forms: set[Form] = set()
        together = []
        for i in indices:
            if candidates[i].form is Form.LATEX or candidates[i].form not in forms:
                together.append(i)
            forms.add(candidates[i].form)
        result.append(together)
    return result


def _by_number(candidates: Sequence[Candidate]) -> list[list[int]]:
    """Files of one number of arXiv and one version; those without go with the newest version."""
    mains = _mains(candidates)
    found: dict[str, dict[int | None, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i, own in enumerate(candidates):
        number = arxiv_version(own.stem)
        main = mains.get(own.path.parent)
        if number is None and main is not None and (own.packed or main == own.path):
            number = arxiv_version(own.path.parent.name)  # the folder that a source was unpacked to
        if number is not None:
            found[number[0]][number[1]].append(i)
    result: list[list[int]] = []
    for versions in found.values():
        plain = versions.pop(None, [])
        newest = max((v for v in versions if v is not None), default=None)
        if newest is None:
            result.append(plain)
        else:
            versions[newest] += plain
            result += versions.values()
    return result


def _mains(candidates: Sequence[Candidate]) -> dict[Path, Path]:
    """The main LaTeX file of each folder that has but one beside supplements and letters."""
    files: dict[Path, list[Candidate]] = defaultdict(list)
    for own in candidates:
        if own.form is Form.LATEX and not own.packed:
            files[own.path.parent].append(own)
    papers = {folder: [c for c in own if not c.beside] or own for folder, own in files.items()}
    return {folder: found[0].path for folder, found in papers.items() if len(found) == 1}


def _unpacked(candidates: Sequence[Candidate]) -> list[list[int]]:
    """Archives with the main files in the folders that they were unpacked to."""
    archives = {(c.path.parent, c.stem): i for i, c in enumerate(candidates) if c.packed}
    result: list[list[int]] = []
    for i, own in enumerate(candidates):
        if own.form is not Form.LATEX or own.packed:
            continue
        for folder in own.path.parents:
            archive = archives.get((folder.parent, folder.name))
            if archive is not None:
                result.append([archive, i])
    return result


class _Joined:
    """Sets of numbers that grow together."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def root(self, index: int) -> int:
        """The number that stands for the set of ``index``."""
        while self._above[index] != index:
            self._above[index] = self._above[self._above[index]]
            index = self._above[index]
        return index

    def join(self, one: int, other: int) -> None:
        """Make two sets one."""
        first, second = sorted((self.root(one), self.root(other)))
        self._above[second] = first
