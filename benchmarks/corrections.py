"""What corrections are worth: a curator is simulated on SuperMat, and the models learn from him.

A third of the training papers is the corpus. Models trained on it read other training papers; each
of their records is compared with the annotations, and validated, corrected or rejected as a curator
would, and claims that were missed are added. Then the models are trained again with these
corrections, and scored on the development papers. For comparison, with the sentences whose every
record was judged as if fully annotated, and with the papers' own annotations.

    python benchmarks/corrections.py SUPERMAT [--curated N] [--seeds 0 1] [--epochs 6] [-o OUT]
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from scmine.corpora.corrections.deriving import derive
from scmine.corpora.corrections.judgement import Correction, Judgement
from scmine.corpora.corrections.places import Printed, locate
from scmine.corpora.corrections.training import judged_passage, partial_passage
from scmine.corpora.evaluate import Score, add_scores, gold_spans, score_passage
from scmine.corpora.exchange.annotated import Annotations
from scmine.corpora.export import write_model
from scmine.corpora.fitting import Recipe, Source, fit
from scmine.corpora.link_examples import LinkedPassage, linked_passages
from scmine.corpora.loading import SUPERMAT, load_corpus
from scmine.corpora.network import Shape
from scmine.corpora.respace import reading_form, vocabulary
from scmine.corpora.splits import split_corpus
from scmine.corpora.tagger_sources import SUPERMAT_LABELS, make_sources, texts
from scmine.corpora.train_linker import score_links, train_all
from scmine.corpora.types import GoldMention, GoldPassage, Paper
from scmine.corpora.vectors import Vectors, word_vectors
from scmine.database.record import Record, RecordStatus
from scmine.database.revision import ErrorType
from scmine.extractors.claim import Label, LinkLabel
from scmine.extractors.document import Document
from scmine.extractors.extract import extract
from scmine.extractors.link_model import save_models
from scmine.extractors.linking import TrainedLinker, link_with
from scmine.extractors.sequence_model import SequenceModel
from scmine.extractors.tagging import default_tagger
from scmine.extractors.tidy import tidy

SHAPE = Shape(width=96, depth=2, memory=80)


def main() -> None:
    """Run the experiment and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("supermat", type=Path)
    parser.add_argument("--curated", type=int, default=31)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("-o", "--out", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    split = split_corpus(SUPERMAT, load_corpus(SUPERMAT, options.supermat).papers)
    papers = random.Random(0).sample(split.train, len(split.train))
    known, curated = papers[: len(papers) // 3], papers[len(papers) // 3 :][: options.curated]
    results = [one_seed(known, curated, split.dev, seed, options.epochs) for seed in options.seeds]
    if options.out:
        options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def one_seed(
    known: Sequence[Paper], curated: Sequence[Paper], dev: Sequence[Paper], seed: int, epochs: int
) -> dict[str, object]:
    """Scores of every way to learn, for one seed."""
    words = vocabulary(known)
    sources = {SUPERMAT: make_sources(known, [])[SUPERMAT]}
    vectors = word_vectors(texts(sources, None))
    passages = [reading_form(p, words) for q in dev for p in q.passages if p.text]
    gold_links = [linked_passages(paper, words) for paper in dev]

    def measure(name: str, source: Source, folder: Path) -> dict[str, object]:
        began = time.monotonic()
        train_tagger(source, vectors, Recipe(epochs=epochs, seed=seed), folder)
        rows = {}
        for way in ("exact", "overlap"):
            scores = score(SequenceModel(folder), passages, exact=way == "exact")
            rows[way] = {
                k: tuple(round(n, 1) for n in (s.precision, s.recall, s.f1))
                for k, s in sorted(scores.items())
            }
            print(f"seed {seed}, {name}, {way}: {rows[way]}", flush=True)
        print(f"seed {seed}, {name}: {time.monotonic() - began:.0f} s", flush=True)
        return dict(rows)

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        rows: dict[str, object] = {"base": measure("base", sources[SUPERMAT], folder / "base")}
        save_models(train_all(known, seed), folder / "linker")
        corrections = simulate(curated, words, folder)
        rows["counts"] = counts = count(corrections)
        print(f"seed {seed}: {counts}", flush=True)
        partial = tuple(partial_passage(c, SUPERMAT_LABELS) for c in corrections)
        base = sources[SUPERMAT]
        closed = tuple(reading_form(p, words) for q in curated for p in q.passages if p.text)
        ways = {
            "corrections": replace(base, partial=partial),
            "as if sentences were full": replace(
                base, passages=base.passages + tuple(full_sentences(corrections))
            ),
            "the papers' annotations": replace(base, passages=base.passages + closed),
        }
        for name, source in ways.items():
            rows[name] = measure(name, source, folder / name)
        judged = [judged_passage(c) for c in corrections]
        more = {"base": (known, []), "corrections": (known, judged)}
        more |= {"corrections three times": (known, judged * 3)}
        more |= {"the papers' annotations": ([*known, *curated], [])}
        for name, (learnt, corrected) in more.items():
            models = train_all(learnt, seed, corrected)
            links = [
                score_links(lambda p, m, models=models: link_with(models, p, m), passages)
                for passages in gold_links
            ]
            row = summed(links)
            print(f"seed {seed}, links, {name}: {row}", flush=True)
            rows[f"links, {name}"] = row
    return rows


def score(model: SequenceModel, passages: Sequence[GoldPassage], exact: bool) -> dict[str, Score]:
    """Scores by label of a tagger."""
    found = model.spans([p.text for p in passages], SUPERMAT)
    return add_scores(
        score_passage(
            gold_spans(p), [(*tidy(p.text, s.start, s.end), s.label) for s in spans], exact=exact
        )
        for p, spans in zip(passages, found, strict=True)
    )


def summed(parts: Sequence[dict[str, Score]]) -> dict[str, float]:
    """F1 by label and micro over papers."""
    return {k: round(s.f1, 1) for k, s in sorted(add_scores(parts).items())}


def train_tagger(source: Source, vectors: Vectors, recipe: Recipe, folder: Path) -> None:
    """Fit one network and write it as a model."""
    sources = {SUPERMAT: source}
    network = fit(sources, vectors, recipe, SHAPE)
    write_model([network], sources, vectors, ("trial", "0"), folder, quantised=False)


def simulate(papers: Sequence[Paper], words: Counter[str], folder: Path) -> list[Correction]:
    """Read papers with the models of ``folder``, and correct each record by the annotations."""
    tagger, linker = default_tagger(folder / "base"), TrainedLinker(folder / "linker")
    found = []
    for paper in papers:
        linked = linked_passages(paper, words)
        passages = tuple(p.passage for p in linked)
        document = Document(paper.stem, paper.stem, "supermat", passages=passages)
        records = extract(document, tagger, linker).stated
        mentions = tagger.tag(passages)
        for i, (passage, gold) in enumerate(zip(passages, linked, strict=True)):
            machine = Annotations(tuple(mentions[i]), tuple(linker.link(passage, mentions[i])))
            own = [r for r in records if r.places and r.places[0].passage == i]
            judgements = judge(gold, machine, own, paper.stem, i)
            correction = derive(paper.stem, i, passage, machine, judgements)
            if correction.judgements:
                found.append(correction)
    return found


def judge(
    gold: LinkedPassage, machine: Annotations, records: Sequence[Record], stem: str, position: int
) -> list[Judgement]:
    """What a curator who sees the annotations says of a passage's records, and which he adds."""
    said: list[Judgement] = []
    covered: set[tuple[int, int]] = set()
    pairs = {(v, t) for label, v, t in gold.pairs if label is LinkLabel.MATERIAL_TC}
    for record in records:
        place = locate(gold.passage, machine, record)
        if not isinstance(place, Printed):
            continue
        values = at(gold, place.value, Label.TC_VALUE)
        wrong = {"status": RecordStatus.INVALID}
        if not values:
            after = record.model_copy(update=wrong | {"error_type": ErrorType.EXTRACTION})
            said.append(Judgement(before=record, after=after))
            continue
        right = [(v, t) for v, t in pairs if v in values]
        materials = at(gold, place.material, Label.MATERIAL) if place.material else []
        hit = [pair for pair in right if pair[1] in materials]
        if hit:
            covered.update(hit)
            update = {"status": RecordStatus.VALIDATED}
            if (pressure := other_pressure(gold, place, values)) is not None:
                update = {"status": RecordStatus.CURATED, **pressure}
        elif right:
            pair = min(right)
            covered.add(pair)
            update = {"status": RecordStatus.CURATED, "raw_material": gold.mentions[pair[1]].text}
            update |= {"formula": None, "name": None, "error_type": ErrorType.LINKING}
        elif materials:
            update = wrong | {"error_type": ErrorType.LINKING}
        else:
            continue  # the paper's own material, which no annotation names
        said.append(Judgement(before=record, after=record.model_copy(update=update)))
    for value, target in sorted(pairs - covered):
        start, end = gold.passage.sentence_at(gold.mentions[value].start)
        added = Record(
            record_id=f"{stem}-{position}-{value}-{target}",
            doc_id=stem,
            raw_material=gold.mentions[target].text,
            raw_tc=gold.mentions[value].text,
            sentence=gold.passage.text[start:end],
            status=RecordStatus.CURATED,
            raw_pressure=next(iter(pressures_of(gold, [value])), None),
        )
        said.append(Judgement(before=None, after=added))
    judged = {j.record_id for j in said}
    said += [Judgement(before=r, after=r) for r in records if r.record_id not in judged]
    return said


def pressures_of(gold: LinkedPassage, values: Sequence[int]) -> list[str]:
    """The pressures that values are annotated with, as printed."""
    return [
        gold.mentions[t].text
        for label, v, t in sorted(gold.pairs)
        if label is LinkLabel.TC_PRESSURE and v in values
    ]


def other_pressure(
    gold: LinkedPassage, place: Printed, values: Sequence[int]
) -> dict[str, str | None] | None:
    """The pressure that a record should have, if it has another one; None if it is right."""
    wanted = pressures_of(gold, values)
    if place.pressure is None:
        return {"raw_pressure": wanted[0]} if wanted else None
    hits = {gold.mentions[i].text for i in at(gold, place.pressure, Label.PRESSURE)}
    if hits & set(wanted):
        return None
    return {"raw_pressure": wanted[0] if wanted else None, "pressure_GPa": None}


def at(gold: LinkedPassage, span: tuple[int, int], label: Label) -> list[int]:
    """The annotated mentions of a label that share a character with an interval."""
    return [
        i
        for i, m in enumerate(gold.mentions)
        if m.label is label and m.start < span[1] and span[0] < m.end
    ]


def full_sentences(corrections: Sequence[Correction]) -> list[GoldPassage]:
    """The sentences whose every record was judged, with all mentions as they now are."""
    found = []
    for correction in corrections:
        text = correction.passage.text
        for start, end in correction.whole:
            mentions = tuple(
                GoldMention(m.start - start, m.end - start, m.label)
                for m in correction.after.mentions
                if start <= m.start and m.end <= end and m.label in SUPERMAT_LABELS
            )
            found.append(GoldPassage("paragraph", text[start:end], mentions))
    return found


def count(corrections: Sequence[Correction]) -> dict[str, int]:
    """How much the curator said, by what."""
    kinds: Counter[str] = Counter()
    for correction in corrections:
        kinds["passages"] += 1
        kinds["known mentions"] += len(correction.known)
        kinds["wrong mentions"] += len(correction.wrong)
        kinds["values with known links"] += len(correction.linked)
        kinds["whole sentences"] += len(correction.whole)
        for judgement in correction.judgements:
            kinds["added" if judgement.before is None else str(judgement.after.status)] += 1
        for reason in correction.reasons.values():
            kinds[f"no example: {reason}"] += 1
    return dict(kinds)


if __name__ == "__main__":
    main()
