"""Keys of providers: from the environment or the system's keyring, never from a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

import keyring
import keyring.errors

from calltrack_nb.errors import CalltrackError, SourceError
from calltrack_nb.providers.clients.recordings import Access
from calltrack_nb.workspace.store import Workspace

SERVICE: Final = "calltrack_nb"
# What each provider's key consists of; environment variables are CALLTRACK_ and the
# provider and part in capitals, keyring entries provider-part.
SECRETS: Final[Mapping[str, tuple[str, ...]]] = {
    "callrail": ("key",),
    "whatconverts": ("token", "secret"),
    "calltrackingmetrics": ("access", "secret"),
    "twilio": ("token",),
}


def secret(provider: str, part: str) -> str:
    """Take a part of a key from the environment, else from the system's keyring."""
    variable = f"CALLTRACK_{provider}_{part}".upper()
    found = os.environ.get(variable)
    if not found:
        try:
            found = keyring.get_password(SERVICE, f"{provider}-{part}")
        except keyring.errors.KeyringError:
            found = None
    if not found:
        raise SourceError(
            f"There is no key for {provider}",
            where=variable,
            fix=f"Set the variable, or run: keyring set {SERVICE} {provider}-{part}",
        )
    return found


def access(provider: str, workspace: Workspace) -> Access | None:
    """Return the key for hosts that ask for one, where there is a key."""
    try:
        secrets = [secret(provider, part) for part in SECRETS.get(provider, ())]
    except CalltrackError:
        return None
    account = workspace.settings.sources.sync.get(provider, "")
    if provider == "callrail":
        return Access("api.callrail.com", {"Authorization": f'Token token="{secrets[0]}"'})
    if provider == "whatconverts":
        return Access("app.whatconverts.com", auth=(secrets[0], secrets[1]))
    if provider == "calltrackingmetrics":
        return Access("api.calltrackingmetrics.com", auth=(secrets[0], secrets[1]))
    if provider == "twilio":
        return Access("api.twilio.com", auth=(account, secrets[0]))
    return None
