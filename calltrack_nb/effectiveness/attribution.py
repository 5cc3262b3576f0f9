"""Who gets the credit: the same qualified callers under six rules, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb.calls import counted, in_period
from calltrack_nb.effectiveness import grouping
from calltrack_nb.periods import Period
from calltrack_nb.phrasing import agree, listed, number, plural
from calltrack_nb.results import Check, Result
from calltrack_nb.settings import Settings

MODELS: Final = {
    "first": "first touch",
    "last": "last touch",
    "lead_creation": "touch that made the lead",
    "linear": "all touches alike",
    "u_shaped": "40 % first, 40 % lead, 20 % rest",
    "position_based": "40 % first, 40 % last, 20 % between",
}
"""The rules, and what each gives credit to."""

_VISIT: Final = pd.Timedelta(minutes=30)
"""A visit ends after so long without a step, as the default of Google Analytics has it."""

_LEAD_KINDS: Final = ("lead_created", "lead created", "lead_creation")


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class Attribution(Result):
    """Credit for qualified callers, by rule.

    Parameters
    ----------
    by : str
        Who gets credit.
    table : pandas.DataFrame
        One row per group: the group, a column of credits per rule of :data:`MODELS`
        (each adds up to the qualified callers), ``rank_changes`` (bool).
    journeys : pandas.DataFrame
        ``path`` (groups in order), ``people``: the journeys of more than one touch.
    text : str
        Where the rules disagree.
    checks : tuple of Check
        What the credits rest on.
    """

    by: str
    journeys: pd.DataFrame

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it."""
        columns = {self.by: self.table[self.by]}
        columns |= {
            name.replace("_", " "): self.table[name].map(lambda value: number(value, 1))
            for name in MODELS
        }
        moves = self.table["rank_changes"].map({True: "yes", False: "no"})
        return pd.DataFrame({**columns, "rank depends on the rule": moves})


def attribution(
    calls: pd.DataFrame,
    touchpoints: pd.DataFrame,
    settings: Settings,
    period: Period,
    *,
    by: grouping.Grouping = "campaign",
) -> Attribution:
    """Share out the credit for each person's first qualified call of a period.

    Parameters
    ----------
    calls, touchpoints : pandas.DataFrame
        The canonical tables, whole: earlier touches are looked up in them.
    settings : Settings
        The qualified-call rule.
    period : Period
        When the qualified call came.
    by : {"channel", "campaign", "keyword", "landing_page"}
        Who gets credit.

    Notes
    -----
    Every counted call up to the qualified one is a touch, and so is every touchpoint the
    provider tells of; touches of one group that follow each other within half an hour are
    one visit's, and one touch. The lead is made at the touchpoint that says so, else at the
    person's first call.
    """
    grouping.check_grouping(by)
    kept = counted(calls, settings)
    won = in_period(kept[kept["qualified"]], settings.business.timezone, period)
    goal = won.groupby("person")["started_at"].min().rename("goal_at")
    touches = _touches(kept, touchpoints, by)
    touches = touches.merge(goal.reset_index(), on="person")
    touches = touches[touches["at"] <= touches["goal_at"]]
    touches = _once_a_visit(touches.sort_values(["person", "at"], kind="stable"), by)
    credit = _credits(touches)
    table = (
        pd.concat([touches[[by]], credit], axis=1).groupby(by)[list(MODELS)].sum()
        if len(touches)
        else pd.DataFrame(columns=list(MODELS), dtype=float)
    )
    ranks = table.rank(ascending=False, method="min")
    table = table.assign(rank_changes=ranks.max(axis=1) > ranks.min(axis=1)).sort_values(
        "last", ascending=False
    )
    table = table.rename_axis(by).reset_index()
    paths = _paths(touches, by)
    return Attribution(
        table, _in_words(table, paths, goal, by), _checks(touches, goal), by=by, journeys=paths
    )


def _touches(kept: pd.DataFrame, touchpoints: pd.DataFrame, by: str) -> pd.DataFrame:
    from_calls = pd.DataFrame(
        {
            "person": kept["person"].astype(object),
            "at": kept["started_at"],
            by: grouping.labels(kept, by),
            "lead": True,
        }
    )
    if touchpoints.empty or by not in touchpoints.columns:
        return from_calls
    dated = touchpoints[touchpoints["at"].notna()]
    others = pd.DataFrame(
        {
            "person": dated["person_key"].astype(object),
            "at": dated["at"],
            by: grouping.labels(dated, by),
            "lead": dated["kind"].str.lower().isin(_LEAD_KINDS),
        }
    )
    return pd.concat([others, from_calls], ignore_index=True)


def _once_a_visit(touches: pd.DataFrame, by: str) -> pd.DataFrame:
    """Make one touch of those of one group in one visit; they are sorted by person and time."""
    before = touches[["person", by]].shift()
    same = (touches[["person", by]] == before).all(axis=1)
    soon = touches["at"].diff() <= _VISIT
    visit = (~(same & soon)).cumsum().to_numpy()
    merged = touches.groupby(visit).agg(
        {"person": "first", "at": "first", by: "first", "lead": "max", "goal_at": "first"}
    )
    return merged.reset_index(drop=True)


def _credits(touches: pd.DataFrame) -> pd.DataFrame:
    """Give every touch its share of one, by each rule; touches are sorted by person and time."""
    person = touches["person"]
    size = touches.groupby("person")["at"].transform("size").to_numpy(dtype=float)
    place = touches.groupby("person").cumcount().to_numpy()
    first, last = place == 0, place == size - 1
    leading = touches["lead"].groupby(person).cumsum().to_numpy()
    lead = (leading == 1) & touches["lead"].to_numpy(dtype=bool)
    return pd.DataFrame(
        {
            "first": first.astype(float),
            "last": last.astype(float),
            "lead_creation": lead.astype(float),
            "linear": 1 / size if len(size) else size,
            "u_shaped": _two_ended(person, first, lead),
            "position_based": _two_ended(person, first, last),
        },
        index=touches.index,
    )


def _two_ended(person: pd.Series, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Give 40 % to each of two touches and share 20 % over the rest.

    Where there is no rest the two share all, and one touch that is both takes it too.
    """
    rest = ~(one | other)
    others = pd.Series(rest).groupby(person.to_numpy()).transform("sum").to_numpy(dtype=float)
    share = 0.4 * one + 0.4 * other + np.where(rest, 0.2 / np.maximum(others, 1), 0.0)
    whole = pd.Series(share).groupby(person.to_numpy()).transform("sum").to_numpy(dtype=float)
    return np.asarray(share / np.where(whole > 0, whole, 1.0))


def _paths(touches: pd.DataFrame, by: str) -> pd.DataFrame:
    steps = touches.groupby("person")[by].agg(list)
    several = steps[steps.map(len) > 1].map(lambda path: " > ".join(path[:6]))
    counts = several.value_counts()
    return pd.DataFrame({"path": counts.index.astype(str), "people": counts.to_numpy()})


def _in_words(table: pd.DataFrame, paths: pd.DataFrame, goal: pd.Series, by: str) -> str:
    if goal.empty:
        return "There is no qualified call in this period, so there is no credit to share."
    repeat = int(paths["people"].sum())
    first = (
        f"{plural(len(goal), 'person', 'people')} had a qualified call; {number(repeat)} of them "
        "had touched the business before, and only for these do the rules differ."
    )
    lines = [first]
    moved = table.loc[table["rank_changes"], by].astype(str).tolist()
    if moved:
        lines.append(f"The rank depends on the rule for {listed(moved)}.")
    else:
        lines.append("The ranks are the same under every rule.")
    return " ".join(lines)


def _checks(touches: pd.DataFrame, goal: pd.Series) -> tuple[Check, ...]:
    known = touches["person"].nunique()
    unsaid = (
        f"{plural(len(touches), 'touch')} of {plural(known, 'person', 'people')} "
        f"{agree(len(touches), 'is')} on record. A touch nobody recorded, such as a flyer on the "
        "fridge, gets no credit under any rule."
    )
    people = (
        f"{plural(len(goal), 'person', 'people')} {agree(len(goal), 'is')} told apart by their "
        "number; callers who withhold it are counted as new each time."
    )
    return (Check("touches", None, unsaid), Check("withheld numbers", None, people))
