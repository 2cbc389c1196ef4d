"""What crawls brought: the Atom feed of new claims, the list of crawls, the report of one."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from markupsafe import Markup
from starlette.responses import Response

from scmine.database.crawl import crawl_run, crawl_runs
from scmine.pipelines.crawl.report import report_of
from scmine.pipelines.crawl.report_html import body
from scmine.pipelines.crawl.report_words import subject
from scmine.web.dependencies import Db
from scmine.web.feed import Feed, as_atom, feed_of
from scmine.web.pages import render
from scmine.web.record_query import FIELDS, read_query, unknown_names
from scmine.web.record_words import when
from scmine.web.security import Viewer, guard, known_user

LARGEST_NUMBER = 2**31 - 1
MOST_RUNS = 200
REALM = {"WWW-Authenticate": 'Basic realm="scmine: any name, and a token as password"'}

router = APIRouter(include_in_schema=False)


@router.get("/feed.atom")
def feed(request: Request, db: Db) -> Response:
    """New claims of the papers that were crawled last; filters are those of the records' table."""
    if known_user(request) is None and not _has_token(request):
        # Readers of feeds cannot fill in a form; what they can do is ask for name and password.
        return Response("log in, or send a token as password\n", 401, REALM)
    unknown = unknown_names(request.query_params, FIELDS)
    query = read_query(request.query_params)
    if wrong := {**unknown, **query.problems}:
        said = "; ".join(f"{name[:40]}: {why}" for name, why in wrong.items())
        raise HTTPException(400, said)
    base = str(request.base_url).rstrip("/")
    found = feed_of(db, query.wanted)
    content = as_atom(found, str(request.url), base)
    tag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(found.updated.astimezone(UTC), usegmt=True),
        "Cache-Control": "private, no-cache",
    }
    if _is_known(request, tag, found):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/atom+xml", headers=headers)


def _has_token(request: Request) -> bool:
    """Whether a token of a user came as the password of HTTP's basic log-in (RFC 7617)."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.casefold() != "basic":
        return False
    try:
        named = base64.b64decode(given.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    return guard(request).tokens.user(named.partition(":")[2]) is not None


def _is_known(request: Request, tag: str, found: Feed) -> bool:
    """Whether who asks has the feed already (RFC 9110, 13.1): by its tag, else by its time."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        named = {t.strip().removeprefix("W/") for t in tags.split(",")}
        return "*" in named or tag.removeprefix("W/") in named
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    aware = since if since.tzinfo is not None else since.replace(tzinfo=UTC)
    return found.updated.replace(microsecond=0) <= aware


@router.get("/reports")
def reports(request: Request, user: Viewer, db: Db) -> Response:
    """The crawls, the last one first."""
    runs = crawl_runs(db)[::-1]
    return render(
        request,
        "reports.html",
        user,
        runs=runs[:MOST_RUNS],
        more=max(0, len(runs) - MOST_RUNS),
        when=when,
    )


@router.get("/reports/{number}")
def one_report(
    request: Request,
    user: Viewer,
    db: Db,
    number: Annotated[int, Path(ge=1, le=LARGEST_NUMBER)],
) -> Response:
    """The report of a crawl, made from the database as it is now."""
    if crawl_run(db, number) is None:
        raise HTTPException(404, f"there is no crawl {number}")
    report = report_of(db, [number])
    # All that papers say was escaped when this was made.
    text = Markup(body(report))
    return render(request, "report.html", user, heading=subject(report), text=text, number=number)
