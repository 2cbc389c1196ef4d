"""UIMA CAS for INCEpTION says what was annotated, and gives it back."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from hypothesis import given, settings

pytest.importorskip("cassis")

from scmine.corpora.exchange.annotated import AnnotatedText, Annotations, ordered
from scmine.corpora.exchange.inception import read_zip, write_zip
from scmine.extractors.claim import Link, Mention
from tests.corpora.exchange.annotated_texts import annotated_texts, bare

TEXT = "😀 MgB2 has Tc = 39 K.\r\nNbN:\x0c 16 K."
AFTER = ordered(
    [Mention(2, 6, "material", "MgB2"), Mention(16, 20, "tcValue", "39 K")],
    [Link(0, 1, "material-tcValue")],
)


def written(text: AnnotatedText) -> io.BytesIO:
    target = io.BytesIO()
    write_zip([text], target)
    target.seek(0)
    return target


@settings(deadline=None)
@given(annotated_texts())
def test_what_was_written_is_read(text: AnnotatedText) -> None:
    (again,) = read_zip(written(text))
    assert again.text == text.text
    assert bare(again.before) == bare(text.before)
    assert bare(again.after) == bare(text.after)
    assert _said(again.before) == _said(text.before)
    assert _said(again.after) == _said(text.after)


def _said(found: Annotations | None) -> object:
    """Scores and reasons of mentions and links, by where they stand."""
    if found is None:
        return None
    at = [(m.start, m.end, str(m.label)) for m in found.mentions]
    return (
        {(at[i], m.score, found.reason(i)) for i, m in enumerate(found.mentions)},
        {
            (at[k.head], at[k.tail], str(k.label), k.score, found.link_reason(i))
            for i, k in enumerate(found.links)
        },
    )


def test_the_layers_are_those_of_a_new_project() -> None:
    with zipfile.ZipFile(written(AnnotatedText("a-1", TEXT, AFTER, AFTER))) as archive:
        assert set(archive.namelist()) == {"TypeSystem.xml", "before/a-1.xmi", "after/a-1.xmi"}
        types = archive.read("TypeSystem.xml").decode()
        xmi = archive.read("after/a-1.xmi").decode()
    assert "<name>custom.Span</name>" in types
    assert "<name>custom.Relation</name>" in types
    span = re.search(r"<custom:Span [^>]*label=\"material\"[^>]*>", xmi)
    assert span is not None
    # The emoji is two units of UTF-16, in which UIMA counts.
    assert 'begin="3"' in span[0]
    assert 'end="7"' in span[0]
    relation = re.search(r"<custom:Relation [^>]*>", xmi)
    assert relation is not None
    ident = re.search(r'xmi:id="(\d+)"', span[0])
    assert ident is not None
    assert f'Governor="{ident[1]}"' in relation[0]


def test_what_xml_cannot_hold_is_replaced_and_offsets_hold() -> None:
    (again,) = read_zip(written(AnnotatedText("a-1", TEXT, None, AFTER)))
    assert again.text == TEXT.replace("\x0c", "\ufffd")
    assert bare(again.after) == bare(AFTER)


def test_a_zip_without_types_is_refused() -> None:
    target = io.BytesIO()
    zipfile.ZipFile(target, "w").close()
    with pytest.raises(ValueError, match=r"no TypeSystem\.xml"):
        read_zip(target)
