"""Leads of Google Local Services Ads, in the two forms that Google documents."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

from calltrack_nb.workspace.importing import import_files

REPORT = {
    "leadId": "901",
    "googleAdsLeadId": "77001",
    "accountId": "1234567890",
    "businessName": "Dry Cellars",
    "leadCreationTimestamp": "2026-08-03T23:30:00Z",
    "leadType": "PHONE_CALL",
    "leadCategory": "xcat:service_area_business_plumber",
    "geo": "Brooklyn",
    "chargeStatus": "CHARGED",
    "leadPrice": 38.5,
    "currencyCode": "USD",
    "timezone": {"id": "America/New_York"},
    "phoneLead": {
        "chargedCallTimestamp": "2026-08-03T23:31:10Z",
        "chargedConnectedCallDurationSeconds": "184",
        "consumerPhoneNumber": "+12125550123",
    },
}


def report(number, **more):
    """Return one more lead of the Local Services API; a name that is None is taken out."""
    lead = {**REPORT, "leadId": str(number), "googleAdsLeadId": str(77000 + number), **more}
    return {name: value for name, value in lead.items() if value is not None}


def test_a_charged_call_becomes_a_call_and_its_price_spend(read_one):
    """Who rang, when, for how long; the price on the local day, under the lead's id."""
    batch = read_one({"detailedLeadReports": [REPORT, report(2)]})
    call = batch.tables["calls"].iloc[0]
    assert call["call_id"] == "local_services:77001"
    assert f"{call['started_at']:%Y-%m-%d %H:%M:%S}" == "2026-08-03 23:31:10"
    assert (call["duration_s"], call["status"]) == (184, "answered")
    assert (call["caller_number"], call["channel"]) == ("+12125550123", "google_ads")
    assert call["campaign"] == "Local Services Ads"
    assert call["ad_group"] == "xcat:service_area_business_plumber"
    assert call["lead_status"] == "unknown"
    spend = batch.tables["spend"].iloc[0]
    assert (spend["date"], spend["days"]) == (dt.date(2026, 8, 3), 1)
    assert (spend["cost"], spend["currency"]) == (Decimal("38.5000"), "USD")
    assert spend["lead_id"] == call["call_id"]
    assert batch.quarantine.empty


def test_messages_and_bookings_are_leads(read_one):
    """A message is a text, a booking a lead with its e-mail address; neither is a call."""
    message = report(
        3,
        leadType="MESSAGE",
        phoneLead=None,
        messageLead={"customerName": "Ann Lee", "consumerPhoneNumber": "+12125550124"},
    )
    booking = report(
        4,
        leadType="BOOKING",
        phoneLead=None,
        bookingLead={"consumerEmail": "ann@example.com", "consumerPhoneNumber": "+12125550125"},
    )
    batch = read_one({"detailedLeadReports": [message, booking]})
    leads = batch.tables["leads"]
    assert batch.tables["calls"].empty
    assert leads["kind"].tolist() == ["text", "other"]
    assert leads["caller_number"].tolist() == ["+12125550124", "+12125550125"]
    assert leads["email"].tolist()[1] == "ann@example.com"
    assert leads["caller_name"].tolist()[0] == "Ann Lee"


@pytest.mark.parametrize(
    ("more", "costs", "reason"),
    [
        ({"chargeStatus": "NOT_CHARGED"}, 0, None),
        ({"chargeStatus": "CHARGE_STATUS_UNSPECIFIED"}, 0, "whether the lead was charged"),
        ({"chargeStatus": None}, 0, "whether the lead was charged"),
        ({"leadPrice": None}, 0, "charged, without a price"),
        ({"disputeStatus": "DISPUTE_APPROVED"}, 1, "disputed or credited"),
    ],
)
def test_what_a_lead_cost_is_told_or_noted(read_one, more, costs, reason):
    """No price is a cost without a charge, and what cannot be told is noted; the call stays."""
    batch = read_one({"detailedLeadReports": [report(5, **more), report(6, leadType="SPAM")]})
    assert len(batch.tables["spend"]) == costs
    assert len(batch.tables["calls"]) == 1
    reasons = batch.quarantine.loc[batch.quarantine["row"] == 1, "reason"]
    assert reasons.str.contains(reason).any() if reason else reasons.empty


def test_a_call_that_was_not_charged_is_neither_answered_nor_missed(read_one):
    """Without a connected call no field says whether somebody picked up."""
    silent = report(7, chargeStatus="NOT_CHARGED", phoneLead={"consumerPhoneNumber": "2125550126"})
    calls = read_one({"detailedLeadReports": [silent]}).tables["calls"]
    assert calls["status"].isna().all()
    assert calls["duration_s"].isna().all()
    assert f"{calls['started_at'][0]:%H:%M}" == "23:30"


def test_rows_of_the_google_ads_api_are_read(read_one):
    """Local times in the account's zone; booked is qualified, and a charge has no price."""
    lead = {
        "resourceName": "customers/1/localServicesLeads/77001",
        "id": "77001",
        "categoryId": "xcat:service_area_business_plumber",
        "contactDetails": {"phoneNumber": "+12125550123", "consumerName": "Ann Lee"},
        "leadType": "PHONE_CALL",
        "leadStatus": "BOOKED",
        "creationDateTime": "2026-08-03 09:15:00",
        "leadCharged": True,
    }
    rows = [
        {"localServicesLead": lead, "customer": {"timeZone": "America/Los_Angeles"}},
        {
            "localServicesLead": lead | {"id": "77002", "leadStatus": "NEW", "leadCharged": False},
            "customer": {"timeZone": "America/Los_Angeles"},
        },
    ]
    batch = read_one({"results": rows})
    calls = batch.tables["calls"]
    assert calls["call_id"].tolist() == ["local_services:77001", "local_services:77002"]
    assert f"{calls['started_at'][0]:%H:%M}" == "16:15"
    assert calls["lead_status"].tolist() == ["qualified", "unknown"]
    assert batch.tables["spend"].empty
    assert batch.quarantine["reason"].str.startswith("charged, without a price").tolist() == [True]


def test_a_flattened_report_is_recognised(read_one):
    """The same fields as columns of a CSV file."""
    text = (
        "googleAdsLeadId,leadType,leadCategory,leadCreationTimestamp,chargeStatus,leadPrice,"
        "currencyCode,phoneLead.consumerPhoneNumber\n"
        "77001,PHONE_CALL,plumber,2026-08-03T23:30:00Z,CHARGED,38.50,USD,+12125550123\n"
    )
    batch = read_one(text, "leads.csv")
    assert batch.tables["calls"]["provider"].tolist() == ["local_services"]
    assert batch.tables["spend"]["cost"].tolist() == [Decimal("38.5000")]


def test_exports_that_overlap_count_no_price_twice(tmp_path, workspace):
    """The second export has one lead of the first and a later one of the same day."""
    for name, leads in (
        ("first.json", [report(1), report(2)]),
        ("second.json", [report(2), report(3)]),
    ):
        path = tmp_path / name
        path.write_text(json.dumps({"detailedLeadReports": leads}), encoding="utf-8")
        import_files(workspace, [path])
    assert workspace.table("spend")["lead_id"].tolist() == [
        "local_services:77001",
        "local_services:77002",
        "local_services:77003",
    ]
    assert len(workspace.table("calls")) == 3


def test_a_row_that_is_a_call_and_a_price_is_one_row_in_the_report(tmp_path, workspace):
    """A second export with known leads only: each row is known once, and none is new."""
    for name, leads in (("first.json", [report(1), report(2)]), ("again.json", [report(2)])):
        path = tmp_path / name
        path.write_text(json.dumps({"detailedLeadReports": leads}), encoding="utf-8")
        done = import_files(workspace, [path])
    assert (done.files[0].rows_kept, done.files[0].rows_already_known) == (0, 1)
