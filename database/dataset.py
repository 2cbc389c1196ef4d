"""Records as a data set that Hugging Face's ``datasets`` loads: Parquet files and a card.

The card (``README.md``) has the front matter by which the files are found. Its text is data
(``data/dataset_card.md``); how Parquet is written lives in ``scmine.database.export``.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from string import Template

from scmine.database.columns import describe_columns
from scmine.database.export import ParquetRows
from scmine.database.record import Record

CARD_FILE = Path(__file__).parent / "data" / "dataset_card.md"

SPLITS = (("train", 0.8), ("validation", 0.1), ("test", 0.1))
"""The splits by paper, and their shares."""

_ARROW = {"number": "float64", "integer": "int64", "boolean": "bool"}
_SIZES = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"))
_LICENSE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,63}")


@dataclass(slots=True)
class WrittenDataset:
    """What was written: the records of each split, the papers, and the verdicts on the records.

    ``arrow_bytes`` is the size of each split in memory, ``file_bytes`` that of all files.
    """

    folder: Path
    splits: dict[str, int] = field(default_factory=dict)
    arrow_bytes: dict[str, int] = field(default_factory=dict)
    file_bytes: int = 0
    documents: set[str] = field(default_factory=set)
    statuses: Counter[str] = field(default_factory=Counter)

    @property
    def records(self) -> int:
        """The records of all splits."""
        return sum(self.splits.values())


def write_dataset(
    records: Iterable[Record],
    folder: Path,
    *,
    split: bool = False,
    license: str | None = None,
    title: str = "Superconductors from the literature",
    filters: str = "",
) -> WrittenDataset:
    """Write records as a data set to a new folder, which appears only once it is whole.

    Parameters
    ----------
    records
        What to write; they are written as they come.
    folder
        Must not be there, or be empty.
    split
        Make the splits ``train``, ``validation`` and ``test`` by paper: all claims of a paper,
        and of its versions with the same DOI, are in one of them, and always in the same.
    license
        The licence's name as Hugging Face lists it, such as ``cc-by-4.0``. None: the card says
        that none is stated.
    title, filters
        What the card says: its title, and which records were chosen.

    Raises
    ------
    ValueError
        ``license`` is no name of a licence.
    OSError
        ``folder`` holds something or cannot be written.
    """
    if license is not None and not _LICENSE.fullmatch(license):
        raise ValueError(f"{license!r} is no name of a licence; write one such as cc-by-4.0")
    with _new_folder(folder) as partial:
        done = WrittenDataset(folder)
        _write_files(records, partial, done, split)
        card = _card(done, license=license, title=title, filters=filters)
        (partial / "README.md").write_text(card, encoding="utf-8")
    return done


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """A folder that takes the name ``folder`` at the end, or vanishes on an error."""
    target = folder.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FileExistsError(f"{folder}: there is something already; name a new folder")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"{folder}: there is no folder {target.parent}; make it first")
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        yield partial
        if target.exists():
            target.rmdir()
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write_files(
    records: Iterable[Record], folder: Path, done: WrittenDataset, split: bool
) -> None:
    names = [name for name, _ in SPLITS] if split else ["train"]
    (folder / "data").mkdir()
    with ExitStack() as files:
        writers = {
            name: files.enter_context(
                ParquetRows(files.enter_context((folder / _file(name)).open("wb")))
            )
            for name in names
        }
        for record in records:
            writers[split_of(record) if split else "train"].add(record)
            done.documents.add(record.doc_id)
            done.statuses[record.status.value] += 1
    done.splits = {name: writer.count for name, writer in writers.items()}
    done.arrow_bytes = {name: writer.arrow_bytes for name, writer in writers.items()}
    done.file_bytes = sum((folder / _file(name)).stat().st_size for name in names)


def _file(split: str) -> str:
    return f"data/{split}-00000-of-00001.parquet"


def split_of(record: Record) -> str:
    """The split of a record's paper; the same paper is always in the same one.

    >>> split_of(Record(record_id="r", doc_id="d", raw_material="MgB2", doi="10.1/X"))
    'train'
    """
    paper = (record.doi or record.arxiv_id or record.doc_id).lower()
    share = int.from_bytes(hashlib.sha256(paper.encode()).digest()[:8], "big") / 2**64
    for name, part in SPLITS:
        if share < part:
            return name
        share -= part
    return SPLITS[0][0]


def _card(done: WrittenDataset, *, license: str | None, title: str, filters: str) -> str:
    statuses = ", ".join(f"{n} {name}" for name, n in sorted(done.statuses.items()))
    rows = (f"| `{c.name}` | {c.type} | {c.unit} | {c.meaning} |" for c in describe_columns())
    text = Template(CARD_FILE.read_text(encoding="utf-8")).substitute(
        title=title,
        records=done.records,
        documents=len(done.documents),
        version=version("scmine"),
        statuses=statuses or "none",
        made=f"{datetime.now(UTC):%Y-%m-%d}",
        filters=f"; only records with {filters}" if filters else "",
        columns="\n".join(rows),
        splits=_splits_text(done),
        license=_license_text(license),
    )
    return f"---\n{_front_matter(done, license, title)}---\n\n{text}"


def _splits_text(done: WrittenDataset) -> str:
    if len(done.splits) == 1:
        return "None: all rows are in one file, which `datasets` calls `train`."
    rows = ", ".join(f"{name} {count}" for name, count in done.splits.items())
    return (
        f"By paper, so that no paper is in two of them ({rows} rows): by a hash of the DOI, of the "
        "arXiv number or of the file, whichever is the first that is known. Different papers on "
        "one material may be in different splits; split by `composition` where that matters."
    )


def _license_text(license: str | None) -> str:
    if license is None:
        return (
            "None is stated: whoever publishes this data set has to say under which it may be used."
        )
    return f"What the makers of this data set may license is under {license}."


def _front_matter(done: WrittenDataset, license: str | None, title: str) -> str:
    """The card's YAML. Strings are written as JSON has them, which YAML reads."""
    size = next((name for bound, name in _SIZES if done.records < bound), "n>1M")
    lines: list[str] = [] if license is None else [f"license: {json.dumps(license.lower())}"]
    lines += [
        f"pretty_name: {json.dumps(title, ensure_ascii=False)}",
        "language:\n- en",
        "tags:\n- superconductivity\n- materials-science\n- literature-mining",
        f"size_categories:\n- {size}",
        "configs:\n- config_name: default\n  data_files:",
        *(f"  - split: {name}\n    path: {_file(name)}" for name in done.splits),
        "dataset_info:\n  features:",
        *(_features()),
        "  splits:",
        *(
            f"  - name: {name}\n    num_bytes: {done.arrow_bytes[name]}\n    num_examples: {n}"
            for name, n in done.splits.items()
        ),
        f"  download_size: {done.file_bytes}",
        f"  dataset_size: {sum(done.arrow_bytes.values())}",
    ]
    return "\n".join(lines) + "\n"


def _features() -> Sequence[str]:
    return [
        f"  - name: {json.dumps(c.name)}\n    dtype: {_ARROW.get(c.type, 'string')}"
        for c in describe_columns()
    ]
