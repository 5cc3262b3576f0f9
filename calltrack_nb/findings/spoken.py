"""What was said in a call, turn by turn, without what takes no part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from calltrack_nb import schema


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side says without being answered.

    Attributes
    ----------
    turn : int
        Its number in the table ``utterances``.
    speaker : {"caller", "agent", "unknown"}
    start_s, end_s : float
        Seconds from the beginning; NaN where a provider does not say.
    text : str
        Redacted words.
    confidence : float
        How sure the words are, from 0 to 1.
    """

    turn: int
    speaker: str
    start_s: float
    end_s: float
    text: str
    confidence: float


def spoken_turns(call: pd.DataFrame) -> Iterator[Turn]:
    """Yield the turns of one call in order, without empty ones and those left out.

    Parameters
    ----------
    call : pandas.DataFrame
        Rows of the table ``utterances``, redacted.
    """
    rows: Any = call.sort_values(["start_s", "turn"], kind="stable").itertuples()
    for row in rows:
        flags = set(row.flags) if hasattr(row.flags, "__iter__") else set()
        text = row.redacted_text if isinstance(row.redacted_text, str) else ""
        if flags & schema.LEFT_OUT or not text.strip():
            continue
        sure = float(row.confidence) if pd.notna(row.confidence) else 1.0
        yield Turn(
            int(row.turn), str(row.speaker), float(row.start_s), float(row.end_s), text, sure
        )
