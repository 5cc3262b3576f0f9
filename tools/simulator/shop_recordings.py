"""Which calls of a simulated shop are recorded, and what is said and heard in each.

Nothing here makes sound: a script speaks these recordings once, and the lengths it
measures are put back into the log.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from tools.simulator.dialogues import Dialogue, Turn, spoken_number, write_dialogue
from tools.simulator.dialogues_text import dialogue_of
from tools.simulator.shop import SimulatedShop
from tools.simulator.shop_faults import ELSEWHERE, Fault
from tools.simulator.shop_spec import THEMES

PER_THEME: Final = 5
MORE: Final = {"wedding_tasting": 6, "birthday_cake": 7, "dessert_table": 6, "allergy_children": 6}
"""How many inquiries of a theme are recorded, where it is not :data:`PER_THEME`."""

ALL_PARTY: Final = ("CT", "PA")
"""States of callers where every party must know of the recording."""

CUT_AFTER_S: Final = 21.0
"""How much is left of the recording that was cut."""

_FAULTY: Final = {
    "one_sided": ("recordings_one_sided", "The recording holds the agent's side only"),
    "silent": ("recordings_silent", "Nothing is to be heard on either side"),
    "cut": ("recordings_cut", "The recording ends long before the call did"),
    "missing": ("recordings_missing", "The log names a recording that is not there"),
    "unannounced": ("consent", "A caller from an all-party state is not told of the recording"),
    "other_business": ("other_business", f"Whoever answers at {ELSEWHERE} is not Mary's Cakes"),
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recording.

    Parameters
    ----------
    call_id, file : str
        The call, and the name of the file in ``data/recordings``.
    kind : str
        ``plain``, ``voicemail``, ``wrong_number``, ``hold_music``, ``menu``, ``mono``,
        or one of the faults ``one_sided``, ``silent``, ``cut``, ``missing``,
        ``unannounced``, ``other_business``.
    dialogue : Dialogue
        What is said; without turns where nothing is.
    agent : str
        Who picks up.
    """

    call_id: str
    file: str
    kind: str
    dialogue: Dialogue
    agent: str


def choose_recordings(shop: SimulatedShop) -> tuple[Recorded, ...]:
    """Choose calls of a shop with faults and write what is said in them.

    The choice spreads each theme over the months; the same shop gives the same choice.
    """
    rng = random.Random(f"recordings:{shop.spec.seed}")
    rows = pd.concat(
        [shop.calls, shop.labels[["person", "kind", "theme", "outcome"]]], axis="columns"
    )
    inbound = rows[(rows["direction"] == "inbound") & rows["caller_number"].notna()]
    answered = inbound[inbound["status"] == "answered"]
    misrouted = answered[answered["destination_number"] == ELSEWHERE]
    talks = answered[
        (answered["kind"] == "customer") & (answered["destination_number"] != ELSEWHERE)
    ]
    inquiries = talks[talks["theme"].notna()]
    warned = inquiries[inquiries["caller_region"].isin(ALL_PARTY)]
    chosen: list[tuple[Any, str]] = [(next(warned.itertuples()), "unannounced")]
    taken = {chosen[0][0].call_id}
    for theme in THEMES:
        of_theme = inquiries[(inquiries["theme"] == theme) & ~inquiries["call_id"].isin(taken)]
        some = _spread(of_theme, MORE.get(theme, PER_THEME), rng)
        taken |= {row.call_id for row in some}
        chosen += [(row, "plain") for row in some]
    for kind in ("mono", "hold_music", "menu", "one_sided", "cut", "missing"):
        row = rng.choice(list(inquiries[~inquiries["call_id"].isin(taken)].itertuples()))
        taken.add(row.call_id)
        chosen.append((row, kind))
    strangers = answered[answered["kind"] == "other"]
    strangers = strangers[
        strangers["caller_name"].notna() & (strangers["destination_number"] != ELSEWHERE)
    ]
    chosen += [(row, "wrong_number") for row in _spread(strangers, 3, rng)]
    chosen[-1] = (chosen[-1][0], "silent")
    chosen += [(row, "other_business") for row in _spread(misrouted, 1, rng)]
    messages = inbound[(inbound["status"] == "voicemail") & (inbound["kind"] == "customer")]
    chosen += [(row, "voicemail") for row in _spread(messages, 2, rng)]
    recorded = [_recorded(row, kind, shop.spec.seed) for row, kind in chosen]
    return tuple(sorted(recorded, key=lambda one: one.file))


def with_recordings(shop: SimulatedShop, lengths: Mapping[str, tuple[str, float]]) -> SimulatedShop:
    """Put recordings into a shop's log.

    Parameters
    ----------
    shop : SimulatedShop
        The shop.
    lengths : mapping of str to tuple of str and float
        Call id to the recording's file name and the seconds the call lasted. Calls that
        the shop's log does not hold are passed over.

    Returns
    -------
    SimulatedShop
        With ``recording`` and ``duration_s`` of these calls set.
    """
    calls = shop.calls.copy()
    for call_id, (file, seconds) in lengths.items():
        row = calls["call_id"] == call_id
        calls.loc[row, "recording"] = file
        calls.loc[row, "duration_s"] = float(math.ceil(seconds) + 1)
    return replace(shop, calls=calls)


def recording_faults(recorded: Iterable[Recorded], shop: SimulatedShop) -> tuple[Fault, ...]:
    """List the faults that lie in the recordings themselves, one per recording."""
    calls = shop.calls.set_index("call_id")
    faults = []
    for one in recorded:
        if one.kind in _FAULTY:
            check, note = _FAULTY[one.kind]
            call = calls.loc[one.call_id]
            day: dt.date = call["started_at"].tz_convert(shop.spec.timezone).date()
            number = call["tracking_number"]
            faults.append(Fault(check, str(number), day, day, 1, f"{note} ({one.file})"))
    return tuple(faults)


def is_fault(kind: str) -> bool:
    """Tell whether a kind of recording is a fault, absent from a shop without faults."""
    return kind in _FAULTY


def _spread(rows: pd.DataFrame, count: int, rng: random.Random) -> list[Any]:
    """Choose rows evenly over time, one from each of as many stretches as are wanted."""
    every = list(rows.itertuples())
    edges = [round(len(every) * place / count) for place in range(count + 1)]
    return [rng.choice(every[start:stop]) for start, stop in itertools.pairwise(edges)]


def _recorded(row: Any, kind: str, seed: int) -> Recorded:
    agent = row.agent if isinstance(row.agent, str) else "Mary"
    rng = random.Random(f"{seed}:{row.call_id}:recording")
    if kind == "voicemail":
        dialogue = _message(row, rng)
    elif kind == "silent":
        dialogue = Dialogue(None, "other", "no_conversation", ())
    elif kind == "other_business":
        dialogue = _elsewhere(rng)
    else:
        written = dialogue_of(row, row, seed, notice=kind != "unannounced")
        assert written is not None
        dialogue = written
    if kind == "menu":
        spoken = Turn("agent", rng.choice(_MENUS))
        dialogue = replace(dialogue, turns=(spoken, *dialogue.turns))
    if kind == "hold_music":
        dialogue = replace(dialogue, turns=_put_on_hold(dialogue.turns))
    if kind == "one_sided":
        kept = tuple(turn for turn in dialogue.turns if turn.speaker == "agent")
        dialogue = replace(dialogue, turns=kept)
    return Recorded(row.call_id, _file(row.call_id), kind, dialogue, agent)


def _file(call_id: str) -> str:
    provider, _, identity = call_id.partition(":")
    return f"{identity if provider == 'callrail' else f'lead-{identity}'}.mp3"


_MENUS: Final = (
    (
        "Thank you for calling Mary's Cakes. This call may be recorded. For a new order, press "
        "one. For questions about an order, press two. To hear our opening hours, press three."
    ),
    (
        "Thank you for calling Mary's Cakes. This call may be recorded. For opening hours, press "
        "one. To speak to somebody, please stay on the line."
    ),
)

HOLD_ON: Final = "Please hold on for a moment, I will ask the kitchen."


def _put_on_hold(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Let the agent ask the caller to wait before stating prices."""
    hold = Turn("agent", HOLD_ON)
    return (*turns[:4], hold, Turn("agent", f"Thank you for waiting. {turns[4].text}"), *turns[5:])


def _message(row: Any, rng: random.Random) -> Dialogue:
    theme = rng.choice(("birthday_cake", "delivery", "wedding_tasting"))
    written = write_dialogue(
        theme,
        "call_back",
        rng,
        caller_name=row.caller_name if isinstance(row.caller_name, str) else None,
        caller_number=row.caller_number,
    )
    inquiry = next(turn for turn in written.turns if turn.speaker == "caller")
    digits = spoken_number(row.caller_number, rng)
    words = f"{inquiry.text} Please call me back. My number is {digits}. Thank you."
    greeting = (
        "You have reached Mary's Cakes. We are closed at the moment. This call is recorded. "
        "Please leave a message after the tone."
    )
    turns = (
        Turn("agent", greeting),
        Turn("caller", words, (("preference", "contact"), ("private", "phone"))),
    )
    return Dialogue(theme, written.purpose, "no_conversation", turns)


def _elsewhere(rng: random.Random) -> Dialogue:
    turns = (
        Turn("agent", "Sal's Auto Repair, this call is recorded. What can I do for you?"),
        Turn(
            "caller",
            rng.choice(
                (
                    "Hello, I have your flyer here. I would like to order a birthday cake.",
                    "Hi, is this the cake shop? The flyer says you deliver to Queens.",
                )
            ),
        ),
        Turn("agent", "No, this is Sal's Auto Repair. You have the wrong number."),
        Turn("caller", "That is strange, this is the number on the flyer. Sorry. Bye."),
    )
    return Dialogue(None, "other", "wrong_number", turns)
