"""Written papers as LaTeX, and as PDF where ``pdflatex`` is there: one- or two-column, four tables.

Tables are ruled as RevTeX does it, as ``booktabs`` does, or with lines around all.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from scmine.corpora.written.papers import WrittenPaper
from scmine.corpora.written.tables import WrittenTable

_SECONDS = 60
_WIDE = 6
"""Columns, or a caption's worth of text in cells, from which a table spans both columns."""


class LatexError(RuntimeError):
    """A paper could not be typeset; the message has the first error of LaTeX."""


def has_latex() -> bool:
    """Whether ``pdflatex`` and RevTeX are there."""
    if shutil.which("pdflatex") is None or shutil.which("kpsewhich") is None:
        return False
    found = subprocess.run(["kpsewhich", "revtex4-2.cls"], capture_output=True, check=False)
    return found.returncode == 0


def as_pdf(paper: WrittenPaper, folder: Path) -> Path:
    """Typeset ``paper`` as ``folder``/NAME.pdf, its source beside it.

    Raises
    ------
    LatexError
        If LaTeX fails or takes too long.
    """
    source = folder / f"{paper.name}.tex"
    source.write_text(as_latex(paper), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"]
    try:
        done = subprocess.run(
            [*command, source.name], cwd=folder, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise LatexError(f"{source}: pdflatex took more than {_SECONDS} s") from error
    if done.returncode != 0:
        lines = done.stdout.decode(errors="replace").splitlines()
        first = next((line for line in lines if line.startswith("!")), "no message")
        raise LatexError(f"{source}: {first}")
    for ending in (".log", ".aux", ".out", "Notes.bib"):
        (folder / f"{paper.name}{ending}").unlink(missing_ok=True)
    return folder / f"{paper.name}.pdf"


def as_latex(paper: WrittenPaper) -> str:
    """The paper's source."""
    two_columns = bool(paper.layout & 1)
    body = "\n\n".join(
        _table(block, paper.layout, two_columns) if isinstance(block, WrittenTable) else block
        for block in paper.blocks
    )
    if two_columns:
        head = [r"\documentclass[aps,prb,twocolumn,floatfix]{revtex4-2}"]
        front = [
            rf"\title{{{paper.title}}}",
            r"\author{A. Author}\affiliation{Department of Physics}",
            rf"\begin{{abstract}}{paper.abstract}\end{{abstract}}",
            r"\maketitle",
        ]
    else:
        head = [r"\documentclass[11pt]{article}", r"\usepackage[margin=2cm]{geometry}"]
        front = [
            rf"\title{{{paper.title}}}\author{{A. Author}}\date{{}}\maketitle",
            rf"\begin{{abstract}}{paper.abstract}\end{{abstract}}",
        ]
    head += [r"\usepackage{booktabs,amsmath}", r"\begin{document}"]
    return "\n".join([*head, *front, r"\section{Results}", body, r"\end{document}", ""])


def _table(table: WrittenTable, layout: int, two_columns: bool) -> str:
    style = ("booktabs", "lines", "ruled")[(layout >> 1) % (3 if two_columns else 2)]
    kind = "table*" if two_columns and _is_wide(table) else "table"
    line = {"booktabs": r"\midrule", "lines": r"\hline", "ruled": r"\hline"}[style]
    top = {"booktabs": r"\toprule", "lines": r"\hline\hline", "ruled": ""}[style]
    bottom = {"booktabs": r"\bottomrule", "lines": r"\hline\hline", "ruled": ""}[style]
    rows = [" & ".join(table.heads) + r" \\", line]
    for i, row in enumerate(table.rows):
        begins = i and row[0]
        if begins and style == "lines" and layout & 8:
            rows.append(line)
        cells = [cell.split("\n") for cell in row]
        depth = max(len(lines) for lines in cells)
        rows += [
            " & ".join(lines[n] if n < len(lines) else "" for lines in cells) + r" \\"
            for n in range(depth)
        ]
    tabular = "\n".join(
        [
            rf"\begin{{tabular}}{{{'l' + 'c' * (len(table.heads) - 1)}}}",
            top,
            *rows,
            bottom,
            r"\end{tabular}",
        ]
    )
    if style == "ruled":
        tabular = "\\begin{ruledtabular}\n" + tabular + "\n\\end{ruledtabular}"
    small = r"\scriptsize\setlength{\tabcolsep}{3pt}" if len(table.heads) > 8 else r"\small"
    return "\n".join(
        [
            rf"\begin{{{kind}}}[htbp]",
            rf"\caption{{{table.caption}}}",
            r"\centering" + small,
            tabular,
            rf"\end{{{kind}}}",
        ]
    )


def _is_wide(table: WrittenTable) -> bool:
    widest = max(sum(len(cell) for cell in row) for row in (table.heads, *table.rows))
    return len(table.heads) >= _WIDE or widest > 60
