"""Make data/sample again: the logs, the recordings, the truth.

``python scripts/make_sample.py`` needs flite with the voices slt, rms and awb (on
Debian: ``apt install flite``). ``--logs`` leaves the recordings as they are and writes
the logs and the truth from the lengths noted in ``truth.toml``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import tomlkit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # for tools, which are not installed

from speak import Spoken, speak, write_mp3

from tools.simulator.shop import SimulatedShop, simulate_shop
from tools.simulator.shop_exports import write_exports
from tools.simulator.shop_recordings import (
    Recorded,
    choose_recordings,
    recording_faults,
    with_recordings,
)
from tools.simulator.shop_truth import truth_of

SAMPLE = ROOT / "data" / "sample"


def main() -> None:
    """Make the sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--logs", action="store_true", help="keep the recordings")
    parser.add_argument("--into", type=Path, default=SAMPLE, help="the sample's folder")
    options = parser.parse_args()
    shop = simulate_shop()
    recorded = choose_recordings(shop)
    lengths = _known_lengths() if options.logs else _record(recorded, options.into)
    write_logs(options.into, shop, recorded, lengths)
    print(f"{options.into}: {len(shop.calls)} calls, {len(recorded)} of them recorded")


def write_logs(
    folder: Path,
    shop: SimulatedShop,
    recorded: tuple[Recorded, ...],
    lengths: dict[str, tuple[float, float]],
) -> None:
    """Write exports and truth; `lengths` holds seconds of call and of audio by file."""
    shop = with_recordings(
        shop, {one.call_id: (one.file, lengths[one.file][0]) for one in recorded}
    )
    write_exports(shop, folder / "data" / "raw")
    calls = shop.calls.set_index("call_id")
    entries = [_entry(one, calls.loc[one.call_id], *lengths[one.file]) for one in recorded]
    truth = truth_of(shop, recordings=entries, faults=recording_faults(recorded, shop))
    text = "# What is planted in the sample; written by scripts/make_sample.py.\n\n"
    (folder / "truth.toml").write_text(text + tomlkit.dumps(truth), encoding="utf-8")


def _record(recorded: tuple[Recorded, ...], into: Path) -> dict[str, tuple[float, float]]:
    folder = into / "data" / "recordings"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.mp3"):
        old.unlink()
    lengths = {}
    turns: dict[str, Any] = {}
    for one in recorded:
        spoken = speak(one)
        lengths[one.file] = (round(spoken.call_s, 2), _audio_s(spoken, one))
        if one.kind != "missing":
            write_mp3(folder / one.file, spoken)
            turns[Path(one.file).stem] = spoken.turns
    text = json.dumps(turns, indent=1, ensure_ascii=False)
    (into / "turns.json").write_text(text + "\n", encoding="utf-8")
    return lengths


def _audio_s(spoken: Spoken, one: Recorded) -> float:
    return 0.0 if one.kind == "missing" else round(len(spoken.samples) / 8000, 2)


def _known_lengths() -> dict[str, tuple[float, float]]:
    truth = tomllib.loads((SAMPLE / "truth.toml").read_text(encoding="utf-8"))
    return {one["file"]: (one["call_s"], one["audio_s"]) for one in truth["recordings"]}


def _entry(one: Recorded, call: Any, call_s: float, audio_s: float) -> dict[str, Any]:
    dialogue = one.dialogue
    values = {
        "file": one.file,
        "call_id": one.call_id,
        "started_at": call["started_at"].to_pydatetime(),
        "tracking_number": call["tracking_number"],
        "kind": one.kind,
        "call_s": call_s,
        "audio_s": audio_s,
        "theme": dialogue.theme,
        "purpose": dialogue.purpose,
        "outcome": dialogue.outcome,
        "hesitations": list(dialogue.marked("hesitation")),
        "preferences": list(dialogue.marked("preference")),
        "promises": list(dialogue.marked("promise")),
        "private": list(dialogue.marked("private")),
    }
    return {name: value for name, value in values.items() if value is not None}


if __name__ == "__main__":
    main()
