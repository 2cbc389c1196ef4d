"""The settings of crawls and of their reports; joined to all others in ``settings``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, Field, field_validator

from scmine.pipelines.crawl.address import server_of


class MailSecurity(StrEnum):
    """How the connection to a mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class CrawlSettings(BaseModel):
    """What a crawl can be told."""

    crawl_contact: str | None = Field(
        default=None,
        min_length=3,
        description="The address (e-mail or web page) that servers can reach you by; each request "
        "of a crawl names it. Asked for on the first crawl and kept in the user's folder.",
    )
    crawl_folder: Path = Field(
        default=Path("crawled"),
        description="The folder that fetched papers are kept in. They stay on this machine.",
    )
    crawl_interval_s: float = Field(
        default=3.0,
        ge=0,
        description="Seconds between two requests to one server, over all crawls of this machine. "
        "Less than 3 is taken only for servers of this machine itself.",
    )
    crawl_tries: int = Field(
        default=5,
        ge=1,
        le=20,
        description="How often a request that failed for a passing reason is tried.",
    )
    crawl_max_wait_s: float = Field(
        default=900.0,
        ge=1,
        description="The longest wait before a request is tried again. A server that asks for "
        "more (`Retry-After`) ends the crawl, which goes on when it is started again.",
    )
    crawl_max_file_MB: int = Field(
        default=200,
        ge=1,
        description="Files larger than this many MB (2^20 bytes) are not fetched.",
    )
    crawl_formats: str = Field(
        default="source,html,xml,pdf",
        description="The forms of full text that are tried for a paper, in this order.",
    )
    crawl_retries: int = Field(
        default=3,
        ge=0,
        description="In how many later crawls a paper is tried again whose fetching failed.",
    )
    crawl_settle_s: float = Field(
        default=2.0,
        ge=0,
        description="A file of a watched folder is read when its size and time of change have "
        "stayed the same for so many seconds.",
    )
    crawl_poll_s: float = Field(
        default=30.0,
        ge=0.1,
        description="How often `scmine crawl folder --watch` looks at its folder, in seconds.",
    )
    arxiv_oai_url: str = Field(
        default="https://oaipmh.arxiv.org/oai",
        description="Where arXiv's OAI-PMH server is.",
    )
    arxiv_query_url: str = Field(
        default="https://export.arxiv.org/api/query",
        description="Where arXiv's query API is.",
    )
    arxiv_files_url: str = Field(
        default="https://export.arxiv.org",
        description="Where arXiv's files are: `/e-print/ID`, `/html/ID`, `/pdf/ID`.",
    )
    crossref_url: str = Field(
        default="https://api.crossref.org",
        description="Where Crossref's API is, which tells what a DOI is and where its text is.",
    )
    unpaywall_url: str = Field(
        default="https://api.unpaywall.org",
        description="Where Unpaywall's API is, which knows free copies of papers.",
    )
    relevance_threshold: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Papers whose title and abstract score less are not fetched. Not set: the "
        "model's own threshold. 0 fetches everything.",
    )
    report_folder: Path | None = Field(
        default=None,
        description="The folder that each crawl's report is written to, as Markdown and HTML.",
    )
    report_to: str | None = Field(
        default=None,
        min_length=3,
        description="Who gets the report of each crawl by e-mail; several with commas.",
    )
    report_empty: bool = Field(
        default=False,
        description="Whether a report is sent by e-mail that has nothing to tell. Not set: no "
        "e-mail after a night without claims, failures, withdrawals or crawls that broke off.",
    )
    report_url: str | None = Field(
        default=None,
        description="Where `scmine serve` is reached by readers of the report, for its links.",
    )
    smtp_host: str | None = Field(
        default=None,
        min_length=1,
        description="The mail server. Its password is taken from `SCMINE_SMTP_PASSWORD` alone.",
    )
    smtp_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="The mail server's port. Not set: 587, or 465 for `tls`, or 25 for `none`.",
    )
    smtp_user: str | None = Field(
        default=None,
        description="The name to log in at the mail server by. Not set: no log-in.",
    )
    smtp_from: str | None = Field(
        default=None,
        min_length=3,
        description="Whom the e-mail comes from. Not set: the first of `report_to`.",
    )
    smtp_security: MailSecurity = Field(
        default=MailSecurity.STARTTLS,
        description="`starttls`, `tls` from the start, or `none`.",
    )

    @field_validator(
        "arxiv_oai_url", "arxiv_query_url", "arxiv_files_url", "crossref_url", "unpaywall_url"
    )
    @classmethod
    def _is_address(cls, url: str) -> str:
        if server_of(url) is None:
            raise ValueError("begin with https:// (or http://) and name a server, without log-in")
        return url
