"""Whether the length of an unknown file's calls counts the ringing that stands beside it.

A length that counts it is the whole call, and less than it was talked; one that does not is
the talk. The values show which: nobody talks in a call that nobody took.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from calltrack_nb.calls import unspoken_statuses
from calltrack_nb.providers.unknown.header_names import words
from calltrack_nb.providers.unknown.moments import instants_of
from calltrack_nb.providers.unknown.roles import Roles
from calltrack_nb.providers.values import durations, numbers

_FEWEST: Final = 2
_SELDOM: Final = 0.02
_MOSTLY: Final = 0.8
_MINUTE_S: Final = 60.0
_ROUNDED_S: Final = 2.0
_WHOLE: Final = frozenset({"total", "whole", "overall", "full", "gesamt", "totale", "totaal"})


def settle_ringing(roles: Roles, country: str) -> None:
    """Call a length beside a ringing what it is, the whole call or the talk, or ask.

    Parameters
    ----------
    roles : Roles
        Changed in place; status, times and durations have been given before.
    country : str
        Two letters, for the notation of numbers.
    """
    whole, ring = roles.fields.get("duration_s"), roles.fields.get("ring_s")
    talk_told = not roles.wants("talk_s") or {"connected_at", "ended_at"} <= roles.fields.keys()
    if whole is None or ring is None or talk_told:
        return
    name, ringing = str(whole.columns[0]), str(ring.columns[0])
    found = dict(_signs(roles, country))
    if len(found) == 1:
        (counted, reason), before = next(iter(found.items())), roles.reasons.pop("duration_s")
        field = "duration_s" if counted else "talk_s"
        del roles.fields["duration_s"]
        roles.fields[field] = whole
        roles.reasons[field] = f"{before}; {reason}"
        return
    del roles.fields["duration_s"], roles.reasons["duration_s"]
    roles.ask(
        "duration_s",
        f"Does {name} include the ringing ({ringing})? If it counts the talk only, write talk_s "
        "instead of duration_s.",
        (whole,),
    )


def _signs(roles: Roles, country: str) -> Iterator[tuple[bool, str]]:
    """Yield whether the length counts the ringing, and what shows it."""
    whole, ring = (_seconds(roles, name, country) for name in ("duration_s", "ring_s"))
    if _WHOLE & set(words(str(roles.fields["duration_s"].columns[0]))):
        yield True, "the whole, by its name"
    rang = (ring > _ROUNDED_S) & whole.notna()
    exact = bool((whole[rang] % _MINUTE_S != 0).any())
    slack = _ROUNDED_S if exact else _MINUTE_S
    shorter = rang & (whole + slack < ring) | rang & (whole == 0)
    if shorter.sum() >= max(_FEWEST, _SELDOM * rang.sum()):
        yield False, "without the ringing, which is longer in some rows"
    status = roles.statuses()
    if status is not None:
        unspoken = whole[status.isin(unspoken_statuses()) & whole.notna()]
        if len(unspoken) >= _FEWEST and (unspoken > 0).mean() >= _MOSTLY:
            yield True, "with the ringing: it is there where nobody answered"
        if len(unspoken) >= _FEWEST and (unspoken == 0).mean() >= _MOSTLY:
            yield False, "without the ringing: nothing where nobody answered"
    begin, end = (instants_of(roles, name, country) for name in ("started_at", "ended_at"))
    if begin is None or end is None:
        return
    apart = (end - begin).dt.total_seconds()
    known = rang & apart.notna() & (whole > 0)
    if known.sum() >= _FEWEST:
        for counted, length in ((True, whole), (False, whole + ring)):
            if float((apart - length)[known].abs().le(slack).mean()) >= _MOSTLY and exact:
                yield counted, "by the times of start and end"


def _seconds(roles: Roles, name: str, country: str) -> pd.Series[Any]:
    source = roles.fields[name]
    texts = roles.kinds[str(source.columns[0])].texts
    mark = numbers.decimal_mark(texts, country)
    return durations.to_seconds(texts, mark, unit=source.unit or "s").series
