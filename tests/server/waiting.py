"""Two writers on PostgreSQL, of whom the second waits for the first."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection, transaction


def second_waits(first: Callable[[], object], second: Callable[[], object]) -> None:
    """Do `first`, begin `second` elsewhere before it is committed, and see it wait and then go through."""
    errors: list[BaseException] = []

    def elsewhere() -> None:
        try:
            second()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=elsewhere)
    with transaction.atomic(), connection.cursor() as cursor:
        first()
        other.start()
        waiting = 0
        while other.is_alive() and not waiting:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            (waiting,) = cursor.fetchone()
        assert other.is_alive(), errors
    other.join()
    assert not errors
