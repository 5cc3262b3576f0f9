"""What was heard in a period, summed up for a reader: tables with ranges, and words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np
import pandas as pd
from babel import Locale, UnknownLocaleError

from calltrack_nb.calls import by_provider
from calltrack_nb.checking import Checked, corrected
from calltrack_nb.findings.provided import provider_checks
from calltrack_nb.phrasing import agree, listed, number, out_of, percent, plural
from calltrack_nb.results import Check, Result
from calltrack_nb.schema import (
    NO_CONVERSATION,
    OTHER_LANGUAGE,
    PROVIDED,
    UNKNOWN_LANGUAGE,
    empty,
)
from calltrack_nb.stats import wilson
from calltrack_nb.themes.turns import heard_rows

#: Plain words for kinds of findings.
KINDS: Final = {
    "price": "the price",
    "timing": "the date or the wait",
    "someone_else": "somebody else decides",
    "comparing": "comparing with others",
    "distrust": "a worry, or not sure they can trust it",
    "put_off": "putting it off without a reason",
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
    "rescheduled": "moved to another time",
    "cancelled": "cancelled",
    "quote_sent": "a quote to be sent",
    "referred": "sent to somebody else",
    "lost": "lost",
    "unclear": "unclear from the words",
    "wrong_number": "wrong number",
    "voicemail": "voicemail",
    "no_conversation": "nobody spoke",
    "sale": "wants to buy",
    "service": "about something bought before",
    "feedback": "praise or complaint",
    "other": "something else",
}


def label_of(kind: str) -> str:
    """Return a kind of finding in plain words.

    Examples
    --------
    >>> label_of("price"), label_of("my_own_kind")
    ('the price', 'my own kind')
    """
    return KINDS.get(kind, kind.replace("_", " "))


def heard_calls(utterances: pd.DataFrame, calls: pd.DataFrame) -> pd.Series:
    """Return the ids of calls in `calls` in which anything was said, in order of time.

    What was said in another language than English, or to nobody, or was never said, does
    not count.
    """
    said = utterances.loc[heard_rows(utterances), "call_id"]
    chosen = calls.loc[calls["call_id"].isin(said.unique())]
    return chosen.sort_values("started_at")["call_id"].reset_index(drop=True)


def coverage(
    calls: pd.DataFrame,
    heard: Collection[str],
    talk: pd.DataFrame,
    recordings: pd.DataFrame | None = None,
) -> Result:
    """Say how many calls of a period were listened to, and how well they were heard.

    Parameters
    ----------
    calls : pandas.DataFrame
        The table ``calls`` of the period.
    heard : collection of str
        Ids of the calls with a transcript.
    talk : pandas.DataFrame
        The table ``talk``.
    recordings : pandas.DataFrame, optional
        The table ``recordings``, which knows whose transcripts they are.

    Returns
    -------
    Result
        Columns what, calls.
    """
    answered = int((calls["status"].astype(str) == "answered").sum())
    recorded = int(calls["recording"].notna().sum())
    known = empty("recordings") if recordings is None else recordings
    known = known[known["call_id"].isin(heard)]
    theirs = int(by_provider(known).sum())
    mine = talk[talk["call_id"].isin(heard) & talk["layout"].ne(PROVIDED).to_numpy(bool)]
    apart = int(mine["layout"].isin(["two_party", "crosstalk"]).sum())
    counts = {
        "calls": len(calls),
        "answered": answered,
        "with a recording": recorded,
        "listened to": len(heard),
        "with both sides apart": apart,
    }
    if theirs:
        counts["read in a provider's transcript"] = theirs
    table = pd.DataFrame({"what": list(counts), "calls": list(counts.values())})
    others = talk[talk["call_id"].isin(calls["call_id"])]
    apart_text = left_out(others)
    set_aside = int((others["left_out"].notna() & ~others["call_id"].isin(heard)).sum())
    flagged = float(mine["flagged_share"].mean()) if len(mine) else float("nan")
    text = f"{out_of(len(heard), len(calls), 'call')} {agree(len(heard), 'was')} listened to."
    if apart_text:
        text += f" {apart_text}"
    if len(heard) + set_aside < len(calls):
        text += (
            " A call without a transcript, and without a recording that could be transcribed, is "
            "not among them. If only some calls are recorded, what follows is about those only."
        )
    check = Check(
        "Doubtful words",
        None if np.isnan(flagged) else flagged < 0.1,
        "Nothing was transcribed here."
        if np.isnan(flagged)
        else f"On average {percent(flagged)} of a call's turns may be invented (silence, music, "
        "menus). They are left out of everything below.",
    )
    return Result(table, text, (check, *provider_checks(known)))


def left_out(talk: pd.DataFrame) -> str:
    """Say how many transcribed calls take no part in what is listened to, and why.

    Parameters
    ----------
    talk : pandas.DataFrame
        The table ``talk``, of the calls in question.

    Returns
    -------
    str
        Empty where every call takes part.

    Examples
    --------
    >>> talk = pd.DataFrame({"left_out": ["other_language", None], "language": ["es", "en"]})
    >>> left_out(talk)
    '1 call is not in English (1 in Spanish). Themes, findings and quotes know English only \
and leave it out; redaction looks for private words in English only.'
    """
    other = talk[(talk["left_out"] == OTHER_LANGUAGE).fillna(value=False)]
    nobody = int((talk["left_out"] == NO_CONVERSATION).fillna(value=False).sum())
    said = []
    if len(other):
        counts = other["language"].where(other["language"] != UNKNOWN_LANGUAGE).value_counts()
        named = [f"{number(n)} in {_language_name(str(code))}" for code, n in counts.items()]
        which = f" ({listed(named, len(named))})" if named else ""
        said.append(
            f"{plural(len(other), 'call')} {agree(len(other), 'is')} not in English{which}. "
            "Themes, findings and quotes know English only and leave "
            f"{agree(len(other), 'it', 'them')} out; redaction looks for private words in "
            "English only."
        )
    if nobody:
        said.append(
            f"{plural(nobody, 'recording')} {agree(nobody, 'is')} no conversation (a menu, music, "
            f"ringing, a text read out) and {agree(nobody, 'is')} left out."
        )
    return " ".join(said)


def _language_name(code: str) -> str:
    try:
        return Locale.parse(code).get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code


def finding_summary(
    findings: pd.DataFrame,
    heard: Collection[str],
    family: str,
    *,
    level: float = 0.95,
    checked: Checked | None = None,
) -> Result:
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
        Of the intervals: Wilson's, or those of the corrected shares.
    checked : Checked, optional
        What people checked of these calls. Where it is enough, shares are corrected by it.

    Returns
    -------
    Result
        Columns kind, label, calls (as the machine counts them), share, low, high; the most
        frequent first. With `checked` a check says what the ranges cover.
    """
    inside = findings[findings["call_id"].isin(heard) & (findings["family"].astype(str) == family)]
    counts = inside.groupby("kind")["call_id"].nunique()
    table = counts.rename("calls").reset_index()
    labels = [label_of(kind) for kind in table["kind"]]
    table.insert(1, "label", pd.Series(labels, dtype="str"))  # text where there is no row, too
    total = max(len(heard), 1)
    table["share"] = table["calls"] / total
    bounds = wilson(table["calls"].to_numpy(), total, level) if len(table) else None
    table["low"] = bounds.low if bounds else []
    table["high"] = bounds.high if bounds else []
    table = table.sort_values(["calls", "kind"], ascending=[False, True], ignore_index=True)
    if table.empty:
        text = f"No {family} was found in {plural(len(heard), 'call')}."
    else:
        text = _in_words(table, inside["call_id"].nunique(), heard, family)
    return corrected(Result(table, text), checked, family, "kind", label=label_of, level=level)


def _in_words(table: pd.DataFrame, anyone: int, heard: Collection[str], family: str) -> str:
    first = zip(table["label"].head(3), table["calls"].head(3), strict=True)
    lead = "; ".join(f"{label} ({number(calls)})" for label, calls in first)
    verb = {"hesitation": "hesitated about something", "preference": "said what they want"}.get(
        family
    )
    start = f"In {out_of(anyone, len(heard), 'call')}"
    return f"{start} callers {verb}: {lead}." if verb else f"{start}: {lead}."


#: How sure a finding must be to be quoted.
QUOTABLE: Final = 0.5


def finding_quotes(
    findings: pd.DataFrame, heard: Collection[str], family: str, *, per_kind: int = 2
) -> pd.DataFrame:
    """Choose quotes of a family: the surest and longest of each kind, one per call.

    Kinds are in the order of :func:`finding_summary`. What is less than half sure is counted
    among others, but does not stand for its kind.

    Returns
    -------
    pandas.DataFrame
        Columns kind, label, call_id, turn, start_s, end_s, quote, why.
    """
    every = findings[findings["call_id"].isin(heard) & (findings["family"].astype(str) == family)]
    inside = every[every["confidence"] >= QUOTABLE].dropna(subset="words")
    length = inside["words"].str.count(r"\S+").clip(upper=15)
    calls = every.groupby("kind")["call_id"].nunique()
    inside = inside.assign(length=length, sizes=inside["kind"].map(calls))
    inside = inside.sort_values(
        ["sizes", "kind", "confidence", "length", "call_id"],
        ascending=[False, True, False, False, True],
    ).drop_duplicates(["kind", "call_id"])
    inside = inside[~inside["words"].str.lower().duplicated()]
    chosen = inside.groupby("kind", sort=False).head(per_kind).rename(columns={"words": "quote"})
    labels = [label_of(kind) for kind in chosen["kind"]]
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


def talk_summary(talk: pd.DataFrame, heard: Collection[str]) -> Result:
    """Sum up how calls were spoken: middle call and the middle half of all.

    Parameters
    ----------
    talk : pandas.DataFrame
        The table ``talk``.
    heard : collection of str
        Ids of the calls to sum up.

    Returns
    -------
    Result
        Columns measure, unit, calls, median, quarter, three_quarters; the last three in
        that unit.
    """
    mine = talk[talk["call_id"].isin(heard)].copy()
    both = mine["caller_talk_s"] + mine["agent_talk_s"]
    mine["caller_share"] = (mine["caller_talk_s"] / both.where(both > 0)).astype("float64")
    rows: list[dict[str, Any]] = []
    for column, name, unit in _MEASURES:
        values = mine[column].dropna().astype("float64") * (100 if unit == "percent" else 1)
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
        return Result(
            table, "No recording separates caller and agent, so who spoke how much is not known."
        )
    text = (
        f"In the median call, callers did {percent(share.median())} of the talking and the agent "
        f"asked {plural(round(mine['agent_questions'].median()), 'question')}"
    )
    wait = mine["first_answer_s"].dropna()
    return Result(
        table,
        text + (f", answering after {number(wait.median(), 1)} seconds." if len(wait) else "."),
    )
