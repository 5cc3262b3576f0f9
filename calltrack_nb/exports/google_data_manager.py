"""The same conversions for Google's Data Manager: enhanced conversions for leads, hashed.

One file for each conversion action, for the Data Manager imports one action from one
table; the first line is the header, and every time carries its offset
(https://support.google.com/google-ads-data-manager/answer/14184381). Columns are named as
the Google Ads API names the fields of a conversion
(https://developers.google.com/google-ads/api/reference/rpc/latest/ClickConversion).
A conversion may have five identifiers of a person, so a number and four addresses
(https://developers.google.com/google-ads/api/docs/conversions/upload-identifiers).
Numbers and addresses are hashed already: the transformation that hashes them, which the
Data Manager offers for columns of these names, has to be left out.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from calltrack_nb.exports.conversions import click_kind, click_value
from calltrack_nb.exports.files import (
    Consent,
    UploadFiles,
    amounts,
    currencies,
    upload,
)
from calltrack_nb.exports.google_refusals import CLICK_KINDS
from calltrack_nb.exports.hashing import google_address, hashed_person
from calltrack_nb.exports.refusals import (
    OLDEST,
    Problem,
    first_refusals,
    nobody_named,
    refused,
    usable_click,
    worth,
)
from calltrack_nb.phrasing import agree, number, plural
from calltrack_nb.settings import Settings

_PERSON: Final = ("hashed_email", "hashed_phone_number")
FURTHER: Final = ("hashed_email_2", "hashed_email_3", "hashed_email_4")
"""For people with several addresses; left out where no row has them."""
HEADER: Final = (
    "order_id",
    "conversion_date_time",
    *CLICK_KINDS,
    *_PERSON,
    "conversion_value",
    "currency_code",
    "ad_user_data",
    "ad_personalization",
)
# Two lines of a CRM with these alike are one order, whatever their ids.
_SAME: Final = ["kind", "conversion_date_time", *CLICK_KINDS, *_PERSON, "conversion_value"]


def data_manager_files(
    candidates: pd.DataFrame, settings: Settings, *, consent: Consent, now: pd.Timestamp
) -> UploadFiles:
    """Make one file for each conversion action that has a conversion.

    Parameters
    ----------
    candidates : pandas.DataFrame
        Google's rows of :func:`~calltrack_nb.exports.conversions.conversions`.
    settings : Settings
        The zone.
    consent : {"granted", "denied"}
        Without consent nothing of a person is sent, hashed or not: only click ids.
    now : pandas.Timestamp
        The time of the export, with a zone.
    """
    kind, value = click_kind(candidates), click_value(candidates)
    usable = usable_click(value)
    at = pd.to_datetime(candidates["at"], utc=True)
    agreed = consent == "granted"
    addresses, numbers = hashed_person(candidates, google_address, agreed=agreed)
    rows = candidates.assign(
        conversion_date_time=at.dt.tz_convert(settings.business.timezone).map(
            lambda moment: moment.isoformat(timespec="seconds")
        ),
        **{name: value.where((kind == name) & usable, "") for name in CLICK_KINDS},
        **dict(zip(_PERSON, (addresses[0], numbers), strict=True)),
        **{name: addresses.get(place, "") for place, name in enumerate(FURTHER, start=1)},
        conversion_value=amounts(candidates["value"]),
        currency_code=currencies(candidates),
        ad_user_data=consent.upper(),
        ad_personalization=consent.upper(),
    )
    rows = first_refusals(rows, _problems(rows, at, now, agreed=agreed))
    sent = rows[rows["reason"] == ""]
    files = tuple(
        upload(f"google-ads-data-manager-{name}.csv", part, _header(part))
        for name, part in sent.groupby("kind", sort=False)
    )
    out = refused(rows)
    text = (
        f"For the Data Manager: {plural(len(sent), 'conversion')} in "
        f"{plural(len(files), 'file')}, {number(len(out))} left out and listed."
    )
    if several := int((sent[FURTHER[0]] != "").sum()):
        text += (
            f" {plural(several, 'conversion')} {agree(several, 'has')} more than one e-mail "
            f"address: map {FURTHER[0]} and the columns after it to the e-mail address as well."
        )
    if cut := int((addresses.loc[sent.index, len(FURTHER) + 1 :] != "").any(axis=1).sum()):
        text += f" {plural(cut, 'conversion')} {agree(cut, 'has')} more than Google accepts."
    return UploadFiles(files, out, text)


def _header(rows: pd.DataFrame) -> tuple[str, ...]:
    used = [name for name in FURTHER if (rows[name] != "").any()]
    place = HEADER.index(_PERSON[0]) + 1
    return (*HEADER[:place], *used, *HEADER[place:])


def _problems(
    rows: pd.DataFrame, at: pd.Series, now: pd.Timestamp, *, agreed: bool
) -> list[Problem]:
    started = pd.to_datetime(rows["started_at"], utc=True)
    return [
        nobody_named(rows, (*CLICK_KINDS, *_PERSON), "Google", "NO_IDENTIFIER", agreed=agreed),
        (at > now, "FUTURE_CONVERSION_TIME", "The conversion lies in the future."),
        (at < started, "CONVERSION_PRECEDES_CALL", "The conversion is dated before the call."),
        (
            started.fillna(at) < now - OLDEST,
            "EXPIRED_CALL",
            f"The call or form is more than {OLDEST.days} days old.",
        ),
        *worth(rows),
        (
            rows[["kind", "order_id"]].duplicated() | rows[_SAME].duplicated(),
            "DUPLICATE",
            "The same conversion is in the file already.",
        ),
    ]
