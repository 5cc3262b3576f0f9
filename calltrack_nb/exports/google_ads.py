"""Back to Google Ads: conversions from calls and from clicks, in its upload templates.

Every row is held against the reasons for which Google refuses rows before it is
written; what would be refused is listed with the reason instead. Conversions from calls
only work for calls through a Google forwarding number; all others go by click id. The
same conversions are written for Google's Data Manager beside them
(:mod:`~calltrack_nb.exports.google_data_manager`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from calltrack_nb.exports.conversions import (
    Conversion,
    click_kind,
    click_value,
    conversions,
    untied_in_words,
)
from calltrack_nb.exports.files import (
    Consent,
    Upload,
    UploadFiles,
    amounts,
    currencies,
    upload,
    write_files,
)
from calltrack_nb.exports.google_data_manager import data_manager_files
from calltrack_nb.exports.google_refusals import CLICK_KINDS, checked
from calltrack_nb.exports.refusals import refused
from calltrack_nb.phrasing import agree, harmless, number, plural
from calltrack_nb.results import BaseResult
from calltrack_nb.settings import Settings
from calltrack_nb.workspace import Workspace

_SHARED_HEADER: Final = (
    "Conversion Name",
    "Conversion Time",
    "Conversion Value",
    "Conversion Currency",
    "Ad User Data",
    "Ad Personalization",
)
CALLS_HEADER: Final = ("Caller's Phone Number", "Call Start Time", *_SHARED_HEADER)
CLICKS_HEADER: Final = ("Google Click ID", "GBRAID", "WBRAID", *_SHARED_HEADER)

_TIME: Final = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Uploads(BaseResult):
    """The files, and every conversion that Google would refuse.

    Parameters
    ----------
    calls, clicks : Upload
        The two templates.
    refused : pandas.DataFrame
        ``call_id``, ``conversion``, ``code`` (Google's name of the refusal, where it has
        one), ``reason``, for the templates.
    data_manager : UploadFiles
        The same conversions for the Data Manager, with its own refusals. Import the one
        or the other.
    text : str
        One line.
    """

    calls: Upload
    clicks: Upload
    refused: pd.DataFrame
    data_manager: UploadFiles
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
    leads: pd.DataFrame | None = None,
) -> Uploads:
    """Make the upload files.

    Parameters
    ----------
    calls, provider_calls, outcomes : pandas.DataFrame
        The canonical tables. A call that Google's own report holds too, within 90
        seconds, went through a forwarding number.
    settings : Settings
        The qualified-call rule and the zone.
    consent : {"granted", "denied"}
        What the callers agreed to for ad user data and personalisation. The business
        has to know; there is no default.
    now : pandas.Timestamp
        The time of the export, with a zone.
    conversion : Conversion, optional
        Names of the conversion actions.
    leads : pandas.DataFrame, optional
        The table of forms.
    """
    found = conversions(
        calls, provider_calls, outcomes, leads, settings, conversion or Conversion()
    )
    theirs = (
        (found["channel"] == "google_ads")
        | click_kind(found).isin(list(CLICK_KINDS))
        | found["forwarded"].astype(bool)
    )
    candidates = found[theirs].reset_index(drop=True)
    rows = checked(candidates, now)
    sent = rows[rows["reason"] == ""]
    forwarded = sent["forwarded"].astype(bool)
    by_call, by_click = sent[forwarded], sent[~forwarded]
    zone = settings.business.timezone
    call_file, click_file = (
        upload(
            name,
            filled.assign(
                **{"Ad User Data": consent.upper(), "Ad Personalization": consent.upper()}
            ),
            header,
            f"Parameters:TimeZone={zone}",
        )
        for name, filled, header in (
            ("google-ads-conversions-from-calls.csv", _call_rows(by_call, zone), CALLS_HEADER),
            (
                "google-ads-conversions-from-clicks.csv",
                _click_rows(by_click, zone),
                _click_header(by_click),
            ),
        )
    )
    out = refused(rows)
    hashed = data_manager_files(candidates, settings, consent=consent, now=now)
    text = (
        f"{plural(call_file.rows, 'conversion')} from calls and {number(click_file.rows)} "
        f"from clicks; {number(len(out))} would be refused and {agree(len(out), 'is')} listed with "
        f"the reason. {hashed.text} {untied_in_words(found)}"
    ).rstrip()
    return Uploads(call_file, click_file, out, hashed, text)


def write_google_ads(
    workspace: Workspace,
    out: Path,
    *,
    consent: Consent,
    now: pd.Timestamp,
    conversion: Conversion | None = None,
) -> Uploads:
    """Write the upload files and the lists of refused rows into a folder.

    The templates carry unmasked numbers: they are for Google, not for sharing.

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
        leads=workspace.table("leads"),
    )
    hashed = uploads.data_manager
    files = (uploads.calls, uploads.clicks, *hashed.files)
    write_files(
        out,
        [
            *((file.name, file.csv) for file in files),
            ("google-ads-refused.csv", uploads.refused.to_csv(index=False)),
            ("google-ads-data-manager-refused.csv", hashed.refused.to_csv(index=False)),
        ],
    )
    return uploads


def _local(times: pd.Series, zone: str) -> pd.Series:
    """Write times in the zone of the parameters row, with their offset where it alone tells.

    In the hour that clocks show twice in autumn the offset stands behind the time, as in
    ``2026-11-01 01:30:00-0500``: the form with four digits that the templates take
    (https://support.google.com/google-ads/answer/7014069).
    """
    zoned = pd.to_datetime(times, utc=True).dt.tz_convert(zone)
    clock = zoned.dt.tz_localize(None)
    twice = clock.dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT").isna()
    plain = zoned.dt.strftime(_TIME)
    return plain.where(~twice, zoned.dt.strftime(_TIME + "%z"))


def _shared_columns(rows: pd.DataFrame, zone: str) -> dict[str, pd.Series]:
    return {
        "Conversion Name": rows["conversion"].map(harmless),
        "Conversion Time": _local(rows["at"], zone),
        "Conversion Value": amounts(rows["value"]),
        "Conversion Currency": currencies(rows),
    }


def _call_rows(rows: pd.DataFrame, zone: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Caller's Phone Number": rows["caller_number"],
            "Call Start Time": _local(rows["started_at"], zone),
            **_shared_columns(rows, zone),
        }
    )


def _click_rows(rows: pd.DataFrame, zone: str) -> pd.DataFrame:
    kind, value = click_kind(rows), click_value(rows)
    ids = {column: value.where(kind == name, "") for name, column in CLICK_KINDS.items()}
    return pd.DataFrame({**ids, **_shared_columns(rows, zone)})


def _click_header(rows: pd.DataFrame) -> tuple[str, ...]:
    """Leave out the columns of kinds of click id that no row has."""
    kinds = set(click_kind(rows))
    unused = {
        column for name, column in CLICK_KINDS.items() if name not in kinds and name != "gclid"
    }
    return tuple(name for name in CLICKS_HEADER if name not in unused)
