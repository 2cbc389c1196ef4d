"""Papers of a few sentences, and a server that answers about them from a script.

All answers are made by us: they say what a model could say, not what one said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.llm_server import Answered, question

SURE = "We find that our samples of MgB2 become superconducting at Tc = 39 K."
UNLINKED = "In all of the films the transition temperatures lie somewhat below 16.5 K or so."
COUPLING = "For both of them coupling constants between 0.8 and 0.9 or so were found by others."

Claims = list[dict[str, Any]]


def paper(folder: Path, name: str, *paragraphs: str) -> Path:
    """A paper in Markdown."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.md"
    text = "\n\n".join((f"# On the superconductors of {name}", "## Results", *paragraphs))
    file.write_text(text, encoding="utf-8")
    return file


def asked_place(body: Mapping[str, Any]) -> str:
    """The place that a question is about: the last one that it shows."""
    return re.findall(r"-----BEGIN \w+ ([pt]\d+) ", question(dict(body)))[-1]


def asked_text(body: Mapping[str, Any]) -> str:
    """The words of that place."""
    last = question(dict(body)).rsplit("-----BEGIN ", 1)[1]
    return last.split("-----\n", 1)[1].split("\n-----END", 1)[0]


def claim(material: str, quote: str, place: str = "", **values: str) -> dict[str, Any]:
    """One claim of an answer, all of it quoted from ``quote``."""
    return {
        "material": material,
        "material_quote": quote,
        "material_passage": place,
        "values": [
            {"field": field, "value": value, "quote": quote, "passage": place}
            for field, value in values.items()
        ],
        "superconducting": True,
        "evidence": "unknown",
        "origin": "unknown",
    }


def listed(body: Mapping[str, Any], words: str) -> list[tuple[str, str, str]]:
    """The lines that a question of the second round lists: name, place and line of each.

    ``words`` open the question itself, at its end: empty if this is another question.
    """
    asked = question(dict(body))
    if words not in asked.rpartition("The data ends here.")[2]:
        return []
    lines = re.findall(r"^(([cr]\d+) .*\((\w+): .*)$", asked, re.MULTILINE)
    return [(name, place, line) for line, name, place in lines]


def judging(body: Mapping[str, Any], verdicts: Mapping[str, dict[str, str]]) -> Answered | None:
    """The answer to a question of the second round, None to another one.

    Each line that holds a key of ``verdicts`` gets that verdict; its place is that of the line
    unless the verdict names one. Others get none.
    """
    for words, key, name in (("Say whose", "claims", "claim"), ("Check the", "records", "record")):
        if lines := listed(body, words):
            items = [
                {name: called, "passage": place, "field": None} | verdict
                for called, place, line in lines
                for said, verdict in verdicts.items()
                if said in line and ("verdict" in verdict) == (name == "record")
            ]
            if name == "claim":
                items = [{n: v for n, v in item.items() if n != "field"} for item in items]
            return Answered(json.dumps({key: items}))
    return None


def replaying(
    script: Mapping[str, Claims],
    crystals: Mapping[str, Claims] | None = None,
    verdicts: Mapping[str, dict[str, str]] | None = None,
    **how: Any,
) -> Callable[[dict[str, Any]], Answered]:
    """A server's script: the claims of the first key that the text asked about holds, else none.

    Of tables it says nothing. ``crystals`` are those of the question for structures, ``verdicts``
    those of the second round (see `judging`). ``how`` says how it answers (``delay_s``).
    """
    crystals = crystals or {}

    def answer(body: dict[str, Any]) -> Answered:
        judged = judging(body, verdicts or {})
        if judged is not None:
            return replace(judged, **how)
        text, place = asked_text(body), asked_place(body)
        if "phases" in json.dumps(body.get("response_format", {})):
            phases = next((found for words, found in crystals.items() if words in text), [])
            named = json.dumps({"phases": phases}).replace("PLACE", place)
            return Answered(named, **how)
        if '"rows"' in json.dumps(body.get("response_format", {})):
            return Answered(json.dumps({"rows": []}), **how)
        found = next((claims for words, claims in script.items() if words in text), [])
        named = json.loads(json.dumps(found).replace('_passage": ""', f'_passage": "{place}"'))
        for one in named:
            for value in one["values"]:
                value["passage"] = value["passage"] or place
        return Answered(json.dumps({"claims": named}), **how)

    return answer
