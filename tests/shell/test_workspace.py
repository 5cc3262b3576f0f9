"""The workspace keeps what it is given, whole, and says clearly what it lacks."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from calltrack_nb import Period, Workspace, init_workspace, open_workspace, schema
from calltrack_nb.errors import (
    RecordingNotFound,
    TableError,
    WorkspaceBusy,
    WorkspaceError,
)
from calltrack_nb.workspace.writing import replacing


def some_calls(*starts: str) -> pd.DataFrame:
    """Make one call per start, in UTC."""
    return schema.conform(
        pd.DataFrame(
            {
                "account": "main",
                "call_id": [f"callrail:{number}" for number in range(len(starts))],
                "provider": "callrail",
                "started_at": pd.to_datetime(list(starts), utc=True, format="ISO8601"),
                "duration_s": 30.0,
                "direction": "inbound",
                "lead_status": "unknown",
                "value": [Decimal("12.50")] * len(starts),
                "tags": [["cake", "new"]] * len(starts),
            }
        ),
        "calls",
    )


@pytest.mark.parametrize("name", sorted(schema.TABLES))
def test_every_table_round_trips_while_empty(workspace: Workspace, name: str) -> None:
    """A table stored without rows comes back with its columns and types."""
    workspace.write_table(name, schema.empty(name))
    pd.testing.assert_frame_equal(workspace.table(name), schema.empty(name))


def test_calls_round_trip_with_exact_types(workspace: Workspace) -> None:
    """Money, tags and times come back from disk as they were."""
    calls = some_calls("2026-07-31T12:00Z", "2026-08-01T12:00Z", "2026-09-02T12:00Z")
    workspace.write_table("calls", calls)
    assert [part.stem for part in workspace.parts("calls")] == ["2026-07", "2026-08", "2026-09"]
    pd.testing.assert_frame_equal(workspace.table("calls"), calls)


def test_a_rewritten_table_forgets_the_months_it_no_longer_has(workspace: Workspace) -> None:
    """Replacing the calls leaves no month of the old ones behind."""
    workspace.write_table("calls", some_calls("2026-07-31T12:00Z"))
    workspace.write_table("calls", some_calls("2026-08-31T12:00Z"))
    assert len(workspace.table("calls")) == 1


def test_a_period_is_made_of_local_days(workspace: Workspace) -> None:
    """A call late on the last of August in New York is August's, though September in UTC."""
    workspace.write_table(
        "calls", some_calls("2026-08-01T03:59Z", "2026-09-01T03:30Z", "2026-09-01T04:30Z")
    )
    assert workspace.calls("2026-08")["call_id"].tolist() == ["callrail:1"]
    assert workspace.calls(Period(dt.date(2026, 7, 31), dt.date(2026, 7, 31)))[
        "call_id"
    ].tolist() == ["callrail:0"]
    assert str(workspace.period_of_log()) == "2026-07-31..2026-09-01"


def test_a_period_opens_only_its_months(workspace: Workspace) -> None:
    """Reading August works although June's file is broken."""
    workspace.write_table("calls", some_calls("2026-06-10T12:00Z", "2026-08-10T12:00Z"))
    workspace.parts("calls")[0].write_bytes(b"not parquet")
    assert len(workspace.calls("2026-08")) == 1
    with pytest.raises(TableError, match="Delete the file"):
        workspace.calls("all")


def test_rows_that_break_the_schema_are_not_written(workspace: Workspace) -> None:
    """A call with a malformed number is refused and the old table stays."""
    good = some_calls("2026-08-10T12:00Z")
    workspace.write_table("calls", good)
    with pytest.raises(TableError, match="tracking_number"):
        workspace.write_table("calls", good.assign(tracking_number="0415"))
    pd.testing.assert_frame_equal(workspace.table("calls"), good)


def test_sql_sees_every_table_and_keeps_money_exact(workspace: Workspace) -> None:
    """A query over stored and over empty tables answers with decimals, not floats."""
    workspace.write_table("calls", some_calls("2026-08-10T12:00Z", "2026-08-11T12:00Z"))
    answer = workspace.sql("select sum(value) as total, count(*) as n from calls")
    assert answer["total"].iloc[0] == Decimal(25)
    assert answer["n"].iloc[0] == 2
    assert workspace.sql("select * from spend").empty


def test_a_query_that_is_wrong_says_why(workspace: Workspace) -> None:
    """An unknown column is named in the error."""
    with pytest.raises(WorkspaceError, match="nonsense"):
        workspace.sql("select nonsense from calls")


def test_a_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    """Opening any folder says how to make it a workspace."""
    with pytest.raises(WorkspaceError, match="calltrack init"):
        open_workspace(tmp_path)


def test_the_nearest_workspace_above_is_opened(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook in a folder of the workspace finds it without being told."""
    monkeypatch.delenv("CALLTRACK_WORKSPACE", raising=False)
    monkeypatch.chdir(workspace.folder / "notebooks")
    assert open_workspace().folder == workspace.folder


def test_init_never_overwrites(workspace: Workspace) -> None:
    """A second init of the same folder is refused."""
    with pytest.raises(WorkspaceError, match="not empty"):
        init_workspace(workspace.folder)


def test_a_new_workspace_holds_no_data_but_the_notebooks(workspace: Workspace) -> None:
    """Init makes the folders, readable settings and copies of the notebooks that show nothing."""
    assert workspace.settings.business.name == "shop"
    assert workspace.table("calls").empty
    copies = list((workspace.folder / "notebooks").glob("*.ipynb"))
    assert copies
    assert not [path.name for path in copies if '"output_type"' in path.read_text()]
    with pytest.raises(WorkspaceError, match="calltrack import"):
        workspace.period_of_log()


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    """An error in the middle of writing loses neither the old file nor disk space."""
    path = tmp_path / "file"
    path.write_text("old")

    def break_off() -> None:
        with replacing(path) as draft:
            draft.write(b"half")
            raise OSError(28, "No space left on device")

    with pytest.raises(WorkspaceError, match="No space left"):
        break_off()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_written_can_be_read_by_others(tmp_path: Path) -> None:
    """A file gets the permissions any new file would, so a report can be served."""
    usual = tmp_path / "usual"
    usual.touch()
    with replacing(tmp_path / "file") as draft:
        draft.write(b"shared")
    assert (tmp_path / "file").stat().st_mode == usual.stat().st_mode


def test_only_one_process_at_a_time_updates(workspace: Workspace) -> None:
    """While the workspace is held, a second holder is told to wait."""
    with workspace.lock(), pytest.raises(WorkspaceBusy), Workspace(workspace.folder).lock():
        pass
    with workspace.lock():
        pass


def test_the_secret_is_made_once(workspace: Workspace) -> None:
    """Caller keys stay joinable: the key they are hashed with does not change."""
    assert workspace.secret() == Workspace(workspace.folder).secret()
    assert len(workspace.secret()) == 32


def test_a_missing_recording_says_where_to_put_it(workspace: Workspace) -> None:
    """Asking for the audio of a call without a recording names folder and command."""
    with pytest.raises(RecordingNotFound, match="calltrack transcribe"):
        workspace.recording("callrail:1")


def test_a_disk_that_is_full_leaves_no_half_workspace(tmp_path):
    """Where files cannot be written to their end, init says so and leaves nothing behind."""
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000));"
        "from calltrack_nb.cli import main; sys.argv = ['calltrack', 'init', 'shop']; main()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "The workspace cannot be written" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "shop").exists()
