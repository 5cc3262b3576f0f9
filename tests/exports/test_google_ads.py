"""Upload files held against a checker written from the format's description alone."""

import csv
import io
import re
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.exports import Conversion, google_ads_uploads, write_google_ads
from tests.effectiveness.frames import call, calls, outcomes, settings
from tools.simulator.shop import simulate_shop
from tools.simulator.shop_spec import ShopSpec

NOW = pd.Timestamp("2026-08-20 12:00", tz="UTC")
CALLS = ["Caller's Phone Number", "Call Start Time"]
CLICKS = ["Google Click ID", "GBRAID", "WBRAID"]
COMMON = ["Conversion Name", "Conversion Time", "Conversion Value", "Conversion Currency"]
CONSENT = ["Ad User Data", "Ad Personalization"]


def complaints(text, now=NOW):  # noqa: C901, PLR0912 - one branch a rule reads best in one place
    """List what is wrong with an upload file; knows nothing of the code that wrote it."""
    first, _, rest = text.partition("\n")
    zone = re.fullmatch(r"Parameters:TimeZone=([A-Za-z_]+/[A-Za-z_/]+)", first)
    if not zone:
        return ["the first line is no parameters row"]
    local_now = now.tz_convert(ZoneInfo(zone[1])).tz_localize(None)
    rows = list(csv.reader(io.StringIO(rest)))
    header, found, seen = rows[0], [], set()
    by_call = header[0] == CALLS[0]
    ids = [name for name in CLICKS if name in header]
    if header != [*(CALLS if by_call else ids), *COMMON, *CONSENT] or not (
        by_call or "Google Click ID" in ids
    ):
        found.append(f"the header is {header}")
    for place, row in enumerate(rows[1:], start=1):
        if len(row) != len(header):
            found.append(f"row {place}: {len(row)} cells under {len(header)} headings")
            continue
        cells = dict(zip(header, row, strict=True))
        times = [cells["Conversion Time"], *([cells["Call Start Time"]] if by_call else [])]
        if not all(
            re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d([+-]\d{4})?", time) for time in times
        ):
            found.append(f"row {place}: a time is not YYYY-MM-DD HH:MM:SS")
            continue
        if any(pd.Timestamp(time[:19]) > local_now for time in times):
            found.append(f"row {place}: in the future")
        if by_call:
            if not re.fullmatch(r"\+[1-9]\d{6,14}", cells[CALLS[0]]):
                found.append(f"row {place}: the number is not E.164")
            if cells["Conversion Time"] < cells["Call Start Time"]:
                found.append(f"row {place}: the conversion precedes the call")
            if pd.Timestamp(cells["Call Start Time"]) > local_now - pd.Timedelta(hours=12):
                found.append(f"row {place}: too recent")
            if pd.Timestamp(cells["Call Start Time"]) < local_now - pd.Timedelta(days=90):
                found.append(f"row {place}: expired")
        elif sum(bool(cells[name]) for name in ids) != 1:
            found.append(f"row {place}: not exactly one click id")
        if not re.fullmatch(r"(\d+(\.\d+)?)?", cells["Conversion Value"]):
            found.append(f"row {place}: the value is not a number from 0 up")
        if not re.fullmatch("[A-Z]{3}" if cells["Conversion Value"] else "", cells[COMMON[-1]]):
            found.append(f"row {place}: not a currency for every value and only there")
        if {cells[name] for name in CONSENT} - {"GRANTED", "DENIED"}:
            found.append(f"row {place}: no consent")
        if any(
            cell[:1] in "=-@" or (cell[:1] == "+" and not cell[1:].isdigit())
            for cell in row
            if cell
        ):
            found.append(f"row {place}: a spreadsheet would run it")
        if tuple(row) in seen:
            found.append(f"row {place}: twice")
        seen.add(tuple(row))
    return found


def google_saw(*rows):
    """Google's own report of the same calls: its provider, no caller's number."""
    return pd.concat(
        [calls(*rows), calls(*(row | {"provider": "google_ads"} for row in rows))],
        ignore_index=True,
    )


def uploads(rows, provider_calls=None, orders=None, **more):
    """Make uploads of a hand-made log."""
    return google_ads_uploads(
        calls(*rows) if rows else schema.empty("calls"),
        schema.empty("provider_calls") if provider_calls is None else provider_calls,
        outcomes() if orders is None else orders,
        settings(),
        consent="granted",
        now=NOW,
        **more,
    )


def test_the_checker_finds_what_is_wrong():
    """Each broken rule is caught, so that silence means something."""
    good = (
        "Parameters:TimeZone=America/New_York\n"
        "Caller's Phone Number,Call Start Time,Conversion Name,Conversion Time,Conversion Value,"
        "Conversion Currency,Ad User Data,Ad Personalization\n"
        "+12125550111,2026-08-03 10:00:00,Lead,2026-08-03 10:02:00,5.00,USD,GRANTED,GRANTED\n"
    )
    assert complaints(good) == []
    for right, wrong in (
        ("Parameters:TimeZone=America/New_York", "TimeZone: New York"),
        ("2026-08-03 10:00:00", "2026-08-03T10:00:00"),
        ("2026-08-03 10:02:00", "2026-08-03 09:59:00"),
        ("2026-08-03 10:02:00", "2026-09-03 10:02:00"),
        ("2026-08-03 10:00:00", "2026-01-03 10:00:00"),
        ("+12125550111", "(212) 555-0111"),
        ("5.00", "-5.00"),
        ("USD", "dollars"),
        (",Lead,", ",=cmd(),"),
        (",GRANTED,GRANTED\n", ",,\n"),
        (",Ad Personalization", ""),
    ):
        assert complaints(good.replace(right, wrong)), wrong


def test_the_samples_uploads_pass_the_checker():
    """A whole shop: every row that is written would be taken, every other has its reason."""
    shop = simulate_shop(ShopSpec())
    google = shop.calls[
        (shop.calls["channel"] == "google_ads") & (shop.calls["provider"] == "callrail")
    ]
    provider_calls = pd.concat(
        [shop.calls, google.assign(provider="google_ads", caller_number=None)], ignore_index=True
    )
    provider_calls = schema.conform(provider_calls, "provider_calls")
    now = pd.Timestamp("2026-10-01 12:00", tz="UTC")
    found = google_ads_uploads(
        shop.calls, provider_calls, shop.outcomes, settings(), consent="denied", now=now
    )
    assert complaints(found.calls.csv, now) == []
    assert complaints(found.clicks.csv, now) == []
    assert found.calls.rows > 50
    assert found.clicks.rows > 20
    assert "DENIED" in found.calls.csv
    assert (found.refused["reason"] != "").all()
    assert len(found.refused)


def test_only_forwarded_calls_go_by_number_and_others_by_their_click():
    """Google's report holds the first call; the second has a click id, the third neither."""
    forwarded = call(1, "2026-08-03 10:00", caller_number="+12125550123")
    clicked = call(2, "2026-08-04 10:00", caller_number="+12125550124", click_id="gclid:Cj0KCQ")
    neither = call(3, "2026-08-05 10:00", caller_number="+12125550125")
    found = uploads([forwarded, clicked, neither], google_saw(forwarded))
    assert (
        "+12125550123,2026-08-03 10:00:00,Qualified call,2026-08-03 10:02:00,,,GRANTED"
        in found.calls.csv
    )
    assert found.calls.rows == found.clicks.rows == 1
    assert "Cj0KCQ,Qualified call,2026-08-04 10:02:00" in found.clicks.csv
    assert found.refused["code"].tolist() == ["INVALID_CALL"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"click_id": "fbclid:IwAR1"}, "UNPARSEABLE_GCLID"),
        ({"click_id": "gclid:=1+1"}, "UNPARSEABLE_GCLID"),
        ({"at": "2026-08-20 07:30", "click_id": "gclid:abc"}, "TOO_RECENT_CALL"),
        ({"at": "2026-01-03 10:00", "click_id": "gclid:abc"}, "EXPIRED_CALL"),
        ({"at": "2026-08-21 10:00", "click_id": "gclid:abc"}, "FUTURE_CONVERSION_TIME"),
    ],
)
def test_rows_that_google_would_refuse_are_listed_with_the_reason(row, code):
    """Another platform's click, a formula, too recent, expired, in the future."""
    given = {"at": "2026-08-03 10:00", **row}
    found = uploads([call(1, given.pop("at"), **given)])
    assert (found.calls.rows, found.clicks.rows) == (0, 0)
    assert found.refused["code"].tolist() == [code]
    assert found.refused["reason"].str.len().gt(10).all()


def test_a_withheld_number_and_an_order_before_its_call_are_refused():
    """A forwarded call without a number; an order before its caller's first call is none's."""
    hidden = call(1, "2026-08-03 10:00", caller_key=None)
    early = call(2, "2026-08-05 10:00", caller_number="+12125550123")
    found = uploads(
        [hidden, early], google_saw(hidden, early), outcomes(("p2", "2026-08-04 10:00", "90"))
    )
    assert dict(zip(found.refused["call_id"], found.refused["code"], strict=True)) == {
        "c1": "UNPARSEABLE_CALLERS_PHONE_NUMBER"
    }
    assert "1 before the caller's first call" in found.text


def test_an_order_of_the_day_of_its_call_is_no_order_before_it():
    """Of an order only the day is known: on the call's day it goes with the call's end."""
    early = call(1, "2026-08-03 10:00", click_id="gclid:abc")
    found = uploads([early], orders=outcomes(("p1", "2026-08-03 00:00", "70")))
    assert ",Order,2026-08-03 10:02:00,70.00,USD" in found.clicks.csv
    before = uploads([early], orders=outcomes(("p1", "2026-08-02 00:00", "70")))
    assert "1 before the caller's first call" in before.text


def test_an_order_names_its_call_as_the_telephone_system_does():
    """An id without the system's name finds its call; an order of nobody known is told."""
    orders = outcomes(("x", "2026-08-04 10:00", "70"), ("y", "2026-08-04 10:00", "90"))
    orders["call_id"] = pd.Series(["c1", "nowhere"], dtype=orders["call_id"].dtype)
    calls = call(1, "2026-08-03 10:00", click_id="gclid:abc") | {"call_id": "callrail:c1"}
    found = uploads([calls], orders=orders)
    assert ",Order,2026-08-04 10:00:00,70.00,USD" in found.clicks.csv
    assert "1 order is tied to no call or form" in found.text


def test_an_order_belongs_to_the_last_click_that_may_have_brought_it():
    """Not to a call without a click later, nor to a click of 91 days before, nor to one of two."""
    clicks = [
        call(1, "2026-05-01 10:00", caller_key="p", click_id="gclid:old"),
        call(2, "2026-08-03 10:00", caller_key="p", click_id="gclid:new"),
        call(3, "2026-08-04 10:00", caller_key="p", channel="direct"),
    ]
    found = uploads(clicks, orders=outcomes(("p", "2026-08-05 09:00", "70")))
    assert "new,Order" in found.clicks.csv.replace(",,", ",").replace(",,", ",")
    late = uploads(clicks[:1], orders=outcomes(("p", "2026-07-31 09:00", "70")))
    assert "more than 90 days after" in late.text
    twice = [clicks[1], call(4, "2026-08-03 11:00", caller_key="p", click_id="gclid:other")]
    torn = uploads(twice, orders=outcomes(("p", "2026-08-03 00:00", "70")))
    assert "1 only the day is known" in torn.text
    assert ",Order," not in torn.clicks.csv


def test_orders_carry_their_value_and_the_same_one_goes_once():
    """An order of 250.50 after a clicked call; a second line of the same order is refused."""
    orders = outcomes(("p1", "2026-08-06 10:00", "250.50"), ("p1", "2026-08-06 10:00", "250.50"))
    found = uploads([call(1, "2026-08-03 10:00", click_id="gbraid:xyz-1")], orders=orders)
    assert ",xyz-1,Order,2026-08-06 10:00:00,250.50,USD" in found.clicks.csv
    assert found.refused["code"].tolist() == ["DUPLICATE"]
    assert complaints(found.clicks.csv) == []


def test_names_cannot_become_formulas_and_kinds_can_be_left_out():
    """A conversion named =A1 is escaped; an empty name leaves its conversions out."""
    found = uploads(
        [call(1, "2026-08-03 10:00", click_id="gclid:abc")],
        conversion=Conversion(qualified="=A1", won=""),
    )
    assert ",'=A1," in found.clicks.csv
    assert uploads([], conversion=Conversion()).text.startswith(
        "0 conversions from calls and 0 from clicks"
    )


def test_times_are_local_on_both_sides_of_the_change_of_time():
    """Ten o'clock stays ten o'clock in the declared zone, in summer and in winter."""
    rows = [
        call(1, "2026-03-06 10:00", click_id="gclid:winter"),
        call(2, "2026-03-09 10:00", click_id="gclid:summer"),
    ]
    found = google_ads_uploads(
        calls(*rows), schema.empty("provider_calls"), outcomes(), settings(), consent="granted",
        now=pd.Timestamp("2026-04-01", tz="UTC"),
    )  # fmt: skip
    assert "winter,Qualified call,2026-03-06 10:02:00" in found.clicks.csv
    assert "summer,Qualified call,2026-03-09 10:02:00" in found.clicks.csv


def test_the_two_calls_of_a_repeated_hour_are_told_apart():
    """Half past one comes twice on 1 November: the offset tells which; at noon there is none."""
    rows = [
        call(1, "2026-11-01 00:00", click_id="gclid:first"),
        call(2, "2026-11-01 00:00", click_id="gclid:second"),
        call(3, "2026-11-01 12:00", click_id="gclid:noon"),
    ]
    for row, utc in zip(rows, ("05:28", "06:28"), strict=False):
        row["started_at"] = pd.Timestamp(f"2026-11-01 {utc}", tz="UTC")
    found = google_ads_uploads(
        calls(*rows), schema.empty("provider_calls"), outcomes(), settings(), consent="granted",
        now=pd.Timestamp("2026-12-01", tz="UTC"),
    )  # fmt: skip
    assert "first,Qualified call,2026-11-01 01:30:00-0400" in found.clicks.csv
    assert "second,Qualified call,2026-11-01 01:30:00-0500" in found.clicks.csv
    assert "noon,Qualified call,2026-11-01 12:02:00," in found.clicks.csv
    assert complaints(found.clicks.csv, pd.Timestamp("2026-12-01", tz="UTC")) == []


def test_the_files_are_written_with_the_refused_beside(workspace, tmp_path):
    """The templates, the Data Manager's file, and what each would refuse."""
    workspace.write_table("calls", calls(call(1, "2026-08-03 10:00", click_id="gclid:abc")))
    found = write_google_ads(workspace, tmp_path / "out", consent="granted", now=NOW)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "google-ads-conversions-from-calls.csv",
        "google-ads-conversions-from-clicks.csv",
        "google-ads-data-manager-qualified.csv",
        "google-ads-data-manager-refused.csv",
        "google-ads-refused.csv",
    ]
    text = (tmp_path / "out" / found.clicks.name).read_text()
    assert complaints(text) == []
    assert "abc,Qualified call" in text
