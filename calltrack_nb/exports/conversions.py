"""Every conversion there is to report, with the call or form and the click it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.calls import AMBIGUOUS, NAMED, calls_of_orders, counted, known_person, latest
from calltrack_nb.exports.hashing import plain_addresses
from calltrack_nb.phrasing import agree, plural
from calltrack_nb.settings import Settings

_SAME_CALL: Final = pd.Timedelta(seconds=90)
_COLUMNS: Final = (
    "call_id", "order_id", "caller_number", "email", "started_at", "click_id", "channel",
    "forwarded", "kind", "conversion", "at", "value", "currency", "untied",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conversion:
    """The names of the conversion actions, as they are set up in the advertising system.

    Parameters
    ----------
    qualified : str
        For a qualified call; empty leaves these out.
    won : str
        For an order won; empty leaves these out.
    form : str
        For a form that was sent after a click on an ad; empty leaves these out.
    """

    qualified: str = "Qualified call"
    won: str = "Order"
    form: str = ""


def conversions(
    calls: pd.DataFrame,
    provider_calls: pd.DataFrame,
    outcomes: pd.DataFrame,
    leads: pd.DataFrame | None,
    settings: Settings,
    conversion: Conversion,
) -> pd.DataFrame:
    """List the qualified calls, the orders won and the forms that a platform may hear of.

    Parameters
    ----------
    calls, provider_calls, outcomes : pandas.DataFrame
        The canonical tables.
    leads : pandas.DataFrame, optional
        The table of forms and messages.
    settings : Settings
        The qualified-call rule.
    conversion : Conversion
        Names of the conversion actions.

    Returns
    -------
    pandas.DataFrame
        ``call_id`` (of the call, else of the order or form), ``order_id`` (of the
        conversion itself), ``caller_number``, ``email``, ``started_at``, ``click_id``,
        ``channel``, ``forwarded`` (bool: through a Google forwarding number), ``kind``
        (``qualified``, ``won`` or ``form``), ``conversion``, ``at``, ``value`` (NaN where
        nobody said what it is worth), ``currency``, ``untied`` (why an order is tied to no
        call or form; empty otherwise); one row per conversion.
    """
    known = calls[["call_id", "caller_number", "duration_s", "click_id", "channel", "started_at"]]
    known = known.assign(forwarded=_forwarded(known, provider_calls))
    kept = counted(calls, settings)
    forms = schema.empty("leads") if leads is None else leads
    forms = forms.assign(person=known_person(forms)).sort_values("created_at")
    parts = [
        part.assign(kind=kind, conversion=name, untied=part.get("untied", ""))
        for part, kind, name in (
            (_qualified(kept, known), "qualified", conversion.qualified),
            (_won(outcomes, kept, known, forms, settings), "won", conversion.won),
            (_forms(forms), "form", conversion.form),
        )
        if name and len(part)
    ]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in _COLUMNS})
    found = pd.concat(
        [part[list(_COLUMNS)].astype({"currency": object, "email": object}) for part in parts],
        ignore_index=True,
    )
    return found.astype({"value": "float64"})


def untied_in_words(found: pd.DataFrame) -> str:
    """Say which orders no call or form is known for, so that no platform can be told.

    Parameters
    ----------
    found : pandas.DataFrame
        From :func:`conversions`.

    Returns
    -------
    str
        A sentence, or nothing.

    Examples
    --------
    >>> untied_in_words(pd.DataFrame({"untied": ["", "no call from that caller"]}))
    '1 order is tied to no call or form and left out (1 no call from that caller).'
    """
    reasons = found.loc[found["untied"].ne(""), "untied"].value_counts()
    if reasons.empty:
        return ""
    count = int(reasons.sum())
    listed = ", ".join(f"{number} {why}" for why, number in reasons.items())
    return (
        f"{plural(count, 'order')} {agree(count, 'is')} tied to no call or form and left out "
        f"({listed})."
    )


def click_kind(rows: pd.DataFrame) -> pd.Series:
    """Return the kind of each row's click id (``gclid``, ``msclkid``, …); empty for none."""
    return _clicks(rows).str[0].fillna("")


def click_value(rows: pd.DataFrame) -> pd.Series:
    """Return each row's click id without its kind."""
    return _clicks(rows).str[1].astype(object).fillna("")


def _clicks(rows: pd.DataFrame) -> pd.Series:
    return rows["click_id"].astype(object).fillna("").astype(str).str.split(":", n=1)


def _qualified(kept: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    calls = kept.loc[kept["qualified"], ["call_id"]].merge(known, on="call_id")
    lasted = pd.to_timedelta(calls["duration_s"].fillna(0), unit="s")
    return calls.assign(
        order_id=calls["call_id"],
        email=None,
        at=calls["started_at"] + lasted,
        value=float("nan"),
        currency=None,
    )


def _forms(forms: pd.DataFrame) -> pd.DataFrame:
    """Take the forms with a click id but those that were found to be no lead."""
    sent = forms[
        (forms["kind"] == "form")
        & forms["click_id"].notna()
        & (forms["lead_status"] != "not_qualified")
    ]
    return sent.assign(
        call_id=sent["lead_id"],
        order_id=sent["lead_id"],
        started_at=sent["created_at"],
        at=sent["created_at"],
        forwarded=False,
        value=sent["value"].astype("float64"),
    )


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


def _won(
    outcomes: pd.DataFrame,
    kept: pd.DataFrame,
    known: pd.DataFrame,
    forms: pd.DataFrame,
    settings: Settings,
) -> pd.DataFrame:
    """Tie each order won to its call: of those that may be it, the last that an ad brought.

    An order without a call is tied to the first form of the same person or address. One of
    the day of its call, of which only the day is known, is dated to the call's end.
    """
    won = outcomes[outcomes["stage"] == "won"].reset_index(drop=True)
    orders = pd.DataFrame(
        {
            "order_id": won["outcome_id"],
            **_calls_of(won, kept, known, settings),
            "own_number": won["caller_number"],
            "email": won["email"],
            "person": known_person(won),
            "at": won["closed_at"],
            "value": won["value"].astype("float64"),
            "currency": won["currency"].astype(object),
            "own_click": won["click_id"],
        }
    )
    tied = orders.merge(known, on="call_id", how="left")
    without = tied["call_id"].isna()
    lead = _form_of(tied, forms).mask(~without | tied["tie"].isin(AMBIGUOUS))
    form = forms.set_index("lead_id").reindex(lead).set_axis(tied.index)
    tied["started_at"] = tied["started_at"].where(~without, form["created_at"])
    begins, last = tied["started_at"], latest(tied["at"], settings.business.timezone)
    ends = begins + pd.to_timedelta(tied["duration_s"].fillna(0), unit="s")
    tied["at"] = tied["at"].where(~((tied["at"] < begins) & (begins <= last)), ends)
    tied["channel"] = tied["channel"].astype(object).where(~without, form["channel"])
    tied["click_id"] = tied["own_click"].fillna(tied["click_id"]).fillna(form["click_id"])
    tied["untied"] = tied["tie"].mask(~without | lead.notna() | tied["click_id"].notna(), "")
    tied["caller_number"] = tied["caller_number"].fillna(tied["own_number"])
    tied["forwarded"] = tied["forwarded"].fillna(value=False).astype(bool)
    tied["call_id"] = tied["call_id"].fillna(tied["order_id"])
    return tied


def _calls_of(
    won: pd.DataFrame, kept: pd.DataFrame, known: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Return the call of each order and how it is tied; none where several clicks may be it."""
    zone = settings.business.timezone
    forwarded = kept["call_id"].isin(known.loc[known["forwarded"], "call_id"])
    by_ad = kept[kept["click_id"].notna() | forwarded]
    any_call = calls_of_orders(won, kept, zone)
    of_ad = calls_of_orders(won.assign(call_id=None), by_ad, zone, ("click_id",))
    ad_first = of_ad["call_id"].notna() | of_ad["tie"].isin(AMBIGUOUS)
    return any_call.mask(ad_first & any_call["tie"].ne(NAMED), of_ad)


def _form_of(orders: pd.DataFrame, forms: pd.DataFrame) -> pd.Series:
    """Return the first form of each order's person, else of its e-mail address."""
    by_person = forms.dropna(subset="person").drop_duplicates("person").set_index("person")
    written = _addresses(forms["email"]).rename("address")
    by_address = forms[["lead_id"]].join(written, how="right").drop_duplicates("address")
    first = by_address.set_index("address")["lead_id"]
    theirs = _addresses(orders["email"]).map(first).dropna().groupby(level=0).first()
    found = orders["person"].astype(object).map(by_person["lead_id"]).astype(object)
    return found.fillna(theirs.astype(object))


def _addresses(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Return each address of some cells, under the index of its cell."""
    return cells.dropna().astype(object).map(plain_addresses).explode().dropna()
