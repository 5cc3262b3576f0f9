"""The reasons for which an import refuses rows, each held against every conversion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

Problem = tuple[pd.Series, str, str]
"""Which rows have it, the system's name of the refusal, and the reason in words."""

OLDEST: Final = pd.Timedelta(days=90)


def first_refusals(rows: pd.DataFrame, problems: Sequence[Problem]) -> pd.DataFrame:
    """Name the first problem of each row.

    Parameters
    ----------
    rows : pandas.DataFrame
        From :func:`~calltrack_nb.exports.conversions.conversions`.
    problems : sequence of Problem
        In the order in which they are looked for.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``code`` and ``reason``, both empty for rows that would be
        taken.
    """
    rows = rows.assign(code="", reason="")
    for problem, code, reason in problems:
        hit = problem.fillna(value=False).to_numpy(dtype=bool) & (rows["reason"] == "").to_numpy()
        rows.loc[hit, ["code", "reason"]] = [code, reason]
    return rows


def refused(rows: pd.DataFrame) -> pd.DataFrame:
    """List the rows that :func:`first_refusals` found a reason for."""
    columns = ["call_id", "conversion", "code", "reason"]
    return rows.loc[rows["reason"] != "", columns].reset_index(drop=True)


def usable_click(value: pd.Series) -> pd.Series:
    """Tell which texts can be click ids.

    A spreadsheet would read a leading = + - @ as a formula, and no click id has one.
    """
    return value.str.fullmatch(r"\w[\w.-]*")


def nobody_named(
    rows: pd.DataFrame, identifiers: Sequence[str], whose: str, code: str = "", *, agreed: bool
) -> Problem:
    """Find rows that name nobody: no click id, and nothing of a person.

    Parameters
    ----------
    rows : pandas.DataFrame
    identifiers : sequence of str
        The columns that may name somebody; empty texts where they do not.
    whose : str
        The company whose click ids are taken.
    code : str
        The system's name of the refusal, where it has one.
    agreed : bool
        Whether callers agreed to more than a click id being sent.
    """
    also = "no number and no e-mail address"
    if not agreed:
        also = "and callers did not agree that more is sent"
    nobody = (rows[list(identifiers)] == "").all(axis=1)
    return nobody, code, f"There is no click id from {whose}, {also}."


def worth(rows: pd.DataFrame) -> list[Problem]:
    """Say what may be wrong with the amount, where there is one."""
    unnamed = ~rows["currency"].astype(str).str.fullmatch(r"[A-Z]{3}")
    return [
        (rows["value"] < 0, "INVALID_VALUE", "The value is below zero."),
        (
            rows["value"].notna() & unnamed,
            "INVALID_CURRENCY_CODE",
            "The currency is not a code of three letters.",
        ),
    ]
