"""Writes the pages of the documentation that follow from the code: ``python docs/generate.py``.

``docs/cli.md`` from the commands, ``docs/settings.md`` from the settings, ``docs/records.md`` from
the record, ``docs/rules.md`` from the validator's rules; and beside them ``prompts/schemas/`` from
the answers of language models. A test fails while a page or schema and its source differ.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from scmine.database.columns import describe_columns
from scmine.extractors.llm.schemas import strict_schema
from scmine.extractors.llm.tasks import ANSWERS
from scmine.pipelines.cli import app
from scmine.pipelines.settings import SETTINGS_FILE, Settings
from scmine.validator.plausibility.ceilings import CEILINGS_FILE
from scmine.validator.plausibility.composed import ELSEWHERE
from scmine.validator.plausibility.rules import data, rules

DOCS = Path(__file__).resolve().parent
SCHEMAS = DOCS.parent / "prompts" / "schemas"

CLI_HEAD = """# The command line

`scmine COMMAND --help` says the same. Defaults can be changed for good in a
[settings file](settings.md).
"""

SETTINGS_HEAD = f"""# Settings

A value is taken from the first of these that gives one:

1. the flag of the command, or the argument of the Python function;
2. the environment variable;
3. the settings file: the one named by `--config`, else `{SETTINGS_FILE}` in the current folder;
4. the default.

A settings file is TOML, for instance:

```toml
db = "superconductors.db"
workers = 4
timeout_s = 300
```

Names that are not listed here and values that are not allowed are errors.

| setting | environment | default | what it does |
|---|---|---|---|
"""


RECORDS_HEAD = """# The record

One record is one claim of one paper: three critical temperatures at three pressures are three
records. A claim that a paper makes in several places, say in the abstract and in a table, is one
record that names them all in `places`. These are the columns of every export, in their order.
Numbers are in the unit given here; what the paper printed stands in the `raw_` columns. What is
not known is empty: a missing number is never 0 and a non-observation of superconductivity is never
a Tc. In CSV, lists and maps (`composition`, `places`, `flags` and others) are JSON.

| column | type | unit | meaning |
|---|---|---|---|
"""


def records_page() -> str:
    """``docs/records.md``."""
    rows = (
        f"| `{c.name}` | {c.type} | {c.unit} | {c.meaning.replace('|', chr(92) + '|')} |\n"
        for c in describe_columns()
    )
    return RECORDS_HEAD + "".join(rows)


RULES_HEAD = """# The rules of the validator

What `scmine ingest` flags and `scmine check` prints. `scmine check --explain RULE` says the same
of one rule; how they are used is in [validator.md](validator.md). An error cannot be so, a warning
should be looked at by a person, a note is worth knowing and no flag. Checks of the physics and of
reference sets say the weight of each finding themselves; the highest is given here.

| rule | severity | why | fields | source |
|---|---|---|---|---|
"""

CEILINGS_HEAD = """
## Records of classes

What `above_class_record` and `pressure_not_stated` hold a Tc against; the first line that fits a
material decides. A Tc above the record by more than the margin is doubted.

| class | only | up to (GPa) | Tc (K) | margin | record | source |
|---|---|--:|--:|--:|---|---|
"""


def rules_page() -> str:
    """``docs/rules.md``."""
    rows = "".join(
        f"| `{r.name}` | {'at most ' if r.kind in ELSEWHERE else ''}{r.severity.value} "
        f"| {_cell(r.reason)} | {', '.join(f'`{f}`' for f in r.fields)} | {_cell(r.source)} |\n"
        for r in rules().values()
    )
    entries = data(CEILINGS_FILE)["ceiling"]
    return RULES_HEAD + rows + CEILINGS_HEAD + "".join(map(_ceiling_row, entries))


def _ceiling_row(entry: dict[str, Any]) -> str:
    only = [entry["rule"]] if "rule" in entry else []
    only += [f"with {', '.join(entry['with'])}"] if "with" in entry else []
    only += [f"without {', '.join(entry['without'])}"] if "without" in entry else []
    only += ["films and single layers"] if "words" in entry else []
    cells = [
        entry["class"],
        "; ".join(only),
        entry.get("up_to_GPa", ""),
        entry["tc_K"],
        f"{100 * entry['margin']:.0f} %",
        entry["record"],
        entry["source"],
    ]
    return "| " + " | ".join(_cell(str(cell)) for cell in cells) + " |\n"


def cli_page() -> str:
    """All commands with their options."""
    return CLI_HEAD + "".join(_command_parts("scmine", typer.main.get_command(app)))


def _command_parts(name: str, command: Any) -> Iterator[str]:
    """The section of a command, or those of the commands of a group."""
    if hasattr(command, "commands"):
        for inner_name, inner in command.commands.items():
            yield from _command_parts(f"{name} {inner_name}", inner)
        return
    yield f"\n## {name}\n\n{_help_text(command.help)}\n\n"
    yield "| argument | what it does |\n|---|---|\n"
    for parameter in command.params:
        if not getattr(parameter, "hidden", False):
            yield f"| {_usage(parameter)} | {_cell(parameter.help)} |\n"
    for inner_name in getattr(command, "inner", ()):
        yield from _command_parts(f"{name} {inner_name}", command.get_inner(inner_name))


def _help_text(text: str) -> str:
    """The help of a command; paragraphs that keep their lines become blocks of code."""
    paragraphs = []
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if paragraph.startswith("\b\nExamples:\n"):
            lines = [line.strip() for line in paragraph.splitlines()[2:]]
            paragraph = "\n".join(["```sh", *lines, "```"])
        paragraphs.append(paragraph.removeprefix("\b\n"))
    return "\n\n".join(paragraphs)


def _usage(parameter: Any) -> str:
    """How an argument or option is written."""
    if not parameter.opts[0].startswith("-"):
        return f"`{_cell(parameter.metavar)}{'…' if parameter.nargs == -1 else ''}`"
    value = "" if parameter.is_flag else f" {_cell(parameter.metavar)}"
    return ", ".join(f"`{option}{value}`" for option in parameter.opts)


def _cell(text: str) -> str:
    """Text that a cell of a table can hold."""
    return text.replace("|", "\\|").replace("\n", " ")


def settings_page() -> str:
    """All settings, with the environment variable and the default of each."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = getattr(field.default, "value", field.default)
        shown = "not set" if default is None else f"`{default}`"
        rows.append(
            f"| `{name}` | `SCMINE_{name.upper()}` | {shown} | {_cell(field.description or '')} |\n"
        )
    return SETTINGS_HEAD + "".join(rows)


PAGES = {
    "cli.md": cli_page,
    "settings.md": settings_page,
    "records.md": records_page,
    "rules.md": rules_page,
}


def schemas() -> dict[str, str]:
    """``prompts/schemas/``: the text of each file by its name."""
    return {
        f"{task}.json": json.dumps(strict_schema(answer), indent=2) + "\n"
        for task, answer in ANSWERS.items()
    }


def main() -> None:
    """Write all pages and schemas."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
    for name, schema in schemas().items():
        (SCHEMAS / name).write_text(schema, encoding="utf-8")


if __name__ == "__main__":
    main()
