"""Databases with rows in all tables, and backups that were tampered with."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scmine.database.backup_format import MANIFEST
from scmine.database.llm_use import LlmUse
from scmine.database.reference import ReferenceEntry, ReferenceSetInfo
from scmine.database.results import DocumentResult, RunState
from scmine.database.store import Database
from scmine.database.structure import StructureRow

CRAWL_TABLES = (
    *("crawl_versions", "crawl_papers", "crawl_runs", "crawl_listings", "crawl_leases"),
    "remote_files",
)
"""The tables of steps 0010 and 0011, in an order in which they can be dropped."""


def fill(database: Database, make_result: Callable[..., DocumentResult]) -> None:
    """Rows in all tables that pipelines write."""
    run = database.start_run("p1", {"paths": ["ä"]})
    structure = StructureRow(structure_id="s", verdict="consistent", structure={"sites": []})
    bare = StructureRow(structure_id="t", verdict="incomplete")
    for name in ("b", "a"):
        unlike = "" if name == "a" else "-b"
        structures = [
            StructureRow(**{**_fields(s), "structure_id": f"{s.structure_id}{unlike}"})
            for s in (structure, bare)
        ]
        record = {"structure_id": f"s{unlike}", "sentence": "T_c\u2028 ≈ 39 K\n𝒯", "lambda": 0.87}
        asked = LlmUse(model="m", prompts=["claims@1"], requests=3, cost=0.25, drops={"ä": 1})
        database.save_document(
            run, make_result(name, record=record, structures=structures, llm=asked)
        )
    database.finish_run(run, RunState.FINISHED, {"done": 2})
    info = ReferenceSetInfo(name="ours", kind="scmine", path="/x.csv", sha256="0" * 64)
    entry = ReferenceEntry(
        formula="MgB2", key="B2Mg1", system="B-Mg", composition={"Mg": 1.0, "B": 2.0}, line=2
    )
    database.add_reference_set(info, [entry])


def _fields(structure: StructureRow) -> dict[str, Any]:
    return {"verdict": structure.verdict, "structure": structure.structure} | {
        "structure_id": structure.structure_id
    }


def rewritten(path: Path, changes: dict[str, Callable[[bytes], bytes]]) -> Path:
    """A copy of an archive with some of its files changed."""
    out = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(out, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name)
            copy.writestr(name, changes[name](content) if name in changes else content)
    return out


def changed_manifest(path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of a backup whose manifest says something else."""

    def edited(content: bytes) -> bytes:
        manifest = json.loads(content)
        change(manifest)
        return json.dumps(manifest).encode()

    return rewritten(path, {MANIFEST: edited})
