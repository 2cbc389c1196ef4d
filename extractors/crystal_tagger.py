"""Mentions of crystal structures: space groups and lattice parameters in running text."""

from __future__ import annotations

from scmine.extractors.cells import find_cells
from scmine.extractors.claim import Label, Mention
from scmine.extractors.spacegroups import find_space_groups


def crystal_mentions(text: str) -> list[Mention]:
    """Mentions of space groups and lattice parameters in ``text``.

    >>> [(m.label.value, m.text) for m in crystal_mentions("space group Fm-3m, a = 5.1 Å")]
    [('space_group', 'Fm-3m'), ('lattice', 'a = 5.1 Å')]
    """
    found = [
        Mention(hit.start, hit.end, Label.SPACE_GROUP, text[hit.start : hit.end])
        for hit in find_space_groups(text)
    ]
    found += [
        Mention(cell.start, cell.end, Label.LATTICE, text[cell.start : cell.end])
        for cell in find_cells(text)
    ]
    return found
