"""Files are given to the calls they belong to."""

import unicodedata

import pandas as pd
import pytest

from calltrack_nb.audio import NOT_FETCHED, match, stems_of, unmatched


def lay(folder, *names, **contents):
    """Write files that each hold their own name, or what is given."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(contents.get("holding", name).encode())


def calls(*recordings, ids=None):
    """Return calls that name these recordings."""
    numbers = ids or [f"callrail:CAL{number}" for number in range(1, len(recordings) + 1)]
    return pd.DataFrame({"call_id": numbers, "recording": pd.array(recordings, "str")})


def found(log, folder):
    return match(log, folder).set_index("call_id")


def paths(log, folder):
    return found(log, folder)["path"].dropna().to_list()


def test_a_file_named_after_a_call_is_its_own_without_a_column_of_recordings(tmp_path):
    """A log that names no recordings gets them by the calls' ids, and no call another's."""
    lay(tmp_path, "CAL7.mp3", "whatconverts_9001.wav", "other.mp3")
    log = calls(None, None, None, ids=["callrail:CAL7", "whatconverts:9001", "callrail:CAL9"])
    assert found(log, tmp_path)["path"].to_dict() == {
        "callrail:CAL7": "CAL7.mp3",
        "whatconverts:9001": "whatconverts_9001.wav",
    }


def test_two_recordings_of_one_call_are_a_problem_that_is_told(tmp_path):
    """Where two unlike files bear a call's id nothing is chosen, and both are named."""
    lay(tmp_path, "CAL1.mp3", "CAL1.wav")
    row = found(calls(None), tmp_path).loc["callrail:CAL1"]
    assert pd.isna(row["path"])
    assert row["problem"] == "Several files could be it: CAL1.mp3 and CAL1.wav; keep one of them"
    assert unmatched(calls(None), tmp_path) == ()


def test_what_lies_beside_a_recording_does_not_hide_it(tmp_path):
    """Texts made of it, pictures, halves of downloads and what systems leave are no rivals."""
    beside = ("txt", "vtt", "json", "srt", "mp3.part", "html", "png", "reapeaks", "mp3.crdownload")
    lay(tmp_path, "CAL1.mp3", *(f"CAL1.{ending}" for ending in beside))
    lay(tmp_path, "._CAL1.mp3", ".DS_Store", "Thumbs.db", ".trash/CAL1.mp3", "desktop.ini")
    assert paths(calls(None), tmp_path) == ["CAL1.mp3"]
    assert paths(calls("CAL1.mp3"), tmp_path) == ["CAL1.mp3"]
    assert unmatched(calls(None), tmp_path) == ()


def test_a_file_without_an_ending_gives_way_to_one_of_sound(tmp_path):
    """A bare name is a recording where there is no better one."""
    lay(tmp_path, "CAL1", "CAL2", "CAL2.wav")
    assert paths(calls(None, None), tmp_path) == ["CAL1", "CAL2.wav"]


@pytest.mark.parametrize("recording", [None, "CAL1.mp3", "https://x.example/CAL1.mp3"])
def test_copies_are_no_rivals(tmp_path, recording):
    """The same content twice is one recording, and the copy belongs to the call too."""
    lay(tmp_path, "b/CAL1.mp3", "a/c/CAL1.mp3", "CAL1 (copy).mp3", holding="sound")
    assert paths(calls(recording), tmp_path) == ["b/CAL1.mp3"]
    assert unmatched(calls(recording), tmp_path) == ()


@pytest.mark.parametrize(
    "name",
    [
        "a #1.mp3",
        "b 50%.mp3",
        "c what?.mp3",
        "d 🎂 cake.mp3",
        'e\'o "q".mp3',
        "f&g;h.mp3",
        "i%20j.mp3",
        "[x] {y}*.mp3",
        "back\\slash.mp3",
        "(404) 555-0123 → 2026-08-03 10:00.mp3",
        "UPPER.MP3",
        "n" * 244 + ".mp3",
    ],
)
def test_names_of_every_kind(tmp_path, name):
    """A file is found by the name that the log gives, whatever letters are in it."""
    lay(tmp_path, name)
    assert paths(calls(name), tmp_path) == [name]


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("lead.mp3", " lead.mp3"),
        ("Call.MP3", "call.mp3"),
        ("call 10:00.mp3", "call 10_00.mp3"),
        ("a%20b.mp3", "a b.mp3"),
        ("C:\\rec\\one.mp3", "one.mp3"),
        ("/var/spool/asterisk/monitor/one.wav", "2026/08/one.wav"),
        (unicodedata.normalize("NFC", "Zoë.mp3"), unicodedata.normalize("NFD", "Zoë.mp3")),
        ("call.wav", "call.mp3"),
    ],
)
def test_names_as_other_systems_write_them(tmp_path, told, name):
    """Spaces, letters and signs that a system changes on the way do not lose a file."""
    lay(tmp_path, name)
    assert paths(calls(told), tmp_path) == [name]


def test_a_name_too_long_for_any_file_is_missing_and_the_rest_is_found(tmp_path):
    """A cell that no file can be called is told; it does not stop the others."""
    lay(tmp_path, "one.mp3")
    told = found(calls("x" * 5000, "a\x00b.mp3", "one.mp3"), tmp_path)
    assert told["path"].dropna().to_list() == ["one.mp3"]
    assert told["problem"].str.contains("no such file").sum() == 2


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://r.example.com/x/call%201%23a.mp3?token=1", "call 1#a.mp3"),
        ("https://r.example.com/x/50%25.mp3", "50%.mp3"),
        ("https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/REabc", "REabc.mp3"),
        ("https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/REabc.mp3", "REabc.wav"),
        ("https://r.example.com/play?file=rec.mp3", "rec.mp3"),
        ("https://r.example.com/play?id=3&file=2026/08/rec.mp3&token=x", "rec.mp3"),
        ("https://app.callrail.com/calls/CAL1/recording", "CAL1.mp3"),
        ("HTTPS://r.example.com/a/i%2520j.mp3", "i%20j.mp3"),
    ],
)
def test_addresses(tmp_path, address, name):
    """An address finds its file by its last part, by a file in its query, or by the call's id."""
    lay(tmp_path, name, "token.mp3", "3.mp3")
    assert paths(calls(address), tmp_path) == [name]


def test_the_name_in_an_address_comes_before_another_calls_id(tmp_path):
    """The call's own id is asked before a last part that is only a word."""
    lay(tmp_path, "CAL1.mp3", "recording.mp3")
    assert paths(calls("https://app.callrail.com/calls/CAL1/recording"), tmp_path) == ["CAL1.mp3"]


@pytest.mark.parametrize(
    "recordings",
    [
        ("https://r.example.com/1/audio.mp3", "https://r.example.com/2/audio.mp3"),
        ("https://r.example.com/1/audio", "https://r.example.com/2/audio"),
        ("https://r.example.com/audio?id=1", "https://r.example.com/audio?id=2"),
        ("one/audio.mp3", "two/audio.mp3"),
        ("audio.wav", "audio.m4a"),
    ],
)
def test_one_file_for_two_recordings_of_a_name_is_told(tmp_path, recordings):
    """A name that two recordings of the log share gives neither of them the one file there is."""
    lay(tmp_path, "audio.mp3")
    told = found(calls(*recordings), tmp_path)
    assert told["path"].isna().all()
    assert told["problem"].str.contains("2 recordings in the log are called audio").all()
    assert told["problem"].iloc[1].endswith("rename the file to callrail_CAL2")


def test_folders_tell_files_of_one_name_apart(tmp_path):
    """Files kept in the folders of their addresses or paths go to the calls that name them."""
    lay(tmp_path, "r.example.com/1/audio.mp3", "r.example.com/2/audio.mp3", "x/3/audio.mp3")
    log = calls(
        "https://r.example.com/1/audio.mp3", "https://r.example.com/2/audio.mp3", "3/audio.mp3"
    )
    assert paths(log, tmp_path) == [
        "r.example.com/1/audio.mp3",
        "r.example.com/2/audio.mp3",
        "x/3/audio.mp3",
    ]


def test_one_recording_of_several_calls_is_found_for_each(tmp_path):
    """The legs of a ring group name one file, also under ever new keys: each gets it."""
    lay(tmp_path, "same.mp3")
    log = calls(
        "https://r.example.com/same.mp3?key=1",
        "https://r.example.com/same.mp3?key=2",
        "https://r.example.com/same.mp3",
    )
    assert paths(log, tmp_path) == ["same.mp3"] * 3


def test_a_bare_id_of_two_providers_is_nobodys(tmp_path):
    """A file named by an id that two providers gave out is told, and the full name settles it."""
    lay(tmp_path, "17.mp3")
    log = calls(None, None, ids=["callrail:17", "whatconverts:17"])
    told = found(log, tmp_path)
    assert told["path"].isna().all()
    assert "could belong to callrail:17 and whatconverts:17" in told["problem"].iloc[0]
    lay(tmp_path, "callrail_17.mp3")
    assert paths(log, tmp_path) == ["callrail_17.mp3"]


def test_ids_with_dots_and_spaces(tmp_path):
    """An id that looks as if it had an ending, or that a file cannot be called, is found."""
    lay(tmp_path, "1596450000.123.wav", "1596450000.124", "log_a_b.mp3")
    log = calls(None, None, None, ids=["pbx:1596450000.123", "pbx:1596450000.124", "log:a b"])
    assert paths(log, tmp_path) == ["1596450000.123.wav", "1596450000.124", "log_a_b.mp3"]
    assert stems_of("log:a b")[2] == "log_a_b"


def test_what_belongs_to_no_call_is_named(tmp_path):
    """Recordings that no call names are listed; side files and rivals of a call are not."""
    lay(tmp_path, "CAL1.mp3", "old/stray.wav", "noext", "notes.txt", "half.mp3.part")
    assert unmatched(calls(None, "https://x.example/gone.mp3"), tmp_path) == (
        "noext",
        "old/stray.wav",
    )
    assert (
        found(calls(None, "https://x.example/gone.mp3"), tmp_path)["problem"]
        .dropna()
        .to_list()[0]
        .startswith(NOT_FETCHED)
    )
    assert unmatched(calls(None), tmp_path / "nowhere") == ()
