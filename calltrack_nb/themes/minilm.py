"""The network of all-MiniLM-L6-v2, run by PyTorch alone.

Six layers of BERT (Devlin et al. 2019, section 3), the mean of their words (Reimers and
Gurevych 2019, section 3), in Hugging Face's names for the weights. Importing this loads PyTorch.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

_LAYERS: Final = 6
_HEAD_WIDTH: Final = 32
_LONGEST: Final = 256  # tokens, the length the model was trained for; the rest is not read
_BATCH: Final = 64


class Network:
    """Turns texts into unit vectors of 384 numbers.

    Parameters
    ----------
    folder : pathlib.Path
        Holds ``model.safetensors`` and ``tokenizer.json``.
    """

    def __init__(self, folder: Path) -> None:
        self._tensors = load_file(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.enable_padding()

    def __call__(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return an array (len(texts), 384) of unit rows; texts of like length go well together."""
        batches = [
            self._encode(list(texts[start : start + _BATCH]))
            for start in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(batches)

    def _encode(self, texts: list[str]) -> npt.NDArray[np.float32]:
        tokens = self._tokenizer.encode_batch(texts)
        ids = torch.tensor([row.ids for row in tokens])
        real = torch.tensor([row.attention_mask for row in tokens])
        with torch.inference_mode():
            state = functional.embedding(ids, self._tensors["embeddings.word_embeddings.weight"])
            state = state + self._tensors["embeddings.token_type_embeddings.weight"][0]
            places = self._tensors["embeddings.position_embeddings.weight"]
            state = self._normed(state + places[: ids.shape[1]], "embeddings")
            mask = real.bool()[:, None, None, :]
            for layer in range(_LAYERS):
                state = self._layer(state, mask, f"encoder.layer.{layer}")
            summed = (state * real[:, :, None]).sum(1)
            return np.asarray(functional.normalize(summed).numpy())  # a mean's direction

    def _layer(self, state: Tensor, mask: Tensor, place: str) -> Tensor:
        count, length, width = state.shape
        query, key, value = (
            self._product(state, f"{place}.attention.self.{part}")
            .view(count, length, width // _HEAD_WIDTH, _HEAD_WIDTH)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        seen = functional.scaled_dot_product_attention(query, key, value, mask)
        seen = seen.transpose(1, 2).reshape(count, length, width)
        seen = self._product(seen, f"{place}.attention.output.dense")
        state = self._normed(state + seen, f"{place}.attention.output")
        wide = functional.gelu(self._product(state, f"{place}.intermediate.dense"))
        return self._normed(state + self._product(wide, f"{place}.output.dense"), f"{place}.output")

    def _product(self, state: Tensor, name: str) -> Tensor:
        return functional.linear(
            state, self._tensors[f"{name}.weight"], self._tensors[f"{name}.bias"]
        )

    def _normed(self, state: Tensor, name: str) -> Tensor:
        weight = self._tensors[f"{name}.LayerNorm.weight"]
        bias = self._tensors[f"{name}.LayerNorm.bias"]
        return functional.layer_norm(state, weight.shape, weight, bias, eps=1e-12)
