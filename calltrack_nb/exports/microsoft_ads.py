"""Back to Microsoft Advertising: offline conversions, by click id or hashed.

The file is the template of the import in Microsoft Advertising: a parameters row with an
offset, then one conversion a row. Names, times (``4/1/2020 6:50:54 PM``, UTC) and limits
are those of the bulk record and of the API's conversion:
https://learn.microsoft.com/advertising/bulk-service/offline-conversion and
https://learn.microsoft.com/advertising/campaign-management-service/offlineconversion. The
template's own page could not be read; its header stands in public programs that fill it.
"""

from __future__ import annotations

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
    UploadFiles,
    amounts,
    currencies,
    upload,
    write_files,
)
from calltrack_nb.exports.hashing import hashed_person
from calltrack_nb.exports.refusals import (
    OLDEST,
    Problem,
    first_refusals,
    nobody_named,
    refused,
    usable_click,
    worth,
)
from calltrack_nb.phrasing import agree, harmless, number, plural
from calltrack_nb.settings import Settings
from calltrack_nb.workspace import Workspace

HEADER: Final = (
    "Microsoft Click ID",
    "Conversion Name",
    "Conversion Time",
    "Conversion Value",
    "Conversion Currency",
)
HASHED: Final = ("Hashed Email Address", "Hashed Phone Number")
"""For enhanced conversions; left out where no row has them, as the template asks."""

_SOONEST: Final = pd.Timedelta(hours=1)


def microsoft_ads_uploads(
    calls: pd.DataFrame,
    outcomes: pd.DataFrame,
    leads: pd.DataFrame,
    settings: Settings,
    *,
    consent: Consent,
    now: pd.Timestamp,
    conversion: Conversion,
) -> UploadFiles:
    """Make the file.

    Parameters
    ----------
    calls, outcomes, leads : pandas.DataFrame
        The canonical tables.
    settings : Settings
        The qualified-call rule.
    consent : {"granted", "denied"}
        Without consent nothing of a person is sent, hashed or not: only click ids.
    now : pandas.Timestamp
        The time of the export, with a zone.
    conversion : Conversion
        Names of the conversion goals; Microsoft counts nothing under another name.
    """
    found = conversions(calls, calls.head(0), outcomes, leads, settings, conversion)
    theirs = (found["channel"] == "microsoft_ads") | (click_kind(found) == "msclkid")
    agreed = consent == "granted"
    untied = untied_in_words(found)
    found = found[theirs].reset_index(drop=True)
    addresses, numbers = hashed_person(found, agreed=agreed)
    rows = _filled(found).assign(**dict(zip(HASHED, (addresses[0], numbers), strict=True)))
    rows = first_refusals(rows, _problems(rows, now, agreed=agreed))
    sent = rows[rows["reason"] == ""]
    hashed = HASHED if (sent[list(HASHED)] != "").to_numpy().any() else ()
    file = upload(
        "microsoft-ads-offline-conversions.csv",
        sent,
        (*HEADER, *hashed),
        "Parameters:TimeZone=+0000",
    )
    out = refused(rows)
    text = (
        f"{plural(file.rows, 'conversion')} for Microsoft Advertising; {number(len(out))} would "
        f"not be counted and {agree(len(out), 'is')} listed with the reason."
    )
    if several := int((addresses.loc[sent.index, 1:] != "").any(axis=1).sum()):
        text += (
            f" {plural(several, 'conversion')} {agree(several, 'has')} several e-mail addresses; "
            "the first is used."
        )
    return UploadFiles((file,), out, f"{text} {untied}".rstrip())


def write_microsoft_ads(
    workspace: Workspace,
    out: Path,
    *,
    consent: Consent,
    now: pd.Timestamp,
    conversion: Conversion,
) -> UploadFiles:
    """Write the file and the list of refused rows into a folder.

    Parameters
    ----------
    workspace : Workspace
        Where the tables are.
    out : pathlib.Path
        A folder; it is made where it does not exist.
    consent, now, conversion
        As for :func:`microsoft_ads_uploads`.
    """
    uploads = microsoft_ads_uploads(
        workspace.table("calls"),
        workspace.table("outcomes"),
        workspace.table("leads"),
        workspace.settings,
        consent=consent,
        now=now,
        conversion=conversion,
    )
    write_files(
        out,
        [
            *((file.name, file.csv) for file in uploads.files),
            ("microsoft-ads-refused.csv", uploads.refused.to_csv(index=False)),
        ],
    )
    return uploads


def _filled(rows: pd.DataFrame) -> pd.DataFrame:
    value = click_value(rows)
    click = value.where((click_kind(rows) == "msclkid") & usable_click(value), "")
    columns = (
        click,
        rows["conversion"].map(harmless),
        pd.to_datetime(rows["at"], utc=True).map(_moment),
        amounts(rows["value"]),
        currencies(rows),
    )
    return rows.assign(**dict(zip(HEADER, columns, strict=True)))


def _moment(at: pd.Timestamp) -> str:
    hour = at.hour % 12 or 12
    return f"{at.month}/{at.day}/{at.year} {hour}:{at:%M:%S} {'AM' if at.hour < 12 else 'PM'}"


def _problems(rows: pd.DataFrame, now: pd.Timestamp, *, agreed: bool) -> list[Problem]:
    at = pd.to_datetime(rows["at"], utc=True)
    started = pd.to_datetime(rows["started_at"], utc=True)
    click = rows["Microsoft Click ID"]
    who = click.where(click != "", rows[HASHED[0]] + rows[HASHED[1]])
    return [
        nobody_named(rows, ("Microsoft Click ID", *HASHED), "Microsoft", agreed=agreed),
        (at > now, "", "The conversion lies in the future."),
        (at < started, "", "The conversion is dated before the call, and so before the click."),
        (at < now - OLDEST, "", f"The conversion is more than {OLDEST.days} days old."),
        (
            started > now - _SOONEST,
            "",
            "The call or form is less than an hour old; export again later.",
        ),
        *worth(rows),
        (
            pd.DataFrame({"who": who, "at": rows["Conversion Time"]}).duplicated(),
            "",
            "Microsoft counts only the first conversion of one click and time.",
        ),
    ]
