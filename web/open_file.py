"""A file that is open already, sent whole or in ranges, and closed however that ends.

What was checked when it was opened holds for what is sent: its name is not looked up again. Which
file it is lives in ``scmine.web.paper_files``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send


class OpenFileResponse(FileResponse):
    """The file of a descriptor, which is closed once it is sent."""

    def __init__(self, opened: int, *, media_type: str, headers: Mapping[str, str]) -> None:
        self._opened = opened
        # This names the open file itself (proc(5), fd(4)).
        super().__init__(
            f"/dev/fd/{opened}",
            media_type=media_type,
            headers=headers,
            stat_result=os.fstat(opened),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            os.close(self._opened)
