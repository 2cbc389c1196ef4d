"""Listings on pages: read with their places, over the ends of pages, and no text or table."""

from __future__ import annotations

from pathlib import Path

from scmine.extractors.document import ListingFormat
from scmine.extractors.pdf.reader import read_pdf
from tests.extractors.formats.crystal_texts import CIF, POSCAR
from tests.raw_pdf import make_pdf, set_lines

PROSE = (
    "The compound LuZnH8 of this paper superconducts below 71 K at 120 GPa, as the figures of it",
    "show together with the measurements that are to be found in the supplement of the paper.",
)


def test_listings_of_a_pdf(tmp_path: Path):
    cif = [line.strip() for line in CIF.split("\n")]
    pages = (
        [*PROSE, "The POSCAR at 120 GPa:", *POSCAR.split("\n"), *PROSE, "The CIF:", *cif[:9]],
        [*cif[9:], *PROSE],
    )
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf(*(set_lines(lines) for lines in pages)))
    found = read_pdf(path)
    poscar, second = found.listings
    assert (poscar.format, second.format) == (ListingFormat.POSCAR, ListingFormat.CIF)
    assert [line.split() for line in poscar.text.split("\n")] == [
        line.split() for line in POSCAR.split("\n")
    ]
    assert [line.split() for line in second.text.split("\n")] == [
        line.split() for line in CIF.split("\n")
    ]
    assert poscar.before.endswith("The POSCAR at 120 GPa:")
    assert [box.page for box in second.boxes] == [1, 2]
    (box,) = poscar.boxes
    assert 70 < box.x0 < box.x1 < 612
    assert 72 < box.y0 < box.y1 < second.boxes[0].y0
    texts = " ".join(p.text for p in found.passages)
    assert "0.5000" not in texts
    assert "_cell" not in texts
    assert texts.count("superconducts below 71 K") == 3
    assert not found.tables
