"""The themes of a period, summed up for a reader: tables with ranges, and words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import pandas as pd

from calltrack_nb.calls import person
from calltrack_nb.checking import THEME, Checked, corrected
from calltrack_nb.phrasing import agree, out_of, plural, sentence
from calltrack_nb.results import Result
from calltrack_nb.stats import wilson
from calltrack_nb.themes.apart import apart_in_words
from calltrack_nb.themes.loose import loose_in_words
from calltrack_nb.themes.trends import monthly_themes, theme_states

_FEWEST_QUOTE_WORDS: Final = 4


def theme_summary(  # noqa: PLR0913 - a table each, and how to count
    call_themes: pd.DataFrame,
    themes: pd.DataFrame,
    calls: pd.DataFrame,
    heard: Collection[str],
    *,
    timezone: str = "UTC",
    min_calls: int = 12,
    level: float = 0.95,
    checked: Checked | None = None,
    apart: pd.Series | None = None,
) -> Result:
    """Sum up the themes of a period's calls.

    Parameters
    ----------
    call_themes, themes : pandas.DataFrame
        The tables of those names.
    calls : pandas.DataFrame
        The table ``calls`` of the period.
    heard : collection of str
        Ids of the period's calls that were listened to.
    timezone : str
        IANA zone in which months are counted.
    min_calls : int
        Fewer calls than this are not grouped (a setting), for the text.
    level : float
        Of the intervals.
    checked : Checked, optional
        What people checked of these calls. Where it is enough, shares are corrected by it.
    apart : pandas.Series, optional
        Which calls are of no theme, as :func:`~calltrack_nb.themes.apart.calls_set_apart`
        gives them: they are told by themselves, and are not unclear.

    Returns
    -------
    Result
        Columns theme_id, label, terms, calls (as the machine counts them), share, low, high,
        state, first_month, separation, largest first. With `checked` a check says what the
        ranges cover.
    """
    inside = call_themes[call_themes["call_id"].isin(heard)]
    counts = inside.groupby("theme_id")["call_id"].nunique()
    table = themes[themes["theme_id"].isin(counts.index)]
    table = table[["theme_id", "label", "terms", "separation"]].copy()
    table["calls"] = table["theme_id"].map(counts).astype(int)
    bounds = wilson(table["calls"].to_numpy(), len(heard), level) if len(table) else None
    table["share"] = table["calls"] / max(len(heard), 1)
    table["low"] = bounds.low if bounds else []
    table["high"] = bounds.high if bounds else []
    months = _months(calls, timezone)
    states = theme_states(
        inside,
        months[months.index.isin(heard)],
        level,
        who=person(calls).set_axis(calls["call_id"]),
    )
    for name in ("state", "first_month"):
        table[name] = table["theme_id"].map(states[name])
    table = table.sort_values(["calls", "theme_id"], ascending=[False, True], ignore_index=True)
    counted = Result(table, _themes_in_words(table, inside, heard, themes, min_calls, apart))
    return corrected(counted, checked, THEME, "theme_id", level=level)


def theme_months(
    call_themes: pd.DataFrame,
    themes: pd.DataFrame,
    calls: pd.DataFrame,
    heard: Collection[str],
    *,
    timezone: str = "UTC",
    level: float = 0.95,
) -> pd.DataFrame:
    """Count a period's themes month by month, with labels and Wilson intervals."""
    months = _months(calls, timezone)
    inside = call_themes[call_themes["call_id"].isin(heard)]
    monthly = monthly_themes(inside, months[months.index.isin(heard)], level)
    labels = dict(zip(themes["theme_id"], themes["label"], strict=True))
    monthly.insert(1, "label", monthly["theme_id"].map(labels))
    return monthly


def theme_quotes(
    call_themes: pd.DataFrame,
    themes: pd.DataFrame,
    heard: Collection[str],
    *,
    per_theme: int = 3,
    most_themes: int = 8,
) -> pd.DataFrame:
    """Choose the most central quotes of each theme.

    Parameters
    ----------
    call_themes, themes : pandas.DataFrame
        The tables of those names.
    heard : collection of str
        Ids of the calls to quote from.
    per_theme, most_themes : int
        How many.

    Returns
    -------
    pandas.DataFrame
        Columns theme_id, label, call_id, turn, start_s, quote; the largest theme first,
        within it the most typical call first, no quote twice.
    """
    labels = dict(zip(themes["theme_id"], themes["label"], strict=True))
    inside = call_themes[call_themes["call_id"].isin(heard)].dropna(subset="quote")
    long = inside["quote"].str.count(r"\S+") >= _FEWEST_QUOTE_WORDS
    inside = inside[long].sort_values(
        ["theme_id", "strength", "call_id"], ascending=[True, False, True]
    )
    inside = inside.assign(key=inside["quote"].str.lower().str.replace(r"\W+", " ", regex=True))
    inside = inside.drop_duplicates(["theme_id", "key"]).drop_duplicates(["theme_id", "call_id"])
    sizes = call_themes[call_themes["call_id"].isin(heard)]["theme_id"].value_counts()
    counted = sizes.rename_axis("theme_id").reset_index(name="calls")
    order = counted.sort_values(["calls", "theme_id"], ascending=[False, True])["theme_id"]
    chosen = inside.groupby("theme_id").head(per_theme)
    place = {theme_id: i for i, theme_id in enumerate(order.head(most_themes))}
    chosen = chosen[chosen["theme_id"].isin(place)]
    chosen = chosen.assign(
        label=chosen["theme_id"].map(labels), place=chosen["theme_id"].map(place)
    ).sort_values(["place", "strength"], ascending=[True, False], kind="stable")
    columns = ["theme_id", "label", "call_id", "turn", "start_s", "quote"]
    return chosen[columns].reset_index(drop=True)


def _months(calls: pd.DataFrame, timezone: str) -> pd.Series:
    local = calls.set_index("call_id")["started_at"].dt.tz_convert(timezone)
    months: pd.Series[Any] = local.dt.strftime("%Y-%m")
    return months


def _themes_in_words(
    table: pd.DataFrame,
    inside: pd.DataFrame,
    heard: Collection[str],
    themes: pd.DataFrame,
    min_calls: int,
    apart: pd.Series | None,
) -> str:
    told = pd.Series(dtype=object) if apart is None else apart[apart.index.isin(heard)]
    told = told[~told.index.isin(inside["call_id"])]
    also = apart_in_words(told)
    if themes.empty:
        return (
            f"{plural(len(heard), 'call')} {agree(len(heard), 'was')} listened to. Themes take at "
            f"least {min_calls} calls that say enough, so none are shown. What was said is "
            "below." + also
        )
    if table.empty:
        return "No call of this period belongs to a theme." + also
    first = zip(table["label"].head(3), table["calls"].head(3), strict=True)
    lead = "; ".join(f"{label} ({plural(calls, 'call')})" for label, calls in first)
    unclear = len(heard) - inside["call_id"].nunique() - len(told)
    text = (
        f"Most asked about: {lead}. {out_of(unclear, len(heard), 'call')} "
        f"{agree(unclear, 'is')} unclear or {agree(unclear, 'says')} too little."
    ) + loose_in_words(table)
    for state in ("new", "growing", "fading", "returning"):
        names = [str(label) for label in table.loc[table["state"] == state, "label"]]
        if names:
            text += f" {sentence(state)} in the last month: {'; '.join(names)}."
    return text + also
