"""Reference entries made ready for look-ups: by composition, chemical system and distance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scmine.database.reference import ReferenceEntry
from scmine.validator.references.conditions import Conditions, Values, comparable, values_of
from scmine.validator.references.distance import Vectors, distances, places, vector, vectors


@dataclass(frozen=True, slots=True)
class Near:
    """A composition of the references: its distance, and its entries that were asked for."""

    distance: float
    entries: tuple[ReferenceEntry, ...]


class ReferenceIndex:
    """Entries of any number of sets, looked up by what they are made of.

    Building takes about a second for 20,000 entries; a look-up by distance takes milliseconds. One
    index is for one thread.
    """

    def __init__(self, entries: Iterable[ReferenceEntry]) -> None:
        self.entries: Sequence[ReferenceEntry] = tuple(entries)
        self.values: Values = values_of(self.entries)
        self._by_key: dict[str, list[int]] = {}
        self._by_system: dict[str, list[int]] = {}
        for number, entry in enumerate(self.entries):
            self._by_key.setdefault(entry.key, []).append(number)
            self._by_system.setdefault(entry.system, []).append(number)
        whole = [key for key, found in self._by_key.items() if _is_whole(self.entries[found[0]])]
        self._keys = whole
        self._group = np.full(len(self.entries), -1, dtype=np.int64)
        for group, key in enumerate(whole):
            self._group[self._by_key[key]] = group
        self._vectors: Vectors = vectors(
            self.entries[self._by_key[k][0]].composition for k in whole
        )

        self._room = np.empty_like(self._vectors)
        self._last: tuple[tuple[tuple[str, float], ...], Vectors] | None = None

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def set_names(self) -> tuple[str, ...]:
        """The names of the sets, by alphabet."""
        return tuple(sorted({entry.set_name for entry in self.entries}))

    def of_key(self, key: str) -> list[int]:
        """The numbers of the entries with this composition key."""
        return self._by_key.get(key, [])

    def of_system(self, system: str) -> list[int]:
        """The numbers of the entries of this chemical system."""
        return self._by_system.get(system, [])

    def comparable(self, conditions: Conditions) -> npt.NDArray[np.bool_]:
        """Which entries are of the conditions and have a Tc, shape ``(len(self),)``."""
        return comparable(self.values, conditions) & ~np.isnan(self.values.tc)

    def nearest(
        self,
        composition: Mapping[str, float],
        count: int,
        *,
        among: npt.NDArray[np.bool_] | None = None,
        without: frozenset[str] = frozenset(),
    ) -> list[Near]:
        """The ``count`` compositions nearest to one, the nearest first.

        Parameters
        ----------
        composition
            Element symbol to amount; without atoms, or with something that is no element, nothing
            is near.
        among
            Entries that count, shape ``(len(self),)``; all if None.
        without
            Composition keys to leave out.
        """
        if not self._keys or not composition.keys() <= places().keys():
            return []
        if not any(amount > 0 for amount in composition.values()):
            return []
        found = self._distances(composition)
        allowed = np.ones(len(self._keys), dtype=np.bool_)
        if among is not None:
            allowed = np.zeros(len(self._keys), dtype=np.bool_)
            groups = self._group[among]
            allowed[groups[groups >= 0]] = True
        candidates = np.flatnonzero(allowed)
        wanted = count + len(without)
        if len(candidates) > wanted:
            part = np.argpartition(found[candidates], wanted)[:wanted]
            candidates = candidates[part]
        ordered = sorted(candidates.tolist(), key=lambda g: (float(found[g]), self._keys[g]))
        kept = [g for g in ordered if self._keys[g] not in without]
        return [self._near(g, float(found[g]), among) for g in kept[:count]]

    def _distances(self, composition: Mapping[str, float]) -> Vectors:
        """The distances from all compositions; those of the last composition are kept."""
        name = tuple(sorted(composition.items()))
        if self._last is None or self._last[0] != name:
            found = distances(vector(composition), self._vectors, self._room)
            self._last = (name, found)
        return self._last[1]

    def _near(self, group: int, distance: float, among: npt.NDArray[np.bool_] | None) -> Near:
        numbers = self._by_key[self._keys[group]]
        chosen = numbers if among is None else [n for n in numbers if among[n]]
        return Near(distance, tuple(self.entries[n] for n in chosen))


def _is_whole(entry: ReferenceEntry) -> bool:
    """Whether the composition names an amount of every element, all of them on the scale."""
    known = places()
    symbols = set(entry.composition)
    return len(symbols) >= len(entry.system.split("-")) and symbols <= known.keys()
