"""Cursors: places between two records of a sorted list, as text that a user carries to and fro.

What a cursor holds and how it is read back, whatever text is given for one. How a list goes on
from there lives in ``scmine.database.search_places``.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scmine.database.clean import clean

Number = Annotated[float, Field(allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=-(2**31), lt=2**31)]
Values = tuple[Whole, Whole] | tuple[str] | tuple[Number]


class CursorError(ValueError):
    """A cursor that no page gave, or that was given for another order."""


class Cursor(BaseModel):
    """The place just after, or just ``before``, the record with these values and this number.

    ``values`` are those that the list is sorted by, None where the record has none.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    sort: str
    descending: bool
    before: bool
    values: Values | None
    id: Whole

    def __str__(self) -> str:
        """The cursor as text without special characters."""
        return base64.urlsafe_b64encode(self.model_dump_json().encode()).decode().rstrip("=")


def read_cursor(printed: str, sort: str, descending: bool) -> Cursor:
    """The cursor that was printed, for a list in this order.

    Raises
    ------
    CursorError
        If it is no cursor, or one of another order.
    """
    try:
        padded = printed + "=" * (-len(printed) % 4)
        packed = base64.b64decode(padded, altchars=b"-_", validate=True)
        cursor = Cursor.model_validate_json(packed)
    except (binascii.Error, ValidationError, ValueError):
        raise CursorError(
            "this names no place in a list of records; start at the list's beginning"
        ) from None
    values = cursor.values
    fits = values is None or (
        len(values) == (2 if sort == "document" else 1)
        and isinstance(values[0], str) == (sort == "formula")
    )
    if (cursor.sort, cursor.descending) != (sort, descending) or not fits:
        raise CursorError(
            "this names a place in a list of another order; start at the list's beginning"
        )
    if values is None:
        return cursor
    # What a database cannot hold it cannot compare with.
    return cursor.model_copy(update={"values": tuple(clean(value) for value in values)})
