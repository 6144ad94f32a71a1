"""Themes measured on labelled comments: groups found beside k-means and TF-IDF with NMF, and coding after 500 coded comments.

    python -m bench.themes FILE.csv --text COL --label COL [--models static,wordllama,minilm]      groups: NMI and ARI
    python -m bench.themes FILE.csv --text COL --label COL --learn 100                            corrections: NMI and ARI
    python -m bench.themes FILE.csv --text COL --themes PREFIX [--later COL]                      coding: macro-F1

Every comment is scored, none is left out. k is found by winback, and the true number is given to the others. In the second
and third form labels of 100 and 500 comments drawn at random are given. Every column that begins with PREFIX holds 0 or 1;
with --later the comments coded are drawn from the earlier half by that column of dates, and the later half is scored. FILE may
be packed with gzip. CPU seconds hold embedding too. *Again* is how alike groups are that halves of the comments give (ARI).
BERTopic is run where it is installed, with the same vectors; the minilm rows need the extra of that name.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from winback.analysis.codebook import assign, make_codebook
from winback.analysis.codebook_making import taught
from winback.stats.grouping import rand_index
from winback.text.embedding import embedder


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file")
    options.add_argument("--text", required=True)
    options.add_argument("--label")
    options.add_argument("--themes")
    options.add_argument("--models", default="static")
    options.add_argument("--coded", type=int, default=500)
    options.add_argument("--learn", type=int)
    options.add_argument("--later")
    given = options.parse_args()
    frame = pd.read_csv(given.file)
    frame = frame[frame[given.text].notna()]
    texts = frame[given.text].astype(str).tolist()
    if given.label:
        frame = frame[frame[given.label].notna()]
        texts = frame[given.text].astype(str).tolist()
    if given.label and given.learn:
        labels, names = pd.factorize(frame[given.label])
        learning(texts, labels, [str(name) for name in names], given)
    elif given.label:
        groups(texts, pd.factorize(frame[given.label])[0], given.models.split(","))
    else:
        if given.later:
            frame = frame[frame[given.later].notna()].sort_values(given.later, kind="stable")
            texts = frame[given.text].astype(str).tolist()
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
    print("| method | themes | NMI | ARI | again | CPU s |\n|---|---|---|---|---|---|")

    def told(name: str, find: Callable[[], Any], again: float | None = None, before: float = 0.0) -> None:
        start = cpu()
        found = pd.factorize(np.asarray(find(), dtype=object))[0]
        spent = cpu() - start + before
        stable = "" if again is None else f"{again:.3f}"
        print(
            f"| {name} | {found.max() + 1} | {normalized_mutual_info_score(truth, found):.3f} |"
            f" {adjusted_rand_score(truth, found):.3f} | {stable} | {spent:.1f} |", flush=True,
        )  # fmt: skip

    rows = {}
    for model in models:
        embedder(model).embed(texts[:8])  # the model is opened before the clock runs, for all alike
        start = cpu()
        rows[model] = embedder(model).embed(texts)
        embedding = cpu() - start
        start = cpu()
        book = make_codebook(texts, model=model)
        made = cpu() - start
        told(f"winback, {model}", lambda book=book: _main(texts, book), book.stability, made)
        ours = len(book.leaves())
        for k, which in ((number, "true k"), (ours, "k of winback")):
            told(
                f"k-means, {model}, {which}",
                lambda k=k, model=model: KMeans(k, n_init=4, random_state=0).fit_predict(rows[model]),
                _again(rows[model], k) if k == ours else None, embedding,
            )  # fmt: skip
        if importlib.util.find_spec("bertopic") is not None:
            told(f"BERTopic, {model}", lambda model=model: _bertopic(texts, rows[model]), None, embedding)
    told("TF-IDF + NMF, true k", lambda: NMF(number, init="nndsvda", max_iter=200, random_state=0).fit_transform(
        TfidfVectorizer(stop_words="english", min_df=2, sublinear_tf=True).fit_transform(texts)).argmax(axis=1))  # fmt: skip


def cpu() -> float:
    """CPU seconds of this process and of those it started."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _again(rows: Any, k: int) -> float:
    """k-means found again, as winback's stability is measured: three halves, each places all comments; mean ARI of pairs."""
    from sklearn.cluster import KMeans

    rng = np.random.default_rng(0)
    places = []
    for _ in range(3):
        half = np.sort(rng.choice(len(rows), len(rows) // 2, replace=False))
        places.append(KMeans(k, n_init=4, random_state=0).fit(rows[half]).predict(rows))
    return float(np.mean([rand_index(one, other) for one, other in combinations(places, 2)]))


def _bertopic(texts: list[str], rows: Any) -> list[int]:
    """BERTopic as it comes, but for a fixed seed; what it leaves out is a group of its own."""
    from bertopic import BERTopic
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    reduced = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=0)
    model = BERTopic(umap_model=reduced, vectorizer_model=CountVectorizer(stop_words="english"))
    return list(model.fit_transform(texts, np.asarray(rows))[0])


def learning(texts: list[str], truth: Any, names: list[str], given: argparse.Namespace) -> None:
    """What so many labelled comments add: beside a logistic regression learned from the same, and from all in thirds."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
    from sklearn.model_selection import cross_val_predict

    book = make_codebook(texts)
    rows = embedder(None).embed(texts)
    fitted = LogisticRegression(C=10, max_iter=500)
    table: dict[str, list[Any]] = {"nothing learned": [_main(texts, book)]}
    for seed in range(3):
        known = np.random.default_rng(seed).permutation(len(texts))[: given.learn]
        coded = [(texts[at], [names[truth[at]]]) for at in known]
        table.setdefault("winback, codebook of these", []).append(_main(texts, make_codebook(texts, learned=coded)))
        table.setdefault("winback, codebook found, then taught", []).append(_main(texts, taught(book, coded)))
        table.setdefault("logistic regression", []).append(fitted.fit(rows[known], truth[known]).predict(rows))
    table["logistic regression, all labels, 3 folds"] = [cross_val_predict(fitted, rows, truth, cv=3)]
    print("| method | NMI | ARI |\n|---|---|---|")
    for name, runs in table.items():
        found = [pd.factorize(np.asarray(one, dtype=object))[0] for one in runs]
        nmi = np.mean([normalized_mutual_info_score(truth, one) for one in found])
        ari = np.mean([adjusted_rand_score(truth, one) for one in found])
        print(f"| {name} | {nmi:.3f} | {ari:.3f} |", flush=True)


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

    start = cpu()
    vectors = embedder("minilm").embed(texts)  # once for all draws; its time counts in each
    embedding = cpu() - start
    kept = np.flatnonzero(truth.any(axis=1))
    scores: dict[str, list[tuple[float, float]]] = {}
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(kept)
        if given.later:
            earlier, rest = np.sort(kept)[: len(kept) // 2], np.sort(kept)[len(kept) // 2 :]
            known = np.random.default_rng(seed).permutation(earlier)[: given.coded]
        else:
            known, rest = order[: given.coded], order[given.coded :]
        there = truth[rest].any(axis=0)

        def told(name: str, found: Any, start: float, rest: Any = rest, there: Any = there) -> None:
            f1 = f1_score(truth[rest][:, there], found[:, there], average="macro", zero_division=0)
            scores.setdefault(name, []).append((float(f1), cpu() - start))

        start = cpu()
        learned = [(texts[at], [names[theme] for theme in np.flatnonzero(truth[at])]) for at in known]
        book = make_codebook([texts[at] for at in known], learned=learned)
        found = np.zeros((len(rest), len(names)), dtype=bool)
        for row in assign([texts[at] for at in rest], book).to_pylist():
            if row["theme"] and (name := book.theme(row["theme"]).name) in names:  # one found beside counts as a miss
                found[row["row"], names.index(name)] = True
        told("winback, static", found, start)
        for name in ("TF-IDF", "minilm"):
            start = cpu()
            if name == "TF-IDF":
                made = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)).fit([texts[at] for at in known])
                rows, others = (made.transform([texts[at] for at in one]) for one in (known, rest))
            else:
                rows, others = vectors[known], vectors[rest]
                start -= embedding * (len(known) + len(rest)) / len(texts)
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
