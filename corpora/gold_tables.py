"""Gold tables: cells and claims of real papers' tables, read by eye, and where they are loaded.

One JSON file a paper, ``data/tables/<pdf stem>.json`` or a folder of the user's: ``file`` and
``sha256`` of the PDF, ``split`` (``dev`` or ``test``), ``pages_complete`` (pages of which every
table is here) and ``tables``, each with ``page``, ``header_rows``, ``rows`` (a square grid of
reading text; a spanning cell stands in its first column and row; ``§`` for prose, not scored) and
``claims`` (fields of the record). ``docs/tables.md`` says how cells and claims are written.
Comparing with what was read lives in ``table_scores`` and ``claim_scores``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from scmine.corpora.types import CorpusError

PROSE = "§"
"""Stands for a cell of more than eight words, which is not written down and not scored."""

LONGEST_CELL = 8
"""Words with a letter in them; a longer cell is prose."""

SHIPPED = Path(__file__).parent / "data" / "tables"
"""The gold tables that come with the package."""

Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
SplitName = Literal["dev", "test"]


class _Gold(BaseModel):
    """Frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class GoldClaim(_Gold):
    """What one row (or column) of a table says; units and names are the record's."""

    material: Annotated[str, Field(min_length=1)]
    tc_K: Positive | None = None
    tc_min_K: Positive | None = None
    tc_max_K: Positive | None = None
    tc_kind: Literal["onset", "midpoint", "zero"] | None = None
    pressure_GPa: Number | None = None
    lambda_: Number | None = Field(default=None, alias="lambda")
    omega_log_K: Positive | None = None
    mu_star: Number | None = None
    space_group: str | None = None
    a_A: Positive | None = None
    b_A: Positive | None = None
    c_A: Positive | None = None
    evidence: Literal["measured", "calculated"] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> GoldClaim:
        stated = (
            self.tc_K, self.tc_min_K, self.tc_max_K, self.lambda_, self.omega_log_K, self.mu_star,
            self.a_A, self.b_A, self.c_A,
        )  # fmt: skip
        if all(value is None for value in stated):
            raise ValueError("a claim needs a Tc, λ, ω_log, μ* or an edge of the cell")
        return self


class GoldTable(_Gold):
    """One table: ``rows`` of cells, the first ``header_rows`` of them heads, and its claims."""

    page: Annotated[int, Field(ge=1)]
    header_rows: Annotated[int, Field(ge=0)]
    rows: Annotated[tuple[tuple[str, ...], ...], Field(min_length=1)]
    claims: tuple[GoldClaim, ...] = ()

    @model_validator(mode="after")
    def _is_square(self) -> GoldTable:
        widths = {len(row) for row in self.rows}
        if len(widths) != 1 or 0 in widths:
            raise ValueError(f"rows have {sorted(widths)} cells; all need the same number")
        if self.header_rows > len(self.rows):
            raise ValueError(f"{self.header_rows} header rows of {len(self.rows)}")
        for cell in (cell for row in self.rows for cell in row):
            words = sum(any(c.isalpha() for c in word) for word in cell.split())
            if words > LONGEST_CELL:
                raise ValueError(f"a cell of {words} words is written {PROSE}")
        return self


class GoldPaper(_Gold):
    """The tables of one PDF that were read by eye."""

    file: Annotated[str, Field(pattern=r"^[^/\\]+\.pdf$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    split: SplitName
    pages_complete: tuple[Annotated[int, Field(ge=1)], ...] = ()
    tables: Annotated[tuple[GoldTable, ...], Field(min_length=1)]


def load_gold_tables(folder: Path = SHIPPED) -> list[GoldPaper]:
    """The gold files of ``folder`` by the name of their PDF.

    Raises
    ------
    FileNotFoundError
        If the folder holds none.
    CorpusError
        If one is not as it should be, or two are of the same PDF.
    """
    papers: dict[str, GoldPaper] = {}
    for path in gold_files(folder):
        paper = _load(path)
        if paper.file in papers:
            raise CorpusError(path, f"there is another file for {paper.file}")
        papers[paper.file] = paper
    if not papers:
        raise FileNotFoundError(f'{folder}: no gold tables here (*.json with a key "tables")')
    return [papers[name] for name in sorted(papers)]


def gold_files(folder: Path) -> list[Path]:
    """The JSON files of ``folder`` itself that say they hold tables, by name."""
    return [
        path
        for path in sorted(folder.glob("*.json"))
        if path.is_file() and b'"tables"' in path.read_bytes()
    ]


def _load(path: Path) -> GoldPaper:
    try:
        return GoldPaper.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise CorpusError(path, f"{where}: {said}" if where else said) from error
