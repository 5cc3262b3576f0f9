"""Whether two provider calls are of one call: what is joined, left apart, and listed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calltrack_nb import providers, schema


def calls(provider: str, rows: list[dict]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    prefix = provider if provider == "callrail" else f"{provider}:row-"
    frame["call_id"] = [f"{prefix}:{provider[:2]}{n}" for n in frame.get("n", range(len(frame)))]
    frame["started_at"] = pd.Timestamp("2026-07-01", tz="UTC") + pd.to_timedelta(
        frame.pop("at"), unit="s"
    )
    frame = frame.drop(columns="n", errors="ignore").assign(
        account="main", provider=provider, direction="inbound", lead_status="unknown"
    )
    return schema.conform(frame, "calls")


def google(*rows: dict) -> pd.DataFrame:
    return calls("google_ads", [{"channel": "google_ads", **row} for row in rows])


def callrail(*rows: dict) -> pd.DataFrame:
    return calls("callrail", [{"tracking_number": "+12125550111", **row} for row in rows])


ANN = {"caller_number": "+14045550001", "duration_s": 90, "status": "answered"}


def test_one_caller_at_one_time_is_one_call():
    """A Google row of the same caller fills what CallRail's row lacks, and is gone."""
    merge = providers.merge_calls(
        callrail({"at": 0, **ANN, "channel": "google_ads"}),
        google({"at": 12, **ANN, "duration_s": 86, "campaign": "Cakes"}),
    )
    assert merge.calls["provider"].tolist() == ["callrail"]
    assert merge.calls["campaign"].tolist() == ["Cakes"]
    assert merge.joined["score"].tolist() == [40 + 25 + 15 + 5 + 10]
    assert "caller +40" in merge.joined["because"].iloc[0]
    assert len(merge.ambiguous) == 0


@pytest.mark.parametrize(
    "other",
    [
        {"caller_number": "+14045550002"},
        {"at": 900},
        {"duration_s": 600, "at": 300},
        {"caller_number": None, "caller_region": "area code 212"},
    ],
)
def test_calls_that_differ_are_two(other):
    """Another caller, hour, length or area code is another call."""
    merge = providers.merge_calls(
        callrail({"at": 0, **ANN, "channel": "direct"}), google({"at": 5, **ANN, **other})
    )
    assert len(merge.calls) == 2


def test_rivals_are_left_apart_and_listed():
    """Where two calls could be the one Google saw, none is joined and both are named."""
    both = [{"at": at, **ANN, "caller_number": None, "channel": "google_ads"} for at in (0, 3)]
    seen = {"at": 1, **ANN, "caller_number": None, "campaign": None}
    known = callrail(*[{**call, "campaign": "Cakes"} for call in both])
    merge = providers.merge_calls(known, google({**seen, "campaign": "Cakes"}))
    assert len(merge.calls) == 3
    assert len(merge.joined) == 0
    assert set(merge.ambiguous["call_id"]) == set(known["call_id"])


def test_a_redial_is_matched_one_to_one():
    """Two calls of one caller within two minutes pair up each with its own provider call."""
    pair = [{"at": 0, **ANN, "duration_s": 20}, {"at": 90, **ANN, "duration_s": 200}]
    merge = providers.merge_calls(
        callrail(*pair), google(*[{**call, "at": call["at"] + 4} for call in pair])
    )
    assert len(merge.calls) == 2
    assert merge.calls["duration_s"].tolist() == [20, 200]


def test_the_order_of_provider_calls_does_not_matter():
    """Known and new may change places and rows be shuffled: the calls are the same."""
    rng = np.random.default_rng(7)
    rows = [
        {"at": int(at), "caller_number": f"+1404555{n % 40:04d}", "duration_s": 30.0 + n, "n": n}
        for n, at in enumerate(rng.integers(0, 86_400, 120))
    ]
    known = callrail(*rows)
    seen = google(*[{**row, "at": row["at"] + 8} for row in rows[::2]])
    expected = providers.merge_calls(known, seen).calls
    shuffled = providers.merge_calls(
        seen.sample(frac=1, random_state=1), known.sample(frac=1, random_state=2)
    ).calls
    pd.testing.assert_frame_equal(expected, shuffled)


def test_a_busy_log_is_joined_right():
    """Of 2,000 calls a month, half seen without number, few are missed and hardly any wrong."""
    rng = np.random.default_rng(3)
    n = 2_000
    at = np.sort(rng.integers(0, 30 * 86_400, n))
    rows = [
        {
            "at": int(at[i]),
            "n": i,
            "caller_number": f"+1{404 + i % 9}555{rng.integers(0, 9999):04d}",
            "duration_s": float(rng.gamma(1.2, 90)),
            "status": "answered" if rng.random() < 0.8 else "missed",
            "channel": "google_ads" if i % 3 == 0 else "organic",
            "campaign": f"Campaign {i % 4}",
        }
        for i in range(n)
    ]
    seen = []
    for row in rows[::3]:
        number = str(row["caller_number"])
        hidden = rng.random() < 0.5
        answered = row["status"] == "answered"
        seen.append(
            {
                **row,
                "at": int(row["at"] + rng.integers(-20, 21)),
                "duration_s": max(0.0, row["duration_s"] + rng.normal(0, 3)) if answered else 0.0,
                "caller_number": None if hidden else number,
                "caller_region": f"area code {number[2:5]}" if answered else None,
            }
        )
    merge = providers.merge_calls(callrail(*rows), google(*seen))
    joined = merge.joined["call_id"].str.extract(r"ca(\d+)$", expand=False)
    right = (joined == merge.joined["other_id"].str.extract(r"go(\d+)$", expand=False)).sum()
    assert right >= 0.97 * len(seen)
    assert len(merge.joined) - right <= 0.01 * len(seen)


def test_an_export_and_the_api_of_one_provider_are_one_call():
    """The row with the provider's own id stays; the recording settles a doubt."""
    export = callrail({"at": 30, **ANN, "recording": "https://r.example/1.mp3"})
    export["call_id"] = "callrail:row-0011223344"
    api = callrail({"at": 0, **ANN, "recording": "https://r.example/1.mp3"})
    merge = providers.merge_calls(export, api)
    assert merge.calls["call_id"].tolist() == ["callrail:ca0"]


def test_a_later_import_is_believed_in_what_it_says():
    """A value that came later wins, and what it leaves out is kept from before."""
    first = callrail({"at": 0, **ANN, "caller_name": "Ann", "tags": ["a"]})
    later = callrail({"at": 0, **ANN, "caller_name": None, "status": "voicemail"})
    later["lead_status"] = pd.Series(["qualified"]).astype(first["lead_status"].dtype)
    call = providers.unite_provider_calls(first, later).iloc[0]
    assert (call["caller_name"], call["status"], call["lead_status"]) == (
        "Ann",
        "voicemail",
        "qualified",
    )
    assert list(call["tags"]) == ["a"]


def test_spam_scores():
    """The mark of the provider and a hang-up on a first call count; a missed call does not."""
    frame = callrail(
        {"at": 0, **ANN, "duration_s": 5},
        {"at": 9_000, **ANN, "status": "missed", "duration_s": 0},
        {"at": 90_000, **ANN, "duration_s": 200},
        {"at": 99_000, **ANN, "duration_s": 200, "spam_score": 3},
    )
    frame["first_call"] = pd.array([True, True, False, False], dtype="boolean")
    assert providers.spam_scores(frame).tolist() == [3, 1, 0, 3]
    frame = callrail(*[{"at": at, **ANN, "status": "missed"} for at in (0, 60, 120, 200_000)])
    frame["caller_key"] = "ann"
    assert providers.spam_scores(frame).tolist() == [2, 2, 2, 1]


def test_a_call_that_the_provider_marks_as_spam_is_no_qualified_lead():
    """The mark overrides another word about the lead; a mere score overrides none."""
    frame = callrail(
        {"at": 0, **ANN, "spam_score": 3},
        {"at": 9_000, **ANN, "duration_s": 4},
        {"at": 90_000, **ANN},
    )
    said = ["qualified", "qualified", "unknown"]
    frame["lead_status"] = pd.Series(said).astype(frame["lead_status"].dtype)
    frame["first_call"] = pd.array([False, True, False], dtype="boolean")
    judged = providers.judge_spam(frame)
    assert judged["lead_status"].tolist() == ["not_qualified", "qualified", "unknown"]
    assert judged["spam_score"].tolist() == [3, 3, 0]
