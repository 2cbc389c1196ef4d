"""A word's row is always of whole numbers that fit the tables, and the same in every process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib

from hypothesis import example, given
from hypothesis import strategies as st

from scmine.extractors.word_features import (
    ALPHABET_ROWS,
    COLUMNS,
    HASH_ROWS,
    UNKNOWN,
    WORD_CHARACTERS,
    WordFeatures,
)

VOCABULARY = ["the", "<formula2>", "<00>", "superconductor"]
WORDS = ["MgB2", "39", "Superconductor", "κ-(BEDT-TTF)2Cu", "²", "−", "x" * 40, "𝑇", "\ud800"]
CHARACTERS = st.characters(exclude_categories=()).filter(lambda c: not c.isspace())


@given(st.text(CHARACTERS, min_size=1))
@example("²")
@example("\ud800")
@example("\x00")
@example("9" * 5000)
def test_a_row_fits_the_tables_whatever_the_word(word: str) -> None:
    row = WordFeatures(VOCABULARY)(word)
    rows = (len(VOCABULARY) + UNKNOWN + 1, *HASH_ROWS, *[ALPHABET_ROWS] * WORD_CHARACTERS)
    assert len(row) == COLUMNS == len(rows)
    assert all(type(value) is int for value in row)
    assert all(0 <= value < size for value, size in zip(row, rows, strict=True))
    assert row[0] >= UNKNOWN


def test_a_row_is_the_same_in_every_process() -> None:
    program = (
        "import json, sys; from scmine.extractors.word_features import WordFeatures\n"
        "rows = WordFeatures(json.loads(sys.argv[1]))\n"
        "print(json.dumps([rows(w) for w in json.loads(sys.argv[2])]))"
    )
    expected = [list(WordFeatures(VOCABULARY)(word)) for word in WORDS]
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program, json.dumps(VOCABULARY), json.dumps(WORDS)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(done.stdout) == expected


def test_rows_are_those_that_shipped_models_were_fitted_with() -> None:
    descriptions = ("<formula2>", "XxX0", "Mg", "gB2")
    tables = (4000, 1000, 1000, 2000)
    hashes = [zlib.crc32(d.encode()) % n for d, n in zip(descriptions, tables, strict=True)]
    letters = [40, 8, 29, 56]
    assert WordFeatures(VOCABULARY)("MgB2") == (3, *hashes, *letters, *[0] * 10)
    assert ALPHABET_ROWS == 109


def test_a_word_has_the_vector_of_its_kind_or_of_itself() -> None:
    rows = WordFeatures(["superconductor", "<00>", "gpa", "<element>"])
    places = [rows(w)[0] for w in ("Superconductor", "39", "GPa", "Nb", "400", "bismuth")]
    assert places == [2, 3, 4, 5, UNKNOWN, UNKNOWN]


def test_of_a_long_word_the_first_ten_and_last_four_characters_count() -> None:
    rows = WordFeatures([])
    long, short = rows("antiferromagnetic")[-14:], rows("antiferromnetic")[-14:]
    assert long == short == rows("antiferromagnetic"[:10] + "etic")[-14:]
    assert rows("antiferromagnet")[-14:] != long
