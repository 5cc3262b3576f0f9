"""Files are given to the calls they belong to."""

import pandas as pd

from calltrack_nb.audio import match


def test_a_file_named_after_a_call_is_its_own_without_a_column_of_recordings(tmp_path):
    """A log that names no recordings gets them by the calls' ids, and no call another's."""
    for name in ("CAL7.mp3", "whatconverts_9001.wav", "CAL8.mp3", "CAL8.wav", "other.mp3"):
        (tmp_path / name).write_bytes(b"sound")
    calls = pd.DataFrame(
        {
            "call_id": ["callrail:CAL7", "whatconverts:9001", "callrail:CAL8", "callrail:CAL9"],
            "recording": pd.array([None] * 4, "str"),
        }
    )
    found = match(calls, tmp_path).set_index("call_id")["path"].to_dict()
    assert found == {"callrail:CAL7": "CAL7.mp3", "whatconverts:9001": "whatconverts_9001.wav"}
