"""Themes measured on labelled comments: groups found beside k-means and TF-IDF with NMF, and coding after 500 coded comments.

    python -m bench.themes FILE.csv --text COL --label COL [--models static,wordllama,minilm]      groups: NMI and ARI
    python -m bench.themes FILE.csv --text COL --label COL --learn 100                            corrections: NMI and ARI
    python -m bench.themes FILE.csv --text COL --themes PREFIX [--later COL] [--models static,minilm]   coding: F1

Every comment is scored, none is left out. k is found by winback, and the true number is given to the others. In the second
and third form labels of 100 and 500 comments drawn at random are given, --draws times. Every column that begins with PREFIX
holds 0 or 1; with --later the comments coded are drawn from the earlier half by that column of dates, and the later half is
scored. FILE may be packed with gzip. CPU seconds hold embedding too. *Again* is how alike groups are that halves of the
comments give (ARI). BERTopic is run where it is installed, with the same vectors; the minilm rows need the extra of that name.
Logistic regressions (LR) of the third form are one a theme, with and without balanced weights and with three ways to set
limits; C and limits are chosen by cross-validation within the coded comments.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads that wait spin: as the commands, for every method alike

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
    options.add_argument("--draws", type=int, default=5)
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
    """What so many labelled comments add: beside logistic regressions learned from the same, and from all in thirds."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
    from sklearn.model_selection import cross_val_predict
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    def told(name: str, runs: list[Any]) -> None:
        found = [pd.factorize(np.asarray(one, dtype=object))[0] for one in runs]
        nmi = np.mean([normalized_mutual_info_score(truth, one) for one in found])
        ari = np.mean([adjusted_rand_score(truth, one) for one in found])
        number = np.mean([one.max() + 1 for one in found])
        print(f"| {name} | {number:.0f} | {nmi:.3f} | {ari:.3f} |", flush=True)

    print("| method | themes | NMI | ARI |\n|---|---|---|---|")
    book = make_codebook(texts)
    told("nothing learned", [_main(texts, book)])
    draws = [np.random.default_rng(seed).permutation(len(texts))[: given.learn] for seed in range(given.draws)]
    coded = [[(texts[at], [names[truth[at]]]) for at in known] for known in draws]
    told("winback, codebook of these", [_main(texts, make_codebook(texts, learned=one)) for one in coded])
    told("winback, codebook found, then taught", [_main(texts, taught(book, one)) for one in coded])
    told("the same, corrected at the desk", [_desk(texts, truth, names, book, given.learn)])
    words = make_pipeline(
        TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)),
        OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear")),
    )
    rows, said = embedder(None).embed(texts), np.asarray(texts, dtype=object)
    for name, fitted, what in (("vectors", LogisticRegression(C=10, max_iter=300), rows), ("TF-IDF", words, said)):
        told(f"logistic regression, {name}", [fitted.fit(what[one], truth[one]).predict(what) for one in draws])
        told(f"logistic regression, {name}, all labels, in thirds", [cross_val_predict(fitted, what, truth, cv=3)])


def _desk(texts: list[str], truth: Any, names: list[str], book: Any, number: int) -> list[str]:
    """The comments that the desk asks for, those that winback is least sure of, a quarter of them at a time."""
    asked: list[int] = []
    while len(asked) < number:
        sure = np.zeros(len(texts))
        for row in assign(texts, book).to_pylist():
            if row["rank"] in (None, 1):
                sure[row["row"]] = 2 if row["confidence"] is None else row["confidence"]  # blank ones come last
        sure[asked] = 3
        new = np.argsort(sure, kind="stable")[: min(max(1, number // 4), number - len(asked))].tolist()
        asked += new
        book = taught(book, [(texts[at], [names[truth[at]]]) for at in new])
    return _main(texts, book)


def _main(texts: list[str], book: Any) -> list[str]:
    found = [""] * len(texts)
    for row in assign(texts, book).to_pylist():
        if row["rank"] == 1:
            found[row["row"]] = row["theme"]
    return found


def coding(texts: list[str], truth: Any, names: list[str], given: argparse.Namespace) -> None:
    """Macro- and micro-F1 of winback and of logistic regressions, on the same draws."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics import f1_score

    models = {name: Remembered(embedder(name)) for name in given.models.split(",")}
    kept = np.flatnonzero(truth.any(axis=1))
    scores: dict[str, list[tuple[float, float, float]]] = {}
    for seed in range(given.draws):
        order = np.random.default_rng(seed).permutation(kept)
        if given.later:
            earlier, rest = np.sort(kept)[: len(kept) // 2], np.sort(kept)[len(kept) // 2 :]
            known = np.random.default_rng(seed).permutation(earlier)[: given.coded]
        else:
            known, rest = order[: given.coded], order[given.coded :]
        there = truth[rest].any(axis=0)
        said, others = ([texts[at] for at in one] for one in (known, rest))

        def told(name: str, found: Any, spent: float, rest: Any = rest, there: Any = there) -> None:
            macro, micro = (
                f1_score(truth[rest][:, there], found[:, there], average=how, zero_division=0)
                for how in ("macro", "micro")
            )
            scores.setdefault(name, []).append((float(macro), float(micro), spent))

        learned = [(texts[at], [names[theme] for theme in np.flatnonzero(truth[at])]) for at in known]
        for name, model in models.items():
            start, before = cpu(), model.spent
            book = make_codebook(said, learned=learned, model=model)
            found = np.zeros((len(rest), len(names)), dtype=bool)
            for row in assign(others, book, model=model).to_pylist():
                if row["theme"] and (theme := book.theme(row["theme"]).name) in names:  # one found beside is a miss
                    found[row["row"], names.index(theme)] = True
            told(f"winback, {name}", found, cpu() - start + model.spent - before)
        for name in ("TF-IDF", *models):
            start = cpu()
            if name == "TF-IDF":
                made = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)).fit(said)
                rows, beside = made.transform(said), made.transform(others)
                spent = cpu() - start
            else:
                before = models[name].spent
                rows, beside = models[name].embed(said), models[name].embed(others)
                spent = cpu() - start + models[name].spent - before
            for weight in (None, "balanced"):
                start = cpu()
                for how, found in regressions(rows, truth[known], beside, weight).items():
                    told(f"LR{'' if weight is None else ', balanced'}, {name}, {how}", found, cpu() - start + spent)
    print("| method | macro-F1 | micro-F1 | CPU s |\n|---|---|---|---|")
    for name, runs in scores.items():
        macro, micro, spent = np.mean(runs, axis=0)
        print(f"| {name} | {macro:.3f} | {micro:.3f} | {spent:.1f} |")


class Remembered:
    """An embedder that embeds each text once. spent: CPU seconds saved so, at its mean speed: what it would have taken."""

    def __init__(self, by: Any) -> None:
        self.by, self.name, self.languages = by, by.name, by.languages
        self.spent, self._took, self._known = 0.0, 0.0, dict[str, Any]()
        by.embed(["opened before the clock runs"])

    def embed(self, texts: Sequence[str]) -> Any:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        start = cpu()
        self._known |= dict(zip(new, self.by.embed(new), strict=True)) if new else {}
        self._took += cpu() - start
        self.spent += (len(texts) - len(new)) * self._took / max(len(self._known), 1)
        return np.stack([self._known[text] for text in texts]) if texts else self.by.embed([])


def regressions(rows: Any, named: Any, others: Any, weight: str | None) -> dict[str, Any]:
    """One logistic regression a theme, C of 1 or 10; C and limits by what three folds say of comments left out."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import KFold

    def chances(rows: Any, named: Any, others: Any, strength: float) -> Any:
        found = np.zeros((others.shape[0], named.shape[1]))
        for theme in np.flatnonzero(named.any(axis=0)):
            fitted = LogisticRegression(C=strength, solver="liblinear", class_weight=weight)
            if named[:, theme].all():
                found[:, theme] = 1
            else:
                found[:, theme] = fitted.fit(rows, named[:, theme]).predict_proba(others)[:, 1]
        return found

    def f1(found: Any) -> Any:
        return 2 * (found & named).sum(axis=0) / np.maximum(found.sum(axis=0) + named.sum(axis=0), 1)

    grid = np.r_[0.01, 0.02, 0.03, 0.05:0.951:0.05]
    out, tried = {}, {}
    for strength in (1.0, 10.0):
        inside = np.zeros(named.shape)
        for one, other in KFold(3, shuffle=True, random_state=0).split(named):
            inside[other] = chances(rows[one], named[one], rows[other], strength)
        out[strength] = chances(rows, named, others, strength)
        by_limit = np.array([f1(inside >= limit) for limit in grid])  # (limits, themes)
        each = grid[by_limit.argmax(axis=0)]
        common = grid[by_limit.mean(axis=1).argmax()]
        for how, limit in (("limit 0.5", 0.5), ("one limit", common), ("limits of each", each)):
            tried[how, strength] = (f1(inside >= limit).mean(), out[strength] >= limit)
    return {
        how: max((tried[how, strength] for strength in out), key=lambda one: one[0])[1]
        for how in ("limit 0.5", "one limit", "limits of each")
    }


if __name__ == "__main__":
    main()
