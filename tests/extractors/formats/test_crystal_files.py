"""Files of crystal structures beside papers: what they are, and what they say of the paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.extractors import extract, read
from scmine.extractors.document import Document, ListingFormat, ReadError, Status
from scmine.extractors.formats.cif_items import cif_items
from scmine.extractors.formats.crystal_files import is_crystal_name
from tests.extractors.formats.crystal_texts import CIF, POSCAR

HEAD = """\
# made by hand
data_global
loop_
_publ_author_name
'Example, Ada' "Sample, Ben B."
_publ_section_title
;
 On the invented
 hydride LuZnH8
;
_journal_name_full 'Journal of Examples'
_journal_year 2023
_journal_paper_doi https://doi.org/10.1000/example.1
_journal_volume ?
"""


def document(folder: Path, name: str, text: str) -> Document:
    """What is read of a file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_a_cif_is_a_document_with_a_structure_and_no_text(tmp_path: Path):
    found = document(tmp_path, "a.CIF", HEAD + CIF)
    assert (found.reader, found.status, found.passages) == ("cif", Status.DONE, ())
    (listing,) = found.listings
    assert (listing.format, listing.text) == (ListingFormat.CIF, CIF)
    assert extract(found).records == []


def test_a_cif_says_which_paper_it_belongs_to(tmp_path: Path):
    known = document(tmp_path, "2301.01234.cif", HEAD + CIF).metadata
    assert known.title == "On the invented hydride LuZnH8"
    assert known.authors == ("Example, Ada", "Sample, Ben B.")
    assert (known.journal, known.year) == ("Journal of Examples", 2023)
    assert (known.doi, known.arxiv_id) == ("10.1000/example.1", "2301.01234")


def test_each_block_with_a_cell_is_a_structure(tmp_path: Path):
    second = CIF.replace("data_LuZnH8", "data_II")
    found = document(tmp_path, "a.cif", f"{HEAD}{CIF}\n{second}\n")
    assert [listing.text.split("\n")[0] for listing in found.listings] == ["data_LuZnH8", "data_II"]


def test_reflections_and_logs_are_left_out(tmp_path: Path):
    reflections = "loop_\n_refln_index_h\n_refln_index_k\n" + "1 2\n" * 9000
    log = "_shelx_res_file\n;\n" + "_anything at all\n" * 9000 + ";\n"
    (listing,) = document(tmp_path, "a.cif", f"data_x\n{log}{reflections}{CIF[12:]}").listings
    assert "_cell_length_a" in listing.text
    assert "H1  H  0.364" in listing.text
    assert "\n1 2" not in listing.text
    assert "anything" not in listing.text
    assert listing.text == f"data_x\n{CIF[12:]}"


def test_too_many_blocks_are_partly_read(tmp_path: Path):
    found = document(tmp_path, "a.cif", "\n".join([CIF] * 130))
    assert (found.status, len(found.listings)) == (Status.PARTIAL, 100)
    assert found.warnings == ("of 130 structures the first 100 are read",)


@pytest.mark.parametrize("name", ["POSCAR", "POSCAR_120GPa", "CONTCAR", "LuZn.vasp", "a.poscar"])
def test_a_poscar_is_known_by_its_name(tmp_path: Path, name: str):
    found = document(tmp_path, name, POSCAR + "\n")
    assert (found.reader, found.status) == ("poscar", Status.DONE)
    (listing,) = found.listings
    assert (listing.format, listing.text, listing.before) == (ListingFormat.POSCAR, POSCAR, name)


@pytest.mark.parametrize(
    ("name", "text", "status"),
    [
        ("a.cif", HEAD, Status.EMPTY),
        ("a.cif", "", Status.EMPTY),
        ("a.cif", "\x01\x02\x03" * 50, Status.FAILED),
        ("POSCAR", POSCAR[:-30], Status.FAILED),
    ],
)
def test_what_holds_no_structure_ends_in_a_status(
    tmp_path: Path, name: str, text: str, status: Status
):
    with pytest.raises(ReadError) as caught:
        document(tmp_path, name, text)
    assert caught.value.status is status


def test_items_of_a_cif():
    lines = ["data_a", "_b 'it's' # note", "loop_", "_c _d", "1 2", "? 4", "_e 5", "data_b", "_b 6"]
    assert cif_items(lines) == {"_b": ["it's"], "_c": ["1"], "_d": ["2", "4"], "_e": ["5"]}


def test_names():
    assert not any(map(is_crystal_name, ("scif.pdf", "POSCARS.md", "notes.txt", "my_poscar")))
