"""Names for themes, from the words that set one theme apart from the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from calltrack_nb.redaction.vocabulary import word_list
from calltrack_nb.themes.embedding import Embedder, Vectors
from calltrack_nb.themes.words import clean, unlabelled_words, words_of

_TERMS = 6
_SMOOTH = 0.02
_PAIR = 0.4
_MOSTLY_SAID_SO = 0.35
_MOST_TEXTS = 20_000
_BETWEEN = frozenset({"and", "for", "my", "of", "our", "the", "with"})
_PAUSE = re.compile(r"[.,;:!?]+")
_SHORTENED = re.compile(
    r"\b(s?he|it|that|there|here|what|who|where|how|let)'s\b|'(?:ve|re|ll|d|m)\b"
)
_PAUSED = "zzpause"
_PAIRED = 4
_LATER = 0.002
_LONGEST_LABEL = 6
_AND = " and "
_SAID = 0.3
_JOINED = 0.05
_OPENING = 25
_NOUN = 0.6
_VERB = 0.4
_ROUNDS = 3
_MOST_TOLD = 2000
_BEFORE_THINGS = word_list("before_things")
_BEFORE_DOING = word_list("before_doing")
_PAST = word_list("past_forms")


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
    'Wedding cake and tasting'
    """
    text = " and ".join(terms[:size])
    return text[:1].upper() + text[1:] if text else "Without typical words"


def theme_labels(
    terms: Sequence[Sequence[str]],
    texts: Sequence[str],
    labels: npt.NDArray[np.intp],
    vectors: Vectors,
    embedder: Embedder,
) -> tuple[str, ...]:
    """Name each theme by a noun phrase in the callers' words that tells its calls from others.

    Of each theme's terms, and of two of them joined by "and", the one is taken by whose
    embedding most calls find their own theme among all names, theme after theme, a few times
    over. What callers say when they begin counts too: there they say what they want, and
    later where and when. Of such as are about as good the plainer one is taken, and the one
    of the more telling terms. What is done becomes a noun ("cancel my plan": "Canceling my
    plan"); a word that callers use only otherwise names nothing by itself. No two themes have
    the same name.

    Parameters
    ----------
    terms : sequence of sequence of str
        Telling words of each theme, best first, as :func:`theme_terms` gives them.
    texts : sequence of str
        One per call: how its words are used.
    labels : numpy.ndarray
        Theme of each call, shape (n,); negative ones are left out.
    vectors : numpy.ndarray
        Of the calls, shape (n, d).
    embedder : Embedder
        What made the vectors.

    Returns
    -------
    tuple of str
    """
    shares = _noun_shares(texts)
    options = [_phrases(found, shares) or [theme_label(found).lower()] for found in terms]
    rows = np.flatnonzero(labels >= 0)
    rows = rows[:: -(-len(rows) // _MOST_TOLD) or 1]
    flat = sorted({phrase for phrases in options for phrase in phrases})
    column = {phrase: i for i, phrase in enumerate(flat)}
    cosines = vectors[rows] @ embedder.embed(flat).T
    told = [{_root(word) for word in words_of(texts[int(row)])[:_OPENING]} for row in rows]
    said = np.array([[_said(words, phrase) for phrase in flat] for words in told])
    names = _found_by_calls(options, column, labels[rows], cosines, said)
    return tuple(theme_label([name]) for name in names)


def _found_by_calls(
    options: Sequence[Sequence[str]],
    column: Mapping[str, int],
    labels: npt.NDArray[np.intp],
    cosines: Vectors,
    said: npt.NDArray[np.float64],
) -> list[str]:
    names = [phrases[0] for phrases in options]
    calls = np.arange(len(labels))
    for _ in range(_ROUNDS):
        for theme, phrases in enumerate(options):
            all_names = cosines[:, [column[name] for name in names]]
            own = labels == theme
            right = all_names[calls, labels]
            all_names[:, theme] = -1.0
            others = all_names.max(axis=1)
            taken = set(names[:theme] + names[theme + 1 :])

            def found(
                place: int,
                phrases: Sequence[str] = phrases,
                own: npt.NDArray[np.bool_] = own,
                right: Vectors = right,
                others: Vectors = others,
                taken: set[str] = taken,
            ) -> float:
                mine = cosines[:, column[phrases[place]]]
                known = np.where(own, mine > others, right >= np.maximum(others, mine))
                heard = _SAID * said[own, column[phrases[place]]].sum()
                penalty = _LATER * place + _JOINED * (_AND in phrases[place])
                penalty += phrases[place] in taken
                return float(known.sum() + heard - penalty * max(own.sum(), 1))

            names[theme] = phrases[max(range(len(phrases)), key=found)]
    return names


def _said(roots: set[str], phrase: str) -> float:
    """Return how much of a phrase a call's words hold: of two joined by "and" each is half."""
    parts = phrase.split(_AND)
    return sum(_roots(part.split()) <= roots for part in parts) / len(parts)


def _phrases(terms: Sequence[str], shares: Mapping[str, float]) -> list[str]:
    """Return a theme's terms as noun phrases, then pairs of them, the best first."""
    single = [phrase for term in terms if (phrase := _as_noun_phrase(term.split(), shares))]
    plain = [phrase for phrase in single if _AND not in phrase]
    pairs = [one + _AND + other for one, other in combinations(plain[:_PAIRED], 2)]
    return single + [pair for pair in pairs if len(pair.split()) <= _LONGEST_LABEL]


def _as_noun_phrase(words: Sequence[str], shares: Mapping[str, float]) -> str | None:
    first, last = words[0], words[-1]
    named = (shares.get(last, 0.0) >= _NOUN or last.endswith("ing")) and last not in _PAST
    if not named or last.endswith("ed") or first in _PAST:
        return None
    if len(words) > 1 and shares.get(first, 1.0) < _VERB and not first.endswith(("ing", "ed")):
        return " ".join([_gerund(first), *words[1:]])
    return " ".join(words)


def _noun_shares(texts: Sequence[str]) -> dict[str, float]:
    """Return how often each word is used as a thing: after "a", "my", not after "to", "can"."""
    things: Counter[str] = Counter()
    doings: Counter[str] = Counter()
    for text in texts[:: -(-len(texts) // _MOST_TEXTS) or 1]:
        words = ["", "", *words_of(text)]
        for before, last, word in zip(words, words[1:], words[2:], strict=False):
            if last in _BEFORE_THINGS or (before in _BEFORE_THINGS and last not in _BEFORE_DOING):
                things[word] += 1
            elif last in _BEFORE_DOING:
                doings[word] += 1
    known = set(things) | set(doings)
    return {word: (things[word] + 0.5) / (things[word] + doings[word] + 1) for word in known}


def _gerund(verb: str) -> str:
    """Return the form in -ing.

    Examples
    --------
    >>> [_gerund(verb) for verb in ("change", "book", "swap", "see")]
    ['changing', 'booking', 'swapping', 'seeing']
    """
    if verb.endswith("e") and not verb.endswith(("ee", "ye")):
        return verb[:-1] + "ing"
    if re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]|.*fer", verb):
        return verb + verb[-1] + "ing"
    return verb + "ing"


def _with_pauses(text: str) -> str:
    """Mark commas and ends of sentences by a word, so that no phrase reaches across one.

    Of "you've" only "you" is kept, which names nothing; "youve" would be taken for a word.
    """
    plain = _SHORTENED.sub(r"\1", clean(text).lower().replace("’", "'"))  # noqa: RUF001
    return _PAUSE.sub(f" {_PAUSED} ", plain.replace("'", ""))


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
