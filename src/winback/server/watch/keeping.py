"""One look is kept whole: the run it can be computed from again, its alarms and whom they are told to, or nothing at all.

A look that is cut short by a crash has written nothing and is done again; one that was kept is not kept twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from winback import __version__
from winback.server.database import atomic
from winback.server.runs.models import AnalysisRun
from winback.server.watch import reduced
from winback.server.watch.alarming import raise_alarms
from winback.server.watch.models import Watch
from winback.server.watch.planning import plan_of
from winback.server.workspaces.models import Workspace

if TYPE_CHECKING:
    from winback.server.watch.looking import Seen

LISTED = 400  # watched segments that are kept to be shown, those with most answers


def keep(*, workspace: Workspace, watch: Watch, fields: dict[str, Any], seen: Seen) -> None:
    """Write down one look: the run it can be computed from again, new alarms, and how it goes with the old ones.

    `watch` is as it was before the look.
    """
    from winback.server.watch.looking import NEEDED

    with atomic():
        held = Watch.objects.select_for_update().get(pk=watch.pk)
        if (held.version, held.day) != (watch.version, watch.day) or plan_of(workspace).every != fields["every"]:
            return  # another worker has kept this look, or a later one, meanwhile; or it is watched otherwise by now
        rows = [{name: row[name] for name in row if name not in ("course", "causes")} for row in seen.findings]
        run = AnalysisRun.objects.create(
            workspace=workspace, name=reduced.NAME, params=dict(seen.params), as_of=fields["as_of"], version=__version__,
            seed=seen.leaves.first + seen.periods - 1, input_hash=reduced.input_hash(seen.kept),
            result={"counts": dict(seen.kept), "found": [{k: _plain(v) for k, v in row.items()} for row in rows]},
        )  # fmt: skip
        raise_alarms(workspace, held, fields, seen, run)
        listed, typical = _listed(seen)
        judged = bool(seen.found.judged)
        Watch.objects.filter(pk=held.pk).update(
            **fields, run=run, trouble="" if judged else "too little", periods=min(seen.periods, 32_000),
            through=seen.leaves.last_day, segments=seen.found.watched.num_rows, thin=seen.found.thin, listed=listed,
            typical=typical if seen.periods >= NEEDED else None,
        )  # fmt: skip


def _listed(seen: Seen) -> tuple[list[list[Any]], float | None]:
    """The segments with most answers: attributes, values, answers a period, noticeable, expected share, key of the theme."""
    rows = sorted(seen.found.watched.to_pylist(), key=lambda row: -row["answers"])
    rises = sorted(row["noticeable"] for row in rows if row["noticeable"] is not None)
    listed = [
        [
            row["by"],
            row["segment"],
            *(_rounded(row[name]) for name in ("answers", "noticeable", "expected_share")),
            row["theme"],
        ]
        for row in rows[:LISTED]
    ]
    return listed, rises[len(rises) // 2] if rises else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | bool | str | list | None) else str(value)
