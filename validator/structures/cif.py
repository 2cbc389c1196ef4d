"""CIF of a rebuilt structure: symmetrised, with what scmine knows of it as data items of its own.

The atoms are written by pymatgen; items named ``_scmine_…`` say which way led to them, what was
repaired or estimated, and from which paper they come. Readers that do not know them pass over
them. A CIF is ASCII: what is not is written out or dropped.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from scmine.validator.structures.limits import limits
from scmine.validator.structures.symmetry import ANGLES_BY_LENGTH, FoundSymmetry, found_symmetry

if TYPE_CHECKING:
    from pymatgen.core import Structure

_WIDTH = 78
_ASCII = {
    "Å": "A", "–": "-", "—": "-", "−": "-", "·": "*", "×": "x", "°": " deg", "µ": "u", "μ": "u",
    "α": "alpha", "β": "beta", "γ": "gamma", "λ": "lambda", "≤": "<=", "≥": ">=", "≈": "~",
    "’": "'", "‘": "'", "“": '"', "”": '"',
}  # fmt: skip


def to_cif(
    structure: Structure,
    items: Mapping[str, object] | None = None,
    *,
    doi: str | None = None,
    space_group_number: int | None = None,
) -> str:
    """The text of a CIF with one block.

    Parameters
    ----------
    structure
        The atoms; partial occupancies are kept.
    items
        What is known of them beside, by the name that follows ``_scmine_``: texts, numbers or
        lists of texts. None, empty texts and empty lists are left out.
    doi
        The paper's.
    space_group_number
        The group to write the atoms in, if they have it at a tolerance of 0.1 Å; else the one
        that they have at 0.01 Å.

    Returns
    -------
    str
        CIF 1.1: conventional cell, symmetry operations and the atoms of the asymmetric unit.
    """
    from pymatgen.io.cif import CifWriter

    tolerance = _tolerance(found_symmetry(structure), space_group_number)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = str(CifWriter(structure, symprec=tolerance, angle_tolerance=ANGLES_BY_LENGTH))
    head, data, body = text.partition(f"data_{structure.composition.reduced_formula}\n")
    own = [_item("_journal_paper_doi", doi)] if doi else []
    own += [_item(f"_scmine_{_plain_name(k)}", v) for k, v in (items or {}).items() if _says(v)]
    block = re.sub(r"[^A-Za-z0-9.+()-]", "_", data.strip()) if data else ""
    if not data:  # nothing to hang the items on but the end of the block
        return "\n".join([text.rstrip("\n"), *own, ""])
    return "\n".join([head.rstrip("\n"), block, *own, body])


def _tolerance(found: Sequence[FoundSymmetry], number: int | None) -> float | None:
    """The tolerance at which to symmetrise; None if no symmetry is found at all."""
    exact = limits()["symmetry"]["exact_A"]
    claimed = [f.tolerance_A for f in found if f.number == number]
    if claimed:
        return exact if exact in claimed else claimed[0]
    return exact if any(f.tolerance_A == exact for f in found) else None


def _plain_name(name: str) -> str:
    return re.sub(r"\W", "_", name, flags=re.ASCII)


def _says(value: object) -> bool:
    return value is not None and value != "" and value != () and value != []


def _item(name: str, value: object) -> str:
    """A data item: the value bare, in quotes, or as a text field."""
    if isinstance(value, int | float):
        return f"{name} {value:g}"
    parts = [f"- {v}" for v in value] if isinstance(value, list | tuple) else [str(value)]
    lines = [line for part in parts for line in _lines(part)]
    if len(lines) > 1 or "'" in lines[0] or len(name) + len(lines[0]) > _WIDTH:
        return "\n".join([name, ";", *lines, ";"])
    return f"{name} '{lines[0]}'"


def _lines(text: str) -> list[str]:
    """``text`` in ASCII, in lines that neither end a text field nor begin a comment."""
    for character, written in _ASCII.items():
        text = text.replace(character, written)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    plain = "".join(c if c.isprintable() else " " for c in plain)
    plain = re.sub(r"(?<!\S)#", "No. ", plain)
    lines = textwrap.wrap(plain, _WIDTH, break_long_words=True) or [""]
    return [f" {line}" if line.startswith(";") else line for line in lines]
