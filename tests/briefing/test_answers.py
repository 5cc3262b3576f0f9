"""What a report answers first, on small logs whose truth is plain."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.audit import AuditInput, broken_days, run_checks
from calltrack_nb.briefing import broken_lines, campaign_advice, campaign_answer, owner_answer
from calltrack_nb.briefing.advice import KEEP, RAISE, REPAIR, STOP, UNSURE
from calltrack_nb.briefing.campaigns import broken_sentence
from calltrack_nb.effectiveness import OrdersToCome, scorecard
from calltrack_nb.periods import Period
from tests.effectiveness.frames import call, calls, outcomes, settings, spend

AUGUST = Period.parse("2026-08")
SHOP = settings()


def shop(**campaigns):
    """Make a log of August: calls, orders of a hundred and spend of each campaign."""
    rows, orders, paid, number = [], [], [], 0
    for name, (called, ordered, cost) in campaigns.items():
        for place in range(called):
            number += 1
            day = f"2026-08-{place % 28 + 1:02d}"
            rows.append(call(number, f"{day} 10:00", campaign=name))
            if place < ordered:
                orders.append((f"p{number}", f"{day} 15:00", "100"))
        paid.append(("2026-08-01", 31, name, str(cost), "USD"))
    return calls(*rows), spend(*paid), outcomes(*orders)


def broken(campaign, first, last):
    """One campaign's broken days."""
    return pd.DataFrame(
        {
            "campaign": [campaign],
            "first": [pd.Timestamp(first)],
            "last": [pd.Timestamp(last)],
            "finding": ["Its calls went elsewhere."],
        }
    )


def test_money_is_raised_kept_and_stopped_only_where_the_range_says_so():
    """Twenty times, four times and a tenth of the spend; and six orders, which say nothing."""
    log = shop(Best=(60, 40, 200), Good=(60, 40, 1000), Bad=(60, 30, 30000), Few=(60, 6, 100))
    advice = campaign_advice(scorecard(*log, SHOP, AUGUST), 0.95)
    assert dict(zip(advice.table["campaign"], advice.table["advice"], strict=True)) == {
        "Best": RAISE, "Good": RAISE, "Bad": STOP, "Few": UNSURE,
    }  # fmt: skip
    few = advice.table.set_index("campaign").loc["Few", "why"]
    assert few.startswith(
        "6 people ordered, which brought back USD 6.0 for each USD spent: too few"
    )
    alone = shop(Only=(60, 40, 1000))
    assert campaign_advice(scorecard(*alone, SHOP, AUGUST), 0.95).table["advice"].tolist() == [KEEP]


def test_a_range_below_the_cost_that_chance_may_explain_is_said_to_be_so():
    """Of five campaigns one may seem to lose: it is not stopped, and nobody says it may earn."""
    good = {f"Good{i}": (60, 40, 1000) for i in range(4)}
    advice = campaign_advice(scorecard(*shop(**good, Poor=(60, 10, 1950)), SHOP, AUGUST), 0.95)
    row = advice.table.set_index("campaign").loc["Poor"]
    assert row["return_high"] < 1
    assert row["advice"] == UNSURE
    assert "probably less than it costs" in row["why"]
    assert f"{UNSURE}: Poor (0.5)." in advice.lines()


def test_few_orders_stop_a_campaign_only_where_chance_cannot_save_it():
    """One order for 2,000 is too little whatever chance does, and whatever is still to come."""
    log = shop(Best=(60, 40, 200), Bad=(60, 1, 2000), None_=(60, 0, 2000), Few=(60, 1, 300))
    card = scorecard(*log, SHOP, AUGUST)
    advice = campaign_advice(card, 0.95).table.set_index("campaign")
    assert advice["advice"].to_dict() == {
        "Best": RAISE, "Bad": STOP, "None_": STOP, "Few": UNSURE,
    }  # fmt: skip
    # of one order up to 7.7 are possible at a fourth of the level, of a hundred each
    assert "at most USD 0.4 for each USD" in advice.loc["Bad", "why"]
    for since, said in ((20, STOP), (3, UNSURE)):
        waiting = OrdersToCome("More will come.", dt.date(2026, 8, since))
        card = scorecard(*log, SHOP, AUGUST, to_come=waiting)
        advice = campaign_advice(card, 0.95).table.set_index("campaign")
        assert advice.loc["Bad", "advice"] == said


def test_orders_that_end_before_the_calls_are_said_to_be_missing():
    """An export of orders from the tenth: returns are said to be too low; of ten days, nothing."""
    log, paid, won = shop(Best=(84, 60, 200), Other=(84, 60, 1000))
    early = won[won["closed_at"] < pd.Timestamp("2026-08-11", tz="America/New_York")]
    card = scorecard(log, paid, early, SHOP, AUGUST)
    assert card.orders_until == dt.date(2026, 8, 10)
    assert "No order is on record after 10 Aug 2026, though calls go on" in (
        campaign_advice(card, 0.95).text
    )
    for orders, when in ((won, AUGUST), (early, Period.parse("2026-08-01..2026-08-10"))):
        card = scorecard(log, paid, orders, SHOP, when)
        assert card.orders_until is None
        assert "on record after" not in campaign_advice(card, 0.95).text


def test_orders_written_down_once_a_week_are_not_missing():
    """Where orders come on Mondays only, a last week without any is as every week is."""
    log, paid, won = shop(Best=(84, 60, 200))
    monday = won["closed_at"] + pd.to_timedelta(7 - won["closed_at"].dt.day_of_week, unit="D")
    known = won.assign(closed_at=monday)[monday < "2026-08-25"]
    card = scorecard(log, paid, known, SHOP, AUGUST)
    assert len(known) > 20
    assert card.orders_until is None


def test_orders_won_after_the_period_are_named():
    """What calls of a period brought later is in no figure of it, and the scorecard says so."""
    log, paid, won = shop(Best=(56, 40, 200))
    late = won["closed_at"].where(won.index > 3, won["closed_at"] + pd.Timedelta(days=25))
    card = scorecard(
        log, paid, won.assign(closed_at=late), SHOP, Period.parse("2026-08-01..2026-08-20")
    )
    told = " ".join(check.text for check in card.checks)
    assert "4 orders of these calls were won after 20 Aug 2026 and count in no figure here." in told


def test_a_campaign_is_not_stopped_while_its_orders_are_to_come():
    """Thirty orders for a tenth of the spend are too few; for two thirds, more may come."""
    log = shop(Best=(60, 40, 200), Bad=(60, 30, 30000), Slow=(60, 30, 5500))
    waiting = OrdersToCome("More will come.", dt.date(2026, 8, 20))
    for to_come, slow in ((OrdersToCome(), STOP), (waiting, UNSURE)):
        card = scorecard(*log, SHOP, AUGUST, to_come=to_come)
        advice = campaign_advice(card, 0.95).table.set_index("campaign")
        assert advice["advice"].to_dict() == {"Best": RAISE, "Bad": STOP, "Slow": slow}
    assert advice.loc["Slow", "why"].endswith("spent as yet: orders are still to come.")


def test_paid_campaigns_are_compared_with_what_paid_campaigns_bring():
    """Orders that no spend brought count in the revenue, and in no return on spend."""
    called, paid, ordered = shop(Ads=(60, 40, 1000))
    free = calls(
        *(
            call(500 + k, f"2026-08-{k % 28 + 1:02d} 12:00", channel="organic", campaign=None)
            for k in range(30)
        )
    )
    unpaid = outcomes(*((f"p{500 + k}", "2026-08-28 15:00", "100") for k in range(20)))
    card = scorecard(pd.concat([called, free]), paid, pd.concat([ordered, unpaid]), SHOP, AUGUST)
    assert card.total["revenue"] == 6000
    assert card.total["return"] == 4
    assert card.total["return_low"] < 4 < card.total["return_high"]


def test_a_campaign_broken_all_along_is_not_to_be_compared():
    """Only where sound days are left is there a figure without the broken ones."""
    log = shop(Good=(60, 40, 1000), Part=(60, 40, 1000), Whole=(60, 40, 1000))
    days = pd.concat(
        [
            broken("Part", "2026-08-20", "2026-08-31"),
            broken("Whole", "2026-08-01", "2026-08-31"),
        ]
    )
    card = scorecard(*log, SHOP, AUGUST, broken=days)
    part, whole = broken_sentence(card, days)
    assert "Part" in part
    assert "without these days" in part
    assert "Whole" in whole
    assert "leave" in whole


def test_a_campaign_is_judged_without_its_broken_days():
    """The figures without the broken days are those of a log that never had these days."""
    log, paid, won = shop(Flyer=(56, 30, 310), Radio=(56, 30, 310))
    days = broken("Flyer", "2026-08-15", "2026-08-31")
    card = scorecard(log, paid, won, SHOP, AUGUST, broken=days)
    early = log["started_at"] < pd.Timestamp("2026-08-15", tz="America/New_York")
    rest = scorecard(
        log[early | (log["campaign"] == "Radio")],
        spend(("2026-08-01", 14, "Flyer", "140", "USD"), ("2026-08-01", 31, "Radio", "310", "USD")),
        won,
        SHOP,
        AUGUST,
    ).table.set_index("campaign")
    sound = card.sound.set_index("campaign")
    assert sound.index.tolist() == ["Flyer"]
    for figure in ("calls", "qualified", "cost", "cost_per_qualified", "booked", "return"):
        assert sound.loc["Flyer", figure] == pytest.approx(rest.loc["Flyer", figure])
    shown = card.display()["Campaign"].tolist()
    assert shown == ["Flyer ⚠", "Flyer, without the broken days", "Radio", "all"]


def test_a_campaign_broken_all_month_is_repaired_not_ranked():
    """It has no figure to compare, whatever its calls brought; the answer names it."""
    log = shop(Flyer=(56, 50, 100), Radio=(56, 30, 310))
    days = broken("Flyer", "2026-07-01", "2026-08-31")
    card = scorecard(*log, SHOP, AUGUST, broken=days)
    advice = campaign_advice(card, 0.95)
    assert advice.of(REPAIR) == ["Flyer"]
    assert advice.text.startswith("Radio brings back")
    sentences = campaign_answer(card, advice, days).sentences
    assert sentences[-1].startswith("The number of Flyer was broken")


def test_the_owner_is_told_of_change_only_where_chance_does_not_explain_it():
    """Three times the calls are a change, four more are none; nothing before is said as well."""
    log, paid, won = shop(Flyer=(90, 30, 310))
    august = scorecard(log, paid, won, SHOP, AUGUST)
    advice = campaign_advice(august, 0.95)
    nothing = broken("Flyer", "2026-07-01", "2026-07-01")
    july = Period.parse("2026-07")
    told = []
    for count in (30, 86):
        rows = [call(n, f"2026-07-{n % 28 + 1:02d} 10:00") for n in range(count)]
        before = scorecard(calls(*rows), paid, won, SHOP, july)
        told.append(owner_answer(august, before, None, advice, nothing).sentences[0])
    assert "+200 % a day" in told[0]
    assert "compared with the period before, can't tell: +5 % a day, could be -" in told[1]
    alone = owner_answer(august, None, None, advice, nothing).sentences[0]
    assert "no earlier period" in alone


def test_a_period_without_calls_is_one_honest_sentence():
    """No figures, no advice, no ranking."""
    nothing = [schema.empty(name) for name in ("calls", "spend", "outcomes")]
    card = scorecard(*nothing, SHOP, AUGUST)
    answer = campaign_answer(
        card, campaign_advice(card, 0.95), broken("a", "2026-08-01", "2026-08-02")
    )
    assert len(answer.sentences) == 1
    assert "no calls except spam and staff" in answer.text
    assert not answer.figures


@pytest.mark.parametrize(
    ("severities", "lines"),
    [
        ([], ("No check found anything broken.",)),
        (
            ["warning", "warning"],
            (
                "No check found a broken number.",
                "2 warnings; the first: Fault 0 costs calls.",
            ),
        ),
        (["broken", "warning", "broken"], ("Fault 0 costs calls.", "1 more in the number audit.")),
    ],
)
def test_warnings_are_told_where_nothing_is_broken(severities, lines):
    """An owner reads of warnings too, and of nothing broken only where nothing was found."""
    rows = [
        {
            "severity": each,
            "check": "dead",
            "account": "main",
            "finding": f"Fault {at} costs calls. More of it.",
            "fix": "Mend it.",
            "calls": 5,
            "tracking_number": f"+1404555011{at}",
        }
        for at, each in enumerate(sorted(severities))
    ]
    nothing = run_checks(AuditInput())
    columns = nothing.findings.columns
    result = replace(nothing, findings=pd.DataFrame(rows, columns=columns))
    days = broken_days(AuditInput(), nothing.findings)
    assert broken_lines(result, days) == lines
