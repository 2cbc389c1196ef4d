"""Words against values: ambient and a high pressure, evidence, other temperatures, no Tc.

The lists of words are those that the extractors read with, so that a change there is one here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scmine.database.record import Evidence, Record, Source
from scmine.extractors.characters import uniform
from scmine.extractors.citations import whose_words
from scmine.extractors.other_temperatures import other_kind
from scmine.extractors.quantities import find_quantities, parse_quantity
from scmine.validator.finding import Finding
from scmine.validator.plausibility.rules import Rule
from scmine.validator.plausibility.values import highest_pressure, sentences_with_tc

_NOT = re.compile(r"\bnot\b", re.IGNORECASE)
_UNCERTAINTY = re.compile(r"(?<=\d)\s?±\s?\d{1,4}(?:\.\d{1,4})?")
_CLAUSE_END = re.compile(r"[.;:](?=\s)")

INVERTIBLE = "McMillan"
"""The theory of Tc that papers use backwards, to have λ from a measured Tc."""

MAX_SENTENCE = 4000
"""Characters of a sentence that are looked at."""


def ambient_and_high(rule: Rule, record: Record) -> Iterator[Finding]:
    """A pressure printed as ambient beside a high one in numbers."""
    pressure = highest_pressure(record)
    if pressure is None or pressure <= rule.options["above_GPa"]:
        return
    raw = record.raw_pressure or ""
    if raw and _is_ambient(raw):
        yield rule.finding(f"the pressure is printed {raw!r}, the record has {pressure:g} GPa")
        return
    if not raw and record.source is Source.TEXT and record.sentence:
        found = find_quantities(record.sentence[:MAX_SENTENCE], "pressure")
        if found and all("ambient" in quantity.flags for _, _, quantity in found):
            yield rule.finding(
                f"the sentence speaks of ambient pressure only, the record has {pressure:g} GPa"
            )


def _is_ambient(raw: str) -> bool:
    quantity = parse_quantity(raw[:MAX_SENTENCE], "pressure")
    return quantity is not None and "ambient" in quantity.flags


def evidence_against_words(rule: Rule, record: Record) -> Iterator[Finding]:
    """A Tc called measured (calculated), all of whose sentences speak only of the contrary."""
    called = Evidence(rule.options["called"])
    if record.evidence is not called or record.tc_K is None:
        return
    method = _method_against(record)
    if method is not None:
        yield rule.finding(f"the Tc is called {called.value}; its method is {method!r}")
        return
    if record.source is Source.TABLE:
        return
    found = []
    for sentence in sentences_with_tc(record):
        word = _word_against(called, sentence[:MAX_SENTENCE], record.raw_tc or "")
        if word is None:
            return
        found.append(word)
    if found:
        yield rule.finding(f"the Tc is called {called.value}; its sentence says {found[0]!r}")


def _method_against(record: Record) -> str | None:
    """A method of the other kind than the evidence.

    McMillan's formula may have given λ from a measured Tc, and says nothing.
    """
    if record.evidence is Evidence.CALCULATED:
        return record.measurement_method
    return record.tc_method if record.tc_method not in (None, INVERTIBLE) else None


def _word_against(called: Evidence, text: str, raw: str) -> str | None:
    """What says in ``text`` that the value ``raw`` is the contrary of ``called``.

    It stands in the clause before the value, or speaks of it right behind; None if there is no such
    word, or any that is for ``called``. "The predicted phase" tells nothing of a value.
    """
    words = whose_words()["evidence"]
    own, other = "measured", "calculated"
    if called is Evidence.CALCULATED:
        own, other = other, own
    text, raw = uniform(text), uniform(raw)
    if raw not in text or words[own].search(words["foretold"].sub(" ", text)):
        return None
    before, _, after = text.partition(raw)
    clause = words["foretold"].sub(" ", _CLAUSE_END.split(before)[-1])
    match = words[f"{other}_last"].search(clause) or words[f"{other}_behind"].search(after)
    said = "" if match is None else " ".join(match[0].split())
    return None if not said or _NOT.search(said) else said


def other_temperature(rule: Rule, record: Record) -> Iterator[Finding]:
    """A Tc that the words around it call something else, wherever it stands in the sentence."""
    if record.tc_K is None or not record.raw_tc or record.source is Source.TABLE:
        return
    kinds = []
    for sentence in sentences_with_tc(record):
        found = list(_kinds_of(uniform(sentence[:MAX_SENTENCE]), record.raw_tc, record.tc_K))
        if not found or None in found:
            return
        kinds += found
    if kinds:
        kind = str(kinds[0]).replace("_", " ")
        yield rule.finding(f"{record.raw_tc} is by the words around it no Tc but: {kind}")


def _kinds_of(text: str, raw: str, tc_K: float) -> Iterator[str | None]:
    """What each mention of a temperature is by its words; None for a possible Tc."""
    spans = [m.span() for m in re.finditer(re.escape(uniform(raw)), text)]
    if not spans:
        spans = [
            (start, end)
            for start, end, quantity in find_quantities(text, "temperature")
            if quantity.value == tc_K
        ]
    for start, end in spans:
        # The ± of the value before in a list is no sign that this one is a difference.
        before = _UNCERTAINTY.sub("", text[:start])
        yield other_kind(before, text[start:end], text[end:])


def absent_and_tc(rule: Rule, record: Record) -> Iterator[Finding]:
    """No superconductivity, and a Tc."""
    if record.superconducting is False and record.tc_K:
        yield rule.finding(f"no superconductivity is stated, and Tc = {record.tc_K:g} K")
