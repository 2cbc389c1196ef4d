"""Two made-up corpora of a few sentences, written as files."""

from __future__ import annotations

from pathlib import Path

_TEI = """<?xml version="1.0" encoding="UTF-8"?>
<tei xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>
<title>On MgB2</title></titleStmt></fileDesc></teiHeader>
<text xml:lang="en"><body><p><rs type="material" xml:id="m1">MgB2</rs> has a
<rs type="tc">Tc</rs> of <rs type="tcValue" corresp="#m1">39 K</rs>.</p></body></text></tei>
"""
_TEXT = "Zn doping of YBa2Cu3O7 lowers Tc to 60 K."
_ANN = """T1\tElement 0 2\tZn
T2\tDoping 3 9\tdoping
T3\tMain 13 22\tYBa2Cu3O7
T4\tSC 30 32\tTc
T5\tValue 36 40\t60 K
E1\tDoping:T2 Dopant:T1
R1\tEquivalent Arg1:T4 Arg2:T5
"""


def write_supermat(folder: Path) -> Path:
    """A folder with a paper that the split does not know."""
    folder.mkdir()
    (folder / "new.tei.xml").write_text(_TEI, encoding="utf-8")
    return folder


def write_sc_comics(folder: Path) -> Path:
    """A folder with an abstract that is held back."""
    folder.mkdir()
    (folder / "0900.txt").write_text(_TEXT, encoding="utf-8")
    (folder / "0900.ann").write_text(_ANN, encoding="utf-8")
    return folder
