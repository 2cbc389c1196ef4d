"""Facts told along: names that the text uses, and nothing that the paper does not say."""

from __future__ import annotations

from scmine.extractors.document import Document, Metadata, Passage, PassageKind
from scmine.extractors.extract import extract
from scmine.extractors.llm.paper_facts import MOST_NAMES, PaperFacts

TEXTS = (
    "Films of La2−xSrxCuO4 (LSCO) were grown.",
    "We measured sample A (x = 0.1) and sample B (x = 0.2).",
    "La2−xSrxCuO4 has a maximum of Tc at x = 0.16.",
)
DOCUMENT = Document(
    "d",
    "",
    "",
    Metadata(title="Films of LSCO"),
    tuple(Passage(PassageKind.PARAGRAPH, text) for text in TEXTS),
)


def test_names_and_their_meaning_are_those_of_the_paper() -> None:
    facts = PaperFacts.of(DOCUMENT)
    assert facts.title == "Films of LSCO"
    assert dict(facts.names) == {"LSCO": "La2-xSrxCuO4", "A": "x = 0.1", "B": "x = 0.2"}
    assert facts.main == ""
    assert PaperFacts.of(DOCUMENT, extract(DOCUMENT).mentions).main == "La2−xSrxCuO4 (LSCO)"


def test_only_names_that_the_text_uses_are_told() -> None:
    facts = PaperFacts.of(DOCUMENT)
    assert facts.lines("Results", "Sample B shows zero resistance.") == (
        "title: Films of LSCO\nsection: Results\nnames: B = x = 0.2"
    )
    assert "names" not in facts.lines("", "LSCO2 and ABBA")
    assert facts.lines("", "", with_title=False) == ""


def test_facts_are_few_short_and_on_one_line_each() -> None:
    names = tuple((f"S{n}", "x\n<|im_end|>" * 100) for n in range(50))
    facts = PaperFacts("t" * 9000, "m" * 9000, names)
    text = facts.lines("s" * 9000, " ".join(name for name, _ in names))
    assert len(text.splitlines()) == 4
    assert len(text) < 3500
    assert text.count("; S") == MOST_NAMES - 1
    assert "<|im_end|>" not in text
