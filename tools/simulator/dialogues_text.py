"""Transcripts of every answered call of a simulated shop, without any audio."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd

from calltrack_nb import schema
from tools.simulator.dialogues import Dialogue, write_dialogue, write_wrong_number
from tools.simulator.dialogues_lines import HESITATIONS
from tools.simulator.shop import SimulatedShop
from tools.simulator.shop_spec import PURPOSE_OF

WORDS_PER_S = 2.7
"""How fast the text-only callers and agents speak."""


def dialogue_of(call: Any, label: Any, seed: int, *, notice: bool = True) -> Dialogue | None:
    """Write the conversation of one call, the same for the same call and seed.

    Parameters
    ----------
    call, label : named tuple
        A row of a shop's ``calls`` and the row of its ``labels``.
    seed : int
        Together with the call's id it decides every word.
    notice : bool, default True
        Whether the agent says that the call is recorded.

    Returns
    -------
    Dialogue or None
        None where nobody talked to the caller.
    """
    if call.direction != "inbound" or call.status != "answered":
        return None
    rng = random.Random(f"{seed}:{call.call_id}")
    agent = call.agent if isinstance(call.agent, str) else "Mary"
    if not isinstance(label.theme, str):
        return write_wrong_number(rng, agent=agent)
    sale = PURPOSE_OF[label.theme] == "sale"
    return write_dialogue(
        label.theme,
        label.outcome if sale and isinstance(label.outcome, str) else None,
        rng,
        agent=agent,
        caller_name=call.caller_name if isinstance(call.caller_name, str) else None,
        caller_number=call.caller_number if isinstance(call.caller_number, str) else None,
        hesitation=_hesitation(label.outcome, rng) if sale else None,
        notice=notice,
    )


def simulate_transcripts(shop: SimulatedShop) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write down every answered call of a shop.

    Parameters
    ----------
    shop : SimulatedShop
        Whose calls are transcribed; a larger ``volume`` gives more text.

    Returns
    -------
    utterances : pandas.DataFrame
        The table ``utterances``, one row per turn, with times at speaking speed.
    marks : pandas.DataFrame
        The truth: ``call_id``, ``turn``, ``family`` and ``kind`` of every hesitation,
        preference, promise and private fact.

    Examples
    --------
    >>> from tools.simulator.shop import ShopSpec, simulate_shop
    >>> utterances, marks = simulate_transcripts(simulate_shop(ShopSpec(volume=0.1)))
    >>> sorted(marks["family"].unique())
    ['hesitation', 'preference', 'private', 'promise']
    """
    rows: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    pairs = zip(shop.calls.itertuples(), shop.labels.itertuples(), strict=True)
    for call, label in pairs:
        dialogue = dialogue_of(call, label, shop.spec.seed)
        clock = 1.0
        for place, turn in enumerate(dialogue.turns if dialogue else ()):
            seconds = len(turn.text.split()) / WORDS_PER_S
            rows.append(
                {
                    "account": call.account,
                    "call_id": call.call_id,
                    "turn": place,
                    "speaker": turn.speaker,
                    "start_s": round(clock, 2),
                    "end_s": round(clock + seconds, 2),
                    "text": turn.text,
                    "confidence": 1.0,
                }
            )
            marks += [
                {"call_id": call.call_id, "turn": place, "family": family, "kind": kind}
                for family, kind in turn.marks
            ]
            clock += seconds + 0.5
    utterances = schema.conform(pd.DataFrame(rows), "utterances")
    return utterances, pd.DataFrame(marks, columns=["call_id", "turn", "family", "kind"])


def _hesitation(outcome: str, rng: random.Random) -> str | None:
    """Draw what holds the caller back; who books hesitates less, and never puts it off."""
    if rng.random() < (0.6 if outcome == "booked" else 0.25):
        return None
    kinds = [kind for kind in HESITATIONS if outcome != "booked" or kind != "put_off"]
    weights = [3.0 if kind == "price" else 1.0 for kind in kinds]
    return rng.choices(kinds, weights)[0]
