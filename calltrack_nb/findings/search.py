"""Search what was said, by words and by meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb.errors import ListeningError
from calltrack_nb.themes.embedding import open_embedder
from calltrack_nb.themes.turns import heard_rows
from calltrack_nb.themes.words import clean, stop_words, words_of

_SIMILAR: Final = 0.35
_WORDS_WEIGH: Final = 0.5
_LONGEST_QUERY: Final = 500


def search(
    utterances: pd.DataFrame,
    query: str,
    *,
    embedder: str = "auto",
    cache: Path | None = None,
    most: int = 20,
) -> pd.DataFrame:
    """Find the turns that hold a query's words, or mean about the same.

    Parameters
    ----------
    utterances : pandas.DataFrame
        The table ``utterances``, redacted.
    query : str
        A few words or a sentence.
    embedder : {"auto", "minilm", "tfidf"}
        What compares meanings.
    cache : pathlib.Path, optional
        Folder that keeps vectors of texts.
    most : int
        Most turns to return.

    Returns
    -------
    pandas.DataFrame
        Columns call_id, turn, start_s, end_s, speaker, quote (redacted), score, why; the
        best first.

    Raises
    ------
    ListeningError
        When the query says nothing, or `most` is less than one.
    """
    if most < 1:
        raise ListeningError("A search needs room for at least one turn", where=f"most={most}")
    wanted = clean(query[:_LONGEST_QUERY])
    if not words_of(wanted):
        raise ListeningError(
            "There is nothing to search for", where=repr(query), fix="Give a word or two"
        )
    turns = _turns(utterances)
    columns = ["call_id", "turn", "start_s", "end_s", "speaker", "quote", "score", "why"]
    if turns.empty:
        return pd.DataFrame(columns=columns)
    telling = [word for word in words_of(wanted) if word not in stop_words()] or words_of(wanted)
    shared = _words_shared(turns["plain"], telling)
    method = open_embedder(embedder, cache)
    distinct = sorted(set(turns["plain"]))
    if method.fitted_to_texts:
        method.fit(distinct)
    meanings = dict(zip(distinct, method.embed(distinct) @ method.embed([wanted])[0], strict=True))
    alike = turns["plain"].map(meanings).to_numpy(dtype=float)
    score = alike + _WORDS_WEIGH * shared
    found = turns.assign(score=score.round(3), why=_reasons(shared, len(set(telling))))
    found = found[(shared == 1.0) | (alike >= _SIMILAR) | (score >= _SIMILAR + _WORDS_WEIGH / 2)]
    found = found.sort_values(["score", "call_id", "start_s"], ascending=[False, True, True])
    best: pd.DataFrame = found[columns].head(most).reset_index(drop=True)
    return best


def _turns(utterances: pd.DataFrame) -> pd.DataFrame:
    keep = heard_rows(utterances)
    text = utterances["redacted_text"].str.strip()
    turns = utterances.loc[keep, ["call_id", "turn", "start_s", "end_s", "speaker"]]
    turns = turns.assign(quote=text[keep], plain=[clean(said) for said in text[keep]])
    return turns[turns["plain"] != ""].reset_index(drop=True)


def _words_shared(texts: pd.Series, telling: list[str]) -> np.ndarray:
    """Return the share of the query's telling words that each text holds, shape (n,)."""
    wanted = {_root(word) for word in telling}
    return np.array(
        [len(wanted & {_root(word) for word in words_of(text)}) / len(wanted) for text in texts]
    )


def _reasons(shared: np.ndarray, words: int) -> list[str]:
    return [
        "has all the words"
        if share == 1.0 and words
        else "has some of the words"
        if share > 0
        else "means about the same"
        for share in shared
    ]


def _root(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word
