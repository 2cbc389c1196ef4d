"""The table of records, with its facets and columns."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
