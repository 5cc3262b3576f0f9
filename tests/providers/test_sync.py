"""Synchronising with the providers' APIs, on servers that answer as they do."""

from __future__ import annotations

import datetime as dt
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import calltrack_nb
from calltrack_nb.errors import RecordingError, SourceError
from calltrack_nb.providers import clients
from calltrack_nb.providers.clients.recordings import Access
from calltrack_nb.workspace import sync
from tests.providers.vendors import Vendor, callrail, callrail_call, serving

SINCE, UNTIL = dt.date(2026, 7, 1), dt.date(2026, 7, 31)
FAST = clients.Patience(attempts=4, first_s=0.01, most_s=0.02)
CALLS = [callrail_call(number) for number in range(1, 24)]


def callrail_client(vendor: Vendor) -> clients.CallRailClient:
    return clients.CallRailClient("ACC1", "the-key", f"{vendor.base}/v3", FAST)


def run(workspace, client, **options):
    return sync.sync(
        workspace,
        client.provider,
        options.pop("since", SINCE),
        until=options.pop("until", UNTIL),
        client=client,
        recordings=False,
        **options,
    )


def test_every_page_is_fetched_and_imported_once(workspace):
    """All pages become calls; a second run fetches the overlap and adds nothing."""
    with serving(callrail(CALLS, 5)) as vendor:
        report = run(workspace, callrail_client(vendor))
        again = run(workspace, callrail_client(vendor), since=None)
    assert report.fetched == 23
    assert report.problems == ()
    assert set(workspace.calls()["call_id"]) == {f"callrail:CAL{n}" for n in range(1, 24)}
    assert again.imported.files[-1].rows_kept == 0
    assert len(workspace.calls()) == 23
    assert vendor.headers[0]["Authorization"] == 'Token token="the-key"'
    assert "start_date=2026-07-28" in vendor.requests[5]


@pytest.mark.parametrize("mishap", ["429", "500", "half", "cut"])
def test_a_failing_answer_is_asked_for_again(workspace, mishap):
    """Too many requests, server errors and bodies cut off on the way are overcome."""
    with serving(callrail(CALLS, 10)) as vendor:
        vendor.mishaps += [mishap, mishap]
        report = run(workspace, callrail_client(vendor))
    assert report.problems == ()
    assert len(workspace.calls()) == 23
    assert len(vendor.requests) == 5


def test_what_was_fetched_is_kept_when_a_provider_stops_answering(workspace):
    """After two pages the provider fails for good; the next run fetches only the rest."""
    steady, broken = callrail(CALLS, 5)["/v3/a/"], True

    def answer(request):
        if broken and len(request.vendor.requests) > 2:
            request.give(b"oops", status=500)
        else:
            steady(request)

    with serving({"/v3/a/": answer}) as vendor:
        report = run(workspace, callrail_client(vendor))
        assert "does not answer" in report.problems[0]
        broken, asked = False, len(vendor.requests)
        report = run(workspace, callrail_client(vendor), since=None)
    assert report.problems == ()
    assert len(workspace.calls()) == 23
    assert "offset=10" in vendor.requests[asked]


KILLED = """
import datetime as dt, sys
from calltrack_nb import open_workspace
from calltrack_nb.providers import clients
from calltrack_nb.workspace import sync
client = clients.CallRailClient("ACC1", "the-key", sys.argv[2] + "/v3")
sync.sync(open_workspace(sys.argv[1]), "callrail", dt.date(2026, 7, 1),
          until=dt.date(2026, 7, 31), client=client, recordings=False)
"""


@pytest.mark.slow
def test_a_process_killed_between_pages_loses_and_doubles_nothing(workspace):
    """Killed twice on the way, the run that is left alone has every call once."""
    answer = callrail(CALLS, 4)["/v3/a/"]

    def slow(request):
        time.sleep(0.25)
        answer(request)

    with serving({"/v3/a/": slow}) as vendor:
        for stop in (2, 4):
            process = subprocess.Popen(
                [sys.executable, "-c", KILLED, str(workspace.folder), vendor.base]
            )
            while len(vendor.requests) < stop and process.poll() is None:
                time.sleep(0.01)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        before = len(vendor.requests)
        partial = next((workspace.raw / "api").glob(".*.partial"))
        with partial.open("ab") as file:
            file.write(b'{"id": "CAL half written')
        subprocess.run(
            [sys.executable, "-c", KILLED, str(workspace.folder), vendor.base], check=True
        )
        after = len(vendor.requests) - before
    assert sorted(workspace.calls()["call_id"]) == sorted(f"callrail:CAL{n}" for n in range(1, 24))
    assert after < 6
    assert len(workspace.table("quarantine")) == 0


def test_whatconverts_pages_and_ranges(workspace):
    """Leads come by numbered pages, in ranges of at most 400 days, as calls and leads."""
    spans = []

    def answer(request):
        spans.append((request.query["start_date"][:10], request.query["end_date"][:10]))
        number = int(request.query["page_number"])
        lead = {
            "lead_id": 10 * len(spans) + number,
            "lead_type": "Phone Call" if number == 1 else "Web Form",
            "lead_status": "Unique",
            "date_created": f"{request.query['start_date'][:10]}T10:00:00Z",
            "quotable": "Yes",
        }
        request.give_json({"page_number": number, "total_pages": 2, "leads": [lead]})

    with serving({"/leads": answer}) as vendor:
        client = clients.WhatConvertsClient("token", "secret", vendor.base, FAST)
        run(workspace, client, since=dt.date(2024, 1, 1), until=dt.date(2026, 7, 31))
    days = [
        (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days for first, last in spans
    ]
    assert max(days) == 399
    assert (spans[0][0], spans[-1][1]) == ("2024-01-01", "2026-07-31")
    assert len(workspace.calls()) == 3
    assert len(workspace.table("leads")) == 3
    assert vendor.headers[0]["Authorization"].startswith("Basic ")


def test_calltrackingmetrics_asks_a_day_more_on_either_side(workspace):
    """The account's zone is not known, so the range is widened; next_page is followed."""

    def answer(request):
        number = int(request.query.get("page", "1"))
        call = {
            "id": number,
            "unix_time": 1782915060 + number * 3600,
            "caller_number": "+14045551234",
            "tracking_number": "+12125550111",
            "direction": "inbound",
            "talk_time": 30,
            "duration": 40,
            "dial_status": "answered",
        }
        following = f"{request.vendor.base}/accounts/7/calls?page=2" if number == 1 else None
        request.give_json({"calls": [call], "next_page": following})

    with serving({"/accounts/7/calls": answer}) as vendor:
        client = clients.CallTrackingMetricsClient("7", "access", "secret", vendor.base, FAST)
        run(workspace, client)
    assert "start_date=2026-06-30" in vendor.requests[0]
    assert "end_date=2026-08-01" in vendor.requests[0]
    assert len(workspace.calls()) == 2


def test_twilio_legs_and_recordings_are_one_call(workspace):
    """Parent, child and recording come from two lists and make one call."""
    parent = {
        "sid": "CA1",
        "parent_call_sid": None,
        "from": "+14045551234",
        "to": "+12125550111",
        "start_time": "Wed, 01 Jul 2026 20:36:28 +0000",
        "duration": "95",
        "status": "completed",
        "direction": "inbound",
    }
    child = {**parent, "sid": "CA2", "parent_call_sid": "CA1", "to": "+12125550100"}
    child |= {"duration": "80", "direction": "outbound-dial"}
    tape = {
        "sid": "RE1",
        "call_sid": "CA1",
        "start_time": "Wed, 01 Jul 2026 20:36:41 +0000",
        "duration": "79",
        "channels": 2,
        "status": "completed",
        "media_url": "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1",
    }
    start = "/2010-04-01/Accounts/AC1"

    def calls(request):
        second = f"{start}/Calls.json?PageToken=2"
        first = "PageToken" not in request.query
        request.give_json(
            {"calls": [parent if first else child], "next_page_uri": second if first else None}
        )

    routes = {
        f"{start}/Calls.json": calls,
        f"{start}/Recordings.json": lambda request: request.give_json(
            {"recordings": [tape], "next_page_uri": None}
        ),
    }
    with serving(routes) as vendor:
        client = clients.TwilioClient("AC1", "token", vendor.base, FAST)
        report = run(workspace, client)
    assert report.fetched == 3
    call = workspace.calls().iloc[0]
    assert len(workspace.calls()) == 1
    assert (call["call_id"], call["duration_s"], call["talk_s"]) == ("twilio:CA1", 95, 80)
    assert call["recording"] == tape["media_url"]
    assert "StartTime%3E=2026-07-01" in vendor.requests[0]


def test_a_wrong_key_is_said_and_never_shown(workspace):
    """Neither the message nor any representation holds the key."""
    with serving({"/v3/a/": lambda request: request.give(b"", status=401)}) as vendor:
        client = callrail_client(vendor)
        report = run(workspace, client)
    assert "does not accept the key" in report.problems[0]
    assert "the-key" not in report.problems[0] + repr(client) + repr(report)
    assert len(vendor.requests) == 1


def test_a_next_page_on_another_host_is_refused(workspace):
    """The key does not follow an address to a host that is not the provider's."""

    def answer(request):
        request.give_json(
            {"calls": CALLS[:1], "has_next_page": True, "next_page": "http://127.0.0.2:1/steal"}
        )

    with serving({"/v3/a/": answer}) as vendor:
        report = run(workspace, callrail_client(vendor))
    assert "another server" in report.problems[0]


def test_the_hourly_limit_is_kept():
    """The request above the limit waits until the hour of the first is over."""
    waits = []
    with serving({"/ok": lambda request: request.give_json({})}) as vendor:
        http = clients.Http(vendor.base, per_hour=2, patience=FAST, sleep=waits.append)
        for _ in range(3):
            http.get("ok")
    assert len(waits) == 1
    assert 3590 < waits[0] <= 3600


def test_keys_come_from_the_environment(workspace, monkeypatch):
    """Without a key the message names the variable; with one a client is made."""
    monkeypatch.delenv("CALLTRACK_WHATCONVERTS_TOKEN", raising=False)
    monkeypatch.setattr("keyring.get_password", lambda *_: None)
    with pytest.raises(SourceError, match="CALLTRACK_WHATCONVERTS_TOKEN"):
        sync.open_client(workspace, "whatconverts")
    monkeypatch.setenv("CALLTRACK_WHATCONVERTS_TOKEN", "one")
    monkeypatch.setenv("CALLTRACK_WHATCONVERTS_SECRET", "two")
    assert sync.open_client(workspace, "whatconverts").provider == "whatconverts"
    with pytest.raises(SourceError, match="no API"):
        sync.open_client(workspace, "carrier-pigeon")


# -- recordings -----------------------------------------------------------------------


def download(url: str, **options) -> bytes:
    target = io.BytesIO()
    clients.download_recording(url, target, hosts=options.pop("hosts", ()), **options)
    return target.getvalue()


def test_recordings_come_from_known_hosts_only():
    """Another host, a look-alike and plain http are refused before anything is asked."""
    hosts = clients.RECORDING_HOSTS["callrail"]
    for url in (
        "https://evil.example/a.mp3",
        "https://notcallrail.com/a.mp3",
        "https://app.callrail.com.evil.example/a.mp3",
        "http://app.callrail.com/a.mp3",
        "file:///etc/passwd",
        "https://127.0.0.1/a.mp3",
    ):
        with pytest.raises(RecordingError):
            download(url, hosts=hosts)


def test_a_private_address_is_refused_by_where_it_leads(monkeypatch):
    """A host that passes by name is refused when the machine behind it is private."""
    from calltrack_nb.providers.clients import recordings

    with serving({"/a.mp3": lambda request: request.give(b"audio")}) as vendor:
        url = f"{vendor.base}/a.mp3"
        assert download(url, allowed=["127.0.0.1"]) == b"audio"
        checked = recordings._checked
        monkeypatch.setattr(
            recordings, "_checked", lambda url, hosts, allowed: checked(url, (), ["127.0.0.1"])
        )
        with pytest.raises(RecordingError, match="private address"):
            download(url)


def test_a_redirect_may_not_leave_the_hosts():
    """An allowed host that leads on to another is not followed there."""

    def away(request):
        request.give(
            b"", status=302, headers={"Location": "http://169.254.169.254/latest/meta-data"}
        )

    with serving({"/a.mp3": away}) as vendor, pytest.raises(RecordingError, match="https only"):
        download(f"{vendor.base}/a.mp3", allowed=["127.0.0.1"])


def test_the_key_stays_with_its_host():
    """The key is sent to the provider's host, and not where that host leads on to."""
    with serving({"/tape": lambda request: request.give(b"audio")}) as store:

        def lead_on(request):
            request.give_json({"url": store.base.replace("127.0.0.1", "localhost") + "/tape"})

        with serving({"/recording.json": lead_on}) as vendor:
            access = Access("127.0.0.1", {"Authorization": "secret"})
            audio = download(
                f"{vendor.base}/recording.json", allowed=["127.0.0.1", "localhost"], access=access
            )
    assert audio == b"audio"
    assert vendor.headers[0]["Authorization"] == "secret"
    assert "Authorization" not in store.headers[0]


@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [(b"x" * 3000, "audio/mpeg", "larger"), (b"<html>", "text/html", "not a recording")],
)
def test_recordings_that_are_too_large_or_no_audio(body, kind, says):
    """Neither is kept, and the message says which it was."""
    routes = {"/a.mp3": lambda request: request.give(body, headers={"Content-Type": kind})}
    with serving(routes) as vendor, pytest.raises(RecordingError, match=says):
        download(f"{vendor.base}/a.mp3", allowed=["127.0.0.1"], most_bytes=2000)


def test_a_recording_that_lies_there_under_its_addresses_name_is_not_fetched(workspace):
    """What was put into the folder by hand, with an ending the address lacks, is there."""
    (Path(workspace.recordings) / "REabc.mp3").write_bytes(b"audio")
    call = {**callrail_call(1), "recording": "https://api.callrail.com/Recordings/REabc"}
    with serving(callrail([call], 9)) as api:
        report = sync.sync(workspace, "callrail", SINCE, until=UNTIL, client=callrail_client(api))
    assert report.recordings == 0
    assert report.problems == ()


def test_recordings_are_named_for_their_calls(workspace):
    """What the calls name is downloaded once, and what fails leaves no file behind."""
    toml = workspace.folder / "calltrack.toml"
    text = toml.read_text(encoding="utf-8") + '\n[sources]\nrecording_hosts = ["127.0.0.1"]\n'
    toml.write_text(text, encoding="utf-8")
    workspace = type(workspace)(workspace.folder)
    with serving({"/good.mp3": lambda request: request.give(b"audio")}) as vendor:
        calls = [
            {**callrail_call(1), "recording": f"{vendor.base}/good.mp3"},
            {**callrail_call(2), "recording": f"{vendor.base}/gone.mp3"},
        ]
        with serving(callrail(calls, 9)) as api:
            client = callrail_client(api)
            options = {"until": UNTIL, "client": client}
            report = sync.sync(workspace, "callrail", SINCE, **options)
            again = sync.sync(workspace, "callrail", SINCE, **options)
    assert report.recordings == 1
    assert "CAL2" in report.problems[0]
    assert again.recordings == 0
    files = [path.name for path in Path(workspace.recordings).iterdir()]
    assert files == ["callrail_CAL1.mp3"]


def test_recordings_of_an_imported_export_are_fetched(workspace):
    """Links of any export are followed where the host is allowed; reasons are told once."""
    toml = workspace.folder / "calltrack.toml"
    text = toml.read_text(encoding="utf-8") + '\n[sources]\nrecording_hosts = ["127.0.0.1"]\n'
    toml.write_text(text, encoding="utf-8")
    bench = calltrack_nb.open(workspace.folder)
    with serving({"/1.mp3": lambda request: request.give(b"audio")}) as vendor:
        links = [f"{vendor.base}/1.mp3", *(f"{vendor.base}/gone/{n}.mp3" for n in range(5))]
        links.append("https://files.example.net/x.mp3")
        rows = [
            f"2026-08-{day:02} 10:00,(404) 555-01{day:02},inbound,answered,60,{link}"
            for day, link in enumerate(links, start=1)
        ]
        header = "started_at,caller_number,direction,status,duration_s,recording"
        (bench.raw / "log.csv").write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        bench.import_files()
        first, again = bench.fetch(), bench.fetch()
    assert (first.recordings, again.recordings) == (1, 0)
    assert "2 calls more: The provider refuses the recording (status 404)" in "\n".join(
        first.problems
    )
    assert any("recording_hosts" in problem for problem in first.problems)
    assert len(first.problems) == 5  # three of a reason, how many more there are, the other host
