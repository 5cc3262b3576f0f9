"""Names for themes, from the words that set one theme apart from the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from calltrack_nb.listening.words import clean, stop_words

_TERMS = 6
_SMOOTH = 0.02
_PAIR = 0.4


def theme_terms(
    texts: Sequence[str], labels: npt.NDArray[np.intp], n_themes: int, terms: int = _TERMS
) -> tuple[tuple[str, ...], ...]:
    """Find the words and pairs of words that are typical of each theme.

    Class-based TF-IDF (Grootendorst, 2022, BERTopic) over calls instead of words, so that
    one talkative caller names no theme: the share of a theme's calls that say a term,
    times the logarithm of that share over the share of all other calls. Terms that share
    a word with a better one are passed over.

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

    ignored = stop_words()
    counter = CountVectorizer(
        ngram_range=(1, 2),
        binary=True,
        min_df=2 if len(texts) >= 20 else 1,
        max_features=50_000,
        preprocessor=lambda text: clean(text).lower().replace("'", ""),
        token_pattern=r"(?u)\b[^\W\d_]{2,}\b",  # noqa: S106 - a pattern of words
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
    # A pair that is nearly always said together reads better than either of its words.
    score *= np.array([1.0 + _PAIR * (len(split[i]) - 1) for i in keep])
    score[per_theme < (2 if len(texts) >= 20 else 1)] = 0
    return tuple(_diverse(score[theme], keep, split, terms) for theme in range(n_themes))


def theme_label(terms: Sequence[str], size: int = 2) -> str:
    """Make a heading of the best terms.

    Examples
    --------
    >>> theme_label(("wedding cake", "tasting", "tiers", "flowers"))
    'Wedding cake, tasting'
    """
    text = ", ".join(terms[:size])
    return text[:1].upper() + text[1:] if text else "Without telling words"


def _telling(words: Sequence[str], ignored: frozenset[str]) -> bool:
    if words[0] in ignored or words[-1] in ignored:
        return False
    return len(set(words)) == len(words) and all(len(word) > 2 for word in (words[0], words[-1]))


def _diverse(
    score: npt.NDArray[np.float64],
    keep: npt.NDArray[np.intp],
    split: Sequence[Sequence[str]],
    terms: int,
) -> tuple[str, ...]:
    chosen: list[str] = []
    used: set[str] = set()
    for place in np.argsort(-score, kind="stable"):
        if score[place] <= 0 or len(chosen) == terms:
            break
        words = split[keep[place]]
        roots = {_root(word) for word in words}
        if roots & used:
            continue
        used |= roots
        chosen.append(" ".join(words))
    return tuple(chosen)


def _root(word: str) -> str:
    for ending in ("ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
