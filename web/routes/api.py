"""The JSON API, version 1."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
