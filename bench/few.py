"""Themes made of few comments, measured on labelled ones: how many are found, and how well they agree with the labels.

    python -m bench.few FILE.csv --text COL --label COL [--labels 12] [--sizes 100,200,500,1000] [--draws 4]

Comments are drawn at random, whole ones; with --labels only those of so many labels drawn at random, the most frequent where
there are more than a hundred. AMI is the mutual information beyond chance, which NMI is not: it rises with the number of
groups. FILE may be packed with gzip.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score, normalized_mutual_info_score

from winback.analysis.middles import Middles
from winback.stats.grouping import group, rand_index
from winback.text.embedding import embedder


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file")
    options.add_argument("--text", required=True)
    options.add_argument("--label", required=True)
    options.add_argument("--labels", type=int)
    options.add_argument("--sizes", default="100,200,500,1000")
    options.add_argument("--draws", type=int, default=4)
    given = options.parse_args()
    frame = pd.read_csv(given.file)
    frame = frame[frame[given.text].notna() & frame[given.label].notna()]
    frame = frame[frame[given.text].astype(str).str.strip() != ""]
    if given.labels:
        names = frame[given.label].value_counts()
        all_of = sorted(names.index[: given.labels] if len(names) > 100 else names.index)
        frame = frame[frame[given.label].isin(np.random.default_rng(5).choice(all_of, given.labels, replace=False))]
    print("| comments | themes | NMI | AMI | ARI | stability |\n|---|---|---|---|---|---|")
    for size in map(int, given.sizes.split(",")):
        found = np.mean([scored(frame, size, given, draw) for draw in range(100, 100 + given.draws)], axis=0)
        print(f"| {size} | {found[0]:.1f} | " + " | ".join(f"{one:.3f}" for one in found[1:]) + " |", flush=True)


def scored(frame: pd.DataFrame, size: int, given: argparse.Namespace, draw: int) -> list[float]:
    rng = np.random.default_rng(draw)
    some = frame.iloc[np.sort(rng.choice(len(frame), min(size, len(frame)), replace=False))]
    texts, truth = some[given.text].astype(str).tolist(), pd.factorize(some[given.label])[0]
    rows = embedder().embed(texts)
    found = group(Middles.of(texts, rows).off(texts, rows))
    return [
        len(found.centres), normalized_mutual_info_score(truth, found.labels), adjusted_mutual_info_score(truth, found.labels),
        rand_index(truth, found.labels), found.stability or 0.0,
    ]  # fmt: skip


if __name__ == "__main__":
    main()
