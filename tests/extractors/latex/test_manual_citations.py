"""Citations typed as raised numbers, in papers that use ``\\cite`` and in those that do not."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from scmine.extractors.document import Passage, Typography
from scmine.extractors.latex.reader import read_latex

_BIBLIOGRAPHY = "".join(rf"\bibitem{{r{i}}} A. Author, Phys. Rev. B {i}, 1." for i in range(9))


def _paragraph(folder: Path, text: str) -> Passage:
    file = folder / "paper.tex"
    file.write_text(
        rf"\documentclass{{article}}\begin{{document}}\section{{One}} {text}"
        rf"\begin{{thebibliography}}{{9}}{_BIBLIOGRAPHY}\end{{thebibliography}}\end{{document}}"
    )
    return next(p for p in read_latex(file).passages if p.kind == "paragraph")


@pytest.mark.parametrize("cite", ["", r" see \cite{r1}"])
def test_marks_behind_values_are_no_digits(tmp_path: Path, cite: str) -> None:
    found = _paragraph(tmp_path, rf"It is 203$^{{5}}$~K at 150~GPa$^{{6,7}}$,{cite} as we saw.")
    assert found.text.startswith("It is 203 K at 150 GPa,")
    assert [c.mark for c in found.citations][:2] == ["5", "6,7"]


def test_powers_stay_in_papers_that_cite(tmp_path: Path) -> None:
    text = r"10$^{5}$~Pa, 4$\times$10$^{3}$, 3~K$^2$, 10$^{-3}$, T$^{5}$, 5$^{\circ}$ \cite{r1}"
    found = _paragraph(tmp_path, text)
    assert found.text.startswith("105 Pa, 4×103, 3 K2, 10−3, T5, 5°")
    raised = [s for s in found.typography if s.kind is Typography.SUPERSCRIPT]
    assert [found.text[s.start : s.end] for s in raised] == ["5", "3", "2", "−3", "5"]


def test_what_stands_behind_a_mark_keeps_its_place(tmp_path: Path) -> None:
    found = _paragraph(tmp_path, r"It is 203$^{5}$~K in H$_3$S \cite{r1}. It is good.")
    assert found.text == "It is 203 K in H3S. It is good."
    assert [(found.text[s.start : s.end], s.start) for s in found.typography] == [("3", 16)]
    assert [c.offset for c in found.citations] == [9, 18]
    assert found.sentences[-1] == (20, 31)


def test_many_marks_take_no_time_out_of_proportion(tmp_path: Path) -> None:
    started = time.perf_counter()
    _paragraph(tmp_path, r"203$^{1}$ b$^{2}$ " * 20_000 + r"\cite{r1}")
    assert time.perf_counter() - started < 20
