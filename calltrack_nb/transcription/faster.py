"""Whisper through CTranslate2: int8 on a CPU, float16 on a GPU.

On a CPU that multiplies bfloat16 the encoder is PyTorch's, in less than half the time; see
:mod:`calltrack_nb.transcription.encoder`.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calltrack_nb.transcription.encoder import fast_encoder
from calltrack_nb.transcription.engine import (
    Decoding,
    EngineInfo,
    WindowResult,
    usable_threads,
)
from calltrack_nb.transcription.transcript import Word
from calltrack_nb.transcription.windows import Window
from calltrack_nb.transcription.words import join_words

_FRAMES: Final = 3000
_FRAMES_PER_S: Final = 100
# with less silence behind it, or less of everything, speech is misheard or lost; few
# lengths make full batches
_MARGIN_S: Final = 5.0
_LEAST_S: Final = 10.0
_STEP_S: Final = 5.0
# CTranslate2 gives half of this to new tokens: 224, OpenAI's own bound
_MAX_LENGTH: Final = 448
_MAX_PROMPT: Final = 100
# a language less likely than this is none that was detected
_SURE: Final = 0.5


class FasterWhisper:
    """The ``faster-whisper`` engine.

    Parameters
    ----------
    info : EngineInfo
        What to load and where to run it.
    source : str
        Folder of the weights, or a name the library may download.
    threads : int
        CPU threads, each with windows of its own; 0 for as many as this process may use,
        four at most.
    batch_size : int
        Windows decoded at once, which pays on a GPU. On a CPU one is best: each row of a
        batch waits for its slowest and pushes the others out of the cache. The words do not
        depend on it; a time may by a fiftieth of a second.
    """

    def __init__(
        self, info: EngineInfo, source: str, *, threads: int = 0, batch_size: int = 1
    ) -> None:
        from faster_whisper import WhisperModel  # noqa: PLC0415 - loads ctranslate2
        from scipy.sparse import csr_array  # noqa: PLC0415 - heavy

        self._info = info
        self._batch_size = batch_size
        self._how = (source, threads)
        # the matrices of a small model are too small to be worth sharing out among
        # threads: every thread decodes windows of its own
        self._workers = (threads or usable_threads()) if info.device == "cpu" else 1
        self._encoder = fast_encoder(Path(source)) if info.device == "cpu" else None
        self._whisper: Any = WhisperModel(
            source,
            device=info.device,
            compute_type=info.precision,
            cpu_threads=1,
            num_workers=self._workers,
        )
        # nearly all of it is zero, and unlike BLAS this adds up the rest in one order,
        # whatever number of threads a cluster's worker allows
        extractor = self._whisper.feature_extractor
        extractor.mel_filters = csr_array(extractor.mel_filters)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process by name; the weights are loaded there."""
        return (_reopen, (self._info, *self._how, self._batch_size))

    @property
    def info(self) -> EngineInfo:
        """What it is."""
        return self._info

    @property
    def at_once(self) -> int:
        """How many threads may ask it at once."""
        return self._workers

    def decode(self, windows: Sequence[Window], decoding: Decoding) -> list[WindowResult]:
        """Return one result per window, in order."""
        frames = [_frames(window, decoding) for window in windows]
        batches = self._batches(frames)

        def decoded(batch: Sequence[int]) -> list[WindowResult]:
            return self._batch([windows[at] for at in batch], frames[batch[0]], decoding)

        results: dict[int, WindowResult] = {}
        with ThreadPoolExecutor(self._workers) as pool:
            for batch, found in zip(batches, pool.map(decoded, batches), strict=True):
                results.update(zip(batch, found, strict=True))
        return [results[at] for at in range(len(windows))]

    def _batches(self, frames: Sequence[int]) -> list[list[int]]:
        """Put windows of one length together, the longest first, with work for everybody."""
        size = min(self._batch_size, -(-len(frames) // self._workers))
        order = sorted(range(len(frames)), key=lambda at: (-frames[at], at))
        alike = (list(own) for _, own in groupby(order, key=frames.__getitem__))
        return [own[first : first + size] for own in alike for first in range(0, len(own), size)]

    def _batch(
        self, windows: Sequence[Window], frames: int, decoding: Decoding
    ) -> list[WindowResult]:
        encoded = self._encoded([self._features(window, frames) for window in windows])
        detected = self._detected(encoded, len(windows))
        many = self._whisper.model.is_multilingual
        languages = [(many and decoding.language) or language for language, _ in detected]
        tokenizers = [self._tokenizer(language) for language in languages]
        prompts = [self._prompt(tokenizer, decoding) for tokenizer in tokenizers]
        answers = self._whisper.model.generate(
            encoded,
            prompts,
            beam_size=decoding.beam_size,
            no_repeat_ngram_size=decoding.no_repeat_ngram,
            max_length=_MAX_LENGTH,
            return_scores=True,
            return_no_speech_prob=True,
        )
        tokens = [
            [token for token in answer.sequences_ids[0] if token < tokenizer.eot]
            for answer, tokenizer in zip(answers, tokenizers, strict=True)
        ]
        words = self._words(windows, encoded, tokens, tokenizers, languages)
        return [
            WindowResult(
                words=heard,
                mean_log_probability=round(float(answer.scores[0]), 4),
                no_speech_probability=round(float(answer.no_speech_prob), 4),
                language=language,
                spoken=spoken if probability >= _SURE else None,
            )
            for heard, answer, language, (spoken, probability) in zip(
                words, answers, languages, detected, strict=True
            )
        ]

    def _encoded(self, features: Sequence[NDArray[np.float32]]) -> Any:
        """Return what the encoder makes of the windows of a batch."""
        if self._encoder is None:
            return self._whisper.encode(np.stack(features))
        from ctranslate2 import StorageView  # noqa: PLC0415 - heavy

        return StorageView.from_array(np.concatenate([self._encoder(row) for row in features]))

    def _features(self, window: Window, frames: int) -> NDArray[np.float32]:
        found = self._whisper.feature_extractor(window.samples)[:, :frames]
        padded = np.zeros((found.shape[0], frames), np.float32)
        padded[:, : found.shape[1]] = found
        return padded

    def _detected(self, encoded: Any, count: int) -> list[tuple[str, float]]:
        """Return per window its likeliest language and how likely that is."""
        if not self._whisper.model.is_multilingual:
            # it knows English only, so it cannot tell
            return [("en", 0.0)] * count
        first = (ranked[0] for ranked in self._whisper.model.detect_language(encoded))
        return [(token.strip("<|>"), float(probability)) for token, probability in first]

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer  # noqa: PLC0415 - with the engine

        many = self._whisper.model.is_multilingual
        return Tokenizer(self._whisper.hf_tokenizer, many, task="transcribe", language=language)

    def _prompt(self, tokenizer: Any, decoding: Decoding) -> list[int]:
        start = list(tokenizer.sot_sequence)
        if not decoding.timestamps:
            start.append(tokenizer.no_timestamps)
        if not decoding.prompt:
            return start
        hint = tokenizer.encode(f" {decoding.prompt.strip()}")[:_MAX_PROMPT]
        return [tokenizer.sot_prev, *hint, *start]

    def _words(
        self,
        windows: Sequence[Window],
        encoded: Any,
        tokens: Sequence[list[int]],
        tokenizers: Sequence[Any],
        languages: Sequence[str],
    ) -> list[tuple[Word, ...]]:
        words: list[tuple[Word, ...]] = [()] * len(windows)
        # the aligner takes one start for all rows, and none without text
        for language in dict.fromkeys(languages):
            rows = [row for row, own in enumerate(languages) if own == language]
            if not any(tokens[row] for row in rows):
                continue
            tokenizer = tokenizers[rows[0]]
            frames = [
                min(_FRAMES, max(2, round(window.length_s * _FRAMES_PER_S))) for window in windows
            ]
            aligned = self._whisper.find_alignment(
                tokenizer,
                [text if row in rows else [] for row, text in enumerate(tokens)],
                encoded,
                frames,
            )
            for row in rows:
                parts = (
                    Word(
                        part["word"],
                        float(part["start"]),
                        float(part["end"]),
                        float(part["probability"]),
                    )
                    for part in aligned[row]
                )
                words[row] = join_words(parts, language)
        return words


def _frames(window: Window, decoding: Decoding) -> int:
    """Return how many frames of a window the model looks at.

    The encoder's cost grows with the square of its length, and a window is seldom full.
    Whisper was trained on thirty seconds, silence behind the speech included; shown the
    speech and a few seconds of silence it hears nearly the same.
    """
    if decoding.whole:
        return _FRAMES
    seconds = -(-(window.length_s + _MARGIN_S) // _STEP_S) * _STEP_S
    return min(_FRAMES, int(max(_LEAST_S, seconds) * _FRAMES_PER_S))


def _reopen(info: EngineInfo, source: str, threads: int, batch_size: int) -> FasterWhisper:
    return FasterWhisper(info, source, threads=threads, batch_size=batch_size)
