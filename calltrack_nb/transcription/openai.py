"""Whisper through OpenAI's own package, on PyTorch."""

from __future__ import annotations

import base64
import gzip
import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from calltrack_nb.transcription.engine import (
    Decoding,
    EngineInfo,
    WindowResult,
    usable_threads,
)
from calltrack_nb.transcription.transcript import Word
from calltrack_nb.transcription.weights import BUNDLED_SHA256, Weights, checkpoint_for_openai
from calltrack_nb.transcription.windows import Window
from calltrack_nb.transcription.words import join_words

_FRAMES: Final = 3000
_FRAMES_PER_S: Final = 100
_SAMPLES: Final = 480_000


class OpenAIWhisper:
    """The ``openai-whisper`` engine.

    It forbids no repetitions (the package has no such option), so a window that loops
    is done again with another cut and beam only.

    Parameters
    ----------
    info : EngineInfo
        What to load and where to run it.
    source : str
        A name the package may download, a checkpoint, or a CTranslate2 folder, whose
        weights are converted back.
    batch_size : int
        Windows decoded at once where the search is greedy.
    """

    def __init__(self, info: EngineInfo, source: str, *, batch_size: int = 4) -> None:
        import whisper  # noqa: PLC0415 - loads torch

        self._info = info
        self._source = source
        self._batch_size = batch_size
        folder = Path(source)
        if (folder / "model.bin").is_file():
            digest = info.weights if info.weights == BUNDLED_SHA256 else f"{hash_of(folder)}"
            checkpoint = checkpoint_for_openai(Weights(folder, digest))
            self._model: Any = whisper.load_model(str(checkpoint), device=info.device)
            self._model.set_alignment_heads(_alignment_heads(folder, self._model.dims))
        else:
            self._model = whisper.load_model(source, device=info.device)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process by name; the weights are loaded there."""
        return (_reopen, (self._info, self._source, self._batch_size))

    @property
    def info(self) -> EngineInfo:
        """What it is."""
        return self._info

    @property
    def at_once(self) -> int:
        """One: the package hangs what aligns words into the model while it does so."""
        return 1

    def decode(self, windows: Sequence[Window], decoding: Decoding) -> list[WindowResult]:
        """Return one result per window, in order."""
        import torch  # noqa: PLC0415 - heavy

        if self._info.device == "cpu":
            torch.set_num_threads(usable_threads())
        # the package repeats the tokens of a beam but not the sound of several windows
        step = self._batch_size if decoding.beam_size == 1 else 1
        results: list[WindowResult] = []
        for first in range(0, len(windows), step):
            results.extend(self._batch(windows[first : first + step], decoding))
        return results

    def _batch(self, windows: Sequence[Window], decoding: Decoding) -> list[WindowResult]:
        import torch  # noqa: PLC0415 - heavy
        import whisper  # noqa: PLC0415 - heavy

        mels = torch.stack(
            [
                whisper.log_mel_spectrogram(
                    whisper.pad_or_trim(window.samples.astype(np.float32), _SAMPLES),
                    n_mels=self._model.dims.n_mels,
                )
                for window in windows
            ]
        ).to(self._model.device)
        language = decoding.language if self._model.is_multilingual else "en"
        options = whisper.DecodingOptions(
            language=language,
            beam_size=decoding.beam_size if decoding.beam_size > 1 else None,
            without_timestamps=not decoding.timestamps,
            prompt=decoding.prompt or None,
            fp16=self._info.precision == "float16",
        )
        answers = whisper.decode(self._model, mels, options)
        return [
            WindowResult(
                words=self._words(window, mel, answer),
                mean_log_probability=round(float(answer.avg_logprob), 4),
                no_speech_probability=round(float(answer.no_speech_prob), 4),
                language=answer.language,
            )
            for window, mel, answer in zip(windows, mels, answers, strict=True)
        ]

    def _words(self, window: Window, mel: Any, answer: Any) -> tuple[Word, ...]:
        from whisper.timing import find_alignment  # noqa: PLC0415 - loads numba
        from whisper.tokenizer import get_tokenizer  # noqa: PLC0415 - with the engine

        tokenizer = get_tokenizer(
            self._model.is_multilingual,
            num_languages=self._model.num_languages,
            language=answer.language,
            task="transcribe",
        )
        tokens = [token for token in answer.tokens if token < tokenizer.eot]
        frames = min(_FRAMES, max(2, round(window.length_s * _FRAMES_PER_S)))
        with warnings.catch_warnings():
            # it tries a Triton kernel first and says so where there is no GPU for it
            warnings.simplefilter("ignore")
            parts = find_alignment(self._model, tokenizer, tokens, mel, frames)
        return join_words(
            (
                Word(part.word, float(part.start), float(part.end), float(part.probability))
                for part in parts
            ),
            answer.language,
        )


def hash_of(folder: Path) -> str:
    """Name a converted copy after the file it was made from."""
    facts = (folder / "model.bin").stat()
    return f"{facts.st_size:x}{facts.st_mtime_ns:x}"[:16]


def _alignment_heads(folder: Path, dims: Any) -> bytes:
    """Write the heads that follow the audio as openai-whisper stores them."""
    heads = json.loads((folder / "config.json").read_text())["alignment_heads"]
    mask = np.zeros((dims.n_text_layer, dims.n_text_head), bool)
    for layer, head in heads:
        mask[layer, head] = True
    return base64.b85encode(gzip.compress(mask.tobytes()))


def _reopen(info: EngineInfo, source: str, batch_size: int) -> OpenAIWhisper:
    return OpenAIWhisper(info, source, batch_size=batch_size)
