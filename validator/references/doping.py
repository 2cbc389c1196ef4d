"""Whether two compositions are one material at two dopings.

A doping replaces atoms one for one, or adds and takes atoms of one element (oxygen, mostly); the
rest of the compound stays. Compounds of other proportions (La2NiO4 and La3Ni2O7) are no dopings of
each other, however near their compositions are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

LARGEST_SHARE = 0.15
"""The share of the atoms that a doping may change, of elements that both compositions have."""

LARGEST_FOREIGN_SHARE = 0.05
"""The same where an element is in only one of the two."""

SAME_SHARE = 0.005
"""An amount that differs by less than this share of the atoms is the same: three printed digits."""


def is_other_doping(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether two compositions, element symbols to amounts, differ by a doping.

    >>> is_other_doping({"La": 1.85, "Sr": 0.15, "Cu": 1, "O": 4}, {"La": 2, "Cu": 1, "O": 4})
    True
    >>> is_other_doping({"La": 3, "Ni": 2, "O": 7}, {"La": 2, "Ni": 1, "O": 4.08})
    False
    """
    foreign = one.keys() != other.keys()
    largest = (LARGEST_FOREIGN_SHARE if foreign else LARGEST_SHARE) * sum(one.values())
    same = SAME_SHARE * sum(one.values())
    symbols = one.keys() | other.keys()
    for scale in _scales(one, other):
        change = {s: one.get(s, 0.0) - scale * other.get(s, 0.0) for s in symbols}
        changed = {s: amount for s, amount in change.items() if abs(amount) > same}
        moved = max(
            sum(amount for amount in changed.values() if amount > 0),
            -sum(amount for amount in changed.values() if amount < 0),
        )
        if moved > largest or (len(changed) == len(symbols) and len(symbols) > 2):
            continue
        net = sum(changed.values())
        # One for one, or so but for one element that comes or goes.
        if any(abs(rest) <= same for rest in (net, *(net - own for own in changed.values()))):
            return True
    return False


def _scales(one: Mapping[str, float], other: Mapping[str, float]) -> Iterator[float]:
    """What the other's amounts may be multiplied by: an element keeps its amount, or the sum."""
    for symbol in one.keys() & other.keys():
        yield one[symbol] / other[symbol]
    yield sum(one.values()) / sum(other.values())
