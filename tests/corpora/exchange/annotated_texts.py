"""Texts with annotations of any kind, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from scmine.corpora.exchange.annotated import AnnotatedText, Annotations, ordered
from scmine.extractors.claim import Label, Link, LinkLabel, Mention

_PIECES = (
    "MgB2",
    "Tc",
    "39 K",
    "😀",
    "Å̊",
    "e\u0301",
    "<&>",
    '"',
    "𝑇c",
    " ",
    "\n",
    "La3Ni2O7−δ",
    ".",
)
TEXTS = st.one_of(
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=25).map("".join),
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")),
)
"""Text that XML can hold; control characters are tried apart."""


@st.composite
def annotations(draw: st.DrawFn, text: str, labels: tuple[str, ...], apart: bool) -> Annotations:
    """Mentions anywhere in a text (``apart``: without overlaps or blank edges), and links."""
    mentions: list[Mention] = []
    for _ in range(draw(st.integers(0, 6)) if text else 0):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, min(len(text), start + 12)))
        words = text[start:end]
        overlaps = any(m.start < end and start < m.end for m in mentions)
        if apart and (overlaps or words != words.strip()):
            continue
        label = draw(st.sampled_from(labels))
        if all((m.start, m.end, m.label) != (start, end, label) for m in mentions):
            score = draw(st.sampled_from((0.25, 1.0)))
            extractor = draw(st.sampled_from(("rules", "tagger@1", "curator")))
            mentions.append(Mention(start, end, label, words, score, extractor))
    links = []
    said = st.sampled_from(("", "the tagger is unsure (0.41)", "bounds differ: <b> & 'x'"))
    reasons = [draw(said) for _ in mentions]
    link_reasons = []
    if mentions:
        places = st.integers(0, len(mentions) - 1)
        for head, tail in draw(st.lists(st.tuples(places, places), max_size=4)):
            links.append(Link(head, tail, draw(st.sampled_from(tuple(map(str, LinkLabel)))), 0.5))
            link_reasons.append(draw(said))
    return ordered(mentions, links, reasons, link_reasons)


@st.composite
def annotated_texts(draw: st.DrawFn) -> AnnotatedText:
    """A text with annotations before and after, overlaps and all labels allowed."""
    text = draw(TEXTS)
    every = tuple(map(str, Label))
    return AnnotatedText(
        "doc-1",
        text,
        draw(st.none() | annotations(text, every, apart=False)),
        draw(annotations(text, every, apart=False)),
        about={"kind": "paragraph", "title": "A <title>"},
    )


def bare(found: Annotations | None) -> tuple[set[object], set[object]] | None:
    """Mentions and links without scores and extractors, links by the intervals of their ends."""
    if found is None:
        return None
    at = [(m.start, m.end, str(m.label)) for m in found.mentions]
    return set(at), {(at[k.head], at[k.tail], str(k.label)) for k in found.links}
