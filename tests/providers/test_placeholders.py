"""Cells that only say that there is nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from calltrack_nb.providers.values.placeholders import blank_names, blank_placeholders


def texts(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype="str")


@pytest.mark.parametrize(
    "text",
    [
        *("-", "--", "---", "–", "—", "−", ".", "...", "…", "_", "?", "??", "/", "--:--"),  # noqa: RUF001
        *("N/A", "n/a", "N/a", "n.a.", "#N/A", "#NV", "#N/D", "#REF!", "#DIV/0!", "#¡VALOR!"),
        *("#NAME?", "#WERT!", "####", "null", "NULL", "nan", "NaN", "NaT", "<NA>", "None", "none"),
        *("(not set)", "(Not Set)", "(none)", "(blank)", "(unknown)", "<null>", "(Leer)", "(vide)"),
        *("undefined", "\\N", "[]", "{}", '""', "0000-00-00 00:00:00", "Not applicable"),
        *("keine Angabe", "k.A.", "non renseigné", "sin datos", "não informado", "n.v.t."),
    ],
)
def test_a_cell_that_says_nothing_is_missing(text):
    """The ways in which systems, spreadsheets and languages write nothing are nothing."""
    assert blank_placeholders(texts(text, "Flyer")).isna().tolist() == [True, False]


@pytest.mark.parametrize(
    "text",
    [
        *("0", "No", "no", "X", "x", "NA", "Null", "Nan", "Nil", "unknown", "Unknown", "private"),
        *("not available", "(direct)", "(other)", '"', "TBD", "test", "*", "1", "-1", "- 5", "$ -"),
        *("N.V.", "Namibia", "None of these", "n/a yet", "#sale", "1900-01-01", "-$", "#1"),
    ],
)
def test_a_cell_that_may_say_something_stays(text):
    """What means something in some column is left to the readers of columns."""
    assert blank_placeholders(texts(text, "N/A")).isna().tolist() == [False, True]


def test_a_column_without_placeholders_is_the_same():
    """Nothing is copied where there is nothing to do, and missing cells stay missing."""
    column = texts("Flyer", None, "Google Ads")
    assert blank_placeholders(column) is column


def test_names_that_are_none():
    """In a column of names, words for an unknown caller are nothing; surnames stay."""
    nothing = ("Unknown", "Unknown Caller", "WIRELESS CALLER", "Cell Phone", "No Name", "NA")
    nothing += ("Anonymous", "Toll Free Call", "unbekannt", "Anonyme", "Sconosciuto")
    assert blank_names(texts(*nothing)).isna().all()
    people = texts("Ann Example", "No", "Sin", "Na", "Null", "Private Dining Ltd", "Nan Example")
    assert blank_names(people).equals(people)
    assert blank_names(texts(None)).isna().all()
