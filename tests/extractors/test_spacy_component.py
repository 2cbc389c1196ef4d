"""The tagger works as a component of any spaCy pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from scmine.extractors.schemes import Scheme
from scmine.extractors.spacy_component import FACTORY, ScmineNer

TEXT = "Here MgB2 has a Tc of 39 K in zero field, as resistivity shows."
TEXTS = [
    TEXT,
    "",
    "Nothing of the kind.",
    "The Tc of LaFeAsO0.89F0.11 is 26 K (see figure).",
    *[TEXT] * 3,
]


@pytest.fixture(scope="module")
def nlp() -> Language:
    pipeline = spacy.blank("en")
    pipeline.add_pipe(FACTORY)
    return pipeline


def entities(doc: Doc) -> list[tuple[str, str]]:
    return [(ent.text, ent.label_) for ent in doc.ents]


def test_mentions_become_entities_with_a_score(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert ("MgB2", "material") in entities(doc)
    assert ("39 K", "tcValue") in entities(doc)
    assert all(0 < ent._.scmine_score <= 1 for ent in doc.ents)


def test_many_documents_give_what_each_gives_alone(nlp: Language) -> None:
    alone = [entities(nlp(text)) for text in TEXTS]
    assert [entities(doc) for doc in nlp.pipe(TEXTS)] == alone
    assert [entities(doc) for doc in nlp.pipe(TEXTS, batch_size=2)] == alone
    assert alone[1] == []


def test_the_other_scheme_has_other_labels() -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe(FACTORY, config={"scheme": "sc-comics"})
    doc = pipeline("Zn doping of YBa2Cu3O7 lowers Tc from 92 K to 60 K in films.")
    assert ("Zn", "Element") in entities(doc)
    assert ("60 K", "Value") in entities(doc)


def test_tokens_that_a_mention_ends_in_are_split(nlp: Language) -> None:
    words = ["The", "Tc", "of", "(MgB2)", "is", "39K,", "not", "40K."]
    doc = nlp.get_pipe(FACTORY)(Doc(nlp.vocab, words))
    assert doc.text == " ".join(words) + " "
    assert ("MgB2", "material") in entities(doc)
    assert ("39K", "tcValue") in entities(doc)


def test_a_sentence_may_end_with_kelvin(nlp: Language) -> None:
    doc = nlp("The Tc of MgB2 is 39 K.")
    assert [token.text for token in doc][-2:] == ["K", "."]
    assert ("39 K", "tcValue") in entities(doc)


@pytest.mark.parametrize("keep", [True, False])
def test_entities_that_are_there_stay_if_so_wished(keep: bool) -> None:
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "MgB2"}, {"label": "ORG", "pattern": "Here"}])
    pipeline.add_pipe(FACTORY, config={"keep": keep})
    found = entities(pipeline(TEXT))
    assert (("Here", "ORG") in found) is keep
    assert (("MgB2", "ORG") in found) is keep
    assert (("MgB2", "material") in found) is not keep
    assert ("39 K", "tcValue") in found


def test_a_pipeline_survives_writing_and_reading(tmp_path: Path) -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe(FACTORY, config={"scheme": "sc-comics", "keep": True})
    pipeline.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert again.get_pipe_meta(FACTORY).assigns == ["doc.ents"]
    config = again.config["components"][FACTORY]
    assert (config["scheme"], config["model"], config["keep"]) == ("sc-comics", None, True)
    assert entities(again(TEXT)) == entities(pipeline(TEXT)) != []


def test_another_model_can_be_used(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from tests.corpora.tiny_tagger import ABSTRACT, SEEN, SEEN_SPANS, write_tiny

    pipeline = spacy.blank("en")
    pipeline.add_pipe(FACTORY, config={"model": str(write_tiny(tmp_path / "model"))})
    text = SEEN.removesuffix(".")  # spaCy's words for English have the stop after "20 K" in them
    assert entities(pipeline(text)) == SEEN_SPANS
    pipeline.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert entities(again(text)) == SEEN_SPANS
    assert entities(again(ABSTRACT)) == entities(pipeline(ABSTRACT))


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="no scheme 'nosuch'; there are supermat, sc-comics"):
        spacy.blank("en").add_pipe(FACTORY, config={"scheme": "nosuch"})


def test_the_component_works_without_a_pipeline() -> None:
    if Span.has_extension("scmine_score"):
        Span.remove_extension("scmine_score")
    component = ScmineNer(Scheme.SUPERMAT)
    doc = component(spacy.blank("en").make_doc(TEXT))
    assert ("MgB2", "material") in entities(doc)
