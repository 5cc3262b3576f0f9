"""Figures, days and names are written in one way, and only phrasing.py writes them."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calltrack_nb import phrasing

PACKAGE = Path(phrasing.__file__).parent


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0.0, "0 %"),
        (0.0001, "under 0.1 %"),
        (0.004, "0.4 %"),
        (0.52, "52 %"),
        (0.99, "99 %"),
        (0.996, "99.6 %"),
        (0.99996, "over 99.9 %"),
        (1.0, "100 %"),
        (1.204, "120 %"),
        (np.nan, "-"),
        (None, "-"),
        (pd.NA, "-"),
    ],
)
def test_a_share_is_whole_per_cent(share, written):
    """All and none are only said of all and none; a share that is not known is a dash."""
    assert phrasing.percent(share) == written


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_all_and_none_are_said_of_nothing_else(part, more):
    """No other share than all of them reads 100 %, no other than none of them 0 %."""
    total = part + more
    assert phrasing.percent(part / total) != "100 %"
    assert (phrasing.percent(part / total) == "0 %") == (part == 0)


def test_what_missed_its_goal_does_not_read_like_it():
    """A share a little below the target is written fine enough to see that it is."""
    assert phrasing.percent(0.746, beside=0.75) == "74.6 %"
    assert phrasing.percent(0.7496, beside=0.75) == "74.96 %"
    assert phrasing.percent(0.75, beside=0.75) == "75 %"
    assert phrasing.percent(0.52, beside=0.75) == "52 %"
    assert phrasing.percent(0.52, beside=None) == "52 %"


@pytest.mark.parametrize(
    ("ratio", "written"),
    [(1.3, "+30 %"), (0.5, "-50 %"), (1.0, "0 %"), (0.999, "0 %"), (21.0, "+2,000 %")],
)
def test_a_ratio_is_a_change(ratio, written):
    """More has a plus and less a minus; no change has neither."""
    assert phrasing.changed(ratio) == written


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls"), (1513, "1,513 calls")]
)
def test_a_count_agrees_with_its_noun(count, written):
    """One is one call; none and several are calls, with a comma at the thousand."""
    assert phrasing.plural(count, "call") == written
    assert phrasing.plural(np.int64(count), "call") == written


@pytest.mark.parametrize(
    ("noun", "nouns"),
    [("inquiry", "inquiries"), ("day", "days"), ("touch", "touches"), ("full week", "full weeks")],
)
def test_nouns_are_made_several(noun, nouns):
    """A consonant before y and a hiss take their own endings."""
    assert phrasing.plural(2, noun) == f"2 {nouns}"


def test_irregular_nouns_are_told():
    """Where the plural cannot be made, it is given."""
    assert phrasing.plural(2, "person", "people") == "2 people"


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("is", "are"),
        ("was", "were"),
        ("has", "have"),
        ("carries", "carry"),
        ("comes", "come"),
        ("says", "say"),
        ("speaks", "speak"),
    ],
)
def test_verbs_agree(one, many):
    """One recording is, three recordings are; of several, the one that is meant counts."""
    assert phrasing.agree(1, one) == one
    assert phrasing.agree(0, one) == phrasing.agree(3, one) == many


def test_one_of_many_is_one():
    """Of 58 recordings one is missing."""
    said = f"{phrasing.out_of(1, 58, 'recording')} {phrasing.agree(1, 'is')} missing"
    assert said == "1 of 58 recordings is missing"


@pytest.mark.parametrize(
    ("value", "written"),
    [(9.111, "USD 9.11"), (100, "USD 100"), (1234.5, "USD 1,234"), (-9.5, "USD -9.50")],
)
def test_money_has_cents_below_a_hundred(value, written):
    """Large amounts are told without cents, small ones with them."""
    assert phrasing.money(value, "USD") == written


def test_days_share_what_they_share():
    """A span says month and year once where both ends have them in common."""
    first = dt.date(2026, 7, 4)
    assert phrasing.day(first) == phrasing.days(first, first) == "4 Jul 2026"
    assert phrasing.days(first, dt.date(2026, 7, 9)) == "4 to 9 Jul 2026"
    assert phrasing.days(first, dt.date(2026, 8, 1)) == "4 Jul to 1 Aug 2026"
    assert phrasing.days(first, dt.date(2027, 7, 4)) == "4 Jul 2026 to 4 Jul 2027"
    assert phrasing.days(pd.Timestamp("2026-07-04 09:00"), pd.Timestamp("2026-07-04")) == (
        "4 Jul 2026"
    )


def test_names_are_cut_short_where_they_are_many():
    """The last of a few is joined by and; of many, those left out are counted."""
    assert phrasing.listed([]) == ""
    assert phrasing.listed(["a", "b", "c"]) == "a, b and c"
    assert phrasing.listed(map(str, range(1010)), 2) == "0, 1 and 1,008 more"


def test_a_sentence_keeps_its_codes():
    """A capital in front leaves the code of a currency as it is."""
    assert phrasing.sentence("callers for the next USD 100") == "Callers for the next USD 100"


#: What only phrasing.py may do, and what to use there.
_OWN = {
    r":[+,]?\.\d%\}": "percent, signed or changed",
    r"""\{\s*['"]['"] if [^}]* else ['"]e?s['"]|['"]e?s['"] if [^}]* else ['"]['"]""": "plural",
    r""" == 1 else (?:f?['"])""": "plural or agree",
    r"%d %[bB] %Y": "day, days or moment",
    r":,\.?\d?f?\}": "number",
    r"\.capitalize\(\)": "sentence",
}
#: Days in small letters are single words of English, made names.
_EXCEPT = {
    ("effectiveness/rhythm.py", r"\.capitalize\(\)"),
    ("providers/values/placeholders.py", r"\.capitalize\(\)"),
}


@pytest.mark.parametrize("pattern", _OWN)
def test_no_room_has_its_own_way(pattern):
    """Shares, plurals, days and thousands are written by phrasing.py alone."""
    found = [
        f"{name}:{at}: use phrasing's {_OWN[pattern]}: {line.strip()}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if (name := path.relative_to(PACKAGE).as_posix()) != "phrasing.py"
        if (name, pattern) not in _EXCEPT
        for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert not found, "\n".join(found)
