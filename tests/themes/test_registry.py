"""The theme registry: ids that stay, new themes in their month, and a disk format that is safe."""

from __future__ import annotations

import dataclasses
import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from calltrack_nb.errors import ListeningError
from calltrack_nb.settings import Listening
from calltrack_nb.themes import ThemeNames, ThemeRegistry, read_theme_names, tag_themes
from tools.simulator.dialogues_text import simulate_transcripts
from tools.simulator.shop import ShopSpec, simulate_shop

pytestmark = pytest.mark.slow

ZONE = "America/New_York"
MONTHS = ("2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A folder for vectors that all tests here share."""
    return tmp_path_factory.mktemp("vectors")


@pytest.fixture(scope="module")
def log():
    """Six months of calls, what was said, the month and true theme of each call."""
    shop = simulate_shop(ShopSpec(volume=0.4))
    utterances, _ = simulate_transcripts(shop)
    themes = shop.labels.set_index("call_id")["theme"]
    real = set(themes[themes.notna()].index)
    utterances = utterances[utterances["call_id"].isin(real)].reset_index(drop=True)
    # Redaction has its own tests; what is asked here does not depend on the numbers said.
    utterances["redacted_text"] = utterances["text"]
    months = shop.calls.set_index("call_id")["started_at"].dt.tz_convert(ZONE).dt.strftime("%Y-%m")
    return shop.calls, utterances, months, themes


@pytest.fixture(scope="module")
def history(log, cache):
    """What tagging says at the end of each month, each on the registry of the month before."""
    calls, utterances, months, _ = log
    registry, results = ThemeRegistry(), {}
    for month in MONTHS:
        known = utterances[utterances["call_id"].map(months) <= month].reset_index(drop=True)
        results[month] = tag_themes(known, calls, Listening(), registry, cache=cache, timezone=ZONE)
        registry = results[month].registry
    return results


def test_ids_stay_from_month_to_month(history):
    """Nearly every call keeps its theme, no id that was given is lost, and none is given twice."""
    for before, after in pairwise(MONTHS):
        then, now = history[before].registry.members, history[after].registry.members
        kept = [now.get(call_id) == theme_id for call_id, theme_id in then.items()]
        assert np.mean(kept) > 0.9
        assert set(history[before].registry.ids) <= set(history[after].registry.ids)
    ids = history["2026-09"].registry.ids
    assert len(ids) == len(set(ids))


def test_the_theme_planted_in_august_is_new_in_august_and_only_then(history, log):
    """The allergy theme is reported as new at the end of August, and in no other month."""
    _, _, _, truth = log
    last = history["2026-09"].call_themes
    names = last["call_id"].map(truth)
    planted = last.loc[names == "allergy_children", "theme_id"].value_counts().index[0]
    states = {
        month: dict(zip(result.themes["theme_id"], result.themes["state"], strict=True)).get(
            planted
        )
        for month, result in history.items()
    }
    assert states["2026-08"] == "new"
    assert [month for month, state in states.items() if state == "new"] == ["2026-08"]


def test_a_refit_of_shuffled_input_changes_no_id(log, history, cache):
    """The same calls in another order, found anew on the same registry, keep their themes."""
    calls, utterances, _, _ = log
    registry = history["2026-09"].registry
    forced = dataclasses.replace(registry, fitted_calls=1)
    mixed = utterances.sample(frac=1.0, random_state=1).reset_index(drop=True)
    straight = tag_themes(utterances, calls, Listening(), forced, cache=cache, timezone=ZONE)
    shuffled = tag_themes(mixed, calls, Listening(), forced, cache=cache, timezone=ZONE)
    assert shuffled.registry.members == straight.registry.members
    assert shuffled.registry.ids == straight.registry.ids == registry.ids
    kept = [
        straight.registry.members.get(call) == theme for call, theme in registry.members.items()
    ]
    assert np.mean(kept) > 0.98


def test_a_refit_takes_no_theme_apart_and_leaves_no_call_without_need(log, history, cache):
    """All calls of a registry found anew, though it has not grown, add no theme and move few."""
    calls, utterances, _, _ = log
    registry = history["2026-08"].registry
    known = utterances[utterances["call_id"].isin(registry.members)].reset_index(drop=True)
    forced = dataclasses.replace(registry, fitted_calls=1)
    again = tag_themes(known, calls, Listening(), forced, cache=cache, timezone=ZONE)
    assert again.registry.ids == registry.ids
    kept = [again.registry.members.get(call) == theme for call, theme in registry.members.items()]
    assert np.mean(kept) > 0.95


def test_a_book_comes_back_from_disk_as_it_was(history, tmp_path):
    """Saving and opening keeps ids, words and vectors, in JSON and plain arrays."""
    registry = history["2026-09"].registry
    registry.save(tmp_path)
    back = ThemeRegistry.open(tmp_path)
    assert back.themes == registry.themes
    assert back.members == registry.members
    assert np.array_equal(back.centroids, registry.centroids)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.json"]


def test_a_book_with_its_vectors_beside_it_is_still_opened(tmp_path):
    """What version 0.2 left in two files is read, and saved as one."""
    whole = ThemeRegistry().with_new([(np.array([0.6, 0.8], np.float32), 0.5, None, 0.8)])
    whole.save(tmp_path)
    body = json.loads((tmp_path / "book.json").read_text())
    del body["centroids"], body["vectors"]
    (tmp_path / "book.json").write_text(json.dumps(body | {"version": 1}))
    np.save(tmp_path / "centroids.npy", whole.centroids)
    back = ThemeRegistry.open(tmp_path)
    assert np.array_equal(back.centroids, whole.centroids)
    back.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["book.json"]
    assert np.array_equal(ThemeRegistry.open(tmp_path).centroids, whole.centroids)


def test_a_damaged_book_is_named(tmp_path):
    """Half a registry is an error that says where it is and what to do."""
    (tmp_path / "book.json").write_text("{", encoding="utf-8")
    with pytest.raises(ListeningError, match="Move the folder away"):
        ThemeRegistry.open(tmp_path)


def test_the_users_names_merges_and_seeds_win(log, history, cache, tmp_path):
    """A rename is shown, a merged theme counts as the other, a seed theme is there by name."""
    calls, utterances, _, _ = log
    first = history["2026-09"]
    one, two = first.themes["theme_id"].iloc[:2]
    path = tmp_path / "themes.toml"
    path.write_text(
        f'[names]\n{one} = "My own name"\n[merge]\n{two} = "{one}"\n'
        '[seeds]\n"Vegan" = ["do you have vegan cakes", "is it without milk and eggs"]\n',
        encoding="utf-8",
    )
    names = read_theme_names(path)
    again = tag_themes(
        utterances, calls, Listening(), first.registry, names, cache=cache, timezone=ZONE
    )
    labels = dict(zip(again.themes["theme_id"], again.themes["label"], strict=True))
    assert labels[one] == "My own name"
    assert two not in set(again.call_themes["theme_id"])
    assert "Vegan" in labels.values()


def test_merges_in_a_circle_are_refused(tmp_path):
    """Two themes cannot each be the other."""
    path = tmp_path / "themes.toml"
    path.write_text('[merge]\nT001 = "T002"\nT002 = "T001"\n', encoding="utf-8")
    with pytest.raises(ListeningError, match="circle"):
        read_theme_names(path)


def test_one_call_says_that_it_is_too_few(log):
    """A single call gives no themes, no error, and a sentence that says so."""
    calls, utterances, _, _ = log
    one = utterances[utterances["call_id"] == utterances["call_id"].iloc[0]]
    result = tag_themes(one, calls, Listening(embedder="tfidf"), ThemeRegistry(), ThemeNames())
    assert result.themes.empty
    assert result.text.startswith("1 call says enough to listen to; themes need at least 12.")
    nothing = tag_themes(one.iloc[:0], calls, Listening(embedder="tfidf"), ThemeRegistry())
    assert isinstance(nothing.call_themes, pd.DataFrame)
