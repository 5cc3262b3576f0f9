"""Google Local Services Ads: leads that are paid for one by one.

A lead of a phone call becomes a call; messages and bookings become leads. What a lead was
charged becomes spend of the day on which it came, with the lead's id, so that exports that
overlap count no price twice. Local Services are one campaign of Google Ads here, and the
category of the service is its ad group.

Two forms are read, whose fields are documented, as JSON or flattened into columns: the
``detailedLeadReports`` of the Local Services API
(https://developers.google.com/local-services-ads/guides/reporting) and the
``local_services_lead`` rows of the Google Ads API
(https://developers.google.com/google-ads/api/fields/latest/local_services_lead). The
second has no price and no duration. Its telephone numbers may be Google's tracking numbers
in place of the consumer's (``ContactDetails`` there).

Only a charge is a fact about money: a price without a word on the charge is no cost, and a
charge without a price is noted. That a lead was charged says nothing of its quality, and
no field says whether a call that was not charged was answered.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.ids import call_ids
from calltrack_nb.providers.layouts import ExportLayout
from calltrack_nb.providers.rows import Rows

_PROVIDER: Final = "local_services"
CAMPAIGN: Final = "Local Services Ads"
"""The campaign of every lead and every price: Google's own name of the product."""

_KINDS: Final[dict[str, str | None]] = {
    "phone call": "call",
    "message": "text",
    "booking": "other",
}
# Of Google's words for the state of a lead, those that tell whether it was one.
# google.ads.googleads.enums.LocalServicesLeadStatusEnum
_STATUSES: Final[dict[str, str | None]] = {
    "booked": "qualified",
    "disabled": "not_qualified",
    "new": None,
    "active": None,
    "declined": None,
    "consumer declined": None,
    "expired": None,
    "wiped out": None,
    "unknown": None,
    "unspecified": None,
}
_CHARGES: Final[dict[str, str | None]] = {
    "charged": "charged",
    "true": "charged",
    "yes": "charged",
    "not charged": "not_charged",
    "false": "not_charged",
    "no": "not_charged",
    "charge status unspecified": None,
}
_KEPT: Final = " (the row is kept)"
_LEAD: Final = "localServicesLead."
_CONTACT: Final = _LEAD + "contactDetails."
_FIELDS: Final = {
    "id": ("googleAdsLeadId", _LEAD + "id", "leadId"),
    "kind": ("leadType", _LEAD + "leadType"),
    "status": (_LEAD + "leadStatus",),
    "charge": ("chargeStatus", _LEAD + "leadCharged"),
    "price": ("leadPrice",),
    "currency": ("currencyCode", "customer.currencyCode"),
    "credit": ("disputeStatus", _LEAD + "creditDetails.creditState"),
    "started_at": ("phoneLead.chargedCallTimestamp",),
    "created_at": ("leadCreationTimestamp", _LEAD + "creationDateTime"),
    "timezone": ("customer.timeZone",),
    "duration_s": ("phoneLead.chargedConnectedCallDurationSeconds",),
    "caller_number": (
        "phoneLead.consumerPhoneNumber",
        "messageLead.consumerPhoneNumber",
        "bookingLead.consumerPhoneNumber",
        _CONTACT + "phoneNumber",
    ),
    "caller_name": (
        "messageLead.customerName",
        "bookingLead.customerName",
        _CONTACT + "consumerName",
    ),
    "email": ("bookingLead.consumerEmail", _CONTACT + "email"),
    "category": ("leadCategory", _LEAD + "categoryId"),
    "company": ("businessName", "customer.descriptiveName"),
    "account": (),
}
_NOT_CARRIED: Final = """
accountId geo timezone.id timezone.version aggregatorInfo.aggregatorProviderId
messageLead.jobType messageLead.postalCode bookingLead.jobType
bookingLead.bookingAppointmentTimestamp localServicesLead.serviceId localServicesLead.locale
localServicesLead.leadFeedbackSubmitted localServicesLead.note.description
localServicesLead.note.editDateTime localServicesLead.creditDetails.creditStateLastUpdateDateTime
localServicesLead.resourceName customer.id customer.resourceName
"""


def local_services_named(campaign: pd.Series[Any]) -> pd.Series[Any]:
    """Name Local Services as the leads do, where Google Ads' reports have a name of their own.

    Parameters
    ----------
    campaign : pandas.Series of str

    Examples
    --------
    >>> local_services_named(pd.Series(["LocalServicesCampaign:SystemGenerated:0005d4", "Cakes"]))
    0    Local Services Ads
    1                 Cakes
    dtype: str
    """
    generated = campaign.str.startswith("LocalServicesCampaign:SystemGenerated", na=False)
    return campaign.mask(generated.astype(bool), CAMPAIGN)


def _read(rows: Rows) -> dict[str, pd.DataFrame]:
    kind = rows.word("kind", _KINDS, ("call", "text", "other"))
    rows.lose(kind.isna().to_numpy(), "kind", "not a kind of lead that is known")
    calls = (kind == "call").to_numpy()
    zone = rows.text("timezone") if rows.has("timezone") else None
    created = rows.time("created_at", zone=zone)
    started = rows.time("started_at").fillna(created).rename("created_at")
    caller, email, category = rows.phone("caller_number"), rows.text("email"), rows.text("category")
    duration = rows.seconds("duration_s")
    ids = call_ids(_PROVIDER, rows.text("id"), created, [caller, email])
    shared = {
        "account": rows.account(),
        "provider": rows.constant(_PROVIDER),
        "caller_number": caller,
        "caller_name": rows.person("caller_name"),
        "channel": rows.constant("google_ads"),
        "campaign": rows.constant(CAMPAIGN),
        "ad_group": category,
        "lead_status": rows.word("status", _STATUSES, schema.LEAD_STATUSES).fillna("unknown"),
    }
    found = {
        "calls": rows.table(
            "calls",
            {
                **shared,
                "call_id": ids,
                "started_at": started,
                "duration_s": duration,
                "talk_s": duration,
                "direction": rows.constant("inbound"),
                # Only a call that was connected has a duration here.
                "status": rows.constant("answered").where(duration > 0),
            },
            only=calls,
            needed={"started_at": "a call without a time"},
        )
    }
    if not calls.all():
        found["leads"] = rows.table(
            "leads",
            {
                **shared,
                "lead_id": ids,
                "kind": kind.where(~calls).astype("str"),
                "created_at": created,
                "email": email,
            },
            only=~calls,
            needed={"created_at": "a message or booking without a time"},
        )
    found["spend"] = _prices(rows, ids, created)
    return found


def _prices(rows: Rows, ids: pd.Series[Any], created: pd.Series[Any]) -> pd.DataFrame:
    """Take the price of each lead that was charged, and note what is not certain of it."""
    charge = rows.word("charge", _CHARGES, ("charged", "not_charged"))
    price, charged = rows.money("price"), (charge == "charged").to_numpy(dtype=bool)
    priced = price.notna().to_numpy()
    untold = charge.isna().to_numpy() & priced
    disputed = charged & priced & rows.text("credit").notna().to_numpy()
    for mask, name, reason in (
        (
            untold,
            "price",
            "not known whether the lead was charged; its price is not counted as a cost",
        ),
        (charged & ~priced, "charge", "charged, without a price: what it cost is not known"),
        (disputed, "credit", "charged, and disputed or credited: its price is counted in full"),
    ):
        rows.note(mask, name, reason, kept=_KEPT)
    day = created.dt.tz_convert(rows.context.settings.business.timezone).dt.date.astype(object)
    return rows.table(
        "spend",
        {
            "account": rows.account(),
            "date": day.where(created.notna(), None).astype(schema.DATE),
            "days": pd.Series(1, index=ids.index),
            "channel": rows.constant("google_ads"),
            "campaign": rows.constant(CAMPAIGN),
            "cost": price,
            "currency": rows.currency("price"),
            "lead_id": ids,
        },
        only=charged & priced & created.notna().to_numpy(),
        needed={},
    )


LOCAL_SERVICES: Final = ExportLayout(
    provider=_PROVIDER,
    kind="leads",
    fields=_FIELDS,
    needed=(("kind",), ("created_at",)),
    telling=(
        "leadCreationTimestamp",
        "googleAdsLeadId",
        "phoneLead.consumerPhoneNumber",
        "localServicesLead.leadType",
        "localServicesLead.creationDateTime",
        "localServicesLead.leadCharged",
    ),
    known=tuple(_NOT_CARRIED.split()),
    read=_read,
)
