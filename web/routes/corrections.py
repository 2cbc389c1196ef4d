"""Corrections as training examples."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
