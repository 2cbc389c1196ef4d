"""What a URL asks of the records: its parameters as one typed value, for pages and the API alike.

What the filter means lives in ``scmine.database.filters``, sorting and paging in
``scmine.database.search``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from scmine.database.filters import RecordFilter
from scmine.database.record import Evidence, Origin, RecordStatus, Source

MAX_LENGTH = 500
"""Characters of a text parameter; longer ones are a slip or an attack."""

MAX_LIMIT = 1000
"""Records of one page."""

Sort = Literal[
    "document",
    "tc_K",
    "pressure_GPa",
    "lambda",
    "omega_log_K",
    "year",
    "confidence",
    "formula",
    "doubt",
]


def _split(value: Any) -> Any:
    """Words between commas or blanks, given once or several times."""
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        return value
    return tuple(word for part in parts for word in str(part).replace(",", " ").split())


def _once(value: Any) -> Any:
    """The last of several values, as in most web frameworks."""
    return value[-1] if isinstance(value, list) and value else value


Text = Annotated[str | None, BeforeValidator(_once), Field(max_length=MAX_LENGTH)]
Number = Annotated[float | None, BeforeValidator(_once), Field(allow_inf_nan=False)]
Whole = Annotated[int | None, BeforeValidator(_once)]
Words = Annotated[tuple[str, ...], BeforeValidator(_split), Field(max_length=100)]


class RecordQuery(BaseModel):
    """The parameters by which records are asked for, by their names in URLs.

    Empty parameters, as forms send them, ask for nothing. Unknown ones are left out.

    >>> query = read_query({"contains": ["La,H"], "tc_min": ["200"], "tc_max": [""]})
    >>> query.contains, query.tc_min, query.tc_max
    (('La', 'H'), 200.0, None)
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    text: Text = Field(None, description="Words of the sentence, the title or the material.")
    material: Text = Field(None, description="A part of the material as printed, or its formula.")
    formula: Text = Field(None, description="A part of the formula, upper and lower case as given.")
    composition: Text = Field(None, description="A composition in its normal form.")
    contains: Words = Field((), description="Elements that must all be in the material: La,H.")
    without: Words = Field((), description="Elements that must not be in the material.")
    system: Text = Field(None, description="A chemical system: these elements only, H-La.")
    tc_min: Number = Field(None, description="Lowest Tc in K.")
    tc_max: Number = Field(None, description="Highest Tc in K.")
    pressure_min: Number = Field(None, description="Lowest pressure in GPa.")
    pressure_max: Number = Field(None, description="Highest pressure in GPa.")
    lambda_min: Number = Field(None, description="Lowest electron–phonon coupling λ.")
    lambda_max: Number = Field(None, description="Highest electron–phonon coupling λ.")
    year_min: Whole = Field(None, description="First year of publication.")
    year_max: Whole = Field(None, description="Last year of publication.")
    material_class: Text = Field(None, description="The class of material, such as cuprate.")
    space_group: Text = Field(None, description="A space group by its symbol or its number.")
    evidence: Annotated[Evidence | None, BeforeValidator(_once)] = Field(
        None, description="Measured, calculated or unknown."
    )
    origin: Annotated[Origin | None, BeforeValidator(_once)] = Field(
        None, description="The paper's own result, or one it cites."
    )
    source: Annotated[Source | None, BeforeValidator(_once)] = Field(
        None, description="The part of the paper that the claim was taken from."
    )
    flag: Words = Field((), description="Flags that the record carries all of.")
    status: Annotated[tuple[RecordStatus, ...], BeforeValidator(_split)] = Field(
        (), description="Any of these statuses."
    )
    structure: Annotated[bool | None, BeforeValidator(_once)] = Field(
        None, description="Whether the record names a crystal structure."
    )
    doc: Text = Field(None, description="A paper by its id, DOI, arXiv id, path or file name.")
    sort: Annotated[Sort, BeforeValidator(_once)] = Field(
        "document", description="What the records are sorted by."
    )
    order: Annotated[Literal["asc", "desc"] | None, BeforeValidator(_once)] = Field(
        None, description="Upward or downward; numbers go downward unless said."
    )
    limit: Annotated[int, BeforeValidator(_once)] = Field(
        50, ge=1, le=MAX_LIMIT, description="Records of one page."
    )
    after: Text = Field(None, description="Where the page begins: `next` or `previous` of another.")

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        kept = {
            name: [v for v in value if v != ""] if isinstance(value, list | tuple) else value
            for name, value in given.items()
        }
        return {name: value for name, value in kept.items() if value not in ("", [], ())}

    @property
    def descending(self) -> bool:
        """Whether the largest come first."""
        if self.order is not None:
            return self.order == "desc"
        return self.sort not in {"document", "formula"}

    def wanted(self) -> RecordFilter:
        """The filter of the database.

        Raises
        ------
        ValueError
            What is asked for cannot be: a lower end above the upper one, no element's symbol.
        """
        group = self.space_group
        number = int(group) if group is not None and group.isascii() and group.isdigit() else None
        values: dict[str, Any] = {
            "text": self.text,
            "material": self.material,
            "formula": self.formula,
            "composition_key": self.composition,
            "elements": self.contains,
            "without": self.without,
            "only": self.system,
            "tc_min_K": self.tc_min,
            "tc_max_K": self.tc_max,
            "pressure_min_GPa": self.pressure_min,
            "pressure_max_GPa": self.pressure_max,
            "lambda_min": self.lambda_min,
            "lambda_max": self.lambda_max,
            "year_min": self.year_min,
            "year_max": self.year_max,
            "material_class": self.material_class,
            "space_group": group if number is None else None,
            "space_group_number": number,
            "evidence": self.evidence,
            "origin": self.origin,
            "source": self.source,
            "flags": self.flag,
            "statuses": frozenset(self.status),
            "has_structure": self.structure,
            "doc": self.doc,
        }
        return dataclasses.replace(RecordFilter(), **values)

    def url(self, **changes: Any) -> str:
        """The parameters of the URL that asks for this, with ``changes``; only what is not usual.

        >>> read_query({"contains": ["La,H"], "tc_min": ["200"]}).url(after=None, sort="tc_K")
        'contains=La%2CH&tc_min=200&sort=tc_K'
        """
        values = self.model_copy(update=changes).model_dump(mode="json", exclude_defaults=True)
        pairs = [
            (name, ",".join(value) if isinstance(value, list | tuple) else _plain(value))
            for name, value in values.items()
            if value is not None and value not in ("", ())
        ]
        return urlencode(pairs)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)


def read_query(parameters: Mapping[str, Any]) -> RecordQuery:
    """The query of URL parameters, each with the list of its values.

    Raises
    ------
    pydantic.ValidationError
        A value that is not of its parameter's kind; `query_errors` says it in words.
    """
    return RecordQuery.model_validate(dict(parameters))


def query_errors(error: ValidationError) -> dict[str, str]:
    """What is wrong, by the name of the parameter."""
    return {str(fault["loc"][0]) if fault["loc"] else "": fault["msg"] for fault in error.errors()}
