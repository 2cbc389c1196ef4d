"""Written papers as Markdown, in the ways that converters of PDFs print tables."""

from __future__ import annotations

from scmine.corpora.written.papers import WrittenPaper
from scmine.corpora.written.tables import Cells, WrittenTable


def as_markdown(paper: WrittenPaper) -> str:
    """The paper's text; its tables as pipes or, in every other paper, as HTML."""
    parts = [f"# {paper.title}", "## Abstract", paper.abstract, "## Results and discussion"]
    number = 0
    for block in paper.blocks:
        if isinstance(block, WrittenTable):
            number += 1
            parts.append(f"Table {number}. {block.caption}")
            parts.append(_html(block) if paper.layout % 2 else _pipes(block))
        else:
            parts.append(block)
    return "\n\n".join(parts) + "\n"


def _pipes(table: WrittenTable) -> str:
    lines = [table.heads, ("---",) * len(table.heads), *table.rows]
    return "\n".join(
        "| " + " | ".join(c.replace("\n", "<br>") for c in row) + " |" for row in lines
    )


def _html(table: WrittenTable) -> str:
    """An HTML table, in which a cell goes on over the empty ones under it."""
    head = "".join(f"<th>{cell}</th>" for cell in table.heads)
    rows = [f"<tr>{head}</tr>"]
    for i, row in enumerate(table.rows):
        rows.append(
            "<tr>" + "".join(_spanning(table.rows, i, j) for j in range(len(row))) + "</tr>"
        )
    return "<table>" + "".join(rows) + "</table>"


def _spanning(rows: tuple[Cells, ...], i: int, j: int) -> str:
    """One cell; none where one above goes on."""
    lead = _leads(rows, j)
    if lead and not rows[i][j]:
        return ""
    count = 1
    while lead and i + count < len(rows) and not rows[i + count][j]:
        count += 1
    span = f' rowspan="{count}"' if count > 1 else ""
    cell = rows[i][j].replace("\n", "<br>")
    return f"<td{span}>{cell}</td>"


def _leads(rows: tuple[Cells, ...], j: int) -> bool:
    """Whether a column's cells go on over a structure's rows: it begins where the first does."""
    begun = [i for i, row in enumerate(rows) if row[0]]
    if not all(row[-1] for row in rows):
        return False  # cells stand under each other; empty ones are empty
    return len(begun) < len(rows) and [i for i, row in enumerate(rows) if row[j]] == begun
