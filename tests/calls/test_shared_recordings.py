"""A recording that several calls have counts for one of them."""

import pandas as pd

from calltrack_nb.calls import counted_for


def legs(**columns):
    """Return four calls, two of them legs of one call."""
    frame = pd.DataFrame(
        {
            "call_id": ["p:1", "p:2", "p:3", "p:4"],
            "status": ["missed", "answered", "answered", "missed"],
            "duration_s": [500.0, 60.0, 90.0, 20.0],
            "started_at": pd.date_range("2026-08-03", periods=4, freq="h", tz="UTC"),
        }
    )
    return frame.assign(**columns)


def files(paths, keys):
    return pd.DataFrame(
        {
            "call_id": ["p:1", "p:2", "p:3", "p:4"],
            "path": pd.array(paths, "str"),
            "transcript_key": pd.array(keys, "str"),
        }
    )


def test_the_longest_answered_leg_has_the_recording():
    """Of legs that name one file the answered one that lasted longest is taken, not the first."""
    owners = counted_for(files(["a.mp3"] * 3 + ["b.mp3"], [None] * 4), legs())
    assert owners.to_dict() == {"p:1": "p:3", "p:2": "p:3", "p:3": "p:3", "p:4": "p:4"}


def test_a_copy_is_the_same_recording():
    """Files of another name that gave the same transcript are one recording."""
    owners = counted_for(files(["a.mp3", "b.mp3", "b.mp3", "c.mp3"], ["x", "x", "x", "y"]), legs())
    assert owners.to_dict() == {"p:1": "p:3", "p:2": "p:3", "p:3": "p:3", "p:4": "p:4"}


def test_without_a_recording_nothing_is_shared():
    """Calls whose recordings are missing are not taken for calls of one recording."""
    owners = counted_for(files([None, None, "b.mp3", None], [None, None, None, "y"]), legs())
    assert owners.to_dict() == {"p:3": "p:3", "p:4": "p:4"}
    assert counted_for(files([None] * 4, [None] * 4), legs()).empty


def test_equal_legs_are_told_apart_by_their_ids_and_unknown_calls_come_last():
    """The choice is the same whatever order the rows come in."""
    same = legs(status="missed", duration_s=float("nan"), started_at=pd.NaT)
    known = files(["a.mp3"] * 4, [None] * 4)
    for order in (known, known.iloc[::-1]):
        assert set(counted_for(order, same.iloc[:2])) == {"p:1"}
