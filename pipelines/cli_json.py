"""Figures as JSON, as the commands that measure write them where ``--json`` says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def wrote_json_only(figures: dict[str, Any], out: Path | None) -> bool:
    """Write ``figures`` where they are wanted; whether that was standard output."""
    if out is None:
        return False
    text = json.dumps(figures, indent=2, ensure_ascii=False)
    if out == Path("-"):
        print(text)
        return True
    out.write_text(text + "\n", encoding="utf-8")
    return False
