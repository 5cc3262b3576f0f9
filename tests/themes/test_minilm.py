"""The network of MiniLM gives the vectors of sentence-transformers."""

import gzip
import json

import numpy as np

from calltrack_nb.themes import MiniLM
from tests.conftest import ROOT

PINNED = ROOT / "tests" / "pinned" / "sentence_vectors.json.gz"


def test_vectors_are_those_of_sentence_transformers():
    """Some 250 texts, short, empty, foreign and too long, lie where the library put them.

    Kept of each text is every 24th number of its vector, as sentence-transformers 6.2 gave it.
    """
    rows = json.loads(gzip.decompress(PINNED.read_bytes()))
    vectors = MiniLM().embed([row["text"] for row in rows])
    assert np.abs(vectors[:, ::24] - [row["vector"] for row in rows]).max() < 1e-5
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_has_its_vector_in_any_company():
    """What else is embedded with a text, longer or shorter, does not move it."""
    text = "Could you deliver two dozen lemon tarts on Friday?"
    alone = MiniLM().embed([text])[0]
    among = MiniLM().embed(["Yes.", text, "a much longer sentence " * 60])[1]
    assert np.abs(alone - among).max() < 1e-6
