"""What a worker of ``scmine annotate`` does with a paper: read it, and propose annotations.

Runs in the processes of ``workers``; the answer is plain data, which ``unpacked`` makes proposals
of again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from scmine.corpora.annotation.proposing import Proposal, UnitKind, propose
from scmine.corpora.exchange.json_lines import from_plain, to_plain
from scmine.extractors import read
from scmine.extractors.document import ReadError
from scmine.extractors.paired_reading import read_with_pdf
from scmine.extractors.schemes import Scheme, linker, tagger

_IDENT = re.compile(r"[0-9a-f]{1,64}-p\d+(?:-s\d+)?")
FACTORY = "scmine.pipelines.annotate_units:make_proposer"


def make_proposer(
    scheme: str, unit: str, model: str | None = None
) -> Callable[..., dict[str, Any]]:
    """Load the models; return what proposes the units of a paper for `scmine.pipelines.workers`.

    ``scheme`` and ``unit`` are values of `Scheme` and `UnitKind`, ``model`` is the folder of
    another tagger's model than the packaged one.
    """
    labels, kind = Scheme(scheme), UnitKind(unit)
    folder = None if model is None else Path(model)
    tags, links = tagger(labels, folder), linker(labels)

    def process(path: str, doc_id: str, pdf: str | None = None) -> dict[str, Any]:
        try:
            document = read(path) if pdf is None else read_with_pdf(path, pdf)
        except ReadError as error:
            return {"status": error.status.value, "reason": error.reason, "units": []}
        found = propose(document, labels, kind, tags, links, folder)
        return {
            "status": document.status.value,
            "reason": "; ".join(document.warnings),
            "units": [{"unit": to_plain(p.text), "doubt": p.doubt} for p in found],
        }

    return process


def unpacked(result: Mapping[str, Any]) -> list[Proposal]:
    """The proposals of a worker's answer, checked: one that was taken over may say anything.

    Raises
    ------
    ValueError
        If it is not as the worker makes it. A unit's name becomes that of a file, so it may hold
        nothing that leads out of a folder.
    """
    try:
        found = [Proposal(from_plain(u["unit"]), float(u["doubt"])) for u in result["units"]]
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a worker's answer: {error!r}") from error
    for text in (p.text for p in found):
        if not isinstance(text.ident, str) or not _IDENT.fullmatch(text.ident):
            raise ValueError(f"not a unit's name: {text.ident!r}")
        mentions = () if text.before is None else text.before.mentions
        if not all(0 <= m.start < m.end <= len(text.text) for m in mentions):
            raise ValueError(f"{text.ident}: a mention outside the text")
    return found
