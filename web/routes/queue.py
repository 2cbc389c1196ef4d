"""The queue of doubtful records."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
