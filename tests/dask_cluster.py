"""A real Dask cluster of several processes on loopback, whose parts tests kill and start again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CONFIG = {
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "20s",
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3",
}


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether someone listens on a port of loopback."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition: Callable[[], object], what: str, limit_s: float = 120.0) -> None:
    """Wait until ``condition`` holds; an error, and not a wait for ever, if it never does."""
    end = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.02)


class DaskCluster:
    """A scheduler and workers of it, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def start_scheduler(self) -> None:
        """Start a scheduler at the address of this cluster."""
        options = ["--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"]
        self._scheduler = self._start("scheduler", *options)
        wait_for(lambda: listens(self.port), "the scheduler does not listen")

    def start_worker(
        self, threads: int = 1, *, through: str | None = None, **environment: str
    ) -> subprocess.Popen[bytes]:
        """Start a worker; it reaches the scheduler by the address ``through``."""
        options = ["--nthreads", str(threads), "--no-nanny", "--no-dashboard"]
        options += ["--local-directory", str(self._folder), "--host", "127.0.0.1"]
        worker = self._start("worker", through or self.address, *options, **environment)
        self.workers.append(worker)
        return worker

    def wait_for_workers(self, count: int) -> None:
        """Wait until so many workers have joined since the cluster began."""
        log = self._folder / "dask.log"
        wait_for(lambda: log.read_bytes().count(b"Registered to:") >= count, "workers are missing")

    def kill_scheduler(self) -> None:
        """End the scheduler as a power cut does."""
        assert self._scheduler is not None
        kill(self._scheduler)

    def stop(self) -> None:
        """End everything."""
        for process in [*self.workers, *([self._scheduler] if self._scheduler else [])]:
            kill(process)

    def _start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self._folder / "dask.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | CONFIG | environment,
                cwd=self._folder,
            )


class Relay:
    """Passes connections on to a port of loopback, until it is cut; then bytes go nowhere."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._open = threading.Event()
        self._open.set()
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> Relay:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._listener.close()
        self._open.set()
        for end in self._sockets:
            end.close()

    def cut(self) -> None:
        """Pass nothing on any more, and say nothing of it."""
        self._open.clear()

    def mend(self) -> None:
        """Take new connections again; those that were cut stay silent."""
        self._open = threading.Event()
        self._open.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._port))
                self._sockets += [near, far]
                for ends in ((near, far), (far, near)):
                    arguments = (*ends, self._open)
                    threading.Thread(target=_pass_on, args=arguments, daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket, is_open: threading.Event) -> None:
    """Bytes from one end to the other; the end of one is the end of the other."""
    with suppress(OSError):
        while data := source.recv(1 << 16):
            is_open.wait()
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process with SIGKILL and wait for its end."""
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGKILL)
    process.wait()


@contextmanager
def dask_cluster(folder: Path, workers: int = 0, threads: int = 1) -> Iterator[DaskCluster]:
    """A cluster with a scheduler and so many workers."""
    cluster = DaskCluster(folder)
    try:
        cluster.start_scheduler()
        for _ in range(workers):
            cluster.start_worker(threads)
        yield cluster
    finally:
        cluster.stop()
