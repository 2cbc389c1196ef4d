"""Writing and reading the recogniser's network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scmine.extractors.ner_model import WEIGHTS_FILE, Settings, build, load, read_settings, save

COUNTS = {"material": 2, "tc": 1}
LABELS = {"0": {}, "1": COUNTS, "2": COUNTS, "3": COUNTS, "4": {**COUNTS, "": 1}, "5": {"": 1}}
SETTINGS = Settings(LABELS, {"tc": 0.8}, width=16, depth=1, rows=(50, 50, 50, 50), hidden_width=8)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    save(build(SETTINGS), SETTINGS, tmp_path)
    nlp, settings = load(tmp_path)
    assert settings == SETTINGS == read_settings(tmp_path)
    save(nlp, settings, tmp_path / "again")
    first, second = (np.load(f / WEIGHTS_FILE) for f in (tmp_path, tmp_path / "again"))
    assert sorted(first) == sorted(second)
    assert all(np.array_equal(first[key], second[key]) for key in first)
    assert all(first[key].dtype == np.float16 for key in first)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    save(build(SETTINGS), SETTINGS, tmp_path / "narrow")
    wide = replace(SETTINGS, width=24)
    save(build(wide), wide, tmp_path / "wide")
    (tmp_path / "narrow" / WEIGHTS_FILE).replace(tmp_path / "wide" / WEIGHTS_FILE)
    with pytest.raises(ValueError, match="fits the settings"):
        load(tmp_path / "wide")


def test_weights_that_need_unpickling_are_refused(tmp_path: Path) -> None:
    save(build(SETTINGS), SETTINGS, tmp_path)
    with np.load(tmp_path / WEIGHTS_FILE) as arrays:
        spoiled = {key: np.array([{}], dtype=object) for key in arrays}
    np.savez(tmp_path / WEIGHTS_FILE, **spoiled)
    with pytest.raises(ValueError, match="allow_pickle"):
        load(tmp_path)
