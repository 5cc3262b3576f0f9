"""Which campaign brings which inquiry; and how any two ways of sorting calls are crossed."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb.calls import person
from calltrack_nb.phrasing import agree, number, out_of, plural
from calltrack_nb.results import Check, Result
from calltrack_nb.stats import corrected

_FEWEST_EXPECTED: Final = 5.0
_OTHER: Final = "all others"
_NO_CAMPAIGN: Final = "no campaign"


def themes_by_campaign(
    call_themes: pd.DataFrame,
    calls: pd.DataFrame,
    themes: pd.DataFrame | None = None,
    *,
    by: str = "campaign",
    min_group: int = 5,
    level: float = 0.95,
) -> Result:
    """Cross themes with campaigns.

    Parameters
    ----------
    call_themes : pandas.DataFrame
        The table ``call_themes``; a call counts for each of its themes.
    calls : pandas.DataFrame
        The table ``calls``.
    themes : pandas.DataFrame, optional
        The table ``themes``, for labels.
    by : str
        Column of `calls` to cross with: campaign, channel, source …
    min_group : int
        Cells with fewer calls are not shown, and campaigns with fewer are pooled.
    level : float
        One minus the false discovery rate of what is called more or less than expected.

    Returns
    -------
    Result
        One row for each theme and campaign: ``calls`` with the theme, ``of`` the campaign's
        calls, ``share``, ``expected`` calls; ``residual`` and ``p`` are of callers.
    """
    labels = {} if themes is None else dict(zip(themes["theme_id"], themes["label"], strict=True))
    marks = call_themes[["call_id", "theme_id"]].rename(columns={"theme_id": "mark"})
    return cross(marks, calls, labels, by=by, min_group=min_group, level=level, noun="themes")


def cross(
    marks: pd.DataFrame,
    calls: pd.DataFrame,
    labels: dict[str, str],
    *,
    by: str,
    min_group: int,
    level: float,
    noun: str,
    heard: pd.Series | None = None,
) -> Result:
    """Cross marks on calls with the groups that the calls are sorted into.

    Parameters
    ----------
    marks : pandas.DataFrame
        Columns call_id and mark; a call counts for each of its marks.
    calls : pandas.DataFrame
        The table ``calls``.
    labels : dict of str to str
        What a mark is called for a reader.
    by, min_group, level
        As in :func:`themes_by_campaign`.
    noun : str
        What the marks are, for the text.
    heard : pandas.Series, optional
        Ids of the calls that could have a mark; by default those with one.

    Returns
    -------
    Result
    """
    marks = marks.drop_duplicates()
    ids = marks["call_id"].unique() if heard is None else heard
    # a mark of a call that is not asked about, such as one of another month, counts nowhere
    listened = calls[calls["call_id"].isin(ids)].set_index("call_id", drop=False)
    marks = marks[marks["call_id"].isin(listened.index)]
    groups = listened[by].astype(object)
    groups = groups.where(groups.notna(), _NO_CAMPAIGN)
    sizes = groups.value_counts()
    groups = groups.where(groups.map(sizes) >= min_group, _OTHER)
    sizes = groups.value_counts()
    marked = marks.assign(campaign=marks["call_id"].map(groups)).dropna(subset="campaign")
    counts = marked.pivot_table(
        index="mark", columns="campaign", values="call_id", aggfunc="nunique", fill_value=0
    )
    counts = counts.reindex(columns=sizes.index, fill_value=0)
    callers, callers_marked = _callers(marks, groups, person(listened))
    rows = [
        _cell(str(mark), str(campaign), int(counts.loc[mark, campaign]), counts.loc[mark], sizes)
        | _of_callers(callers_marked.loc[mark], callers, str(campaign))
        for mark in counts.index
        for campaign in counts.columns
    ]
    columns = ["theme_id", "campaign", "calls", "of", "share", "expected", "residual", "p"]
    table = pd.DataFrame(rows, columns=columns)
    table.insert(1, "label", [labels.get(mark, mark) for mark in table["theme_id"]])
    table["p_corrected"] = (
        corrected(table["p"].to_numpy(dtype=float)).adjusted if len(table) else []
    )
    text = _in_words(table, level, noun, by)
    small = table["calls"].between(1, min_group - 1)
    hidden = ["calls", "share", "expected", "residual", "p", "p_corrected"]
    table[hidden] = table[hidden].astype("float64").mask(small)
    tested = int(table["p"].notna().sum())
    check = Check(
        "Enough calls to compare",
        tested > 0,
        f"{out_of(tested, len(table), 'combination')} {agree(tested, 'has')} enough calls to "
        f"compare; {number(small.sum())} with fewer than {min_group} calls "
        f"{agree(small.sum(), 'is')} not shown.",
    )
    return Result(table, text, (check,))


def _cell(mark: str, campaign: str, count: int, row: pd.Series, sizes: pd.Series) -> dict[str, Any]:
    total, marked, size = float(sizes.sum()), float(row.sum()), float(sizes[campaign])
    return {
        "theme_id": mark,
        "campaign": campaign,
        "calls": count,
        "of": int(size),
        "share": count / size,
        "expected": marked * size / total,
    }


def _callers(
    marks: pd.DataFrame, groups: pd.Series, who: pd.Series
) -> tuple[pd.Series, pd.DataFrame]:
    """Count callers by the campaign of their first call here, and those with each mark.

    Calls of one caller are about one matter and come by one campaign, so they are no
    separate witnesses to what campaigns bring.

    Returns
    -------
    callers : pandas.Series of int
        By campaign.
    marked : pandas.DataFrame of int
        A row for each mark, a column for each campaign.
    """
    first = groups.groupby(who.to_numpy()).first()
    callers = first.value_counts()
    pairs = marks.assign(who=marks["call_id"].map(who)).dropna(subset="who")
    pairs = pairs.drop_duplicates(["mark", "who"])
    pairs = pairs.assign(campaign=pairs["who"].map(first))
    marked = pd.crosstab(pairs["mark"], pairs["campaign"])
    return callers, marked.reindex(columns=callers.index, fill_value=0)


def _of_callers(row: pd.Series, callers: pd.Series, campaign: str) -> dict[str, float]:
    """Test callers in a 2 x 2 table: with this mark or not, of this campaign or not.

    The residual is Haberman's adjusted one (1973, The analysis of residuals in
    cross-classified tables, Biometrics 29); the p-value is Fisher's exact one, and missing
    where fewer than five callers would be expected.
    """
    from scipy.stats import fisher_exact  # noqa: PLC0415 - heavy

    total, marked = int(callers.sum()), int(row.sum())
    size, count = int(callers.get(campaign, 0)), int(row.get(campaign, 0))
    expected = marked * size / total
    variance = expected * (1 - marked / total) * (1 - size / total)
    if variance <= 0:
        return {"residual": np.nan, "p": np.nan}
    residual = (count - expected) / np.sqrt(variance)
    if expected < _FEWEST_EXPECTED:
        return {"residual": residual, "p": np.nan}
    rest = [[count, size - count], [marked - count, total - size - marked + count]]
    return {"residual": residual, "p": float(fisher_exact(rest).pvalue)}


def _in_words(table: pd.DataFrame, level: float, noun: str, by: str) -> str:
    found = table[table["p_corrected"] < 1 - level].sort_values("p_corrected")
    if found.empty:
        if table["p"].notna().any():
            return f"No {by} stands out: its {noun} are about like those of all others."
        return f"There are too few calls per {by} to say which brings which {noun}."
    sentences = []
    rows: Any = found.head(4).itertuples()
    for row in rows:
        more = "more" if row.residual > 0 else "fewer"
        whose = (
            "Calls of no campaign bring"
            if row.campaign == _NO_CAMPAIGN
            else f"{row.campaign} brings"
        )
        sentences.append(
            f"{whose} {more} “{row.label}” than expected "
            f"({plural(row.calls, 'call')}, about {number(row.expected)} expected)"
        )
    return "; ".join(sentences) + "."
