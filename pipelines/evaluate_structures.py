"""``scmine evaluate structures``: known structures written as papers, ingested, rebuilt, compared.

This module runs; how papers are written and scored lives in ``scmine.corpora.written``, how the
figures are printed in ``evaluate_structures_report``.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import Progress

from scmine.corpora.types import CorpusError
from scmine.corpora.written.described import Described, describe
from scmine.corpora.written.known import Known, load_known
from scmine.corpora.written.papers import (
    Form,
    Level,
    Medium,
    Wording,
    WrittenPaper,
    write_papers,
)
from scmine.corpora.written.papers_latex import LatexError, as_pdf, has_latex
from scmine.corpora.written.papers_markdown import as_markdown
from scmine.corpora.written.structure_scores import PaperOutcome, Rates, rates, score_paper
from scmine.extractors import extract, read
from scmine.extractors.document import ReadError
from scmine.pipelines.structures import add_structures

if TYPE_CHECKING:
    from scmine.validator.structures.prototype_library import Library

WITHOUT, FULL = "without", "full"
"""The prototypes that may serve: those not from the structure's own papers, or all."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is to be scored: which structures, written in which ways, against which library."""

    file: str
    split: str = "all"
    levels: tuple[Level, ...] = tuple(Level)
    forms: tuple[Form, ...] = tuple(Form)
    media: tuple[Medium, ...] = tuple(Medium)
    wordings: tuple[Wording, ...] = tuple(Wording)
    libraries: tuple[str, ...] = (WITHOUT,)
    limit: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One way to write papers and to rebuild what they state."""

    level: Level
    form: Form
    medium: Medium
    wording: Wording
    library: str


@dataclass(slots=True)
class StructureEvaluation:
    """The rates of each case, what went wrong, and what could not be scored and why."""

    setting: Setting
    structures: int
    papers: int
    figures: dict[Case, Rates] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data; percentages have two decimals."""
        return {
            **asdict(self.setting),
            "structures": self.structures,
            "papers": self.papers,
            "figures": [
                {**asdict(case), **figures.to_json()} for case, figures in self.figures.items()
            ],
            "wrong": self.wrong,
            "notes": self.notes,
        }


def evaluate_structures(setting: Setting, keep: Path | None = None) -> StructureEvaluation:
    """Score the way from a printed structure to its atoms on the structures of a file.

    Parameters
    ----------
    keep
        A folder for the written papers; a temporary one if None.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CorpusError
        If the file is not as it should be, or holds no structure of the split.
    """
    notes: list[str] = []
    described = _described(setting, notes)
    papers = len({d.known.paper for d in described})
    result = StructureEvaluation(setting, len(described), papers, notes=notes)
    media = setting.media
    if Medium.PDF in media and not has_latex():
        notes.append("PDF is left out: pdflatex with RevTeX 4.2 is not installed")
        media = tuple(m for m in media if m is not Medium.PDF)
    ways = list(product(setting.wordings, media, setting.forms, setting.levels))
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shown = stack.enter_context(_progress())
        task = shown.add_task("papers", total=papers * len(ways))
        for wording, medium, form, level in ways:
            into = folder / f"{wording}-{medium}-{form}-{level}"
            into.mkdir(parents=True, exist_ok=True)
            found: dict[str, list[PaperOutcome]] = {name: [] for name in setting.libraries}
            for paper in write_papers(described, level, form, medium, wording, setting.seed):
                scores = _paper(paper, level, medium, into, setting.libraries, notes)
                for name, outcome in scores.items():
                    found[name].append(outcome)
                shown.advance(task)
            for name, outcomes in found.items():
                case = Case(level, form, medium, wording, name)
                result.figures[case] = rates(outcomes)
                result.wrong += _wrong(case, outcomes)
    return result


def _described(setting: Setting, notes: list[str]) -> list[Described]:
    path = Path(setting.file)
    known = [k for k in load_known(path) if setting.split in ("all", split_of(k))]
    papers = list(dict.fromkeys(k.paper for k in known))[: setting.limit]
    known = [k for k in known if k.paper in papers]
    if not known:
        raise CorpusError(path, f"holds no structure of the split {setting.split}")
    found = []
    for one in known:
        described = describe(one, setting.seed)
        if described is None:
            notes.append(f"structure {one.ident}: spglib finds no symmetry")
        else:
            found.append(described)
    return found


def split_of(known: Known) -> str:
    """``dev`` or ``test``, by the structure's paper."""
    return "dev" if hashlib.sha256(known.paper.encode()).digest()[-1] % 2 else "test"


def _paper(
    paper: WrittenPaper,
    level: Level,
    medium: Medium,
    folder: Path,
    libraries: Sequence[str],
    notes: list[str],
) -> dict[str, PaperOutcome]:
    """Write, read, extract and rebuild one paper; its outcomes by library."""
    from scmine.validator.structures.prototype_library import load_library

    try:
        document = read(_written(paper, medium, folder))
    except (LatexError, ReadError) as error:
        notes.append(f"{folder.name}/{paper.name}: {error}")
        return {name: score_paper(paper, level, [], []) for name in libraries}
    extraction = extract(document)
    own = {doi for d in paper.stated for doi in d.known.papers}
    found = {}
    for name in libraries:
        library: Library = load_library()
        if name == WITHOUT:
            library = library.without(own)
        rows, records = add_structures(document, extraction, library)
        found[name] = score_paper(paper, level, records, rows)
    return found


def _written(paper: WrittenPaper, medium: Medium, folder: Path) -> Path:
    if medium is Medium.PDF:
        return as_pdf(paper, folder)
    path = folder / f"{paper.name}.md"
    path.write_text(as_markdown(paper), encoding="utf-8")
    return path


def _wrong(case: Case, papers: Sequence[PaperOutcome]) -> Iterator[str]:
    """A line for each wrong structure and each stray."""
    name = f"{case.wording} {case.medium} {case.form} {case.level} {case.library}"
    for paper in papers:
        for outcome in paper.outcomes:
            if outcome.outcome == "wrong":
                yield f"{name}: {paper.name}: {outcome.ident} {outcome.formula}: {outcome.reason}"
        yield from (f"{name}: {paper.name}: stray: {stray}" for stray in paper.strays)


def _progress() -> Progress:
    return Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
