"""What callers wish, summed up: "Saturday morning 31 %, delivery to Queens 12 %"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from typing import Any, Final

import pandas as pd

from calltrack_nb.findings.unmeasured import NOT_MEASURED
from calltrack_nb.findings.wishes.dates import WEEKDAYS
from calltrack_nb.phrasing import number, out_of, percent, plural
from calltrack_nb.results import Check, Result
from calltrack_nb.stats import wilson

QUESTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "when": ("day", "part", "time"),
    "where": ("place", "how"),
    "what": ("what",),
    "budget": ("budget",),
    "contact": ("contact",),
}
"""What a wish may answer, and the kinds of value that do."""

_COLUMNS: Final = ["label", "calls", "of", "share", "low", "high"]
_MORNING_ENDS, _AFTERNOON_ENDS = 12, 17
_SHOWN: Final = 3
_SHORTEST: Final = 2


def wish_summary(
    wishes: pd.DataFrame,
    heard: Collection[str],
    question: str,
    *,
    currency: str = "",
    level: float = 0.95,
) -> Result:
    """Count in how many calls each wish was said.

    Days count by their day of the week and times by their part of the day, so that "Saturday
    at ten" and "the fifth, in the morning" are one wish where the fifth is a Saturday.

    Parameters
    ----------
    wishes : pandas.DataFrame
        The table ``wishes``.
    heard : collection of str
        Ids of the calls that were listened to.
    question : {"when", "where", "what", "budget", "contact"}
        What the wish answers.
    currency : str
        What budgets are in.
    level : float
        Of the Wilson intervals.

    Returns
    -------
    Result
        Columns label, calls, of (calls listened to), share, low, high; the most frequent
        first. A call counts once for each of its wishes. Of things, those that two callers name.

    Examples
    --------
    >>> from calltrack_nb import schema
    >>> said = {"account": "a", "call_id": "1", "turn": 2, "confidence": 0.8}
    >>> wishes = schema.conform(pd.DataFrame([
    ...     said | {"kind": "day", "value": "2026-11-28"},
    ...     said | {"kind": "time", "value": "10:00"},
    ... ]), "wishes")
    >>> wish_summary(wishes, ["1", "2"], "when").table[["label", "calls", "of"]].values.tolist()
    [['Saturday morning', 1, 2]]
    """
    inside = wishes[wishes["call_id"].isin(heard)]
    inside = inside[inside["kind"].astype(str).isin(QUESTIONS[question])]
    labels = [
        {"call_id": call_id, "label": label}
        for (call_id, _), said in inside.dropna(subset="value").groupby(["call_id", "turn"])
        for label in _labels(question, said, currency)
    ]
    counts = pd.DataFrame(labels, columns=["call_id", "label"]).groupby("label")["call_id"]
    table = counts.nunique().rename("calls").reset_index()
    if question == "what":
        # free words: what one caller alone says is as often misheard as meant
        table = table[(table["calls"] > 1) & (table["label"].str.len() > _SHORTEST)]
    table["of"] = len(heard)
    table["share"] = table["calls"] / max(len(heard), 1)
    bounds = wilson(table["calls"].to_numpy(), len(heard), level) if len(table) else None
    table["low"] = bounds.low if bounds else []
    table["high"] = bounds.high if bounds else []
    table = table.sort_values(["calls", "label"], ascending=[False, True], ignore_index=True)
    checks = (NOT_MEASURED, *_open(inside))
    return Result(table[_COLUMNS], _in_words(table, inside, len(heard), question), checks)


def _labels(question: str, said: pd.DataFrame, currency: str) -> list[str]:
    """Return what one turn wishes, in words."""
    kinds = said.groupby("kind", observed=True)["value"]
    values = {str(kind): rows.astype(str).tolist() for kind, rows in kinds}
    if question == "when":
        return _when(values)
    if question == "where":
        return _where(values)
    found = [value for each in values.values() for value in each]
    if question == "budget" and currency:
        found = [re.sub(r"^(under )?", rf"\1{currency} ", value) for value in found]
    return found


def _when(values: Mapping[str, list[str]]) -> list[str]:
    days = list(dict.fromkeys(_day(value) for value in values.get("day", [])))
    parts = list(dict.fromkeys(values.get("part") or map(_part_of, values.get("time", []))))
    if not days or not parts:
        return days or parts
    # "Saturday or Sunday morning": the part goes with each of the days
    return [day if day == _SOON else f"{day} {part}" for day in days for part in parts]


_SOON: Final = "as soon as possible"


def _day(value: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return WEEKDAYS[dt.date.fromisoformat(value).weekday()]
    if "/" in value:
        first, last = map(dt.date.fromisoformat, value.split("/"))
        weekend = first.weekday() == 5 and last - first == dt.timedelta(days=1)
        return "weekend" if weekend else "several days"
    if re.match(r"(?:after|before) ", value):
        return f"{value.partition(' ')[0]} a date"
    if re.fullmatch(r"\d{4}-W\d\d", value):
        return "some day of a week"
    return "some day of a month" if value[:1].isdigit() else value


def _part_of(time: str) -> str:
    """Return the part of the day that a time is in; of a stretch, its beginning's."""
    hour = int(re.findall(r"\d\d(?=:)", time)[0])
    if time.startswith("before") and hour == _MORNING_ENDS:
        return "morning"
    if hour < _MORNING_ENDS:
        return "morning"
    return "afternoon" if hour < _AFTERNOON_ENDS else "evening"


def _where(values: Mapping[str, list[str]]) -> list[str]:
    places = list(dict.fromkeys(values.get("place", [])))
    hows = list(dict.fromkeys(values.get("how", [])))
    if "delivery" in hows and places:
        return [f"delivery to {place}" for place in places]
    return [*places, *hows]


def _in_words(table: pd.DataFrame, inside: pd.DataFrame, heard: int, question: str) -> str:
    said = inside["call_id"].nunique()
    what = {
        "when": "when they would like it",
        "where": "where",
        "what": "what they want",
        "budget": "what it may cost",
        "contact": "how to be reached",
    }[question]
    if table.empty:
        return f"In {plural(heard, 'call')} no caller was found to say {what}."
    rows: Any = table.head(_SHOWN).itertuples()
    most = "; ".join(f"{row.label} {percent(row.share)} ({number(row.calls)})" for row in rows)
    return f"In {out_of(said, heard, 'call')} callers say {what}: {most}."


def _open(inside: pd.DataFrame) -> tuple[Check, ...]:
    calls = inside.loc[inside["value"].isna(), "call_id"].nunique()
    rows: Any = inside[inside["value"].isna()].head(1)
    if not calls:
        return ()
    words, doubt = rows["words"].iloc[0], rows["doubt"].iloc[0]
    return (
        Check(
            "Words with two meanings",
            None,
            f"In {plural(calls, 'call')} the words can mean two things (“{words}”: {doubt}); they "
            "are not counted.",
        ),
    )
