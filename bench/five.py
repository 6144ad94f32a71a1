"""How well comments of one language find those that say the same in another, by the vectors named.

    python -m bench.five [--models static,static-5] [--only said,company]

said: forty sentences, each in five languages (said_in_five.txt; written for this bench, none of them was learned from): how
often the nearest sentence of another language is the same one. company: the comments of the sample company in English and
German and the reason behind each. NMI of the themes found, by language and of all; and what a codebook of 200 coded English
comments gives the German ones that have one of its reasons: accuracy and macro-F1 of the main theme, mean of three draws.
"""

from __future__ import annotations

import argparse
from itertools import permutations
from pathlib import Path

import numpy as np

from winback.analysis.codebook import assign, make_codebook
from winback.datasets.company import make_company
from winback.text.embedding import embedder

ORDER = ("en", "de", "fr", "es", "pt")
CODED = 200


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--models", default="static,static-5")
    options.add_argument("--only", default="said,company")
    given = options.parse_args()
    for what in given.only.split(","):
        for model in given.models.split(","):
            {"said": said, "company": company}[what](model)


def said(model: str) -> None:
    lines = (Path(__file__).parent / "said_in_five.txt").read_text(encoding="utf-8").splitlines()
    columns = list(zip(*([one.strip() for one in line.split("|")] for line in lines), strict=True))
    rows = {language: embedder(model).embed(list(column)) for language, column in zip(ORDER, columns, strict=True)}
    found = {(one, other): float(((rows[one] @ rows[other].T).argmax(axis=1) == np.arange(len(lines))).mean())
             for one, other in permutations(ORDER, 2)}  # fmt: skip
    print(f"{model}: the same sentence found, from the row's language in the column's")
    for one in ORDER:
        print(one, *("    –" if one == other else f"{found[one, other]:.3f}" for other in ORDER))
    print(f"mean of twenty {np.mean(list(found.values())):.3f}", flush=True)


def company(model: str) -> None:
    from sklearn.metrics import accuracy_score, f1_score, normalized_mutual_info_score

    made = make_company(1, 4000)
    feedback = made.tables(None).feedback
    comments = feedback.column("comment").to_pylist()
    there = np.array([bool(one) for one in comments])
    texts = np.array([one or "" for one in comments], dtype=object)[there]
    languages, reasons = (
        np.array(feedback.column("language").to_pylist(), dtype=object)[there],
        made.answers.theme[there],
    )
    book = make_codebook(texts.tolist(), model=model)
    found = np.array(_main(texts.tolist(), book))
    scores = [normalized_mutual_info_score(reasons, found)] + [
        normalized_mutual_info_score(reasons[languages == one], found[languages == one]) for one in ("en", "de")
    ]
    print(f"{model}: {len(texts):,} comments, {len(book.leaves())} themes; NMI of all {scores[0]:.3f}, English {scores[1]:.3f}, German {scores[2]:.3f}", flush=True)  # fmt: skip
    told = []
    for seed in range(3):
        known = np.random.default_rng(seed).permutation(np.flatnonzero(languages == "en"))[:CODED]
        coded = [(texts[at], [f"reason {reasons[at]}"]) for at in known]
        book = make_codebook([texts[at] for at in known], learned=coded, model=model)
        names = {theme.key: theme.name for theme in book.themes}
        rest = np.flatnonzero((languages == "de") & np.isin(reasons, reasons[known]))
        named = [names.get(key, "") for key in _main(texts[rest].tolist(), book)]
        truth = [f"reason {one}" for one in reasons[rest]]
        told.append(
            (
                accuracy_score(truth, named),
                f1_score(truth, named, average="macro", labels=sorted(set(truth)), zero_division=0),
            )
        )
    accuracy, f1 = np.mean(told, axis=0)
    print(f"{model}: German by {CODED} coded English comments: accuracy {accuracy:.3f}, macro-F1 {f1:.3f}", flush=True)


def _main(texts: list[str], book: object) -> list[str]:
    found = [""] * len(texts)
    for row in assign(texts, book).to_pylist():  # type: ignore[arg-type]
        if row["rank"] == 1:
            found[row["row"]] = row["theme"]
    return found


if __name__ == "__main__":
    main()
