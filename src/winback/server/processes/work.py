"""A worker process. Started by the watcher as `python -m`."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType

from winback.errors import UserError
from winback.server.processes import lock
from winback.server.processes.tie import end_with_parent


class Stop:
    """Whether to stop: told by SIGTERM, or since a backup is being put back."""

    def __init__(self) -> None:
        self.told = False
        signal.signal(signal.SIGTERM, self._tell)
        signal.signal(signal.SIGINT, self._tell)

    def _tell(self, _signal: int, _frame: FrameType | None) -> None:
        self.told = True


def main(parent: int, number: int) -> None:
    """Work as worker `number` of this home until told to stop, or until process `parent` ends."""
    end_with_parent(parent)
    stop = Stop()
    from winback.server.start import django_ready

    django_ready()
    from django.conf import settings

    from winback.server.jobs.worker import work

    flag = lock.restoring(settings.HOME)
    while flag.exists() and not stop.told:
        time.sleep(0.2)
    with lock.hold(settings.HOME, f"worker-{number}"):
        name = f"{lock.identity(settings.HOME)}:{number}"
        work(name=name, stop=lambda: stop.told or flag.exists())


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), int(sys.argv[2]))
    except UserError as error:
        print(f"winback: {error}", file=sys.stderr)  # noqa: T201 (it is a program of its own)
        sys.exit(2)
