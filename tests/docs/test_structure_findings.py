"""The page of structures lists all findings and refusals of the code and the library's size."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from scmine.validator.structures.prototype_library import load_library


def test_every_finding_of_structures_is_explained(root: Path) -> None:
    found = {name for file in root.glob("validator/structures/*.py") for name in _names_given(file)}
    assert {"several_prototypes", "no_composition", "atoms_overlap", "not_bulk"} <= found
    assert _listed(root) == found


def _listed(root: Path) -> set[str]:
    """The names in the first columns of the tables of findings and of refusals."""
    page = (root / "docs/structures.md").read_text("utf-8").split("## The checks")[1]
    rows = [line for line in page.split("\n## ")[0].splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}


def _names_given(file: Path) -> Iterator[str]:
    """The names that a module gives to findings and refusals."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            first = node.args[0]
            if node.func.id in ("Finding", "RefusalError") and isinstance(first, ast.Constant):
                yield str(first.value)


def test_the_library_has_the_size_that_is_said(root: Path) -> None:
    page = (root / "docs/structures.md").read_text("utf-8")
    data = root / "validator/data"
    prototypes = load_library().prototypes
    types = tomllib.loads((data / "structure_types.toml").read_text("utf-8"))["type"]
    known = sum(len(prototype.examples) for prototype in prototypes)
    assert f"holds {known} known structures in {len(prototypes)} groups" in page
    assert f"{len(types)} types of superconductors written by hand" in page
