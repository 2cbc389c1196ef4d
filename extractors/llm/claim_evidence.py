"""Evidence for claims: each value of an answer about running text, held against the passages shown.

Values are looked for in ``shown_text``; here the values of one claim are held against each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from scmine.extractors.absence_claims import absences
from scmine.extractors.document import Document
from scmine.extractors.found_mentions import FoundMentions
from scmine.extractors.llm.answers import ClaimAnswer, ClaimsAnswer, QuotedValue, ValueField
from scmine.extractors.llm.claim_building import build
from scmine.extractors.llm.drops import Checked, Drop, Dropped
from scmine.extractors.llm.findings import Findings
from scmine.extractors.llm.owners import shares_condition
from scmine.extractors.llm.quotes import fold
from scmine.extractors.llm.request import Task
from scmine.extractors.llm.shown_text import CONDITIONS, FoundMaterial, FoundValue, ShownText


def check_claims(
    answer: ClaimsAnswer,
    document: Document,
    *,
    shown: Collection[str],
    extractor: str,
    findings: Findings | None = None,
) -> Checked:
    """What ``document`` bears out of ``answer``.

    Parameters
    ----------
    answer
        What the model says of passages.
    document
        The paper that they are of.
    shown
        The names of the passages that were sent along (``p12``).
    extractor
        What the claims say they were found by.
    findings
        What rules and models found in the paper, if that is known already.
    """
    check = _Check(ShownText(document, shown, findings), extractor)
    for claim in answer.claims:
        check.claim(claim)
    return check.checked


@dataclass(slots=True)
class _Check:
    text: ShownText
    extractor: str
    checked: Checked = field(default_factory=Checked)

    def claim(self, claim: ClaimAnswer) -> None:
        """Add what holds of one claim."""
        material = self.text.material(claim.material, claim.material_quote, claim.material_passage)
        if isinstance(material, Drop):
            self.checked.dropped += [dropped(v, material, Task.CLAIMS) for v in claim.values]
            if not claim.values:
                self._drop_material(claim, material)
            return
        if claim.superconducting is False:
            self._absence(claim, material)
            return
        found: list[FoundValue] = []
        for value in claim.values:
            result = self.text.value(value, material.text)
            if isinstance(result, Drop):
                self.checked.dropped.append(dropped(value, result, Task.CLAIMS))
            else:
                found.append(result)
        kept, refused = consistent(self.text, found)
        self.checked.dropped += [dropped(v, reason, Task.CLAIMS) for v, reason in refused]
        whose = (claim.evidence, claim.origin)
        self.checked.claims += build(self.text, material, kept, self.extractor, whose)

    def _drop_material(self, claim: ClaimAnswer, reason: Drop) -> None:
        self.checked.dropped.append(
            Dropped(
                reason,
                Task.CLAIMS,
                "material",
                claim.material,
                claim.material_quote,
                claim.material_passage,
            )
        )

    def _absence(self, claim: ClaimAnswer, material: FoundMaterial) -> None:
        """Add that a material does not superconduct, if the page denies it of this material."""
        passage = self.text.document.passages[material.index]
        found = FoundMentions(passage, self.text.findings.mentions(material.index), [])
        wanted = fold(material.text).text
        denied = [c for c in absences(found) if fold(c.material).text == wanted]
        for value in claim.values:
            self.checked.dropped.append(dropped(value, Drop.NOT_SAID, Task.CLAIMS))
        if not denied:
            self._drop_material(claim, Drop.NOT_DENIED)
        for one in denied[:1]:
            made = replace(one, source="llm", extractor=self.extractor)
            self.checked.claims.append((made, material.index))


def dropped(value: QuotedValue, reason: Drop, task: Task) -> Dropped:
    """``value`` as dropped for ``reason``."""
    return Dropped(reason, task, value.field.value, value.value, value.quote, value.passage)


def consistent(
    text: ShownText, found: Sequence[FoundValue]
) -> tuple[list[FoundValue], list[tuple[QuotedValue, Drop]]]:
    """The values of one claim that go together, and those that do not, each with the reason.

    A field other than Tc has one value; a condition alone says nothing; a pressure must be one at
    which the Tc can be.
    """
    kept: list[FoundValue] = []
    refused: list[tuple[QuotedValue, Drop]] = []
    own = [f for f in found if f.value.field not in CONDITIONS]
    tcs = [f for f in own if f.value.field is ValueField.TC]
    for one in found:
        same = [f for f in found if f.value.field is one.value.field]
        several = len({fold(f.printed.text).text for f in same}) > 1
        if not own:
            refused.append((one.value, Drop.CONDITION_ALONE))
        elif one.value.field is not ValueField.TC and several:
            refused.append((one.value, Drop.SEVERAL))
        elif one.value.field is ValueField.PRESSURE and not _goes_with(text, one, tcs):
            refused.append((one.value, Drop.OTHER_QUANTITY))
        elif one.place not in [f.place for f in kept if f.value.field is one.value.field]:
            kept.append(one)
    return kept, refused


def _goes_with(text: ShownText, pressure: FoundValue, tcs: Sequence[FoundValue]) -> bool:
    """Whether a pressure can be that of the claim's Tc values."""
    return all(
        tc.index == pressure.index
        and shares_condition(
            text.document.passages[tc.index],
            text.findings.mentions(tc.index),
            tc.place,
            pressure.place,
            text.findings.linkers,
        )
        for tc in tcs
    )
