"""Importing files into a workspace: what goes in, what is joined, what is set aside."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from calltrack_nb.providers.preview import preview_file
from calltrack_nb.settings import Sources
from calltrack_nb.workspace import Workspace, importing

CALLRAIL = (
    "Call Status,Number Name,Tracking Number,Source,Start Time,Duration (seconds),Name,"
    "Phone Number,First-Time Caller,Recording Url,Qualified,Shoe size\n"
)


def export(folder: Path, name: str, *lines: str, header: str = CALLRAIL) -> Path:
    path = folder / name
    path.write_text(header + "".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def answered(
    start: str, caller: str, *, duration: int = 90, tracking: str = "(212) 555-0111"
) -> str:
    return f"Answered Call,Ads,{tracking},Google Ads,{start},{duration},Ann,{caller},,,,42"


def calls_of(workspace: Workspace) -> pd.DataFrame:
    return workspace.calls().drop(columns=["import_id", "row"])


def test_an_export_without_offsets_is_read_in_the_business_zone(workspace, tmp_path):
    """A naive 09:12 in New York's summer is 13:12 UTC, with number, key and channel."""
    path = export(tmp_path, "log.csv", answered("2026-08-01 09:12:33", "(404) 555-1234"))
    report = importing.import_files(workspace, [path])
    call = workspace.calls().iloc[0]
    assert str(call["started_at"]) == "2026-08-01 13:12:33+00:00"
    assert call["caller_number"] == "+14045551234"
    assert call["channel"] == "google_ads"
    assert call["caller_key"]
    assert bool(call["first_call"])
    assert report.files[0].unrecognised == ("Shoe size",)
    assert workspace.table("imports")["unrecognised_columns"].iloc[0] == ["Shoe size"]


def test_importing_twice_changes_nothing(workspace, tmp_path):
    """The same file again is passed over, and its tables stay as they were."""
    path = export(tmp_path, "log.csv", answered("2026-08-01 09:12:33", "(404) 555-1234"))
    importing.import_files(workspace, [path])
    before = workspace.calls()
    report = importing.import_files(workspace, [path])
    assert report.files[0].seen_before
    pd.testing.assert_frame_equal(workspace.calls(), before)


def test_overlapping_exports_do_not_count_a_call_twice(workspace, tmp_path):
    """Two exports that share a day give each of its calls once, and say so."""
    shared = answered("2026-08-02 10:00:00", "(404) 555-0002")
    one = export(tmp_path, "one.csv", answered("2026-08-01 09:00:00", "(404) 555-0001"), shared)
    two = export(tmp_path, "two.csv", shared, answered("2026-08-03 09:00:00", "(404) 555-0003"))
    report = importing.import_files(workspace, [one, two])
    assert len(workspace.calls()) == 3
    assert [file.rows_kept for file in report.files] == [2, 1]
    assert report.files[1].rows_already_known == 1


def test_rows_that_are_read_again_are_not_counted_as_new(workspace, tmp_path):
    """Of a file read under another setting, or corrected, only rows that nobody had are new."""
    days = [answered(f"2026-08-0{day} 09:00:00", f"(404) 555-000{day}") for day in range(1, 5)]
    path = export(tmp_path, "log.csv", *days)
    importing.import_files(workspace, [path])
    zoned = workspace.settings.model_copy(
        update={"sources": Sources(timezones={"callrail": "Asia/Tokyo"})}
    )
    object.__setattr__(workspace, "settings", zoned)
    again = importing.import_files(workspace, [path])
    assert again.text == "0 new rows from 1 file; 4 rows read again."
    assert "0 new, 4 read again" in again.lines[0]
    export(tmp_path, path.name, *days[:3], answered("2026-09-05 09:00:00", "(404) 555-0009"))
    corrected = importing.import_files(workspace, [path])
    assert (corrected.files[0].rows_new, corrected.files[0].rows_read_again) == (1, 3)
    spend = tmp_path / "spend.csv"
    spend.write_text("date,campaign,cost\n2026-07-01,Cakes,1\n")
    importing.import_files(workspace, [spend])
    spend.write_text("date,campaign,cost\n2026-07-01,Cakes,2\n2026-07-02,Cakes,3\n")
    costs = importing.import_files(workspace, [spend])
    assert costs.text == "1 new row from 1 file; 1 row read again."


def test_a_preview_says_how_much_more_would_not_be_read(workspace, tmp_path):
    """Of more values than are shown the rest is counted."""
    lines = [answered("when?", f"(404) 555-01{day}") for day in range(10, 35)]
    lines += [answered(f"2026-08-{day} 09:00:00", "(404) 555-0001") for day in range(1, 29)]
    shown = preview_file(export(tmp_path, "log.csv", *lines), workspace.settings)
    assert shown.text.endswith("and 5 more")
    assert "and 5 more" in shown._repr_html_()


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("caller_number,closed_at,value", "no order counts as won"),
        ("caller_number,closed_at,stage", "these orders bring no revenue"),
        ("closed_at,stage,value", "no call is credited with it"),
    ],
)
def test_orders_say_what_they_lack(workspace, tmp_path, header, said):
    """Orders without a stage, a value or a caller are read, and the import says what that means."""
    cells = {"caller_number": "(404) 555-0142", "closed_at": "2026-08-05", "stage": "won"}
    row = ",".join(cells.get(name, "480") for name in header.split(","))
    report = importing.import_files(
        workspace, [export(tmp_path, "outcomes.csv", row, header=f"{header}\n")]
    )
    assert [line for line in report.lines if said in line]
    assert len([line for line in report.lines if line.startswith("  no column")]) == 1


def test_the_order_of_imports_does_not_matter(tmp_path):
    """Files of two providers and an overlap give the same calls in either order."""
    from calltrack_nb import init_workspace

    lines = [answered(f"2026-08-0{day} 10:00:00", f"(404) 555-000{day}") for day in range(1, 6)]
    one = export(tmp_path, "one.csv", *lines[:3])
    two = export(tmp_path, "two.csv", *lines[2:])
    google = tmp_path / "google.csv"
    google.write_text(
        "Call details report\nAugust 2026\n"
        "Start time,Duration (seconds),Caller country code,Caller area code,"
        "Caller phone number,Status,Call source,Call type,Campaign\n"
        '"Aug 1, 2026, 10:00:09 AM",88,US,404,+14045550001,Received,Ad,Manually dialled,Cakes\n'
        '"Aug 9, 2026, 10:00:09 AM",88,US,404,+14045550009,Received,Ad,Manually dialled,Cakes\n'
        "Total,176,,,,,,,\n",
        encoding="utf-8",
    )
    found = []
    for turn, order in enumerate(([one, two, google], [google, two, one])):
        shop = init_workspace(tmp_path / f"shop{turn}")
        (shop.state).mkdir(parents=True, exist_ok=True)
        (shop.state / "secret").write_bytes(b"the same secret in both")
        for path in order:
            importing.import_files(shop, [path])
        found.append(calls_of(shop))
    pd.testing.assert_frame_equal(found[0], found[1])
    assert len(found[0]) == 6
    joined = found[0][found[0]["caller_number"] == "+14045550001"]
    assert joined["provider"].tolist() == ["callrail"]
    assert joined["campaign"].tolist() == ["Cakes"]


def test_a_bad_file_does_not_stop_the_rest(workspace, tmp_path):
    """An unknown file is one line among the problems; the good one is imported."""
    bad = tmp_path / "shoes.csv"
    bad.write_text("size,colour\n42,red\n", encoding="utf-8")
    good = export(tmp_path, "log.csv", answered("2026-08-01 09:12:33", "(404) 555-1234"))
    report = importing.import_files(workspace, [bad, good, tmp_path / "absent.csv"])
    assert len(workspace.calls()) == 1
    assert len(report.problems) == 2
    assert "shoes.csv" in report.problems[0]
    assert "absent.csv" in report.problems[1]


def test_a_row_that_cannot_be_read_is_quarantined_with_its_reason(workspace, tmp_path):
    """A date that cannot exist loses its row; a number that is none loses only itself."""
    path = export(
        tmp_path,
        "log.csv",
        answered("2026-02-30 09:12:33", "(404) 555-1234"),
        answered("2026-08-01 09:12:33", "soon"),
    )
    report = importing.import_files(workspace, [path])
    notes = workspace.table("quarantine")
    assert report.files[0].rows_quarantined == 1
    assert len(workspace.calls()) == 1
    assert notes["row"].tolist() == [1, 2]
    assert notes["value"].tolist() == ["2026-02-30 09:12:33", "soon"]
    assert "not a time that exists" in notes["reason"].iloc[0]
    assert "kept without it" in notes["reason"].iloc[1]


def test_withheld_callers_never_become_one_repeat_caller(workspace, tmp_path):
    """Anonymous calls have no number, no key and no say on first calls."""
    path = export(
        tmp_path,
        "log.csv",
        answered("2026-08-01 09:12:33", "Anonymous"),
        answered("2026-08-02 09:12:33", "+266696687"),
    )
    importing.import_files(workspace, [path])
    calls = workspace.calls()
    assert len(calls) == 2
    for name in ("caller_number", "caller_key", "first_call"):
        assert calls[name].isna().all()
    assert len(workspace.table("quarantine")) == 0


def test_an_earlier_call_that_comes_in_later_takes_the_first_call(workspace, tmp_path):
    """First calls are counted over all months, whatever month is imported first."""
    late = export(tmp_path, "late.csv", answered("2026-08-01 09:00:00", "(404) 555-0001"))
    early = export(tmp_path, "early.csv", answered("2026-05-01 09:00:00", "(404) 555-0001"))
    importing.import_files(workspace, [late])
    assert workspace.calls()["first_call"].tolist() == [True]
    importing.import_files(workspace, [early])
    assert workspace.calls()["first_call"].tolist() == [True, False]


def test_an_edited_inventory_replaces_what_it_said_before(workspace, tmp_path):
    """A line taken out of numbers.csv is gone after the next import of that file."""
    path = tmp_path / "numbers.csv"
    path.write_text(
        "tracking_number,label,channel\n(212) 555-0111,Ads,google_ads\n"
        "(212) 555-0112,Flyer,Flyer\n",
        encoding="utf-8",
    )
    importing.import_files(workspace, [path])
    numbers = workspace.table("numbers")
    assert numbers["kind"].tolist() == ["local", "local"]
    assert numbers["channel"].tolist() == ["google_ads", "print"]
    path.write_text("tracking_number,label\n(800) 555-0111,Ads\n", encoding="utf-8")
    importing.import_files(workspace, [path])
    numbers = workspace.table("numbers")
    assert numbers["tracking_number"].tolist() == ["+18005550111"]
    assert numbers["kind"].tolist() == ["toll_free"]


def test_changed_settings_read_a_file_anew(workspace, tmp_path):
    """A zone set after an import moves the file's calls instead of doubling them."""
    path = export(tmp_path, "log.csv", answered("2026-08-01 09:12:33", "(404) 555-1234"))
    importing.import_files(workspace, [path])
    toml = workspace.folder / "calltrack.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8") + '\n[sources.timezones]\ncallrail = "Europe/London"\n',
        encoding="utf-8",
    )
    again = Workspace(workspace.folder)
    importing.import_files(again, [path])
    assert again.calls()["started_at"].astype(str).tolist() == ["2026-08-01 08:12:33+00:00"]


def test_a_changed_mapping_reads_a_file_anew(workspace, tmp_path):
    """A mapping corrected after an import mends the file's calls without being asked to."""
    toml = workspace.folder / "calltrack.toml"
    before = toml.read_text(encoding="utf-8")
    mapping = (
        '\n[[mapping]]\nname = "mine"\nfiles = "log*.csv"\n[mapping.fields]\n'
        'started_at = "When"\ncaller_number = "Who"\ncampaign = "{}"\n'
    )
    path = export(
        tmp_path, "log.csv", "2026-08-01 09:12:33,(404) 555-1234,roof,tree", header="When,Who,A,B\n"
    )
    toml.write_text(before + mapping.format("A"), encoding="utf-8")
    importing.import_files(Workspace(workspace.folder), [path])
    toml.write_text(before + mapping.format("B"), encoding="utf-8")
    again = Workspace(workspace.folder)
    importing.import_files(again, [path])
    assert again.calls()["campaign"].tolist() == ["tree"]


def test_calls_of_forgotten_callers_stay_out(workspace, tmp_path):
    """A caller who asked to be forgotten does not come back with the next export."""
    path = export(tmp_path, "log.csv", answered("2026-08-01 09:12:33", "(404) 555-1234"))
    importing.import_files(workspace, [path])
    key = workspace.calls()["caller_key"].iloc[0]
    (workspace.state / "forgotten").write_text(f"{key}\n", encoding="utf-8")
    other = export(tmp_path, "more.csv", answered("2026-08-02 09:12:33", "(404) 555-1234"))
    report = importing.import_files(workspace, [other])
    assert report.forgotten == 1
    assert len(workspace.calls()) == 1


def test_the_sample_imports_whole(workspace):
    """Every row of the sample is read, and every call of Google's was seen by CallRail."""
    folder = Path(__file__).resolve().parents[2] / "data" / "sample" / "data" / "raw"
    files = sorted(folder.glob("*.csv"))
    if not files:
        pytest.skip("the sample is not here")
    report = importing.import_files(workspace, files)
    assert report.problems == ()
    assert sum(file.rows_quarantined for file in report.files) == 0
    assert set(workspace.calls()["provider"]) == {"callrail", "whatconverts"}
    assert (
        report.joined
        == workspace.sql("select count(*) from provider_calls where provider = 'google_ads'").iloc[
            0, 0
        ]
    )


def test_costs_add_up_within_a_file_and_are_corrected_by_a_later_one(workspace, tmp_path):
    """Two lines of a day are two costs; a later file's word on that day replaces both."""
    header = "date,channel,campaign,cost\n"
    first, later = tmp_path / "july.csv", tmp_path / "july-final.csv"
    first.write_text(header + "2026-07-01,google_ads,Cakes,10.10\n2026-07-01,google_ads,Cakes,5\n")
    later.write_text(header + "2026-07-01,google_ads,Cakes,16.30\n2026-07-02,google_ads,Cakes,1\n")
    importing.import_files(workspace, [first])
    assert workspace.sql("select sum(cost) as cost from spend")["cost"].astype(str).tolist() == [
        "15.1000"
    ]
    report = importing.import_files(workspace, [later])
    assert report.files[0].rows_already_known == 1
    assert sorted(workspace.table("spend")["cost"].astype(str)) == ["1.0000", "16.3000"]


def test_a_file_takes_the_place_of_none_of_another_kind(workspace, tmp_path):
    """Costs and tweaks that are called like a log of calls remove no call, and no copy of it."""
    path = export(tmp_path, "export.csv", answered("2026-08-01 09:12:00", "(404) 555-1234"))
    importing.import_files(workspace, [path])
    path.write_text("date,campaign,cost\n2026-07-01,Cakes,1\n")
    importing.import_files(workspace, [path])
    path.write_text("tweak_id,date,campaign,changed\nT1,2026-07-01,Cakes,Headline\n")
    importing.import_files(workspace, [path])
    path.write_text("date,campaign,cost\n2026-07-01,Cakes,2\n")
    importing.import_files(workspace, [path])
    kept = [workspace.table(name) for name in ("calls", "spend", "tweaks")]
    assert [len(table) for table in kept] == [1, 1, 1]
    assert kept[1]["cost"].astype(str).tolist() == ["2.0000"]
    assert sorted(file.name for file in workspace.raw.glob("export*")) == [
        "export-2.csv",
        "export-3.csv",
        "export.csv",
    ]


def test_files_of_one_name_are_all_kept(workspace, tmp_path):
    """Two exports of one name that are imported at once are both in data/raw."""
    paths = []
    for day in ("01", "02"):
        (tmp_path / day).mkdir()
        call = answered(f"2026-08-{day} 09:12:00", "(404) 555-1234")
        paths.append(export(tmp_path / day, "export.csv", call))
    importing.import_files(workspace, paths)
    kept = {path.read_bytes() for path in workspace.raw.glob("export*.csv")}
    assert kept == {path.read_bytes() for path in paths}
    assert workspace.table("imports")["file"].is_unique


def test_what_hangs_on_a_call_follows_its_id(workspace, tmp_path):
    """A correction of an export's call hangs on the API's id once that is known."""
    path = export(tmp_path, "log.csv", answered("2026-08-01 09:12:00", "(404) 555-1234"))
    importing.import_files(workspace, [path])
    made = workspace.calls()["call_id"].iloc[0]
    correction = {"account": "main", "call_id": made, "field": "purpose", "value": "sale"}
    correction["corrected_at"] = pd.Timestamp("2026-08-02", tz="UTC")
    workspace.write_table("corrections", pd.DataFrame([correction]))
    api = tmp_path / "api.json"
    api.write_text(
        '{"calls": [{"id": "CAL1", "answered": true, "customer_phone_number": "+14045551234",'
        '"tracking_phone_number": "+12125550111", "duration": 90, "direction": "inbound",'
        '"start_time": "2026-08-01T09:12:31.000-04:00"}]}'
    )
    report = importing.import_files(workspace, [api])
    assert report.joined == 1
    assert workspace.calls()["call_id"].tolist() == ["callrail:CAL1"]
    assert workspace.table("corrections")["call_id"].tolist() == ["callrail:CAL1"]


def test_touchpoints_hang_on_the_callers_key(workspace, tmp_path):
    """A milestone's person is the caller's key once the number is known."""
    path = tmp_path / "api.json"
    path.write_text(
        '{"calls": [{"id": "CAL1", "customer_phone_number": "+14045551234",'
        '"tracking_phone_number": "+12125550111", "start_time": "2026-08-01T09:12:31-04:00",'
        '"milestones": {"first_touch": {"event_date": "2026-07-01T09:00:00Z", "source": "Bing"}}}]}'
    )
    importing.import_files(workspace, [path])
    key = workspace.calls()["caller_key"].iloc[0]
    assert workspace.table("touchpoints")["person_key"].tolist() == [key]
    (workspace.state / "forgotten").write_text(f"{key}\n", encoding="utf-8")
    path.write_text(path.read_text().replace("CAL1", "CAL2"))
    report = importing.import_files(workspace, [path])
    assert report.forgotten == 1
    assert workspace.table("touchpoints")["call_id"].tolist() == ["callrail:CAL1"]


def test_a_number_names_the_channel_of_its_calls(workspace, tmp_path):
    """Calls take channel and campaign from numbers.csv, whatever their log says of a source."""
    log = tmp_path / "log.csv"
    log.write_text(
        "started_at,caller_number,tracking_number,source\n"
        "2026-08-01 09:12,4045551234,2125550111,\n"
        "2026-08-01 10:12,4045551234,2125550111,Google Ads\n"
        "2026-09-01 10:12,4045551234,2125550111,\n"
        "2026-08-01 11:12,4045551234,2125550112,\n"
    )
    numbers = tmp_path / "numbers.csv"
    numbers.write_text(
        "tracking_number,channel,campaign,active_to,pool\n"
        "2125550111,print,Summer flyer,2026-08-31,\n"
        "2125550112,organic,,,website\n"
    )
    importing.import_files(workspace, [log])
    assert workspace.calls()["channel"].isna().sum() == 3
    importing.import_files(workspace, [numbers])
    calls = workspace.calls()
    assert calls["channel"].astype(object).where(calls["channel"].notna(), None).tolist() == [
        "print",
        "print",
        None,
        None,
    ]
    assert calls["campaign"].fillna("").tolist() == ["Summer flyer", "Summer flyer", "", ""]


GOOGLE = (
    "Start time,Duration (seconds),Caller country code,Caller area code,Caller phone number,"
    "Status,Call source,Call type,Campaign\n"
)


def google(folder: Path, name: str, *lines: str) -> Path:
    return export(folder, name, *lines, header=GOOGLE)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("first", ["callrail", "google"])
def test_a_call_at_a_months_end_is_one_call(workspace, tmp_path, first, together):
    """Two providers put one call on either side of midnight UTC; it is counted once."""
    # half a minute before August is over, and a few seconds after, by UTC
    ours = export(tmp_path, "log.csv", answered("2026-08-31 19:59:50", "(404) 555-1234"))
    theirs = google(
        tmp_path,
        "google.csv",
        "2026-08-31 20:00:02,88,1,404,+14045551234,Received,Ad,Manually dialled,Cakes",
    )
    files = [ours, theirs] if first == "callrail" else [theirs, ours]
    for batch in [files] if together else [[file] for file in files]:
        report = importing.import_files(workspace, batch)
    calls = workspace.calls()
    assert calls["provider"].tolist() == ["callrail"]
    assert calls["campaign"].tolist() == ["Cakes"]
    assert report.joined == 1
    assert len(workspace.calls("2026-09")) == 0
    assert len(workspace.read_month("provider_calls", "2026-09")) == 1


def test_a_doubtful_pair_is_listed_until_it_is_settled(workspace, tmp_path):
    """Calls left apart stand in quarantine; once a later export settles them they do not."""
    ours = [
        f"Answered Call,Ads,(212) 555-0111,Google Ads,{at},90,,Anonymous,,,,"
        for at in ("2026-08-03 10:00:00", "2026-08-03 10:00:03")
    ]
    seen = "2026-08-03 10:00:01,90,1,,,Received,Ad,Manually dialled,Cakes"
    report = importing.import_files(
        workspace, [export(tmp_path, "log.csv", *ours), google(tmp_path, "google.csv", seen)]
    )
    assert report.ambiguous == 2
    listed = workspace.table("quarantine")["reason"]
    assert listed.str.contains("may be the same call").sum() == 2
    other = export(tmp_path, "other.csv", answered("2026-08-09 09:00:00", "(404) 555-1234"))
    importing.import_files(workspace, [other])
    assert len(workspace.table("quarantine")) == len(listed)
    # the service works out the campaigns later, and exports the same calls with them
    later = tmp_path / "later.csv"
    named = [f"{line}{campaign}\n" for line, campaign in zip(ours, ("Cakes", "Pies"), strict=True)]
    later.write_text(CALLRAIL.replace("Shoe size", "Campaign") + "".join(named), encoding="utf-8")
    report = importing.import_files(workspace, [later])
    assert (report.joined, report.ambiguous) == (1, 0)
    assert not workspace.table("quarantine")["reason"].str.contains("may be").any()
