"""Themes measured on labelled comments: groups found beside k-means and TF-IDF with NMF, and coding after 500 coded comments.

    python -m bench.themes FILE.csv --text COL --label COL [--models static,wordllama,minilm]      groups: NMI and ARI
    python -m bench.themes FILE.csv --text COL --themes PREFIX                                    coding: macro-F1

Every comment is scored, none is left out. k is found by winback, and the true number is given to the others. In the second
form every column that begins with PREFIX holds 0 or 1. FILE may be packed with gzip. CPU seconds hold embedding too.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from winback.analysis.codebook import assign, make_codebook
from winback.text.embedding import embedder


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file")
    options.add_argument("--text", required=True)
    options.add_argument("--label")
    options.add_argument("--themes")
    options.add_argument("--models", default="static")
    options.add_argument("--coded", type=int, default=500)
    given = options.parse_args()
    frame = pd.read_csv(given.file)
    frame = frame[frame[given.text].notna()]
    texts = frame[given.text].astype(str).tolist()
    if given.label:
        groups(texts, pd.factorize(frame[given.label])[0], given.models.split(","))
    else:
        columns = [name for name in frame.columns if name.startswith(given.themes)]
        coding(
            texts,
            frame[columns].fillna(0).to_numpy() > 0,
            [name.removeprefix(given.themes).strip() for name in columns],
            given,
        )


def groups(texts: list[str], truth: Any, models: list[str]) -> None:
    from sklearn.cluster import KMeans
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    number = int(truth.max()) + 1
    print("| method | themes | NMI | ARI | CPU s |\n|---|---|---|---|---|")

    def told(name: str, find: Callable[[], Any]) -> None:
        start = time.process_time()
        found = pd.factorize(np.asarray(find(), dtype=object))[0]
        spent = time.process_time() - start
        print(
            f"| {name} | {found.max() + 1} | {normalized_mutual_info_score(truth, found):.3f} |"
            f" {adjusted_rand_score(truth, found):.3f} | {spent:.1f} |", flush=True,
        )  # fmt: skip

    for model in models:
        told(f"winback, {model}", lambda model=model: _main(texts, make_codebook(texts, model=model)))
        told(
            f"k-means, {model}, true k",
            lambda model=model: KMeans(number, n_init=4, random_state=0).fit_predict(embedder(model).embed(texts)),
        )
    told("TF-IDF + NMF, true k", lambda: NMF(number, init="nndsvda", max_iter=200, random_state=0).fit_transform(
        TfidfVectorizer(stop_words="english", min_df=2, sublinear_tf=True).fit_transform(texts)).argmax(axis=1))  # fmt: skip


def _main(texts: list[str], book: Any) -> list[str]:
    found = [""] * len(texts)
    for row in assign(texts, book).to_pylist():
        if row["rank"] == 1:
            found[row["row"]] = row["theme"]
    return found


def coding(texts: list[str], truth: Any, names: list[str], given: argparse.Namespace) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score

    kept = np.flatnonzero(truth.any(axis=1))
    scores: dict[str, list[tuple[float, float]]] = {}
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(kept)
        known, rest = order[: given.coded], order[given.coded :]
        there = truth[rest].any(axis=0)

        def told(name: str, found: Any, start: float, rest: Any = rest, there: Any = there) -> None:
            f1 = f1_score(truth[rest][:, there], found[:, there], average="macro", zero_division=0)
            scores.setdefault(name, []).append((float(f1), time.process_time() - start))

        start = time.process_time()
        learned = [(texts[at], [names[theme] for theme in np.flatnonzero(truth[at])]) for at in known]
        book = make_codebook(texts, learned=learned)
        found = np.zeros((len(rest), len(names)), dtype=bool)
        for row in assign([texts[at] for at in rest], book).to_pylist():
            if row["theme"]:
                found[row["row"], names.index(book.theme(row["theme"]).name)] = True
        told("winback, static", found, start)
        for name in ("TF-IDF", "minilm"):
            start = time.process_time()
            if name == "TF-IDF":
                made = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)).fit([texts[at] for at in known])
                rows, others = (made.transform([texts[at] for at in one]) for one in (known, rest))
            else:
                rows, others = (embedder(name).embed([texts[at] for at in one]) for one in (known, rest))
            found = np.zeros((len(rest), len(names)), dtype=bool)
            for theme in np.flatnonzero(truth[known].any(axis=0)):
                fitted = LogisticRegression(max_iter=300, class_weight="balanced").fit(rows, truth[known, theme])
                found[:, theme] = fitted.predict(others)
            told(f"logistic regression, balanced, {name}", found, start)
    print("| method | macro-F1 | CPU s |\n|---|---|---|")
    for name, runs in scores.items():
        print(f"| {name} | {np.mean([f1 for f1, _ in runs]):.3f} | {np.mean([cpu for _, cpu in runs]):.1f} |")


if __name__ == "__main__":
    main()
