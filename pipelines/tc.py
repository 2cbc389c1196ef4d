"""What the formulas of Tc say, for people and as JSON: the command ``tc``.

The formulas live in ``scmine.validator.physics``; here their values are put side by side.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isnan, nan
from typing import Any

from scmine.validator.finding import Finding
from scmine.validator.physics.inverse import (
    LAMBDA_MAX,
    highest_tc,
    lambda_from_tc,
    mu_star_for,
    scale_from_tc,
)
from scmine.validator.physics.registry import Formula, all_formulas
from scmine.validator.physics.registry import formula as formula_of
from scmine.validator.physics.units import UnitProposal, frequency_K, propose_unit
from scmine.validator.physics.validity import SYMBOLS, validity

_FLAGS = {
    "lambda": "--lambda",
    "omega_log_K": "--omega-log",
    "omega2_K": "--omega2",
    "theta_D_K": "--theta-d",
}


class QuestionError(ValueError):
    """What is asked cannot be understood; the message says what to give instead."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is known, keyed as the formulas' inputs; ``wanted`` is what they are solved for.

    ``printed`` holds the frequencies as they were typed.
    """

    known: Mapping[str, float]
    printed: Mapping[str, str]
    mu_stars: tuple[float, ...]
    tc_K: float | None
    wanted: str
    formulas: tuple[Formula, ...]

    @classmethod
    def read(
        cls,
        *,
        coupling: float | None,
        omega_log: str | None,
        omega2: str | None,
        theta_d: str | None,
        mu_stars: Sequence[float],
        tc_K: float | None,
        formula_name: str,
    ) -> Question:
        """The question from what was typed; raises QuestionError if it is none."""
        typed = {"omega_log_K": omega_log, "omega2_K": omega2, "theta_D_K": theta_d}
        printed = {name: text for name, text in typed.items() if text is not None}
        known = {} if coupling is None else {"lambda": coupling}
        for name, text in printed.items():
            known[name] = _frequency(name, text)
        scales = {"omega_log_K", "theta_D_K"} & set(known)
        if not all(isfinite(v) for v in (*known.values(), *mu_stars, tc_K or 0.0)):
            raise QuestionError("numbers must be finite")
        if tc_K == 0:
            raise QuestionError("--tc must be above 0: nothing can be calculated from no Tc")
        if coupling is None and not scales:
            raise QuestionError("give two of --lambda, --omega-log (or --theta-d) and --tc")
        if tc_K is None and (coupling is None or not scales):
            lacking = "--lambda" if coupling is None else "--omega-log or --theta-d"
            raise QuestionError(f"give {lacking} for a Tc, or --tc to calculate it from that")
        wanted = "lambda" if coupling is None else "tc_K" if scales else "scale"
        question = cls(known, printed, tuple(mu_stars), tc_K, wanted, _chosen(formula_name))
        if formula_name != "all" and (lacks := _lacks(question, question.formulas[0])):
            raise QuestionError(f"--formula {formula_name} needs {', '.join(lacks)}")
        return question

    @property
    def compares(self) -> bool:
        """Whether a stated Tc is held against what the formulas give."""
        return self.wanted == "tc_K" and self.tc_K is not None


def _frequency(name: str, text: str) -> float:
    try:
        return frequency_K(text)
    except ValueError as error:
        raise QuestionError(f"{_FLAGS[name]}: {error}") from None


def _chosen(name: str) -> tuple[Formula, ...]:
    if name == "all":
        return all_formulas()
    try:
        return (formula_of(name.replace("-", "_")),)
    except KeyError as error:
        raise QuestionError(f"--formula: {error.args[0]}") from None


@dataclass(frozen=True, slots=True)
class Answer:
    """A formula's value for each μ*; ``lacks`` are inputs that it needs, ``notes`` by μ*.

    ``mu_star`` is the one with which the formula gives a stated Tc, NaN if none does.
    """

    formula: Formula
    lacks: tuple[str, ...]
    values: tuple[float, ...] = ()
    notes: tuple[tuple[Finding, ...], ...] = ()
    mu_star: float = nan


def answers(question: Question) -> list[Answer]:
    """What each formula gives."""
    return [_answer(question, formula) for formula in question.formulas]


def _lacks(question: Question, formula: Formula) -> tuple[str, ...]:
    """The inputs that ``formula`` needs to answer and does not have, as options."""
    solved = {"lambda"} if question.wanted == "lambda" else set()
    if question.wanted == "scale":
        solved = {"omega_log_K", "theta_D_K"}
    needs = [n for n in formula.needs if n != "mu_star" and n not in solved]
    if question.wanted == "scale" and "omega2_K" in formula.needs:
        return ("ω2/ω_log",)
    return tuple(_FLAGS[n] for n in needs if n not in question.known)


def _answer(question: Question, formula: Formula) -> Answer:
    if lacks := _lacks(question, formula):
        return Answer(formula, lacks)
    values, notes = [], []
    for mu_star in question.mu_stars:
        value = _value(question, formula, mu_star)
        known: dict[str, float | None] = {**question.known, "mu_star": mu_star}
        if question.wanted != "tc_K" and not isnan(value):
            known["lambda" if question.wanted == "lambda" else formula.scale] = value
        values.append(value)
        notes.append(tuple(validity(formula, known)))
    needed = nan
    if question.compares and question.tc_K is not None:
        needed = mu_star_for(formula.name, question.tc_K, question.known)
    return Answer(formula, (), tuple(values), tuple(notes), needed)


def _value(question: Question, formula: Formula, mu_star: float) -> float:
    known = {**question.known, "mu_star": mu_star}
    if question.wanted == "tc_K":
        return float(formula.tc_K(known))
    if question.wanted == "lambda":
        return float(lambda_from_tc(formula.name, question.tc_K, **known))
    return float(
        scale_from_tc(formula.name, question.tc_K, lambda_=known["lambda"], mu_star=mu_star)
    )


def proposal(question: Question) -> UnitProposal:
    """The unit of the bare frequency of ``question``, by its Tc and its first μ*."""
    scale = "omega_log_K" if "omega_log_K" in question.printed else "theta_D_K"
    text = question.printed.get(scale, "")
    if question.tc_K is None or "lambda" not in question.known or not _is_number(text):
        raise QuestionError("--guess-unit needs --tc, --lambda and an --omega-log without a unit")
    low, high = min(question.mu_stars), max(question.mu_stars)
    return propose_unit(
        float(text),
        question.tc_K,
        question.known["lambda"],
        quantity=scale,
        mu_star_range=(low, high),
    )


def _is_number(text: str) -> bool:
    try:
        return float(text) > 0
    except ValueError:
        return False


def print_answer(question: Question, *, guess_unit: bool, as_json: bool) -> bool:
    """Print what the formulas give; False if none gives a value."""
    found = answers(question)
    unit = proposal(question) if guess_unit else None
    if as_json:
        print(json.dumps(_as_json(question, found, unit), ensure_ascii=False))
    else:
        print("\n".join(_lines(question, found, unit)))
    return any(not isnan(value) for answer in found for value in answer.values)


def _as_json(
    question: Question, found: Sequence[Answer], unit: UnitProposal | None
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "known": {**question.known, "tc_K": question.tc_K},
        "wanted": question.wanted,
        "formulas": [
            {
                "formula": answer.formula.name,
                "title": answer.formula.title,
                "citation": answer.formula.citation,
                "doi": answer.formula.doi,
                "needs": list(answer.lacks),
                "mu_star_for_tc": None if isnan(answer.mu_star) else answer.mu_star,
                "values": [
                    {
                        "mu_star": mu_star,
                        _wanted_of(question, answer.formula): None if isnan(value) else value,
                        "findings": [
                            {"name": f.name, "severity": f.severity, "message": f.message}
                            for f in notes
                        ],
                    }
                    for mu_star, value, notes in zip(
                        question.mu_stars, answer.values, answer.notes, strict=False
                    )
                ],
            }
            for answer in found
        ],
    }
    if unit is not None:
        result["unit"] = {
            "unit": unit.unit,
            "ambiguous": unit.ambiguous,
            "candidates": [
                {
                    "unit": c.unit,
                    "frequency_K": c.frequency_K,
                    "tc_low_K": c.spread.low_K,
                    "tc_high_K": c.spread.high_K,
                    "agrees": c.agrees,
                }
                for c in unit.candidates
            ],
        }
    return result


def _wanted_of(question: Question, formula: Formula) -> str:
    return formula.scale if question.wanted == "scale" else question.wanted


def _lines(question: Question, found: Sequence[Answer], unit: UnitProposal | None) -> Iterator[str]:
    stated = [f"{SYMBOLS[n]} = {v:.6g}{' K' * n.endswith('_K')}" for n, v in question.known.items()]
    if question.tc_K is not None:
        stated.append(f"Tc = {question.tc_K:g} K")
    yield ", ".join(stated)
    yield ""
    head = {"tc_K": "Tc (K)", "lambda": "λ", "scale": "ω_log (K)"}[question.wanted]
    columns = [f"μ* {mu_star:g}" for mu_star in question.mu_stars]
    columns += ["stated Tc", "at μ*", "needs μ*"] if question.compares else []
    yield _row(f"{head} by", columns, "")
    numbers: dict[tuple[str, str], int] = {}
    messages = []
    for answer in found:
        if answer.lacks:
            continue
        marks = []
        for key, message in _messages(question, answer).items():
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                messages.append(message)
            marks.append(numbers[key])
        cells = [_cell(value) for value in answer.values]
        cells += _compared(question, answer) if question.compares else []
        of_theta_d = question.wanted == "scale" and answer.formula.scale == "theta_D_K"
        name = answer.formula.name + ": Θ_D" * of_theta_d
        yield _row(name, cells, "".join(f"[{n}]" for n in sorted(marks)))
    lacking = [f"{a.formula.name} (needs {', '.join(a.lacks)})" for a in found if a.lacks]
    if lacking:
        yield f"not calculated: {', '.join(lacking)}"
    if question.compares:
        yield ""
        yield (
            "stated Tc: how far it is above (+) or below (-) what the formula gives at the μ* "
            "beside it, of those asked for the one that comes closest; needs μ*: the μ* with "
            "which the formula gives the stated Tc"
        )
    if messages:
        yield ""
        yield from (f"[{n}] {message}" for n, message in enumerate(messages, 1))
    if unit is not None:
        yield ""
        yield f"{unit}; a proposal, nothing was converted"


def _messages(question: Question, answer: Answer) -> dict[tuple[str, str], str]:
    """What is to be known of a formula's values, each thing once however many μ* it is true of."""
    found: dict[tuple[str, str], str] = {}
    formula = answer.formula
    for finding in (f for notes in answer.notes for f in notes):
        own = formula.name if finding.message.startswith(formula.title) else ""
        found.setdefault((finding.name, own), finding.message)
    if any(isnan(value) for value in answer.values):
        found["no_value", formula.name] = f"{formula.title}: {_why_none(question, answer)}"
    if "omega2_K" in formula.uses and "omega2_K" not in question.known:
        found["no_omega2", ""] = f"{formula.title}: f2 is taken as 1, since ω2 is not given"
    return found


def _why_none(question: Question, answer: Answer) -> str:
    """Why there is a μ* for which a formula gives no value."""
    mu_star = next(m for m, v in zip(question.mu_stars, answer.values, strict=True) if isnan(v))
    if question.wanted == "scale":
        return f"no Tc at μ* of {mu_star:g}, whatever stands before the exponential"
    if question.wanted == "tc_K":
        return f"no Tc at μ* of {mu_star:g}: out of the formula's domain"
    highest = highest_tc(answer.formula.name, {**question.known, "mu_star": mu_star})
    if isnan(highest) or highest >= (question.tc_K or 0.0):
        return f"no λ up to {LAMBDA_MAX:g}, or several, give this Tc at μ* of {mu_star:g}"
    return (
        f"no λ up to {LAMBDA_MAX:g} gives this Tc at μ* of {mu_star:g}; the highest is "
        f"{highest:.4g} K"
    )


def _compared(question: Question, answer: Answer) -> list[str]:
    """How far the stated Tc is from a formula's, at which μ*; and the μ* that would give it."""
    shares = [
        ((question.tc_K or 0.0) / value - 1, mu_star)
        for mu_star, value in zip(question.mu_stars, answer.values, strict=True)
        if value > 0
    ]
    needed = "–" if isnan(answer.mu_star) else f"{answer.mu_star:.3f}"
    if not shares:
        return ["–", "–", needed]
    share, mu_star = min(shares, key=lambda pair: abs(pair[0]))
    return [f"{share:+.0%}", f"{mu_star:g}", needed]


def _cell(value: float) -> str:
    return "–" if isnan(value) else f"{value:#.4g}".rstrip(".")


def _row(name: str, cells: Sequence[str], last: str) -> str:
    return (f"{name:<18}" + "".join(f"{c:>11}" for c in cells) + "  " + last).rstrip()
