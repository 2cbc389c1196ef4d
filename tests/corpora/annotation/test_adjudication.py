"""Differences between annotators by kind, as lists and as tasks; votes and decisions."""

from __future__ import annotations

import csv
import io
import json

import pytest

from scmine.corpora.annotation.adjudication import (
    Kind,
    as_csv,
    as_json_lines,
    as_tasks,
    compare,
    disputed,
)
from scmine.corpora.annotation.deciding import How, decide, vote
from scmine.corpora.annotation.from_label_studio import read_label_studio
from scmine.corpora.annotation.versions import RawVersion, Unit, Version
from scmine.corpora.types import GoldMention
from scmine.extractors.claim import Link

TEXT = "=MgB2 has a Tc of 39 K at 2 GPa."
MATERIAL, VALUE = GoldMention(1, 5, "material"), GoldMention(18, 22, "tcValue")
WIDE = GoldMention(15, 22, "tcValue")
CLASS = GoldMention(1, 5, "class")
PRESSURE = GoldMention(26, 31, "pressure")
LINK = Link(0, 1, "material-tcValue")


def version(name: str, *mentions: GoldMention, links: tuple[Link, ...] | None = ()) -> Version:
    return Version(name, mentions, links)


def unit(*versions: Version) -> Unit:
    return Unit("p-1", TEXT, versions, about={"doc_id": "p"})


def test_differences_by_kind() -> None:
    first = version("a", MATERIAL, VALUE, links=(LINK,))
    cases = [
        (version("b", MATERIAL, WIDE), [Kind.BOUNDARY]),
        (version("b", CLASS, VALUE, links=(LINK,)), [Kind.LABEL]),
        (version("b", MATERIAL), [Kind.MISSING]),
        (version("b", MATERIAL, VALUE, PRESSURE, links=(LINK,)), [Kind.MISSING]),
        (version("b", MATERIAL, VALUE), [Kind.LINK]),
        (version("b", MATERIAL, VALUE, links=None), []),
        (version("b", MATERIAL, VALUE, links=(LINK,)), []),
    ]
    for second, kinds in cases:
        found = compare(unit(first, second), first, second)
        assert [d.kind for d in found] == kinds
        assert (disputed([unit(first, second)]) == []) == (kinds == [])
        turned = compare(unit(second, first), second, first)
        assert [(d.first, d.second) for d in turned] == [(d.second, d.first) for d in found]


def test_units_with_most_differences_come_first_and_decided_ones_not_at_all() -> None:
    few = Unit("p-1", TEXT, (version("a", VALUE), version("b", WIDE)))
    many = Unit("p-2", TEXT, (version("a", VALUE, PRESSURE), version("b", MATERIAL)))
    assert [d.unit.ident for d in disputed([few, many])] == ["p-2", "p-1"]
    settled = Unit("p-2", TEXT, (*many.versions, Version("judge", (VALUE,), (), adjudicated=True)))
    decision = decide(settled)
    assert decision is not None
    assert decision.how is How.ADJUDICATED
    assert [d.unit.ident for d in disputed([few, settled], [decision])] == ["p-1"]


def test_adjudicators_who_differ_decide_nothing() -> None:
    judges = [Version(n, (m,), (), adjudicated=True) for n, m in (("x", VALUE), ("y", WIDE))]
    both = unit(*judges, version("a", VALUE))
    assert decide(both, "a", majority=True) is None
    [entry] = disputed([both])
    assert [d.annotators for d in entry.differences] == [("x", "y")]


def test_lists() -> None:
    found = disputed([unit(version("a", CLASS, VALUE), version("b", MATERIAL, VALUE, PRESSURE))])
    rows = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert [(r["kind"], r["first"], r["second"]) for r in rows] == [
        ("label", "MgB2 (class)", "MgB2 (material)"),
        ("missing", "", "2 GPa (pressure)"),
    ]
    assert rows[0]["paper"] == "p"
    assert rows[0]["text"] == "'" + TEXT  # a spreadsheet would run it
    [line] = as_json_lines(found).splitlines()
    data = json.loads(line)
    assert data["text"] == TEXT
    assert data["differences"][1]["second_at"] == [26, 31]


def test_tasks_show_each_version_and_what_is_decided_comes_back() -> None:
    a, b = version("a", MATERIAL, VALUE, links=(LINK,)), version("b", MATERIAL, WIDE)
    [task] = as_tasks(disputed([unit(a, b)]))
    assert [p["model_version"] for p in task["predictions"]] == ["a", "b"]
    task["annotations"] = [{"id": 1, "completed_by": 9, "result": task["predictions"][0]["result"]}]
    [read] = read_label_studio([task], "f")
    assert isinstance(read, RawVersion)
    assert read.ident == "p-1"
    assert {(m.start, m.end, m.label) for m in read.mentions} == {
        (1, 5, "material"),
        (18, 22, "tcValue"),
    }
    three = unit(a, b, version("c", MATERIAL, VALUE))
    [task] = as_tasks(disputed([three]))
    assert [p["model_version"] for p in task["predictions"]] == ["majority", "a", "b", "c"]


def test_votes() -> None:
    a, b = version("a", MATERIAL, VALUE, links=(LINK,)), version("b", MATERIAL, VALUE)
    c, d = version("c", MATERIAL, WIDE), version("d", MATERIAL)
    voted = vote([a, b, c])
    assert voted is not None
    assert (voted.mentions, voted.links) == ((MATERIAL, VALUE), ())
    assert vote([a, b, c, d]) is None  # two of four have the value
    linked = vote([a, version("e", MATERIAL, VALUE, links=(LINK,)), c])
    assert linked is not None
    assert linked.links == (LINK,)
    unknown = vote([version(n, MATERIAL, links=None) for n in "abc"])
    assert unknown is not None
    assert unknown.links is None


@pytest.mark.parametrize(
    ("versions", "options", "how"),
    [
        ("a", {}, How.SINGLE),
        ("aa", {}, How.AGREED),
        ("ab", {}, None),
        ("ab", {"follow": "1"}, How.FOLLOWED),
        ("ab", {"follow": "7"}, None),
        ("ab", {"majority": True}, None),
        ("aab", {"majority": True}, How.MAJORITY),
        ("abc", {"majority": True}, How.MAJORITY),
        ("", {}, None),
    ],
)
def test_decisions(versions: str, options: dict[str, object], how: How | None) -> None:
    mentions = {"a": (MATERIAL, VALUE), "b": (MATERIAL, WIDE), "c": (MATERIAL,)}
    made = [version(str(i), *mentions[name]) for i, name in enumerate(versions)]
    decision = decide(unit(*made), **options)  # type: ignore[arg-type]
    assert (None if decision is None else decision.how) is how
