"""Identity: what a paper says of itself is taken, what it cites is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.document import Metadata
from scmine.extractors.lexicons import load_rows
from scmine.extractors.pdf.identity import metadata_of, names_journal, xmp_doi


def _found(text: str = "", margin: str = "", file: str = "a.pdf", **info: str) -> Metadata:
    return metadata_of(Path(file), "", (), text, margin, info)


@pytest.mark.parametrize(
    ("file", "first", "margin", "arxiv_id", "version", "year"),
    [
        ("a.pdf", "", "arXiv:2001.00001v2 [cond-mat.supr-con] 3 Jan 2020", "2001.00001", 2, 2020),
        ("a.pdf", "", "arXiv:cond-mat/0408203 10 Aug 2004", "cond-mat/0408203", None, 2004),
        ("a.pdf", "", "cond-mat/9903395 v2 24 Oct 1999", "cond-mat/9903395", 2, 1999),
        ("a.pdf", "arXiv:2001.00001v12 [x] 3 Jan 2021", "", "2001.00001", 12, 2021),
        ("cond-mat_0102216.pdf", "", "", "cond-mat/0102216", None, 2001),
        ("cond-mat0102216.pdf", "", "", "cond-mat/0102216", None, 2001),
        ("supr-con-9602001v1.pdf", "", "", "supr-con/9602001", 1, 1996),
        ("0807.1234v2.pdf", "", "", "0807.1234", 2, 2008),
        ("arXiv_1412.0460_Someone_H2S.pdf", "", "", "1412.0460", None, 2014),
        ("2012.12345.pdf", "", "", "2012.12345", None, 2020),
        ("9107.12345.pdf", "", "", "9107.12345", None, 2091),
        ("2019.0412.pdf", "", "", None, None, None),  # there is no month 19
        ("P072224509.pdf", "", "", None, None, None),
        ("a.pdf", "as shown in arXiv:1412.0460 before", "", None, None, None),
        ("paper.pdf", "no identifier 1234.5678", "", None, None, None),
    ],
)
def test_arxiv_identifier_version_and_year(
    file: str, first: str, margin: str, arxiv_id: str | None, version: int | None, year: int | None
) -> None:
    found = _found(first, margin, file)
    assert (found.arxiv_id, found.arxiv_version, found.year) == (arxiv_id, version, year)


def test_the_stamp_may_be_the_title_of_the_file() -> None:
    found = _found(Title="arXiv:0810.4856v2  [cond-mat.supr-con]  19 Nov 2008")
    assert (found.arxiv_id, found.arxiv_version, found.year) == ("0810.4856", 2, 2008)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("see https://doi.org/10.1234/abc.5-6. Then", "10.1234/abc.5-6"),
        ("doi:10.1234/x(99)y", "10.1234/x(99)y"),
        ("DOI 10.1234/xy", "10.1234/xy"),
        ("10.1103/PhysRevB.99.012345", "10.1103/PhysRevB.99.012345"),
        ("https://doi.org/10.1103/PhysRevB.\n99.012345", "10.1103/PhysRevB.99.012345"),
        ("DOI: 10.1234/xy\nsee the text\nDOI: 10.1234/XY", "10.1234/xy"),
        ("DOI: 10.1234/xy\nDOI: 10.1234/yz", None),  # which of them is it?
        ("[12] A. Notional, J. Inv. Phys. 1, 2 (2003). doi:10.1234/xy", None),
        ("3. A. Notional, doi:10.1234/xy", None),
        ("References\ndoi:10.1234/xy", None),
        ("as was shown (Notional 10.1234/x) before", None),
        ("10.5 K and 10.1234 kg", None),
    ],
)
def test_only_the_papers_own_doi(text: str, doi: str | None) -> None:
    assert _found(text).doi == doi


@pytest.mark.parametrize(
    ("file", "doi"),
    [
        ("PhysRevB.99.012345.pdf", "10.1103/PhysRevB.99.012345"),
        ("PhysRevLett.94.047006.pdf", "10.1103/PhysRevLett.94.047006"),
        ("s41586-019-1201-8.pdf", "10.1038/s41586-019-1201-8"),
        ("nature14964.pdf", "10.1038/nature14964"),
        ("naturally12345.pdf", None),
        ("1412.0460.pdf", None),
    ],
)
def test_doi_of_a_publishers_file(file: str, doi: str | None) -> None:
    assert _found(file=file).doi == doi


def test_the_files_own_facts_come_first() -> None:
    assert _found("doi:10.1234/other", Subject="doi:10.1234/own").doi == "10.1234/own"


@pytest.mark.parametrize(
    ("packet", "doi"),
    [
        (b"<prism:doi>10.1234/own</prism:doi>", "10.1234/own"),
        (b"<pdfx:doi>https://doi.org/10.1234/own</pdfx:doi>", "10.1234/own"),
        (b'<rdf:Description prism:doi="10.1234/own" x="">', "10.1234/own"),
        (b"<dc:identifier>10.1234/other</dc:identifier>", ""),
    ],
)
def test_doi_of_the_xmp_packet(packet: bytes, doi: str) -> None:
    assert xmp_doi(b"%PDF-1.4 junk " + packet + b" more") == doi


APS, IOP = "American Physical Society", "IOP Publishing"


@pytest.mark.parametrize(
    ("line", "journal", "publisher", "year"),
    [
        ("PHYSICAL REVIEW B 99, 012345 (2019)", "Physical Review B", APS, 2019),
        ("PRL 94, 047006 (2005)", "Physical Review Letters", APS, 2005),
        ("J. Phys.: Condens. Matter 26 (2014) 435703 (6pp)",
         "Journal of Physics: Condensed Matter", IOP, 2014),
        ("Supercond. Sci. Technol. 31 (2018) 125011",
         "Superconductor Science and Technology", IOP, 2018),
        ("A. Notional et al. / Physica C 313 (1999) 1-10",
         "Physica C: Superconductivity", "Elsevier", 1999),
        ("Nature Communications | (2020) 11:1234",
         "Nature Communications", "Springer Nature", 2020),
        ("© 2014 American Physical Society", None, APS, 2014),
        ("published 31 May 2019", None, None, 2019),
        ("Submitted to Phys. Rev. B 99, 012345 (2019)", None, None, None),
        ("to appear in Physical Review Letters", None, None, None),
        ("[3] Phys. Rev. B 99, 012345 (2019)", None, None, None),
        ("as in the work of Notional, Phys. Rev. B 99, 012345 (2019)", None, None, None),
        ("Nature of the gap, 12 (2019)", None, None, None),
        ("Science and Technology 12, 13 (2019)", None, None, None),
    ],
)  # fmt: skip
def test_imprint(line: str, journal: str | None, publisher: str | None, year: int | None) -> None:
    found = _found(line)
    assert (found.journal, found.publisher, found.year) == (journal, publisher, year)


def test_a_doi_names_journal_and_publisher() -> None:
    found = _found("doi:10.1088/0953-2048/18/1/041")
    assert (found.journal, found.publisher) == ("Superconductor Science and Technology", IOP)
    found = _found("doi:10.1016/j.unknown.2001.01.001")
    assert (found.journal, found.publisher) == (None, "Elsevier")


def test_journals_of_the_list_are_found_by_their_names() -> None:
    for row in load_rows("journals.csv"):
        assert _found(f"{row['name']} 12 (2001) 34").journal == row["name"]
        assert names_journal(row["name"])
        assert row["publisher"]


@given(st.text(max_size=80), st.text(max_size=80), st.text("0123456789._-/acPhysRevB", max_size=30))
def test_metadata_of_anything(first: str, margin: str, stem: str) -> None:
    found = _found(first, margin, stem.replace("/", "_") + ".pdf")
    assert found.year is None or 1900 <= found.year < 2100
