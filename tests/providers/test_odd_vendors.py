"""Providers' servers that answer oddly, slowly, in circles or with what they were told."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import json
import time

import pytest

from calltrack_nb.providers import clients
from calltrack_nb.providers.clients import http
from calltrack_nb.workspace import importing, sync
from tests.providers.vendors import callrail, callrail_call, serving

KEY = "sk-very/secret+key"
SINCE, UNTIL = dt.date(2026, 7, 1), dt.date(2026, 7, 31)
FAST = clients.Patience(attempts=2, first_s=0.01, most_s=0.02)
CALLS = [callrail_call(number) for number in range(1, 6)]


@pytest.fixture(autouse=True)
def only_fetched(monkeypatch):
    """Leave what was fetched where it is: how it is imported is another test's."""
    nothing = importing.ImportReport(())
    monkeypatch.setattr(sync.importing, "import_files", lambda *_: nothing)


def fetched(workspace) -> set[str]:
    files = (workspace.raw / "api").glob("callrail-*.json")
    lines = [line for path in files for line in path.read_text().splitlines()]
    return {json.loads(line)["id"] for line in lines}


def run(workspace, vendor, patience=FAST):
    client = clients.CallRailClient("ACC1", KEY, f"{vendor.base}/v3", patience)
    return sync.sync(workspace, "callrail", SINCE, until=UNTIL, client=client, recordings=False)


def problem_of(workspace, give, **options):
    with serving({"/v3/a/": give}) as vendor:
        (problem,) = run(workspace, vendor, **options).problems
    return problem


@pytest.mark.parametrize(
    "body",
    [
        b"[]", b"null", b'"calls"', b"3", b"{}", b'{"calls": {}}', b'{"calls": [1]}',
        b'{"calls": [], "has_next_page": true}', b"[" * 100_000, b"\xff\xfe\x00",
        b'{"calls": [], "has_next_page": true, "next_page": 3}',
        b'{"calls": [], "has_next_page": true, "next_page": "https://[x"}',
        b'{"calls": [], "has_next_page": true, "next_page": "a\\nb \\u001b[2J"}',
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_told_and_mends_itself(workspace, body):
    """It is one line, whatever it is; the next run, with right answers, has every call."""
    problem = problem_of(workspace, lambda request: request.give(body))
    assert "provider" in problem
    assert "report it" not in problem
    assert problem.isprintable()
    with serving(callrail(CALLS, 2)) as vendor:
        assert run(workspace, vendor).problems == ()
    assert fetched(workspace) == {call["id"] for call in CALLS}


def test_what_a_server_echoes_of_the_key_is_nowhere(workspace):
    """In whatever form it comes back, refused or among the records, no line and no file has it."""
    pair = base64.b64encode(f"ACC1:{KEY}".encode()).decode()
    echo = f"no such token {KEY} sk-very%2Fsecret%2Bkey \x1b[2J"

    def refuse(request):
        request.give(echo.encode(), status=400)

    problem = problem_of(workspace, refuse)
    assert "status 400" in problem
    call = {**callrail_call(1), KEY: KEY, "note": echo, "source": f"x {KEY}"}
    with serving(callrail([call], 2)) as vendor:
        report = run(workspace, vendor)
    told = "\n".join((problem, report.text, *report.details, *report.problems))
    kept = b"".join(path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file())
    assert fetched(workspace) == {"CAL1"}
    for form in (KEY, "sk-very%2Fsecret%2Bkey", json.dumps(KEY)[1:-1]):
        assert form not in told
        assert form.encode() not in kept
    assert "\x1b" not in problem
    secret = http.Http("http://a.example", auth=("ACC1", KEY), secrets=(KEY,))
    assert secret._without_secrets(pair.encode()) == b"***"


def test_pages_that_go_round_in_circles_end_the_run(workspace):
    """The third page leads back to the second: the run ends, says so, and a mended one goes on."""
    circling = True
    steady = callrail(CALLS, 1)["/v3/a/"]

    def give(request):
        if circling and request.query.get("offset") == "2":
            following = f"{request.vendor.base}/v3/a/ACC1/calls.json?offset=1"
            following += "&relative_pagination=true"
            request.give_json({"calls": CALLS[:1], "has_next_page": True, "next_page": following})
        else:
            steady(request)

    with serving({"/v3/a/": give}) as vendor:
        report = run(workspace, vendor)
        assert "in circles" in report.problems[0]
        assert len(vendor.requests) == 3
        circling = False
        assert run(workspace, vendor).problems == ()
    assert fetched(workspace) == {call["id"] for call in CALLS}


@pytest.mark.parametrize(
    "said",
    [
        "no JSON", "[]", '{"provider": "callrail", "cursor": 7}',
        {"done_until": "9999-01-01"}, {"size": 10**9}, {"size": -1}, {"records": "many"},
        {"cursor": "http://127.0.0.1:1/v3/a/gone"}, {"cursor": "a/ACC1/gone"}, {"first": None},
    ],
)  # fmt: skip
def test_a_poisoned_state_recovers(workspace, said):
    """Whatever stands in it, the next run fetches every call."""
    whole = {
        "provider": "callrail", "done_until": None, "first": "2026-07-01", "last": "2026-07-31",
        "cursor": None, "size": 0, "records": 0,
    }  # fmt: skip
    path = workspace.state / "sync" / "callrail.json"
    path.parent.mkdir(parents=True)
    path.write_text(said if isinstance(said, str) else json.dumps(whole | said))
    (workspace.raw / "api").mkdir()
    (workspace.raw / "api" / ".callrail-2026-07-01-2026-07-31.partial").write_bytes(b"")
    routes = callrail(CALLS, 2)
    routes["/v3/a/ACC1/gone"] = lambda request: request.give(b"gone", status=404)
    routes = dict(sorted(routes.items(), reverse=True))
    with serving(routes) as vendor:
        assert run(workspace, vendor).problems == ()
    assert fetched(workspace) == {call["id"] for call in CALLS}


def test_an_answer_that_unpacks_to_more_than_any_page_is_refused(workspace, monkeypatch):
    """It is not unpacked to its end, and one packed several times over is not unpacked at all."""
    monkeypatch.setattr(http, "_MOST_BYTES", 1_000_000)
    bomb = gzip.compress(b" " * 50_000_000)

    def give(request):
        request.give(bomb, headers={"Content-Encoding": "gzip"})

    assert "too large" in problem_of(workspace, give)
    packed = gzip.compress(bomb)
    twice = {"Content-Encoding": "gzip, gzip"}
    assert "too large" in problem_of(workspace, lambda request: request.give(packed, headers=twice))


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_server_that_never_ends_is_left(workspace, where):
    """A byte now and then, of the headers or of the body, does not hold a run for ever."""

    def drip(request):
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if where == "body":
            request.wfile.write(b"Content-Length: 9999\r\n\r\n")
        for _ in range(60):
            try:
                request.wfile.write(b"x")
                request.wfile.flush()
            except OSError:
                break
            time.sleep(0.05)
        request.close_connection = True

    began = time.monotonic()
    patience = clients.Patience(attempts=1, answer_s=0.3)
    assert "does not answer" in problem_of(workspace, drip, patience=patience)
    assert time.monotonic() - began < 2.5
