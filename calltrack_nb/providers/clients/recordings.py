"""Download a recording, from where it may come from and no larger than it may be."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, Final

import httpx

from calltrack_nb.errors import RecordingError
from calltrack_nb.providers.clients.bounded import read_bounded, within

# Hosts each provider serves recordings from; a leading dot stands for any below it.
# Storage hosts are where the providers' own addresses lead on to.
RECORDING_HOSTS: Final = {
    "callrail": (".callrail.com", ".amazonaws.com"),
    "whatconverts": (".whatconverts.com", ".amazonaws.com"),
    "calltrackingmetrics": (".calltrackingmetrics.com", ".tctm.co", ".amazonaws.com"),
    "twilio": (".twilio.com",),
    "google_ads": (),
    "spreadsheet": (),
}
MOST_BYTES: Final = 200 * 1024 * 1024

_HOPS: Final = 5
_MOST_JSON: Final = 65_536
_MOST_S: Final = 1_800.0
"""How long a recording may take, of the largest size on a slow line."""
_TIMEOUT: Final = httpx.Timeout(120.0, connect=15.0)
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Access:
    """What a provider wants to see before it hands out a recording; never shown."""

    host: str
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    auth: tuple[str, str] | None = field(default=None, repr=False)


def download_recording(
    url: str,
    target: IO[bytes],
    *,
    hosts: Collection[str],
    allowed: Collection[str] = (),
    access: Access | None = None,
    most_bytes: int = MOST_BYTES,
) -> None:
    """Write the audio behind an address to a file.

    Parameters
    ----------
    url : str
        ``https`` only, unless the host is among `allowed`.
    target : binary file
        Written from its current position on.
    hosts : collection of str
        The provider's own (:data:`RECORDING_HOSTS`).
    allowed : collection of str
        Hosts the user allows by name, private ones among them, as ``host`` or
        ``host:port``.
    access : Access, optional
        Sent to its own host only, never to where that host leads on to.
    most_bytes : int
        The most that is written.

    Raises
    ------
    RecordingError
        When the address, or one it leads on to, is on another host or a private one,
        or the answer is an error, no audio, cut off or too large.
    """
    for _ in range(_HOPS + 1):
        try:
            following = _fetch(url, target, hosts, allowed, access, most_bytes)
        except (httpx.InvalidURL, ValueError, UnicodeError) as error:
            raise RecordingError(
                "That is not the web address of a recording", where=url[:100]
            ) from error
        if following is None:
            return
        url = following
    raise RecordingError("The recording's address redirects too often", where=_shown(url))


def _fetch(
    url: str,
    target: IO[bytes],
    hosts: Collection[str],
    allowed: Collection[str],
    access: Access | None,
    most_bytes: int,
) -> str | None:
    """Write what is behind one address, or return the address it leads on to."""
    address = _checked(url, hosts, allowed)
    own = access if access is not None and access.host == address.host else None
    with _opened(address, own) as answer:
        if f"{address.host}:{address.port}" not in allowed and address.host not in allowed:
            _refuse_private(answer, url)
        if answer.status_code in _REDIRECTS:
            return str(address.join(answer.headers.get("Location", "")))
        if not answer.is_success:
            raise RecordingError(
                f"The provider refuses the recording (status {answer.status_code})",
                where=_shown(url),
            )
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        if kind == "application/json" and own is not None:
            return _named(answer, url)
        if kind.startswith(("text/", "application/json")):
            raise RecordingError(f"The address holds {kind}, not a recording", where=_shown(url))
        if "," in answer.headers.get("Content-Encoding", ""):
            raise RecordingError(
                "The recording is compressed several times over", where=_shown(url)
            )
        written = 0
        for block in answer.iter_bytes():
            written += len(block)
            if written > most_bytes:
                raise RecordingError(
                    f"The recording is larger than {most_bytes / 2**20:.0f} MB", where=_shown(url)
                )
            target.write(block)
    return None


def _named(answer: httpx.Response, url: str) -> str:
    """Return the address that a provider's JSON names, as CallRail's API does."""
    try:
        found = json.loads(read_bounded(answer, _MOST_JSON) or b"")["url"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RecordingError("The provider names no recording", where=_shown(url)) from error
    return str(found)


@contextmanager
def _opened(address: httpx.URL, access: Access | None) -> Iterator[httpx.Response]:
    headers, auth = (access.headers, access.auth) if access else ({}, None)
    try:
        with (
            within(_MOST_S) as extensions,
            httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream(
                "GET", address, headers=headers, auth=auth, extensions=extensions
            ) as answer,
        ):
            yield answer
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise RecordingError(
            f"The recording cannot be downloaded ({type(error).__name__})",
            where=_shown(str(address)),
            fix="Try again later",
        ) from error


def _checked(url: str, hosts: Collection[str], allowed: Collection[str]) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, TypeError) as error:
        raise RecordingError(
            "That is not the web address of a recording", where=url[:100]
        ) from error
    host = address.host.lower()
    if host in allowed or f"{host}:{address.port}" in allowed:
        return address
    if address.scheme != "https":
        raise RecordingError("Recordings are downloaded over https only", where=_shown(url))
    if not any(host == known.lstrip(".") or _below(host, known) for known in hosts):
        raise RecordingError(
            "The recording is on a server that is not the provider's",
            where=host,
            fix="Allow it under sources.recording_hosts in calltrack.toml if you trust it",
        )
    return address


def _below(host: str, known: str) -> bool:
    return known.startswith(".") and host.endswith(known)


def _refuse_private(answer: httpx.Response, url: str) -> None:
    """Refuse an answer that a private or local machine gave, whatever its name was."""
    stream: Any = answer.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    if peer is None or not ipaddress.ip_address(str(peer[0]).partition("%")[0]).is_global:
        raise RecordingError("The recording's server has a private address", where=_shown(url))


def _shown(url: str) -> str:
    """Return an address without what may be a key in it."""
    address = httpx.URL(url)
    return f"{address.host}{address.path}"
