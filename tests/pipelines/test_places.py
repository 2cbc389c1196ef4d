"""The PDF beside a source: one that cannot be opened as a paper does not cost the source."""

from __future__ import annotations

import os
from pathlib import Path

from scmine.pipelines import ingest

TEX = r"\documentclass{article}\begin{document}We found that MgB$_2$ has $T_c=39$ K.\end{document}"


def test_a_pipe_beside_a_source_is_not_waited_for(own_folder: Path) -> None:
    (own_folder / "a.tex").write_text(TEX)
    os.mkfifo(own_folder / "a.pdf")
    summary = ingest(own_folder, db="t.db", workers=1, timeout_s=30)
    assert summary.statuses == {"done": 1}
    assert any("not a regular file" in note for note in summary.notes)


def test_a_pdf_over_the_limit_gives_no_places(own_folder: Path) -> None:
    (own_folder / "a.tex").write_text(TEX)
    (own_folder / "a.pdf").write_bytes(b"%PDF-1.4" + bytes(2 << 20))
    settings = own_folder / "own.toml"
    settings.write_text("max_file_MB = 1\n")
    summary = ingest(own_folder, db="t.db", workers=1, config=settings)
    assert summary.statuses == {"done": 1}
    assert any("max_file_MB" in note for note in summary.notes)
