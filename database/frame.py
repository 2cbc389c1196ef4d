"""Records as a pandas data frame, for analysis and for training models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from scmine.database.columns import column_types
from scmine.database.record import COLUMNS, Record

if TYPE_CHECKING:
    import pandas as pd

_DTYPES = {"number": "Float64", "integer": "Int64", "boolean": "boolean", "text": "string"}


def to_frame(records: Iterable[Record]) -> pd.DataFrame:
    """A data frame of ``records``: one row a record, the columns and units of every export.

    Unknown values are ``pandas.NA``; lists and maps stay Python objects.

    >>> frame = to_frame([Record(record_id="r1", doc_id="d1", raw_material="MgB2", tc_K=39.0)])
    >>> frame[["raw_material", "tc_K"]].values.tolist(), bool(frame["lambda"].isna().all())
    ([['MgB2', 39.0]], True)
    """
    import pandas as pd

    frame = pd.DataFrame([record.to_row() for record in records], columns=list(COLUMNS))
    dtypes = {name: _DTYPES[kind] for name, kind in column_types().items() if kind in _DTYPES}
    return frame.astype(dtypes)
