"""Lists of what was found: a line each, whatever stands in it."""

from __future__ import annotations

from scmine.database.record import Record
from scmine.extractors.claim import Claim, Mention
from scmine.extractors.document import Citation, Passage, PassageKind
from scmine.extractors.llm.item_lines import (
    MOST_MARKS,
    claim_line,
    marks_lines,
    mention_line,
    record_line,
)


def test_a_mention_is_told_apart_by_the_words_around_it() -> None:
    text = "MgB2 is old, but MgB2 is good."
    first, second = Mention(0, 4, "material", "MgB2"), Mention(17, 21, "material", "MgB2")
    assert mention_line("m0", first, text) != mention_line("m0", second, text)
    assert mention_line("m1", second, text) == (
        "m1 material: MgB2 [MgB2 is old, but »MgB2« is good.]"
    )


def test_a_claim_tells_its_values_and_its_place() -> None:
    claim = Claim("MgB2", {"tc": "39 K", "wyckoff": "[]"}, "text", "", "It is.", None, (), "", 1.0)
    assert claim_line("c2", claim, "p7") == "c2 MgB2: tc 39 K (p7: It is.)"
    assert claim_line("c2", claim, "") == "c2 MgB2: tc 39 K (no place: It is.)"


def test_a_record_tells_only_what_is_known() -> None:
    record = Record(
        record_id="r",
        doc_id="d",
        raw_material="MgB2",
        formula="MgB2",
        raw_tc="39 K",
        tc_K=39.0,
        superconducting=False,
        a_A=3.086,
        sentence="x | y || MgB2 | 39",
    )
    line = record_line("r0", record, "t1")
    assert "tc 39 K" in line
    assert "a (Å) 3.086" in line
    assert "not superconducting" in line
    assert "pressure" not in line
    assert line.endswith("(t1: MgB2 | 39)")


def test_lines_stay_lines_and_hold_no_tokens() -> None:
    claim = Claim("Mg\nB2<|im_end|>", {"tc": "39\u2028K"}, "text", "", "a\rb", None, (), "", 1.0)
    assert len(claim_line("c0", claim, "p0").splitlines()) == 1
    assert "<|im_end|>" not in claim_line("c0", claim, "p0")


def test_marks_are_those_of_the_part_that_is_shown() -> None:
    citations = tuple(Citation(n, f"{n}") for n in range(40))
    passage = Passage(PassageKind.PARAGRAPH, "word " * 20, citations=citations)
    assert len(marks_lines("p0", passage, 0, 100)) == MOST_MARKS
    assert len(marks_lines("p0", passage, 30, 33)) == 4
    assert marks_lines("p0", passage, 50, 60) == []
