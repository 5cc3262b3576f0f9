"""Which inquiries become business: themes against calls that were qualified or won."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from calltrack_nb.phrasing import agree, number, out_of
from calltrack_nb.results import Check, Result
from calltrack_nb.stats import clustering, shrunken_rates


def theme_odds(
    call_themes: pd.DataFrame,
    themes: pd.DataFrame,
    known: Collection[str],
    good: Collection[str],
    *,
    what: str = "qualified",
    level: float = 0.95,
    who: pd.Series | None = None,
) -> Result:
    """Say how often calls of each theme turn out well, drawn towards the whole where few.

    Parameters
    ----------
    call_themes, themes : pandas.DataFrame
        The tables of those names; a call counts for each of its themes.
    known : collection of str
        Ids of the calls of which it is known how they turned out.
    good : collection of str
        Ids of those among them that turned out well.
    what : str
        What turning out well is called.
    level : float
        Posterior probability of the intervals.
    who : pandas.Series, optional
        Who made each call, indexed by its id; by default each call is a caller of its own.

    Returns
    -------
    Result
        Columns theme_id, label, calls, good, share, shrunken, low, high (shrunken share
        and its interval), odds, odds_low, odds_high (odds of a theme's calls over those
        of all themes together; 1 is as good as all); the best first.

    Notes
    -----
    Shares are shrunk by :func:`~calltrack_nb.stats.shrunken_rates`, and the odds are
    those of the shrunken shares: three calls of three are not a certainty. Calls count at
    their effective number, since those of one caller turn out alike
    (:func:`~calltrack_nb.stats.clustering`).

    Examples
    --------
    >>> call_themes = pd.DataFrame({"call_id": list("abcd"), "theme_id": ["T1", "T1", "T2", "T2"]})
    >>> themes = pd.DataFrame({"theme_id": ["T1", "T2"], "label": ["Cakes", "Delivery"]})
    >>> theme_odds(call_themes, themes, "abcd", "ab").table["label"].tolist()
    ['Cakes', 'Delivery']
    """
    labels = dict(zip(themes["theme_id"], themes["label"], strict=True))
    pairs = call_themes.loc[call_themes["call_id"].isin(set(known)), ["call_id", "theme_id"]]
    pairs = pairs.drop_duplicates()
    pairs = pairs.assign(good=pairs["call_id"].isin(set(good)))
    table = pairs.groupby("theme_id")["good"].agg(calls="size", good="sum").reset_index()
    table.insert(1, "label", [labels.get(theme, theme) for theme in table["theme_id"]])
    table["share"] = table["good"] / table["calls"]
    columns = ["shrunken", "low", "high", "odds", "odds_low", "odds_high"]
    if table.empty:
        return Result(
            table.assign(**{column: [] for column in columns}),
            f"It is not known of any call with a theme whether it was {what}.",
        )
    callers = pairs["call_id"] if who is None else pairs["call_id"].map(who)
    alike = callers.fillna(pairs["call_id"])
    design = 1.0 if who is None else clustering(pairs["good"], alike, pairs["theme_id"])
    shrunk = shrunken_rates(table["good"] / design, table["calls"] / design, level)
    whole = shrunk.whole / (1 - shrunk.whole)
    for column, rate in zip(columns[:3], (shrunk.estimate, shrunk.low, shrunk.high), strict=True):
        table[column] = rate
    for odds, share in zip(columns[3:], columns[:3], strict=True):
        table[odds] = table[share] / (1 - table[share]) / whole
    table = table.sort_values(["shrunken", "theme_id"], ascending=[False, True], ignore_index=True)
    return Result(table, _in_words(table, what), (_check(table, what),))


def _in_words(table: pd.DataFrame, what: str) -> str:
    more, less = table[table["odds_low"] > 1], table[table["odds_high"] < 1].iloc[::-1]
    parts = [
        f"{word}: "
        + "; ".join(
            f"{label} ({number(good)} of {number(calls)})"
            for label, good, calls in zip(rows["label"], rows["good"], rows["calls"], strict=True)
        )
        for word, rows in (("more often", more.head(3)), ("less often", less.head(3)))
        if len(rows)
    ]
    if not parts:
        return f"No theme is clearly more or less often {what} than the others."
    return f"Calls are {what} " + "; ".join(parts) + "."


def _check(table: pd.DataFrame, what: str) -> Check:
    few = int((table["calls"] < 10).sum())
    return Check(
        "Enough calls per theme",
        few == 0,
        f"{out_of(few, len(table), 'theme')} {agree(few, 'has')} fewer than ten calls of which it "
        f"is known whether they were {what}. {agree(few, 'Its share leans', 'Their shares lean')} "
        "on those of the others.",
    )
