"""Watching a folder: it is looked at again and again, and crawled when something has changed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from scmine.pipelines.crawl.clock import Clock
from scmine.pipelines.crawl.errors import CrawlError
from scmine.pipelines.crawl.folder import FolderSource
from scmine.pipelines.crawl.summary import EXIT_INTERRUPTED
from scmine.pipelines.workers import tidy_reason


@dataclass
class Watch:
    """Looks at a folder every ``poll_s`` seconds and lets it be crawled.

    A folder that cannot be listed, such as a share that is not mounted now, is told once and looked
    at again.
    """

    source: FolderSource
    crawl: Callable[[], int]
    poll_s: float
    clock: Clock
    _told: str = ""

    def run(self) -> int:
        """Watch until a crawl is interrupted; its exit code. Ctrl-C raises `KeyboardInterrupt`."""
        before = None
        while True:
            changes = self._look()
            # What no crawl takes in, such as a file that is no paper, is crawled for once only.
            if changes and changes != before:
                if self.crawl() == EXIT_INTERRUPTED:
                    return EXIT_INTERRUPTED
                before = None if self.source.unsettled else changes
            self.clock.sleep(self.poll_s)

    def _look(self) -> object:
        """What has changed; None if nothing, or the folder cannot be looked at."""
        try:
            changes = self.source.changes()
        except CrawlError as error:
            if str(error) != self._told:
                self._told = str(error)
                print(f"scmine: {tidy_reason(self._told)}", file=sys.stderr, flush=True)
            return None
        self._told = ""
        return changes or None
