"""Cells with two values, ``204 (191)``, and the two μ* that caption or head give for them.

What a column means lives in ``table_head``, what a row says in ``table_claims``.
"""

from __future__ import annotations

import re

SHARE = 0.3
"""A number in brackets over this share of the one before it is a second value, no uncertainty."""

_NUMBER = r"[~≈∼]?\s?\d{1,4}(?:\.\d{1,6})?"
_PAIR = re.compile(
    rf"^\s*(?P<first>{_NUMBER})(?P<blank>\s?)[(\[]\s?(?P<second>{_NUMBER})\s?[)\]]"
    rf"(?P<rest>(?:\s*[a-z]\b)?\s*[A-Za-zÅ0-9-]{{0,5}}\s*)$"
)
_STARS = re.compile(
    r"[μµ]\s?c?\s?[*∗⋆]\s?c?\s?(?:values?\s+)?(?:[=≈]|of|is|was|being)\s?(?P<first>0?\.\d{1,3})\s?"
    r"(?:[(\[]\s?(?P<inner>0?\.\d{1,3})\s?[)\]]|(?:,\s*and|,|and|/|or)\s?(?P<listed>0?\.\d{1,3}))"
)


def two_values(text: str) -> tuple[str, str] | None:
    """The two values of a cell, each with the unit behind them; None if it holds no two.

    >>> two_values("204 (191) K"), two_values("28.5(3) K"), two_values("0.38 (0.16)")
    (('204 K', '191 K'), None, ('0.38', '0.16'))
    """
    match = _PAIR.match(text)
    if match is None:
        return None
    first, second = (float(match[name].strip("~≈∼ ")) for name in ("first", "second"))
    apart = match["blank"] or ("." not in match["first"] and second >= 10)
    if "." not in match["second"] and not (apart and second > SHARE * first):
        return None
    unit = match["rest"].strip()
    unit = re.sub(r"^[a-z]\b\s*", "", unit)  # the mark of a note
    return f"{match['first']} {unit}".strip(), f"{match['second']} {unit}".strip()


def two_stars(*texts: str) -> tuple[str, str] | None:
    """The two μ* that exactly one pair in ``texts`` states.

    >>> two_stars("Tc for μ* = 0.10 (0.13)", "Tc (K)")
    ('0.10', '0.13')
    """
    found = {
        (m["first"], m["inner"] or m["listed"]) for text in texts for m in _STARS.finditer(text)
    }
    return found.pop() if len(found) == 1 else None


def paired_values(values: dict[str, str], stars: tuple[str, str] | None) -> list[dict[str, str]]:
    """The values of a row once for each μ* if its Tc is printed for two of them.

    Cells with two values for another reason keep the first, which is what the table is about.

    >>> paired_values({"tc": "204 (191) K", "lambda": "2.19"}, ("0.10", "0.13"))[1]
    {'tc': '191 K', 'lambda': '2.19', 'mu_star': '0.13'}
    """
    split = {key: two_values(text) for key, text in values.items()}
    tcs = split.get("tc")
    own = split.get("mu_star") or stars
    others = [key for key in split if split[key] and key not in ("tc", "mu_star")]
    firsts = {key: pair[0] if (pair := split[key]) else text for key, text in values.items()}
    if tcs is None or own is None or others:
        return [firsts]
    return [{**firsts, "tc": tc, "mu_star": star} for tc, star in zip(tcs, own, strict=True)]
