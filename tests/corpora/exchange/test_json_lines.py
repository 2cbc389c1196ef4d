"""Annotated texts as JSON lines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from scmine.corpora.exchange.annotated import AnnotatedText
from scmine.corpora.exchange.json_lines import from_line, to_line
from tests.corpora.exchange.annotated_texts import annotated_texts


@settings(deadline=None)
@given(annotated_texts())
def test_what_was_written_is_read(text: AnnotatedText) -> None:
    line = to_line(text)
    assert "\n" not in line
    assert from_line(line) == text


@pytest.mark.parametrize(
    "line",
    [
        "{}",
        "no json",
        '{"id":"a","text":"b","before":null,"sentences":[],"about":{},'
        '"after":{"entities":[],"links":[{"head":0,"tail":0,"label":"x","score":1}]}}',
    ],
)
def test_a_line_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"not an annotated text|Expecting value"):
        from_line(line)
