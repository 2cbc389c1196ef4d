"""TEI files that the corpus is loaded from say what was annotated."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.corpora.exchange.annotated import AnnotatedText, Annotations
from scmine.corpora.exchange.tei_file import to_tei
from scmine.corpora.supermat import LABELS, load_paper, normalise_blanks
from scmine.corpora.types import Paper
from scmine.extractors.claim import Link, Mention
from tests.corpora.exchange.annotated_texts import TEXTS, annotations


def loaded(*texts: AnnotatedText) -> Paper:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "paper.tei.xml"
        path.write_text(to_tei(texts, "a <test>").xml, encoding="utf-8", newline="")
        return load_paper(path)


@settings(deadline=None)
@given(st.data())
def test_what_was_written_is_loaded(data: st.DataObject) -> None:
    text = normalise_blanks(data.draw(TEXTS), [])[0]
    found = data.draw(annotations(text, tuple(LABELS), apart=True))
    written = AnnotatedText("a", text, None, found, about={"kind": "paragraph"})
    assert to_tei([written], "").lost == 0
    paper = loaded(written)
    passage = paper.passages[-1]
    assert passage.text == text
    at = [(m.start, m.end, str(m.label)) for m in found.mentions]
    assert [(m.start, m.end, str(m.label)) for m in passage.mentions] == at
    links = {(link.head[1], link.tail[1]) for link in paper.links}
    assert links == {(k.head, k.tail) for k in found.links}


def test_passages_keep_their_kind_and_links_their_passage() -> None:
    found = Annotations(
        (Mention(0, 4, "material", "MgB2"), Mention(8, 12, "tcValue", "39 K")),
        (Link(0, 1, "material-tcValue"),),
    )
    kinds = ("title", "abstract", "paragraph", "caption")
    paper = loaded(
        *(AnnotatedText(k, "MgB2 at 39 K", None, found, about={"kind": k}) for k in kinds)
    )
    assert [p.kind for p in paper.passages] == ["title", "abstract", "paragraph", "figure_caption"]
    assert sorted((link.head, link.tail) for link in paper.links) == [
        ((i, 0), (i, 1)) for i in range(4)
    ]


def test_what_the_form_cannot_hold_is_counted() -> None:
    found = Annotations(
        (
            Mention(0, 4, "material", "MgB2"),
            Mention(2, 4, "material", "B2"),
            Mention(8, 12, "lambda", "0.87"),
        )
    )
    assert to_tei([AnnotatedText("a", "MgB2 is 0.87", None, found)], "").lost == 2
