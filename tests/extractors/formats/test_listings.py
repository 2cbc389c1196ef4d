"""Listings of crystal structures are found in papers of every format, whole and nothing else."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors import read
from scmine.extractors.document import Document, Listing, ListingFormat
from scmine.extractors.formats.listings import find_listings, listings_in, without_listings
from tests.extractors.formats.crystal_texts import CIF, POSCAR

PROSE = "The compound LuZnH8 superconducts below 71 K at 120 GPa, as the figures of it show."


def both(text: str) -> list[str]:
    """The listings of ``text``."""
    return [listing.text for listing in listings_in(text.split("\n"))]


def document(folder: Path, name: str, text: str) -> Document:
    """What is read of a file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read(path)


def check(found: Document) -> None:
    """Both listings are there, and none of them in the text."""
    assert [listing.format for listing in found.listings] == [
        ListingFormat.POSCAR,
        ListingFormat.CIF,
    ]
    assert [listing.text for listing in found.listings] == [POSCAR, CIF]
    assert found.listings[0].before.endswith("The POSCAR of LuZn at 120 GPa:")
    assert any(PROSE in passage.text for passage in found.passages)
    assert not any("fract" in p.text or "0.5000" in p.text for p in found.passages)
    assert not found.tables


def test_listings_stand_between_lines_of_text():
    text = f"{PROSE}\nThe POSCAR:\n{POSCAR}\n{PROSE}\n\n{CIF}\n\n{PROSE}\n{CIF}\n{CIF}\n"
    assert both(text) == [POSCAR, CIF, CIF, CIF]
    kept = without_listings(text.split("\n"))
    assert [line for line in kept if line] == [PROSE, "The POSCAR:", PROSE, PROSE]


def test_a_listing_knows_the_lines_before_it():
    lines = f"LuZn at 120 GPa reads\n\n```\n{POSCAR}\n```".split("\n")
    assert [listing.before for listing in listings_in(lines)] == ["LuZn at 120 GPa reads"]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(POSCAR.split("\n")[:-1]),  # an atom is missing
        POSCAR.replace("Lu Zn\n1 1", "1 1").replace("LuZn at 120 GPa", "a cell"),  # no elements
        POSCAR.replace("Lu Zn\n", "Lu\n"),
        POSCAR.replace("1 1\n", "1 2000000\n"),
        POSCAR.replace("Direct\n", ""),
        "\n".join(CIF.split("\n")[:10]),  # a cell without atoms
        "_cell_length_a is a tag of CIF files, and loop_ is another.",
        "1.0\n0 0 0\n0 0 0\n0 0 0\n",
    ],
)
def test_what_is_not_whole_is_no_listing(text: str):
    assert both(f"{PROSE}\n{text}\n{PROSE}") == []


def test_a_poscar_of_old_vasp_names_its_elements_in_the_first_line():
    old = POSCAR.replace("Lu Zn\n1 1", "1 1").replace("LuZn at 120 GPa", "Lu Zn")
    assert both(old) == [old]


def test_selective_dynamics_and_scaled_cells():
    selective = POSCAR.replace("Direct", "Selective dynamics\nDirect").replace(
        "Lu\n0.5", "T T F\n0.5"
    )
    assert both(selective) == [selective]


def test_printed_quotes_and_minus_signs_are_typed_again():
    (listing,) = listings_in(CIF.replace("'", "’").replace("F m -3", "F m −3").split("\n"))
    assert listing.text == CIF


def test_texts_of_a_cif_may_hold_anything():
    text = CIF.replace("loop_", "_publ_section_comment\n;\nThis is prose\nin a CIF.\n;\nloop_", 1)
    assert both(f"{PROSE}\n{text}\n{PROSE}") == [text]


def test_markdown(tmp_path: Path):
    text = f"# On LuZn\n\n{PROSE}\n\nThe POSCAR of LuZn at 120 GPa:\n```\n{POSCAR}\n```\n\n{CIF}\n"
    check(document(tmp_path, "a.md", f"{text}\n{PROSE}\n"))


def test_plain_text(tmp_path: Path):
    text = f"On LuZn\n\n{PROSE}\n\nThe POSCAR of LuZn at 120 GPa:\n\n{POSCAR}\n\n{CIF}\n\n{PROSE}\n"
    check(document(tmp_path, "a.txt", text))


def latex(body: str) -> str:
    """A paper in LaTeX."""
    head = "\\documentclass{article}\\begin{document}\\title{On LuZn}\\maketitle"
    return f"{head}\n{body}\n\\end{{document}}"


def test_latex(tmp_path: Path):
    (tmp_path / "cif.tex").write_text(f"\\begin{{lstlisting}}\n{CIF}\n\\end{{lstlisting}}")
    body = (
        f"{PROSE}\n\nThe POSCAR of LuZn at 120 GPa:\n\\begin{{verbatim}}\n{POSCAR}\n"
        f"\\end{{verbatim}}\n\\input{{cif}}\n"
    )
    check(document(tmp_path, "a.tex", latex(body)))


def test_what_is_commented_out_is_not_read(tmp_path: Path):
    hidden = "\n".join(f"% {line}" for line in POSCAR.split("\n"))
    assert document(tmp_path, "a.tex", latex(f"{PROSE}\n{hidden}")).listings == ()


def test_html_of_latexml(tmp_path: Path):
    lines = "".join(f'<div class="ltx_listingline">{line}</div>' for line in CIF.split("\n"))
    text = (
        '<!DOCTYPE html><html><body><article class="ltx_document">'
        '<h1 class="ltx_title ltx_title_document">On LuZn</h1>'
        f'<div class="ltx_para"><p class="ltx_p">{PROSE}</p></div>'
        f'<pre class="ltx_verbatim">The POSCAR of LuZn at 120 GPa:\n{POSCAR}</pre>'
        f'<div class="ltx_listing">{lines}</div></article></body></html>'
    )
    found = document(tmp_path, "a.html", text)
    assert [listing.text for listing in found.listings] == [POSCAR, CIF]


def test_jats(tmp_path: Path):
    text = (
        "<article><front><article-meta><title-group><article-title>On LuZn</article-title>"
        f"</title-group></article-meta></front><body><p>{PROSE}</p>"
        f"<preformat>{POSCAR}</preformat><code>{CIF}</code></body></article>"
    )
    found = document(tmp_path, "a.xml", text)
    assert [listing.text for listing in found.listings] == [POSCAR, CIF]


@given(st.lists(st.sampled_from([*POSCAR.split("\n"), *CIF.split("\n"), PROSE, "", "loop_", ";"])))
def test_listings_are_in_order_and_inside_the_lines(lines: list[str]):
    end = 0
    for found in find_listings(lines):
        assert end <= found.start < found.stop <= len(lines)
        end = found.stop


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text: str):
    assert all(isinstance(listing, Listing) for listing in listings_in(text.split("\n")))


@pytest.mark.parametrize(
    "line",
    ["_cell_length_a 1", "1.0", ";", "loop_", "'" * 390, "x" * 100_000, "1 " * 150, "data_x"],
)
def test_odd_lines_take_little_time(line: str):
    started = time.perf_counter()
    find_listings([line] * 20_000)
    find_listings(["_cell_length_a 1", *[line] * 20_000])
    assert time.perf_counter() - started < 10
