"""Whether two compositions are one material at two dopings.

A doping replaces atoms by similar ones, one for one, or adds and takes atoms of one element, mostly
oxygen; the rest of the compound stays. Compounds of other proportions (La2NiO4 and La3Ni2O7, LaH9
and LaH10) are no dopings of each other, however near their compositions are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scmine.validator.references.distance import places

LARGEST_SHARE = 0.15
"""The share of the atoms that a doping may change, of elements that both compositions have."""

LARGEST_FOREIGN_SHARE = 0.05
"""The same where an element is in only one of the two."""

SAME_SHARE = 0.005
"""An amount that differs by less than this share of the atoms is the same: three printed digits."""

LARGEST_STEP = 20.0
"""How far apart, in places of the modified Pettifor scale, an atom and what replaces it may be on
average. Strontium and lanthanum are 17 apart, nickel and lanthanum 37."""


def is_other_doping(
    one: Mapping[str, float], other: Mapping[str, float], *, compounds: bool = False
) -> bool:
    """Whether two compositions, element symbols to amounts, differ by a doping.

    If both are ``compounds``, of whole numbers of atoms, only a replacement is a doping, and none
    is where just two elements are there.

    >>> is_other_doping({"La": 1.85, "Sr": 0.15, "Cu": 1, "O": 4}, {"La": 2, "Cu": 1, "O": 4})
    True
    >>> is_other_doping({"La": 3, "Ni": 2, "O": 7}, {"La": 2, "Ni": 1, "O": 4.08})
    False
    >>> is_other_doping({"La": 1, "H": 10}, {"La": 1, "H": 9}, compounds=True)
    False
    """
    symbols = one.keys() | other.keys()
    if compounds and len(symbols) < 3:
        return False
    atoms = sum(one.values())
    foreign = one.keys() != other.keys()
    largest = (LARGEST_FOREIGN_SHARE if foreign else LARGEST_SHARE) * atoms
    for scale in _scales(one, other):
        change = {s: one.get(s, 0.0) - scale * other.get(s, 0.0) for s in symbols}
        changed = {s: c for s, c in change.items() if abs(c) > SAME_SHARE * atoms}
        if _moved(changed) > largest or (len(changed) == len(symbols) > 2):
            continue
        if _is_replacement(changed, SAME_SHARE * atoms):
            return True
        if compounds:
            continue
        # The rest is a replacement, or nothing, but for one element that comes or goes.
        for symbol in changed:
            rest = {s: c for s, c in changed.items() if s != symbol}
            if _is_replacement(rest, SAME_SHARE * atoms):
                return True
    return False


def _scales(one: Mapping[str, float], other: Mapping[str, float]) -> Iterator[float]:
    """What the other's amounts may be multiplied by: an element keeps its amount, or the sum."""
    for symbol in one.keys() & other.keys():
        yield one[symbol] / other[symbol]
    yield sum(one.values()) / sum(other.values())


def _moved(changed: Mapping[str, float]) -> float:
    """How many atoms come, or how many go, whichever is more."""
    come = sum(c for c in changed.values() if c > 0)
    return max(come, come - sum(changed.values()))


def _is_replacement(changed: Mapping[str, float], same: float) -> bool:
    """Whether as many atoms come as go, near to each other on the scale."""
    if abs(sum(changed.values())) > same:
        return False
    known = places()
    balance, steps, last = 0.0, 0.0, 0
    for symbol in sorted(changed, key=lambda s: known.get(s, 0)):
        place = known.get(symbol, 0)
        steps += abs(balance) * (place - last)
        balance += changed[symbol]
        last = place
    return steps <= LARGEST_STEP * max(_moved(changed), 1e-9)
