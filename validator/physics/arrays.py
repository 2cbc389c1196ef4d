"""One formula for numbers, arrays and series: what goes in as a Series comes out as one.

Arguments are broadcast against each other as NumPy does. Nothing is known here of physics.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Values = Any
"""A float, an array of floats, or a pandas Series of them; missing values are NaN."""


def elementwise(function: Callable[..., Array]) -> Callable[..., Values]:
    """Let ``function``, which takes and returns arrays, take floats and pandas Series as well.

    Floats alone give a float. With a Series among the arguments the result is a Series with its
    index; several must have the same index, since values that are not of one row would be mixed
    otherwise. Arguments that are None are passed on as None.

    NumPy's warnings are off inside: what is out of a formula's domain is NaN by its own rule, and
    what is beyond the range of floats becomes infinite or NaN.

    Raises
    ------
    ValueError
        If two Series have different indices, or shapes cannot be broadcast.

    >>> @elementwise
    ... def double(x):
    ...     return 2 * x
    >>> double(1.5), double([1.0, 2.0])
    (3.0, array([2., 4.]))
    """

    @functools.wraps(function)
    def wrapped(*args: Values, **kwargs: Values) -> Values:
        given = [v for v in (*args, *kwargs.values()) if v is not None]
        index = _common_index(given)
        arrays = [_array(v) for v in args]
        named = {name: _array(v) for name, v in kwargs.items()}
        with np.errstate(all="ignore"):
            result = np.asarray(function(*arrays, **named), dtype=float)
        if index is not None:
            shape = np.broadcast_shapes(result.shape, (len(index),))
            return sys.modules["pandas"].Series(np.broadcast_to(result, shape), index=index)
        return float(result) if result.ndim == 0 else result

    return wrapped


def _array(value: Values) -> Array | None:
    return None if value is None else np.asarray(value, dtype=float)


def _common_index(values: list[Values]) -> Any:
    """The index of the Series among ``values``; None where there is none."""
    pandas = sys.modules.get("pandas")  # not imported: then nothing here is a Series
    if pandas is None:
        return None
    indices = [v.index for v in values if isinstance(v, pandas.Series)]
    if any(not index.equals(indices[0]) for index in indices[1:]):
        raise ValueError("the Series have different indices; align them first")
    return indices[0] if indices else None
