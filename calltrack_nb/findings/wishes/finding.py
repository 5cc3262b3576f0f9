"""Wishes of whole calls: the table ``wishes``, from what callers said and were asked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.findings.pieces import sentences
from calltrack_nb.findings.wishes.reading import asked_for, wishes_in
from calltrack_nb.themes.turns import heard_rows

_WISHED: Final = re.compile(
    r"\b(?:i'?d|we'?d|i would|we would|would|could|can|please|prefer\w*|rather|"
    r"sooner|hoping|hope to|want\w*|need\w*|like|"
    r"looking for|looking to|after (?:a|an|some)|works?|suits?|(?:is|are|'s|be|"
    r"sounds) (?:fine|good|great|perfect|ideal|best|better|lovely|ok|okay|brilliant|"
    r"alright)|"
    r"best|ideal\w*|how about|what about|make it|let's|book|order|reserve|"
    r"any chance|do you (?:do|have|deliver|go|cover|serve)|have you (?:got|"
    r"anything)|"
    r"is there|are there|anything|any ?time|budget|spend|i'll (?:take|have|pick|"
    r"collect|go)|give (?:me|us)|text|e-?mail|call me|ring me|as soon as|"
    r"right away|asap|suitable|somewhere|max(?:imum)?|no more than|up to|perfect|"
    r"lovely then|put me down|has to be|have to be|go on then|i'll (?:pop|come|be) in)\b",
    re.IGNORECASE,
)
"""What makes a sentence a wish where no preference was found in it and nothing was asked."""
_SURE: Final = {"preference": 0.85, "asked": 0.8, "words": 0.65}
_UNKNOWN_SPEAKER: Final = 0.625


def find_wishes(
    utterances: pd.DataFrame,
    findings: pd.DataFrame,
    said_on: Mapping[str, dt.date],
    country: Mapping[str, str],
) -> pd.DataFrame:
    """Read the values of what callers wish.

    A value counts where a preference was found in its sentence, where the agent had just
    asked for it, or where the sentence's own words wish ("could we say …").

    Parameters
    ----------
    utterances : pandas.DataFrame
        The table ``utterances``, redacted.
    findings : pandas.DataFrame
        The table ``findings``.
    said_on : mapping of str to datetime.date
        Each call's day on the business's own clock; calls without one have no wishes.
    country : mapping of str to str
        Two letters by account; accounts without one are passed over.

    Returns
    -------
    pandas.DataFrame
        The table ``wishes``. Where the words leave open what is meant, ``value`` is missing
        and ``doubt`` says between what.
    """
    preferred = _preferred(findings)
    rows: list[dict[str, Any]] = []
    for call_id, call in utterances[heard_rows(utterances)].groupby("call_id", sort=True):
        account = str(call["account"].iloc[0])
        if call_id in said_on and account in country:
            found = _of_call(call, preferred, said_on[str(call_id)], country[account])
            rows += [{"account": account, "call_id": call_id, **row} for row in found]
    return schema.conform(pd.DataFrame(rows), "wishes")


def _preferred(findings: pd.DataFrame) -> dict[tuple[str, int], list[str]]:
    """Return by call and turn the words in which a preference was found."""
    chosen = findings[findings["family"].astype(str) == "preference"].dropna(
        subset=["turn", "words"]
    )
    found: dict[tuple[str, int], list[str]] = {}
    for call_id, turn, words in zip(
        chosen["call_id"], chosen["turn"], chosen["words"], strict=True
    ):
        found.setdefault((str(call_id), int(turn)), []).append(str(words))
    return found


def _of_call(
    call: pd.DataFrame, preferred: Mapping[tuple[str, int], list[str]], on: dt.date, country: str
) -> Iterator[dict[str, Any]]:
    asked: frozenset[str] = frozenset()
    turns: Any = call.sort_values(["start_s", "turn"], kind="stable").itertuples()
    for turn in turns:
        text = turn.redacted_text if isinstance(turn.redacted_text, str) else ""
        if turn.speaker == "agent":
            asked = asked_for(text)
            continue
        sure = _UNKNOWN_SPEAKER if turn.speaker == "unknown" else 1.0
        words = preferred.get((str(turn.call_id), int(turn.turn)), [])
        for start, end in sentences(text):
            sentence = text[start:end]
            how = _why_wished(sentence, words)
            for wish in wishes_in(sentence, on, country, asked=asked):
                reason = "asked" if how is None and wish.kind in asked else how
                if reason is not None:
                    place = (start + wish.start, start + wish.end)
                    yield {
                        "turn": turn.turn,
                        **_seconds(turn, text, place),
                        "kind": wish.kind,
                        "value": wish.value,
                        "doubt": wish.either,
                        "words": text[slice(*place)],
                        "confidence": round(_SURE[reason] * sure, 3),
                    }
        asked = asked_for(text) if turn.speaker == "unknown" else frozenset()


def _why_wished(sentence: str, preferred: list[str]) -> str | None:
    plain = sentence.strip()
    if any(words in plain or plain in words for words in preferred):
        return "preference"
    return "words" if _WISHED.search(plain) else None


def _seconds(turn: Any, text: str, place: tuple[int, int]) -> dict[str, float]:
    """Return when the words were said, as far into the turn as into its letters."""
    length = max(len(text), 1)
    whole = 0.0 if pd.isna(turn.end_s) else float(turn.end_s) - float(turn.start_s)
    first, last = (float(turn.start_s) + whole * at / length for at in place)
    return {"start_s": first, "end_s": last}
