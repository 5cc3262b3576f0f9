"""A simulated shop in the shapes that call-tracking services export.

CallRail's call list, WhatConverts' leads, Google Ads' call details, and the business's
own tables, as they lie in a workspace's ``data/raw``.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tools.simulator.shop import SimulatedShop
from tools.simulator.shop_arrivals import stream

RECORDINGS_AT: Final = "https://recordings.example.com/calls/"
"""Where the simulated CallRail keeps recordings; the last segment names the file."""

_STATUS = {
    "answered": "Answered Call",
    "missed": "Missed Call",
    "abandoned": "Abandoned Call",
    "voicemail": "Voicemail",
}
_QUALIFIED = {"qualified": "Qualified Lead", "not_qualified": "Not a Lead", "unknown": ""}


def write_exports(shop: SimulatedShop, folder: Path) -> tuple[Path, ...]:
    """Write a shop's exports and own tables into a folder.

    CallRail's list comes in two files that overlap by two days, as two downloads do.

    Parameters
    ----------
    shop : SimulatedShop
        What to write.
    folder : pathlib.Path
        Where to; made where it does not exist.

    Returns
    -------
    tuple of pathlib.Path
        The files written, by name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    middle = shop.spec.first + dt.timedelta(days=shop.spec.days // 2)
    after = shop.spec.last + dt.timedelta(days=1)
    calls = callrail(shop)
    day = calls["Start Time"].str[:10]
    files = {
        f"callrail-call-list-{middle}.csv": calls[day < str(middle)],
        f"callrail-call-list-{after}.csv": calls[day >= str(middle - dt.timedelta(days=2))],
        f"whatconverts-leads-{after}.csv": whatconverts(shop),
        **_own_tables(shop),
    }
    for name, frame in files.items():
        frame.to_csv(folder / name, index=False, lineterminator="\n")
    google = folder / "google-ads-call-details.csv"
    google.write_text(google_ads(shop), encoding="utf-8", newline="")
    return tuple(sorted([*(folder / name for name in files), google]))


def callrail(shop: SimulatedShop) -> pd.DataFrame:
    """Return the shop's CallRail calls as its dashboard exports them.

    Times are the company's own and carry no offset, so they must be read with the
    zone of ``calltrack.toml``.
    """
    calls = shop.calls[shop.calls["provider"] == "callrail"]
    labels = {campaign.number: campaign.label for campaign in shop.spec.campaigns}
    return pd.DataFrame(
        {
            "Call Status": calls["status"].astype(object).map(_STATUS),
            "Direction": calls["direction"].astype(object).str.capitalize(),
            "Number Name": calls["tracking_number"].map(labels),
            "Tracking Number": calls["tracking_number"].map(_national, na_action="ignore"),
            "Destination Number": calls["destination_number"].map(_national, na_action="ignore"),
            "Source": calls["source"],
            "Medium": calls["medium"],
            "Campaign": calls["campaign"],
            "Keywords": calls["keyword"],
            "Start Time": _local(calls["started_at"], shop).dt.strftime("%Y-%m-%d %H:%M:%S"),
            "Duration (seconds)": calls["duration_s"].astype(int),
            "Name": calls["caller_name"],
            "Phone Number": calls["caller_number"].map(_national, na_action="ignore"),
            "City": calls["caller_city"],
            "State": calls["caller_region"],
            "Country": calls["caller_country"],
            "Landing Page": calls["landing_page"],
            "Gclid": calls["click_id"].str.removeprefix("gclid:"),
            "First-Time Caller": calls["first_call"].map({True: "Yes", False: "No"}),
            "Agent Name": calls["agent"],
            "Tags": calls["tags"].map(lambda tags: ", ".join(tags).title(), na_action="ignore"),
            "Qualified": calls["lead_status"].astype(object).map(_QUALIFIED),
            "Value": calls["value"].map(lambda money: f"{money:.2f}", na_action="ignore"),
            "Recording Url": RECORDINGS_AT + calls["recording"],
        }
    ).astype(object)


def whatconverts(shop: SimulatedShop) -> pd.DataFrame:
    """Return the calls, forms and chats of the web numbers as WhatConverts exports them."""
    calls = shop.calls[shop.calls["provider"] == "whatconverts"]
    identity = calls["call_id"].str.removeprefix("whatconverts:")
    phone = pd.DataFrame(
        {
            "Lead ID": identity,
            "Lead Type": "Phone Call",
            "Lead Status": calls["first_call"].map({True: "Unique", False: "Repeat"}),
            "Date Created": _zulu(calls["started_at"]),
            "Quotable": calls["lead_status"]
            .astype(object)
            .map({"qualified": "Yes", "not_qualified": "No", "unknown": "Not Set"}),
            "Sales Value": calls["value"].map(lambda money: f"{money:.2f}", na_action="ignore"),
            "Tracking Number": calls["tracking_number"],
            "Destination Number": calls["destination_number"],
            "Phone Name": "Website pool",
            "Caller Number": calls["caller_number"],
            "Caller Name": calls["caller_name"],
            "Caller City": calls["caller_city"],
            "Caller State": calls["caller_region"],
            "Caller Country": calls["caller_country"],
            "Call Duration Seconds": calls["duration_s"].astype(int),
            "Answer Status": calls["status"].astype(object).str.capitalize(),
            "Recording": calls["recording"],
            "Notes": calls["tags"].map(", ".join, na_action="ignore"),
            **_web(calls),
        }
    )
    written = shop.leads
    other = pd.DataFrame(
        {
            "Lead ID": written["lead_id"].str.removeprefix("whatconverts:"),
            "Lead Type": written["kind"].astype(object).map({"form": "Web Form", "chat": "Chat"}),
            "Lead Status": "Unique",
            "Date Created": _zulu(written["created_at"]),
            "Quotable": written["lead_status"]
            .astype(object)
            .map({"qualified": "Yes", "unknown": "Not Set"}),
            "Contact Name": written["caller_name"],
            "Email Address": written["email"],
            **_web(written),
        }
    )
    leads = pd.concat([phone.astype(object), other.astype(object)])
    leads.insert(0, "Account", shop.calls["account"].iloc[0] if len(shop.calls) else None)
    leads.insert(1, "Profile", "Website")
    return leads.sort_values(["Date Created", "Lead ID"], ignore_index=True)


def google_ads(shop: SimulatedShop) -> str:
    """Return Google Ads' call details of the calls that came through its own ads.

    All of them stand in CallRail's list too: Google forwards to CallRail's number. Its
    clock starts a few seconds earlier, a missed call lasts 0 s, and a call shorter than
    15 s shows no number.
    """
    rng = stream(shop.spec, "google")
    calls = shop.calls
    ads = calls[
        (calls["provider"] == "callrail")
        & (calls["channel"] == "google_ads")
        & (calls["direction"] == "inbound")
        & (calls["caller_number"] != shop.spec.staff_number)
    ]
    ads = ads[rng.random(len(ads)) < 0.85]
    early = pd.to_timedelta(rng.integers(1, 13, len(ads)), unit="s")
    received = (ads["status"].isin(["answered", "voicemail"])).to_numpy()
    seconds = (ads["duration_s"].astype(int) + rng.integers(0, 4, len(ads))).where(received, 0)
    number = ads["caller_number"].where(seconds >= 15)
    local = _local(ads["started_at"] - early, shop)
    table = pd.DataFrame(
        {
            "Start time": local.dt.strftime("%b %d, %Y, %I:%M:%S %p").str.replace(
                " 0", " ", regex=False
            ),
            "Duration (seconds)": seconds,
            "Caller country code": 1,
            "Caller area code": number.str[2:5],
            "Caller phone number": number,
            "Status": ["Received" if one else "Missed" for one in received],
            "Call source": "Ad",
            "Call type": "Mobile click-to-call",
            "Campaign": ads["campaign"],
        }
    )
    title = "Call details report\n"
    span = f'"{_long(shop.spec.first)} - {_long(shop.spec.last)}"\n'
    total = f"Total,{seconds.sum()},,,,,,,\n"
    return title + span + table.to_csv(index=False, lineterminator="\n") + total


def _own_tables(shop: SimulatedShop) -> dict[str, pd.DataFrame]:
    """Return the files a business keeps itself, under the tables' own column names."""
    drop = ["account", "import_id", "row", "caller_key"]
    outcomes = shop.outcomes.assign(
        closed_at=_local(shop.outcomes["closed_at"], shop).dt.strftime("%Y-%m-%d %H:%M"),
        value=shop.outcomes["value"].map(lambda money: f"{money:.2f}", na_action="ignore"),
    )
    visits = shop.visits.assign(
        hour=shop.visits["hour"]
        .dt.tz_convert(shop.spec.timezone)
        .map(lambda moment: moment.isoformat(timespec="minutes"))
    )
    spend = shop.spend.assign(cost=shop.spend["cost"].map(lambda money: f"{money:.2f}"))
    own = {
        "spend": spend,
        "numbers": shop.numbers,
        "tweaks": shop.tweaks,
        "outcomes": outcomes,
        "regimes": shop.regimes,
        "visits": visits,
    }
    return {
        f"{name}.csv": frame.drop(columns=drop, errors="ignore").dropna(axis="columns", how="all")
        for name, frame in own.items()
    }


def _web(rows: pd.DataFrame) -> dict[str, Any]:
    columns = {
        "Lead Source": "source",
        "Lead Medium": "medium",
        "Lead Campaign": "campaign",
        "Lead Keyword": "keyword",
        "Landing URL": "landing_page",
    }
    click = rows["click_id"].astype(object)
    return {title: rows[name] for title, name in columns.items()} | {
        "GCLID": click.where(click.str.startswith("gclid:", na=False)).str.removeprefix("gclid:"),
        "Facebook Click ID": click.where(
            click.str.startswith("fbclid:", na=False)
        ).str.removeprefix("fbclid:"),
    }


def _national(number: str) -> str:
    """Write a North American number as people do: ``(212) 555-0111``."""
    return f"({number[2:5]}) {number[5:8]}-{number[8:]}"


def _local(moments: pd.Series[Any], shop: SimulatedShop) -> pd.Series[Any]:
    local: pd.Series[Any] = moments.dt.tz_convert(shop.spec.timezone).dt.tz_localize(None)
    return local


def _zulu(moments: pd.Series[Any]) -> pd.Series[Any]:
    written: pd.Series[Any] = moments.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    return written


def _long(day: dt.date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
