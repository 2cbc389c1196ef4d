"""Known structures described, written as papers, and scored."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.corpora.types import CorpusError
from scmine.corpora.written.described import Described, describe
from scmine.corpora.written.known import load_known
from scmine.corpora.written.papers import Form, Level, Medium, Wording, write_papers
from scmine.corpora.written.papers_latex import as_latex
from scmine.corpora.written.papers_markdown import as_markdown
from scmine.corpora.written.reading_scores import PIECES, best_record, pieces_of
from scmine.corpora.written.structure_scores import (
    MATCHED,
    REFUSED,
    WRONG,
    PaperOutcome,
    rates,
    score_paper,
)
from scmine.database.structure import StructureRow
from scmine.extractors import extract, read

HEAD = "ID,composition,pressure,Lambda,omlog,a,b,c,alpha,beta,gamma,nat,ntypat,species,xred,ref"
ROWS = [
    # Fm-3m sodium chloride and Im-3m H3S, primitive cells, numbers of our own
    '1,Na1Cl1,30.0,0.5,300,3.6,3.6,3.6,60,60,60,2,2,"[""Na"", "" Cl""]",'
    '"[[0, 0, 0], [0.5, 0.5, 0.5]]",[10.1/one]',
    "2,H3S1,200Pa,2.1,1100,2.6,2.6,2.6,109.47122063449069,109.47122063449069,109.47122063449069,"
    '4,2,"[""S"", "" H"", "" H"", "" H""]",'
    '"[[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]","[10.1/two,arXiv:2001.00001v2]"',
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "known.csv"
    path.write_text("\n".join([HEAD, *ROWS]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def described(file: Path) -> list[Described]:
    found = [describe(known, 0) for known in load_known(file)]
    assert all(found)
    return [d for d in found if d is not None]


def test_rows_become_structures(file: Path) -> None:
    first, second = load_known(file)
    assert first.paper == "10.1/one"
    assert second.papers == ("10.1/two", "arxiv:2001.00001")
    assert second.pressure_GPa == 200.0
    assert first.structure.composition.reduced_formula == "NaCl"


def test_what_is_no_structure_says_where(file: Path) -> None:
    file.write_text(HEAD + "\n1,X,none,1,1,1,1,1,90,90,90,1,1,[],[],[a]\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="line 2"):
        load_known(file)
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="has no column"):
        load_known(file)


def test_structures_are_described_in_their_conventional_cell(described: list[Described]) -> None:
    salt, sulfide = described
    assert (salt.symbol, salt.number, salt.system) == ("Fm-3m", 225, "cubic")
    assert salt.cell[0] == pytest.approx(3.6 * 2**0.5, abs=1e-4)
    assert sorted(s.site for s in salt.sites) == ["4a", "4b"]
    assert (sulfide.symbol, sulfide.formula) == ("Im-3m", "SH3")
    assert {(s.element, s.site) for s in sulfide.sites} == {("S", "2a"), ("H", "6b")}


@pytest.mark.parametrize("wording", list(Wording))
@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("level", list(Level))
def test_what_is_written_is_read(
    described: list[Described], tmp_path: Path, level: Level, form: Form, wording: Wording
) -> None:
    for paper in write_papers(described, level, form, Medium.MARKDOWN, wording, 1):
        path = tmp_path / f"{paper.name}.md"
        path.write_text(as_markdown(paper), encoding="utf-8")
        records = extract(read(path)).records
        for stated in paper.stated:
            _, pieces = best_record(records, stated, level)
            assert pieces == set(pieces_of(level)), as_markdown(paper)


def test_the_same_seed_writes_the_same(described: list[Described]) -> None:
    def texts(seed: int) -> list[str]:
        papers = write_papers(described, Level.SITES4, Form.TABLES, Medium.PDF, Wording.FIRST, seed)
        return [as_latex(paper) for paper in papers]

    assert texts(3) == texts(3)
    assert texts(3) != texts(4)
    assert "\\begin{tabular}" in texts(3)[0]


def test_outcomes_are_matched_refused_or_wrong(described: list[Described]) -> None:
    papers = list(
        write_papers(described, Level.CELL, Form.SENTENCES, Medium.MARKDOWN, Wording.FIRST, 0)
    )

    def row(stated: Described, other: Described | None = None) -> StructureRow:
        return StructureRow(
            structure_id="s",
            verdict="consistent",
            formula=stated.formula,
            pressure_GPa=stated.known.pressure_GPa,
            stated={"composition": dict(stated.amounts), "space_group_number": stated.number},
            structure=(other or stated).known.structure.as_dict(),
        )

    salt, sulfide = described
    right = score_paper(papers[0], Level.CELL, [], [row(salt)])
    wrong = score_paper(papers[1], Level.CELL, [], [row(sulfide, salt)])
    stray = score_paper(papers[1], Level.CELL, [], [row(salt)])
    assert [o.outcome for o in right.outcomes] == [MATCHED]
    assert [o.outcome for o in wrong.outcomes] == [WRONG]
    assert [o.outcome for o in stray.outcomes] == [REFUSED]
    assert len(stray.strays) == 1
    figures = rates([right, stray])
    assert (figures.share(MATCHED), figures.share(WRONG)) == (50.0, 50.0)
    assert isinstance(right, PaperOutcome)
    assert set(PIECES[:4]) == set(pieces_of(Level.CELL))
