"""What routes ask for besides the user: the open database and the options."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from scmine.database.store import Database
from scmine.web.options import WebOptions


def _database(request: Request) -> Database:
    database = request.app.state.database
    assert isinstance(database, Database)
    return database


def _options(request: Request) -> WebOptions:
    options = request.app.state.options
    assert isinstance(options, WebOptions)
    return options


Db = Annotated[Database, Depends(_database)]
Options = Annotated[WebOptions, Depends(_options)]
