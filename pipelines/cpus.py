"""How many CPUs this process may use, which in a container or a batch job is fewer than there are.

Nothing here decides how many workers to start.
"""

from __future__ import annotations

import os
from pathlib import Path

CGROUP_ROOT = Path("/sys/fs/cgroup")


def usable_cpus(cgroup_root: Path = CGROUP_ROOT) -> int:
    """CPUs in the affinity mask, cut down to the cgroup's CPU quota (v2 or v1), at least 1.

    Quotas are described in the kernel's ``admin-guide/cgroup-v2`` (``cpu.max``) and
    ``scheduler/sched-bwc`` (``cpu.cfs_quota_us``); "max" and -1 mean no limit.
    """
    masks = hasattr(os, "sched_getaffinity")  # Linux has it, macOS has not
    cpus = len(os.sched_getaffinity(0)) if masks else os.cpu_count() or 1
    quota = _quota(cgroup_root)
    if quota is not None:
        cpus = min(cpus, int(quota))
    return max(1, cpus)


def _quota(root: Path) -> float | None:
    """The cgroup's CPU quota in CPUs, or None if it has none."""
    v2 = _words(root / "cpu.max")
    v1 = _words(root / "cpu" / "cpu.cfs_quota_us") + _words(root / "cpu" / "cpu.cfs_period_us")
    for words in (v2, v1):
        try:
            quota_us, period_us = (float(word) for word in words)
        except ValueError:
            continue
        if quota_us > 0 and period_us > 0:
            return quota_us / period_us
    return None


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").split()
    except OSError:
        return []
