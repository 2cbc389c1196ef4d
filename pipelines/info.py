"""Versions and counts: what a bug report, or a user who comes back after months, needs."""

from __future__ import annotations

import json
import platform
import re
from collections import Counter
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any

from scmine.database.errors import DatabaseError
from scmine.database.llm_reading import llm_totals
from scmine.database.store import open_database
from scmine.extractors import PIPELINE_VERSION
from scmine.extractors.document import Status
from scmine.pipelines.cpus import usable_cpus
from scmine.pipelines.report import problem_table, wide_console

NOT_DONE_SHOWN = 20


def gather_info(db: str) -> dict[str, Any]:
    """Versions of scmine, of Python and of the libraries, and what ``db`` holds.

    ``not_done`` lists the documents that did not end as ``done``, with status and reason. Without
    a database that can be read all that it holds is missing and ``database_problem`` says why.
    """
    found: dict[str, Any] = {
        "scmine": version("scmine"),
        "pipeline": PIPELINE_VERSION,
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "usable_cpus": usable_cpus(),
        "libraries": _libraries(),
    }
    try:
        with open_database(db, create=False) as database:
            counts = database.counts()
            documents = list(database.documents())
            found |= {
                "database": database.where,
                "documents": counts.documents,
                "records": counts.records,
                "records_touched": counts.touched,
                "open_proposals": counts.open_proposals,
                "structures": counts.structures,
                "structure_ways": counts.structure_ways,
                "records_of_structures": counts.records_of_structures,
                "passages": counts.passages,
                "runs": counts.runs,
                "language_models": llm_totals(database),
                "readers": dict(Counter(d.reader for d in documents if d.reader).most_common()),
                "not_done": [
                    {"path": d.path, "status": d.status, "reason": d.reason}
                    for d in documents
                    if d.status != Status.DONE
                ],
            }
    except DatabaseError as error:
        found["database_problem"] = str(error)
    return found


def _asked(total: dict[str, Any]) -> str:
    """What one model was asked, in words."""
    cost = "" if total["cost"] is None else f", cost {total['cost']:.4g}"
    return (
        f"{total['model']}: {total['documents']} documents {total['state']}, "
        f"{total['requests']} requests ({total['cached']} from the cache), "
        f"{total['tokens_in']} tokens in and {total['tokens_out']} out{cost}, "
        f"{total['kept']} values kept"
    )


def _libraries() -> dict[str, str]:
    """The installed version of each library of the default install."""
    names = [
        re.split(r"[^\w.-]", line, maxsplit=1)[0]
        for line in requires("scmine") or []
        if "extra ==" not in line
    ]
    versions = {}
    for name in sorted(names, key=str.lower):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "missing"
    return versions


def print_info(db: str, *, as_json: bool, named: bool, all_problems: bool = False) -> None:
    """Print the information, as one JSON object or as lines for people.

    For people at most ``NOT_DONE_SHOWN`` documents that are not done are listed, unless
    ``all_problems`` are wanted.

    Raises
    ------
    DatabaseError
        If the user ``named`` the database and it cannot be read.
    """
    found = gather_info(db)
    problem = found.get("database_problem")
    if named and problem is not None:
        raise DatabaseError(problem)
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    not_done = found.pop("not_done", [])
    for name, value in found.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} {number}" for key, number in value.items()) or "none"
        elif isinstance(value, list):
            value = "; ".join(map(_asked, value)) or "none"
        print(f"{name.replace('_', ' ')}: {value}")
    if not_done:
        rows = [(d["path"], d["status"], d["reason"]) for d in not_done]
        shown_rows = rows if all_problems else rows[:NOT_DONE_SHOWN]
        with wide_console() as console:
            console.print(
                "Files that are not done",
                problem_table(shown_rows, len(rows), "--all lists them all"),
            )
