"""Text claims: what the linked mentions of one passage say, sentence by sentence.

Puts together ``tc_claims``, ``absence_claims``, ``electron_phonon_claims`` and ``crystal_claims``.
Claims of tables live in ``table_claims``.
"""

from __future__ import annotations

from collections.abc import Sequence

from scmine.extractors.absence_claims import absences
from scmine.extractors.claim import Claim, Label, Link, Mention
from scmine.extractors.crystal_claims import add_crystals
from scmine.extractors.document import Passage
from scmine.extractors.electron_phonon_claims import add_electron_phonon
from scmine.extractors.found_mentions import FoundMentions
from scmine.extractors.tc_claims import implied_claims, tc_claims


def claims_of_passage(
    passage: Passage,
    mentions: Sequence[Mention],
    links: Sequence[Link],
    main_material: str | None = None,
) -> list[Claim]:
    """The claims that ``passage`` makes: one a material and value linked, or property stated.

    ``main_material`` is what the paper is about, if it is about one: a Tc in a sentence that names
    no material and has no link is taken to be its.
    """
    found = FoundMentions(passage, mentions, links, main_material)
    claims = tc_claims(found)
    if main_material:
        claims += implied_claims(found, main_material)
    claims = add_crystals(found, add_electron_phonon(found, claims, main_material), main_material)
    if main_material and not found.of(Label.MATERIAL):
        return [c for c, _ in claims]
    return [c for c, _ in claims] + absences(found)
