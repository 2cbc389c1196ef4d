"""What of others the pages use, and under which licences."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from scmine.web.pages import render
from scmine.web.scripts import VENDOR, packages
from scmine.web.security import Viewer

router = APIRouter(include_in_schema=False)


@router.get("/licenses")
def licenses_page(request: Request, user: Viewer) -> Response:
    """The scripts of others with their licences, as far as they are installed."""
    texts = {
        package.name: sorted(
            place for place in package.files.values() if place.startswith("licenses/")
        )
        for package in packages()
    }
    there = {package.name for package in packages() if (VENDOR / texts[package.name][0]).exists()}
    return render(request, "licenses.html", user, packages=packages(), texts=texts, there=there)
