"""Which calls count, and which of them are qualified.

The rule, unless the settings say otherwise: an inbound call, answered, neither spam
nor from staff, that the provider or the user marked as qualified or, where nobody
has said, that talked for at least the set time.
"""

from __future__ import annotations

import pandas as pd

from calltrack_nb.periods import Period
from calltrack_nb.settings import Settings

COLUMNS = (
    "call_id",
    "started_at",
    "channel",
    "campaign",
    "keyword",
    "landing_page",
    "tracking_number",
    "provider",
    "status",
    "purpose",
    "first_call",
    "caller_city",
    "caller_region",
)


def counted_calls(
    calls: pd.DataFrame, settings: Settings, period: Period | None = None
) -> pd.DataFrame:
    """Return the inbound calls that are neither spam nor staff, with what each came to.

    Parameters
    ----------
    calls : pandas.DataFrame
        The ``calls`` table.
    settings : Settings
        Its ``qualified`` section holds the rule.
    period : Period, optional
        Local days to keep; all of them where not given.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS` and ``person`` (:func:`who`; a caller who withheld the number is
        a person of their own), ``answered``, ``missed``, ``qualified``
        (bool), ``local`` (the start in the business's zone, naive).

    Notes
    -----
    Missed calls stay in, so that they stand in the denominator of every rate. A call
    somebody marked as qualified is not taken for spam on its score alone. One that the
    provider marks as spam is never marked as qualified: an import sees to that.
    """
    rule = settings.qualified
    keep = (calls["direction"] == "inbound").to_numpy()
    marked = (calls["lead_status"] == "qualified").to_numpy()
    spam = (calls["spam_score"].fillna(0) >= rule.spam_score_from).to_numpy(dtype=bool) & ~marked
    staff = calls["caller_number"].isin(rule.staff_numbers).to_numpy()
    keep = keep & ~spam & ~staff
    if period is not None:
        start, end = period.bounds(settings.business.timezone)
        keep = keep & ((calls["started_at"] >= start) & (calls["started_at"] < end)).to_numpy()
    kept = calls.loc[keep]
    counted = kept[list(COLUMNS)].reset_index(drop=True)
    answered = (kept["status"] == "answered").reset_index(drop=True)
    unknown = (kept["lead_status"] == "unknown").reset_index(drop=True)
    talk = kept["talk_s"].fillna(kept["duration_s"]).reset_index(drop=True)
    long_enough = (talk >= rule.min_talk_s).fillna(False)
    qualified = marked[keep] | (unknown & long_enough)
    return counted.assign(
        person=who(kept).reset_index(drop=True).fillna(counted["call_id"]),
        answered=answered,
        missed=counted["status"].isin(["missed", "abandoned", "voicemail"]),
        qualified=answered & qualified,
        local=counted["started_at"].dt.tz_convert(settings.business.timezone).dt.tz_localize(None),
    )


def who(frame: pd.DataFrame) -> pd.Series:
    """Return the caller of each row: the shared key, or the number where no key is given."""
    return frame["caller_key"].fillna(frame["caller_number"])


def rule_in_words(settings: Settings) -> str:
    """State the qualified-call rule as a sentence for the reader."""
    rule = settings.qualified
    return (
        "A qualified call is an inbound call that was answered, is neither spam nor from staff, "
        "and was marked as qualified by the provider or by you; where nobody has said, it lasted "
        f"at least {rule.min_talk_s:.0f} seconds. Its rate is over all inbound calls that are "
        "neither spam nor staff: missed calls stay in the denominator."
    )
