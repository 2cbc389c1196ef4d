"""The Dask workers that may read papers: those of our versions that see the files.

Greets each worker that joins, and keeps count of what each has in hand. What is done about a worker
that is gone is decided in ``cluster``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, ValidationError

from scmine.pipelines.cluster_link import Answer, Link, Member, Members
from scmine.pipelines.cluster_worker import say_hello, versions
from scmine.pipelines.workers import WorkerStartError, tidy_reason

AHEAD = 2
"""Papers that a thread may have, the one in work among them: it never waits for the next one, and
little is done again when its machine is lost."""

ANYONE = 0
GREETINGS_FROM = -1
"""Greetings have negative numbers, papers positive ones; 0 asks for any worker at all."""


class _Hello(BaseModel):
    """What a worker said of itself, checked."""

    model_config = ConfigDict(extra="forbid")

    versions: dict[str, str]
    host: str
    unseen: list[str]


@dataclass(eq=False)
class Machine:
    """A Dask worker and the papers that it has, by number, in the order in which they were sent."""

    address: str
    threads: int
    leaving: bool = False
    numbers: dict[int, bool] = field(default_factory=dict)
    """Whether each is suspected to be what a worker died of."""

    def add(self, number: int, *, suspect: bool) -> None:
        """Note a paper that was sent."""
        self.numbers[number] = suspect

    def remove(self, number: int) -> None:
        """Note a paper that has ended."""
        self.numbers.pop(number, None)

    def in_work(self) -> list[int]:
        """The papers that it reads now; Dask takes them in the order in which they came."""
        return list(self.numbers)[: self.threads]

    def has_room(self, *, suspect: bool) -> bool:
        """Whether it takes one more. It has one suspect at a time, so that it can be told which."""
        if self.leaving or (suspect and any(self.numbers.values())):
            return False
        return len(self.numbers) < AHEAD * self.threads


class Machines:
    """All workers of the cluster, as far as they can be used."""

    def __init__(self, link: Link, folders: tuple[str, ...], note: Callable[[str], None]) -> None:
        self._link = link
        self._folders = json.dumps(folders).encode("ascii")
        self._note = note
        self._usable: dict[str, Machine] = {}
        self._refused: dict[str, str] = {}
        self._greeted: dict[int, str] = {}
        self._known: dict[str, Member] | None = None
        self._next = GREETINGS_FROM
        self._asked = False
        self.most_threads = 0

    def update(self, now: Members) -> Iterator[Machine]:
        """Take in who works there now; gives the machines that are gone."""
        self._known = dict(now.by_address)
        for address in [a for a in self._usable if a not in self._known]:
            yield self._usable.pop(address)
        self._refused = {a: why for a, why in self._refused.items() if a in self._known}
        for number, address in list(self._greeted.items()):
            if address not in self._known:
                self._link.forget(number)
                del self._greeted[number]
        for address, member in self._known.items():
            machine = self._usable.get(address)
            if machine is not None:
                machine.threads = member.threads
                machine.leaving = member.leaving or address in self._refused
            elif address not in self._refused and address not in self._greeted.values():
                self._greeted[self._next] = address
                self._link.submit(self._next, address, say_hello, self._folders)
                self._next -= 1
        self._count()

    def forget(self) -> None:
        """The scheduler is gone, and with it all that is known."""
        self._usable.clear()
        self._refused.clear()
        self._greeted.clear()
        self._known = None
        self._asked = False

    def with_room(self, *, suspect: bool) -> Machine | None:
        """The machine that has least to do for its threads, if any has room."""
        free = [m for m in self._usable.values() if m.has_room(suspect=suspect)]
        return min(free, key=lambda m: len(m.numbers) / m.threads, default=None)

    def ask_for_some(self) -> None:
        """Let a cluster that grows with its work know that there is some.

        Raises
        ------
        WorkerStartError
            There are workers, and none of them can be used.
        """
        if self._known is None:
            return
        if not self._known and not self._asked:
            self._asked = True
            self._link.submit(ANYONE, None, say_hello, self._folders)
            self._note("the Dask cluster has no workers yet; they are waited for")
        if self._known and len(self._refused) == len(self._known):
            several = f" (and {len(self._refused) - 1} more)" if len(self._refused) > 1 else ""
            address, why = next(iter(self._refused.items()))
            raise WorkerStartError(f"no Dask worker can be used: {address}{several}: {why}")

    def answered(self, event: Answer) -> None:
        """Take in what a worker said of itself."""
        if event.number == ANYONE:
            self._asked = False
        address = self._greeted.pop(event.number, None)
        if address is None or self._known is None or address not in self._known:
            return
        why = self._objection(event)
        if why is not None:
            self._refuse(address, why)
            return
        member = self._known[address]
        self._usable[address] = Machine(address, member.threads, member.leaving)
        self._count()

    def refuse(self, machine: Machine, why: str) -> None:
        """Send no more papers to a machine; what it has in hand may still come back."""
        if machine.address not in self._refused:
            self._refuse(machine.address, why)
        machine.leaving = True

    def _refuse(self, address: str, why: str) -> None:
        self._refused[address] = why
        self._note(f"the Dask worker {address} gets no papers: {why}")

    def _objection(self, event: Answer) -> str | None:
        """Why a worker cannot be used; None if it can."""
        if event.data is None:
            return f"it cannot run scmine ({tidy_reason(event.why)}); is it installed there?"
        try:
            hello = _Hello.model_validate_json(event.data)
        except ValidationError:
            return "its scmine is another version than ours: it says what we do not understand"
        ours = versions()
        other = [
            f"{name} {tidy_reason(hello.versions.get(name, 'unknown'))} and not {version}"
            for name, version in ours.items()
            if hello.versions.get(name) != version
        ]
        if other:
            return f"it has {', '.join(other)}; install the same there as here"
        if hello.unseen:
            return (
                f"{tidy_reason(hello.host)} does not see {tidy_reason(hello.unseen[0])}; papers "
                "must lie in a folder that all machines share under the same path, or in a store "
                "(s3://…)"
            )
        return None

    def _count(self) -> None:
        self.most_threads = max(self.most_threads, sum(m.threads for m in self._usable.values()))
