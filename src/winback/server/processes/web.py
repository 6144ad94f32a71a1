"""The web process: granian in front of Django. Started by the watcher as `python -m`."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from multiprocessing.util import Finalize
from typing import Any

from winback.server.processes.tie import end_with_parent

THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)  # requests answered at once; on SQLite one of them writes


def main(parent: int, host: str, port: int) -> None:
    """Serve until told to stop, or until process `parent` ends."""
    end_with_parent(parent)
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    mine = os.getpid()

    def load() -> Any:
        end_with_parent(mine)  # granian forks the process that runs this
        from winback.server.wsgi import application

        _write_reads_at_the_end()
        return application

    Server(
        "winback.server.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=600,  # a thread keeps its connection to the database
        # its worker can hang while it drops its runtime (emmett-framework/granian, issue 875): all requests are
        # answered by then, so that ending it by force loses nothing and is no news for whoever pressed Ctrl-C
        workers_kill_timeout=10,
        log_level=LogLevels.error,
    ).serve(target_loader=load, wrap_loader=False)


def _write_reads_at_the_end() -> None:
    """Have reads that are still gathered written when this process is told to stop.

    It is forked by multiprocessing, which leaves by os._exit and runs its own finalizers, not those of atexit. And it may
    hang on its way there (see above), so a thread begins as soon as the signal arrives. Call it in the main thread.
    """
    from winback.server.workspaces.reads import flush_until_the_end, last_reads

    Finalize(None, last_reads, exitpriority=0)
    told, tell = socket.socketpair()
    tell.setblocking(False)
    signal.set_wakeup_fd(tell.detach(), warn_on_full_buffer=False)

    def wait() -> None:
        while not set(told.recv(64)) & {signal.SIGTERM, signal.SIGINT}:
            pass
        flush_until_the_end()

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
