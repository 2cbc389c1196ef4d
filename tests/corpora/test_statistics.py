"""What is counted, and by which parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.corpora.loading import SC_COMICS, SUPERMAT, load_corpus
from scmine.corpora.splits import supermat_dev_stems
from scmine.corpora.statistics import (
    EventStatistics,
    LinkStatistics,
    MentionStatistics,
    Row,
    corpus_statistics,
    part_statistics,
)
from scmine.corpora.types import Corpus, GoldEvent, GoldLink, GoldMention, GoldPassage, Paper

TITLE = GoldPassage(
    "title", "Tc of FeSe", (GoldMention(0, 2, "tc"), GoldMention(6, 10, "material"))
)
BODY = GoldPassage(
    "paragraph", "Tc is 8 K", (GoldMention(0, 2, "tc"), GoldMention(6, 9, "tcValue"))
)
PAPER = Paper(
    "EPL0330153-CC",  # one for training
    (TITLE, BODY),
    (GoldLink((0, 1), (1, 1)), GoldLink((1, 0), (1, 1)), GoldLink((0, 1), (1, 1))),
)
DEV = Paper(min(supermat_dev_stems()), (TITLE,))
NEW = Paper("a paper added later", (TITLE,))


def abstract(stem: str) -> Paper:
    mentions = (GoldMention(0, 2, "Element"), GoldMention(3, 9, "Doping"))
    arguments = (("Dopant", (0, 0)), ("Dopant2", (0, 0)), ("Site", (0, 0)))
    events = (GoldEvent("Doping", (0, 1), arguments), GoldEvent("Doping", (0, 1)))
    return Paper(stem, (GoldPassage("abstract", "Sr doping", mentions),), (), events)


def test_everything_is_counted_by_label() -> None:
    part = part_statistics([PAPER, DEV])
    assert (part.papers, part.passages, part.words) == (2, 3, 10)
    assert part.mentions == {
        "material": MentionStatistics(2, 1, 2 / 3),
        "tc": MentionStatistics(3, 1, 1.0),
        "tcValue": MentionStatistics(1, 1, 1 / 3),
    }
    assert part.links == {"corresp": LinkStatistics(1, 2)}
    assert part.link_ends == {
        ("corresp", "material", "tcValue"): LinkStatistics(0, 2),
        ("corresp", "tc", "tcValue"): LinkStatistics(1, 0),
    }
    assert part_statistics([abstract("1")]).events == {
        "Doping": EventStatistics(2, {"Dopant": 2, "Site": 1})
    }


def test_parts_are_those_of_the_split_that_have_papers() -> None:
    statistics = corpus_statistics(Corpus(SUPERMAT, (PAPER, DEV)))
    assert {name: part.papers for name, part in statistics.parts.items()} == {
        "all": 2,
        "train": 1,
        "dev": 1,
    }
    assert list(corpus_statistics(Corpus(SUPERMAT, (NEW,))).parts) == ["all", "other"]
    abstracts = tuple(abstract(stem) for stem in ("0001", "0800", "0801"))
    assert list(corpus_statistics(Corpus(SC_COMICS, abstracts)).parts) == [
        "all",
        "train",
        "dev",
        "other",
    ]
    with pytest.raises(ValueError, match="no corpus 'x'"):
        corpus_statistics(Corpus("x", (NEW,)))


def test_an_empty_corpus_has_nothing() -> None:
    part = corpus_statistics(Corpus(SUPERMAT, ())).parts["all"]
    assert (part.papers, part.passages, part.words, part.mentions) == (0, 0, 0, {})


def test_rows_say_all_of_it() -> None:
    rows = corpus_statistics(Corpus(SUPERMAT, (PAPER,))).rows()
    assert rows[: len(rows) // 2] == [
        Row("all", "papers", "", 1),
        Row("all", "passages", "", 2),
        Row("all", "words", "", 7),
        Row("all", "mention", "material", 1, 1, 0.5),
        Row("all", "mention", "tc", 2, 1, 1.0),
        Row("all", "mention", "tcValue", 1, 1, 0.5),
        Row("all", "link", "corresp", 3, across=2),
        Row("all", "link ends", "corresp: material, tcValue", 2, across=2),
        Row("all", "link ends", "corresp: tc, tcValue", 1, across=0),
    ]
    assert {row.part for row in rows[len(rows) // 2 :]} == {"train"}
    events = corpus_statistics(Corpus(SC_COMICS, (abstract("x"),))).rows()
    assert events[-3:] == [
        Row("other", "event", "Doping", 2),
        Row("other", "role", "Doping: Dopant", 2),
        Row("other", "role", "Doping: Site", 1),
    ]


@pytest.mark.shared
def test_the_figures_of_the_documentation(shared: Path, root: Path) -> None:
    page = (root / "docs" / "corpora.md").read_text(encoding="utf-8")
    for name in (SUPERMAT, SC_COMICS):
        whole = corpus_statistics(load_corpus(name, shared / "corpora" / name)).parts["all"]
        total = sum(mention.count for mention in whole.mentions.values())
        listed = sorted(whole.mentions.items(), key=lambda item: -item[1].count)
        counts = ", ".join(f"{label} {mention.count:,}" for label, mention in listed)
        assert f"{total:,} mentions ({counts})" in " ".join(page.split())
