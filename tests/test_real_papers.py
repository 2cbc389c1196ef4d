"""The real papers of the shared folder: every file ends as it should, and little of it is lost."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from scmine.corpora.supermat import load_paper
from scmine.extractors import extract, read
from scmine.extractors.claim import Label
from scmine.extractors.document import ReadError, Status

pytestmark = pytest.mark.shared

STEMS = ["kotegawa2008abrupt-CC", "PHC4170033-CC", "L095167004-CC", "xing2014theAnomaly-CC"]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("other/Praktikum_scan_imageonly.pdf", Status.NEEDS_OCR),
        ("other/arXiv_1803.10260_Hamidieh.pdf", Status.NOT_A_PDF),
        ("supermat/ivanovskii2008newHigh.pdf", Status.BROKEN_TEXT),
    ],
)
def test_what_cannot_be_read_has_its_status(shared: Path, name: str, status: Status) -> None:
    with pytest.raises(ReadError) as error:
        read(shared / "papers" / name)
    assert error.value.status is status


@pytest.mark.parametrize("stem", STEMS)
def test_annotated_values_and_materials_are_in_the_text(shared: Path, stem: str) -> None:
    document = read(shared / "papers/supermat" / f"{stem}.pdf")
    text = plain(" ".join(p.text for p in document.passages))
    paper = load_paper(shared / "corpora/supermat" / f"{stem}.tei.xml")
    gold = [
        passage.surface(mention)
        for passage in paper.passages
        for mention in passage.mentions
        if mention.label in (Label.TC_VALUE, Label.PRESSURE, Label.MATERIAL)
    ]
    found = sum(plain(words) in text for words in gold)
    assert found >= 0.97 * len(gold)


def test_every_number_of_a_record_stands_in_its_sentence(shared: Path) -> None:
    document = read(shared / "papers/supermat/kotegawa2008abrupt-CC.pdf")
    records = extract(document).records
    assert len(records) >= 8
    for record in records:
        for printed in (record.raw_tc, record.raw_pressure):
            assert printed is None or printed in record.sentence
    assert any(r.formula == "SrFe2As2" and r.tc_K == 34.1 for r in records)


def plain(text: str) -> str:
    """Text without blanks and dashes, in one form."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\-‐-―−∼~⋅·•]", "", text).lower()
