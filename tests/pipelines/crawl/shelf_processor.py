"""A processor that reads the one Tc of a paper of the shelf; workers import it by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scmine.extractors import PIPELINE_VERSION
from scmine.pipelines.find import shown


def make_processor() -> Callable[[str, str], dict[str, Any]]:
    return process


def process(path: str, doc_id: str) -> dict[str, Any]:
    found = re.search(r"temperature of (\w+) is ([\d.]+) K", Path(path).read_text("utf-8"))
    assert found is not None
    record = {
        "record_id": doc_id[:20],
        "doc_id": doc_id,
        "path": shown(path),
        "raw_material": found[1],
        "tc_K": float(found[2]),
        "arxiv_id": Path(path).stem.partition("v")[0],
    }
    return {
        "doc_id": doc_id,
        "path": shown(path),
        "reader": "shelf",
        "status": "done",
        "arxiv_id": record["arxiv_id"],
        "pipeline_version": PIPELINE_VERSION,
        "records": [record],
    }
