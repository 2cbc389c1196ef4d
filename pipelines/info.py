"""Versions and counts: what a bug report, or a user who comes back after months, needs."""

from __future__ import annotations

import json
import platform
import re
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any

from scmine.database.errors import DatabaseError
from scmine.database.store import open_database
from scmine.extractors import PIPELINE_VERSION
from scmine.pipelines.cpus import usable_cpus


def gather_info(db: str) -> dict[str, Any]:
    """Versions of scmine, of Python and of the libraries, and what ``db`` holds.

    Without a database that can be read the ``documents`` and ``records`` are missing and
    ``database_problem`` says why.
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
            found |= {
                "database": database.where,
                "documents": counts.documents,
                "records": counts.records,
                "passages": counts.passages,
                "runs": counts.runs,
            }
    except DatabaseError as error:
        found["database_problem"] = str(error)
    return found


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


def print_info(db: str, *, as_json: bool, named: bool) -> None:
    """Print the information, as lines or as one JSON object.

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
    for name, value in found.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} {number}" for key, number in value.items()) or "none"
        print(f"{name.replace('_', ' ')}: {value}")
