"""Who rings a simulated shop, and what becomes of the conversation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import numpy as np
import pandas as pd

from tools.simulator.shop_arrivals import stream
from tools.simulator.shop_spec import PURPOSE_OF, THEMES, ShopSpec

PLACES: Final = (
    ("New York", "NY", ("212", "646", "332", "917"), 34),
    ("Brooklyn", "NY", ("718", "347", "929"), 24),
    ("Queens", "NY", ("718", "347", "929"), 14),
    ("Bronx", "NY", ("718", "347", "929"), 6),
    ("Yonkers", "NY", ("914",), 5),
    ("Hempstead", "NY", ("516",), 4),
    ("Jersey City", "NJ", ("201", "551"), 6),
    ("Hoboken", "NJ", ("201", "551"), 3),
    ("Newark", "NJ", ("973", "862"), 2),
    ("Poughkeepsie", "NY", ("845",), 2),
    ("Stamford", "CT", ("203",), 3),
    ("Philadelphia", "PA", ("215", "267"), 2),
)
"""City, state, its area codes, and its weight among callers."""

FIRST_NAMES: Final = (
    "Anna", "Ben", "Carla", "David", "Elena", "Frank", "Grace", "Henry", "Irene", "James",
    "Karen", "Laura", "Maria", "Nathan", "Olivia", "Peter", "Rachel", "Samuel", "Teresa",
    "Victor", "Wendy", "Diana", "Jason", "Linda", "Monica", "Paul", "Robert", "Susan", "Thomas",
    "Julia",
)  # fmt: skip
LAST_NAMES: Final = (
    "Adams", "Baker", "Carter", "Davis", "Evans", "Foster", "Garcia", "Harris", "Jackson",
    "Kelly", "Lopez", "Miller", "Nelson", "Ortiz", "Parker", "Reed", "Sanders", "Taylor",
    "Turner", "Walker", "Young", "Bennett", "Coleman", "Fisher", "Graham", "Hughes", "Morgan",
    "Palmer", "Russell", "Spencer",
)  # fmt: skip

_TALK = {"sale": (5.0, 0.45), "service": (4.4, 0.45), "feedback": (4.75, 0.45)}


def people(draft: pd.DataFrame, spec: ShopSpec) -> pd.DataFrame:
    """Give every call a caller: most new, some who have rung before.

    Numbers lie in the exchanges kept free for fiction (555-01xx) as long as they
    suffice; three in a hundred callers withhold theirs.
    """
    rng = stream(spec, "people")
    count = len(draft)
    again = rng.random(count) < spec.repeat_share
    back = rng.exponential(12, count).astype(int) + 1
    person = np.zeros(count, dtype=int)
    newest = -1
    for row in range(count):
        if again[row] and newest >= 0:
            person[row] = person[max(row - back[row], 0)]
        else:
            newest += 1
            person[row] = newest
    crowd = _crowd(newest + 1, rng)
    withheld = rng.random(newest + 1) < 0.03
    known = crowd.iloc[person].reset_index(drop=True)
    hidden = pd.Series(withheld[person])
    return draft.assign(
        person=person,
        caller_number=known["number"].mask(hidden),
        caller_name=known["name"].mask(hidden | known["unlisted"]),
        caller_city=known["city"].mask(hidden),
        caller_region=known["region"].mask(hidden),
        caller_country="US",
    )


def conversations(draft: pd.DataFrame, spec: ShopSpec) -> pd.DataFrame:
    """Say what each call is about, how long it lasts and what the shop notes of it.

    Adds ``kind``, ``theme``, ``purpose`` and ``outcome`` (the truth), ``duration_s``,
    ``agent``, ``tags``, ``tagged_purpose``, ``lead_status``, ``value`` and ``currency``
    (what the log says of it).
    """
    rng = stream(spec, "conversations")
    count = len(draft)
    answered = (draft["status"] == "answered").to_numpy()
    other = rng.random(count) < 0.06
    theme = _only(answered & ~other, _themes(draft, spec, rng))
    purpose = _only(answered, [PURPOSE_OF.get(name, "other") for name in theme])
    outcome = _outcomes(draft, purpose, other, spec, rng)
    duration = _durations(draft["status"].to_numpy(), purpose, other, rng)
    noted = answered & (rng.random(count) < 0.6)
    value = rng.lognormal(0, 0.4, count) * np.array(
        [spec.campaigns[place].order_value for place in draft["place"]]
    )
    sold = outcome == "booked"
    good = np.where(purpose == "sale", np.where(duration >= 60, 0.93, 0.3), 0.08)
    qualified = np.where(rng.random(count) < good, "qualified", "not_qualified")
    return draft.assign(
        kind=np.where(other, "other", "customer"),
        theme=theme,
        purpose=purpose,
        outcome=outcome,
        duration_s=duration,
        agent=_only(answered, rng.choice(["Mary", "Joan", "Luis"], count)),
        tagged_purpose=_only(noted & (purpose != "other"), purpose),
        tags=_only(noted & (purpose != "other"), [[word] for word in purpose]),
        lead_status=np.where(noted, qualified, "unknown"),
        order_value=value.round(2),
        wins=sold,
        value=_only(noted & sold, [Decimal(f"{amount:.2f}") for amount in value]),
        currency="USD",
    )


def _only(keep: Any, values: Any) -> Any:
    """Return the values as objects, None where they are not to be kept."""
    kept = np.empty(len(values), dtype=object)
    kept[:] = values
    kept[~keep] = None
    return kept


def _crowd(size: int, rng: np.random.Generator) -> pd.DataFrame:
    weights = np.array([weight for *_, weight in PLACES], dtype=float)
    place = rng.choice(len(PLACES), size=size, p=weights / weights.sum())
    code = [PLACES[at][2][rng.integers(len(PLACES[at][2]))] for at in place]
    used: dict[str, int] = {}
    digits = []
    for area in code:
        turn = used.get(area, 0)
        used[area] = turn + 1
        # Tracking and staff numbers of the shop itself are 212-555-01xx.
        digits.append(turn + (200 if area == "212" else 100))
    first = rng.integers(0, len(FIRST_NAMES), size)
    last = rng.integers(0, len(LAST_NAMES), size)
    return pd.DataFrame(
        {
            "number": [f"+1{area}555{line:04d}" for area, line in zip(code, digits, strict=True)],
            "name": [
                f"{FIRST_NAMES[one]} {LAST_NAMES[two]}"
                for one, two in zip(first, last, strict=True)
            ],
            "unlisted": rng.random(size) < 0.35,
            "city": [PLACES[at][0] for at in place],
            "region": [PLACES[at][1] for at in place],
        }
    )


def _themes(draft: pd.DataFrame, spec: ShopSpec, rng: np.random.Generator) -> Any:
    draw = rng.random(len(draft))
    days = draft["local"].to_numpy()
    place = draft["place"].to_numpy()
    age = (days - np.datetime64(spec.new_theme_from)) / np.timedelta64(1, "D")
    theme = np.empty(len(draft), dtype=object)
    for at, campaign in enumerate(spec.campaigns):
        for new in (False, True):
            rows = (place == at) & ((age >= 0) == new)
            weights = np.array([campaign.themes.get(name, 0.0) for name in THEMES])
            if new:
                weights[THEMES.index("allergy_children")] = 0.28 * weights.sum()
            edges = np.cumsum(weights / weights.sum())[:-1]
            theme[rows] = np.array(THEMES, dtype=object)[np.searchsorted(edges, draw[rows])]
    return theme


def _outcomes(
    draft: pd.DataFrame, purpose: Any, other: Any, spec: ShopSpec, rng: np.random.Generator
) -> Any:
    draw = rng.random(len(draft))
    win = np.array([spec.campaigns[place].win_rate for place in draft["place"]])
    sale = np.where(draw < win, "booked", np.where(draw < win + 0.35, "call_back", "lost"))
    outcome = np.where(purpose == "sale", sale, "call_back").astype(object)
    outcome[(purpose == "service") | (purpose == "feedback")] = None
    answered = (draft["status"] == "answered").to_numpy()
    outcome[other & answered] = "wrong_number"
    outcome[~answered] = "no_conversation"
    return outcome


def _durations(status: Any, purpose: Any, other: Any, rng: np.random.Generator) -> Any:
    count = len(status)
    spread = rng.normal(0, 1, count)
    centre = np.array([_TALK.get(word, (3.0, 0.4))[0] for word in purpose])
    width = np.array([_TALK.get(word, (3.0, 0.4))[1] for word in purpose])
    seconds = np.exp(centre + width * spread)
    uniform = rng.random(count)
    seconds = np.where(other, np.clip(seconds, 12, 60), np.clip(seconds, 12, 1500))
    seconds = np.where(status == "missed", 16 + 16 * uniform, seconds)
    seconds = np.where(status == "abandoned", 3 + 11 * uniform, seconds)
    seconds = np.where(status == "voicemail", 24 + 40 * uniform, seconds)
    return np.floor(seconds)
