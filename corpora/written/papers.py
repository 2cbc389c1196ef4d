"""Papers that state known structures: which are in one paper, in which words, in which layout.

Structures of one real paper are in one written paper. What is drawn is drawn by a seed and the
paper's name, so that the same seed writes the same papers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scmine.corpora.written import sentences, tables
from scmine.corpora.written.described import Described
from scmine.corpora.written.printed import Printed
from scmine.corpora.written.scripts import Script
from scmine.corpora.written.sentences import listed
from scmine.corpora.written.tables import WrittenTable

_METHOD = (
    "Structures were relaxed within density functional theory until the forces on all atoms were "
    "negligible. The exchange and correlation of the electrons were described by a generalized "
    "gradient approximation, and the Brillouin zone was sampled on a dense grid. The phonons and "
    "their coupling to the electrons were then calculated by density functional perturbation "
    "theory. Convergence with respect to the cutoff of the plane waves and to the grids was "
    "checked for each of the phases, and the results do not depend on the choice of the "
    "pseudopotentials to any extent that would matter here."
)
_CLOSING = (
    "The phases differ in how the hydrogen and the other atoms are bonded to each other. We expect "
    "that these results will be of use to experiments, in which the stability of the compounds and "
    "the way in which they are made still have to be understood."
)

AT_ONCE = 5
"""Structures of one table, so that it fits on a page."""


class Level(StrEnum):
    """What a paper states of each structure besides its formula and pressure."""

    SITES4 = "sites-4"
    """Space group, cell and sites, four decimals."""
    SITES3 = "sites-3"
    """The same, three decimals."""
    CELL = "cell"
    """Space group and cell."""
    FORMULA = "formula"
    """Space group."""


class Form(StrEnum):
    """Where a paper states it."""

    SENTENCES = "sentences"
    TABLES = "tables"


class Medium(StrEnum):
    """What the paper comes as."""

    MARKDOWN = "markdown"
    PDF = "pdf"


class Wording(StrEnum):
    """Which set of templates: the extraction was mended on the first, the second came after."""

    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class WrittenPaper:
    """A paper: its name, what it states, and its pieces as set in its script."""

    name: str
    script: Script
    stated: tuple[Described, ...]
    title: str
    abstract: str
    blocks: tuple[str | WrittenTable, ...]
    layout: int
    """A number drawn for the renderer, which has layouts of its own."""


def write_papers(
    known: Sequence[Described],
    level: Level,
    form: Form,
    medium: Medium,
    wording: Wording,
    seed: int,
) -> Iterator[WrittenPaper]:
    """The papers that state ``known`` in one way, one for each paper that they are from."""
    by_paper: dict[str, list[Described]] = {}
    for described in known:
        by_paper.setdefault(described.known.paper, []).append(described)
    for number, (paper, stated) in enumerate(by_paper.items()):
        rng = random.Random(f"{seed} {level} {form} {medium} {wording} {paper}")
        yield _paper(f"paper_{number:04}", stated, level, form, medium, wording, rng)


def _paper(
    name: str,
    stated: Sequence[Described],
    level: Level,
    form: Form,
    medium: Medium,
    wording: Wording,
    rng: random.Random,
) -> WrittenPaper:
    script = Script("latex" if medium is Medium.PDF else rng.choice(("math", "html", "plain")))
    decimals = 3 if level is Level.SITES3 else 4
    edges = rng.choice((3, 4)) if level is Level.SITES4 else 3
    printed = [Printed(d, script, decimals, edges) for d in stated]
    formulas = list(dict.fromkeys(p.formula for p in printed))
    named = formulas if len(formulas) < 4 else [*formulas[:3], "related compounds"]
    opening = (
        f"High pressure makes compounds that do not exist at ambient conditions. Here the crystal "
        f"structures of {listed(named)} are investigated from first principles."
    )
    return WrittenPaper(
        name,
        script,
        tuple(stated),
        f"Structure and electron-phonon coupling of {listed(named)} from first principles",
        f"We report first-principles calculations of {listed(named)}. Structures, phonons and "
        "electron-phonon coupling are discussed.",
        (opening, _METHOD, *_blocks(printed, level, form, wording, rng), _CLOSING),
        rng.randrange(1 << 16),
    )


def _blocks(
    printed: Sequence[Printed], level: Level, form: Form, wording: Wording, rng: random.Random
) -> Iterator[str | WrittenTable]:
    from scmine.corpora.written import second_sentences, second_tables

    told = {Wording.FIRST: (sentences, tables), Wording.SECOND: (second_sentences, second_tables)}
    in_text, in_tables = told[wording]
    kinds = {Level.CELL: "CELLS", Level.FORMULA: "FORMULAS"}
    kind = kinds.get(level, "SITES")
    if form is Form.SENTENCES:
        for p in printed:
            yield rng.choice(getattr(in_text, kind))(p)
        return
    layout = rng.choice(getattr(in_tables, kind))
    yield "The results are compiled in the tables."
    for start in range(0, len(printed), AT_ONCE):
        yield from layout(printed[start : start + AT_ONCE])
