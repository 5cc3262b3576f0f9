"""How well outcomes are read: precision, recall, calibration and what is left unclear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from calltrack_nb.findings.outcomes import OUTCOMES, UNCLEAR

#: Labels of other files in our words; what is None says only that nothing was booked.
_SAME: Final[Mapping[str, str | None]] = {
    "unavailable": "lost",
    "not_booked": None,
    "no_sale": UNCLEAR,
    "no_conversation": "voicemail",
}
_EDGES: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Read:
    """A label and what was read instead.

    Attributes
    ----------
    wanted : str
        The label.
    kind : str
        What was read.
    probability : float
        How probable that was called.
    """

    wanted: str
    kind: str
    probability: float


def right(wanted: str, kind: str) -> bool | None:
    """Tell whether what was read is what the label says; None where the label does not tell.

    Examples
    --------
    >>> right("unavailable", "referred"), right("not_booked", "lost"), right("lost", "booked")
    (True, None, False)
    """
    if wanted == "not_booked":
        return False if kind == "booked" else None
    if wanted == "unavailable" and kind == "referred":
        return True
    if wanted == "no_sale" and kind in ("rescheduled", "cancelled"):
        return True  # a change of an order is no sale either
    return (_SAME.get(wanted, wanted)) == (_SAME.get(kind, kind))


def scores(reads: Sequence[Read]) -> dict[str, Any]:
    """Score what was read.

    Returns
    -------
    dict
        ``kinds``: for each outcome ``precision``, ``recall``, ``n`` (so labelled), ``stated``
        and ``unclear`` (share of those so labelled that are left unclear); ``unclear``: share of
        all; ``calibration``: for ranges of stated probability their ``mean``, the share
        ``right`` and ``n``; ``calibration_error``: the mean distance of the two.
    """
    kinds: dict[str, Any] = {}
    # where labels say no more than "not booked", they can prove no other outcome wrong or right
    only_booked = any(read.wanted == "not_booked" for read in reads)
    for kind in ("booked",) if only_booked else OUTCOMES:
        mine = [read for read in reads if _SAME.get(read.wanted, read.wanted) == kind]
        stated = [
            verdict
            for read in reads
            if read.kind == kind and (verdict := right(read.wanted, kind)) is not None
        ]
        if kind == UNCLEAR or not (mine or stated):
            continue
        found = sum(right(read.wanted, read.kind) is True for read in mine)
        left = sum(read.kind == UNCLEAR for read in mine)
        kinds[kind] = {
            "precision": _share(sum(stated), len(stated)),
            "recall": _share(found, len(mine)),
            "n": len(mine),
            "stated": len(stated),
            "unclear": _share(left, len(mine)),
        }
    told = [
        (read.probability, verdict)
        for read in reads
        if read.kind != UNCLEAR and (verdict := right(read.wanted, read.kind)) is not None
    ]
    bins = []
    for low, high in pairwise(_EDGES):
        inside = [(p, v) for p, v in told if low < p <= high]
        if inside:
            mean = float(np.mean([p for p, _ in inside]))
            share = float(np.mean([v for _, v in inside]))
            bins.append({"mean": round(mean, 3), "right": round(share, 3), "n": len(inside)})
    off = sum(abs(one["mean"] - one["right"]) * one["n"] for one in bins)
    return {
        "n": len(reads),
        "kinds": kinds,
        "unclear": _share(sum(read.kind == UNCLEAR for read in reads), len(reads)),
        "calibration": bins,
        "calibration_error": round(off / len(told), 4) if told else None,
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
