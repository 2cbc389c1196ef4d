"""The page of statuses names each of them."""

from __future__ import annotations

import re
from pathlib import Path

from scmine.extractors.document import Status


def test_every_status_is_explained(root: Path) -> None:
    page = (root / "docs/statuses.md").read_text("utf-8").split("## Flags")[0]
    listed = re.findall(r"^\| `(\w+)` \|", page, re.M)
    assert listed == [status.value for status in Status]
