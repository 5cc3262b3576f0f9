"""Every analysis gives the same shape: words, a table, and how far to trust both."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pandas as pd

from calltrack_nb.results import Check, Result

TABLE = pd.DataFrame(
    {
        "campaign": ["<b>Cakes</b>", "Tarts"],
        "day": [pd.Timestamp("2026-07-04"), pd.NaT],
        "cost": [Decimal("9.1000"), None],
        "rate": [0.5, np.nan],
    }
)
CHECKS = (Check("enough", False, "Too few & too late."), Check("rule", None, "As you said."))


def test_it_is_shown_with_its_figures_and_checks():
    """In a notebook: a paragraph for each thought, the table, the checks with their answers."""
    shown = Result(TABLE, "One.\n\nTwo.", CHECKS)._repr_html_()
    assert "<p>One.</p><p>Two.</p>" in shown
    assert "<li>enough: failed. Too few &amp; too late.</li>" in shown
    assert "<li>rule: for information. As you said.</li>" in shown


def test_words_begin_on_one_line_and_dollars_are_no_formula():
    """JupyterLab would set words to the right, and typeset what stands between two dollars."""
    shown = Result(TABLE[["campaign", "rate"]], "Between $75 and $160.")._repr_html_()
    assert '<td style="text-align: left">Tarts</td>' in shown
    assert '<td style="text-align: right">0.50</td>' in shown
    assert shown.startswith('<div class="mathjax_ignore">')


def test_a_long_table_is_cut_and_says_so():
    """A cell is no wall: thirty rows are shown, and how many there are."""
    long = pd.DataFrame({"calls": range(1234)})
    shown = Result(long, "Many.")._repr_html_()
    assert shown.count("<td") == 30
    assert "<p>The first 30 of 1,234 rows.</p>" in shown
    assert "The first" not in Result(long.head(30), "Thirty.")._repr_html_()


def test_what_a_log_holds_cannot_become_markup():
    """A campaign or a sentence that looks like HTML is shown as it is written."""
    shown = Result(TABLE, "<script>alert(1)</script>")._repr_html_()
    assert "<script>" not in shown
    assert "<b>" not in shown


def test_it_is_told_as_json():
    """Days and money are strings, what is missing is null, and it can be read back."""
    told = json.loads(Result(TABLE, "Two campaigns.", CHECKS).to_json())
    assert told["text"] == "Two campaigns."
    assert told["checks"][0] == {"name": "enough", "passed": False, "text": "Too few & too late."}
    assert told["table"] == [
        {"campaign": "<b>Cakes</b>", "day": "2026-07-04T00:00:00", "cost": "9.1000", "rate": 0.5},
        {"campaign": "Tarts", "day": None, "cost": None, "rate": None},
    ]


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class _Wider(Result):
    since: dt.date
    model: object = field(repr=False)


def test_what_a_kind_of_result_adds_is_told_too():
    """Fields of its own are in the dictionary, but for those that are not meant to be shown."""
    wider = _Wider(TABLE.head(0), "None.", since=dt.date(2026, 7, 4), model=object())
    assert wider.to_dict() == {"table": [], "text": "None.", "checks": [], "since": "2026-07-04"}


def test_it_is_short_at_the_prompt():
    """The words, how many rows, and what failed; not the table."""
    assert repr(Result(TABLE, "Two.", CHECKS)) == "Result: Two. (2 rows; failed: enough)"
