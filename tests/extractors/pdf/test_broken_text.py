"""Text layers that lie: noticed by their statistics, said, not mined, and read by OCR if asked."""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from scmine.extractors import read
from scmine.extractors.document import ReadError, Status
from scmine.extractors.pdf.ocr import Ocr
from scmine.extractors.pdf.reader import read_pdf
from tests.mapped_pdf import example_prose, make_mapped_pdf, permuted, shifted
from tests.scans import needs_ocr

HONEST: dict[str, str] = {}
SIGNS = dict(zip(string.ascii_letters, "!#$%&*+,-./:;<=>?@^_{|}~[]" * 2, strict=True))
DIGITS = permuted(string.digits)
CITED = [f"A. Notional, J. Inv. Phys. {k}, 12 ({1980 + k}) and the films." for k in range(20)]


@pytest.fixture
def prose(root: Path) -> list[str]:
    lines = example_prose(root)
    return (lines * 4)[:180]


def _status(path: Path, data: bytes) -> ReadError:
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read(path)
    return caught.value


def test_the_honest_file_is_read(tmp_path: Path, prose: list[str]) -> None:
    pages = [prose[:50], prose[50:100], [*prose[100:120], *CITED]]
    (tmp_path / "a.pdf").write_bytes(make_mapped_pdf(pages, [HONEST] * 3))
    document = read(tmp_path / "a.pdf")
    assert (document.status, document.warnings) == (Status.DONE, ())


@pytest.mark.parametrize(
    "lie",
    [
        *(permuted(string.ascii_letters, seed) for seed in range(5)),
        *(shifted(by) for by in (1, 3, 13)),
        SIGNS,
    ],
)
def test_letters_that_are_not_what_is_shown(
    tmp_path: Path, prose: list[str], lie: Mapping[str, str]
) -> None:
    error = _status(tmp_path / "a.pdf", make_mapped_pdf([prose[:50], prose[50:100]], [lie] * 2))
    assert error.status is Status.BROKEN_TEXT
    assert "letter" in error.reason or "signs" in error.reason


def test_digits_that_are_not_what_is_shown(tmp_path: Path, prose: list[str]) -> None:
    data = make_mapped_pdf([prose[:50], CITED], [DIGITS] * 2)
    error = _status(tmp_path / "a.pdf", data)
    assert error.status is Status.BROKEN_TEXT
    assert "digits" in error.reason


@pytest.mark.parametrize("lie", [permuted(string.ascii_letters), shifted(3), SIGNS])
def test_one_broken_page_is_named_and_left_out(
    tmp_path: Path, prose: list[str], lie: Mapping[str, str]
) -> None:
    pages = [prose[:50], prose[50:100], prose[100:150]]
    (tmp_path / "a.pdf").write_bytes(make_mapped_pdf(pages, [HONEST, lie, HONEST]))
    document = read(tmp_path / "a.pdf")
    assert document.status is Status.PARTIAL
    assert any(w.startswith("page 2 not read, its text layer is broken") for w in document.warnings)
    assert {w.box.page for p in document.passages for w in p.words} == {1, 3}


@needs_ocr
def test_a_broken_page_is_read_by_ocr(tmp_path: Path, prose: list[str]) -> None:
    pages = [prose[:50], prose[50:100], prose[100:150]]
    lies = [HONEST, shifted(3), HONEST]
    (tmp_path / "a.pdf").write_bytes(make_mapped_pdf(pages, lies))
    document = read(tmp_path / "a.pdf", pdf_reader=partial(read_pdf, ocr=Ocr()))
    assert (document.status, document.reader) == (Status.DONE, "pdf+ocr")
    assert "pages read by OCR: 2 of 3" in document.warnings[0]
    assert {w.box.page for p in document.passages for w in p.words} == {1, 2, 3}


@needs_ocr
def test_a_broken_file_is_read_by_ocr(tmp_path: Path, prose: list[str]) -> None:
    lie = permuted(string.ascii_letters + string.digits)
    (tmp_path / "a.pdf").write_bytes(make_mapped_pdf([prose[:50], prose[50:100]], [lie] * 2))
    document = read(tmp_path / "a.pdf", pdf_reader=partial(read_pdf, ocr=Ocr()))
    found = " ".join(p.text for p in document.passages).split()
    shown = " ".join(prose[:100]).split()
    assert len(set(shown) & set(found)) > 0.85 * len(set(shown))


@pytest.mark.shared
def test_real_papers_are_told_from_broken_ones(shared: Path) -> None:
    folder = shared / "papers/supermat"
    with pytest.raises(ReadError) as caught:
        read(folder / "ivanovskii2008newHigh.pdf")
    assert caught.value.status is Status.BROKEN_TEXT
    for name in ("L091217001-CC", "PHC3910237-CC", "JPS0722453-CC", "MAT0305503-CC"):
        document = read(folder / f"{name}.pdf")  # names and formulas of all kinds
        assert document.status is Status.DONE
        assert not any("broken" in w for w in document.warnings)
