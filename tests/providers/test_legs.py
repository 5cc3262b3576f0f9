"""Several rows of one call: legs, versions, files saved again, and phones rung together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calltrack_nb import init_workspace, providers, schema
from calltrack_nb.workspace import Workspace, importing

START = pd.Timestamp("2026-08-03 14:00", tz="UTC")


def rows(*legs: dict) -> pd.DataFrame:
    """Rows of one file in its order; `at` is in seconds, `id` the call's own id."""
    frame = pd.DataFrame(list(legs))
    frame["call_id"] = "spreadsheet:" + frame.pop("id").astype(str)
    frame["started_at"] = START + pd.to_timedelta(frame.pop("at"), unit="s")
    given = {"account": "main", "direction": "inbound", "lead_status": "unknown"}
    given |= {"import_id": "one", "row": np.arange(1, len(frame) + 1)}
    missing = {name: value for name, value in given.items() if name not in frame}
    return schema.conform(frame.assign(provider="spreadsheet", **missing), "calls")


def one(table: pd.DataFrame) -> dict:
    assert len(table) == 1
    return table.iloc[0].to_dict()


ANSWERED = {"id": 7, "at": 0, "status": "answered", "duration_s": 35, "talk_s": 30}
MISSED = {"id": 7, "at": 0, "status": "missed", "duration_s": 35, "talk_s": 0}


# -- legs of one file -----------------------------------------------------------------


@pytest.mark.parametrize(
    "legs", [[ANSWERED, MISSED, MISSED], [MISSED, ANSWERED, MISSED], [MISSED, MISSED, ANSWERED]]
)
def test_a_call_that_one_phone_answered_is_answered(legs):
    """Phones that rang in vain change neither status nor talk time, wherever their row is."""
    call = one(providers.unite_legs(rows(*legs)))
    assert (call["status"], call["talk_s"], call["duration_s"]) == ("answered", 30, 35)


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        (["missed", "abandoned"], "abandoned"),
        (["voicemail", "missed"], "voicemail"),
        (["answered", "voicemail"], "answered"),
        ([None, "missed"], "missed"),
    ],
)
def test_the_best_status_of_a_leg_is_the_calls(statuses, status):
    """Answered goes before voicemail, voicemail before abandoned, abandoned before missed."""
    legs = [{**MISSED, "status": said} for said in statuses]
    assert one(providers.unite_legs(rows(*legs)))["status"] == status


def test_a_call_that_somebody_talked_on_is_not_missed():
    """A leg with talk time and a status nobody knows leaves the status open, not missed."""
    call = one(providers.unite_legs(rows({**ANSWERED, "status": None}, MISSED)))
    assert pd.isna(call["status"])
    assert call["talk_s"] == 30


def test_a_call_that_was_passed_on_lasts_from_its_first_leg_to_its_last():
    """Reception talks 20 s and Bob 40 s: 70 s in all, 60 of them talk."""
    call = one(
        providers.unite_legs(
            rows(
                {**ANSWERED, "duration_s": 25, "talk_s": 20, "ring_s": 5, "agent": "Reception"},
                {**ANSWERED, "at": 30, "duration_s": 40, "talk_s": 40, "ring_s": 0, "agent": "Bob"},
            )
        )
    )
    assert (call["duration_s"], call["talk_s"], call["ring_s"]) == (70, 60, 5)
    assert (call["started_at"], call["agent"]) == (START, "Reception")


def test_a_moment_on_which_two_legs_talk_counts_once():
    """A queue's row spans the agent's row; together they are as long as the queue's."""
    call = one(
        providers.unite_legs(
            rows(
                {**ANSWERED, "duration_s": 100, "talk_s": 95},
                {**ANSWERED, "at": 15, "duration_s": 85, "talk_s": 80},
            )
        )
    )
    assert (call["duration_s"], call["talk_s"]) == (100, 95)


def test_the_leg_that_was_answered_says_who_and_where():
    """Agent, destination and recording are of the answered leg; the rest is said last."""
    call = one(
        providers.unite_legs(
            rows(
                {**ANSWERED, "agent": "Bob", "recording": "bob.wav", "campaign": "Cakes"},
                {
                    **MISSED,
                    "agent": "Cy",
                    "recording": "cy.wav",
                    "destination_number": "+12125550199",
                },
                {**MISSED, "agent": "Di", "campaign": "Pies"},
            )
        )
    )
    assert (call["agent"], call["recording"], call["campaign"]) == ("Bob", "bob.wav", "Pies")
    assert pd.isna(call["destination_number"])


def test_who_takes_a_call_first_took_it():
    """A call that Mary took and passed on to Bob is Mary's."""
    passed_on = {**ANSWERED, "at": 40, "agent": "Bob"}
    assert one(providers.unite_legs(rows({**ANSWERED, "agent": "Mary"}, passed_on)))["agent"] == (
        "Mary"
    )


def test_a_call_that_several_missed_is_nobodys():
    """Of people whose telephones rang together in vain none is charged; of one alone she is."""
    rang = [{**MISSED, "agent": name} for name in ("Mary", "Ann", "Bob")]
    assert pd.isna(one(providers.unite_legs(rows(*rang)))["agent"])
    alone = [{**MISSED, "agent": "Mary"}, {**MISSED, "agent": "Mary"}]
    assert one(providers.unite_legs(rows(*alone)))["agent"] == "Mary"


@pytest.mark.parametrize(
    ("machine", "status"),
    [("Voicemail", "voicemail"), ("Auto Attendant", "missed"), ("Sales Queue", "missed")],
)
def test_a_machine_that_takes_a_call_does_not_answer_it(machine, status):
    """After a ring in vain a voicemail is a voicemail, and a menu before it changes nothing."""
    taken = {**ANSWERED, "agent": machine}
    assert one(providers.unite_legs(rows(taken, {**MISSED, "agent": "Bob"})))["status"] == status
    call = one(providers.unite_legs(rows(taken, {**ANSWERED, "at": 9, "agent": "Bob"})))
    assert (call["status"], call["agent"]) == ("answered", "Bob")


def test_a_recording_is_the_calls_whichever_leg_names_it():
    """Where the answered leg names no recording, another leg's is kept."""
    call = one(providers.unite_legs(rows({**MISSED, "recording": "call.wav"}, ANSWERED)))
    assert call["recording"] == "call.wav"


def test_the_first_leg_says_who_called_and_which_number():
    """The phone that passes a call on is named as the next leg's caller, and is not it."""
    call = one(
        providers.unite_legs(
            rows(
                {**ANSWERED, "at": 60, "caller_number": "+12125550100", "direction": "outbound"},
                {**ANSWERED, "caller_number": "+14045550123", "tracking_number": "+12125550111"},
            )
        )
    )
    assert (call["caller_number"], call["direction"]) == ("+14045550123", "inbound")
    assert call["tracking_number"] == "+12125550111"


def test_a_call_that_two_pages_of_an_api_hold_is_the_completed_one():
    """The same call while it was ringing and when it was over is one complete call."""
    ringing = {"id": 7, "at": 0, "status": None, "caller_number": "+14045550123"}
    over = {**ANSWERED, "caller_number": "+14045550123", "lead_status": "qualified", "value": 9}
    call = one(providers.unite_legs(rows(ringing, over)))
    assert (call["status"], call["duration_s"], call["talk_s"]) == ("answered", 35, 30)
    assert (call["lead_status"], float(call["value"])) == ("qualified", 9)


def test_rows_of_different_files_are_no_legs():
    """Uniting legs leaves the versions of two files apart."""
    both = rows(ANSWERED, {**MISSED, "import_id": "two"})
    assert len(providers.unite_legs(both)) == 2


LEG = st.fixed_dictionaries(
    {
        "id": st.integers(1, 2),
        "at": st.integers(0, 90),
        "status": st.sampled_from([None, "missed", "abandoned", "voicemail", "answered"]),
        "duration_s": st.one_of(st.none(), st.integers(0, 90)),
        "talk_s": st.one_of(st.none(), st.integers(0, 60)),
        "ring_s": st.one_of(st.none(), st.integers(0, 30)),
        "agent": st.sampled_from([None, "Bob", "Cy"]),
        "caller_number": st.sampled_from([None, "+14045550123", "+12125550100"]),
        "recording": st.sampled_from([None, "a.wav", "b.wav"]),
        "first_call": st.sampled_from([None, True, False]),
        "lead_status": st.sampled_from(["unknown", "qualified"]),
        "direction": st.sampled_from(["inbound", "outbound"]),
    }
)


@settings(max_examples=40, deadline=None)
@given(legs=st.lists(LEG, min_size=1, max_size=8), seed=st.integers(0, 99))
def test_the_order_in_which_legs_are_held_does_not_matter(legs, seed):
    """The file's own row numbers decide, and uniting what is united changes nothing."""
    table = rows(*legs)
    united = providers.unite_legs(table)
    shuffled = providers.unite_legs(table.sample(frac=1, random_state=seed))
    by_id = {"by": "call_id", "ignore_index": True}
    pd.testing.assert_frame_equal(united.sort_values(**by_id), shuffled.sort_values(**by_id))
    pd.testing.assert_frame_equal(providers.unite_legs(united), united)
    assert united["call_id"].is_unique


# -- versions of several files --------------------------------------------------------


def test_a_later_file_is_believed_although_an_earlier_one_says_answered():
    """A correction is no leg: what was answered is a voicemail once a later export says so."""
    later = rows({**ANSWERED, "status": "voicemail", "import_id": "two"})
    call = one(providers.unite_provider_calls(rows(ANSWERED), later))
    assert call["status"] == "voicemail"


@pytest.mark.parametrize("cut_first", [True, False])
def test_a_file_that_begins_within_a_call_does_not_make_it_missed(cut_first):
    """An export cut between two legs knows only the later one, which nobody answered."""
    whole = rows({**ANSWERED, "at": 5}, {**MISSED, "at": 12, "duration_s": 10})
    cut = rows({**MISSED, "at": 12, "duration_s": 10, "import_id": "two"})
    order = (cut, whole) if cut_first else (whole, cut)
    call = one(providers.unite_provider_calls(*order))
    assert (call["status"], call["talk_s"]) == ("answered", 30)
    assert call["started_at"] == START + pd.Timedelta(seconds=5)


@pytest.mark.parametrize("bare_first", [True, False])
def test_a_version_without_seconds_keeps_the_seconds(bare_first):
    """An export of whole minutes is another version of the call, and no leg before it."""
    exact = rows({**ANSWERED, "at": 42})
    bare = rows({**ANSWERED, "at": 0, "import_id": "two"})
    order = (bare, exact) if bare_first else (exact, bare)
    call = one(providers.unite_provider_calls(*order))
    assert (call["started_at"], call["duration_s"]) == (START + pd.Timedelta(seconds=42), 35)


# -- through an import ----------------------------------------------------------------

MAPPED = """
[sources.spreadsheet]
call_id = "uniqueid"
started_at = "calldate"
caller_number = "src"
tracking_number = "did"
duration_s = "duration"
talk_s = "billsec"
status = "disposition"
agent = "ext"
"""
HEADER = "calldate,src,did,ext,duration,billsec,disposition,uniqueid\n"


@pytest.fixture
def pbx(tmp_path: Path) -> Workspace:
    """A workspace that knows the columns of a telephone system's log."""
    shop = init_workspace(tmp_path / "pbx")
    toml = shop.folder / "calltrack.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + MAPPED, encoding="utf-8")
    return Workspace(shop.folder)


def cdr(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text(HEADER + "".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def leg(
    at: str, ext: int, disposition: str, uid: str = "", duration: int = 35, src: str = "4045550123"
) -> str:
    talk = duration - 5 if disposition == "ANSWERED" else 0
    return f"{at},{src},2125550111,{ext},{duration},{talk},{disposition},{uid}"


def test_legs_of_one_file_are_one_call_and_said_to_be(pbx, tmp_path):
    """Six rows of three calls: two answered, one missed, three rows counted as legs."""
    path = cdr(
        tmp_path,
        "cdr.csv",
        leg("2026-08-03 10:00:00", 100, "ANSWERED", "1.1"),
        leg("2026-08-03 10:00:00", 101, "NO ANSWER", "1.1"),
        leg("2026-08-03 10:00:00", 102, "NO ANSWER", "1.1"),
        leg("2026-08-03 10:05:00", 101, "NO ANSWER", "1.2"),
        leg("2026-08-03 10:05:00", 100, "ANSWERED", "1.2"),
        leg("2026-08-03 10:09:00", 100, "BUSY", "1.3"),
    )
    file = importing.import_files(pbx, [path]).files[0]
    assert pbx.calls()["status"].tolist() == ["answered", "answered", "missed"]
    assert (file.rows_kept, file.rows_already_known) == (3, 0)
    assert any("3x the row: a further row of a call" in note for note in file.notes)


def test_legs_on_either_side_of_a_chunk_are_one_call(pbx, tmp_path, monkeypatch):
    """A file read two rows at a time gives the calls that it gives when read at once."""
    lines = [
        leg("2026-08-03 10:00:00", 101, "NO ANSWER", "1.1"),
        leg("2026-08-03 10:00:00", 100, "ANSWERED", "1.1"),
        leg("2026-08-03 10:01:00", 102, "ANSWERED", "1.1", duration=65),
        leg("2026-08-03 10:02:30", 103, "NO ANSWER", "1.1", duration=20),
    ]
    path = cdr(tmp_path, "cdr.csv", *lines)
    monkeypatch.setattr("calltrack_nb.providers.files.csv_files.CHUNK_ROWS", 2)
    importing.import_files(pbx, [path])
    call = one(pbx.calls())
    assert (call["status"], call["duration_s"], call["talk_s"]) == ("answered", 170, 90)
    assert call["agent"] == "100"


def test_an_overlapping_export_changes_only_what_it_says_anew(pbx, tmp_path):
    """The legs again in a later export, now with other talk: one call, as the later says."""
    first = leg("2026-08-03 10:00:00", 101, "NO ANSWER", "1.1")
    second = leg("2026-08-03 10:00:00", 100, "ANSWERED", "1.1")
    importing.import_files(pbx, [cdr(tmp_path, "one.csv", first, second)])
    before = pbx.calls()
    again = cdr(tmp_path, "two.csv", second, first, leg("2026-08-04 10:00:00", 100, "BUSY", "2.1"))
    report = importing.import_files(pbx, [again])
    after = pbx.calls()
    assert (report.files[0].rows_kept, report.files[0].rows_already_known) == (1, 2)
    ours = ["import_id", "row", "first_call"]
    pd.testing.assert_frame_equal(after.head(1).drop(columns=ours), before.drop(columns=ours))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("together", [True, False])
def test_a_call_passed_on_at_a_months_end_is_one_call(pbx, tmp_path, order, together):
    """Its second leg starts in the next UTC month, in its own file or in the same one."""
    legs = [
        leg("2026-08-31 19:59:50", 101, "NO ANSWER", "9.9", duration=10),
        leg("2026-08-31 20:00:00", 100, "ANSWERED", "9.9", duration=60),
    ]
    legs = [legs[place] for place in order]
    files = [[cdr(tmp_path, "one.csv", *legs)]]
    if not together:
        files = [[cdr(tmp_path, f"{place}.csv", legs[place])] for place in range(2)]
    for batch in files:
        importing.import_files(pbx, batch)
    call = one(pbx.calls())
    assert (call["status"], call["duration_s"]) == ("answered", 70)
    assert str(call["started_at"]) == "2026-08-31 23:59:50+00:00"
    assert len(pbx.table("provider_calls")) == 1


def test_an_id_that_comes_up_again_hours_later_is_another_call(pbx, tmp_path):
    """A customer number taken for a call's id swallows no call, and the mistake is named."""
    first = cdr(
        tmp_path,
        "july.csv",
        leg("2026-07-30 10:00:00", 100, "ANSWERED", "C17"),
        leg("2026-07-30 13:00:00", 100, "NO ANSWER", "C17"),
    )
    august = leg("2026-08-04 10:00:00", 100, "BUSY", "C17")
    second = cdr(tmp_path, "august.csv", august)
    third = cdr(tmp_path, "later.csv", august, leg("2026-08-05 10:00:00", 100, "BUSY", "C18"))
    for path in (first, second, third):
        report = importing.import_files(pbx, [path])
    assert (report.files[0].rows_kept, report.files[0].rows_already_known) == (1, 1)
    calls = pbx.calls().head(3)
    assert calls["status"].tolist() == ["answered", "missed", "missed"]
    assert calls["call_id"].tolist() == [
        "spreadsheet:C17",
        "spreadsheet:C17@20260730T170000",
        "spreadsheet:C17@20260804T140000",
    ]
    assert pbx.table("quarantine")["reason"].str.contains("another call hours apart").sum() == 3


# -- files saved again ----------------------------------------------------------------

CALLRAIL = "Call Status,Tracking Number,Start Time,Duration (seconds),Phone Number,Recording Url\n"


def exported(folder: Path, name: str, calls: list[tuple[int, str, int]], *, bare: bool) -> Path:
    """Write calls as (second of the day, caller, duration), or as Excel saves them again."""
    lines = []
    for second, caller, duration in calls:
        at = pd.Timestamp("2026-08-03") + pd.Timedelta(seconds=second)
        stamp = f"{at.month}/{at.day}/{at:%Y %H:%M}" if bare else f"{at:%Y-%m-%d %H:%M:%S}"
        number = caller.removeprefix("+") if bare else caller
        lines.append(f"Answered Call,+12125550111,{stamp},{duration},{number},\n")
    path = folder / name
    path.write_text(CALLRAIL + "".join(lines), encoding="utf-8")
    return path


def fresh(folder: Path, name: str) -> Workspace:
    shop = init_workspace(folder / name)
    shop.state.mkdir(parents=True, exist_ok=True)
    (shop.state / "secret").write_bytes(b"the same secret in all")
    return shop


ANN, BEN = "+14045550123", "+14045550124"


@pytest.mark.parametrize("bare_first", [True, False])
def test_an_export_saved_again_by_a_spreadsheet_is_the_same_calls(tmp_path, bare_first):
    """Without seconds and with bare numbers: two calls, with the seconds they had."""
    calls = [(36_012, ANN, 95), (41_447, BEN, 95)]
    shop = fresh(tmp_path, "shop")
    files = [exported(tmp_path, f"{bare}.csv", calls, bare=bare) for bare in (False, True)]
    for path in files[:: -1 if bare_first else 1]:
        importing.import_files(shop, [path])
    found = shop.calls()
    assert found["started_at"].dt.second.tolist() == [12, 47]
    assert found["first_call"].tolist() == [True, True]
    assert len(shop.table("provider_calls")) == 4
    assert len(shop.table("quarantine")) == 0


def test_a_call_without_seconds_is_one_of_several_and_no_further_call(tmp_path):
    """Two calls of one minute stay two beside a row that may be either, which is listed."""
    shop = fresh(tmp_path, "shop")
    calls = [(36_012, ANN, 0), (36_040, ANN, 0), (41_447, BEN, 95)]
    report = importing.import_files(
        shop, [exported(tmp_path, f"{bare}.csv", calls, bare=bare) for bare in (False, True)]
    )
    assert shop.calls()["started_at"].dt.second.tolist() == [12, 40, 47]
    assert report.ambiguous == 0
    reasons = shop.table("quarantine")["reason"]
    assert reasons.str.contains("one of several calls of its minute").tolist() == [True]


def test_a_file_with_seconds_is_not_taken_for_one_without(tmp_path):
    """A call that happens to start at a whole minute is not another of that minute."""
    shop = fresh(tmp_path, "shop")
    one_file = [(36_000, ANN, 0), (41_447, BEN, 95)]
    other = [(36_030, ANN, 0), (41_447, BEN, 95)]
    for number, calls in enumerate((one_file, other)):
        importing.import_files(shop, [exported(tmp_path, f"{number}.csv", calls, bare=False)])
    assert len(shop.calls()) == 3


CALLS = st.lists(
    st.tuples(st.integers(36_000, 36_240), st.sampled_from([ANN, BEN]), st.sampled_from([0, 5])),
    min_size=1,
    max_size=6,
    unique=True,
).filter(lambda calls: any(second % 60 for second, _, _ in calls))


@settings(max_examples=10, deadline=None)
@given(calls=CALLS, data=st.data())
def test_files_saved_again_add_no_call_and_lose_none(tmp_path_factory, calls, data):
    """Whatever calls a file holds, with the copy of it they are as many, in any order."""
    folder = tmp_path_factory.mktemp("resaved")
    exact = exported(folder, "exact.csv", calls, bare=False)
    bare = exported(folder, "bare.csv", calls, bare=True)
    expected = fresh(folder, "expected")
    importing.import_files(expected, [exact])
    shop = fresh(folder, "shop")
    for path in data.draw(st.permutations([exact, bare, exact])):
        importing.import_files(shop, [path])
    columns = ["call_id", "started_at", "duration_s", "caller_number", "status", "first_call"]
    pd.testing.assert_frame_equal(shop.calls()[columns], expected.calls()[columns])


# -- phones that rang together, without ids -------------------------------------------


@pytest.mark.parametrize("shuffled", [True, False])
def test_phones_that_rang_together_are_one_call(pbx, tmp_path, shuffled):
    """One row a phone, no id: the answered one is the call, and the others are told."""
    lines = [
        leg("2026-08-03 10:00:07", 101, "NO ANSWER", duration=12),
        leg("2026-08-03 10:00:07", 102, "NO ANSWER", duration=11),
        leg("2026-08-03 10:00:07", 100, "ANSWERED", duration=80),
        leg("2026-08-03 10:10:07", 100, "NO ANSWER", duration=20),
        leg("2026-08-03 10:10:07", 101, "NO ANSWER", duration=21),
    ]
    path = cdr(tmp_path, "cdr.csv", *(lines[::-1] if shuffled else lines))
    report = importing.import_files(pbx, [path])
    calls = pbx.calls()
    assert calls["status"].tolist() == ["answered", "missed"]
    assert calls["duration_s"].tolist() == [80, 21]
    assert calls["agent"].iloc[0] == "100"
    assert len(pbx.table("provider_calls")) == 5
    assert (report.joined, report.ambiguous) == (0, 0)
    assert any("3 rows: phones that rang together" in note for note in report.files[0].notes)
    listed = pbx.table("quarantine")["reason"]
    assert listed.str.startswith("2026-08, 3 rows: phones that rang together").tolist() == [True]


GROUPED = "Direction,Type,From,To,Extension,Name,Date,Time,Action,Action Result,Duration"


def ring_central(folder, *lines: tuple[str, str, str, str, str]) -> Path:
    """A call log without ids and seconds: caller, called, extension, result, length."""
    rows = [
        f"Incoming,Voice,{caller},{called},{extension},,Mon 08/03/2026,10:05 AM,Phone Call,"
        f"{result},{length}"
        for caller, called, extension, result, length in lines
    ]
    path = folder / "log.csv"
    path.write_text("\n".join([GROUPED, *rows]) + "\n", encoding="utf-8")
    return path


ANNE, OURS = "(404) 555-0142", "(404) 555-0100"


@pytest.mark.parametrize("group", ["", "Sales Queue"])
def test_phones_under_their_groups_row_are_one_call(pbx, tmp_path, group):
    """The group's row is the call, and the phone that answered says who took it; others stay."""
    report = importing.import_files(
        pbx,
        [
            ring_central(
                tmp_path,
                (ANNE, OURS, group, "Accepted", "0:02:30"),
                (ANNE, OURS, "101 - Sam", "Missed", "0:00:20"),
                (ANNE, OURS, "102 - Ann", "Accepted", "0:02:05"),
                ("(404) 555-0143", OURS, group, "Missed", "0:00:25"),
                ("(404) 555-0143", "103", "103 - Lee", "Missed", "0:00:15"),
                ("(404) 555-0144", OURS, "101 - Sam", "Accepted", "0:01:15"),
            )
        ],
    )
    calls = pbx.calls().sort_values("caller_number")
    assert calls["status"].tolist() == ["answered", "missed", "answered"]
    assert calls["duration_s"].tolist() == [150, 25, 75]
    assert calls["agent"].tolist()[::2] == ["102 - Ann", "101 - Sam"]
    assert len(pbx.table("provider_calls")) == 6
    assert report.ambiguous == 0


@pytest.mark.parametrize(
    "second",
    [
        ("101 - Sam", "Accepted", "0:02:05"),  # answered, and longer than the group's row
        ("101 - Sam", "Accepted", "0:00:05"),  # answered, and nobody took the group's call
        ("", "Missed", "0:00:05"),  # names no phone
    ],
)
def test_a_caller_who_rings_again_within_the_minute_is_no_phone_of_a_group(pbx, tmp_path, second):
    """A row that cannot be a part of the other is a call of its own."""
    first = (ANNE, OURS, "Sales Queue", "Missed", "0:00:20")
    importing.import_files(pbx, [ring_central(tmp_path, first, (ANNE, OURS, *second))])
    assert len(pbx.calls()) == 2


@pytest.mark.parametrize(
    "lines",
    [
        # two phones were answered
        [
            leg("2026-08-03 10:00:07", 100, "ANSWERED", duration=30),
            leg("2026-08-03 10:00:07", 101, "ANSWERED", duration=80),
        ],
        # the same phone twice
        [
            leg("2026-08-03 10:00:07", 100, "NO ANSWER", duration=30),
            leg("2026-08-03 10:00:07", 100, "ANSWERED", duration=80),
        ],
        # no seconds: the caller may have rung again
        [
            leg("2026-08-03 10:00", 100, "NO ANSWER", duration=10),
            leg("2026-08-03 10:00", 101, "ANSWERED", duration=30),
        ],
    ],
)
def test_rows_that_may_be_one_call_are_left_apart_and_listed(pbx, tmp_path, lines):
    """Where nothing says for certain that several phones rang, both calls stay."""
    report = importing.import_files(pbx, [cdr(tmp_path, "cdr.csv", *lines)])
    assert len(pbx.calls()) == 2
    assert report.ambiguous == 1
    assert pbx.table("quarantine")["reason"].str.contains("may be the same call").sum() == 1


@pytest.mark.parametrize(
    "lines",
    [
        # withheld callers are not known to be one
        [
            leg("2026-08-03 10:00:07", 100, "NO ANSWER", duration=30, src="anonymous"),
            leg("2026-08-03 10:00:07", 101, "ANSWERED", duration=80, src="anonymous"),
        ],
        # two callers
        [
            leg("2026-08-03 10:00:07", 100, "NO ANSWER", duration=30),
            leg("2026-08-03 10:00:07", 101, "ANSWERED", duration=80, src="4045550199"),
        ],
        # no seconds, one phone: a caller who rang again
        [
            leg("2026-08-03 10:00", 100, "NO ANSWER", duration=10),
            leg("2026-08-03 10:00", 100, "ANSWERED", duration=30),
        ],
    ],
)
def test_calls_of_one_moment_are_two(pbx, tmp_path, lines):
    """Two callers, withheld ones, and one who rings again are no call of several phones."""
    report = importing.import_files(pbx, [cdr(tmp_path, "cdr.csv", *lines)])
    assert len(pbx.calls()) == 2
    assert report.ambiguous == 0


def test_what_hangs_on_a_phone_that_rang_follows_its_call(pbx, tmp_path):
    """A correction of a row that became a leg hangs on the call it is a leg of."""
    lines = [
        leg("2026-08-03 10:00:07", 101, "NO ANSWER", duration=12),
        leg("2026-08-03 10:00:07", 100, "ANSWERED", duration=80),
    ]
    importing.import_files(pbx, [cdr(tmp_path, "one.csv", lines[0])])
    made = pbx.calls()["call_id"].iloc[0]
    correction = {"account": "main", "call_id": made, "field": "purpose", "value": "sale"}
    correction["corrected_at"] = pd.Timestamp("2026-08-04", tz="UTC")
    pbx.write_table("corrections", pd.DataFrame([correction]))
    importing.import_files(pbx, [cdr(tmp_path, "two.csv", *lines)])
    assert pbx.table("corrections")["call_id"].tolist() == pbx.calls()["call_id"].tolist()
