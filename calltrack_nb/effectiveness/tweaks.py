"""Did the change help? Each tweak of the log, judged against what was left alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd
from scipy import stats

from calltrack_nb import evidence
from calltrack_nb.effectiveness import words
from calltrack_nb.effectiveness.comparison import Comparison, Log, Outcome, compare
from calltrack_nb.effectiveness.ledger import sales_in
from calltrack_nb.effectiveness.qualified import counted_calls
from calltrack_nb.effectiveness.scorecard import FEWEST_SALES
from calltrack_nb.evidence import Check, ShareEffect, share_effect
from calltrack_nb.periods import Period
from calltrack_nb.settings import Settings

Word = Literal["helped", "hurt", "can't tell", "no sign of change"]

FEWEST_WEEKS: Final = 4
FEWEST_CALLERS: Final = 10
MOST_BEFORE: Final = 26
MOST_AFTER: Final = 8
_SAME: Final = (0.8, 1.25)
_TREND_ALARM: Final = 0.01
_PLACEBO_SHARE: Final = 0.25
_POWER: Final = 0.8


@dataclass(frozen=True, slots=True)
class Verdict:
    """One tweak and what can be said of it.

    Parameters
    ----------
    tweak_id, campaign, changed : str
        From the log of tweaks.
    date : datetime.date
        First day under the change.
    word : {"helped", "hurt", "can't tell", "no sign of change"}
        The verdict.
    ratio, low, high : float
        Callers with the change, as a multiple of what the control leads to expect.
    p_value, p_adjusted : float
        Of no effect; adjusted for the number of tweaks judged.
    extra, extra_low, extra_high : float
        Of the callers seen in the weeks after, those that the change explains: seen times
        (1 - 1 / ratio); below zero where it kept callers away.
    money, money_low, money_high : float
        What they are worth at the usual revenue per caller; NaN where too few sales.
    detectable : float
        The smallest true change that these weeks would have shown in four cases of
        five, as a share.
    weeks : pandas.DataFrame
        The series judged: ``week``, ``treated``, ``control``, ``changed``.
    control : tuple of str
        What it was compared with.
    checks : tuple of Check
        What was asked of the comparison before it was believed.
    text : str
        The verdict in plain words.
    """

    tweak_id: str
    campaign: str
    changed: str
    date: dt.date
    word: Word
    ratio: float
    low: float
    high: float
    p_value: float
    p_adjusted: float
    extra: float
    extra_low: float
    extra_high: float
    money: float
    money_low: float
    money_high: float
    detectable: float
    weeks: pd.DataFrame
    control: tuple[str, ...]
    checks: tuple[Check, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Verdicts:
    """All tweaks of the log, judged as one family.

    Parameters
    ----------
    verdicts : tuple of Verdict
        In order of their date.
    currency : str
        Of the money.
    text : str
        The outcome in words, with the correction by name.
    """

    verdicts: tuple[Verdict, ...]
    currency: str
    text: str

    @property
    def table(self) -> pd.DataFrame:
        """One row per tweak, its figures as numbers."""
        names = [
            "tweak_id", "date", "campaign", "changed", "word", "ratio", "low", "high", "p_value",
            "p_adjusted", "extra", "extra_low", "extra_high", "money", "money_low", "money_high",
            "detectable",
        ]  # fmt: skip
        return pd.DataFrame(
            [{name: getattr(verdict, name) for name in names} for verdict in self.verdicts],
            columns=names,
        )

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it."""

        def cash(value: float) -> str:
            return words.money(value, self.currency)

        return pd.DataFrame(
            [
                {
                    "Date": f"{verdict.date:%d %b %Y}",
                    "Campaign": verdict.campaign,
                    "What was changed": verdict.changed,
                    "Verdict": verdict.word,
                    "Change in callers (range)": _change(verdict),
                    "Callers more (range)": _with_range(
                        verdict.extra, verdict.extra_low, verdict.extra_high, words.number
                    ),
                    "Worth (range)": _with_range(
                        verdict.money, verdict.money_low, verdict.money_high, cash
                    ),
                }
                for verdict in self.verdicts
            ],
            columns=[
                "Date",
                "Campaign",
                "What was changed",
                "Verdict",
                "Change in callers (range)",
                "Callers more (range)",
                "Worth (range)",
            ],
        )

    def checks_table(self) -> pd.DataFrame:
        """Return every check of every tweak, as a reader sees it."""
        answer = {True: "passed", False: "failed", None: "for information"}
        return pd.DataFrame(
            [
                {
                    "Campaign": verdict.campaign,
                    "Check": check.name,
                    "Result": answer[check.passed],
                    "Because": check.text,
                }
                for verdict in self.verdicts
                for check in verdict.checks
            ],
            columns=["Campaign", "Check", "Result", "Because"],
        )

    def _repr_html_(self) -> str:
        return words.html(self.text, self.display())


@dataclass(frozen=True, slots=True)
class Window:
    """The whole weeks a tweak may be judged on, and what cut them."""

    before: int
    after: int
    before_cut: str
    after_cut: str


def judge_tweaks(
    calls: pd.DataFrame,
    tweaks: pd.DataFrame,
    settings: Settings,
    *,
    regimes: pd.DataFrame,
    outcomes: pd.DataFrame,
    spend: pd.DataFrame,
    outcome: Outcome = "callers",
) -> Verdicts:
    """Judge every tweak of the log against the campaigns that were left alone.

    Parameters
    ----------
    calls, tweaks, regimes, outcomes, spend : pandas.DataFrame
        The canonical tables, whole.
    settings : Settings
        Zone, level, currency and the qualified-call rule.
    outcome : {"callers", "qualified"}
        Everyone who rang, or those with a qualified call.

    Notes
    -----
    Up to 26 weeks before and 8 after, never across a change of definition or another
    change of the same campaign, are compared with campaigns that nothing happened to
    (:func:`~calltrack_nb.evidence.share_effect`). The p-values of the family are
    corrected by Benjamini and Hochberg.
    """
    log = Log.of(calls, settings)
    judged = [
        _judge(log, row, tweaks, regimes, spend, settings, outcome)
        for row in _records(tweaks.sort_values("date"))
    ]
    family = evidence.corrected([verdict.p_value for verdict in judged])
    value = _value_per_caller(calls, outcomes, settings)
    verdicts = tuple(
        _worded(_priced(replace(verdict, p_adjusted=float(p)), value), settings)
        for verdict, p in zip(judged, family.adjusted, strict=True)
    )
    return Verdicts(verdicts, settings.business.currency, _in_words(verdicts, family))


def window_of(
    log: Log,
    treated: str,
    day: dt.date,
    tweaks: pd.DataFrame,
    regimes: pd.DataFrame,
) -> Window:
    """Find the whole weeks on either side of a day that may be compared.

    They end at the ends of the log, at any change of definition, and at other changes
    of the same campaign.
    """
    assert log.first is not None
    assert log.last is not None
    start, stop = log.first, log.last + dt.timedelta(days=1)
    before_cut, after_cut = "the start of the log", "the end of the log"
    cuts = [(date, f"the change of definition on {date}") for date in regimes["date"]]
    cuts += [
        (date, f"another change of this campaign on {date}")
        for date, group in zip(tweaks["date"], _groups(tweaks), strict=True)
        if group == treated and date != day
    ]
    for date, why in cuts:
        if start < date <= day:
            start, before_cut = date, why
        if day < date < stop:
            stop, after_cut = date, why
    return Window(
        max(0, min(MOST_BEFORE, (day - start).days // 7)),
        max(0, min(MOST_AFTER, (stop - day).days // 7)),
        before_cut,
        after_cut,
    )


def effect_of(comparison: Comparison, level: float) -> ShareEffect:
    """Estimate the effect in a comparison."""
    weeks = comparison.weeks
    return share_effect(weeks["treated"], weeks["control"], weeks["changed"], level)


def _records(tweaks: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(name): value for name, value in row.items()} for row in tweaks.to_dict("records")]


def _groups(tweaks: pd.DataFrame) -> list[str]:
    channel = "no campaign (" + tweaks["channel"].astype(object).fillna("other").astype(str) + ")"
    return [str(group) for group in tweaks["campaign"].astype(object).fillna(channel)]


def _judge(
    log: Log,
    row: dict[str, object],
    tweaks: pd.DataFrame,
    regimes: pd.DataFrame,
    spend: pd.DataFrame,
    settings: Settings,
    outcome: Outcome,
) -> Verdict:
    day = row["date"]
    assert isinstance(day, dt.date)
    treated = _groups(pd.DataFrame([row]))[0]
    blank = _blank(row, treated, day)
    if log.first is None or not log.first <= day <= (log.last or day):
        return _refused(blank, "log", f"The log has no calls on both sides of {day}.")
    window = window_of(log, treated, day, tweaks, regimes)
    short = _too_short(window)
    if short:
        return _refused(blank, "weeks", short)
    span = (day - dt.timedelta(weeks=window.before), day + dt.timedelta(weeks=window.after))
    touched = frozenset(
        group
        for group, date in zip(_groups(tweaks), tweaks["date"], strict=True)
        if span[0] < date < span[1]
    )
    comparison = compare(
        log,
        treated,
        day,
        before=window.before,
        after=window.after,
        touched=touched,
        outcome=outcome,
    )
    blank = replace(blank, weeks=comparison.weeks, control=comparison.control)
    return _estimate(blank, comparison, window, spend, settings)


def _too_short(window: Window) -> str:
    sides = []
    if window.before < FEWEST_WEEKS:
        sides.append(f"{_weeks(window.before)} before it (back to {window.before_cut})")
    if window.after < FEWEST_WEEKS:
        sides.append(f"{_weeks(window.after)} after it (up to {window.after_cut})")
    if not sides:
        return ""
    return (
        f"There is data for only {' and '.join(sides)}; it takes {FEWEST_WEEKS} on each side. "
        "Weeks beyond a "
        "change of definition would measure the definition."
    )


def _estimate(
    blank: Verdict,
    comparison: Comparison,
    window: Window,
    spend: pd.DataFrame,
    settings: Settings,
) -> Verdict:
    if not comparison.control:
        why = (
            "Every other campaign was changed too or fell silent"
            if comparison.dropped
            else ("There is no other campaign")
        )
        return _refused(
            blank,
            "control",
            f"{why}, so nothing shows what would have happened anyway: a single series cannot "
            "tell a "
            "change from the season.",
        )
    weeks = comparison.weeks
    if comparison.before < FEWEST_WEEKS or comparison.after < FEWEST_WEEKS:
        return _refused(blank, "weeks", "Too many of the weeks around it lack days of data.")
    on = weeks["changed"].to_numpy(dtype=bool)
    treated, control = (weeks[name].to_numpy(dtype=int) for name in ("treated", "control"))
    before = int(treated[~on].sum()), int(control[~on].sum())
    after = int(treated[on].sum()), int(control[on].sum())
    if min(*before, *after) < FEWEST_CALLERS:
        return _refused(
            blank,
            "callers",
            f"Too few to say: {before[0]} callers before and {after[0]} after, {before[1]} and "
            f"{after[1]} in the control; it takes {FEWEST_CALLERS} in each.",
        )
    effect = effect_of(comparison, settings.evidence.level)
    ratio, low, high = float(effect.ratio), float(effect.low), float(effect.high)
    seen = float(after[0])
    power = stats.t.isf(0.025, effect.df) + stats.t.isf(1 - _POWER, effect.df)
    checks = (
        Check(
            "control",
            True,
            f"Compared with {words.listed(list(comparison.control), 8)}, over {comparison.before} "
            "weeks "
            f"before (back to {window.before_cut}) and {comparison.after} after (up to "
            f"{window.after_cut})."
            + (
                f" Not used: {words.listed(list(comparison.dropped), 8)}."
                if comparison.dropped
                else ""
            ),
        ),
        _parallel(weeks),
        _placebo(weeks),
        _scatter(effect),
        *_spend_check(spend, blank),
    )
    return replace(
        blank,
        ratio=ratio,
        low=low,
        high=high,
        p_value=float(effect.p_value),
        extra=seen * (1 - 1 / ratio),
        extra_low=seen * (1 - 1 / low),
        extra_high=seen * (1 - 1 / high),
        detectable=float(np.expm1(power * float(effect.error))),
        checks=checks,
    )


def _parallel(weeks: pd.DataFrame) -> Check:
    """Ask whether the treated share was already moving before the change."""
    before = weeks[~weeks["changed"]]
    if len(before) < 2 * FEWEST_WEEKS:
        return Check(
            "no trend before", None, f"{len(before)} weeks before are too few to see a trend."
        )
    p_value = trend_before(before["treated"].to_numpy(float), before["control"].to_numpy(float))
    moving = bool(p_value < _TREND_ALARM)
    return Check(
        "no trend before",
        not moving,
        "The campaign was already gaining or losing against the control before the change, so the "
        "difference may be that trend."
        if moving
        else f"Before the change the campaign and the control moved alike (p = {p_value:.2f}).",
    )


def trend_before(treated: np.ndarray, control: np.ndarray) -> float:
    """Return the p-value of a drift of the treated share over blocks of time.

    Weighted least squares of the share on time; its own dispersion, widened for the
    correlation of neighbouring residuals, and t.
    """
    n = treated + control
    used = n > 0
    share, weight = treated[used] / n[used], n[used]
    time = np.flatnonzero(used).astype(float)
    time -= np.average(time, weights=weight)
    mean = np.average(share, weights=weight)
    slope = np.sum(weight * time * share) / np.sum(weight * time**2)
    residual = share - mean - slope * time
    df = int(used.sum()) - 2
    scaled = np.sqrt(weight) * residual
    squares = float(scaled @ scaled)
    raw = float(scaled[1:] @ scaled[:-1]) / squares if squares > 0 else 0.0
    widened = squares / df * (1 + 2 * float(np.clip(raw + 2 / len(scaled), 0, 0.8)))
    scale = max(widened, float(mean * (1 - mean)))
    error = np.sqrt(scale / np.sum(weight * time**2))
    return float(2 * stats.t.sf(abs(slope) / error, df)) if error > 0 else 1.0


def _placebo(weeks: pd.DataFrame) -> Check:
    """Ask the same question of dates on which nothing was changed."""
    before = weeks[~weeks["changed"]]
    places = range(FEWEST_WEEKS, len(before) - FEWEST_WEEKS + 1)
    if len(places) < 4:
        return Check(
            "placebo dates", None, "Too few weeks before for dates on which nothing happened."
        )
    alarms = sum(
        float(
            share_effect(
                before["treated"], before["control"], np.arange(len(before)) >= place
            ).p_value
        )
        < 0.05
        for place in places
    )
    return Check(
        "placebo dates",
        bool(alarms <= _PLACEBO_SHARE * len(places)),
        f"At {alarms} of {len(places)} earlier dates, on which nothing was changed, the same sum "
        "would have shown an effect.",
    )


def _scatter(effect: ShareEffect) -> Check:
    return Check(
        "scatter",
        None,
        f"The campaign's share scatters {float(effect.dispersion):.1f} times as much from week to "
        "week "
        f"as chance alone would make it (Pearson's X² over {effect.df}), with a correlation of "
        f"{float(effect.correlation):.1f} between neighbours; the range is widened for both.",
    )


def _spend_check(spend: pd.DataFrame, verdict: Verdict) -> tuple[Check, ...]:
    """Ask whether the money changed along with the tweak."""
    own = spend[spend["campaign"] == verdict.campaign]
    if own.empty or verdict.weeks.empty:
        return ()
    start = verdict.weeks["week"].iloc[0].date()
    stop = (verdict.weeks["week"].iloc[-1] + pd.Timedelta(days=6)).date()
    day = own["date"].astype("datetime64[s]").dt.date
    daily = own["cost"].astype("float64") / own["days"].astype("float64")
    before = daily[(day >= start) & (day < verdict.date)].mean()
    after = daily[(day >= verdict.date) & (day <= stop)].mean()
    if not before > 0 or not after > 0:
        return ()
    steady = bool(0.75 < after / before < 1.33)
    return (
        Check(
            "steady spend",
            steady,
            f"Spend on the campaign went from {before:,.2f} to {after:,.2f} a day"
            + ("." if steady else ", so what changed may be the money and not the tweak."),
        ),
    )


def _value_per_caller(
    calls: pd.DataFrame, outcomes: pd.DataFrame, settings: Settings
) -> tuple[float, float, float]:
    """Revenue per person who called, over the whole log; NaN where too few sales."""
    counted = counted_calls(calls, settings)
    if counted.empty or outcomes.empty:
        return np.nan, np.nan, np.nan
    whole = Period(counted["local"].min().date(), counted["local"].max().date())
    each = sales_in(outcomes, counted, settings, whole).rows.groupby("person")["value"].sum()
    if len(each) < FEWEST_SALES:
        return np.nan, np.nan, np.nan
    people = counted["person"].nunique()
    low, high = evidence.total_interval(
        each.sum(), (each**2).sum(), each.max(), settings.evidence.level
    )
    return float(each.sum()) / people, float(low) / people, float(high) / people


def _priced(verdict: Verdict, value: tuple[float, float, float]) -> Verdict:
    """Turn callers into money; each end is taken at the end of the value that widens it."""
    usual, least, most = value
    return replace(
        verdict,
        money=verdict.extra * usual,
        money_low=verdict.extra_low * (least if verdict.extra_low > 0 else most),
        money_high=verdict.extra_high * (most if verdict.extra_high > 0 else least),
    )


def _worded(verdict: Verdict, settings: Settings) -> Verdict:
    """Decide on the word, and write the sentence."""
    if np.isnan(verdict.ratio):
        return verdict
    failed = [check.name for check in verdict.checks if check.passed is False]
    sure = verdict.p_adjusted < 1 - settings.evidence.level
    word: Word = "can't tell"
    if sure and not failed:
        word = "helped" if verdict.ratio > 1 else "hurt"
    elif not sure and _SAME[0] < verdict.low and verdict.high < _SAME[1]:
        word = "no sign of change"
    return replace(verdict, word=word, text=_sentence(verdict, word, failed, settings, sure=sure))


def _sentence(
    verdict: Verdict,
    word: Word,
    failed: list[str],
    settings: Settings,
    *,
    sure: bool,
) -> str:
    name = f"{verdict.campaign}, {verdict.date:%d %b %Y} ({verdict.changed})"
    ends = f"{_signed(verdict.low)} to {_signed(verdict.high)} callers"
    worth = ""
    if np.isfinite(verdict.money_low):
        currency = settings.business.currency
        worth = (
            f", or {words.money(verdict.money_low, currency)} to "
            f"{words.money(verdict.money_high, currency)}"
        )
    amount = (
        f"{words.number(verdict.extra_low)} to {words.number(verdict.extra_high)} callers in these "
        f"weeks{worth}"
    )
    if word in ("helped", "hurt"):
        return f"{name}: it {word}. {_signed(verdict.ratio)}, range {ends}; {amount}."
    if word == "no sign of change":
        return f"{name}: no sign of change; the range is {ends}."
    why = "the range holds both gain and loss"
    if failed:
        why = f"the check {words.listed(failed)} failed"
    elif verdict.low > 1 or verdict.high < 1:
        why = "after correcting for the number of tweaks judged it may be chance"
    if sure and failed:
        why += ", although the figures moved"
    return (
        f"{name}: can't tell, since {why}: {ends}. These weeks would have shown a change of about "
        f"{verdict.detectable:+.0%} in four cases of five."
    )


def _in_words(verdicts: tuple[Verdict, ...], family: evidence.Corrected) -> str:
    if not verdicts:
        return (
            "No tweaks are on record. Write them into tweaks.csv: date, campaign, what was changed."
        )
    lines = [verdict.text for verdict in verdicts]
    if family.tests > 1:
        lines.append(
            f"{family.tests} tweaks were judged; p-values are corrected ({family.method})."
        )
    return "\n\n".join(lines)


def _blank(row: dict[str, object], treated: str, day: dt.date) -> Verdict:
    nan = np.nan
    empty = pd.DataFrame({"week": [], "treated": [], "control": [], "changed": []})
    return Verdict(
        str(row.get("tweak_id", "")), treated, str(row.get("changed", "")), day, "can't tell",
        nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, empty, (), (), "",
    )  # fmt: skip


def _refused(blank: Verdict, name: str, why: str) -> Verdict:
    head = f"{blank.campaign}, {blank.date:%d %b %Y} ({blank.changed})"
    return replace(blank, checks=(Check(name, False, why),), text=f"{head}: can't tell. {why}")


def _weeks(count: int) -> str:
    return f"{count} whole week{'' if count == 1 else 's'}"


def _signed(ratio: float) -> str:
    return f"{ratio - 1:+.0%}"


def _change(verdict: Verdict) -> str:
    if np.isnan(verdict.ratio):
        return "-"
    return f"{_signed(verdict.ratio)} ({_signed(verdict.low)} to {_signed(verdict.high)})"


def _with_range(value: float, low: float, high: float, write: object) -> str:
    assert callable(write)
    if np.isnan(low) or np.isnan(high):
        return "-"
    return f"{write(value)} ({write(low)} to {write(high)})"
