"""Sentences of physics papers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.sentences import split_sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["As shown by Notional et al. the Tc is 26 K.", "It rises to 43 K."],
        ["See Refs. 3 and 4.", "See Fig. 2.", "We find it, e.g. by Eq. (3)."],
        ["Values of ca. 3 K vs. 5 K are found (cf. Sec. II A).", "Next."],
        ["J. Notional found it at 39 K.", "K. Fictive agrees."],
        ["The sample (No. 5 of Ref. 12) is bad.", "“Good” ones exist.", "[See below.]", "Done."],
        ["The field is 3.5 T.", "The U.S. Department pays.", "Is it?", "Yes!"],
        ["Tc = 39 K.", "10B was used.", "λ is 0.5.", "μSR is used."],
        ["It was published in Phys. Rev. Lett. 12, 1 (2001).", "It is right."],
        ["Figs. 4(a) and 4(b) show it.", "Eqs. (1) and (2) do not."],
        ["With x = 0.15 we have 38.5 K.", "No full stop at the end"],
        ["Dr. Notional, Prof. Fictive and co. agree, i.e. they do not differ."],
        ["It melts at 300 K...", "Then it cools."],
        ["No break before lower case. as here."],
        [],
    ],
)
def test_where_sentences_end(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[a:b] for a, b in split_sentences(text)] == sentences


prose = st.lists(
    st.sampled_from(
        [
            "Fig.",
            "et al.",
            "K.",
            "J.",
            "5",
            "T.",
            "The",
            "we",
            "e.g.",
            "(Ref.",
            "3).",
            "?",
            "!",
            "“A”",
        ]
    )
).map(" ".join)


@given(st.one_of(prose, st.text(), st.text("aA.!? \n\"')5")))
def test_sentences_are_in_order_and_cover_all_but_blanks(text: str) -> None:
    spans = split_sentences(text)
    ends = [0]
    for start, end in spans:
        assert ends[-1] <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert not text[ends[-1] : start].strip()
        ends.append(end)
    assert not text[ends[-1] :].strip()
