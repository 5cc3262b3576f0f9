"""The reasons for which Google Ads' templates refuse rows."""

from __future__ import annotations

from typing import Final

import pandas as pd

from calltrack_nb.exports.conversions import click_kind, click_value
from calltrack_nb.exports.refusals import OLDEST, Problem, first_refusals, usable_click, worth

CLICK_KINDS: Final = {"gclid": "Google Click ID", "gbraid": "GBRAID", "wbraid": "WBRAID"}

_TOO_RECENT: Final = pd.Timedelta(hours=12)


def checked(candidates: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Hold every row against Google's refusals; the first that applies is named.

    Parameters
    ----------
    candidates : pandas.DataFrame
        From :func:`~calltrack_nb.exports.conversions.conversions`.
    now : pandas.Timestamp
        The time of the export, with a zone.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``code`` (Google's name of the refusal) and ``reason``, both
        empty for rows that would be taken; ``forwarded`` is False for a forwarded call
        whose number is withheld, which can still go by its click.
    """
    forwarded = candidates["forwarded"].astype(bool)
    kind, value = click_kind(candidates), click_value(candidates)
    clicked = kind.isin(list(CLICK_KINDS)) & usable_click(value)
    started = pd.to_datetime(candidates["started_at"], utc=True)
    at = pd.to_datetime(candidates["at"], utc=True)
    by_call = forwarded & candidates["caller_number"].notna()
    # A forwarded call whose number is withheld can still go by its click.
    rows = candidates.assign(forwarded=by_call)
    key = pd.DataFrame(
        {
            "who": rows["caller_number"].where(by_call, rows["click_id"]),
            "call": started.where(by_call),
            "conversion": rows["conversion"],
            "at": at.dt.floor("s"),
        }
    )
    problems: list[Problem] = [
        (
            forwarded & ~by_call & ~clicked,
            "UNPARSEABLE_CALLERS_PHONE_NUMBER",
            "The caller withheld the number and there is no click id.",
        ),
        (
            ~forwarded & ~clicked & (kind != ""),
            "UNPARSEABLE_GCLID",
            "The click id belongs to another platform, or is not in Google's form.",
        ),
        (
            ~forwarded & ~clicked,
            "INVALID_CALL",
            "The call did not go through a Google forwarding number and has no click id.",
        ),
        (
            started.isna() & by_call,
            "INVALID_CALL",
            "The call's start is not known.",
        ),
        (at > now, "FUTURE_CONVERSION_TIME", "The conversion lies in the future."),
        (started > now, "FUTURE_CALL_START_TIME", "The call lies in the future."),
        (at < started, "CONVERSION_PRECEDES_CALL", "The conversion is dated before the call."),
        (
            started < now - OLDEST,
            "EXPIRED_CALL",
            f"The call or form is more than {OLDEST.days} days old.",
        ),
        (
            started > now - _TOO_RECENT,
            "TOO_RECENT_CALL",
            "The call or form is less than 12 hours old; export again later.",
        ),
        *worth(rows),
        (
            key.duplicated(),
            "DUPLICATE",
            "The same conversion of the same call is in the file already.",
        ),
    ]
    return first_refusals(rows, problems)
