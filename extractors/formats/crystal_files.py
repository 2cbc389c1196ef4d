"""The readers of files of crystal structures beside papers: CIF and POSCAR.

They give a document without text, with a listing for each structure of the file. The structures
are made by ``scmine.validator.structures``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from scmine.extractors.document import (
    Document,
    Listing,
    ListingFormat,
    Metadata,
    ReadError,
    Status,
)
from scmine.extractors.formats.cif_items import cif_items
from scmine.extractors.formats.identifiers import arxiv_id_in, doi_in
from scmine.extractors.formats.listings import MAX_LISTINGS, find_listings
from scmine.extractors.formats.text_files import read_text_file

CIF_READER = "cif"
POSCAR_READER = "poscar"

CIF_ENDING = ".cif"
_POSCAR_NAME = re.compile(r"(?:.*\.(?:vasp|poscar)|(?:poscar|contcar)(?:[._-].*)?)", re.I)
MAX_PART = 6000
"""Lines of one item or loop; the atoms of a crystal structure have fewer."""

_ITEM = re.compile(r"\s*(?:_|loop_|data_)", re.I)
_DATA = re.compile(r"\s*data_", re.I)
_CELL = re.compile(r"\s*_cell(?:_|\.)length_a\b", re.I)
_DOI_TAGS = ("_journal_paper_doi", "_citation_doi", "_publ_section_doi", "_journal_doi")
_TITLE_TAGS = ("_publ_section_title", "_citation_title")
_AUTHOR_TAGS = ("_publ_author_name", "_citation_author_name")
_JOURNAL_TAGS = ("_journal_name_full", "_citation_journal_full", "_citation_journal_abbrev")
_YEAR_TAGS = ("_journal_year", "_citation_year")


def is_crystal_name(path: str) -> bool:
    """Whether a file's name says that it holds crystal structures.

    >>> [is_crystal_name(n) for n in ("a/b.CIF", "x/POSCAR", "LaH10.vasp", "poscars.txt")]
    [True, True, True, False]
    """
    name = PurePosixPath(path).name
    return name.lower().endswith(CIF_ENDING) or _POSCAR_NAME.fullmatch(name) is not None


def read_crystal(path: Path) -> Document:
    """The document in a CIF or POSCAR: a listing for each structure of it.

    Title, authors, journal, year and DOI are those of a CIF's own items.

    Raises
    ------
    ReadError
        ``empty`` if no data block of a CIF has a cell; ``failed`` if the file is no whole POSCAR
        with elements, no text, or over 32 MB.
    OSError
        If it cannot be read.
    """
    is_cif = path.name.lower().endswith(CIF_ENDING)
    file = read_text_file(path, "CIF" if is_cif else "POSCAR")
    listings = listings_of(path.name, file.text)
    if not listings and is_cif:
        raise ReadError(Status.EMPTY, "no data block of the CIF states a unit cell")
    if not listings:
        raise ReadError(
            Status.FAILED,
            "not a whole POSCAR: elements, their numbers, three vectors and so many atoms",
        )
    warnings: tuple[str, ...] = ()
    if len(listings) > MAX_LISTINGS:
        warnings = (f"of {len(listings)} structures the first {MAX_LISTINGS} are read",)
    return Document(
        doc_id=file.digest,
        path=str(path),
        reader=CIF_READER if is_cif else POSCAR_READER,
        metadata=_metadata(file.text if is_cif else "", path.stem),
        listings=tuple(listings[:MAX_LISTINGS]),
        status=Status.PARTIAL if warnings else Status.DONE,
        warnings=warnings,
    )


def listings_of(name: str, text: str) -> list[Listing]:
    """The structures in ``text``, that of a CIF (each data block with a cell) or of a POSCAR."""
    lines = text.split("\n")
    stem = PurePosixPath(name).name
    if not name.lower().endswith(CIF_ENDING):
        return [
            Listing(f.format, "\n".join(lines[f.start : f.stop]), stem)
            for f in find_listings(lines)
            if f.format is ListingFormat.POSCAR
        ]
    return [
        Listing(ListingFormat.CIF, "\n".join(_without_data(block)).rstrip(), stem)
        for block in _blocks(lines)
        if any(_CELL.match(line) for line in block)
    ]


def _without_data(block: Sequence[str]) -> list[str]:
    """A data block without measured reflections and the files of programs, which may be long."""
    kept: list[str] = []
    part: list[str] = []
    in_text = in_head = False
    for line in block:
        if not in_text and _ITEM.match(line) and not (in_head and line.lstrip().startswith("_")):
            kept += part if len(part) <= MAX_PART else []
            part = []
            in_head = line.strip().lower() == "loop_"
        elif not line.lstrip().startswith("_"):
            in_head = False
        part.append(line)
        if line.startswith(";"):
            in_text = not in_text
    return kept + (part if len(part) <= MAX_PART else [])


def _blocks(lines: Sequence[str]) -> list[Sequence[str]]:
    """The data blocks of a CIF; the first with what stands before it."""
    starts = [i for i, line in enumerate(lines) if _DATA.match(line)][1:]
    ends = zip([0, *starts], [*starts, len(lines)], strict=True)
    return [lines[start:end] for start, end in ends]


def _metadata(text: str, stem: str) -> Metadata:
    """What identifies the paper of a CIF, from the first of its blocks or the first with a cell."""
    cut = _blocks(text.split("\n"))
    with_cell = [block for block in cut if any(_CELL.match(line) for line in block)]
    blocks = [cif_items(block) for block in (*cut[:1], *with_cell[:1])]

    def values(tags: Sequence[str]) -> list[str]:
        return next((b[tag] for b in blocks for tag in tags if b.get(tag)), [])

    def value(tags: Sequence[str]) -> str:
        return " ".join(" ".join(values(tags)[:1]).split())

    year = re.fullmatch(r"(?:1[89]|2\d)\d\d", value(_YEAR_TAGS))
    return Metadata(
        title=value(_TITLE_TAGS),
        authors=tuple(values(_AUTHOR_TAGS)),
        doi=doi_in(value(_DOI_TAGS)),
        arxiv_id=arxiv_id_in(stem),
        journal=value(_JOURNAL_TAGS) or None,
        year=int(year.group()) if year else None,
    )
