"""References told from prose, by their heading and by what they are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.document import PassageKind
from scmine.extractors.pdf.blocks import Block
from scmine.extractors.pdf.references import LIST_DENSITY, PROSE_DENSITY, cut_references, density
from tests.extractors.pdf.typeset import set_line

PROSE = "The films were grown on sapphire at 900 K and we measured their resistance in a field."
LISTED = "1. A. Notional and B. C. Fictive, Phys. Rev. Lett. 12, 1234 (1999)."
TITLED = "Notional, A. Superconductivity of invented films. Nature 410, 63 (2001)."
APPENDIX = "In this appendix we derive the equation of the gap from that which was given before."


def _block(text: str, kind: PassageKind = PassageKind.PARAGRAPH) -> Block:
    return Block(kind, [set_line(text)])


def _heading(text: str) -> Block:
    return _block(text, PassageKind.HEADING)


def _cut(*blocks: Block) -> tuple[list[str], list[str]]:
    body, references = cut_references(blocks)
    return [b.text for b in body], [b.text for b in references]


def test_density_parts_prose_from_lists() -> None:
    assert density(PROSE) < PROSE_DENSITY < LIST_DENSITY < min(density(LISTED), density(TITLED))
    assert density("") == 0.0


@given(st.text(max_size=200))
def test_density_is_never_negative(text: str) -> None:
    assert density(text) >= 0


@pytest.mark.parametrize(
    "heading",
    ["References", "REFERENCES", "V. REFERENCES", "References and Notes", "Bibliography:"],
)
def test_what_follows_the_heading_is_references(heading: str) -> None:
    blocks = [_block(PROSE), _block(PROSE), _heading(heading), _block(LISTED), _block("2. ibid.")]
    assert _cut(*blocks) == ([PROSE, PROSE], [LISTED, "2. ibid."])


def test_an_appendix_after_the_references_is_text() -> None:
    appendix = _heading("Appendix A: The equation of the gap")
    blocks = [
        *[_block(PROSE)] * 3,
        _heading("References"),
        _block(LISTED),
        appendix,
        _block(APPENDIX),
    ]
    assert _cut(*blocks) == ([PROSE] * 3 + [appendix.text, APPENDIX], [LISTED])


def test_long_prose_after_the_references_is_text() -> None:
    prose = " ".join([PROSE] * 3)
    blocks = [*[_block(PROSE)] * 3, _heading("References"), _block(LISTED), _block(prose)]
    assert _cut(*blocks) == ([PROSE] * 3 + [prose], [LISTED])


def test_a_list_without_heading_is_told_by_what_it_is_made_of() -> None:
    assert _cut(*[_block(PROSE)] * 4, _block(LISTED), _block(TITLED))[1] == [LISTED, TITLED]


def test_captions_among_the_references_are_kept() -> None:
    caption = _block("FIG. 3. Phys. Rev. Lett. 12, 1234 (1999).", PassageKind.CAPTION)
    body, references = _cut(_block(PROSE), _heading("References"), _block(LISTED), caption)
    assert caption.text in body
    assert references == [LISTED]


def test_a_heading_of_the_contents_opens_no_references() -> None:
    blocks = [_heading("References"), *[_block(PROSE)] * 6]
    assert _cut(*blocks)[0] == ["References"] + [PROSE] * 6
