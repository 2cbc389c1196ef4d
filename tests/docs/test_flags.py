"""The page of statuses and flags lists every flag that the code can set, and no other."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from scmine.validator.finding import Severity
from scmine.validator.plausibility.rules import rules

VALIDATOR = "### Flags of the validator"

NO_DOUBT = {"ambient", "pressure_ambient"}
"""Said by the number reader and left out of records: ambient pressure is nothing unsure."""


def test_every_flag_is_explained(root: Path) -> None:
    listed = set(re.findall(r"`([\w…]+)`", _rows(root)))
    folders = ("extractors", "extractors/llm", "database")
    files = [file for folder in folders for file in root.glob(f"{folder}/*.py")]
    found = {flag for file in files for flag in _flags_of(file)}
    words = tomllib.loads((root / "extractors/data/quantity_words.toml").read_text("utf-8"))
    found |= set(words["flags"].values())
    assert {"formula_unparsed", "contradicted", "unit_odd", "…_implausible"} <= found
    assert found - listed - NO_DOUBT == set()


def test_every_flag_that_is_explained_can_be_set(root: Path) -> None:
    files = [
        *root.glob("extractors/*.py"),
        *root.glob("extractors/llm/*.py"),
        root / "extractors/data/quantity_words.toml",
        root / "pipelines/structures.py",
    ]
    code = "".join(file.read_text("utf-8") for file in files)
    for flag in re.findall(r"`([\w…]+)`", _rows(root)):
        if not flag.endswith("_…"):
            assert flag.removeprefix("…") in code, flag


def test_every_flag_of_the_validator_is_explained(root: Path) -> None:
    part = (root / "docs/statuses.md").read_text("utf-8").split(VALIDATOR)[1]
    columns = [line.split("|")[1] for line in part.splitlines() if line.startswith("|")]
    listed = re.findall(r"`(\w+)`", " ".join(columns))
    flags = [rule.name for rule in rules().values() if rule.severity is not Severity.NOTE]
    assert sorted(listed) == sorted(flags)


def test_no_flag_has_two_meanings(root: Path) -> None:
    listed = set(re.findall(r"`([\w…]+)`", _rows(root)))
    assert listed.isdisjoint(rules())


def _rows(root: Path) -> str:
    """The first column of the table of flags, and what follows where numbers have theirs."""
    page = (root / "docs/statuses.md").read_text("utf-8").split("## Flags")[1].split(VALIDATOR)[0]
    rows = [line for line in page.splitlines() if line.startswith("|")]
    numbers = next(row for row in rows if "number reader" in row)
    return " ".join([*(row.split("|")[1] for row in rows), numbers])


def _flags_of(file: Path) -> Iterator[str]:
    """The strings that a module puts into something called flags."""
    tree = ast.parse(file.read_text("utf-8"))
    constants = {
        node.targets[0].id: str(node.value.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        for value in _values_put(node):
            yield from _strings(value, constants)


def _values_put(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "append" and _is_flags(node.func.value):
            yield from node.args
    elif isinstance(node, ast.keyword) and node.arg == "flags":
        yield node.value
    elif isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        yield from (v for k, v in pairs if isinstance(k, ast.Constant) and k.value == "flags")
    elif (
        (isinstance(node, ast.AugAssign) and _is_flags(node.target))
        or (isinstance(node, ast.Assign) and any(_is_flags(t) for t in node.targets))
        or (isinstance(node, ast.AnnAssign) and node.value and _is_flags(node.target))
    ):
        yield node.value


def _is_flags(node: ast.expr) -> bool:
    """Whether flags are kept under this name: ``flags``, ``fields["flags"]`` and the like."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and node.slice.value == "flags"
    if isinstance(node, ast.Tuple):
        return any(_is_flags(element) for element in node.elts)
    return isinstance(node, ast.Name) and node.id in ("flags", "flag", "notes")


def _strings(node: ast.AST, constants: Mapping[str, str]) -> Iterator[str]:
    """The strings of an expression, but for those that are only compared or looked up."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and node.id in constants:
        yield constants[node.id]
    elif isinstance(node, ast.JoinedStr):
        parts = [p.value if isinstance(p, ast.Constant) else "…" for p in node.values]
        name = "".join(map(str, parts))
        yield name if name != "…_…" else "a_…"
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body, constants)
        yield from _strings(node.orelse, constants)
    elif isinstance(node, ast.ListComp | ast.GeneratorExp):
        yield from _strings(node.elt, constants)
    elif isinstance(node, ast.Tuple | ast.List | ast.BinOp | ast.BoolOp | ast.Starred):
        for inner in ast.iter_child_nodes(node):
            yield from _strings(inner, constants)
    elif isinstance(node, ast.Call) and _makes_a_collection(node.func):
        for argument in node.args:
            yield from _strings(argument, constants)


def _makes_a_collection(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else ""
    name = function.id if isinstance(function, ast.Name) else name
    return name in ("tuple", "list", "fromkeys", "frozenset")
