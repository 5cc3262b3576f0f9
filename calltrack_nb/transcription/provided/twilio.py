"""What Twilio says beside the sentences of a call: who is on which channel, and its operators.

After its documentation of Conversational Intelligence: a Transcript has a channel with
participants, its Sentences name the channel, and its OperatorResults are a resource apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from calltrack_nb.transcription.provided.turns import plain_key

_PARTICIPANTS: Final = "participants"
_CHANNEL: Final = "channelparticipant"
_RESULTS: Final = ("operatorresults", "operatortype")
_DEEPEST: Final = 8


def of_operators(content: object) -> bool:
    """Tell Twilio's operator results: summaries and labels, whose texts nobody said.

    Examples
    --------
    >>> of_operators({"operator_results": [{"operator_type": "text-generation"}]})
    True
    """
    if isinstance(content, Mapping):
        return any(plain_key(key) in _RESULTS for key in content)
    return isinstance(content, list) and any(of_operators(item) for item in content)


def roles_of_channels(content: object) -> dict[str, str]:
    """Return who is on which channel, where a transcript names its participants, as Twilio's.

    Examples
    --------
    >>> people = [{"channel_participant": 1, "role": "Customer"}, {"channel_participant": 2}]
    >>> roles_of_channels({"channel": {"participants": people}, "sentences": []})
    {'1': 'Customer'}
    """
    found: dict[str, str] = {}
    for item in _participants(content):
        channel = next((item[key] for key in item if plain_key(key) == _CHANNEL), None)
        role = item.get("role")
        if channel is not None and isinstance(role, str) and role.strip():
            found[str(channel)] = role.strip()
    # one role for both channels tells them apart no more
    return found if len(set(found.values())) == len(found) else {}


def _participants(content: object, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > _DEEPEST or not isinstance(content, Mapping):
        return
    for key, value in content.items():
        if plain_key(key) == _PARTICIPANTS and isinstance(value, list):
            yield from (item for item in value if isinstance(item, Mapping))
        yield from _participants(value, depth + 1)
