"""The packaged linker of relations joins what belongs together, in whatever order it is given."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.claim import Link, Mention
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.link_features import PassageView
from scmine.extractors.relation_features import Choices, looks, relation_rules
from scmine.extractors.relations import DopingEvent, RelationLinker, doping_events

LINKER = RelationLinker()
Pieces = list[tuple[str, str | None]]
LABELS = ["Element", "Main", "Material", "Property", "Doping", "Value", "SC", "Process"]
ENDS = {
    "Target": ({"Value", "Doping"}, {"Main", "Element"}),
    "Condition": ({"Value"}, {"Doping"}),
    "Equivalent": ({"SC"}, {"Value"}),
    "Dopant": ({"Doping"}, {"Element", "Main", "Material", "Property"}),
    "Site": ({"Doping"}, {"Element", "Main", "Material"}),
}


def build(pieces: Pieces) -> tuple[Passage, list[Mention]]:
    text, mentions = "", []
    for words, label in pieces:
        if label is not None:
            mentions.append(Mention(len(text), len(text) + len(words), label, words))
        text += words
    return Passage(PassageKind.ABSTRACT, text), mentions


def linked(pieces: Pieces) -> set[tuple[str, str, str]]:
    passage, mentions = build(pieces)
    return {
        (mentions[link.head].text, link.label, mentions[link.tail].text)
        for link in LINKER.link(passage, mentions)
    }


def test_a_substitution_has_dopant_site_and_target() -> None:
    found = linked(
        [
            ("The effect of ", None), ("substitution", "Doping"), (" of ", None),
            ("Zn", "Element"), (" for ", None), ("Cu", "Element"), (" in ", None),
            ("YBa2Cu3O7", "Main"), (" was studied.", None),
        ]
    )  # fmt: skip
    assert ("substitution", "Dopant", "Zn") in found
    assert ("substitution", "Site", "Cu") in found
    assert ("substitution", "Target", "YBa2Cu3O7") in found


def test_in_a_long_sentence_the_mentions_around_are_looked_at() -> None:
    pieces: Pieces = []
    for k in range(200):
        pieces += [(f"MgB{k}", "Element"), (" by ", None), ("doping", "Doping"), (", ", None)]
    view = PassageView(*build(pieces))
    choices = Choices(view, next(rule for rule in relation_rules() if rule.label == "Target"))
    assert len(choices.choosers) == 200
    for chooser in choices.choosers:
        near = choices.of(chooser)
        assert len(near) == len(choices.rows(chooser)) - 1 < 100
        assert chooser.index - 1 in {choice.index for choice in near}


def test_a_critical_temperature_has_its_value() -> None:
    found = linked(
        [
            ("The ", None), ("Tc", "SC"), (" of ", None), ("MgB2", "Main"), (" is ", None),
            ("39 K", "Value"), (" and its ", None), ("coherence length", "Property"),
            (" is ", None), ("5 nm", "Value"), (".", None),
        ]
    )  # fmt: skip
    assert ("Tc", "Equivalent", "39 K") in found
    assert ("Tc", "Equivalent", "5 nm") not in found


def test_nothing_crosses_sentences_and_strange_labels_are_passed_over() -> None:
    apart: Pieces = [
        ("Zn", "Element"), (" was bought. The samples were ", None), ("doped", "Doping"),
        (" later.", None),
    ]  # fmt: skip
    assert linked(apart) == set()
    assert linked([("MgB2", "material"), (" has ", None), ("39 K", "tcValue")]) == set()
    assert LINKER.link(Passage(PassageKind.ABSTRACT, ""), []) == []


WORDS = st.sampled_from([" of ", ", ", " and ", ". The ", "-", " for ", " = ", " in "])
MENTIONS = st.tuples(
    st.sampled_from(["Zn", "MgB2", "doped", "39 K", "Tc"]), st.sampled_from(LABELS)
)


@given(st.lists(st.tuples(MENTIONS, WORDS), max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_mentions_does_not_matter(
    parts: list[tuple[tuple[str, str], str]], rng: random.Random
) -> None:
    pieces: Pieces = [piece for mention, word in parts for piece in (mention, (word, None))]
    passage, mentions = build(pieces)
    order = list(range(len(mentions)))
    rng.shuffle(order)
    plain = LINKER.link(passage, mentions)
    shuffled = LINKER.link(passage, [mentions[i] for i in order])
    assert [Link(order[k.head], order[k.tail], k.label, k.score) for k in shuffled] == plain
    for link in plain:
        heads, tails = ENDS[link.label]
        assert mentions[link.head].label in heads
        assert mentions[link.tail].label in tails
        assert link.head != link.tail
        assert 0 < link.score <= 1


@given(st.text(max_size=60), st.data())
def test_any_text_and_any_spans_are_survived(text: str, data: st.DataObject) -> None:
    bounds = st.integers(0, len(text))
    spans = data.draw(st.lists(st.tuples(bounds, bounds, st.sampled_from(LABELS)), max_size=6))
    mentions = [Mention(min(a, b), max(a, b), k, text[min(a, b) : max(a, b)]) for a, b, k in spans]
    links = LINKER.link(Passage(PassageKind.ABSTRACT, text), mentions)
    events = doping_events(mentions, links)
    assert {e.trigger for e in events} == {i for i, m in enumerate(mentions) if m.label == "Doping"}


@given(st.lists(st.tuples(MENTIONS, WORDS), max_size=10))
def test_what_excludes_or_needs_another_is_settled(
    parts: list[tuple[tuple[str, str], str]],
) -> None:
    passage, mentions = build([p for mention, word in parts for p in (mention, (word, None))])
    links = LINKER.link(passage, mentions)
    dopants, sites = ({k.tail for k in links if k.label == x} for x in ("Dopant", "Site"))
    assert not dopants & sites
    valued = {k.tail for k in links if k.label == "Equivalent"}
    for link in links:
        if mentions[link.head].label == "Value":
            assert link.head in valued


def test_every_rule_has_a_network_and_two_ends() -> None:
    rules = {rule.label: rule for rule in relation_rules()}
    assert set(rules) == set(ENDS)
    for label, (heads, tails) in ENDS.items():
        rule = rules[label]
        ends = (rule.choosers, rule.choices) if rule.chooser_is_head else (
            rule.choices, rule.choosers,
        )  # fmt: skip
        assert ends == (heads, tails)


def test_one_row_a_choice_and_one_for_none() -> None:
    passage, mentions = build(
        [("Zn", "Element"), ("-", None), ("doped", "Doping"), (" ", None), ("CuO", "Main")]
    )
    [rule] = [rule for rule in relation_rules() if rule.label == "Target"]
    choices = Choices(PassageView(passage, mentions), rule)
    [trigger] = choices.choosers
    assert [c.mention.text for c in choices.of(trigger)] == ["Zn", "CuO"]
    before, after, nothing = choices.rows(trigger)
    assert "before:path=-" in before
    assert "after:path=" in after
    assert "nothing" in nothing


def test_looks_name_what_matters_of_a_mention() -> None:
    assert looks("Value", "about 39") == "number"
    assert looks("Value", "x = 0.1") == "="
    assert looks("Value", "10 at.%") == "%"
    assert looks("Element", "oxygen") == "name"


def test_roles_make_events() -> None:
    labels = ["Doping", "Element", "Element", "Element", "Element", "Doping"]
    mentions = [Mention(i, i + 1, label, "") for i, label in enumerate(labels)]
    dopants = [Link(0, 1, "Dopant"), Link(0, 2, "Dopant")]
    bare = DopingEvent(5)
    assert doping_events(mentions, []) == [DopingEvent(0), bare]
    assert doping_events(mentions, dopants) == [DopingEvent(0, 1), DopingEvent(0, 2), bare]
    sites = [Link(0, 4, "Site"), Link(0, 3, "Site")]
    assert doping_events(mentions, dopants + sites) == [
        DopingEvent(0, 1, 3),
        DopingEvent(0, 2, 4),
        bare,
    ]
    assert doping_events(mentions, sites) == [
        DopingEvent(0, None, 3),
        DopingEvent(0, None, 4),
        bare,
    ]


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"settings\.json"):
        RelationLinker(tmp_path).link(*build([("Zn", "Element")]))
