"""The command line: what each command takes, and how errors reach the user.

Nothing is done here: commands import what they need when they are called, so that ``--help`` does
not wait for libraries that it has no use for. Only ``ingest`` stands here, the other commands in
the modules ``cli_…``. ``docs/cli.md`` is written from these files.
"""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

from scmine.pipelines import (
    cli_annotate,
    cli_check,
    cli_corpora,
    cli_corrections,
    cli_crawl,
    cli_crawl_report,
    cli_crawl_sources,
    cli_curate,
    cli_exchange,
    cli_formula,
    cli_records,
    cli_references,
    cli_serve,
    cli_structure,
    cli_tc,
    cli_train,
    cli_users,
)
from scmine.pipelines.cli_errors import Debug, clear_errors
from scmine.pipelines.cli_llm_options import (
    Llm,
    LlmAll,
    LlmBatch,
    LlmBudget,
    LlmCheck,
    LlmMode,
    LlmPriceIn,
    LlmPriceOut,
    LlmUrl,
)
from scmine.pipelines.cli_options import Config, Db, QuietEnd, SummaryAsJson

app = typer.Typer(
    name="scmine",
    help="Mines papers on superconductors into a database of claims with provenance.",
    epilog="Start with: scmine ingest papers/ && scmine show",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: rich would more than double the time it takes
    pretty_exceptions_enable=False,
)


class ReaderName(StrEnum):
    """The readers by name; what they are is said in ``scmine.pipelines.settings``."""

    AUTO = "auto"
    PDF = "pdf"
    GROBID = "grobid"


@app.callback(invoke_without_command=True)
def start(
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.")
    ] = False,
) -> None:
    """Mines papers on superconductors into a database of claims with provenance."""
    if show_version:
        from importlib.metadata import version

        print(f"scmine {version('scmine')}")
        raise typer.Exit


@app.command(no_args_is_help=True)
def ingest(
    paths: Annotated[
        list[str],  # a Path would make s3:/ of s3://
        typer.Argument(
            metavar="PATH",
            help="Papers (PDF, LaTeX and archives of it, arXiv's HTML, TEI, JATS, Markdown, text) "
            "and folders of them; also URLs of stores (s3://bucket/papers, extra [cluster]).",
        ),
    ],
    db: Db = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Papers at a time. Default: one for each CPU."),
    ] = None,
    reader: Annotated[
        ReaderName | None,
        typer.Option(
            metavar="auto|pdf|grobid",
            help="What reads PDFs: the built-in reader or a GROBID server; auto takes the server "
            "if one is named and there. Default: auto.",
        ),
    ] = None,
    grobid_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The GROBID server. Default: GROBID_URL, else http://localhost:8070 for "
            "--reader grobid.",
        ),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Time that a paper may take. Default: 120."),
    ] = None,
    memory: Annotated[
        int | None,
        typer.Option(metavar="MB", help="Memory that a worker may take. Default: 2048."),
    ] = None,
    ocr: Annotated[
        bool | None,
        typer.Option(
            "--ocr",
            help="Read pages that are images by OCR (extra [ocr] and the program tesseract).",
        ),
    ] = None,
    ocr_language: Annotated[
        str | None,
        typer.Option(metavar="LANG", help="Language that OCR reads: eng, deu+eng. Default: eng."),
    ] = None,
    no_layers: Annotated[
        bool,
        typer.Option(
            "--no-layers",
            help="Keep records only, not the papers' text and what was found in it (a quarter of "
            "the space; scmine serve then shows no highlights).",
        ),
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="A Dask scheduler (tcp://host:8786) whose workers read the papers (extra "
            "[cluster]). Default: processes of this machine.",
        ),
    ] = None,
    retry: Annotated[
        bool,
        typer.Option(
            "--retry",
            help="Try again what ended as timeout, crashed, out_of_memory or failed.",
        ),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Do again also what the database already holds.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Process at most N files.")
    ] = None,
    llm: Llm = None,
    llm_url: LlmUrl = None,
    llm_all: LlmAll = None,
    llm_check: LlmCheck = None,
    llm_budget: LlmBudget = None,
    llm_price_in: LlmPriceIn = None,
    llm_price_out: LlmPriceOut = None,
    llm_mode: LlmMode = None,
    llm_batch: LlmBatch = None,
    llm_estimate: Annotated[
        bool,
        typer.Option(
            "--llm-estimate",
            help="Read everything, ask nothing and save nothing: print what asking would take.",
        ),
    ] = False,
    as_json: SummaryAsJson = False,
    quiet: QuietEnd = False,
    config: Config = None,
    processor: Annotated[str | None, typer.Option(hidden=True)] = None,
    debug: Debug = False,
) -> None:
    """Mine papers for claims and save them in a database.

    Every file ends in a named status. A paper that hangs, crashes or takes too much memory is
    given up and the rest goes on. Ctrl-C, or even a kill, loses nothing that was done: the same
    command goes on where it was.

    \b
    Examples:
      scmine ingest papers/
      scmine ingest papers/ more/mgb2.pdf --db sc.db --workers 8
      scmine ingest papers/ --retry --timeout 600
      scmine ingest scans/ --ocr --ocr-language deu+eng
      scmine ingest papers/ --json > summary.json
      scmine ingest papers/ --reader grobid --grobid-url http://localhost:8070
      scmine ingest /shared/papers --scheduler tcp://host:8786 --db postgresql://host/sc
      scmine ingest s3://bucket/papers --scheduler tcp://host:8786
      scmine ingest papers/ --llm qwen2.5-7b --llm-url http://localhost:8080/v1
      scmine ingest papers/ --llm gpt-5-mini --llm-estimate --llm-price-in 0.25 --llm-price-out 2

    \b
    Exit codes: 0 every file ended in a status; 1 a path is missing or the database or the
    workers failed; 2 wrong usage; 130 interrupted.
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.report import make_progress, print_summary
        from scmine.pipelines.run import PROCESSOR
        from scmine.pipelines.run import ingest as run_ingest
        from scmine.pipelines.settings import SettingsError, load_settings

        settings = load_settings(config)
        if llm_url is not None and llm is None and settings.llm is None:
            raise SettingsError("--llm-url names a server and no model; name one: --llm MODEL")
        every = settings.progress_every
        with make_progress(quiet=quiet or as_json, every=every) as progress:
            summary = run_ingest(
                paths,
                db,
                workers=workers,
                timeout_s=timeout,
                memory_MB=memory,
                reader=reader,
                grobid_url=grobid_url,
                ocr=ocr,
                ocr_language=ocr_language,
                store_layers=False if no_layers else None,
                scheduler=scheduler,
                retry=retry,
                force=force,
                limit=limit,
                config=config,
                llm=llm,
                llm_options={
                    "llm_url": llm_url,
                    "llm_all": llm_all,
                    "llm_check": llm_check,
                    "llm_budget": llm_budget,
                    "llm_price_in": llm_price_in,
                    "llm_price_out": llm_price_out,
                    "llm_mode": llm_mode,
                    "llm_batch": llm_batch,
                },
                estimate=llm_estimate,
                progress=progress,
                processor=processor or PROCESSOR,
                debug=debug,
            )
        if as_json:
            print(json.dumps(summary.to_json(), indent=2, ensure_ascii=False))
        elif not quiet:
            print_summary(summary)
        if quiet or as_json:
            for path in summary.missing:
                print(f"scmine: {path}: cannot be found or listed", file=sys.stderr)
        raise typer.Exit(summary.exit_code)


cli_annotate.register(app)
cli_records.register(app)
cli_curate.register(app)
cli_check.register(app)
cli_corpora.register(app)
cli_corrections.register(app)
cli_formula.register(app)
cli_tc.register(app)
cli_references.register(app)
cli_serve.register(app)
cli_users.register(app)
cli_structure.register(app)
cli_exchange.register(app)
cli_crawl_report.register(cli_crawl.crawl_app)
app.add_typer(cli_crawl.crawl_app, name="crawl")
cli_crawl_sources.register(cli_crawl.crawl_app)
app.add_typer(cli_train.train_app, name="train")


def main() -> None:
    """Run the command line; the entry point of ``scmine``."""
    app()


if __name__ == "__main__":
    main()
