"""Every conversion there is to report, with the call and the click it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from calltrack_nb.calls import counted, known_person
from calltrack_nb.settings import Settings

_SAME_CALL: Final = pd.Timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Conversion:
    """The names of the conversion actions, as they are set up in Google Ads.

    Parameters
    ----------
    qualified : str
        For a qualified call; empty leaves these out.
    won : str
        For an order won; empty leaves these out.
    """

    qualified: str = "Qualified call"
    won: str = "Order"


def conversions(
    calls: pd.DataFrame,
    provider_calls: pd.DataFrame,
    outcomes: pd.DataFrame,
    settings: Settings,
    conversion: Conversion,
) -> pd.DataFrame:
    """List the qualified calls and the orders won that Google may want to hear of.

    Parameters
    ----------
    calls, provider_calls, outcomes : pandas.DataFrame
        The canonical tables.
    settings : Settings
        The qualified-call rule and the currency.
    conversion : Conversion
        Names of the conversion actions.

    Returns
    -------
    pandas.DataFrame
        ``call_id``, ``caller_number``, ``started_at``, ``click_id``, ``channel``,
        ``forwarded`` (bool: through a Google forwarding number), ``conversion``, ``at``,
        ``value``, ``currency``; one row per conversion.
    """
    known = calls[["call_id", "caller_number", "duration_s", "click_id", "channel", "started_at"]]
    known = known.assign(forwarded=_forwarded(known, provider_calls))
    kept = counted(calls, settings)
    qualified = kept.loc[kept["qualified"], ["call_id"]].merge(known, on="call_id")
    happened = qualified["started_at"] + pd.to_timedelta(
        qualified["duration_s"].fillna(0), unit="s"
    )
    first = qualified.assign(
        conversion=conversion.qualified, at=happened, value=0.0, currency=settings.business.currency
    )
    won = _won(outcomes, kept, known).assign(conversion=conversion.won)
    won["currency"] = won["currency"].fillna(settings.business.currency)
    parts = [
        part.astype({"currency": object})
        for part, name in ((first, conversion.qualified), (won, conversion.won))
        if name and len(part)
    ]
    columns = [
        "call_id", "caller_number", "started_at", "click_id", "channel", "forwarded", "conversion",
        "at", "value", "currency",
    ]  # fmt: skip
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    found = pd.concat([part[columns] for part in parts], ignore_index=True)
    # Calls that neither came from Google nor carry a click id are nothing to Google.
    theirs = (found["channel"] == "google_ads") | found["click_id"].notna() | found["forwarded"]
    return found[theirs.to_numpy()].reset_index(drop=True)


def _forwarded(calls: pd.DataFrame, provider_calls: pd.DataFrame) -> pd.Series:
    """Say which calls Google's own report holds too, each of its rows used once."""
    google = provider_calls.loc[
        provider_calls["provider"] == "google_ads", ["started_at"]
    ].sort_values("started_at")
    google = google.assign(seen_at=google["started_at"], row=range(len(google)))
    ours = calls.loc[calls["channel"] == "google_ads", ["call_id", "started_at"]].sort_values(
        "started_at"
    )
    near = pd.merge_asof(ours, google, on="started_at", tolerance=_SAME_CALL, direction="nearest")
    near = near[near["row"].notna()]
    gap = (near["seen_at"] - near["started_at"]).abs()
    best = near.assign(gap=gap).sort_values("gap").drop_duplicates("row")
    return calls["call_id"].isin(best["call_id"])


def _won(outcomes: pd.DataFrame, kept: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Tie each order won to the first call of its caller, which is what Google dates it to."""
    won = outcomes[outcomes["stage"] == "won"]
    person = known_person(won)
    orders = pd.DataFrame(
        {
            "outcome_id": won["outcome_id"],
            "own_call": won["call_id"],
            "person": person,
            "at": won["closed_at"],
            "value": won["value"].astype("float64").fillna(0.0),
            "currency": won["currency"].astype(object),
            "own_click": won["click_id"],
        }
    )
    first = kept.sort_values("started_at").drop_duplicates("person")[["person", "call_id"]]
    tied = orders.merge(first, on="person", how="left")
    tied["call_id"] = tied["own_call"].fillna(tied["call_id"])
    tied = tied.merge(known, on="call_id", how="left")
    tied["click_id"] = tied["own_click"].fillna(tied["click_id"])
    tied["forwarded"] = tied["forwarded"].fillna(value=False).astype(bool)
    tied["call_id"] = tied["call_id"].fillna(tied["outcome_id"])
    return tied
