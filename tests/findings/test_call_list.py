"""All calls as a list: filtered, searched, shown and written to a file."""

from __future__ import annotations

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.errors import ListeningError
from calltrack_nb.findings.call_list import (
    CallFilters,
    call_table,
    filter_calls,
    list_calls,
    read_filters,
)


@pytest.fixture
def table():
    """Three calls: a booked one with sound, one with two themes, one of unknown length."""
    calls = pd.DataFrame(
        {
            "account": "main",
            "call_id": ["a", "b", "c"],
            "provider": "x",
            "started_at": pd.to_datetime(
                ["2026-08-03 02:30Z", "2026-08-04 12:00Z", "2026-08-04 12:00Z"]
            ),
            "duration_s": [95.0, 20.0, None],
            "direction": "inbound",
            "lead_status": "unknown",
            "campaign": ["=Flyer", "Search", None],
            "agent": ["Sam", "Kim", "Sam"],
            "caller_number": "+12125550147",
            "caller_name": "Tilda",
        }
    )
    themes = pd.DataFrame(
        {"account": "main", "theme_id": ["T1", "T2"], "label": ["Cakes", "Delivery"], "calls": 1}
    )
    tagged = pd.DataFrame(
        {"account": "main", "call_id": ["a", "b", "b"], "theme_id": ["T1", "T1", "T2"]}
    )
    findings = {"account": "main", "call_id": ["a"], "family": "outcome", "kind": ["call_back"]}
    frames = {
        "calls": calls,
        "call_themes": tagged.assign(strength=1.0),
        "themes": themes,
        "findings": pd.DataFrame(findings),
        "recordings": pd.DataFrame({"account": "main", "call_id": ["a"], "path": ["a.wav"]}),
    }
    return call_table(
        *(schema.conform(frame, name) for name, frame in frames.items()), "America/New_York"
    )


def listed(table, **filters):
    """Return the ids of the calls that fit."""
    return filter_calls(table, CallFilters(**filters))["call_id"].tolist()


def test_every_call_is_listed_with_what_is_known_of_it(table):
    """The latest first, times on the business's clock, and nobody's number or name."""
    assert table["call_id"].tolist() == ["b", "c", "a"]
    last = table.iloc[2]
    assert str(last["at"]) == "2026-08-02 22:30:00"
    assert last["themes"] == ["Cakes"]
    assert last["outcome"] == "to call back"
    assert table["outcome"].tolist()[:2] == ["not known", "not known"]
    assert not {"caller_number", "caller_name"} & set(table)


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({}, ["b", "c", "a"]),
        ({"theme": "cakes"}, ["b", "a"]),
        ({"theme": "Delivery", "agent": "kim"}, ["b"]),
        ({"outcome": "to call back"}, ["a"]),
        ({"campaign": "search"}, ["b"]),
        ({"at_least_s": 21}, ["a"]),
        ({"at_most_s": 95}, ["b", "a"]),
        ({"has_sound": False}, ["b", "c"]),
        ({"agent": "Sam", "has_sound": True}, ["a"]),
    ],
)
def test_filters_keep_the_calls_that_fit(table, filters, ids):
    """Each filter by itself and two together; an unknown length fits no length."""
    assert listed(table, **filters) == ids


def test_a_value_that_no_call_has_is_refused_with_those_there_are(table):
    """A misspelt agent is no empty list but an error that names the nearest."""
    with pytest.raises(ListeningError, match="Did you mean Sam"):
        listed(table, agent="Sma")
    with pytest.raises(ListeningError, match="Use one of Cakes and Delivery"):
        listed(table, theme="xyz")


def test_a_search_puts_the_list_into_its_order(table):
    """One row a call, its best turn beside it, in the order found."""
    found = pd.DataFrame(
        {"call_id": ["a", "b", "a"], "quote": ["x", "y", "z"], "why": "means about the same"}
    )
    made = list_calls(table, found, 3, 10)
    assert made.table[["call_id", "quote"]].to_numpy().tolist() == [["a", "x"], ["b", "y"]]
    assert made.text == "2 calls of 3."


def test_a_long_list_says_that_it_is_cut(table):
    """No call is left out without a word."""
    made = list_calls(table, None, 3, 2)
    assert len(made.table) == 2
    assert made.text == "3 calls of 3; shown: the first 2."


def test_the_list_is_shown_and_written(table, tmp_path):
    """Lengths are minutes and seconds on the page; a formula is written as text in the file."""
    made = list_calls(table, None, 3, 10)
    assert ">1:35</td>" in made._repr_html_()
    assert "Cakes, Delivery" in made._repr_html_()
    written = pd.read_csv(made.to_csv(tmp_path / "calls.csv"))
    assert written["campaign"].tolist()[2] == "'=Flyer"
    assert written["themes"].tolist()[0] == "Cakes; Delivery"
    assert len(written) == 3


def test_no_calls_are_an_empty_list():
    """An empty workspace gives no rows and a sentence."""
    tables = ("calls", "call_themes", "themes", "findings", "recordings")
    table = call_table(*(schema.empty(name) for name in tables), "UTC")
    assert list_calls(filter_calls(table, CallFilters()), None, 0, 10).text == "0 calls of 0."


def test_a_filter_or_a_length_that_makes_no_sense_is_refused(table):
    """A filter that does not exist is named; "the first -1" does not drop a call unsaid."""
    with pytest.raises(ListeningError, match=r"campaing.*Use theme, outcome, campaign"):
        read_filters({"campaing": "Flyer"})
    with pytest.raises(ListeningError, match="at least one call: most=-1"):
        list_calls(table, None, 3, -1)
