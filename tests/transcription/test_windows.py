"""Packing speech into windows and putting words back on the call's clock."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calltrack_nb.audio import SAMPLE_RATE, Span
from calltrack_nb.transcription import Packing, Window, Word
from calltrack_nb.transcription.alignment import align_words
from calltrack_nb.transcription.windows import halves, pack


def silence(seconds, channels=2):
    return np.zeros((channels, int(seconds * SAMPLE_RATE)), np.float32)


def chances(seconds):
    return np.ones(int(seconds * SAMPLE_RATE) // 512 + 1, np.float32)


def spans_from(lengths):
    spans, now = [], 0.5
    for length, gap in lengths:
        spans.append(Span(round(now, 3), round(now + length, 3)))
        now += length + gap
    return tuple(spans), now + 1


pauses = st.lists(st.tuples(st.floats(0.1, 12), st.floats(0.3, 6)), max_size=12)


@settings(max_examples=40, deadline=None)
@given(pauses, pauses)
def test_every_second_of_speech_is_in_one_window(left, right):
    """No speech is lost or packed twice, and no window is longer than the model's."""
    one, end_one = spans_from(left)
    other, end_other = spans_from(right)
    seconds = max(end_one, end_other)
    windows = pack(silence(seconds), (one, other), (chances(seconds),) * 2, Packing())
    packed = {0: [], 1: []}
    for window in windows:
        assert len(window.samples) <= 30 * SAMPLE_RATE
        for piece in window.pieces:
            packed[piece.channel].extend(piece.spans)
    assert sorted(packed[0]) == list(one)
    assert sorted(packed[1]) == list(other)


def test_short_call_fits_one_window():
    """Both parties of a short call share one window, each in its own pieces."""
    spans = ((Span(1, 4), Span(20, 24)), (Span(5, 9), Span(30, 33)))
    (window,) = pack(silence(40), spans, (chances(40),) * 2, Packing())
    assert [piece.channel for piece in window.pieces] == [0, 0, 1, 1]


def test_speech_longer_than_a_window_is_cut_where_it_is_weakest():
    """A monologue without a pause is cut at the least probable moment."""
    weak = chances(50)
    weak[int(25 / 0.032)] = 0.4
    windows = pack(silence(50, 1), ((Span(1, 49),),), (weak,), Packing(fill_s=29.0))
    cuts = [piece.spans[-1].end_s for window in windows for piece in window.pieces]
    assert cuts[0] == pytest.approx(25, abs=0.05)
    assert cuts[-1] == 49


def test_halves_hold_the_same_speech():
    """A window cut in two loses nothing."""
    spans = (tuple(Span(at, at + 1.5) for at in range(1, 21, 2)),)
    (window,) = pack(silence(25, 1), spans, (chances(25),), Packing(fill_s=29.0))
    parts = halves(silence(25, 1), window, Packing())
    found = [span for part in parts for piece in part.pieces for span in piece.spans]
    assert len(parts) == 2
    assert tuple(found) == spans[0]


def words(*rows):
    return [Word(text, start, end, 0.9) for text, start, end in rows]


def two_spans():
    spans = ((Span(10.0, 12.0), Span(20.0, 21.0)),)
    (window,) = pack(silence(30, 1), spans, (chances(30),), Packing(pad_s=0.25))
    assert isinstance(window, Window)
    return window


def test_words_come_back_on_the_calls_clock():
    """Times inside a window become times inside the span they were heard in."""
    placed = align_words(
        two_spans(), words(("one", 0.3, 0.9), ("two.", 1.5, 2.2), ("three", 2.8, 3.5))
    )
    assert [span.start_s for _, span, _ in placed] == [10.0, 10.0, 20.0]
    assert placed[0][2].start_s == pytest.approx(10.05, abs=0.02)
    assert all(span.start_s <= word.start_s <= word.end_s <= span.end_s for _, span, word in placed)


def test_word_drawn_over_a_pause_stays_before_it():
    """A word whose end the aligner lays past the pause belongs to the speech it starts in."""
    placed = align_words(
        two_spans(), words(("a", 1.6, 1.9), ("call.", 1.9, 2.62), ("Sure", 2.95, 3.3))
    )
    assert [span.start_s for _, span, _ in placed] == [10.0, 10.0, 20.0]


def test_word_that_begins_before_its_pause_goes_behind_it():
    """A word that the aligner lets begin at the end of the one before is put to its own speech."""
    placed = align_words(two_spans(), words(("done.", 0.4, 2.2), ("Next", 2.2, 3.2)))
    assert [span.start_s for _, span, _ in placed] == [10.0, 20.0]
