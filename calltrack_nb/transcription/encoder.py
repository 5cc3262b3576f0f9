"""Whisper's encoder in bfloat16, on processors with units for it.

CTranslate2 knows no bfloat16 on such a processor: it multiplies the weights in int8 and
everything else in float32. PyTorch takes less than half the time for the same weights, and
what it makes of them lies nearer to the exact float32 (on windows of calls at a mean
distance of .009, int8 at .036). The layers are those of Radford et al. (2022), Robust
Speech Recognition via Large-Scale Weak Supervision, section 2.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calltrack_nb.transcription.weights import encoder_tensors

_HEAD_WIDTH: Final = 64


class Bfloat16Encoder:
    """Whisper's encoder, one window at a time and on one thread of the caller's.

    Parameters
    ----------
    tensors : mapping of str to numpy.ndarray
        Weights under OpenAI's names; see
        :func:`calltrack_nb.transcription.weights.encoder_tensors`.
    """

    def __init__(self, tensors: Mapping[str, NDArray[Any]]) -> None:
        import torch  # noqa: PLC0415 - heavy

        exact = {
            name: torch.from_numpy(array.astype(np.float32)) for name, array in tensors.items()
        }
        # what is added up or normed over a row stays in float32
        self._tensors = {
            name: tensor if "ln" in name or "positional" in name else tensor.bfloat16()
            for name, tensor in exact.items()
        }
        self._layers = len({name.split(".")[1] for name in exact if name.startswith("blocks.")})

    def __call__(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what the encoder makes of a window.

        Parameters
        ----------
        features : numpy.ndarray
            float32, shape (mels, frames).

        Returns
        -------
        numpy.ndarray
            float32, shape (1, frames / 2, width).
        """
        import torch  # noqa: PLC0415 - heavy
        from torch.nn import functional  # noqa: PLC0415 - heavy

        tensors = self._tensors
        # how many threads share a sum decides how it is rounded, and a cluster's workers
        # have other settings than the process at the desk
        torch.set_num_threads(1)
        with torch.inference_mode():
            sound = torch.from_numpy(features[np.newaxis]).bfloat16()
            for name, stride in (("conv1", 1), ("conv2", 2)):
                weight, bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
                sound = functional.gelu(functional.conv1d(sound, weight, bias, stride, padding=1))
            state = sound.permute(0, 2, 1).float()
            state = state + tensors["positional_embedding"][: state.shape[1]]
            for layer in range(self._layers):
                state = self._block(state, f"blocks.{layer}")
            return np.asarray(self._normed(state, "ln_post").numpy())

    def _block(self, state: Any, place: str) -> Any:
        from torch.nn import functional  # noqa: PLC0415 - heavy

        _, count, width = state.shape
        normed = self._normed(state, f"{place}.attn_ln")
        query, key, value = (
            self._product(normed, f"{place}.attn.{part}")
            .view(1, count, width // _HEAD_WIDTH, _HEAD_WIDTH)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        heard = functional.scaled_dot_product_attention(query, key, value)
        heard = heard.transpose(1, 2).reshape(1, count, width)
        state = state + self._product(heard, f"{place}.attn.out")
        normed = self._normed(state, f"{place}.mlp_ln")
        wide = functional.gelu(self._product(normed, f"{place}.mlp.0"))
        return state + self._product(wide, f"{place}.mlp.2")

    def _normed(self, state: Any, name: str) -> Any:
        from torch.nn import functional  # noqa: PLC0415 - heavy

        weight, bias = self._tensors[f"{name}.weight"], self._tensors[f"{name}.bias"]
        return functional.layer_norm(state, weight.shape, weight, bias)

    def _product(self, state: Any, name: str) -> Any:
        from torch.nn import functional  # noqa: PLC0415 - heavy

        weight, bias = self._tensors[f"{name}.weight"], self._tensors.get(f"{name}.bias")
        return functional.linear(state.bfloat16(), weight, bias)


def fast_encoder(folder: Path) -> Bfloat16Encoder | None:
    """Return an encoder that is faster than CTranslate2's on this processor, if there is one.

    Parameters
    ----------
    folder : pathlib.Path
        Weights as CTranslate2 keeps them.

    Returns
    -------
    Bfloat16Encoder or None
        None where the processor has no units for bfloat16, where PyTorch is missing, and for
        weights that were made smaller than half precision.
    """
    if not _multiplies_bfloat16():
        return None
    tensors = encoder_tensors(folder)
    return None if tensors is None else Bfloat16Encoder(tensors)


def _multiplies_bfloat16() -> bool:
    try:
        import torch  # noqa: PLC0415 - heavy
    except ImportError:
        return False
    # versions of PyTorch before 2.10 cannot tell
    told: Mapping[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(told.get("amx_bf16") or told.get("avx512_bf16"))
