"""Whether a record's formula is only the host of a doped material, so that its Tc is another's."""

from __future__ import annotations

import re

from scmine.database.record import Record
from scmine.extractors.elements import elements
from scmine.validator.references.composition import Material, system_of

_CARRIERS = re.compile(r"\b(?:electron|hole)s?\b|^\W*doped\W*$", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]{1,13}")
_ABSENCE = re.compile(
    r"\b(?:un|non)-?\s?doped|\bpure\b|\b(?:\w{1,13}-|\w{1,13} )free\b", re.IGNORECASE
)


def is_host_only(record: Record, material: Material) -> bool:
    """Whether the record tells of a doping that its formula does not have.

    It does if the doping names an element that is not in the formula (``Rb-doped`` of C60), or
    carriers, where the formula is a compound of whole amounts (``electron-doped`` of LaFeAsO).

    >>> from scmine.validator.references.composition import read_material
    >>> def told(doping, formula):
    ...     record = Record(record_id="r", doc_id="d", raw_material=formula, doping=doping)
    ...     return is_host_only(record, read_material(formula))
    >>> told("Rb-doped", "C60"), told("electron-doped", "LaFeAsO"), told("undoped", "LiFeAs")
    (True, True, False)
    >>> told("F-doped", "LaFeAsO0.9F0.1"), told("overdoped", "La1.8Sr0.2CuO4")
    (False, False)
    """
    if not record.doping or _ABSENCE.search(record.doping):
        return False
    symbols = set(material.system.split("-"))
    named = {symbol for word in _WORD.findall(record.doping) for symbol in _element(word)}
    if named - symbols:
        return True
    return bool(_CARRIERS.search(record.doping)) and "." not in material.key


def _element(word: str) -> list[str]:
    """The element that a word names by symbol or name, if it does; isotopes as their element."""
    for symbol, element in elements().items():
        if word == symbol or word.lower() == element.name:
            return system_of({symbol}).split("-")
    return []
