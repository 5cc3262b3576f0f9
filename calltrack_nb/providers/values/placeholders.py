"""Cells that only say that there is nothing, as ``-``, ``N/A``, ``(not set)`` or ``#REF!``.

A cell is compared as a whole, and only with what means nothing in every column. What
depends on the column stays as it is:

- ``0``, ``No``, ``no``, ``X``, ``x``: a number, an answer, a tick;
- ``NA``: Namibia, North America or initials, although R writes it for nothing;
- ``Null`` and ``Nan``: names of people; ``NULL``, ``null``, ``NaN`` and ``nan`` are not;
- ``unknown``, ``anonymous``, ``private`` and their like: an outcome in one column, a caller
  who withholds the number in another; in names see :func:`blank_names`;
- ``not available``: an agent's state; ``(direct)`` and ``(other)``: sources of visits;
- a single ``"``: the same as in the cell above;
- ``TBD``, ``test`` and ``*``: somebody meant something by them.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from calltrack_nb.providers.values.column import read_distinct
from calltrack_nb.providers.values.withheld import is_withheld

_MARKS: Final = (
    *(
        dash * count
        for dash in "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212_.?"
        for count in range(1, 13)
    ),
    *("\u2026", "/", "//", "-/-", "- -", "-.-", "--:--", "--:--:--", "-:-", "\\N", '""', "''"),
    *("[]", "{}", "()", "<>", "0000-00-00", "0000-00-00 00:00:00"),
    *("#" * count for count in range(2, 13)),
)
# Spreadsheets write their errors in the language of the program.
_ERRORS: Final = """
#N/A #N/A! #NA #N/D #N/B #NV #YOK #I/T #REF! #VALUE! #DIV/0! #NAME? #NUM! #NULL! #SPILL! #CALC!
#FIELD! #BUSY! #BLOCKED! #CONNECT! #UNKNOWN! #ERROR! #GETTING_DATA
#WERT! #BEZUG! #ZAHL! #ÜBERLAUF! #VALEUR! #NOM? #NOMBRE! #NOMBRE? #¡REF! #¡VALOR! #¡DIV/0!
#¡NUM! #¡NULO! #VALOR! #NOME? #NÚM! #RIF! #VALORE! #WAARDE! #VERW! #NAAM? #GETAL! #LEEG!
#ARG! #ADR! #NAZWA? #LICZBA!
"""
_AS_WRITTEN: Final = "null NULL nan NaN NAN -nan NaT undefined n.d. s.d. k.A. #n/a"
# In these upper and lower case make no difference.
_IN_ANY_CASE: Final = """
n/a; n.a.; n.a; n\\a; (n/a); n/d; s/d; k.a.; k. a.; none; <na>; <null>; (null); [null]; <none>;
(none); [none]; <blank>; (blank); [blank]; (empty); <empty>; [empty]; <unset>; (unset); (not set);
(not provided); (not available); (data not available); (unknown); <unknown>; [unknown];
(undefined); <undefined>; (leer); (vide); (vides); (en blanco); (vacías); (vazio); (vuoto); (leeg);
not applicable; not provided; not specified; no data; no value; keine angabe; nicht angegeben;
(nicht festgelegt); non renseigné; non communiqué; non applicable; (non défini); no aplica;
sin datos; (no definido); não informado; não se aplica; sem dados; (não definido);
non applicabile; nessun dato; (non impostato); niet van toepassing; n.v.t.; geen gegevens
"""
_PHRASES: Final = tuple(" ".join(phrase.split()) for phrase in _IN_ANY_CASE.split(";"))
_NOTHING: Final = frozenset(
    (
        *_MARKS,
        *_ERRORS.split(),
        *_AS_WRITTEN.split(),
        *_PHRASES,
        *(phrase.upper() for phrase in _PHRASES),
        *(phrase.title() for phrase in _PHRASES),
        *(phrase.capitalize() for phrase in _PHRASES),
        *("k. A.", "keine Angabe"),
        *("(N" + phrase[2:] for phrase in _PHRASES if phrase.startswith("(n")),
    )
)


def blank_placeholders(column: pd.Series[Any]) -> pd.Series[Any]:
    """Make cells missing that only say that there is nothing; see the module.

    Parameters
    ----------
    column : pandas.Series of str
        Stripped cells.

    Returns
    -------
    pandas.Series of str
        The column itself where it has no such cell.

    Examples
    --------
    >>> blank_placeholders(pd.Series(["Flyer", "N/A", "--", "No", "(not set)"])).tolist()
    ['Flyer', nan, nan, 'No', nan]
    """
    nothing = column.isin(_NOTHING)
    return column.mask(nothing) if nothing.any() else column


def blank_names(column: pd.Series[Any]) -> pd.Series[Any]:
    """Make names of callers missing that only say that the name is not known.

    Examples
    --------
    >>> blank_names(pd.Series(["Ann Example", "Unknown Caller", "WIRELESS CALLER", "No"])).tolist()
    ['Ann Example', nan, nan, 'No']
    """
    nothing = read_distinct(column, is_withheld, "boolean").series.fillna(False)
    return column.mask(nothing.astype(bool))
