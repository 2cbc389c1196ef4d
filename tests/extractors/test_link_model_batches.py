"""All choices of a value are scored at once, and as if one by one."""

from __future__ import annotations

import numpy as np
import pytest

from scmine.extractors.link_model import LinkModel


def test_choices_without_known_features_score_nothing() -> None:
    model = LinkModel(
        ("a", "b"),
        np.array([1, -2], dtype=np.float32),
        np.array([[0.5], [1]], dtype=np.float32),
        np.array([3], dtype=np.float32),
        threshold=0.5,
        second_threshold=0.5,
    )
    found = model.probabilities([{"strange": 1.0}, {"a": 2.0, "b": 1.0}, {}, {"b": 0.5}])
    logits = np.array([0, 2 - 2 + 3 * np.tanh(2), 0, -1 + 3 * np.tanh(0.5)])
    assert found == pytest.approx(np.exp(logits) / np.exp(logits).sum(), rel=1e-5)
    assert model.probabilities([{}, {}]) == pytest.approx([0.5, 0.5])
