"""A server that answers as a vendor does: honestly, with odd pages, or with odd manners."""

from __future__ import annotations

import gzip
import json
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from tools.fuzzing.mutations import ODD_TEXTS, mutated_bytes, mutated_value, odd_json
from tools.fuzzing.vendors import page_at

_OK: Final = b"HTTP/1.1 200 OK\r\n"
_JSON: Final = b"Content-Type: application/json\r\n"
_MB: Final = 1024 * 1024


@dataclass(slots=True)
class Server:
    """Answers one vendor's client.

    Parameters
    ----------
    vendor : str
    rng : random.Random
    pages : float
        The share of pages that are changed.
    manners : float
        The share of whole pages that are sent oddly.
    """

    vendor: str
    rng: random.Random
    pages: float = 0.0
    manners: float = 0.0
    base: str = ""
    sent: list[str] = field(default_factory=list)

    def answer(self, line: socket.socket, target: str) -> None:
        """Send the answer to one request."""
        page = page_at(self.vendor, self.base, target)
        if self.rng.random() < self.pages:
            for _ in range(self.rng.choice((1, 1, 3))):
                page = mutated_value(self.rng, page)
            body = odd_json(self.rng, page)
            if self.rng.random() < 0.1:
                body = mutated_bytes(self.rng, body)
        else:
            body = json.dumps(page).encode()
        odd = self.rng.random() < self.manners
        way = self.rng.choice(ODD_MANNERS if odd else MANNERS)
        self.sent.append(way.__name__.strip("_"))
        way(self, line, body)


Manner = Callable[[Server, socket.socket, bytes], None]


def _sized(body: bytes, head: bytes = _JSON, first: bytes = _OK) -> bytes:
    return first + head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _plain(_: Server, line: socket.socket, body: bytes) -> None:
    line.sendall(_sized(body))


def _zipped(_: Server, line: socket.socket, body: bytes) -> None:
    line.sendall(_sized(gzip.compress(body), _JSON + b"Content-Encoding: gzip\r\n"))


def _in_chunks(server: Server, line: socket.socket, body: bytes) -> None:
    line.sendall(_OK + _JSON + b"Transfer-Encoding: chunked\r\n\r\n")
    size = server.rng.choice((7, 100, 5_000))
    for at in range(0, len(body), size):
        part = body[at : at + size]
        line.sendall(b"%x\r\n%b\r\n" % (len(part), part))
    line.sendall(b"0\r\n\r\n")


def _until_closed(_: Server, line: socket.socket, body: bytes) -> None:
    line.sendall(_OK + _JSON + b"\r\n" + body)


def _as_a_page(_: Server, line: socket.socket, body: bytes) -> None:
    line.sendall(
        _sized(body, b"Content-Type: text/html; charset=utf-16\r\nX: " + b"y" * 900 + b"\r\n")
    )


def _cut_off(server: Server, line: socket.socket, body: bytes) -> None:
    sent = _sized(body)
    line.sendall(sent[: server.rng.randrange(len(sent))])


def _half_zipped(server: Server, line: socket.socket, body: bytes) -> None:
    packed = mutated_bytes(server.rng, gzip.compress(body))
    line.sendall(_sized(packed, _JSON + b"Content-Encoding: gzip\r\n"))


def _slow(_: Server, line: socket.socket, body: bytes) -> None:
    sent = _sized(body)
    for at in range(0, len(sent), 3):
        line.sendall(sent[at : at + 3])
        time.sleep(0.03)


def _refused(server: Server, line: socket.socket, body: bytes) -> None:
    status = server.rng.choice(
        (
            100,
            101,
            204,
            206,
            301,
            302,
            304,
            307,
            400,
            401,
            403,
            404,
            410,
            418,
            429,
            500,
            503,
            599,
            999,
        )
    )
    wait = server.rng.choice(("0", "-1", "1e9", "0.5", "٣", "99999999999", "soon", *_DATES))
    place = server.rng.choice(
        (server.base + "/loop", "/", "ftp://x/", "http://[::1", "\x01", "//x@y")
    )
    head = f"Retry-After: {wait}\r\nLocation: {place}\r\n".encode("utf-8", "replace")
    line.sendall(_sized(body, head, b"HTTP/1.1 %d What\r\n" % status))


_DATES: Final = (
    "Wed, 21 Oct 2015 07:28:00 GMT",
    "Wed, 99 Foo 20155 99:99:99",
    "Thu, 01 Jan 9999 00:00:00 GMT",
)


def _odd_head(server: Server, line: socket.socket, body: bytes) -> None:
    odd = server.rng.choice(ODD_TEXTS).encode("utf-8", "surrogatepass")
    heads = (
        b"Content-Length: -1\r\n", b"Content-Length: 5\r\nContent-Length: 6\r\n", b"Nothing\r\n",
        b"Content-Length: " + b"9" * 5_000 + b"\r\n", b"Content-Encoding: br\r\n",
        b"Content-Encoding: gzip, gzip\r\n", b"Content-Encoding: gzip\r\n", b"X: " + odd + b"\r\n",
        b"Content-Encoding: " + odd + b"\r\n", b"Transfer-Encoding: " + odd + b"\r\n",
        b"Set-Cookie: " + odd + b"\r\n", b"X: y\r\n" * 5_000, b"Transfer-Encoding: chunked\r\n",
        b"Content-Type: application/json; charset=" + odd + b"\r\n",
    )  # fmt: skip
    line.sendall(_OK + server.rng.choice(heads) + b"\r\n" + body)


def _odd_line(server: Server, line: socket.socket, body: bytes) -> None:
    lines = (
        b"HTTP/0.9 200\r\n",
        b"HTTP/1.1 abc\r\n",
        b"",
        b"\x00\x01\x02\r\n",
        b"HTTP/1.1 200 OK\n",
    )
    line.sendall(
        _sized(body, first=server.rng.choice((*lines, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")))
    )


def _noise(server: Server, line: socket.socket, body: bytes) -> None:
    line.sendall(mutated_bytes(server.rng, _sized(body)))


def _bomb(server: Server, line: socket.socket, _: bytes) -> None:
    if server.rng.random() < 0.7:
        return
    packed = gzip.compress(b" " * (300 * _MB), 1)
    line.sendall(_sized(packed, _JSON + b"Content-Encoding: gzip\r\n"))


def _silent(_: Server, line: socket.socket, body: bytes) -> None:
    del line, body


def _reset(_: Server, line: socket.socket, body: bytes) -> None:
    line.sendall(_sized(body)[:40])
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


MANNERS: Final[Sequence[Manner]] = (_plain, _zipped, _in_chunks, _until_closed, _as_a_page)
"""Ways in which an answer says the same."""
ODD_MANNERS: Final[Sequence[Manner]] = (
    *(_cut_off, _half_zipped, _slow, _refused, _refused, _odd_head, _odd_head, _odd_line, _noise),
    *(_bomb, _silent, _reset),
)


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Answer requests on a port of this machine, one after another."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.05)
        server.base = f"http://127.0.0.1:{door.getsockname()[1]}"
        stop = threading.Event()
        thread = threading.Thread(target=_serve, args=(server, door, stop), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            stop.set()
            thread.join()


def _serve(server: Server, door: socket.socket, stop: threading.Event) -> None:
    while not stop.is_set():
        with suppress(OSError):  # nobody came, or left in the middle
            line, _ = door.accept()
            with line:
                line.settimeout(5.0)
                target = _target(line)
                if target is not None:
                    server.answer(line, target)


def _target(line: socket.socket) -> str | None:
    """Read a request; return its path and query."""
    head = b""
    while b"\r\n\r\n" not in head:
        block = line.recv(65_536)
        if not block:
            return None
        head += block
    return head.split(b" ", 2)[1].decode("latin-1")
