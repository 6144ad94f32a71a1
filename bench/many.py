"""Themes of many comments: CPU seconds and memory to make a codebook of 100,000, and to assign a million to it.

    python -m bench.many [--made N] [--assigned N]

The comments are two pieces of the sample company's put together, so that all differ; they are read in blocks, as the server
does. Peaks are those of the process, its imports and the comments themselves included.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections import Counter

from winback.analysis.codebook import assign, make_codebook
from winback.datasets import sample_company

BLOCK = 50_000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--made", type=int, default=100_000)
    options.add_argument("--assigned", type=int, default=1_000_000)
    given = options.parse_args()
    draw = random.Random(1)
    known = [text for text in sample_company().feedback.column("comment").to_pylist() if text]
    make_codebook(known[:200])  # what it needs is imported

    def comments(number: int) -> list[str]:
        return [f"{draw.choice(known)} {draw.choice(known)}" for _ in range(number)]

    said = comments(given.made)
    begun = time.process_time()
    book = make_codebook(said)
    told("made", given.made, begun)
    begun, states = time.process_time(), Counter[str]()
    for _ in range(0, given.assigned, BLOCK):
        block = comments(BLOCK)
        found = assign(block, book)
        first = [rank in (1, None) for rank in found.column("rank").to_pylist()]
        states.update(state for state, one in zip(found.column("state").to_pylist(), first, strict=True) if one)
    told("assigned", given.assigned, begun)
    print(f"{len(book.leaves())} themes;", ", ".join(f"{count:,} {state}" for state, count in sorted(states.items())))


def told(what: str, number: int, begun: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{number:,} {what} in {time.process_time() - begun:.0f} CPU s, peak {peak:,.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
