"""A process that asks politely: ``asking URL FOLDER [NAME=VALUE …]``, by ``python -m``.

It prints ``asks``, asks ``times`` times, and prints ``done`` or the kind of error and its words.
``to`` names a file to download to; ``bytes`` is the largest size of a file that it may write, as
on a disk that is full; the other names are settings.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from scmine.pipelines.crawl.errors import CrawlError
from scmine.pipelines.crawl.http import PoliteWeb
from scmine.pipelines.settings import load_settings


def main(url: str, folder: str, *more: str) -> None:
    """Ask."""
    given = dict(word.split("=", 1) for word in more)
    times, to, most = int(given.pop("times", "1")), given.pop("to", None), given.pop("bytes", None)
    web = PoliteWeb(load_settings(crawl_contact="ada@example.org", **given), None, Path(folder))
    if most is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
    print("asks", flush=True)
    try:
        for _ in range(times):
            if to is None:
                web.get(url)
            else:
                web.download(url, Path(to))
        print("done")
    except CrawlError as error:
        print(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
