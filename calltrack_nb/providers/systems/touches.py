"""Touches of a person before and after a call, unfolded from a provider's JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.rows import Rows
from calltrack_nb.providers.values import times

Touch = Mapping[str, object]

_NAMES: Final = ("source", "medium", "campaign", "ad_group", "keyword", "landing_page")


def touchpoints(
    rows: Rows,
    field: str,
    unfold: Callable[[Any], Iterator[tuple[str, Touch]]],
    names: Mapping[str, str],
    *,
    ids: pd.Series[Any],
    account: pd.Series[Any],
) -> pd.DataFrame:
    """Make the table ``touchpoints`` of a column that holds JSON.

    Parameters
    ----------
    rows : Rows
    field : str
        The field with the JSON.
    unfold : callable
        From one row's JSON to kinds and touches.
    names : mapping of str to str
        From our columns, ``at`` among them, to the members of a touch.
    ids : pandas.Series of str
        The id of each row's call or lead; it stands as person key until the caller's
        key is known.
    account : pandas.Series of str
    """
    found: list[tuple[int, str, Touch]] = []
    texts = rows.text(field)
    for place in np.flatnonzero(texts.notna().to_numpy() & ~rows.lost):
        try:
            value = json.loads(str(texts.iloc[place]))
        except ValueError:
            rows.note(np.arange(len(rows)) == place, field, "not JSON")
            continue
        found += [(int(place), kind, touch) for kind, touch in unfold(value)]
    if not found:
        return schema.empty("touchpoints")
    of = np.array([place for place, _, _ in found])
    picked = {
        ours: pd.Series([_text(touch.get(theirs)) for _, _, touch in found], dtype="str")
        for ours, theirs in names.items()
    }
    zone = rows.local_zone()
    theirs = zone if isinstance(zone, str) else zone.iloc[of].reset_index(drop=True)
    at = times.read_times(picked.pop("at"), theirs)
    return schema.conform(
        pd.DataFrame(
            {
                **{name: column for name, column in picked.items() if name in _NAMES},
                "at": at.series,
                "account": account.to_numpy()[of],
                "person_key": ids.to_numpy()[of],
                "call_id": ids.to_numpy()[of],
                "kind": [kind for _, kind, _ in found],
                "channel": rows.channel(picked),
                "row": rows.chunk.rows[of],
            }
        ),
        "touchpoints",
    )


def _text(value: object) -> str | None:
    text = "" if value is None else str(value).strip()
    return text or None
