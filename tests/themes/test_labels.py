"""Names of themes: what callers ask for, not where it is to be brought."""

from __future__ import annotations

import numpy as np

from calltrack_nb.themes.labels import theme_labels, theme_terms

PLACES = ("Monday", "the ninth", "spring", "our new office", "thirty guests", "next week")


class Alike:
    """An embedder to which all texts are the same, so that only words tell."""

    name = "alike"
    fitted_to_texts = False

    def fit(self, texts):
        return self

    def embed(self, texts):
        return np.full((len(texts), 2), 0.5**0.5, np.float32)


def test_a_theme_is_named_by_what_callers_say_first_in_words_that_stand_once():
    """Catering for the conference room is catering, and no name holds "and" twice."""
    catering = [
        f"Good morning, we need a quote for catering for {place}. "
        "We are eleven people in all and would like something fresh, savoury and sweet, please. "
        "Bring it to the conference room, the conference room is on the top floor."
        for place in PLACES
    ]
    parking = [
        f"Hello, is the salt and pepper tin for {place} ready, the salt and pepper tin?"
        for place in PLACES
    ]
    texts = [*catering, *parking]
    labels = np.repeat([0, 1], len(PLACES)).astype(np.intp)
    terms = theme_terms(texts, labels, 2, 12)
    names = theme_labels(terms, texts, labels, Alike().embed(texts), Alike())
    assert "catering" in names[0].lower()
    assert "conference" not in names[0].lower()
    assert all(name.count(" and ") <= 1 for name in names)


def test_a_shortened_verb_names_no_theme():
    """ "You've" in every call of a theme is no word that it could be called by."""
    tyres = [f"You've quoted me for tyres, he's after them for {place}" for place in PLACES]
    keys = [f"We'll need a key cut, you’ve the old one, by {place}" for place in PLACES]  # noqa: RUF001
    labels = np.repeat([0, 1], len(PLACES)).astype(np.intp)
    terms = theme_terms([*tyres, *keys], labels, 2, 12)
    words = {word for found in terms for term in found for word in term.split()}
    assert words.isdisjoint({"youve", "hes", "well"})
    assert "tyres" in words
