"""What a paper states of its structures: the statements of several records put together.

A lattice of a table, the space group of the text and the sites of another table become one
statement where nothing else can be meant; each field says which place of the paper gave it. One
record alone is read in ``from_record``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import combinations

from scmine.database.record import Evidence, Record, Source
from scmine.extractors.same_claim import ROW_MARK
from scmine.extractors.specimens import Sample, material_key, may_be_one, sample_of
from scmine.extractors.structure_types import system_fits
from scmine.validator.structures.families import is_member
from scmine.validator.structures.from_record import CELL, all_stated, is_statement
from scmine.validator.structures.stated import StatedStructure

MOST_OF_ONE_MATERIAL = 60
"""Records of one material that are put together; of more, each stands alone."""

_SYMMETRY = ("space_group", "space_group_number")
_SITES = ("sites",)
_PIECEWISE = (CELL, _SITES)
"""Fields of which each record may state a part: edges, and the sites of some elements."""

_GROUPS: tuple[tuple[str, ...], ...] = (
    _SYMMETRY,
    ("pressure_GPa",),
    CELL,
    _SITES,
    ("prototype",),
    ("crystal_system",),
)
"""Fields that belong together, in the order in which a statement is completed."""

_MAIN = ("sites", *CELL, "space_group", "prototype")
"""The record that states the first of these is the one that states most."""

_OF_FAMILY = (_SYMMETRY, ("prototype",), ("crystal_system",))
"""Fields that what is said of a family gives to its members."""

_NOTHING: tuple[object, ...] = (None, (), {})
"""What fields hold that say nothing."""

_SPREAD = 0.03
"""How far edges of one phase are apart between calculations, measurements and samples at most."""

_LEAST_CAPTION = 25
"""Characters of a caption that tell it from those of other tables."""

AMBIENT_GPa = 1e-3
"""Pressures up to this are that of the room."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One structure as a paper states it.

    ``stated_in`` gives the ``id`` of the place that states each field; ``record_ids`` are the
    records that state (part of) it, ``record`` the place that states most.
    """

    stated: StatedStructure
    record: Record
    record_ids: tuple[str, ...] = ()
    stated_in: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Part:
    """A record with what it states; ``sources`` names the record that gave each field."""

    record: Record
    stated: StatedStructure
    sample: Sample
    sources: Mapping[str, Record]


def statements(records: Sequence[Record], pieces: Sequence[Record] = ()) -> list[Statement]:
    """The structures that the records of one paper state, in the order of the records.

    What a record leaves open is taken from other records of the same material, under the same
    pressure, that contradict it in nothing, if all of those agree on it; space group and type also
    from what is said of the family (``LaFeAsO1-xFx``) that it belongs to. A record that says less
    than another statement is of that structure; one that may be of several has none.

    Parameters
    ----------
    records
        The records of one document.
    pieces
        What each place of the document states alone (`scmine.extractors.extract.Extraction`'s
        ``stated``); they tell which place states what.
    """
    by_material: dict[str, list[_Part]] = {}
    for record in records:
        stated = all_stated(record)
        if is_statement(stated) or stated.crystal_system:
            part = _Part(record, stated, sample_of(record), _sources(stated, record))
            by_material.setdefault(material_key(record), []).append(part)
    places = {piece.record_id: piece for piece in pieces}
    families = [p for parts in by_material.values() for p in parts if not p.stated.composition]
    captioned = _with_captions([p for parts in by_material.values() for p in parts])
    found: list[Statement] = []
    for parts in by_material.values():
        parts = [captioned.get(part.record.record_id, part) for part in parts]
        if len(parts) <= MOST_OF_ONE_MATERIAL:
            own = [part for part in parts if is_statement(part.stated)]
            completed = [_completed(part, parts, families[:MOST_OF_ONE_MATERIAL]) for part in own]
            groups = _by_structure(completed)
        else:
            groups = [[part] for part in parts if is_statement(part.stated)]
        found += [_statement(group, places) for group in groups]
    order = {record.record_id: n for n, record in enumerate(records)}
    return sorted(found, key=lambda s: min(order[name] for name in s.record_ids))


def _with_captions(parts: Sequence[_Part]) -> dict[str, _Part]:
    """Tables of sites with the group and cell of their captions, by the id of their record.

    The caption may spell the material in another way, or be read as a passage of its own.
    """
    tables: dict[str, list[_Part]] = {}
    for part in parts:
        for place in part.record.places:
            caption = place.sentence.split(ROW_MARK)[0].strip()
            if place.source is Source.TABLE and part.stated.sites and len(caption) > _LEAST_CAPTION:
                tables.setdefault(caption, []).append(part)
    found: dict[str, _Part] = {}
    for caption, own in tables.items():
        said = [
            p
            for p in parts
            if any(
                place.source is Source.CAPTION
                and place.sentence
                and (place.sentence in caption or caption in place.sentence)
                for place in p.record.places
            )
        ]
        if len(own) > 1 or len(said) != 1 or not of_one_phase(own[0].stated, said[0].stated, True):
            continue
        part = own[0]
        for names in (_SYMMETRY, CELL):
            if not _states(part.stated, names):
                part = _with(part, said[0], names)
        found[part.record.record_id] = part
    return found


def _sources(stated: StatedStructure, record: Record) -> dict[str, Record]:
    return {f.name: record for f in fields(stated) if getattr(stated, f.name) not in _NOTHING}


def _completed(part: _Part, parts: Sequence[_Part], families: Sequence[_Part]) -> _Part:
    """``part`` with what the others say that can only be of the same structure."""
    others = [p for p in parts if p is not part and may_be_one(part.sample, p.sample)]
    one_pressure = len({p.stated.pressure_GPa for p in parts} - {None}) <= 1
    for names in _GROUPS:
        if names == ("pressure_GPa",) and not one_pressure:
            continue
        if _states(part.stated, names) and names not in _PIECEWISE:
            continue
        part = _filled(part, names, _giving(part, others, names, one_pressure))
    for names in _OF_FAMILY:
        if not _states(part.stated, names):
            own = [f for f in families if _is_of_family(part, f)]
            part = _filled(part, names, _giving(part, own, names, one_pressure=True))
    return part


def _giving(
    part: _Part, others: Sequence[_Part], names: Sequence[str], one_pressure: bool
) -> list[_Part]:
    """Those of ``others`` that state ``names`` and can only speak of the structure of ``part``.

    For symmetry and type it is enough that they speak of its phase, another measurement of it.
    """
    agree = of_one_phase if names in _OF_FAMILY else _agree
    alike = [p for p in others if agree(part.stated, p.stated, one_pressure)]
    phases = [p for p in others if not same_symmetry(part.stated, p.stated)]
    return [
        p
        for p in alike
        if _states(p.stated, names)
        and not _ambient_cell(part, p)
        and not any(agree(p.stated, other.stated, one_pressure) for other in phases)
        and (names != _SITES or _has_one_cell(part, p, others))
    ]


def _has_one_cell(part: _Part, sites: _Part, others: Sequence[_Part]) -> bool:
    """Whether the cell that sites belong to is that of ``part``: stated with them, or the only."""
    if _states(sites.stated, CELL) or not _states(part.stated, CELL):
        return True
    return all(_same(CELL, part.stated, other.stated) for other in others)


def _filled(part: _Part, names: Sequence[str], giving: Sequence[_Part]) -> _Part:
    """``part`` with the fields ``names``, if all that state them state the same."""
    if all(_same(names, p.stated, q.stated) for p, q in combinations(giving, 2)):
        for other in giving if names in _PIECEWISE else giving[:1]:
            part = _with(part, other, names)
    return part


def _is_of_family(part: _Part, family: _Part) -> bool:
    return is_member(part.stated.composition, family.stated.formula or "")


def _with(part: _Part, other: _Part, names: Sequence[str]) -> _Part:
    """``part`` with the fields ``names`` of ``other`` where it has none."""
    if names in _PIECEWISE and not _same_phase(part.stated, other.stated):
        return part
    if names == _SITES:
        sites = (*part.stated.sites, *(s for s in other.stated.sites if s not in part.stated.sites))
        sources = {"sites": other.record, **part.sources}
        return replace(part, stated=replace(part.stated, sites=sites), sources=sources)
    fresh = {
        n: value
        for n in names
        if getattr(part.stated, n) in _NOTHING
        and (value := getattr(other.stated, n)) not in _NOTHING
    }
    return replace(
        part,
        stated=replace(part.stated, **fresh),
        sources={**part.sources, **dict.fromkeys(fresh, other.record)},
    )


def _states(stated: StatedStructure, names: Sequence[str]) -> bool:
    return any(getattr(stated, name) not in _NOTHING for name in names)


def _same(names: Sequence[str], one: StatedStructure, other: StatedStructure) -> bool:
    """Whether the fields ``names`` of two statements do not differ."""
    if "space_group" in names:
        if one.space_group_number is None or other.space_group_number is None:
            return one.space_group == other.space_group
        return one.space_group_number == other.space_group_number
    if names == CELL:
        return all(_same_edge(getattr(one, n), getattr(other, n)) for n in CELL)
    if names == _SITES:
        held = [{site.element for site in stated.sites} for stated in (one, other)]
        return one.sites == other.sites or not held[0] & held[1]
    return all(getattr(one, n) == getattr(other, n) for n in names)


def _same_edge(one: float | None, other: float | None) -> bool:
    """Whether two numbers of a cell are one, the last digit of the shorter one rounded.

    >>> _same_edge(3.77, 3.7696), _same_edge(3.77, 3.78)
    (True, False)
    """
    if one is None or other is None or one == other:
        return True
    digits = min(_decimals(one), _decimals(other))
    return abs(one - other) <= 0.5 * 10.0**-digits * (1 + 1e-9)


def _decimals(value: float) -> int:
    return len(f"{value:.9g}".partition(".")[2])


def _same_phase(one: StatedStructure, other: StatedStructure) -> bool:
    """Whether the space group that ``other``'s sites or cell belong to is ``one``'s."""
    return other.space_group_number is None or one.space_group_number == other.space_group_number


def _ambient_cell(one: _Part, other: _Part) -> bool:
    """Whether a cell under no stated pressure, none calculated, would be put to a high one."""
    return any(
        cell.record.evidence is not Evidence.CALCULATED
        and cell.stated.pressure_GPa is None
        and cell.stated.a_A is not None
        and (squeezed.stated.pressure_GPa or 0.0) > AMBIENT_GPa
        for cell, squeezed in ((one, other), (other, one))
    )


def _agree(one: StatedStructure, other: StatedStructure, one_pressure: bool) -> bool:
    """Whether nothing that both state keeps them from being one structure.

    A pressure that only one of them states agrees if it is the only one that the paper states of
    the material.
    """
    return of_one_phase(one, other, one_pressure) and all(
        _same(names, one, other)
        for names in _PIECEWISE
        if _states(one, names) and _states(other, names)
    )


def of_one_phase(one: StatedStructure, other: StatedStructure, one_pressure: bool) -> bool:
    """Whether two statements may be of one phase under one pressure, measured or calculated."""
    pressures = {one.pressure_GPa, other.pressure_GPa}
    if len(pressures) > 1 and (None not in pressures or not one_pressure):
        return False
    return same_symmetry(one, other) and all(
        mine is None or theirs is None or abs(mine - theirs) <= _SPREAD * mine
        for mine, theirs in ((getattr(one, n), getattr(other, n)) for n in CELL)
    )


def same_symmetry(one: StatedStructure, other: StatedStructure) -> bool:
    """Whether space group, type and crystal system may be those of one phase."""
    return all(
        _same(names, one, other)
        for names in (_SYMMETRY, ("prototype",))
        if _states(one, names) and _states(other, names)
    ) and all(
        stated.space_group_number is None
        or system is None
        or system_fits(system, stated.space_group_number)
        for stated, system in ((one, other.crystal_system), (other, one.crystal_system))
    )


def _by_structure(parts: Sequence[_Part]) -> list[list[_Part]]:
    """The parts by structure, the fullest first; parts that may be of several are left out."""
    full: list[list[_Part]] = []
    for part in sorted(parts, key=lambda p: _weight(p.stated), reverse=True):
        fitting = [group for group in full if _within(part.stated, group[0].stated)]
        if not fitting:
            full.append([part])
        elif len({_phase(group[0].stated) for group in fitting}) == 1:
            fitting[0].append(part)
    return full


def _weight(stated: StatedStructure) -> tuple[int, int]:
    """How much is stated, and how finely; sites outweigh all else, then cells."""
    edges = sum(getattr(stated, name) is not None for name in CELL)
    rest = sum(_states(stated, names) for names in _GROUPS)
    digits = sum(_decimals(edge) for n in CELL if (edge := getattr(stated, n)) is not None)
    return 100 * bool(stated.sites) + 10 * edges + rest, digits


def _phase(stated: StatedStructure) -> tuple[object, ...]:
    return stated.space_group_number, stated.space_group, stated.pressure_GPa, stated.prototype


def _within(small: StatedStructure, large: StatedStructure) -> bool:
    """Whether all that ``small`` states is stated by ``large``."""
    return set(small.sites) <= set(large.sites) and all(
        _same(names, small, large)
        and all(
            getattr(large, n) not in _NOTHING for n in names if getattr(small, n) not in _NOTHING
        )
        for names in _GROUPS
        if names != _SITES and _states(small, names)
    )


def _statement(group: Sequence[_Part], places: Mapping[str, Record]) -> Statement:
    part = group[0]
    stated_in = {name: _place(name, record, places) for name, record in part.sources.items()}
    main = next(name for name in (*_MAIN, *part.sources) if name in part.sources)
    return Statement(
        stated=part.stated,
        record=places.get(stated_in[main], part.sources[main]),
        record_ids=tuple(p.record.record_id for p in group),
        stated_in=stated_in,
    )


def _place(name: str, record: Record, places: Mapping[str, Record]) -> str:
    """The place of ``record`` that states the field ``name`` of a statement."""
    own = [place.id for place in record.places] or [record.record_id]
    column = {"sites": "wyckoff", "crystal_system": "crystal_structure"}.get(name, name)
    value = getattr(record, column)
    saying = (i for i in own if i in places and getattr(places[i], column) == value)
    return next(saying, own[0])
