"""Self-made papers for the tests of whose a claim is: a theorist's, an experimenter's, a review."""

from __future__ import annotations

import re

from scmine.extractors.claim import Claim, Place
from scmine.extractors.document import Citation, Document, Metadata, Passage, PassageKind

ABSTRACT, PARAGRAPH = PassageKind.ABSTRACT, PassageKind.PARAGRAPH


def passage(kind: PassageKind, section: str, text: str) -> Passage:
    """A passage of ``text`` with its sentences; ``{12}`` is a raised mark that the reader took."""
    marks: list[Citation] = []
    plain = ""
    for part in re.split(r"(\{\d+\})", text):
        if re.fullmatch(r"\{\d+\}", part):
            marks.append(Citation(len(plain), part[1:-1]))
        else:
            plain += part
    ends = [m.start() + 1 for m in re.finditer(r"(?<=\w|\]|\))\.(?=\s+[A-Z]|$)", plain)]
    starts = [0, *(e + 1 for e in ends)]
    sentences = tuple((s, e) for s, e in zip(starts, [*ends, len(plain)], strict=True) if s < e)
    return Passage(kind, plain, section, sentences=sentences, citations=tuple(marks))


def paper(title: str, *parts: tuple[PassageKind, str, str]) -> Document:
    """A paper of passages given as kind, section and text."""
    return Document(
        "", "", "", metadata=Metadata(title=title), passages=tuple(passage(*p) for p in parts)
    )


def claim_at(document: Document, value: str, material: str, **values: str) -> Claim:
    """The claim of ``value`` where it first stands in ``document``."""
    for one in document.passages:
        start = one.text.find(value)
        if start >= 0:
            low, high = one.sentence_at(start)
            place = Place(one, start, start + len(value))
            stated = values or {"tc": value}
            sentence = one.text[low:high]
            return Claim(
                material, stated, "text", one.section, sentence, None, (), "", 1.0, place=place
            )
    raise ValueError(f"{value} does not stand in the paper")


THEORY = paper(
    "Superconductivity in ternary clathrate hydrides from first principles",
    (
        ABSTRACT,
        "abstract",
        "Using density functional theory we predict that YBeH12 becomes superconducting with a Tc "
        "of 240 K at 200 GPa. The phonon dispersion shows no imaginary modes.",
    ),
    (
        PARAGRAPH,
        "I. INTRODUCTION",
        "The discovery of superconductivity at 203 K in H3S [1] has renewed the interest in "
        "hydrides. YH10 was predicted to have a Tc of 303 K at 400 GPa [6]. LaH10 was found to "
        "superconduct at 250 K near 170 GPa [4,5].",
    ),
    (
        PARAGRAPH,
        "II. METHODS",
        "Electron-phonon coupling was calculated within DFPT using Quantum ESPRESSO with a q mesh. "
        "Pseudopotentials and plane waves were used for structure search.",
    ),
    (
        PARAGRAPH,
        "III. RESULTS",
        "The cubic phase of YBeH12 has λ = 2.1 and a logarithmic frequency of 1250 K (Fig. 3). At "
        "250 GPa its Tc drops to 221 K. For comparison, the measured Tc of YH6 is 220 K [7].",
    ),
)

EXPERIMENT = paper(
    "Superconductivity at 26 K in a fluorine-doped oxypnictide",
    (
        ABSTRACT,
        "abstract",
        "We report superconductivity in LaO0.89F0.11FeAs. Samples were synthesized by solid state "
        "reaction; the resistivity shows an onset at 26.1 K.",
    ),
    (
        PARAGRAPH,
        "",
        "LaFePO superconducts at 4 K{1}. Density functional calculations gave a Tc of 0.8 K{2}. "
        "Ren et al. raised the Tc to 55 K in the samarium compound. Here we report the synthesis "
        "of the lanthanum compound.",
    ),
    (
        PARAGRAPH,
        "",
        "Samples were prepared from LaAs and FeAs. Figure 1 shows the resistivity of the samples. "
        "The onset of our sample is at 26.5 K and zero resistance is reached at 22 K. Our value of "
        "24.2 K for x = 0.05 is higher than the 18 K reported for LiFeAs{5}.",
    ),
)

REVIEW = paper(
    "Cuprate superconductors: a review",
    (ABSTRACT, "abstract", "We review the cuprates."),
    (PARAGRAPH, "Families", "The mercury cuprate has a transition at 134 K."),
)
