"""A language that is not set is detected, where the model tells languages apart."""

from dataclasses import asdict

import numpy as np
import pytest
import torch
from whisper.model import ModelDimensions, Whisper
from whisper.tokenizer import LANGUAGES

from calltrack_nb.audio import SAMPLE_RATE
from calltrack_nb.settings import Transcription
from calltrack_nb.transcription import Decoding, Window, open_engine, options_from


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """A model of many languages that has learnt nothing: small, and made here."""
    torch.manual_seed(0)
    dims = ModelDimensions(80, 1500, 64, 1, 1, 51865, 448, 64, 1, 1)
    path = tmp_path_factory.mktemp("model") / "many.pt"
    state = Whisper(dims).state_dict()
    torch.save({"dims": asdict(dims), "model_state_dict": state}, path)
    return open_engine(Transcription(engine="openai-whisper", model=str(path)))


@pytest.mark.filterwarnings("ignore")
def test_language_is_detected_or_taken(engine):
    """``auto`` gives a window a language of the model's; a set one is the window's."""
    wanted = options_from(Transcription(model=engine.info.model, language="auto")).language
    sound = np.random.default_rng(0).normal(0, 0.1, SAMPLE_RATE).astype(np.float32)
    windows = [Window(sound, ())]
    (detected,) = engine.decode(windows, Decoding(language=wanted))
    assert detected.language in LANGUAGES
    (again,) = engine.decode(windows, Decoding(language=wanted))
    assert (again.language, again.text) == (detected.language, detected.text)
    (german,) = engine.decode(windows, Decoding(language="de"))
    assert german.language == "de"
