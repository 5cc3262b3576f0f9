"""A simulated cake-catering shop: its calls, spend and orders, with the truth beside.

The frames have the schemas of :mod:`calltrack_nb.schema`, so analyses can be tested on
any number of shops without files; :mod:`tools.simulator.shop_exports` writes the
same shop in the providers' own shapes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from calltrack_nb import schema
from tools.simulator.shop_arrivals import arrivals, callbacks
from tools.simulator.shop_faults import Fault, Wiring, plant
from tools.simulator.shop_money import leads, numbers, orders, spend, visits
from tools.simulator.shop_people import conversations, people
from tools.simulator.shop_spec import ShopSpec


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedShop:
    """A shop's tables and what is true of it.

    Parameters
    ----------
    spec : ShopSpec
        What it was made from.
    calls, leads, spend, numbers, visits, outcomes, tweaks, regimes : pandas.DataFrame
        Canonical tables, conformed.
    labels : pandas.DataFrame
        One row per row of `calls`: ``call_id``, ``person`` (int), ``kind`` (customer,
        other, spam, staff, callback), ``theme``, ``purpose``, ``outcome`` (booked,
        call_back, lost, wrong_number, no_conversation); null where there is none.
    faults : tuple of Fault
        What is wrong with the wiring; empty where ``spec.faults`` is false.
    """

    spec: ShopSpec
    calls: pd.DataFrame
    leads: pd.DataFrame
    spend: pd.DataFrame
    numbers: pd.DataFrame
    visits: pd.DataFrame
    outcomes: pd.DataFrame
    tweaks: pd.DataFrame
    regimes: pd.DataFrame
    labels: pd.DataFrame
    faults: tuple[Fault, ...]


def simulate_shop(spec: ShopSpec | None = None, *, account: str = "marys-cakes") -> SimulatedShop:
    """Make a shop from its description.

    Parameters
    ----------
    spec : ShopSpec, optional
        Mary's shop, April to September 2026, where none is given.
    account : str, default "marys-cakes"
        Written into every table.

    Examples
    --------
    >>> import dataclasses
    >>> shop = simulate_shop(ShopSpec(volume=0.2))
    >>> [fault.check for fault in shop.faults][:2]
    ['misrouted_number', 'silent_number']
    >>> simulate_shop(dataclasses.replace(shop.spec, faults=False)).faults
    ()
    """
    spec = spec or ShopSpec()
    draft = conversations(people(arrivals(spec), spec), spec)
    draft = pd.concat([draft, callbacks(draft, spec)], ignore_index=True)
    wiring = Wiring(draft, numbers(spec), spend(spec), visits(spec), spec.pool, ())
    if spec.faults:
        wiring = plant(wiring, spec)
    wiring = replace(wiring, calls=_scored(_ordered(wiring.calls)))
    draft = wiring.calls
    label_columns = ["call_id", "person", "kind", "theme", "purpose", "outcome"]
    return SimulatedShop(
        spec=spec,
        calls=_table(draft.assign(purpose=draft["tagged_purpose"]), "calls", account),
        leads=_table(leads(spec), "leads", account),
        spend=_table(wiring.spend, "spend", account),
        numbers=_table(wiring.numbers, "numbers", account),
        visits=_table(wiring.visits, "visits", account),
        outcomes=_table(orders(draft, spec), "outcomes", account),
        tweaks=_table(_tweaks(spec), "tweaks", account),
        regimes=_table(_regimes(spec), "regimes", account),
        labels=draft[label_columns].reset_index(drop=True),
        faults=wiring.faults,
    )


def _table(frame: pd.DataFrame, name: str, account: str) -> pd.DataFrame:
    known = [column for column in schema.columns(name) if column in frame.columns]
    return schema.conform(frame[known].assign(account=account), name)


def _ordered(draft: pd.DataFrame) -> pd.DataFrame:
    """Put the calls in order of time and say who calls for the first time."""
    draft = draft.sort_values(["started_at", "call_id"], ignore_index=True)
    inbound = draft["direction"] == "inbound"
    seen = draft[inbound & draft["caller_number"].notna()].duplicated("caller_number")
    return draft.assign(first_call=(~seen).reindex(draft.index).astype("boolean"))


def _scored(draft: pd.DataFrame) -> pd.DataFrame:
    """Score spam as practitioners do: short, unanswered, first and short, flagged."""
    inbound = draft["direction"] == "inbound"
    answered = draft["status"] == "answered"
    first_and_short = draft["first_call"].fillna(False) & (draft["duration_s"] < 30)
    flagged = draft["tags"].map(lambda tags: bool(tags) and "spam" in tags)
    score = (
        2 * (answered & (draft["duration_s"] < 10))
        + ~answered
        + (answered & first_and_short)
        + 3 * flagged
    )
    return draft.assign(spam_score=np.where(inbound, score, 0))


def _tweaks(spec: ShopSpec) -> pd.DataFrame:
    channel = {campaign.name: campaign.channel for campaign in spec.campaigns}
    return pd.DataFrame(
        {
            "tweak_id": [f"T{place}" for place, _ in enumerate(spec.tweaks, start=1)],
            "date": [tweak.date for tweak in spec.tweaks],
            "campaign": [tweak.campaign for tweak in spec.tweaks],
            "channel": [channel[tweak.campaign] for tweak in spec.tweaks],
            "changed": [tweak.changed for tweak in spec.tweaks],
            "expected_effect": [tweak.expected_effect for tweak in spec.tweaks],
        },
        dtype=object,
    )


def _regimes(spec: ShopSpec) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "date": [date for date, _ in spec.regimes],
            "redefined": [words for _, words in spec.regimes],
            "platform": "google_ads",
        },
        dtype=object,
    )
