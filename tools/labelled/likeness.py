"""Learn from the shipped examples beforehand: writes ``calltrack_nb/findings/taught.npz``.

    python -m tools.labelled.likeness

To be run again whenever ``findings.toml``, or what a sentence is described by, is changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from calltrack_nb.findings import Likeness, read_examples, read_patterns
from calltrack_nb.findings.taught import FILE, Taught, hashes
from calltrack_nb.themes import MiniLM

PLACE: Final = Path(__file__).resolve().parent.parent.parent / "calltrack_nb" / "findings" / FILE


def main() -> None:
    """Embed the examples, learn from the vectors as they will be read, and write both."""
    embedder = MiniLM()
    likeness = Likeness(read_examples(), read_patterns(), embedder)
    vectors = embedder.embed(likeness.examples).astype(np.float16)
    learnt = likeness.learn(vectors.astype(np.float32))
    Taught(
        embedder=embedder.name,
        lesson=likeness.lesson,
        texts=hashes(likeness.examples),
        vectors=vectors,
        weights=learnt.weights.astype(np.float32),
        unseen=learnt.unseen.astype(np.float32),
        curve=learnt.curve,
    ).write(PLACE)


if __name__ == "__main__":
    main()
