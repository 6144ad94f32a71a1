from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from winback.server.insights.kept import Kept, Shelf


@dataclass
class Cells:
    nbytes: int


@dataclass
class Counted:
    cells: Cells


def test_made_on_the_first_asking_only() -> None:
    kept, made = Kept(), []
    for _ in range(3):
        assert kept.once("score", lambda: made.append(1) or "found") == "found"
    assert made == [1] and kept.has("score") and not kept.has("trend")


def test_who_asks_meanwhile_waits_for_the_first() -> None:
    kept, made, asking = Kept(), [], threading.Semaphore(0)

    def make() -> str:
        made.append(1)
        for _ in range(4):  # until everybody else has come to ask
            assert asking.acquire(timeout=10)
        return "found"

    def ask() -> None:
        asking.release()
        assert kept.once("score", make) == "found"

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: ask(), range(5)))
    assert made == [1]


def test_the_oldest_windows_make_room() -> None:
    shelf = Shelf(most=2)
    first = shelf.of("a")
    shelf.of("b")
    assert shelf.of("a") is first  # looked at again: no longer the oldest
    shelf.of("c")
    assert len(shelf) == 2 and shelf.of("a") is first


def test_tallies_take_no_more_memory_than_allowed() -> None:
    shelf = Shelf(most=10, most_bytes=1000)
    for name in "abc":
        shelf.of(name).found["tallies"] = {name: Counted(Cells(600))}
    shelf.of("d")
    assert len(shelf) == 2 and shelf.size() == 600
    shelf.of("e").found["answers"] = Cells(700)  # what says itself how much it takes
    assert shelf.size() == 600 + 700
    shelf.clear()
    assert len(shelf) == 0
