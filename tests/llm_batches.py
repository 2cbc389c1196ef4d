"""Files and batches of the server in ``tests.llm_server``: many requests sent as one job."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

Found = tuple[int, "dict[str, Any] | bytes"]


class Batches:
    """The files and batches of one server.

    Attributes
    ----------
    polls
        How often a batch is asked about before it has ended.
    ending
        The status that it ends with: ``completed``, ``failed``, ``expired`` or ``cancelled``.
    done
        How many of its requests are answered by then; None: all.
    cancelled
        The batches that the client cancelled.
    """

    def __init__(self, complete: Callable[[dict[str, Any]], Any]) -> None:
        self.complete = complete
        self.polls = 1
        self.ending = "completed"
        self.done: int | None = None
        self.files: dict[str, bytes] = {}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.cancelled: list[str] = []
        self._polled: dict[str, int] = {}
        self._lock = threading.Lock()

    def answer(self, method: str, path: str, sent: bytes, content_type: str) -> Found | None:
        """What is answered to a request; None if there is no such path."""
        parts = path.removeprefix("/v1/").split("/")
        with self._lock:
            match method, parts:
                case "POST", ["files"]:
                    return 200, self._keep(_file_of(sent, content_type))
                case "GET", ["files", name, "content"] if name in self.files:
                    return 200, self.files[name]
                case "DELETE", ["files", name] if name in self.files:
                    del self.files[name]
                    return 200, {"id": name, "object": "file", "deleted": True}
                case "POST", ["batches"]:
                    return self._create(json.loads(sent))
                case "GET", ["batches"]:
                    return 200, {"object": "list", "data": list(self.jobs.values())}
                case "GET", ["batches", name] if name in self.jobs:
                    return 200, self._poll(name)
                case "POST", ["batches", name, "cancel"] if name in self.jobs:
                    self.cancelled.append(name)
                    self.jobs[name]["status"] = "cancelled"
                    return 200, self.jobs[name]
        return None

    def _keep(self, content: bytes, purpose: str = "batch") -> dict[str, Any]:
        name = f"file-{len(self.files) + 1}"
        self.files[name] = content
        return {
            "id": name,
            "object": "file",
            "bytes": len(content),
            "created_at": 0,
            "filename": f"{name}.jsonl",
            "purpose": purpose,
            "status": "processed",
        }

    def _create(self, asked: dict[str, Any]) -> Found:
        if asked["input_file_id"] not in self.files:
            return 400, {"error": {"message": "no such file"}}
        name = f"batch-{len(self.jobs) + 1}"
        lines = self.files[asked["input_file_id"]].splitlines()
        self.jobs[name] = {
            "id": name,
            "object": "batch",
            "endpoint": asked["endpoint"],
            "input_file_id": asked["input_file_id"],
            "completion_window": asked["completion_window"],
            "metadata": asked.get("metadata"),
            "created_at": 0,
            "status": "validating",
            "request_counts": {"total": len(lines), "completed": 0, "failed": 0},
        }
        self._polled[name] = 0
        return 200, self.jobs[name]

    def _poll(self, name: str) -> dict[str, Any]:
        job = self.jobs[name]
        if job["status"] in ("completed", "failed", "expired", "cancelled"):
            return job
        self._polled[name] += 1
        job["status"] = "in_progress"
        if self._polled[name] > self.polls:
            self._end(job)
        return job

    def _end(self, job: dict[str, Any]) -> None:
        """Answer what is answered by the end, and write the files of results and faults."""
        job["status"] = self.ending
        if self.ending == "failed":
            message = {"code": "invalid_json_line", "message": "line 1 is no JSON", "line": 1}
            job["errors"] = {"object": "list", "data": [message]}
            return
        lines = [json.loads(line) for line in self.files[job["input_file_id"]].splitlines()]
        good, bad = [], []
        for number, line in enumerate(lines):
            if self.done is not None and number >= self.done:
                code = "batch_expired"
                fault = {"code": code, "message": "This request could not be executed."}
                bad.append({"custom_id": line["custom_id"], "response": None, "error": fault})
                continue
            whole = self.complete(line["body"])
            if isinstance(whole, dict):
                response = {"status_code": 200, "request_id": "r", "body": whole}
                good.append({"custom_id": line["custom_id"], "response": response, "error": None})
            else:
                response = {"status_code": whole.status, "request_id": "r", "body": whole.body}
                bad.append({"custom_id": line["custom_id"], "response": response, "error": None})
        job["request_counts"] = {"total": len(lines), "completed": len(good), "failed": len(bad)}
        for kind, found in (("output_file_id", good), ("error_file_id", bad)):
            if found:
                text = "".join(json.dumps(line) + "\n" for line in reversed(found))
                job[kind] = self._keep(text.encode(), "batch_output")["id"]


def _file_of(sent: bytes, content_type: str) -> bytes:
    """The file in a form."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    for part in BytesParser(policy=HTTP).parsebytes(head + sent).iter_parts():
        if part.get_filename():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content
    raise ValueError("no file was sent")
