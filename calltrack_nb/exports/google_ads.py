"""Back to Google Ads: conversions from calls and from clicks, in its upload templates.

Every row is held against the reasons for which Google refuses rows before it is
written; what would be refused is listed with the reason instead. Conversions from calls
only work for calls through a Google forwarding number; all others go by click id.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from calltrack_nb.effectiveness import counted_calls
from calltrack_nb.settings import Settings
from calltrack_nb.workspace import Workspace
from calltrack_nb.writing import replacing

Consent = Literal["granted", "denied"]

CALLS_HEADER: Final = (
    "Caller's Phone Number",
    "Call Start Time",
    "Conversion Name",
    "Conversion Time",
    "Conversion Value",
    "Conversion Currency",
    "Ad User Data",
    "Ad Personalization",
)
CLICKS_HEADER: Final = (
    "Google Click ID",
    "GBRAID",
    "WBRAID",
    "Conversion Name",
    "Conversion Time",
    "Conversion Value",
    "Conversion Currency",
    "Ad User Data",
    "Ad Personalization",
)
CLICK_KINDS: Final = {"gclid": "Google Click ID", "gbraid": "GBRAID", "wbraid": "WBRAID"}

_TIME: Final = "%Y-%m-%d %H:%M:%S"
_OLDEST: Final = pd.Timedelta(days=90)
_TOO_RECENT: Final = pd.Timedelta(hours=12)
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


@dataclass(frozen=True, slots=True)
class Upload:
    """One file and what was left out of it.

    Parameters
    ----------
    name : str
        File name.
    csv : str
        The file's text: the parameters row, the header, the rows.
    rows : int
        How many conversions it holds.
    """

    name: str
    csv: str
    rows: int


@dataclass(frozen=True, slots=True)
class Uploads:
    """Both files and every conversion that Google would refuse.

    Parameters
    ----------
    calls, clicks : Upload
        The two templates.
    refused : pandas.DataFrame
        ``call_id``, ``conversion``, ``code`` (Google's name of the refusal, where it has
        one), ``reason``.
    text : str
        One line.
    """

    calls: Upload
    clicks: Upload
    refused: pd.DataFrame
    text: str


def google_ads_uploads(
    calls: pd.DataFrame,
    sightings: pd.DataFrame,
    outcomes: pd.DataFrame,
    settings: Settings,
    *,
    consent: Consent,
    now: pd.Timestamp,
    conversion: Conversion | None = None,
) -> Uploads:
    """Make the two upload files.

    Parameters
    ----------
    calls, sightings, outcomes : pandas.DataFrame
        The canonical tables. A call that Google's own report holds too, within 90
        seconds, went through a forwarding number.
    settings : Settings
        The qualified-call rule, zone and currency.
    consent : {"granted", "denied"}
        What the callers agreed to for ad user data and personalisation. The business
        has to know; there is no default.
    now : pandas.Timestamp
        The time of the export, with a zone.
    conversion : Conversion, optional
        Names of the conversion actions.
    """
    candidates = _checked(
        _candidates(calls, sightings, outcomes, settings, conversion or Conversion()), now
    )
    sent = candidates[candidates["reason"] == ""]
    by_call = sent[sent["forwarded"]]
    by_click = sent[~sent["forwarded"]]
    refused = candidates.loc[
        candidates["reason"] != "", ["call_id", "conversion", "code", "reason"]
    ]
    uploads = (
        _upload(
            "google-ads-conversions-from-calls.csv",
            _call_rows(by_call, settings),
            CALLS_HEADER,
            settings,
            consent,
        ),
        _upload(
            "google-ads-conversions-from-clicks.csv",
            _click_rows(by_click, settings),
            _click_header(by_click),
            settings,
            consent,
        ),
    )
    text = (
        f"{uploads[0].rows} conversions from calls and {uploads[1].rows} from clicks; "
        f"{len(refused)} "
        "would be refused and are listed with the reason."
    )
    return Uploads(*uploads, refused.reset_index(drop=True), text)


def write_google_ads(
    workspace: Workspace,
    out: Path,
    *,
    consent: Consent,
    now: pd.Timestamp,
    conversion: Conversion | None = None,
) -> Uploads:
    """Write the upload files and the list of refused rows into a folder.

    The files carry callers' numbers in the open: they are for Google, not for sharing.

    Parameters
    ----------
    workspace : Workspace
        Where the tables are.
    out : pathlib.Path
        A folder; it is made where it does not exist.
    consent, now, conversion
        As for :func:`google_ads_uploads`.
    """
    uploads = google_ads_uploads(
        workspace.table("calls"),
        workspace.table("sightings"),
        workspace.table("outcomes"),
        workspace.settings,
        consent=consent,
        now=now,
        conversion=conversion,
    )
    out.mkdir(parents=True, exist_ok=True)
    refused = uploads.refused.to_csv(index=False)
    for name, text in (
        (uploads.calls.name, uploads.calls.csv),
        (uploads.clicks.name, uploads.clicks.csv),
        ("google-ads-refused.csv", refused),
    ):
        with replacing(out / name) as file:
            file.write(text.encode())
    return uploads


def _candidates(
    calls: pd.DataFrame,
    sightings: pd.DataFrame,
    outcomes: pd.DataFrame,
    settings: Settings,
    conversion: Conversion,
) -> pd.DataFrame:
    """List every conversion there is to report, with the call and click it belongs to."""
    known = calls[["call_id", "caller_number", "duration_s", "click_id", "channel", "started_at"]]
    known = known.assign(forwarded=_forwarded(known, sightings))
    counted = counted_calls(calls, settings)
    qualified = counted.loc[counted["qualified"], ["call_id"]].merge(known, on="call_id")
    happened = qualified["started_at"] + pd.to_timedelta(
        qualified["duration_s"].fillna(0), unit="s"
    )
    first = qualified.assign(
        conversion=conversion.qualified, at=happened, value=0.0, currency=settings.business.currency
    )
    won = _won(outcomes, counted, known).assign(conversion=conversion.won)
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


def _forwarded(calls: pd.DataFrame, sightings: pd.DataFrame) -> pd.Series:
    """Say which calls Google's own report holds too, each of its rows used once."""
    google = sightings.loc[sightings["provider"] == "google_ads", ["started_at"]].sort_values(
        "started_at"
    )
    google = google.assign(seen_at=google["started_at"], row=range(len(google)))
    ours = calls.loc[calls["channel"] == "google_ads", ["call_id", "started_at"]].sort_values(
        "started_at"
    )
    near = pd.merge_asof(ours, google, on="started_at", tolerance=_SAME_CALL, direction="nearest")
    near = near[near["row"].notna()]
    gap = (near["seen_at"] - near["started_at"]).abs()
    best = near.assign(gap=gap).sort_values("gap").drop_duplicates("row")
    return calls["call_id"].isin(best["call_id"])


def _won(outcomes: pd.DataFrame, counted: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Tie each order won to the first call of its caller, which is what Google dates it to."""
    won = outcomes[outcomes["stage"] == "won"]
    person = won["caller_key"].fillna(won["caller_number"])
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
    first = counted.sort_values("started_at").drop_duplicates("person")[["person", "call_id"]]
    tied = orders.merge(first, on="person", how="left")
    tied["call_id"] = tied["own_call"].fillna(tied["call_id"])
    tied = tied.merge(known, on="call_id", how="left")
    tied["click_id"] = tied["own_click"].fillna(tied["click_id"])
    tied["forwarded"] = tied["forwarded"].fillna(value=False).astype(bool)
    tied["call_id"] = tied["call_id"].fillna(tied["outcome_id"])
    return tied


def _checked(candidates: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Hold every row against Google's refusals; the first that applies is named."""
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


def _local(times: pd.Series, settings: Settings) -> pd.Series:
    zoned = pd.to_datetime(times, utc=True).dt.tz_convert(settings.business.timezone)
    return zoned.dt.strftime(_TIME)


def _shared_columns(rows: pd.DataFrame, settings: Settings) -> dict[str, pd.Series]:
    return {
        "Conversion Name": rows["conversion"].map(_harmless),
        "Conversion Time": _local(rows["at"], settings),
        "Conversion Value": rows["value"].map(lambda value: f"{value:.2f}"),
        "Conversion Currency": rows["currency"],
    }


def _call_rows(rows: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Caller's Phone Number": rows["caller_number"],
            "Call Start Time": _local(rows["started_at"], settings),
            **_shared_columns(rows, settings),
        }
    )


def _click_rows(rows: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    parts = rows["click_id"].astype(str).str.split(":", n=1)
    kind, value = parts.str[0], parts.str[1]
    ids = {column: value.where(kind == name, "") for name, column in CLICK_KINDS.items()}
    return pd.DataFrame({**ids, **_shared_columns(rows, settings)})


def _click_header(rows: pd.DataFrame) -> tuple[str, ...]:
    """Leave out the columns of kinds of click id that no row has."""
    kinds = set(rows["click_id"].astype(str).str.split(":", n=1).str[0])
    unused = {
        column for name, column in CLICK_KINDS.items() if name not in kinds and name != "gclid"
    }
    return tuple(name for name in CLICKS_HEADER if name not in unused)


def _upload(
    name: str, rows: pd.DataFrame, header: tuple[str, ...], settings: Settings, consent: Consent
) -> Upload:
    rows = rows.assign(**{"Ad User Data": consent.upper(), "Ad Personalization": consent.upper()})
    buffer = io.StringIO()
    buffer.write(f"Parameters:TimeZone={settings.business.timezone}\n")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows[list(header)].itertuples(index=False, name=None))
    return Upload(name, buffer.getvalue(), len(rows))


def _harmless(text: str) -> str:
    """Keep a spreadsheet from reading text as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
