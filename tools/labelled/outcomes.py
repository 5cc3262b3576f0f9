"""Calls labelled by what they came to: read, disturbed as recordings are, learnt and measured.

``labels/outcomes`` holds our own calls, one file a trade: those of ``development`` are learnt
from, those of ``held_out`` were written before the reader was and are for measuring only.
A trade is always learnt from or measured on as a whole.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from calltrack_nb.findings.outcomes import UNCLEAR
from calltrack_nb.findings.outcomes.exchange import features, merged
from calltrack_nb.findings.outcomes.model import KNOWN, UNKNOWN, OutcomeModel
from calltrack_nb.findings.spoken import Turn

LABELS: Final = Path(__file__).parent / "labels" / "outcomes"
WEIGHTS: Final = (
    Path(__file__).resolve().parent.parent.parent
    / "calltrack_nb"
    / "findings"
    / "outcomes"
    / "weights.json"
)
_SPEAKERS: Final = {"a": "agent", "c": "caller"}
#: scikit-learn's inverse of regularisation, the best of .1, .3 and 1 on trades left out.
_LOOSENESS: Final = 0.3
#: Into how many parts groups are dealt to choose the temperature.
_FOLDS: Final = 6
_NO_STORY: Final = frozenset({UNCLEAR, "wrong_number", "voicemail", "no_conversation"})


@dataclass(frozen=True, slots=True)
class LabelledCall:
    """A call and what it came to.

    Attributes
    ----------
    group : str
        Its trade or business.
    outcome : str
        One of the kinds of :data:`calltrack_nb.findings.outcomes.OUTCOMES`, or, in files of
        others, "unavailable" and "not_booked".
    facts : dict of str to str
        What else is known: "for", "by", "who", "why".
    turns : tuple of Turn
    """

    group: str
    outcome: str
    facts: dict[str, str]
    turns: tuple[Turn, ...]


def labelled_calls(which: str) -> list[LabelledCall]:
    """Read our own calls, "development" or "held_out"."""
    return [
        call
        for path in sorted((LABELS / which).glob("*.txt"))
        for call in _of_trade(path.stem, path.read_text("utf-8"))
    ]


def _of_trade(trade: str, text: str) -> Iterator[LabelledCall]:
    for block in text.split("## ")[1:]:
        head, *lines = block.strip().splitlines()
        outcome, *rest = head.split(" ", 1)
        facts: dict[str, str] = {}
        for part in " ".join(rest).split(" "):
            name, given, value = part.partition("=")
            if given:
                facts[name] = value
            elif facts:
                facts[list(facts)[-1]] += f" {part}"
        said = [(_SPEAKERS[line[0]], line[2:]) for line in lines if line.strip()]
        yield LabelledCall(trade, outcome, facts, _turns(said))


def read_calls(path: Path) -> list[LabelledCall]:
    """Read JSON lines: ``turns`` (``speaker``, ``text``), ``outcome``, ``trade`` or ``service``.

    Raises
    ------
    SystemExit
        When a line is not of this form; it says which and what is missing.
    """
    calls = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            said = [(str(turn["speaker"]), str(turn["text"])) for turn in row["turns"]]
            outcome = str(row["outcome"])
        except (ValueError, KeyError, TypeError) as error:
            message = f"{path}, line {number}: {error!r}; each line needs turns and outcome"
            raise SystemExit(message) from error
        group = str(row.get("trade") or row.get("service") or "one")
        calls.append(LabelledCall(group, outcome, {}, _turns(said)))
    return calls


def _turns(said: Sequence[tuple[str, str]]) -> tuple[Turn, ...]:
    known = ("caller", "agent")
    return tuple(
        Turn(place, who if who in known else "unknown", float(place), place + 1.0, text, 1.0)
        for place, (who, text) in enumerate(said)
    )


def hidden(call: LabelledCall) -> LabelledCall:
    """Hide who speaks."""
    return replace(call, turns=tuple(replace(turn, speaker="unknown") for turn in call.turns))


def mixed_up(call: LabelledCall, rng: random.Random, share: float = 0.1) -> LabelledCall:
    """Give some turns to the wrong speaker."""
    other = {"agent": "caller", "caller": "agent", "unknown": "unknown"}
    return replace(
        call,
        turns=tuple(
            replace(turn, speaker=other[turn.speaker]) if rng.random() < share else turn
            for turn in call.turns
        ),
    )


def run_together(call: LabelledCall, rng: random.Random, share: float = 0.15) -> LabelledCall:
    """Join some turns to the one before, as where a recogniser misses a change of speaker."""
    joined: list[Turn] = []
    for turn in call.turns:
        if joined and rng.random() < share:
            joined[-1] = replace(joined[-1], text=f"{joined[-1].text} {turn.text}")
        else:
            joined.append(turn)
    return replace(call, turns=tuple(joined))


def cut_short(call: LabelledCall, rng: random.Random) -> LabelledCall | None:
    """End a call before it came to anything: what is left settles nothing."""
    if call.outcome in _NO_STORY or len(call.turns) < 6:
        return None
    kept = max(2, int(len(call.turns) * rng.uniform(0.3, 0.6)))
    return replace(call, turns=call.turns[:kept], outcome=UNCLEAR)


def one_side(call: LabelledCall, speaker: str) -> LabelledCall | None:
    """Keep the words of one side only."""
    kept = tuple(turn for turn in call.turns if turn.speaker == speaker)
    return replace(call, turns=kept) if kept else None


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Features, outcomes, groups and weights of calls, those as written first."""

    names: tuple[str, ...]
    table: npt.NDArray[np.float64]
    outcomes: npt.NDArray[np.str_]
    groups: npt.NDArray[np.str_]
    weights: npt.NDArray[np.float64]
    written: npt.NDArray[np.bool_]


def _rows(calls: Sequence[LabelledCall], speakers: str) -> _Rows:
    rng = random.Random(20)
    seen: Callable[[LabelledCall], LabelledCall] = hidden if speakers == UNKNOWN else _as_is
    changed: list[tuple[LabelledCall | None, float, bool]] = [
        (seen(call), 1.0, True) for call in calls
    ]
    for call in calls:
        changed += [
            (seen(mixed_up(call, rng)), 0.5, False),
            (seen(run_together(call, rng)), 0.5, False),
            (_maybe(cut_short(call, rng), seen), 0.4, False),
            (_maybe(one_side(call, "caller"), seen), 0.15, False),
            (_maybe(one_side(call, "agent"), seen), 0.15, False),
        ]
    kept = [(call, weight, written) for call, weight, written in changed if call is not None]
    told = [features(merged(call.turns)) for call, _, _ in kept]
    names = tuple(told[0])
    return _Rows(
        names,
        np.array([[row[name] for name in names] for row in told]),
        np.array([call.outcome for call, _, _ in kept]),
        np.array([call.group for call, _, _ in kept]),
        np.array([weight for _, weight, _ in kept]),
        np.array([written for _, _, written in kept]),
    )


def _as_is(call: LabelledCall) -> LabelledCall:
    return call


def _maybe(
    call: LabelledCall | None, change: Callable[[LabelledCall], LabelledCall]
) -> LabelledCall | None:
    return None if call is None else change(call)


def fit(calls: Sequence[LabelledCall], speakers: str = KNOWN) -> OutcomeModel:
    """Learn from labelled calls.

    Parameters
    ----------
    calls : sequence of LabelledCall
        Of several groups, since the temperature is chosen on groups left out.
    speakers : {"known", "unknown"}
        Whether the model is for calls where it is told who speaks.
    """
    rows = _rows(calls, speakers)
    unseen, wanted = [], []
    groups = np.unique(rows.groups)
    for start in range(min(_FOLDS, len(groups))):
        out = np.isin(rows.groups, groups[start::_FOLDS])
        left = out & rows.written
        model = _fit(rows, ~out, 1.0)
        place = {kind: column for column, kind in enumerate(model.kinds)}
        known = np.array([outcome in place for outcome in rows.outcomes[left]])
        unseen.append((rows.table[left] @ model.weights + model.intercept)[known])
        wanted.append([(place[name]) for name in rows.outcomes[left] if name in place])

    def surprise(temperature: float) -> float:
        total = 0.0
        for scores, right in zip(unseen, wanted, strict=True):
            cooled = scores / temperature
            cooled = cooled - cooled.max(axis=1, keepdims=True)
            logs = cooled - np.log(np.exp(cooled).sum(axis=1, keepdims=True))
            total -= float(logs[np.arange(len(right)), right].sum())
        return total

    best = minimize_scalar(surprise, bounds=(0.3, 4.0), method="bounded")
    return _fit(rows, np.ones(len(rows.groups), dtype=bool), float(best.x))


def _fit(rows: _Rows, used: npt.NDArray[np.bool_], temperature: float) -> OutcomeModel:
    learnt = LogisticRegression(C=_LOOSENESS, max_iter=4000)
    learnt.fit(rows.table[used], rows.outcomes[used], sample_weight=rows.weights[used])
    kinds = tuple(str(kind) for kind in learnt.classes_)
    return OutcomeModel(kinds, rows.names, learnt.coef_.T, learnt.intercept_, temperature)


def write_weights(path: Path = WEIGHTS) -> None:
    """Learn from our development calls and write what ships with the package."""
    calls = labelled_calls("development")
    body: dict[str, Any] = {}
    for speakers in (KNOWN, UNKNOWN):
        model = fit(calls, speakers)
        rounded = np.round(model.weights, 3).tolist()
        body[speakers] = {
            "kinds": list(model.kinds),
            "temperature": round(model.temperature, 3),
            "intercept": np.round(model.intercept, 3).tolist(),
            "weights": dict(zip(model.names, rounded, strict=True)),
        }
    path.write_text(_one_line_a_feature(body), encoding="utf-8")


def _one_line_a_feature(body: dict[str, Any]) -> str:
    """Write JSON that a person can compare line by line."""
    parts = []
    for speakers, told in body.items():
        weights = ",\n".join(
            f"   {json.dumps(name)}: {json.dumps(row)}" for name, row in told["weights"].items()
        )
        head = ",\n".join(
            f"  {json.dumps(name)}: {json.dumps(told[name])}"
            for name in ("kinds", "temperature", "intercept")
        )
        parts.append(f' "{speakers}": {{\n{head},\n  "weights": {{\n{weights}\n  }}\n }}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    write_weights()
