"""Answers made up by hand, written as a file of answers that ``scmine evaluate llm`` replays.

What is answered stands in ``llm_corpus/answers.json``; here it gets the keys of the requests that
are asked now, so that it outlives changes of the prompts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from scmine.corpora.supermat import load_supermat
from scmine.extractors.claim import Mention
from scmine.pipelines.evaluate_llm_papers import Measured, MeasuredPaper
from scmine.pipelines.evaluate_llm_questions import Job, Kind, Questions
from scmine.pipelines.llm_answers_file import FORM, VERSION, key_of

CORPUS = Path(__file__).parent / "llm_corpus"
NOTE = "Made up by hand for the tests of scmine."
MODELS = ("perfect", "noisy", "refusing", "truncated", "invented", "counting")
"""``counting`` reads no list: it names mentions by their numbers in the printed order."""

TAKEN = {"tokens_in": 100, "tokens_out": 10, "cost": 0.01, "cached": False, "calls": 1}
"""What each answer is said to have taken, besides half a second."""


def write_answers(model: str, path: Path, questions: Questions, shuffles: int = 3) -> Path:
    """The answers of one of ``MODELS`` to all that is asked about the made papers."""
    papers = [MeasuredPaper.of(paper) for paper in load_supermat(CORPUS)]
    made = _Made(model)
    found = {paper.stem: made.found(paper) for paper in papers}
    jobs = questions.first(papers, Measured, range(1, shuffles + 1))
    jobs += questions.between_found(papers, found)
    lines: dict[str, dict[str, Any]] = {}
    for job in jobs:
        [request] = job.requests
        key = key_of(request)
        lines.setdefault(key, {"key": key, **made.line(job, papers[job.paper], found)})
    head = {FORM: VERSION, "model": f"made-{model}", "note": NOTE}
    path.write_text("".join(json.dumps(x) + "\n" for x in [head, *lines.values()]), "utf-8")
    return path


class _Made:
    """What a model says; where nothing is written down, what ``perfect`` does."""

    def __init__(self, model: str) -> None:
        made = json.loads((CORPUS / "answers.json").read_text(encoding="utf-8"))
        self.model = model
        self._said: dict[str, dict[str, dict[str, Any]]] = {
            stem: {
                place: known | made[model].get(stem, {}).get(place, {})
                for place, known in places.items()
            }
            for stem, places in made["perfect"].items()
        }

    def found(self, paper: MeasuredPaper) -> list[list[Mention]]:
        """The mentions of each passage that the model names and that are there."""
        result = []
        for i, passage in enumerate(paper.document.passages):
            said = self._said[paper.stem][f"p{i}"]
            named = [] if "ending" in said else said["mentions"]
            mentions = [
                Mention(start, start + len(text), label, text)
                for label, text in named
                if (start := passage.text.find(text)) >= 0
            ]
            result.append(sorted(mentions, key=lambda m: m.start))
        return result

    def line(
        self, job: Job, paper: MeasuredPaper, found: dict[str, list[list[Mention]]]
    ) -> dict[str, Any]:
        """The answer to a job, or how it ended without one."""
        said = self._said[paper.stem][f"p{job.passage}"]
        ending = said.get("ending", "answered")
        answer = None if "ending" in said else self._answer(job, said, paper, found)
        reason = "" if answer else f"made to end as {ending}"
        return {"ending": ending, "answer": answer, "reason": reason, "seconds": 0.5, **TAKEN}

    def _answer(
        self,
        job: Job,
        said: dict[str, Any],
        paper: MeasuredPaper,
        found: dict[str, list[list[Mention]]],
    ) -> dict[str, Any]:
        text = paper.document.passages[job.passage].text
        if job.kind is Kind.MENTIONS:
            return {"mentions": [{"label": k, "text": t, "quote": t} for k, t in said["mentions"]]}
        if job.kind is Kind.CLAIMS:
            place = f"p{job.passage}"
            return {"claims": [_claim(*claim, text, place) for claim in said.get("claims", [])]}
        if job.kind is Kind.LINKS_FOUND:
            given = found[paper.stem][job.passage]
            links = said.get("links_found", said.get("links", []))
        else:
            order = 0 if self.model == "counting" else job.order
            given = paper.in_order(job.passage, order)
            links = said.get("links", [])
        return {"links": list(_links(links, given, text))}


def _links(
    links: Sequence[tuple[str, str]], given: Sequence[Mention], text: str
) -> Iterator[dict[str, str]]:
    """Links by the names of their mentions; one that is not in the list gets a name of none."""
    names = {mention.text: f"m{n}" for n, mention in enumerate(given)}
    for head, tail in links:
        yield {"head": names.get(head, "m99"), "tail": names.get(tail, "m99"), "quote": text}


def _claim(
    material: str, values: Sequence[tuple[str, str]], text: str, place: str
) -> dict[str, Any]:
    return {
        "material": material,
        "material_quote": text,
        "material_passage": place,
        "values": [
            {"field": field, "value": value, "quote": text, "passage": place}
            for field, value in values
        ],
        "superconducting": True,
        "evidence": "measured",
        "origin": "this_work",
    }
