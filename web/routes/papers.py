"""The papers: the list, the page of one with its highlights, its file."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
