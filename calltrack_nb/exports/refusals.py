"""The reasons for which Google Ads refuses rows, each held against every conversion."""

from __future__ import annotations

from typing import Final

import pandas as pd

CLICK_KINDS: Final = {"gclid": "Google Click ID", "gbraid": "GBRAID", "wbraid": "WBRAID"}

_OLDEST: Final = pd.Timedelta(days=90)
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
    rows = candidates.assign(code="", reason="")
    forwarded = rows["forwarded"].astype(bool)
    kind = rows["click_id"].astype(object).fillna("").astype(str).str.split(":", n=1).str[0]
    value = rows["click_id"].astype(object).fillna("").astype(str).str.split(":", n=1).str[-1]
    # A spreadsheet would read a leading = + - @ as a formula, and no click id has one.
    clicked = kind.isin(list(CLICK_KINDS)) & value.str.fullmatch(r"\w[\w.-]*")
    started = pd.to_datetime(rows["started_at"], utc=True)
    at = pd.to_datetime(rows["at"], utc=True)
    by_call = forwarded & rows["caller_number"].notna()
    # A forwarded call whose number is withheld can still go by its click.
    rows["forwarded"] = by_call
    key = pd.DataFrame(
        {
            "who": rows["caller_number"].where(by_call, rows["click_id"]),
            "call": started.where(by_call),
            "conversion": rows["conversion"],
            "at": at.dt.floor("s"),
        }
    )
    problems: list[tuple[pd.Series, str, str]] = [
        (
            forwarded & ~by_call & ~clicked,
            "UNPARSEABLE_CALLERS_PHONE_NUMBER",
            "The caller withheld the number and there is no click id.",
        ),
        (
            ~forwarded & ~clicked & (kind != ""),
            "UNPARSEABLE_GCLID",
            "The click id is another platform's or not one that Google writes.",
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
            started < now - _OLDEST,
            "EXPIRED_CALL",
            f"The call is more than {_OLDEST.days} days old.",
        ),
        (
            started > now - _TOO_RECENT,
            "TOO_RECENT_CALL",
            "The call is less than 12 hours old; export again later.",
        ),
        (rows["value"] < 0, "INVALID_VALUE", "The value is below zero."),
        (
            ~rows["currency"].astype(str).str.fullmatch(r"[A-Z]{3}"),
            "INVALID_CURRENCY_CODE",
            "The currency is not a code of three letters.",
        ),
        (
            key.duplicated(),
            "DUPLICATE",
            "The same conversion of the same call is in the file already.",
        ),
    ]
    for problem, code, reason in problems:
        hit = problem.fillna(value=False).to_numpy(dtype=bool) & (rows["reason"] == "").to_numpy()
        rows.loc[hit, ["code", "reason"]] = [code, reason]
    return rows
