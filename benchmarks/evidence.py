"""The evidence rule measured: how many invented values it stops and how many right ones it keeps.

    python benchmarks/evidence.py [--supermat DIR] [--part dev|test|all] [--count 300] [--out JSON]

Right answers are those of our own passages and, with ``--supermat``, of the annotators' links;
corrupted ones are made of them (``evidence_answers``). The papers are parted in two halves by
name: all choices were made on ``dev``. ``--folds`` fits the linker anew for each fifth of the
papers, so that none is judged by networks that have seen it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from evidence_answers import (
    Case,
    Corruption,
    Source,
    corrupted,
    own_sources,
    right_cases,
    supermat_sources,
)

from scmine.corpora.supermat import load_supermat
from scmine.corpora.train_linker import train_all
from scmine.extractors.link_model import LinkModel, load_models, save_models
from scmine.extractors.llm.evidence import Findings, check_claims

SEED = 8

UNSURE = "unsure_material"
"""The hint of claims that get the flag of the same name."""


def part_of(name: str) -> str:
    """The half that a paper is of, by the hash of its name."""
    return "dev" if hashlib.sha1(name.encode(), usedforsecurity=False).digest()[0] % 2 else "test"


def is_kept(case: Case, source: Source, findings: Findings) -> tuple[bool, str]:
    """Whether the value of a case becomes a claim's; and the reasons why it does not.

    A claim whose material is unsure is kept and has ``unsure_material`` as the reason.
    """
    shown = {f"p{i}" for i in range(len(source.document.passages))}
    checked = check_claims(
        case.answer(),
        source.document,
        shown=shown,
        extractor="llm:none@claims@1",
        findings=findings,
    )
    field = case.said.field.value
    hints = [claim.hints for claim, _ in checked.claims if field in claim.values]
    reasons = [d.reason.value for d in checked.dropped if d.field == field]
    if hints and all("unsure_material" in hint for hint in hints):
        reasons.append(UNSURE)
    return bool(hints), ", ".join(reasons)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share, in percent."""
    if not count:
        return 0.0, 100.0
    z, share = 1.96, hits / count
    middle = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    low, high = ((middle + s * half) / (1 + z * z / count) for s in (-1, 1))
    return 100 * low, 100 * high


def fold_linkers(
    folder: Path, cache: Path | None, folds: int
) -> dict[str, Mapping[str, LinkModel]]:
    """For each paper networks that were fitted without it and the others of its fold."""
    papers = load_supermat(folder)
    order = random.Random(0).sample(papers, len(papers))
    linkers: dict[str, Mapping[str, LinkModel]] = {}
    for fold in range(folds):
        where = cache / str(fold) if cache else None
        if where is not None and where.exists():
            models = load_models(where)
        else:
            models = train_all([p for i, p in enumerate(order) if i % folds != fold])
            if where is not None:
                save_models(models, where)
        linkers |= {paper.stem: models for paper in order[fold::folds]}
    return linkers


def sample(cases: Sequence[Case], count: int, rng: random.Random) -> list[Case]:
    """``count`` corrupted cases, as many of each kind; all if there are fewer or ``count`` is 0."""
    if not count:
        return list(cases)
    by_kind: dict[Corruption, list[Case]] = defaultdict(list)
    for case in cases:
        if case.corruption is not None:
            by_kind[case.corruption].append(case)
    each = count // len(Corruption)
    return [
        c for kind in Corruption for c in rng.sample(by_kind[kind], min(each, len(by_kind[kind])))
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    options = _parser().parse_args(arguments)
    groups = {"own passages": own_sources()}
    linkers: dict[str, Mapping[str, LinkModel]] = {}
    if options.supermat:
        groups["SuperMat"] = supermat_sources(options.supermat)
        if options.folds:
            linkers = fold_linkers(options.supermat, options.linkers, options.folds)
    report = {
        name: _measure(
            [s for s in sources if options.part in ("all", part_of(s.name))], options, linkers
        )
        for name, sources in groups.items()
    }
    for name, table in report.items():
        print(f"\n{name}, {options.part}")
        for row, (hits, count) in table.items():
            low, high = wilson(hits, count)
            share = f"{100 * hits / max(count, 1):5.1f} %  ({low:.1f}-{high:.1f})"
            print(f"{row:50} {hits:5} of {count:5}  {share}")
    if options.out:
        options.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    return 0


def _measure(
    sources: Sequence[Source],
    options: argparse.Namespace,
    linkers: Mapping[str, Mapping[str, LinkModel]],
) -> dict[str, tuple[int, int]]:
    rng = random.Random(SEED)
    by_name = {s.name: s for s in sources}
    findings = {s.name: Findings(s.document, linkers=linkers.get(s.name)) for s in sources}
    rows: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    wrong = sample([c for s in sources for c in corrupted(s, rng, sources)], options.count, rng)
    right = [c for s in sources for c in right_cases(s)]
    for case in (*right, *wrong):
        kept, reasons = is_kept(case, by_name[case.paper], findings[case.paper])
        near = case.said.material_passage == case.said.passage
        if case.corruption is None:
            names = [f"kept: {case.said.field.value}" if near else "kept: material elsewhere"]
            names += ["kept: all beside their material"] if near else []
            good = kept
        else:
            names = [
                "stopped: all",
                f"stopped: {case.corruption.value}",
                f"  {case.corruption.value}: {case.recipe}"
                if case.corruption is not Corruption.UNIT
                else "stopped: wrong unit",
            ]
            good = not kept
        sure = kept and UNSURE not in reasons
        for name in dict.fromkeys(names):
            counts[name] += 1
            rows[name] += good
            if not name.startswith(" "):
                counts[f"{name} (flagged as dropped)"] += 1
                rows[f"{name} (flagged as dropped)"] += (
                    sure if case.corruption is None else not sure
                )
        if options.show and not good:
            _show(case, by_name[case.paper], reasons)
    return {name: (rows[name], counts[name]) for name in sorted(counts)}


def _show(case: Case, source: Source, reasons: str) -> None:
    said = case.said
    kind = f"{case.corruption.value}/{case.recipe}" if case.corruption else f"RIGHT lost: {reasons}"
    print(f"-- {case.paper} [{kind}] {said.material} | {said.field.value} = {said.value}")
    print(f"     {said.quote[:400]}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--supermat", type=Path, help="folder with SuperMat's *.tei.xml files")
    parser.add_argument("--part", choices=("dev", "test", "all"), default="dev")
    parser.add_argument("--count", type=int, default=300, help="corrupted answers; 0 for all")
    parser.add_argument("--folds", type=int, default=0, help="fit the linker in so many folds")
    parser.add_argument("--linkers", type=Path, help="folder that keeps the fitted networks")
    parser.add_argument("--out", type=Path, help="write the counts as JSON")
    parser.add_argument("--show", action="store_true", help="show each answer judged wrongly")
    return parser


if __name__ == "__main__":
    sys.exit(main())
