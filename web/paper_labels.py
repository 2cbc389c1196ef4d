"""The labels of mentions as readers see them: name, and the class of style by which they are told.

Colours and lines of each class are in ``web/static/paper.css``.
"""

from __future__ import annotations

from scmine.extractors.claim import Label

NAMES = {
    Label.MATERIAL.value: "material",
    Label.CLASS.value: "class",
    Label.TC.value: "Tc, named",
    Label.TC_VALUE.value: "Tc, value",
    Label.PRESSURE.value: "pressure",
    Label.ME_METHOD.value: "method",
    Label.LAMBDA.value: "λ",
    Label.OMEGA_LOG.value: "ω_log",
    Label.OMEGA2.value: "ω₂",
    Label.MU_STAR.value: "μ*",
    Label.SPACE_GROUP.value: "space group",
    Label.LATTICE.value: "lattice",
}
"""Every label that our taggers give, in the order of the legend."""

OTHER = "other"
"""What a label is shown as that is none of ours."""


def shown_label(label: str) -> str:
    """The label by which a mention is shown; layers are not ours to trust in a page.

    >>> shown_label("tcValue"), shown_label("x' onload")
    ('tcValue', 'other')
    """
    return label if label in NAMES else OTHER
