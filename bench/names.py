"""Names of themes measured on labelled comments: does a theme's name say what most of its comments are labelled as?

    python -m bench.names FILE.csv --text COL --label COL [--draw 1500]
    python -m bench.names FILE.csv --text COL --themes PREFIX [--without "Not assigned"]
    python -m bench.names FILE.csv --text COL --label COL --hold 20                              themes that come up

Themes are made of all comments. Each is named in three ways: by winback; by its three most telling words, as before; by
the three words of highest c-TF-IDF (Grootendorst 2022). Its label is that of most comments sorted to it first. *Shares*:
how many names share a stem (the first five letters) with the label. *Of the label*, *of the name*: shares of the stems of
each that the other has. Cosines are of our own vectors, which names are chosen by, and of MiniLM, which they are not.

In the last form one label after the other is held out: themes are made of the other labels' comments, all comments are sorted,
and what fits no theme is looked through for new ones. FILE may be packed with gzip.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from winback.analysis.codebook import Codebook, assign, emerging, make_codebook
from winback.text.embedding import embedder
from winback.text.naming import name_of
from winback.text.words import tells, words_of


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file")
    options.add_argument("--text", required=True)
    options.add_argument("--label")
    options.add_argument("--themes")
    options.add_argument("--without", action="append", default=[])
    options.add_argument("--draw", type=int)
    options.add_argument("--hold", type=int)
    given = options.parse_args()
    frame = pd.read_csv(given.file)
    frame = frame[frame[given.text].notna()]
    if given.draw:
        frame = frame.sample(min(given.draw, len(frame)), random_state=0).sort_index()
    texts = frame[given.text].astype(str).tolist()
    if given.label:
        labels = [[str(one).replace("_", " ")] if isinstance(one, str) else [] for one in frame[given.label]]
    else:
        columns = [name for name in frame if name.startswith(given.themes)]
        columns = [name for name in columns if name.removeprefix(given.themes).strip() not in given.without]
        named = frame[columns].fillna(0).to_numpy() > 0
        labels = [[columns[at].removeprefix(given.themes).strip() for at in np.flatnonzero(row)] for row in named]
    if given.hold:
        held_out(texts, [one[0] if one else "" for one in labels], given.hold)
    else:
        compare(texts, labels)


def compare(texts: list[str], labels: list[list[str]]) -> None:
    book = make_codebook(texts)
    members: dict[str, list[int]] = {theme.key: [] for theme in book.leaves()}
    for row in assign(texts, book).select(["row", "theme", "rank"]).to_pylist():
        if row["rank"] == 1:
            members[row["theme"]].append(row["row"])
    most = {
        key: Counter(label for row in rows for label in labels[row]).most_common(1) for key, rows in members.items()
    }
    themes = [theme for theme in book.leaves() if most[theme.key]]
    truth = [most[theme.key][0][0] for theme in themes]
    top = dict(zip(members, c_tf_idf([[texts[row] for row in rows] for rows in members.values()]), strict=True))
    print("| names | themes | alike | words | shares | of the label | of the name | cosine, ours | cosine, MiniLM |")
    print("|---|---|---|---|---|---|---|---|---|")
    tell("winback", [theme.name for theme in themes], truth)
    tell("three telling words", [name_of(theme.words[:3]) for theme in themes], truth)
    tell("c-TF-IDF, three words", [", ".join(top[theme.key]) for theme in themes], truth)


def tell(which: str, names: Sequence[str], truth: Sequence[str]) -> None:
    pairs = [(stems(name), stems(label)) for name, label in zip(names, truth, strict=True)]
    shares = np.mean([bool(name & label) for name, label in pairs])
    of_label = np.mean([len(name & label) / max(len(label), 1) for name, label in pairs])
    of_name = np.mean([len(name & label) / max(len(name), 1) for name, label in pairs])
    cosines = []
    rows: Any = None
    for model in ("static", "minilm"):
        by = embedder(model)
        rows = by.embed([*names, *truth])
        cosines.append(float((rows[: len(names)] * rows[len(names) :]).sum(axis=1).mean()))
    like = rows[: len(names)] @ rows[: len(names)].T - 2 * np.eye(len(names))
    alike = int((like.max(axis=1) >= 0.9).sum())  # how many are nearly called as another
    words = np.mean([len(words_of(name)) for name in names])
    print(
        f"| {which} | {len(names)} | {alike} | {words:.1f} | {shares:.3f} | {of_label:.3f} | {of_name:.3f} |"
        f" {cosines[0]:.3f} | {cosines[1]:.3f} |", flush=True,
    )  # fmt: skip


def stems(text: str) -> set[str]:
    """The first five letters of the words that may tell something."""
    said = re.sub(r"[^\w']+", " ", text)
    return {word.plain.rpartition("'")[2][:5] for word in words_of(said) if tells(word.plain)}


def c_tf_idf(groups: Sequence[Sequence[str]], number: int = 3) -> list[list[str]]:
    """tf ln(1 + A / f): A the mean words of a group, f how often the word is said in all."""
    said = [Counter(word.plain for text in texts for word in words_of(text) if tells(word.plain)) for texts in groups]
    whole: Counter[str] = Counter()
    for one in said:
        whole.update(one)
    mean = whole.total() / max(len(groups), 1)
    return [
        sorted(one, key=lambda word: (-one[word] / one.total() * np.log(1 + mean / whole[word]), word))[:number]
        for one in said
    ]


def held_out(texts: list[str], labels: list[str], number: int) -> None:
    """Labels that are new: how much of each fits no theme, whether it comes up as one, and what that is called."""
    drawn = np.random.default_rng(0).choice(sorted({one for one in labels if one}), number, replace=False)
    print("| held out | comments | rejected | of others | themes | in the largest | others in it | called | before |")
    print("|---|---|---|---|---|---|---|---|---|")
    for label in drawn.tolist():
        mine = np.array([one == label for one in labels])
        book = make_codebook([text for text, own in zip(texts, mine, strict=True) if not own])
        coded = assign(texts, book).select(["row", "state"]).to_pylist()
        states = {row["row"]: row["state"] for row in coded}
        out = np.array([states[row] == "rejected" for row in range(len(texts))])
        rejected = list(np.flatnonzero(out).tolist())
        new = emerging([texts[row] for row in rejected], book, others=[texts[row] for row in np.flatnonzero(~out)])
        print(f"| {label} | {mine.sum()} | {out[mine].mean():.2f} | {out[~mine].mean():.3f} | {len(new.leaves())} | {largest(new, texts, rejected, mine)} |", flush=True)  # fmt: skip


def largest(new: Codebook, texts: list[str], rejected: list[int], mine: Any) -> str:
    """Of the theme that holds most of the label: which share of what was rejected of it, how much else, and its names."""
    if not new.leaves():
        return " | | | "
    held: dict[str, list[int]] = {}
    for row in assign([texts[one] for one in rejected], new).select(["row", "theme", "rank"]).to_pylist():
        if row["rank"] == 1:
            held.setdefault(row["theme"], []).append(rejected[row["row"]])
    key, rows = max(held.items(), key=lambda one: (mine[one[1]].sum(), one[0]))
    theme = new.theme(key)
    share = mine[rows].sum() / max(mine[rejected].sum(), 1)
    return f"{share:.2f} | {1 - mine[rows].mean():.2f} | {theme.name} | {name_of(theme.words[:3])}"


if __name__ == "__main__":
    main()
