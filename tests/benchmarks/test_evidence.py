"""The benchmark of the evidence rule: what it makes of our own passages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def test_the_aims_hold_on_our_own_passages(root: Path, tmp_path: Path) -> None:
    """300 corrupted answers; 99 % are stopped, and 98 % of the right ones kept."""
    out = tmp_path / "counts.json"
    command = [sys.executable, str(root / "benchmarks/evidence.py"), "--part", "all"]
    done = subprocess.run([*command, "--out", str(out)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    counts = json.loads(out.read_text(encoding="utf-8"))["own passages"]
    stopped, corrupted = counts["stopped: all"]
    assert corrupted == 300
    assert stopped >= 0.99 * corrupted
    kept, right = counts["kept: all beside their material"]
    assert kept >= 0.98 * right
