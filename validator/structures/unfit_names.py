"""Names of positions that their coordinates fit in no setting: left out, for that site alone.

A misprinted letter must not stop the sites beside it, whose open coordinates their own names
complete. Where a site is, is found in ``placing``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scmine.validator.structures.placing import Heed, places
from scmine.validator.structures.printed_sites import PrintedSite
from scmine.validator.structures.settings import Setting


def without_unfit_names(
    sites: Sequence[PrintedSite], settings: Sequence[Setting], *, keep_numbers: bool
) -> tuple[list[PrintedSite], list[str]]:
    """The sites without the names that fit in no setting, and a sentence for each of those.

    A letter goes before its multiplicity; with ``keep_numbers`` a multiplicity is never left out,
    since all of them together make the formula. Nothing is left out where no name would stay.
    """
    kept: list[PrintedSite] = []
    sentences: list[str] = []
    for site in sites:
        freed = _freed(site, settings, keep_numbers)
        kept.append(freed)
        if freed is not site:
            name = f"{site.multiplicity or ''}{site.letter or ''}"
            element = site.label or site.element
            sentences.append(
                f"The coordinates of {element} are taken, not {name}, which they are not on."
            )
    if not any(s.letter for s in kept):
        return list(sites), []
    return kept, sentences


def _freed(site: PrintedSite, settings: Sequence[Setting], keep_numbers: bool) -> PrintedSite:
    """The site with as much of its name as fits."""
    if not site.is_complete or site.letter is None or _fits(site, settings, Heed.NAME):
        return site
    numbered = replace(site, letter=None)
    if site.multiplicity is None or _fits(numbered, settings, Heed.MULTIPLICITY):
        return numbered
    return site if keep_numbers else replace(site, letter=None, multiplicity=None)


def _fits(site: PrintedSite, settings: Sequence[Setting], heed: Heed) -> bool:
    return any(places(site, setting.hall, heed) for setting in settings)
