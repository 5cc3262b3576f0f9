"""The draw of calls to check, what people said of them, and what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import numpy as np
import pandas as pd
import pytest

from calltrack_nb.checking import (
    CHOSEN,
    COVERED,
    DRAWN,
    ENOUGH,
    Check,
    Checked,
    Draw,
    agreement_text,
    corrected,
    draw_calls,
    extend_draw,
    kappa,
)
from calltrack_nb.errors import ReviewError
from calltrack_nb.results import Result

NOW = dt.datetime(2026, 8, 3, tzinfo=dt.UTC)
CALLS = [f"call{number}" for number in range(400)]


def said(
    call_id: str,
    *found: str,
    why: str = DRAWN,
    reviewer: str = "A",
    asked: Collection[str] = ("m",),
) -> Check:
    return Check(call_id, reviewer, NOW, why, frozenset(found), frozenset(asked))


def test_the_draw_is_the_same_each_time_and_goes_on_where_it_was() -> None:
    """A seed decides the order; calls that come later do not change it among the others."""
    draw = draw_calls({"call3": {"rare"}}, CALLS, "s")
    assert draw.order() == draw_calls({"call3": {"rare"}}, CALLS, "s").order()
    assert draw.order() != draw_calls({"call3": {"rare"}}, CALLS, "t").order()
    more = extend_draw(draw, {"new1": {"rare"}}, [*CALLS, "new1", "new2"])
    assert [call for call in more.order() if call in draw.strata] == draw.order()
    assert (more.strata["new1"], more.strata["new2"]) == ("rare", "rest")


def test_rare_marks_are_drawn_twice_as_often() -> None:
    """Calls with something rare come up about twice as often; common marks are not rare."""
    marks = {call: {"common"} for call in CALLS[100:300]}
    for call in CALLS[:40]:
        marks[call] = {"seldom"}
    first = []
    for seed in range(200):
        draw = draw_calls(marks, CALLS, str(seed))
        assert draw.rare == ("seldom",)
        first += [draw.strata[call] for call in draw.order()[:40]]
    assert np.mean([stratum == "rare" for stratum in first]) == pytest.approx(
        2 * 40 / 440, abs=0.02
    )


def test_stopping_anywhere_leaves_a_fair_sample() -> None:
    """Among the first forty drawn, each call of a stratum comes up as often as another."""
    counts = dict.fromkeys(CALLS, 0)
    for seed in range(400):
        for call in Draw(str(seed), (), dict.fromkeys(CALLS, "rest")).order()[:40]:
            counts[call] += 1
    spread = np.array(list(counts.values()))
    assert spread.mean() == 40
    assert spread.std() < 8  # binomial: 6


def test_shares_are_corrected_by_the_drawn_calls_alone() -> None:
    """Calls that the user chose are known for themselves and say nothing of others."""
    marks = {call: {"m"} for call in CALLS[:100]}
    draw = Draw("s", (), dict.fromkeys(CALLS, "rest"))
    # of the marked calls half is right, the others hold none
    drawn = [said(call, *(["m"] * (at % 2))) for at, call in enumerate(CALLS[:20])]
    drawn += [said(call) for call in CALLS[100:160]]
    checked = Checked(frozenset(CALLS), marks, tuple(drawn), draw)
    assert checked.enough
    assert checked.share("m").estimate == pytest.approx(0.125)
    assert checked.precision("m").estimate == pytest.approx(0.5)
    assert checked.recall("m").estimate == 1.0
    chosen = tuple(said(call, "m", why=CHOSEN) for call in CALLS[200:230])
    with_chosen = Checked(frozenset(CALLS), marks, (*drawn, *chosen), draw)
    assert with_chosen.precision("m") == checked.precision("m")
    assert with_chosen.share("m").estimate == pytest.approx((50 + 30) / 400)
    assert not Checked(frozenset(CALLS), marks, chosen, draw).enough


def test_a_kind_that_was_not_asked_about_was_not_checked() -> None:
    """A kind that came up later has been measured by no earlier check."""
    checks = tuple(said(call, asked=("other",)) for call in CALLS[:60])
    checked = Checked(frozenset(CALLS), {}, checks, Draw("s", (), dict.fromkeys(CALLS, "rest")))
    assert checked.enough
    assert checked.share("m").high > 0.9


def test_a_kind_of_which_no_call_was_checked_is_not_measured() -> None:
    """Checks of one kind correct that one; of another the machine's share stays, and says so."""
    marks = {call: {"outcome:booked"} for call in CALLS[:200]}
    marks |= {call: {"outcome:lost"} for call in CALLS[200:240]}
    asked = ("outcome:booked", "outcome:lost")
    checks = tuple(said(call, "outcome:booked", asked=asked) for call in CALLS[:40])
    checked = Checked(frozenset(CALLS), marks, checks, Draw("s", (), dict.fromkeys(CALLS, "rest")))
    table = pd.DataFrame(
        {"kind": ["booked", "lost"], "label": ["Booked", "Lost"], "calls": [200, 40]}
    ).assign(share=[0.5, 0.1], low=[0.45, 0.07], high=[0.55, 0.13])
    found = corrected(Result(table, "Two."), checked, "outcome", "kind")
    lost = found.table.set_index("kind").loc["lost"]
    assert lost[["share", "low", "high"]].tolist() == [0.1, 0.07, 0.13]
    assert lost["label"] == "Lost (not measured)"
    assert "Not measured: Lost." in found.text
    assert "Lost 1" not in found.text
    assert found.table.set_index("kind").loc["booked", "share"] > 0.5
    assert not found.checks[-1].passed


def test_what_cannot_be_told_counts_for_nothing() -> None:
    """A call the reviewer could not judge is not among the checked ones."""
    unsure = Check("call1", "A", NOW, DRAWN, frozenset(), frozenset({"m"}), cannot_tell=True)
    assert Checked(frozenset(CALLS), {}, (unsure,)).drawn == frozenset()


@pytest.mark.parametrize("count", [0, 1, ENOUGH - 1, ENOUGH])
def test_what_ranges_cover_is_said(count: int) -> None:
    """Below thirty checked calls the range says that it covers chance only."""
    checks = tuple(said(call) for call in CALLS[:count])
    draw = Draw("s", (), dict.fromkeys(CALLS[:390], "rest"))
    answer = Checked(frozenset(CALLS), {}, checks, draw).answer()
    assert answer.name == COVERED
    assert ("chance only" in answer.text) == (count < ENOUGH)
    assert ("10 of 400 calls came after the last draw" in answer.text) == (count >= ENOUGH)


def test_reviewers_who_disagree_are_told_of() -> None:
    """Their agreement is beyond chance, their disagreement named, and a call counts half."""
    one = [said(call, *(["m"] * (at < 5))) for at, call in enumerate(CALLS[:10])]
    other = [said(call, *(["m"] * (at < 4)), reviewer="B") for at, call in enumerate(CALLS[:10])]
    text = agreement_text([*one, *other])
    assert "10 calls were checked by more than one person, with a kappa of 0.80" in text
    assert "disagree about 1 of 10 calls, most often on m" in text
    assert Checked(frozenset(CALLS), {}, (*one, *other)).said("m")["call4"] == 0.5
    assert agreement_text(one) == ""


def test_kappa_of_nothing_is_nothing() -> None:
    """Two who never say yes agree, but not beyond chance."""
    assert np.isnan(kappa([]))
    assert np.isnan(kappa([(False, False)] * 5))


@pytest.mark.parametrize("text", ["", "{}", '{"call_id": 3}', "[1]"])
def test_a_stored_check_that_is_none_is_refused(text: str) -> None:
    """A file that somebody broke is named, not guessed at."""
    with pytest.raises(ReviewError, match=r"cannot be read: here.json\. Delete the file"):
        Check.from_json(text, where="here.json")


def test_what_reviewers_disagree_on_neither_holds_nor_is_quoted() -> None:
    """One says yes and one says no: the call is not counted, and its words are no example."""
    what = "outcome:booked"
    checks = (
        said("call1", what, asked=(what,)),
        said("call1", reviewer="B", asked=(what,)),
        said("call2", what, asked=(what,)),
    )
    heard = frozenset(CALLS[:4])
    checked = Checked(heard, {call: {what} for call in heard}, checks)
    findings = pd.DataFrame({"call_id": sorted(heard), "family": "outcome", "kind": "booked"})
    left = {"call0", "call2", "call3"}
    assert checked.holds(what) == left
    assert set(checked.without_wrong(findings)["call_id"]) == left
