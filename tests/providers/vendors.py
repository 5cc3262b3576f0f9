"""A local server that answers as the providers' APIs do, misfortunes included."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = Callable[["Request"], None]


@dataclass
class Vendor:
    """The server's address, the requests it had, and what goes wrong next."""

    base: str
    requests: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    mishaps: list[str] = field(default_factory=list)


class Request(BaseHTTPRequestHandler):
    """One request, with the answers a vendor gives."""

    protocol_version = "HTTP/1.1"
    vendor: Vendor
    routes: dict[str, Answer]

    def do_GET(self) -> None:
        self.vendor.requests.append(self.path)
        self.vendor.headers.append(dict(self.headers))
        mishap = self.vendor.mishaps.pop(0) if self.vendor.mishaps else None
        if mishap == "429":
            self.give(b"slow down", status=429, headers={"Retry-After": "0"})
        elif mishap == "500":
            self.give(b"oops", status=500)
        elif mishap == "half":
            self.send_response(200)
            self.send_header("Content-Length", "5000")
            self.end_headers()
            self.wfile.write(b'{"calls": [')
            self.close_connection = True
        elif mishap == "cut":
            self.give(b'{"calls": [{"id"')
        else:
            path = urlsplit(self.path).path
            answer = next((a for start, a in self.routes.items() if path.startswith(start)), None)
            if answer is None:
                self.give(b"not here", status=404)
            else:
                answer(self)

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    def give(
        self, body: bytes, *, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def give_json(self, value: Any) -> None:
        self.give(json.dumps(value).encode(), headers={"Content-Type": "application/json"})

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(routes: dict[str, Answer]) -> Iterator[Vendor]:
    """Serve answers by the beginning of their path."""
    handler = type("Handler", (Request,), {"routes": routes})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    handler.vendor = vendor = Vendor(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def callrail_call(number: int) -> dict[str, Any]:
    """One call as CallRail's API gives it."""
    return {
        "id": f"CAL{number}",
        "answered": True,
        "customer_phone_number": f"+1404555{number:04d}",
        "tracking_phone_number": "+12125550111",
        "direction": "inbound",
        "duration": 60 + number,
        "start_time": f"2026-07-{1 + number % 20:02d}T10:{number % 60:02d}:00.000-04:00",
        "voicemail": False,
        "source": "Google Ads",
    }


def callrail(calls: list[dict[str, Any]], per_page: int) -> dict[str, Answer]:
    """Answer relative pages of calls."""

    def answer(request: Request) -> None:
        start = int(request.query.get("offset", "0"))
        more = start + per_page < len(calls)
        path = urlsplit(request.path).path
        following = (
            f"{request.vendor.base}{path}?offset={start + per_page}&relative_pagination=true"
        )
        request.give_json(
            {
                "calls": calls[start : start + per_page],
                "has_next_page": more,
                "next_page": following if more else None,
            }
        )

    return {"/v3/a/": answer}
