"""Words and speed of our pipeline beside openai-whisper and faster-whisper, one run.

The manifest is a CSV with the columns ``file`` (relative to it) and ``reference``; the
reference of a two-channel file is its turns in order of start. Peers get the decoded
audio, each channel of a two-channel file by itself, and their segments are put in order
of start. Ours is timed over all files at once, as a batch run does it, and one file after
another, as the peers do it. Loading a model is not timed; decoding the files is, for
everybody. Seconds of processor time stand beside the clock's, since other work on the
machine moves them less.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
from whisper.normalizers import EnglishTextNormalizer

from calltrack_nb.audio import decode, probe
from calltrack_nb.settings import Transcription
from calltrack_nb.transcription import (
    Options,
    Transcript,
    TranscriptStore,
    describe_engine,
    freed_memory_kept,
    open_engine,
    transcribe,
    transcribe_many,
)
from calltrack_nb.transcription.weights import bundled, checkpoint_for_openai

Transcribe = Callable[[list[Path]], list[str]]


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks transcription")
    parser.add_argument("--manifest", type=Path, required=True, help="CSV: file, reference")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--model", default="tiny.en")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", default="", help="names of systems, separated by commas")
    chosen = parser.parse_args(argv)
    with chosen.manifest.open(newline="", encoding="utf-8") as file:
        rows = [
            (chosen.manifest.parent / row["file"], row["reference"])
            for row in csv.DictReader(file)
            if row["reference"].strip()
        ]
    files = [path for path, _ in rows]
    audio_s = sum(decode(path).duration_s for path in files)
    references = [reference for _, reference in rows]
    makers = {
        "ours": lambda: ours(chosen.engine, chosen.model, chosen.threads),
        "ours_one_by_one": lambda: one_by_one(chosen.engine, chosen.model, chosen.threads),
        "openai_whisper": lambda: openai_whisper(chosen.model, chosen.threads),
        "faster_whisper_careful": lambda: faster_careful(chosen.model, chosen.threads),
        "faster_whisper_batched": lambda: faster_batched(chosen.model, chosen.threads),
    }
    wanted = chosen.only.split(",") if chosen.only else list(makers)
    answer: dict[str, Any] = {"audio_s": round(audio_s, 1), "files": len(files)}
    print(f"{len(files)} files, {audio_s / 60:.1f} minutes, {chosen.model}")
    print(f"{'':24}{'WER':>8}{'x real time':>13}{'seconds':>9}{'processor':>11}")
    for name, make in makers.items():
        if name not in wanted:
            answer[name] = None
            continue
        try:
            system = make()
        except ImportError as error:
            print(f"{name:24} not installed ({error.name})")
            answer[name] = None
            continue
        system(files[:1])
        start, start_processor = time.perf_counter(), time.process_time()
        texts = system(files)
        seconds = time.perf_counter() - start
        processor = time.process_time() - start_processor
        wer = word_error_rate(references, texts)
        speed = audio_s / seconds
        print(f"{name:24}{wer:8.3f}{speed:13.1f}{seconds:9.1f}{processor:11.1f}", flush=True)
        answer[name] = {
            "wer": round(wer, 4),
            "speed": round(speed, 2),
            "seconds": round(seconds, 2),
            "processor_seconds": round(processor, 2),
        }
    careful = answer["faster_whisper_careful"]
    for name, key in (("ours", ""), ("ours_one_by_one", "_one_by_one")):
        if not (answer[name] and careful):
            continue
        ratio = careful["seconds"] / answer[name]["seconds"]
        by_processor = careful["processor_seconds"] / answer[name]["processor_seconds"]
        answer[f"speed_ratio_to_careful{key}"] = round(ratio, 2)
        answer[f"processor_ratio_to_careful{key}"] = round(by_processor, 2)
        print(
            f"{name} is {ratio:.2f} times as fast as faster-whisper's careful path"
            f" ({by_processor:.2f} by processor time)"
        )
    choice = Transcription(engine=chosen.engine, model=chosen.model)
    answer["engine"] = describe_engine(choice).text
    print(json.dumps(answer))


def word_error_rate(references: list[str], texts: list[str]) -> float:
    """Errors over reference words, pooled, after Whisper's English normaliser."""
    clean = EnglishTextNormalizer()
    pairs = [
        (clean(reference), clean(text)) for reference, text in zip(references, texts, strict=True)
    ]
    kept = [(reference, text) for reference, text in pairs if reference]
    return float(jiwer.wer([pair[0] for pair in kept], [pair[1] for pair in kept]))


def ours(engine: str, model: str, threads: int) -> Transcribe:
    opened = open_engine(Transcription(engine=engine, model=model), threads=threads)

    def transcribe_files(files: list[Path]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            store = TranscriptStore(Path(folder))
            jobs = {str(at): path for at, path in enumerate(files)}
            with freed_memory_kept():  # as the command line does
                done = {one.call_id: one for one in transcribe_many(jobs, opened, Options(), store)}
        return [_text(done[str(at)].transcript) for at in range(len(files))]

    return transcribe_files


def one_by_one(engine: str, model: str, threads: int) -> Transcribe:
    opened = open_engine(Transcription(engine=engine, model=model), threads=threads)

    def transcribe_files(files: list[Path]) -> list[str]:
        with freed_memory_kept():
            return [_text(transcribe(path, opened)) for path in files]

    return transcribe_files


def _text(transcript: Transcript | None) -> str:
    return " ".join(one.text for one in transcript.utterances) if transcript else ""


def openai_whisper(model: str, threads: int) -> Transcribe:
    import torch
    import whisper

    source = str(checkpoint_for_openai(bundled())) if model == "tiny.en" else model
    loaded = whisper.load_model(source)

    def segments(samples: np.ndarray) -> Iterator[tuple[float, str]]:
        # set each time, since our own encoder sets it to one
        torch.set_num_threads(threads)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = loaded.transcribe(samples, beam_size=5, fp16=torch.cuda.is_available())
        yield from ((one["start"], one["text"]) for one in made["segments"])

    return channel_by_channel(segments)


def faster_careful(model: str, threads: int) -> Transcribe:
    loaded = _faster(model, threads)

    def segments(samples: np.ndarray) -> Iterator[tuple[float, str]]:
        made, _ = loaded.transcribe(
            samples, beam_size=5, vad_filter=True, condition_on_previous_text=False
        )
        yield from ((one.start, one.text) for one in made)

    return channel_by_channel(segments)


def faster_batched(model: str, threads: int) -> Transcribe:
    from faster_whisper import BatchedInferencePipeline

    loaded = BatchedInferencePipeline(_faster(model, threads))

    def segments(samples: np.ndarray) -> Iterator[tuple[float, str]]:
        made, _ = loaded.transcribe(samples, beam_size=5, batch_size=8)
        yield from ((one.start, one.text) for one in made)

    return channel_by_channel(segments)


def _faster(model: str, threads: int) -> Any:
    from faster_whisper import WhisperModel

    source = str(bundled().path) if model == "tiny.en" else model
    gpu = open_engine(Transcription(engine="faster-whisper", model=model)).info.device == "cuda"
    return WhisperModel(
        source,
        device="cuda" if gpu else "cpu",
        compute_type="float16" if gpu else "int8",
        cpu_threads=threads,
    )


def channel_by_channel(segments: Callable[[np.ndarray], Iterator[tuple[float, str]]]) -> Transcribe:
    def transcribe_files(files: list[Path]) -> list[str]:
        texts = []
        for path in files:
            audio = decode(path)
            layout = probe(audio)
            found = [
                one
                for channel in layout.channels
                for one in segments(np.ascontiguousarray(audio.samples[channel]))
            ]
            texts.append(
                " ".join(text.strip() for _, text in sorted(found, key=lambda one: one[0]))
            )
        return texts

    return transcribe_files
