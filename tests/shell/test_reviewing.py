"""A review: which calls come up, what is kept of it, and what reports make of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import calltrack_nb
from calltrack_nb import init_workspace
from calltrack_nb.checking import ENOUGH
from calltrack_nb.cli import cli
from calltrack_nb.errors import ReviewError
from calltrack_nb.findings import (
    error_rates,
    examples_from,
    finding_summary,
    kinds_heard_for,
    read_examples,
)
from calltrack_nb.workspace import Workspace, pipeline
from calltrack_nb.workspace.checks import folder_of_checks, read_checks, read_draws
from calltrack_nb.workspace.forgetting import forget
from calltrack_nb.workspace.reviewing import Review, checked_calls
from tests.checking.shop import heard_shop, listen, transcript
from tests.shell.conftest import Ran

CALLS = 60


@pytest.fixture(scope="session")
def listened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty calls that were listened to."""
    return heard_shop(init_workspace(tmp_path_factory.mktemp("review") / "shop"), CALLS).folder


@pytest.fixture
def shop(listened: Path, tmp_path: Path) -> Workspace:
    """A copy of them of one's own."""
    return Workspace(Path(shutil.copytree(listened, tmp_path / "copy")))


def check(review: Review, count: int, *, without: str = "", read: bool = False) -> list[str]:
    """Check so many calls: the machine is right, but for one mark."""
    done = []
    for _ in range(count):
        call = review.next()
        assert call is not None
        review.save(call, call.marks - {without}, words_read=read)
        done.append(call.call_id)
    return done


def test_a_review_goes_on_where_it_was_left(shop: Workspace) -> None:
    """Another session asks for the calls that the first did not reach, in the same order."""
    order = check(Review(shop, "A"), 8)
    again = Review(Workspace(shop.folder), "A")
    assert "8 calls drawn at random are checked; after 22 more" in again.text
    assert not set(check(again, 8)) & set(order)
    assert read_draws(shop)["main"].order()[:16] == [
        *order,
        *[each.call_id for each in read_checks(shop)[8:]],
    ]


def test_the_first_calls_are_checked_by_everybody(shop: Workspace) -> None:
    """A second reviewer repeats ten calls, then goes on where nobody was; agreement is told."""
    first = check(Review(shop, "A"), 15)
    second = check(Review(shop, "B"), 12, without="hesitation:price")
    assert second[:10] == first[:10]
    assert not set(second[10:]) & set(first)
    text = Review(shop, "B").text
    assert "10 calls were checked by more than one person, with a kappa of" in text
    assert "most often on hesitation" in text


def test_chosen_calls_come_first_and_measure_nothing(shop: Workspace) -> None:
    """What the user wants to check is kept, and is not among the calls drawn at random."""
    review = Review(shop, "A", chosen=["callrail:5"])
    call = review.next()
    assert (call.call_id, call.why) == ("callrail:5", "chosen")
    review.save(call, call.marks)
    assert "0 calls drawn at random are checked" in review.text
    assert check(review, 3) == read_draws(shop)["main"].order()[:3]
    with pytest.raises(ReviewError, match="cannot be checked: callrail:999"):
        Review(shop, "A", chosen=["callrail:999"])


def test_shares_are_corrected_from_thirty_checks_on(shop: Workspace) -> None:
    """Before, the range says that it covers chance only; then it owns up to the machine."""
    heard = [f"callrail:{number}" for number in range(CALLS)]
    findings = shop.table("findings")
    review = Review(shop, "A")
    check(review, ENOUGH - 1, without="hesitation:price")
    counted = finding_summary(findings, heard, "hesitation")
    before = finding_summary(findings, heard, "hesitation", checked=checked_calls(shop, heard))
    pd.testing.assert_frame_equal(before.table, counted.table)
    assert "chance only" in before.checks[-1].text
    check(review, 11, without="hesitation:price")
    checked = checked_calls(shop, heard)
    after = finding_summary(findings, heard, "hesitation", checked=checked)
    price = after.table.set_index("kind").loc["price"]
    assert price["calls"] == 16
    assert price["share"] == 0
    assert 0.02 < price["high"] < 0.2
    assert "Corrected by 40 checked calls: somebody else decides" in after.text
    assert "cover chance and the machine's errors" in after.checks[-1].text
    assert (
        "callrail:0" not in checked.holds("hesitation:price") or "callrail:0" not in checked.drawn
    )
    quotable = checked.without_wrong(findings)
    kept = quotable[quotable["kind"] == "price"]["call_id"]
    assert not set(kept) & checked.drawn
    errors = error_rates(checked, shop.table("themes"), kinds_heard_for(None, findings))
    rates = errors.table.set_index("mark")
    assert rates.loc["hesitation:price", "precision"] == 0
    assert rates.loc["hesitation:someone_else", "precision"] == 1
    assert rates.loc["hesitation:someone_else", "precision_low"] > 0.6
    assert list(errors.display()["precision"])


def test_what_the_machine_never_found_is_listed(shop: Workspace) -> None:
    """A kind that people found in checked calls gets a share, though the machine has none."""
    review = Review(shop, "A")
    for _ in range(30):
        call = review.next()
        review.save(call, call.marks | {"hesitation:distrust"})
    heard = [f"callrail:{number}" for number in range(CALLS)]
    found = finding_summary(
        shop.table("findings"), heard, "hesitation", checked=checked_calls(shop, heard)
    )
    first = found.table.iloc[0]
    assert (first["kind"], first["calls"], first["share"]) == ("distrust", 0, 1.0)


def test_corrected_words_are_measured_and_not_learnt_from(shop: Workspace) -> None:
    """The word error rate counts them; findings of a drawn call stay those of the machine."""
    review = Review(shop, "A")
    while (call := review.next()) is not None and "hesitation:price" not in call.marks:
        review.save(call, call.marks, words_read=True)
    turn = next(each for each in call.turns if "expensive" in each.text)
    review.save(call, call.marks, words={turn.turn: "That is quite fine for me"}, words_read=True)
    pipeline.listen_to_calls(shop)
    said = shop.table("utterances").set_index(["call_id", "turn"])
    assert said.loc[(call.call_id, turn.turn), "text"] == "That is quite fine for me"
    found = shop.table("findings")
    assert "price" in set(found[found["call_id"] == call.call_id]["kind"])
    rate = checked_calls(shop, [call.call_id]).word_errors()
    assert rate.estimate == pytest.approx(
        2 / sum(len(each.text.split()) for each in call.turns), abs=0.02
    )
    assert rate.low < rate.estimate < rate.high


def test_corrected_words_of_a_chosen_call_are_read_by_the_machine(shop: Workspace) -> None:
    """A call that measures nothing is understood by its corrected words."""
    review = Review(shop, "A", chosen=["callrail:0"])
    call = review.next()
    turn = next(each for each in call.turns if "expensive" in each.text)
    review.save(call, call.marks, words={turn.turn: "That is quite fine for me"})
    pipeline.listen_to_calls(shop)
    found = shop.table("findings")
    assert "price" not in set(found[found["call_id"] == "callrail:0"]["kind"])


def test_the_machine_learns_from_chosen_calls_only(shop: Workspace) -> None:
    """Words of a chosen call become examples, those of a drawn one never do."""
    done = check(Review(shop, "A"), 12, without="hesitation:price")
    assert shop.table("lessons").empty
    dear = [f"callrail:{number}" for number in (*range(4), *range(16, 20), *range(32, 36))]
    chosen = next(call_id for call_id in dear if call_id not in done)
    review = Review(shop, "A", chosen=[done[0], chosen])
    assert Review(shop, "B", chosen=done[:1]).next().why == "drawn"
    call = review.next()
    assert call.why == "chosen"
    review.save(call, call.marks - {"hesitation:price"})
    lessons = shop.table("lessons")
    assert set(lessons["call_id"]) == {chosen}
    assert Review(shop, "B", chosen=[chosen]).next().why == "chosen"
    taught = examples_from(lessons, read_examples())
    wrong = [each.text for each in taught if each.family == "nothing"]
    assert wrong == [call.quotes["hesitation:price"]]
    assert all(each.kind in ("checked", "what", "when", "where") for each in taught)


def test_another_model_leaves_what_was_said_of_a_call(shop: Workspace) -> None:
    """Checked words no longer count where the transcript is another; the answers still do."""
    check(Review(shop, "A"), 30, read=True)
    heard = [f"callrail:{number}" for number in range(CALLS)]
    assert len(checked_calls(shop, heard).words) == 30
    anew = {f"callrail:{number}": transcript(number) for number in range(CALLS)}
    shop = listen(shop, anew, model="another")
    checked = checked_calls(shop, heard)
    assert (len(checked.words), checked.heard_anew, len(checked.drawn)) == (0, 30, 30)
    text = error_rates(checked, shop.table("themes"), ()).text
    assert "30 calls have been transcribed again since they were checked" in text


def test_a_forgotten_call_takes_its_checks_with_it(shop: Workspace) -> None:
    """No file of the checks names it, and the rest of the sample stays."""
    done = check(Review(shop, "A"), 5)
    number = done[2].partition(":")[2]
    forgotten = forget(shop, f"+1404555{int(number):04}")
    assert forgotten.rows["data/checks"] == 1
    assert [each.call_id for each in read_checks(shop)] == [*done[:2], *done[3:]]
    texts = [path.read_text() for path in folder_of_checks(shop).rglob("*.json")]
    assert not any(f'"{done[2]}"' in text for text in texts)
    assert check(Review(shop, "A"), 1)[0] not in done


def test_merged_themes_carry_their_checks_over(shop: Workspace) -> None:
    """What was said of a theme counts for the one it is merged into."""
    check(Review(shop, "A"), 30)
    (shop.folder / "themes.toml").write_text('[merge]\nT002 = "T001"\n')
    assert not any("theme:T002" in each.found | each.asked for each in read_checks(shop))
    assert any("theme:T001" in each.found for each in read_checks(shop))


def test_a_theme_share_is_corrected(shop: Workspace) -> None:
    """The workbench's themes are corrected too."""
    check(Review(shop, "A"), 30, without="theme:T001")
    found = calltrack_nb.open(shop.folder).themes()
    shares = found.table.set_index("theme_id")["share"]
    assert shares["T001"] == 0
    assert shares["T002"] > 0.1
    assert "Corrected by 30 checked calls" in found.text


def test_few_calls_and_none_are_told(workspace: Workspace) -> None:
    """Five calls can be checked but not corrected by; where none was heard, it says so."""
    with pytest.raises(ReviewError, match="none has a transcript"):
        Review(workspace, "A")
    shop = heard_shop(workspace, 5)
    review = Review(shop, "A")
    assert "only 5 calls were listened to" in review.text
    check(review, 5)
    assert review.next() is None


def test_what_cannot_be_said_is_refused(shop: Workspace) -> None:
    """A mark that does not exist, or words of a turn that does not, change nothing."""
    review = Review(shop, "A")
    call = review.next()
    with pytest.raises(ReviewError, match="hesitation:none"):
        review.save(call, {"hesitation:none"})
    with pytest.raises(ReviewError, match="turn 99"):
        review.save(call, call.marks, words={99: "Hello"})
    assert read_checks(shop) == ()
    assert shop.table("corrections").empty


def test_unsure_calls_are_told_of(shop: Workspace) -> None:
    """A call that nobody could judge is left out of the sample, and that is said."""
    review = Review(shop, "A")
    review.save(review.next(), (), cannot_tell=True)
    assert "For 1 call nobody could tell" in review.text
    assert "0 calls drawn at random are checked" in review.text


def test_a_broken_draw_is_not_drawn_again(shop: Workspace) -> None:
    """The sample would be none any more: the file is named."""
    check(Review(shop, "A"), 1)
    (folder_of_checks(shop) / "draw.json").write_text("{}")
    with pytest.raises(ReviewError, match=r"draw\.json\. Restore the file"):
        Review(shop, "A")


def test_the_terminal_asks_call_by_call(shop: Workspace) -> None:
    """Numbers change what is true, w corrects words, r says they are read, q stops."""
    review = Review(shop, "A")
    first, choices = review.next(), review.choices
    booked = next(at for at, each in enumerate(choices, 1) if each.mark == "outcome:booked")
    lost = next(at for at, each in enumerate(choices, 1) if each.mark == "outcome:lost")
    typed = f"{lost}\nw 1\nI want a cake\nr\n\n?\nx\nq\n"
    arguments = ["review", "--reviewer", "A", "-w", str(shop.folder)]
    ran = CliRunner().invoke(cli, arguments, input=typed)
    assert ran.exit_code == 0, ran.output
    assert "'x' is not one of the choices" in ran.output
    assert "1 call drawn at random is checked; after 29 more" in ran.output
    kept, unsure = read_checks(shop)
    assert kept.call_id == first.call_id
    assert "outcome:lost" in kept.found
    assert choices[booked - 1].mark not in kept.found
    assert kept.words_read
    assert unsure.cannot_tell
    assert shop.table("corrections")["value"].tolist() == ["I want a cake"]


def test_the_terminal_says_how_far_it_is(calltrack: Callable[..., Ran], shop: Workspace) -> None:
    """--status asks nothing; a call that is not there is an error."""
    ran = calltrack("review", "--status", "-w", shop.folder)
    assert (ran.status, ran.out.count("\n")) == (0, 1)
    ran = calltrack("review", "--call", "nobody", "-w", shop.folder)
    assert ran.status == 1
    assert "cannot be checked: nobody" in ran.err
