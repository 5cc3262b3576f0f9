"""What is true of a simulated shop, as plain values for ``truth.toml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from tools.simulator.shop import SimulatedShop
from tools.simulator.shop_faults import Fault


def truth_of(
    shop: SimulatedShop,
    *,
    recordings: Iterable[Mapping[str, Any]] = (),
    faults: Iterable[Fault] = (),
) -> dict[str, Any]:
    """Collect the planted truths.

    Parameters
    ----------
    shop : SimulatedShop
        The shop.
    recordings : iterable of mapping, optional
        What is true of each recording.
    faults : iterable of Fault, optional
        Faults beyond the shop's own, such as those of recordings.

    Returns
    -------
    dict
        Keys ``counts``, ``tweaks``, ``themes``, ``faults``, ``recordings``.
    """
    labels = shop.labels
    inbound = shop.calls["direction"] == "inbound"
    return {
        "counts": {
            "calls": len(shop.calls),
            "inbound": int(inbound.sum()),
            "by_provider": shop.calls["provider"].astype(str).value_counts().to_dict(),
            "leads": len(shop.leads),
            "first_day": shop.spec.first,
            "last_day": shop.spec.last,
            "booked": int((labels["outcome"] == "booked").sum()),
            "won": int((shop.outcomes["stage"] == "won").sum()),
        },
        "tweaks": [_tweak(shop, place) for place in range(len(shop.spec.tweaks))],
        "themes": {
            "new": "allergy_children",
            "new_from": shop.spec.new_theme_from,
            "calls_by_month": _themes_by_month(shop),
        },
        "faults": [_fault(fault) for fault in (*shop.faults, *faults)],
        "recordings": [dict(recording) for recording in recordings],
    }


def _tweak(shop: SimulatedShop, place: int) -> dict[str, Any]:
    spec, tweak = shop.spec, shop.spec.tweaks[place]
    borders = [spec.first, *(date for date, _ in spec.regimes), spec.last]
    changed = {other.campaign for other in spec.tweaks}
    days_left = (spec.last - tweak.date).days + 1
    young = days_left < 28
    did = "worked" if tweak.rate_ratio > 1 else "did nothing"
    return {
        "tweak_id": f"T{place + 1}",
        "date": tweak.date,
        "campaign": tweak.campaign,
        "rate_ratio": tweak.rate_ratio,
        "verdict": "too young to say" if young else did,
        "days_before_in_regime": (tweak.date - max(b for b in borders if b <= tweak.date)).days,
        "days_after_in_regime": min(
            ((b - tweak.date).days for b in borders if b > tweak.date), default=days_left
        ),
        "controls": [
            campaign.name for campaign in spec.campaigns if campaign.name not in {*changed, ""}
        ],
    }


def _themes_by_month(shop: SimulatedShop) -> dict[str, dict[str, int]]:
    local = shop.calls["started_at"].dt.tz_convert(shop.spec.timezone)
    counts = pd.crosstab(shop.labels["theme"], local.dt.strftime("%Y-%m"))
    return {
        str(theme): {str(month): int(calls) for month, calls in row.items()}
        for theme, row in counts.iterrows()
    }


def _fault(fault: Fault) -> dict[str, Any]:
    values = {
        "check": fault.check,
        "number": fault.number,
        "first": fault.first,
        "last": fault.last,
        "calls": fault.calls,
        "note": fault.note,
    }
    return {name: value for name, value in values.items() if value is not None}
