"""Answers about pairs of calls: kept by every grouping, and asked where they settle most."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from calltrack_nb.errors import ListeningError
from calltrack_nb.settings import Listening
from calltrack_nb.themes import Answers, ThemeNames, ThemeRegistry, read_theme_names
from calltrack_nb.themes.answers import settle
from calltrack_nb.themes.assignment import place_calls
from calltrack_nb.themes.embedding import unit


class Named:
    """An embedder that is only asked for its name."""

    name = "made up"
    fitted_to_texts = False


@pytest.fixture(scope="module")
def log():
    """Two hundred calls of eight inquiries, two and two of them hard to tell apart."""
    rng = np.random.default_rng(6)
    lines = rng.normal(size=(4, 40))
    matters = np.repeat(lines, 2, axis=0) + 0.4 * rng.normal(size=(8, 40))
    truth = rng.integers(8, size=200)
    vectors = unit((matters[truth] + rng.normal(scale=0.35, size=(200, 40))).astype(np.float32))
    return vectors, truth, [f"c{row:03d}" for row in range(200)]


def questioned(log, wanted, questions):
    vectors, _, call_ids = log
    answers = Answers()
    for _ in range(questions):
        asked = settle(vectors, call_ids, answers).question
        if asked is None:
            break
        one, other = asked
        same = wanted[one] == wanted[other]
        answers = answers.with_answer(call_ids[one], call_ids[other], same=same)
    return answers, settle(vectors, call_ids, answers).grouping


@pytest.mark.parametrize("fineness", [1, 2])
def test_twenty_questions_find_how_fine_the_owner_sees(log, fineness):
    """The same calls come out as four themes or as eight, as the owner answers."""
    wanted = log[1] // (3 - fineness)
    _, groups = questioned(log, wanted, 20)
    assert adjusted_rand_score(wanted, groups.labels) > 0.9


def test_every_answer_is_kept(log):
    """Answers against all likeness bind, too: calls that differ part, calls alike are one."""
    vectors, truth, call_ids = log
    near = np.argsort(-(vectors @ vectors[0]))
    far = int(near[-1])
    answers = Answers((("c000", call_ids[far]),), (("c000", call_ids[near[1]]),))
    labels = settle(vectors, call_ids, answers).grouping.labels
    assert labels[0] == labels[far]
    assert labels[0] != labels[near[1]]
    assert len(truth) == len(labels)


def test_a_pair_that_was_passed_over_is_not_asked_again(log):
    """Who cannot tell is asked about other calls next."""
    vectors, _, call_ids = log
    first = settle(vectors, call_ids, Answers()).question
    pair = tuple(call_ids[row] for row in first)
    again = settle(vectors, call_ids, Answers(), passed=[pair[::-1]]).question
    assert set(again) != set(first)


def test_answers_that_cannot_be_true_together_are_refused():
    """One thing with both, and the two different, is named; a changed mind is not."""
    answers = Answers().with_answer("a", "b", same=True).with_answer("b", "c", same=True)
    with pytest.raises(ListeningError, match="contradict"):
        answers.with_answer("a", "c", same=False)
    with pytest.raises(ListeningError, match="two different calls"):
        answers.with_answer("a", "a", same=True)
    assert answers.with_answer("b", "a", same=False).different == (("b", "a"),)


def test_answers_keep_the_ids_of_themes(log):
    """A theme that is parted keeps its id on the larger side; the others keep theirs."""
    vectors, _, call_ids = log

    def placed(registry, names):
        return place_calls(registry, call_ids, vectors, Named(), Listening(), names)

    before = placed(ThemeRegistry(), ThemeNames())
    answers, _ = questioned(log, log[1], 20)
    after = placed(before.registry, ThemeNames(answers=answers))
    again = placed(after.registry, ThemeNames(answers=answers))
    assert set(before.registry.ids) <= set(after.registry.ids)
    kept = [a == b for a, b in zip(before.theme_ids, after.theme_ids, strict=True) if a]
    assert np.mean(kept) > 0.4
    assert again.theme_ids == after.theme_ids
    theme = dict(zip(call_ids, after.theme_ids, strict=True))
    assert all(theme[one] == theme[other] for one, other in answers.same)
    assert all(theme[one] != theme[other] for one, other in answers.different)


@pytest.mark.parametrize("text", ['same = [["a"]]', "different = [[1, 2]]", 'alike = [["a", "b"]]'])
def test_wrong_answers_in_the_file_are_named(tmp_path, text):
    """What is no pair of calls is refused, with how to write one."""
    path = tmp_path / "themes.toml"
    path.write_text(f"[answers]\n{text}\n", encoding="utf-8")
    with pytest.raises(ListeningError, match="pairs of calls"):
        read_theme_names(path)
