"""Answers read up to a size and within a time, whatever a server does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import httpx


@contextmanager
def within(seconds: float) -> Iterator[dict[str, Any]]:
    """Break off a request that is not done in time, though a byte may come now and then.

    A timeout of httpx is for each byte that is waited for; a server that sends one a minute,
    of its headers or of the answer, would never meet it.

    Parameters
    ----------
    seconds : float
        From the beginning of the request to its last byte.

    Yields
    ------
    dict
        The request's ``extensions``.
    """
    opened: list[socket.socket] = []

    def note(event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            opened.append(info["return_value"].get_extra_info("socket"))

    def hang_up() -> None:
        for line in opened:
            with suppress(OSError):  # wrapped by the encrypted one, or closed already
                line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield {"trace": note}
    finally:
        timer.cancel()


def read_bounded(answer: httpx.Response, most_bytes: int) -> bytes | None:
    """Read an answer as it is unpacked; None where it is more than it may be.

    Parameters
    ----------
    answer : httpx.Response
        Opened as a stream.
    most_bytes : int
        The most that is held in memory.
    """
    if "," in answer.headers.get("Content-Encoding", ""):
        return None  # packed in packed in packed: a few bytes unpack to more than any memory
    body = bytearray()
    for block in answer.iter_bytes():
        body += block
        if len(body) > most_bytes:
            return None
    return bytes(body)
