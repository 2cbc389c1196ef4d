"""Statements of structures as plain data, as the database keeps them, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from scmine.validator.structures.stated import StatedSite, StatedStructure

_DEFAULTS = {f.name: getattr(StatedStructure(), f.name) for f in fields(StatedStructure)}
_SITE_DEFAULTS = {"label": "", "site": None, "xyz": None, "occupancy": 1.0}


def to_plain(stated: StatedStructure) -> dict[str, Any]:
    """What is stated, by field; fields that say nothing are left out.

    >>> to_plain(StatedStructure(formula="Nb", sites=(StatedSite("Nb", xyz=(0.0, 0.0, "z")),)))
    {'formula': 'Nb', 'sites': [{'element': 'Nb', 'xyz': [0.0, 0.0, 'z']}]}
    """
    plain = {
        n: getattr(stated, n) for n, nothing in _DEFAULTS.items() if getattr(stated, n) != nothing
    }
    if stated.sites:
        plain["sites"] = [_plain_site(site) for site in stated.sites]
    if stated.composition:
        plain["composition"] = dict(stated.composition)
    return plain


def _plain_site(site: StatedSite) -> dict[str, Any]:
    plain = {n: v for n, v in asdict(site).items() if v != _SITE_DEFAULTS.get(n)}
    if site.xyz is not None:
        plain["xyz"] = list(site.xyz)
    return plain


def from_plain(plain: Mapping[str, Any]) -> StatedStructure:
    """The statement that ``to_plain`` gave.

    Raises
    ------
    TypeError
        A field that statements do not have.

    >>> stated = StatedStructure(formula="Nb", composition={"Nb": 1.0}, sites=(StatedSite("Nb"),))
    >>> from_plain(to_plain(stated)) == stated
    True
    """
    given = dict(plain)
    sites = [
        StatedSite(**(dict(site) | ({"xyz": tuple(site["xyz"])} if site.get("xyz") else {})))
        for site in given.pop("sites", ())
    ]
    return StatedStructure(**given, sites=tuple(sites))
