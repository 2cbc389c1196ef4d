"""Coherence: one document is one story.

A claim that a paper makes in its abstract, in the text and in a table becomes one record with all
its places; records that contradict each other are both kept and flagged. When two records are the
same claim is told in ``same_claim``, how they become one in ``merging``, what contradicts in
``contradictions``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from scmine.database.record import Record, make_record_id
from scmine.extractors.contradictions import contradicted
from scmine.extractors.merging import merged
from scmine.extractors.same_claim import (
    may_be_same,
    same_claim,
    share_a_value,
    signature,
    states_tc,
)
from scmine.extractors.specimens import material_key

LARGEST_GROUP = 200
"""Records of one material that are compared one with another; of more, only equal ones merge."""

CONTRADICTED = "contradicted"
"""The flag of a record that another record of the same paper contradicts."""


def one_story(stated: Sequence[Record]) -> list[Record]:
    """The records of one document, each claim once, in the order of their first mention.

    Parameters
    ----------
    stated
        What each place states: records with one place or more, as ``merging.place_of`` gives them.
        Which are merged does not depend on their order, and doing it again changes nothing.

    Notes
    -----
    A record that fits two others which do not fit each other (a Tc without a pressure, where the
    paper gives it at two pressures) could be either and stays alone.
    """
    first_seen: dict[str, int] = {}
    groups: dict[str, list[Record]] = {}
    for number, record in enumerate(stated):
        for place in record.places:
            first_seen.setdefault(place.id, number)
        groups.setdefault(material_key(record), []).append(record)
    found = [record for group in groups.values() for record in _merged_group(group)]
    found.sort(key=lambda r: (min(first_seen[p.id] for p in r.places), r.places[0].id))
    return _flagged(_named(found))


def _merged_group(records: list[Record]) -> list[Record]:
    """The records of one material, merged until nothing changes."""
    while True:
        records = _without_doubles(records)
        if len(records) > LARGEST_GROUP:
            return records
        parts = _parts(records)
        if len(parts) == len(records):
            return records
        records = [merged(part) for part in parts]


def _without_doubles(records: Sequence[Record]) -> list[Record]:
    """``records``, those that cannot be told apart merged."""
    alike: dict[str, list[Record]] = {}
    for record in records:
        alike.setdefault(signature(record), []).append(record)
    result: list[Record] = []
    for same in alike.values():
        result += [merged(same)] if len(same) > 1 and same_claim(*same[:2]) else same
    return result


def _parts(records: Sequence[Record]) -> list[list[Record]]:
    """``records`` parted into those that make one claim."""
    count = range(len(records))
    fitting: list[set[int]] = [set() for _ in records]
    against: list[set[int]] = [set() for _ in records]
    for i, j in combinations(count, 2):
        if not may_be_same(records[i], records[j]):
            against[i].add(j)
            against[j].add(i)
        elif share_a_value(records[i], records[j]):
            fitting[i].add(j)
            fitting[j].add(i)

    def hold_together(some: set[int]) -> bool:
        return not any(against[i] & some for i in some)

    clear = {i for i in count if hold_together(fitting[i])}
    parts: list[list[Record]] = []
    done: set[int] = set()
    for i in count:
        if i in done:
            continue
        together = _reached(i, fitting, clear) if i in clear else {i}
        done |= together
        part = [records[j] for j in sorted(together)]
        # The first and the last of a chain, each of which fits the next, need not fit.
        parts += [part] if hold_together(together) else [[record] for record in part]
    return parts


def _reached(start: int, fitting: Sequence[set[int]], clear: set[int]) -> set[int]:
    """The clear records that fit ``start``, or one that fits it, and so on."""
    found, waiting = {start}, [start]
    while waiting:
        fresh = (fitting[waiting.pop()] & clear) - found
        found |= fresh
        waiting += fresh
    return found


def _named(records: Sequence[Record]) -> list[Record]:
    """``records`` with ids that follow from what they claim, whichever places they were found at.

    The claim's material, Tc, pressure and the like make the id; where two claims of the paper share
    these, all else that they say, and last their places.
    """
    ids = [_short_id(record) for record in records]
    for tell_apart in (signature, lambda record: sorted(p.id for p in record.places)):
        counts = Counter(ids)
        ids = [
            make_record_id(name, tell_apart(record)) if counts[name] > 1 else name
            for name, record in zip(ids, records, strict=True)
        ]
    return [
        record.model_copy(update={"record_id": name})
        for name, record in zip(ids, records, strict=True)
    ]


def _short_id(record: Record) -> str:
    tc = [record.tc_K, record.tc_min_K, record.tc_max_K]
    pressure = [record.pressure_GPa, record.pressure_min_GPa, record.pressure_max_GPa]
    rest = [record.superconducting, record.lowest_temperature_K]
    if not states_tc(record):
        rest += [record.lambda_, record.omega_log_K, record.space_group_number, record.a_A]
    return make_record_id(
        record.doc_id, material_key(record), tc, record.tc_kind.value, pressure, rest
    )


def _flagged(records: Sequence[Record]) -> list[Record]:
    """``records``, those that others contradict marked."""
    wrong = contradicted(records)
    return [
        record.model_copy(update={"flags": [*record.flags, CONTRADICTED]})
        if i in wrong and CONTRADICTED not in record.flags
        else record
        for i, record in enumerate(records)
    ]
