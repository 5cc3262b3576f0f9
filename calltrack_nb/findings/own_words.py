"""What callers of one business name when they hesitate.

The kinds of finding are the same for every business. What stands behind one is not: who
compares a dentist with others may ask who takes their insurance. So each kind is told
together with the word that sets its callers here apart from what anybody says.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb.findings.patterns import read_examples
from calltrack_nb.themes.labels import theme_terms
from calltrack_nb.themes.words import clean, words_of

_FEWEST: Final = 3
_LEAST: Final = 0.25
"""Calls of a kind, and the share of them, that must say a word: a few more make it a habit."""


def own_words(findings: pd.DataFrame) -> dict[str, tuple[str, int]]:
    """Find the word or phrase that stands out in the calls of each kind of a family.

    Parameters
    ----------
    findings : pandas.DataFrame
        Rows of one family of the table ``findings``.

    Returns
    -------
    dict of str to (str, int)
        Of each kind that has one the word, and how many calls of the kind say it. It is said
        in three calls and a quarter of them at least, and less by the other kinds' callers
        and in the examples that the kind is learnt from. A kind without examples has none.
    """
    told = findings.dropna(subset="words")
    texts = told.groupby(["kind", "call_id"])["words"].agg(" . ".join).map(clean)
    usual: dict[str, list[str]] = {}
    for example in read_examples():
        usual.setdefault(example.kind, []).append(example.text)
    found = {}
    for kind in texts.index.unique("kind"):
        mine = texts.index.get_level_values("kind") == kind
        own = texts[mine].tolist()
        if len(own) < _FEWEST or kind not in usual:
            continue
        others = [*usual[kind], *texts[~mine]]
        labels = np.repeat([0, 1], [len(own), len(others)])
        for term in theme_terms([*own, *others], labels, 2, terms=1)[0]:
            calls = sum(_says(text, term) for text in own)
            if calls >= max(_FEWEST, _LEAST * len(own)):
                found[str(kind)] = (term, calls)
    return found


def _says(text: str, term: str) -> bool:
    return f" {term} " in f" {' '.join(words_of(text))} ".replace("'", "")
