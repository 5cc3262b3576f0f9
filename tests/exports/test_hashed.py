"""Hashed conversions: Google's Data Manager and Microsoft Advertising."""

import csv
import hashlib
import io
import re
from decimal import Decimal

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.exports import Conversion, google_ads_uploads, microsoft_ads_uploads
from calltrack_nb.exports.hashing import google_address, hashed_column, plain_addresses
from tests.effectiveness.frames import call, calls, outcomes, settings

NOW = pd.Timestamp("2026-08-20 12:00", tz="UTC")
NUMBER = "+12125550123"
NAMES = Conversion(qualified="Qualified call", won="Order", form="Form")


def sha256(text):
    """Hash a text with nothing of the package."""
    return hashlib.sha256(text.encode()).hexdigest()


def form(number, at, **more):
    """One form that was sent after a click; `at` is local time in New York."""
    row = {
        "account": "main",
        "lead_id": f"l{number}",
        "provider": "whatconverts",
        "kind": "form",
        "created_at": pd.Timestamp(at, tz="America/New_York").tz_convert("UTC"),
        "channel": "google_ads",
        "lead_status": "unknown",
        "email": f"ann{number}@example.com",
        "click_id": f"gclid:form-{number}",
    }
    return row | more


def leads(*rows):
    """Return a table of forms."""
    return schema.conform(pd.DataFrame(list(rows)), "leads") if rows else schema.empty("leads")


def google(rows=(), forms=(), orders=None, consent="granted", now=NOW):
    """Return the Data Manager's files of a hand-made log, each as rows, and what was refused."""
    found = google_ads_uploads(
        calls(*rows), schema.empty("provider_calls"), outcomes() if orders is None else orders,
        settings(), consent=consent, now=now, conversion=NAMES, leads=leads(*forms),
    ).data_manager  # fmt: skip
    return {file.name: read(file.csv) for file in found.files}, found.refused


def microsoft(rows=(), forms=(), orders=None, consent="granted", now=NOW):
    """Return Microsoft's file of a hand-made log: its first line, its rows, the refused."""
    found = microsoft_ads_uploads(
        calls(*rows), outcomes() if orders is None else orders, leads(*forms), settings(),
        consent=consent, now=now, conversion=NAMES,
    )  # fmt: skip
    first, _, rest = found.files[0].csv.partition("\n")
    return first, read(rest), found.refused


def read(text):
    """Read CSV into dicts."""
    return list(csv.DictReader(io.StringIO(text)))


def test_numbers_and_addresses_are_hashed_as_google_matches_them():
    """SHA-256 in lower-case hex of E.164; addresses plain, Gmail's without dots and suffix."""
    assert hashed_column(pd.Series([NUMBER, None])).tolist() == [sha256(NUMBER), ""]
    written = {
        " Mary.Lee+cakes@GMail.com": "marylee@gmail.com",
        "mary.lee@googlemail.com": "marylee@googlemail.com",
        "Mary.Lee+cakes@Example.com ": "mary.lee+cakes@example.com",
        "Mary Lee <Mary.Lee@example.com>": "mary.lee@example.com",
        "'Mary@example.com'": "mary@example.com",
        "mailto:mary@example.com": "mary@example.com",
        "mary @example.com": "mary@example.com",
        "+x@gmail.com": "",
    }
    for given, plain in written.items():
        assert [google_address(one) for one in plain_addresses(given)] == [plain]
    assert all(plain_addresses(none) == () for none in ("on file", "@gmail.com", "a@b"))


@pytest.mark.parametrize(
    "cell",
    [
        "a@x.com; B@y.com",
        "a@x.com,b@y.com",
        "a@x.com b@y.com",
        "a@x.com / b@y.com",
        "a@x.com\nb@y.com",
        "a@x.com and b@y.com, A@X.com",
        '"Lee, Ann" <a@x.com>, Bob Ray <b@y.com>',
        "Lee, Ann <a@x.com>; b@y.com (work)",
    ],
)
def test_every_address_of_a_cell_is_found(cell):
    """However they are set apart, named or written twice."""
    assert plain_addresses(cell) == ("a@x.com", "b@y.com")


def test_several_addresses_go_as_several_identifiers_where_they_may():
    """Google takes up to four beside the number, Microsoft one; both say so."""
    cell = "; ".join(f"a{number}@example.com" for number in range(5))
    hashes = [sha256(f"a{number}@example.com") for number in range(5)]
    forms = [
        form(1, "2026-08-03 10:00", email=cell),
        form(2, "2026-08-03 11:00", email="Ann <ann@example.com>, bob@example.com"),
        form(3, "2026-08-03 12:00", email=None),
    ]
    found = google_ads_uploads(
        calls(), schema.empty("provider_calls"), outcomes(), settings(), consent="granted",
        now=NOW, conversion=NAMES, leads=leads(*forms),
    ).data_manager  # fmt: skip
    first, second, third = read(found.files[0].csv)
    columns = ["hashed_email", "hashed_email_2", "hashed_email_3", "hashed_email_4"]
    assert [first[name] for name in columns] == hashes[:4]
    assert [second[name] for name in columns] == [
        sha256("ann@example.com"), sha256("bob@example.com"), "", "",
    ]  # fmt: skip
    assert not any(third[name] for name in columns)
    assert "2 conversions have more than one e-mail address: map hashed_email_2" in found.text
    assert "1 conversion has more than Google accepts" in found.text
    theirs = [form(1, "2026-08-03 10:00", email=cell, click_id="msclkid:abc")]
    told = microsoft_ads_uploads(
        calls(), outcomes(), leads(*theirs), settings(), consent="granted", now=NOW,
        conversion=NAMES,
    )  # fmt: skip
    assert read(told.files[0].csv.partition("\n")[2])[0]["Hashed Email Address"] == hashes[0]
    assert "1 conversion has several e-mail addresses; the first is used." in told.text
    assert not set(
        google(forms=forms, consent="denied")[0]["google-ads-data-manager-form.csv"][0]
    ) & {"hashed_email_2"}


def test_an_order_is_tied_to_its_form_by_any_of_its_addresses():
    """The CRM knows two addresses, the form the second of them."""
    order = outcomes((None, "2026-08-06 10:00", "250.50"))
    order = order.assign(email="Office <office@example.com>; Ann1@example.com")
    files, _ = google(forms=[form(1, "2026-08-03 10:00")], orders=order)
    row = files["google-ads-data-manager-won.csv"][0]
    assert row["gclid"] == "form-1"
    assert row["hashed_email_2"] == sha256("ann1@example.com")


def test_a_call_goes_by_its_number_and_its_click():
    """Hashed number, click id, time with its offset; no value was said and none is invented."""
    files, refused = google([call(1, "2026-08-03 10:00", caller_number=NUMBER,
                                  click_id="gbraid:xyz-1")])  # fmt: skip
    row = files["google-ads-data-manager-qualified.csv"][0]
    assert row == {
        "order_id": "c1",
        "conversion_date_time": "2026-08-03T10:02:00-04:00",
        "gclid": "",
        "gbraid": "xyz-1",
        "wbraid": "",
        "hashed_email": "",
        "hashed_phone_number": sha256(NUMBER),
        "conversion_value": "",
        "currency_code": "",
        "ad_user_data": "GRANTED",
        "ad_personalization": "GRANTED",
    }
    assert refused.empty


def test_forms_with_a_click_go_with_their_address():
    """One file for each action; a form without a click or found to be no lead stays away."""
    files, _ = google(
        forms=[
            form(1, "2026-08-03 10:00", value=Decimal(40), currency="USD"),
            form(2, "2026-08-03 11:00", click_id=None),
            form(3, "2026-08-03 12:00", lead_status="not_qualified"),
            form(4, "2026-08-03 13:00", kind="chat"),
        ]
    )
    assert list(files) == ["google-ads-data-manager-form.csv"]
    assert [row["order_id"] for row in files["google-ads-data-manager-form.csv"]] == ["l1"]
    row = files["google-ads-data-manager-form.csv"][0]
    assert (row["gclid"], row["hashed_email"]) == ("form-1", sha256("ann1@example.com"))
    assert (row["conversion_value"], row["currency_code"]) == ("40.00", "USD")


def test_an_order_without_a_call_is_tied_to_its_form():
    """The order knows the e-mail address alone; the form of that address has the click."""
    order = outcomes((None, "2026-08-06 10:00", "250.50")).assign(email="Ann1@example.com")
    files, _ = google(forms=[form(1, "2026-08-03 10:00")], orders=order)
    row = files["google-ads-data-manager-won.csv"][0]
    assert (row["order_id"], row["gclid"]) == ("o0", "form-1")
    assert row["hashed_email"] == sha256("ann1@example.com")
    assert row["conversion_value"] == "250.50"


def test_an_order_of_unknown_value_has_none():
    """What the CRM leaves empty is left empty, in every file."""
    order = outcomes(("p1", "2026-08-06 10:00", "1")).assign(value=None)
    order = schema.conform(order, "outcomes")
    files, _ = google([call(1, "2026-08-03 10:00", click_id="gclid:abc")], orders=order)
    assert files["google-ads-data-manager-won.csv"][0]["conversion_value"] == ""
    found = google_ads_uploads(
        calls(call(1, "2026-08-03 10:00", click_id="gclid:abc")), schema.empty("provider_calls"),
        order, settings(), consent="granted", now=NOW,
    )  # fmt: skip
    assert "0.00" not in found.clicks.csv


def test_the_two_calls_of_a_repeated_hour_have_their_offsets():
    """Half past one comes twice on 1 November 2026."""
    rows = []
    for number, utc in ((1, "05:28"), (2, "06:28")):
        row = call(number, "2026-11-01 00:00", click_id="gclid:same", caller_number=NUMBER)
        rows.append(row | {"started_at": pd.Timestamp(f"2026-11-01 {utc}", tz="UTC")})
    files, refused = google(rows, now=pd.Timestamp("2026-12-01", tz="UTC"))
    times = [row["conversion_date_time"] for row in files["google-ads-data-manager-qualified.csv"]]
    assert times == ["2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"]
    assert refused.empty


@pytest.mark.parametrize("platform", ["google", "microsoft"])
def test_without_consent_nothing_of_a_person_is_sent(platform):
    """Only the click goes; a call without one is listed with that reason."""
    channel, click = {
        "google": ("google_ads", "gclid:abc"),
        "microsoft": ("microsoft_ads", "msclkid:abc"),
    }[platform]
    rows = [
        call(1, "2026-08-03 10:00", caller_number=NUMBER, channel=channel, click_id=click),
        call(2, "2026-08-04 10:00", caller_number=NUMBER, channel=channel),
    ]
    if platform == "google":
        files, refused = google(rows, consent="denied")
        sent = files["google-ads-data-manager-qualified.csv"]
    else:
        _, sent, refused = microsoft(rows, consent="denied")
    assert len(sent) == 1
    assert "abc" in sent[0].values()
    assert sha256(NUMBER) not in str(sent)
    assert refused["call_id"].tolist() == ["c2"]
    assert "did not agree" in refused["reason"][0]


def test_microsofts_file_is_its_template():
    """The parameters row, the header, UTC as Microsoft writes it, hashes beside the click id."""
    order = outcomes(("p1", "2026-08-06 20:30", "250.50"))
    row = call(
        1, "2026-08-03 10:00", channel="microsoft_ads", click_id="msclkid:f894f652",
        caller_number=NUMBER,
    )  # fmt: skip
    first, sent, refused = microsoft([row], orders=order)
    assert first == "Parameters:TimeZone=+0000"
    assert list(sent[0].values()) == [
        "f894f652", "Qualified call", "8/3/2026 2:02:00 PM", "", "", "", sha256(NUMBER),
    ]  # fmt: skip
    assert sent[1]["Conversion Time"] == "8/7/2026 12:30:00 AM"
    assert (sent[1]["Conversion Value"], sent[1]["Conversion Currency"]) == ("250.50", "USD")
    assert list(sent[0])[:5] == [
        "Microsoft Click ID", "Conversion Name", "Conversion Time", "Conversion Value",
        "Conversion Currency",
    ]  # fmt: skip
    assert refused.empty


def test_microsoft_hears_of_its_own_clicks_only_and_without_empty_columns():
    """A Google call is not in it; where nothing is hashed, the columns for it are not there."""
    ours = call(1, "2026-08-03 10:00", channel="other", click_id="msclkid:abc")
    _, sent, refused = microsoft([ours, call(2, "2026-08-03 10:00", click_id="gclid:abc")])
    assert [row["Microsoft Click ID"] for row in sent] == ["abc"]
    assert len(sent[0]) == 5
    assert refused.empty


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({}, "no click id from Microsoft"),
        ({"click_id": "gclid:abc"}, "no click id from Microsoft"),
        ({"click_id": "msclkid:=1+1"}, "no click id from Microsoft"),
        ({"at": "2026-05-01 10:00", "click_id": "msclkid:abc"}, "more than 90 days"),
        ({"at": "2026-08-21 10:00", "click_id": "msclkid:abc"}, "in the future"),
        ({"at": "2026-08-20 07:30", "click_id": "msclkid:abc"}, "less than an hour"),
    ],
)
def test_rows_that_microsoft_would_not_count_are_listed(row, reason):
    """Without an identifier, too old, in the future, too soon after the click."""
    given = {"at": "2026-08-03 10:00", "channel": "microsoft_ads", **row}
    _, sent, refused = microsoft([call(1, given.pop("at"), **given)])
    assert sent == []
    assert re.search(reason, refused["reason"][0])


def test_a_second_conversion_of_one_click_and_time_is_listed():
    """Microsoft ignores it, so it is said."""
    orders = outcomes(("p1", "2026-08-06 10:00", "250"), ("p1", "2026-08-06 10:00", "90"))
    row = call(1, "2026-08-03 10:00", channel="microsoft_ads", click_id="msclkid:abc")
    _, sent, refused = microsoft([row], orders=orders)
    assert [line["Conversion Value"] for line in sent] == ["", "250.00"]
    assert "only the first" in refused["reason"][0]
