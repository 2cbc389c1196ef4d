"""Lines are checked, and nothing of them is lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.schemes import Scheme
from scmine.pipelines.tag_lines import parse_line

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ANSWER = {"entities": [], "links": [], "sentences": 1}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "no JSON: Expecting property name"),
        (b"\xff", "no UTF-8 at byte 1"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"text": "a", "n": NaN}', "NaN is no JSON number"),
        (b'{"text": "a", "n": -1e999}', "-1e999 is no JSON number or too large"),
        (b'["text"]', "no JSON object"),
        (b'{"id": 1}', 'no "text"'),
        (b'{"text": null}', '"text" is no string'),
        (b'{"text": "a\\ud800"}', "half a character at 1"),
        (b'{"text": "a", "entities": {}}', '"entities" is no list'),
        (b'{"text": "a", "entities": [[0, 1]]}', "entity 0: no JSON object"),
        (b'{"text": "a", "entities": [{"start": true, "end": 1}]}', "whole numbers"),
        (b'{"text": "a", "entities": [{"start": 0, "end": 2, "label": "tc"}]}', "outside"),
        (b'{"text": "a", "entities": [{"start": 1, "end": 1, "label": "tc"}]}', "empty"),
        (b'{"text": "a", "entities": [{"start": -1, "end": 1, "label": "tc"}]}', "outside"),
        (b'{"text": "a", "entities": [{"start": 0, "end": 1, "label": "Tc"}]}', "'Tc'; there are"),
        (b'{"text": "a", "entities": [{"start": 0, "end": 1, "label": []}]}', "unknown label"),
        (b'{"text": "a", "entities": [{"start": 0, "end": 1}]}', "unknown label None"),
    ],
)
def test_bad_lines_say_what_is_wrong(raw: bytes, reason: str) -> None:
    line = parse_line(raw, 3, Scheme.SUPERMAT)
    assert line.error is not None
    assert reason in line.error
    assert json.loads(line.written())["error"] == line.error


def test_labels_are_those_of_the_scheme() -> None:
    raw = b'{"text": "a", "entities": [{"start": 0, "end": 1, "label": "Main"}]}'
    assert parse_line(raw, 1, Scheme.SC_COMICS).error is None
    assert parse_line(raw, 1, Scheme.SUPERMAT).error is not None
    other = raw.replace(b"Main", b"lambda")  # found by rules in papers, but none of SuperMat's
    assert parse_line(other, 1, Scheme.SUPERMAT).error is not None


@given(st.binary())
def test_any_bytes_come_out_as_one_line_of_json(raw: bytes) -> None:
    line = parse_line(raw, 1, Scheme.SUPERMAT)
    written = line.written()
    assert written.endswith(b"\n")
    assert written.count(b"\n") == 1
    assert isinstance(json.loads(written), dict)


@given(st.dictionaries(st.text(), JSON))
def test_unknown_keys_are_kept(more: dict[str, object]) -> None:
    content = more | {"text": "MgB2", "entities": None}
    line = parse_line(json.dumps(content).encode(), 1, Scheme.SUPERMAT)
    assert line.error is None
    expected = {key: value for key, value in content.items() if key != "error"}
    found = json.loads(line.answered(ANSWER).written())
    assert found == expected | {"entities": [], "links": []}


def test_given_entities_keep_their_keys() -> None:
    given = [
        {"start": 5, "end": 7, "label": "tc", "score": 0.5, "by": "me"},
        {"start": 0, "end": 4, "label": "material", "text": "MgB2"},
    ]
    raw = json.dumps({"text": "MgB2 Tc", "entities": given}).encode()
    line = parse_line(raw, 1, Scheme.SUPERMAT).answered(ANSWER | {"entities": ["not", "used"]})
    assert line.content["entities"] == [
        given[0] | {"text": "Tc"},
        given[1] | {"score": None},
    ]


def test_an_error_of_an_earlier_run_goes_and_one_of_this_run_stays() -> None:
    line = parse_line(b'{"text": "a", "error": "before"}', 1, Scheme.SUPERMAT)
    assert "error" not in json.loads(line.answered(ANSWER).written())
    assert json.loads(line.answered({"error": "now"}).written()) == {"text": "a", "error": "now"}


def test_a_byte_order_mark_is_no_error() -> None:
    assert parse_line(b'\xef\xbb\xbf{"text": "a"}', 1, Scheme.SUPERMAT).error is None
