"""Lists of ours that are shown to a language model: mentions, claims, records and citations, a line
each. Which of them are shown lives in ``task_questions``.
"""

from __future__ import annotations

from scmine.database.record import Record
from scmine.extractors.claim import Claim, Mention
from scmine.extractors.document import Passage
from scmine.extractors.llm.fencing import shown_text

AROUND = 30
"""Characters of the passage that are shown on either side of a mention."""

MOST_MARKS = 12
"""Citation marks of one place that are told."""

_LONGEST_VALUE = 200
_RECORD_FIELDS = {
    "formula": "formula",
    "raw_tc": "tc",
    "raw_pressure": "pressure",
    "lambda": "lambda",
    "omega_log_K": "omega_log (K)",
    "omega2_K": "omega2 (K)",
    "mu_star": "mu_star",
    "space_group": "space group",
    "crystal_structure": "crystal structure",
    "prototype": "prototype",
    "a_A": "a (Å)",
    "b_A": "b (Å)",
    "c_A": "c (Å)",
    "measurement_method": "method",
    "magnetic_field_T": "magnetic field (T)",
    "lowest_temperature_K": "absent down to (K)",
    "evidence": "evidence",
    "origin": "origin",
}
"""Fields of a record that are told, and what they are called."""


def mention_line(name: str, mention: Mention, text: str) -> str:
    """A mention by its name, with the words around it.

    >>> mention_line("m1", Mention(0, 4, "material", "MgB2"), "MgB2 has 39 K.")
    'm1 material: MgB2 [»MgB2« has 39 K.]'
    """
    before = text[max(0, mention.start - AROUND) : mention.start]
    after = text[mention.end : mention.end + AROUND]
    inside = _one_line(text[mention.start : mention.end])
    return f"{name} {mention.label}: {inside} [{_one_line(before)}»{inside}«{_one_line(after)}]"


def claim_line(name: str, claim: Claim, place: str) -> str:
    """A claim by its name: material, values, and where it stands."""
    values = ", ".join(f"{k} {v}" for k, v in claim.values.items() if k != "wyckoff")
    return _one_line(f"{name} {claim.material}: {values} ({_where(place, claim.sentence)})")


def record_line(name: str, record: Record, place: str) -> str:
    """A record by its name: material, what is known of it, and where it was found."""
    row = record.to_row()
    known = [
        f"{called} {_value(row[key])}"
        for key, called in _RECORD_FIELDS.items()
        if row.get(key) not in (None, "", [], {})
    ]
    if record.superconducting is False:
        known.append("not superconducting")
    said = f"{name} {record.raw_material}: {', '.join(known)}"
    return _one_line(f"{said} ({_where(place, record.sentence)})")


def marks_lines(place: str, passage: Passage, start: int, end: int) -> list[str]:
    """The citation marks that stood in characters ``start`` to ``end`` and were taken out of them.

    >>> from scmine.extractors.document import Citation, PassageKind
    >>> passage = Passage(PassageKind.PARAGRAPH, "As found before.", citations=(Citation(15, "3"),))
    >>> marks_lines("p7", passage, 0, 16)
    ['citation taken out of p7: 3 behind "As found before"']
    """
    marks = [c for c in passage.citations if start <= c.offset <= end]
    return [
        f"citation taken out of {place}: {_one_line(c.mark[:20])} behind "
        f'"{_one_line(passage.text[max(start, c.offset - AROUND) : c.offset])}"'
        for c in marks[:MOST_MARKS]
    ]


def _where(place: str, sentence: str) -> str:
    """The place and its words; of a table, which is shown with its head, the row alone."""
    words = sentence.rpartition(" || ")[2] if place.startswith("t") else sentence
    return f"{place or 'no place'}: {words}"


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)[:_LONGEST_VALUE]


def _one_line(text: str) -> str:
    return shown_text(text, 1500)
