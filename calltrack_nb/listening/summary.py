"""What was heard in a period, summed up for a reader: tables with ranges, and words."""

from __future__ import annotations

import html
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb.listening.trends import monthly_themes, theme_states
from calltrack_nb.stats import Check, wilson

#: Plain words for kinds of findings.
KINDS: Final = {
    "price": "the price",
    "timing": "the date or the wait",
    "someone_else": "somebody else decides",
    "comparing": "comparing with others",
    "distrust": "not sure they can trust it",
    "put_off": "putting it off",
    "slow_after_price": "a long pause after the price",
    "slow_to_book": "a long pause when asked to book",
    "what": "what it should be",
    "when": "when",
    "where": "where",
    "contact": "how to be reached",
    "budget": "what it may cost",
    "call_back": "to call back",
    "send": "to send something",
    "deliver": "to have it ready or deliver it",
    "check": "to see to it",
    "booked": "booked",
    "lost": "lost",
    "wrong_number": "wrong number",
    "voicemail": "voicemail",
    "no_conversation": "nobody spoke",
    "sale": "wants to buy",
    "service": "about something bought before",
    "feedback": "praise or complaint",
    "other": "something else",
}

_FEWEST_QUOTE_WORDS: Final = 4


@dataclass(frozen=True, slots=True)
class Summary:
    """A table and what it says.

    Attributes
    ----------
    table : pandas.DataFrame
        See the function that made it.
    text : str
        In plain English.
    checks : tuple of Check
        How far it can be trusted.
    """

    table: pd.DataFrame
    text: str
    checks: tuple[Check, ...] = ()

    def __repr__(self) -> str:
        return f"Summary({len(self.table)} rows)"

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.text)}</p>"


def heard_calls(utterances: pd.DataFrame, calls: pd.DataFrame) -> pd.Series:
    """Return the ids of calls in `calls` in which anything was said, in order of time."""
    said = utterances.loc[utterances["redacted_text"].fillna("").str.strip() != "", "call_id"]
    chosen = calls.loc[calls["call_id"].isin(said.unique())]
    return chosen.sort_values("started_at")["call_id"].reset_index(drop=True)


def coverage(calls: pd.DataFrame, heard: Collection[str], talk: pd.DataFrame) -> Summary:
    """Say how many calls of a period were listened to, and how well they were heard.

    Parameters
    ----------
    calls : pandas.DataFrame
        The table ``calls`` of the period.
    heard : collection of str
        Ids of the calls with a transcript.
    talk : pandas.DataFrame
        The table ``talk``.

    Returns
    -------
    Summary
        Columns what, calls.
    """
    answered = int((calls["status"].astype(str) == "answered").sum())
    recorded = int(calls["recording"].notna().sum())
    mine = talk[talk["call_id"].isin(heard)]
    apart = int(mine["layout"].isin(["two_party", "crosstalk"]).sum())
    table = pd.DataFrame(
        {
            "what": [
                "calls",
                "answered",
                "with a recording",
                "listened to",
                "with both sides apart",
            ],
            "calls": [len(calls), answered, recorded, len(heard), apart],
        }
    )
    flagged = float(mine["flagged_share"].mean()) if len(mine) else float("nan")
    text = f"{len(heard)} of {len(calls)} calls were listened to."
    if len(heard) < len(calls):
        text += (
            " The rest has no recording that could be transcribed; if calls are recorded only at "
            "times or only by some numbers, what follows speaks for those alone."
        )
    check = Check(
        "Doubtful words",
        None if np.isnan(flagged) else flagged < 0.1,
        "Nothing was transcribed."
        if np.isnan(flagged)
        else f"{flagged:.0%} of what was transcribed may be invented (silence, music, menus) and "
        "is left out of everything below.",
    )
    return Summary(table, text, (check,))


def theme_summary(
    call_themes: pd.DataFrame,
    themes: pd.DataFrame,
    calls: pd.DataFrame,
    heard: Collection[str],
    *,
    timezone: str = "UTC",
    min_calls: int = 30,
    level: float = 0.95,
) -> Summary:
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

    Returns
    -------
    Summary
        Columns theme_id, label, terms, calls, share, low, high, state, first_month,
        largest first.
    """
    inside = call_themes[call_themes["call_id"].isin(heard)]
    counts = inside.groupby("theme_id")["call_id"].nunique()
    table = themes[themes["theme_id"].isin(counts.index)][["theme_id", "label", "terms"]].copy()
    table["calls"] = table["theme_id"].map(counts).astype(int)
    bounds = wilson(table["calls"].to_numpy(), len(heard), level) if len(table) else None
    table["share"] = table["calls"] / max(len(heard), 1)
    table["low"] = bounds.low if bounds else []
    table["high"] = bounds.high if bounds else []
    months = _months(calls, timezone)
    states = theme_states(inside, months[months.index.isin(heard)], level)
    for name in ("state", "first_month"):
        table[name] = table["theme_id"].map(states[name])
    table = table.sort_values(["calls", "theme_id"], ascending=[False, True], ignore_index=True)
    return Summary(table, _themes_in_words(table, inside, heard, themes, min_calls))


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


def finding_summary(
    findings: pd.DataFrame, heard: Collection[str], family: str, *, level: float = 0.95
) -> Summary:
    """Count the calls in which each kind of a family was heard.

    Parameters
    ----------
    findings : pandas.DataFrame
        The table ``findings``.
    heard : collection of str
        Ids of the calls that were listened to.
    family : str
        hesitation, preference, purpose, outcome or promise.
    level : float
        Of the Wilson intervals.

    Returns
    -------
    Summary
        Columns kind, label, calls, share, low, high; the most frequent first.
    """
    inside = findings[findings["call_id"].isin(heard) & (findings["family"].astype(str) == family)]
    counts = inside.groupby("kind")["call_id"].nunique()
    table = counts.rename("calls").reset_index()
    table.insert(1, "label", [KINDS.get(kind, kind.replace("_", " ")) for kind in table["kind"]])
    total = max(len(heard), 1)
    table["share"] = table["calls"] / total
    bounds = wilson(table["calls"].to_numpy(), total, level) if len(table) else None
    table["low"] = bounds.low if bounds else []
    table["high"] = bounds.high if bounds else []
    table = table.sort_values(["calls", "kind"], ascending=[False, True], ignore_index=True)
    anyone = inside["call_id"].nunique()
    if table.empty:
        return Summary(table, f"No {family} was heard in {len(heard)} calls.")
    lead = "; ".join(f"{row.label} ({row.calls})" for row in table.head(3).itertuples())
    verb = {"hesitation": "held back over something", "preference": "said what they want"}.get(
        family
    )
    start = f"In {anyone} of {len(heard)} calls "
    text = f"{start}callers {verb}: {lead}." if verb else f"{start}heard: {lead}."
    return Summary(table, text)


_QUOTABLE: Final = 0.5


def finding_quotes(
    findings: pd.DataFrame, heard: Collection[str], family: str, *, per_kind: int = 2
) -> pd.DataFrame:
    """Choose quotes of a family: the surest and longest of each kind, one per call.

    What is less than half sure is counted among others, but does not stand for its kind.

    Returns
    -------
    pandas.DataFrame
        Columns kind, label, call_id, turn, start_s, end_s, quote, why.
    """
    inside = findings[
        findings["call_id"].isin(heard)
        & (findings["family"].astype(str) == family)
        & (findings["confidence"] >= _QUOTABLE)
    ].dropna(subset="words")
    length = inside["words"].str.count(r"\S+").clip(upper=15)
    inside = inside.assign(length=length, sizes=inside["kind"].map(inside["kind"].value_counts()))
    inside = inside.sort_values(
        ["sizes", "kind", "confidence", "length", "call_id"],
        ascending=[False, True, False, False, True],
    ).drop_duplicates(["kind", "call_id"])
    inside = inside[~inside["words"].str.lower().duplicated()]
    chosen = inside.groupby("kind", sort=False).head(per_kind).rename(columns={"words": "quote"})
    labels = [KINDS.get(kind, kind.replace("_", " ")) for kind in chosen["kind"]]
    chosen = chosen.assign(label=labels, why=[label[:1].upper() + label[1:] for label in labels])
    columns = ["kind", "label", "call_id", "turn", "start_s", "end_s", "quote", "why"]
    return chosen[columns].reset_index(drop=True)


_MEASURES: Final = (
    ("caller_share", "caller's share of the talking", "percent"),
    ("longest_monologue_s", "longest stretch one speaks alone", "seconds"),
    ("overlap_s", "both speaking at once", "seconds"),
    ("longest_silence_s", "longest silence", "seconds"),
    ("first_answer_s", "wait for the first answer", "seconds"),
    ("agent_questions", "questions asked by the agent", "count"),
    ("caller_words_per_min", "caller's words a minute", "count"),
    ("agent_words_per_min", "agent's words a minute", "count"),
)


def talk_summary(talk: pd.DataFrame, heard: Collection[str]) -> Summary:
    """Sum up how calls were spoken: middle call and the middle half of all.

    Parameters
    ----------
    talk : pandas.DataFrame
        The table ``talk``.
    heard : collection of str
        Ids of the calls to sum up.

    Returns
    -------
    Summary
        Columns measure, unit, calls, median, quarter, three_quarters.
    """
    mine = talk[talk["call_id"].isin(heard)].copy()
    both = mine["caller_talk_s"] + mine["agent_talk_s"]
    mine["caller_share"] = (mine["caller_talk_s"] / both.where(both > 0)).astype("float64")
    rows: list[dict[str, Any]] = []
    for column, name, unit in _MEASURES:
        values = mine[column].dropna().astype("float64")
        if len(values):
            low, middle, high = values.quantile([0.25, 0.5, 0.75])
            rows.append(
                {
                    "measure": name,
                    "unit": unit,
                    "calls": len(values),
                    "median": middle,
                    "quarter": low,
                    "three_quarters": high,
                }
            )
    columns = ["measure", "unit", "calls", "median", "quarter", "three_quarters"]
    table = pd.DataFrame(rows, columns=columns)
    share = mine["caller_share"].dropna()
    if share.empty:
        return Summary(
            table, "No recording has caller and agent apart, so who spoke how much cannot be told."
        )
    text = (
        f"In the middle call, callers did {share.median():.0%} of the talking and the agent asked "
        f"{mine['agent_questions'].median():.0f} questions"
    )
    wait = mine["first_answer_s"].dropna()
    return Summary(
        table, text + (f", answering after {wait.median():.1f} seconds." if len(wait) else ".")
    )


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
) -> str:
    if themes.empty:
        calls = "1 call was" if len(heard) == 1 else f"{len(heard)} calls were"
        return (
            f"{calls} listened to. Grouping calls by theme takes at least {min_calls} calls that "
            "say enough, so no themes are shown. What was said is below."
        )
    if table.empty:
        return "No call of this period belongs to a theme."
    lead = "; ".join(f"{row.label} ({row.calls} calls)" for row in table.head(3).itertuples())
    unclear = len(heard) - inside["call_id"].nunique()
    text = (
        f"Most asked about: {lead}. {unclear} of {len(heard)} calls are unclear or say too little."
    )
    for state in ("new", "growing", "fading", "returning"):
        names = [str(label) for label in table.loc[table["state"] == state, "label"]]
        if names:
            text += f" {state.capitalize()} in the last month: {'; '.join(names)}."
    return text
