"""The listening report's answer: what callers want, what holds them back, how calls end."""

from __future__ import annotations

import pandas as pd

from calltrack_nb.checking.checked import NOT_MEASURED
from calltrack_nb.phrasing import agree, between, listed, number, percent, plural, span
from calltrack_nb.results import Answer, KeyFigure, Result
from calltrack_nb.themes import loose, mostly_loose

_MOST = 3


def listening_answer(
    themes: Result,
    hesitations: Result,
    outcomes: Result,
    *,
    heard: int,
    calls: int,
    checked: bool,
) -> Answer:
    """Answer in three sentences what callers want and what holds them back.

    Parameters
    ----------
    themes : Result
        From :func:`calltrack_nb.themes.theme_summary`.
    hesitations, outcomes : Result
        From :func:`calltrack_nb.findings.finding_summary` and
        :func:`~calltrack_nb.findings.outcome_summary`: ``kind``, ``label``, ``calls``,
        ``share``, ``low``, ``high``.
    heard, calls : int
        Calls that were listened to, and all calls of the period.
    checked : bool
        Whether people checked enough calls to correct the machine. Before that no share of
        calls booked or lost is given: it would be of the machine, not of the calls.

    Returns
    -------
    Answer
        Figures are shares of the calls that were listened to.
    """
    if not heard:
        return Answer(
            ("No call of this period has a transcript, so this report has nothing to show.",)
        )
    sentences = [_wants(themes.table, heard)]
    if len(hesitations.table):
        top = _first(hesitations.table)
        sentences.append(
            f"Callers hesitated most over: {listed(_told(top))} of {plural(heard, 'call')}."
        )
    else:
        sentences.append("No hesitation was found.")
    known = outcomes.table[~outcomes.table["label"].str.endswith(NOT_MEASURED)]
    ended = _corrected(known, heard) if checked else _ended(outcomes.table, heard)
    if ended:
        sentences.append(ended)
    figures = [KeyFigure("Calls listened to", number(heard), f"of {number(calls)}")]
    firm = themes.table[~loose(themes.table)]
    # the most frequent one may be no clear group, and then stands in the first sentence only
    most = len(firm) and firm["calls"].iloc[0] == themes.table["calls"].iloc[0]
    asked = "Most asked about" if most else "Most asked about, of clear themes"
    for table, label in ((firm, asked), (hesitations.table, "Hesitated most over")):
        if len(table):
            row = table.iloc[0]
            names = table.loc[table["calls"] == row["calls"], "label"].astype(str).tolist()
            figures.append(KeyFigure(f"{label}: {listed(names, 2)}", *_share(row)))
    lost = known[known["kind"] == "lost"]
    if checked and len(lost):
        figures.append(KeyFigure("Lost", *_share(lost.iloc[0])))
    return Answer(tuple(sentences), tuple(figures))


def _wants(themes: pd.DataFrame, heard: int) -> str:
    if themes.empty:
        return (
            f"{plural(heard, 'call')} {agree(heard, 'was', 'were')} listened to; too few, or too "
            "different, to group by theme."
        )
    first = _first(themes)
    told, hints = _told(first), first.loc[loose(first), "label"].astype(str).tolist()
    if mostly_loose(themes) or len(hints) == len(first):
        return (
            f"What callers wanted falls into no clear groups; as a hint only: {listed(told)} of "
            f"{plural(heard, 'call')} listened to."
        )
    taken = agree(len(hints), "is a loose group, a hint only", "are loose groups, hints only")
    doubt = f" {listed(hints)} {taken}." if hints else ""
    return f"Callers asked most about {listed(told)} of {plural(heard, 'call')} listened to.{doubt}"


def _first(table: pd.DataFrame) -> pd.DataFrame:
    """Return the first rows; none of several that are named by as many calls, unless all are."""
    if len(table) <= _MOST:
        return table
    ahead = table[table["calls"] > table["calls"].iloc[_MOST]]
    return ahead if len(ahead) else table.head(_MOST)


def _told(rows: pd.DataFrame) -> list[str]:
    return [f"{row['label']} ({number(row['calls'])})" for _, row in rows.iterrows()]


def _ended(outcomes: pd.DataFrame, heard: int) -> str:
    """Say how calls ended, as far as the words tell."""
    known = outcomes.set_index("kind")["calls"]
    told = [
        f"{number(known[kind])} {agree(int(known[kind]), 'was', 'were')} {kind}"
        for kind in ("booked", "lost")
        if kind in known.index
    ]
    if not told:
        return ""
    unclear = int(known.get("unclear", 0))
    rest = f"; {number(unclear)} {agree(unclear, 'stays', 'stay')} unclear" if unclear else ""
    other = heard - unclear - sum(int(known.get(kind, 0)) for kind in ("booked", "lost"))
    rest += f", {number(other)} ended otherwise" if other > 0 else ""
    return (
        f"Of {plural(heard, 'call')}, by their words, {' and '.join(told)}{rest}. "
        "Too few calls are checked to say how often this is right."
    )


def _corrected(outcomes: pd.DataFrame, heard: int) -> str:
    """Say how calls ended, corrected by people's checks."""
    words = {"booked": "were booked", "lost": "were lost"}
    told = [
        f"{between(row['share'], row['low'], row['high'], percent)} {words[row['kind']]}"
        for row in outcomes.to_dict("records")
        if row["kind"] in words
    ]
    return f"Of {plural(heard, 'call')} {' and '.join(told)}, corrected by checks." if told else ""


def _share(row: pd.Series) -> tuple[str, str]:
    return percent(row["share"]), span(percent(row["low"]), percent(row["high"]))


def two_quotes(themes: pd.DataFrame, hesitations: pd.DataFrame) -> pd.DataFrame:
    """Choose one quote of what callers want and one of what held them back.

    Parameters
    ----------
    themes : pandas.DataFrame
        From :func:`calltrack_nb.themes.theme_quotes`, the largest theme first.
    hesitations : pandas.DataFrame
        From :func:`calltrack_nb.findings.finding_quotes`, the most frequent first.

    Returns
    -------
    pandas.DataFrame
        ``call_id``, ``start_s``, ``quote``, ``why``: two rows, of different calls where there
        are any.
    """
    wanted = themes.head(1).assign(why=themes["label"])
    other = hesitations[~hesitations["call_id"].isin(wanted["call_id"])]
    chosen = [wanted, (other if len(other) else hesitations).head(1)]
    return pd.concat([rows[["call_id", "start_s", "quote", "why"]] for rows in chosen])
