"""The page shows gold and prediction, and nothing in a paper can run in it."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser

from scmine.corpora.predict import TaggedPaper, TaggedPassage, predict
from scmine.corpora.scored import ScoredPassage, scored_paper
from scmine.corpora.types import GoldMention, GoldPassage, Paper
from scmine.corpora.view import write_view
from scmine.extractors.claim import Mention
from scmine.extractors.document import Passage, PassageKind
from tests.corpora.gold_tagger import SUPERMAT_PAPER, FirstMaterialLinker, WordTagger


class _Tags(HTMLParser):
    """The elements of a page, in order, and whether each was closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.names.append(tag)
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _page(paper: Paper, words: dict[str, str]) -> str:
    gold = scored_paper("supermat", paper)
    tagged = predict([gold], WordTagger(words), FirstMaterialLinker())
    return "".join(write_view(tagged, "a <title>"))


def test_fates_are_told_by_symbol_and_class() -> None:
    page = _page(SUPERMAT_PAPER, {"MgB2": "material", "39": "tcValue", "At": "tc"})
    for mark in (
        '<mark class="right" data-label="material"><i>✓</i>MgB2<small>material</small></mark>',
        '<mark class="near" data-label="tcValue"><i>≈</i>39 K<small>tcValue</small></mark>',
        '<mark class="missed" data-label="pressure"><i>✗</i>8 GPa<small>pressure</small></mark>',
        '<mark class="extra" data-label="tc"><i>+</i>At<small>tc</small></mark>',
        '<li data-label="material-tcValue" class="right">✓ material-tcValue: MgB2 → 39 K</li>',
        '<li data-label="tcValue-pressure" class="missed">✗ tcValue-pressure: 37 K → 8 GPa</li>',
    ):
        assert mark in page
    assert 'data-label="pressure"> pressure</label>' in page
    assert not _Tags(page).open


def test_texts_cannot_become_markup() -> None:
    text = '<script>alert("MgB2")</script> & <img src=x onerror=alert(1)>'
    gold = GoldPassage("title", text, (GoldMention(0, 8, "material"), GoldMention(8, 23, "tc")))
    page = _page(Paper('<b>"stem"', (gold,)), {'"MgB2"': "material"})
    tags = _Tags(page)
    assert tags.names.count("script") == 1
    assert not {"img", "b"} & set(tags.names) - {"b"}
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;&quot;stem&quot;" in page


def test_only_the_pages_own_script_may_run() -> None:
    page = _page(SUPERMAT_PAPER, {})
    [script] = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in page
    assert "http" not in page.replace("http-equiv", "")


def test_overlapping_mentions_get_lines_of_their_own() -> None:
    passage = Passage(PassageKind.ABSTRACT, "high-Tc oxides")
    gold = ScoredPassage(
        passage, (Mention(0, 14, "Material", ""), Mention(5, 7, "SC", "Tc")), frozenset()
    )
    paper = TaggedPaper("p", (TaggedPassage(gold, (), frozenset(), frozenset()),))
    page = "".join(write_view([paper], "t"))
    assert page.count("<b>gold</b>") == 2
    assert page.count("<b>found</b>") == 1


def test_passages_without_mentions_are_left_out() -> None:
    page = _page(Paper("p", (GoldPassage("title", "Nothing here"),)), {})
    assert "Nothing here" not in page
