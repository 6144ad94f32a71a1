"""winback beside the same work by hand, on one machine, in one run: CPU seconds, ratios and peak memory.

    ./winback bench [--rows N] [--times N] [question …]

The data are the sample company's feedback. Every contender runs in a process of its own after a small warm-up that
imports what it needs; contenders take turns, and the median of their CPU times counts. Figures must agree; times decide
nothing. `python -m bench.stats` measures the statistics.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.questions import QUESTIONS  # noqa: E402

CHILD = """
import json, resource, sys, time
sys.path.insert(0, {root!r})
from bench.questions import QUESTIONS
ask = QUESTIONS[{question!r}][{name!r}]
ask({warm!r})
start = time.process_time()
rows = ask({path!r})
cpu = time.process_time() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{"cpu": cpu, "peak": peak, "rows": [list(row) for row in rows]}}, default=str))
"""


def main() -> None:
    """Run the questions and print a table each."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("questions", nargs="*", help="parts of the questions' names; all unless given")
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--times", type=int, default=3)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="winback-bench-") as folder:
        path, warm = (
            data(Path(folder) / f"{name}.parquet", rows) for name, rows in (("big", given.rows), ("small", 2_000))
        )
        print(f"{given.rows:,} rows; CPU seconds after imports, median of {given.times}; peak memory in MiB")
        for question, contenders in QUESTIONS.items():
            if not given.questions or any(part in question for part in given.questions):
                table(question, list(contenders), path, warm, given.times)
        if not given.questions or "report" in given.questions:
            report(path, Path(folder))


def data(path: Path, rows: int) -> Path:
    """The sample company's feedback, without comments."""
    from winback.datasets import write_feedback_parquet

    return write_feedback_parquet(path, rows=rows)


def table(question: str, names: list[str], path: Path, warm: Path, times: int) -> None:
    """Ask every contender in turn, check that they agree, print their rows."""
    found: dict[str, list[dict[str, object]]] = {name: [] for name in names}
    for _ in range(times):
        for name in names:
            code = CHILD.format(root=str(ROOT), question=question, name=name, warm=str(warm), path=str(path))
            output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
            found[name].append(json.loads(output.splitlines()[-1]))
    answers = {name: json.dumps(runs[0]["rows"]) for name, runs in found.items()}
    for name, rows in answers.items():
        if rows != answers[names[0]]:
            raise SystemExit(f"{question}: {name} does not agree with {names[0]}")
    cpu = {name: statistics.median(float(str(run["cpu"])) for run in runs) for name, runs in found.items()}
    print(f"\n{question}\n| contender | CPU s | winback / it | peak MiB |\n|---|---|---|---|")
    for name in names:
        peak = max(float(str(run["peak"])) for run in found[name])
        print(f"| {name} | {cpu[name]:.2f} | {cpu[names[0]] / cpu[name]:.2f} | {peak:.0f} |", flush=True)


def report(path: Path, folder: Path) -> None:
    """The whole report on the big file, a CSV of 100,000 rows to HTML, and --help: wall seconds and peak memory."""
    import duckdb

    lines = folder / "answers.csv"
    chosen = "external_id, occurred_at, customer, respondent, score, region, plan, industry"
    duckdb.sql(f"COPY (SELECT {chosen} FROM read_parquet('{path}') LIMIT 100000) TO '{lines}' (HEADER)")
    print("\n| command | wall s | CPU s | peak MiB |\n|---|---|---|---|")
    for name, arguments in (
        ("winback --help", ["--help"]),
        ("winback report, 100,000 rows of CSV to HTML", ["report", str(lines), "-o", str(folder / "out.html")]),
        ("winback report, the big file to JSON, each person once",
         ["report", str(path), "--by", "region", "--by", "plan", "--format", "json", "-o", str(folder / "out.json")]),
        ("the same, every answer", ["report", str(path), "--by", "region", "--by", "plan", "--respondent", "-", "--format", "json", "-o", str(folder / "out.json")]),
    ):  # fmt: skip
        code = (
            "import resource, subprocess, sys; subprocess.run([sys.executable, '-m', 'winback', *sys.argv[1:]], check=True, "
            "stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); u = resource.getrusage(resource.RUSAGE_CHILDREN); "
            "print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1024)"
        )
        start = time.monotonic()
        output = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
        ).stdout
        cpu, peak = (float(part) for part in output.split())
        print(f"| {name} | {time.monotonic() - start:.2f} | {cpu:.2f} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main()
