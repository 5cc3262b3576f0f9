"""Names for themes, from the words that set one theme apart from the others."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from calltrack_nb.themes.words import clean, unlabelled_words

_TERMS = 6
_SMOOTH = 0.02
_PAIR = 0.4
_MOSTLY_SAID_SO = 0.35
_MOST_TEXTS = 20_000
_BETWEEN = frozenset({"and", "for", "my", "of", "our", "the", "with"})
_PAUSE = re.compile(r"[.,;:!?]+")
_PAUSED = "zzpause"


def theme_terms(
    texts: Sequence[str], labels: npt.NDArray[np.intp], n_themes: int, terms: int = _TERMS
) -> tuple[tuple[str, ...], ...]:
    """Find the words and short phrases that are typical of each theme.

    Class-based TF-IDF (Grootendorst, 2022, BERTopic) over calls instead of words, so that
    one talkative caller names no theme: the share of a theme's calls that say a term,
    times the logarithm of that share over the share of all other calls. A word that is
    often said in one phrase stands as that phrase ("wedding cake" for "wedding", "proof of
    insurance" for "proof"). Terms that share a word with a better one are passed over. Of
    very many calls every second, third … is read.

    Parameters
    ----------
    texts : sequence of str
        One per call.
    labels : numpy.ndarray
        Theme of each call, shape (n,); negative ones are left out.
    n_themes : int
        Number of themes.
    terms : int
        Most terms per theme.

    Returns
    -------
    tuple of tuple of str
        Best first; empty for a theme without telling words.
    """
    from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415 - heavy

    step = -(-len(texts) // _MOST_TEXTS) or 1
    texts, labels = texts[::step], labels[::step]
    ignored = unlabelled_words() | {_PAUSED}
    counter = CountVectorizer(
        ngram_range=(1, 3),
        binary=True,
        min_df=2 if len(texts) >= 20 else 1,
        max_features=50_000,
        preprocessor=_with_pauses,
        token_pattern=r"(?u)\b[^\W\d_]+\b",  # noqa: S106 - a pattern of words
    )
    try:
        counts = counter.fit_transform(texts).tocsr()
    except ValueError:
        return ((),) * n_themes
    names = counter.get_feature_names_out()
    split = [name.split() for name in names]
    keep = np.flatnonzero([_telling(words, ignored) for words in split])
    member = np.zeros((n_themes, len(texts)))
    rows = np.flatnonzero(labels >= 0)
    member[labels[rows], rows] = 1.0
    per_theme = np.asarray(counts.T.dot(member.T)).T[:, keep]
    sizes = np.maximum(member.sum(axis=1, keepdims=True), 1)
    share = per_theme / sizes
    elsewhere = (per_theme.sum(axis=0) - per_theme) / np.maximum(sizes.sum() - sizes, 1)
    score = share * np.log2((share + _SMOOTH) / (elsewhere + _SMOOTH))
    # Words that are nearly always said together read better than either of them.
    score *= np.array([1.0 + _PAIR * (len(split[i]) > 1) for i in keep])
    score[per_theme < (2 if len(texts) >= 20 else 1)] = 0
    found = [split[place] for place in keep]
    return tuple(
        _diverse(score[theme], per_theme[theme], found, terms) for theme in range(n_themes)
    )


def theme_label(terms: Sequence[str], size: int = 2) -> str:
    """Make a heading of the best terms.

    Examples
    --------
    >>> theme_label(("wedding cake", "tasting", "tiers", "flowers"))
    'Wedding cake, tasting'
    """
    text = ", ".join(terms[:size])
    return text[:1].upper() + text[1:] if text else "Without telling words"


def _with_pauses(text: str) -> str:
    """Mark commas and ends of sentences by a word, so that no phrase reaches across one."""
    return _PAUSE.sub(f" {_PAUSED} ", clean(text).lower().replace("'", ""))


def _telling(words: Sequence[str], ignored: frozenset[str]) -> bool:
    """Tell whether a phrase begins and ends with telling words that belong together."""
    ends = {words[0], words[-1]}
    if ends & ignored or len(ends) < min(len(words), 2) or any(len(word) < 3 for word in ends):
        return False
    return all(word in _BETWEEN for word in words[1:-1])


def _diverse(
    score: npt.NDArray[np.float64],
    calls: npt.NDArray[np.float64],
    split: Sequence[Sequence[str]],
    terms: int,
) -> tuple[str, ...]:
    """Choose the best terms that share no word; `calls` counts a theme's calls per term."""
    chosen: list[str] = []
    used: set[str] = set()
    for place in np.argsort(-score, kind="stable"):
        if score[place] <= 0 or len(chosen) == terms:
            break
        if _roots(split[place]) & used:
            continue
        words = _as_said(int(place), score, calls, split)
        if _roots(words) & used:
            words = split[place]
        used |= _roots(words)
        chosen.append(" ".join(words))
    return tuple(chosen)


def _as_said(
    place: int,
    score: npt.NDArray[np.float64],
    calls: npt.NDArray[np.float64],
    split: Sequence[Sequence[str]],
) -> Sequence[str]:
    """Return the phrase that a word is mostly said in, or the term itself."""
    term = split[place]
    if len(term) > 1:
        return term
    phrases = [
        other
        for other, words in enumerate(split)
        if len(words) > 1
        and term[0] in (words[0], words[-1])
        and score[other] > 0
        and calls[other] >= _MOSTLY_SAID_SO * calls[place]
    ]
    return split[max(phrases, key=lambda other: float(calls[other]))] if phrases else term


def _roots(words: Sequence[str]) -> set[str]:
    return {_root(words[0]), _root(words[-1])}


def _root(word: str) -> str:
    for ending in ("ing", "ies", "ed", "es", "ic", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
