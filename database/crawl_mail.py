"""Which crawls' reports are still to be sent by e-mail, and that they were sent.

One process sends at a time: who asks holds the lease ``MAIL_LEASE`` of ``crawl_leases``.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from scmine.database.clean import clean
from scmine.database.crawl_models import RUNS
from scmine.database.crawl_values import CrawlState, MailState
from scmine.database.store import Database

MAIL_LEASE = "report by e-mail"
"""The name of the lease of who sends; no source is called so."""


def crawls_to_mail(database: Database) -> list[int]:
    """The numbers of the crawls that have ended and whose report waits, oldest first."""
    waiting = RUNS.c.mail == MailState.WAITING.value
    ended = RUNS.c.state != CrawlState.RUNNING.value
    statement = select(RUNS.c.id).where(waiting, ended).order_by(RUNS.c.id)
    return [row["id"] for row in database.rows(statement)]


def set_mail(
    database: Database, run_ids: Sequence[int], state: MailState, reason: str | None = None
) -> None:
    """Note how the e-mail of these crawls stands, and why it could not be sent."""
    told = None if reason is None else clean(reason)
    with database.writing() as connection:
        connection.execute(
            update(RUNS)
            .where(RUNS.c.id.in_(list(run_ids)))
            .values({"mail": state.value, "mail_reason": told})
        )
