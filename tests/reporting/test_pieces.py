"""The pieces a report is made of: goals, quotes, calls, tables, and the benchmarks' names."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from calltrack_nb import reporting
from calltrack_nb.effectiveness import goals_progress
from calltrack_nb.periods import Period
from calltrack_nb.reporting import showing
from calltrack_nb.reporting.charts.listening import crossing_chart
from calltrack_nb.results import Result
from calltrack_nb.settings import parse_settings
from calltrack_nb.workspace import Workspace
from tests.conftest import ROOT
from tests.reporting.conftest import PRIVATE, REDACTED
from tools.simulator.shop import ShopSpec, simulate_shop


def test_each_goal_has_a_card_with_figure_target_and_range() -> None:
    """Only goals that are set have one; it counts the months that reached it."""
    shop = simulate_shop(ShopSpec(faults=False))
    goals = "[goals]\nqualified_calls = 1\nsales_calls = 100000\n"
    progress = goals_progress(
        shop.calls, shop.spend, parse_settings(goals), Period.parse("2026-05..2026-06")
    )
    html = reporting.goals_html(progress)
    assert html.count('<li class="ct-goal">') == 2
    assert "Qualified calls, Jun 2026" in html
    assert "of 1<" in html.replace("<small>", "").replace("</small>", "<")
    assert "Reached in 2 of 2 months" in html
    assert "Reached in 0 of 2 months" in html


def test_no_goals_are_a_sentence_that_says_where_to_set_them() -> None:
    """Without targets there are no cards."""
    shop = simulate_shop(ShopSpec(faults=False))
    progress = goals_progress(shop.calls, shop.spend, parse_settings(""), Period.parse("2026-05"))
    html = reporting.goals_html(progress)
    assert "[goals]" in html
    assert "<li" not in html


def test_quotes_say_when_and_stand_under_their_group(shop: Workspace) -> None:
    """Local time, campaign, second and words, escaped; each group has one heading."""
    quotes = pd.DataFrame(
        {
            "call_id": ["callrail:1", "callrail:1", "callrail:2"],
            "start_s": [6.0, 3.0, None],
            "quote": ["I want a <big> cake", REDACTED, "never said"],
            "group": ["Cakes", "Names", "Cakes"],
            "why": [None, "typical", None],
        }
    )
    html = reporting.quotes_html(shop, quotes, audio=True)
    assert html.count('class="ct-group"') == 2
    assert "Mon 3 Aug 2026, 10:00 · Cakes - Search · at 0:06" in html
    assert "I want a &lt;big&gt; cake" in html
    assert html.count("<audio") == 2
    assert html.count("typical") == 1
    assert reporting.quotes_html(shop, quotes.head(0)).startswith('<p class="ct-missing">')


@pytest.mark.parametrize(
    ("safe", "shown", "hidden"), [(True, REDACTED, PRIVATE), (False, PRIVATE, REDACTED)]
)
def test_a_call_is_shown_turn_by_turn(
    shop: Workspace, *, safe: bool, shown: str, hidden: str
) -> None:
    """By speaker and second; redacted unless asked otherwise."""
    html = reporting.transcript_html(shop, "callrail:1", share_safe=safe)
    assert shown in html
    assert hidden not in html
    assert html.count("<li") == 3
    assert "Who speaks when, of 0:09: caller 0:06, agent 0:02" in html
    assert "no transcript" in reporting.transcript_html(shop, "callrail:2")


def test_words_not_yet_redacted_are_redacted_on_the_way(shop: Workspace) -> None:
    """A share-safe call never falls back on the private text."""
    said = shop.table("utterances")
    said["redacted_text"] = None
    shop.write_table("utterances", said)
    html = reporting.transcript_html(shop, "callrail:1")
    assert "555" not in html
    assert "[PHONE]" in html


def test_the_shape_of_a_sound_is_flat_where_private_words_are_silent(shop: Workspace) -> None:
    """Of ten seconds of one tone, the turn with a name and a number is a line; in private, none."""
    for safe, flat in ((True, range(36, 66)), (False, range(0))):
        found = reporting.player(shop, "callrail:1", share_safe=safe)
        heights = [float(up) for up in re.findall(r"M\d+\.5 [\d.]+v([\d.]+)", found)]
        assert len(heights) == 120
        assert [at for at, up in enumerate(heights) if up == 1.0] == list(flat)
        assert found.index("<svg") < found.index("<audio")


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # of seaborn's
def test_counts_on_dark_cells_are_white_in_the_dark_too() -> None:
    """They have no colour that a page in the dark replaces."""
    cells = [
        ("T1", "Flyer", 3.0),
        ("T1", "Radio", -3.0),
        ("T2", "Flyer", 0.1),
        ("T2", "Radio", 0.0),
    ]
    table = pd.DataFrame(cells, columns=["theme_id", "campaign", "residual"])
    crossing = Result(table.assign(label=table["theme_id"], calls=9.0), "")
    figure = crossing_chart(crossing)
    colours = {mpl.colors.to_hex(count.get_color()) for count in figure.axes[0].texts}
    plt.close(figure)
    assert len(colours) == 2
    assert colours.isdisjoint(showing._THEMED)


def test_a_recording_that_cannot_be_played_is_a_sentence(shop: Workspace) -> None:
    """A missing or damaged file costs its player, not the report."""
    assert "cannot be played" in reporting.player(shop, "callrail:2")
    shop.recording("callrail:1").write_bytes(b"no sound")
    assert "cannot be played" in reporting.player(shop, "callrail:1", 0, 3)


def test_ranges_stand_under_their_figures_and_wide_tables_are_smaller() -> None:
    """A figure with its range is two unbroken lines, aligned as figures are."""
    frame = pd.DataFrame({"Calls": ["438 (382 to 500)", "8 (2 to 21)"], "Who": ["a (b)", "c"]})
    html = reporting.table_html(frame, id="t")
    assert '<span class="ct-now">438</span> <span class="ct-range">382 to 500</span>' in html
    assert "a (b)" in html
    assert "14px" in html
    wide = pd.DataFrame({f"c{number}": [1] for number in range(9)})
    assert "font-size: 13px" in reporting.table_html(wide, id="t")


def run_benchmarks(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_benchmarks_are_run_by_name() -> None:
    """An unknown name is answered with the nearest; help lists what there is."""
    wrong = run_benchmarks("bach")
    assert wrong.returncode == 2
    assert "Did you mean batch?" in wrong.stderr
    listed = run_benchmarks("--help")
    assert listed.returncode == 0
    assert {"batch", "import"} <= set(listed.stdout.replace(",", " ").split())
    assert run_benchmarks().returncode == 2


def test_names_in_charts_are_no_formulas() -> None:
    """A campaign that is called like a formula, or like half of one, is drawn as it is written."""
    with mpl.rc_context():
        reporting.style()
        figure, axes = plt.subplots()
        for name in ("$x_{1$ and $", "a_{b", "$5 off$"):
            axes.set_title(name)
            figure.savefig(io.BytesIO())
        plt.close(figure)
