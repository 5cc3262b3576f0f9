"""Hits and cases of a promise, counted over the runs of a simulation."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import pandas as pd


@dataclass
class Tally:
    """Hits, and cases that were decided, of one promise; undecided ones are counted too."""

    hits: float = 0
    decided: int = 0
    cases: int = 0
    clusters: list[float] = field(default_factory=list)

    def add(self, hit: object, decided: object = None) -> None:
        """Add one run's answers."""
        answers = np.atleast_1d(np.asarray(hit, dtype=float))
        known = np.ones(answers.shape, bool)
        if decided is not None:
            known = np.atleast_1d(np.asarray(decided, dtype=bool))
        self.cases += answers.size
        self.decided += int(known.sum())
        self.hits += float(answers[known].sum())
        if known.any():
            self.clusters.append(float(answers[known].mean()))

    def add_all(self, hits: np.ndarray, decided: np.ndarray) -> None:
        """Add one answer of each of many runs."""
        self.cases += hits.size
        self.decided += int(decided.sum())
        self.hits += float(hits[decided].sum())
        self.clusters += hits[decided].astype(float).tolist()

    def merge(self, other: Tally) -> None:
        """Take in what another process counted."""
        self.hits += other.hits
        self.decided += other.decided
        self.cases += other.cases
        self.clusters += other.clusters

    @property
    def rate(self) -> float:
        """Share of decided cases that hit."""
        return self.hits / self.decided if self.decided else float("nan")

    @property
    def error(self) -> float:
        """Monte-Carlo error: over runs, since the groups of one run are not independent."""
        runs = len(self.clusters)
        return float(np.std(self.clusters) / np.sqrt(runs)) if runs > 1 else float("nan")

    def record(self) -> dict[str, float]:
        """Return the figures of one line of the tables."""
        return {
            "value": round(self.rate, 4),
            "mc_error": round(self.error, 4),
            "runs": len(self.clusters),
            "too_few_to_say": round(1 - self.decided / max(self.cases, 1), 4),
        }


@dataclass
class Book:
    """All tallies of a simulation, by what they are about."""

    alarms: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    coverage: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    power: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    power_of_peers: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    alarms_of_peers: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    coverage_of_peers: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    overstated: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    chances: dict[str, list[tuple[float, bool]]] = field(default_factory=lambda: defaultdict(list))

    def merge(self, other: Book) -> None:
        """Take in what another process counted."""
        for kind in (
            "alarms", "coverage", "power", "power_of_peers", "alarms_of_peers", "coverage_of_peers",
        ):  # fmt: skip
            for name, tally in getattr(other, kind).items():
                getattr(self, kind)[name].merge(tally)
        for name, pairs in other.chances.items():
            self.chances[name] += pairs
        for name, ratios in other.overstated.items():
            self.overstated[name] += ratios

    def calibration(self) -> pd.DataFrame:
        """Set chances that were said beside how often what they promise happened.

        Returns
        -------
        pandas.DataFrame
            ``chance`` (what it is of), ``from``, ``to`` (a fifth of the scale), ``cases``,
            ``said``, ``happened``, ``mc_error``.
        """
        rows = []
        for name, pairs in self.chances.items():
            said = np.array([pair[0] for pair in pairs])
            happened = np.array([pair[1] for pair in pairs], dtype=float)
            place = np.minimum((said * 5).astype(int), 4)
            for fifth in np.unique(place):
                here = place == fifth
                share = happened[here].mean()
                rows.append(
                    {
                        "chance": name,
                        "from": fifth / 5,
                        "to": (fifth + 1) / 5,
                        "cases": int(here.sum()),
                        "said": round(float(said[here].mean()), 3),
                        "happened": round(float(share), 3),
                        "mc_error": round(float(np.sqrt(share * (1 - share) / here.sum())), 3),
                    }
                )
        return pd.DataFrame(rows)
