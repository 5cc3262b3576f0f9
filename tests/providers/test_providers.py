"""Each provider's shapes, read into the canonical tables."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from calltrack_nb import providers, schema
from calltrack_nb.errors import UnknownProvider
from calltrack_nb.settings import parse_settings


def utc(column: pd.Series) -> list[str]:
    return column.dt.strftime("%Y-%m-%d %H:%M:%S").tolist()


CALL = {
    "id": "CAL1",
    "answered": False,
    "voicemail": True,
    "customer_phone_number": "+14045551234",
    "tracking_phone_number": "+12125550111",
    "business_phone_number": None,
    "direction": "inbound",
    "duration": 33,
    "start_time": "2026-02-19T13:41:00.236-05:00",
    "source": "Google Organic",
    "gclid": "abc",
    "lead_status": "good_lead",
    "value": "$1,250.00",
    "first_call": True,
    "tags": ["wedding", "Sale"],
}


def test_callrail_api_objects(read_one):
    """An answer of the API gives a call with its own id, status, value and click id."""
    batch = read_one({"page": 1, "total_pages": 1, "calls": [CALL]})
    assert (batch.provider, batch.kind) == ("callrail", "calls")
    call = batch.tables["calls"].iloc[0]
    assert call["call_id"] == "callrail:CAL1"
    assert utc(batch.tables["calls"]["started_at"]) == ["2026-02-19 18:41:00"]
    assert call["status"] == "voicemail"
    assert call["lead_status"] == "qualified"
    assert call["value"] == Decimal("1250.0000")
    assert call["currency"] == "USD"
    assert list(call["tags"]) == ["wedding", "Sale"]
    assert call["purpose"] == "sale"
    assert call["click_id"] == "gclid:abc"


def test_a_source_is_believed_before_a_click_id(read_one):
    """A call whose source is organic stays organic although it carries a gclid."""
    batch = read_one([CALL, {**CALL, "id": "CAL2", "source": None}])
    assert batch.tables["calls"]["channel"].tolist() == ["organic", "google_ads"]


def test_callrail_milestones_become_touchpoints(read_one):
    """First and last touch keep their time, source and channel, by the call's id."""
    touch = {"event_date": "2026-02-01T10:00:00-05:00", "source": "Google Ads", "medium": "cpc"}
    batch = read_one([{**CALL, "milestones": {"first_touch": touch, "last_touch": touch}}])
    touches = batch.tables["touchpoints"]
    assert touches["kind"].tolist() == ["first_touch", "last_touch"]
    assert touches["channel"].tolist() == ["google_ads"] * 2
    assert utc(touches["at"]) == ["2026-02-01 15:00:00"] * 2
    assert touches["call_id"].tolist() == ["callrail:CAL1"] * 2


LEAD = {
    "lead_id": 7,
    "lead_type": "Phone Call",
    "lead_status": "Unique",
    "date_created": "2026-05-28T19:19:51Z",
    "quotable": "Yes",
    "sales_value": None,
    "quote_value": "99.50",
    "lead_source": "(direct)",
    "lead_medium": "(none)",
    "caller_number": "+14045551234",
    "tracking_number": "+12125550111",
    "call_duration": "13 seconds",
    "answer_status": "Answered",
    "spam": True,
}


@pytest.mark.parametrize("spelling", ["Phone Call", "phone_call"])
def test_whatconverts_calls(read_one, spelling):
    """Both spellings of a phone call give a call, seconds read from words."""
    batch = read_one({"leads": [{**LEAD, "lead_type": spelling}]})
    call = batch.tables["calls"].iloc[0]
    assert call["call_id"] == "whatconverts:7"
    assert call["duration_s"] == 13
    assert call["lead_status"] == "qualified"
    assert bool(call["first_call"])
    assert call["value"] == Decimal("99.5000")
    assert call["channel"] == "direct"
    assert call["spam_score"] == 3


def test_whatconverts_forms_and_chats_are_leads(read_one):
    """What is not a phone call goes to leads with its kind; an unknown kind is set aside."""
    kinds = ["Web Form", "chat", "text_message", "Carrier pigeon"]
    leads = [{**LEAD, "lead_id": n, "lead_type": kind} for n, kind in enumerate(kinds)]
    batch = read_one({"leads": leads})
    assert batch.tables["leads"]["kind"].tolist() == ["form", "chat", "text"]
    assert len(batch.tables["calls"]) == 0
    assert batch.rows_lost == 1
    assert batch.quarantine["value"].tolist() == ["Carrier pigeon"]


GOOGLE = (
    "Call details report\n"
    '"September 1, 2026 - September 30, 2026"\n'
    "Start time,Duration (seconds),Caller country code,Caller area code,Caller phone number,"
    "Recording,Status,Call source,Call type,Campaign\n"
    "16 Sep 2026 11:00 AM,75,US,212,,,Received,Ad,Mobile click-to-call,Cakes\n"
    '"Feb 27, 2026, 5:00:00 AM",0,US,,,,Missed,Ad,Mobile click-to-call,Cakes\n'
    "Total,75,,,,,,,,\n"
)


def test_google_ads_call_details(read_one):
    """Title and totals are passed over; both locale forms of time are read."""
    batch = read_one(GOOGLE)
    calls = batch.tables["calls"]
    assert (batch.provider, batch.rows_read, batch.rows_lost) == ("google_ads", 2, 0)
    assert utc(calls["started_at"]) == ["2026-09-16 15:00:00", "2026-02-27 10:00:00"]
    assert calls["status"].tolist() == ["answered", "missed"]
    assert calls["caller_region"].tolist()[0] == "area code 212"
    assert set(calls["channel"]) == {"google_ads"}


def test_google_ads_call_view(read_one):
    """Rows of the API are calls in the account's zone, with campaign and ad group."""
    row = {
        "callView": {
            "resourceName": "customers/1/callViews/2~3~4",
            "callDurationSeconds": "62",
            "callStatus": "RECEIVED",
            "callerCountryCode": "US",
            "startCallDateTime": "2026-07-01 10:00:00",
        },
        "campaign": {"name": "Cakes"},
        "adGroup": {"name": "Weddings"},
        "customer": {"timeZone": "America/Los_Angeles"},
    }
    batch = read_one({"results": [row]})
    call = batch.tables["calls"].iloc[0]
    assert call["call_id"] == "google_ads:2~3~4"
    assert utc(batch.tables["calls"]["started_at"]) == ["2026-07-01 17:00:00"]
    assert (call["campaign"], call["ad_group"]) == ("Cakes", "Weddings")


def test_google_ads_spend_by_campaign(read_one):
    """Cost by campaign and week is spend over seven days, the totals left out."""
    batch = read_one(
        "Campaign performance\nJuly 2026\nCampaign,Week,Campaign status,Cost,Impr.,Clicks,"
        'Currency code\nCakes,2026-07-06,Enabled,"1,234.50","12,000",310,USD\n'
        "Total: Campaigns,,,1234.50,12000,310,\n"
    )
    spend = batch.tables["spend"]
    assert spend["cost"].tolist() == [Decimal("1234.5000")]
    assert spend["days"].tolist() == [7]
    assert spend["impressions"].tolist() == [12000]
    assert batch.rows_lost == 0


def test_calltrackingmetrics_calls(read_one):
    """Unix time is believed before local time; ring and talk come apart; touches unfold."""
    call = {
        "id": 9,
        "called_at": "2026-07-01 10:11 AM -04:00",
        "unix_time": 1782915060,
        "caller_number": "+14045551234",
        "tracking_number": "+12125550111",
        "tracking_label": "Flyer",
        "business_number": "+12125550100",
        "source": "Flyer",
        "direction": "inbound",
        "duration": 80,
        "talk_time": 61,
        "ring_time": 12,
        "dial_status": "no-answer",
        "excluded": True,
        "is_new_caller": True,
        "tag_list": ["wedding"],
        "paid": {"campaign": "Summer", "medium": None},
        "touchpoints": [{"time": "2026-06-30T10:00:00Z", "touch_type": "first", "source": "Bing"}],
    }
    message = {**call, "id": 10, "direction": "msg_inbound"}
    batch = read_one({"calls": [call, message], "page": 1, "next_page": None})
    found = batch.tables["calls"].iloc[0]
    assert batch.provider == "calltrackingmetrics"
    assert utc(batch.tables["calls"]["started_at"]) == ["2026-07-01 14:11:00"]
    assert (found["duration_s"], found["talk_s"], found["ring_s"]) == (80, 61, 12)
    assert (found["status"], found["channel"], found["campaign"]) == ("missed", "print", "Summer")
    assert found["spam_score"] == 3
    assert batch.tables["leads"]["kind"].tolist() == ["text"]
    assert batch.tables["touchpoints"]["kind"].tolist() == ["first", "first"]


PARENT = {
    "sid": "CA1",
    "parent_call_sid": None,
    "from": "+14045551234",
    "to": "+12125550111",
    "start_time": "Tue, 31 Aug 2026 20:36:28 +0000",
    "duration": "95",
    "status": "completed",
    "direction": "inbound",
    "phone_number_sid": "PN1",
}
CHILD = {
    **PARENT,
    "sid": "CA2",
    "parent_call_sid": "CA1",
    "to": "+12125550100",
    "start_time": "Tue, 31 Aug 2026 20:36:40 +0000",
    "duration": "80",
    "direction": "outbound-dial",
}


def test_twilio_legs_are_one_call(read_one):
    """A forwarded call is its parent, with the child's talk time and destination."""
    unanswered = {**PARENT, "sid": "CA3"}
    nobody = {
        **CHILD,
        "sid": "CA4",
        "parent_call_sid": "CA3",
        "status": "no-answer",
        "duration": "",
    }
    batch = read_one({"calls": [PARENT, CHILD, unanswered, nobody]})
    calls = batch.tables["calls"]
    assert calls["call_id"].tolist() == ["twilio:CA1", "twilio:CA3"]
    assert calls["talk_s"].tolist() == [80, 0]
    assert calls["duration_s"].tolist() == [95, 95]
    assert calls["status"].tolist() == ["answered", "missed"]
    assert calls["destination_number"].tolist() == ["+12125550100"] * 2
    assert utc(calls["started_at"])[0] == "2026-08-31 20:36:28"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_twilio_legs_that_come_apart_join_in_either_order(read_one, order):
    """Parent and child of different pages are one call with the parent's start."""
    legs = [read_one([leg], f"{n}.json").tables["calls"] for n, leg in enumerate((PARENT, CHILD))]
    nothing = schema.empty("calls")
    united = providers.unite_provider_calls(
        providers.unite_provider_calls(nothing, legs[order[0]]), legs[order[1]]
    )
    assert united["call_id"].tolist() == ["twilio:CA1"]
    assert utc(united["started_at"]) == ["2026-08-31 20:36:28"]
    assert (united["duration_s"].iloc[0], united["talk_s"].iloc[0]) == (95, 80)
    assert united["caller_number"].tolist() == ["+14045551234"]
    assert united["destination_number"].tolist() == ["+12125550100"]


def test_twilio_legs_without_their_call_say_together_what_each_knows(read_one):
    """Of a page with two legs and a recording but not their call, none is lost."""
    first = {**CHILD, "sid": "CA5", "status": "no-answer", "duration": "", "to": "+12125550199"}
    tape = {"sid": "RE1", "call_sid": "CA1", "media_url": "https://api.twilio.com/RE1"}
    batch = read_one([CHILD, first, {**tape, "start_time": CHILD["start_time"]}])
    calls = providers.unite_legs(batch.tables["calls"])
    assert calls["call_id"].tolist() == ["twilio:CA1"]
    assert calls["talk_s"].tolist() == [80]
    assert calls["status"].tolist() == ["answered"]
    assert calls["destination_number"].tolist() == ["+12125550100"]
    assert calls["recording"].tolist() == ["https://api.twilio.com/RE1"]


def test_hubspot_deals_are_outcomes(read_one):
    """Deals keep their stage, value and click id; a stage in between is open."""
    batch = read_one(
        "Record ID,Deal Name,Deal Stage,Close Date,Amount,Phone Number,Google ad click id\n"
        "1,Cake,Closed Won (Sales Pipeline),2026-08-01 12:30,450.00,(404) 555-1234,abc\n"
        "2,Cake,Proposal sent,2026-09-01 12:30,80,,\n"
        "3,Cake,closedlost,2026-09-01 12:30,,,\n"
    )
    found = batch.tables["outcomes"]
    assert found["stage"].tolist() == ["won", "open", "lost"]
    assert found["outcome_id"].tolist() == ["hubspot:1", "hubspot:2", "hubspot:3"]
    assert found["click_id"].tolist()[0] == "gclid:abc"
    assert found["caller_number"].tolist()[0] == "+14045551234"
    assert utc(found["closed_at"])[0] == "2026-08-01 16:30:00"


def test_salesforce_opportunities_are_outcomes(read_one):
    """The won and closed flags settle the stage whatever it is called."""
    batch = read_one(
        "Id,Name,StageName,IsWon,IsClosed,CloseDate,Amount,Phone\n"
        "006,Cake,Signed,true,true,2026-08-01,450,404-555-1234\n"
        "007,Cake,Signed,false,true,2026-08-01,450,404-555-1234\n"
    )
    assert batch.provider == "salesforce"
    assert batch.tables["outcomes"]["stage"].tolist() == ["won", "lost"]


def test_hubspot_calls_count_milliseconds(read_one):
    """A HubSpot call of 1800000 is half an hour, its sides by direction."""
    call = {
        "hs_object_id": "512",
        "hs_timestamp": "2026-01-15T10:30:00Z",
        "hs_call_duration": "1800000",
        "hs_call_direction": "OUTBOUND",
        "hs_call_status": "COMPLETED",
        "hs_call_from_number": "+12125550100",
        "hs_call_to_number": "+14045551234",
    }
    batch = read_one({"results": [{"id": "512", "properties": call}]})
    found = batch.tables["calls"].iloc[0]
    assert found["duration_s"] == 1800
    assert found["caller_number"] == "+14045551234"
    assert found["tracking_number"] == "+12125550100"


def test_a_spreadsheet_through_a_column_map(read_one):
    """Columns of any name are read once calltrack.toml says which they are."""
    settings = parse_settings(
        '[sources.spreadsheet]\nstarted_at = "When"\ncaller_number = "Who rang"\n'
        'duration_s = "How long"\n'
    )
    text = "When;Who rang;How long;Mood\n01.08.2026 09:30;(404) 555-1234;1m 30s;good\n"
    batch = read_one(text, settings=settings)
    call = batch.tables["calls"].iloc[0]
    assert batch.unrecognised == ("Mood",)
    assert (call["duration_s"], call["caller_number"]) == (90, "+14045551234")


def test_an_alias_of_the_user_is_asked_first(read_one):
    """A renamed CallRail column is found through calltrack.toml, accounts among them."""
    settings = parse_settings(
        '[sources.aliases.callrail]\nstarted_at = "Moment"\naccount = "Company"\n'
    )
    batch = read_one(
        "Moment,Phone Number,First-Time Caller,Company\n2026-08-01 09:30,4045551234,Yes,Acme\n",
        settings=settings,
    )
    call = batch.tables["calls"].iloc[0]
    assert call["account"] == "Acme"
    assert utc(batch.tables["calls"]["started_at"]) == ["2026-08-01 13:30:00"]


def test_a_provider_can_be_told(read_one):
    """The user's word overrides recognition, and an unknown name is refused."""
    text = "Start Time,Phone Number\n2026-08-01 09:30,4045551234\n"
    assert read_one(text, provider="callrail").provider == "callrail"
    with pytest.raises(UnknownProvider, match="no such provider"):
        read_one(text, provider="callrial")


@pytest.mark.parametrize(
    "text",
    [
        "Name,Phone Number,Email\nAnn,4045551234,ann@example.com\n",
        "date,mood\n2026-08-01,good\n",
        "shoe,tracking_number,colour\n42,2125550111,red\n",
    ],
)
def test_other_lists_are_not_taken_for_logs(read_one, text):
    """A list of contacts, a diary and a shoe rack are not read as calls or numbers."""
    with pytest.raises(UnknownProvider, match="no columns of a call log"):
        read_one(text)


def test_two_time_zones_in_one_file(read_one):
    """Rows with offsets, with a zone column and without either are each read by theirs."""
    rows = [
        {**CALL, "id": "1", "start_time": "2026-07-01T10:00:00-07:00"},
        {**CALL, "id": "2", "start_time": "2026-07-01T10:00:00+01:00"},
        {**CALL, "id": "3", "start_time": "2026-07-01 10:00:00"},
        {**CALL, "id": "4", "start_time": "2026-07-01 10:00:00", "company_time_zone": "EST"},
    ]
    calls = read_one(rows).tables["calls"]
    assert utc(calls["started_at"]) == [
        "2026-07-01 17:00:00",
        "2026-07-01 09:00:00",
        "2026-07-01 14:00:00",
        "2026-07-01 15:00:00",
    ]


def provider_files(folder: Path) -> list[Path]:
    return sorted((folder / "providers").rglob("*.json"))


def test_every_real_object_is_a_valid_row_or_set_aside_with_its_reason(
    shared_data, settings, tmp_path
):
    """Of each provider's real objects, each is in a table or in quarantine by its row."""
    objects = shared_data / "providers" / "callrail" / "pycallrail_test_objects.json"
    files = [path for path in provider_files(shared_data) if "schema" not in path.name]
    for number, item in enumerate(json.loads(objects.read_text(encoding="utf-8"))):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(item["object"]), encoding="utf-8")
        files.append(path)
    assert len(files) > 25
    for path in files:
        for batch in providers.read(path, settings):
            rows = sum(len(batch.tables.get(name, ())) for name in ("calls", "leads"))
            assert rows + batch.rows_lost + batch.rows_repeated == batch.rows_read > 0
            assert batch.quarantine["reason"].notna().all()
            assert batch.rows_lost <= batch.quarantine["row"].nunique()
            for name, frame in batch.tables.items():
                whole = providers.unite_legs(frame) if name == "calls" else frame
                schema.validate(whole, name)


def test_real_objects_keep_what_they_say(shared_data, settings):
    """The recorded event and lead read into the values that stand in them."""
    folder = shared_data / "providers"
    event = folder / "callrail" / "pipedream_phone_call_completed.json"
    call = next(providers.read(event, settings)).tables["calls"].iloc[0]
    assert call["call_id"] == "callrail:CAL8154748ae6bd4e278a7cddd38a662f4f"
    assert call["started_at"] == pd.Timestamp("2017-01-24T16:27:48.119Z")
    assert (call["caller_number"], call["status"]) == ("+13036231131", "missed")
    lead = folder / "whatconverts" / "pipedream_updated_lead.redacted.json"
    call = next(providers.read(lead, settings)).tables["calls"].iloc[0]
    assert (call["duration_s"], call["status"], call["channel"]) == (13, "answered", "direct")
    assert pd.isna(call["caller_number"])
    assert pd.isna(call["first_call"])


PAGE = (
    "https://shop.example/cakes?utm_source=google&utm_medium=cpc&utm_campaign=Spring+cakes&gclid={}"
)


def test_click_ids_that_stand_in_an_address_only_are_taken(read_one):
    """Of the landing page, else of the last page; a column of their own goes before both."""
    bare = {**CALL, "gclid": None}
    pages = [
        {**bare, "landing_page_url": PAGE.format("Cj0K-a_1")},
        {**bare, "last_requested_url": "https://shop.example/?msclkid=ab12#top"},
        {**bare, "landing_page_url": "/?wbraid=Clc.x", "last_requested_url": "/?gbraid=0AAA"},
        {**CALL, "landing_page_url": "https://shop.example/?b=1"},
        {**bare, "landing_page_url": "https://shop.example/?gclid={gclid}&notgclid=zz"},
        {**bare, "landing_page_url": "https://shop.example/?gclid=Cj0KCQ..."},
    ]
    batch = read_one([{**page, "id": f"CAL{number}"} for number, page in enumerate(pages)])
    assert batch.tables["calls"]["click_id"].fillna("").tolist() == [
        "gclid:Cj0K-a_1", "msclkid:ab12", "wbraid:Clc.x", "gclid:abc", "", "",
    ]  # fmt: skip
    assert batch.quarantine.empty


def test_another_click_id_in_the_address_is_told(read_one):
    """The row's own is kept, and of two pages the first one's; each is noted with the page."""
    batch = read_one(
        [
            {**CALL, "landing_page_url": "/?gclid=xyz"},
            {**CALL, "id": "CAL2", "landing_page_url": "/?gclid=abc"},
            {
                **CALL,
                "id": "CAL3",
                "gclid": None,
                "landing_page_url": "/?gclid=one",
                "last_requested_url": "/?gclid=two",
            },
        ]
    )
    assert batch.tables["calls"]["click_id"].tolist() == ["gclid:abc", "gclid:abc", "gclid:one"]
    noted = batch.quarantine[["column", "value"]].to_numpy().tolist()
    assert noted == [["landing_page_url", "/?gclid=xyz"], ["last_requested_url", "/?gclid=two"]]
    assert batch.quarantine["reason"].str.contains("another click id than the one taken").all()


def test_a_campaign_in_the_address_is_taken_where_no_column_is_for_it(import_csv):
    """Source, medium, campaign and keyword of the landing page; columns go before, if empty too."""
    rows = {
        "Start Time": ["2026-08-03 10:00", "2026-08-03 11:00"],
        "Call Status": "Answered Call",
        "First-Time Caller": "Yes",
        "Phone Number": ["404-555-0142", "404-555-0143"],
        "Landing Page": [PAGE.format("Cj0K") + "&utm_term=wedding%20cake", "/?utm_campaign={c}"],
    }
    said = import_csv(pd.DataFrame(rows)).sort_values("started_at")
    columns = ["source", "medium", "campaign", "keyword", "channel"]
    assert said[columns].astype(object).fillna("").to_numpy().tolist() == [
        ["google", "cpc", "Spring cakes", "wedding cake", "google_ads"], [""] * 5,
    ]  # fmt: skip
    empty = pd.DataFrame({**rows, "Source": "Google Organic", "Campaign": ""})
    again = import_csv(empty).sort_values("started_at")
    assert again["source"].tolist() == ["Google Organic"] * 2
    assert again["campaign"].isna().all()
    assert again["click_id"].tolist()[0] == "gclid:Cj0K"
