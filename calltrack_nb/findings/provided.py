"""Calls read in a provider's transcript: which they are, and how far ours agrees with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from calltrack_nb.calls import by_provider
from calltrack_nb.phrasing import agree, listed, percent, plural
from calltrack_nb.results import Check

MUCH: Final = 0.5
"""The word error rate from which on two transcripts of a call differ much."""


def word_error_rates(recordings: pd.DataFrame) -> tuple[pd.Series[float], float]:
    """Return how much our transcripts and the providers' differ, by call and over all words.

    Parameters
    ----------
    recordings : pandas.DataFrame
        The table ``recordings``, of calls that have both: columns ``words`` (the provider's)
        and ``word_errors``.

    Returns
    -------
    by_call : pandas.Series of float
        On the same index.
    pooled : float
        Errors of all calls per word of all calls.

    Examples
    --------
    >>> by_call, pooled = word_error_rates(pd.DataFrame({"words": [10, 30], "word_errors": [5, 3]}))
    >>> by_call.tolist(), pooled
    ([0.5, 0.1], 0.2)
    """
    errors, words = recordings["word_errors"].astype(float), recordings["words"].astype(float)
    return errors / words.clip(lower=1), float(errors.sum()) / max(float(words.sum()), 1.0)


def provider_checks(recordings: pd.DataFrame) -> Iterator[Check]:
    """Say of which calls a provider's words count, and how far its words and ours agree.

    Parameters
    ----------
    recordings : pandas.DataFrame
        The table ``recordings``, of the calls in question.
    """
    theirs = recordings[by_provider(recordings)]
    if len(theirs):
        origins = sorted(theirs["origin"].unique())
        yield Check(
            "Transcripts of a provider",
            None,
            f"{plural(len(theirs), 'call')} {agree(len(theirs), 'has', 'have')} a transcript that "
            f"was not made here ({listed(origins, len(origins))}); how good it is is not known.",
        )
    both = recordings[recordings["words"].notna()]
    if len(both):
        by_call, pooled = word_error_rates(both)
        much = int((by_call >= MUCH).sum())
        yield Check(
            "Agreement with the provider",
            pooled < MUCH,
            f"{plural(len(both), 'call')} {agree(len(both), 'is', 'are')} transcribed here and by "
            f"a provider: {percent(pooled)} of the provider's words differ"
            + (f", in {plural(much, 'call')} half of them and more" if much else "")
            + ". Which of the two is right is not known.",
        )
