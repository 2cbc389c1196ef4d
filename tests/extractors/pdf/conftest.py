"""Papers for the tests of the PDF reader: content streams as files, read as the package reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scmine.extractors import read
from scmine.extractors.document import Document
from tests.raw_pdf import make_pdf


@pytest.fixture
def read_streams(tmp_path: Path) -> Callable[..., Document]:
    """Reads content streams, one a page, with the keywords of ``make_pdf``."""

    def run(*contents: str, **keywords: str) -> Document:
        path = tmp_path / "paper.pdf"
        path.write_bytes(make_pdf(*contents, **keywords))
        return read(path)

    return run
