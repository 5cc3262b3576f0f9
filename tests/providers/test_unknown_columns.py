"""Which column is which where names say nothing: by order, by direction and by status."""

from __future__ import annotations

import datetime as dt
import random

import pandas as pd
import pytest

import calltrack_nb
from calltrack_nb import providers
from calltrack_nb.errors import SettingsError, UnclearFile
from calltrack_nb.providers.unknown import infer_mapping
from calltrack_nb.providers.values.durations import to_seconds
from calltrack_nb.providers.values.words import STATUSES, read_words
from calltrack_nb.settings import FieldSource, Settings, parse_settings
from tests.providers.test_unknown_systems import (
    fields,
    receiver,
    sender,
    some_calls,
    start,
    written,
)


def direction(call: dict) -> str:
    return "Outgoing" if call["outbound"] else "Incoming"


def outcome(call: dict) -> str:
    return "Answered" if call["answered"] else "Missed"


def test_numbers_that_count_records_are_not_telephones():
    """Bare numbers that go up from row to row are ids, also where they could be dialled."""
    calls = some_calls()
    frame = written(calls, {"x": start, "n": sender, "m": receiver, "w": direction, "s": outcome})
    frame.insert(0, "k", [str(404_555_0000 + 7 * row) for row in range(len(frame))])
    found = infer_mapping(frame, "US")
    assert not found.questions
    assert fields(found)["from_number"] == ("n",)


def test_two_columns_that_could_be_the_customers_are_asked_about():
    """Where a second column of many numbers stands beside, nobody guesses which is the caller's."""
    rng = random.Random(3)
    calls = [call | {"outbound": False} for call in some_calls()]
    others = {call["at"]: f"+1212{5550000 + rng.randint(0, 9999)}" for call in calls}
    columns = {"x": start, "n": sender, "m": receiver, "w": direction, "s": outcome}
    frame = written(calls, {**columns, "o": lambda call: others[call["at"]]})
    asked = [question.field for question in infer_mapping(frame, "US").questions]
    assert asked == ["caller_number"]


def test_a_few_mobiles_beside_do_not_hide_what_the_direction_shows():
    """The business's column is the one that changes sides with the customer's outbound."""
    calls = some_calls(60)
    mobiles = {call["at"]: f"+1404777000{place % 3}" for place, call in enumerate(calls)}
    columns = {"x": start, "n": sender, "m": receiver, "w": direction, "s": outcome}
    frame = written(calls, {**columns, "o": lambda call: mobiles[call["at"]]})
    found = infer_mapping(frame, "US")
    assert not found.questions
    assert (fields(found)["from_number"], fields(found)["to_number"]) == (("n",), ("m",))


def test_extensions_that_change_sides_leave_the_dialled_number_to_its_own_column():
    """With extensions in from and to, outbound calls keep the customer they were made to."""
    calls = some_calls(40)
    frame = written(
        calls,
        {
            "Start": start,
            "Caller": lambda call: "101" if call["outbound"] else call["theirs"],
            "Callee": lambda call: call["theirs"] if call["outbound"] else "101",
            "DNIS": lambda call: "" if call["outbound"] else "+14045550100",
            "Direction": direction,
            "Status": outcome,
        },
    )
    read = fields(infer_mapping(frame, "US"))
    assert (read["from_number"], read["to_number"]) == (("Caller",), ("Callee",))
    assert read["tracking_number"] == ("DNIS",)


@pytest.mark.parametrize("earlier", [True, False])
def test_the_start_is_the_moment_in_order(earlier):
    """A moment in no order, hours or days behind, is no start; before it, both are asked about."""
    rng = random.Random(5)
    calls = some_calls(40)
    shift = {call["at"]: rng.randint(30, 9000) * (-1 if earlier else 1) for call in calls}
    changed = lambda call: f"{call['at'] + dt.timedelta(minutes=shift[call['at']]):%Y-%m-%d %H:%M}"  # noqa: E731
    columns = {"m": changed, "x": start, "n": sender, "o": receiver, "w": direction, "s": outcome}
    found = infer_mapping(written(calls, columns), "US")
    asked = [question.field for question in found.questions]
    assert asked == (["started_at"] if earlier else [])
    assert earlier or fields(found)["started_at"] == ("x",)


def test_ringing_and_talking_are_told_apart_by_the_status():
    """Of two clocks, talking is nothing where nobody answered, and ringing is there."""
    calls = some_calls(40)
    columns = {"x": start, "n": sender, "o": receiver, "w": direction, "s": outcome}
    talk = lambda c: f"0:{c['seconds'] // 60:02}:{c['seconds'] % 60:02}" if c["answered"] else ""  # noqa: E731
    ring = lambda call: f"0:00:{5 + call['seconds'] % 30:02}"  # noqa: E731
    read = fields(infer_mapping(written(calls, {**columns, "p": ring, "q": talk}), "US"))
    assert (read["ring_s"], read["talk_s"]) == (("p",), ("q",))


def test_whole_seconds_are_known_by_the_part_that_follows_them():
    """Without a status, a number that is another plus a ringing is the length of the call."""
    calls = some_calls(40)
    columns = {"x": start, "n": sender, "o": receiver, "w": direction}
    talk = lambda call: call["seconds"] if call["answered"] else 0  # noqa: E731
    whole = lambda call: talk(call) + 3 + call["at"].minute % 20  # noqa: E731
    score = lambda call: call["at"].minute * 7  # noqa: E731
    frame = written(calls, {**columns, "r": score, "p": whole, "q": talk})
    found = infer_mapping(frame, "US")
    assert fields(found)["duration_s"] == ("p",)
    assert found.mapping.fields["duration_s"].unit == "s"


def test_answers_with_a_remark_are_read():
    """'No, left a message' is a voicemail, and a bare no a missed call."""
    calls = some_calls(40)
    said = {True: "yes", False: "no"}
    answer = lambda c: "no, left a message" if c["seconds"] < 8 else said[c["answered"]]  # noqa: E731
    columns = {"When": start, "Their number": sender, "Picked up?": answer}
    source = infer_mapping(written(calls, columns), "US").mapping.fields["status"]
    meant = {"yes": "answered", "no": "missed", "no, left a message": "voicemail"}
    assert source == FieldSource(column="Picked up?", values=meant)


def test_words_of_which_only_some_are_known_are_asked_about():
    """A column that says missed and voicemail, and else a word of its own, is asked about."""
    calls = some_calls(40)

    def said(call: dict) -> str:
        return "Diverted" if call["answered"] else ("Missed", "Voicemail")[call["seconds"] % 2]

    columns = {"Date": start, "From": sender, "To": receiver, "Type": said}
    asked = infer_mapping(written(calls, columns), "US").questions
    assert [(question.field, question.choices) for question in asked] == [("status", ("Diverted",))]


def test_a_result_of_which_one_word_is_known_is_asked_about():
    """A column of results is not passed over because most of its words are a system's own."""
    calls = some_calls(40)
    result = lambda call: "Forwarded" if call["answered"] else "Voicemail"  # noqa: E731
    columns = {"Start": start, "From": sender, "To": receiver, "Type": direction}
    (asked,) = infer_mapping(written(calls, {**columns, "Result": result}), "US").questions
    assert (asked.field, asked.column, asked.choices) == ("status", "Result", ("Forwarded",))


@pytest.mark.parametrize(
    ("word", "status"),
    [("Poczta głosowa", "voicemail"), ("Połączenie odebrane", "answered"), ("Bezig", None)],
)
def test_letters_with_a_stroke_are_no_other_letters(word, status):
    """Words in which an ł or ø stands are known as those without."""
    read = read_words(pd.Series([word], dtype="str"), STATUSES, ["answered", "voicemail"]).series
    assert (None if pd.isna(read.iloc[0]) else read.iloc[0]) == status


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5分25秒", 325), ("1時間2分", 3720), ("3小时5分钟", 11100), ("2분 3초", 123)],
)
def test_durations_of_east_asia_are_read(text, seconds):
    """Minutes and seconds are known by their Japanese, Chinese and Korean signs."""
    assert to_seconds(pd.Series([text])).series.iloc[0] == seconds


def test_a_missed_call_between_extensions_is_no_inbound_call(import_csv):
    """A row that says it is internal is left out, whatever became of it."""
    calls = some_calls(30)
    frame = written(
        calls,
        {"Start": start, "From": sender, "To": receiver, "Direction": direction, "Status": outcome},
    )
    frame.loc[len(frame)] = [frame["Start"].iloc[-1], "101", "103", "Internal", "Missed"]
    assert len(import_csv(frame)) == len(calls)


def test_times_in_the_zone_of_their_header_are_not_read_in_a_lines_zone(import_csv):
    """A column named UTC is UTC, also where another column names the zone of the line."""
    calls = some_calls(30)
    columns = {"Date (UTC)": start, "From": sender, "To": receiver, "Status": outcome}
    frame = written(calls, {**columns, "Time zone": lambda _: "Europe/Madrid"})
    read = import_csv(frame)["started_at"].dt.tz_convert("UTC").dt.tz_localize(None)
    assert read.tolist() == [call["at"] for call in calls]


def test_clocks_in_a_column_of_no_name_are_minutes_and_seconds(import_csv):
    """A letter that numbers a column ("Col H") is no unit of what stands in it."""
    calls = some_calls(40)
    columns = {"Col A": start, "From": sender, "To": receiver, "Col D": outcome}
    clock = lambda call: f"{call['seconds'] // 60}:{call['seconds'] % 60:02}"  # noqa: E731
    frame = written(calls, {**columns, "Col H": clock})
    assert import_csv(frame)["duration_s"].tolist() == [call["seconds"] for call in calls]


def test_lengths_are_not_taken_between_a_whole_minute_and_a_second(import_csv):
    """From a start without seconds to an end with them nobody can tell how long a call was."""
    calls = some_calls(30)

    def end(call: dict) -> str:
        return f"{call['at'] + dt.timedelta(seconds=call['seconds'] + 7):%Y-%m-%d %H:%M:%S}"

    columns = {"Start time": start, "From": sender, "To": receiver, "End time": end}
    frame = written(calls, {**columns, "Status": outcome})
    assert import_csv(frame)["duration_s"].isna().all()
    exact = import_csv(frame.assign(**{"Start time": written(calls, {"x": sharp})["x"]}))
    assert exact["duration_s"].tolist() == [call["seconds"] for call in calls]


def sharp(call: dict) -> str:
    return f"{call['at'] + dt.timedelta(seconds=7):%Y-%m-%d %H:%M:%S}"


def test_a_day_that_a_spreadsheet_wrote_as_midnight_is_joined_with_its_time(import_csv):
    """A date with 00:00:00 behind it is a day, and the time of day stands beside it."""
    calls = some_calls(30)
    frame = written(
        calls,
        {
            "Date": lambda call: f"{call['at']:%Y-%m-%d} 00:00:00",
            "Time": lambda call: f"{call['at']:%H:%M:%S}",
            "Phone": lambda call: call["theirs"],
            "Status": outcome,
        },
    )
    local = import_csv(frame)["started_at"].dt.tz_convert("America/New_York").dt.tz_localize(None)
    assert local.tolist() == [call["at"] for call in calls]


@pytest.mark.parametrize(
    ("header", "words"), [("Ein/Aus", ("ein", "aus")), ("I/O", ("I", "O")), ("Typ", ("Ein", "Aus"))]
)
def test_short_words_of_direction_are_understood(import_csv, header, words):
    """A log that writes I and O, or ein and aus, keeps its customers on outbound rows."""
    calls = some_calls(30)
    columns = {"Date": start, "From": sender, "To": receiver, "Status": outcome}
    frame = written(calls, {**columns, header: lambda call: words[call["outbound"]]})
    read = import_csv(frame)
    assert read["caller_number"].tolist() == [call["theirs"] for call in calls]
    assert (read["direction"] == "outbound").tolist() == [call["outbound"] for call in calls]


@pytest.mark.parametrize(("header", "words"), [("Dir", ("+", "")), ("E/U", ("E", "U"))])
def test_signs_of_direction_are_asked_about_and_not_passed_over(header, words):
    """A column that is named for the direction and not understood is never left out."""
    calls = some_calls(30)
    columns = {"Date": start, "Ext": lambda _: "101", "Phone": lambda call: call["theirs"]}
    frame = written(calls, {**columns, header: lambda call: words[call["outbound"]]})
    asked = [question.field for question in infer_mapping(frame, "US").questions]
    assert asked == ["direction"]


def test_missed_beside_incoming_and_outgoing_came_in_and_the_others_were_answered(import_csv):
    """On a mobile phone's list a missed call is inbound, and one that came in was answered."""
    calls = some_calls(60)

    def kind(call: dict) -> str:
        if call["outbound"]:
            return "Outgoing"
        return "Incoming" if call["answered"] else "Missed"

    columns = {"Date": start, "Number": lambda call: call["theirs"], "Type": kind}
    frame = written(calls, {**columns, "Duration": lambda call: f"0h 0m {call['seconds']}s"})
    read = import_csv(frame.assign(Duration="0h 1m 5s"))
    inbound = [not call["outbound"] for call in calls]
    assert (read["direction"] == "inbound").tolist() == inbound
    said = ["answered" if call["answered"] else "missed" for call in calls]
    assert read["status"][inbound].tolist() == [s for s, i in zip(said, inbound, strict=True) if i]
    assert read["status"][[not i for i in inbound]].isna().all()


def test_a_direction_and_its_result_in_one_cell_are_both_read(import_csv):
    """Outgoing and not reached is an outbound call, whoever did not answer it."""
    calls = some_calls(60)

    def kind(call: dict) -> str:
        way = "Ausgehend" if call["outbound"] else "Eingehend"
        return way if call["answered"] else f"{way} (nicht erreicht)"

    frame = written(calls, {"Typ": kind, "Datum": start, "Von": sender, "An": receiver})
    read = import_csv(frame)
    assert (read["direction"] == "outbound").tolist() == [call["outbound"] for call in calls]
    assert (read["status"] == "missed").tolist() == [not call["answered"] for call in calls]


def test_a_direction_of_which_many_words_are_strange_is_asked_about():
    """Where a fifth of the calls would be lost for a word, the word is asked for."""
    calls = some_calls(40)

    def way(call: dict) -> str:
        return "Manual" if call["outbound"] else "Inbound"

    columns = {"Date": start, "From": sender, "To": receiver, "Call type": way, "Status": outcome}
    asked = infer_mapping(written(calls, columns), "US").questions
    assert [(question.field, question.choices) for question in asked] == [
        ("direction", ("Manual",))
    ]


@pytest.mark.parametrize(
    ("header", "hour"),
    [("Date [GMT-4]", 4), ("Date (America/Denver)", 6), ("Date (UTC-03:00)", 3)],
)
def test_an_offset_or_a_zone_in_the_header_is_used(import_csv, header, hour):
    """A zone in brackets behind a column's name is that of its times."""
    calls = some_calls(30)
    frame = written(calls, {header: start, "From": sender, "To": receiver, "Status": outcome})
    read = import_csv(frame)["started_at"].dt.tz_localize(None)
    assert read.tolist() == [call["at"] + dt.timedelta(hours=hour) for call in calls]


def test_the_zone_beside_each_time_tells_the_hour_that_comes_twice(import_csv):
    """In the night the clocks go back a column of EDT and EST says which one o'clock it was."""
    times = [dt.datetime(2025, 11, 2, 5) + dt.timedelta(minutes=7 * k) for k in range(30)]  # noqa: DTZ001
    change = dt.datetime(2025, 11, 2, 6)  # noqa: DTZ001
    zones = ["EDT" if at < change else "EST" for at in times]
    shown = [at - dt.timedelta(hours=4 if at < change else 5) for at in times]
    frame = pd.DataFrame(
        {
            "Call time": [f"{at:%m/%d/%y %I:%M:%S %p}" for at in shown],
            "Zone": zones,
            "Caller": [f"404555{1000 + k}" for k in range(30)],
            "Result": "Answered",
        },
        dtype="str",
    )
    assert import_csv(frame)["started_at"].dt.tz_localize(None).tolist() == times


def test_rows_that_share_an_id_start_and_caller_are_legs_of_one_call(import_csv):
    """A ring group that numbers each leg is one call by the session that its legs share."""
    calls = [call for call in some_calls(40) if not call["outbound"]]
    legs = [call | {"leg": leg} for call in calls for leg in range(2 if call["answered"] else 1)]
    frame = written(
        legs,
        {
            "uniqueid": lambda leg: f"{leg['at']:%s}.{leg['leg']}",
            "session": lambda leg: f"s{leg['at']:%s}",
            "start": start,
            "src": sender,
            "dst": lambda leg: f"100{leg['leg']}",
            "userfield": direction,
            "disposition": lambda leg: "ANSWERED" if leg["leg"] else "NO ANSWER",
        },
    )
    read = import_csv(frame)
    assert read["call_id"].nunique() == len(calls)


def test_extensions_that_take_turns_tell_the_direction(import_csv):
    """A call from an extension went out, and the 9 before the number is none of it."""
    calls = some_calls(40)

    def to(call: dict) -> str:
        return f"91{call['theirs'][2:]}" if call["outbound"] else "2101"

    frame = written(
        calls,
        {
            "dateTimeOrigination": lambda call: f"{call['at']:%s}",
            "callingPartyNumber": lambda c: "2101" if c["outbound"] else c["theirs"][2:],
            "finalCalledPartyNumber": to,
            "duration": lambda call: call["seconds"] + 30,
        },
    )
    read = import_csv(frame)
    assert (read["direction"] == "outbound").tolist() == [call["outbound"] for call in calls]
    assert read["caller_number"].tolist() == [call["theirs"] for call in calls]


def test_the_telephones_of_the_staff_are_not_the_numbers_that_were_rung(import_csv):
    """The mobile of whoever took the call is no tracking number."""
    calls = [call | {"outbound": False} for call in some_calls(30)]
    columns = {"Call date": start, "Caller number": sender, "Status": outcome}
    frame = written(calls, {**columns, "Attended by": lambda _: "Ravi (4045550177)"})
    assert import_csv(frame)["tracking_number"].isna().all()


def test_international_numbers_behind_names_and_zeros_are_read(import_csv):
    """A column that writes 00 or nothing for the plus, behind a name or alone, is international."""
    calls = some_calls(20)
    for form in ("00{}", "Eva Roe ({})", "{}"):
        columns = {"Date": start, "Caller": lambda c, form=form: form.format(c["theirs"][1:])}
        read = import_csv(written(calls, {**columns, "Status": outcome}))
        assert read["caller_number"].tolist() == [call["theirs"] for call in calls]


def test_extensions_in_columns_of_no_name_are_asked_about():
    """Where extensions stand now here and now there, and no name says who rang, it is asked."""
    calls = some_calls(40)
    frame = written(
        calls,
        {
            "a": start,
            "b": lambda call: "101" if call["outbound"] else call["theirs"],
            "c": lambda call: call["theirs"] if call["outbound"] else "101",
            "d": outcome,
        },
    )
    assert [question.field for question in infer_mapping(frame, "US").questions] == ["from_number"]


def test_a_click_id_is_the_value_however_the_cell_writes_it(workspace):
    """The bare id, the whole parameter and the address it stood in are one id."""
    ws = calltrack_nb.open(workspace.folder)
    written_as = ("Cj0KCQabc", "gclid=Cj0KCQabc", "https://shop.example/?x=1&gclid=Cj0KCQabc#top")
    rows = [
        f"2026-08-0{day} 10:00:00,40{day},(404) 555-010{day},Answered,{cell}"
        for day, cell in enumerate(written_as, start=1)
    ]
    (workspace.raw / "calls.csv").write_text(
        "\n".join(("Start,Seconds,From,Status,Google Click ID (GCLID)", *rows)) + "\n"
    )
    ws.import_files()
    assert set(ws.table("calls")["click_id"]) == {"gclid:Cj0KCQabc"}


def lengths(length, count=40, **more):
    """Infer a log with a ringing beside a length, both as seconds."""
    calls = some_calls(count)
    columns = {"Start": start, "From": sender, "To": receiver, "Direction": direction, **more}
    return infer_mapping(
        written(calls, {"Ring Time": ringing, **columns, "Duration": length}), "US"
    )


def ringing(call: dict) -> int:
    return 4 + call["at"].minute % 25


def answered_after(call: dict) -> object:
    """Return the seconds until the call was answered, blank where nobody did."""
    return ringing(call) if call["answered"] else ""


def talking(call: dict) -> int:
    return call["seconds"] if call["answered"] else 0


def whole_call(call: dict) -> int:
    return talking(call) + ringing(call)


def ends(length):
    """Return the writer of the moment that is so long after the start."""
    return lambda call: f"{call['at'] + dt.timedelta(seconds=length(call)):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("length", "more", "field"),
    [
        (whole_call, {"Result": outcome}, "duration_s"),
        (talking, {"Result": outcome}, "talk_s"),
        (talking, {}, "talk_s"),
        (whole_call, {"Result": outcome, "Ring Time": answered_after}, "duration_s"),
        (talking, {"Result": outcome, "Ring Time": answered_after}, "talk_s"),
        (whole_call, {"Answered": lambda call: "yes" if call["answered"] else "no"}, "duration_s"),
        (lambda call: whole_call(call) if call["answered"] else "", {"End": ends(whole_call)},
         "duration_s"),
        (lambda call: talking(call) or "", {"End": ends(whole_call)}, "talk_s"),
    ],
)  # fmt: skip
def test_a_length_counts_the_ringing_beside_it_where_the_values_show_it(length, more, field):
    """Nobody talks in a call that nobody took, and what is shorter than the ringing has none."""
    found = lengths(length, **more)
    assert not found.questions
    assert fields(found)[field] == ("Duration",)
    assert fields(found)["ring_s"] == ("Ring Time",)
    assert len({"duration_s", "talk_s"} & fields(found).keys()) == 1


def test_a_total_counts_the_ringing_by_its_name():
    """A log of answered calls only shows it by nothing else."""
    calls = [call | {"answered": True, "seconds": call["seconds"] + 60} for call in some_calls()]
    columns = {"Start": start, "From": sender, "Direction": direction, "Ring Time": ringing}
    found = infer_mapping(written(calls, {**columns, "Total Duration": whole_call}), "US")
    assert not found.questions
    assert fields(found)["duration_s"] == ("Total Duration",)


def test_where_nothing_shows_whether_the_ringing_counts_it_is_asked(tmp_path):
    """The block is refused until it is filled in, keeps the unit, and either answer is read."""
    calls = [call | {"answered": True, "seconds": call["seconds"] + 60} for call in some_calls()]
    columns = {"Start": start, "From": sender, "To": receiver, "Direction": direction}
    minutes = lambda call: f"{whole_call(call) / 60:.2f} min"  # noqa: E731
    frame = written(calls, {**columns, "Duration": minutes, "Ring Time": ringing})
    path = tmp_path / "log.csv"
    frame.to_csv(path, index=False)
    with pytest.raises(UnclearFile, match=r"include the ringing \(Ring Time\)") as told:
        providers.open_source(path, Settings())
    block = told.value.proposal
    with pytest.raises(SettingsError):
        parse_settings(block)
    line = next(line for line in block.splitlines() if line.startswith('duration_s = ""'))
    source = line.partition("# ")[2].partition(": Does ")[0]
    read = {}
    for field in ("duration_s", "talk_s"):
        filled = parse_settings(block.replace(line, f"{field} = {source}"))
        batches = providers.open_source(path, filled).batches()
        read[field] = pd.concat([batch.tables["calls"] for batch in batches])
    apart = read["talk_s"]["duration_s"] - read["duration_s"]["duration_s"]
    assert (apart - read["talk_s"]["ring_s"]).abs().max() < 0.01
    assert (read["talk_s"]["talk_s"] - [whole_call(call) for call in calls]).abs().max() < 0.7


@pytest.mark.parametrize("name", ["Referred by", "Second phone", "Emergency contact"])
def test_another_number_beside_the_callers_is_not_taken_for_the_businesss(tmp_path, name):
    """In a short log it is asked; where few rows hold it, the caller's column alone is read."""
    calls = [call for call in some_calls() if not call["outbound"]]
    columns = {"When": start, "Caller": sender, "Result": outcome}
    frame = written(calls, columns)
    others = [f"(404) 555-{1000 + row:04d}" for row in range(len(frame))]
    short = frame.head(5).assign(**{name: others[:5]})
    short.to_csv(tmp_path / "short.csv", index=False)
    with pytest.raises(UnclearFile, match="Which column holds the callers' numbers"):
        providers.open_source(tmp_path / "short.csv", Settings())
    sparse = frame.assign(**{name: [*others[:3], *[""] * (len(frame) - 3)]})
    found = infer_mapping(sparse, "US")
    assert not found.questions
    assert fields(found)["caller_number"] == ("Caller",)
    assert "tracking_number" not in fields(found)


def test_a_clock_of_the_whole_day_is_no_duration():
    """Times of office hours beside days such as 01.07.26 are the start, however called."""
    rows = pd.DataFrame(
        {
            "Tag": [f"{day:02}.07.26" for day in range(1, 21)],
            "Xyz": [f"{8 + day * 7 % 11:02}:{day * 13 % 60:02}:10" for day in range(1, 21)],
            "Rufnummer": [f"040 66969{day:03}" for day in range(1, 21)],
        },
        dtype="str",
    )
    found = infer_mapping(rows, "DE")
    taken = {str(column) for source in found.fields.values() for column in source.columns}
    assert "duration_s" not in found.fields
    assert "tags" not in found.fields
    assert "started_at" in found.fields or "started_at" in {one.field for one in found.questions}
    assert taken <= {"Tag", "Xyz", "Rufnummer"}


def test_where_a_call_was_forwarded_to_is_read(import_csv):
    """A third column of numbers that says so is the destination, however few it holds."""
    columns = {
        "When": start,
        "Caller number": sender,
        "Number dialled": lambda _: "+14045550121",
        "Forwarded to": lambda _: "+14045550192",
        "Result": outcome,
    }
    read = import_csv(written([call | {"outbound": False} for call in some_calls(20)], columns))
    assert set(read["destination_number"]) == {"+14045550192"}
    assert set(read["tracking_number"]) == {"+14045550121"}
