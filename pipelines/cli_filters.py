"""Options of the command line that say which records are wanted, and the filter they make.

The commands that take them are in ``cli_records``. Nothing is imported before one is called.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scmine.pipelines.cli_errors import usage_error

if TYPE_CHECKING:
    from scmine.database.filters import RecordFilter


class SourceName(StrEnum):
    """The part of a paper that a claim was taken from."""

    TEXT = "text"
    TABLE = "table"
    CAPTION = "caption"
    LLM = "llm"


class StatusName(StrEnum):
    """Where a record stands in curation."""

    NEW = "new"
    CURATED = "curated"
    VALIDATED = "validated"
    INVALID = "invalid"
    OBSOLETE = "obsolete"
    REMOVED = "removed"


Text = Annotated[
    str | None,
    typer.Option(
        metavar="WORDS",
        help="Only records with all of these words in the sentence, the title or the material; "
        '"words in quotes" follow each other, -word must not occur (docs/search.md).',
    ),
]
Contains = Annotated[
    str | None,
    typer.Option(metavar="ELEMENTS", help="Only materials with all of these elements: La,H."),
]
Without = Annotated[
    str | None,
    typer.Option(metavar="ELEMENTS", help="Only materials with none of these elements: O,F."),
]
System = Annotated[
    str | None,
    typer.Option(metavar="SYSTEM", help="Only materials of exactly these elements: H-La."),
]
LambdaMin = Annotated[
    float | None,
    typer.Option(metavar="N", help="Only an electron-phonon coupling of N or more."),
]
LambdaMax = Annotated[
    float | None,
    typer.Option(metavar="N", help="Only an electron-phonon coupling of N or less."),
]
YearMin = Annotated[int | None, typer.Option(metavar="YEAR", help="Only papers of YEAR or later.")]
YearMax = Annotated[
    int | None, typer.Option(metavar="YEAR", help="Only papers of YEAR or earlier.")
]
MaterialClass = Annotated[
    str | None,
    typer.Option("--class", metavar="CLASS", help="Only materials of this class, such as cuprate."),
]
SpaceGroup = Annotated[
    str | None,
    typer.Option(metavar="GROUP", help="Only this space group, by symbol or number: Fm-3m, 225."),
]
Source = Annotated[
    SourceName | None,
    typer.Option(
        metavar="text|table|caption|llm", help="Only claims taken from this part of a paper."
    ),
]
Status = Annotated[
    list[StatusName] | None,
    typer.Option(
        metavar="STATUS",
        help="Only records of this status; give it several times for any of several.",
    ),
]
Doc = Annotated[
    str | None,
    typer.Option(
        metavar="PAPER", help="Only records of this paper: its file name, path, DOI or arXiv id."
    ),
]
WithStructure = Annotated[
    bool | None,
    typer.Option(
        "--with-structure/--without-structure",
        help="Only records that name a crystal structure, or only those that name none.",
    ),
]


def filter_of(asked: dict[str, Any], *, order: str) -> RecordFilter:
    """The filter of the options of a command, by their names there; other names are left out."""
    from scmine.database.composition import read_system
    from scmine.database.filters import RecordFilter
    from scmine.database.record import Evidence, Origin, RecordStatus, Source
    from scmine.extractors.elements import known_symbols

    kinds = {"evidence": Evidence, "origin": Origin, "source": Source}
    values = {
        field: asked[name]
        for name, field in _SAME.items()
        if name in asked and asked[name] is not None
    }
    values |= {name: kinds[name](values[name].value) for name in kinds if name in values}
    for name, field in (("contains", "elements"), ("without", "without")):
        if asked.get(name) is not None:
            values[field] = tuple(asked[name].replace(",", " ").split())
    if asked.get("status"):
        values["statuses"] = frozenset(RecordStatus(s.value) for s in asked["status"])
    group = asked.get("space_group")
    if group is not None:
        number = group.isascii() and group.isdigit()
        values["space_group_number" if number else "space_group"] = int(group) if number else group
    try:
        wanted = RecordFilter(order="tc" if order == "tc" else "document", **values)
        # The filter knows the form of symbols only; an unknown one would find nothing, silently.
        system = () if wanted.only is None else read_system(wanted.only)
        known_symbols((*wanted.elements, *wanted.without, *system))
        return wanted
    except ValueError as error:
        usage_error(str(error))


_SAME = {name: name for name in ("material", "evidence", "origin", "flag", "limit", "text")} | {
    **{"tc_min": "tc_min_K", "tc_max": "tc_max_K"},
    **{"pressure_min": "pressure_min_GPa", "pressure_max": "pressure_max_GPa"},
    **{name: name for name in ("lambda_min", "lambda_max", "year_min", "year_max", "source")},
    **{"system": "only", "material_class": "material_class", "doc": "doc"},
    "with_structure": "has_structure",
}
"""The field of a filter for each option that is passed on as it is."""
