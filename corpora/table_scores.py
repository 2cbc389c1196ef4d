"""Scores of tables as read against gold tables: tables found, cells, and heads told from bodies.

A cell is right if it stands in the row and column that answer to the gold's and holds its text,
apart from blanks and the kind of dash. Cells of prose are not scored. What tables claim is scored
in ``claim_scores``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scmine.corpora.evaluate import Score
from scmine.corpora.gold_tables import PROSE, GoldPaper, GoldTable
from scmine.corpora.table_alignment import Grid, Readings, aligned
from scmine.extractors.document import Document, Table

TABLES, HEAD, BODY, HEAD_ROWS = "tables", "head", "body", "head rows"

LEAST_SHARED = 0.3
"""F1 of the cells of two tables, wherever they stand, from which they are the same table. Below
it, what was found is something else that happens to hold the same numbers."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A cell or claim that is wrong: what is printed and what was read, either empty if none."""

    file: str
    page: int
    what: str
    gold: str
    found: str

    def line(self) -> str:
        """As a line for people."""
        return f"{self.file} p. {self.page}, {self.what}: {self.gold or '–'} | {self.found or '–'}"


@dataclass(frozen=True, slots=True)
class PaperTables:
    """What is counted of one paper; keys of ``cells`` are ``head`` and ``body``."""

    tables: Score
    cells: dict[str, Score]
    head_rows: Score
    misses: tuple[Miss, ...]


def score_tables(paper: GoldPaper, document: Document | None) -> PaperTables:
    """The scores of one paper; ``document`` is None if its PDF could not be read.

    Tables found on pages that the gold knows only in part count if they are one of the gold's.
    """
    pairs, extra = matched(paper, document)
    right = sum(found is not None for _, found in pairs)
    total = {HEAD: Score(0, 0, 0, 0), BODY: Score(0, 0, 0, 0)}
    rows = Score(0, 0, 0, 0)
    misses: list[Miss] = []
    for gold, found in pairs:
        grid = Grid.of_gold(gold)
        comparison = _Comparison(grid, Grid.of_table(found) if found else Grid((), ()))
        for part, score in comparison.cells().items():
            total[part] += score
        rows += comparison.head_rows()
        misses += comparison.misses(paper.file, gold.page)
    for table in extra:
        grid = Grid.of_table(table)
        total[BODY] += Score(0, len(grid.filled()), 0, 0)
        first = " | ".join(cell.text for cell in table.rows[0]) if table.rows else ""
        misses.append(Miss(paper.file, page_of(table) or 0, "table that is none", "", first))
    found_tables = Score(right, right + len(extra), len(pairs), right)
    return PaperTables(found_tables, total, rows, tuple(misses))


def matched(
    paper: GoldPaper, document: Document | None
) -> tuple[list[tuple[GoldTable, Table | None]], list[Table]]:
    """Each gold table with the table read that shares most with it, and the tables that are wrong.

    Wrong are those that answer to no gold table on a page of which all tables are known.
    """
    read = list(document.tables) if document is not None else []
    chances = sorted(
        (
            (-share, g, t)
            for g, gold in enumerate(paper.tables)
            for t, table in enumerate(read)
            if page_of(table) == gold.page
            and (share := _share(Grid.of_gold(gold), Grid.of_table(table))) >= LEAST_SHARED
        ),
    )
    partner: dict[int, int] = {}
    for _, g, t in chances:
        if g not in partner and t not in partner.values():
            partner[g] = t
    pairs = [
        (gold, read[partner[g]] if g in partner else None) for g, gold in enumerate(paper.tables)
    ]
    extra = [
        table
        for t, table in enumerate(read)
        if t not in partner.values() and page_of(table) in paper.pages_complete
    ]
    return pairs, extra


def continued_pages(paper: GoldPaper, document: Document | None) -> dict[int, int]:
    """Pages without a gold table of their own onto which one runs on, and where that one begins."""
    own = {table.page for table in paper.tables}
    return {
        cell.box.page: gold.page
        for gold, found in matched(paper, document)[0]
        for row in (found.rows if found is not None else ())
        for cell in row
        if cell.box is not None and cell.box.page not in own
    }


def page_of(table: Table) -> int | None:
    """The page on which a table begins, if the reader knows pages."""
    if table.box is not None:
        return table.box.page
    return next((c.box.page for row in table.rows for c in row if c.box is not None), None)


def _share(gold: Grid, found: Grid) -> float:
    """F1 of the filled cells, wherever they stand."""
    rest = found.filled()
    if not rest:
        return 0.0
    total = len(rest)
    right = 0
    wanted = [cell for cell in gold.filled() if PROSE not in cell]
    for cell in wanted:
        at = next((n for n, other in enumerate(rest) if cell & other), None)
        if at is not None:
            rest.pop(at)
            right += 1
    return 2 * right / (total + len(wanted))


class _Comparison:
    """Two grids and how they lie on each other."""

    def __init__(self, gold: Grid, found: Grid) -> None:
        self.gold = gold
        self.found = found
        self.rows, self.columns = aligned(gold, found)

    def cells(self) -> dict[str, Score]:
        """Counts of filled cells; a cell read counts as head or body as the gold's row is."""
        counts = {HEAD: [0, 0, 0], BODY: [0, 0, 0]}
        for i, _, cell, read in self._wanted():
            part = counts[_part(self.gold.heads[i])]
            part[0] += bool(cell & read)
            part[2] += 1
        answers = {j: i for i, j in self.rows.items()}
        prose = {
            (self.rows.get(i), self.columns.get(a))
            for i, row in enumerate(self.gold.cells)
            for a, cell in enumerate(row)
            if PROSE in cell
        }
        for j, row in enumerate(self.found.cells):
            head = self.gold.heads[answers[j]] if j in answers else self.found.heads[j]
            filled = sum(bool(cell) and (j, b) not in prose for b, cell in enumerate(row))
            counts[_part(head)][1] += filled
        return {part: Score(n[0], n[1], n[2], n[0]) for part, n in counts.items()}

    def head_rows(self) -> Score:
        """Rows said to be heads against those that are."""
        right = sum(self.gold.heads[i] and self.found.heads[j] for i, j in self.rows.items())
        return Score(right, sum(self.found.heads), sum(self.gold.heads), right)

    def misses(self, file: str, page: int) -> Iterator[Miss]:
        """The cells that are wrong or missing, and then those read that answer to none."""
        if not self.found.cells:
            yield Miss(file, page, "table not found", _text(_first(self.gold)), "")
            return
        for i, a, cell, read in self._wanted():
            if not cell & read:
                yield Miss(file, page, f"row {i + 1} column {a + 1}", _text(cell), _text(read))
        rows, columns = set(self.rows.values()), set(self.columns.values())
        for j, row in enumerate(self.found.cells):
            for b, cell in enumerate(row):
                if cell and not (j in rows and b in columns):
                    yield Miss(file, page, f"read row {j + 1} column {b + 1}", "", _text(cell))

    def _wanted(self) -> Iterator[tuple[int, int, Readings, Readings]]:
        """Each filled gold cell that is scored, with where it is and what was read there."""
        for i, row in enumerate(self.gold.cells):
            for a, cell in enumerate(row):
                if not cell or PROSE in cell:
                    continue
                j, b = self.rows.get(i), self.columns.get(a)
                read: Readings = frozenset()
                if j is not None and b is not None:
                    read = self.found.cells[j][b]
                yield i, a, cell, read


def _part(head: bool) -> str:
    return HEAD if head else BODY


def _first(grid: Grid) -> Readings:
    return next(iter(grid.filled()), frozenset())


def _text(readings: Readings) -> str:
    return max(readings, key=len, default="")
