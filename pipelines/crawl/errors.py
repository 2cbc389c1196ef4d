"""How the outside world fails a crawl; each message says what was asked and what came back."""

from __future__ import annotations


class CrawlError(RuntimeError):
    """A crawl, or one request of it, cannot go on."""


class RefusedError(CrawlError):
    """The server does not want us: the whole crawl stops and asks nothing more."""


class UnreachableError(CrawlError):
    """The server cannot be reached or does not work, also after all tries."""


class NotKeptError(CrawlError):
    """This machine cannot keep what a crawl needs, a file or the pace: asking more is in vain."""


class NotThereError(CrawlError):
    """The server says that there is no such thing (404, 410)."""


class BrokenAnswerError(CrawlError):
    """What came is not what was asked for: half a file, another type, XML that is none."""


class CursorExpiredError(CrawlError):
    """The server no longer knows where a listing stood; it has to be asked for anew."""
