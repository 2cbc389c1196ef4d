"""Reads SC-CoMIcs, abstracts on superconductors annotated with brat, and writes it back.

SC-CoMIcs (Yamaguchi, Asahi, Sasaki, LREC 2020, 6753–6760) marks mentions of nine kinds, three
kinds of relations, and doping as an event with its dopant and site. ``Main`` is an ``Element``
that is the material an abstract is about; the two are kept apart here. brat's format itself lives
in ``brat``.
"""

from __future__ import annotations

from pathlib import Path

from scmine.corpora.brat import ANNOTATION_SUFFIX, TEXT_SUFFIX, Scheme, load_brat, write_brat
from scmine.corpora.types import Paper

MAIN, ELEMENT = "Main", "Element"
SCHEME = Scheme(
    mentions=frozenset(
        {
            ELEMENT,
            MAIN,
            "Characterization",
            "Doping",
            "Material",
            "Process",
            "Property",
            "SC",
            "Value",
        }
    ),
    relations=frozenset({"Condition", "Equivalent", "Target"}),
    events={"Doping": frozenset({"Dopant", "Site"})},
)
_KIND = "abstract"


def load_sc_comics(folder: Path) -> list[Paper]:
    """All abstracts of ``folder`` (pairs of ``*.txt`` and ``*.ann``), sorted by stem.

    Raises
    ------
    FileNotFoundError
        If the folder holds no ``.ann`` file.
    CorpusError
        If one file of a pair is missing or a file is not as it should be.
    """
    if next(folder.glob(f"*{ANNOTATION_SUFFIX}"), None) is None:
        raise FileNotFoundError(f"{folder}: no {ANNOTATION_SUFFIX} files here")
    endings = TEXT_SUFFIX, ANNOTATION_SUFFIX
    stems = {path.stem for path in folder.iterdir() if path.suffix in endings}
    return [load_brat(folder, stem, SCHEME, _KIND) for stem in sorted(stems)]


def write_sc_comics(paper: Paper, folder: Path) -> Paper:
    """Write ``paper`` as ``stem.txt`` and ``stem.ann``; see ``scmine.corpora.brat.write_brat``.

    Raises
    ------
    ValueError
        If the paper is no single passage or holds what SC-CoMIcs does not mark.
    """
    if [passage.kind for passage in paper.passages] != [_KIND]:
        raise ValueError(f"{paper.stem}: SC-CoMIcs has papers of one {_KIND}")
    return write_brat(paper, folder, SCHEME)


def scoring_label(label: str) -> str:
    """The label under which a mention is scored where main materials are not told apart.

    >>> scoring_label("Main"), scoring_label("SC")
    ('Element', 'SC')
    """
    return ELEMENT if label == MAIN else label
