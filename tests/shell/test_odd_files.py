"""One odd file never stops the others, and is not tried again before it changes."""

from __future__ import annotations

import io
import json
import os
import random
import time
import zipfile

import pandas as pd
import pytest

from calltrack_nb import providers
from calltrack_nb.errors import CalltrackError, visible
from calltrack_nb.settings import Settings
from calltrack_nb.testing import FakeTranscriber
from calltrack_nb.transcription.provided import CallFacts, provided_transcript
from calltrack_nb.workspace import importing, leftovers, pipeline
from calltrack_nb.workspace.doctor import diagnose
from tests.shell.conftest import write_log


def test_a_reader_that_breaks_is_a_problem_of_its_file(workspace, monkeypatch):
    """Whatever a reader raises is told of that file; the others are imported."""
    for name in ("a", "b", "c"):
        write_log(workspace.raw / f"{name}.csv", [f"{name}.mp3"])
    opened = providers.open_source

    def breaking(path, *args, **options):
        if path.stem in ("a", "b"):
            raise {"a": RecursionError, "b": MemoryError}[path.stem]("no more \x1b[2J")
        return opened(path, *args, **options)

    monkeypatch.setattr(providers, "open_source", breaking)
    report = importing.import_files(workspace, sorted(workspace.raw.iterdir()))
    assert len(workspace.calls()) == 1
    assert ["RecursionError" in report.problems[0], "memory" in report.problems[1]] == [True, True]
    assert "\x1b" not in "".join(report.problems)


def test_a_file_that_failed_is_not_tried_again_before_it_changes(workspace, monkeypatch):
    """The second run does not open it and says the same; changed, touched or --again, it does."""
    path = workspace.raw / "bad.csv"
    path.write_text("size,colour\n42,red\n")
    tried = []
    opened = providers.open_source
    monkeypatch.setattr(
        providers, "open_source", lambda *args, **said: [tried.append(1), opened(*args, **said)][1]
    )

    def problems(**options):
        return importing.import_files(workspace, [path], **options).problems

    first = problems()
    assert (problems(), len(tried)) == (first, 1)
    assert "bad.csv is left out" in diagnose(workspace).text
    problems(again=True)
    os.utime(path, (1, 1))
    problems()
    assert len(tried) == 3
    write_log(path, ["a.mp3"])
    assert problems() == ()
    assert "left out" not in diagnose(workspace).text


def test_two_files_of_one_content_are_read_once(workspace):
    """A copy of an export beside it is no fault of either, also where it is read again."""
    for name in ("a", "b"):
        write_log(workspace.raw / f"{name}.csv", ["a.mp3"])
    for again in (False, True):
        report = importing.import_files(workspace, pipeline.exports_in(workspace), again=again)
        assert report.problems == ()
        assert [file.seen_before for file in report.files] == [False, True]
    assert len(workspace.calls()) == 1


def test_what_a_killed_run_left_goes_with_the_next(workspace, tmp_path, monkeypatch):
    """Drafts and folders of runs that are gone are removed; what lives, or is a user's, stays."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone, old = tmp_path / "calltrack-run-gone", time.time() - 3600
    gone.mkdir()
    (gone / "held").touch()
    (workspace.folder / "exports").mkdir()
    drafts = [
        workspace.folder / ".themes.toml.0a1b2c3d",
        workspace.recordings / ".a.mp3.0a1b2c3d",
        workspace.state / ".secret.0a1b2c3d",
        workspace.reports / ".page.html.0a1b2c3d",
    ]
    kept = [
        workspace.raw / "tmpab12cd34",
        workspace.raw / ".callrail-2026-07-01-2026-07-31.partial",
        workspace.exports / ".being-written.csv.0a1b2c3d",
    ]
    workspace.state.mkdir(exist_ok=True)
    for path in (*drafts, *kept):
        path.write_text("x")
    os.utime(drafts[-1], (old, old))
    with leftovers.scratch() as alive, workspace.lock():
        assert alive.is_dir()
    assert not any(path.exists() for path in (*drafts, gone))
    assert all(path.exists() for path in kept)
    assert not alive.exists()


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"speaker": "agent", "text": "a cake \ud83d", "start": 0, "end": 1}]),
        json.dumps([{"speaker": "agent", "text": "a cake", "start": 10**400, "end": 1}]),
        json.dumps([{"speaker": "agent", "text": "a cake", "end": 2.5}]),
        json.dumps([{"speaker": "agent", "text": "a cake", "start": 1e999}]),
    ],
)
def test_odd_transcripts_are_kept_or_refused(text):
    """A cut emoji and times that are none stop no run: what is made can be written down."""
    made = provided_transcript(text, CallFacts(), origin="file")
    assert "a cake" in made.to_json().encode().decode()


def test_a_transcript_or_recording_that_breaks_its_reader_leaves_the_others(shop, monkeypatch):
    """One call's reader breaks; its problem is told, the others are read, and it is not retried."""
    from calltrack_nb.transcription import batch
    from calltrack_nb.workspace import provided

    importing.import_files(shop, pipeline.exports_in(shop))
    (shop.recordings / "missing.txt").write_text("Agent: Hello.\nCustomer: I want a cake!\n")
    (shop.recordings / "cut.txt").write_text("Agent: Hello.\nCustomer: Hi!\n")
    reading, hearing, heard = provided.provided_transcript, batch.transcribe_prepared, []

    def breaking(text, call, **said):
        if "cake" in text:
            raise KeyError("odd")
        return reading(text, call, **said)

    def deaf(prepared, *args):
        heard.append(len(prepared))
        if len(prepared) > 1 or len(heard) == 2:
            raise ZeroDivisionError
        return hearing(prepared, *args)

    monkeypatch.setattr(provided, "provided_transcript", breaking)
    monkeypatch.setattr(batch, "transcribe_prepared", deaf)
    step = pipeline.transcribe_calls(shop, engine=FakeTranscriber())
    told = "\n".join(step.problems)
    assert "KeyError" in told
    assert "ZeroDivisionError" in told
    kept = shop.table("recordings").set_index("call_id")["transcript_key"].dropna()
    assert len(kept) == 2  # one recording, and the transcript in cut.txt
    heard.clear()
    assert pipeline.transcribe_calls(shop, engine=FakeTranscriber()).problems == step.problems
    assert sum(heard) == 0


def test_a_report_goes_on_with_what_is_there(shop, monkeypatch):
    """A step that breaks off says so; the steps after it do their work."""
    (shop.folder / "themes.toml").write_text("[names\n")
    done = pipeline.bring_up_to_date(shop, engine=FakeTranscriber())
    assert [step.broken_off for step in done.steps] == [False, False, True]
    assert "theme names" in done.problems[-1]

    def breaking(*_):
        raise UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "surrogates not allowed")

    monkeypatch.setattr(pipeline, "take_provided", breaking)
    (shop.folder / "themes.toml").unlink()
    done = pipeline.bring_up_to_date(shop, engine=FakeTranscriber())
    assert [step.broken_off for step in done.steps] == [False, True, False]
    assert "please report it" in done.problems[-1]


LOG = b"Call Status,Start Time,Duration (seconds),Phone Number,Name,First-Time Caller\n" + b"".join(
    b"Answered Call,2026-08-%02d 09:12:33,9%d,(404) 555-12%02d,Ann,Yes\n" % (n, n, n)
    for n in range(1, 9)
)
SAID = json.dumps(
    {
        "call_id": "X1",
        "duration": 10,
        "transcript": [
            {"speaker": "agent", "start": 0.1, "end": 1, "text": "Hello", "confidence": 0.9},
            {"speaker": "caller", "start": 1.5, "end": "2", "words": [{"word": "Hi", "end": 2}]},
        ],
    }
).encode()
ODD = (
    b"\\ud83d", b"\x00", b"\xed\xa0\xbd", b"9" * 400, b"1e999", b"NaN", b"null", b"[" * 2000, b'"',
    b"\r", b"0001-01-01", b"9999-12-31 23:59:59", b"-1", b"<!--", b"&#xD800;", b"\x1b[2J", b"{}",
    b"[]", b",", b"2026-02-30", b"\xff\xfe", b"\xe2\x80\xa8",
)  # fmt: skip


def packed(data: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("calls.csv", data)
    return content.getvalue()


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Cut, copy, overwrite and put odd things into some bytes."""
    for _ in range(rng.choice((1, 2, 5, 20))):
        at = rng.randrange(len(data) or 1)
        end = at + rng.choice((0, 1, 9, 99))
        middle = rng.choice((b"", rng.choice(ODD), rng.randbytes(1), data[at:end] * 2))
        data = data[:at] + middle + data[end:]
    return data


def test_mutated_files_are_read_or_refused(tmp_path):
    """For some seconds: exports, archives and transcripts mangled at random raise our errors."""
    rng = random.Random(20261128)
    frame = pd.read_csv(io.BytesIO(LOG), dtype=str)
    table, book = io.BytesIO(), io.BytesIO()
    frame.to_parquet(table)
    frame.to_excel(book, index=False)
    calls = json.dumps({"calls": frame.to_dict("records")}).encode()
    logs = (LOG, calls, table.getvalue(), book.getvalue(), packed(LOG), frame.to_html().encode())
    path, end = tmp_path / "log", time.monotonic() + 3.0
    while time.monotonic() < end:
        path.write_bytes(mutated(rng.choice(logs), rng))
        try:
            for batch in providers.read(path, Settings()):
                assert batch.rows_read >= batch.rows_lost
        except CalltrackError as error:
            assert visible(str(error)) == str(error)  # noqa: PT017 - one of two right answers
        for _ in range(20):
            text = mutated(SAID, rng).decode("utf-8", "replace")
            try:
                made = provided_transcript(text, CallFacts(duration_s=10.0), origin="file")
                made.to_json().encode()
            except CalltrackError as error:
                assert str(error)  # noqa: PT017 - and so here
