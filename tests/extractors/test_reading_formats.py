"""Each format is known by its ending, XML by its beginning, and comes through ingest when named."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.extractors import extract, read
from scmine.extractors.document import ReadError, Status

MARKDOWN = """# Superconductivity in LaFeAsO$_{0.89}$F$_{0.11}$

## Abstract

We measured the resistivity of LaFeAsO$_{0.89}$F$_{0.11}$ and found superconductivity with
$T_c$ = 26 K at ambient pressure in all of the samples that we made.

## Introduction

Nothing else is said here, but it is said in a sentence that is long enough to be one.
"""
TEI = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>
<title>On a compound</title></titleStmt></fileDesc></teiHeader>
<text><body><div><p>The compound MgB2 becomes superconducting at Tc = 39 K.</p></div></body></text>
</TEI>
"""
JATS = """<?xml version="1.0" encoding="UTF-8"?>
<article><front><article-meta><title-group><article-title>On a compound</article-title>
</title-group></article-meta></front><body><sec><title>Results</title>
<p>The compound MgB<sub>2</sub> becomes superconducting at
<italic>T</italic><sub>c</sub> = 39 K.</p>
</sec></body></article>
"""
HTML = """<!DOCTYPE html><html><body><article class="ltx_document">
<h1 class="ltx_title ltx_title_document">On a compound</h1><div class="ltx_para"><p class="ltx_p">
The compound MgB<math alttext="{}_{2}"></math> becomes superconducting at
<math alttext="T_{c}=39\\,\\mathrm{K}"></math>.</p></div></article></body></html>
"""


@pytest.mark.parametrize(
    ("name", "content", "formula", "tc_K"),
    [
        ("paper.md", MARKDOWN, "LaFeAsO0.89F0.11", 26.0),
        ("paper.tei.xml", TEI, "MgB2", 39.0),
        ("paper.xml", JATS, "MgB2", 39.0),
        ("paper.nxml", JATS, "MgB2", 39.0),
        ("paper.html", HTML, "MgB2", 39.0),
        ("2401.01234v1", HTML, "MgB2", 39.0),
        ("PAPER.TXT", "On a compound\n\nWe find that MgB2 has a Tc of 39 K.\n", "MgB2", 39.0),
    ],
)
def test_each_format_gives_its_record(
    tmp_path: Path, name: str, content: str, formula: str, tc_K: float
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    records = extract(read(path)).records
    assert (formula, tc_K) in {(r.formula, r.tc_K) for r in records}


@pytest.mark.parametrize("content", ["<html><p>MgB2</p></html>", "", "no XML"])
def test_other_xml_is_refused_with_a_reason(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.xml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReadError, match="neither TEI nor JATS") as caught:
        read(path)
    assert caught.value.status is Status.FAILED


def test_an_unknown_ending_is_taken_for_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "paper.docx"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(ReadError) as caught:
        read(path)
    assert caught.value.status is Status.NOT_A_PDF
