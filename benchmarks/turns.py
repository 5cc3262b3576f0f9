"""Who said what when, beside the careful peer, on two-channel calls with known turns.

The reference is a JSON object: per call (the audio file's stem) a list of turns with
``speaker``, ``start``, ``end`` and ``text``. The left channel is the caller; for our
pipeline the agent's side is its own guess. Words are aligned to the pooled reference
after Whisper's normaliser; a word with no counterpart is an extra one.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
from whisper.normalizers import EnglishTextNormalizer

from benchmarks.transcription import _faster
from calltrack_nb.audio import decode, probe
from calltrack_nb.settings import Transcription
from calltrack_nb.transcription import Options, open_engine, transcribe

SUFFIXES = (".wav", ".mp3", ".ogg", ".m4a", ".flac", ".opus")


@dataclass(frozen=True)
class Turn:
    """What one speaker said from a time on."""

    speaker: str
    start: float
    text: str


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks turns")
    parser.add_argument("--audio", type=Path, required=True, help="folder of recordings")
    parser.add_argument("--reference", type=Path, required=True, help="JSON: stem to turns")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--model", default="tiny.en")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-peer", action="store_true")
    chosen = parser.parse_args(argv)
    reference = json.loads(chosen.reference.read_text(encoding="utf-8"))
    found = {path.stem: path for path in sorted(chosen.audio.iterdir()) if path.suffix in SUFFIXES}
    files = {
        stem: found[stem]
        for stem in sorted(reference)
        if stem in found and probe(decode(found[stem])).split
    }
    engine = open_engine(
        Transcription(engine=chosen.engine, model=chosen.model), threads=chosen.threads
    )

    def ours(path: Path) -> list[Turn]:
        said = transcribe(path, engine, Options()).utterances
        return [Turn(one.speaker, one.start_s, one.text) for one in said]

    systems: dict[str, Callable[[Path], list[Turn]]] = {"ours": ours}
    if not chosen.no_peer:
        systems["faster_whisper_careful"] = careful_peer(chosen.model, chosen.threads)
    print(f"{len(files)} two-channel calls")
    keys = (
        "speaker_attribution", "extra_words", "start_error_median_s", "start_error_p95_s",
        "wer_caller", "wer_agent",
    )  # fmt: skip
    print(f"{'':24}" + "".join(f"{key:>22}" for key in keys))
    answer: dict[str, Any] = {"calls": len(files)}
    for name, system in systems.items():
        pairs = [(_reference(reference[stem]), system(path)) for stem, path in files.items()]
        measured = measure(pairs)
        print(f"{name:24}" + "".join(f"{measured[key]:22.4f}" for key in keys), flush=True)
        if name == "ours":
            answer.update(measured)
        answer[name] = measured
    print(json.dumps(answer))


def careful_peer(model: str, threads: int) -> Callable[[Path], list[Turn]]:
    loaded = _faster(model, threads)

    def system(path: Path) -> list[Turn]:
        turns = []
        for speaker, channel in zip(("caller", "agent"), decode(path).samples, strict=True):
            made, _ = loaded.transcribe(
                np.ascontiguousarray(channel),
                beam_size=5,
                vad_filter=True,
                condition_on_previous_text=False,
            )
            turns.extend(Turn(speaker, one.start, one.text) for one in made)
        return sorted(turns, key=lambda one: one.start)

    return system


def _reference(turns: Sequence[dict[str, Any]]) -> list[Turn]:
    made = [Turn(one["speaker"], float(one["start"]), one["text"]) for one in turns]
    return sorted(made, key=lambda one: one.start)


def measure(pairs: Sequence[tuple[list[Turn], list[Turn]]]) -> dict[str, float]:
    """Pool the measures over calls."""
    clean = EnglishTextNormalizer()
    right = aligned = extra = spoken = 0
    errors: list[float] = []
    texts: dict[str, tuple[list[str], list[str]]] = {"caller": ([], []), "agent": ([], [])}
    for reference, said in pairs:
        wanted = _words(reference, clean)
        heard = _words(said, clean)
        spoken += len(wanted)
        for chunk in _aligned(wanted, heard):
            if chunk.type == "insert":
                extra += chunk.hyp_end_idx - chunk.hyp_start_idx
            elif chunk.type in ("equal", "substitute"):
                owners = zip(
                    wanted[chunk.ref_start_idx : chunk.ref_end_idx],
                    heard[chunk.hyp_start_idx : chunk.hyp_end_idx],
                    strict=True,
                )
                same = [one[1] == other[1] for one, other in owners]
                aligned += len(same)
                right += sum(same)
        for turn in reference:
            starts = [one.start for one in said if one.speaker == turn.speaker]
            if starts:
                errors.append(min(abs(start - turn.start) for start in starts))
        for speaker, (references, hypotheses) in texts.items():
            whole = clean(" ".join(one.text for one in reference if one.speaker == speaker))
            if whole:
                references.append(whole)
                own = " ".join(one.text for one in said if one.speaker == speaker)
                hypotheses.append(clean(own))
    return {
        "speaker_attribution": round(right / max(1, aligned), 4),
        "extra_words": round(extra / max(1, spoken), 4),
        "start_error_median_s": round(float(np.median(errors)), 3),
        "start_error_p95_s": round(float(np.quantile(errors, 0.95)), 3),
        "wer_caller": round(float(jiwer.wer(*texts["caller"])), 4),
        "wer_agent": round(float(jiwer.wer(*texts["agent"])), 4),
    }


def _words(turns: Sequence[Turn], clean: EnglishTextNormalizer) -> list[tuple[str, str]]:
    return [(word, turn.speaker) for turn in turns for word in clean(turn.text).split()]


def _aligned(wanted: list[tuple[str, str]], heard: list[tuple[str, str]]) -> list[Any]:
    """Align the words by edit distance; a substituted word counts as aligned."""
    texts = [" ".join(word for word, _ in side) for side in (wanted, heard)]
    if not wanted:
        return []
    chunks: list[Any] = jiwer.process_words(*texts).alignments[0]
    return chunks
