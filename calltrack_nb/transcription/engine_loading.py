"""Which engine, which weights, which device: chosen for the machine and said plainly."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from calltrack_nb import settings
from calltrack_nb.errors import MissingDependency, ModelNotFound, TranscriptionError
from calltrack_nb.transcription.engine import EngineInfo, Transcriber
from calltrack_nb.transcription.weights import (
    BUNDLED_MODEL,
    MANY_LANGUAGES,
    Weights,
    bundled,
    local,
    many_languages,
)

_LOGGER = logging.getLogger(__name__)

_PACKAGES: Final = {"faster-whisper": "faster_whisper", "openai-whisper": "whisper"}


def describe_engine(choice: settings.Transcription) -> EngineInfo:
    """Say which engine, weights, device and precision a choice means on this machine.

    Nothing is loaded but what tells the devices apart.

    Parameters
    ----------
    choice : settings.Transcription
        ``engine="auto"`` takes the faster one: CTranslate2 decodes the same weights
        several times faster than PyTorch on a CPU, and as fast or faster on a GPU, so it
        is left only where PyTorch sees a GPU that CTranslate2 does not.

    Raises
    ------
    MissingDependency
        When the engine's package is not installed.
    """
    name = _engine_name(choice.engine)
    device = _device(name)
    precision = "float16" if device == "cuda" else "int8"
    if name == "openai-whisper" and device == "cpu":
        precision = "float32"
    return EngineInfo(name, choice.model, _weights(choice.model).digest, device, precision)


def open_engine(
    choice: settings.Transcription, *, threads: int = 0, batch_size: int | None = None
) -> Transcriber:
    """Load an engine.

    Parameters
    ----------
    choice : settings.Transcription
        The engine's name or ``auto``, and the model: ``tiny.en`` (bundled), another
        name the engine may download, or a folder or file of weights.
    threads : int
        CPU threads of faster-whisper; 0 for as many as this process may use.
    batch_size : int, optional
        Windows decoded at once; by default what suits the device.

    Raises
    ------
    ModelNotFound
        When the weights are not here and cannot be fetched.
    MissingDependency
        When the engine's package is not installed.
    """
    info = describe_engine(choice)
    _LOGGER.info("Transcribing with %s", info.text)
    return load_engine(info, threads=threads, batch_size=batch_size)


def load_engine(
    info: EngineInfo, *, threads: int = 0, batch_size: int | None = None
) -> Transcriber:
    """Load the engine that an info describes."""
    source = str(_weights(info.model).path)
    size = batch_size or (16 if info.device == "cuda" else 1)
    try:
        if info.engine == "faster-whisper":
            from calltrack_nb.transcription.faster import FasterWhisper  # noqa: PLC0415 - heavy

            return FasterWhisper(info, source, threads=threads, batch_size=size)
        from calltrack_nb.transcription.openai import OpenAIWhisper  # noqa: PLC0415 - heavy

        return OpenAIWhisper(info, source, batch_size=size)
    except Exception as error:
        if _is_ours(error):
            raise
        raise ModelNotFound(
            f"The model {info.model} cannot be loaded by {info.engine}",
            where=str(error).splitlines()[0] if str(error) else type(error).__name__,
            fix=f"Use the bundled {BUNDLED_MODEL}, or {MANY_LANGUAGES} after pip install "
            "'calltrack-nb[languages]'. For another, connect to the network, or set "
            "transcription.model to a folder (CTranslate2) or .pt file (openai-whisper)",
        ) from error


def _is_ours(error: Exception) -> bool:
    return isinstance(error, TranscriptionError | MissingDependency | MemoryError)


def _engine_name(wanted: settings.Transcription | str) -> str:
    installed = [name for name, package in _PACKAGES.items() if find_spec(package)]
    if wanted == "auto":
        if not installed:
            raise MissingDependency(
                "No transcription engine is installed", fix="Run pip install faster-whisper"
            )
        if len(installed) == 2 and not _ctranslate2_gpus() and _torch_gpus():
            return "openai-whisper"
        return installed[0]
    if wanted not in installed:
        raise MissingDependency(f"{wanted} is not installed", fix=f"Run pip install {wanted}")
    return str(wanted)


def _device(name: str) -> str:
    gpus = _ctranslate2_gpus() if name == "faster-whisper" else _torch_gpus()
    return "cuda" if gpus else "cpu"


def _ctranslate2_gpus() -> int:
    import ctranslate2  # noqa: PLC0415 - heavy

    return int(ctranslate2.get_cuda_device_count())


def _torch_gpus() -> int:
    if find_spec("torch") is None:
        return 0
    import torch  # noqa: PLC0415 - heavy

    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def _weights(model: str) -> Weights:
    path = Path(model).expanduser()
    if path.exists():
        return local(path)
    if model == BUNDLED_MODEL:
        return bundled()
    if model == MANY_LANGUAGES and (found := many_languages()):
        return found
    if len(path.parts) > 2 or path.is_absolute() or path.suffix == ".pt":
        raise ModelNotFound(
            "There are no model weights at this path",
            where=path,
            fix=f"Check transcription.model; {BUNDLED_MODEL} is bundled",
        )
    return Weights(Path(model), model)
