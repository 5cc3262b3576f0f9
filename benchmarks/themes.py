"""Themes against human labels: ours, our fallback, and others on the same vectors.

With ``--questions N`` the labels answer as many questions of ours ("are these two calls about
the same thing?"), and the figures after them are shown, too. ``matched`` is the share of calls
whose nearest name, by embedding and without sight of the themes, is that of their theme.
K-means takes TF-IDF vectors, and the number with the best silhouette.

The others are scikit-learn's agglomerative clustering (Ward's, of the number of themes, from 2
to as many as ours may find, with the best silhouette), its HDBSCAN and BERTopic, both as they
come, with what they leave out sent to the nearest theme.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score, silhouette_score
from sklearn.neighbors import NearestCentroid

from calltrack_nb.themes import Answers, MiniLM, ThemeModel
from calltrack_nb.themes.answers import settle
from calltrack_nb.themes.clustering import group
from calltrack_nb.themes.embedding import Embedder, TfidfSvd, Vectors
from calltrack_nb.themes.labels import theme_labels, theme_terms
from calltrack_nb.themes.model import embed_texts
from calltrack_nb.themes.words import clean


def accuracy(truth: Sequence[str], found: Sequence[int]) -> float:
    """Share of texts with the right label when clusters and labels are matched one to one."""
    labels, rows = np.unique(np.asarray(truth), return_inverse=True)
    themes, columns = np.unique(np.asarray(found), return_inverse=True)
    counts = np.zeros((len(labels), len(themes)), int)
    np.add.at(counts, (rows, columns), 1)
    best = linear_sum_assignment(-counts)
    return float(counts[best].sum() / len(rows))


def scores(truth: Sequence[str], found: Sequence[int], seconds: float) -> dict[str, Any]:
    return {
        "acc": round(accuracy(truth, found), 4),
        "nmi": round(float(normalized_mutual_info_score(truth, found)), 4),
        "ari": round(float(adjusted_rand_score(truth, found)), 4),
        "n_themes": len(set(found)),
        "seconds": round(seconds, 2),
    }


def timed(work: Callable[[], Sequence[int]]) -> tuple[Sequence[int], float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def ours(texts: list[str], embedder: Embedder) -> Sequence[int]:
    model = ThemeModel(embedder=embedder).fit(texts)
    return [int(theme) for theme in model.nearest_]


def asked(vectors: Vectors, truth: Sequence[str], questions: int) -> Sequence[int]:
    """Return our themes after the labels answered some questions."""
    answers, names = Answers(), [str(row) for row in range(len(vectors))]
    for _ in range(questions):
        question = settle(vectors, names, answers).question
        if question is None:
            break
        one, other = question
        answers = answers.with_answer(names[one], names[other], same=truth[one] == truth[other])
    return [int(theme) for theme in settle(vectors, names, answers).grouping.labels]


def matched(texts: list[str], vectors: Vectors, found: Sequence[int], embedder: Embedder) -> float:
    """Share of texts in themes whose nearest theme name, by embedding, is their own theme's."""
    labels = np.asarray(found, np.intp)
    terms = theme_terms([clean(text) for text in texts], labels, int(labels.max()) + 1, 12)
    names = theme_labels(terms, texts, labels, vectors, embedder)
    print("names:", "; ".join(names))
    told = labels >= 0
    nearest = np.argmax(vectors[told] @ embedder.embed(list(names)).T, axis=1)
    return float(np.mean(nearest == labels[told]))


def tfidf_k_means(texts: list[str]) -> Sequence[int]:
    vectors = embed_texts([clean(text) for text in texts], TfidfSvd(), fit=True)
    cuts = [
        KMeans(number, n_init=3, random_state=0).fit_predict(vectors)
        for number in range(2, min(30, len(texts) // 2) + 1)
    ]
    return [int(theme) for theme in max(cuts, key=lambda cut: silhouette_score(vectors, cut))]


def ward(vectors: Vectors) -> Sequence[int]:
    with tempfile.TemporaryDirectory() as tree:  # made once, cut at each number
        cuts = [
            AgglomerativeClustering(number, memory=tree, compute_full_tree=True).fit_predict(
                vectors
            )
            for number in range(2, ThemeModel().max_themes + 1)
        ]
    return [int(theme) for theme in max(cuts, key=lambda cut: silhouette_score(vectors, cut))]


def hdbscan(vectors: Vectors) -> Sequence[int]:
    found = HDBSCAN(copy=True).fit_predict(vectors)
    inside = found >= 0
    if len(set(found[inside])) > 1:
        found = NearestCentroid().fit(vectors[inside], found[inside]).predict(vectors)
    return [int(theme) for theme in found]


def bertopic(texts: list[str], embedder: Embedder) -> Sequence[int]:
    """BERTopic as its documentation sets it up, outliers reassigned by embedding."""
    from bertopic import BERTopic

    with contextlib.redirect_stderr(io.StringIO()):
        vectors = embedder.embed(texts)
        model = BERTopic(embedding_model=None, calculate_probabilities=False)
        topics, _ = model.fit_transform(texts, vectors)
        if any(topic >= 0 for topic in topics) and any(topic < 0 for topic in topics):
            topics = model.reduce_outliers(texts, topics, strategy="embeddings", embeddings=vectors)
    return [int(topic) for topic in topics]


def stability(texts: list[str], embedder: Embedder, refits: int = 20) -> float:
    """Mean adjusted Rand index of themes refitted on random 80 % against those of all."""
    model = ThemeModel(embedder=embedder).fit(texts)
    vectors = model.vectors_of(texts)
    usable = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    rng = np.random.default_rng(1)
    agreement = []
    for refit in range(refits):
        rows = np.sort(rng.choice(usable, int(0.8 * len(usable)), replace=False))
        again = group(vectors[rows], most=model.max_themes, seed=refit + 1, judge=False)
        agreement.append(adjusted_rand_score(model.nearest_[rows], again.labels))
    return float(np.mean(agreement))


def read_labelled(path: Path) -> tuple[list[str], list[str]]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [str(row["text"]) for row in rows], [str(row["label"]) for row in rows]


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks themes", description=__doc__)
    parser.add_argument("--labelled", type=Path, required=True, help="JSON lines: text, label")
    parser.add_argument("--questions", type=int, default=0, help="answered from the labels")
    parser.add_argument("--refits", type=int, default=20, help="refits for stability")
    options = parser.parse_args(argv)
    texts, truth = read_labelled(options.labelled)
    with tempfile.TemporaryDirectory() as folder:
        result = compared(texts, truth, MiniLM(Path(folder)), options)
    print(f"{len(texts)} texts, {result['n_labels']} labels, number of themes unknown to all")
    print(f"{'':10}{'ACC':>7}{'NMI':>7}{'ARI':>7}{'themes':>8}{'seconds':>9}")
    for name in ("ours", "asked", "tfidf", "k-means", "ward", "hdbscan", "bertopic"):
        if row := result.get(name):
            print(
                f"{name:10}{row['acc']:7.2f}{row['nmi']:7.2f}{row['ari']:7.2f}"
                f"{row['n_themes']:8d}{row['seconds']:9.1f}"
            )
    print(f"seconds without the embedding, {result['embedding_seconds']:.1f} before all of them")
    print(f"calls that find their theme's name: {result['ours']['matched']:.2f}")
    if options.refits:
        print(f"stability of ours over {options.refits} refits: {result['ours']['stability']:.2f}")
    print(json.dumps(result))


def compared(
    texts: list[str], truth: list[str], embedder: Embedder, options: argparse.Namespace
) -> dict[str, Any]:
    start = time.perf_counter()
    # Ours joins a text's sentences, BERTopic takes it whole; both find theirs ready.
    vectors = embed_texts([clean(text) for text in texts], embedder, fit=False)
    embedder.embed(texts)
    result: dict[str, Any] = {
        "n": len(texts),
        "n_labels": len(set(truth)),
        "embedding_seconds": round(time.perf_counter() - start, 2),
    }
    methods: dict[str, Callable[[], Sequence[int]]] = {
        "ours": lambda: ours(texts, embedder),
        "asked": lambda: asked(vectors, truth, options.questions),
        "tfidf": lambda: ours(texts, TfidfSvd()),
        "k-means": lambda: tfidf_k_means(texts),
        "ward": lambda: ward(vectors),
        "hdbscan": lambda: hdbscan(vectors),
        "bertopic": lambda: bertopic(texts, embedder),
    }
    for name, work in methods.items():
        if name == "asked" and not options.questions:
            continue
        if name == "bertopic" and importlib.util.find_spec("bertopic") is None:
            print("bertopic is not installed (pip install calltrack-nb[bench])")
            result[name] = None
            continue
        found, seconds = timed(work)
        result[name] = scores(truth, found, seconds)
        if name == "ours":
            result[name]["matched"] = round(matched(texts, vectors, found, embedder), 4)
    if options.refits:
        result["ours"]["stability"] = round(stability(texts, embedder, options.refits), 4)
    return result
