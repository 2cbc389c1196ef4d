"""Two annotations become one, and every difference has its reason."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.corpora.annotation.merging import (
    Agreement,
    Merged,
    agreed,
    merge_links,
    merge_mentions,
)
from scmine.extractors.claim import Link, Mention

TEXT = "MgB2 films have Tc = 39 K in 5 GPa"


def _mention(words: str, label: str, score: float = 1.0, by: str = "tagger@1") -> Mention:
    start = TEXT.index(words)
    return Mention(start, start + len(words), label, words, score, by)


def _llm(words: str, label: str) -> Mention:
    return _mention(words, label, 0.7, "llm:m@mentions@1")


def _one(model: list[Mention], llm: list[Mention]) -> tuple[Mention, Agreement, str]:
    merged = merge_mentions(model, llm)
    [mention], [agreement] = merged.annotations.mentions, merged.agreement
    return mention, agreement, merged.annotations.reason(0)


def test_agreement_raises_the_score_and_needs_no_reason() -> None:
    mention, agreement, reason = _one([_mention("39 K", "tcValue", 0.6)], [_llm("39 K", "tcValue")])
    assert (agreement, reason) == (Agreement.BOTH, "")
    assert 0.6 < mention.score < 1
    assert mention.extractor == "tagger@1+llm:m@mentions@1"


def test_other_bounds_are_told_and_the_surer_variant_is_proposed() -> None:
    mention, agreement, reason = _one(
        [_mention("MgB2", "material", 0.9)], [_llm("MgB2 films", "material")]
    )
    assert (mention.text, agreement) == ("MgB2", Agreement.BOUNDS_DIFFER)
    assert reason == "bounds differ: the language model marks 'MgB2 films'"
    mention, _, reason = _one([_mention("MgB2", "material", 0.5)], [_llm("MgB2 films", "material")])
    assert mention.text == "MgB2 films"
    assert reason == "bounds differ: the tagger marks 'MgB2'"


def test_another_label_is_told() -> None:
    _, agreement, reason = _one([_mention("5 GPa", "pressure", 0.9)], [_llm("5 GPa", "tcValue")])
    assert (agreement, reason) == (
        Agreement.LABEL_DIFFERS,
        "label differs: the language model says tcValue",
    )
    _, _, reason = _one([_mention("5 GPa", "pressure", 0.9)], [_llm("in 5 GPa", "tcValue")])
    assert reason.endswith("says tcValue and marks 'in 5 GPa'")


def test_what_one_alone_found_is_told() -> None:
    mention, agreement, reason = _one([_mention("Tc", "tc", 0.9)], [])
    assert (agreement, reason[:15]) == (Agreement.ONLY_MODEL, "only the tagger")
    assert mention.score < 0.9
    mention, agreement, reason = _one([], [_llm("Tc", "tc")])
    assert (agreement, reason[:23]) == (Agreement.ONLY_LLM, "only the language model")
    assert mention.score == 0.5


def test_two_within_one_stand_in_its_reason() -> None:
    mention, agreement, reason = _one(
        [_mention("39 K in 5 GPa", "tcValue", 0.95)],
        [_llm("39 K", "tcValue"), _llm("5 GPa", "pressure")],
    )
    assert (mention.text, agreement) == ("39 K in 5 GPa", Agreement.BOUNDS_DIFFER)
    assert "marks '5 GPa'" in reason or "also marks '5 GPa' as pressure" in reason
    assert "39 K" in reason


def test_a_variant_that_would_cover_another_mention_is_not_proposed() -> None:
    merged = merge_mentions(
        [_mention("MgB2", "material", 0.4), _mention("films", "material", 0.9)],
        [_llm("MgB2 films", "material")],
    )
    assert [m.text for m in merged.annotations.mentions] == ["MgB2", "films"]


def test_links_of_both_are_told_apart() -> None:
    merged = merge_mentions(
        [_mention("MgB2", "material"), _mention("39 K", "tcValue"), _mention("5 GPa", "pressure")],
        [_llm("MgB2", "material"), _llm("39 K", "tcValue"), _llm("5 GPa", "pressure")],
    )
    mine = [Link(0, 1, "material-tcValue", 0.8)]
    theirs = [*mine, Link(1, 2, "tcValue-pressure", 0.7)]
    found = merge_links(merged, mine, theirs).annotations
    assert [k.label for k in found.links] == ["material-tcValue", "tcValue-pressure"]
    assert found.links[0].score > 0.8
    assert found.link_reasons[0] == ""
    assert found.link_reasons[1].startswith("only the language model")
    found = merge_links(merged, theirs, mine).annotations
    assert found.link_reasons[1].startswith("only the linker")
    found = merge_links(merged, theirs, None).annotations
    assert (len(found.links), found.link_reasons) == (2, ())


_SPANS = st.tuples(st.integers(0, 20), st.integers(1, 6), st.sampled_from("abc"))


def _some(by: str) -> st.SearchStrategy[list[Mention]]:
    def mentions(spans: list[tuple[int, int, str]]) -> list[Mention]:
        made: list[Mention] = []
        for start, length, label in sorted(spans):
            if all(m.end <= start for m in made):
                end = min(start + length, len(TEXT))
                made.append(Mention(start, end, label, TEXT[start:end], 0.6, by))
        return made

    return st.lists(_SPANS, max_size=5).map(mentions)


@settings(deadline=None)
@given(_some("tagger@1"), _some("llm:m@mentions@1"))
def test_nothing_is_lost_or_left_without_a_reason(model: list[Mention], llm: list[Mention]) -> None:
    merged = merge_mentions(model, llm)
    found = merged.annotations
    assert len(found.mentions) == len(merged.agreement)
    assert sum(merged.counts().values()) == len(found.mentions)
    for i, (mention, agreement) in enumerate(zip(found.mentions, merged.agreement, strict=True)):
        assert bool(found.reason(i)) == (agreement is not Agreement.BOTH)
        assert mention.text == TEXT[mention.start : mention.end]
        assert 0 <= mention.score <= 1
    for mine in model:
        assert any(m.start < mine.end and mine.start < m.end for m in found.mentions)
    said = " ".join(found.reasons) + " ".join(repr(m.text) for m in found.mentions)
    assert all(repr(theirs.text) in said for theirs in llm)
    assert merged.corrections >= 0
    ends = [(m.start, m.end) for m in found.mentions]
    assert all(a[1] <= b[0] for a, b in pairwise(ends))


@settings(deadline=None)
@given(_some("tagger@1"))
def test_the_same_twice_agrees(model: list[Mention]) -> None:
    merged = merge_mentions(model, model)
    assert set(merged.agreement) <= {Agreement.BOTH}
    assert (merged.annotations.reasons, merged.corrections) == ((), 0)


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_a_score_stays_a_probability(one: float, other: float) -> None:
    assert 0 <= agreed(one, other) <= 1
    assert agreed(one, other) == agreed(other, one)


def test_without_mentions_there_is_nothing_to_merge() -> None:
    assert merge_mentions([], []) == Merged(merge_mentions([], []).annotations)
