"""What explains a jump: winback beside public tools, exact F1 on cases whose cause is known.

    python -m bench.localise [part ...] [--data FOLDER] [--riskloc FOLDER] [--cases N]     parts: sparse null synthetic real

sparse: 1,500 answers over 3,840 leaves, one or two conjunctions of one to three attributes of four times the odds, a
third of the cases with none; beside it the same search that knows the true main effects and the true odds (an oracle).
synthetic and real: the folders rootcause_synthetic and rootcause_real of --data; with --riskloc, a checkout of
shaido987/riskloc, RiskLoc and AutoRoot run beside it, at their defaults.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from winback.stats.explaining import explain_shares

LEVELS = (8, 6, 4, 5, 4)
LEAVES = np.array(list(itertools.product(*[range(k) for k in LEVELS])))
CUBOIDS = [c for k in (1, 2, 3) for c in itertools.combinations(range(5), k)]
Cause = tuple[tuple[Any, Any], ...]


def cover(causes: Iterable[Cause]) -> Any:
    masks = [np.all([LEAVES[:, a] == v for a, v in cause], axis=0) for cause in causes]
    return np.any(masks, axis=0) if masks else np.zeros(len(LEAVES), dtype=bool)


def make(case: int, answers: int = 1500, odds: float = 4.0, *, nothing: bool = False) -> tuple[Any, ...]:
    r = np.random.default_rng(5_000 + case)
    mix, eta = np.ones(len(LEAVES)), np.full(len(LEAVES), -1.8)
    for a, k in enumerate(LEVELS):
        mix = mix * r.dirichlet(np.full(k, 3.0))[LEAVES[:, a]]
        eta = eta + r.normal(0, 0.3, k)[LEAVES[:, a]]
    mix = mix / mix.sum()
    p = 1 / (1 + np.exp(-eta))
    n0 = r.multinomial(12 * answers, mix).astype(float)
    y0 = r.binomial(n0.astype(int), p).astype(float)
    true: list[Cause] = []
    while not nothing and case % 3 and len(true) < 1 + case % 2:
        chosen = CUBOIDS[r.integers(len(CUBOIDS))]
        cause = tuple((a, int(r.integers(LEVELS[a]))) for a in chosen)
        members = cover([cause])
        if 0.02 <= mix[members].sum() <= 0.25 and not (cover(true) & members).any():
            true.append(cause)
    members = cover(true)
    q = np.where(members, odds * p / (1 - p + odds * p), p)
    n1 = r.multinomial(answers, mix).astype(float)
    return n0, y0, n1, r.binomial(n1.astype(int), q).astype(float), true, p


def ours(n0: Any, y0: Any, n1: Any, y1: Any, p: Any) -> list[Cause]:
    found = explain_shares(LEAVES, LEVELS, (y0, n0), (y1, n1), depth=3)
    return [tuple(found.zones.named(cause.zone).items()) for cause in found.causes]


def knowing(n0: Any, y0: Any, n1: Any, y1: Any, p: Any) -> list[Cause]:
    """The same search with the true share of every leaf, and the true odds as the only ones tried."""
    from winback.stats import explaining
    from winback.stats.leaf_evidence import ODDS

    was = explaining.ODDS
    explaining.ODDS = np.array([4.0])
    try:
        size = np.full(len(p), 1e6)
        found = explain_shares(LEAVES, LEVELS, (p * size, size), (y1, n1), depth=3)
    finally:
        explaining.ODDS = was
    assert explaining.ODDS is ODDS
    return [tuple(found.zones.named(cause.zone).items()) for cause in found.causes]


def sparse(given: argparse.Namespace) -> None:
    print(
        "| method | answers | F1 | Jaccard | nothing planted, something named | CPU s a case |\n|---|---|---|---|---|---|"
    )
    for answers in (1500, 6000):
        for name, method in (("winback", ours), ("knowing the main effects and the odds", knowing)):
            tp = fp = fn = 0
            jaccard, named, cpu = [], [], []
            for case in range(given.cases):
                n0, y0, n1, y1, true, p = make(case, answers)
                start = time.process_time()
                causes = set(method(n0, y0, n1, y1, p))
                cpu.append(time.process_time() - start)
                if not true:
                    named.append(bool(causes))
                    continue
                hits = len(causes & set(true))
                tp, fp, fn = tp + hits, fp + len(causes) - hits, fn + len(true) - hits
                a, b = cover(causes), cover(true)
                jaccard.append(n1[a & b].sum() / n1[a | b].sum())
            print(
                f"| {name} | {answers} | {2 * tp / (2 * tp + fp + fn):.3f} | {np.mean(jaccard):.3f} | "
                f"{sum(named)} of {len(named)} | {np.mean(cpu):.3f} |",
                flush=True,
            )


def null(given: argparse.Namespace) -> None:
    named = 0
    for case in range(given.cases):
        n0, y0, n1, y1, _, p = make(case, nothing=True)
        named += bool(ours(n0, y0, n1, y1, p))
    print(f"nothing planted, something named: {named} of {given.cases}", flush=True)


def _score(pairs: Iterable[tuple[set[Cause], set[Cause]]]) -> str:
    tp = fp = fn = 0
    for found, true in pairs:
        tp, fp, fn = tp + len(found & true), fp + len(found - true), fn + len(true - found)
    return f"{2 * tp / max(2 * tp + fp + fn, 1):.3f} | {tp} / {fp} / {fn}"


def _told(found: Any) -> dict[str, set[Cause]]:
    causes: dict[str, set[Cause]] = {}
    for finding in found.findings():
        causes.setdefault(finding["case"], set()).add(tuple(sorted(finding["attributes"].items())))
    return causes


def synthetic(given: argparse.Namespace) -> None:
    import pandas as pd

    from winback.analysis.localise_cube import localise_sums, read_cube

    folder = given.data / "rootcause_synthetic"
    truth = pd.read_csv(folder / "dev_small_truth.csv.gz")
    true = {
        str(row["timestamp"]): {
            tuple(sorted(tuple(part.split("=")) for part in text.split("&"))) for text in row["set"].split(";")
        }
        for _, row in truth.iterrows()
    }
    start = time.process_time()
    cube = read_cube(folder / "dev_small.parquet", numbers=["real", "predict"], case="case")
    causes = _told(localise_sums(cube, actual="real", forecast="predict"))
    cpu = (time.process_time() - start) / len(true)
    print("| method | F1 | right / wrong / missed | CPU s a case |\n|---|---|---|---|")
    print(
        f"| winback | {_score((causes.get(case, set()), wanted) for case, wanted in true.items())} | {cpu:.3f} |",
        flush=True,
    )
    frame = pd.read_parquet(folder / "dev_small.parquet").astype(dict.fromkeys("abcd", object))
    frames = {
        case: part.drop(columns="case").reset_index(drop=True)
        for case, part in frame.groupby(frame["case"].astype(str))
    }
    _rivals(given, {case: (frames[case], list("abcd"), wanted) for case, wanted in true.items()}, derived=False)


def real(given: argparse.Namespace) -> None:
    import tempfile

    import pandas as pd

    from winback.analysis.localise_cube import localise_shares, read_cube

    folder = given.data / "rootcause_real"
    cases = pd.read_parquet(folder / "cases.parquet")
    truth = json.loads((folder / "truth.json").read_text())
    leaves = pd.DataFrame(
        [dict(part.split("=") for part in leaf.split("&")) for leaf in cases["leaf"]], index=cases.index
    )
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "cases.csv"
        pd.concat([cases[["case", "ts", "bad", "cnt"]], leaves], axis=1).to_csv(path, index=False)
        start = time.process_time()
        cube = read_cube(path, numbers=["bad", "cnt"], case="case", at="ts")
        causes = _told(localise_shares(cube, bad="bad", total="cnt", time="ts"))
        cpu = (time.process_time() - start) / len(truth)
    true = {
        item["case"]: {tuple(sorted((a, str(v)) for a, v in cause.items())) for cause in item["cause"]}
        for item in truth
    }
    print("| method | F1 | right / wrong / missed | CPU s a case |\n|---|---|---|---|")
    print(
        f"| winback | {_score((causes.get(case, set()), wanted) for case, wanted in true.items())} | {cpu:.3f} |",
        flush=True,
    )
    prepared = {}
    for item in truth:
        dims = item["dims"]
        part = cases[cases["case"] == item["case"]]
        part = pd.concat([leaves.loc[part.index, dims].astype(object), part], axis=1)
        part = part.assign(value=(part["cnt"] - part["bad"]).astype(float), cnt=part["cnt"].astype(float))
        part["k"] = part["value"] / part["cnt"]
        before = [item["ts"] - 60 * i for i in range(1, 5)]  # as the checkout's own reader does
        due = part[part["ts"].isin(before)].groupby(dims)[["value", "cnt", "k"]].mean().add_suffix("_p").reset_index()
        frame = part[part["ts"] == item["ts"]].merge(due, on=dims, how="left").fillna(0.0)
        prepared[item["case"]] = (
            frame[dims].assign(real=frame["k"], predict=frame["k_p"], real_a=frame["value"], predict_a=frame["value_p"],
                               real_b=frame["cnt"], predict_b=frame["cnt_p"]), dims, true[item["case"]],
        )  # fmt: skip
    _rivals(given, prepared, derived=True)


def _rivals(
    given: argparse.Namespace, prepared: dict[str, tuple[Any, list[str], set[Cause]]], *, derived: bool
) -> None:
    if given.riskloc is None:
        return
    from bench.rivals import DEFAULTS, Rival

    for name in DEFAULTS:
        rival = Rival(given.riskloc, name)
        start = time.process_time()
        pairs = [(rival(frame, attributes, derived=derived), wanted) for frame, attributes, wanted in prepared.values()]
        print(f"| {name} | {_score(pairs)} | {(time.process_time() - start) / len(pairs):.3f} |", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("parts", nargs="*")
    options.add_argument("--data", type=Path, default=Path("../shared/data"))
    options.add_argument("--riskloc", type=Path)
    options.add_argument("--cases", type=int, default=200)
    given = options.parse_args()
    known: dict[str, Callable[[argparse.Namespace], None]] = {
        "sparse": sparse,
        "null": null,
        "synthetic": synthetic,
        "real": real,
    }
    for name in given.parts or known:
        print(f"\n## {name}", flush=True)
        known[name](given)


if __name__ == "__main__":
    main()
