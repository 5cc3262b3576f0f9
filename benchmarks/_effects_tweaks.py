"""Verdicts on tweaks where the log moves by itself, beside three usual ways of judging."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from statsmodels.tsa.statespace.structural import UnobservedComponents

from benchmarks._tally import Book
from calltrack_nb import schema
from calltrack_nb.effectiveness import judge_tweaks
from calltrack_nb.effectiveness.verdicts import Verdict
from calltrack_nb.settings import Business, Settings
from tools.simulator.mechanisms import MECHANISMS, Around, calls_of, draw_log, tweak_of

NOMINAL = 0.05
SETTINGS = Settings(business=Business(timezone="UTC"))
EVERY_SIZE = ("Poisson", "own drift, AR(.95) a day")
SIZES = {"no effect": 1.0, "+30 %": 1.3, "+50 %": 1.5, "+100 %": 2.0}
MOVES_CALLS = "spillover from a sibling"
SHARE_OF_RUNS = 4
PEER_EVERY = 2
HAC_WEEKS = 4

OURS = "verdict"
PEERS = ("before/after", "interrupted series, Newey-West", "local level + control + step")


def mechanisms(runs: int, rng: np.random.Generator, book: Book) -> None:
    """Four campaigns of 20 callers a week, 26 weeks before and 8 after."""
    _judge_all(runs, rng, book, "", lambda _: Around())


def mechanisms_elsewhere(runs: int, rng: np.random.Generator, book: Book) -> None:
    """Shops of other sizes: 12 to 60 callers a week, one to six others, fewer weeks."""
    _judge_all(runs, rng, book, "elsewhere: ", _anywhere)


def _anywhere(rng: np.random.Generator) -> Around:
    return Around(
        weekly=float(np.exp(rng.uniform(np.log(12), np.log(60)))),
        controls=int(rng.integers(1, 7)),
        before=int(rng.integers(14, 33)),
        after=int(rng.integers(5, 10)),
    )


def _judge_all(
    runs: int,
    rng: np.random.Generator,
    book: Book,
    prefix: str,
    around: Callable[[np.random.Generator], Around],
) -> None:
    """Judge a quarter of the runs for each mechanism and size; each is a whole report."""
    for name, size, effect in _cases():
        for run in range(-(-runs // SHARE_OF_RUNS)):
            shape = replace(around(rng), effect=effect)
            drawn = draw_log(name, shape, rng)
            verdict = judged(calls_of(drawn, rng), tweak_of(drawn))
            said = np.isfinite(verdict.ratio)
            found = verdict.word in ("helped", "hurt")
            likely = verdict.word.startswith("looks")
            key = f"{prefix}{name}"
            if effect == 1:
                book.alarms[f"{key}: {OURS}"].add(found)
                book.alarms[f"{key}: looks like"].add(likely)
            else:
                book.power[f"{key}, {size}: {OURS}"].add(found)
                book.power[f"{key}, {size}: {OURS} or looks like"].add(found or likely)
                if found:
                    book.overstated[f"{key}, {size}: as read"].append(verdict.ratio / effect)
                    book.overstated[f"{key}, {size}: likely"].append(verdict.likely / effect)
            book.coverage[f"{key}: {OURS}"].add(verdict.low <= effect <= verdict.high, said)
            if run % PEER_EVERY == 0 and said:
                _peers(verdict, effect, key, size, book)


def _cases() -> Iterator[tuple[str, str, float]]:
    for name in MECHANISMS:
        for size, effect in SIZES.items():
            if effect == 1 or (name != MOVES_CALLS and (effect == 1.5 or name in EVERY_SIZE)):
                yield name, size, effect


def judged(calls: pd.DataFrame, tweaks: pd.DataFrame) -> Verdict:
    """Judge one tweak as the report does."""
    nothing = (schema.empty(name) for name in ("regimes", "outcomes", "spend"))
    changes, outcomes, spend = nothing
    return judge_tweaks(
        calls, tweaks, SETTINGS, definition_changes=changes, outcomes=outcomes, spend=spend
    ).verdicts[0]


def tabled(name: str) -> bool:
    """Say whether a promise stands in :func:`mechanisms_table`."""
    return name.endswith((f": {OURS}", ": looks like", f": {OURS} or looks like"))


class Told(NamedTuple):
    """What a peer says: its p-value, and its 95 % range of the ratio."""

    p_value: float
    low: float
    high: float


def _peers(verdict: Verdict, effect: float, key: str, size: str, book: Book) -> None:
    weeks = verdict.weeks
    treated, control = (weeks[name].to_numpy(float) for name in ("treated", "control"))
    on = weeks["changed"].to_numpy(bool)
    told = (
        totals(treated, on),
        interrupted(treated, weeks["place"].to_numpy(float), on),
        local_level(treated, control, on),
    )
    for peer, said in zip(PEERS, told, strict=True):
        case = key if effect == 1 else f"{key}, {size}"
        (book.alarms_of_peers if effect == 1 else book.power_of_peers)[f"{case}: {peer}"].add(
            said.p_value < NOMINAL
        )
        book.coverage_of_peers[f"{key}: {peer}"].add(said.low <= effect <= said.high)


def totals(treated: np.ndarray, on: np.ndarray) -> Told:
    """Compare the totals before and after as Poisson counts."""
    after, before = float(treated[on].sum()), float(treated[~on].sum())
    ratio = np.log(max(after, 0.5) / on.sum() * (~on).sum() / max(before, 0.5))
    return _normal(ratio, np.sqrt(1 / max(after, 0.5) + 1 / max(before, 0.5)))


def interrupted(treated: np.ndarray, place: np.ndarray, on: np.ndarray) -> Told:
    """Fit a line and a step to the log of one series, with Newey-West errors."""
    design = np.column_stack([np.ones_like(place), place, on])
    fit = sm.OLS(np.log(treated + 0.5), design).fit(
        cov_type="HAC", cov_kwds={"maxlags": HAC_WEEKS, "use_correction": True}, use_t=True
    )
    return _normal(float(fit.params[-1]), float(fit.bse[-1]), len(place) - 3)


def local_level(treated: np.ndarray, control: np.ndarray, on: np.ndarray) -> Told:
    """Fit a local level with the log of the control and a step beside it."""
    beside = np.column_stack([np.log(control + 0.5), on.astype(float)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = UnobservedComponents(np.log(treated + 0.5), "llevel", exog=beside).fit(
            disp=False, maxiter=100
        )
    return _normal(float(fit.params[-1]), float(fit.bse[-1]))


def _normal(log_ratio: float, error: float, df: float = np.inf) -> Told:
    if not np.isfinite(error) or error <= 0:
        return Told(1.0, 0.0, np.inf)
    reach = min(stats.t.isf(NOMINAL / 2, df) * error, 50.0)
    return Told(
        float(2 * stats.t.sf(abs(log_ratio) / error, df)),
        float(np.exp(log_ratio - reach)),
        float(np.exp(log_ratio + reach)),
    )


def mechanisms_table(book: Book) -> pd.DataFrame:
    """Set mechanisms in rows and ways of judging beside one another, in percent."""
    rows = []
    for prefix in ("", "elsewhere: "):
        for name in MECHANISMS:
            key = f"{prefix}{name}"
            if f"{key}: {OURS}" not in book.alarms:
                continue
            mine, cover = book.alarms[f"{key}: {OURS}"], book.coverage[f"{key}: {OURS}"]
            row: dict[str, object] = {
                "mechanism": key,
                "false %": round(100 * mine.rate, 1),
                "±": round(100 * mine.error, 1),
                "looks": round(100 * book.alarms[f"{key}: looks like"].rate, 1),
                "covers": round(cover.rate, 3),
                "± ": round(cover.error, 3),
            }
            for size in ("+30 %", "+50 %", "+100 %"):
                found = book.power.get(f"{key}, {size}: {OURS}")
                row[size] = "" if found is None else f"{found.rate:.2f}"
            for peer, short in zip(PEERS, ("totals", "ITS", "level"), strict=True):
                false = book.alarms_of_peers.get(f"{key}: {peer}")
                covers = book.coverage_of_peers.get(f"{key}: {peer}")
                found = book.power_of_peers.get(f"{key}, +50 %: {peer}")
                row[f"{short} false %"] = "" if false is None else round(100 * false.rate, 1)
                row[f"{short} covers"] = "" if covers is None else f"{covers.rate:.2f}"
                row[f"{short} +50 %"] = "" if found is None else f"{found.rate:.2f}"
            rows.append(row)
    return pd.DataFrame(rows)
