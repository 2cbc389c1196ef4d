"""Logging in and out, one's password and tokens."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
