"""Whether a provider's own words say that a call was spam, the staff's or a test."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from calltrack_nb.providers.values.column import Mask, read_distinct
from calltrack_nb.providers.values.phrases import Phrases, clauses_of
from calltrack_nb.providers.values.tags import tags_in
from calltrack_nb.providers.values.vocabulary import DENYING, LEADS, STATUSES

_SPAM: Final = """
spam; spams; spammer; spammers; spam call; spam calls; spam caller; robocall; robocalls;
robocaller; robo call; robo calls; telemarketer; telemarketers; telemarketing;
telemarketing call; telesales; solicitation; solicitation call; soliciting; solicitor call;
scam; scams; scammer; scammers; scam call; cold call; cold caller;
test call; test calls; call test; test lead; testcall; internal call; internal calls; staff call;
staff calls; employee call; own call;
werbeanruf; telefonwerbung; testanruf; interner anruf; mitarbeiteranruf;
demarchage; demarcheur; demarchage telephonique; arnaque; appel interne; appel test; appel de test;
estafa; llamada interna; llamada de prueba; chamada interna; chamada de teste;
truffa; chiamata interna; chiamata di prova; oplichting; interne oproep; testoproep
"""
# A tag that is only this word says it too; "test drive" and "internal medicine" do not.
_ALONE: Final = """
test testing tests internal staff employee solicitor solicitors interne interno interna
mitarbeiter prueba teste prova
"""
_BESIDE: Final = "confirmed known marked flagged detected reported automated prerecorded sales bot"
_OTHERS: Final = {**STATUSES, **LEADS, **dict.fromkeys(_BESIDE.split())}
_PHRASES: Final = Phrases(
    # without "no" and "0", which are denials beside "spam"
    {word: meaning for word, meaning in _OTHERS.items() if len(word) > 1 and word not in DENYING}
    | {phrase.strip(): "spam" for phrase in _SPAM.split(";")}
)


def marks_spam(texts: pd.Series[Any]) -> Mask:
    """Tell where tags or a status say spam, a robocall, a solicitor, staff or a test.

    Each tag counts by itself and by whole words, and all of them must be understood:
    "Spam", "Robocall - warranty" and "Confirmed telemarketer" say it; "not spam",
    "spam: no", "possible spam" and "crypto scam victim" do not.

    Parameters
    ----------
    texts : pandas.Series of str
        Tags, dispositions, lead statuses or statuses of calls.

    Returns
    -------
    numpy.ndarray of bool

    Examples
    --------
    >>> marks_spam(pd.Series(["Wedding, Spam", "Not spam", "Test call", "Test drive", None]))
    array([ True, False,  True, False, False])
    """
    found = read_distinct(texts, lambda text: any(map(_says_spam, tags_in(text))), "boolean")
    return found.series.fillna(False).to_numpy(dtype=bool)


def _says_spam(tag: str) -> bool:
    clauses = clauses_of(tag, _PHRASES)
    if "?" in tag or any(clause.doubtful or clause.unsettled for clause in clauses):
        return False
    if len(clauses) == 1 and " ".join(clauses[0].words) in _ALONE.split():
        return True
    return any("spam" in clause.said and not clause.strange for clause in clauses)
