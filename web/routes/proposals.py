"""What later readings propose for judged records."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
