"""The encoder in bfloat16 beside the exact one, and where CTranslate2's own is used."""

import struct

import numpy as np
import pytest
import torch
import whisper

from calltrack_nb import shipped
from calltrack_nb.audio import decode
from calltrack_nb.transcription import Options, prepare
from calltrack_nb.transcription.encoder import Bfloat16Encoder, fast_encoder
from calltrack_nb.transcription.weights import bundled, checkpoint_for_openai, encoder_tensors


@pytest.fixture(scope="module")
def features():
    """The longest window of a call of the sample, padded to thirty seconds."""
    path = max((shipped.sample() / "data" / "recordings").glob("*.mp3"), key=lambda one: one.name)
    windows = prepare(decode(path), Options()).windows
    sound = max((window.samples for window in windows), key=len)
    return whisper.log_mel_spectrogram(whisper.pad_or_trim(sound, 480_000)).numpy()


@pytest.fixture(scope="module")
def encoder():
    return Bfloat16Encoder(encoder_tensors(bundled().path))


def test_near_the_exact_one(encoder, features):
    """What it makes of a window differs from OpenAI's float32 by less than 2 % of its size."""
    exact = whisper.load_model(str(checkpoint_for_openai(bundled()))).encoder
    with torch.inference_mode():
        wanted = exact(torch.from_numpy(features[np.newaxis])).numpy()
    made = encoder(features)
    assert made.shape == wanted.shape
    assert made.dtype == np.float32
    assert np.abs(made - wanted).mean() < 0.02 * np.abs(wanted).mean()


def test_shorter_windows(encoder, features):
    """Ten seconds give half as many states as frames, of the width of thirty seconds' states."""
    assert encoder(features[:, :1000]).shape == (1, 500, encoder(features).shape[2])


def test_threads_change_nothing(encoder, features):
    """However many threads the process was given, a window is added up on one."""
    torch.set_num_threads(2)
    made = encoder(features[:, :1000])
    assert torch.get_num_threads() == 1
    assert (encoder(features[:, :1000]) == made).all()


def test_only_where_the_processor_multiplies_it(monkeypatch):
    """A processor without units for bfloat16 leaves CTranslate2 its own encoder."""
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True}, raising=False)
    assert fast_encoder(bundled().path) is None
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": True}, raising=False)
    assert isinstance(fast_encoder(bundled().path), Bfloat16Encoder)


@pytest.mark.parametrize("whole", [True, False])
def test_weights_in_integers(tmp_path, whole):
    """Weights made smaller than half precision are read by CTranslate2 only, and so is a name."""
    name, array = b"encoder/conv1/weight\0", np.ones((2, 2), np.int8)
    head = struct.pack("<IH4sII", 6, 4, b"spec", 3, 1)
    row = struct.pack(f"<H{len(name)}sBIIBI", len(name), name, 2, 2, 2, 1, array.nbytes)
    if whole:
        (tmp_path / "model.bin").write_bytes(head + row + array.tobytes())
    assert encoder_tensors(tmp_path) is None
