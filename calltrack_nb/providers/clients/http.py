"""Polite requests: retried where it helps, paced to the provider's limit, to one host.

A secret travels in a header to the provider's own host only, and is in no message and
no representation; what a server echoes of it is taken out before anything else reads the
answer. An answer is read up to a size and within a time.
"""

from __future__ import annotations

import base64
import email.utils
import json
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

import httpx
import tenacity

from calltrack_nb import clock
from calltrack_nb.errors import NoAnswer, SyncError, visible
from calltrack_nb.providers.clients.bounded import read_bounded, within

log = logging.getLogger(__name__)

_TIMEOUT: Final = httpx.Timeout(60.0, connect=15.0)
_MOST_BYTES: Final = 256 * 1024 * 1024
_LONGEST_PLACE: Final = 8_000
_HIDDEN: Final = b"***"
_LEAST_SECRET: Final = 6
"""Letters of a secret from which on it is no word that stands in an answer by chance."""
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try again.

    Parameters
    ----------
    attempts : int
        Requests made for one page at most.
    first_s, most_s : float
        The wait after the first failure, doubled up to the longest; a provider that
        says ``Retry-After`` is waited for as it asks, up to `most_s`.
    answer_s : float
        How long one answer may take from its first byte to its last.
    """

    attempts: int = 8
    first_s: float = 1.0
    most_s: float = 120.0
    answer_s: float = 300.0


class _Transient(Exception):
    """A failure that another attempt may mend."""

    def __init__(self, what: str, wait_s: float | None = None) -> None:
        super().__init__(what)
        self.wait_s = wait_s


@dataclass(slots=True)
class Http:
    """Requests to one provider's API.

    Parameters
    ----------
    base : str
        Such as ``https://api.callrail.com/v3``; no request goes to another host.
    headers : mapping of str to str
        With the secret; never shown.
    auth : tuple of str, optional
        User and password, where the provider wants them instead.
    secrets : tuple of str
        What must be seen nowhere: the parts of the key.
    per_hour : int, optional
        How many requests an hour the provider allows.
    patience : Patience
    """

    base: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    auth: tuple[str, str] | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    per_hour: int | None = None
    patience: Patience = field(default_factory=Patience)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    _made: deque[float] = field(init=False, default_factory=deque, repr=False)

    def get(self, place: str, params: Mapping[str, str] | None = None) -> Any:
        """Ask for JSON; what it echoes of the secrets is taken out.

        Parameters
        ----------
        place : str
            A path below `base`, or an address of the same host that an answer gave.
        params : mapping of str to str, optional

        Raises
        ------
        SyncError
            When the provider refuses, answers no JSON, or more than any page.
        NoAnswer
            When it keeps failing, or does not accept the key.
        """
        url = self._address(place)
        growing = tenacity.wait_exponential(self.patience.first_s, self.patience.most_s)
        wait = growing + tenacity.wait_random(0, self.patience.first_s)

        def pause(state: tenacity.RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = error.wait_s if isinstance(error, _Transient) else None
            return wait(state) if asked is None else min(asked, self.patience.most_s)

        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.patience.attempts),
            wait=pause,
            retry=tenacity.retry_if_exception_type(_Transient),
            sleep=self.sleep,
            reraise=True,
        )
        try:
            return retrying(self._get_once, url, params)
        except _Transient as error:
            raise NoAnswer(
                f"The provider does not answer ({error})",
                where=self._shown(url),
                fix="Try again later; what was fetched is saved",
            ) from error

    def _address(self, place: str) -> str:
        if len(place) > _LONGEST_PLACE or visible(place) != place or any(map(str.isspace, place)):
            raise SyncError(
                "The provider's link to the next page is not a web address", where=place[:100]
            )
        base = httpx.URL(self.base)
        try:
            if "://" not in place:
                if place.startswith("/"):
                    return str(
                        base.copy_with(raw_path=quote(place, safe="/?&=%:,+~@!$'()*;-._").encode())
                    )
                return f"{self.base.rstrip('/')}/{place}"
            url = httpx.URL(place)
        except (httpx.InvalidURL, ValueError) as error:
            raise SyncError(
                "The provider's link to the next page is not a web address", where=place[:100]
            ) from error
        if (url.scheme, url.host, url.port) != (base.scheme, base.host, base.port) or url.userinfo:
            raise SyncError(
                "The provider's link to the next page leads to another server", where=url.host
            )
        return place

    def _shown(self, url: str) -> str:
        return self._without_secrets(str(httpx.URL(url).copy_with(query=None)).encode()).decode()

    def _without_secrets(self, body: bytes) -> bytes:
        """Take out what a server echoes of the key, however it writes it."""
        pairs = [":".join(self.auth)] if self.auth else []
        for said in sorted((*self.secrets, *pairs), key=len, reverse=True):
            for form in (
                said.encode(),
                quote(said, safe="").encode(),
                json.dumps(said)[1:-1].encode(),
                base64.b64encode(said.encode()),
            ):
                if len(form) >= _LEAST_SECRET:
                    body = body.replace(form, _HIDDEN)
        return body

    def _get_once(self, url: str, params: Mapping[str, str] | None) -> Any:
        self._pace()
        host = httpx.URL(url).host
        try:
            with (
                within(self.patience.answer_s) as extensions,
                httpx.Client(timeout=_TIMEOUT, follow_redirects=False) as client,
                client.stream(
                    "GET",
                    url,
                    params=params,
                    headers={"Accept-Encoding": "gzip", **self.headers},
                    auth=self.auth,
                    extensions=extensions,
                ) as answer,
            ):
                body = read_bounded(answer, _MOST_BYTES)
        except (httpx.TransportError, httpx.DecodingError, httpx.StreamError) as error:
            raise _Transient(type(error).__name__) from error
        except (httpx.InvalidURL, UnicodeError) as error:
            raise SyncError("The provider's address cannot be requested", where=host) from error
        if answer.status_code in _AGAIN:
            log.info("answer %d, trying again", answer.status_code)
            raise _Transient(f"status {answer.status_code}", _retry_after(answer))
        if answer.status_code in (401, 403):
            raise NoAnswer(
                "The provider does not accept the key",
                where=host,
                fix="Check the key, and that it has permission to read",
            )
        if body is None:
            raise SyncError("The provider's answer is too large", where=host)
        body = self._without_secrets(body)
        if not answer.is_success:
            said = body[:200].decode("utf-8", "replace")
            raise SyncError(
                f"The provider refuses the request (status {answer.status_code})",
                where=f"{self._shown(url)}: {said}",
            )
        try:
            return json.loads(body)
        except RecursionError as error:
            raise SyncError("The provider's answer is not a page of records", where=host) from error
        except ValueError as error:
            raise _Transient("an answer that is cut off") from error

    def _pace(self) -> None:
        """Wait until another request is within the provider's hourly limit."""
        now = time.monotonic()
        while self._made and now - self._made[0] > 3600:
            self._made.popleft()
        if self.per_hour is not None and len(self._made) >= self.per_hour:
            pause = 3600 - (now - self._made[0])
            log.info("waiting %.0f s for the provider's hourly limit", pause)
            self.sleep(pause)
        self._made.append(time.monotonic())


def _retry_after(answer: httpx.Response) -> float | None:
    said = answer.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        until = email.utils.parsedate_to_datetime(said)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    if until.tzinfo is None:
        return None
    return max(0.0, (until - clock.now()).total_seconds())
