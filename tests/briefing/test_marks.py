"""A campaign whose number was broken is marked wherever it is compared."""

import datetime as dt
from dataclasses import fields, replace

import pandas as pd

from calltrack_nb.briefing import (
    clients_answer,
    mark_calls,
    mark_note,
    mark_plan,
    mark_verdicts,
    tweak_answer,
)
from calltrack_nb.calls import counted
from calltrack_nb.effectiveness import clients, plan_trial, scorecard
from calltrack_nb.effectiveness.verdicts import Verdict, Verdicts
from tests.briefing.test_answers import AUGUST, SHOP, broken, shop


def verdict(campaign, *control):
    """One that helped, judged over August."""
    blank = Verdict.blank({"tweak_id": "T1", "changed": "Headline"}, campaign, dt.date(2026, 8, 15))
    weeks = pd.DataFrame({"week": pd.date_range("2026-08-03", periods=4, freq="7D")})
    figures = {"ratio": 1.5, "low": 1.1, "high": 2.0, "likely": 1.3, "p_adjusted": 0.01}
    return replace(
        blank, word="helped", weeks=weeks, control=control, text=f"{campaign} helped.", **figures
    )


def verdicts(*each):
    return Verdicts.of(each, "USD", " ".join(one.text for one in each) + " 2 were judged.")


def test_a_tweak_judged_over_broken_days_says_so():
    """The campaign carries the mark and the words; where a control was broken, words alone."""
    days = broken("Flyer", "2026-08-20", "2026-08-21")
    marked = mark_verdicts(verdicts(verdict("Flyer", "Radio"), verdict("Radio", "Flyer")), days)
    assert marked.display()["Campaign"].tolist() == ["Flyer ⚠", "Radio"]
    assert "Its number was broken on some of these days" in marked.verdicts[0].text
    assert "Of its control campaigns, the number of Flyer was broken" in marked.verdicts[1].text
    assert all(each.text in marked.text for each in marked.verdicts)
    assert marked.text.endswith("2 were judged.")
    plan = plan_trial(shop(Flyer=(60, 5, 10))[0], SHOP, "Flyer", dt.date(2026, 9, 1))
    assert "Its number was broken" in " ".join(tweak_answer(marked, plan, days).sentences)


def test_a_tweak_judged_without_the_broken_weeks_says_that():
    """Weeks that were left out cannot look like an effect; the mark stays."""
    days = broken("Flyer", "2026-08-12", "2026-08-13")
    each = [verdict("Flyer", "Radio"), verdict("Radio", "Flyer")]
    each = [replace(one, weeks=one.weeks.drop(index=1)) for one in each]
    own, other = mark_verdicts(verdicts(*each), days).verdicts
    assert own.campaign == "Flyer ⚠"
    assert own.text.endswith("in between; the weeks that hold them are left out.")
    assert other.text.endswith("the number of Flyer was broken on some days, which are left out.")


def test_a_trial_to_come_carries_the_mark():
    """Of the campaign that was broken, and of no other."""
    plan = plan_trial(shop(Flyer=(60, 5, 10))[0], SHOP, "Flyer", dt.date(2026, 9, 1))
    assert mark_plan(plan, broken("Flyer", "2026-08-12", "2026-08-13")).campaign == "Flyer ⚠"
    assert mark_plan(plan, broken("Radio", "2026-08-12", "2026-08-13")) == plan


def test_days_before_the_weeks_compared_mark_nothing():
    """A number that was repaired in July spoils no comparison of August."""
    days = broken("Flyer", "2026-07-01", "2026-07-20")
    before = verdicts(verdict("Flyer", "Radio"))
    assert mark_verdicts(before, days).display().equals(before.display())


def test_tweaks_of_one_campaign_keep_their_verdicts():
    """Those of the others are left out; the verdict is the one that all together gave."""
    both = verdicts(verdict("Flyer", "Radio"), verdict("Radio", "Flyer"))
    nothing = broken("Flyer", "2026-01-01", "2026-01-02")
    (kept,) = mark_verdicts(both, nothing, "Radio").verdicts
    # field by field: from Python 3.13 on a dataclass asks its frames for one truth value
    names = [field.name for field in fields(kept)]
    assert [getattr(kept, name) for name in names] == [
        getattr(both.verdicts[1], name) for name in names
    ]
    assert mark_verdicts(both, nothing, "Fair").text == "No change of Fair is on record."


def test_calls_of_a_broken_number_are_counted_under_its_mark():
    """Calls of the other campaign are not, nor any when no day of theirs was broken."""
    log, _, _ = shop(Flyer=(30, 0, 10), Radio=(30, 0, 10))
    calls = counted(log, SHOP)
    marked = mark_calls(calls, broken("Flyer", "2026-08-20", "2026-09-21"))
    assert marked["campaign"].value_counts().to_dict() == {"Flyer ⚠": 30, "Radio": 30}
    assert "its number was broken" in mark_note(marked)
    assert mark_note(mark_calls(calls, broken("Flyer", "2026-06-01", "2026-06-02"))) == ""
    assert mark_calls(calls.head(0), broken("Flyer", "2026-08-20", "2026-09-21")).empty


def test_the_client_with_something_broken_is_named_first():
    """Its fault opens the answer; without any fault nothing is made up."""
    card = scorecard(*shop(Flyer=(56, 30, 310)), SHOP, AUGUST)
    cards = {"Quiet": card, "Loud": card}
    answer = clients_answer(clients(cards, {"Loud": ["Its line is dead. Ring it."]}))
    assert answer.sentences[0] == "Look at Loud first: Its line is dead."
    assert [figure.value for figure in answer.figures] == ["2", "1", "0"]
    assert clients_answer(clients({"Quiet": card}, {})).sentences[0].startswith("The number audit")
    assert clients_answer(clients({}, {})).sentences == ("There is no client yet.",)
