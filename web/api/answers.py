"""How the API refuses: the database's errors as answers with a status, and all in the description.

The form of an error lives in ``scmine.web.problems``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from scmine.database.cursors import CursorError
from scmine.database.editing import ChangeError
from scmine.database.revision import ConflictError, NoChangeError, NotFoundError
from scmine.database.status import StatusError
from scmine.web.api.schemas import ErrorOut
from scmine.web.problems import problem


def _errors(*statuses: tuple[int, str]) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": ErrorOut, "description": why} for status, why in statuses}


READING = _errors(
    (400, "The address is malformed"),
    (401, "No session and no token that works"),
    (403, "Your role does not allow this"),
    (404, "There is no such thing"),
    (422, "A parameter does not fit; `fields` says which and why"),
)
"""How reading can be refused."""

CHANGING = READING | _errors(
    (
        409,
        "Another revision is in force (`conflict`), the step is not allowed (`status_step`), "
        "or nothing would change (`no_change`)",
    ),
    (413, "The body is too large"),
)
"""How a change can be refused."""


class Refused(Exception):
    """An answer that refuses what was asked."""

    def __init__(
        self, status: int, code: str, message: str, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.fields = fields


def answer_refusals(app: FastAPI) -> None:
    """Let ``app`` answer what `refusals` raises."""
    app.add_exception_handler(Refused, _refused)


def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem(error.status, str(error), code=error.code, fields=error.fields)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the database refuses into an answer."""
    try:
        yield
    except NotFoundError as error:
        raise Refused(404, "not_found", error.what) from error
    except ConflictError as error:
        raise Refused(409, "conflict", str(error)) from error
    except StatusError as error:
        raise Refused(409, "status_step", str(error)) from error
    except NoChangeError as error:
        raise Refused(409, "no_change", str(error)) from error
    except ChangeError as error:
        raise Refused(422, "invalid", str(error), error.problems) from error
    except CursorError as error:
        raise Refused(422, "invalid", str(error), {"after": str(error)}) from error
