"""Making a page from a template; what every page has stands here, what one has in its route."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.templating import Jinja2Templates
from starlette.responses import Response

from scmine.database.store import Database
from scmine.web.csrf import csrf_token
from scmine.web.security import Role, User

FOLDER = Path(__file__).parent
TEMPLATES = Jinja2Templates(directory=FOLDER / "templates")

NAVIGATION = (
    ("/records", "Records", Role.VIEWER),
    ("/queue", "Queue", Role.CURATOR),
    ("/papers", "Papers", Role.VIEWER),
    ("/materials", "Materials", Role.VIEWER),
    ("/plots", "Plots", Role.VIEWER),
    ("/reports", "Reports", Role.VIEWER),
    ("/corrections", "Corrections", Role.VIEWER),
)
"""The pages that every page links to: path, name, and the role that they need."""


def render(
    request: Request, template: str, user: User | None, *, status: int = 200, **context: Any
) -> Response:
    """A page from a template of ``web/templates``; values are escaped as HTML.

    Templates get ``user`` (None before log-in), ``csrf`` (the token for forms), ``navigation``,
    and what ``context`` names.
    """
    navigation = [
        (path, name) for path, name, role in NAVIGATION if user is None or user.role >= role
    ]
    return TEMPLATES.TemplateResponse(
        request,
        template,
        {"user": user, "csrf": csrf_token(request), "navigation": navigation, **context},
        status_code=status,
    )


def short_name(database: Database) -> str:
    """A database as a command names it: a file without its folders, a server's URL."""
    return database.where if "://" in database.where else Path(database.where).name
