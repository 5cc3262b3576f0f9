"""How often a share corrected by checked calls is right, and how long its range is.

A workspace is simulated with several kinds of findings: base rates of .02 to .6, a machine of
recall .5 to .95 and precision .5 to .95 of each, 200 to 3,000 calls. Calls are drawn as
``calltrack review`` draws them, and 30 to 200 are checked. The range must hold the share among
all calls of the workspace, and be shorter than that of the checked calls alone. Peers on the
same workspaces: prediction-powered inference with its normal interval, Rogan and Gladen's
estimator, and the machine's own count with Wilson's interval.

With ``--labelled FILE`` the machine and the truth are real: JSON lines of ``turns`` (``speaker``,
``text``) and ``outcome``. What findings hear in them is the machine's word, the label the
truth, and the lot is drawn again in each run.

Run it with ``python -m benchmarks corrected --runs 1000``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from benchmarks._tally import Tally
from calltrack_nb import schema
from calltrack_nb.checking import DRAWN, Check, Checked, draw_calls
from calltrack_nb.findings import find_findings, read_patterns
from calltrack_nb.stats import CheckedShare, checked_share, wilson

LEVEL = 0.95
BASES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.6)
SAMPLES = (30, 50, 100, 200)
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Shop:
    """A workspace: what is true of each call, what the machine says, what is checked.

    Parameters
    ----------
    true, marked : dict of str to numpy.ndarray of bool, shape (calls,)
        By kind.
    sample : int
        How many calls are checked.
    number : int
        Decides the lot.
    """

    def __init__(
        self,
        true: dict[str, np.ndarray],
        marked: dict[str, np.ndarray],
        sample: int,
        number: int,
    ) -> None:
        self.kinds = tuple(true)
        self.true, self.marked, self.sample = true, marked, sample
        self.calls = len(next(iter(true.values())))
        ids = [f"{number}-{call}" for call in range(self.calls)]
        marks = {
            call_id: {kind for kind in self.kinds if self.marked[kind][at]}
            for at, call_id in enumerate(ids)
        }
        draw = draw_calls(marks, ids, f"seed {number}")
        place = {call_id: at for at, call_id in enumerate(ids)}
        chosen = draw.order()[: self.sample]
        self.checked_at = [place[call_id] for call_id in chosen]
        self.rare = np.array([draw.strata[call_id] == "rare" for call_id in ids])
        asked = frozenset(self.kinds)
        self.checked = Checked(
            frozenset(ids),
            marks,
            tuple(
                Check(
                    call_id,
                    "one",
                    NOW,
                    DRAWN,
                    frozenset(kind for kind in self.kinds if self.true[kind][place[call_id]]),
                    asked,
                )
                for call_id in chosen
            ),
            draw,
        )

    def cells(self, kind: str, *, by_mark: bool) -> Iterator[tuple[int, int, int]]:
        """Yield calls, checked and true of each stratum, parted by the machine's mark or not."""
        seen = np.zeros(self.calls, bool)
        seen[self.checked_at] = True
        for stratum in (self.rare, ~self.rare):
            for mark in (self.marked[kind], ~self.marked[kind]) if by_mark else (True,):
                cell = stratum & mark
                yield (
                    int(cell.sum()),
                    int((cell & seen).sum()),
                    int((cell & seen & self.true[kind]).sum()),
                )


def simulated(rng: np.random.Generator, number: int) -> Shop:
    """Simulate a workspace with a kind of each base rate."""
    calls = round(np.exp(rng.uniform(np.log(200), np.log(3000))))
    true, marked = {}, {}
    for base in rng.permutation(BASES):
        recall, precision = rng.uniform(0.5, 0.95, 2)
        wrong = min(base * recall * (1 - precision) / precision / (1 - base), 1)
        kind = f"finding:{base:g}"
        true[kind] = rng.random(calls) < base
        marked[kind] = rng.random(calls) < np.where(true[kind], recall, wrong)
    return Shop(true, marked, int(rng.choice(SAMPLES)), number)


def labelled(path: Path) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return by kind in which conversations it is true, and in which findings hear it."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    said = pd.DataFrame(
        {
            "account": "main",
            "call_id": str(number),
            "turn": turn,
            "speaker": each["speaker"],
            "text": each["text"],
            "redacted_text": each["text"],
        }
        for number, row in enumerate(rows)
        for turn, each in enumerate(row["turns"])
    )
    found = find_findings(schema.conform(said, "utterances"), read_patterns())
    found = found[found["family"] == "outcome"]
    marked, true = {}, {}
    for outcome in sorted({*found["kind"], *(row["outcome"] for row in rows)}):
        heard = {int(call_id) for call_id in found[found["kind"] == outcome]["call_id"]}
        kind = f"outcome:{outcome}"
        marked[kind] = np.array([number in heard for number in range(len(rows))])
        true[kind] = np.array([row["outcome"] == outcome for row in rows])
    return true, marked


def alone(shop: Shop, kind: str) -> CheckedShare:
    """Estimate from the checked calls only, without the machine."""
    calls, checked, true = zip(*shop.cells(kind, by_mark=False), strict=True)
    return checked_share(calls, checked, true, LEVEL)


def powered(shop: Shop, kind: str) -> CheckedShare:
    """Estimate as PPI++ does, with an interval from the normal distribution."""
    z = stats.norm.isf((1 - LEVEL) / 2)
    estimate = variance = 0.0
    for calls, checked, true in shop.cells(kind, by_mark=True):
        weight = calls / shop.calls
        share = true / checked if checked else 0.5
        spread = share * (1 - share) / max(checked - 1, 1) if checked else 0.25
        estimate += weight * share
        variance += weight**2 * spread * (1 - checked / max(calls, 1))
    reach = z * np.sqrt(variance)
    return CheckedShare(estimate, estimate - reach, estimate + reach)


def rogan_gladen(shop: Shop, kind: str) -> CheckedShare:
    """Invert the confusion matrix of the checked calls; its variance by the delta method.

    Rogan and Gladen 1978, Estimating prevalence from the results of a screening test,
    American Journal of Epidemiology 107, 71-76.
    """
    true = shop.true[kind][shop.checked_at]
    marked = shop.marked[kind][shop.checked_at]
    rate = shop.marked[kind].mean()
    if not true.any() or true.all():
        return CheckedShare(np.nan, 0.0, 1.0)
    hit, false = marked[true].mean(), marked[~true].mean()
    if hit <= false:
        return CheckedShare(np.nan, 0.0, 1.0)
    share = (rate - false) / (hit - false)
    variance = (
        rate * (1 - rate) / shop.calls
        + share**2 * hit * (1 - hit) / true.sum()
        + (1 - share) ** 2 * false * (1 - false) / (~true).sum()
    ) / (hit - false) ** 2
    reach = stats.norm.isf((1 - LEVEL) / 2) * np.sqrt(variance)
    return CheckedShare(*(float(np.clip(x, 0, 1)) for x in (share, share - reach, share + reach)))


def counted(shop: Shop, kind: str) -> CheckedShare:
    """Count as the machine does, with the interval for chance only."""
    hits = int(shop.marked[kind].sum())
    low, high = wilson(hits, shop.calls, LEVEL)
    return CheckedShare(hits / shop.calls, float(low), float(high))


def ours(shop: Shop, kind: str) -> CheckedShare:
    """Correct by the checked calls, as reports do."""
    return shop.checked.share(kind, LEVEL)


METHODS = {
    "corrected": ours,
    "checked calls alone": alone,
    "PPI++, normal": powered,
    "Rogan-Gladen": rogan_gladen,
    "machine's count": counted,
}


def shops(runs: int, seed: int, path: Path | None) -> Iterator[Shop]:
    """Yield simulated workspaces, or the labelled conversations with another lot each time."""
    rng = np.random.default_rng(seed)
    true, marked = labelled(path) if path else ({}, {})
    for number in range(runs):
        if path is None:
            yield simulated(rng, number)
        else:
            most = len(next(iter(true.values())))
            fitting = [size for size in SAMPLES if size <= most]
            yield Shop(true, marked, int(rng.choice(fitting)), seed * runs + number)


def measured(workspaces: Iterable[Shop]) -> dict[str, dict[str, dict[str, Tally]]]:
    """Return by method and group the tallies of coverage, length and error."""
    tallies: dict[str, dict[str, dict[str, Tally]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(Tally))
    )
    for shop in workspaces:
        for kind in shop.kinds:
            truth = float(shop.true[kind].mean())
            size = f"{shop.sample} checked"
            groups = ["all", size, kind, f"{size}, {kind}"]
            for name, method in METHODS.items():
                _add(tallies[name], groups, method(shop, kind), truth)
            hits = int((shop.true[kind] & shop.marked[kind]).sum())
            of = int(shop.marked[kind].sum()), int(shop.true[kind].sum())
            parts = (shop.checked.precision(kind, LEVEL), shop.checked.recall(kind, LEVEL))
            for name, part, total in zip(("precision", "recall"), parts, of, strict=True):
                if total and not np.isnan(part.low):
                    _add(tallies[name], groups, part, hits / total)
    return tallies


def _add(
    book: dict[str, dict[str, Tally]], groups: Sequence[str], share: CheckedShare, truth: float
) -> None:
    held = share.low - 1e-9 <= truth <= share.high + 1e-9
    for group in groups:
        book[group]["coverage"].add(held)
        book[group]["length"].add(share.high - share.low)
        if not np.isnan(share.estimate):
            book[group]["error"].add(share.estimate - truth)


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks corrected", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="simulated workspaces")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--labelled", type=Path, help="labelled conversations, JSON lines")
    options = parser.parse_args(argv)
    tallies = measured(shops(options.runs, options.seed, options.labelled))
    rows = [
        {
            "range": name,
            "group": group,
            "coverage": round(of["coverage"].rate, 3),
            "mc_error": round(of["coverage"].error, 3),
            "length": round(of["length"].rate, 3),
            "bias": round(of["error"].rate, 4),
            "cases": of["coverage"].cases,
        }
        for name, book in tallies.items()
        for group, of in book.items()
    ]
    table = pd.DataFrame(rows)
    simple = ~table["group"].str.contains(", ")
    order = ["range", "group", "coverage", "mc_error", "length", "bias", "cases"]
    print(table.loc[simple, order].sort_values(["group", "range"]).to_string(index=False))
    mine = table[table["range"] == "corrected"].set_index("group")
    lone = table[table["range"] == "checked calls alone"].set_index("group")
    worst = mine.loc[[", " in group for group in mine.index], "coverage"]
    shorter = 1 - mine["length"] / lone["length"]
    print(f"\nworst of {len(worst)} groups of sample and kind: {worst.idxmin()} {worst.min()}")
    print(
        json.dumps(
            {
                "benchmark": "corrected",
                "runs": options.runs,
                "coverage": mine.loc["all", "coverage"],
                "mc_error": mine.loc["all", "mc_error"],
                "worst_group": {worst.idxmin(): worst.min()},
                "length": mine.loc["all", "length"],
                "length_alone": lone.loc["all", "length"],
                "shorter_than_alone": round(float(shorter["all"]), 3),
                "least_shorter": {shorter.idxmin(): round(float(shorter.min()), 3)},
                "coverage_by_method": table[table["group"] == "all"]
                .set_index("range")["coverage"]
                .to_dict(),
            }
        )
    )
