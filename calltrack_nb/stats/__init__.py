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
from calltrack_nb.stats.shares import (
    PairedEffect,
    ShareEffect,
    explained,
    lasting_share,
    paired_effect,
    share_effect,
)
from calltrack_nb.stats.shrinkage import Shrunken, shrunken_counts, shrunken_rates
from calltrack_nb.stats.tails import reaching, share_above, silence_weight

__all__ = [
    "Bounds",
    "CheckedShare",
    "Corrected",
    "CountFit",
    "PairedEffect",
    "ShareEffect",
    "Shrunken",
    "checked_recall",
    "checked_share",
    "clustering",
    "corrected",
    "cost_per",
    "explained",
    "fit_counts",
    "lasting_dispersion",
    "lasting_share",
    "paired_effect",
    "pearson_dispersion",
    "poisson_interval",
    "product",
    "rate_dispersion",
    "ratio",
    "reaching",
    "share_above",
    "share_dispersion",
    "share_effect",
    "shrunken_counts",
    "shrunken_rates",
    "silence_weight",
    "steady_dispersion",
    "total_interval",
    "wilson",
]

__getattr__ = old_names(__name__, "calltrack_nb.results")
