"""Evidence for crystal structures: cell, space group and atomic sites, held against the page.

A site stays if its quote holds the atom and, behind it and in their order, its Wyckoff letter and
its coordinates, each a whole number, fraction or expression.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from scmine.extractors.characters import uniform
from scmine.extractors.document import Document
from scmine.extractors.elements import elements
from scmine.extractors.llm.answers import CrystalAnswer, PhaseAnswer, SiteAnswer
from scmine.extractors.llm.claim_building import build
from scmine.extractors.llm.claim_evidence import consistent, dropped
from scmine.extractors.llm.drops import Checked, Drop, Dropped
from scmine.extractors.llm.findings import Findings
from scmine.extractors.llm.quotes import find_words
from scmine.extractors.llm.request import Task
from scmine.extractors.llm.shown_text import FoundValue, ShownText, Span
from scmine.extractors.site_coordinates import site_coordinate

SITE_REACH = 160
"""Characters behind an atom in which its site and coordinates stand."""

_OTHER_NUMBER = re.compile(r"\d")


def check_crystal(
    answer: CrystalAnswer,
    document: Document,
    *,
    shown: Collection[str],
    extractor: str,
    findings: Findings | None = None,
) -> Checked:
    """What ``document`` bears out of the structures of ``answer``; parameters as for claims."""
    text = ShownText(document, shown, findings)
    checked = Checked()
    for phase in answer.phases:
        _check_phase(phase, text, extractor, checked)
    return checked


def _check_phase(phase: PhaseAnswer, text: ShownText, extractor: str, checked: Checked) -> None:
    """Add what holds of one structure."""
    material = text.material(phase.material, phase.material_quote, phase.material_passage)
    if isinstance(material, Drop):
        checked.dropped += [dropped(v, material, Task.CRYSTAL) for v in phase.values]
        checked.dropped += [_dropped_site(s, material) for s in phase.sites]
        return
    found: list[FoundValue] = []
    for value in phase.values:
        result = text.value(value, material.text)
        if isinstance(result, Drop):
            checked.dropped.append(dropped(value, result, Task.CRYSTAL))
        else:
            found.append(result)
    sites: list[tuple[dict[str, Any], int, Span]] = []
    for site in phase.sites:
        placed = _site(site, text)
        if isinstance(placed, Drop):
            checked.dropped.append(_dropped_site(site, placed))
        else:
            sites.append(placed)
    kept, refused = consistent(text, found)
    checked.dropped += [dropped(v, reason, Task.CRYSTAL) for v, reason in refused]
    checked.claims += build(text, material, kept, extractor, sites=sites)


def _dropped_site(site: SiteAnswer, reason: Drop) -> Dropped:
    value = " ".join(part for part in (site.label, site.wyckoff, site.x, site.y, site.z) if part)
    return Dropped(reason, Task.CRYSTAL, "site", value, site.quote, site.passage)


def _site(site: SiteAnswer, text: ShownText) -> tuple[dict[str, Any], int, Span] | Drop:
    """A site as the record keeps it, its passage and its place; or why it does not hold."""
    if site.element not in elements() or not site.label.startswith(site.element):
        return Drop.OTHER_QUANTITY
    places = text.quotes(site.quote, site.passage)
    if isinstance(places, Drop):
        return places
    for index, (start, end) in places:
        words = text.document.passages[index].text
        for low, high in find_words(words, site.label, start, end):
            last = _in_order(words, site, high, min(end, high + SITE_REACH))
            if last is not None:
                return _values(site), index, (low, last)
    return Drop.VALUE_NOT_IN_QUOTE


def _in_order(text: str, site: SiteAnswer, start: int, end: int) -> int | None:
    """Where the last part of a site ends that stands behind ``start``; None if one is missing.

    Between two coordinates there may be no other number.
    """
    at = start
    coordinates = [c for c in (site.x, site.y, site.z) if c]
    for part in [p for p in (site.wyckoff, *coordinates) if p]:
        places = [p for p in find_words(text, part, at, end) if _is_signed_so(text, *p)]
        if not places:
            return None
        low, high = places[0]
        if part in coordinates[1:] and _OTHER_NUMBER.search(text[at:low]):
            return None
        at = high
    return at if at > start else None


def _is_signed_so(text: str, start: int, end: int) -> bool:
    """Whether a part is no half of a longer number: no sign or point before, none behind."""
    before, after = uniform(text[max(0, start - 1) : start]), uniform(text[end : end + 2])
    return before not in ("-", ".", "/") and not re.match(r"\.\d|/\d", after)


def _values(site: SiteAnswer) -> dict[str, Any]:
    values: dict[str, Any] = {"label": site.label, "element": site.element}
    if site.wyckoff:
        values["site"] = site.wyckoff
    if site.x or site.y or site.z:
        values["xyz"] = [site_coordinate(c) if c else None for c in (site.x, site.y, site.z)]
    return values
