"""Channels, by the words of a source."""

from __future__ import annotations

import pandas as pd

from calltrack_nb.providers import to_channels
from calltrack_nb.settings import ChannelRule


def texts(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype="str")


def test_channels_match_whole_words_only():
    """A word inside another word names no channel."""
    sources = texts("Digital flyer", "fbi.gov", "The adwordsmith", "IG", "Google Ads")
    assert to_channels({"source": sources}).tolist() == [
        "print",
        "other",
        "other",
        "instagram",
        "google_ads",
    ]


def test_a_business_rule_is_asked_first():
    """A rule of calltrack.toml overrides the table for the fields it names."""
    rule = ChannelRule(channel="referral", words=("spring fair",), fields=("campaign",))
    fields = {"source": texts("google", "google"), "campaign": texts("Spring Fair 26", "Spring")}
    fields["medium"] = texts("cpc", "cpc")
    assert to_channels(fields, [rule]).tolist() == ["referral", "google_ads"]
