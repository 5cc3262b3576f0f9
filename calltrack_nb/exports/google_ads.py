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

from calltrack_nb.exports.conversions import Conversion, conversions
from calltrack_nb.exports.refusals import CLICK_KINDS, checked
from calltrack_nb.phrasing import agree, harmless, number, plural
from calltrack_nb.results import BaseResult
from calltrack_nb.settings import Settings
from calltrack_nb.workspace import Workspace
from calltrack_nb.workspace.writing import replacing

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

_TIME: Final = "%Y-%m-%d %H:%M:%S"


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
class Uploads(BaseResult):
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
    provider_calls: pd.DataFrame,
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
    calls, provider_calls, outcomes : pandas.DataFrame
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
    candidates = checked(
        conversions(calls, provider_calls, outcomes, settings, conversion or Conversion()), now
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
        f"{plural(uploads[0].rows, 'conversion')} from calls and {number(uploads[1].rows)} from "
        f"clicks; {number(len(refused))} would be refused and {agree(len(refused), 'is')} listed "
        "with the reason."
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
        workspace.table("provider_calls"),
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


def _local(times: pd.Series, settings: Settings) -> pd.Series:
    zoned = pd.to_datetime(times, utc=True).dt.tz_convert(settings.business.timezone)
    return zoned.dt.strftime(_TIME)


def _shared_columns(rows: pd.DataFrame, settings: Settings) -> dict[str, pd.Series]:
    return {
        "Conversion Name": rows["conversion"].map(harmless),
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
