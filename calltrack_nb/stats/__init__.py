"""What every figure leans on: intervals, shrinkage, dispersion, corrections.

Nothing here knows calls or campaigns; it takes counts and gives ranges. Each
estimator's promise is checked by simulation (``python -m benchmarks effects`` and
``corrected``).
"""

from calltrack_nb._moved import old_names
from calltrack_nb.stats.checked_samples import CheckedShare, checked_recall, checked_share
from calltrack_nb.stats.corrections import Corrected, corrected
from calltrack_nb.stats.counts import CountFit, fit_counts
from calltrack_nb.stats.dispersion import (
    clustering,
    lasting_dispersion,
    pearson_dispersion,
    rate_dispersion,
    share_dispersion,
    steady_dispersion,
)
from calltrack_nb.stats.intervals import (
    Bounds,
    cost_per,
    poisson_interval,
    product,
    ratio,
    total_interval,
    wilson,
)
from calltrack_nb.stats.mixtures import NormalMixture
from calltrack_nb.stats.outlook import Outlook, outlook
from calltrack_nb.stats.shares import (
    PairedEffect,
    explained,
    paired_effect,
)
from calltrack_nb.stats.shrinkage import Shrunken, shrunken_counts, shrunken_rates
from calltrack_nb.stats.silences import (
    FEWEST_FOR_A_GAP,
    Gap,
    level_of_days,
    longest_gap,
    usual_days,
    weekday_profile,
)
from calltrack_nb.stats.step import Step, step_in_share
from calltrack_nb.stats.tails import reaching, share_above, silence_weight
from calltrack_nb.stats.truncation import quantile_by_now
from calltrack_nb.stats.wander import wander_among

__all__ = [
    "FEWEST_FOR_A_GAP",
    "Bounds",
    "CheckedShare",
    "Corrected",
    "CountFit",
    "Gap",
    "NormalMixture",
    "Outlook",
    "PairedEffect",
    "Shrunken",
    "Step",
    "checked_recall",
    "checked_share",
    "clustering",
    "corrected",
    "cost_per",
    "explained",
    "fit_counts",
    "lasting_dispersion",
    "level_of_days",
    "longest_gap",
    "outlook",
    "paired_effect",
    "pearson_dispersion",
    "poisson_interval",
    "product",
    "quantile_by_now",
    "rate_dispersion",
    "ratio",
    "reaching",
    "share_above",
    "share_dispersion",
    "shrunken_counts",
    "shrunken_rates",
    "silence_weight",
    "steady_dispersion",
    "step_in_share",
    "total_interval",
    "usual_days",
    "wander_among",
    "weekday_profile",
    "wilson",
]

__getattr__ = old_names(__name__, "calltrack_nb.results")
