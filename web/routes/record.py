"""One record: its fields and evidence, its history, editing it."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
