"""The calls most worth an owner's ear, each with why."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

import pandas as pd

from calltrack_nb.findings.summary import label_of

_LONGEST: Final = 2


def review_queue(
    calls: pd.DataFrame,
    call_themes: pd.DataFrame,
    themes: pd.DataFrame,
    findings: pd.DataFrame,
    heard: Collection[str],
    *,
    size: int = 12,
) -> pd.DataFrame:
    """Choose the calls to listen to, for as many different reasons as there are.

    The reasons take turns, so that twelve calls are not twelve times the same: a strong
    hesitation in a call that was lost, a promise to call back that the log shows no call
    for, a theme that is new or growing, praise or a complaint, and the most typical call
    of each theme.

    Parameters
    ----------
    calls, call_themes, themes, findings : pandas.DataFrame
        The tables of those names; `calls` of the period, and after it as far as known.
    heard : collection of str
        Ids of the calls to choose from.
    size : int
        How many.

    Returns
    -------
    pandas.DataFrame
        Columns call_id, start_s, end_s, quote, why; no call twice.
    """
    inside = findings[findings["call_id"].isin(heard)]
    tagged = call_themes[call_themes["call_id"].isin(heard)]
    reasons = [
        _lost(inside),
        _broken_promises(inside, calls),
        _coming_themes(tagged, themes),
        _feedback(inside),
        _typical(tagged, themes),
    ]
    chosen: list[dict[str, Any]] = []
    taken: set[str] = set()
    while reasons and len(chosen) < size:
        for reason in list(reasons):
            pick = next((row for row in reason if row["call_id"] not in taken), None)
            if pick is None:
                reasons.remove(reason)
            elif len(chosen) < size:
                taken.add(pick["call_id"])
                chosen.append(pick)
    return pd.DataFrame(chosen, columns=["call_id", "start_s", "end_s", "quote", "why"])


def _pick(row: Any, why: str, words: str) -> dict[str, Any]:
    start = float(row.start_s) if pd.notna(row.start_s) else 0.0
    end = getattr(row, "end_s", None)
    return {
        "call_id": str(row.call_id),
        "start_s": start,
        "end_s": start + 8.0 if end is None or pd.isna(end) else max(float(end), start + 3.0),
        "quote": words,
        "why": why,
    }


def _lost(findings: pd.DataFrame) -> Iterator[dict[str, Any]]:
    family = findings["family"].astype(str)
    lost = set(findings.loc[(family == "outcome") & (findings["kind"] == "lost"), "call_id"])
    rows = findings[(family == "hesitation") & findings["call_id"].isin(lost)]
    rows = rows.sort_values(["confidence", "call_id", "start_s"], ascending=[False, True, True])
    for row in rows.itertuples():
        reason = label_of(str(row.kind))
        yield _pick(row, f"Lost after the caller hesitated: {reason}", str(row.words))


def _broken_promises(findings: pd.DataFrame, calls: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Find call backs that were promised and that no later call with the same person keeps.

    Nothing is said of logs that hold no outgoing calls: a call made from a telephone that
    the log does not see would look like a promise broken.
    """
    outgoing = calls[calls["direction"].astype(str) == "outbound"]
    if outgoing.empty:
        return
    promised = findings[
        (findings["family"].astype(str) == "promise") & (findings["kind"] == "call_back")
    ]
    who: dict[Any, Any] = dict(zip(calls["call_id"], calls["caller_key"], strict=True))
    times: dict[Any, Any] = dict(zip(calls["call_id"], calls["started_at"], strict=True))
    last = calls["started_at"].max()
    rows: Any = promised.sort_values(["call_id", "start_s"]).itertuples()
    for row in rows:
        key, when = who.get(row.call_id), times.get(row.call_id)
        if not isinstance(key, str):
            continue
        later = calls[(calls["caller_key"] == key) & (calls["started_at"] > when)]
        if later.empty and last - when > pd.Timedelta(days=3):
            yield _pick(row, "A call back was promised; the log shows none", str(row.words))


def _coming_themes(tagged: pd.DataFrame, themes: pd.DataFrame) -> Iterator[dict[str, Any]]:
    coming = themes[themes["state"].isin(["new", "growing", "returning"])]
    labels = {row.theme_id: (row.label, row.state) for row in coming.itertuples()}
    rows = tagged[tagged["theme_id"].isin(labels)]
    rows = rows.assign(
        rank=rows.sort_values("strength", ascending=False).groupby("theme_id").cumcount()
    )
    for row in rows.sort_values(["rank", "theme_id"]).itertuples():
        label, state = labels[row.theme_id]
        yield _pick(row, f"A {state} theme: {label}", str(row.quote))


def _feedback(findings: pd.DataFrame) -> Iterator[dict[str, Any]]:
    rows = findings[
        (findings["family"].astype(str) == "purpose") & (findings["kind"] == "feedback")
    ]
    for row in rows.sort_values(["confidence", "call_id"], ascending=[False, True]).itertuples():
        yield _pick(row, "The caller praises or complains", str(row.words))


def _typical(tagged: pd.DataFrame, themes: pd.DataFrame) -> Iterator[dict[str, Any]]:
    labels = dict(zip(themes["theme_id"], themes["label"], strict=True))
    sizes = tagged["theme_id"].value_counts()
    rows = tagged.assign(
        size=tagged["theme_id"].map(sizes),
        rank=tagged.sort_values(["strength", "call_id"], ascending=[False, True])
        .groupby("theme_id")
        .cumcount(),
    )
    rows = rows[rows["rank"] < _LONGEST].sort_values(
        ["rank", "size", "theme_id"], ascending=[True, False, True]
    )
    for row in rows.itertuples():
        label = labels.get(row.theme_id, row.theme_id)
        yield _pick(row, f"Typical of: {label}", str(row.quote))


def calls_to_read(heard: Collection[str], queue: pd.DataFrame, *, few: int = 3) -> tuple[str, ...]:
    """Choose calls whose transcripts are shown whole.

    Parameters
    ----------
    heard : collection of str
        Ids of the calls that were listened to.
    queue : pandas.DataFrame
        As :func:`review_queue` gives it.
    few : int
        Up to this many calls are all shown.

    Examples
    --------
    >>> calls_to_read(["a"], pd.DataFrame({"call_id": []}))
    ('a',)
    """
    if len(heard) <= few:
        return tuple(str(call_id) for call_id in heard)
    return tuple(queue["call_id"].head(2))
